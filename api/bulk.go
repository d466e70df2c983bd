package api

import (
	"net/http"

	"guike/bulk"
	"guike/record"
)

// bulks adds the route by which many records of a kind are changed at once.
func (s *Server) bulks(k *record.Kind) {
	kind := k.Name
	s.add(route{method: "POST", path: "/" + k.Plural + ":edit", summary: "Change many of " + k.Plural + " at once, by a job that can be taken back", in: schema[bulk.Change](s), out: schema[made](s),
		status: http.StatusAccepted, do: func(c *call) (any, error) {
			in, err := decode[bulk.Change](c)
			if err != nil {
				return nil, err
			}
			o, err := bulk.Begin(c, c.s.db, c.scope, kind, in)
			if err != nil {
				return nil, err
			}
			return made{string(o.ID), o.Job}, nil
		}})
	s.add(route{method: "POST", path: "/" + k.Plural + ":cells", summary: "Give many of " + k.Plural + " values of their own: all or none, or a check that writes nothing", in: schema[bulk.Cells](s), out: schema[bulk.Written](s),
		do: func(c *call) (any, error) {
			in, err := decode[bulk.Cells](c)
			if err != nil {
				return nil, err
			}
			return bulk.Write(c, c.s.db, c.scope, kind, in)
		}})
}

// operations adds the route that takes such a change back.
func (s *Server) operations() {
	s.add(route{method: "POST", path: "/operations/{id}/undo", summary: "Take a change of many records back", out: schema[made](s), status: http.StatusAccepted, do: func(c *call) (any, error) {
		o, err := bulk.Undo(c, c.s.db, c.scope, c.id())
		if err != nil {
			return nil, err
		}
		return made{string(o.ID), o.Job}, nil
	}})
}
