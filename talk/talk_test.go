package talk_test

import (
	"context"
	"testing"

	"guike"
	"guike/queue"
	"guike/record"
	"guike/store"
	"guike/store/storetest"
	"guike/talk"
)

// What was said about a record goes with it for ever, and no sooner.
func TestTalkEndsWithItsRecord(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, sys := context.Background(), record.SystemScope("test")
		r := queue.NewRunner(db, 1)
		r.Follow("talk", talk.Follow)
		tx := func(fn func(*store.Tx) error) {
			t.Helper()
			if err := db.Tx(ctx, sys, fn); err != nil {
				t.Fatal(err)
			}
			if err := r.CatchUp(ctx); err != nil {
				t.Fatal(err)
			}
		}
		left := func() (n int64) {
			t.Helper()
			if err := db.One(ctx, "SELECT count(*) FROM comments", nil, &n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		one, two := &guike.Customer{Name: "恒泰"}, &guike.Customer{Name: "瑞丰"}
		tx(func(tx *store.Tx) error { one.ID = ""; return tx.Create(ctx, one) })
		tx(func(tx *store.Tx) error { two.ID = ""; return tx.Create(ctx, two) })
		for _, id := range []record.ID{one.ID, one.ID, two.ID} {
			if _, err := talk.Say(ctx, db, sys, "customer", id, "请看看"); err != nil {
				t.Fatal(err)
			}
		}
		tx(func(tx *store.Tx) error { _, err := tx.Delete(ctx, "customer", one.ID); return err })
		if n := left(); n != 3 {
			t.Errorf("%d comments while the record lies in the trash", n)
		}
		tx(func(tx *store.Tx) error { _, err := tx.Purge(ctx, "customer", one.ID); return err })
		if n := left(); n != 1 {
			t.Errorf("%d comments after one record of two was purged", n)
		}
	})
}
