package api_test

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guike/queue"
	"guike/record"
	"guike/store"
	"guike/store/storetest"
)

// raw fetches what is not JSON.
func (p *person) raw(path string) (int, string, []byte) {
	p.Helper()
	resp, err := p.http.Get(p.url + "/api/v1" + path)
	if err != nil {
		p.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		p.Fatal(err)
	}
	return resp.StatusCode, resp.Header.Get("Content-Disposition"), b
}

// What is done by the clock: made, refused, run by hand, its file fetched, changed, deleted; an administrator's alone.
func TestSchedules(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := open(t, db)
		boss := s.owner()
		clerk := s.colleague(boss, "clerk", "manager", "")
		run := func() {
			t.Helper()
			if _, err := s.runner.Drain(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
		one := func(id string) map[string]any {
			t.Helper()
			for _, x := range boss.must(200, "GET", "/schedules", nil)["data"].([]any) {
				if x.(map[string]any)["id"] == id {
					return x.(map[string]any)
				}
			}
			t.Fatalf("%s is not listed", id)
			return nil
		}

		backup := `{"work":"backup","args":{"keep":2},"when":{"every":"day","at":"03:30"}}`
		clerk.must(403, "GET", "/schedules", nil)
		clerk.must(403, "POST", "/schedules", backup)
		for field, body := range map[string]string{
			"work": `{"work":"nothing","args":{},"when":{"every":"day","at":"03:30"}}`, "keep": `{"work":"backup","args":{},"when":{"every":"day","at":"03:30"}}`,
			"at": `{"work":"backup","args":{"keep":1},"when":{"every":"day","at":"3:30"}}`, "days": `{"work":"purge","args":{"days":0},"when":{"every":"day","at":"03:30"}}`,
			"kinds":  `{"work":"purge","args":{"days":30,"kinds":["user"]},"when":{"every":"day","at":"03:30"}}`,
			"kind":   `{"work":"export","args":{"kind":"nothing","format":"csv","keep":1},"when":{"every":"day","at":"03:30"}}`,
			"colour": `{"work":"export","args":{"kind":"customer","filter":{"field":"colour","op":"eq","value":"x"},"format":"csv","keep":1},"when":{"every":"day","at":"03:30"}}`,
		} {
			if m := boss.must(422, "POST", "/schedules", body); m["fields"].(map[string]any)[field] == nil {
				t.Errorf("%s: %v", body, m)
			}
		}
		if m := boss.must(200, "POST", "/schedules:preview", `{"every":"month","day":31,"at":"03:30"}`); len(m["next"].([]any)) != 5 {
			t.Errorf("preview: %v", m)
		}

		// A backup, three times; two stay, and the newest opens.
		x := boss.must(201, "POST", "/schedules", backup)
		id := x["id"].(string)
		if next, err := time.Parse(time.RFC3339, x["next_run"].(string)); err != nil || !next.After(time.Now()) || next.UTC().Format("15:04") != "19:30" {
			t.Errorf("next run %v", x["next_run"])
		}
		clerk.must(403, "POST", "/schedules/"+id+"/run", nil)
		for i := range 3 {
			boss.must(202, "POST", "/schedules/"+id+"/run", nil)
			if i == 0 {
				boss.must(409, "POST", "/schedules/"+id+"/run", nil)
			}
			run()
			time.Sleep(1100 * time.Millisecond) // a file is named by the second
		}
		x = one(id)
		job := x["job"].(map[string]any)
		if job["state"] != "done" || x["last_due"] != "" {
			t.Fatalf("after a backup: %v", x)
		}
		result := job["result"].(map[string]any)
		files, err := os.ReadDir(filepath.Join(s.folder, "backups", id))
		if err != nil || len(files) != 2 {
			t.Errorf("%v, %v; two backups stay", files, err)
		}
		code, name, b := boss.raw("/jobs/" + job["id"].(string) + "/file")
		if code != 200 || float64(len(b)) != result["bytes"] || !strings.Contains(name, ".zip") {
			t.Errorf("the file: %d %s, %d bytes, %v", code, name, len(b), result)
		}
		if z, err := zip.NewReader(bytes.NewReader(b), int64(len(b))); err != nil || len(z.File) < 2 {
			t.Errorf("the backup: %v", err)
		}
		if code, _, _ := clerk.raw("/jobs/" + job["id"].(string) + "/file"); code != 403 {
			t.Errorf("another fetches the backup: %d", code)
		}

		// An export of a filter, in the rights of who saved it.
		boss.must(201, "POST", "/customers", map[string]string{"name": "甲公司", "region": "上海"})
		boss.must(201, "POST", "/customers", map[string]string{"name": "乙公司", "region": "北京"})
		x = boss.must(201, "POST", "/schedules", `{"title":"每周上海客户","work":"export","args":{"kind":"customer","filter":{"field":"region","op":"eq","value":"上海"},"format":"csv","keep":3},"when":{"every":"week","days":[1],"at":"08:00"}}`)
		boss.must(202, "POST", "/schedules/"+x["id"].(string)+"/run", nil)
		run()
		job = one(x["id"].(string))["job"].(map[string]any)
		code, name, b = boss.raw("/jobs/" + job["id"].(string) + "/file")
		if code != 200 || !strings.Contains(string(b), "甲公司") || strings.Contains(string(b), "乙公司") || job["result"].(map[string]any)["count"] != 1.0 {
			t.Errorf("the export: %d %s %s", code, name, b)
		}

		// Changed, turned off, deleted.
		if m := boss.must(200, "PATCH", "/schedules/"+id, `{"enabled":false}`); m["next_run"] != "" || m["when"].(map[string]any)["at"] != "03:30" {
			t.Errorf("off: %v", m)
		}
		if m := boss.must(200, "PATCH", "/schedules/"+id, `{"enabled":true,"args":{"keep":1},"when":{"every":"minutes","minutes":30}}`); m["next_run"] == "" || m["args"].(map[string]any)["keep"] != 1.0 {
			t.Errorf("on again: %v", m)
		}
		boss.must(204, "DELETE", "/schedules/"+id, nil)
		boss.must(404, "DELETE", "/schedules/"+id, nil)
		if err := os.RemoveAll(filepath.Join(s.folder, "exports")); err != nil {
			t.Fatal(err)
		}
		if code, _, _ := boss.raw("/jobs/" + job["id"].(string) + "/file"); code != 404 {
			t.Errorf("a file that is gone: %d", code)
		}
	})
}

// The trash loses what lay in it long enough, and nothing else.
func TestPurgeByTheClock(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := open(t, db)
		boss := s.owner()
		ctx := context.Background()
		ids := map[string]string{}
		for _, name := range []string{"旧", "新", "在"} {
			ids[name] = boss.must(201, "POST", "/customers", map[string]string{"name": name})["id"].(string)
			if name != "在" {
				boss.must(204, "DELETE", "/customers/"+ids[name], nil)
			}
		}
		if err := db.Tx(ctx, record.SystemScope("test"), func(tx *store.Tx) error {
			_, err := tx.Exec(ctx, "UPDATE customers SET deleted_at = deleted_at - ? WHERE id = ?", int64(31*24*time.Hour/time.Microsecond), ids["旧"])
			return err
		}); err != nil {
			t.Fatal(err)
		}
		x := boss.must(201, "POST", "/schedules", `{"work":"purge","args":{"days":30},"when":{"every":"day","at":"04:00"}}`)
		j := boss.must(202, "POST", "/schedules/"+x["id"].(string)+"/run", nil)["job"].(string)
		if _, err := s.runner.Drain(ctx); err != nil {
			t.Fatal(err)
		}
		got, err := queue.Get(ctx, db, j)
		if err != nil || got.State != queue.Done || got.Outcome().Count != 1 {
			t.Fatalf("%+v, %v", got, err)
		}
		boss.must(404, "GET", "/customers/"+ids["旧"], nil)
		// An administrator ends no more than he may delete.
		boss.must(201, "POST", "/roles", `{"label":"小管理","grants":{"admin":true,"kinds":{"*":{"read":"all","delete":"own"}}}}`)
		little := s.colleague(boss, "little", "小管理", "")
		y := little.must(201, "POST", "/schedules", `{"work":"purge","args":{"days":1},"when":{"every":"day","at":"04:00"}}`)
		if err := db.Tx(ctx, record.SystemScope("test"), func(tx *store.Tx) error {
			_, err := tx.Exec(ctx, "UPDATE customers SET deleted_at = deleted_at - ? WHERE id = ?", int64(31*24*time.Hour/time.Microsecond), ids["新"])
			return err
		}); err != nil {
			t.Fatal(err)
		}
		j = little.must(202, "POST", "/schedules/"+y["id"].(string)+"/run", nil)["job"].(string)
		if _, err := s.runner.Drain(ctx); err != nil {
			t.Fatal(err)
		}
		if got, err := queue.Get(ctx, db, j); err != nil || got.State != queue.Done || got.Outcome().Count != 0 {
			t.Fatalf("%+v, %v", got, err)
		}
		boss.must(200, "POST", "/customers/"+ids["新"]+"/restore", nil)
		boss.must(200, "GET", "/customers/"+ids["在"], nil)
	})
}
