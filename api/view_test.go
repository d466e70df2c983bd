package api_test

import (
	"fmt"
	"testing"

	"guike/store"
	"guike/store/storetest"
)

// What a person may not see he may not group by, add up, or give a face; a shared dashboard reaches him with the figures of his own reach.
func TestFaces(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := open(t, db)
		boss := s.owner()
		boss.must(201, "POST", "/roles", `{"label":"看不到金额","grants":{"kinds":{"order":{"read":"own","create":"own"}},"masked":{"order":["amount","stage"]}}}`)
		clerk := s.colleague(boss, "clerk", "看不到金额", "")
		for i, stage := range []string{"new", "new", "done"} {
			boss.must(201, "POST", "/orders", fmt.Sprintf(`{"number":"A%d","stage":%q,"ordered_on":"2026-0%d-15","amount":{"amount":"10.10","currency":"CNY"}}`, i, stage, i+1))
		}
		clerk.must(201, "POST", "/orders", `{"number":"B","ordered_on":"2026-03-01"}`)

		b := boss.must(200, "POST", "/orders:groups", `{"by":[{"field":"stage"},{"field":"ordered_on","unit":"quarter"}],"sum":["amount"]}`)
		axes := b["axes"].([]any)
		first := axes[0].(map[string]any)["groups"].([]any)[0].(map[string]any)
		sum := first["sums"].([]any)[0].(map[string]any)
		if b["count"] != 4.0 || len(axes) != 2 || first["id"] != "new" || first["count"] != 2.0 || sum["amount"] != "20.20" || sum["average"] != "10.10" {
			t.Errorf("%v", b)
		}
		for _, body := range []string{`{"by":[{"field":"stage"}]}`, `{"by":[{"field":"ordered_on"}],"sum":["amount"]}`, `{"by":[{"field":"ordered_on","unit":"age"}]}`, `{"by":[{"field":"ordered_on"},{"field":"owner"},{"field":"department"}]}`} {
			clerk.must(422, "POST", "/orders:groups", body)
		}
		if own := clerk.must(200, "POST", "/orders:groups", `{"by":[{"field":"ordered_on"}]}`); own["count"] != 1.0 {
			t.Errorf("beyond his reach: %v", own)
		}

		clerk.must(422, "POST", "/views", `{"of":"order","name":"x","face":{"as":"board","by":[{"field":"stage"}]}}`)
		view := boss.must(201, "POST", "/views", `{"of":"order","name":"进度","face":{"as":"board","by":[{"field":"stage"}]},"shared":true}`)["id"].(string)
		mine := boss.must(201, "POST", "/views", `{"of":"order","name":"自己的"}`)["id"].(string)
		board := func(view string) string {
			return fmt.Sprintf(`{"name":"总览","shared":true,"tiles":[{"view":%q,"wide":2,"tall":1}]}`, view)
		}
		boss.must(422, "POST", "/dashboards", board(mine))
		clerk.must(422, "POST", "/dashboards", board(view)) // he may share nothing
		id := boss.must(201, "POST", "/dashboards", board(view))["id"].(string)
		seen := clerk.must(200, "GET", "/dashboards", nil)["data"].([]any)
		if d := seen[0].(map[string]any); len(seen) != 1 || d["mine"] != false || d["tiles"].([]any)[0].(map[string]any)["view"] != view {
			t.Errorf("%v", seen)
		}
		if views := clerk.must(200, "GET", "/views", nil)["data"].([]any); len(views) != 1 || views[0].(map[string]any)["of"] != "order" {
			t.Errorf("%v", views)
		}
		clerk.must(403, "PATCH", "/dashboards/"+id, `{"name":"我的"}`, "If-Match", `"1"`)
		boss.must(404, "POST", "/dashboards:query", `{}`)
		boss.must(204, "DELETE", "/dashboards/"+id, nil)
		if n := len(clerk.must(200, "GET", "/dashboards", nil)["data"].([]any)); n != 0 {
			t.Errorf("%d after it was thrown away", n)
		}
		boss.must(204, "POST", "/dashboards/"+id+"/restore", nil)
	})
}
