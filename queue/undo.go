package queue

import (
	"context"
	"fmt"

	"guike/record"
	"guike/store"
)

// A Taking is how far a job is that takes back what a cause did: it belongs into the job's arguments.
type Taking struct {
	After string       `json:"after,omitempty"`
	Done  int64        `json:"done,omitempty"` // records looked at
	Kept  int64        `json:"kept,omitempty"` // parts not taken back
	Left  []store.Kept `json:"left,omitempty"` // the first of them
}

// leftShown is how many parts that an undo left are kept by name; the others are counted.
const leftShown = 500

// Batch is how many records one transaction of a job writes: small on SQLite, where it holds the one writer.
func Batch(db *store.DB) int {
	if db.Dialect() == "sqlite" {
		return 200
	}
	return 1000
}

// TakeBack takes back what an undo names, in batches, on behalf of a scope whose cause is the undo's. It goes on where at says; args makes the job's
// arguments of a place, end is called in the transaction of the last batch.
func (t *Task) TakeBack(ctx context.Context, sc record.Scope, u store.Undo, at Taking, args func(Taking) any, end func(*store.Tx, Taking) error) error {
	db := t.r.db
	total, err := db.Touched(ctx, u)
	if err != nil {
		return err
	}
	for {
		next := at
		if err := db.Tx(ctx, sc, func(tx *store.Tx) error {
			out, err := tx.Undo(ctx, u, at.After, Batch(db))
			if err != nil {
				return err
			}
			next = Taking{After: out.Next, Done: at.Done + int64(out.Records), Kept: at.Kept + int64(len(out.Kept)), Left: append(append([]store.Kept{}, at.Left...), out.Kept...)}
			next.Left = next.Left[:min(len(next.Left), leftShown)]
			if out.Next == "" {
				return end(tx, next)
			}
			return t.Checkpoint(ctx, tx, args(next))
		}); err != nil {
			return fmt.Errorf("take back: %w", err)
		}
		at = next
		if err := t.Progress(ctx, at.Done, max(at.Done, total)); err != nil {
			return err
		}
		if at.After == "" {
			return nil
		}
	}
}
