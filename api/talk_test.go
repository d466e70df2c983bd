package api_test

import (
	"fmt"
	"strings"
	"testing"

	"guike/store"
	"guike/store/storetest"
)

// Who reads a record reads its talk and joins in, whatever else he may; who does not, gets at it by no way. Only the author changes what he said.
func TestTalk(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := open(t, db)
		boss := s.owner()
		guest := s.colleague(boss, "guest", "viewer", s.department("甲部"))
		boss.must(201, "POST", "/roles", `{"label":"只看自己","grants":{"kinds":{"*":{"read":"own","create":"own","update":"own","delete":"own"}}}}`)
		alone := s.colleague(boss, "alone", "只看自己", "")
		cus := boss.must(201, "POST", "/customers", `{"name":"恒泰"}`)["id"].(string)
		me := boss.must(200, "GET", "/session", nil)["user"].(map[string]any)["id"].(string)
		say := func(body string) string { return fmt.Sprintf(`{"about":"customer","rec":%q,"body":%q}`, cus, body) }
		at := "/comments?about=customer&rec=" + cus

		x := guest.must(201, "POST", "/comments", say("请 @[旧名]("+me+") 看看"))
		if m := x["mentions"].([]any)[0].(map[string]any); m["id"] != me || m["title"] != "陈" || x["mine"] != true {
			t.Errorf("a mention is answered by the name of now: %v", x)
		}
		id := x["id"].(string)
		if got := boss.must(200, "GET", at, nil)["data"].([]any)[0].(map[string]any); got["mine"] != false || got["by"].(map[string]any)["title"] != "guest" {
			t.Errorf("seen by another: %v", got)
		}

		alone.must(404, "GET", at, nil)
		alone.must(404, "POST", "/comments", say("看不见"))
		alone.must(404, "PATCH", "/comments/"+id, `{"body":"改"}`, "If-Match", `"1"`)
		alone.must(404, "DELETE", "/comments/"+id, nil)
		boss.must(403, "PATCH", "/comments/"+id, `{"body":"改"}`, "If-Match", `"1"`)
		boss.must(403, "DELETE", "/comments/"+id, nil)
		for _, path := range []string{"/comments:edit", "/comments:cells"} {
			boss.must(404, "POST", path, `{}`)
		}
		// As a list, and by words, comments are there for who reads every record, and for nobody else.
		for _, path := range []string{"/comments:query", "/comments:count", "/comments:facets", "/comments:export"} {
			alone.must(404, "POST", path, `{"fields":["about"]}`)
		}
		alone.must(404, "GET", "/comments/"+id, nil)
		if hits := alone.must(200, "GET", "/search?q=看看", nil)["data"].([]any); len(hits) != 0 {
			t.Errorf("found by who does not see its record: %v", hits)
		}
		if hits := boss.must(200, "GET", "/search?q=看看", nil)["data"].([]any); len(hits) != 1 || hits[0].(map[string]any)["id"] != id {
			t.Errorf("not found by who sees everything: %v", hits)
		}
		all := boss.must(200, "POST", "/comments:query", `{"q":"看看","filter":{"field":"about","op":"eq","value":"customer"}}`)["data"].([]any)
		if one := all[0].(map[string]any); len(all) != 1 || fmt.Sprint(one["rec"]) != fmt.Sprint(map[string]any{"id": cus, "title": "恒泰"}) || one["about"] != "customer" {
			t.Errorf("as a row: %v", all)
		}
		if h := boss.must(200, "GET", "/comments/"+id+"/timeline", nil)["data"].([]any); len(h) != 1 || h[0].(map[string]any)["what"] != "change" {
			t.Errorf("what happened to it: %v", h)
		}
		if _, _, body := boss.text("POST", "/comments:export", `{"format":"csv","lang":"zh-CN"}`); !strings.Contains(body, "恒泰,"+cus) {
			t.Errorf("as a file: %s", body)
		}

		guest.must(422, "POST", "/comments", say("  "))
		guest.must(200, "PATCH", "/comments/"+id, `{"body":"改过"}`, "If-Match", `"1"`)
		guest.must(204, "DELETE", "/comments/"+id, nil)
		if n := len(guest.must(200, "GET", at, nil)["data"].([]any)); n != 0 {
			t.Errorf("%d after it was taken back", n)
		}
		guest.must(204, "POST", "/comments/"+id+"/restore", nil)
		boss.must(201, "POST", "/comments", say("第二条"))
		p := guest.must(200, "GET", at+"&limit=1", nil)
		if d := p["data"].([]any); len(d) != 1 || d[0].(map[string]any)["body"] != "第二条" || p["has_more"] != true {
			t.Errorf("the newest first, by pages: %v", p)
		}
		p = guest.must(200, "GET", at+"&limit=1&cursor="+p["next_cursor"].(string), nil)
		if d := p["data"].([]any); len(d) != 1 || d[0].(map[string]any)["body"] != "改过" || p["has_more"] != false {
			t.Errorf("the second page: %v", p)
		}

		boss.must(204, "DELETE", "/customers/"+cus, nil)
		boss.must(404, "POST", "/comments", say("太晚"))
	})
}
