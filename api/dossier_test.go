package api_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"guike"
	"guike/record"
	"guike/store"
	"guike/store/storetest"
)

// words lays text under a document, as its reading would.
func (s *site) words(doc, text string) {
	s.Helper()
	if err := s.db.Tx(context.Background(), record.SystemScope("test"), func(tx *store.Tx) error {
		_, err := tx.Update(context.Background(), "document", record.ID(doc), store.Patch{Values: map[string]record.Value{"text": record.TextValue(text), "state": record.TextValue(guike.DocFiled)}})
		return err
	}); err != nil {
		s.Fatal(err)
	}
}

func (p *person) upload(name, body string) string {
	p.Helper()
	return p.must(201, "POST", "/documents/upload?name="+name, body)["document"].(map[string]any)["id"].(string)
}

// bound says a dossier in short: role, why, and what.
func bound(m map[string]any) string {
	var out []string
	for _, x := range m["sheets"].([]any) {
		s := x.(map[string]any)
		what := s["document"]
		if s["receipt"] != nil {
			what = s["number"]
		} else {
			what = what.(map[string]any)["title"]
		}
		out = append(out, fmt.Sprintf("%v %v %v", s["role"], s["by"], what))
	}
	return strings.Join(out, ", ")
}

func TestDossier(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := open(t, db)
		boss := s.owner()
		id := func(m map[string]any) string { return m["id"].(string) }
		money := func(a string) map[string]string { return map[string]string{"amount": a, "currency": "CNY"} }
		c := boss.must(201, "POST", "/customers", map[string]any{"name": "上海恒泰贸易有限公司"})
		other := boss.must(201, "POST", "/customers", map[string]any{"name": "杭州云起"})
		o := boss.must(201, "POST", "/orders", map[string]any{"number": "SO2403001", "customer": id(c), "ordered_on": "2024-03-01", "amount": money("5000.00")})
		if m := boss.must(200, "GET", "/dossiers/"+id(o), nil); bound(m) != "" || fmt.Sprint(m["lacks"]) != "[contract invoice slip]" {
			t.Errorf("empty: %v", m)
		}
		slip := boss.must(201, "POST", "/receipts", map[string]any{"type": "slip", "direction": "in", "paid_on": "2024-03-04", "amount": money("5000.00"), "slip_no": "S1", "bank": "行", "payer_name": "上海恒泰贸易有限公司", "purpose": "货款SO2403001"})
		inv := boss.must(201, "POST", "/receipts", map[string]any{"type": "invoice", "direction": "out", "issued_on": "2024-03-03", "amount": money("5000.00"), "invoice_no": "24317000000123456789", "customer": id(c), "buyer_name": "上海恒泰贸易有限公司"})
		catchUp(t, s)
		boss.do("POST", "/matches", map[string]any{"receipt": id(slip), "invoice": id(inv)})
		paper := boss.upload("slip.txt", "the slip")
		boss.must(200, "PATCH", "/receipts/"+id(slip), map[string]any{"document": paper, "page": 1})
		deal := boss.upload("框架合同.txt", "the contract")
		s.words(deal, "购销合同 编号：SO2403001，甲方")
		near := boss.upload("另一份.txt", "near")
		s.words(near, "合同 SO24030012 与 XSO2403001 无关")
		theirs := boss.upload("别人.txt", "theirs")
		s.words(theirs, "合同 SO2403001")
		boss.must(200, "PATCH", "/documents/"+theirs, map[string]any{"customer": id(other)})
		note := boss.upload("送货单.txt", "note")
		s.words(note, "已送达")
		want := "contract found 框架合同.txt, invoice match 24317000000123456789, slip order S1"
		for _, at := range []string{id(o), id(slip), id(inv), paper, deal} {
			m := boss.must(200, "GET", "/dossiers/"+at, nil)
			if got := bound(m); m["about"].(map[string]any)["id"] != id(o) || strings.ReplaceAll(got, "slip match", "slip order") != want || len(m["lacks"].([]any)) != 0 || m["whole"] != true {
				t.Errorf("from %s: %s, lacks %v, not %s", at, got, m["lacks"], want)
			}
		}
		if m := boss.must(200, "GET", "/dossiers/"+note, nil); m["about"] != nil {
			t.Errorf("%v", m)
		}
		// By hand, again, and taken back; what was found and is not so stays out.
		for range 2 {
			if m := boss.must(200, "PUT", "/dossiers/"+id(slip)+"/documents/"+note, nil); !strings.HasSuffix(bound(m), "other hand 送货单.txt") {
				t.Errorf("%s", bound(m))
			}
		}
		if m := boss.must(200, "GET", "/dossiers/"+note, nil); m["about"].(map[string]any)["id"] != id(o) {
			t.Errorf("%v", m)
		}
		boss.must(200, "DELETE", "/dossiers/"+id(o)+"/documents/"+note, nil)
		m := boss.must(200, "DELETE", "/dossiers/"+id(o)+"/documents/"+deal, nil)
		if strings.Contains(bound(m), "送货单") || strings.Contains(bound(m), "合同") || fmt.Sprint(m["lacks"]) != "[contract]" {
			t.Errorf("%s, %v", bound(m), m["lacks"])
		}
		if m := boss.must(200, "GET", "/dossiers/"+deal, nil); m["about"] != nil {
			t.Errorf("%v", m)
		}
		if m := boss.must(200, "PUT", "/dossiers/"+id(o)+"/documents/"+deal, nil); !strings.HasPrefix(bound(m), "contract found") { // exactly as it was

			t.Errorf("%s", bound(m))
		}
		for range 2 {
			boss.must(200, "PUT", "/dossiers/"+id(o)+"/documents/"+note, nil)
			if m := boss.must(200, "DELETE", "/dossiers/"+id(o)+"/documents/"+note, nil); strings.Contains(bound(m), "送货单") {
				t.Errorf("%s", bound(m))
			}
		}
		boss.must(409, "DELETE", "/dossiers/"+id(o)+"/documents/"+paper, nil)
		boss.must(404, "PUT", "/dossiers/"+id(o)+"/documents/doc_none", nil)
		boss.must(404, "GET", "/dossiers/"+id(c), nil)

		// All of it in one file.
		z := boss.zipped("/dossiers/" + id(o) + "/file?lang=en")
		var names []string
		for name := range z {
			names = append(names, name)
		}
		if len(z) != 4 || z["01 Contract 框架合同.txt"] != "the contract" || z["03 Bank slip slip.txt"] != "the slip" || !strings.Contains(z["index.html"], "24317000000123456789") ||
			!strings.Contains(z["index.csv"], "5000.00 CNY") || !strings.Contains(z["index.html"], "SO2403001") {
			t.Errorf("%v\n%s\n%s", names, z["index.html"], z["index.csv"])
		}

		// As the caller sees it: without what is beyond him, and changed only by who may change what it is about.
		blind := boss.must(201, "POST", "/roles", map[string]any{"label": "盲", "grants": map[string]any{"kinds": map[string]any{"*": map[string]any{"read": "all"}, "document": map[string]any{"read": "none"}}, "masked": map[string]any{"receipt": []string{"amount"}, "order": []string{"amount"}}}})
		name := boss.must(200, "GET", "/roles/"+id(blind), nil)["name"].(string)
		p := s.colleague(boss, "blind", name, "")
		m = p.must(200, "GET", "/dossiers/"+id(o), nil)
		if got := fmt.Sprint(m); strings.Contains(got, "框架合同") || strings.Contains(got, "5000") || fmt.Sprint(m["lacks"]) != "[]" || m["whole"] != false || len(m["sheets"].([]any)) != 2 || m["may"] != false {
			t.Errorf("%v", m)
		}
		p.must(404, "GET", "/dossiers/"+deal, nil)
		p.must(403, "PUT", "/dossiers/"+id(o)+"/documents/"+note, nil)
		if z := p.zipped("/dossiers/" + id(o) + "/file"); len(z) != 2 || strings.Contains(z["index.csv"], "5000") || strings.Contains(z["index.csv"], "S1") {
			t.Errorf("%v", z)
		}
		far := s.colleague(boss, "far", "member", s.department("二部"))
		far.must(404, "GET", "/dossiers/"+id(o), nil)
		far.must(404, "GET", "/dossiers/"+id(slip)+"/file", nil)
	})
}

// Without an order a slip and its invoice are a dossier of their own.
func TestDossierWithoutOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := open(t, db)
		boss := s.owner()
		id := func(m map[string]any) string { return m["id"].(string) }
		money := func(a string) map[string]string { return map[string]string{"amount": a, "currency": "CNY"} }
		slip := boss.must(201, "POST", "/receipts", map[string]any{"type": "slip", "direction": "in", "paid_on": "2024-03-04", "amount": money("800.00"), "slip_no": "S1", "bank": "行"})
		inv := boss.must(201, "POST", "/receipts", map[string]any{"type": "invoice", "direction": "out", "issued_on": "2024-03-03", "amount": money("800.00"), "invoice_no": "24317000000123456789"})
		if m := boss.must(200, "GET", "/dossiers/"+id(slip), nil); bound(m) != "slip match S1" || fmt.Sprint(m["lacks"]) != "[order contract invoice]" {
			t.Errorf("%v", m)
		}
		boss.must(200, "POST", "/matches", map[string]any{"receipt": id(slip), "invoice": id(inv)})
		deal := boss.upload("合同.txt", "x")
		s.words(deal, "发票 24317000000123456789 对应的协议")
		for _, at := range []string{id(slip), id(inv)} {
			m := boss.must(200, "GET", "/dossiers/"+at, nil)
			if m["about"].(map[string]any)["id"] != id(inv) || bound(m) != "contract found 合同.txt, invoice match 24317000000123456789, slip match S1" || fmt.Sprint(m["lacks"]) != "[order]" {
				t.Errorf("%v", m)
			}
		}
		// A match that is taken back takes the slip out.
		ms := boss.must(200, "POST", "/matches:query", map[string]any{})["data"].([]any)
		boss.must(200, "POST", "/matches/"+id(ms[0].(map[string]any))+"/reject", nil)
		if m := boss.must(200, "GET", "/dossiers/"+id(slip), nil); bound(m) != "slip match S1" {
			t.Errorf("%s", bound(m))
		}
		boss.must(200, "PUT", "/dossiers/"+id(slip)+"/documents/"+deal, nil)
		if m := boss.must(200, "GET", "/dossiers/"+deal, nil); m["kind"] != "receipt" || m["about"].(map[string]any)["id"] != id(slip) {
			t.Errorf("%v", m)
		}
	})
}

// zipped fetches a ZIP and answers what is in it.
func (p *person) zipped(path string) map[string]string {
	p.Helper()
	status, h, body := p.visit("GET", "/api/v1"+path, nil)
	if status != 200 || h.Get("Content-Type") != "application/zip" || !strings.Contains(h.Get("Content-Disposition"), ".zip") {
		p.Fatalf("%d %v %s", status, h, body)
	}
	z, err := zip.NewReader(bytes.NewReader([]byte(body)), int64(len(body)))
	if err != nil {
		p.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			p.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			p.Fatal(err)
		}
		out[f.Name] = string(b)
	}
	return out
}
