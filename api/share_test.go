package api_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"guike"
	"guike/record"
	"guike/store"
	"guike/store/storetest"
)

// visit opens a shared page without being logged in.
func (p *person) visit(method, path string, form url.Values, header ...string) (int, http.Header, string) {
	p.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	req, err := http.NewRequest(method, p.url+path, body)
	if err != nil {
		p.Fatal(err)
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
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

// sees fails unless a shared page is answered with a status, and holds some words and not others.
func (p *person) sees(status int, method, path string, form url.Values, has, hasNot string) {
	p.Helper()
	got, _, text := p.visit(method, path, form)
	if got != status || !strings.Contains(text, has) || hasNot != "" && strings.Contains(text, hasNot) {
		p.Fatalf("%s %s: %d, want %d with %q and without %q: %s", method, path, got, status, has, hasNot, text)
	}
}

func (p *person) shares(fields map[string]any, of map[string]any) (link, id string) {
	p.Helper()
	body := map[string]any{"about": of["kind"], "rec": of["id"]}
	for k, v := range fields {
		body[k] = v
	}
	m := p.must(201, "POST", "/shares", body)
	return m["link"].(string), m["id"].(string)
}

func TestShare(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := open(t, db)
		owner := s.owner()
		clerk := s.colleague(owner, "clerk", "member", s.department("一部"))
		cus := clerk.must(201, "POST", "/customers", map[string]any{"name": "上海恒泰", "phone": "13800000000", "note": "赖账大户", "type": "company"})
		link, id := clerk.shares(map[string]any{"receiver": "张三"}, cus)
		guest := s.anyone()

		// A look alone opens nothing; a press does, once for as long as it lasts.
		guest.sees(200, "GET", link, nil, "查看", "上海恒泰")
		guest.sees(200, "POST", link, url.Values{}, "上海恒泰", "赖账大户")
		guest.sees(200, "GET", link, nil, "13800000000", "赖账大户")
		_, h, text := guest.visit("GET", link, nil, "Accept-Language", "de-DE,de;q=0.9")
		if !strings.Contains(text, "Company") {
			t.Errorf("not in the reader's language: %s", text)
		}
		for k, want := range map[string]string{"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow, noarchive"} {
			if h.Get(k) != want {
				t.Errorf("%s: %q", k, h.Get(k))
			}
		}
		if csp := h.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("policy: %s", csp)
		}
		m := clerk.must(200, "GET", "/shares:about?about=customer&rec="+cus["id"].(string), nil)
		one := m["data"].([]any)[0].(map[string]any)
		if one["opened"] != 1.0 || one["mine"] != true || one["state"] != "live" || one["by"].(map[string]any)["title"] != "clerk" {
			t.Errorf("share: %v", one)
		}
		if o := clerk.must(200, "GET", "/shares/"+id+"/openings", nil)["data"].([]any); len(o) != 1 || o[0].(map[string]any)["what"] != "open" || o[0].(map[string]any)["address"] == "" {
			t.Errorf("openings: %v", o)
		}
		// The secret is nowhere: neither in the record nor in its history.
		secret := strings.TrimPrefix(link, "/s/")
		_, _, rec := owner.do("GET", "/shares/"+id, nil)
		_, _, hist := owner.do("GET", "/shares/"+id+"/history", nil)
		for _, x := range []map[string]any{rec, hist} {
			if b := fmt.Sprint(x); strings.Contains(b, secret) || strings.Contains(b, "hash") || strings.Contains(b, "argon") {
				t.Errorf("a secret is told: %s", b)
			}
		}
		// Others see it only beside the record that they see, and cannot end it.
		two := s.colleague(owner, "two", "member", s.department("二部"))
		two.must(404, "GET", "/shares/"+id, nil)
		two.must(404, "GET", "/shares/"+id+"/openings", nil)
		two.must(404, "POST", "/shares/"+id+"/revoke", nil)
		two.must(404, "GET", "/shares:about?about=customer&rec="+cus["id"].(string), nil)
		two.must(404, "POST", "/shares", map[string]any{"about": "customer", "rec": cus["id"]})
		if m := two.must(200, "POST", "/shares:query", map[string]any{}); len(m["data"].([]any)) != 0 {
			t.Errorf("another's share is listed: %v", m)
		}
		if m := owner.must(200, "POST", "/shares:query", map[string]any{}); len(m["data"].([]any)) != 1 {
			t.Errorf("who administers sees all: %v", m)
		}
		// Revoked it is dead at once, also for who is looking; the change is in the history.
		clerk.must(204, "POST", "/shares/"+id+"/revoke", nil)
		clerk.must(204, "POST", "/shares/"+id+"/revoke", nil)
		guest.sees(410, "GET", link, nil, "收回", "上海恒泰")
		if h := owner.must(200, "GET", "/shares/"+id+"/history", nil)["data"].([]any); len(h) != 2 {
			t.Errorf("history: %v", h)
		}
		guest.sees(404, "GET", "/s/"+strings.Repeat("x", 32), nil, "没有这个链接", "归云")
		guest.sees(404, "GET", "/s/"+strings.Repeat("x", 99), nil, "没有这个链接", "")
		guest.sees(404, "GET", "/s/", nil, "没有这个链接", "")
	})
}

func TestShareRefusals(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := open(t, db)
		owner := s.owner()
		clerk := s.colleague(owner, "clerk", "member", s.department("一部"))
		cus := clerk.must(201, "POST", "/customers", map[string]any{"name": "上海恒泰", "note": "内情"})
		at := func(d time.Duration) string { return time.Now().Add(d).UTC().Format(time.RFC3339) }
		for name, bad := range map[string]map[string]any{
			"past": {"expires_at": at(-time.Hour)}, "long": {"expires_at": at(400 * 24 * time.Hour)}, "password": {"password": "123"}, "most": {"most": -1},
			"fields": {"fields": []string{"nope"}}, "secret": {"fields": []string{"n"}}, "receiver": {"receiver": strings.Repeat("长", 61)}, "no file": {"original": true},
		} {
			bad["about"], bad["rec"] = "customer", cus["id"]
			if got, _, m := clerk.do("POST", "/shares", bad); got != 422 {
				t.Errorf("%s: %d %v", name, got, m)
			}
		}
		clerk.must(422, "POST", "/shares", map[string]any{"about": "user", "rec": cus["id"]})

		// The right is a role's to have: who only looks hands nothing on, and no button is offered.
		viewer := s.colleague(owner, "viewer", "viewer", "")
		viewer.must(403, "POST", "/shares", map[string]any{"about": "customer", "rec": cus["id"]})
		viewer.must(403, "GET", "/shares:about?about=customer&rec="+cus["id"].(string), nil)
		viewer.must(403, "POST", "/drafts:mail", map[string]any{"about": "customer", "rec": cus["id"], "subject": "x", "body": "y"})
		for p, want := range map[*person]bool{viewer: false, clerk: true} {
			for _, k := range p.must(200, "GET", "/kinds", nil)["data"].([]any) {
				if k := k.(map[string]any); k["kind"] == "customer" && strings.Contains(fmt.Sprint(k["can"]), "share") != want {
					t.Errorf("can share: %v, want %v", k["can"], want)
				}
			}
		}

		// A password: wrong ones are counted, then even the right one waits.
		link, id := clerk.shares(map[string]any{"password": "1234"}, cus)
		guest := s.anyone()
		guest.sees(200, "GET", link, nil, `name="password"`, "上海恒泰")
		guest.sees(403, "POST", link, url.Values{}, "密码不对", "上海恒泰")
		for range 4 {
			guest.sees(403, "POST", link, url.Values{"password": {"4321"}}, "密码不对", "上海恒泰")
		}
		guest.sees(429, "POST", link, url.Values{"password": {"1234"}}, "次数太多", "上海恒泰")
		unlock := func() {
			t.Helper()
			if err := db.Tx(context.Background(), record.SystemScope("test"), func(tx *store.Tx) error {
				_, err := tx.Exec(context.Background(), "UPDATE shares SET locked_until = 1 WHERE id = ?", id)
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		unlock()
		guest.sees(200, "POST", link, url.Values{"password": {"1234"}}, "上海恒泰", "内情")
		if o := clerk.must(200, "GET", "/shares/"+id+"/openings", nil)["data"].([]any); len(o) != 6 || o[0].(map[string]any)["what"] != "open" || o[5].(map[string]any)["what"] != "wrong" {
			t.Errorf("openings: %v", o)
		}

		// Expired.
		link, id = clerk.shares(map[string]any{"expires_at": at(time.Hour)}, cus)
		if err := db.Tx(context.Background(), record.SystemScope("test"), func(tx *store.Tx) error {
			_, err := tx.Exec(context.Background(), "UPDATE shares SET expires_at = 1 WHERE id = ?", id)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		s.anyone().sees(410, "GET", link, nil, "已过期", "归云")
		s.anyone().sees(410, "POST", link, url.Values{}, "已过期", "归云")

		// Used up: another person is refused, the first goes on looking for a while.
		link, _ = clerk.shares(map[string]any{"most": 1}, cus)
		first := s.anyone()
		first.sees(200, "POST", link, url.Values{}, "上海恒泰", "")
		s.anyone().sees(410, "GET", link, nil, "次数已用完", "上海恒泰")
		s.anyone().sees(410, "POST", link, url.Values{}, "次数已用完", "上海恒泰")
		first.sees(200, "GET", link, nil, "上海恒泰", "")
		// A pass of one share opens no other, and pages are for who opened it.
		other, _ := clerk.shares(nil, cus)
		s.anyone().sees(403, "GET", other+"/pages/1", nil, "请先打开", "")
		first.sees(200, "GET", other, nil, "查看", "上海恒泰")
		first.sees(404, "GET", link+"/file", nil, "没有这个链接", "")
		first.sees(404, "GET", link+"/pages/1", nil, "没有这个链接", "")

		// The record in the trash; the sharer without the right, moved away, or shut out: all the same to the receiver.
		link, _ = clerk.shares(nil, cus)
		g := s.anyone()
		g.sees(200, "POST", link, url.Values{}, "上海恒泰", "")
		gone := func() { t.Helper(); g.sees(410, "GET", link, nil, "不再分享", "上海恒泰") }
		back := func() { t.Helper(); g.sees(200, "GET", link, nil, "上海恒泰", "") }
		path := "/customers/" + cus["id"].(string)
		owner.must(204, "DELETE", path, nil)
		gone()
		owner.must(200, "POST", path+"/restore", nil)
		back()
		who := owner.must(200, "POST", "/users:query", map[string]any{"filter": map[string]any{"field": "login", "op": "eq", "value": "clerk"}})["data"].([]any)[0].(map[string]any)
		me := who["id"].(string)
		owner.must(204, "POST", "/users/"+me+"/role", map[string]string{"role": "viewer"})
		gone()
		owner.must(204, "POST", "/users/"+me+"/role", map[string]string{"role": "member"})
		back()
		owner.must(200, "PATCH", path, map[string]any{"owner": nil, "department": s.department("三部")})
		gone()
		owner.must(200, "PATCH", path, map[string]any{"owner": me})
		back()
		owner.must(204, "POST", "/users/"+me+"/disable", map[string]bool{"disabled": true})
		gone()
		owner.must(204, "POST", "/users/"+me+"/disable", map[string]bool{"disabled": false})
		// A field that the sharer no longer sees is not shown for having been chosen once.
		link, _ = clerk.shares(map[string]any{"fields": []string{"name", "note"}}, cus)
		g = s.anyone()
		g.sees(200, "POST", link, url.Values{}, "内情", "")
		role := owner.must(201, "POST", "/roles", map[string]any{"label": "少见", "grants": map[string]any{"kinds": map[string]any{"*": map[string]string{"read": "all"}}, "masked": map[string]any{"customer": []string{"note"}}, "share": true}})
		name := owner.must(200, "GET", "/roles/"+role["id"].(string), nil)["name"].(string)
		owner.must(204, "POST", "/users/"+me+"/role", map[string]string{"role": name})
		g.sees(200, "GET", link, nil, "上海恒泰", "内情")

		// Purged: what the shares said of it goes too.
		owner.must(204, "DELETE", path, nil)
		owner.must(204, "POST", path+"/purge", nil)
		gone = func() {
			t.Helper()
			if got, _, text := g.visit("GET", link, nil); got != 410 && got != 404 || strings.Contains(text, "上海恒泰") {
				t.Errorf("purged: %d %s", got, text)
			}
		}
		gone()
		if err := s.runner.CatchUp(context.Background()); err != nil {
			t.Fatal(err)
		}
		gone()
		if m := owner.must(200, "POST", "/shares:query", map[string]any{}); len(m["data"].([]any)) != 0 {
			t.Errorf("shares of what was purged: %v", m)
		}
	})
}

// However many press at once, a share opens as often as it may and not once more.
func TestShareCountsAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := open(t, db)
		owner := s.owner()
		cus := owner.must(201, "POST", "/customers", map[string]any{"name": "上海恒泰"})
		link, id := owner.shares(map[string]any{"most": 3}, cus)
		var opened, refused atomic.Int64
		var all sync.WaitGroup
		for range 12 {
			g := s.anyone()
			all.Go(func() {
				resp, err := g.http.PostForm(g.url+link, url.Values{})
				if err != nil {
					t.Error(err)
					return
				}
				defer resp.Body.Close()
				switch resp.StatusCode {
				case 200:
					opened.Add(1)
				case 410:
					refused.Add(1)
				default:
					t.Errorf("answered %d", resp.StatusCode)
				}
			})
		}
		all.Wait()
		if opened.Load() != 3 || refused.Load() != 9 {
			t.Errorf("opened %d times, refused %d", opened.Load(), refused.Load())
		}
		if m := owner.must(200, "GET", "/shares/"+id, nil); m["opened"] != 3.0 {
			t.Errorf("counted %v", m["opened"])
		}
	})
}

// A repetition with the same key is the same share, and the link is nowhere to be answered again.
func TestShareRepeated(t *testing.T) {
	s := open(t, storetest.SQLite(t))
	owner := s.owner()
	cus := owner.must(201, "POST", "/customers", map[string]any{"name": "上海恒泰"})
	body := map[string]any{"about": "customer", "rec": cus["id"]}
	a := owner.must(201, "POST", "/shares", body, "Idempotency-Key", "k")
	b := owner.must(201, "POST", "/shares", body, "Idempotency-Key", "k")
	if a["id"] != b["id"] || a["link"] == nil || b["link"] != nil {
		t.Errorf("first %v, then %v", a, b)
	}
}

func TestSharedOrder(t *testing.T) {
	s := open(t, storetest.SQLite(t))
	owner := s.owner()
	hidden := &guike.Customer{Name: "上海恒泰"}
	if err := s.db.Tx(context.Background(), record.SystemScope("test"), func(tx *store.Tx) error { return tx.Create(context.Background(), hidden) }); err != nil {
		t.Fatal(err)
	}
	ord := owner.must(201, "POST", "/orders", map[string]any{"number": "SO-1", "stage": "shipped", "customer": hidden.ID, "amount": map[string]string{"amount": "1234567.50", "currency": "CNY"}, "note": "<script>内部</script>",
		"address": "<b>上海</b>", "lines": []map[string]any{{"name": "阀门", "quantity": 2.5, "amount": map[string]string{"amount": "1234567.50", "currency": "CNY"}}}})
	link, _ := owner.shares(nil, ord)
	_, _, text := s.anyone().visit("POST", link, url.Values{})
	for _, want := range []string{"SO-1", "已发货", "上海恒泰", "¥1,234,567.50", "阀门", "2.5", "&lt;b&gt;上海", "数量"} {
		if !strings.Contains(text, want) {
			t.Errorf("the order does not say %s: %s", want, text)
		}
	}
	if strings.Contains(text, "内部") || strings.Contains(text, "<b>") {
		t.Error("the order says what it should not")
	}
}

func TestDraftMail(t *testing.T) {
	s := open(t, storetest.SQLite(t))
	owner := s.owner()
	cus := owner.must(201, "POST", "/customers", map[string]any{"name": "上海恒泰"})
	body := map[string]any{"about": "customer", "rec": cus["id"], "to": "a@example.com", "subject": "回单\r\nBcc: x@example.com", "body": "您好\n第二行"}
	status, h, _ := owner.do("POST", "/drafts:mail", body)
	if status != 200 || h.Get("Content-Type") != "message/rfc822" {
		t.Fatalf("%d %v", status, h)
	}
	body["to"] = "nobody"
	owner.must(422, "POST", "/drafts:mail", body)
	body["to"] = ""
	body["original"] = true
	owner.must(422, "POST", "/drafts:mail", body)
}
