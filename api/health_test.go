package api_test

import (
	"testing"

	"guike/queue"
	"guike/record"
	"guike/store"
	"guike/store/storetest"
)

// What needs somebody is said to who administers, with its number and since when; and it is said no more once it is seen to.
func TestHealth(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := open(t, db)
		boss := s.owner()
		s.colleague(boss, "clerk", "manager", "").must(403, "GET", "/health", nil)
		write := func(text string, args ...any) {
			t.Helper()
			err := db.Tx(t.Context(), record.SystemScope("test"), func(tx *store.Tx) error {
				_, err := tx.Exec(t.Context(), text, args...)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		look := func() (map[string]any, map[string]map[string]any) {
			t.Helper()
			h := boss.must(200, "GET", "/health", nil)
			by := map[string]map[string]any{}
			for _, c := range h["checks"].([]any) {
				by[c.(map[string]any)["id"].(string)] = c.(map[string]any)
			}
			return h, by
		}
		is := func(by map[string]map[string]any, id, state string, n float64) {
			t.Helper()
			if c := by[id]; c == nil || c["state"] != state || c["count"] != n {
				t.Errorf("%s: %v, want %s and %v", id, c, state, n)
			}
		}

		catchUp(t, s)
		h, by := look()
		is(by, "followers", "ok", 0)
		is(by, "jobs", "ok", 0)
		is(by, "waiting", "ok", 0)
		is(by, "mailboxes", "ok", 0)
		if by["scans"]["state"] != "note" || by["scans"]["words"] == "" {
			t.Errorf("scans: %v", by["scans"])
		}
		if sv := h["server"].(map[string]any); sv["database"] != db.Dialect() || sv["size"].(float64) < 10_000 || sv["memory"].(float64) < 1<<20 || sv["since"] == "" {
			t.Errorf("server: %v", sv)
		}
		if db.Dialect() == "sqlite" {
			is(by, "backup", "warn", 0)
		} else {
			is(by, "backup", "note", 1)
		}

		for range 3 {
			boss.must(201, "POST", "/customers", map[string]string{"name": "甲"})
		}
		h, by = look()
		for _, k := range h["kinds"].([]any) {
			if m := k.(map[string]any); m["kind"] == "customer" && (m["rows"] != 3.0 || m["about"] != false) {
				t.Errorf("%v", m)
			}
		}
		if c := by["followers"]; c["state"] != "ok" || c["count"].(float64) < 3 || c["at"] == "" {
			t.Errorf("behind: %v", c)
		}
		// The same, and nobody sees to them.
		write("UPDATE changes SET at = at - ?", int64(600e6))
		if _, by = look(); by["followers"]["state"] != "warn" {
			t.Errorf("stuck: %v", by["followers"])
		}
		catchUp(t, s)

		err := db.Tx(t.Context(), record.SystemScope("test"), func(tx *store.Tx) error {
			for _, q := range []string{"a", "b"} {
				if _, err := queue.Add(t.Context(), tx, queue.New{Queue: q}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		write("UPDATE jobs SET state = 'dead' WHERE queue = 'a'")
		write("UPDATE jobs SET run_at = run_at - ? WHERE queue = 'b'", int64(600e6))
		_, by = look()
		is(by, "followers", "ok", 0)
		is(by, "jobs", "warn", 1)
		is(by, "waiting", "warn", 1)
		write("DELETE FROM jobs")

		if db.Dialect() == "sqlite" {
			x := boss.must(201, "POST", "/schedules", `{"title":"备份","work":"backup","args":{"keep":2},"when":{"every":"day","at":"03:00"}}`)
			boss.must(202, "POST", "/schedules/"+x["id"].(string)+"/run", nil)
			catchUp(t, s)
			if _, by = look(); by["backup"]["state"] != "ok" || by["backup"]["at"] == "" {
				t.Errorf("backup: %v", by["backup"])
			}
			write("UPDATE jobs SET ended_at = ended_at - ?", int64(9*86400e6))
			if _, by = look(); by["backup"]["state"] != "warn" {
				t.Errorf("old backup: %v", by["backup"])
			}
		}
	})
}
