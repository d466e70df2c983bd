package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"strconv"
	"time"

	"guike"
	"guike/exchange"
	"guike/record"
)

// exchange adds the routes of imports; exports stand with their kinds.
func (s *Server) exchange() {
	view := schema[importing](s)
	s.add(route{method: "POST", path: "/imports", summary: "Send a table (raw body) and get a proposal how to read it", out: view, status: http.StatusCreated, query: []string{"kind", "name", "profile"}, do: (*call).beginImport})
	s.add(route{method: "GET", path: "/imports/{id}/proposal", summary: "How the table is read: columns, samples, where each goes", out: view, do: func(c *call) (any, error) { return c.importing(c.id()) }})
	s.add(route{method: "PATCH", path: "/imports/{id}", summary: "Change how the table is read", in: schema[exchange.Mapping](s), out: view, do: (*call).mapImport})
	s.add(route{method: "POST", path: "/imports/{id}/dry-run", summary: "Judge every row and write nothing", out: schema[begun](s), status: http.StatusAccepted, do: func(c *call) (any, error) { return c.begun(s.Port.Check(c, c.scope, c.id())) }})
	s.add(route{method: "POST", path: "/imports/{id}/run", summary: "Take the rows in", out: schema[begun](s), status: http.StatusAccepted, do: func(c *call) (any, error) { return c.begun(s.Port.Run(c, c.scope, c.id())) }})
	s.add(route{method: "POST", path: "/imports/{id}/undo", summary: "Take back what the import did", in: schema[undo](s), out: schema[begun](s), status: http.StatusAccepted, do: (*call).undoImport})
	s.add(route{method: "POST", path: "/imports/{id}/redo", summary: "Take the undo back", out: schema[begun](s), status: http.StatusAccepted, do: func(c *call) (any, error) { return c.begun(s.Port.Redo(c, c.scope, c.id())) }})
	s.add(route{method: "GET", path: "/imports/{id}/progress", summary: "Where a run or an undo stands", out: schema[exchange.Counts](s), do: func(c *call) (any, error) { return s.Port.Progress(c, c.scope, c.id()) }})
	s.add(route{method: "GET", path: "/imports/{id}/reasons", summary: "What was wrong, counted", out: schema[reasonsOf](s), do: (*call).importReasons})
	s.add(route{method: "GET", path: "/imports/{id}/issues", summary: "What was wrong, row by row", out: schema[issues](s), query: []string{"severity", "column", "reason", "limit", "cursor"}, do: (*call).importIssues})
	s.add(route{method: "GET", path: "/imports:profiles", summary: "How tables of one look are read: what people named, then what comes with the house", out: schema[profilesKept](s), do: func(c *call) (any, error) {
		ps, err := s.Port.Kept(c, c.scope)
		return profilesKept{ps}, err
	}})
	s.add(route{method: "POST", path: "/imports:profile", summary: "Give a profile another name, or forget it", in: schema[renamedProfile](s), do: func(c *call) (any, error) {
		in, err := decode[renamedProfile](c)
		if err != nil {
			return nil, err
		}
		return nil, s.Port.Rename(c, c.scope, in.Of, in.Name, in.To)
	}})
	s.add(route{method: "POST", path: "/summaries", summary: "A small table as a workbook", in: schema[exchange.Summary](s), raw: true, do: (*call).summary})
	s.add(route{method: "GET", path: "/imports/{id}/rejects", summary: "The rows that were not taken, in the file's own shape", raw: true, query: []string{"lang"}, do: (*call).rejects})
}

// importing is an import with its mapping opened and where its columns may go.
type importing struct {
	Import   any               `json:"import"`
	Mapping  exchange.Mapping  `json:"mapping"`
	Targets  []exchange.Target `json:"targets"`
	Profiles []string          `json:"profiles"`
}

type profilesKept struct {
	Data []exchange.Profile `json:"data"`
}

type renamedProfile struct {
	Of   string `json:"of"`
	Name string `json:"name"`
	To   string `json:"to,omitempty" doc:"left out: the profile is forgotten, and the imports stay"`
}

type begun struct {
	Import any    `json:"import"`
	Job    string `json:"job"`
}

type undo struct {
	Anyway bool        `json:"anyway,omitempty"` // also what was changed since
	Only   []record.ID `json:"only,omitempty"`   // these records
}

type reasonsOf struct {
	Data []exchange.Tally `json:"data"`
}

type issues struct {
	Data []exchange.Issue `json:"data"`
	Next string           `json:"next_cursor"`
	More bool             `json:"has_more"`
}

func (c *call) beginImport() (any, error) {
	v := c.r.URL.Query()
	if c.r.ContentLength > exchange.MaxTable {
		return nil, exchange.ErrTooLarge
	}
	if err := http.NewResponseController(c.w).SetReadDeadline(time.Time{}); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return nil, err
	}
	imp, err := c.s.Port.Begin(c, c.scope, v.Get("kind"), v.Get("name"), v.Get("profile"), c.r.Body)
	if err != nil {
		return nil, tooLarge(err)
	}
	c.w.Header().Set("Location", fmt.Sprintf("%s/imports/%s", prefix, imp.ID))
	return c.importing(imp.ID)
}

func (c *call) importing(id record.ID) (any, error) {
	imp, err := c.s.Port.Mine(c, c.scope, id)
	if err != nil {
		return nil, err
	}
	m, err := exchange.Decode(imp)
	if err != nil {
		return nil, err
	}
	if m.Constants == nil {
		m.Constants = []exchange.Constant{}
	}
	k, err := c.kind("import")
	if err != nil {
		return nil, err
	}
	one, err := c.one(k, imp)
	if err != nil {
		return nil, err
	}
	ts, err := c.s.Port.Targets(c, c.scope, imp.Of)
	return importing{Import: one, Mapping: m, Targets: ts, Profiles: append([]string{}, exchange.Profiles(imp.Of)...)}, err
}

func (c *call) mapImport() (any, error) {
	m, err := decode[exchange.Mapping](c)
	if err != nil {
		return nil, err
	}
	if _, err := c.s.Port.Map(c, c.scope, c.id(), m); err != nil {
		return nil, err
	}
	return c.importing(c.id())
}

func (c *call) undoImport() (any, error) {
	in, err := decode[undo](c)
	if err != nil {
		return nil, err
	}
	return c.begun(c.s.Port.Undo(c, c.scope, c.id(), in.Anyway, in.Only))
}

func (c *call) begun(imp *guike.Import, job string, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	k, err := c.kind("import")
	if err != nil {
		return nil, err
	}
	one, err := c.one(k, imp)
	return begun{one, job}, err
}

func (c *call) importReasons() (any, error) {
	rs, err := c.s.Port.Reasons(c, c.scope, c.id())
	return reasonsOf{rs}, err
}

func (c *call) importIssues() (any, error) {
	skip, limit := 0, c.int("limit", 100, 1000)
	if s := c.r.URL.Query().Get("cursor"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 0 {
			return nil, record.FieldError("cursor", "error.cursor")
		}
		skip = n
	}
	v := c.r.URL.Query()
	like := exchange.Issue{Severity: v.Get("severity"), Column: "*", Reason: v.Get("reason")}
	if v.Has("column") {
		like.Column = v.Get("column")
	}
	is, err := c.s.Port.Issues(c, c.scope, c.id(), like, skip, limit+1)
	if err != nil {
		return nil, err
	}
	out := issues{Data: is}
	if len(is) > limit {
		out.Data, out.More, out.Next = is[:limit], true, strconv.Itoa(skip+limit)
	}
	return out, nil
}

// file answers a stream as a file to keep. A failure after the first byte breaks the connection: a file cut short must not look whole.
func (c *call) file(name, media string, write func(io.Writer) error) (any, error) {
	if err := http.NewResponseController(c.w).SetWriteDeadline(time.Time{}); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return nil, err
	}
	w := &lazy{c: c, name: name, media: media}
	err := write(w)
	switch {
	case err != nil && !w.begun:
		return nil, err
	case err != nil:
		slog.Error("write file", "name", name, "err", err)
		panic(http.ErrAbortHandler)
	}
	w.begin()
	return nil, nil
}

type lazy struct {
	c           *call
	name, media string
	begun       bool
}

func (l *lazy) begin() {
	if !l.begun {
		l.begun = true
		l.c.w.Header().Set("Content-Type", l.media)
		l.c.w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": l.name}))
	}
}

func (l *lazy) Write(b []byte) (int, error) {
	l.begin()
	return l.c.w.Write(b)
}

func (c *call) rejects() (any, error) {
	imp, err := c.s.Port.Mine(c, c.scope, c.id())
	if err != nil {
		return nil, err
	}
	lang := c.r.URL.Query().Get("lang")
	if lang == "" {
		lang = c.lang
	}
	return c.file("rejects-"+imp.Name+".csv", "text/csv", func(w io.Writer) error { return c.s.Port.Rejects(c, c.scope, c.id(), lang, w) })
}

// An Output is what :export asks: a Find without pages, and how the file is written.
type Output struct {
	Find
	Format string `json:"format,omitempty"` // csv, xlsx, ndjson
	Lang   string `json:"lang,omitempty"`   // heads the columns as people call them; absent: by the fields' names
}

func (c *call) summary() (any, error) {
	t, err := decode[exchange.Summary](c)
	if err != nil {
		return nil, err
	}
	return c.file("summary.xlsx", exchange.Formats["xlsx"], t.Write)
}

func (c *call) export(kind string) (any, error) {
	var in Output
	var err error
	if v := c.r.URL.Query(); c.r.Method == http.MethodPost {
		in, err = decode[Output](c)
	} else {
		in.Q, in.Sort, in.Format, in.Lang = v.Get("q"), v.Get("sort"), v.Get("format"), v.Get("lang")
		if f := v.Get("filter"); f != "" {
			if json.Unmarshal([]byte(f), &in.Filter) != nil {
				err = record.FieldError("filter", "error.filter")
			}
		}
	}
	if err != nil {
		return nil, err
	}
	if in.Format == "" {
		in.Format = "csv"
	}
	media, ok := exchange.Formats[in.Format]
	if !ok {
		return nil, record.FieldError("format", "error.choice")
	}
	k, err := c.kind(kind)
	if err != nil {
		return nil, err
	}
	x := exchange.Export{Query: in.query(kind), Format: in.Format, Fields: in.Fields, Lang: in.Lang}
	return c.file(k.Plural+"."+in.Format, media, func(w io.Writer) error {
		_, err := c.s.Port.Write(c, c.scope, x, w)
		return err
	})
}
