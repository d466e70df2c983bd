package api_test

import (
	"testing"

	"guike/store"
	"guike/store/storetest"
)

// catchUp lets followers and jobs do what is due.
func catchUp(t *testing.T, s *site) {
	t.Helper()
	if err := s.runner.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.runner.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// Matches are found by the follower, stand in the queues, and are answered by who may change the slip.
func TestMatching(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := open(t, db)
		boss := s.owner()
		reader := s.colleague(boss, "reader", "viewer", "")
		id := func(m map[string]any) string { return m["id"].(string) }
		money := func(a string) map[string]string { return map[string]string{"amount": a, "currency": "CNY"} }
		c := boss.must(201, "POST", "/customers", map[string]any{"name": "上海恒泰贸易有限公司"})
		o := boss.must(201, "POST", "/orders", map[string]any{"number": "SO2403001", "customer": id(c), "ordered_on": "2024-03-01", "amount": money("5000.00")})
		boss.must(201, "POST", "/orders", map[string]any{"number": "SO2403009", "customer": id(c), "ordered_on": "2024-03-01", "amount": money("77.00")})
		r := boss.must(201, "POST", "/receipts", map[string]any{"type": "slip", "direction": "in", "paid_on": "2024-03-04", "amount": money("5000.00"), "payer_name": "上海恒泰贸易有限公司", "purpose": "货款SO2403001"})
		boss.must(201, "POST", "/entries", map[string]any{"booked_on": "2024-03-04", "direction": "in", "amount": money("12.00")})
		catchUp(t, s)
		queues := func(p *person) map[string]float64 {
			out := map[string]float64{}
			for _, x := range p.must(200, "GET", "/matches:queues", nil)["data"].([]any) {
				w := x.(map[string]any)
				out[w["queue"].(string)] = w["count"].(float64)
				kind := map[string]string{"match": "matches", "receipt": "receipts", "order": "orders", "entry": "entries"}[w["kind"].(string)]
				if n := len(p.must(200, "POST", "/"+kind+":query", map[string]any{"filter": w["filter"]})["data"].([]any)); float64(n) != w["count"] {
					t.Errorf("queue %v lists %d of %v", w["queue"], n, w["count"])
				}
			}
			return out
		}
		if q := queues(boss); q["slip_without_order"] != 0 || q["order_without_slip"] != 1 || q["paid_without_invoice"] != 1 || q["entry_without_slip"] != 1 {
			t.Errorf("%v", q)
		}
		of := func(p *person) []any {
			return p.must(200, "POST", "/matches:query", map[string]any{"filter": map[string]any{"field": "order", "op": "eq", "value": id(o)}})["data"].([]any)
		}
		ms := of(boss)
		if len(ms) != 1 {
			t.Fatalf("%v", ms)
		}
		m := ms[0].(map[string]any)
		if m["state"] != "automatic" || m["receipt"].(map[string]any)["id"] != id(r) || len(m["reason"].([]any)) == 0 {
			t.Errorf("%v", m)
		}
		// Who may not see amounts does not learn them from matches, and who sees no slips sees none.
		blind := boss.must(201, "POST", "/roles", map[string]any{"label": "盲", "grants": map[string]any{"kinds": map[string]any{"*": map[string]any{"read": "all"}}, "masked": map[string]any{"receipt": []string{"amount"}}}})
		none := boss.must(201, "POST", "/roles", map[string]any{"label": "无", "grants": map[string]any{"kinds": map[string]any{"*": map[string]any{"read": "all"}, "receipt": map[string]any{"read": "none"}}}})
		name := func(r map[string]any) string { return boss.must(200, "GET", "/roles/"+id(r), nil)["name"].(string) }
		p := s.colleague(boss, "blind", name(blind), "")
		for _, at := range []string{"/matches/" + id(m), "/receipts/" + id(r)} {
			x := p.must(200, "GET", at, nil)
			for _, f := range []string{"amount", "allotted", "invoiced"} {
				if x[f] != nil {
					t.Errorf("%s tells %s: %v", at, f, x[f])
				}
			}
		}
		s.colleague(boss, "none", name(none), "").must(404, "GET", "/matches/"+id(m), nil)
		path := "/matches/" + id(m)
		reader.must(403, "POST", path+"/reject", nil)
		reader.must(403, "POST", "/matches:again", nil)
		if x := boss.must(200, "POST", path+"/reject", nil); x["state"] != "rejected" {
			t.Errorf("%v", x)
		}
		if q := queues(boss); q["slip_without_order"] != 1 || q["order_without_slip"] != 2 {
			t.Errorf("%v", q)
		}
		boss.must(200, "POST", path+"/undo", nil)
		if q := queues(boss); q["proposed"] != 1 {
			t.Errorf("%v", q)
		}
		both := boss.must(200, "POST", "/matches:answer", map[string]any{"verb": "confirm", "ids": []string{id(m), "mat_01h455vb4pex5vsknk084sn02q", id(m)}})["data"].([]any)
		if len(both) != 3 || both[0].(map[string]any)["ok"] != true || both[1].(map[string]any)["ok"] != false || both[2].(map[string]any)["ok"] != true {
			t.Errorf("%v", both)
		}
		boss.must(422, "POST", "/matches:answer", map[string]any{"verb": "guess", "ids": []string{id(m)}})
		if x := boss.must(200, "GET", "/receipts/"+id(r), nil); x["order"].(map[string]any)["id"] != id(o) {
			t.Errorf("%v", x["order"])
		}
		w := boss.must(200, "GET", "/matches:weights", nil)["weights"].(map[string]any)["order"].(map[string]any)
		if w["number"].(float64) <= 6 {
			t.Errorf("a confirmed match taught nothing: %v", w)
		}
		// By hand: one slip for two orders, never for more than there is; said twice it is said once; an amount is set anew.
		big := boss.must(201, "POST", "/receipts", map[string]any{"type": "slip", "direction": "in", "paid_on": "2024-05-04", "amount": money("1000.00"), "payer_name": "某人"})
		o2 := boss.must(201, "POST", "/orders", map[string]any{"number": "SO2405002", "customer": id(c), "ordered_on": "2023-03-01", "amount": money("700.00")})
		o3 := boss.must(201, "POST", "/orders", map[string]any{"number": "SO2405003", "customer": id(c), "ordered_on": "2023-03-01", "amount": money("900.00")})
		made := boss.must(200, "POST", "/matches", map[string]any{"receipt": id(big), "order": id(o2)})
		again := boss.must(200, "POST", "/matches", map[string]any{"receipt": id(big), "order": id(o2)})
		if made["state"] != "confirmed" || made["amount"].(map[string]any)["amount"] != "700.00" || id(made) != id(again) || made["version"] != again["version"] {
			t.Errorf("%v %v", made, again)
		}
		boss.must(409, "POST", "/matches", map[string]any{"receipt": id(big), "order": id(o3), "amount": money("300.01")})
		boss.must(422, "POST", "/matches", map[string]any{"receipt": id(big), "order": id(o3), "amount": map[string]string{"amount": "3.00", "currency": "USD"}})
		boss.must(422, "POST", "/matches", map[string]any{"receipt": id(big), "order": id(o3), "entry": "ent_01h455vb4pex5vsknk084sn02q"})
		boss.must(422, "POST", "/matches", map[string]any{"receipt": id(big)})
		boss.must(422, "POST", "/matches", map[string]any{"receipt": id(big), "invoice": id(r)})
		boss.must(404, "POST", "/matches", map[string]any{"receipt": id(big), "order": "ord_01h455vb4pex5vsknk084sn02q"})
		reader.must(403, "POST", "/matches", map[string]any{"receipt": id(big), "order": id(o3)})
		p.must(403, "POST", "/matches", map[string]any{"receipt": id(big), "order": id(o3)})
		boss.must(200, "POST", "/matches", map[string]any{"receipt": id(big), "order": id(o2), "amount": money("650.00")})
		boss.must(200, "POST", "/matches", map[string]any{"receipt": id(big), "order": id(o3), "amount": money("350.00")})
		catchUp(t, s)
		if x := boss.must(200, "GET", "/receipts/"+id(big), nil); x["allotted"].(map[string]any)["amount"] != "1000.00" || x["customer"].(map[string]any)["id"] != id(c) {
			t.Errorf("%v", x)
		}
		if x := boss.must(200, "GET", "/orders/"+id(o2), nil); x["paid"].(map[string]any)["amount"] != "650.00" {
			t.Errorf("%v", x["paid"])
		}
		boss.must(202, "POST", "/matches:again", nil)
		catchUp(t, s)
	})
}
