package exchange

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"guike/record"
	"guike/store"

	"github.com/xuri/excelize/v2"
)

// An Export asks for all records that a query keeps, in a file.
type Export struct {
	Query  store.Query // without limit and cursor
	Format string      // csv, xlsx, ndjson
	Fields []string    // which, in which order; all that the caller sees where empty
	Lang   string      // heads the columns as people call them in zh-CN or en; "" by the fields' names, which every import understands
}

// Formats of an export with their media types.
var Formats = map[string]string{
	"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "ndjson": "application/x-ndjson",
}

// Write streams an export, page by page. The scope must allow the kind's export; rows and fields beyond it do not exist.
func (p *Port) Write(ctx context.Context, sc record.Scope, x Export, w io.Writer) (int, error) {
	cat, err := p.DB.Catalogue(ctx, false)
	if err != nil {
		return 0, err
	}
	k := cat.Kind(x.Query.Kind)
	g := sc.For(x.Query.Kind)
	if k == nil || g.Read == record.None {
		return 0, record.Errorf(record.NotFound, "error.no_such_kind")
	}
	if g.Export == record.None {
		return 0, record.Errorf(record.Denied, "error.denied")
	}
	// Export may reach less far than reading: then no more than that is read.
	reach := sc
	reach.Grants = map[string]record.Grant{}
	for kind, have := range sc.Grants {
		reach.Grants[kind] = have
	}
	g.Read = min(g.Read, g.Export)
	reach.Grants[k.Name] = g
	e := exporter{p: p, ctx: ctx, sc: reach, cat: cat, k: k, x: x}
	if err := e.choose(); err != nil {
		return 0, err
	}
	if x.Format == "ndjson" {
		return e.lines(w)
	}
	var s sink
	switch x.Format {
	case "xlsx":
		if s, err = newXLSX(w); err != nil {
			return 0, err
		}
	case "csv", "":
		s, err = newCSV(w)
		if err != nil {
			return 0, err
		}
	default:
		return 0, record.FieldError("format", "error.choice")
	}
	var head []string
	for _, f := range e.fields {
		name := f.Name
		if x.Lang != "" {
			name = label(k.Name, f, x.Lang)
		}
		head = append(head, name)
		if f.IsRef() {
			head = append(head, name+".id")
		}
	}
	if err := s.head(head); err != nil {
		return 0, err
	}
	n := 0
	err = e.pages(func(recs []record.Record, titles map[string]map[record.ID]string) error {
		for _, r := range recs {
			if err := s.row(e.row(r, titles)); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	if err != nil {
		return n, err
	}
	return n, s.end()
}

type exporter struct {
	p      *Port
	ctx    context.Context
	sc     record.Scope
	cat    *store.Catalogue
	k      *record.Kind
	x      Export
	fields []*record.Field
}

// choose takes the fields wanted; one that the caller does not see is one that does not exist.
func (e *exporter) choose() error {
	if len(e.x.Fields) == 0 {
		for i := range e.k.Fields {
			f := &e.k.Fields[i]
			if !e.sc.Sees(e.k.Name, f) || slices.Contains([]string{"version", "title", "deleted_at"}, f.Name) {
				continue
			}
			e.fields = append(e.fields, f)
		}
		return nil
	}
	for _, name := range e.x.Fields {
		f := e.k.Field(name)
		if f == nil || !e.sc.Sees(e.k.Name, f) {
			return record.FieldError(name, "error.no_such_field")
		}
		e.fields = append(e.fields, f)
	}
	return nil
}

// pages reads the query by keyset, with the titles of what each page refers to.
func (e *exporter) pages(fn func([]record.Record, map[string]map[record.ID]string) error) error {
	q := e.x.Query
	q.Limit, q.Cursor = store.MaxPage, ""
	if e.sc.RowCap > 0 {
		e.sc.RowCap = max(e.sc.RowCap, 1)
	}
	given := 0
	for {
		page, err := e.p.DB.List(e.ctx, e.sc, q)
		if err != nil {
			return fmt.Errorf("export %s: %w", e.k.Plural, err)
		}
		recs := page.Records
		if e.sc.RowCap > 0 && given+len(recs) > e.sc.RowCap {
			recs = recs[:e.sc.RowCap-given] // a token's cap is for the whole answer
		}
		want := map[string][]record.ID{}
		for _, r := range recs {
			vs := e.k.Values(r)
			for _, f := range e.fields {
				if kind := e.k.RefKind(f, vs); kind != "" {
					want[kind] = append(want[kind], record.ID(vs[f.Pos].S))
				}
			}
		}
		titles := map[string]map[record.ID]string{}
		for kind, ids := range want {
			slices.Sort(ids)
			if titles[kind], err = e.p.DB.Titles(e.ctx, e.sc, kind, slices.Compact(ids)); err != nil {
				return err
			}
		}
		if err := fn(recs, titles); err != nil {
			return err
		}
		given += len(recs)
		if page.Stopped {
			return record.Errorf(record.Busy, "error.query_too_slow") // a list cut silently would be taken for the whole
		}
		if page.Next == "" || e.sc.RowCap > 0 && given >= e.sc.RowCap {
			return nil
		}
		q.Cursor = page.Next
	}
}

// path writes a category from its root: 收款/年费.
func (e *exporter) path(n int64) string {
	s := ""
	for _, c := range e.cat.Ancestors(n) {
		s = "/" + c.Name + s
	}
	return strings.TrimPrefix(s, "/")
}

func (e *exporter) row(r record.Record, titles map[string]map[record.ID]string) []datum {
	vs := e.k.Values(r)
	out := make([]datum, 0, len(e.fields)+8)
	for _, f := range e.fields {
		v := vs[f.Pos]
		d := datum{}
		switch {
		case v.Null:
		case f.IsRef():
			d.text = titles[e.k.RefKind(f, vs)][record.ID(v.S)]
		case f.Type == record.Category:
			var names []string
			for _, n := range v.Numbers(f.Multi) {
				names = append(names, e.path(n))
			}
			d.text = strings.Join(names, "; ")
		case f.Type == record.MoneyType:
			if d.text, d.number = v.Money().Decimal(), true; v.S != e.cat.Currency {
				d.text, d.number = v.S+" "+d.text, false
			}
		case f.Type == record.Int, f.Type == record.Float:
			d.text, d.number = string(f.JSON(v)), true
		case f.Type == record.Choices:
			d.text = strings.ReplaceAll(strings.Trim(v.S, ";"), ";", "; ")
		case f.Type == record.Bool:
			d.text = map[int64]string{0: "false", 1: "true"}[v.N]
		case f.Type == record.Time_:
			d.text = record.Time(v.N).String()
		default:
			d.text = v.S
		}
		out = append(out, d)
		if f.IsRef() {
			out = append(out, datum{text: v.S})
		}
	}
	return out
}

// lines writes a JSON object a line, as the API answers records.
func (e *exporter) lines(w io.Writer) (int, error) {
	n := 0
	return n, e.pages(func(recs []record.Record, titles map[string]map[record.ID]string) error {
		var b strings.Builder
		for _, r := range recs {
			vs := e.k.Values(r)
			b.Reset()
			b.WriteString(`{"kind":` + quoted(e.k.Name))
			for _, f := range e.fields {
				v := vs[f.Pos]
				b.WriteString("," + quoted(f.Name) + ":")
				switch {
				case v.Null:
					b.WriteString("null")
				case f.IsRef():
					b.WriteString(`{"id":` + quoted(v.S) + `,"title":` + quoted(titles[e.k.RefKind(f, vs)][record.ID(v.S)]) + "}")
				case f.Type == record.Category:
					var refs []string
					for _, n := range v.Numbers(f.Multi) {
						if c := e.cat.Numbered(n); c != nil {
							refs = append(refs, `{"id":`+quoted(string(c.ID))+`,"title":`+quoted(c.Name)+"}")
						}
					}
					if s := strings.Join(refs, ","); f.Multi {
						b.WriteString("[" + s + "]")
					} else if s != "" {
						b.WriteString(s)
					} else {
						b.WriteString("null")
					}
				default:
					b.Write(f.JSON(v))
				}
			}
			b.WriteString("}\n")
			if _, err := io.WriteString(w, b.String()); err != nil {
				return err
			}
			n++
		}
		return nil
	})
}

func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		return `""` // a text always has a JSON form
	}
	return string(b)
}

// A Summary is a workbook of small tables as somebody sees them: figures that were added up, not records.
type Summary struct {
	Sheets []Worksheet `json:"sheets" minItems:"1" maxItems:"40"`
}

// A Worksheet is one of its tables.
type Worksheet struct {
	Name string     `json:"name" doc:"of the sheet, as far as a workbook takes it"`
	Head []string   `json:"head"`
	Rows [][]string `json:"rows" doc:"none longer than the head"`
}

// maxSheets and maxLines bound a Summary.
const (
	maxSheets = 40
	maxLines  = 10_000
)

// Write writes the tables as a workbook; what reads as a number is one.
func (t Summary) Write(w io.Writer) error {
	if len(t.Sheets) == 0 {
		return record.FieldError("sheets", "error.required")
	}
	lines := 0
	for _, sh := range t.Sheets {
		lines += len(sh.Rows)
	}
	if len(t.Sheets) > maxSheets || lines > maxLines {
		return record.FieldError("sheets", "error.too_many")
	}
	out := &xlsxSink{f: excelize.NewFile(), out: w}
	used := map[string]bool{}
	for _, sh := range t.Sheets {
		out.title = sheetName(sh.Name, used)
		if err := out.head(sh.Head); err != nil {
			return err
		}
		for _, r := range sh.Rows {
			if len(r) > len(sh.Head) {
				return record.FieldError("sheets", "error.not_a_list")
			}
			line := make([]datum, len(r))
			for i, text := range r {
				_, err := strconv.ParseFloat(text, 64)
				line[i] = datum{text: text, number: err == nil && i > 0} // the first column names: 2026 is no amount there
			}
			if err := out.row(line); err != nil {
				return err
			}
		}
	}
	return out.end()
}

// sheetName is what a workbook takes for a name: 31 characters at most, some not at all, none twice.
func sheetName(name string, used map[string]bool) string {
	clean := strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`:\/?*[]'`, r) {
			return ' '
		}
		return r
	}, name)
	clean = cmp.Or(strings.Join(strings.Fields(clean), " "), "Sheet")
	for n := 1; ; n++ {
		end := ""
		if n > 1 {
			end = fmt.Sprintf(" (%d)", n)
		}
		u := []rune(clean)
		for len(utf16.Encode(u))+len(end) > excelize.MaxSheetNameLength {
			u = u[:len(u)-1]
		}
		if try := strings.TrimSpace(string(u)) + end; !used[strings.ToLower(try)] {
			used[strings.ToLower(try)] = true
			return try
		}
	}
}
