package api

import (
	"net/http"

	"guike/access"
)

// roles adds the routes by which a workspace makes roles of its own, and says what each may do.
func (s *Server) roles() {
	s.add(route{method: "POST", path: "/roles", summary: "Make a role", in: schema[newRole](s), out: schema[made](s), status: http.StatusCreated, do: func(c *call) (any, error) {
		in, err := decode[newRole](c)
		if err != nil {
			return nil, err
		}
		if in.Grants == nil {
			in.Grants = &access.Grants{}
		}
		id, err := access.AddRole(c, c.s.db, c.scope, in.Label, *in.Grants)
		return made{ID: string(id)}, err
	}})
	s.add(route{method: "PATCH", path: "/roles/{id}", summary: "Change what a role is called or may do", in: schema[newRole](s), do: func(c *call) (any, error) {
		in, err := decode[newRole](c)
		if err != nil {
			return nil, err
		}
		return nil, access.EditRole(c, c.s.db, c.scope, c.id(), in.Label, in.Grants)
	}})
	s.add(route{method: "DELETE", path: "/roles/{id}", summary: "Delete a role that nobody has", do: func(c *call) (any, error) {
		return nil, access.DeleteRole(c, c.s.db, c.scope, c.id())
	}})
}

type newRole struct {
	Label  string         `json:"label,omitempty"`
	Grants *access.Grants `json:"grants,omitempty" doc:"as a whole; * stands for kinds not named, also those made later"`
}
