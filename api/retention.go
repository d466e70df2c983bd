package api

import (
	"guike/cabinet"
	"guike/record"
)

// retention adds the routes of how long files are kept, and of what keeps them longer.
func (s *Server) retention() {
	s.add(route{method: "GET", path: "/cabinet/retention", summary: "For how long kinds of file are kept", out: schema[kept](s), do: (*call).kept})
	s.add(route{method: "PUT", path: "/cabinet/retention", summary: "Keep kinds of file for other times", in: schema[cabinet.Retention](s), out: schema[kept](s), do: (*call).setKept})
	s.add(route{method: "GET", path: "/cabinet/due", summary: "Documents that have been kept long enough and that nothing holds", out: schema[dues](s), query: []string{"after"}, do: (*call).due})
	for _, kind := range []string{"customer", "document"} {
		plural := kind + "s"
		s.add(route{method: "POST", path: "/" + plural + "/{id}/hold", summary: "Keep it, and what refers to it, from being removed for ever", in: schema[holding](s), do: func(c *call) (any, error) {
			in, err := decode[holding](c)
			if err != nil {
				return nil, err
			}
			if in.Reason == "" {
				return nil, record.FieldError("reason", "error.required")
			}
			_, err = cabinet.Hold(c, c.s.db, c.scope, kind, c.id(), in.Reason)
			return nil, err
		}})
		s.add(route{method: "POST", path: "/" + plural + "/{id}/release", summary: "Lift its hold", do: func(c *call) (any, error) {
			_, err := cabinet.Hold(c, c.s.db, c.scope, kind, c.id(), "")
			return nil, err
		}})
	}
}

type holding struct {
	Reason string `json:"reason"`
}

type kept struct {
	cabinet.Retention
	Kinds []ref `json:"kinds" doc:"the kinds of file"`
}

func (c *call) kept() (any, error) {
	cat, err := c.s.db.Catalogue(c, true)
	if err != nil {
		return nil, err
	}
	return kept{cabinet.LoadRetention(cat, c.scope), c.fileKinds(cat)}, nil
}

func (c *call) setKept() (any, error) {
	in, err := decode[cabinet.Retention](c)
	if err != nil {
		return nil, err
	}
	if err := cabinet.SaveRetention(c, c.s.db, c.scope, in); err != nil {
		return nil, err
	}
	return c.kept()
}

type dues struct {
	Data  []due `json:"data"`
	Total int64 `json:"total" doc:"on the first page"`
	Held  int64 `json:"held" doc:"that would be due, and are held; on the first page"`
	Next  int64 `json:"next"`
}

type due struct {
	Document ref    `json:"document"`
	Customer *ref   `json:"customer"`
	Kind     ref    `json:"kind"`
	Day      string `json:"day" doc:"that it bears, or that it came"`
	Years    int    `json:"years" doc:"for which its kind is kept"`
}

func (c *call) due() (any, error) {
	after, err := c.after()
	if err != nil {
		return nil, err
	}
	p, err := cabinet.FindDue(c, c.s.db, c.scope, after)
	if err != nil {
		return nil, err
	}
	rd, err := c.renderer()
	if err != nil {
		return nil, err
	}
	var ids []record.ID
	for _, d := range p.Due {
		ids = append(ids, d.Customer)
	}
	if err := rd.learn(map[string][]record.ID{"customer": ids}); err != nil {
		return nil, err
	}
	out := dues{Data: []due{}, Total: p.Total, Held: p.Held, Next: p.Next}
	for _, d := range p.Due {
		out.Data = append(out.Data, due{ref{ID: string(d.Document), Title: d.Title}, rd.ref("customer", d.Customer), rd.fileKind(d.Kind), string(d.Day), d.Years})
	}
	return out, nil
}
