package api_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"guike"
	"guike/exchange"
	"guike/ingest"
	"guike/paper"
	"guike/record"
	"guike/store"
	"guike/store/storetest"
)

// intake is what cmd/guike supplies.
type intake struct {
	desk *ingest.Desk
	port *exchange.Port
}

func (i intake) Limit() int64 { return paper.MaxFile }
func (i intake) Keep(ctx context.Context, sc record.Scope, name string, customer record.ID, body []byte) (record.ID, error) {
	id, _, err := i.desk.Keep(ctx, sc, name, "hook", bytes.NewReader(body))
	if err == nil && customer != "" && id != "" {
		err = i.desk.DB.Tx(ctx, sc, func(tx *store.Tx) error {
			_, err := tx.Update(ctx, "document", id, store.Patch{Values: map[string]record.Value{"customer": record.TextValue(string(customer))}})
			return err
		})
	}
	return id, err
}
func (i intake) Open(ctx context.Context, sc record.Scope, kind, name, profile string, table []byte) (record.ID, bool, error) {
	return i.port.Take(ctx, sc, kind, name, profile, table)
}
func (i intake) Run(ctx context.Context, sc record.Scope, imp record.ID) error {
	_, _, err := i.port.Run(ctx, sc, imp)
	return err
}
func (i intake) Check(ctx context.Context, sc record.Scope, imp record.ID) error {
	_, _, err := i.port.Check(ctx, sc, imp)
	return err
}
func (i intake) Drop(ctx context.Context, sc record.Scope, imp record.ID) error {
	return i.port.Drop(ctx, sc, imp)
}

// A sender is another system: it knows an address and its secret.
type sender struct {
	*site
	path, secret string
}

func (p *person) hook(fields map[string]any) (sender, string) {
	p.Helper()
	m := p.must(201, "POST", "/hooks", fields)
	at := m["address"].(string)
	return sender{p.site, at[strings.Index(at, "/hooks/"):], m["secret"].(string)}, m["id"].(string)
}

// standard signs as Standard Webhooks 1.0 says.
func (s sender) standard(id string, at time.Time, body string) []string {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(s.secret, "whsec_"))
	if err != nil {
		s.Fatal(err)
	}
	stamp := strconv.FormatInt(at.Unix(), 10)
	m := hmac.New(sha256.New, key)
	io.WriteString(m, id+"."+stamp+"."+body)
	return []string{"webhook-id", id, "webhook-timestamp", stamp, "webhook-signature", "v1," + base64.StdEncoding.EncodeToString(m.Sum(nil))}
}

func (s sender) hub(body string) []string {
	m := hmac.New(sha256.New, []byte(s.secret))
	io.WriteString(m, body)
	return []string{"X-Hub-Signature-256", "sha256=" + hex.EncodeToString(m.Sum(nil))}
}

func (s sender) send(body string, header ...string) (int, string) {
	s.Helper()
	status, text, err := s.try(body, header...)
	if err != nil {
		s.Fatal(err)
	}
	return status, text
}

func (s sender) try(body string, header ...string) (int, string, error) {
	req, err := http.NewRequest("POST", s.url+s.path, strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(b), err
}

func (s *site) drain() {
	s.Helper()
	if _, err := s.runner.Drain(context.Background()); err != nil {
		s.Fatal(err)
	}
}

// delivered answers the deliveries of a hook, newest first.
func (p *person) delivered(id string) []map[string]any {
	p.Helper()
	var out []map[string]any
	for _, x := range p.must(200, "GET", "/hooks/"+id+"/deliveries", nil)["data"].([]any) {
		out = append(out, x.(map[string]any))
	}
	return out
}

func (p *person) count(plural string) float64 {
	p.Helper()
	return p.must(200, "POST", "/"+plural+":count", map[string]any{})["count"].(float64)
}

func TestHook(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := open(t, db)
		owner := s.owner()
		from, id := owner.hook(map[string]any{"name": "商城", "target": "records", "of": "customer"})
		now := time.Now()
		body := `[{"name":"上海恒泰","phone":"13800000000"},{"name":"杭州云起","phone":"13900000000"}]`
		good := from.standard("msg_1", now, body)
		status, first := from.send(body, good...)
		if status != 202 || !strings.Contains(first, "dlv_") {
			t.Fatalf("%d %s", status, first)
		}
		s.drain()
		if n := owner.count("customers"); n != 2 {
			t.Fatalf("%v customers", n)
		}
		// The same again is answered as before, and writes nothing; also where its body was changed on the way, signed anew.
		for _, b := range []string{body, `[{"name":"第三家"}]`} {
			if status, again := from.send(b, from.standard("msg_1", now, b)...); status != 202 || again != first {
				t.Errorf("replayed: %d %s", status, again)
			}
		}
		s.drain()
		if n := owner.count("customers"); n != 2 {
			t.Errorf("replayed: %v customers", n)
		}
		d := owner.delivered(id)
		if len(d) != 1 || d[0]["outcome"] != "applied" || d[0]["created"] != 2.0 || d[0]["import"] == "" {
			t.Fatalf("%v", d)
		}
		// History says by what it came, and in whose name.
		cus := owner.must(200, "POST", "/customers:query", map[string]any{"q": "恒泰"})["data"].([]any)[0].(map[string]any)
		h := fmt.Sprint(owner.must(200, "GET", "/imports/"+d[0]["import"].(string)+"/history", nil))
		if !strings.Contains(h, "cause:hook") || cus["owner"].(map[string]any)["title"] != "陈" {
			t.Errorf("%s, %v", h, cus["owner"])
		}
		// One that some sender cannot sign is told one thing only, whatever is wrong.
		wrong := from
		wrong.secret = "whsec_" + base64.StdEncoding.EncodeToString([]byte("guess"))
		gone := from
		gone.path = "/hooks/" + string(record.NewID("hok"))
		odd := from
		odd.path = "/hooks/../x"
		_, told := wrong.send(body, wrong.standard("msg_2", now, body)...)
		for name, try := range map[string]func() (int, string){
			"wrong": func() (int, string) { return wrong.send(body, wrong.standard("msg_2", now, body)...) }, "unknown": func() (int, string) { return gone.send(body, gone.standard("msg_2", now, body)...) },
			"odd": func() (int, string) { return odd.send(body, odd.standard("msg_2", now, body)...) }, "old": func() (int, string) { return from.send(body, from.standard("msg_2", now.Add(-6*time.Minute), body)...) },
			"early": func() (int, string) { return from.send(body, from.standard("msg_2", now.Add(6*time.Minute), body)...) }, "unsigned": func() (int, string) { return from.send(body) },
			"other": func() (int, string) { return from.send(body, from.hub(body)...) }, "changed": func() (int, string) { return from.send(body+" ", good...) },
			"empty": func() (int, string) {
				e := gone
				e.secret = "whsec_"
				return e.send(body, e.standard("msg_2", now, body)...)
			},
		} {
			if status, text := try(); name != "odd" && (status != 401 || text != told) {
				t.Errorf("%s: %d %s, not %s", name, status, text, told)
			}
		}
		// Of several signatures one must be right, as while a sender changes its secret.
		two := from.standard("msg_3", now, `{"name":"苏州河畔"}`)
		two[5] = "v1,AAAA v2,xx " + two[5]
		if status, text := from.send(`{"name":"苏州河畔"}`, two...); status != 202 {
			t.Errorf("several: %d %s", status, text)
		}
		s.drain()
		// Another secret ends the old one.
		m := owner.must(200, "POST", "/hooks/"+id+"/rotate", nil)
		if status, _ := from.send(body, from.standard("msg_4", now, body)...); status != 401 {
			t.Errorf("the old secret: %d", status)
		}
		from.secret = m["secret"].(string)
		// Paused it keeps nothing, and says come again; deleted it was never there.
		set := map[string]any{"name": "商城", "target": "records", "of": "customer", "paused": true}
		owner.must(204, "PUT", "/hooks/"+id, set)
		if status, _ := from.send(body, from.standard("msg_5", now, body)...); status != 503 {
			t.Errorf("paused: %d", status)
		}
		set["paused"] = false
		owner.must(204, "PUT", "/hooks/"+id, set)
		if status, _ := from.send(body, from.standard("msg_5", now, body)...); status != 202 {
			t.Errorf("going on: %d", status)
		}
		owner.must(204, "DELETE", "/hooks/"+id, nil)
		if status, text := from.send(body, from.standard("msg_6", now, body)...); status != 401 || text != told {
			t.Errorf("deleted: %d %s", status, text)
		}
		empty := from
		empty.secret = "whsec_"
		if status, _ := empty.send(body, empty.standard("msg_7", now, body)...); status != 401 {
			t.Errorf("deleted, signed with nothing: %d", status)
		}
		s.drain() // msg_5 waited while its hook was deleted
		list := owner.delivered(id)
		if list[0]["outcome"] != "refused" || list[0]["reason"] != "error.hook_gone" {
			t.Errorf("%v", list[0])
		}
		// Secrets are nowhere.
		_, _, rec := owner.do("GET", "/hooks/"+id, nil)
		_, _, hist := owner.do("GET", "/hooks/"+id+"/history", nil)
		if b := fmt.Sprint(rec, hist); strings.Contains(b, "whsec") {
			t.Errorf("a secret is told: %s", b)
		}
	})
}

func TestHookRepeated(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := open(t, db)
		owner := s.owner()
		from, id := owner.hook(map[string]any{"name": "商城", "target": "records", "of": "customer"})
		body := `{"name":"上海恒泰"}`
		header := from.standard("msg_1", time.Now(), body)
		var wg sync.WaitGroup
		answers := make([]string, 12)
		for i := range answers {
			wg.Go(func() {
				status, text, err := from.try(body, header...)
				answers[i] = fmt.Sprint(status, text, err)
			})
		}
		wg.Wait()
		s.drain()
		for _, a := range answers {
			if a != answers[0] || !strings.HasPrefix(a, "202") {
				t.Errorf("%s, not %s", a, answers[0])
			}
		}
		if d, n := owner.delivered(id), owner.count("customers"); len(d) != 1 || n != 1 {
			t.Errorf("%v customers by %v", n, d)
		}
		// The other way of signing knows its deliveries by their bytes.
		hub, id := owner.hook(map[string]any{"name": "代码", "target": "records", "of": "customer", "scheme": "hub"})
		for range 2 {
			if status, text := hub.send(`{"name":"杭州云起"}`, hub.hub(`{"name":"杭州云起"}`)...); status != 202 {
				t.Errorf("%d %s", status, text)
			}
		}
		if status, _ := hub.send(`{"name":"x"}`, hub.hub(`{"name":"y"}`)...); status != 401 {
			t.Errorf("wrong: %d", status)
		}
		s.drain()
		if d, n := owner.delivered(id), owner.count("customers"); len(d) != 1 || n != 2 {
			t.Errorf("%v customers by %v", n, d)
		}
		// So is a hook made once by one key, and its secret is told once.
		in := map[string]any{"name": "一次", "target": "documents"}
		m := owner.must(201, "POST", "/hooks", in, "Idempotency-Key", "k")
		again := owner.must(201, "POST", "/hooks", in, "Idempotency-Key", "k")
		if again["id"] != m["id"] || again["secret"] != nil || m["secret"] == "" {
			t.Errorf("%v, %v", m, again)
		}
	})
}

func TestHookRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := open(t, db)
		owner := s.owner()
		from, id := owner.hook(map[string]any{"name": "商城", "target": "records", "of": "customer"})
		n := 0
		for _, x := range []struct {
			body, why string
			status    int
		}{
			{"not json", "error.hook_json", 422}, {`{"name":"x"} {"name":"y"}`, "error.hook_json", 422}, {`["x"]`, "error.hook_objects", 422}, {`[]`, "error.hook_empty", 422}, {"", "error.empty_file", 422}, {"\xff\x00", "error.hook_json", 422},
			{strings.Repeat(`{"a":`, 9) + "1" + strings.Repeat("}", 9), "error.hook_deep", 422}, {"[" + strings.Repeat(`{"name":"x"},`, 1000) + `{"name":"x"}]`, "error.hook_rows", 422},
			{`{"name":"` + strings.Repeat("x", 1<<20) + `"}`, "error.file_too_large", 413},
		} {
			for range 2 { // the second time as the first
				status, text := from.send(x.body, from.standard(fmt.Sprint("msg_", n), time.Now(), x.body)...)
				if status != x.status || !strings.Contains(text, x.why) {
					t.Errorf("%.40q: %d %s, want %d %s", x.body, status, text, x.status, x.why)
				}
			}
			n++
		}
		if d := owner.delivered(id); len(d) != n || d[0]["outcome"] != "refused" || d[0]["again"] != false || d[n-1]["reason"] != "error.hook_json" || d[n-1]["again"] != true {
			t.Errorf("%v", d)
		}
		clerk := s.colleague(owner, "clerk", "member", s.department("一部"))
		for _, path := range []string{"/hooks:standing", "/hooks/" + id + "/deliveries"} {
			clerk.must(403, "GET", path, nil)
		}
		clerk.must(403, "POST", "/hooks", map[string]any{"name": "x", "target": "documents"})
		clerk.must(403, "POST", "/hooks/"+id+"/rotate", nil)
		clerk.must(403, "POST", "/hooks/"+id+"/try", map[string]any{"body": "{}"})
		clerk.must(403, "DELETE", "/hooks/"+id, nil)
		for field, bad := range map[string]map[string]any{"name": {"target": "documents"}, "target": {"name": "x", "target": "y"}, "of": {"name": "x", "target": "records", "of": "user"},
			"scheme": {"name": "x", "target": "documents", "scheme": "md5"}, "user": {"name": "x", "target": "documents", "user": "usr_none"}} {
			if m := owner.must(422, "POST", "/hooks", bad); m["fields"].(map[string]any)[field] == nil {
				t.Errorf("%s: %v", field, m)
			}
		}
		// What nobody will mend is taken off the list.
		first := owner.delivered(id)[0]["id"].(string)
		owner.must(204, "DELETE", "/hooks/"+id+"/deliveries/"+first, nil)
		if st := owner.must(200, "GET", "/hooks:standing", nil)["data"].([]any)[0].(map[string]any); st["bad"] != float64(n-1) {
			t.Errorf("%v", st)
		}
		var warned bool
		for _, x := range owner.must(200, "GET", "/health", nil)["checks"].([]any) {
			c := x.(map[string]any)
			warned = warned || c["id"] == "hooks" && c["state"] == "warn" && c["count"] == float64(n-1)
		}
		if !warned {
			t.Error("health does not say that deliveries were refused")
		}
	})
}

// Rows are refused with reasons; the profile is put right, and the same delivery is taken in by it.
func TestHookProfile(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := open(t, db)
		owner := s.owner()
		owner.must(201, "POST", "/customers", map[string]any{"name": "上海恒泰"})
		from, id := owner.hook(map[string]any{"name": "商城", "target": "records", "of": "order", "profile": "商城订单"})
		body := `{"order":{"no":"SO-1","buyer":"上海恒泰","total":"¥1200.00","items":[{"sku":"甲","qty":2},{"sku":"乙","qty":1}]}}`
		if status, text := from.send(body, from.standard("msg_1", time.Now(), body)...); status != 202 {
			t.Fatalf("%d %s", status, text)
		}
		s.drain()
		d := owner.delivered(id)[0]
		if d["outcome"] != "refused" || d["reason"] != "error.no_such_profile" || d["again"] != true {
			t.Fatalf("%v", d)
		}
		// Without a profile nobody knows what a buyer is: it waits for somebody who says where its columns go.
		set := map[string]any{"name": "商城", "target": "records", "of": "order"}
		owner.must(204, "PUT", "/hooks/"+id, set)
		owner.must(204, "POST", "/hooks/"+id+"/deliveries/"+d["id"].(string)+"/retry", nil)
		s.drain()
		d = owner.delivered(id)[0]
		if d["outcome"] != "mapping" {
			t.Fatalf("%v", d)
		}
		one := owner.must(200, "GET", "/imports/"+d["import"].(string)+"/proposal", nil)
		m := one["mapping"].(map[string]any)
		goes := map[string]string{"order.no": "number", "order.buyer": "customer", "order.total": "stage", "order.items.sku": "lines.name", "order.items.qty": "lines.quantity"}
		seen := 0
		for _, x := range m["columns"].([]any) {
			c := x.(map[string]any)
			if f, ok := goes[c["name"].(string)]; ok {
				c["field"], c["missing"], c["bad"] = f, "reject", "reject"
				seen++
			}
		}
		if seen != len(goes) {
			t.Fatalf("columns: %v", m["columns"])
		}
		m["key"], m["mode"], m["profile"] = "number", "upsert", "商城订单"
		owner.must(200, "PATCH", "/imports/"+d["import"].(string), m)
		owner.must(202, "POST", "/imports/"+d["import"].(string)+"/run", nil)
		s.drain()
		// An amount is no stage: refused, row by row, with the reason.
		d = owner.delivered(id)[0]
		if d["outcome"] != "refused" || d["rejected"] != 2.0 {
			t.Fatalf("%v", d)
		}
		why := owner.must(200, "GET", "/imports/"+d["import"].(string)+"/issues", nil)["data"].([]any)
		if len(why) == 0 || why[0].(map[string]any)["column"] != "order.total" || why[0].(map[string]any)["reason"] != "choice" {
			t.Fatalf("%v", why)
		}
		// The profile is put right by an import of the same table, and the hook reads by it from now on.
		owner.must(204, "PUT", "/hooks/"+id, map[string]any{"name": "商城", "target": "records", "of": "order", "profile": "商城订单"})
		a := owner.must(202, "POST", "/hooks/"+id+"/try", map[string]any{"body": strings.ReplaceAll(body, "SO-1", "SO-2")})
		s.drain()
		tried := owner.delivered(id)[0]
		if tried["id"] != a["delivery"] || tried["outcome"] != "tried" || tried["rejected"] != 2.0 || owner.count("orders") != 0 {
			t.Fatalf("%v", tried)
		}
		imp := tried["import"].(string)
		m = owner.must(200, "GET", "/imports/"+imp+"/proposal", nil)["mapping"].(map[string]any)
		for _, x := range m["columns"].([]any) {
			if c := x.(map[string]any); c["name"] == "order.total" {
				c["field"] = "amount"
			}
		}
		owner.must(200, "PATCH", "/imports/"+imp, m)
		owner.must(202, "POST", "/imports/"+imp+"/run", nil)
		s.drain()
		owner.must(204, "POST", "/hooks/"+id+"/deliveries/"+d["id"].(string)+"/retry", nil)
		s.drain()
		for _, x := range owner.delivered(id) {
			if x["id"] == d["id"] && x["outcome"] != "applied" {
				t.Fatalf("%v", x)
			}
		}
		o := owner.must(200, "POST", "/orders:query", map[string]any{"sort": "number"})["data"].([]any)
		if len(o) != 2 || o[0].(map[string]any)["number"] != "SO-1" || fmt.Sprint(o[0].(map[string]any)["amount"]) != "map[amount:1200.00 currency:CNY]" {
			t.Fatalf("%v", o)
		}
		whole := owner.must(200, "GET", "/orders/"+o[0].(map[string]any)["id"].(string), nil)
		if lines := fmt.Sprint(whole["lines"]); !strings.Contains(lines, "甲") || !strings.Contains(lines, "乙") {
			t.Errorf("lines: %s", lines)
		}
		// What was taken in is not taken in again.
		owner.must(409, "POST", "/hooks/"+id+"/deliveries/"+d["id"].(string)+"/retry", nil)
	})
}

func TestHookDocuments(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := open(t, db)
		owner := s.owner()
		cus := owner.must(201, "POST", "/customers", map[string]any{"name": "上海恒泰"})
		from, id := owner.hook(map[string]any{"name": "银行", "target": "documents", "customer": cus["id"]})
		body := "%PDF-1.4\x00\xff"
		if status, text := from.send(body, append(from.standard("msg_1", time.Now(), body), "X-File-Name", "%E5%9B%9E%E5%8D%95.pdf")...); status != 202 {
			t.Fatalf("%d %s", status, text)
		}
		s.drain()
		d := owner.delivered(id)[0]
		if d["outcome"] != "applied" || d["document"] == "" {
			t.Fatalf("%v", d)
		}
		doc := owner.must(200, "GET", "/documents/"+d["document"].(string), nil)
		if doc["name"] != "回单.pdf" || doc["source"] != "hook" || doc["customer"].(map[string]any)["id"] != cus["id"] {
			t.Errorf("%v", doc)
		}
		if h := fmt.Sprint(owner.must(200, "GET", "/documents/"+d["document"].(string)+"/history", nil)); !strings.Contains(h, "cause:hook") {
			t.Errorf("%s", h)
		}
		// Whose account was shut takes nothing in; mended, the same delivery is taken in.
		clerk := owner.must(201, "POST", "/users", map[string]string{"name": "李", "login": "li", "password": password, "role": "member", "department": s.department("一部")})
		set := map[string]any{"name": "银行", "target": "documents", "user": clerk["id"]}
		owner.must(204, "PUT", "/hooks/"+id, set)
		owner.must(204, "POST", "/users/"+clerk["id"].(string)+"/disable", map[string]any{"disabled": true})
		if status, text := from.send("two", from.standard("msg_2", time.Now(), "two")...); status != 202 {
			t.Fatalf("%d %s", status, text)
		}
		s.drain()
		if d = owner.delivered(id)[0]; d["outcome"] != "refused" || d["reason"] != "error.hook_user" {
			t.Fatalf("%v", d)
		}
		owner.must(204, "POST", "/users/"+clerk["id"].(string)+"/disable", map[string]any{"disabled": false})
		owner.must(204, "POST", "/hooks/"+id+"/deliveries/"+d["id"].(string)+"/retry", nil)
		s.drain()
		if d = owner.delivered(id)[0]; d["outcome"] != "applied" {
			t.Fatalf("%v", d)
		}
		if doc := owner.must(200, "GET", "/documents/"+d["document"].(string), nil); doc["name"] != "银行" || doc["owner"].(map[string]any)["title"] != "李" {
			t.Errorf("%v", doc)
		}
		// Old ones are swept when something comes.
		if err := db.Tx(t.Context(), record.SystemScope("test"), func(tx *store.Tx) error {
			_, err := tx.Exec(t.Context(), "UPDATE deliveries SET at = ? WHERE id = ?", time.Now().Add(-31*24*time.Hour).UnixMicro(), d["id"])
			return err
		}); err != nil {
			t.Fatal(err)
		}
		from.send("three", from.standard("msg_3", time.Now(), "three")...)
		var n int64
		if err := db.One(t.Context(), "SELECT count(*) FROM deliveries", nil, &n); err != nil || n != 2 {
			t.Errorf("%d deliveries, %v", n, err)
		}
	})
}

// The example that is shown beside a secret really signs.
func TestHookExample(t *testing.T) {
	for _, tool := range []string{"bash", "openssl", "curl"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Fatal(tool, "is wanting")
		}
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := open(t, db)
		owner := s.owner()
		for _, scheme := range []string{guike.HookStandard, guike.HookHub} {
			for _, target := range []string{guike.HookDocuments, guike.HookRecords} {
				m := owner.must(201, "POST", "/hooks", map[string]any{"name": target, "target": target, "of": "order", "scheme": scheme})
				dir := t.TempDir()
				if err := os.WriteFile(filepath.Join(dir, "paper.pdf"), []byte("%PDF-1.4\x00"+scheme), 0o600); err != nil {
					t.Fatal(err)
				}
				c := exec.Command("bash", "-eu")
				c.Dir, c.Stdin = dir, strings.NewReader(m["example"].(string))
				if out, err := c.CombinedOutput(); err != nil || !strings.Contains(string(out), "dlv_") {
					t.Errorf("%s, %s: %v %s\n%s", scheme, target, err, out, m["example"])
				}
			}
		}
	})
}

// Who sends too often is told to slow down, before anything is read of it.
func TestHookPace(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := open(t, db)
		from := sender{s, "/hooks/" + string(record.NewID("hok")), "whsec_"}
		slowed := 0
		for range 260 {
			if status, _ := from.send("{}"); status == http.StatusTooManyRequests {
				slowed++
			} else if status != 401 {
				t.Fatal(status)
			}
		}
		if slowed == 0 {
			t.Error("nobody is slowed down")
		}
	})
}
