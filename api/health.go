package api

import (
	"log/slog"
	"runtime"
	"time"

	"guike/bulk"
	"guike/exchange"
	"guike/message"
	"guike/paper"
	"guike/queue"
	"guike/record"
	"guike/store"
	"guike/talk"
	"guike/view"
)

// How a workspace fares, for who administers it: what needs somebody, how much there is, and up to where things go.

// States of a check.
const (
	wellOK   = "ok"
	wellNote = "note" // worth knowing
	wellWarn = "warn" // somebody should see to it
	wellBad  = "bad"  // now
)

type health struct {
	Server    serverHealth   `json:"server"`
	Checks    []healthCheck  `json:"checks" doc:"in the order in which they matter"`
	Kinds     []kindMeasure  `json:"kinds"`
	Originals originals      `json:"originals"`
	Jobs      jobsHealth     `json:"jobs"`
	Followers []followHealth `json:"followers"`
	Limits    []healthLimit  `json:"limits"`
}

type serverHealth struct {
	Version  string `json:"version"`
	Since    string `json:"since" doc:"when it was started"`
	Database string `json:"database" doc:"sqlite or postgres"`
	Size     int64  `json:"size" doc:"bytes that the database takes"`
	Memory   int64  `json:"memory" doc:"bytes that this process holds"`
	Free     int64  `json:"free" doc:"bytes free where the data folder lies; -1: not known"`
	Room     int64  `json:"room" doc:"bytes of that disk; -1: not known"`
}

type healthCheck struct {
	ID    string `json:"id" enum:"space,followers,jobs,waiting,mailboxes,hooks,backup,scans,insecure"`
	State string `json:"state" enum:"ok,note,warn,bad"`
	Count int64  `json:"count"`
	At    string `json:"at" doc:"since when, or when last; empty where there is no such time"`
	Words string `json:"words" doc:"what the machine says"`
}

type kindMeasure struct {
	Kind  string `json:"kind"`
	Rows  int64  `json:"rows" doc:"the trash included"`
	About bool   `json:"about" doc:"an estimate"`
}

type originals struct {
	Files int64 `json:"files"`
	Bytes int64 `json:"bytes"`
}

type jobsHealth struct {
	Waiting int64 `json:"waiting"`
	Running int64 `json:"running"`
	Dead    int64 `json:"dead"`
}

type followHealth struct {
	Name   string `json:"name"`
	Behind int64  `json:"behind" doc:"changes it has still to see"`
}

type healthLimit struct {
	ID    string `json:"id"`
	Value int64  `json:"value"`
	Unit  string `json:"unit" enum:"bytes,count"`
}

var started = time.Now()

// Below these, in bytes, a disk is said to fill up; and to be full as good as.
const (
	spaceLow  = 2 << 30
	spaceGone = 256 << 20
)

// A job or a follower that is later than this is stuck, or has far too much to do.
const tooLate = 5 * time.Minute

// A backup older than this is no backup of what a company lives on.
const backupOld = 8 * 24 * time.Hour

func (c *call) health() (any, error) {
	if err := c.administers(); err != nil {
		return nil, err
	}
	out := health{Server: serverHealth{Version: c.s.Version, Since: record.At(started).String(), Database: c.s.db.Dialect(), Memory: held(), Free: -1, Room: -1},
		Checks: []healthCheck{}, Kinds: []kindMeasure{}, Followers: []followHealth{}, Limits: limits()}
	var err error
	if out.Server.Size, err = c.s.db.Size(c); err != nil {
		return nil, err
	}
	ms, err := c.s.db.Measure(c)
	if err != nil {
		return nil, err
	}
	for _, m := range ms {
		out.Kinds = append(out.Kinds, kindMeasure{m.Kind, m.Rows, m.About})
	}
	if err := c.s.db.One(c, "SELECT count(*), coalesce(sum(size), 0) FROM documents", nil, &out.Originals.Files, &out.Originals.Bytes); err != nil {
		return nil, err
	}
	if c.s.Space != nil {
		if out.Server.Free, out.Server.Room, err = c.s.Space(); err != nil {
			slog.Warn("free space", "err", err)
			out.Server.Free, out.Server.Room = -1, -1
		}
	}
	st, err := queue.Stands(c, c.s.db)
	if err != nil {
		return nil, err
	}
	out.Jobs = jobsHealth{st.Waiting, st.Running, st.Dead}
	for _, b := range st.Behind {
		out.Followers = append(out.Followers, followHealth{b.Name, b.Changes})
	}
	return out, c.checks(&out, st)
}

func (c *call) checks(out *health, st queue.Standing) error {
	add := func(id, state string, n int64, at record.Time, words string) {
		out.Checks = append(out.Checks, healthCheck{id, state, n, at.String(), words})
	}
	worse := func(bad bool, state string) string {
		if bad {
			return state
		}
		return wellOK
	}
	if free := out.Server.Free; free >= 0 {
		state := worse(free < spaceLow, wellWarn)
		if free < spaceGone {
			state = wellBad
		}
		add("space", state, free, 0, "")
	}
	if c.s.Insecure {
		add("insecure", wellWarn, 0, 0, "")
	}
	var behind int64
	for _, b := range st.Behind {
		behind = max(behind, b.Changes)
	}
	since, err := c.s.db.Unseen(c)
	if err != nil {
		return err
	}
	now := c.s.db.Now()
	add("followers", worse(since != 0 && now.Sub(since.UTC()) > tooLate, wellWarn), behind, since, "")
	add("jobs", worse(st.Dead > 0, wellWarn), st.Dead, 0, "")
	add("waiting", worse(st.Late != 0 && now.Sub(st.Late.UTC()) > tooLate && st.Running == 0, wellWarn), st.Waiting, st.Late, "")
	var failing int64
	if err := c.s.db.One(c, "SELECT count(*) FROM mailboxes WHERE deleted_at IS NULL AND state = 'failing'", nil, &failing); err != nil {
		return err
	}
	add("mailboxes", worse(failing > 0, wellWarn), failing, 0, "")
	refused, err := message.Bad(c, c.s.db)
	if err != nil {
		return err
	}
	add("hooks", worse(refused > 0, wellWarn), refused, 0, "")
	if c.s.db.Dialect() == "postgres" {
		add("backup", wellNote, 1, 0, "") // pg_dump is its own affair
	} else {
		last, err := queue.Ended(c, c.s.db, exchange.BackupQueue)
		if err != nil {
			return err
		}
		add("backup", worse(!c.s.Demo && (last == 0 || now.Sub(last.UTC()) > backupOld), wellWarn), 0, last, "")
	}
	words := ""
	if err := c.s.Desk.Pool.Scans(); err != nil {
		words = err.Error()
	}
	add("scans", worse(words != "", wellNote), 0, 0, words)
	return nil
}

// held is what the process holds of the machine's memory, as the runtime knows it; workers are processes of their own.
func held() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.Sys - m.HeapReleased)
}

func limits() []healthLimit {
	return []healthLimit{
		{"file", paper.MaxFile, "bytes"},
		{"pages", paper.MaxPages, "count"},
		{"scans", paper.MaxScans, "count"},
		{"table", exchange.MaxTable, "bytes"},
		{"page", store.MaxPage, "count"},
		{"picked", bulk.MaxIDs, "count"},
		{"views", view.MaxViews, "count"},
		{"tiles", view.MaxTiles, "count"},
		{"comment", talk.MaxBody, "count"},
	}
}
