package queue_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"guike"
	"guike/queue"
	"guike/record"
	"guike/store"
	"guike/store/storetest"
)

var ctx = context.Background()

func sys() record.Scope { return record.SystemScope("test") }

// Many write at once, some roll back, three sequencers number: the follower sees each committed change once, each record's versions in order.
func TestFollowerMissesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		seen := map[int64]int{}
		last := map[record.ID]int64{}
		r := queue.NewRunner(db, 1)
		r.Follow("test", func(_ context.Context, _ *store.Tx, cs []record.Change) error {
			for _, c := range cs {
				seen[c.ID]++
				if c.Version != last[c.Rec]+1 {
					t.Errorf("%s: version %d after %d", c.Rec, c.Version, last[c.Rec])
				}
				last[c.Rec] = c.Version
			}
			return nil
		})
		stop := make(chan struct{})
		var bg sync.WaitGroup
		for range 3 {
			bg.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
					}
					if _, err := db.Sequence(ctx); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		bg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if err := r.CatchUp(ctx); err != nil {
					t.Error(err)
					return
				}
			}
		})
		back := errors.New("rolled back")
		var shared []record.ID
		for i := range 4 {
			c := &guike.Customer{Name: fmt.Sprint("客户", i)}
			if err := db.Tx(ctx, sys(), func(tx *store.Tx) error { c.ID = ""; return tx.Create(ctx, c) }); err != nil {
				t.Fatal(err)
			}
			shared = append(shared, c.ID)
		}
		var writers sync.WaitGroup
		for w := range 4 {
			writers.Go(func() {
				rng := rand.New(rand.NewPCG(uint64(w), 1))
				for i := range 60 {
					err := db.Tx(ctx, sys(), func(tx *store.Tx) error {
						var err error
						if rng.IntN(2) == 0 {
							err = tx.Create(ctx, &guike.Customer{Name: fmt.Sprintf("新 %d %d", w, i)})
						} else {
							_, err = tx.Update(ctx, "customer", shared[rng.IntN(len(shared))], store.Patch{Values: map[string]record.Value{"note": record.TextValue(fmt.Sprint(w, i))}})
						}
						if err == nil && rng.IntN(5) == 0 {
							return back
						}
						return err
					})
					if err != nil && !errors.Is(err, back) {
						t.Error(err)
					}
				}
			})
		}
		writers.Wait()
		close(stop)
		bg.Wait()
		if err := r.CatchUp(ctx); err != nil {
			t.Fatal(err)
		}
		var total int
		if err := db.Each(ctx, "SELECT id FROM changes", nil, func(rows store.Rows) error {
			var id int64
			if err := rows.Scan(&id); err != nil {
				return err
			}
			total++
			if seen[id] != 1 {
				t.Errorf("change %d was seen %d times", id, seen[id])
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if len(seen) != total {
			t.Errorf("%d seen, %d written", len(seen), total)
		}
	})
}

func TestJobs(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := queue.NewRunner(db, 2)
		calls := map[string]int{}
		r.Handle("fails", 0, func(_ context.Context, task *queue.Task) error { calls["fails"]++; return errors.New("no") })
		r.Handle("invalid", 0, func(context.Context, *queue.Task) error { calls["invalid"]++; return record.FieldError("x", "bad") })
		r.Handle("panics", 0, func(context.Context, *queue.Task) error { calls["panics"]++; panic("oh") })
		r.Handle("works", 0, func(ctx context.Context, task *queue.Task) error { calls["works"]++; return task.Progress(ctx, 3, 3) })
		ids := map[string]string{}
		if err := db.Tx(ctx, sys(), func(tx *store.Tx) error {
			for _, q := range []string{"fails", "invalid", "panics", "works"} {
				id, err := queue.Add(ctx, tx, queue.New{Queue: q, Args: map[string]int{}, Once: "once " + q})
				if err != nil {
					return err
				}
				ids[q] = id
				if id, err := queue.Add(ctx, tx, queue.New{Queue: q, Once: "once " + q}); err != nil || id != "" {
					return fmt.Errorf("a second one with the same key: %q, %v", id, err)
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Drain(ctx); err != nil {
			t.Fatal(err)
		}
		for q, want := range map[string]string{"fails": queue.Waiting, "invalid": queue.Dead, "panics": queue.Waiting, "works": queue.Done} {
			j, err := queue.Get(ctx, db, ids[q])
			if err != nil {
				t.Fatal(err)
			}
			if j.State != want || calls[q] != 1 {
				t.Errorf("%s: %s after %d calls, want %s after 1 (%s)", q, j.State, calls[q], want, j.Error)
			}
		}
		if err := db.Tx(ctx, sys(), func(tx *store.Tx) error { return queue.Retry(ctx, tx, ids["invalid"]) }); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Drain(ctx); err != nil {
			t.Fatal(err)
		}
		if calls["invalid"] != 2 {
			t.Errorf("a dead job was retried %d times, want once", calls["invalid"]-1)
		}
	})
}
