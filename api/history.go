package api

import (
	"encoding/json"
	"strconv"

	"guike"
	"guike/classify"
	"guike/record"
	"guike/store"
)

type history struct {
	Data []entry `json:"data"`
	Next string  `json:"next_cursor"`
	More bool    `json:"has_more"`
}

type entry struct {
	ID      string            `json:"id"`
	Op      string            `json:"op"`
	At      string            `json:"at"`
	Version int64             `json:"version"`
	By      *ref              `json:"by"`
	Name    string            `json:"name"`
	Cause   string            `json:"cause"`
	CauseID string            `json:"cause_id"`
	Fields  map[string][2]any `json:"fields"`
}

func (c *call) history(kind string) (any, error) {
	before, _ := strconv.ParseInt(c.r.URL.Query().Get("cursor"), 10, 64) // no number means from the newest
	limit := c.int("limit", 50, store.MaxPage)
	cs, err := c.s.db.History(c, c.scope, kind, c.id(), before, limit+1)
	if err != nil {
		return nil, err
	}
	out := history{}
	if len(cs) > limit {
		cs = cs[:limit]
		out.More, out.Next = true, strconv.FormatInt(cs[limit-1].ID, 10)
	}
	k, err := c.kind(kind)
	if err != nil {
		return nil, err
	}
	out.Data, err = c.changes(k, cs)
	return out, err
}

// changes renders entries of a record's history.
func (c *call) changes(k *record.Kind, cs []record.Change) ([]entry, error) {
	rd, err := c.renderer()
	if err != nil {
		return nil, err
	}
	want := map[string][]record.ID{}
	for _, x := range cs {
		want["user"] = append(want["user"], x.By)
		for name, pair := range x.Fields {
			if f := k.Field(name); f != nil && f.Type == record.Ref {
				for _, raw := range pair {
					var id record.ID
					if json.Unmarshal(raw, &id) == nil && id != "" {
						want[f.Ref] = append(want[f.Ref], id)
					}
				}
			}
		}
	}
	if err := rd.learn(want); err != nil {
		return nil, err
	}
	out := []entry{}
	for _, x := range cs {
		e := entry{strconv.FormatInt(x.ID, 10), x.Op, x.At.String(), x.Version, rd.ref("user", x.By), x.Name, x.Cause.Kind, x.Cause.ID, map[string][2]any{}}
		for name, pair := range x.Fields {
			e.Fields[name] = [2]any{rd.changed(k, name, pair[0]), rd.changed(k, name, pair[1])}
		}
		out = append(out, e)
	}
	return out, nil
}

type reasons struct {
	Data []reason `json:"data"`
}

type reason struct {
	Field      string         `json:"field"`
	Value      any            `json:"value"`
	Origin     string         `json:"origin"`
	Rule       *ref           `json:"rule"`
	Number     int64          `json:"number,omitempty"`
	Version    int64          `json:"version,omitempty"`
	Confidence float64        `json:"confidence"`
	Reason     string         `json:"reason"`
	Filter     *record.Filter `json:"filter,omitempty"`
	By         *ref           `json:"by"`
	At         string         `json:"at"`
}

func (c *call) why(kind string) (any, error) {
	r, err := c.s.db.Get(c, c.scope, kind, c.id())
	if err != nil {
		return nil, err
	}
	k, err := c.kind(kind)
	if err != nil {
		return nil, err
	}
	ds, err := c.s.db.Decisions(c, c.id())
	if err != nil {
		return nil, err
	}
	rd, err := c.renderer()
	if err != nil {
		return nil, err
	}
	want := map[string][]record.ID{}
	for _, d := range ds[c.id()] {
		if d.Origin == "rule" {
			want["rule"] = append(want["rule"], d.Rule)
		}
		want["user"] = append(want["user"], d.By)
	}
	if err := rd.learn(want); err != nil {
		return nil, err
	}
	rules, err := c.s.db.GetAll(c, record.SystemScope("api"), "rule", want["rule"], record.Everything, "")
	if err != nil {
		return nil, err
	}
	numbers := map[record.ID]int64{}
	for _, x := range rules {
		numbers[x.Head().ID] = x.(*guike.Rule).Number
	}
	out := reasons{Data: []reason{}}
	vs := k.Values(r)
	for i := range k.Fields {
		f := &k.Fields[i]
		if f.Type != record.Category || !c.scope.Sees(kind, f) {
			continue
		}
		d, ok := ds[c.id()][f.Name]
		if !ok {
			d.Origin = "none"
		}
		x := reason{Field: f.Name, Value: rd.categories(f, vs[i]), Origin: d.Origin, Rule: ruleOf(rd, d), Number: numbers[d.Rule], Version: d.Version,
			Confidence: d.Confidence, Reason: d.Reason, By: rd.ref("user", d.By), At: d.At.String()}
		if d.Origin == "rule" {
			var flt record.Filter
			if json.Unmarshal([]byte(d.Reason), &flt) == nil {
				x.Filter, x.Reason = &flt, classify.Words(flt)
			}
		}
		out.Data = append(out.Data, x)
	}
	return out, nil
}

type setting struct {
	Set     map[string]json.RawMessage `json:"set,omitempty"`
	Release []string                   `json:"release,omitempty"`
}

func (c *call) classify(kind string) (any, error) {
	in, err := decode[setting](c)
	if err != nil {
		return nil, err
	}
	set := map[string][]string{}
	for name, raw := range in.Set {
		var many []string
		var single *string
		switch {
		case json.Unmarshal(raw, &single) == nil:
			if single != nil {
				many = []string{*single}
			}
		case json.Unmarshal(raw, &many) != nil:
			return nil, record.FieldError(name, "error.not_a_category")
		}
		set[name] = many
	}
	r, err := classify.Set(c, c.s.db, c.scope, kind, c.id(), set, in.Release)
	if err != nil {
		return nil, err
	}
	k, err := c.kind(kind)
	if err != nil {
		return nil, err
	}
	return c.one(k, r)
}

// ruleOf is the rule that decided; what was looked up names the record found at in its reason.
func ruleOf(rd *renderer, d record.Decision) *ref {
	if d.Origin != "rule" {
		return nil
	}
	return rd.ref("rule", d.Rule)
}
