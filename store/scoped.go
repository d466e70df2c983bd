package store

import (
	"context"

	"guike/record"
)

// Scoped is for a room's own SQL over a kind's table: the condition, of the table under an alias, that keeps what a scope sees outside the trash and a filter
// keeps, with its arguments in order.
func (r reader) Scoped(ctx context.Context, sc record.Scope, kind string, f record.Filter, alias string) (where string, args []any, err error) {
	s, err := r.selection(ctx, sc, Query{Kind: kind, Filter: f})
	if err != nil {
		return "", nil, err
	}
	where, args = compile(s.d, s.cond, alias)
	return "(" + where + ")", args, nil
}
