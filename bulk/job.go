package bulk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"guike"
	"guike/queue"
	"guike/record"
	"guike/store"
)

// args are a job's arguments: in whose rights it works, and how far it is.
type args struct {
	Operation record.ID    `json:"operation"`
	Scope     record.Scope `json:"scope"`
	N         int64        `json:"n,omitempty"` // row number up to which records are done
	Changed   int64        `json:"changed,omitempty"`
	Same      int64        `json:"same,omitempty"`
	Failed    int64        `json:"failed,omitempty"`
	Faults    []Fault      `json:"faults,omitempty"`
	queue.Taking
}

// A Fault is a record that could not be changed, and why.
type Fault struct {
	ID     record.ID         `json:"id"`
	Title  string            `json:"title"`
	Reason string            `json:"reason"`
	Fields map[string]string `json:"fields,omitempty"`
}

// faultsShown is how many faults are kept by name; the others are counted.
const faultsShown = 500

// Handler does operations, and takes them back.
func Handler(db *store.DB) queue.Handler {
	return func(ctx context.Context, t *queue.Task) error {
		var a args
		if err := json.Unmarshal(t.Args, &a); err != nil {
			return err
		}
		rec, err := db.Get(ctx, record.SystemScope("bulk"), "operation", a.Operation)
		if err != nil {
			return err
		}
		o := rec.(*guike.Operation)
		switch o.State {
		case guike.OperationRunning:
			return work(ctx, db, t, o, a)
		case guike.OperationUndoing:
			return takeBack(ctx, t, o, a)
		}
		return nil // done before a kill
	}
}

func work(ctx context.Context, db *store.DB, t *queue.Task, o *guike.Operation, a args) error {
	var c Change
	if err := json.Unmarshal([]byte(o.What), &c); err != nil {
		return err
	}
	sc := a.Scope
	// The operation is the root of what it writes, and of what follows from that.
	sc.Cause = record.Cause{Kind: "bulk", ID: string(o.ID), Root: string(o.ID)}
	for {
		recs, err := db.After(ctx, sc, c.query(o.Of), a.N, queue.Batch(db))
		if err != nil {
			return err
		}
		if len(recs) == 0 {
			return db.Tx(ctx, sc.House(), func(tx *store.Tx) error { return end(ctx, tx, o, a) })
		}
		next, err := batch(ctx, db, t, sc, o, c, a, recs)
		var re *record.Error
		if errors.As(err, &re) && (re.Code == record.Invalid || re.Code == record.Conflict || re.Code == record.Denied) {
			// One of them cannot be changed so: each for itself, that the others are.
			next = a
			for _, r := range recs {
				one, err := batch(ctx, db, t, sc, o, c, next, []record.Record{r})
				if errors.As(err, &re) && (re.Code == record.Invalid || re.Code == record.Conflict || re.Code == record.Denied) {
					one = next
					one.N, one.Failed = r.Head().N, next.Failed+1
					if len(one.Faults) < faultsShown {
						one.Faults = append(append([]Fault{}, next.Faults...), Fault{r.Head().ID, r.Head().Title, re.Message, re.Fields})
					}
				} else if err != nil {
					return err
				}
				next = one
			}
			if err := db.Tx(ctx, sc, func(tx *store.Tx) error { return t.Checkpoint(ctx, tx, next) }); err != nil {
				return err
			}
		} else if err != nil {
			return fmt.Errorf("%s: %w", o.ID, err)
		}
		a = next
		done := a.Changed + a.Same + a.Failed
		if err := t.Progress(ctx, done, max(done, o.Total)); err != nil {
			return err
		}
	}
}

// batch changes some records and answers how far the job is then, which it keeps in the same transaction.
func batch(ctx context.Context, db *store.DB, t *queue.Task, sc record.Scope, o *guike.Operation, c Change, a args, recs []record.Record) (args, error) {
	next := a
	err := db.Tx(ctx, sc, func(tx *store.Tx) error {
		next = a
		next.N = recs[len(recs)-1].Head().N
		var err error
		if c.Trash || c.Restore {
			verb := tx.Delete
			if c.Restore {
				verb = tx.Restore
			}
			for _, r := range recs {
				if _, err := verb(ctx, o.Of, r.Head().ID); err != nil {
					return err
				}
			}
			next.Changed += int64(len(recs))
			return t.Checkpoint(ctx, tx, next)
		}
		p, err := c.patch(tx, tx.Catalogue().Kind(o.Of), sc)
		if err != nil {
			return err
		}
		ids := make([]record.ID, len(recs))
		version := map[record.ID]int64{}
		for i, r := range recs {
			ids[i], version[r.Head().ID] = r.Head().ID, r.Head().Version
		}
		out, err := tx.UpdateAll(ctx, o.Of, ids, func(r record.Record) (store.Patch, error) {
			version[r.Head().ID] = r.Head().Version
			return p, nil
		})
		if err != nil {
			return err
		}
		if len(out) < len(recs) && len(recs) > 1 {
			return record.Errorf(record.Denied, "error.denied") // seen, but not this caller's to change: found out one by one
		} else if len(out) == 0 {
			return record.Errorf(record.Denied, "error.denied")
		}
		for _, r := range out {
			if r.Head().Version == version[r.Head().ID] {
				next.Same++
			} else {
				next.Changed++
			}
		}
		return t.Checkpoint(ctx, tx, next)
	})
	return next, err
}

func end(ctx context.Context, tx *store.Tx, o *guike.Operation, a args) error {
	faults, err := json.Marshal(a.Faults)
	if err != nil {
		return err
	}
	_, err = tx.Update(ctx, "operation", o.ID, store.Patch{Values: map[string]record.Value{"state": record.TextValue(guike.OperationDone), "done": record.NumberValue(a.Changed),
		"same": record.NumberValue(a.Same), "failed": record.NumberValue(a.Failed), "faults": record.TextValue(string(faults))}})
	return err
}

// Undo takes an operation back, in the name of who asks: only what he may change.
func Undo(ctx context.Context, db *store.DB, sc record.Scope, id record.ID) (*guike.Operation, error) {
	var o *guike.Operation
	err := db.Tx(ctx, sc, func(tx *store.Tx) error {
		rec, err := tx.Get(ctx, sc, "operation", id)
		if err != nil {
			return err
		}
		if o = rec.(*guike.Operation); o.State != guike.OperationDone {
			return record.Errorf(record.Conflict, "error.operation_state")
		}
		return begin(ctx, tx.As(sc.House()), o, "job.unbulk", args{Operation: id, Scope: sc}, map[string]record.Value{"state": record.TextValue(guike.OperationUndoing),
			"undo": record.TextValue(string(record.NewID("und"))), "kept": record.NumberValue(0), "left": record.Absent})
	})
	return o, err
}

func takeBack(ctx context.Context, t *queue.Task, o *guike.Operation, a args) error {
	sc := a.Scope
	sc.Cause = record.Cause{Kind: "undo", ID: o.Undo, Root: o.Undo}
	place := func(at queue.Taking) any { return args{Operation: o.ID, Scope: a.Scope, Taking: at} }
	return t.TakeBack(ctx, sc, store.Undo{Root: string(o.ID)}, a.Taking, place, func(tx *store.Tx, out queue.Taking) error {
		left, err := json.Marshal(out.Left)
		if err != nil {
			return err
		}
		var c guike.SettingChange
		if o.Verb == guike.OperationRename && json.Unmarshal([]byte(o.What), &c) == nil && tx.Catalogue().Settings[c.Setting] == c.To {
			if err := tx.As(sc.House()).Set(ctx, c.Setting, c.From); err != nil {
				return err
			}
		}
		_, err = tx.As(sc.House()).Update(ctx, "operation", o.ID, store.Patch{Values: map[string]record.Value{"state": record.TextValue(guike.OperationUndone), "kept": record.NumberValue(out.Kept),
			"left": record.TextValue(string(left))}})
		return err
	})
}
