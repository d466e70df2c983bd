package shape

import (
	"context"
	"encoding/json"
	"fmt"

	"guike/queue"
	"guike/record"
	"guike/store"
)

// ComputeQueue is the queue of this room's jobs.
const ComputeQueue = "compute"

type job struct {
	Kind  string `json:"kind"`
	Field string `json:"field"`
}

// computeBatch is how many records a batch computes: small, so that it never holds the writer long.
const computeBatch = 200

// ComputeHandler computes a field of all records anew: each is written as it is, and the write path computes. A record whose value is right already is not
// written. Killed, it begins again and finds those done.
func ComputeHandler(db *store.DB) queue.Handler {
	return func(ctx context.Context, t *queue.Task) error {
		var j job
		if err := json.Unmarshal(t.Args, &j); err != nil {
			return err
		}
		sc := record.SystemScope("compute")
		sc.Cause = record.Cause{Kind: "job", ID: t.ID, Root: t.ID}
		total, _, err := db.Count(ctx, sc, store.Query{Kind: j.Kind}, nil)
		if err != nil {
			return err
		}
		done := int64(0)
		q := store.Query{Kind: j.Kind, Sort: "created_at", Limit: computeBatch}
		for {
			p, err := db.List(ctx, sc, q)
			if err != nil {
				return err
			}
			ids := make([]record.ID, len(p.Records))
			for i, r := range p.Records {
				ids[i] = r.Head().ID
			}
			if err := db.Tx(ctx, sc, func(tx *store.Tx) error {
				_, err := tx.UpdateAll(ctx, j.Kind, ids, func(record.Record) (store.Patch, error) { return store.Patch{}, nil })
				return err
			}); err != nil {
				return fmt.Errorf("compute %s of %s: %w", j.Field, j.Kind, err)
			}
			done += int64(len(ids))
			if err := t.Progress(ctx, done, max(done, total)); err != nil {
				return err
			}
			if q.Cursor = p.Next; p.Next == "" {
				return nil
			}
		}
	}
}
