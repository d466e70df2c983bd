package classify

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"guike"
	"guike/fold"
	"guike/record"
	"guike/store"
)

// A batch is what deciding many records shares: the catalogue, which grows by categories made on the way, and records looked at over references.
type batch struct {
	ctx    context.Context
	tx     *store.Tx
	cat    *store.Catalogue
	loaded map[string]map[record.ID]record.Record
	past   map[string]map[record.ID][]store.Past // by field: what referred records were
	err    error
}

// prefetch loads all records that the batch's records refer to over a reference that the plan reads, one query a kind.
func (b *batch) prefetch(p *plan, recs []record.Record) error {
	for name := range p.inputs {
		f := p.kind.Field(name)
		if f == nil || f.Type != record.Ref {
			continue
		}
		var ids []record.ID
		for _, r := range recs {
			if v := p.kind.Get(r, name); !v.Null {
				ids = append(ids, record.ID(v.S))
			}
		}
		if err := b.fetch(f.Ref, ids); err != nil {
			return err
		}
	}
	return nil
}

func (b *batch) fetch(kind string, ids []record.ID) error {
	if b.loaded[kind] == nil {
		b.loaded[kind] = map[record.ID]record.Record{}
	}
	slices.Sort(ids)
	ids = slices.DeleteFunc(slices.Compact(ids), func(id record.ID) bool { _, ok := b.loaded[kind][id]; return ok })
	if len(ids) == 0 {
		return nil
	}
	recs, err := b.tx.GetAll(b.ctx, record.SystemScope("classify"), kind, ids, record.Everything, "")
	for _, id := range ids {
		b.loaded[kind][id] = nil
	}
	for _, r := range recs {
		b.loaded[kind][r.Head().ID] = r
	}
	return err
}

// load is the evaluator's loader. A failure is kept and ends the batch: an error is never "not found".
func (b *batch) load(kind string, id record.ID) record.Record {
	if r, ok := b.loaded[kind][id]; ok {
		return r
	}
	if err := b.fetch(kind, []record.ID{id}); err != nil {
		b.err = err
	}
	return b.loaded[kind][id]
}

// A verdict is one dimension's value of one record, and why.
type verdict struct {
	value record.Value
	why   record.Decision
}

// decide decides one record's dimensions and answers what differs from what it has.
func (b *batch) decide(p *plan, rec record.Record, have map[string]record.Decision) (store.Patch, error) {
	patch := store.Patch{Values: map[string]record.Value{}, Decisions: map[string]record.Decision{}}
	values := p.kind.Values(rec)
	for _, d := range p.dims {
		was, decided := have[d.Name]
		if was.Origin == "person" || was.Origin == "import" {
			continue // whoever imported it is a person too
		}
		v, err := b.verdict(p, d, values)
		if err != nil {
			return patch, err
		}
		v.why.At = 0
		was.At = 0
		old := values[d.field.Pos]
		if old != v.value {
			patch.Values[d.Name] = v.value
			values[d.field.Pos] = v.value // later dimensions read it
		}
		if old != v.value || !decided || was != v.why {
			patch.Decisions[d.Name] = v.why
		}
	}
	return patch, b.err
}

func (b *batch) verdict(p *plan, d *dimension, values []record.Value) (verdict, error) {
	none := verdict{record.Absent, record.Decision{Origin: "none"}}
	switch d.By {
	case guike.ByRules:
		return b.byRules(d, values), nil
	case guike.ByBands:
		f := p.kind.Field(d.Source)
		if f == nil || values[f.Pos].Null {
			return none, nil
		}
		m := values[f.Pos].Money()
		if len(d.bounds) > 0 && m.Currency != d.bounds[0].Currency {
			return none, nil // another currency has no place in these bands
		}
		i := 0
		for i < len(d.bounds) && m.Minor >= d.bounds[i].Minor {
			i++
		}
		cat := b.cat.Coded(d.ID, fmt.Sprint(i))
		if cat == nil {
			return none, nil
		}
		reason := ""
		if i > 0 {
			reason = "≥ " + d.bounds[i-1].Decimal()
		}
		if i < len(d.bounds) {
			reason = strings.TrimSpace(reason + " < " + d.bounds[i].Decimal())
		}
		return verdict{record.NumberValue(cat.N), record.Decision{Origin: "computed", Confidence: 1, Reason: d.Source + " " + reason}}, nil
	case guike.ByPeriod:
		for name := range strings.SplitSeq(d.Source, ",") {
			f := p.kind.Field(name)
			if f == nil || values[f.Pos].Null {
				continue
			}
			n, err := b.month(d.ID, values[f.Pos].S)
			return verdict{record.NumberValue(n), record.Decision{Origin: "computed", Confidence: 1, Reason: name + " " + values[f.Pos].S}}, err
		}
		return none, nil
	case guike.ByField:
		f := p.kind.Field(d.Source)
		if f == nil || values[f.Pos].Null {
			return none, nil
		}
		n, err := b.category(d.ID, "", values[f.Pos].S, fold.Name(values[f.Pos].S), 0)
		return verdict{record.NumberValue(n), record.Decision{Origin: "computed", Confidence: 1, Reason: d.Source + " " + values[f.Pos].S}}, err
	case guike.ByLookup:
		ref, name, _ := strings.Cut(d.Source, ".")
		f := p.kind.Field(ref)
		if f == nil || values[f.Pos].Null {
			return none, nil
		}
		target := b.load(f.Ref, record.ID(values[f.Pos].S))
		if target == nil {
			return none, nil
		}
		v, reason := b.cat.Kind(f.Ref).Get(target, name), target.Head().Title
		if d.AsOf != "" {
			day := dayOf(p.kind, d, values, b.cat.Zone)
			var err error
			if v, err = b.valueAt(target, name, v, day, record.Time(values[record.PosCreatedAt].N)); err != nil {
				return none, err
			}
			reason += " · " + string(day)
		}
		if v.Null {
			return none, nil
		}
		return verdict{v, record.Decision{Origin: "lookup", Rule: target.Head().ID, Confidence: 1, Reason: reason}}, nil
	}
	return none, nil
}

// byRules lets the first rule that holds win; a dimension with several values takes all that hold.
func (b *batch) byRules(d *dimension, values []record.Value) verdict {
	var ns []int64
	var why record.Decision
	for _, r := range d.rules {
		if r.broken != "" || !r.cond.Eval(values, b.load) {
			continue
		}
		ns = append(ns, r.cat.N)
		if len(ns) == 1 {
			reason, err := json.Marshal(explain(r.filter, &r.cond, values, b.load))
			if err != nil {
				reason = nil // a filter that was read from JSON is written to it
			}
			why = record.Decision{Origin: "rule", Rule: r.ID, Version: r.Revision, Confidence: 1, Reason: string(reason)}
		}
		if !d.Multi {
			return verdict{record.NumberValue(r.cat.N), why}
		}
	}
	if len(ns) == 0 {
		return verdict{record.Absent, record.Decision{Origin: "none"}}
	}
	slices.Sort(ns)
	return verdict{record.Several(slices.Compact(ns)), why}
}

// explain keeps of a condition that holds what made it hold: of "or" the first part that does.
func explain(f record.Filter, c *record.Cond, values []record.Value, load record.Loader) record.Filter {
	switch {
	case len(f.And) > 0 && c.Op == record.And && len(c.Kids) == len(f.And):
		out := record.Filter{}
		for i := range f.And {
			out.And = append(out.And, explain(f.And[i], &c.Kids[i], values, load))
		}
		return out
	case len(f.Or) > 0 && c.Op == record.Or && len(c.Kids) == len(f.Or):
		for i := range f.Or {
			if c.Kids[i].Eval(values, load) {
				return explain(f.Or[i], &c.Kids[i], values, load)
			}
		}
	}
	return f
}

// month finds or makes the category of a day's month, below its quarter and year.
func (b *batch) month(dim record.ID, day string) (int64, error) {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return 0, fmt.Errorf("day %q: %w", day, err)
	}
	quarter := (int(t.Month()) + 2) / 3
	year := fmt.Sprintf("%04d", t.Year())
	// Newest first among siblings.
	if _, err := b.category(dim, "", year, year, -int64(t.Year())); err != nil {
		return 0, err
	}
	q := fmt.Sprintf("%s-Q%d", year, quarter)
	if _, err := b.category(dim, year, q, q, -int64(quarter)); err != nil {
		return 0, err
	}
	m := t.Format("2006-01")
	return b.category(dim, q, m, m, -int64(t.Month()))
}

// category finds a category of a dimension by its code, or makes it below the one with the parent's code.
func (b *batch) category(dim record.ID, parent, name, code string, position int64) (int64, error) {
	if cat := b.cat.Coded(dim, code); cat != nil {
		return cat.N, nil
	}
	c := &guike.Category{Dimension: dim, Name: name, Code: code, Position: position}
	if parent != "" {
		c.Parent = b.cat.Coded(dim, parent).ID
	}
	if err := b.tx.Create(b.ctx, c); err != nil {
		return 0, err
	}
	b.cat = b.tx.Catalogue()
	return c.N, nil
}
