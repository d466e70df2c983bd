package classify

import (
	"context"
	"encoding/json"
	"fmt"

	"guike"
	"guike/queue"
	"guike/record"
	"guike/store"
)

// ReviseQueue is the queue of the jobs that apply a revision to what is there, or take it back.
const ReviseQueue = "revise"

// revising is a job's arguments; it keeps in them how far it is.
type revising struct {
	Revision record.ID `json:"revision"`
	Moved    int64     `json:"moved,omitempty"` // records whose value became another
	queue.Taking
}

// ReviseHandler applies a revision, or takes it back, in batches. Killed, it goes on: what is done already no longer differs.
func ReviseHandler(db *store.DB) queue.Handler {
	return func(ctx context.Context, t *queue.Task) error {
		var j revising
		if err := json.Unmarshal(t.Args, &j); err != nil {
			return err
		}
		rec, err := db.Get(ctx, record.SystemScope("classify"), "revision", j.Revision)
		if err != nil {
			return err
		}
		r := rec.(*guike.Revision)
		switch r.State {
		case guike.RevisionRunning:
			return applyRevision(ctx, db, t, r, j)
		case guike.RevisionUndoing:
			return takeBack(ctx, db, t, r, j)
		}
		return nil // done before a kill
	}
}

func applyRevision(ctx context.Context, db *store.DB, t *queue.Task, r *guike.Revision, j revising) error {
	sc := record.SystemScope("classify")
	// The revision is the root of what its application writes, and of what follows from that.
	sc.Cause = record.Cause{Kind: "revision", ID: string(r.ID), Root: string(r.ID), Depth: 1}
	done, err := carryOver(ctx, db, t, r, &j, sc)
	if err != nil {
		return err
	}
	if err := redecide(ctx, db, t, r, sc, store.Stretch{}, func(ctx context.Context, tx *store.Tx, n int) error {
		return t.Checkpoint(ctx, tx, revising{Revision: r.ID, Moved: j.Moved + int64(n)})
	}, func(looked, moved int) error {
		j.Moved += int64(moved)
		done += int64(looked)
		return t.Progress(ctx, done, max(done, r.Expected))
	}); err != nil {
		return fmt.Errorf("apply revision %s: %w", r.ID, err)
	}
	if err := db.Tx(ctx, sc, func(tx *store.Tx) error {
		return endRevision(ctx, tx, r, map[string]record.Value{"state": record.TextValue(guike.RevisionDone), "moved": record.NumberValue(j.Moved)})
	}); err != nil {
		return fmt.Errorf("end revision %s: %w", r.ID, err)
	}
	return t.Progress(ctx, done, done)
}

// redecide decides anew, in lanes, what the rules in force lead elsewhere. mark is called in each batch's transaction, done when it is committed, with how
// many records were looked at and how many have another value now.
func redecide(ctx context.Context, db *store.DB, t *queue.Task, r *guike.Revision, sc record.Scope, of store.Stretch, mark func(ctx context.Context, tx *store.Tx, moved int) error,
	done func(looked, moved int) error) error {
	return t.Lanes(ctx, func(ctx context.Context, ln *queue.Lane) error {
		in := of
		var err error
		if in.After, in.Until, err = span(ctx, db, r, ln); err != nil {
			return err
		}
		for more := true; more; {
			var n, moved int
			var next int64
			if err := ln.Tx(ctx, sc, func(tx *store.Tx) (err error) {
				n, moved, next, err = redecideBatch(ctx, tx, r, in, queue.Batch(db))
				return err
			}, func(tx *store.Tx) error { return mark(ctx, tx, moved) }, func() error {
				in.After, more = next, next != 0
				return done(n, moved)
			}); err != nil {
				return err
			}
		}
		return nil
	})
}

// span is a lane's part of the row numbers.
func span(ctx context.Context, db *store.DB, r *guike.Revision, ln *queue.Lane) (after, until int64, err error) {
	cat, err := db.Catalogue(ctx, false)
	if err != nil {
		return 0, 0, err
	}
	k := cat.Kind(r.Of)
	if after, err = db.Quantile(ctx, k, ln.N, ln.Of); err != nil {
		return 0, 0, err
	}
	until, err = db.Quantile(ctx, k, ln.N+1, ln.Of)
	return after, until, err
}

// redecideBatch answers, beside the two counts, after which number to go on, 0 at the end.
func redecideBatch(ctx context.Context, tx *store.Tx, r *guike.Revision, in store.Stretch, limit int) (n, moved int, next int64, err error) {
	d, err := dimensionOf(ctx, tx, r.Dimension)
	if err != nil {
		return 0, 0, 0, err
	}
	now, err := setup(ctx, tx, d)
	if err != nil {
		return 0, 0, 0, err
	}
	b, _, _, err := branchesOf(tx.Catalogue(), tx.At(), d, now)
	if err != nil {
		return 0, 0, 0, err
	}
	ids, next, err := tx.Differing(ctx, b, in, limit)
	if err != nil || len(ids) == 0 {
		return 0, 0, next, err
	}
	ps, err := plans(ctx, tx, tx.Catalogue())
	if err != nil || ps[d.Of] == nil {
		return 0, 0, 0, err
	}
	moved, err = classify(ctx, tx, ps[d.Of].only(d.ID), d.Of, ids)
	return len(ids), moved, next, err
}

// carryOver takes along, by a revision's merges, what persons decided: it stays theirs.
func carryOver(ctx context.Context, db *store.DB, t *queue.Task, r *guike.Revision, j *revising, sc record.Scope) (int64, error) {
	var s Setup
	if err := json.Unmarshal([]byte(r.After), &s); err != nil || len(s.Merge) == 0 {
		return 0, err
	}
	var done int64
	for n := 1; n > 0; {
		if err := db.Tx(ctx, sc, func(tx *store.Tx) error {
			d, err := dimensionOf(ctx, tx, r.Dimension)
			if err != nil {
				return err
			}
			cat := tx.Catalogue()
			f := cat.Kind(d.Of).Field(d.Name)
			var from []record.Value
			for _, m := range s.Merge {
				if c := cat.Category("", string(m.From)); c != nil {
					from = append(from, record.NumberValue(c.N))
				}
			}
			ids, err := tx.HeldIn(ctx, d.Of, f, from, queue.Batch(db))
			if err != nil {
				return err
			}
			n = len(ids)
			have, err := tx.Decisions(ctx, ids...)
			if err != nil {
				return err
			}
			_, err = tx.UpdateAll(ctx, d.Of, ids, func(rec record.Record) (store.Patch, error) {
				v, _ := s.carry(cat, d.Multi, cat.Kind(d.Of).Get(rec, d.Name))
				return store.Patch{Values: map[string]record.Value{d.Name: v}, Decisions: map[string]record.Decision{d.Name: have[rec.Head().ID][d.Name]}}, nil
			})
			if err != nil {
				return err
			}
			return t.Checkpoint(ctx, tx, revising{Revision: r.ID, Moved: j.Moved + int64(n)})
		}); err != nil {
			return done, fmt.Errorf("merge categories of revision %s: %w", r.ID, err)
		}
		done += int64(n)
		j.Moved += int64(n)
		if err := t.Progress(ctx, done, max(done, r.Expected)); err != nil {
			return done, err
		}
	}
	return done, nil
}

// endRevision writes on a revision what came of it.
func endRevision(ctx context.Context, tx *store.Tx, r *guike.Revision, vs map[string]record.Value) error {
	sys := record.SystemScope("classify")
	sys.Cause = record.Cause{Kind: "system", ID: "classify", Root: "classify"}
	_, err := tx.As(sys).Update(ctx, "revision", r.ID, store.Patch{Values: vs})
	return err
}

// UndoRevision takes back the newest published revision of a dimension: its rules and bounds in this transaction, so that nothing decides by them any more,
// what they moved by a job. What was changed since by others stays and is listed.
func UndoRevision(ctx context.Context, db *store.DB, sc record.Scope, id record.ID) (string, error) {
	if err := may(sc); err != nil {
		return "", err
	}
	var job string
	return job, db.Tx(ctx, sc.House(), func(tx *store.Tx) error {
		r, err := revision(ctx, tx, id, guike.RevisionDone, guike.RevisionRunning)
		if err != nil {
			return err
		}
		var later int64
		if err := tx.One(ctx, "SELECT count(*) FROM revisions WHERE dimension = ? AND number > ? AND state IN ('running', 'done')", []any{string(r.Dimension), r.Number}, &later); err != nil {
			return err
		}
		if later > 0 {
			return record.Errorf(record.Conflict, "error.revision_later")
		}
		d, err := dimensionOf(ctx, tx, r.Dimension)
		if err != nil {
			return err
		}
		var before Setup
		if err := json.Unmarshal([]byte(r.Before), &before); err != nil {
			return err
		}
		var after Setup
		if err := json.Unmarshal([]byte(r.After), &after); err != nil {
			return err
		}
		before.Merge = after.Merge // what was merged is in use again
		if _, err := put(ctx, tx, d, before, true); err != nil {
			return err
		}
		if job, err = queue.Add(ctx, tx, queue.New{Queue: ReviseQueue, Title: "job.unrevise", Args: revising{Revision: id}}); err != nil {
			return err
		}
		_, err = tx.Update(ctx, "revision", id, store.Patch{Values: map[string]record.Value{"state": record.TextValue(guike.RevisionUndoing), "job": record.TextValue(job),
			"undo": record.TextValue(string(record.NewID("und"))), "kept": record.NumberValue(0), "left": record.Absent}})
		return err
	})
}

// takeBack takes back what the application wrote. What was classified meanwhile, by rules that are no longer in force, is decided anew then.
func takeBack(ctx context.Context, db *store.DB, t *queue.Task, r *guike.Revision, at revising) error {
	sc := record.SystemScope("classify")
	sc.Cause = record.Cause{Kind: "undo", ID: r.Undo, Root: r.Undo, Depth: 1}
	args := func(next queue.Taking) any { return revising{Revision: r.ID, Taking: next} }
	if err := t.TakeBack(ctx, sc, store.Undo{Root: string(r.ID)}, at.Taking, args, func(tx *store.Tx, out queue.Taking) error {
		left, err := json.Marshal(out.Left)
		if err != nil {
			return err
		}
		return endRevision(ctx, tx, r, map[string]record.Value{"kept": record.NumberValue(out.Kept), "left": record.TextValue(string(left))})
	}); err != nil {
		return err
	}
	if err := redecide(ctx, db, t, r, sc, store.Stretch{Since: r.PublishedAt, Root: r.Undo}, func(context.Context, *store.Tx, int) error { return nil },
		func(int, int) error { return nil }); err != nil {
		return fmt.Errorf("decide anew after the undo of revision %s: %w", r.ID, err)
	}
	return db.Tx(ctx, sc, func(tx *store.Tx) error {
		return endRevision(ctx, tx, r, map[string]record.Value{"state": record.TextValue(guike.RevisionUndone)})
	})
}
