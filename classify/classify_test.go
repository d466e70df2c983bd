package classify_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"guike"
	"guike/classify"
	"guike/queue"
	"guike/record"
	"guike/store"
	"guike/store/storetest"
)

type world struct {
	*testing.T
	db *store.DB
	r  *queue.Runner
}

func start(t *testing.T, db *store.DB) *world {
	t.Helper()
	if err := classify.Seed(context.Background(), db); err != nil {
		t.Fatal(err)
	}
	r := queue.NewRunner(db, 1)
	r.Follow("classify", classify.Follow)
	r.Handle(classify.Queue, 1, classify.Handler(db))
	r.Handle(classify.ReviseQueue, 1, classify.ReviseHandler(db))
	return &world{t, db, r}
}

func (w *world) create(recs ...record.Record) {
	w.Helper()
	if err := w.db.Tx(context.Background(), record.SystemScope("test"), func(tx *store.Tx) error { return tx.Create(context.Background(), recs...) }); err != nil {
		w.Fatal(err)
	}
	w.settle()
}

func (w *world) patch(kind string, id record.ID, field string, v record.Value) {
	w.Helper()
	if err := w.db.Tx(context.Background(), record.SystemScope("test"), func(tx *store.Tx) error {
		_, err := tx.Update(context.Background(), kind, id, store.Patch{Values: map[string]record.Value{field: v}})
		return err
	}); err != nil {
		w.Fatal(err)
	}
	w.settle()
}

// settle lets followers catch up and does the jobs they added.
func (w *world) settle() {
	w.Helper()
	ctx := context.Background()
	for range 5 {
		if err := w.r.CatchUp(ctx); err != nil {
			w.Fatal(err)
		}
		if n, err := w.r.Drain(ctx); err != nil {
			w.Fatal(err)
		} else if n == 0 {
			return
		}
	}
}

// in answers the name of a record's category, and where it comes from.
func (w *world) in(kind string, id record.ID, field string) (string, record.Decision) {
	w.Helper()
	ctx := context.Background()
	rec, err := w.db.Get(ctx, record.SystemScope("test"), kind, id)
	if err != nil {
		w.Fatal(err)
	}
	cat, err := w.db.Catalogue(ctx, false)
	if err != nil {
		w.Fatal(err)
	}
	ds, err := w.db.Decisions(ctx, id)
	if err != nil {
		w.Fatal(err)
	}
	v := cat.Kind(kind).Get(rec, field)
	if v.Null {
		return "", ds[id][field]
	}
	return cat.Numbered(v.N).Name, ds[id][field]
}

func (w *world) want(kind string, id record.ID, field, name, origin string) record.Decision {
	w.Helper()
	got, d := w.in(kind, id, field)
	if got != name || d.Origin != origin {
		w.Errorf("%s is %q by %s, want %q by %s", field, got, d.Origin, name, origin)
	}
	return d
}

func TestReceiptsClassifyThemselves(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := start(t, db)
		c := &guike.Customer{Name: "上海恒泰", Type: "company", Region: "上海"}
		w.create(c)
		r := &guike.Receipt{Type: "slip", Direction: "in", Customer: c.ID, PaidOn: "2026-08-31", Amount: record.Money{Minor: 10_000_00, Currency: "CNY"}, Purpose: "年费"}
		w.create(r)
		d := w.want("receipt", r.ID, "d_type", "收款", "rule")
		if d.Rule == "" || d.Version != 1 || !strings.Contains(d.Reason, "direction") {
			t.Errorf("the reason does not name rule, version and condition: %+v", d)
		}
		w.want("receipt", r.ID, "d_period", "2026-08", "computed")
		w.want("receipt", r.ID, "d_amount", "1万–10万", "computed")
		w.want("receipt", r.ID, "d_customer_type", "企业", "lookup")
		w.want("receipt", r.ID, "d_product", "", "none")
		w.want("customer", c.ID, "d_region", "上海", "computed")

		// What the customer becomes, his receipts follow.
		w.patch("customer", c.ID, "type", record.TextValue("person"))
		w.want("receipt", r.ID, "d_customer_type", "个人", "lookup")

		// A rule that no longer holds withdraws its value.
		w.patch("receipt", r.ID, "type", record.TextValue("sales"))
		w.want("receipt", r.ID, "d_type", "销售单", "rule")

		// A person's value stays, whatever the machine thinks, until he gives it back.
		cat, err := db.Catalogue(context.Background(), false)
		if err != nil {
			t.Fatal(err)
		}
		f := cat.Kind("receipt").Field("d_type")
		var after string
		for _, c := range cat.Categories(f.Dimension) {
			if c.Name == "售后单" {
				after = string(c.ID)
			}
		}
		ctx := context.Background()
		if _, err := classify.Set(ctx, db, record.SystemScope("clerk"), "receipt", r.ID, map[string][]string{"d_type": {after}}, nil); err != nil {
			t.Fatal(err)
		}
		w.patch("receipt", r.ID, "type", record.TextValue("slip"))
		w.want("receipt", r.ID, "d_type", "售后单", "person")
		if _, err := classify.Set(ctx, db, record.SystemScope("clerk"), "receipt", r.ID, nil, []string{"d_type"}); err != nil {
			t.Fatal(err)
		}
		w.want("receipt", r.ID, "d_type", "收款", "rule")
	})
}

func TestRulesInOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, ctx, sys := start(t, db), context.Background(), record.SystemScope("test")
		r := &guike.Receipt{Type: "slip", Amount: record.Money{Minor: 1, Currency: "CNY"}, Purpose: "企业版年费"}
		w.create(r)
		cat, err := db.Catalogue(ctx, false)
		if err != nil {
			t.Fatal(err)
		}
		dim := cat.Kind("receipt").Field("d_product").Dimension
		var rules []record.ID
		for _, c := range [][2]string{{"软件", "年费"}, {"企业版", "企业版"}} {
			id, err := classify.AddCategory(ctx, db, sys, guike.Category{Dimension: dim, Name: c[0]})
			if err != nil {
				t.Fatal(err)
			}
			f, _ := json.Marshal(record.Where("purpose", "contains", c[1]))
			rule, _, err := classify.AddRule(ctx, db, sys, guike.Rule{Dimension: dim, Category: id, Filter: string(f)}, 0)
			if err != nil {
				t.Fatal(err)
			}
			rules = append(rules, rule)
		}
		w.settle()
		w.want("receipt", r.ID, "d_product", "软件", "rule")
		if _, err := classify.Order(ctx, db, sys, dim, []record.ID{rules[1], rules[0]}, 0); err != nil {
			t.Fatal(err)
		}
		w.settle()
		w.want("receipt", r.ID, "d_product", "企业版", "rule")
		if _, err := classify.EditRule(ctx, db, sys, rules[1], 0, func(r *classify.RuleText) { r.Filter = record.Where("purpose", "contains", "无此") }); err != nil {
			t.Fatal(err)
		}
		if _, err := classify.DeleteRule(ctx, db, sys, rules[0], 0); err != nil {
			t.Fatal(err)
		}
		w.settle()
		w.want("receipt", r.ID, "d_product", "", "none")
	})
}

// A lookup as of a day takes what the record referred to was on that day, by its history; a later change, and another look, do not move it.
func TestLookupAsOf(t *testing.T) {
	now := time.Date(2026, 3, 1, 4, 0, 0, 0, time.UTC)
	storetest.EachAt(t, func() time.Time { now = now.Add(time.Millisecond); return now }, func(t *testing.T, db *store.DB) {
		day := func(d int) { now = time.Date(2026, 3, d, 4, 0, 0, 0, time.UTC) }
		day(1)
		w, ctx := start(t, db), context.Background()
		for name, of := range map[string]string{"d_then": "paid_on", "d_made": "created_at"} {
			if _, err := classify.AddDimension(ctx, db, record.SystemScope("test"), guike.Dimension{Of: "receipt", Name: name, Label: name, By: guike.ByLookup, Source: "customer.d_type", AsOf: of}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := classify.AddDimension(ctx, db, record.SystemScope("test"), guike.Dimension{Of: "receipt", Label: "x", By: guike.ByLookup, Source: "customer.d_type", AsOf: "purpose"}); !record.Is(err, record.Invalid) {
			t.Errorf("as of a text: %v", err)
		}
		c, other := &guike.Customer{Name: "恒泰", Type: "company"}, &guike.Customer{Name: "张三", Type: "person"}
		w.create(c, other)
		slip := func(on record.Date) *guike.Receipt {
			return &guike.Receipt{Type: "slip", Customer: c.ID, PaidOn: on, Amount: record.Money{Minor: 1, Currency: "CNY"}}
		}
		first := slip("2026-03-01")
		w.create(first)
		w.want("receipt", first.ID, "d_then", "企业", "lookup")
		w.patch("customer", c.ID, "type", record.TextValue("person"))
		w.want("receipt", first.ID, "d_customer_type", "个人", "lookup")
		w.want("receipt", first.ID, "d_then", "企业", "lookup") // at the moment it was made, not at the day's end
		day(5)
		w.patch("customer", c.ID, "type", record.TextValue("company"))
		day(9)
		w.patch("customer", c.ID, "type", record.TextValue("person"))
		before, between, after, none := slip("2025-01-01"), slip("2026-03-06"), slip("2026-03-09"), slip("")
		w.create(before, between, after, none)
		for _, x := range []struct {
			r    *guike.Receipt
			then string
		}{{first, "企业"}, {before, "企业"}, {between, "企业"}, {after, "个人"}, {none, "个人"}} {
			w.want("receipt", x.r.ID, "d_then", x.then, "lookup")
		}
		w.want("receipt", between.ID, "d_made", "个人", "lookup")
		w.want("receipt", first.ID, "d_made", "企业", "lookup")
		w.patch("receipt", between.ID, "paid_on", record.TextValue("2026-03-02"))
		w.want("receipt", between.ID, "d_then", "个人", "lookup") // the day is another
		w.patch("receipt", first.ID, "customer", record.TextValue(string(other.ID)))
		w.want("receipt", first.ID, "d_then", "个人", "lookup")
	})
}
