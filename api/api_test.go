package api_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"guike"
	"guike/access"
	"guike/api"
	"guike/blob"
	"guike/bulk"
	"guike/classify"
	"guike/exchange"
	"guike/ingest"
	"guike/match"
	"guike/message"
	"guike/paper"
	"guike/queue"
	"guike/record"
	"guike/share"
	"guike/store"
	"guike/store/storetest"
	"guike/web"
)

var update = flag.Bool("update", false, "rewrite golden files")

// A site is a server on a workspace of the test's own.
type site struct {
	*testing.T
	db     *store.DB
	url    string
	runner *queue.Runner
	folder string // the data folder
}

const password = "correct horse battery"

func open(t *testing.T, db *store.DB) *site {
	t.Helper()
	blobs, err := blob.Open(context.Background(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewUnstartedServer(nil)
	desk := &ingest.Desk{DB: db, Blobs: blobs, Uploads: t.TempDir(), Pool: paper.NewPool(paper.PoolOptions{OCR: paper.OCR{Program: "no-such-program"}})}
	scope := func(ctx context.Context, user record.ID, cause record.Cause) (record.Scope, error) {
		sc, _, err := access.Scope(ctx, db, user, "", cause)
		return sc, err
	}
	port := &exchange.Port{DB: db, Blobs: blobs, Scratch: t.TempDir(), Folder: t.TempDir(), Version: "test", Scope: scope}
	hooks := &message.Hooks{DB: db, Blobs: blobs, Intake: intake{desk, port}, Scope: scope}
	works := map[string]queue.Work{"backup": port.BackupWork(), "export": port.ExportWork(), "purge": bulk.PurgeWork(db)}
	srv.Config.Handler = api.New(api.Config{DB: db, Desk: desk, Port: port, Works: works, Words: web.Word, Namer: namer, Hooks: hooks, Roles: roles(db),
		Share: &share.Desk{DB: db, Scope: scope, Hash: access.Hash, Verify: access.Verify}, Web: fstest.MapFS{"index.html": {Data: []byte("<!doctype html>app")}}, Listen: srv.Listener.Addr().String(),
		SetupCode: "ABCD-EFGH", Version: "test", Closing: t.Context().Done()})
	srv.Start()
	t.Cleanup(srv.Close)
	r := queue.NewRunner(db, 1)
	r.Follow("classify", classify.Follow)
	r.Follow("people", share.Follow)
	r.Follow("match", match.Follow)
	r.Handle(match.Queue, 1, match.Handler(db))
	r.Handle(classify.Queue, 1, classify.Handler(db))
	r.Handle(exchange.Queue, 1, port.Handler())
	r.Handle(message.HookQueue, 1, hooks.Handler())
	r.Handle(exchange.BackupQueue, 1, port.BackupHandler())
	r.Handle(exchange.ExportQueue, 1, port.ExportHandler())
	r.Handle(bulk.PurgeQueue, 1, bulk.PurgeHandler(db, scope))
	return &site{t, db, srv.URL, r, port.Folder}
}

// A person is a browser with its cookies, or a program with a token.
type person struct {
	*site
	http  *http.Client
	token string
}

func (s *site) anyone() *person {
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.Fatal(err)
	}
	return &person{site: s, http: &http.Client{Jar: secureJar{jar}}}
}

// secureJar gives Secure cookies back over plain HTTP to this machine, as browsers do.
type secureJar struct{ http.CookieJar }

func https(u *url.URL) *url.URL {
	c := *u
	c.Scheme = "https"
	return &c
}
func (j secureJar) SetCookies(u *url.URL, cs []*http.Cookie) { j.CookieJar.SetCookies(https(u), cs) }
func (j secureJar) Cookies(u *url.URL) []*http.Cookie        { return j.CookieJar.Cookies(https(u)) }

// do sends a request; header pairs follow. It answers status, headers and the JSON body.
func (p *person) do(method, path string, body any, header ...string) (int, http.Header, map[string]any) {
	p.Helper()
	var r io.Reader
	switch v := body.(type) {
	case nil:
	case string:
		r = strings.NewReader(v)
	default:
		b, err := json.Marshal(v)
		if err != nil {
			p.Fatal(err)
		}
		r = bytes.NewReader(b)
	}
	req, err := http.NewRequest(method, p.url+"/api/v1"+path, r)
	if err != nil {
		p.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		if header[i] == "Host" {
			req.Host = header[i+1]
		}
		req.Header.Set(header[i], header[i+1])
	}
	if p.token != "" {
		req.Header.Set("Authorization", "Bearer "+p.token)
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
	var m map[string]any
	if len(b) > 0 && strings.Contains(resp.Header.Get("Content-Type"), "json") {
		if err := json.Unmarshal(b, &m); err != nil {
			p.Fatalf("%s %s: %v in %s", method, path, err, b)
		}
	}
	return resp.StatusCode, resp.Header, m
}

// must sends a request that is to be answered with a status.
func (p *person) must(status int, method, path string, body any, header ...string) map[string]any {
	p.Helper()
	got, _, m := p.do(method, path, body, header...)
	if got != status {
		p.Fatalf("%s %s: %d %v, want %d", method, path, got, m, status)
	}
	return m
}

func (s *site) owner() *person {
	p := s.anyone()
	p.must(200, "POST", "/setup", map[string]string{"code": "ABCD-EFGH", "workspace": "归云", "name": "陈", "login": "chen", "password": password})
	return p
}

// colleague makes a user in a department of his own and logs him in.
func (s *site) colleague(owner *person, login, role, department string) *person {
	owner.must(201, "POST", "/users", map[string]string{"name": login, "login": login, "password": password, "role": role, "department": department})
	p := s.anyone()
	p.must(200, "POST", "/session", map[string]string{"login": login, "password": password})
	return p
}

func (s *site) department(name string) string {
	d := &guike.Department{Name: name}
	if err := s.db.Tx(context.Background(), record.SystemScope("test"), func(tx *store.Tx) error { return tx.Create(context.Background(), d) }); err != nil {
		s.Fatal(err)
	}
	return string(d.Head().ID)
}

func TestDoor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := open(t, db)
		p := s.anyone()
		if m := p.must(200, "GET", "/setup", nil); m["needed"] != true {
			t.Error("an empty workspace does not ask for its owner")
		}
		p.must(401, "GET", "/session", nil)
		p.must(401, "GET", "/customers", nil)
		p.must(422, "POST", "/setup", map[string]string{"code": "WRONG", "workspace": "x", "name": "x", "login": "x", "password": password})
		owner := s.owner()
		p.must(409, "POST", "/setup", map[string]string{"code": "ABCD-EFGH", "workspace": "x", "name": "x", "login": "y", "password": password})
		owner.must(200, "GET", "/session", nil)
		owner.must(422, "POST", "/users", map[string]string{"name": "a", "login": "a", "password": "short", "role": "member"})
		owner.must(201, "POST", "/users", map[string]string{"name": "m", "login": "mgr", "password": password, "role": "manager"})
		mgr := s.anyone()
		mgr.must(200, "POST", "/session", map[string]string{"login": "mgr", "password": password})
		mgr.must(403, "POST", "/users", map[string]string{"name": "b", "login": "b", "password": password, "role": "owner"})
		mgr.must(403, "POST", "/tokens", map[string]string{"name": "t", "role": "owner"})
		tok := mgr.must(201, "POST", "/tokens", map[string]any{"name": "t", "role": "viewer", "row_cap": 3})
		prog := s.anyone()
		prog.token = tok["token"].(string)
		prog.must(200, "GET", "/customers", nil)
		prog.must(403, "POST", "/customers", map[string]string{"name": "x"})
		mgr.do("POST", "/tokens/"+tok["id"].(string)+"/revoke", nil)
		prog.must(401, "GET", "/customers", nil)
		// Nothing secret leaves: neither hash is in any answer.
		_, _, users := owner.do("POST", "/users:query", map[string]any{})
		if b, _ := json.Marshal(users); strings.Contains(string(b), "argon2id") {
			t.Error("a password's hash left the store")
		}
		// The last owner can neither be shut out nor made less.
		me := owner.must(200, "GET", "/session", nil)["user"].(map[string]any)["id"].(string)
		owner.must(409, "POST", "/users/"+me+"/disable", map[string]bool{"disabled": true})
		owner.must(409, "POST", "/users/"+me+"/role", map[string]string{"role": "viewer"})
		// Wrong passwords lock the account, also for the right one.
		wrong := s.anyone()
		for range 6 {
			wrong.do("POST", "/session", map[string]string{"login": "mgr", "password": "no such password"})
		}
		wrong.must(503, "POST", "/session", map[string]string{"login": "mgr", "password": password})
		owner.must(204, "DELETE", "/session", nil)
		owner.must(401, "GET", "/session", nil)
	})
}

func TestWrongDoors(t *testing.T) {
	s := open(t, storetest.SQLite(t))
	owner := s.owner()
	owner.must(421, "GET", "/session", nil, "Host", "evil.example")
	all := api.New(api.Config{DB: s.db, Listen: "[::]:8320"})
	for host, want := range map[string]int{"192.168.1.5:8320": 200, "[fd00::5]:8320": 200, "192.168.1.5": 200, "evil.example:8320": 421, "1.evil.example": 421} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("GET", "/api/v1/setup", nil)
		r.Host = host
		all.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("host %s on all addresses: %d, want %d", host, w.Code, want)
		}
	}
	owner.must(403, "POST", "/customers", map[string]string{"name": "x"}, "Sec-Fetch-Site", "cross-site")
	owner.must(404, "GET", "/nothing", nil)
	_, h, _ := owner.do("GET", "/session", nil)
	if !strings.Contains(h.Get("Content-Security-Policy"), "script-src 'self'") || strings.Contains(h.Get("Content-Security-Policy"), "unsafe") || h.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("headers: %v", h)
	}
	for _, bad := range []string{"{", `{"name":"x"}{}`, `[]`, `{"name":1}`, `{"nme":"x"}`, `{"name":"a\u0000b"}`, `{"id":"cus_1"}`, `{"d_level":"x"}`, `{"owner":"usr_1"}`, `{"since":"2026-02-30"}`} {
		got, _, m := owner.do("POST", "/customers", bad)
		if got != 422 {
			t.Errorf("%s: %d %v", bad, got, m)
		}
	}
	for _, bad := range []string{`{"filter":{"field":"nope","op":"eq","value":1}}`, `{"filter":{"field":"name","op":"nope","value":"1"}}`, `{"sort":"note"}`, `{"cursor":"x"}`,
		`{"filter":{"field":"password","op":"eq","value":"x"}}`, `{"filter":{"field":"name","op":"eq","value":null}}`} {
		if got, _, m := owner.do("POST", "/customers:query", bad); got != 422 {
			t.Errorf("%s: %d %v", bad, got, m)
		}
	}
}

func TestRecords(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := open(t, db)
		owner := s.owner()
		a := owner.must(201, "POST", "/customers", map[string]any{"name": "上海恒泰", "type": "company"}, "Idempotency-Key", "k1")
		again := owner.must(201, "POST", "/customers", map[string]any{"name": "上海恒泰", "type": "company"}, "Idempotency-Key", "k1")
		if a["id"] != again["id"] {
			t.Error("the same key made two records")
		}
		owner.must(422, "POST", "/customers", map[string]any{"name": "别的"}, "Idempotency-Key", "k1")
		path := "/customers/" + a["id"].(string)
		owner.must(200, "PATCH", path, map[string]string{"phone": "1"}, "If-Match", `"1"`)
		owner.must(200, "PATCH", path, map[string]string{"note": "n"}, "If-Match", `"1"`)
		m := owner.must(412, "PATCH", path, map[string]string{"phone": "2"}, "If-Match", `"1"`)
		if m["fields"].(map[string]any)["phone"] == nil {
			t.Errorf("the conflict does not name its field: %v", m)
		}
		for i := range 5 {
			owner.must(201, "POST", "/customers", map[string]string{"name": fmt.Sprint("客户", i)})
		}
		seen, cursor := 0, ""
		for {
			m := owner.must(200, "POST", "/customers:query", map[string]any{"limit": 4, "sort": "name", "cursor": cursor})
			seen += len(m["data"].([]any))
			if cursor = m["next_cursor"].(string); cursor == "" {
				break
			}
		}
		if seen != 6 {
			t.Errorf("pages give %d records, want 6", seen)
		}
		if m := owner.must(200, "POST", "/customers:count", map[string]any{"q": "恒泰"}); m["count"] != 1.0 {
			t.Errorf("count: %v", m)
		}
		owner.must(204, "DELETE", path, nil)
		if m := owner.must(200, "POST", "/customers:query", map[string]any{"trash": true}); len(m["data"].([]any)) != 1 {
			t.Errorf("trash: %v", m)
		}
		owner.must(200, "POST", path+"/restore", nil)
		h := owner.must(200, "GET", path+"/history", nil)
		if n := len(h["data"].([]any)); n != 5 {
			t.Errorf("history has %d entries, want 5: %v", n, h)
		}
	})
}

// Who may not see a record meets it nowhere: list, get, count, search, facet, hop, history, event.
func TestScope(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := open(t, db)
		owner := s.owner()
		one, two := s.colleague(owner, "one", "member", s.department("一部")), s.colleague(owner, "two", "member", s.department("二部"))
		c := one.must(201, "POST", "/customers", map[string]string{"name": "秘密客户"})
		path := "/customers/" + c["id"].(string)
		one.must(200, "GET", path, nil)
		two.must(404, "GET", path, nil)
		two.must(404, "PATCH", path, map[string]string{"note": "x"})
		two.must(404, "DELETE", path, nil)
		two.must(404, "GET", path+"/history", nil)
		two.must(404, "GET", path+"/why", nil)
		for _, q := range []string{`{}`, `{"q":"秘密"}`} {
			if m := two.must(200, "POST", "/customers:count", q); m["count"] != 0.0 {
				t.Errorf("count %s: %v", q, m)
			}
		}
		if m := two.must(200, "GET", "/search?q="+url.QueryEscape("秘密"), nil); len(m["data"].([]any)) != 0 {
			t.Errorf("search: %v", m)
		}
		two.must(422, "POST", "/orders", map[string]string{"number": "1", "customer": c["id"].(string)})
		owner.must(201, "POST", "/orders", map[string]any{"number": "9", "customer": c["id"], "department": two.must(200, "POST", "/users:query",
			map[string]any{"filter": map[string]any{"field": "login", "op": "eq", "value": "two"}})["data"].([]any)[0].(map[string]any)["department"].(map[string]any)["id"]})
		m := two.must(200, "GET", "/orders", nil)
		ref := m["data"].([]any)[0].(map[string]any)["customer"].(map[string]any)
		if ref["title"] != "" || ref["gone"] != true {
			t.Errorf("an unseen customer's name is told: %v", ref)
		}
		if m := two.must(200, "POST", "/orders:count", `{"filter":{"field":"customer.name","op":"prefix","value":"秘"}}`); m["count"] != 0.0 {
			t.Errorf("a hop tells what may not be opened: %v", m)
		}
	})
}

// Text travels compressed to whom can read it so, says the same, and a stream of events does not wait for a block to fill.
func TestCompressed(t *testing.T) {
	s := open(t, storetest.SQLite(t))
	admin := s.owner()
	status, h, list := admin.do("GET", "/kinds", nil)
	if status != 200 || h.Get("Content-Encoding") != "" || len(list["data"].([]any)) < 10 { // this client says nothing of it once it has unpacked
		t.Fatalf("kinds: %d %v", status, h)
	}
	raw := func(path, encoding string) (*http.Response, []byte) {
		req, _ := http.NewRequest("GET", s.url+path, nil)
		req.Header.Set("Accept-Encoding", encoding)
		resp, err := admin.http.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		if path == "/api/v1/events" {
			return resp, nil
		}
		b, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp, b
	}
	packed, small := raw("/api/v1/kinds", "gzip")
	plain, large := raw("/api/v1/kinds", "identity")
	if packed.Header.Get("Content-Encoding") != "gzip" || plain.Header.Get("Content-Encoding") != "" || len(small)*3 > len(large) {
		t.Fatalf("packed %d of %d: %v", len(small), len(large), packed.Header)
	}
	zr, err := gzip.NewReader(bytes.NewReader(small))
	if err != nil {
		t.Fatal(err)
	}
	if back, err := io.ReadAll(zr); err != nil || !bytes.Equal(back, large) {
		t.Fatalf("unpacked it is not the same: %v", err)
	}
	if live, _ := raw("/api/v1/events", "gzip"); live.Header.Get("Content-Encoding") != "" || live.StatusCode != 200 {
		t.Fatalf("events: %d %v", live.StatusCode, live.Header)
	}
}

func TestGoldenOpenAPI(t *testing.T) {
	s := open(t, storetest.SQLite(t))
	_, _, m := s.anyone().do("GET", "/openapi.json", nil)
	got, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", "openapi.json")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, append(got, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(bytes.TrimSpace(want), got) {
		t.Error("the API's description has changed: look at the difference after `make golden`, and commit it if it is meant")
	}
}
