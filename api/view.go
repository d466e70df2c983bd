package api

import (
	"encoding/json"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"guike"
	"guike/record"
	"guike/store"
	"guike/view"
)

// views adds the routes of named ways of looking at a list.
func (s *Server) views() {
	s.add(route{method: "GET", path: "/views", summary: "Views of a kind, or of all, that reach me; first is where my list begins", out: schema[seenViews](s), query: []string{"of"}, do: (*call).views})
	s.kept("view", "/views", schema[viewMembers](s), func() record.Record { return new(guike.View) })
	s.add(route{method: "GET", path: "/dashboards", summary: "Dashboards that reach me", out: schema[seenDashboards](s), do: (*call).dashboards})
	s.kept("dashboard", "/dashboards", schema[dashboardMembers](s), func() record.Record { return new(guike.Dashboard) })
}

// kept adds the routes by which a view or a dashboard is written.
func (s *Server) kept(kind, base string, in *huma.Schema, empty func() record.Record) {
	s.add(route{method: "POST", path: base, summary: "Keep a " + kind, in: in, out: schema[made](s), status: http.StatusCreated, do: func(c *call) (any, error) {
		values, err := c.keptValues(kind)
		if err != nil {
			return nil, err
		}
		k, err := c.kind(kind)
		if err != nil {
			return nil, err
		}
		r := empty()
		for name, x := range values {
			k.Set(r, name, x)
		}
		if err := view.Make(c, c.s.db, c.scope, r); err != nil {
			return nil, err
		}
		return made{ID: string(r.Head().ID)}, nil
	}})
	s.add(route{method: "PATCH", path: base + "/{id}", summary: "Change a " + kind + " of mine", in: in, do: func(c *call) (any, error) {
		values, err := c.keptValues(kind)
		if err != nil {
			return nil, err
		}
		since, err := c.ifMatch()
		if err != nil {
			return nil, err
		}
		return nil, view.Change(c, c.s.db, c.scope, kind, c.id(), store.Patch{Values: values, Since: since})
	}})
	s.add(route{method: "DELETE", path: base + "/{id}", summary: "Put a " + kind + " of mine into the trash", do: func(c *call) (any, error) { return nil, view.Drop(c, c.s.db, c.scope, kind, c.id()) }})
	s.add(route{method: "POST", path: base + "/{id}/restore", summary: "Take a " + kind + " of mine out of the trash", do: func(c *call) (any, error) { return nil, view.Restore(c, c.s.db, c.scope, kind, c.id()) }})
}

// viewMembers is what a view is made of.
type viewMembers struct {
	Name        string          `json:"name,omitempty"`
	Of          string          `json:"of,omitempty" doc:"the kind; it stays"`
	Filter      json.RawMessage `json:"filter,omitempty"`
	Words       string          `json:"words,omitempty"`
	Sort        string          `json:"sort,omitempty"`
	Columns     []string        `json:"columns,omitempty"`
	Layout      json.RawMessage `json:"layout,omitempty" doc:"the client's own"`
	Face        *guike.Face     `json:"face,omitempty" doc:"how it is shown; a grid where absent"`
	Shared      bool            `json:"shared,omitempty"`
	Roles       []string        `json:"roles,omitempty" doc:"the audience; with no role and no department it is everyone"`
	Departments []string        `json:"departments,omitempty"`
	Standard    bool            `json:"standard,omitempty" doc:"where its audience's list begins"`
}

// dashboardMembers is what a dashboard is made of.
type dashboardMembers struct {
	Name        string       `json:"name,omitempty"`
	Tiles       []guike.Tile `json:"tiles,omitempty" doc:"views with their sizes, in reading order, on four columns"`
	Shared      bool         `json:"shared,omitempty"`
	Roles       []string     `json:"roles,omitempty" doc:"the audience; with no role and no department it is everyone"`
	Departments []string     `json:"departments,omitempty"`
}

func (c *call) keptValues(kind string) (map[string]record.Value, error) {
	values, err := c.members(kind)
	for name := range values {
		if slices.Contains([]string{"owner", "department", "status"}, name) {
			return nil, record.FieldError(name, "error.read_only")
		}
	}
	return values, err
}

type seenViews struct {
	Data []seenView `json:"data"`
}

type seenView struct {
	ID          string          `json:"id"`
	Of          string          `json:"of"`
	Version     int64           `json:"version"`
	Name        string          `json:"name"`
	Filter      json.RawMessage `json:"filter"`
	Words       string          `json:"words"`
	Sort        string          `json:"sort"`
	Columns     json.RawMessage `json:"columns"`
	Layout      json.RawMessage `json:"layout"`
	Face        json.RawMessage `json:"face"`
	Shared      bool            `json:"shared"`
	Roles       json.RawMessage `json:"roles"`
	Departments json.RawMessage `json:"departments"`
	Standard    bool            `json:"standard"`
	By          *ref            `json:"by"`
	Mine        bool            `json:"mine" doc:"the caller may change it"`
	First       bool            `json:"first" doc:"where the caller's list begins"`
}

func (c *call) views() (any, error) {
	vs, err := view.For(c, c.s.db, c.scope, c.r.URL.Query().Get("of"))
	if err != nil {
		return nil, err
	}
	rd, err := c.renderer()
	if err != nil {
		return nil, err
	}
	var owners []record.ID
	for _, v := range vs {
		owners = append(owners, v.Owner)
	}
	if err := rd.learn(map[string][]record.ID{"user": owners}); err != nil {
		return nil, err
	}
	out := seenViews{Data: []seenView{}}
	for _, v := range vs {
		out.Data = append(out.Data, seenView{ID: string(v.ID), Of: v.Of, Version: v.Version, Name: v.Name, Filter: rawOr(v.Filter), Words: v.Words, Sort: v.Sort, Columns: rawOr(v.Columns), Layout: rawOr(v.Layout), Face: rawOr(v.Face),
			Shared: v.Shared, Roles: rawOr(v.Roles), Departments: rawOr(v.Departments), Standard: v.Standard, By: rd.ref("user", v.Owner), Mine: v.Mine, First: v.First})
	}
	return out, nil
}

type seenDashboards struct {
	Data []seenDashboard `json:"data"`
}

type seenDashboard struct {
	ID          string          `json:"id"`
	Version     int64           `json:"version"`
	Name        string          `json:"name"`
	Tiles       []guike.Tile    `json:"tiles"`
	Shared      bool            `json:"shared"`
	Roles       json.RawMessage `json:"roles"`
	Departments json.RawMessage `json:"departments"`
	By          *ref            `json:"by"`
	Mine        bool            `json:"mine" doc:"the caller may change it"`
}

func (c *call) dashboards() (any, error) {
	ds, err := view.Dashboards(c, c.s.db, c.scope)
	if err != nil {
		return nil, err
	}
	rd, err := c.renderer()
	if err != nil {
		return nil, err
	}
	var owners []record.ID
	for _, d := range ds {
		owners = append(owners, d.Owner)
	}
	if err := rd.learn(map[string][]record.ID{"user": owners}); err != nil {
		return nil, err
	}
	out := seenDashboards{Data: []seenDashboard{}}
	for _, d := range ds {
		out.Data = append(out.Data, seenDashboard{ID: string(d.ID), Version: d.Version, Name: d.Name, Tiles: append([]guike.Tile{}, d.Tiles...), Shared: d.Shared,
			Roles: rawOr(d.Roles), Departments: rawOr(d.Departments), By: rd.ref("user", d.Owner), Mine: d.Mine})
	}
	return out, nil
}
