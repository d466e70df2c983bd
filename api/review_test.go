package api_test

import (
	"testing"

	"guike/store"
	"guike/store/storetest"
)

// A proposal of a reference names the records, not their ids.
func TestProposalOfAReference(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := open(t, db)
		boss := s.owner()
		clerk := s.colleague(boss, "clerk", "manager", "")
		id := func(m map[string]any) string { return m["id"].(string) }
		from, to := boss.must(201, "POST", "/customers", `{"name":"恒泰"}`), boss.must(201, "POST", "/customers", `{"name":"春风"}`)
		c := boss.must(201, "POST", "/contacts", map[string]string{"name": "王芳", "customer": id(from)})
		me := boss.must(200, "GET", "/session", nil)["user"].(map[string]any)["id"].(string)
		boss.must(204, "PATCH", "/kinds/contact/fields/customer", map[string]string{"reviewer": me})
		clerk.must(200, "PATCH", "/contacts/"+id(c), map[string]string{"customer": id(to)})
		for _, p := range []*person{boss, clerk} {
			all := p.must(200, "GET", "/proposals?state=waiting", nil)["data"].([]any)
			if len(all) != 1 {
				t.Fatalf("%v", all)
			}
			x := all[0].(map[string]any)
			before, value := x["before"].(map[string]any), x["value"].(map[string]any)
			if before["title"] != "恒泰" || value["title"] != "春风" || value["id"] != id(to) || x["record"].(map[string]any)["title"] != "王芳" {
				t.Errorf("%v", x)
			}
		}
	})
}
