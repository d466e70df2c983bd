package match_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"guike"
	"guike/match"
	"guike/queue"
	"guike/record"
	"guike/store"
	"guike/store/storetest"
)

// A desk is a workspace where slips are matched.
type desk struct {
	*testing.T
	db *store.DB
	r  *queue.Runner
}

func begin(t *testing.T, db *store.DB) *desk {
	r := queue.NewRunner(db, 1)
	r.Follow("match", match.Follow)
	r.Handle(match.Queue, 1, match.Handler(db))
	return &desk{t, db, r}
}

var sys = record.SystemScope("test")

func (d *desk) follow() {
	d.Helper()
	if err := d.r.CatchUp(context.Background()); err != nil {
		d.Fatal(err)
	}
}

func (d *desk) create(recs ...record.Record) {
	d.Helper()
	for _, r := range recs {
		create(d.T, d.db, []record.Record{r})
	}
	d.follow()
}

func (d *desk) matches() (out []*guike.Match) {
	d.Helper()
	p, err := d.db.List(context.Background(), sys, store.Query{Kind: "match", Sort: "created_at"})
	if err != nil {
		d.Fatal(err)
	}
	for _, r := range p.Records {
		out = append(out, r.(*guike.Match))
	}
	return out
}

func (d *desk) get(kind string, id record.ID) record.Record {
	d.Helper()
	r, err := d.db.Get(context.Background(), sys, kind, id)
	if err != nil {
		d.Fatal(err)
	}
	return r
}

func (d *desk) set(kind string, id record.ID, field string, v record.Value) {
	d.Helper()
	if err := d.db.Tx(context.Background(), sys, func(tx *store.Tx) error {
		_, err := tx.Update(context.Background(), kind, id, store.Patch{Values: map[string]record.Value{field: v}})
		return err
	}); err != nil {
		d.Fatal(err)
	}
	d.follow()
}

func (d *desk) answer(id record.ID, verb string) {
	d.Helper()
	if err := match.Answer(context.Background(), d.db, sys, id, verb); err != nil {
		d.Fatal(err)
	}
	d.follow()
}

func yuan(n int64) record.Money { return record.Money{Minor: n * 100, Currency: "CNY"} }

func pay(payer string, on record.Date, amount int64, purpose string) *guike.Receipt {
	return &guike.Receipt{Type: "slip", Direction: "in", PaidOn: on, Amount: yuan(amount), PayerName: payer, Purpose: purpose}
}

// An automatic match fills the slip in; rejecting it gives everything back, and it is never made again; undo brings the proposal back.
func TestAnswers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := begin(t, db)
		c := &guike.Customer{Name: "上海恒泰贸易有限公司"}
		d.create(c)
		o := &guike.Order{Number: "SO2403001", Customer: c.ID, OrderedOn: "2024-03-01", Amount: yuan(5000)}
		s := pay(c.Name, "2024-03-05", 5000, "货款SO2403001")
		inv := &guike.Receipt{Type: "invoice", Direction: "out", IssuedOn: "2024-03-06", Amount: yuan(5000), InvoiceNo: "24310000001", BuyerName: c.Name}
		e := &guike.Entry{BookedOn: "2024-03-05", Amount: yuan(5000), Direction: "in", CounterName: c.Name}
		d.create(s, o, inv, e) // the order, the invoice and the line come after the slip
		ms := d.matches()
		if len(ms) != 3 {
			t.Fatalf("%d matches", len(ms))
		}
		var m *guike.Match
		for _, x := range ms {
			if x.State != guike.MatchAutomatic || x.Amount != yuan(5000) {
				t.Errorf("%s: %s %v", x.Of, x.State, x.Amount)
			}
			if x.Of == guike.MatchOrder {
				m = x
			}
		}
		got := d.get("receipt", s.ID).(*guike.Receipt)
		if got.Order != o.ID || got.Customer != c.ID || got.Allotted != yuan(5000) || got.Invoiced != yuan(5000) {
			t.Errorf("slip: %+v", got)
		}
		if d.get("order", o.ID).(*guike.Order).Paid != yuan(5000) || d.get("entry", e.ID).(*guike.Entry).Slipped != yuan(5000) {
			t.Error("order or entry does not say what is claimed")
		}
		d.answer(m.ID, match.Reject)
		d.answer(m.ID, match.Reject)
		got = d.get("receipt", s.ID).(*guike.Receipt)
		if got.Order != "" || got.Allotted != (record.Money{}) || d.get("order", o.ID).(*guike.Order).Paid != (record.Money{}) {
			t.Errorf("not given back: %+v", got)
		}
		d.set("receipt", s.ID, "memo", record.TextValue("SO2403001"))
		if m = d.get("match", m.ID).(*guike.Match); m.State != guike.MatchRejected {
			t.Errorf("a rejected match was made again: %s", m.State)
		}
		ctx := context.Background()
		moved, err := match.Present(ctx, db)
		if err != nil {
			t.Fatal(err)
		}
		d.answer(m.ID, match.Undo)
		back, err := match.Present(ctx, db)
		if err != nil {
			t.Fatal(err)
		}
		if moved["order"]["number"] >= 6 || back["order"]["number"] < 6-1e-9 {
			t.Errorf("weights: %v, after undo %v", moved["order"]["number"], back["order"]["number"])
		}
		d.answer(m.ID, match.Confirm)
		d.answer(m.ID, match.Confirm)
		if got = d.get("receipt", s.ID).(*guike.Receipt); got.Order != o.ID || got.Allotted != yuan(5000) {
			t.Errorf("confirmed: %+v", got)
		}
		// A person takes the order off the slip: he said no.
		d.set("receipt", s.ID, "order", record.Absent)
		if m = d.get("match", m.ID).(*guike.Match); m.State != guike.MatchRejected || d.get("order", o.ID).(*guike.Order).Paid != (record.Money{}) {
			t.Errorf("taken off: %s", m.State)
		}
	})
}

// Two equally good orders are a person's to say; the trash gives back what was claimed, and restoring claims again.
func TestAmbiguityAndTrash(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d, ctx := begin(t, db), context.Background()
		c := &guike.Customer{Name: "北京瑞丰建材有限公司"}
		d.create(c)
		a := &guike.Order{Number: "A-1001", Customer: c.ID, OrderedOn: "2024-03-01", Amount: yuan(800)}
		b := &guike.Order{Number: "A-1002", Customer: c.ID, OrderedOn: "2024-03-02", Amount: yuan(800)}
		d.create(a, b)
		s := pay(c.Name, "2024-03-05", 800, "货款")
		d.create(s)
		ms := d.matches()
		if len(ms) != 2 || ms[0].State != guike.MatchProposed || ms[1].State != guike.MatchProposed {
			t.Fatalf("ambiguous: %+v", ms)
		}
		bin := func(do func(*store.Tx, context.Context, string, record.ID) (record.Record, error), kind string, id record.ID) {
			t.Helper()
			if err := db.Tx(ctx, sys, func(tx *store.Tx) error { _, err := do(tx, ctx, kind, id); return err }); err != nil {
				t.Fatal(err)
			}
			d.follow()
		}
		d.set("order", b.ID, "stage", record.TextValue("cancelled"))
		if d.get("order", a.ID).(*guike.Order).Paid != yuan(800) {
			t.Error("the only one left was not claimed")
		}
		bin((*store.Tx).Delete, "receipt", s.ID)
		if d.get("order", a.ID).(*guike.Order).Paid != (record.Money{}) {
			t.Error("a slip in the trash claims")
		}
		bin((*store.Tx).Restore, "receipt", s.ID)
		if d.get("order", a.ID).(*guike.Order).Paid != yuan(800) {
			t.Error("a restored slip does not claim")
		}
		bin((*store.Tx).Delete, "order", a.ID)
		if got := d.get("receipt", s.ID).(*guike.Receipt); got.Allotted != (record.Money{}) || got.Order != "" {
			t.Errorf("an order in the trash is claimed: %+v", got)
		}
		if n := doubles(t, db); n != 0 {
			t.Errorf("%d double claims", n)
		}
	})
}

// Whoever confirms, rejects and matches again at the same moment: nothing is claimed twice.
func TestRace(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d, ctx := begin(t, db), context.Background()
		c := &guike.Customer{Name: "深圳永信电子科技有限公司"}
		d.create(c)
		var orders, slips []record.Record
		for i := range 4 {
			orders = append(orders, &guike.Order{Number: fmt.Sprint("R-100", i), Customer: c.ID, OrderedOn: "2024-03-01", Amount: yuan(300)})
		}
		for range 6 {
			slips = append(slips, pay(c.Name, "2024-03-05", 300, "货款"))
		}
		create(t, db, orders)
		create(t, db, slips)
		d.follow()
		ms := d.matches()
		if len(ms) < 6 {
			t.Fatalf("%d matches", len(ms))
		}
		var wg sync.WaitGroup
		for g := range 6 {
			wg.Go(func() {
				for i := range ms {
					m := ms[(i*7+g*3)%len(ms)]
					verb := []string{match.Confirm, match.Confirm, match.Reject, match.Undo}[(i+g)%4]
					if err := match.Answer(ctx, db, sys, m.ID, verb); err != nil && !record.Is(err, record.Conflict) {
						t.Errorf("%s: %v", verb, err)
					}
				}
			})
		}
		wg.Go(func() {
			for range 3 {
				if err := db.Tx(ctx, sys, func(tx *store.Tx) error {
					_, err := queue.Add(ctx, tx, queue.New{Queue: match.Queue, Title: "job.match"})
					return err
				}); err != nil {
					t.Error(err)
				}
				if _, err := d.r.Drain(ctx); err != nil {
					t.Error(err)
				}
			}
		})
		wg.Wait()
		d.follow()
		if n := doubles(t, db); n != 0 {
			t.Errorf("%d double claims", n)
		}
	})
}

// One slip for several orders and several slips for one order: found by the sum, where just one sum fits.
func TestSums(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := begin(t, db)
		c := &guike.Customer{Name: "杭州嘉禾食品有限公司"}
		d.create(c)
		a := &guike.Order{Number: "S-2001", Customer: c.ID, OrderedOn: "2024-03-01", Amount: yuan(310)}
		b := &guike.Order{Number: "S-2002", Customer: c.ID, OrderedOn: "2024-03-02", Amount: yuan(470)}
		d.create(a, b, pay(c.Name, "2024-03-08", 780, "货款"))
		for _, o := range []*guike.Order{a, b} {
			if got := d.get("order", o.ID).(*guike.Order); got.Paid != o.Amount {
				t.Errorf("%s: %v paid", o.Number, got.Paid)
			}
		}
		e := &guike.Order{Number: "S-2003", Customer: c.ID, OrderedOn: "2024-06-01", Amount: yuan(1000)}
		d.create(e, pay(c.Name, "2024-06-03", 333, "首付"))
		if got := d.get("order", e.ID).(*guike.Order); got.Paid != (record.Money{}) {
			t.Errorf("a part without a number was applied: %v", got.Paid)
		}
		d.create(pay(c.Name, "2024-06-20", 667, "尾款"))
		if got := d.get("order", e.ID).(*guike.Order); got.Paid != yuan(1000) {
			t.Errorf("instalments: %v paid", got.Paid)
		}
		// The amount of a slip that is matched is corrected downwards: nothing stays claimed beyond it.
		for _, m := range d.matches() {
			if m.Of == guike.MatchOrder && m.Order == e.ID {
				d.set("receipt", m.Receipt, "amount", record.MoneyValue(yuan(100)))
				break
			}
		}
		if n := doubles(t, db); n != 0 {
			t.Errorf("%d double claims", n)
		}
	})
}
