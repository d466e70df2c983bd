package store_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"guike"
	"guike/record"
	"guike/store"
	"guike/store/storetest"
)

// The two readers of a filter must agree. Many small data sets are drawn, not one with many filters: with one data set a wrong scope inside a hop was
// seen to survive. Pools hold adversarial values, few distinct ones, dangling references.
//
// Mutations that this test was seen to catch: the present-condition of a hi-only text range left out; NULL left out of a negated leaf; the scope left out
// of a hop; money compared across currencies; the trash left out of a hop.
func TestFilterTwins(t *testing.T) {
	ctx := context.Background()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for round := range 12 {
			rng := rand.New(rand.NewPCG(uint64(round), 11))
			w := populate(t, db, rng)
			cat, err := db.Catalogue(ctx, false)
			if err != nil {
				t.Fatal(err)
			}
			k := cat.Kind("receipt")
			load := func(kind string, id record.ID) record.Record {
				r, err := db.Get(ctx, system(), kind, id)
				if err != nil {
					return nil
				}
				return r
			}
			cache := map[record.ID]record.Record{}
			cached := func(kind string, id record.ID) record.Record {
				if r, ok := cache[id]; ok {
					return r
				}
				cache[id] = load(kind, id)
				return cache[id]
			}
			for range 120 {
				f := w.filter(rng, 3)
				sc := w.scopes[rng.IntN(len(w.scopes))]
				q := store.Query{Kind: "receipt", Filter: f, Limit: 7, Sort: w.sort(rng)}
				var got []record.ID
				for {
					p, err := db.List(ctx, sc, q)
					if err != nil {
						t.Fatalf("%s: %v", text(f), err)
					}
					for _, r := range p.Records {
						got = append(got, r.Head().ID)
					}
					if q.Cursor = p.Next; p.Next == "" {
						break
					}
				}
				env := cat.Env(&sc, db.Now())
				cond, err := env.Bind(k, f)
				if err != nil {
					t.Fatal(err)
				}
				vis := env.Visible(k, sc.For("receipt").Read, false)
				var want []record.ID
				for _, id := range w.receipts {
					vs := k.Values(cached("receipt", id))
					if vis.Eval(vs, cached) && cond.Eval(vs, cached) {
						want = append(want, id)
					}
				}
				n, _, err := db.Count(ctx, sc, store.Query{Kind: "receipt", Filter: f}, nil)
				if err != nil {
					t.Fatal(err)
				}
				if int(n) != len(want) {
					t.Errorf("%s: count %d, evaluator %d", text(f), n, len(want))
				}
				sorted := slices.Clone(got)
				slices.Sort(sorted)
				slices.Sort(want)
				if !slices.Equal(sorted, want) {
					t.Fatalf("round %d, sort %q, scope %s\n%s\nSQL        %v\nevaluator  %v", round, q.Sort, sc.Name, text(f), sorted, want)
				}
			}
			w.clear(t, db)
		}
	})
}

func text(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

type twins struct {
	receipts, customers, deps, users []record.ID
	scopes                           []record.Scope
}

var (
	words = []string{"", "a", "A", "É", "i", "İ", "年费", "年", "100%", "_", "'", `\`, "\U0010FFFF", "zz", "Ａ", "a\u0301", "\ue000"}
	days  = []record.Date{"", "2026-01-31", "2026-02-01", "2024-02-29", "1999-12-31"}
	cash  = []record.Money{{}, {Minor: 0, Currency: "CNY"}, {Minor: -1, Currency: "CNY"}, {Minor: 100, Currency: "CNY"}, {Minor: 100, Currency: "JPY"}, {Minor: 1<<53 - 1, Currency: "CNY"}}
)

func one[T any](r *rand.Rand, of []T) T { return of[r.IntN(len(of))] }

func populate(t *testing.T, db *store.DB, rng *rand.Rand) *twins {
	w := &twins{}
	for range 3 {
		d := &guike.Department{Name: "部"}
		create(t, db, d)
		w.deps = append(w.deps, d.ID)
		u := &guike.User{Name: "人", Login: string(record.NewID("l")), Role: "member"}
		create(t, db, u)
		w.users = append(w.users, u.ID)
	}
	for range 6 {
		c := &guike.Customer{Name: "客" + one(rng, words), Type: one(rng, []string{"", "company", "person"}), Note: one(rng, words), Since: one(rng, days)}
		c.Owner, c.Department = one(rng, w.users), one(rng, w.deps)
		create(t, db, c)
		w.customers = append(w.customers, c.ID)
	}
	var recs []record.Record
	for range 40 {
		r := &guike.Receipt{Type: one(rng, []string{"slip", "invoice"}), Purpose: one(rng, words), Memo: one(rng, words), PaidOn: one(rng, days),
			Amount: one(rng, cash), Page: int64(rng.IntN(3)), Direction: one(rng, []string{"", "in", "out"})}
		if r.Amount.Currency == "" {
			r.Status = record.Draft
		}
		r.Owner, r.Department = one(rng, w.users), one(rng, w.deps)
		if rng.IntN(4) > 0 {
			r.Customer = one(rng, w.customers)
		}
		recs = append(recs, r)
	}
	create(t, db, recs...)
	for _, r := range recs {
		w.receipts = append(w.receipts, r.Head().ID)
	}
	ctx := context.Background()
	// Some customers go to the trash: references to them dangle. Some receipts too.
	if err := db.Tx(ctx, system(), func(tx *store.Tx) error {
		for _, id := range w.customers[:2] {
			if _, err := tx.Delete(ctx, "customer", id); err != nil {
				return err
			}
		}
		for _, id := range w.receipts[:5] {
			if _, err := tx.Delete(ctx, "receipt", id); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	own := record.Grant{Read: record.Own}
	dep := record.Grant{Read: record.Department}
	everything := record.Grant{Read: record.Everything}
	w.scopes = []record.Scope{system(),
		{Name: "department", User: w.users[0], Departments: w.deps[:2], Other: dep},
		{Name: "own customers", User: w.users[1], Departments: w.deps[1:2], Other: everything, Grants: map[string]record.Grant{"customer": own}},
		{Name: "own", User: w.users[2], Other: own}}
	return w
}

func (w *twins) clear(t *testing.T, db *store.DB) {
	ctx := context.Background()
	if err := db.Tx(ctx, system(), func(tx *store.Tx) error {
		for kind, ids := range map[string][]record.ID{"receipt": w.receipts, "customer": w.customers} {
			for _, id := range ids {
				if _, err := tx.Delete(ctx, kind, id); err != nil {
					return err
				}
				if _, err := tx.Purge(ctx, kind, id); err != nil {
					return err
				}
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func (w *twins) sort(rng *rand.Rand) string {
	return one(rng, []string{"", "created_at", "paid_on", "-paid_on", "amount", "-amount", "customer"})
}

func (w *twins) filter(rng *rand.Rand, depth int) record.Filter {
	if depth > 0 && rng.IntN(2) == 0 {
		var kids []record.Filter
		for range 1 + rng.IntN(3) {
			kids = append(kids, w.filter(rng, depth-1))
		}
		switch rng.IntN(3) {
		case 0:
			return record.Filter{And: kids}
		case 1:
			return record.Filter{Or: kids}
		}
		return record.Filter{Not: &kids[0]}
	}
	word := func() string { return one(rng, words[1:]) }
	money := func() record.Money { return one(rng, cash[1:]) }
	switch rng.IntN(14) {
	case 0:
		return record.Where("purpose", one(rng, []string{"eq", "ne", "lt", "le", "gt", "ge", "contains", "prefix"}), word())
	case 1:
		return record.Where("memo", "in", []string{word(), word()})
	case 2:
		return record.Where("purpose", one(rng, []string{"empty", "present"}), nil)
	case 3:
		return record.Where("amount", one(rng, []string{"eq", "ne", "lt", "le", "gt", "ge"}), money())
	case 4:
		return record.Where("amount", "in", []record.Money{money(), money()})
	case 5:
		return record.Where(one(rng, []string{"amount", "allotted"}), one(rng, []string{"empty", "present"}), nil)
	case 6:
		return record.Where("paid_on", one(rng, []string{"eq", "ne", "lt", "ge"}), one(rng, days[1:]))
	case 7:
		return record.Where("paid_on", "period", one(rng, []string{"2026", "2026-Q1", "2026-02", "2024-02-29", "this_year", "last_30_days"}))
	case 8:
		return record.Where("created_at", "period", one(rng, []string{"today", "yesterday", "this_month", "2026"}))
	case 9:
		return record.Where("page", one(rng, []string{"eq", "ne", "lt", "ge"}), rng.IntN(3))
	case 10:
		return record.Where("customer."+one(rng, []string{"name", "note"}), one(rng, []string{"contains", "eq", "ne", "empty", "present"}), word())
	case 11:
		return record.Where("customer.type", one(rng, []string{"eq", "ne"}), "company")
	case 12:
		return record.Where("customer", one(rng, []string{"eq", "ne"}), one(rng, w.customers))
	}
	return record.Where("direction", "in", []string{})
}

// Pages of 7 in every sortable field and both directions give each record once, in the order of the values, empties last.
func TestOrderByPages(t *testing.T) {
	ctx := context.Background()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := populate(t, db, rand.New(rand.NewPCG(5, 5)))
		cat, err := db.Catalogue(ctx, false)
		if err != nil {
			t.Fatal(err)
		}
		k := cat.Kind("receipt")
		for i := range k.Fields {
			f := &k.Fields[i]
			if !f.Sortable() || f.IsSecret() {
				continue
			}
			for _, sign := range []string{"", "-"} {
				q := store.Query{Kind: "receipt", Sort: sign + f.Name, Limit: 7}
				var vs []record.Value
				seen := map[record.ID]bool{}
				for {
					p, err := db.List(ctx, system(), q)
					if err != nil {
						t.Fatal(err)
					}
					for _, r := range p.Records {
						if seen[r.Head().ID] {
							t.Errorf("%s: twice", q.Sort)
						}
						seen[r.Head().ID] = true
						vs = append(vs, k.Get(r, f.Name))
					}
					if q.Cursor = p.Next; p.Next == "" {
						break
					}
				}
				if len(seen) != len(w.receipts)-5 {
					t.Errorf("%s: %d records", q.Sort, len(seen))
				}
				for j := 1; j < len(vs); j++ {
					a, b := vs[j-1], vs[j]
					d := f.Compare(a, b)
					if a.Null && !b.Null || !a.Null && !b.Null && (sign == "" && d > 0 || sign == "-" && d < 0) {
						t.Errorf("%s: %v before %v", q.Sort, a, b)
					}
				}
			}
		}
	})
}

// A time is in the period of a day exactly when its local date is that day, in zones whose clocks spring at midnight too.
func TestDayHoldsItsTimes(t *testing.T) {
	for _, name := range []string{"Asia/Shanghai", "America/Sao_Paulo", "Pacific/Apia", "Africa/Cairo", "America/Havana", "Asia/Beirut"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		for day := time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() < 2031; day = day.AddDate(0, 0, 1) {
			y, m, d := day.Date()
			start := record.StartOfDay(y, m, d, zone)
			before := start.Add(-time.Microsecond).In(zone).Format(time.DateOnly)
			at := start.In(zone).Format(time.DateOnly)
			want := day.Format(time.DateOnly)
			if before >= want || at < want {
				t.Fatal(fmt.Sprintf("%s in %s starts at %s: before it is %s, at it %s", want, name, start.UTC(), before, at))
			}
		}
	}
}
