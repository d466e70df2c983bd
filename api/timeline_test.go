package api_test

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"

	"guike/store"
	"guike/store/storetest"
)

// A timeline read page by page is the timeline read at once, newest first, whatever falls on the same day; and it shows nobody what he may not see.
func TestTimeline(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := open(t, db)
		boss := s.owner()
		id := func(m map[string]any) string { return m["id"].(string) }
		money := func(a string) map[string]string { return map[string]string{"amount": a, "currency": "CNY"} }
		c := boss.must(201, "POST", "/customers", map[string]any{"name": "上海恒泰贸易有限公司"})
		other := boss.must(201, "POST", "/customers", map[string]any{"name": "别家"})
		rng := rand.New(rand.NewPCG(7, 7))
		want := map[string]int{}
		for i := range 60 {
			day := fmt.Sprintf("2026-03-%02d", 1+rng.IntN(6))
			switch i % 5 {
			case 0:
				boss.must(201, "POST", "/orders", map[string]any{"number": fmt.Sprintf("SO%03d", i), "customer": id(c), "ordered_on": day, "amount": money("10.00")})
				want["order"]++
			case 1:
				b := map[string]any{"type": "slip", "direction": "in", "amount": money("3.00"), "customer": id(c), "paid_on": day}
				boss.must(201, "POST", "/receipts", b)
				want["receipt"]++
			case 2:
				boss.must(201, "POST", "/comments", map[string]any{"about": "customer", "rec": id(c), "body": fmt.Sprintf("第 %d 句", i)})
				want["comment"]++
			case 3:
				boss.must(201, "POST", "/activities", map[string]any{"type": "call", "subject": "电话", "customer": id(c), "happened_at": day + "T08:00:00Z"})
				want["activity"]++
			case 4:
				boss.must(200, "PATCH", "/customers/"+id(c), map[string]any{"address": fmt.Sprintf("%d 号", i)})
				want["change"]++
			}
		}
		want["change"]++ // its making
		boss.must(201, "POST", "/activities", map[string]any{"type": "note", "subject": "没有时间", "customer": id(c)})
		want["activity"]++
		boss.must(201, "POST", "/orders", map[string]any{"number": "SO-X", "customer": id(other), "amount": money("99.00")})
		path := "/customers/" + id(c) + "/timeline"
		key := func(x map[string]any) string {
			for _, part := range []string{"comment", "change", "record"} {
				if m, ok := x[part].(map[string]any); ok {
					return part + id(m)
				}
			}
			t.Fatalf("%v", x)
			return ""
		}
		read := func(p *person, limit int, what string) (keys []string, got map[string]int) {
			got = map[string]int{}
			cursor, last := "", "9"
			for pages := 0; ; pages++ {
				if pages > 200 {
					t.Fatal("no end")
				}
				page := p.must(200, "GET", fmt.Sprintf("%s?limit=%d&what=%s&cursor=%s", path, limit, what, url.QueryEscape(cursor)), nil)
				data := page["data"].([]any)
				if len(data) > limit {
					t.Fatalf("%d of %d", len(data), limit)
				}
				for _, d := range data {
					x := d.(map[string]any)
					if at := x["at"].(string); at > last {
						t.Fatalf("%s after %s", at, last)
					} else {
						last = at
					}
					if r, ok := x["record"].(map[string]any); ok {
						got[r["kind"].(string)]++
					} else {
						got[x["what"].(string)]++
					}
					keys = append(keys, key(x))
				}
				if cursor = page["next_cursor"].(string); cursor == "" {
					return keys, got
				}
				if len(data) == 0 {
					t.Fatal("an empty page that goes on")
				}
			}
		}
		whole, got := read(boss, 100, "")
		for k, n := range want {
			if got[k] != n {
				t.Errorf("%s: %d of %d", k, got[k], n)
			}
		}
		if got["match"] != 0 {
			t.Errorf("%v", got)
		}
		if len(slices.Compact(slices.Sorted(slices.Values(whole)))) != len(whole) {
			t.Error("something twice")
		}
		for _, limit := range []int{1, 2, 3, 7, 20} {
			if keys, _ := read(boss, limit, ""); !slices.Equal(keys, whole) {
				t.Errorf("by %d: %d and %d, other than at once", limit, len(keys), len(whole))
			}
		}
		if _, got := read(boss, 4, "comment,order"); len(got) != 2 || got["comment"] != want["comment"] || got["order"] != want["order"] {
			t.Errorf("%v", got)
		}
		boss.must(422, "GET", path+"?cursor=zzz", nil)
		boss.must(404, "GET", "/customers/cus_01h455vb4pex5vsknk084sn02q/timeline", nil)

		rel := map[string]map[string]any{}
		for _, r := range boss.must(200, "GET", "/customers/"+id(c)+"/related", nil)["data"].([]any) {
			rel[r.(map[string]any)["kind"].(string)] = r.(map[string]any)
		}
		o := rel["order"]
		if o["count"].(float64) != 12 || o["sums"].([]any)[0].(map[string]any)["amount"] != "120.00" || len(o["newest"].([]any)) != 5 {
			t.Errorf("%v", o)
		}
		if r := rel["receipt"]; r["count"].(float64) != 12 || len(r["sums"].([]any)) != 0 {
			t.Errorf("money in and out was added up: %v", r)
		}
		if n := boss.must(200, "POST", "/orders:count", map[string]any{"filter": o["filter"]})["count"].(float64); n != 12 {
			t.Errorf("the filter lists %v", n)
		}

		// Who may not see receipts, nor what customers are called by, sees neither here.
		role := boss.must(201, "POST", "/roles", map[string]any{"label": "无回单", "grants": map[string]any{"kinds": map[string]any{"*": map[string]any{"read": "all"}, "receipt": map[string]any{"read": "none"}},
			"masked": map[string]any{"customer": []string{"address"}}}})
		p := s.colleague(boss, "half", boss.must(200, "GET", "/roles/"+id(role), nil)["name"].(string), "")
		if _, got := read(p, 9, ""); got["receipt"] != 0 || got["order"] != want["order"] {
			t.Errorf("%v", got)
		}
		raw := fmt.Sprint(p.must(200, "GET", path+"?limit=100", nil))
		if strings.Contains(raw, "号") {
			t.Error("a masked field is told on the timeline")
		}
		for _, r := range p.must(200, "GET", "/customers/"+id(c)+"/related", nil)["data"].([]any) {
			if r.(map[string]any)["kind"] == "receipt" {
				t.Errorf("%v", r)
			}
		}
	})
}
