package api_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"guike/store"
	"guike/store/storetest"
)

// text reads an answer that is a file.
func (p *person) text(method, path, body string) (int, http.Header, string) {
	p.Helper()
	req, err := http.NewRequest(method, p.url+"/api/v1"+path, strings.NewReader(body))
	if err != nil {
		p.Fatal(err)
	}
	resp, err := p.http.Do(req)
	if err != nil {
		p.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		p.Fatal(err)
	}
	return resp.StatusCode, resp.Header, string(b)
}

func TestImportAndExport(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := open(t, db)
		owner := s.owner()
		drain := func() {
			t.Helper()
			if _, err := s.runner.Drain(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
		made := owner.must(201, "POST", "/imports?kind=customer&name=k.csv", "客户编号,名称,电话,开票信息\nK1,甲公司,1,x\nK2,=乙公司,-2,\nK3,,3,\n")
		id := made["import"].(map[string]any)["id"].(string)
		m := made["mapping"].(map[string]any)
		cols := m["columns"].([]any)
		if cols[1].(map[string]any)["field"] != "name" || m["key"] != "number" || cols[3].(map[string]any)["field"] != "+note" {
			t.Errorf("proposal: %v", m)
		}
		cols[3].(map[string]any)["field"] = "+field"
		owner.must(200, "PATCH", "/imports/"+id, m)
		cols[3].(map[string]any)["field"] = "phone"
		owner.must(422, "PATCH", "/imports/"+id, m)
		if job := owner.must(202, "POST", "/imports/"+id+"/dry-run", nil)["job"]; job == "" {
			t.Error("no job")
		}
		owner.must(409, "POST", "/imports/"+id+"/run", nil)
		drain()
		dry := owner.must(200, "GET", "/imports/"+id, nil)
		if dry["state"] != "mapping" || dry["created"] != 2.0 || dry["rejected"] != 1.0 || owner.must(200, "POST", "/customers:count", map[string]any{})["count"] != 0.0 {
			t.Errorf("dry run: %v", dry)
		}
		owner.must(202, "POST", "/imports/"+id+"/run", nil)
		drain()
		if done := owner.must(200, "GET", "/imports/"+id, nil); done["state"] != "done" || done["created"] != 2.0 || done["rejected"] != 1.0 || done["rows"] != 3.0 {
			t.Errorf("run: %v", done)
		}
		is := owner.must(200, "GET", "/imports/"+id+"/issues?severity=reject", nil)["data"].([]any)
		if len(is) != 1 || is[0].(map[string]any)["reason"] != "required" || is[0].(map[string]any)["row"] != 4.0 {
			t.Errorf("issues: %v", is)
		}
		if _, h, body := owner.text("GET", "/imports/"+id+"/rejects?lang=en", ""); body != "\uFEFF客户编号,名称,电话,开票信息,Reason\nK3,,3,,名称: required\n" || !strings.Contains(h.Get("Content-Disposition"), "attachment") {
			t.Errorf("rejects: %q %v", body, h)
		}
		// Formulas are guarded, numbers in text too; what people see in a spreadsheet is what is there.
		_, _, body := owner.text("POST", "/customers:export", `{"fields":["number","name","phone","x_kpxx"],"filter":{"field":"number","op":"present"}}`)
		if body != "\uFEFFnumber,name,phone,x_kpxx\nK2,'=乙公司,'-2,\nK1,甲公司,1,x\n" {
			t.Errorf("export: %q", body)
		}
		if code, _, _ := owner.text("GET", "/customers:export?format=doc", ""); code != 422 {
			t.Error("an unknown format")
		}
		if code, _, body := owner.text("GET", "/customers:export?format=ndjson&filter="+`{"field":"number","op":"eq","value":"K1"}`, ""); code != 200 || strings.Count(body, "\n") != 1 || !strings.Contains(body, `"name":"甲公司"`) {
			t.Errorf("%d %q", code, body)
		}
		// Export has a reach of its own, and so has import.
		viewer := s.colleague(owner, "viewer", "viewer", s.department("甲部"))
		if code, _, _ := viewer.text("GET", "/customers:export", ""); code != 403 {
			t.Errorf("a viewer exports: %d", code)
		}
		viewer.must(403, "POST", "/imports?kind=customer&name=k.csv", "名称\n丙\n")
		manager := s.colleague(owner, "manager", "manager", s.department("乙部"))
		manager.must(201, "POST", "/customers", map[string]string{"name": "自己的"})
		if _, _, body := manager.text("POST", "/customers:export", `{"fields":["name"]}`); body != "\uFEFFname\n自己的\n" {
			t.Errorf("a manager exports %q", body)
		}
		manager.must(403, "POST", "/imports/"+id+"/undo", map[string]any{})
		owner.must(202, "POST", "/imports/"+id+"/undo", map[string]any{})
		drain()
		if undone := owner.must(200, "GET", "/imports/"+id, nil); undone["state"] != "undone" {
			t.Errorf("undo: %v", undone)
		}
		if n := owner.must(200, "POST", "/customers:count", map[string]any{})["count"]; n != 1.0 {
			t.Errorf("%v customers are left", n)
		}
		owner.must(403, "POST", "/imports?kind=user&name=u.csv", "名称\n丙\n")
		owner.must(422, "POST", "/imports?kind=customer&name=u.pdf", "%PDF-1.4")
	})
}
