package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"guike/record"
)

// Holders finds the living records that have each of some values in a text field, all of them whatever the scope: a value that is taken is taken. Folded
// compares the field that names the record by its fold.
func (tx *Tx) Holders(ctx context.Context, kind, field string, values []string, folded bool, fn func(value string, id record.ID)) error {
	k := tx.st.cat.Kind(kind)
	if k == nil || k.Field(field) == nil || !k.Field(field).Textual() {
		return record.FieldError(field, "error.no_such_field")
	}
	if len(values) == 0 {
		return nil
	}
	name := field
	if folded && k.Field(field).IsNamed() {
		name += "_fold"
	}
	d, col := tx.db.eng.dialect(), "t."+quote(name)
	sql := fmt.Sprintf("SELECT t.id, %[1]s FROM %[2]s t WHERE %[3]s AND %[1]s <> '' AND t.deleted_at IS NULL", col, k.Plural, fmt.Sprintf(d.list, col))
	return tx.each(ctx, sql, []any{texts(d, values, func(s string) string { return s })}, func(rows Rows) error {
		var id, v string
		if err := rows.Scan(&id, &v); err != nil {
			return err
		}
		fn(v, record.ID(id))
		return nil
	})
}

// hindered says of records that the cause made which stay: a person has changed them since and the change stands, or a record that is not of the cause
// refers to them: through a reference, which has an index (one that a workspace added has it a moment later), or in its lines.
func (b *undoing) hindered(ctx context.Context, k *record.Kind, made []record.ID) (map[record.ID]string, error) {
	out := map[record.ID]string{}
	if len(made) == 0 || b.u.Anyway {
		return out, nil
	}
	d := b.tx.db.eng.dialect()
	ids := texts(d, made, func(id record.ID) string { return string(id) })
	type net struct{ first, last string }
	nets := map[record.ID]map[string]net{}
	sql := fmt.Sprintf("SELECT %s FROM changes c WHERE %s AND NOT (%s) AND c.by_user <> '' AND c.op = 'update' ORDER BY c.rec, c.id", changeColumns, fmt.Sprintf(d.list, "c.rec"), b.where)
	if err := b.tx.each(ctx, sql, []any{ids, b.arg}, func(rows Rows) error {
		c, err := scanChange(rows)
		if err != nil {
			return err
		}
		if nets[c.Rec] == nil {
			nets[c.Rec] = map[string]net{}
		}
		for name, pair := range c.Fields {
			n, ok := nets[c.Rec][name]
			if !ok {
				n.first = string(pair[0])
			}
			n.last = string(pair[1])
			if why, both := c.Why[name]; both && !why[0].Same(why[1]) {
				n.last += why[1].Origin // another judge
			}
			nets[c.Rec][name] = n
		}
		return nil
	}); err != nil {
		return nil, err
	}
	for id, fields := range nets {
		for _, n := range fields {
			if n.first != n.last {
				out[id] = KeptTouched
			}
		}
	}
	for _, from := range b.tx.st.cat.Kinds() {
		for i := range from.Fields {
			f := &from.Fields[i]
			if f.Type != record.Ref || f.Ref != k.Name || f.Retired {
				continue
			}
			col := "t." + quote(f.Name)
			sql := fmt.Sprintf(`SELECT DISTINCT %[1]s FROM %[2]s t WHERE %[3]s AND %[1]s <> '' AND t.deleted_at IS NULL
				AND NOT EXISTS (SELECT 1 FROM changes c WHERE c.rec = t.id AND c.op = 'create' AND %[4]s)`, col, from.Plural, fmt.Sprintf(d.list, col), b.where)
			if err := b.tx.each(ctx, sql, []any{ids, b.arg}, func(rows Rows) error {
				var id string
				err := rows.Scan(&id)
				if out[record.ID(id)] == "" {
					out[record.ID(id)] = KeptReferred
				}
				return err
			}); err != nil {
				return nil, err
			}
		}
	}
	return out, b.lined(ctx, k, made, out)
}

// lined finds those that lines name, an order's products. Lines have no index: only what was written since the records were made is read, for nothing older
// can name them.
func (b *undoing) lined(ctx context.Context, k *record.Kind, made []record.ID, out map[record.ID]string) error {
	d := b.tx.db.eng.dialect()
	ids := texts(d, made, func(id record.ID) string { return string(id) })
	since := int64(-1)
	for _, from := range b.tx.st.cat.Kinds() {
		for i := range from.Fields {
			f := &from.Fields[i]
			if f.Type != record.Lines || f.Retired || !slices.ContainsFunc(f.Of, func(f record.Field) bool { return f.Type == record.Ref && f.Ref == k.Name }) {
				continue
			}
			if since < 0 {
				if err := b.tx.one(ctx, fmt.Sprintf("SELECT coalesce(min(c.id), 0) FROM changes c WHERE c.op = 'create' AND %s", fmt.Sprintf(d.list, "c.rec")), []any{ids}, &since); err != nil {
					return err
				}
			}
			sql := fmt.Sprintf(`SELECT t.%[1]s FROM %[2]s t WHERE t.deleted_at IS NULL
				AND t.id IN (SELECT c.rec FROM changes c WHERE c.id > ? AND c.kind = ? AND NOT (%[3]s))
				AND NOT EXISTS (SELECT 1 FROM changes c WHERE c.rec = t.id AND c.op = 'create' AND %[3]s)`, quote(f.Name), from.Plural, b.where)
			if err := b.tx.each(ctx, sql, []any{since, from.Name, b.arg, b.arg}, func(rows Rows) error {
				var lines string
				if err := rows.Scan(&lines); err != nil {
					return err
				}
				for _, id := range made {
					if out[id] == "" && strings.Contains(lines, string(id)) {
						out[id] = KeptReferred
					}
				}
				return nil
			}); err != nil {
				return fmt.Errorf("lines of %s: %w", from.Plural, err)
			}
		}
	}
	return nil
}
