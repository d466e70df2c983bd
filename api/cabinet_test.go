package api_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"guike"
	"guike/access"
	"guike/bulk"
	"guike/cabinet"
	"guike/ingest"
	"guike/record"
	"guike/store"
	"guike/store/storetest"
)

var namer = cabinet.Namer{Setting: ingest.NamingSetting, Usual: ingest.DefaultNaming, Check: ingest.CheckNaming,
	Rename: func(ctx context.Context, r cabinet.Reader, zone *time.Location, template string, docs []*guike.Document, take func(*guike.Document, string) (bool, error)) error {
		return ingest.Rename(ctx, r, zone, template, docs, take)
	}}

func roles(db *store.DB) cabinet.Roles {
	return func(ctx context.Context) ([]cabinet.Role, error) {
		held, err := access.HeldRoles(ctx, db, "document")
		var out []cabinet.Role
		for _, h := range held {
			out = append(out, cabinet.Role{Name: h.Name, Label: h.Label, All: h.Reads == record.Everything})
		}
		return out, err
	}
}

// The cabinet over HTTP: who may write its rules, what it finds lacking for whom, and that what is held stays.
func TestCabinet(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := open(t, db)
		s.runner.Handle(bulk.Queue, 1, bulk.Handler(db))
		s.runner.Handle(cabinet.Queue, 1, cabinet.Handler(db, namer))
		owner := s.owner()
		clerk := s.colleague(owner, "clerk", "member", s.department("一部"))

		// An empty list asks for nothing; the usual one is written once.
		if m := owner.must(200, "GET", "/cabinet/checklist", nil); m["ready"] != true || len(m["needs"].([]any)) != 0 || len(m["roles"].([]any)) != 2 {
			t.Errorf("at first: %v", m)
		}
		clerk.must(403, "POST", "/cabinet/setup", map[string]any{})
		list := owner.must(200, "POST", "/cabinet/setup", map[string]any{})
		if again := owner.must(200, "POST", "/cabinet/setup", map[string]any{}); fmt.Sprint(again) != fmt.Sprint(list) || len(list["needs"].([]any)) != 4 {
			t.Errorf("set up twice: %v, then %v", list, again)
		}
		kinds := map[string]string{}
		for _, k := range list["kinds"].([]any) {
			kinds[k.(map[string]any)["title"].(string)] = k.(map[string]any)["id"].(string)
		}
		list["password"] = nil
		body := map[string]any{"by": "type", "every": []string{kinds["合同"]}, "needs": []any{map[string]any{"value": "company", "kinds": []string{kinds["基本资料"]}}},
			"fresh": []any{map[string]any{"kind": kinds["合同"], "days": 30}}, "share_days": 30, "share_password": true, "confidential": []string{kinds["合同"]}, "trusted": []string{"owner"}}
		clerk.must(403, "PUT", "/cabinet/checklist", body)
		owner.must(422, "PUT", "/cabinet/checklist", map[string]any{"every": []string{"cat_x"}, "by": "", "needs": []any{}, "fresh": []any{}, "share_days": 0, "share_password": false, "confidential": []any{}, "trusted": []any{}})
		owner.must(200, "PUT", "/cabinet/checklist", body)

		cus := clerk.must(201, "POST", "/customers", map[string]any{"name": "阿里山茶行", "type": "company"})
		if cus["initial"] != "A" {
			t.Errorf("its drawer: %v", cus["initial"])
		}
		doc := clerk.must(201, "POST", "/documents/upload?name=x.txt", "买卖合同")["document"].(map[string]any)["id"].(string)
		d := clerk.must(200, "GET", "/documents/"+doc, nil)
		clerk.must(200, "PATCH", "/documents/"+doc, map[string]any{"customer": cus["id"], "dated_on": "2020-01-01"})
		clerk.must(200, "POST", "/documents/"+doc+"/classify", map[string]any{"set": map[string]any{"d_kind": kinds["合同"]}})
		m := clerk.must(200, "GET", "/cabinet/missing", nil)
		lacks := m["data"].([]any)
		if n := clerk.must(200, "GET", "/cabinet/missing:count", nil); n["total"] != 1.0 || len(n["kinds"].([]any)) != 1 {
			t.Errorf("how many lack something: %v", n)
		}
		if len(lacks) != 1 || fmt.Sprint(lacks[0].(map[string]any)["kinds"]) != fmt.Sprintf("[map[id:%s title:基本资料]]", kinds["基本资料"]) || lacks[0].(map[string]any)["stage"] != "company" {
			t.Errorf("missing: %v", m)
		}
		if m := clerk.must(200, "GET", "/cabinet/outdated", nil); clerk.must(200, "GET", "/cabinet/outdated:count", nil)["total"] != 1.0 || m["data"].([]any)[0].(map[string]any)["document"].(map[string]any)["id"] != doc {
			t.Errorf("outdated: %v", m)
		}
		two := s.colleague(owner, "two", "member", s.department("二部"))
		if m := two.must(200, "GET", "/cabinet/missing", nil); len(m["data"].([]any)) != 0 || two.must(200, "GET", "/cabinet/missing:count", nil)["total"] != 0.0 {
			t.Errorf("another department's: %v", m)
		}
		two.must(404, "GET", "/customers/"+cus["id"].(string)+"/papers", nil)
		if ps := clerk.must(200, "GET", "/customers/"+cus["id"].(string)+"/papers", nil)["data"].([]any); len(ps) != 2 || ps[0].(map[string]any)["state"] != "missing" || ps[1].(map[string]any)["state"] != "outdated" {
			t.Errorf("papers: %v", ps)
		}
		clerk.must(422, "GET", "/cabinet/missing?after=x", nil)

		// A share of it is too open in each way; who administers sees it too, others do not.
		clerk.shares(map[string]any{}, map[string]any{"kind": "document", "id": doc})
		for _, p := range []*person{clerk, owner} {
			m := p.must(200, "GET", "/cabinet/exposed", nil)
			if m["total"] != 1.0 || fmt.Sprint(m["shares"].([]any)[0].(map[string]any)["why"]) != "[password confidential]" {
				t.Errorf("exposed: %v", m)
			}
		}
		if m := two.must(200, "GET", "/cabinet/exposed", nil); m["total"] != 0.0 {
			t.Errorf("another's share: %v", m)
		}
		s.colleague(owner, "boss", "manager", "")
		if w := owner.must(200, "GET", "/cabinet/exposed", nil)["wide"].(map[string]any); w["count"] != 1.0 || fmt.Sprint(w["roles"]) != "[map[id:manager title:经理]]" {
			t.Errorf("read by too many: %v", w)
		}

		// Held, it stays in the trash.
		clerk.must(403, "POST", "/documents/"+doc+"/hold", map[string]any{"reason": "诉讼"})
		owner.must(422, "POST", "/documents/"+doc+"/hold", map[string]any{"reason": ""})
		owner.must(204, "POST", "/customers/"+cus["id"].(string)+"/hold", map[string]any{"reason": "诉讼"})
		// Why it is held is nobody's business outside, unless somebody chooses so.
		for _, f := range owner.must(200, "GET", "/shares:about?about=customer&rec="+cus["id"].(string), nil)["fields"].([]any) {
			if f := f.(map[string]any); (f["name"] == "hold" || f["name"] == "initial") && f["usual"] != false {
				t.Errorf("shared as usual: %v", f)
			}
		}
		owner.must(200, "PUT", "/cabinet/retention", map[string]any{"keep": []any{map[string]any{"kind": kinds["合同"], "years": 5}}})
		clerk.must(403, "PUT", "/cabinet/retention", map[string]any{"keep": []any{}})
		if m := owner.must(200, "GET", "/cabinet/due", nil); m["total"] != 0.0 || m["held"] != 1.0 {
			t.Errorf("due while held: %v", m)
		}
		owner.must(204, "DELETE", "/documents/"+doc, nil)
		owner.must(409, "POST", "/documents/"+doc+"/purge", nil)
		owner.must(200, "POST", "/documents/"+doc+"/restore", nil)
		owner.must(204, "POST", "/customers/"+cus["id"].(string)+"/release", nil)
		if m := owner.must(200, "GET", "/cabinet/due", nil); m["total"] != 1.0 || m["data"].([]any)[0].(map[string]any)["document"].(map[string]any)["id"] != doc {
			t.Errorf("due: %v", m)
		}

		// Its drawers, and a template that only an administrator changes.
		g := clerk.must(200, "POST", "/documents:groups", map[string]any{"by": []any{map[string]any{"field": "customer.initial"}}})
		if one := g["axes"].([]any)[0].(map[string]any)["groups"].([]any); len(one) != 1 || one[0].(map[string]any)["id"] != "A" || one[0].(map[string]any)["count"] != 1.0 {
			t.Errorf("drawers: %v", g)
		}
		clerk.must(403, "POST", "/cabinet/naming:preview", map[string]any{"naming": "{name}"})
		owner.must(422, "POST", "/cabinet/naming:preview", map[string]any{"naming": "{x}"})
		owner.must(200, "POST", "/cabinet/naming:preview", map[string]any{"naming": "{name}"})
		clerk.must(403, "POST", "/cabinet/naming:apply", map[string]any{"naming": "{name}"})
		owner.must(202, "POST", "/cabinet/naming:apply", map[string]any{"naming": "{name}"})
		if _, err := s.runner.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if m := owner.must(200, "GET", "/settings", nil); m["naming"] != "{name}" {
			t.Errorf("the template: %v (%v)", m, d["path"])
		}
	})
}
