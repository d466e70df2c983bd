package paper_test

import (
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"guike/demo"
	"guike/paper"
	"guike/paper/papertest"
	"guike/paper/workertest"
)

// A service reads what the program reads, which here stands behind it; one that tells only words is good for most. What goes wrong there is said of the paper.
func TestReadByService(t *testing.T) {
	if err := (paper.OCR{}).Check(); err != nil {
		t.Fatal(err)
	}
	char := regexp.MustCompile(`<span class='ocrx_cinfo'[^>]*>([^<]*)</span>`)
	mode := ""
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer s3cret" {
			w.WriteHeader(401)
			return
		}
		switch mode {
		case "fails":
			http.Error(w, "out of memory", 500)
			return
		case "babbles":
			fmt.Fprint(w, `{"ok":true}`)
			return
		case "moved":
			http.Redirect(w, r, "http://192.0.2.1/", http.StatusTemporaryRedirect)
			return
		}
		if r.Method == http.MethodHead {
			return
		}
		if r.Header.Get("Content-Type") != "image/png" || r.URL.Query().Get("dpi") != "300" || r.URL.Query().Get("key") != "1" {
			t.Errorf("%s %v", r.URL, r.Header)
		}
		cmd := exec.Command("tesseract", "stdin", "stdout", "-l", r.URL.Query().Get("language"), "--psm", "4", "--dpi", "300", "-c", "hocr_char_boxes=1", "-c", "tessedit_create_hocr=1")
		cmd.Stdin = r.Body
		out, err := cmd.Output()
		if err != nil {
			t.Error(err)
		}
		if mode == "words" {
			out = char.ReplaceAll(out, []byte("$1"))
		}
		if _, err := io.WriteString(w, string(out)); err != nil {
			t.Error(err)
		}
	}))
	defer srv.Close()

	rng := rand.New(rand.NewPCG(4, 4))
	data, truths, err := demo.Slips(rng, 0, 1, []demo.Slip{papertest.AnySlip(rng)})
	if err != nil {
		t.Fatal(err)
	}
	page, err := workertest.Pool(t, paper.OCR{}).Render(t.Context(), data, "", 1, 2480)
	if err != nil {
		t.Fatal(err)
	}
	picture := papertest.Scanned(t, rng, page)
	read := func(o paper.OCR) (paper.Reading, error) {
		return workertest.Pool(t, o).Read(t.Context(), "a.jpg", picture, "", ours)
	}
	service := paper.OCR{URL: srv.URL + "/read?key=1", Token: "s3cret"}
	if err := service.Check(); err != nil {
		t.Error(err)
	}
	direct, err := read(paper.OCR{})
	if err != nil || len(direct.Papers) == 0 {
		t.Fatal(err, direct)
	}
	got, err := read(service)
	if err != nil || len(got.Papers) == 0 || !maps.Equal(got.Papers[0].Map(), direct.Papers[0].Map()) {
		t.Errorf("%v\nservice %v\nprogram %v", err, got.Papers, direct.Papers[0].Map())
	}
	mode = "words"
	if got, err = read(service); err != nil || len(got.Papers) == 0 || got.Papers[0].Fact("amount") != truths[0].Facts["amount"] {
		t.Errorf("words: %v %+v", err, got.Papers)
	}
	for m, want := range map[string]string{"fails": "out of memory", "babbles": "hOCR", "moved": "307"} {
		mode = m
		if _, err := read(service); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", m, err)
		}
	}
	mode = ""
	for _, c := range []struct{ url, token, want string }{{srv.URL, "wrong", "401"}, {"http://127.0.0.1:1/", "", "127.0.0.1:1"}, {"ftp://x/", "", "http://"}} {
		if _, err := read(paper.OCR{URL: c.url, Token: c.token}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.url, err)
		}
	}
}
