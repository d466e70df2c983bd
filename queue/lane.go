package queue

import (
	"context"
	"errors"
	"sync"

	"guike/record"
	"guike/store"
)

// lanes is how many batches of one job are worked on at a time. On PostgreSQL a second one is planned here while the first is written there; SQLite has one
// writer.
func lanes(db *store.DB) int {
	if db.Dialect() == "sqlite" {
		return 1
	}
	return 2
}

// A Lane is one of the lines in which batches of a job follow each other.
type Lane struct {
	N, Of int // which of how many
	t     *Task
	lock  *sync.Mutex
}

// Lanes calls work for each of as many lanes as the database bears.
func (t *Task) Lanes(ctx context.Context, work func(context.Context, *Lane) error) error {
	return t.Beside(ctx, lanes(t.r.db), work)
}

// Beside calls work for each of n lanes and waits for them. Where one fails, the others end as well.
func (t *Task) Beside(ctx context.Context, n int, work func(context.Context, *Lane) error) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var (
		lock sync.Mutex
		all  sync.WaitGroup
	)
	errs := make([]error, n)
	for i := range n {
		all.Go(func() {
			if errs[i] = work(ctx, &Lane{N: i, Of: n, t: t, lock: &lock}); errs[i] != nil {
				stop(errs[i])
			}
		})
	}
	all.Wait()
	for _, err := range errs { // what ended the others, rather than how they ended
		if err != nil && !errors.Is(err, context.Canceled) {
			return err
		}
	}
	return errors.Join(errs...)
}

// Tx runs a batch: do beside the other lanes, then mark and, when that has been committed, done with no other lane in theirs. So mark may write, and done
// take over, what the lanes share: how far the job is.
func (l *Lane) Tx(ctx context.Context, sc record.Scope, do, mark func(*store.Tx) error, done func() error) error {
	held := false
	release := func() {
		if held {
			held = false
			l.lock.Unlock()
		}
	}
	defer release()
	if err := l.t.r.db.Tx(ctx, sc, func(tx *store.Tx) error {
		release() // tried again
		if err := do(tx); err != nil {
			return err
		}
		l.lock.Lock()
		held = true
		return mark(tx)
	}); err != nil {
		return err
	}
	return done()
}
