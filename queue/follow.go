package queue

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"guike/record"
	"guike/store"
)

// A Follow is what a follower does with a batch of changes, inside the transaction that moves its cursor. It may be run again.
type Follow func(ctx context.Context, tx *store.Tx, changes []record.Change) error

type follower struct {
	name string
	fn   Follow
}

// followBatch is how many changes a follower takes at a time: small, so that it never holds the writer long.
const followBatch = 200

// Follow registers a follower of the change log. Whatever it fails at, the writes it follows stand; it tries again.
func (r *Runner) Follow(name string, fn Follow) { r.follow = append(r.follow, follower{name, fn}) }

// followers numbers changes and lets each follower catch up, whenever something was written. Now and then it looks anyway.
func (r *Runner) followers(ctx context.Context) {
	wake, forget := r.db.Wait()
	defer forget()
	tick := time.NewTicker(5 * time.Second)
	defer tick.Stop()
	pause := time.Duration(0)
	for {
		if err := r.CatchUp(ctx); err != nil && ctx.Err() == nil {
			slog.Error("follow changes", "err", err)
			pause = min(pause*2+time.Second, 30*time.Second)
		} else {
			pause = 0
		}
		select {
		case <-ctx.Done():
			return
		case <-wake:
		case <-tick.C:
		}
		if pause > 0 {
			select {
			case <-ctx.Done():
				return
			case <-time.After(pause):
			}
		}
	}
}

// CatchUp lets every follower see all changes numbered so far. Tests and one-off commands call it; the runner does so by itself.
func (r *Runner) CatchUp(ctx context.Context) error {
	for again := true; again; {
		again = false
		if _, err := r.db.Sequence(ctx); err != nil {
			return err
		}
		for _, f := range r.follow {
			for {
				n, err := r.step(ctx, f)
				if err != nil {
					return fmt.Errorf("follower %s: %w", f.name, err)
				}
				if n == 0 {
					break
				}
				again = true
			}
		}
	}
	return nil
}

// step gives one follower one batch and answers how many changes that was.
func (r *Runner) step(ctx context.Context, f follower) (int, error) {
	var at int64
	// A look without the write lock: most find nothing.
	err := r.db.One(ctx, "SELECT coalesce(max(cursor), 0) FROM followers WHERE name = ?", []any{f.name}, &at)
	if err != nil {
		return 0, err
	}
	if newest, err := r.db.Newest(ctx); err != nil || newest <= at {
		return 0, err
	}
	n := 0
	sc := record.SystemScope(f.name)
	err = r.db.Tx(ctx, sc, func(tx *store.Tx) error {
		n = 0
		at, mine, err := tx.Cursor(ctx, f.name)
		if err != nil || !mine {
			return err
		}
		cs, err := tx.Changes(ctx, at, followBatch)
		if err != nil || len(cs) == 0 {
			return err
		}
		if err := f.fn(ctx, tx, cs); err != nil {
			return err
		}
		n = len(cs)
		return tx.Advance(ctx, f.name, cs[n-1].Seq)
	})
	return n, err
}
