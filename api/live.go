package api

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"guike/queue"
	"guike/record"
	"guike/store"
	"guike/talk"
)

func marshal(v any) ([]byte, error) { return json.Marshal(v) }

func inOrder(rs []rule) {
	slices.SortFunc(rs, func(a, b rule) int {
		return cmp.Or(cmp.Compare(a.Dimension, b.Dimension), cmp.Compare(a.Position, b.Position), cmp.Compare(a.Number, b.Number))
	})
}

type kinds struct {
	Data []kind `json:"data"`
}

type kind struct {
	Kind   string   `json:"kind"`
	Plural string   `json:"plural"`
	Prefix string   `json:"prefix"`
	Label  string   `json:"label,omitempty"`
	Icon   string   `json:"icon,omitempty" doc:"of a custom kind, where one was chosen"`
	Custom bool     `json:"custom,omitempty"`
	Verbs  bool     `json:"verbs"` // written only by verbs of its own
	Can    []string `json:"can"`
	Fields []field  `json:"fields"`
}

type field struct {
	Name      string   `json:"name"`
	Type      string   `json:"type"`
	Label     string   `json:"label,omitempty"`
	Required  bool     `json:"required,omitempty"`
	Choices   []string `json:"choices,omitempty"`
	Ref       string   `json:"ref,omitempty"`
	System    bool     `json:"system,omitempty"`
	Sortable  bool     `json:"sortable,omitempty"`
	Searched  bool     `json:"searched,omitempty"`
	Unique    bool     `json:"unique,omitempty"`
	Multi     bool     `json:"multi,omitempty"`
	Title     bool     `json:"title,omitempty"`
	Sensitive bool     `json:"sensitive,omitempty" doc:"what roles often do not see"`
	Dated     bool     `json:"dated,omitempty" doc:"by this its records are told of: the first sort of a list, the place on a timeline"`
	Dimension string   `json:"dimension,omitempty"`
	Lines     []field  `json:"lines,omitempty"`

	Kinds       bool            `json:"kinds,omitempty" doc:"its choices are the names of kinds"`
	RefBy       string          `json:"ref_by,omitempty" doc:"the field that names the kind referred to; answered as a reference is, asked for by id"`
	Custom      bool            `json:"custom,omitempty"` // added by the workspace
	Options     []record.Option `json:"options,omitempty"`
	Formula     string          `json:"formula,omitempty"`
	Section     string          `json:"section,omitempty"`
	Position    int64           `json:"position,omitempty"`
	Help        string          `json:"help,omitempty"`
	Wanted      bool            `json:"wanted,omitempty"` // required by the workspace's form
	When        *record.Filter  `json:"required_when,omitempty"`
	Default     json.RawMessage `json:"default,omitempty"`
	Pattern     string          `json:"pattern,omitempty"`
	PatternHelp string          `json:"pattern_help,omitempty"`
	Reviewer    string          `json:"reviewer,omitempty"`
}

func (c *call) kinds() (any, error) {
	cat, err := c.s.db.Catalogue(c, false)
	if err != nil {
		return nil, err
	}
	out := kinds{Data: []kind{}}
	for _, k := range cat.Kinds() {
		g := c.scope.For(k.Name)
		if g.Read == record.None {
			continue
		}
		x := kind{Kind: k.Name, Plural: k.Plural, Prefix: k.Prefix, Label: k.Label, Icon: k.Icon, Custom: k.Custom, Verbs: k.Verbs, Can: []string{}, Fields: []field{}}
		for _, a := range []struct {
			name  string
			reach record.Reach
		}{{"create", g.Create}, {"update", g.Update}, {"delete", g.Delete}, {"export", g.Export}} {
			if a.reach > record.None && !(k.Verbs && a.name != "export") {
				x.Can = append(x.Can, a.name)
			}
		}
		if c.scope.Share && !k.Verbs {
			x.Can = append(x.Can, "share")
		}
		for i := range k.Fields {
			if f := &k.Fields[i]; c.scope.Sees(k.Name, f) {
				d := describeField(f)
				if f.Kinds {
					unread := func(name string) bool { return c.scope.For(name).Read == record.None }
					d.Choices = slices.DeleteFunc(slices.Clone(d.Choices), unread)
					d.Options = slices.DeleteFunc(slices.Clone(d.Options), func(o record.Option) bool { return unread(o.Value) })
				}
				x.Fields = append(x.Fields, d)
			}
		}
		out.Data = append(out.Data, x)
	}
	return out, nil
}

func describeField(f *record.Field) field {
	x := field{Name: f.Name, Type: string(f.Type), Label: f.Label, Required: f.IsRequired(), Choices: f.Choices, Ref: f.Ref, System: f.IsSystem(), Sortable: f.Sortable(),
		Searched: f.IsSearched(), Unique: f.IsUnique(), Multi: f.Multi, Title: f.IsNamed(), Dated: f.IsDated(), Dimension: string(f.Dimension), Custom: f.Dynamic && f.Type != record.Category, Options: f.Options}
	x.Kinds, x.RefBy, x.Sensitive = f.Kinds, f.RefBy, f.IsSensitive()
	if f.Formula != nil {
		x.Formula = f.Formula.Source
	}
	if w := f.Form; w != nil {
		x.Section, x.Position, x.Help, x.Wanted, x.When, x.Pattern, x.PatternHelp, x.Reviewer = w.Section, w.Position, w.Help, w.Required, w.When, w.Pattern, w.PatternHelp, string(w.Reviewer)
		if !w.Default.Null {
			x.Default = f.JSON(w.Default)
		}
	}
	for i := range f.Of {
		x.Lines = append(x.Lines, describeField(&f.Of[i]))
	}
	return x
}

type hits struct {
	Data []hit `json:"data"`
}

type hit struct {
	Kind     string `json:"kind"`
	ID       string `json:"id"`
	Title    string `json:"title"`
	Subtitle string `json:"subtitle"`
}

func (c *call) search() (any, error) {
	found, err := c.s.db.Search(c, c.scope, c.r.URL.Query().Get("q"), c.int("limit", 20, 100))
	if err != nil {
		return nil, err
	}
	out := hits{Data: []hit{}}
	for _, h := range found {
		k, err := c.kind(h.Kind)
		if err != nil {
			return nil, err
		}
		sub := ""
		vs := k.Values(h.Rec)
		for i := k.Static - 1; i > record.PosDeletedAt; i-- {
			f := &k.Fields[i]
			if c.scope.Sees(h.Kind, f) && !vs[i].Null && (f.Type == record.Date_ || f.Type == record.Phone) {
				sub = vs[i].S
			}
		}
		out.Data = append(out.Data, hit{h.Kind, string(h.ID), c.scope.Title(k, h.Rec), sub})
	}
	return out, nil
}

type event struct {
	Seq     int64  `json:"seq"`
	Kind    string `json:"kind"`
	ID      string `json:"id"`
	Op      string `json:"op"`
	Version int64  `json:"version"`
}

// maxBehind is how many changes a stream catches up on; further behind it is told to begin anew.
const maxBehind = 1000

// events streams changes of records that the scope may read. The scope is made again each minute, so that a role taken away ends what it let through.
func (c *call) events() (any, error) {
	rc := http.NewResponseController(c.w)
	if err := rc.SetWriteDeadline(time.Time{}); err != nil {
		return nil, err
	}
	c.w.Header().Set("Content-Type", "text/event-stream")
	c.w.Header().Set("X-Accel-Buffering", "no")
	wake, forget := c.s.db.Wait()
	defer forget()
	at, err := c.s.db.Newest(c)
	if err != nil {
		return nil, err
	}
	if last, err := strconv.ParseInt(c.r.Header.Get("Last-Event-ID"), 10, 64); err == nil && last <= at {
		if at-last > maxBehind {
			fmt.Fprintf(c.w, "id: %d\nevent: reset\ndata: {}\n\n", at)
		} else {
			at = last
		}
	}
	fmt.Fprint(c.w, ": hello\n\n")
	if err := rc.Flush(); err != nil {
		return nil, nil
	}
	renew := time.Now()
	tick := time.NewTicker(20 * time.Second)
	defer tick.Stop()
	for {
		if time.Since(renew) > time.Minute {
			sc, _, err := c.s.who(c.r)
			if err != nil {
				return nil, nil // logged out: the client finds out when it comes back
			}
			c.scope, renew = sc, time.Now()
		}
		if at, err = c.send(at); err != nil {
			return nil, nil
		}
		if err := rc.Flush(); err != nil {
			return nil, nil
		}
		select {
		case <-c.Done():
			return nil, nil
		case <-c.s.Closing:
			return nil, nil
		case <-wake:
			// A burst of writes is told once.
			select {
			case <-time.After(100 * time.Millisecond):
			case <-c.Done():
				return nil, nil
			}
		case <-tick.C:
			if _, err := fmt.Fprint(c.w, ": here\n\n"); err != nil {
				return nil, nil
			}
		}
	}
}

// send writes the changes after a number that the scope may see and answers the newest number looked at.
func (c *call) send(at int64) (int64, error) {
	for {
		cs, err := c.s.db.Changes(c, at, 500)
		if err != nil || len(cs) == 0 {
			return at, err
		}
		ids := map[string][]record.ID{}
		for _, x := range cs {
			ids[x.Kind] = append(ids[x.Kind], x.Rec)
		}
		seen := map[record.ID]bool{}
		if list := ids["comment"]; len(list) > 0 {
			heard, err := talk.Heard(c, c.s.db, c.scope, list)
			if err != nil {
				return at, err
			}
			for _, id := range heard {
				seen[id] = true
			}
		}
		for kind, list := range ids {
			if c.scope.For(kind).Read == record.None {
				continue
			}
			recs, err := c.s.db.GetAll(c, c.scope, kind, list, c.scope.For(kind).Read, "")
			if err != nil {
				return at, err
			}
			for _, r := range recs {
				seen[r.Head().ID] = true
			}
		}
		for _, x := range cs {
			at = x.Seq
			if !seen[x.Rec] {
				continue
			}
			b, err := json.Marshal(event{x.Seq, x.Kind, string(x.Rec), x.Op, x.Version})
			if err != nil {
				return at, err
			}
			if _, err := fmt.Fprintf(c.w, "id: %d\nevent: change\ndata: %s\n\n", x.Seq, b); err != nil {
				return at, err
			}
		}
	}
}

type jobs struct {
	Data []job `json:"data"`
}

type job struct {
	ID        string `json:"id"`
	Queue     string `json:"queue"`
	Title     string `json:"title"`
	State     string `json:"state"`
	Done      int64  `json:"done"`
	Total     int64  `json:"total"`
	Error     string `json:"error"`
	Attempt   int64  `json:"attempt"`
	CreatedAt string `json:"created_at"`
	RunAt     string `json:"run_at"`
	EndedAt   string `json:"ended_at"`
	By        *ref   `json:"by" doc:"who asked for it; null for the house"`

	Result queue.Result `json:"result" doc:"what it made"`
}

func (c *call) renderJobs(js ...*queue.Job) ([]job, error) {
	rd, err := c.renderer()
	if err != nil {
		return nil, err
	}
	var ids []record.ID
	for _, j := range js {
		if j.By != "" {
			ids = append(ids, j.By)
		}
	}
	if err := rd.learn(map[string][]record.ID{"user": ids}); err != nil {
		return nil, err
	}
	out := []job{}
	for _, j := range js {
		out = append(out, job{j.ID, j.Queue, j.Title, j.State, j.Done, j.Total, j.Error, j.Attempt, j.CreatedAt.String(), j.RunAt.String(), j.EndedAt.String(), rd.ref("user", j.By), j.Outcome()})
	}
	return out, nil
}

// mine is whose jobs the caller sees: an administrator and who keeps the rules all, others their own.
func (c *call) mine() record.ID {
	if c.scope.Admin || c.scope.Rules {
		return ""
	}
	return c.scope.User
}

func (c *call) jobs() (any, error) {
	js, err := queue.List(c, c.s.db, c.mine(), c.r.URL.Query().Get("state"), c.int("limit", 100, store.MaxPage))
	if err != nil {
		return nil, err
	}
	data, err := c.renderJobs(js...)
	return jobs{data}, err
}

func (c *call) ownJob() (*queue.Job, error) {
	j, err := queue.Get(c, c.s.db, c.path("id"))
	if err == nil && c.mine() != "" && j.By != c.mine() {
		err = &record.Error{Code: record.NotFound, Message: "error.not_found"}
	}
	return j, err
}

func (c *call) job() (any, error) {
	j, err := c.ownJob()
	if err != nil {
		return nil, err
	}
	out, err := c.renderJobs(j)
	if err != nil {
		return nil, err
	}
	return out[0], nil
}

func (c *call) retryJob() (any, error) {
	if _, err := c.ownJob(); err != nil {
		return nil, err
	}
	return nil, c.s.db.Tx(c, c.scope, func(tx *store.Tx) error { return queue.Retry(c, tx, c.path("id")) })
}

func (c *call) cancelJob() (any, error) {
	if _, err := c.ownJob(); err != nil {
		return nil, err
	}
	return nil, c.s.db.Tx(c, c.scope, func(tx *store.Tx) error { return queue.Cancel(c, tx, c.path("id")) })
}
