package api

import (
	"net/http"
	"strconv"

	"guike/access"
	"guike/cabinet"
	"guike/classify"
	"guike/record"
	"guike/store"
)

// cabinet adds the routes of what ought to lie in the file cabinet.
func (s *Server) cabinet() {
	s.add(route{method: "GET", path: "/cabinet/checklist", summary: "Which kinds of file are asked for, how fresh, how open", out: schema[asked](s), do: (*call).checklist})
	s.add(route{method: "PUT", path: "/cabinet/checklist", summary: "Ask for other files", in: schema[cabinet.Checklist](s), out: schema[asked](s), do: (*call).setChecklist})
	s.add(route{method: "POST", path: "/cabinet/setup", summary: "Begin with the kinds of file, the stages and the checklist that most businesses have", out: schema[asked](s), do: (*call).setUpCabinet})
	s.add(route{method: "GET", path: "/cabinet/missing", summary: "Customers that lack a kind of file", out: schema[lacks](s), query: []string{"kind", "after"}, do: (*call).missing})
	s.add(route{method: "GET", path: "/cabinet/missing:count", summary: "How many customers lack a kind of file, and how many lack each", out: schema[lackCount](s), query: []string{"kind"}, do: (*call).countMissing})
	s.add(route{method: "GET", path: "/cabinet/outdated", summary: "Documents that are outdated, the newest of their kind", out: schema[stales](s), query: []string{"after"}, do: (*call).outdated})
	s.add(route{method: "GET", path: "/cabinet/outdated:count", summary: "How many documents are outdated", out: schema[staleCount](s), do: func(c *call) (any, error) {
		n, err := cabinet.CountStale(c, c.s.db, c.scope)
		return staleCount{n}, err
	}})
	s.add(route{method: "GET", path: "/cabinet/exposed", summary: "Shares wider than allowed, and confidential documents that too many read", out: schema[exposures](s), query: []string{"after"}, do: (*call).exposed})
	s.add(route{method: "POST", path: "/cabinet/naming:preview", summary: "What a template of names would rename", in: schema[newNaming](s), out: schema[cabinet.Preview](s), do: (*call).previewNaming})
	s.add(route{method: "POST", path: "/cabinet/naming:apply", summary: "Set the template and rename all documents, by a job that can be taken back", in: schema[newNaming](s), out: schema[made](s), status: http.StatusAccepted, do: (*call).applyNaming})
	s.add(route{method: "GET", path: "/customers/{id}/papers", summary: "How a customer stands with the files asked of him", out: schema[papersOf](s), do: (*call).papersOf})
}

type asked struct {
	cabinet.Checklist
	Ready bool  `json:"ready" doc:"documents have kinds"`
	Kinds []ref `json:"kinds" doc:"the kinds of file"`
	Roles []ref `json:"roles" doc:"the roles that people have, by name"`
}

func (c *call) checklist() (any, error) {
	cat, err := c.s.db.Catalogue(c, true)
	if err != nil {
		return nil, err
	}
	out := asked{Checklist: cabinet.Load(cat, c.scope), Kinds: c.fileKinds(cat), Roles: []ref{}}
	out.Ready = len(out.Kinds) > 0
	held, err := access.HeldRoles(c, c.s.db, "document")
	if err != nil {
		return nil, err
	}
	for _, h := range held {
		out.Roles = append(out.Roles, ref{ID: h.Name, Title: h.Label})
	}
	for _, ids := range []*[]record.ID{&out.Every, &out.Confidential} {
		if *ids == nil {
			*ids = []record.ID{}
		}
	}
	if out.Needs == nil {
		out.Needs = []cabinet.Need{}
	}
	if out.Fresh == nil {
		out.Fresh = []cabinet.Fresh{}
	}
	if out.Trusted == nil {
		out.Trusted = []string{}
	}
	return out, nil
}

// fileKinds are the kinds of file that there are.
func (c *call) fileKinds(cat *store.Catalogue) []ref {
	out := []ref{}
	if f := cat.Kind("document").Field(cabinet.Kind); f != nil && c.scope.Sees("document", f) {
		for _, k := range cat.Categories(f.Dimension) {
			if !k.Retired {
				out = append(out, ref{ID: string(k.ID), Title: k.Name})
			}
		}
	}
	return out
}

func (c *call) setChecklist() (any, error) {
	in, err := decode[cabinet.Checklist](c)
	if err != nil {
		return nil, err
	}
	if err := cabinet.Save(c, c.s.db, c.scope, in); err != nil {
		return nil, err
	}
	return c.checklist()
}

func (c *call) setUpCabinet() (any, error) {
	if err := classify.SeedFiles(c, c.s.db, c.scope); err != nil {
		return nil, err
	}
	if err := cabinet.Suggest(c, c.s.db, c.scope); err != nil {
		return nil, err
	}
	return c.checklist()
}

// after is where a page of an answer begins.
func (c *call) after() (int64, error) {
	v := c.r.URL.Query().Get("after")
	if v == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(v, 10, 64)
	if err != nil || n < 1 {
		return 0, record.FieldError("after", "error.not_a_int")
	}
	return n, nil
}

// fileKind names a kind of file.
func (rd *renderer) fileKind(id record.ID) ref {
	if f := rd.cat.Kind("document").Field(cabinet.Kind); f != nil {
		if c := rd.cat.Category(f.Dimension, string(id)); c != nil {
			return ref{ID: string(id), Title: c.Name}
		}
	}
	return ref{ID: string(id)}
}

type lacks struct {
	Data []lack `json:"data"`
	Next int64  `json:"next" doc:"after of the next page; 0 at the end"`
}

type lackCount struct {
	Total int64       `json:"total"`
	Kinds []kindCount `json:"kinds" doc:"those that somebody lacks"`
}

type staleCount struct {
	Total int64 `json:"total"`
}

type lack struct {
	Customer ref    `json:"customer"`
	Stage    string `json:"stage"`
	Kinds    []ref  `json:"kinds"`
}

type kindCount struct {
	ref
	Count int64 `json:"count"`
}

func (c *call) missing() (any, error) {
	after, err := c.after()
	if err != nil {
		return nil, err
	}
	m, err := cabinet.FindMissing(c, c.s.db, c.scope, record.ID(c.r.URL.Query().Get("kind")), after)
	if err != nil {
		return nil, err
	}
	rd, err := c.renderer()
	if err != nil {
		return nil, err
	}
	out := lacks{Data: []lack{}, Next: m.Next}
	for _, l := range m.Lacks {
		x := lack{Customer: ref{ID: string(l.Customer), Title: l.Title}, Stage: l.Stage, Kinds: []ref{}}
		for _, k := range l.Kinds {
			x.Kinds = append(x.Kinds, rd.fileKind(k))
		}
		out.Data = append(out.Data, x)
	}
	return out, nil
}

func (c *call) countMissing() (any, error) {
	total, of, err := cabinet.CountMissing(c, c.s.db, c.scope, record.ID(c.r.URL.Query().Get("kind")))
	if err != nil {
		return nil, err
	}
	cat, err := c.s.db.Catalogue(c, false)
	if err != nil {
		return nil, err
	}
	out := lackCount{Total: total, Kinds: []kindCount{}}
	for _, k := range c.fileKinds(cat) {
		if n := of[record.ID(k.ID)]; n > 0 {
			out.Kinds = append(out.Kinds, kindCount{k, n})
		}
	}
	return out, nil
}

type stales struct {
	Data []stale `json:"data"`
	Next int64   `json:"next"`
}

type stale struct {
	Document ref    `json:"document"`
	Customer *ref   `json:"customer"`
	Kind     ref    `json:"kind"`
	Day      string `json:"day" doc:"that it bears, or that it came"`
	Days     int    `json:"days" doc:"after which its kind is outdated"`
}

func (c *call) outdated() (any, error) {
	after, err := c.after()
	if err != nil {
		return nil, err
	}
	p, err := cabinet.FindStale(c, c.s.db, c.scope, after)
	if err != nil {
		return nil, err
	}
	rd, err := c.renderer()
	if err != nil {
		return nil, err
	}
	var ids []record.ID
	for _, s := range p.Stale {
		ids = append(ids, s.Customer)
	}
	if err := rd.learn(map[string][]record.ID{"customer": ids}); err != nil {
		return nil, err
	}
	out := stales{Data: []stale{}, Next: p.Next}
	for _, s := range p.Stale {
		out.Data = append(out.Data, stale{ref{ID: string(s.Document), Title: s.Title}, rd.ref("customer", s.Customer), rd.fileKind(s.Kind), string(s.Day), s.Days})
	}
	return out, nil
}

type exposures struct {
	Shares []openShare `json:"shares"`
	Total  int64       `json:"total" doc:"shares; on the first page"`
	Next   int64       `json:"next"`
	Wide   wide        `json:"wide"`
}

type openShare struct {
	ID       string   `json:"id"`
	About    string   `json:"about"`
	Rec      ref      `json:"rec"`
	Receiver string   `json:"receiver"`
	By       *ref     `json:"by"`
	Expires  string   `json:"expires_at"`
	Why      []string `json:"why" doc:"password: asks for none; long: lives too long; confidential: of a kind that nobody outside may read"`
}

type wide struct {
	Roles  []ref         `json:"roles" doc:"read all confidential documents and are not trusted to"`
	Filter record.Filter `json:"filter" doc:"which documents those are"`
	Count  int64         `json:"count"`
}

func (c *call) exposed() (any, error) {
	after, err := c.after()
	if err != nil {
		return nil, err
	}
	p, err := cabinet.FindShares(c, c.s.db, c.scope, after)
	if err != nil {
		return nil, err
	}
	w, err := cabinet.FindWide(c, c.s.db, c.scope, c.s.Roles)
	if err != nil {
		return nil, err
	}
	rd, err := c.renderer()
	if err != nil {
		return nil, err
	}
	var people []record.ID
	for _, o := range p.Open {
		people = append(people, o.By)
	}
	if err := rd.learn(map[string][]record.ID{"user": people}); err != nil {
		return nil, err
	}
	out := exposures{Shares: []openShare{}, Total: p.Total, Next: p.Next, Wide: wide{Roles: []ref{}, Filter: w.Filter, Count: w.Total}}
	for _, o := range p.Open {
		out.Shares = append(out.Shares, openShare{string(o.Share), o.About, ref{ID: string(o.Rec), Title: o.Name}, o.Receiver, rd.ref("user", o.By), o.Expires.String(), o.Why})
	}
	for _, r := range w.Readers {
		out.Wide.Roles = append(out.Wide.Roles, ref{ID: r.Name, Title: r.Label})
	}
	return out, nil
}

type papersOf struct {
	Data []paperOf `json:"data"`
}

type paperOf struct {
	Kind     ref    `json:"kind"`
	State    string `json:"state" doc:"here, missing or outdated"`
	Document *ref   `json:"document"`
	Day      string `json:"day"`
	Days     int    `json:"days" doc:"after which it is outdated; 0 never"`
}

func (c *call) papersOf() (any, error) {
	ps, err := cabinet.Papers(c, c.s.db, c.scope, c.id())
	if err != nil {
		return nil, err
	}
	rd, err := c.renderer()
	if err != nil {
		return nil, err
	}
	out := papersOf{Data: []paperOf{}}
	for _, p := range ps {
		x := paperOf{Kind: rd.fileKind(p.Kind), State: p.State, Day: string(p.Day), Days: p.Days}
		if p.Document != "" {
			x.Document = &ref{ID: string(p.Document), Title: p.Title}
		}
		out.Data = append(out.Data, x)
	}
	return out, nil
}

type newNaming struct {
	Naming string `json:"naming" doc:"the template"`
	Sample int    `json:"sample,omitempty" doc:"looks at so many documents alone; 0 at all of them"`
}

func (c *call) previewNaming() (any, error) {
	in, err := decode[newNaming](c)
	if err != nil {
		return nil, err
	}
	return cabinet.PreviewNames(c, c.s.db, c.scope, c.s.Namer, in.Naming, max(in.Sample, 0))
}

func (c *call) applyNaming() (any, error) {
	in, err := decode[newNaming](c)
	if err != nil {
		return nil, err
	}
	o, err := cabinet.RenameAll(c, c.s.db, c.scope, c.s.Namer, in.Naming)
	if err != nil {
		return nil, err
	}
	return made{string(o.ID), o.Job}, nil
}
