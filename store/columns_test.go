package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"guike"
	"guike/record"
	"guike/store"
	"guike/store/storetest"
)

// The columns in memory and SQL must count the same, under any filter and scope, while records are changed, trashed and purged. Each question is asked
// twice: of the workspace, which holds the columns, and inside a transaction, which never uses them.
func TestColumnsCountAsSQL(t *testing.T) {
	ctx := context.Background()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		served := 0
		for round := range 6 {
			rng := rand.New(rand.NewPCG(uint64(round), 77))
			w := populate(t, db, rng)
			if err := db.BuildColumns(ctx, "receipt"); err != nil {
				t.Fatal(err)
			}
			fields := []string{"type", "direction", "customer", "owner", "department"}
			bys := []record.By{{Field: "type"}, {Field: "customer"}, {Field: "customer", Limit: 2}, {Field: "paid_on"}, {Field: "paid_on", Unit: "year"}, {Field: "paid_on", Unit: "quarter"}, {Field: "paid_on", Unit: "week", Limit: 3},
				{Field: "paid_on", Unit: "day"}, {Field: "customer.type"}, {Field: "customer.created_at", Unit: "day"}, {Field: "customer.initial"}}
			for step := range 60 {
				w.disturb(t, db, rng)
				if _, err := db.Sequence(ctx); err != nil {
					t.Fatal(err)
				}
				f := w.filter(rng, 3)
				sc := w.scopes[rng.IntN(len(w.scopes))]
				q := store.Query{Kind: "receipt", Filter: f, Trash: step%5 == 0}
				served += db.ColumnsServe(ctx, sc, q)
				got, err := db.Facets(ctx, sc, q, fields)
				if err != nil {
					t.Fatalf("%s: %v", text(f), err)
				}
				n, _, err := db.Count(ctx, sc, q, nil)
				if err != nil {
					t.Fatal(err)
				}
				by := bys[step%len(bys)]
				parts, err := db.Groups(ctx, sc, q, []record.By{by}, nil)
				if err != nil {
					t.Fatalf("%v of %s: %v", by, text(f), err)
				}
				if err := db.Tx(ctx, system(), func(tx *store.Tx) error {
					want, err := tx.Facets(ctx, sc, q, fields)
					if err != nil {
						return err
					}
					for i := range want {
						if !reflect.DeepEqual(got[i].Values, want[i].Values) {
							return fmt.Errorf("round %d, step %d, %s of %s: columns %v, SQL %v", round, step, want[i].Field, text(f), got[i].Values, want[i].Values)
						}
					}
					if same, err := tx.Groups(ctx, sc, q, []record.By{by}, nil); err != nil || !reflect.DeepEqual(parts, same) {
						return fmt.Errorf("%v of %s: columns %+v, SQL %+v: %v", by, text(f), parts, same, err)
					}
					for _, sort := range []string{"", "-paid_on", "created_at"} {
						lq := q
						lq.Sort, lq.Limit, lq.Words = sort, 9, []string{"", "年费"}[step%2]
						pages := [2][]record.ID{}
						for i, list := range []func(context.Context, record.Scope, store.Query) (store.Page, error){db.List, tx.List} {
							for {
								p, err := list(ctx, sc, lq)
								if err != nil {
									return err
								}
								for _, r := range p.Records {
									pages[i] = append(pages[i], r.Head().ID)
								}
								if lq.Cursor = p.Next; p.Next == "" {
									break
								}
							}
						}
						if !reflect.DeepEqual(pages[0], pages[1]) {
							return fmt.Errorf("list of %s by %q: columns %v, SQL %v", text(f), sort, pages[0], pages[1])
						}
					}
					m, _, err := tx.Count(ctx, sc, q, nil)
					if n != m {
						return fmt.Errorf("count of %s: columns %d, SQL %d", text(f), n, m)
					}
					return err
				}); err != nil {
					t.Fatal(err)
				}
			}
		}
		if served < 50 {
			t.Errorf("the columns served %d of 360 questions: this test tests little", served)
		}
	})
}

// A list must hold what was just written, also while the columns have not caught up with it.
func TestListAheadOfColumns(t *testing.T) {
	ctx := context.Background()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := populate(t, db, rand.New(rand.NewPCG(1, 2)))
		if err := db.BuildColumns(ctx, "receipt"); err != nil {
			t.Fatal(err)
		}
		db.Behind()
		r := &guike.Receipt{Type: "slip", Direction: "in", PaidOn: "2026-01-01", Amount: record.Money{Minor: 1, Currency: "CNY"}}
		create(t, db, r)
		if _, err := db.Sequence(ctx); err != nil {
			t.Fatal(err)
		}
		for _, sort := range []string{"", "-paid_on"} {
			p, err := db.List(ctx, system(), store.Query{Kind: "receipt", Filter: record.Where("direction", "eq", "in"), Sort: sort, Limit: len(w.receipts) + 1})
			if err != nil || !slices.ContainsFunc(p.Records, func(x record.Record) bool { return x.Head().ID == r.ID }) {
				t.Errorf("sorted by %q: the new receipt is missing among %d (%v)", sort, len(p.Records), err)
			}
		}
	})
}

// disturb changes one receipt in one of the ways people do.
func (w *twins) disturb(t *testing.T, db *store.DB, rng *rand.Rand) {
	t.Helper()
	ctx := context.Background()
	i := rng.IntN(len(w.receipts))
	id := w.receipts[i]
	if err := db.Tx(ctx, system(), func(tx *store.Tx) error {
		r, err := tx.Get(ctx, system(), "receipt", id)
		if err != nil {
			return err
		}
		switch trashed := r.Head().DeletedAt != 0; {
		case trashed && rng.IntN(2) == 0:
			_, err = tx.Restore(ctx, "receipt", id)
		case trashed:
			if _, err = tx.Purge(ctx, "receipt", id); err == nil {
				w.receipts = append(w.receipts[:i:i], w.receipts[i+1:]...)
			}
		case rng.IntN(4) == 0:
			_, err = tx.Delete(ctx, "receipt", id)
		default:
			_, err = tx.Update(ctx, "receipt", id, store.Patch{Values: map[string]record.Value{
				"direction": record.TextValue(one(rng, []string{"", "in", "out"})), "paid_on": record.TextValue(string(one(rng, days))),
				"owner": record.TextValue(string(one(rng, w.users))), "allotted": record.MoneyValue(one(rng, cash))}})
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
