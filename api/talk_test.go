package api_test

import (
	"fmt"
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
		for _, path := range []string{"/comments:query", "/comments:export", "/comments:edit", "/comments:cells"} {
			boss.must(404, "POST", path, `{}`)
		}
		if hits := boss.must(200, "GET", "/search?q=看看", nil)["data"].([]any); len(hits) != 0 {
			t.Errorf("talk is found beside its record: %v", hits)
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
