package api

import (
	"context"
	"fmt"
	"net/http"

	"guike/record"
	"guike/shape"
	"guike/store"
)

// kind answers the call's kind under the newest catalogue.
func (c *call) kind(name string) (*record.Kind, error) {
	cat, err := c.s.db.Catalogue(c, false)
	if err != nil {
		return nil, err
	}
	if k := cat.Kind(name); k != nil {
		return k, nil
	}
	return nil, record.Errorf(record.NotFound, "error.no_such_kind")
}

// A Find is what :query, :count and :facets ask.
type Find struct {
	Filter record.Filter `json:"filter"`
	Q      string        `json:"q,omitempty"`
	Sort   string        `json:"sort,omitempty"`
	Limit  int           `json:"limit,omitempty"`
	Cursor string        `json:"cursor,omitempty"`
	Skip   int           `json:"skip,omitempty" doc:"rows passed over after the cursor"`
	Trash  bool          `json:"trash,omitempty"`
	Sum    []string      `json:"sum,omitempty"`
	Fields []string      `json:"fields,omitempty"`
	By     []record.By   `json:"by,omitempty" doc:"of :groups: up to two fields"`
}

func (f Find) query(kind string) store.Query {
	return store.Query{Kind: kind, Filter: f.Filter, Words: f.Q, Sort: f.Sort, Limit: f.Limit, Cursor: f.Cursor, Skip: f.Skip, Trash: f.Trash}
}

type list struct {
	Data    []object `json:"data"`
	Next    string   `json:"next_cursor"`
	More    bool     `json:"has_more"`
	Stopped bool     `json:"stopped,omitempty"`
}

func (c *call) page(kind string, q store.Query) (any, error) {
	p, err := c.s.db.List(c, c.scope, q)
	if err != nil {
		return nil, err
	}
	k, err := c.kind(kind)
	if err != nil {
		return nil, err
	}
	rd, err := c.renderer()
	if err != nil {
		return nil, err
	}
	if err := rd.fetch(k, p.Records); err != nil {
		return nil, err
	}
	out := list{Data: make([]object, 0, len(p.Records)), Next: p.Next, More: p.Next != "", Stopped: p.Stopped}
	for _, r := range p.Records {
		out.Data = append(out.Data, rd.record(k, r))
	}
	return out, nil
}

func (c *call) one(k *record.Kind, r record.Record) (any, error) {
	rd, err := c.renderer()
	if err != nil {
		return nil, err
	}
	if k = rd.cat.Kind(k.Name); k == nil {
		return nil, record.Errorf(record.NotFound, "error.no_such_kind")
	}
	if err := rd.fetch(k, []record.Record{r}); err != nil {
		return nil, err
	}
	c.w.Header().Set("ETag", etag(r))
	return rd.record(k, r), nil
}

// records adds the routes of one kind.
func (s *Server) records(k *record.Kind) {
	kind, base, item := k.Name, "/"+k.Plural, "/"+k.Plural+"/{id}"
	rec, page := s.recordSchema(k), s.pageSchema(k)
	find := schema[Find](s)
	if kind != "comment" { // for whose readers the same address answers what is said about one record
		s.add(route{method: "GET", path: base, summary: "List " + k.Plural, out: page, query: []string{"limit", "cursor", "sort", "q"}, do: func(c *call) (any, error) {
			v := c.r.URL.Query()
			return c.page(kind, store.Query{Kind: kind, Words: v.Get("q"), Sort: v.Get("sort"), Cursor: v.Get("cursor"), Limit: c.int("limit", 50, store.MaxPage)})
		}})
	}
	s.add(route{method: "POST", path: base + ":query", summary: "List " + k.Plural + " that a filter keeps", in: find, out: page, do: func(c *call) (any, error) {
		f, err := decode[Find](c)
		if err != nil {
			return nil, err
		}
		return c.page(kind, f.query(kind))
	}})
	s.add(route{method: "POST", path: base + ":count", summary: "Count and add up " + k.Plural, in: find, out: schema[counted](s), do: func(c *call) (any, error) { return c.count(kind) }})
	s.add(route{method: "POST", path: base + ":marks", summary: "Places spread over all " + k.Plural + " that a filter keeps", in: find, out: schema[marked](s), do: func(c *call) (any, error) { return c.marks(kind) }})
	s.add(route{method: "POST", path: base + ":groups", summary: "Take " + k.Plural + " apart by the values of up to two fields, with sums", in: find, out: schema[grouped](s), do: func(c *call) (any, error) { return c.groups(kind) }})
	s.add(route{method: "POST", path: base + ":facets", summary: "Count " + k.Plural + " by the values of fields", in: find, out: schema[facets](s), do: func(c *call) (any, error) { return c.facets(kind) }})
	s.add(route{method: "GET", path: base + ":export", summary: "All " + k.Plural + " that a filter keeps, as a file", raw: true, query: []string{"format", "filter", "q", "sort", "lang"}, do: func(c *call) (any, error) { return c.export(kind) }})
	s.add(route{method: "POST", path: base + ":export", summary: "All " + k.Plural + " that a filter keeps, as a file", in: schema[Output](s), raw: true, do: func(c *call) (any, error) { return c.export(kind) }})
	s.add(route{method: "GET", path: item, summary: "Read one of " + k.Plural, out: rec, do: func(c *call) (any, error) {
		r, err := s.db.Get(c, c.scope, kind, c.id())
		if err != nil {
			return nil, err
		}
		return c.one(k, r)
	}})
	s.add(route{method: "GET", path: item + "/history", summary: "What was changed, newest first", out: schema[history](s), query: []string{"cursor", "limit"}, do: func(c *call) (any, error) { return c.history(kind) }})
	s.add(route{method: "GET", path: item + "/timeline", summary: "What happened about it, newest first: said, changed, and the records that name it", out: schema[timeline](s), query: []string{"what", "cursor", "limit"}, do: func(c *call) (any, error) { return c.timeline(kind) }})
	if k.Verbs {
		return
	}
	s.add(route{method: "GET", path: item + "/related", summary: "What names it, kind by kind: how many, their sum, the newest", out: schema[related](s), do: func(c *call) (any, error) { return c.related(kind) }})
	s.add(route{method: "POST", path: base, summary: "Create one of " + k.Plural, in: rec, out: rec, status: http.StatusCreated, do: func(c *call) (any, error) { return c.create(kind) }})
	s.bulks(k)
	s.add(route{method: "PATCH", path: item, summary: "Change fields (merge patch)", in: rec, out: rec, do: func(c *call) (any, error) { return c.update(kind) }})
	s.add(route{method: "DELETE", path: item, summary: "Put into the trash", do: func(c *call) (any, error) {
		_, err := c.bin(kind, (*store.Tx).Delete)
		return nil, err
	}})
	s.add(route{method: "POST", path: item + "/restore", summary: "Take out of the trash", out: rec, do: func(c *call) (any, error) {
		r, err := c.bin(kind, (*store.Tx).Restore)
		if err != nil {
			return nil, err
		}
		return c.one(k, r)
	}})
	s.add(route{method: "POST", path: item + "/purge", summary: "Remove for ever", do: func(c *call) (any, error) {
		if !c.scope.Admin {
			return nil, record.Errorf(record.Denied, "error.denied")
		}
		_, err := c.bin(kind, (*store.Tx).Purge)
		return nil, err
	}})
	s.add(route{method: "GET", path: item + "/why", summary: "Where each category comes from", out: schema[reasons](s), do: func(c *call) (any, error) { return c.why(kind) }})
	s.add(route{method: "POST", path: item + "/classify", summary: "Decide categories as a person, or give them back", in: schema[setting](s), out: rec, do: func(c *call) (any, error) { return c.classify(kind) }})
}

func (c *call) create(kind string) (any, error) {
	k, err := c.kind(kind)
	if err != nil {
		return nil, err
	}
	values, err := c.read(k)
	if err != nil {
		return nil, err
	}
	var r record.Record
	err = c.s.db.Tx(c, c.scope, func(tx *store.Tx) error {
		r = k.New()
		for name, v := range values {
			k.Set(r, name, v)
		}
		return tx.Create(c, r)
	})
	if err != nil {
		return nil, err
	}
	c.w.Header().Set("Location", fmt.Sprintf("%s/%s/%s", prefix, k.Plural, r.Head().ID))
	return c.one(k, r)
}

func (c *call) update(kind string) (any, error) {
	k, err := c.kind(kind)
	if err != nil {
		return nil, err
	}
	values, err := c.read(k)
	if err != nil {
		return nil, err
	}
	since, err := c.ifMatch()
	if err != nil {
		return nil, err
	}
	var r record.Record
	var proposed []string
	if err := c.s.db.Tx(c, c.scope, func(tx *store.Tx) error {
		r, proposed, err = shape.Propose(c, tx, kind, c.id(), store.Patch{Values: values, Since: since})
		return err
	}); err != nil {
		return nil, err
	}
	out, err := c.one(k, r)
	if o, ok := out.(object); ok && len(proposed) > 0 {
		o.set("proposed", proposed) // waits for who reviews these fields
		out = o
	}
	return out, err
}

func (c *call) bin(kind string, verb func(*store.Tx, context.Context, string, record.ID) (record.Record, error)) (record.Record, error) {
	var r record.Record
	err := c.s.db.Tx(c, c.scope, func(tx *store.Tx) error {
		var err error
		r, err = verb(tx, c, kind, c.id())
		return err
	})
	return r, err
}

type counted struct {
	Count int64 `json:"count"`
	Exact bool  `json:"exact"`
	Sums  []sum `json:"sums"`
}

type sum struct {
	Field    string `json:"field"`
	Currency string `json:"currency"`
	Amount   string `json:"amount"`
}

func (c *call) count(kind string) (any, error) {
	f, err := decode[Find](c)
	if err != nil {
		return nil, err
	}
	n, sums, err := c.s.db.Count(c, c.scope, f.query(kind), f.Sum)
	if err != nil {
		return nil, err
	}
	out := counted{Count: n, Exact: true, Sums: []sum{}}
	for _, x := range sums {
		out.Sums = append(out.Sums, sum{x.Field, x.Money.Currency, x.Money.Decimal()})
	}
	return out, nil
}

type marked struct {
	Count int64  `json:"count"`
	Marks []mark `json:"marks"`
}

type mark struct {
	At     int64  `json:"at" doc:"rows before it"`
	Cursor string `json:"cursor" doc:"leads there"`
}

func (c *call) marks(kind string) (any, error) {
	f, err := decode[Find](c)
	if err != nil {
		return nil, err
	}
	n, ms, err := c.s.db.Marks(c, c.scope, f.query(kind))
	if err != nil {
		return nil, err
	}
	out := marked{Count: n, Marks: []mark{}}
	for _, m := range ms {
		out.Marks = append(out.Marks, mark{m.At, m.Cursor})
	}
	return out, nil
}

type facets struct {
	Data  []facet `json:"data"`
	Exact bool    `json:"exact"`
	AsOf  string  `json:"as_of" doc:"the moment whose records are counted"`
}

type facet struct {
	Field  string       `json:"field"`
	Exact  bool         `json:"exact"`
	Values []facetValue `json:"values"`
}

type facetValue struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	Parent string `json:"parent"`
	Count  int64  `json:"count"`
}

func (c *call) facets(kind string) (any, error) {
	f, err := decode[Find](c)
	if err != nil {
		return nil, err
	}
	fs, err := c.s.db.Facets(c, c.scope, f.query(kind), f.Fields)
	if err != nil {
		return nil, err
	}
	k, err := c.kind(kind)
	if err != nil {
		return nil, err
	}
	rd, err := c.renderer()
	if err != nil {
		return nil, err
	}
	out := facets{Data: []facet{}, Exact: true}
	if len(fs) > 0 {
		out.AsOf = record.At(fs[0].AsOf).String()
	}
	for _, x := range fs {
		fd := k.Field(x.Field)
		if fd.Type == record.Ref {
			var ids []record.ID
			for _, v := range x.Values {
				ids = append(ids, record.ID(v.ID))
			}
			if err := rd.learn(map[string][]record.ID{fd.Ref: ids}); err != nil {
				return nil, err
			}
		}
		ft := facet{Field: x.Field, Exact: x.Exact, Values: []facetValue{}}
		out.Exact = out.Exact && x.Exact
		for _, v := range x.Values {
			fv := facetValue{v.ID, v.Title, v.Parent, v.Count}
			if fd.Type == record.Ref {
				fv.Title = rd.titles[fd.Ref][record.ID(v.ID)]
			}
			ft.Values = append(ft.Values, fv)
		}
		out.Data = append(out.Data, ft)
	}
	return out, nil
}
