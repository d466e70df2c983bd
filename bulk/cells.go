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

// An Item is what one record gets, or one that is to be made.
type Item struct {
	ID      record.ID                  `json:"id,omitempty"`
	New     string                     `json:"new,omitempty" doc:"instead of id: what the caller calls a record that is to be made, in this request"`
	Version int64                      `json:"version,omitempty" doc:"the one that the caller saw; a field changed since is a conflict"`
	Edit    map[string]json.RawMessage `json:"edit,omitempty"`
	Set     map[string][]string        `json:"set,omitempty"`
}

// A Wrong says why a record cannot be changed so: field by field, or as a whole.
type Wrong struct {
	ID     record.ID         `json:"id,omitempty"`
	New    string            `json:"new,omitempty"`
	Reason string            `json:"reason"`
	Fields map[string]string `json:"fields,omitempty"`
}

// Written is what became of Cells. Nothing was written where something is wrong.
type Written struct {
	ID       record.ID            `json:"id,omitempty" doc:"the operation"`
	Versions map[record.ID]int64  `json:"versions,omitempty" doc:"of the records, as they are now"`
	Made     map[string]record.ID `json:"made,omitempty" doc:"of the new ones, by what the caller calls them"`
	Wrong    []Wrong              `json:"wrong"`
}

// maxItems is how many records one transaction changes cell by cell.
const maxItems = 2000

// errChecked ends a transaction that was only to find out whether it would do.
var errChecked = errors.New("checked")

// maxClashes is how many items are named that would do alone, but not beside the others.
const maxClashes = 20

// Write changes records cell by cell and makes new ones, in one transaction and as one operation, which Undo takes back; or only checks them. Where something
// is wrong it writes nothing and answers what, record by record.
func Write(ctx context.Context, db *store.DB, sc record.Scope, kind string, c Cells) (Written, error) {
	switch {
	case len(c.Items) == 0:
		return Written{}, record.FieldError("items", "error.required")
	case len(c.Items) > maxItems:
		return Written{}, record.FieldError("items", "error.list_too_long")
	}
	names := make([]string, len(c.Items))
	for i, it := range c.Items {
		if (it.ID == "") == (it.New == "") || len(it.New) > 100 {
			return Written{}, record.FieldError("items", "error.id_or_new")
		}
		names[i] = "id " + string(it.ID)
		if it.New != "" {
			names[i] = "new " + it.New
		}
	}
	if slices.Sort(names); len(slices.Compact(names)) < len(c.Items) {
		return Written{}, record.FieldError("items", "error.same_record_twice")
	}
	out, err := c.write(ctx, db, sc, kind, c.Items, c.Check)
	if err == nil || !house(err) {
		return out, err
	}
	// Something is wrong: each is asked for itself, and each of its fields, that all of it can be said at once.
	out = Written{Wrong: []Wrong{}}
	var rest []Item
	for _, it := range c.Items {
		w, err := c.faults(ctx, db, sc, kind, it)
		if err != nil {
			return Written{}, err
		}
		if w != nil {
			out.Wrong = append(out.Wrong, *w)
		} else {
			rest = append(rest, it)
		}
	}
	// Those that would do alone may stand in each other's way: two of one number.
	alone := len(out.Wrong) == 0
	for range maxClashes {
		i, why, err := c.clash(ctx, db, sc, kind, rest)
		if err != nil {
			return Written{}, err
		}
		if why == nil {
			break
		}
		out.Wrong = append(out.Wrong, Wrong{ID: rest[i].ID, New: rest[i].New, Reason: why.Message, Fields: why.Fields})
		rest = slices.Delete(rest, i, i+1)
		alone = false
	}
	if alone {
		return c.write(ctx, db, sc, kind, c.Items, c.Check) // what stood in the way is gone
	}
	return out, nil
}

// clash finds the first item that does not do together with those before it, though it does alone; why is nil where all do.
func (c *Cells) clash(ctx context.Context, db *store.DB, sc record.Scope, kind string, items []Item) (at int, why *record.Error, err error) {
	try := func(n int) (*record.Error, error) {
		if n == 0 {
			return nil, nil
		}
		_, err := c.write(ctx, db, sc, kind, items[:n], true)
		var re *record.Error
		if err == nil || house(err) && errors.As(err, &re) {
			return re, nil
		}
		return nil, err
	}
	if why, err = try(len(items)); why == nil || err != nil {
		return 0, nil, err
	}
	good, bad := 0, len(items)
	for bad-good > 1 {
		mid := (good + bad) / 2
		re, err := try(mid)
		switch {
		case err != nil:
			return 0, nil, err
		case re != nil:
			bad, why = mid, re
		default:
			good = mid
		}
	}
	return bad - 1, why, nil
}

// house reports whether an error speaks of the values and not of the machine.
func house(err error) bool {
	code := record.CodeOf(err)
	return code == record.Invalid || code == record.Conflict || code == record.Denied || code == record.NotFound
}

// faults tries one record alone, leaving away field by field what is refused.
func (c *Cells) faults(ctx context.Context, db *store.DB, sc record.Scope, kind string, it Item) (*Wrong, error) {
	var w *Wrong
	left := Item{ID: it.ID, New: it.New, Version: it.Version, Edit: map[string]json.RawMessage{}, Set: map[string][]string{}}
	for n, v := range it.Edit {
		left.Edit[n] = v
	}
	for n, v := range it.Set {
		left.Set[n] = v
	}
	for it.New != "" || len(left.Edit)+len(left.Set) > 0 {
		_, err := c.write(ctx, db, sc, kind, []Item{left}, true)
		if err == nil {
			break
		}
		var re *record.Error
		if !house(err) || !errors.As(err, &re) {
			return nil, err
		}
		if w == nil {
			w = &Wrong{ID: it.ID, New: it.New, Reason: re.Message, Fields: map[string]string{}}
		}
		said := len(w.Fields)
		for n, why := range re.Fields {
			if w.Fields[n] == "" { // without its bad value a new one lacks it, too: that is no news
				w.Fields[n] = why
			}
			delete(left.Edit, n)
			delete(left.Set, n)
		}
		if len(w.Fields) == said {
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
		var ids, all []record.ID
		var made []record.Record
		var decided []map[string]record.Decision
		names := map[string]record.ID{}
		patches := make(map[record.ID]store.Patch, len(items))
		fields := map[string]bool{}
		for _, it := range items {
			p, err := (&Change{Edit: it.Edit, Set: it.Set}).patch(tx, k, sc)
			if err != nil {
				return err
			}
			for n := range p.Values {
				fields[n] = true
			}
			if it.New == "" {
				p.Since = it.Version
				patches[it.ID] = p
				ids, all = append(ids, it.ID), append(all, it.ID)
				continue
			}
			r := k.New()
			r.Head().ID = record.NewID(k.Prefix)
			for n, v := range p.Values {
				k.Set(r, n, v)
			}
			names[it.New] = r.Head().ID
			made, decided, all = append(made, r), append(decided, p.Decisions), append(all, r.Head().ID)
		}
		if o = nil; !check {
			var err error
			if o, err = c.remember(ctx, tx, sc, kind, all, fields); err != nil {
				return err
			}
			// The operation is the root of what it writes, and of what follows from that.
			own := tx.Scope()
			own.Cause = record.Cause{Kind: "bulk", ID: string(o.ID), Root: string(o.ID)}
			tx = tx.As(own)
		}
		before := map[record.ID]int64{}
		var recs []record.Record
		if len(ids) > 0 {
			var err error
			recs, err = tx.UpdateAll(ctx, kind, ids, func(r record.Record) (store.Patch, error) {
				before[r.Head().ID] = r.Head().Version
				return patches[r.Head().ID], nil
			})
			if err != nil {
				return err
			}
		}
		if len(recs) < len(ids) {
			// Seen but not to be changed is "denied"; unseen is "not found".
			if _, err := tx.Get(ctx, sc, kind, ids[0]); err != nil && len(ids) == 1 {
				return err
			}
			return record.Errorf(record.Denied, "error.denied")
		}
		if err := tx.CreateDecided(ctx, made, decided); err != nil {
			return err
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
		if len(made) > 0 {
			done.Made = names
		}
		_, err := tx.As(sc.House()).Update(ctx, "operation", o.ID, store.Patch{Values: map[string]record.Value{
			"done": record.NumberValue(changed + int64(len(made))), "same": record.NumberValue(int64(len(recs)) - changed)}})
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
	return o, tx.As(sc.House()).Create(ctx, o)
}
