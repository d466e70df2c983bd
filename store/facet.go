package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"guike/record"
)

// A Facet counts one field's values under a query. For a tree the counts of a category hold those below it. The value "" counts records without one.
type Facet struct {
	Field  string
	Values []FacetValue
	Exact  bool      // false: the budget ended the count, the numbers are "at least"
	AsOf   time.Time // the moment whose records are counted
}

// A FacetValue is one value and how many records have it.
type FacetValue struct {
	ID     string
	Title  string // categories only; references are named by the caller
	Parent string
	Count  int64
}

// facetBudget bounds how many rows a facet counts.
const facetBudget = 400_000

// maxFacetValues bounds the values of a field that is not a dimension.
const maxFacetValues = 100

// Facets counts the values of several fields under a query, each ignoring the query's own top-level filter on that field. Fields that the filter does not
// name are counted in one pass.
func (r reader) Facets(ctx context.Context, sc record.Scope, q Query, fields []string) ([]Facet, error) {
	cat, err := r.catalogue(ctx)
	if err != nil {
		return nil, err
	}
	k := cat.Kind(q.Kind)
	if k == nil {
		return nil, &record.Error{Code: record.NotFound, Message: "error.no_such_kind"}
	}
	if len(fields) > 20 {
		return nil, record.FieldError("fields", "error.too_many")
	}
	groups := map[bool][]*record.Field{}
	var passes [][]*record.Field
	named := q.Filter.Names()
	for _, name := range fields {
		f := k.Field(name)
		if f == nil || !sc.Sees(q.Kind, f) {
			return nil, record.FieldError("fields", "error.no_such_field")
		}
		switch f.Type {
		case record.Category, record.Choice, record.Choices, record.Bool, record.Ref:
		default:
			return nil, record.FieldError("fields", "error.not_countable")
		}
		if slices.Contains(named, name) {
			passes = append(passes, []*record.Field{f})
		} else {
			groups[false] = append(groups[false], f)
		}
	}
	if len(groups[false]) > 0 {
		passes = append(passes, groups[false])
	}
	done := map[string]Facet{}
	for _, pass := range passes {
		pq := q
		if slices.Contains(named, pass[0].Name) {
			pq.Filter = q.Filter.Without(pass[0].Name)
		}
		s, err := r.selection(ctx, sc, pq)
		if err != nil {
			return nil, err
		}
		if err := r.countPass(ctx, s, pass, done); err != nil {
			return nil, err
		}
	}
	out := make([]Facet, len(fields))
	for i, name := range fields {
		out[i] = done[name]
	}
	return out, nil
}

// countPass counts some fields in one pass: over the columns in memory where they hold all that is asked, else by SQL.
func (r reader) countPass(ctx context.Context, s *selection, fields []*record.Field, done map[string]Facet) error {
	tallies := make([]tally, len(fields))
	for i, f := range fields {
		tallies[i] = newTally(f)
	}
	exact, at := true, r.db.now()
	var total int64
	set, _, err := r.columns(ctx, s)
	if err != nil {
		return err
	}
	kept := false
	if set != nil && len(s.words) == 0 {
		var counts [][]int64
		var values [][]record.Value
		cond, err := r.resolved(ctx, s, &s.cond)
		if err != nil {
			return err
		}
		if total, counts, values, at, kept = set.count(s.k, &cond, fields); kept {
			for i := range fields {
				for code, n := range counts[i] {
					if n > 0 {
						tallies[i].add(values[i][code], n)
					}
				}
			}
		}
	}
	if !kept {
		if total, err = r.countSQL(ctx, s, fields, tallies); err != nil {
			return err
		}
		exact = s.d.numbered || total <= facetBudget
		r.worth(s, total)
	}
	for i, f := range fields {
		ft := tallies[i].facet(s.cat)
		ft.Exact, ft.AsOf = ft.Exact && exact, at
		done[f.Name] = ft
	}
	return nil
}

// columns answers the columns of a selection's kind, up to date; nil where there are none. A transaction sees its own writes only by SQL.
func (r reader) columns(ctx context.Context, s *selection) (set *columnSet, behind bool, err error) {
	if r.st != nil {
		return nil, false, nil
	}
	return r.db.columns.get(ctx, s.k)
}

// resolved is a condition as the columns can test it: what it asks of records referred to is asked first, and becomes a list of them. One that too many
// satisfy is left as it is.
func (r reader) resolved(ctx context.Context, s *selection, c *record.Cond) (record.Cond, error) {
	out := *c
	if c.Op == record.Hop {
		w, args := compile(s.d, *c.Sub, "h")
		set := []record.Value{}
		if err := r.each(ctx, fmt.Sprintf("SELECT h.id FROM %s h WHERE %s LIMIT %d", c.Target.Plural, w, maxCodes+1), args, func(rows Rows) error {
			var v record.Value
			err := rows.Scan(&v.S)
			set = append(set, v)
			return err
		}); err != nil || len(set) > maxCodes {
			return out, err
		}
		slices.SortFunc(set, func(a, b record.Value) int { return strings.Compare(a.S, b.S) })
		return record.Cond{Op: record.In, Field: c.Field, Set: set}, nil
	}
	out.Kids = make([]record.Cond, len(c.Kids))
	for i := range c.Kids {
		var err error
		if out.Kids[i], err = r.resolved(ctx, s, &c.Kids[i]); err != nil {
			return out, err
		}
	}
	return out, nil
}

// worth has the columns built where SQL counted so many rows that they are worth their memory.
func (r reader) worth(s *selection, total int64) {
	if r.st == nil && total >= buildFrom {
		r.db.columns.want(s.k)
	}
}

// countSQL reads the columns once and counts in Go: on SQLite row by row, on PostgreSQL by combination, which it hashes faster than it could send rows.
func (r reader) countSQL(ctx context.Context, s *selection, fields []*record.Field, tallies []tally) (total int64, err error) {
	cols := make([]string, len(fields))
	for i, f := range fields {
		cols[i] = "t." + quote(f.Name)
	}
	list := strings.Join(cols, ", ")
	src := s.source()
	w, wargs := compile(s.d, s.cond, "t")
	args := append(src.args, wargs...)
	sql := fmt.Sprintf("SELECT %s, 1 FROM %s WHERE %s LIMIT %d", list, src.from, w, facetBudget+1)
	if s.d.numbered {
		sql = fmt.Sprintf("SELECT %s, count(*) FROM %s WHERE %s GROUP BY %s", list, src.from, w, list)
	}
	cells := make([]cell, len(fields))
	dst := make([]any, 0, len(fields)+1)
	for i := range cells {
		dst = append(dst, &cells[i])
	}
	var n int64
	dst = append(dst, &n)
	err = r.each(ctx, sql, args, func(rows Rows) error {
		if err := rows.Scan(dst...); err != nil {
			return err
		}
		total += n
		for i, c := range cells {
			tallies[i].add(record.Value{S: c.s, N: c.n, Null: c.null}, n)
		}
		return nil
	})
	return total, err
}

// A tally counts one field's values.
type tally struct {
	f       *record.Field
	numbers map[int64]int64
	texts   map[string]int64
}

// none is the number under which absent values are counted.
const none = -1 << 62

func newTally(f *record.Field) tally {
	if f.Textual() {
		return tally{f: f, texts: map[string]int64{}}
	}
	return tally{f: f, numbers: map[int64]int64{}}
}

func (t tally) add(v record.Value, n int64) {
	switch {
	case t.texts != nil:
		t.texts[v.S] += n
	case v.Null:
		t.numbers[none] += n
	default:
		t.numbers[v.N] += n
	}
}

func (t tally) facet(cat *Catalogue) Facet {
	ft := Facet{Field: t.f.Name, Exact: true}
	switch {
	case t.f.Type == record.Category:
		ft.Values = cat.rollUp(t.f, t.numbers, t.texts, none)
		return ft
	case t.f.Type == record.Choices:
		words := map[string]int64{}
		for v, c := range t.texts {
			for _, w := range (record.Value{S: v}).Words() {
				words[w] += c
			}
			if v == "" {
				words[""] += c
			}
		}
		for w, c := range words {
			ft.Values = append(ft.Values, FacetValue{ID: w, Count: c})
		}
	case t.texts != nil:
		for v, c := range t.texts {
			ft.Values = append(ft.Values, FacetValue{ID: v, Count: c})
		}
	default:
		for v, c := range t.numbers {
			ft.Values = append(ft.Values, FacetValue{ID: fmt.Sprint(v != 0), Count: c})
		}
	}
	slices.SortFunc(ft.Values, func(a, b FacetValue) int {
		if a.Count != b.Count {
			return int(b.Count - a.Count)
		}
		return strings.Compare(a.ID, b.ID)
	})
	if len(ft.Values) > maxFacetValues {
		ft.Values, ft.Exact = ft.Values[:maxFacetValues], false
	}
	return ft
}

// rollUp turns counts by number into counts by category, each with what lies below it. A record with several categories below one parent counts once.
func (c *Catalogue) rollUp(f *record.Field, single map[int64]int64, several map[string]int64, none int64) []FacetValue {
	counts := map[int64]int64{}
	var empty int64
	add := func(ns []int64, count int64) {
		up := map[int64]bool{}
		for _, n := range ns {
			for _, a := range c.Ancestors(n) {
				up[a.N] = true
			}
		}
		for n := range up {
			counts[n] += count
		}
	}
	for n, count := range single {
		if n == none {
			empty += count
		} else {
			add([]int64{n}, count)
		}
	}
	for s, count := range several {
		if s == "" {
			empty += count
		} else {
			add(record.Value{S: s}.Numbers(true), count)
		}
	}
	var out []FacetValue
	for _, cat := range c.Categories(f.Dimension) {
		if n := counts[cat.N]; n > 0 || !cat.Retired && cat.Code == "" {
			out = append(out, FacetValue{ID: string(cat.ID), Title: cat.Name, Parent: string(cat.Parent), Count: n})
		}
	}
	if empty > 0 {
		out = append(out, FacetValue{Count: empty})
	}
	return out
}
