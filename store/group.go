package store

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"guike/record"
)

// A Part is some of the records of a query: how many, and of each summed field its totals.
type Part struct {
	Count  int64
	Totals []Total
}

// A Total is the sum of a field over a part, per currency where it is money, and how many records had a value.
type Total struct {
	Field string
	Money record.Money // of a whole number, its Minor
	Float float64      // of a field of broken numbers
	Count int64
}

// A Group is the part of a query's records that share a value.
type Group struct {
	ID     string // "" of those that have none
	Title  string // categories only; references are named by the caller
	Other  bool   // what the limit left no place for, together
	Filter record.Filter
	Part
}

// A Crossing is the part that lies in one group of each of two axes, by their places.
type Crossing struct {
	At [2]int
	Part
}

// A Breakdown is a query's records taken apart: the groups of each axis, and where there are two what lies in both. Every record is in one group of an axis.
type Breakdown struct {
	Part
	Axes      [][]Group
	Crossings []Crossing
}

// Limits of the groups of an axis, where it stands alone and where two cross.
const (
	maxGroups = 500
	maxAcross = 60
)

// Groups takes apart what a query would list, by up to two fields, and adds up others. What a limit leaves no place for is one group more, never left out.
// Of a field with several values each combination is a group, its id theirs with commas: so every record counts once. Each group's filter keeps just its records.
func (r reader) Groups(ctx context.Context, sc record.Scope, q Query, by []record.By, sums []string) (*Breakdown, error) {
	s, err := r.selection(ctx, sc, q)
	if err != nil {
		return nil, err
	}
	if len(by) > 2 || len(sums) > 6 {
		return nil, record.FieldError("by", "error.too_many")
	}
	fields := make([]*record.Field, len(sums))
	for i, name := range sums {
		if fields[i] = s.k.Field(name); fields[i] == nil || !sc.Sees(q.Kind, fields[i]) || !fields[i].Summable() {
			return nil, record.FieldError("sum", "error.no_such_field")
		}
	}
	limit := maxGroups
	if len(by) == 2 {
		limit = maxAcross
	}
	axes := make([]*axis, len(by))
	for i, b := range by {
		if axes[i], err = r.axis(ctx, sc, s, b, limit); err != nil {
			return nil, err
		}
	}
	found := map[[2]string]*Part{}
	alone := len(axes) == 1 && len(fields) == 0
	if alone {
		if ok, err := r.counted(ctx, s, axes[0], found); err != nil || ok {
			return breakdown(axes, found), err
		}
	}
	for _, a := range axes {
		if a.f.Type == record.Ref {
			if err := r.largest(ctx, s, a); err != nil {
				return nil, err
			}
		}
	}
	if err := r.parts(ctx, s, axes, fields, found); err != nil {
		return nil, err
	}
	out := breakdown(axes, found)
	if alone {
		r.worth(s, out.Count)
	}
	return out, nil
}

// parts counts and adds up by the axes' keys, in one pass; currencies are grouped by, so that no sum mixes them.
func (r reader) parts(ctx context.Context, s *selection, axes []*axis, fields []*record.Field, found map[[2]string]*Part) error {
	src := s.source()
	w, wargs := compile(s.d, s.cond, "t")
	var args []any
	var list, group []string
	for _, a := range axes {
		list = append(list, a.key)
		group = append(group, fmt.Sprint(len(list)))
		args = append(args, a.args...)
	}
	list = append(list, "count(*)")
	for _, f := range fields {
		col := "t." + quote(f.Name)
		switch f.Type {
		case record.Float:
			list = append(list, "''", "count("+col+")", "sum("+col+")")
		case record.MoneyType:
			list = append(list, "t."+quote(f.Name+"_cur"), "count(*)", "CAST(sum("+col+") AS bigint)")
			group = append(group, fmt.Sprint(len(list)-2))
		default:
			list = append(list, "''", "count("+col+")", "CAST(sum("+col+") AS bigint)")
		}
	}
	sql := fmt.Sprintf("SELECT %s FROM %s WHERE %s", strings.Join(list, ", "), src.from, w)
	if len(group) > 0 {
		by := strings.Join(group, ", ")
		sql += " GROUP BY " + by + " ORDER BY " + by
	}
	cells := make([]cell, len(list))
	dst := make([]any, len(list))
	for i := range cells {
		dst[i] = &cells[i]
	}
	return r.each(ctx, sql, append(append(args, src.args...), wargs...), func(rows Rows) error {
		if err := rows.Scan(dst...); err != nil {
			return err
		}
		var at [2]string
		for i, a := range axes {
			at[i] = a.id(cells[i])
		}
		p := found[at]
		if p == nil {
			p = &Part{}
			found[at] = p
		}
		p.Count += cells[len(axes)].n
		for i, f := range fields {
			one := cells[len(axes)+1+3*i:]
			cur, n, sum := one[0].s, one[1].n, one[2]
			t := Total{Field: f.Name, Money: record.Money{Minor: sum.n, Currency: cur}, Count: n}
			if f.Type == record.Float {
				t.Money.Minor, t.Float = 0, math.Float64frombits(uint64(sum.n))
			}
			if !sum.null && n > 0 && (f.Type != record.MoneyType || cur != "") {
				p.add(t)
			}
		}
		return nil
	})
}

func (p *Part) add(t Total) {
	i := slices.IndexFunc(p.Totals, func(x Total) bool { return x.Field == t.Field && x.Money.Currency == t.Money.Currency })
	if i < 0 {
		p.Totals = append(p.Totals, t)
		return
	}
	p.Totals[i].Money.Minor += t.Money.Minor
	p.Totals[i].Float += t.Float
	p.Totals[i].Count += t.Count
}

func (p *Part) join(o *Part) {
	p.Count += o.Count
	for _, t := range o.Totals {
		p.add(t)
	}
}

// breakdown puts what was found in order: the groups of each axis, cut at its limit, and their crossings.
func breakdown(axes []*axis, found map[[2]string]*Part) *Breakdown {
	out := &Breakdown{Axes: make([][]Group, len(axes))}
	keys := make([][2]string, 0, len(found))
	for key, p := range found {
		keys = append(keys, key)
		out.Part.join(p)
	}
	// In one order always: sums of broken numbers depend on it.
	slices.SortFunc(keys, func(a, b [2]string) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	places := make([]map[string]int, len(axes))
	for i, a := range axes {
		parts := map[string]*Part{}
		for _, key := range keys {
			if parts[key[i]] == nil {
				parts[key[i]] = &Part{}
			}
			parts[key[i]].join(found[key])
		}
		out.Axes[i], places[i] = a.groups(parts)
	}
	if len(axes) < 2 {
		return out
	}
	cross := map[[2]int]int{}
	for _, key := range keys {
		at := [2]int{places[0][key[0]], places[1][key[1]]}
		n, ok := cross[at]
		if !ok {
			n = len(out.Crossings)
			cross[at] = n
			out.Crossings = append(out.Crossings, Crossing{At: at})
		}
		out.Crossings[n].join(found[key])
	}
	slices.SortFunc(out.Crossings, func(a, b Crossing) int {
		return cmp.Or(cmp.Compare(a.At[0], b.At[0]), cmp.Compare(a.At[1], b.At[1]))
	})
	return out
}
