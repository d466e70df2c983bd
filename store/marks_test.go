package store_test

import (
	"errors"
	"fmt"
	"testing"

	"guike"
	"guike/record"
	"guike/store"
	"guike/store/storetest"
)

// Whatever the order, a mark and what is skipped after it lead to the very rows that walking page by page comes to, over the border of the empties too.
func TestMarks(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		sys := record.SystemScope("test")
		var recs []record.Record
		for i := range 1800 {
			c := &guike.Customer{Name: fmt.Sprint("客", i*7919%1800)}
			if i%3 == 0 {
				c.TaxID = fmt.Sprintf("91310000%010d", i)
			}
			if i%4 > 0 {
				c.Type = []string{"company", "person"}[i%2]
			}
			recs = append(recs, c)
		}
		var slips []record.Record
		for i := range 1500 {
			r := &guike.Receipt{Type: []string{"slip", "invoice"}[i%2], Amount: record.Money{Minor: int64(i * 7919 % 1000), Currency: "CNY"}}
			if i%5 > 0 {
				r.PaidOn = record.Date(fmt.Sprintf("2026-0%d-11", 1+i%7))
			}
			slips = append(slips, r)
		}
		if err := db.Tx(ctx, sys, func(tx *store.Tx) error { return errors.Join(tx.Create(ctx, recs...), tx.Create(ctx, slips...)) }); err != nil {
			t.Fatal(err)
		}
		// By SQL, then by the columns in memory.
		for _, columns := range []bool{false, true} {
			if columns {
				if err := errors.Join(db.BuildColumns(ctx, "customer"), db.BuildColumns(ctx, "receipt")); err != nil {
					t.Fatal(err)
				}
			}
			testMarks(t, db)
		}
	})
}

func testMarks(t *testing.T, db *store.DB) {
	ctx, sys := t.Context(), record.SystemScope("test")
	for _, q := range []store.Query{{}, {Sort: "created_at"}, {Sort: "name"}, {Sort: "-name"}, {Sort: "tax_id"}, {Sort: "-tax_id"}, {Filter: record.Where("tax_id", "present", nil), Sort: "-tax_id"}, {Filter: record.Where("type", "eq", "company")}, {Filter: record.Where("type", "eq", "company"), Sort: "-tax_id"},
		{Kind: "receipt", Sort: "paid_on"}, {Kind: "receipt", Sort: "-paid_on"}, {Kind: "receipt", Sort: "-amount"}, {Kind: "receipt", Filter: record.Where("type", "eq", "slip"), Sort: "-paid_on"}} {
		if q.Limit = store.MaxPage; q.Kind == "" {
			q.Kind = "customer"
		}
		var all []record.ID
		for walk := q; ; {
			p, err := db.List(ctx, sys, walk)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range p.Records {
				all = append(all, r.Head().ID)
			}
			if walk.Cursor = p.Next; p.Next == "" {
				break
			}
		}
		total, marks, err := db.Marks(ctx, sys, q)
		if err != nil || total != int64(len(all)) || marks[0].At != 0 {
			t.Fatalf("%+v: %d of %d, %v", q, total, len(all), err)
		}
		if total > 500 && len(marks) < 2 {
			t.Errorf("%s: %d marks", q.Sort, len(marks))
		}
		for at := 0; at < len(all); at += 97 {
			from := marks[0]
			for _, m := range marks {
				if m.At <= int64(at) {
					from = m
				}
			}
			there := q
			there.Limit, there.Cursor, there.Skip = 20, from.Cursor, at-int(from.At)
			p, err := db.List(ctx, sys, there)
			if err != nil {
				t.Fatal(err)
			}
			if len(p.Records) != min(20, len(all)-at) {
				t.Fatalf("%s at %d: %d records", q.Sort, at, len(p.Records))
			}
			for i, r := range p.Records {
				if r.Head().ID != all[at+i] {
					t.Fatalf("%q at %d from %d: row %d is another", q.Sort, at, from.At, i)
				}
			}
		}
	}
	if _, err := db.List(ctx, sys, store.Query{Kind: "customer", Skip: 1 << 20}); !record.Is(err, record.Invalid) {
		t.Errorf("skip: %v", err)
	}
}
