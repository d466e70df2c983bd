package store

import (
	"context"
	"encoding/json"
	"fmt"

	"guike/record"
)

const changeColumns = "c.id, c.kind, c.rec, c.op, c.version, c.at, c.by_user, c.name, c.cause, c.cause_id, c.root, c.depth, c.body"

func scanChange(rows Rows, extra ...any) (record.Change, error) {
	var c record.Change
	var at int64
	var depth int64
	var body string
	if err := rows.Scan(append([]any{&c.ID, &c.Kind, (*string)(&c.Rec), &c.Op, &c.Version, &at, (*string)(&c.By), &c.Name, &c.Cause.Kind, &c.Cause.ID,
		&c.Cause.Root, &depth, &body}, extra...)...); err != nil {
		return c, err
	}
	c.At, c.Cause.Depth = record.Time(at), int(depth)
	return c, json.Unmarshal([]byte(body), &c.Fields)
}

// History answers what was changed of one record, newest first, before an entry id (0: from the newest). Fields that the scope cannot see are left out.
func (r reader) History(ctx context.Context, sc record.Scope, kind string, id record.ID, before int64, limit int) ([]record.Change, error) {
	rec, err := r.Get(ctx, sc, kind, id)
	if err != nil {
		return nil, err
	}
	cat, err := r.catalogue(ctx)
	if err != nil {
		return nil, err
	}
	k := cat.Kind(kind)
	if before <= 0 {
		before = 1 << 62
	}
	var out []record.Change
	err = r.each(ctx, fmt.Sprintf("SELECT %s FROM changes c WHERE c.rec = ? AND c.id < ? ORDER BY c.id DESC LIMIT %d", changeColumns, limit),
		[]any{string(rec.Head().ID), before}, func(rows Rows) error {
			c, err := scanChange(rows)
			if err != nil {
				return err
			}
			for name := range c.Fields {
				if f := k.Field(name); f == nil || !sc.Sees(kind, f) {
					delete(c.Fields, name)
				}
			}
			out = append(out, c)
			return nil
		})
	return out, err
}

// Decisions answers where the values of one record's dimensions come from, by field.
func (r reader) Decisions(ctx context.Context, ids ...record.ID) (map[record.ID]map[string]record.Decision, error) {
	out := map[record.ID]map[string]record.Decision{}
	d := r.db.eng.dialect()
	err := r.each(ctx, fmt.Sprintf("SELECT rec, field, origin, rule, version, confidence, reason, by_user, at FROM decisions WHERE %s", fmt.Sprintf(d.list, "rec")),
		[]any{texts(d, ids, func(id record.ID) string { return string(id) })}, func(rows Rows) error {
			var rec, field string
			var x record.Decision
			var at int64
			if err := rows.Scan(&rec, &field, &x.Origin, (*string)(&x.Rule), &x.Version, &x.Confidence, &x.Reason, (*string)(&x.By), &at); err != nil {
				return err
			}
			x.At = record.Time(at)
			if out[record.ID(rec)] == nil {
				out[record.ID(rec)] = map[string]record.Decision{}
			}
			out[record.ID(rec)][field] = x
			return nil
		})
	return out, err
}
