package api_test

import (
	"encoding/json"
	"strings"
	"testing"

	"guike/store"
	"guike/store/storetest"
)

// Who may not see a field is not told it by what records are called (R5): not in the record, in lists, in references, in the history or by a search, and a filter
// by the title does not guess it.
func TestMaskedTitle(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := open(t, db)
		boss := s.owner()
		r := boss.must(201, "POST", "/receipts", map[string]any{"type": "slip", "direction": "in", "paid_on": "2024-03-04", "amount": map[string]string{"amount": "4711.25", "currency": "CNY"}, "amount_upper": "肆仟柒佰壹拾壹元贰角伍分", "payer_name": "北斗商贸", "bank": "行"})
		id := r["id"].(string)
		if r["title"] != "北斗商贸 4711.25" {
			t.Fatalf("called %q", r["title"])
		}
		o := boss.must(201, "POST", "/orders", map[string]any{"number": "SO1", "amount": map[string]string{"amount": "9000.00", "currency": "CNY"}, "ordered_on": "2024-03-01"})
		boss.must(200, "POST", "/matches", map[string]any{"receipt": id, "order": o["id"]})
		role := boss.must(201, "POST", "/roles", map[string]any{"label": "盲", "grants": map[string]any{"kinds": map[string]any{"*": map[string]any{"read": "all"}}, "masked": map[string]any{"receipt": []string{"amount"}}}})
		p := s.colleague(boss, "blind", boss.must(200, "GET", "/roles/"+role["id"].(string), nil)["name"].(string), "")
		for _, x := range []map[string]any{
			p.must(200, "GET", "/receipts/"+id, nil),
			p.must(200, "POST", "/receipts:query", map[string]any{}),
			p.must(200, "POST", "/matches:query", map[string]any{}),
			p.must(200, "GET", "/search?q=北斗", nil),
		} {
			b, err := json.Marshal(x)
			if err != nil {
				t.Fatal(err)
			}
			if said := string(b); strings.Contains(said, "4711") || strings.Contains(said, "肆仟") || !strings.Contains(said, id) {
				t.Errorf("%s", said)
			}
		}
		if b, _ := json.Marshal(p.must(200, "GET", "/receipts/"+id+"/history", nil)); strings.Contains(string(b), "4711") {
			t.Errorf("%s", b)
		}
		guess := map[string]any{"filter": map[string]any{"field": "title", "op": "contains", "value": "4711"}}
		p.must(422, "POST", "/receipts:query", guess)
		if n := len(boss.must(200, "POST", "/receipts:query", guess)["data"].([]any)); n != 1 {
			t.Errorf("%d found by the title", n)
		}
	})
}

// What a masked field says is not found by its words either: not in lists, counts, facets or the search over all; what the same record says openly is.
func TestMaskedWords(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := open(t, db)
		boss := s.owner()
		for i, name := range []string{"北斗商贸", "南箕物流"} {
			boss.must(201, "POST", "/customers", map[string]any{"name": name, "phone": []string{"13811112222", "13933334444"}[i], "address": "天河路"})
		}
		role := boss.must(201, "POST", "/roles", map[string]any{"label": "盲", "grants": map[string]any{"kinds": map[string]any{"*": map[string]any{"read": "all"}}, "masked": map[string]any{"customer": []string{"phone"}}}})
		p := s.colleague(boss, "blind", boss.must(200, "GET", "/roles/"+role["id"].(string), nil)["name"].(string), "")
		counts := func(x *person, q string) []int {
			find := map[string]any{"q": q, "fields": []string{"status"}}
			tallied := 0
			for _, v := range x.must(200, "POST", "/customers:facets", find)["data"].([]any)[0].(map[string]any)["values"].([]any) {
				tallied += int(v.(map[string]any)["count"].(float64))
			}
			return []int{
				len(x.must(200, "POST", "/customers:query", map[string]any{"q": q})["data"].([]any)),
				len(x.must(200, "POST", "/customers:query", map[string]any{"q": q, "sort": "name"})["data"].([]any)),
				int(x.must(200, "POST", "/customers:count", map[string]any{"q": q})["count"].(float64)),
				tallied,
				len(x.must(200, "GET", "/search?q="+strings.ReplaceAll(q, " ", "+"), nil)["data"].([]any)),
			}
		}
		for q, want := range map[string][2]int{"13811112222": {1, 0}, "1381111": {1, 0}, "北斗": {1, 1}, "天河路": {2, 2}, "天河路 13933334444": {1, 0}, "bdsm": {1, 1}, "南箕 天河": {1, 1}} {
			for i, x := range []*person{boss, p} {
				for _, n := range counts(x, q) {
					if n != want[i] {
						t.Errorf("%q, masked %v: %v, want %d each", q, i == 1, counts(x, q), want[i])
						break
					}
				}
			}
		}
	})
}
