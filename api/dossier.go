package api

import (
	"archive/zip"
	"encoding/csv"
	"fmt"
	"html/template"
	"io"
	"path"
	"strings"
	"time"

	"guike"
	"guike/blob"
	"guike/match"
	"guike/record"
	"guike/store"
)

// dossiers adds the routes of the papers that tell one transaction. A dossier goes by the id of anything in it: an order, a receipt, a document.
func (s *Server) dossiers() {
	s.add(route{method: "GET", path: "/dossiers/{id}", summary: "The papers of the transaction that an order, a receipt or a document belongs to, and what is wanting", out: schema[dossier](s), do: (*call).dossier})
	s.add(route{method: "PUT", path: "/dossiers/{id}/documents/{document}", summary: "Put a document into a dossier", out: schema[dossier](s), do: func(c *call) (any, error) { return c.enclose(false) }})
	s.add(route{method: "DELETE", path: "/dossiers/{id}/documents/{document}", summary: "Take a document out that was put there, or found", out: schema[dossier](s), do: func(c *call) (any, error) { return c.enclose(true) }})
	s.add(route{method: "GET", path: "/dossiers/{id}/file", summary: "The originals of a dossier with a list of them, as a ZIP", raw: true, query: []string{"lang"}, do: (*call).dossierFile})
}

type dossier struct {
	About  *ref         `json:"about" doc:"what it is about; null where a document is in none"`
	Kind   string       `json:"kind" enum:"order,receipt," doc:"of that"`
	Amount *moneyOf     `json:"amount" doc:"of the order"`
	Paid   *moneyOf     `json:"paid" doc:"of it, by slips"`
	Sheets []dossierRow `json:"sheets" doc:"in the order of an archive"`
	Lacks  []string     `json:"lacks" doc:"order, contract, invoice, slip, or paid: not paid whole"`
	Whole  bool         `json:"whole" doc:"nothing is wanting, as far as the caller sees, and he sees enough to tell"`
	Others []ref        `json:"others" doc:"orders whose papers it belongs to as well"`
	More   bool         `json:"more" doc:"there are more than are shown"`
	May    bool         `json:"may" doc:"the caller may put documents in and take them out"`
}

type moneyOf struct {
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
}

type dossierRow struct {
	Role     string   `json:"role" enum:"contract,sales,invoice,slip,voucher,after_sales,other"`
	By       string   `json:"by" enum:"order,match,hand,found" doc:"why it is there"`
	Found    string   `json:"found" doc:"the number that stands in it"`
	Receipt  *ref     `json:"receipt"`
	Document *ref     `json:"document"`
	Page     int64    `json:"page" doc:"of the document"`
	On       string   `json:"on"`
	Number   string   `json:"number"`
	Amount   *moneyOf `json:"amount"`
	Draft    bool     `json:"draft" doc:"nobody confirmed what was read from it"`
}

func (c *call) dossier() (any, error) {
	d, err := match.Bind(c, c.s.db, c.scope, c.id())
	if err != nil {
		return nil, err
	}
	cat, err := c.s.db.Catalogue(c, false)
	if err != nil {
		return nil, err
	}
	out := dossier{Kind: d.Kind, Sheets: []dossierRow{}, Lacks: append([]string{}, d.Lacks...), Whole: d.Kind != "" && d.Judged && len(d.Lacks) == 0, Others: []ref{}, More: d.More}
	if d.Kind == "" {
		return out, nil
	}
	about, err := c.s.db.Get(c, c.scope, d.Kind, d.About)
	if err != nil {
		return nil, err
	}
	out.About = &ref{ID: string(d.About), Title: c.scope.Title(cat.Kind(d.Kind), about)}
	out.May = c.scope.Covers(c.scope.For(d.Kind).Update, about.Head()) && c.scope.For("document").Read != record.None
	if d.Order != nil {
		out.Amount, out.Paid = c.seen(cat, "order", "amount", d.Order.Amount), c.seen(cat, "order", "paid", d.Order.Paid)
	}
	if len(d.Others) > 0 {
		have, err := c.s.db.Titles(c, c.scope, "order", d.Others)
		if err != nil {
			return nil, err
		}
		for _, id := range d.Others {
			if t, ok := have[id]; ok {
				out.Others = append(out.Others, ref{ID: string(id), Title: t})
			}
		}
	}
	for _, s := range d.Sheets {
		out.Sheets = append(out.Sheets, c.dossierRow(cat, s))
	}
	return out, nil
}

// seen is an amount that the caller may see.
func (c *call) seen(cat *store.Catalogue, kind, field string, m record.Money) *moneyOf {
	if !c.shows(cat, kind, field) || m.Currency == "" {
		return nil
	}
	return &moneyOf{m.Decimal(), m.Currency}
}

func (c *call) shows(cat *store.Catalogue, kind, field string) bool {
	f := cat.Kind(kind).Field(field)
	return f != nil && c.scope.Sees(kind, f)
}

func (c *call) dossierRow(cat *store.Catalogue, s match.Sheet) dossierRow {
	x := dossierRow{Role: s.Role, By: s.By, Found: s.Found}
	if s.Document != nil {
		x.Document = &ref{ID: string(s.Document.ID), Title: c.scope.Title(cat.Kind("document"), s.Document)}
		if c.shows(cat, "document", "dated_on") {
			x.On = string(s.Document.DatedOn)
		}
	}
	if r := s.Receipt; r != nil {
		x.Receipt, x.Page, x.Draft = &ref{ID: string(r.ID), Title: c.scope.Title(cat.Kind("receipt"), r)}, r.Page, r.Status == record.Draft
		x.Amount = c.seen(cat, "receipt", "amount", r.Amount)
		if x.On = ""; c.shows(cat, "receipt", "dated_on") {
			x.On = string(r.DatedOn)
		}
		for field, no := range map[string]string{"invoice_no": r.InvoiceNo, "slip_no": r.SlipNo} {
			if no != "" && c.shows(cat, "receipt", field) {
				x.Number = no
			}
		}
	}
	return x
}

func (c *call) enclose(removed bool) (any, error) {
	if err := match.Enclose(c, c.s.db, c.scope, c.id(), record.ID(c.path("document")), removed); err != nil {
		return nil, err
	}
	return c.dossier()
}

// dossierIndex is what lies on top of the originals: to be read in any browser, and to be printed.
var dossierIndex = template.Must(template.New("dossier").Parse(`<!doctype html>
<html lang="{{.Lang}}"><head><meta charset="utf-8"><title>{{.Title}}</title>
<style>body{font:14px/1.6 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;margin:32px auto;max-width:900px;padding:0 16px;color:#1c2430}h1{font-size:20px;margin:0 0 4px}p{margin:4px 0;color:#5a6472}
table{border-collapse:collapse;width:100%;margin-top:16px}th,td{border-bottom:1px solid #dde2e9;padding:6px 10px 6px 0;text-align:left;vertical-align:top}th{font-weight:500;color:#5a6472}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}a{color:#1f5fc4}</style>
</head><body><h1>{{.Title}}</h1><p>{{.Made}}</p>{{range .Notes}}<p>{{.}}</p>{{end}}
<table><thead><tr>{{range $i, $h := .Heads}}<th{{if eq $i 5}} class="n"{{end}}>{{$h}}</th>{{end}}</tr></thead><tbody>
{{range .Rows}}<tr><td>{{.No}}</td><td>{{.Role}}</td><td>{{.On}}</td><td>{{.Title}}</td><td>{{.Number}}</td><td class="n">{{.Amount}}</td><td>{{if .File}}<a href="{{.File}}">{{.File}}</a>{{else}}—{{end}}</td></tr>
{{end}}</tbody></table></body></html>
`))

type dossierLine struct {
	No                                    int
	Role, On, Title, Number, Amount, File string
}

// dossierFile writes the ZIP: originals as they arrived, each once, and the list of all papers as a page and as a table.
func (c *call) dossierFile() (any, error) {
	d, err := match.Bind(c, c.s.db, c.scope, c.id())
	if err != nil {
		return nil, err
	}
	if d.Kind == "" {
		return nil, record.Errorf(record.NotFound, "error.not_found")
	}
	out, err := c.dossier()
	if err != nil {
		return nil, err
	}
	told := out.(dossier)
	left := c.takeable(&d, &told)
	lang := c.r.URL.Query().Get("lang")
	if lang == "" {
		lang = c.lang
	}
	if lang != "en" {
		lang = "zh-CN"
	}
	say := func(key string, values ...string) string { return c.s.Words(lang, key, values...) }
	lines, files := dossierLines(d, told, say)
	return c.file(cleanFile(say("dossier.title")+" "+told.About.Title)+".zip", "application/zip", func(w io.Writer) error {
		z := zip.NewWriter(w)
		if err := c.dossierLists(z, told, lines, left, lang, say); err != nil {
			return err
		}
		for _, f := range files {
			if err := c.pack(z, f.name, f.doc); err != nil {
				return err
			}
		}
		return z.Close()
	})
}

// takeable leaves in a dossier what the caller may take away, and answers how many papers he may only look at.
func (c *call) takeable(d *match.Dossier, told *dossier) (left int) {
	var sheets []match.Sheet
	var rows []dossierRow
	for i, s := range d.Sheets {
		kind, head := "document", (*record.Base)(nil)
		if s.Receipt != nil {
			kind, head = "receipt", s.Receipt.Head()
		} else {
			head = s.Document.Head()
		}
		if !c.scope.Covers(c.scope.For(kind).Export, head) {
			left++
			continue
		}
		if s.Document != nil && !c.scope.Covers(c.scope.For("document").Export, s.Document.Head()) {
			s.Document = nil
		}
		sheets, rows = append(sheets, s), append(rows, told.Sheets[i])
	}
	d.Sheets, told.Sheets = sheets, rows
	return left
}

type dossierOriginal struct {
	name string
	doc  *guike.Document
}

// dossierLines gives each original a name that sorts as the dossier does.
func dossierLines(d match.Dossier, told dossier, say func(string, ...string) string) ([]dossierLine, []dossierOriginal) {
	var lines []dossierLine
	var files []dossierOriginal
	named := map[record.ID]string{}
	for i, s := range d.Sheets {
		x := told.Sheets[i]
		l := dossierLine{No: i + 1, Role: say("dossier.role_" + s.Role), On: x.On, Number: x.Number}
		if x.Receipt != nil {
			l.Title = x.Receipt.Title
		} else {
			l.Title = x.Document.Title
		}
		if x.Amount != nil {
			l.Amount = x.Amount.Amount + " " + x.Amount.Currency
		}
		if doc := s.Document; doc != nil {
			if named[doc.ID] == "" {
				named[doc.ID] = fmt.Sprintf("%02d %s %s", i+1, l.Role, cleanFile(doc.Name))
				files = append(files, dossierOriginal{named[doc.ID], doc})
			}
			l.File = named[doc.ID]
		}
		lines = append(lines, l)
	}
	return lines, files
}

func (c *call) dossierLists(z *zip.Writer, told dossier, lines []dossierLine, left int, lang string, say func(string, ...string) string) error {
	heads := []string{say("dossier.no"), say("dossier.role"), say("dossier.day"), say("dossier.paper"), say("dossier.number"), say("dossier.amount"), say("dossier.file")}
	page := struct {
		Lang, Title, Made string
		Notes, Heads      []string
		Rows              []dossierLine
	}{Lang: lang, Title: say("dossier.title") + " · " + told.About.Title, Made: say("dossier.made", "at", c.s.db.Now().UTC().Format(time.RFC3339)), Heads: heads, Rows: lines}
	for _, x := range told.Lacks {
		page.Notes = append(page.Notes, say("dossier.lacks_"+x))
	}
	if left > 0 {
		page.Notes = append(page.Notes, say("dossier.left", "n", fmt.Sprint(left)))
	}
	if told.More {
		page.Notes = append(page.Notes, say("dossier.more"))
	}
	w, err := c.entry(z, "index.html")
	if err != nil {
		return err
	}
	if err := dossierIndex.Execute(w, page); err != nil {
		return err
	}
	if w, err = c.entry(z, "index.csv"); err != nil {
		return err
	}
	if _, err := io.WriteString(w, "\uFEFF"); err != nil { // spreadsheets take a UTF-8 file for something else without it
		return err
	}
	t := csv.NewWriter(w)
	if err := t.Write(heads); err != nil {
		return err
	}
	for _, l := range lines {
		if err := t.Write([]string{fmt.Sprint(l.No), l.Role, l.On, tame(l.Title), tame(l.Number), l.Amount, tame(l.File)}); err != nil {
			return err
		}
	}
	t.Flush()
	return t.Error()
}

// tame keeps a spreadsheet from taking somebody's words for a formula.
func tame(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

func (c *call) entry(z *zip.Writer, name string) (io.Writer, error) {
	return z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: c.s.db.Now()})
}

func (c *call) pack(z *zip.Writer, name string, doc *guike.Document) error {
	r, err := blob.Verified(c, c.s.Desk.Blobs, doc.SHA256)
	if err != nil {
		return err
	}
	defer r.Close()
	w, err := c.entry(z, name)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, r)
	return err
}

// cleanFile makes a name that every system takes for a file's.
func cleanFile(name string) string {
	name = strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '_'
		}
		return r
	}, path.Clean(name))
	if rs := []rune(name); len(rs) > 120 {
		name = string(rs[:60]) + "…" + string(rs[len(rs)-59:])
	}
	return strings.Trim(name, " .")
}
