package store

import (
	"context"
	"fmt"

	"guike/record"
)

// A Sum is the total of a money field in one currency.
type Sum struct {
	Field string
	Money record.Money
}

// Count counts what a query would list, and adds up money fields, a row per currency. Sums that would pass 64 bits fail.
func (r reader) Count(ctx context.Context, sc record.Scope, q Query, sums []string) (int64, []Sum, error) {
	s, err := r.selection(ctx, sc, q)
	if err != nil {
		return 0, nil, err
	}
	src := s.source()
	from := src.from
	w, wargs := compile(s.d, s.cond, "t")
	args := append(src.args, wargs...)
	set, _, err := r.columns(ctx, s)
	if err != nil {
		return 0, nil, err
	}
	var total int64
	kept := false
	if set != nil && len(s.words) == 0 {
		cond, err := r.resolved(ctx, s, &s.cond)
		if err != nil {
			return 0, nil, err
		}
		total, _, _, _, kept = set.count(s.k, &cond, nil)
	}
	if !kept {
		if err := r.one(ctx, fmt.Sprintf("SELECT count(*) FROM %s WHERE %s", from, w), args, &total); err != nil {
			return 0, nil, err
		}
		r.worth(s, total)
	}
	var out []Sum
	for _, name := range sums {
		f := s.k.Field(name)
		if f == nil || !sc.Sees(q.Kind, f) || f.Type != record.MoneyType {
			return 0, nil, record.FieldError("sum", "error.no_such_field")
		}
		sql := fmt.Sprintf("SELECT t.%[1]s, CAST(sum(t.%[2]s) AS bigint) FROM %[3]s WHERE %[4]s AND t.%[1]s <> '' GROUP BY t.%[1]s ORDER BY t.%[1]s",
			quote(name+"_cur"), quote(name), from, w)
		if err := r.each(ctx, sql, args, func(rows Rows) error {
			sum := Sum{Field: name}
			if err := rows.Scan(&sum.Money.Currency, &sum.Money.Minor); err != nil {
				return err
			}
			out = append(out, sum)
			return nil
		}); err != nil {
			return 0, nil, err
		}
	}
	return total, out, nil
}
