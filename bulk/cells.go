package bulk

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"guike"
	"guike/record"
	"guike/store"
)

// Cells are values for many records, each its own, as a sheet pastes them. All are written or none.
type Cells struct {
	Check bool   `json:"check,omitempty" doc:"say what is wrong with them and write nothing"`
	Items []Item `json:"items"`
}

// An Item is what one record gets.
type Item struct {
	ID      record.ID                  `json:"id"`
	Version int64                      `json:"version,omitempty" doc:"the one that the caller saw; a field changed since is a conflict"`
	Edit    map[string]json.RawMessage `json:"edit,omitempty"`
	Set     map[string][]string        `json:"set,omitempty"`
}

// A Wrong says why a record cannot be changed so: field by field, or as a whole.
type Wrong struct {
	ID     record.ID         `json:"id"`
	Reason string            `json:"reason"`
	Fields map[string]string `json:"fields,omitempty"`
}

// Written is what became of Cells. Nothing was written where something is wrong.
type Written struct {
	ID       record.ID           `json:"id,omitempty" doc:"the operation"`
	Versions map[record.ID]int64 `json:"versions,omitempty" doc:"of the records, as they are now"`
	Wrong    []Wrong             `json:"wrong"`
}

// maxItems is how many records one transaction changes cell by cell.
const maxItems = 2000

// errChecked ends a transaction that was only to find out whether it would do.
var errChecked = errors.New("checked")

// Write changes records cell by cell, in one transaction and as one operation, which Undo takes back; or only checks them. Where something is wrong it writes
// nothing and answers what, record by record.
func Write(ctx context.Context, db *store.DB, sc record.Scope, kind string, c Cells) (Written, error) {
	switch {
	case len(c.Items) == 0:
		return Written{}, record.FieldError("items", "error.required")
	case len(c.Items) > maxItems:
		return Written{}, record.FieldError("items", "error.list_too_long")
	}
	ids := make([]record.ID, len(c.Items))
	for i, it := range c.Items {
		ids[i] = it.ID
	}
	if slices.Sort(ids); len(slices.Compact(ids)) < len(c.Items) {
		return Written{}, record.FieldError("items", "error.same_record_twice")
	}
	out, err := c.write(ctx, db, sc, kind, c.Items, c.Check)
	if err == nil || !house(err) {
		return out, err
	}
	// Something is wrong: each is asked for itself, and each of its fields, that all of it can be said at once.
	all := err
	out = Written{Wrong: []Wrong{}}
	for _, it := range c.Items {
		w, err := c.faults(ctx, db, sc, kind, it)
		if err != nil {
			return Written{}, err
		}
		if w != nil {
			out.Wrong = append(out.Wrong, *w)
		}
	}
	if len(out.Wrong) == 0 {
		return Written{}, all // each alone would do, together they do not
	}
	return out, nil
}

// house reports whether an error speaks of the values and not of the machine.
func house(err error) bool {
	code := record.CodeOf(err)
	return code == record.Invalid || code == record.Conflict || code == record.Denied || code == record.NotFound
}

// faults tries one record alone, leaving away field by field what is refused.
func (c *Cells) faults(ctx context.Context, db *store.DB, sc record.Scope, kind string, it Item) (*Wrong, error) {
	var w *Wrong
	left := Item{ID: it.ID, Version: it.Version, Edit: map[string]json.RawMessage{}, Set: map[string][]string{}}
	for n, v := range it.Edit {
		left.Edit[n] = v
	}
	for n, v := range it.Set {
		left.Set[n] = v
	}
	for len(left.Edit)+len(left.Set) > 0 {
		_, err := c.write(ctx, db, sc, kind, []Item{left}, true)
		if err == nil {
			break
		}
		var re *record.Error
		if !house(err) || !errors.As(err, &re) {
			return nil, err
		}
		if w == nil {
			w = &Wrong{ID: it.ID, Reason: re.Message, Fields: map[string]string{}}
		}
		before := len(left.Edit) + len(left.Set)
		for n, why := range re.Fields {
			w.Fields[n] = why
			delete(left.Edit, n)
			delete(left.Set, n)
		}
		if len(left.Edit)+len(left.Set) == before {
			break // the record as a whole
		}
	}
	return w, nil
}

// write changes some records in one transaction; a check is rolled back.
func (c *Cells) write(ctx context.Context, db *store.DB, sc record.Scope, kind string, items []Item, check bool) (Written, error) {
	var o *guike.Operation
	done := Written{Wrong: []Wrong{}}
	err := db.Tx(ctx, sc, func(tx *store.Tx) error {
		k := tx.Catalogue().Kind(kind)
		if k == nil || k.Verbs {
			return record.Errorf(record.NotFound, "error.no_such_kind")
		}
		ids := make([]record.ID, len(items))
		patches := make(map[record.ID]store.Patch, len(items))
		fields := map[string]bool{}
		for i, it := range items {
			p, err := (&Change{Edit: it.Edit, Set: it.Set}).patch(tx, k, sc)
			if err != nil {
				return err
			}
			for n := range p.Values {
				fields[n] = true
			}
			p.Since = it.Version
			ids[i], patches[it.ID] = it.ID, p
		}
		if o = nil; !check {
			var err error
			if o, err = c.remember(ctx, tx, sc, kind, ids, fields); err != nil {
				return err
			}
			// The operation is the root of what it writes, and of what follows from that.
			own := tx.Scope()
			own.Cause = record.Cause{Kind: "bulk", ID: string(o.ID), Root: string(o.ID)}
			tx = tx.As(own)
		}
		before := map[record.ID]int64{}
		recs, err := tx.UpdateAll(ctx, kind, ids, func(r record.Record) (store.Patch, error) {
			before[r.Head().ID] = r.Head().Version
			return patches[r.Head().ID], nil
		})
		if err != nil {
			return err
		}
		if len(recs) < len(ids) {
			// Seen but not to be changed is "denied"; unseen is "not found".
			if _, err := tx.Get(ctx, sc, kind, ids[0]); err != nil && len(ids) == 1 {
				return err
			}
			return record.Errorf(record.Denied, "error.denied")
		}
		if check {
			return errChecked
		}
		var changed int64
		done.ID, done.Versions = o.ID, make(map[record.ID]int64, len(recs))
		for _, r := range recs {
			b := r.Head()
			if done.Versions[b.ID] = b.Version; b.Version != before[b.ID] {
				changed++
			}
		}
		_, err = tx.As(as(sc)).Update(ctx, "operation", o.ID, store.Patch{Values: map[string]record.Value{
			"done": record.NumberValue(changed), "same": record.NumberValue(int64(len(recs)) - changed)}})
		return err
	})
	if errors.Is(err, errChecked) {
		err = nil
	}
	return done, err
}

// remember keeps that it was done: which records and which of their fields; the values stand in the history.
func (c *Cells) remember(ctx context.Context, tx *store.Tx, sc record.Scope, kind string, ids []record.ID, fields map[string]bool) (*guike.Operation, error) {
	var names []string
	for n := range fields {
		names = append(names, n)
	}
	slices.Sort(names)
	what, err := json.Marshal(map[string]any{"fields": names})
	if err != nil {
		return nil, err
	}
	filter, err := json.Marshal(record.Where("id", "in", ids))
	if err != nil {
		return nil, err
	}
	o := &guike.Operation{Of: kind, Verb: guike.OperationCells, Filter: string(filter), What: string(what), State: guike.OperationDone, Total: int64(len(ids))}
	o.Owner, o.Department = sc.User, sc.Home
	return o, tx.As(as(sc)).Create(ctx, o)
}
