package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"path"
	"slices"
	"time"

	"guike/queue"
	"guike/record"
	"guike/store"
)

// schedules adds the routes of what is done by the clock. An administrator's alone: a backup holds everything, a purge ends it.
func (s *Server) schedules() {
	one := schema[schedule](s)
	s.add(route{method: "GET", path: "/schedules", summary: "What is done by the clock", out: schema[schedules](s), do: (*call).schedules})
	s.add(route{method: "POST", path: "/schedules", summary: "Have something done by the clock", in: schema[newSchedule](s), out: one, status: http.StatusCreated, do: (*call).putSchedule})
	s.add(route{method: "PATCH", path: "/schedules/{id}", summary: "Change a schedule, or turn it on or off", in: schema[newSchedule](s), out: one, do: (*call).putSchedule})
	s.add(route{method: "DELETE", path: "/schedules/{id}", summary: "Delete a schedule", do: (*call).unschedule})
	s.add(route{method: "POST", path: "/schedules/{id}/run", summary: "Do it now", out: schema[made](s), status: http.StatusAccepted, do: (*call).runSchedule})
	s.add(route{method: "POST", path: "/schedules:preview", summary: "When it would be due: the next five times", in: schema[queue.When](s), out: schema[dueTimes](s), do: (*call).dueTimes})
}

type schedules struct {
	Data []schedule `json:"data"`
	Zone string     `json:"zone" doc:"the workspace's, in which times of day are meant"`
	Work []string   `json:"work" doc:"what can be done by the clock"`
}

type schedule struct {
	ID      string          `json:"id"`
	Title   string          `json:"title" doc:"empty: called as its work"`
	Work    string          `json:"work"`
	Args    json.RawMessage `json:"args"`
	When    queue.When      `json:"when"`
	Enabled bool            `json:"enabled"`
	NextRun string          `json:"next_run" doc:"empty while it is off"`
	LastDue string          `json:"last_due" doc:"the time the last run was for; empty where a person asked for it"`
	LastRun string          `json:"last_run"`
	Missed  int64           `json:"missed" doc:"further times before the last run at which no server was there"`
	Skipped int64           `json:"skipped" doc:"times since then at which it still ran"`
	Job     *job            `json:"job" doc:"the last run"`
	By      *ref            `json:"by" doc:"who saved it, and in whose rights it works"`
}

// newSchedule is a schedule as it is written; of a change, what is absent stays.
type newSchedule struct {
	Title   *string         `json:"title,omitempty"`
	Work    string          `json:"work,omitempty"`
	Args    json.RawMessage `json:"args,omitempty" doc:"backup: {keep}; purge: {days, kinds}; export: {kind, filter, q, sort, format, lang, keep}"`
	When    *queue.When     `json:"when,omitempty"`
	Enabled *bool           `json:"enabled,omitempty"`
}

type dueTimes struct {
	Next []string `json:"next"`
}

// administers fails for everyone but an administrator.
func (c *call) administers() error {
	if !c.scope.Admin {
		return record.Errorf(record.Denied, "error.denied")
	}
	return nil
}

func (c *call) schedules() (any, error) {
	if err := c.administers(); err != nil {
		return nil, err
	}
	cat, err := c.s.db.Catalogue(c, false)
	if err != nil {
		return nil, err
	}
	ss, err := queue.Schedules(c, c.s.db)
	if err != nil {
		return nil, err
	}
	out := schedules{Data: []schedule{}, Zone: cat.Zone.String(), Work: []string{}}
	for name := range c.s.Works {
		out.Work = append(out.Work, name)
	}
	slices.Sort(out.Work)
	for _, x := range ss {
		one, err := c.renderSchedule(x)
		if err != nil {
			return nil, err
		}
		out.Data = append(out.Data, one)
	}
	return out, nil
}

func (c *call) renderSchedule(x *queue.Schedule) (schedule, error) {
	out := schedule{ID: x.ID, Title: x.Title, Work: x.Work, Args: x.Args, When: x.When, Enabled: x.Enabled, NextRun: x.Next.String(), LastDue: x.LastDue.String(),
		LastRun: x.LastRun.String(), Missed: x.Missed, Skipped: x.Skipped}
	rd, err := c.renderer()
	if err != nil {
		return out, err
	}
	if x.By != "" {
		if err := rd.learn(map[string][]record.ID{"user": {x.By}}); err != nil {
			return out, err
		}
		out.By = rd.ref("user", x.By)
	}
	if x.Job == "" {
		return out, nil
	}
	j, err := queue.Get(c, c.s.db, x.Job)
	if record.Is(err, record.NotFound) {
		return out, nil
	}
	if err != nil {
		return out, err
	}
	js, err := c.renderJobs(j)
	if err == nil {
		out.Job = &js[0]
	}
	return out, err
}

func (c *call) putSchedule() (any, error) {
	if err := c.administers(); err != nil {
		return nil, err
	}
	in, err := decode[newSchedule](c)
	if err != nil {
		return nil, err
	}
	x := &queue.Schedule{Enabled: true, Args: json.RawMessage("{}")}
	if id := c.path("id"); id != "" {
		if x, err = queue.GetSchedule(c, c.s.db, id); err != nil {
			return nil, err
		}
	}
	if in.Title != nil {
		x.Title = *in.Title
	}
	if len(x.Title) > 200 {
		return nil, record.FieldError("title", "error.too_long")
	}
	if in.Work != "" {
		x.Work = in.Work
	}
	if in.Args != nil {
		x.Args = in.Args
	}
	if in.When != nil {
		x.When = *in.When
	}
	if in.Enabled != nil {
		x.Enabled = *in.Enabled
	}
	w, known := c.s.Works[x.Work]
	if !known {
		return nil, record.FieldError("work", "error.choice")
	}
	args, err := w.Check(c, x.Args)
	if err != nil {
		return nil, err
	}
	if x.Args, err = marshal(args); err != nil {
		return nil, err
	}
	if err := c.s.db.Tx(c, c.scope, func(tx *store.Tx) error {
		again := *x
		if err := again.Put(c, tx); err != nil {
			return err
		}
		x = &again
		return nil
	}); err != nil {
		return nil, err
	}
	return c.renderSchedule(x)
}

func (c *call) unschedule() (any, error) {
	if err := c.administers(); err != nil {
		return nil, err
	}
	return nil, c.s.db.Tx(c, c.scope, func(tx *store.Tx) error { return queue.Unschedule(c, tx, c.path("id")) })
}

func (c *call) runSchedule() (any, error) {
	if err := c.administers(); err != nil {
		return nil, err
	}
	x, err := queue.GetSchedule(c, c.s.db, c.path("id"))
	if err != nil {
		return nil, err
	}
	w, known := c.s.Works[x.Work]
	if !known {
		return nil, record.FieldError("work", "error.choice")
	}
	out := made{ID: x.ID}
	err = c.s.db.Tx(c, c.scope, func(tx *store.Tx) error {
		out.Job, err = x.RunNow(c, tx, w)
		return err
	})
	return out, err
}

func (c *call) dueTimes() (any, error) {
	w, err := decode[queue.When](c)
	if err != nil {
		return nil, err
	}
	if err := w.Check(); err != nil {
		return nil, err
	}
	cat, err := c.s.db.Catalogue(c, false)
	if err != nil {
		return nil, err
	}
	out := dueTimes{}
	for t := c.s.db.Now(); len(out.Next) < 5; {
		t = w.Next(t, cat.Zone)
		out.Next = append(out.Next, record.At(t).String())
	}
	return out, nil
}

// jobFile answers what a job wrote. It holds more than any role but the administrator's may see.
func (c *call) jobFile() (any, error) {
	if err := c.administers(); err != nil {
		return nil, err
	}
	j, err := queue.Get(c, c.s.db, c.path("id"))
	if err != nil {
		return nil, err
	}
	f, err := c.s.Port.Made(j)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("file of job %s: %w", j.ID, err)
	}
	if err := http.NewResponseController(c.w).SetWriteDeadline(time.Time{}); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return nil, err
	}
	name := path.Base(j.Outcome().File)
	c.w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	c.w.Header().Set("Content-Type", "application/octet-stream")
	http.ServeContent(c.w, c.r, name, info.ModTime(), f)
	return nil, nil
}
