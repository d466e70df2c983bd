package main

import (
	"testing"

	"guike/demo"
	"guike/record"
	"guike/store"
	"guike/store/storetest"
)

// The demo fills on both databases: with everything that it invents, papers included.
func TestDemoFills(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := &workspace{db: db}
		users, deps, fresh, err := w.people(t.Context())
		if err != nil || !fresh {
			t.Fatal(err, fresh)
		}
		papers := 0
		size := demo.Size{Customers: 60, Orders: 120, Receipts: 200, Papers: 5}
		if err := demo.Fill(t.Context(), db, record.SystemScope("demo"), users, deps, size, func(int, int) {}, func(string, []byte) error { papers++; return nil }); err != nil {
			t.Fatal(err)
		}
		for _, kind := range []string{"customer", "order", "receipt", "entry", "activity", "task", "case"} {
			if n, _, err := db.Count(t.Context(), record.SystemScope("demo"), store.Query{Kind: kind}, nil); err != nil || n == 0 {
				t.Errorf("%d of %s: %v", n, kind, err)
			}
		}
		if papers == 0 {
			t.Error("no papers")
		}
	})
}
