package api

import (
	"net/http"
	"strconv"

	"guike"
	"guike/classify"
	"guike/record"
)

// setupBody is how a dimension decides, as a whole.
type setupBody struct {
	Dimension record.ID           `json:"dimension,omitempty"`
	Note      string              `json:"note,omitempty"`
	Rules     []classify.RuleText `json:"rules,omitempty"`
	Bounds    []string            `json:"bounds,omitempty" doc:"of bands: lower bounds in decimals, ascending"`
	Merge     []classify.Merge    `json:"merge,omitempty" doc:"categories to put into others; with what persons decided"`
}

type previewed struct {
	Total int64     `json:"total"`
	Moved int64     `json:"moved" doc:"records whose value would change"`
	Held  int64     `json:"held" doc:"that would, but a person decided them"`
	Moves []moved   `json:"moves"`
	Rules []wonRule `json:"rules"`
	Limit int64     `json:"ceiling" doc:"above which publishing asks ?confirm=moved"`
}

type moved struct {
	From   []ref    `json:"from"`
	To     []ref    `json:"to"`
	Count  int64    `json:"count"`
	Sample []object `json:"sample"`
}

type wonRule struct {
	ID      string    `json:"id"`
	Number  int64     `json:"number"`
	Title   string    `json:"title"`
	Holds   int64     `json:"holds" doc:"records that satisfy it"`
	Wins    int64     `json:"wins" doc:"of those, that it decides"`
	Taken   []overlap `json:"taken" doc:"of those, that earlier rules take"`
	Overlap []overlap `json:"overlap" doc:"that also satisfy a later rule"`
	Behind  *int      `json:"behind" doc:"place of an earlier rule that provably takes all"`
	Broken  string    `json:"broken"`
}

type overlap struct {
	Rule  int   `json:"rule" doc:"by place"`
	Count int64 `json:"count"`
}

// revisions adds the routes by which a change of rules or bounds is drafted, previewed, published and taken back.
func (s *Server) revisions() {
	setup := schema[setupBody](s)
	s.add(route{method: "POST", path: "/revisions", summary: "Draft a change of how a dimension decides", in: setup, out: schema[made](s), status: http.StatusCreated, do: (*call).draft})
	s.add(route{method: "PATCH", path: "/revisions/{id}", summary: "Change a draft", in: setup, out: schema[made](s), do: (*call).draft})
	s.add(route{method: "DELETE", path: "/revisions/{id}", summary: "Throw a draft away", do: func(c *call) (any, error) {
		return nil, classify.Discard(c, c.s.db, c.scope, c.id())
	}})
	s.add(route{method: "POST", path: "/revisions:preview", summary: "What a change would move, exactly", in: setup, out: schema[previewed](s), do: (*call).preview})
	s.add(route{method: "POST", path: "/revisions/{id}/publish", summary: "Put a draft in force", query: []string{"confirm"}, out: schema[made](s), do: func(c *call) (any, error) {
		job, err := classify.Publish(c, c.s.db, c.scope, c.id(), c.confirm())
		return made{c.path("id"), job}, err
	}})
	s.add(route{method: "POST", path: "/revisions/{id}/undo", summary: "Take the newest change back, and what it moved", out: schema[made](s), do: func(c *call) (any, error) {
		job, err := classify.UndoRevision(c, c.s.db, c.scope, c.id())
		return made{c.path("id"), job}, err
	}})
}

// confirm is how many records the caller knows that a change moves.
func (c *call) confirm() int64 {
	n, err := strconv.ParseInt(c.r.URL.Query().Get("confirm"), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func (c *call) draft() (any, error) {
	in, err := decode[setupBody](c)
	if err != nil {
		return nil, err
	}
	id, err := classify.Draft(c, c.s.db, c.scope, c.id(), in.Dimension, in.Note, classify.Setup{Rules: in.Rules, Bounds: in.Bounds, Merge: in.Merge})
	return made{ID: string(id)}, err
}

func (c *call) preview() (any, error) {
	in, err := decode[setupBody](c)
	if err != nil {
		return nil, err
	}
	p, err := classify.PreviewOf(c, c.s.db, c.scope, in.Dimension, classify.Setup{Rules: in.Rules, Bounds: in.Bounds, Merge: in.Merge})
	if err != nil {
		return nil, err
	}
	d, err := c.s.db.Get(c, c.scope, "dimension", in.Dimension)
	if err != nil {
		return nil, err
	}
	k, err := c.kind(d.(*guike.Dimension).Of)
	if err != nil {
		return nil, err
	}
	rd, err := c.renderer()
	if err != nil {
		return nil, err
	}
	name := func(ns []int64) []ref {
		out := []ref{}
		for _, n := range ns {
			if g := rd.cat.Numbered(n); g != nil {
				out = append(out, ref{ID: string(g.ID), Title: g.Name})
			} else {
				out = append(out, ref{Title: bandTitle(in.Bounds, n)})
			}
		}
		return out
	}
	out := previewed{Total: p.Total, Moved: p.Moved, Held: p.Held, Moves: []moved{}, Rules: []wonRule{}, Limit: classify.Ceiling}
	for _, m := range p.Moves {
		if err := rd.fetch(k, m.Sample); err != nil {
			return nil, err
		}
		x := moved{From: name(m.From), To: name(m.To), Count: m.Count, Sample: []object{}}
		for _, r := range m.Sample {
			x.Sample = append(x.Sample, rd.record(k, r))
		}
		out.Moves = append(out.Moves, x)
	}
	for _, w := range p.Rules {
		x := wonRule{ID: string(w.Rule.ID), Number: w.Rule.Number, Title: w.Rule.Title, Holds: w.Holds, Wins: w.Wins, Taken: overlaps(w.Taken), Overlap: overlaps(w.Overlap), Broken: w.Broken}
		if w.Behind >= 0 {
			x.Behind = &w.Behind
		}
		out.Rules = append(out.Rules, x)
	}
	return out, nil
}

func overlaps(m map[int]int64) []overlap {
	out := []overlap{}
	for i := range 300 {
		if n := m[i]; n > 0 {
			out = append(out, overlap{i, n})
		}
	}
	return out
}

// bandTitle names a band that is not there yet: the server will call it so.
func bandTitle(bounds []string, n int64) string {
	return classify.BandName(bounds, int(-n-1))
}
