package api

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"errors"
	"html/template"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"guike"
	"guike/blob"
	"guike/ingest"
	"guike/record"
	"guike/share"

	textlang "golang.org/x/text/language"
)

// What the receiver of a share sees: one page of the server's own, without the app, for whatever browser a chat program has. It asks nobody to log in, so it
// decides everything from the link: what it shows is read with the scope of who shares it.

const handoutPath = "/s/"

// maxSheets bounds the pages that are shown; the page says when there are more.
const maxSheets = 20

// sheetWidth is how wide pages are drawn, in pixels.
const sheetWidth = 1240

var (
	//go:embed handout.html
	handoutHTML string
	//go:embed handout.css
	handoutCSS string

	handoutPage = template.Must(template.New("handout").Parse(handoutHTML))
)

const handoutJS = `document.querySelector('[data-print]')?.addEventListener('click',()=>print())`

// handoutPolicy lets the page show itself and its pictures, and nothing else.
var handoutPolicy = "default-src 'none'; img-src 'self'; style-src " + hashed(handoutCSS) + "; script-src " + hashed(handoutJS) +
	"; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

func hashed(text string) string {
	h := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(h[:]) + "'"
}

// sheets are the pictures of a record.
type sheets struct {
	doc   *guike.Document // nil: it has none
	pages []sheet
	more  int  // pages that are not shown
	whole bool // the file holds nothing but this record, and may be given as it is
}

type sheet struct {
	page int
	part share.Part
}

// sheets finds what pictures a record has, as the call's scope sees them. Of a file that holds several papers a receipt shows its own alone.
func (c *call) sheets(r record.Record) (sheets, error) {
	var out sheets
	var receipt *guike.Receipt
	switch x := r.(type) {
	case *guike.Document:
		out.doc = x
	case *guike.Receipt:
		if x.Document == "" {
			return out, nil
		}
		d, err := c.s.db.Get(c, c.scope, "document", x.Document)
		if record.Is(err, record.NotFound) || record.Is(err, record.Denied) || err == nil && d.Head().DeletedAt != 0 {
			return out, nil
		}
		if err != nil {
			return out, err
		}
		out.doc, receipt = d.(*guike.Document), x
	default:
		return out, nil
	}
	st, err := c.s.Desk.Reading(c, c.scope, out.doc.ID)
	if err != nil {
		return out, err
	}
	out.whole = receipt == nil || len(st.Papers) <= 1 && len(st.Pages) > 0 // of a file that is not read yet nobody knows whose papers it holds
	for _, p := range st.Pages {
		if st.Plain || p.Width <= 0 {
			continue // words, of which there is no picture
		}
		x := sheet{page: p.Page}
		if !out.whole {
			if int64(p.Page) != receipt.Page {
				continue
			}
			var ok bool
			if x.part, ok = alone(st.Papers, receipt); !ok {
				continue
			}
		}
		if len(out.pages) == maxSheets {
			out.more++
			continue
		}
		out.pages = append(out.pages, x)
	}
	return out, nil
}

// A paper's box is that of its words; its frame stands a little further out, most at the sides.
const aside, above = 0.045, 0.012

// alone is the part of a page that a receipt's paper takes where others stand beside it; all of it where none do. It fails where others do and nobody knows
// where its own is: better no picture than somebody else's paper.
func alone(papers []ingest.Filed, r *guike.Receipt) (share.Part, bool) {
	var own share.Part
	others := false
	for _, p := range papers {
		if int64(p.Page) != r.Page {
			continue
		}
		if int64(p.No) == r.Paper {
			own = share.Part(p.Box)
		} else {
			others = true
		}
	}
	if !others {
		return share.Part{}, true
	}
	if own[2] <= own[0] || own[3] <= own[1] {
		return own, false
	}
	return share.Part{own[0] - aside, own[1] - above, own[2] + aside, own[3] + above}, true
}

type picture struct{ Src, Alt string }

type handout struct {
	Lang, Title, Workspace, Action string
	Style                          template.CSS
	Script                         template.JS
	W                              func(string, ...string) string
	Wrong                          string // what was wrong with the password
	Ended                          string // why there is nothing to see
	Gate, Guarded                  bool
	Facts                          []said
	Pages                          []picture
	More                           int
	File, FileName, FileSize       string
	Receiver, Until                string
}

// handout serves a share: GET shows it or its gate, POST opens it, so that the previews that chat programs make open nothing.
func (s *Server) handout(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", handoutPolicy)
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Robots-Tag", "noindex, nofollow, noarchive")
	h.Set("Cache-Control", "no-store")
	c := &call{Context: r.Context(), s: s, w: w, r: r, lang: languageOf(r)}
	secret, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, handoutPath), "/")
	if err := c.handout(secret, rest); err != nil {
		c.ended(secret, err)
	}
}

// languageOf takes the reader's browser at its word.
func languageOf(r *http.Request) string {
	tags, _, err := textlang.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err == nil && len(tags) > 0 {
		if base, _ := tags[0].Base(); base.String() != "zh" {
			return "en"
		}
	}
	return "zh-CN"
}

func (c *call) visit() share.Visit {
	return share.Visit{Address: c.s.client(c.r), Agent: c.r.UserAgent()}
}

func (c *call) handout(secret, rest string) error {
	if secret == "" || len(secret) > 64 {
		return record.Errorf(record.NotFound, "error.not_found")
	}
	x, sc, rec, err := c.s.Share.Find(c, secret)
	if err != nil {
		return err
	}
	c.scope = sc
	if rest == "" && c.r.Method == http.MethodPost {
		return c.openHandout(secret, x)
	}
	if c.r.Method != http.MethodGet && c.r.Method != http.MethodHead {
		return record.Errorf(record.NotFound, "error.not_found")
	}
	pass := ""
	if k, err := c.r.Cookie(handoutCookie); err == nil {
		pass = k.Value
	}
	at, ok, err := c.s.Share.Passed(c, x, pass)
	if err != nil {
		return err
	}
	switch {
	case !ok && share.Used(x):
		return share.Spent()
	case !ok && rest != "":
		return record.Errorf(record.Denied, "error.share_open_first")
	case !ok:
		return c.gate(secret, x, http.StatusOK, "")
	case rest == "":
		return c.shown(secret, x, rec)
	case rest == "file":
		return c.handoutFile(x, rec)
	}
	n, found := strings.CutPrefix(rest, "pages/")
	i, err := strconv.Atoi(n)
	if !found || err != nil {
		return record.Errorf(record.NotFound, "error.not_found")
	}
	return c.handoutSheet(x, rec, at, i)
}

const handoutCookie = "guike-share"

func (c *call) openHandout(secret string, x *guike.Share) error {
	if err := c.s.slow(c.r); err != nil {
		return c.gate(secret, x, http.StatusTooManyRequests, "error.too_often")
	}
	c.r.Body = http.MaxBytesReader(c.w, c.r.Body, 4<<10)
	pass, err := c.s.Share.Open(c, x, c.r.PostFormValue("password"), c.visit())
	switch record.CodeOf(err) {
	case record.Denied:
		return c.gate(secret, x, http.StatusForbidden, "error.share_wrong")
	case record.Busy:
		return c.gate(secret, x, http.StatusTooManyRequests, "error.share_locked")
	}
	if err != nil {
		return err
	}
	http.SetCookie(c.w, &http.Cookie{Name: handoutCookie, Value: pass, Path: handoutPath + secret, MaxAge: int(share.Sight.Seconds()), HttpOnly: true,
		Secure: !c.s.Insecure, SameSite: http.SameSiteLaxMode})
	http.Redirect(c.w, c.r, handoutPath+secret, http.StatusSeeOther)
	return nil
}

func (c *call) gate(secret string, x *guike.Share, status int, wrong string) error {
	p, err := c.page0(secret)
	if err != nil {
		return err
	}
	p.Gate, p.Guarded, p.Receiver = true, x.Guarded, x.Receiver
	if wrong != "" {
		p.Wrong = c.word(wrong)
	}
	return c.sendPage(status, p)
}

func (c *call) page0(secret string) (handout, error) {
	cat, err := c.s.db.Catalogue(c, false)
	if err != nil {
		return handout{}, err
	}
	return handout{Lang: c.lang, Workspace: cat.Name, Title: c.word("handout.title", "workspace", cat.Name), Action: handoutPath + secret, W: c.word,
		Style: template.CSS(handoutCSS), Script: template.JS(handoutJS)}, nil
}

func (c *call) shown(secret string, x *guike.Share, rec record.Record) error {
	k, err := c.kind(x.About)
	if err != nil {
		return err
	}
	p, err := c.page0(secret)
	if err != nil {
		return err
	}
	if p.Facts, err = c.facts(k, rec, share.Shown(x)); err != nil {
		return err
	}
	sh, err := c.sheets(rec)
	if err != nil {
		return err
	}
	for i := range sh.pages {
		n := strconv.Itoa(i + 1)
		p.Pages = append(p.Pages, picture{handoutPath + secret + "/pages/" + n, c.word("handout.page", "n", n)})
	}
	if p.More = sh.more; x.Original && sh.whole {
		p.File, p.FileName, p.FileSize = handoutPath+secret+"/file", sh.doc.Name, bytesWord(sh.doc.Size)
	}
	cat, err := c.s.db.Catalogue(c, false)
	if err != nil {
		return err
	}
	p.Until = time.UnixMicro(int64(x.ExpiresAt)).In(cat.Zone).Format("2006-01-02 15:04")
	p.Title, p.Receiver = c.kindWord(k), x.Receiver
	return c.sendPage(http.StatusOK, p)
}

func (c *call) kindWord(k *record.Kind) string {
	if k.Label != "" {
		return k.Label
	}
	if w := c.word("handout.kind_" + k.Name); w != "" {
		return w
	}
	return c.word("kind." + k.Name)
}

// handoutSheet draws one page, with the receiver's name and the day over it, in the picture itself.
func (c *call) handoutSheet(x *guike.Share, rec record.Record, at record.Time, n int) error {
	sh, err := c.sheets(rec)
	if err != nil {
		return err
	}
	if n < 1 || n > len(sh.pages) {
		return record.Errorf(record.NotFound, "error.not_found")
	}
	cat, err := c.s.db.Catalogue(c, false)
	if err != nil {
		return err
	}
	one := sh.pages[n-1]
	width := sheetWidth
	if one.part != (share.Part{}) {
		width = sheetWidth * 3 / 2 // a part of the page is to be read as well as a page
	}
	png, err := c.render(sh.doc.SHA256, one.page, width)
	if err != nil {
		return err
	}
	first := c.word("handout.mark", "name", x.Receiver)
	if x.Receiver == "" {
		first = c.word("handout.mark_all")
	}
	jpg, err := share.Mark(c, png, one.part, first, cat.Name+" "+time.UnixMicro(int64(at)).In(cat.Zone).Format("2006-01-02 15:04"))
	if err != nil {
		return err
	}
	c.w.Header().Set("Content-Type", "image/jpeg")
	_, err = c.w.Write(jpg)
	if err != nil {
		slog.Debug("client went away", "err", err)
	}
	return nil
}

// handoutFile gives the file itself, where the share says so, and writes down that it was taken.
func (c *call) handoutFile(x *guike.Share, rec record.Record) error {
	sh, err := c.sheets(rec)
	if err != nil {
		return err
	}
	if !x.Original || !sh.whole {
		return record.Errorf(record.NotFound, "error.not_found")
	}
	r, err := blob.Verified(c, c.s.Desk.Blobs, sh.doc.SHA256)
	if err != nil {
		return err
	}
	defer r.Close()
	if err := c.s.Share.Saved(c, x, c.visit()); err != nil {
		return err
	}
	h := c.w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": sh.doc.Name}))
	h.Set("Content-Length", strconv.FormatInt(sh.doc.Size, 10))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	if _, err := io.Copy(c.w, r); err != nil {
		slog.Error("send shared original", "share", x.ID, "err", err)
		panic(http.ErrAbortHandler) // too late for an answer: break the connection, so that the file is not taken for whole
	}
	return nil
}

// ended says plainly that there is nothing to see here, and no more than the receiver need know.
func (c *call) ended(secret string, err error) {
	status, why := http.StatusInternalServerError, "handout.failed"
	var re *record.Error
	switch {
	case share.Ended(err) && errors.As(err, &re):
		status, why = http.StatusGone, re.Message
	case errors.As(err, &re) && re.Code == record.NotFound:
		status, why = http.StatusNotFound, "handout.unknown"
	case errors.As(err, &re) && re.Code == record.Denied:
		status, why = http.StatusForbidden, re.Message
	case c.r.Context().Err() != nil:
		return
	default:
		slog.Error("shared page", "err", err)
	}
	p := handout{Lang: c.lang, Title: c.word("handout.ended"), Ended: c.word(why), W: c.word, Style: template.CSS(handoutCSS), Script: template.JS(handoutJS)}
	if err := c.sendPage(status, p); err != nil {
		slog.Error("shared page", "err", err)
	}
}

func (c *call) sendPage(status int, p handout) error {
	var b strings.Builder
	if err := handoutPage.Execute(&b, p); err != nil {
		return err
	}
	c.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	c.w.WriteHeader(status)
	if _, err := io.WriteString(c.w, b.String()); err != nil {
		slog.Debug("client went away", "err", err)
	}
	return nil
}
