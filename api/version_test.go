package api_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/url"
	"testing"

	"guike/store"
	"guike/store/storetest"
)

// form sends a file with fields as a form.
func (p *person) form(status int, path, name, text string, fields map[string]string, header ...string) map[string]any {
	p.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for k, v := range fields {
		_ = w.WriteField(k, v) // a buffer does not fail
	}
	if name != "" {
		f, _ := w.CreateFormFile("file", name)
		_, _ = f.Write([]byte(text))
	}
	_ = w.Close()
	return p.must(status, "POST", path, b.String(), append(header, "Content-Type", w.FormDataContentType())...)
}

// Versions over HTTP: who may, what is told apart, and that a request sent again does nothing twice.
func TestVersions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := open(t, db)
		owner := s.owner()
		clerk := s.colleague(owner, "clerk", "member", s.department("一部"))
		other := s.colleague(owner, "other", "member", s.department("二部"))
		up := clerk.must(201, "POST", "/documents/upload?name=合同.txt", "第一版")["document"].(map[string]any)
		doc := "/documents/" + up["id"].(string)
		if m := clerk.must(200, "GET", doc+"/versions", nil); len(m["data"].([]any)) != 1 {
			t.Errorf("one file: %v", m)
		}
		_, h, rec := clerk.do("GET", doc, nil)
		tag := h.Get("ETag")

		other.form(404, doc+"/replace", "合同.txt", "偷换", nil)
		clerk.form(422, doc+"/replace", "", "", nil)
		clerk.form(422, doc+"/replace", "空.txt", "", nil)
		clerk.must(422, "POST", doc+"/replace", `{"note":"不是表单"}`)
		clerk.form(422, doc+"/replace", "合同.txt", "第二版", map[string]string{"foo": "x"})
		// The same request again is answered as before; another under its key is refused.
		m := clerk.form(200, doc+"/replace", "合同.txt", "第二版", map[string]string{"note": "改价"}, "If-Match", tag, "Idempotency-Key", "k1")
		again := clerk.form(200, doc+"/replace", "合同.txt", "第二版", map[string]string{"note": "改价"}, "If-Match", tag, "Idempotency-Key", "k1")
		clerk.form(422, doc+"/replace", "合同.txt", "第二版半", map[string]string{"note": "改价"}, "If-Match", tag, "Idempotency-Key", "k1")
		if m["id"] != rec["id"] || m["edition"] != 2.0 || again["edition"] != 2.0 {
			t.Fatalf("replaced: %v, then %v", m, again)
		}
		// Who saw the first file does not put his over the second.
		clerk.form(412, doc+"/replace", "合同.txt", "第三版", nil, "If-Match", tag)
		clerk.form(409, doc+"/replace", "合同.txt", "第二版", nil)

		vs := clerk.must(200, "GET", doc+"/versions", nil)["data"].([]any)
		v2 := vs[0].(map[string]any)
		if len(vs) != 2 || v2["note"] != "改价" || v2["current"] != true || v2["by"].(map[string]any)["title"] == "" || v2["size"] != 9.0 {
			t.Fatalf("versions: %v", vs)
		}
		other.must(404, "GET", doc+"/versions", nil)
		other.must(404, "GET", doc+"/versions/1/original", nil)
		other.must(404, "GET", doc+"/compare?from=1&to=2", nil)
		other.must(404, "POST", doc+"/versions/1/restore", map[string]any{})
		other.must(404, "POST", doc+"/checkout", map[string]any{"until": db.Now().AddDate(0, 0, 3).Format("2006-01-02")})
		clerk.must(200, "GET", doc+"/versions/1/original", nil)
		clerk.must(404, "GET", doc+"/versions/3/original", nil)
		clerk.must(422, "GET", doc+"/compare?from=x", nil)

		// An earlier version sent anew is told as what it is.
		if m := clerk.must(201, "POST", "/documents/upload?name=旧.txt", "第一版"); m["already"] != true || m["version"] != 1.0 || m["document"].(map[string]any)["id"] != up["id"] {
			t.Errorf("the first again: %v", m)
		}
		if m := other.must(201, "POST", "/documents/upload?name=旧.txt", "第一版"); m["already"] != true || m["document"] != nil || m["version"] != nil {
			t.Errorf("another's: %v", m)
		}

		if m := clerk.must(200, "POST", doc+"/versions/1/restore", map[string]any{"note": "还是原价"}); m["edition"] != 3.0 {
			t.Errorf("put back: %v", m)
		}
		// A share gives what the document is when it is opened: the version of that moment.
		link, _ := clerk.shares(map[string]any{"original": true}, map[string]any{"kind": "document", "id": up["id"].(string)})
		guest := s.anyone()
		guest.sees(200, "POST", link, url.Values{}, "合同", "没有这个链接")
		guest.sees(200, "GET", link+"/file", nil, "第一版", "第四版")

		clerk.must(422, "POST", doc+"/checkout", map[string]any{"until": "2020-01-01"})
		next := db.Now().AddDate(0, 0, 3).Format("2006-01-02")
		if m := clerk.must(200, "POST", doc+"/checkout", map[string]any{"until": next, "reason": "改第三条"}); m["taken_for"] != "改第三条" || m["taken_by"].(map[string]any)["id"] == "" {
			t.Errorf("taken: %v", m)
		}
		if m := owner.form(409, doc+"/replace", "合同.txt", "第四版", nil); m["detail"] != "error.taken" || fmt.Sprint(m["fields"].(map[string]any)["taken_until"]) != next {
			t.Errorf("warned: %v", m)
		}
		if m := owner.form(200, doc+"/replace", "合同.txt", "第四版", map[string]string{"force": "true"}); m["edition"] != 4.0 || m["taken_for"] != "改第三条" {
			t.Errorf("forced: %v", m)
		}
		guest.sees(200, "GET", link+"/file", nil, "第四版", "第一版")
		if m := owner.must(200, "POST", doc+"/return", nil); m["taken_by"] != nil || m["taken_until"] != nil {
			t.Errorf("ended by who administers: %v", m)
		}
		if n := len(clerk.must(200, "GET", doc+"/history", nil)["data"].([]any)); n < 6 {
			t.Errorf("history of %d entries", n)
		}
	})
}
