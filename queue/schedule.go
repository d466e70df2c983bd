package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"guike/record"
	"guike/store"
)

// A Work is something that may be done by the clock. Rooms offer theirs, cmd/guike gathers them; this package knows only the queue it goes to.
type Work struct {
	Queue string
	Title string // of its jobs, a locale key
	// Check refuses arguments that the work could not be done with and answers them completed.
	Check func(ctx context.Context, args json.RawMessage) (any, error)
}

// A Scheduled is what the handler of a work finds in its job's arguments.
type Scheduled struct {
	Schedule string          `json:"schedule"`
	Args     json.RawMessage `json:"args"`
}

// A Schedule has a work done whenever its time comes: once for each time, however many servers there are.
type Schedule struct {
	ID      string
	Title   string // "" is called as its work
	Work    string
	Args    json.RawMessage
	When    When
	Enabled bool
	Next    record.Time // when it is due next; 0 while it is off
	LastDue record.Time // the time that the newest job was due, 0 where a person asked for it
	LastRun record.Time // when that job was added
	Missed  int64       // due times between the two that nobody was there for
	Skipped int64       // due times since then at which that job still ran
	Job     string
	By      record.ID // in whose rights it works: who saved it last
	Updated record.Time

	zone string
}

const scheduleColumns = "id, title, work, args, pattern, zone, enabled, next_run, last_due, last_run, missed, skipped, job, by_user, updated_at"

func scanSchedule(rows store.Rows) (*Schedule, error) {
	var s Schedule
	var args, when string
	var on int64
	if err := rows.Scan(&s.ID, &s.Title, &s.Work, &args, &when, &s.zone, &on, (*int64)(&s.Next), (*int64)(&s.LastDue), (*int64)(&s.LastRun), &s.Missed, &s.Skipped, &s.Job,
		(*string)(&s.By), (*int64)(&s.Updated)); err != nil {
		return nil, err
	}
	s.Args, s.Enabled = json.RawMessage(args), on != 0
	if err := json.Unmarshal([]byte(when), &s.When); err != nil {
		return nil, fmt.Errorf("schedule %s: %w", s.ID, err)
	}
	return &s, nil
}

// Schedules answers all of them, the oldest first: there are a few.
func Schedules(ctx context.Context, db *store.DB) ([]*Schedule, error) {
	var out []*Schedule
	err := db.Each(ctx, "SELECT "+scheduleColumns+" FROM schedules ORDER BY created_at, id", nil, func(rows store.Rows) error {
		s, err := scanSchedule(rows)
		out = append(out, s)
		return err
	})
	return out, err
}

// GetSchedule answers one.
func GetSchedule(ctx context.Context, db *store.DB, id string) (*Schedule, error) {
	var s *Schedule
	err := db.Each(ctx, "SELECT "+scheduleColumns+" FROM schedules WHERE id = ?", []any{id}, func(rows store.Rows) error {
		var err error
		s, err = scanSchedule(rows)
		return err
	})
	if err == nil && s == nil {
		err = &record.Error{Code: record.NotFound, Message: "error.not_found"}
	}
	return s, err
}

// maxSchedules is how many a workspace may have: the clock looks at all of them.
const maxSchedules = 100

// Put writes a schedule, a new one where it has no id, in the rights of the transaction's scope. When it is due next is counted from now.
func (s *Schedule) Put(ctx context.Context, tx *store.Tx) error {
	if err := s.When.Check(); err != nil {
		return err
	}
	when, err := json.Marshal(s.When)
	if err != nil {
		return err
	}
	zone := tx.Catalogue().Zone
	s.Next, s.By, s.Updated = 0, tx.Scope().User, tx.At()
	if s.Enabled {
		s.Next = record.At(s.When.Next(tx.At().UTC(), zone))
	}
	if s.ID != "" {
		n, err := tx.Exec(ctx, "UPDATE schedules SET title = ?, work = ?, args = ?, pattern = ?, zone = ?, enabled = ?, next_run = ?, by_user = ?, updated_at = ? WHERE id = ?",
			s.Title, s.Work, string(s.Args), string(when), zone.String(), number(s.Enabled), int64(s.Next), string(s.By), int64(tx.At()), s.ID)
		if err == nil && n == 0 {
			err = &record.Error{Code: record.NotFound, Message: "error.not_found"}
		}
		return err
	}
	var have int64
	if err := tx.One(ctx, "SELECT count(*) FROM schedules", nil, &have); err != nil {
		return err
	}
	if have >= maxSchedules {
		return record.Errorf(record.Conflict, "error.too_many_schedules")
	}
	s.ID = string(record.NewID("sch"))
	_, err = tx.Exec(ctx, "INSERT INTO schedules (id, title, work, args, pattern, zone, enabled, next_run, by_user, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		s.ID, s.Title, s.Work, string(s.Args), string(when), zone.String(), number(s.Enabled), int64(s.Next), string(s.By), int64(tx.At()), int64(tx.At()))
	return err
}

func number(on bool) int64 {
	if on {
		return 1
	}
	return 0
}

// Unschedule deletes a schedule. What it began goes on.
func Unschedule(ctx context.Context, tx *store.Tx, id string) error {
	n, err := tx.Exec(ctx, "DELETE FROM schedules WHERE id = ?", id)
	if err == nil && n == 0 {
		err = &record.Error{Code: record.NotFound, Message: "error.not_found"}
	}
	return err
}

// add adds the job of a schedule, unless its last one still waits or runs: then it answers "".
func (s *Schedule) add(ctx context.Context, tx *store.Tx, w Work) (string, error) {
	return Add(ctx, tx, New{Queue: w.Queue, Title: w.Title, Args: Scheduled{s.ID, s.Args}, Once: "schedule:" + s.ID})
}

// RunNow has a schedule's work done at once, beside its times. It fails with Conflict while it is being done.
func (s *Schedule) RunNow(ctx context.Context, tx *store.Tx, w Work) (string, error) {
	id, err := s.add(ctx, tx, w)
	if err != nil {
		return "", err
	}
	if id == "" {
		return "", record.Errorf(record.Conflict, "error.schedule_busy")
	}
	_, err = tx.Exec(ctx, "UPDATE schedules SET last_due = 0, last_run = ?, missed = 0, skipped = 0, job = ? WHERE id = ?", int64(tx.At()), id, s.ID)
	return id, err
}

// Offer names a work that schedules may have done on this server.
func (r *Runner) Offer(name string, w Work) {
	if r.works == nil {
		r.works = map[string]Work{}
	}
	r.works[name] = w
}

// clock looks for schedules that are due. A minute is what they are exact to for people; the look costs next to nothing.
func (r *Runner) clock(ctx context.Context) {
	tick := time.NewTicker(2 * time.Second)
	defer tick.Stop()
	for {
		if _, err := r.Due(ctx); err != nil && ctx.Err() == nil {
			slog.Error("look for what is due", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Due adds the jobs of all schedules whose time has come and answers how many. Where it came several times while no server was there, one job is added for
// all of them. Tests call it; the runner does so by itself.
func (r *Runner) Due(ctx context.Context) (int, error) {
	cat, err := r.db.Catalogue(ctx, false)
	if err != nil {
		return 0, err
	}
	var due []*Schedule
	now := record.At(r.db.Now())
	// One whose next time was counted in another zone is counted again: the workspace moved.
	if err := r.db.Each(ctx, "SELECT "+scheduleColumns+" FROM schedules WHERE enabled = 1 AND (next_run <= ? OR zone <> ?) ORDER BY next_run, id", []any{int64(now), cat.Zone.String()},
		func(rows store.Rows) error {
			s, err := scanSchedule(rows)
			due = append(due, s)
			return err
		}); err != nil {
		return 0, err
	}
	n := 0
	var failed error
	for _, s := range due {
		added, err := r.begin(ctx, s, now, cat.Zone)
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("schedule %s: %w", s.ID, err)) // the others are due all the same
		}
		if added {
			n++
		}
	}
	return n, failed
}

// begin moves a schedule to its next time and adds the job of this one. Of several servers that see it due, the one that moves it from the very time it saw
// adds the job; the others meet no row.
func (r *Runner) begin(ctx context.Context, s *Schedule, now record.Time, zone *time.Location) (added bool, err error) {
	w, known := r.works[s.Work]
	if !known {
		return false, nil // a newer server's: it is left to that
	}
	sc := r.scope
	sc.User = s.By
	err = r.db.Tx(ctx, sc, func(tx *store.Tx) error {
		added = false
		next := record.At(s.When.Next(now.UTC(), zone))
		n, err := tx.Exec(ctx, "UPDATE schedules SET next_run = ?, zone = ? WHERE id = ? AND enabled = 1 AND next_run = ? AND updated_at = ?",
			int64(next), zone.String(), s.ID, int64(s.Next), int64(s.Updated))
		if err != nil || n == 0 || s.Next > now {
			return err
		}
		id, err := s.add(ctx, tx, w)
		if err != nil {
			return err
		}
		if id == "" {
			_, err := tx.Exec(ctx, "UPDATE schedules SET skipped = skipped + 1 WHERE id = ?", s.ID)
			return err
		}
		added = true
		// Those missed lie in the zone they were counted in.
		was, err := time.LoadLocation(s.zone)
		if err != nil {
			was = zone
		}
		_, err = tx.Exec(ctx, "UPDATE schedules SET last_due = ?, last_run = ?, missed = ?, skipped = 0, job = ? WHERE id = ?",
			int64(s.Next), int64(tx.At()), s.When.missed(s.Next.UTC(), now.UTC(), was), id, s.ID)
		return err
	})
	return added, err
}
