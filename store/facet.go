package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"guike/record"
)

// A Facet counts one field's values under a query. For a tree the counts of a category hold those below it. The value "" counts records without one.
type Facet struct {
	Field  string
	Values []FacetValue
	Exact  bool // false: the budget ended the count, the numbers are "at least"
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
		case record.Category, record.Choice, record.Bool, record.Ref:
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

// countPass reads the columns once and counts in Go: on SQLite row by row, on PostgreSQL by combination, which it hashes faster than it could send rows.
func (r reader) countPass(ctx context.Context, s *selection, fields []*record.Field, done map[string]Facet) error {
	cols := make([]string, len(fields))
	for i, f := range fields {
		cols[i] = "t." + quote(f.Name)
	}
	list := strings.Join(cols, ", ")
	src := s.source()
	from := src.from
	w, wargs := compile(s.d, s.cond, "t")
	args := append(src.args, wargs...)
	sql := fmt.Sprintf("SELECT %s, 1 FROM %s WHERE %s LIMIT %d", list, from, w, facetBudget+1)
	if s.d.numbered {
		sql = fmt.Sprintf("SELECT %s, count(*) FROM %s WHERE %s GROUP BY %s", list, from, w, list)
	}
	cells := make([]cell, len(fields))
	dst := make([]any, 0, len(fields)+1)
	for i := range cells {
		dst = append(dst, &cells[i])
	}
	var n, total int64
	dst = append(dst, &n)
	numbers := make([]map[int64]int64, len(fields))
	texts := make([]map[string]int64, len(fields))
	for i, f := range fields {
		if f.Textual() {
			texts[i] = map[string]int64{}
		} else {
			numbers[i] = map[int64]int64{}
		}
	}
	const none = -1 << 62
	if err := r.each(ctx, sql, args, func(rows Rows) error {
		if err := rows.Scan(dst...); err != nil {
			return err
		}
		total += n
		for i := range cells {
			switch {
			case texts[i] != nil:
				texts[i][cells[i].s] += n
			case cells[i].null:
				numbers[i][none] += n
			default:
				numbers[i][cells[i].n] += n
			}
		}
		return nil
	}); err != nil {
		return err
	}
	for i, f := range fields {
		ft := Facet{Field: f.Name, Exact: s.d.numbered || total <= facetBudget}
		switch {
		case f.Type == record.Category:
			ft.Values = s.cat.rollUp(f, numbers[i], texts[i], none)
		case texts[i] != nil:
			for v, c := range texts[i] {
				ft.Values = append(ft.Values, FacetValue{ID: v, Count: c})
			}
		default:
			for v, c := range numbers[i] {
				ft.Values = append(ft.Values, FacetValue{ID: fmt.Sprint(v != 0), Count: c})
			}
		}
		if f.Type != record.Category {
			slices.SortFunc(ft.Values, func(a, b FacetValue) int {
				if a.Count != b.Count {
					return int(b.Count - a.Count)
				}
				return strings.Compare(a.ID, b.ID)
			})
			if len(ft.Values) > maxFacetValues {
				ft.Values, ft.Exact = ft.Values[:maxFacetValues], false
			}
		}
		done[f.Name] = ft
	}
	return nil
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
