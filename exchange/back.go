package exchange

import (
	"context"
	"strconv"

	"guike"
	"guike/queue"
	"guike/record"
	"guike/store"
)

// takeBack undoes what a cause did, in batches, and lists what it left.
func (p *Port) takeBack(ctx context.Context, t *queue.Task, imp *guike.Import, j Job) error {
	if imp.State != guike.ImportUndoing {
		return nil
	}
	sc := j.Scope
	sc.Cause = record.Cause{Kind: "undo", ID: j.Cause, Root: j.Cause}
	u := store.Undo{Root: j.Root, Anyway: j.Anyway, Only: j.Only}
	at, err := p.start(ctx, sc, imp.ID, doUndo+":"+j.Cause+":"+strconv.FormatInt(int64(imp.StartedAt), 10))
	if err != nil {
		return err
	}
	total, _, err := p.DB.Touched(ctx, u, 1)
	if err != nil {
		return err
	}
	state := guike.ImportUndone
	if j.Do == doRedo {
		state = guike.ImportDone
	}
	for n := 0; ; n++ {
		next := at
		more := false
		if err := p.DB.Tx(ctx, sc, func(tx *store.Tx) error {
			next = at
			done, err := tx.Undo(ctx, u, at.cursor, queue.Batch(p.DB))
			if err != nil {
				return err
			}
			var issues []Issue
			for i, k := range done.Kept {
				issues = append(issues, Issue{Row: int(next.counts.Kept) + i + 1, Severity: severeKept, Column: k.Field, Reason: k.Reason, Value: k.Kind + " " + string(k.Rec) + " " + k.Title})
			}
			next.counts.Rows += int64(done.Records)
			next.counts.Kept += int64(len(done.Kept))
			next.counts.Updated += int64(done.Back)
			next.counts.Created += int64(done.Trashed)
			next.cursor = done.Next
			if more = done.Next != ""; !more {
				// The last batch ends the undo in the same transaction: a kill behind it must not repeat it.
				if _, err := p.move(ctx, tx.As(house(sc)), imp.ID, state, map[string]record.Value{"kept": record.NumberValue(next.counts.Kept),
					"ended_at": record.NumberValue(int64(tx.At()))}, guike.ImportUndoing); err != nil {
					return err
				}
			}
			return p.step(ctx, tx.As(house(sc)), imp.ID, next, issues)
		}); err != nil {
			return err
		}
		at = next
		if !more {
			return nil
		}
		if n%10 == 9 && t != nil {
			if err := t.Progress(ctx, at.counts.Rows, total); err != nil {
				return err
			}
		}
	}
}
