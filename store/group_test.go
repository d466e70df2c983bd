package store_test

import (
	"fmt"
	"testing"
	"time"

	"guike"
	"guike/record"
	"guike/store"
	"guike/store/storetest"
)

// Groups take apart what a query lists: their counts and sums add up to its own, whatever they are grouped by, and each one's filter keeps just its records.
func TestGroups(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, sys := t.Context(), record.SystemScope("test")
		customers := []record.Record{&guike.Customer{Name: "甲"}, &guike.Customer{Name: "乙"}}
		if err := db.Tx(ctx, sys, func(tx *store.Tx) error { return tx.Create(ctx, customers...) }); err != nil {
			t.Fatal(err)
		}
		var ns, tree []int64
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
			deep := &guike.Dimension{Of: "receipt", Name: "d_t", Label: "T", By: guike.ByRules}
			if err := tx.Create(ctx, deep); err != nil {
				return err
			}
			var up record.ID
			for _, name := range []string{"华东", "上海", "浦东", "华北", "旧"} {
				c := &guike.Category{Dimension: deep.ID, Name: name, Retired: name == "旧"}
				if name == "上海" || name == "浦东" {
					c.Parent = up
				}
				if err := tx.Create(ctx, c); err != nil {
					return err
				}
				up, tree = c.ID, append(tree, c.N)
			}
			for _, f := range []record.Field{{Name: "d_m", Dimension: dim.ID, Multi: true}, {Name: "d_t", Dimension: deep.ID}, {Name: "d_s", Dimension: deep.ID, Multi: true}} {
				f.Type = record.Category
				if err := tx.AddField(ctx, "receipt", f); err != nil {
					return err
				}
			}
			return nil
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
				r.PaidOn = record.Date(fmt.Sprintf("202%d-%02d-%02d", 4+i%3, 1+i%12, 1+i%28))
				r.Customer = customers[i%2].Head().ID
			}
			k.Set(r, "d_m", record.Several([][]int64{nil, {ns[0]}, {ns[1]}, ns}[i/2%4]))
			if i%6 > 0 {
				k.Set(r, "d_t", record.NumberValue(tree[i%6-1]))
				k.Set(r, "d_s", record.Several([][]int64{{tree[0], tree[2]}, {tree[4]}, {tree[1], tree[2]}, {tree[3], tree[4]}, {tree[0]}}[i%6-1]))
			}
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
		// part holds what a part says against what the list counts under its filter.
		part := func(what string, p store.Part, fs ...record.Filter) {
			t.Helper()
			pq := q
			pq.Filter = record.All(append([]record.Filter{q.Filter}, fs...)...)
			n, _, err := db.Count(ctx, sys, pq, nil)
			if err != nil || n != p.Count {
				t.Errorf("%s: %d, its filter keeps %d: %v", what, p.Count, n, err)
			}
		}
		adds := func(what string, want store.Part, parts []store.Part) {
			t.Helper()
			var n, counted int64
			money := map[string]int64{}
			for _, p := range parts {
				n += p.Count
				for _, x := range p.Totals {
					if x.Field == "amount" {
						money[x.Money.Currency] += x.Money.Minor
						counted += x.Count
					}
				}
			}
			if n != total || counted != total || want.Count != total {
				t.Errorf("%s: %d records, want %d", what, n, total)
			}
			for _, s := range sums {
				if money[s.Money.Currency] != s.Money.Minor {
					t.Errorf("%s: %d, want %v", what, money[s.Money.Currency], s.Money)
				}
			}
		}
		axes := []record.By{{Field: "type"}, {Field: "customer"}, {Field: "d_m"}, {Field: "d_t"}, {Field: "d_t", Level: 1}, {Field: "d_t", Level: 2}, {Field: "d_s", Level: 1}}
		for _, unit := range append(record.Units, "") {
			axes = append(axes, record.By{Field: "paid_on", Unit: unit}, record.By{Field: "created_at", Unit: unit})
		}
		for i, by := range axes {
			for _, limit := range []int{0, 2} {
				by.Limit = limit
				what := fmt.Sprintf("%v at most %d", by, limit)
				b, err := db.Groups(ctx, sys, q, []record.By{by}, []string{"amount", "page"})
				if err != nil {
					t.Fatalf("%s: %v", what, err)
				}
				var parts []store.Part
				for _, g := range b.Axes[0] {
					part(what+" "+g.ID, g.Part, g.Filter)
					parts = append(parts, g.Part)
				}
				adds(what, b.Part, parts)
				if limit > 0 && len(parts) > limit+2 {
					t.Errorf("%s: %d groups", what, len(parts))
				}
				other := axes[(i+3)%len(axes)]
				if b, err = db.Groups(ctx, sys, q, []record.By{by, other}, []string{"amount"}); err != nil {
					t.Fatalf("%s × %v: %v", what, other, err)
				}
				parts = parts[:0]
				for _, c := range b.Crossings {
					part(fmt.Sprintf("%s × %v at %v", what, other, c.At), c.Part, b.Axes[0][c.At[0]].Filter, b.Axes[1][c.At[1]].Filter)
					parts = append(parts, c.Part)
				}
				adds(fmt.Sprintf("%s × %v", what, other), b.Part, parts)
			}
		}
		b, err := db.Groups(ctx, sys, q, nil, []string{"amount"})
		if err != nil {
			t.Fatal(err)
		}
		adds("all", b.Part, []store.Part{b.Part})
		for _, bad := range []record.By{{Field: "payer_name"}, {Field: "nosuch"}, {Field: "amount"}, {Field: "type", Unit: "day"}, {Field: "paid_on", Level: 1}, {Field: "paid_on", Unit: "age"}} {
			if _, err := db.Groups(ctx, sys, q, []record.By{bad}, nil); !record.Is(err, record.Invalid) {
				t.Errorf("%v: %v", bad, err)
			}
		}
	})
}

// Moments are grouped by the days of the workspace's zone, and references beyond a limit are one group more.
func TestGroupsByMoment(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, sys := t.Context(), record.SystemScope("test")
		var recs []record.Record
		for _, at := range []string{"2025-12-31T15:59:59Z", "2025-12-31T16:00:00Z", "2026-01-01T15:59:59Z", "2026-03-01T00:00:00Z", "1969-12-31T12:00:00Z", ""} {
			a := &guike.Activity{Type: "call", Subject: "x" + at}
			if at != "" {
				m, err := time.Parse(time.RFC3339, at)
				if err != nil {
					t.Fatal(err)
				}
				a.HappenedAt = record.At(m)
			}
			recs = append(recs, a)
		}
		if err := db.Tx(ctx, sys, func(tx *store.Tx) error { return tx.Create(ctx, recs...) }); err != nil {
			t.Fatal(err)
		}
		for by, want := range map[record.By]string{
			{Field: "happened_at", Unit: "day"}:            "1969-12-31:1 2025-12-31:1 2026-01-01:2 2026-03-01:1 :1 ",
			{Field: "happened_at", Unit: "quarter"}:        "1969-Q4:1 2025-Q4:1 2026-Q1:3 :1 ",
			{Field: "happened_at", Unit: "year", Limit: 1}: "2026:3 :1 *:2 ",
		} {
			b, err := db.Groups(ctx, sys, store.Query{Kind: "activity"}, []record.By{by}, nil)
			if err != nil {
				t.Fatal(err)
			}
			have := ""
			for _, g := range b.Axes[0] {
				have += fmt.Sprintf("%s:%d ", g.ID, g.Count)
				if n, _, err := db.Count(ctx, sys, store.Query{Kind: "activity", Filter: g.Filter}, nil); err != nil || n != g.Count {
					t.Errorf("%v: the filter of %s keeps %d of %d: %v", by, g.ID, n, g.Count, err)
				}
			}
			if have != want {
				t.Errorf("%v: %s, want %s", by, have, want)
			}
		}
	})
}

// Over a reference, records are grouped by what the one referred to is: each group's filter keeps just its records, and what the reader does not see of it is
// not there.
func TestGroupsOverReference(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, sys := t.Context(), record.SystemScope("test")
		var me record.ID
		var recs []record.Record
		if err := db.Tx(ctx, sys, func(tx *store.Tx) error {
			recs = nil
			u := &guike.User{Name: "我", Login: "me", Role: "member"}
			if err := tx.Create(ctx, u); err != nil {
				return err
			}
			me = u.ID
			dim := &guike.Dimension{Of: "customer", Name: "d_m", Label: "M", By: guike.ByRules, Multi: true}
			if err := tx.Create(ctx, dim); err != nil {
				return err
			}
			var ns []int64
			for _, name := range []string{"红", "绿"} {
				c := &guike.Category{Dimension: dim.ID, Name: name}
				if err := tx.Create(ctx, c); err != nil {
					return err
				}
				ns = append(ns, c.N)
			}
			if err := tx.AddField(ctx, "customer", record.Field{Name: "d_m", Type: record.Category, Dimension: dim.ID, Multi: true}); err != nil {
				return err
			}
			k := tx.Catalogue().Kind("customer")
			for i, name := range []string{"安捷", "百川", "Beta", "阿里", "123", "除名"} {
				c := &guike.Customer{Name: name, Type: []string{"company", "person", ""}[i%3], Since: record.Date([]string{"", "2025-03-01", "2026-03-02"}[i%3])}
				if i%2 == 0 {
					c.Owner = me
				}
				k.Set(c, "d_m", record.Several(ns[:i%3]))
				recs = append(recs, c)
			}
			return tx.Create(ctx, recs...)
		}); err != nil {
			t.Fatal(err)
		}
		var docs []record.Record
		for i := range 21 {
			d := &guike.Document{Name: fmt.Sprint("d", i), Path: fmt.Sprint("p", i), SHA256: fmt.Sprint("s", i)}
			if i%7 > 0 {
				d.Customer = recs[i%7-1].Head().ID
			}
			docs = append(docs, d)
		}
		if err := db.Tx(ctx, sys, func(tx *store.Tx) error {
			if err := tx.Create(ctx, docs...); err != nil {
				return err
			}
			_, err := tx.Delete(ctx, "customer", recs[5].Head().ID)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		own := record.Scope{User: me, Other: record.Grant{Read: record.Everything}, Grants: map[string]record.Grant{"customer": {Read: record.Own}}}
		for _, x := range []struct {
			by        record.By
			sys, mine string
		}{
			{record.By{Field: "customer.initial"}, "A:6 B:6 #:3 :6 ", "A:3 B:3 #:3 :12 "},
			{record.By{Field: "customer.type"}, "company:6 person:6 :9 ", "company:3 person:3 :15 "},
			{record.By{Field: "customer.since", Unit: "year"}, "2025:6 2026:3 :12 ", ""},
			{record.By{Field: "customer.created_at", Unit: "year", Limit: 1}, "", ""},
			{record.By{Field: "customer.d_m"}, "", ""},
			{record.By{Field: "customer.initial", Limit: 1}, "", ""},
		} {
			for i, sc := range []record.Scope{sys, own} {
				b, err := db.Groups(ctx, sc, store.Query{Kind: "document"}, []record.By{x.by, {Field: "state"}}, nil)
				if err != nil {
					t.Fatal(err)
				}
				have, n := "", int64(0)
				for _, g := range b.Axes[0] {
					have, n = have+fmt.Sprintf("%s:%d ", g.ID, g.Count), n+g.Count
					if kept, _, err := db.Count(ctx, sc, store.Query{Kind: "document", Filter: g.Filter}, nil); err != nil || kept != g.Count {
						t.Errorf("%v: the filter of %q keeps %d of %d: %v", x.by, g.ID, kept, g.Count, err)
					}
				}
				if want := []string{x.sys, x.mine}[i]; want != "" && have != want || n != 21 {
					t.Errorf("%v: %s, want %s", x.by, have, want)
				}
			}
		}
		masked := own
		masked.Masked = map[string][]string{"customer": {"initial"}}
		for _, sc := range []record.Scope{masked, {Grants: map[string]record.Grant{"document": {Read: record.Everything}}}} {
			if _, err := db.Groups(ctx, sc, store.Query{Kind: "document"}, []record.By{{Field: "customer.initial"}}, nil); !record.Is(err, record.Invalid) {
				t.Errorf("by what is not seen: %v", err)
			}
		}
		for _, bad := range []string{"customer.name", "customer.owner", "name.x", "customer.customer.name", "customer.", "nosuch.type"} {
			if _, err := db.Groups(ctx, sys, store.Query{Kind: "document"}, []record.By{{Field: bad}}, nil); !record.Is(err, record.Invalid) {
				t.Errorf("%s: %v", bad, err)
			}
		}
	})
}
