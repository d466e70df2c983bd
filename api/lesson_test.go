package api_test

import (
	"context"
	"testing"

	"guike"
	"guike/record"
	"guike/store"
	"guike/store/storetest"
)

// Who sees all documents sees what corrections taught; who may change them all looks after it.
func TestLessons(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := open(t, db)
		owner := s.owner()
		l := &guike.Lesson{Key: "k", Issuer: "江岸商业银行", Form: "往来单据", Words: `["来款户头","来款编码"]`, Fact: "payer_name", Label: "来款户头", Way: "right", Place: 1, Places: 1, Confirmed: 1, Contradicted: 2}
		if err := db.Tx(context.Background(), record.SystemScope("test"), func(tx *store.Tx) error { return tx.Create(context.Background(), l) }); err != nil {
			t.Fatal(err)
		}
		at := "/lessons/" + string(l.ID)
		if m := owner.must(200, "POST", "/lessons:query", map[string]any{}); len(m["data"].([]any)) != 1 {
			t.Errorf("listed: %v", m)
		}
		m := owner.must(200, "GET", at, nil)
		if _, told := m["key"]; told || m["label"] != "来款户头" || len(m["words"].([]any)) != 2 {
			t.Errorf("lesson: %v", m)
		}
		// One that was stopped begins anew when somebody lets it go on.
		owner.must(204, "PATCH", at, map[string]any{"paused": false})
		if m := owner.must(200, "GET", at, nil); m["contradicted"] != 0.0 || m["confirmed"] != 1.0 {
			t.Errorf("begun anew: %v", m)
		}
		owner.must(204, "PATCH", at, map[string]any{"label": " 来款 户头名："})
		if m := owner.must(200, "GET", at, nil); m["label"] != "来款户头名" || m["title"] != "来款户头名" {
			t.Errorf("label: %v", m)
		}
		for _, bad := range []string{"", "头", "账号 12", "这样长的一段话无论如何不会是一个标签的", "壹佰元整"} {
			owner.must(422, "PATCH", at, map[string]any{"label": bad})
		}
		owner.must(422, "POST", at+"/try", map[string]any{"after": "x"})
		if m := owner.must(200, "POST", at+"/try", map[string]any{}); len(m["data"].([]any)) != 0 || m["next"] != "" {
			t.Errorf("tried on nothing: %v", m)
		}
		// Only the verbs write it, and only for who may change every document.
		owner.must(404, "POST", "/lessons", map[string]any{"label": "x"})
		reader := s.colleague(owner, "viewer", "viewer", s.department("二部"))
		for _, verb := range []struct{ method, path string }{{"PATCH", at}, {"DELETE", at}, {"POST", at + "/restore"}, {"POST", at + "/try"}} {
			reader.must(403, verb.method, verb.path, map[string]any{})
		}
		// Who sees only some documents does not see what those of others taught.
		clerk := s.colleague(owner, "clerk", "member", s.department("一部"))
		clerk.must(404, "GET", at, nil)
		reader.must(200, "GET", at, nil)
		owner.must(204, "DELETE", at, nil)
		if m := owner.must(200, "POST", "/lessons:query", map[string]any{}); len(m["data"].([]any)) != 0 {
			t.Errorf("taken away: %v", m)
		}
		owner.must(404, "PATCH", at, map[string]any{"paused": true})
		owner.must(204, "POST", at+"/restore", nil)
		owner.must(204, "PATCH", at, map[string]any{"paused": true})
		if m := owner.must(200, "GET", at, nil); m["paused"] != true {
			t.Errorf("paused: %v", m)
		}
	})
}
