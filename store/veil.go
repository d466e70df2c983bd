package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"guike/fold"
	"guike/record"
)

// veilBudget bounds how many rows are looked at to find words for a scope with masked fields.
const veilBudget = 50_000

// veil puts, for a scope that may not see all that is searched of a kind, the rows that hold the words in what it does see in the place of the words. The index
// keeps a record's texts together, so by itself it would tell what a masked field says, digit by digit; also by counts. It fails where too many rows come
// into question.
func (r reader) veil(ctx context.Context, sc record.Scope, s *selection) error {
	var masked []int
	for i := range s.k.Fields {
		if f := &s.k.Fields[i]; f.IsSearched() && slices.Contains(sc.Masked[s.k.Name], f.Name) {
			masked = append(masked, i)
		}
	}
	if len(s.words) == 0 || len(masked) == 0 {
		return nil
	}
	src := s.source()
	w, wargs := compile(s.d, s.cond, "t")
	sh := newShape(s.k, "t", func(f *record.Field) bool { return f.IsSearched() || f.Pos == record.PosN })
	var seen []record.Value
	rows := 0
	err := r.each(ctx, fmt.Sprintf("SELECT %s FROM %s WHERE %s LIMIT %d", sh.cols, src.from, w, veilBudget+1), append(src.args, wargs...), func(row Rows) error {
		rec, err := sh.scan(row)
		if err != nil {
			return err
		}
		rows++
		vs := s.k.Values(rec)
		for _, i := range masked {
			vs[i] = record.Value{Null: true}
		}
		if fold.Holds(tokens(s.k, vs), s.words) {
			seen = append(seen, record.NumberValue(rec.Head().N))
		}
		return nil
	})
	if err != nil {
		return err
	}
	if rows > veilBudget {
		return record.FieldError("q", "error.too_common")
	}
	slices.SortFunc(seen, func(a, b record.Value) int { return cmp.Compare(a.N, b.N) })
	s.words = nil
	s.cond = record.Cond{Op: record.And, Kids: []record.Cond{s.cond, {Op: record.In, Field: &s.k.Fields[record.PosN], Set: seen}}}
	return nil
}
