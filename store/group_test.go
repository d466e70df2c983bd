package store_test

import (
	"fmt"
	"testing"

	"guike"
	"guike/record"
	"guike/store"
	"guike/store/storetest"
)

// Groups partition what a query lists: their counts and sums add up to its own, whatever they are grouped by.
func TestGroups(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, sys := t.Context(), record.SystemScope("test")
		customers := []record.Record{&guike.Customer{Name: "甲"}, &guike.Customer{Name: "乙"}}
		if err := db.Tx(ctx, sys, func(tx *store.Tx) error { return tx.Create(ctx, customers...) }); err != nil {
			t.Fatal(err)
		}
		var ns []int64
		if err := db.Tx(ctx, sys, func(tx *store.Tx) error {
			dim := &guike.Dimension{Of: "receipt", Name: "d_m", Label: "M", By: guike.ByRules, Multi: true}
			if err := tx.Create(ctx, dim); err != nil {
				return err
			}
			for _, name := range []string{"红", "绿"} {
				c := &guike.Category{Dimension: dim.ID, Name: name}
				if err := tx.Create(ctx, c); err != nil {
					return err
				}
				ns = append(ns, c.N)
			}
			return tx.AddField(ctx, "receipt", record.Field{Name: "d_m", Type: record.Category, Dimension: dim.ID, Multi: true})
		}); err != nil {
			t.Fatal(err)
		}
		cat, err := db.Catalogue(ctx, true)
		if err != nil {
			t.Fatal(err)
		}
		k := cat.Kind("receipt")
		var recs []record.Record
		for i := range 120 {
			r := &guike.Receipt{Type: []string{"slip", "invoice", "voucher"}[i%3], Amount: record.Money{Minor: int64(i), Currency: []string{"CNY", "USD"}[i%2]}}
			if i%4 > 0 {
				r.PaidOn = record.Date(fmt.Sprintf("2026-0%d-1%d", 1+i%5, i%9))
				r.Customer = customers[i%2].Head().ID
			}
			k.Set(r, "d_m", record.Several([][]int64{nil, {ns[0]}, {ns[1]}, ns}[i/2%4]))
			recs = append(recs, r)
		}
		if err := db.Tx(ctx, sys, func(tx *store.Tx) error { return tx.Create(ctx, recs...) }); err != nil {
			t.Fatal(err)
		}
		q := store.Query{Kind: "receipt", Filter: record.Where("amount", "ge", record.Money{Minor: 10, Currency: "CNY"})}
		total, sums, err := db.Count(ctx, sys, q, []string{"amount"})
		if err != nil {
			t.Fatal(err)
		}
		for by, want := range map[string]int{"type": 3, "paid_on": 6, "customer": 3, "d_m": 4} {
			gs, more, err := db.Groups(ctx, sys, q, by, []string{"amount", "page"})
			if err != nil || more {
				t.Fatalf("%s: %v", by, err)
			}
			var n, counted int64
			money := map[string]int64{}
			for _, g := range gs {
				n += g.Count
				for _, x := range g.Totals {
					if x.Field == "amount" {
						money[x.Money.Currency] += x.Money.Minor
						counted += x.Count
					}
				}
			}
			if len(gs) < want-1 || len(gs) > want || n != total || counted != total {
				t.Errorf("%s: %d groups of %d records, want %d of %d", by, len(gs), n, want, total)
			}
			for _, s := range sums {
				if money[s.Money.Currency] != s.Money.Minor {
					t.Errorf("%s: %d, want %v", by, money[s.Money.Currency], s.Money)
				}
			}
		}
		for _, bad := range []string{"payer_name", "nosuch", "amount"} {
			if _, _, err := db.Groups(ctx, sys, q, bad, nil); !record.Is(err, record.Invalid) {
				t.Errorf("%s: %v", bad, err)
			}
		}
	})
}
