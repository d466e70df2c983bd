package store

import (
	"context"
	"encoding/json"
	"fmt"

	"guike/record"
)

// Delete puts a record into the trash; Restore takes it out again; Purge removes it for ever, with all that was derived from it.
func (tx *Tx) Delete(ctx context.Context, kind string, id record.ID) (record.Record, error) {
	return tx.trash(ctx, kind, id, record.OpDelete)
}

// Restore takes a record out of the trash. It fails with Conflict where another has taken its unique value since.
func (tx *Tx) Restore(ctx context.Context, kind string, id record.ID) (record.Record, error) {
	return tx.trash(ctx, kind, id, record.OpRestore)
}

// Purge removes a record from the trash for ever.
func (tx *Tx) Purge(ctx context.Context, kind string, id record.ID) (record.Record, error) {
	return tx.trash(ctx, kind, id, record.OpPurge)
}

// PurgeAbout removes for ever, as by, the records of a kind that are about one (their fields about and rec) that a change of the log removed for ever, and
// answers which. Other changes it leaves alone.
func (tx *Tx) PurgeAbout(ctx context.Context, kind, by string, c record.Change) (ids []record.ID, err error) {
	if c.Op != record.OpPurge || c.Kind == kind {
		return nil, nil
	}
	if err := tx.Each(ctx, "SELECT id FROM "+tx.st.cat.Kind(kind).Plural+" WHERE rec = ? AND about = ?", []any{string(c.Rec), c.Kind}, func(rows Rows) error {
		var id string
		err := rows.Scan(&id)
		ids = append(ids, record.ID(id))
		return err
	}); err != nil {
		return nil, err
	}
	sc := record.SystemScope(by)
	sc.Cause = record.Cause{Kind: "system", ID: string(c.Rec), Root: c.Cause.Root, Depth: c.Cause.Depth + 1}
	for _, id := range ids {
		if _, err := tx.As(sc).Delete(ctx, kind, id); err != nil {
			return nil, err
		}
		if _, err := tx.As(sc).Purge(ctx, kind, id); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

func (tx *Tx) trash(ctx context.Context, kind string, id record.ID, op string) (record.Record, error) {
	rec, err := tx.get(ctx, tx.sc, kind, id, tx.sc.For(kind).Delete, tx.db.eng.dialect().lock)
	if record.Is(err, record.NotFound) {
		if _, seen := tx.Get(ctx, tx.sc, kind, id); seen == nil {
			return nil, record.Errorf(record.Denied, "error.denied")
		}
	}
	if err != nil {
		return nil, err
	}
	k := tx.st.cat.Kind(kind)
	b := rec.Head()
	e := edit{op: op, k: k, before: k.Values(rec), rec: rec}
	switch {
	case op == record.OpDelete && b.DeletedAt == 0:
		b.DeletedAt = tx.at
	case op == record.OpRestore && b.DeletedAt != 0:
		b.DeletedAt = 0
	case op == record.OpPurge && b.DeletedAt != 0:
		if err := tx.held(ctx, k, e.before); err != nil {
			return nil, err
		}
		// The entry holds the whole record: nothing else does any more. Its row number is there for who keeps something by it.
		e.body = map[string][2]json.RawMessage{}
		for i := range k.Fields {
			if f := &k.Fields[i]; (!f.IsSecret() || i == record.PosN) && !e.before[i].Null {
				e.body[f.Name] = [2]json.RawMessage{f.JSON(e.before[i]), json.RawMessage("null")}
			}
		}
	case op == record.OpPurge:
		return nil, record.Errorf(record.Conflict, "error.not_in_trash")
	default:
		return rec, nil // already so
	}
	return rec, tx.apply(ctx, []edit{e})
}

// held fails with Conflict where a record may not be removed for ever: it is held, or one is that it refers to.
func (tx *Tx) held(ctx context.Context, k *record.Kind, values []record.Value) error {
	for i := range k.Fields {
		f := &k.Fields[i]
		if f.IsHolding() && !values[i].Null {
			return record.Errorf(record.Conflict, "error.held")
		}
		of := tx.st.cat.Kind(f.Ref)
		if f.Type != record.Ref || of == nil || values[i].Null {
			continue
		}
		for j := range of.Fields {
			if !of.Fields[j].IsHolding() {
				continue
			}
			var n int64
			if err := tx.one(ctx, fmt.Sprintf("SELECT count(*) FROM %s WHERE id = ? AND %s <> ''", of.Plural, quote(of.Fields[j].Name)), []any{values[i].S}, &n); err != nil {
				return err
			}
			if n > 0 {
				return record.Errorf(record.Conflict, "error.held")
			}
		}
	}
	return nil
}
