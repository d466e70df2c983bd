package queue

import (
	"context"
	"fmt"
	"slices"

	"guike/record"
	"guike/store"
)

// A Taking is how far a job is that takes back what a cause did: it belongs into the job's arguments.
type Taking struct {
	Spans []Span       `json:"spans,omitempty"`
	Done  int64        `json:"done,omitempty"` // records looked at
	Kept  int64        `json:"kept,omitempty"` // parts not taken back
	Left  []store.Kept `json:"left,omitempty"` // the first of them
}

// A Span is a part of the records, in the order of their ids, that one lane takes back.
type Span struct {
	After string    `json:"after,omitempty"` // the last record taken back
	Until record.ID `json:"until,omitempty"` // the span's last; "" is the last of all
	Ended bool      `json:"ended,omitempty"`
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
// arguments of a place, end is called in the transaction that ends it.
func (t *Task) TakeBack(ctx context.Context, sc record.Scope, u store.Undo, at Taking, args func(Taking) any, end func(*store.Tx, Taking) error) error {
	db := t.r.db
	total, ends, err := db.Touched(ctx, u, lanes(db))
	if err != nil {
		return fmt.Errorf("take back: %w", err)
	}
	if len(at.Spans) == 0 {
		at.Spans = make([]Span, len(ends)+1)
		for i, id := range ends {
			at.Spans[i].Until, at.Spans[i+1].After = id, string(id)
		}
	}
	spans := at.Spans
	return t.Beside(ctx, len(spans), func(ctx context.Context, ln *Lane) error {
		for span := spans[ln.N]; !span.Ended; {
			u := u
			u.Until = span.Until
			var out store.Undone
			next := at
			if err := ln.Tx(ctx, sc, func(tx *store.Tx) (err error) {
				out, err = tx.Undo(ctx, u, span.After, Batch(db))
				return err
			}, func(tx *store.Tx) error {
				next = Taking{Spans: slices.Clone(at.Spans), Done: at.Done + int64(out.Records), Kept: at.Kept + int64(len(out.Kept)), Left: slices.Concat(at.Left, out.Kept)}
				next.Left = next.Left[:min(len(next.Left), leftShown)]
				next.Spans[ln.N] = Span{After: out.Next, Until: span.Until, Ended: out.Next == ""}
				if err := t.Checkpoint(ctx, tx, args(next)); err != nil || slices.ContainsFunc(next.Spans, func(s Span) bool { return !s.Ended }) {
					return err
				}
				return end(tx, next)
			}, func() error {
				at, span = next, next.Spans[ln.N]
				return t.Progress(ctx, at.Done, max(at.Done, total))
			}); err != nil {
				return fmt.Errorf("take back: %w", err)
			}
		}
		return nil
	})
}
