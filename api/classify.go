package api

import (
	"encoding/json"

	"guike"
	"guike/classify"
	"guike/record"
	"guike/store"
)

type dimensions struct {
	Data []dimension `json:"data"`
}

type dimension struct {
	ID         string     `json:"id"`
	Kind       string     `json:"kind"`
	Name       string     `json:"name"`
	Title      string     `json:"title"`
	Multi      bool       `json:"multi"`
	By         string     `json:"by"`
	Of         string     `json:"of"`
	Bounds     []string   `json:"bounds"`
	AsOf       string     `json:"as_of"`
	Categories []category `json:"categories"`
}

type category struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Parent   string `json:"parent"`
	Position int64  `json:"position"`
	Aliases  string `json:"aliases"`
	Retired  bool   `json:"retired"`
	Made     bool   `json:"made"` // by the house: its name follows the data
}

// every reads all records of a kind that a workspace has few of.
func (c *call) every(kind string, f record.Filter) ([]record.Record, error) {
	var out []record.Record
	q := store.Query{Kind: kind, Filter: f, Sort: "created_at", Limit: store.MaxPage}
	for {
		p, err := c.s.db.List(c, c.scope, q)
		if err != nil {
			return nil, err
		}
		out = append(out, p.Records...)
		if q.Cursor = p.Next; p.Next == "" {
			return out, nil
		}
	}
}

func (c *call) dimensions() (any, error) {
	recs, err := c.every("dimension", record.Filter{})
	if err != nil {
		return nil, err
	}
	cat, err := c.s.db.Catalogue(c, false)
	if err != nil {
		return nil, err
	}
	out := dimensions{Data: []dimension{}}
	for _, r := range recs {
		d := r.(*guike.Dimension)
		x := dimension{ID: string(d.ID), Kind: d.Of, Name: d.Name, Title: d.Label, Multi: d.Multi, By: d.By, Of: d.Source, AsOf: d.AsOf, Bounds: []string{}, Categories: []category{}}
		if d.Bounds != "" {
			if err := json.Unmarshal([]byte(d.Bounds), &x.Bounds); err != nil {
				return nil, err
			}
		}
		of := d.ID
		if k := cat.Kind(d.Of); k != nil && k.Field(d.Name) != nil {
			of = k.Field(d.Name).Dimension
		}
		for _, g := range cat.Categories(of) {
			x.Categories = append(x.Categories, category{string(g.ID), g.Name, string(g.Parent), g.Position, g.Aliases, g.Retired, g.Code != ""})
		}
		out.Data = append(out.Data, x)
	}
	return out, nil
}

type newDimension struct {
	Kind   string   `json:"kind"`
	Name   string   `json:"name,omitempty"`
	Title  string   `json:"title"`
	Multi  bool     `json:"multi,omitempty"`
	By     string   `json:"by,omitempty"`
	Of     string   `json:"of,omitempty"`
	Bounds []string `json:"bounds,omitempty"`
	AsOf   string   `json:"as_of,omitempty" doc:"of a lookup: the date field whose day the value is taken of, or created_at; the present value where empty"`
}

func (c *call) addDimension() (any, error) {
	in, err := decode[newDimension](c)
	if err != nil {
		return nil, err
	}
	d := guike.Dimension{Of: in.Kind, Name: in.Name, Label: in.Title, Multi: in.Multi, By: in.By, Source: in.Of, AsOf: in.AsOf}
	if in.Bounds != nil {
		b, err := json.Marshal(in.Bounds)
		if err != nil {
			return nil, err
		}
		d.Bounds = string(b)
	}
	id, err := classify.AddDimension(c, c.s.db, c.scope, d)
	return made{ID: string(id)}, err
}

type editDimension struct {
	Title  *string  `json:"title,omitempty"`
	Bounds []string `json:"bounds,omitempty"`
}

func (c *call) editDimension() (any, error) {
	in, err := decode[editDimension](c)
	if err != nil {
		return nil, err
	}
	job, err := classify.EditDimension(c, c.s.db, c.scope, c.id(), in.Title, in.Bounds, c.confirm())
	return made{ID: c.path("id"), Job: job}, err
}

type newCategory struct {
	Title   string    `json:"title"`
	Parent  record.ID `json:"parent,omitempty"`
	Aliases string    `json:"aliases,omitempty"`
}

func (c *call) addCategory() (any, error) {
	in, err := decode[newCategory](c)
	if err != nil {
		return nil, err
	}
	id, err := classify.AddCategory(c, c.s.db, c.scope, guike.Category{Dimension: c.id(), Name: in.Title, Parent: in.Parent, Aliases: in.Aliases})
	return made{ID: string(id)}, err
}

type editCategory struct {
	Title    *string `json:"title,omitempty"`
	Parent   *string `json:"parent,omitempty"`
	Position *int64  `json:"position,omitempty"`
	Aliases  *string `json:"aliases,omitempty"`
	Retired  *bool   `json:"retired,omitempty"`
}

func (c *call) editCategory() (any, error) {
	in, err := decode[editCategory](c)
	if err != nil {
		return nil, err
	}
	v := map[string]record.Value{}
	text(v, "name", in.Title)
	text(v, "parent", in.Parent)
	text(v, "aliases", in.Aliases)
	if in.Position != nil {
		v["position"] = record.NumberValue(*in.Position)
	}
	yes(v, "retired", in.Retired)
	return nil, classify.EditCategory(c, c.s.db, c.scope, c.id(), v)
}

func text(m map[string]record.Value, name string, p *string) {
	if p != nil {
		m[name] = record.TextValue(*p)
	}
}

func yes(m map[string]record.Value, name string, p *bool) {
	if p != nil {
		m[name] = record.NumberValue(map[bool]int64{true: 1}[*p])
	}
}

func (c *call) deleteCategory() (any, error) {
	return nil, classify.DeleteCategory(c, c.s.db, c.scope, c.id())
}

type rules struct {
	Data []rule `json:"data"`
}

type rule struct {
	ID        string        `json:"id"`
	Number    int64         `json:"number"`
	Dimension string        `json:"dimension"`
	Category  ref           `json:"category"`
	Title     string        `json:"title"`
	Filter    record.Filter `json:"filter"`
	Position  int64         `json:"position"`
	Version   int64         `json:"version"`
	Enabled   bool          `json:"enabled"`
	Broken    string        `json:"broken"`
}

func (c *call) rules() (any, error) {
	var f record.Filter
	if d := c.r.URL.Query().Get("dimension"); d != "" {
		f = record.Where("dimension", "eq", d)
	}
	recs, err := c.every("rule", f)
	if err != nil {
		return nil, err
	}
	cat, err := c.s.db.Catalogue(c, false)
	if err != nil {
		return nil, err
	}
	dims, err := c.every("dimension", record.Filter{})
	if err != nil {
		return nil, err
	}
	kind := map[record.ID]string{}
	for _, d := range dims {
		kind[d.Head().ID] = d.(*guike.Dimension).Of
	}
	out := rules{Data: []rule{}}
	for _, r := range recs {
		x := r.(*guike.Rule)
		y := rule{ID: string(x.ID), Number: x.Number, Dimension: string(x.Dimension), Category: ref{ID: string(x.Category)}, Title: x.Name, Position: x.Position,
			Version: x.Revision, Enabled: !x.Disabled, Broken: classify.Broken(cat, record.At(c.s.db.Now()), kind[x.Dimension], x)}
		if g := cat.Category("", string(x.Category)); g != nil {
			y.Category.Title = g.Name
		} else {
			y.Category.Gone = true
		}
		if err := json.Unmarshal([]byte(x.Filter), &y.Filter); err != nil {
			y.Broken = "error.filter"
		}
		out.Data = append(out.Data, y)
	}
	inOrder(out.Data)
	return out, nil
}

type newRule struct {
	Dimension record.ID     `json:"dimension"`
	Category  record.ID     `json:"category"`
	Title     string        `json:"title,omitempty"`
	Filter    record.Filter `json:"filter"`
	Enabled   *bool         `json:"enabled,omitempty"`
}

func (c *call) addRule() (any, error) {
	in, err := decode[newRule](c)
	if err != nil {
		return nil, err
	}
	f, err := json.Marshal(in.Filter)
	if err != nil {
		return nil, err
	}
	id, job, err := classify.AddRule(c, c.s.db, c.scope, guike.Rule{Dimension: in.Dimension, Category: in.Category, Name: in.Title, Filter: string(f), Disabled: in.Enabled != nil && !*in.Enabled}, c.confirm())
	return made{string(id), job}, err
}

type editRule struct {
	Category *string        `json:"category,omitempty"`
	Title    *string        `json:"title,omitempty"`
	Filter   *record.Filter `json:"filter,omitempty"`
	Enabled  *bool          `json:"enabled,omitempty"`
}

func (c *call) editRule() (any, error) {
	in, err := decode[editRule](c)
	if err != nil {
		return nil, err
	}
	job, err := classify.EditRule(c, c.s.db, c.scope, c.id(), c.confirm(), func(t *classify.RuleText) {
		if in.Category != nil {
			t.Category = record.ID(*in.Category)
		}
		if in.Title != nil {
			t.Title = *in.Title
		}
		if in.Filter != nil {
			t.Filter = *in.Filter
		}
		if in.Enabled != nil {
			t.Disabled = !*in.Enabled
		}
	})
	return made{c.path("id"), job}, err
}

func (c *call) deleteRule() (any, error) {
	job, err := classify.DeleteRule(c, c.s.db, c.scope, c.id(), c.confirm())
	return made{c.path("id"), job}, err
}

type ruleOrder struct {
	Rules []record.ID `json:"rules"`
}

func (c *call) orderRules() (any, error) {
	in, err := decode[ruleOrder](c)
	if err != nil {
		return nil, err
	}
	job, err := classify.Order(c, c.s.db, c.scope, c.id(), in.Rules, c.confirm())
	return made{Job: job}, err
}

type ruleTest struct {
	Dimension record.ID     `json:"dimension"`
	Filter    record.Filter `json:"filter"`
}

type ruleTested struct {
	Count int64    `json:"count"`
	Exact bool     `json:"exact"`
	Data  []object `json:"data"`
}

func (c *call) testRule() (any, error) {
	in, err := decode[ruleTest](c)
	if err != nil {
		return nil, err
	}
	d, err := c.s.db.Get(c, c.scope, "dimension", in.Dimension)
	if err != nil {
		return nil, err
	}
	kind := d.(*guike.Dimension).Of
	q := store.Query{Kind: kind, Filter: in.Filter, Limit: 20}
	n, _, err := c.s.db.Count(c, c.scope, q, nil)
	if err != nil {
		return nil, err
	}
	p, err := c.page(kind, q)
	if err != nil {
		return nil, err
	}
	return ruleTested{n, true, p.(list).Data}, nil
}
