package api

import (
	"encoding/json"
	"net/http"
	"slices"

	"guike"
	"guike/record"
	"guike/store"
	"guike/view"
)

// views adds the routes of named ways of looking at a list.
func (s *Server) views() {
	s.add(route{method: "GET", path: "/views", summary: "Views of a kind that reach me; first is where my list begins", out: schema[seenViews](s), query: []string{"of"}, do: (*call).views})
	s.add(route{method: "POST", path: "/views", summary: "Keep a view", in: schema[viewMembers](s), out: schema[made](s), status: http.StatusCreated, do: func(c *call) (any, error) {
		values, err := c.viewValues()
		if err != nil {
			return nil, err
		}
		k, err := c.kind("view")
		if err != nil {
			return nil, err
		}
		v := new(guike.View)
		for name, x := range values {
			k.Set(v, name, x)
		}
		if err := view.Make(c, c.s.db, c.scope, v); err != nil {
			return nil, err
		}
		return made{ID: string(v.ID)}, nil
	}})
	s.add(route{method: "PATCH", path: "/views/{id}", summary: "Change a view of mine", in: schema[viewMembers](s), do: func(c *call) (any, error) {
		values, err := c.viewValues()
		if err != nil {
			return nil, err
		}
		since, err := c.ifMatch()
		if err != nil {
			return nil, err
		}
		_, err = view.Change(c, c.s.db, c.scope, c.id(), store.Patch{Values: values, Since: since})
		return nil, err
	}})
	s.add(route{method: "DELETE", path: "/views/{id}", summary: "Put a view of mine into the trash", do: func(c *call) (any, error) { return nil, view.Drop(c, c.s.db, c.scope, c.id()) }})
	s.add(route{method: "POST", path: "/views/{id}/restore", summary: "Take a view of mine out of the trash", do: func(c *call) (any, error) { return nil, view.Restore(c, c.s.db, c.scope, c.id()) }})
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
	Shared      bool            `json:"shared,omitempty"`
	Roles       []string        `json:"roles,omitempty" doc:"the audience; with no role and no department it is everyone"`
	Departments []string        `json:"departments,omitempty"`
	Standard    bool            `json:"standard,omitempty" doc:"where its audience's list begins"`
}

func (c *call) viewValues() (map[string]record.Value, error) {
	values, err := c.members("view")
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
	Version     int64           `json:"version"`
	Name        string          `json:"name"`
	Filter      json.RawMessage `json:"filter"`
	Words       string          `json:"words"`
	Sort        string          `json:"sort"`
	Columns     json.RawMessage `json:"columns"`
	Layout      json.RawMessage `json:"layout"`
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
		out.Data = append(out.Data, seenView{ID: string(v.ID), Version: v.Version, Name: v.Name, Filter: rawOr(v.Filter), Words: v.Words, Sort: v.Sort, Columns: rawOr(v.Columns), Layout: rawOr(v.Layout),
			Shared: v.Shared, Roles: rawOr(v.Roles), Departments: rawOr(v.Departments), Standard: v.Standard, By: rd.ref("user", v.Owner), Mine: v.Mine, First: v.First})
	}
	return out, nil
}
