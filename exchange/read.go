package exchange

import (
	"fmt"
	"strings"
	"time"

	"guike/fold"
	"guike/record"
	"guike/store"
)

// An env is what the rows of one import share.
type env struct {
	cat      *store.Catalogue
	k        *record.Kind
	m        *Mapping
	zone     *time.Location
	currency string
	cols     []*column
	consts   []constant
	lines    *record.Field // of the kind, where columns write lines
	total    *record.Field // the amount that the lines should add up to
	note     *record.Field
	key      *record.Field
	width    int
	trimmed  bool   // the writer leaves out empty cells at the end of a row
	holder   string // 户名 above the table, for an account that is made
	linked   bool   // columns speak of the customer's contact
	guarded  bool   // a text file: ' before = + - @ is a guard
}

// A column is a Column made ready.
type column struct {
	Column
	i      int
	f      *record.Field
	part   string // of lines, in, out, first, last, id, of the contact
	linked bool   // of the contact
	words  map[string]string
	order  dayOrder
	set    map[string]*store.Category // folded name → category
}

type constant struct {
	Constant
	f *record.Field
}

// newEnv makes a mapping ready and refuses one that says nothing.
func newEnv(cat *store.Catalogue, k *record.Kind, m *Mapping) (*env, error) {
	e := &env{cat: cat, k: k, m: m, zone: cat.Zone, currency: cat.Currency, note: k.Field("note"), width: len(m.Columns), guarded: m.Form.Format == "csv"}
	used := map[string]bool{}
	for i := range m.Columns {
		c := &column{Column: m.Columns[i], i: i}
		if c.Field == "" {
			continue
		}
		if c.Field == Note {
			if e.note == nil {
				continue
			}
			e.cols = append(e.cols, c)
			continue
		}
		if c.f = targetField(k, c.Field); c.f == nil {
			return nil, record.FieldError(c.Name, "error.no_such_field")
		}
		target := strings.TrimSuffix(c.Field, ".id")
		if used[target] {
			return nil, record.FieldError(c.Name, "error.field_twice")
		}
		used[target] = true
		if _, rest, ok := strings.Cut(c.Field, "."); ok {
			c.part = rest
			c.linked = linkedField(k, c.Field) != nil
			e.linked = e.linked || c.linked
			if head := k.Field(c.Field[:strings.IndexByte(c.Field, '.')]); head != nil && head.Type == record.Lines {
				e.lines = head
			}
		}
		if c.Day == "dm" {
			c.order = dayFirst
		}
		c.words = map[string]string{}
		if c.f.Type == record.Choice || c.f.Type == record.Choices {
			c.words = choiceWords(k.Name, c.f)
		}
		for w, v := range c.Values {
			c.words[fold.Name(w)] = v
		}
		if c.f.Type == record.Category {
			c.set = categories(cat, c.f)
		}
		e.cols = append(e.cols, c)
	}
	if e.lines != nil {
		e.total = k.Field("amount")
	}
	for _, c := range m.Constants {
		f := targetField(k, c.Field)
		switch c.Field {
		case "currency":
			e.currency = c.Value
			continue
		case "holder":
			e.holder = c.Value
			continue
		}
		if f == nil {
			return nil, record.FieldError(c.Field, "error.no_such_field")
		}
		e.consts = append(e.consts, constant{c, f})
	}
	if m.Key != "" {
		if e.key = k.Field(m.Key); e.key == nil || !e.key.Textual() || e.key.Type == record.Lines || e.key.Type == record.JSON {
			return nil, record.FieldError("key", "error.no_such_field")
		}
		if m.Key == "id" && !used["id"] || !e.key.IsSystem() && !used[m.Key] && !used[m.Key+".first"] {
			return nil, record.FieldError("key", "error.key_not_mapped")
		}
	} else if m.Mode != ModeCreate {
		return nil, record.FieldError("key", "error.key_wanted")
	}
	if len(e.cols) == 0 {
		return nil, record.FieldError("columns", "error.nothing_mapped")
	}
	return e, nil
}

// A pending is a word that refers to a record, to be found with the batch's others.
type pending struct {
	c       *column // nil for a constant
	f       *record.Field
	word    string
	missing string
	line    int  // of the lines, -1 is the record itself
	silent  bool // nice to have: a product that a line's name names
}

// A reading is one row, or several rows of one order, read: what it sets, what is to be found, what is wrong.
type reading struct {
	row     row
	rows    []int // file rows it stands for, the first included
	set     map[int]record.Value
	why     map[string]record.Decision
	lines   []map[string]record.Value
	sums    []record.Value // the amount column of each row
	notes   []string
	refs    []pending
	contact *linked
	issues  []Issue
	outcome string
	key     string
	id      record.ID // of the record that is there
	rec     record.Record
	patch   map[string]record.Value
	was     []record.Value // of the record that is there
}

// Outcomes of a row.
const (
	outCreated   = "created"
	outUpdated   = "updated"
	outUnchanged = "unchanged"
	outRejected  = "rejected"
	outSkipped   = "skipped"
)

func (d *reading) issue(severity, column, reason, value string) {
	if rs := []rune(value); len(rs) > 200 {
		value = string(rs[:200]) + "…"
	}
	d.issues = append(d.issues, Issue{Row: d.row.no, Severity: severity, Column: column, Reason: reason, Value: value})
}

func (d *reading) reject(column, reason, value string) {
	d.outcome = outRejected
	d.issue(severeReject, column, reason, value)
}

func (d *reading) skip(column, reason, value string) {
	if d.outcome == "" {
		d.outcome = outSkipped
		d.issue(severeSkip, column, reason, value)
	}
}

// footer reports whether a row is no data. A row with an id of the house's own is, whatever its name.
func (e *env) footer(r row) bool {
	return (e.key == nil || e.key.Name != "id") && footer(r, e.width)
}

// read reads one row's cells.
func (e *env) read(r row) *reading {
	d := &reading{row: r, rows: []int{r.no}, set: make(map[int]record.Value, len(e.cols))}
	if e.footer(r) {
		d.skip("", issueFooter, strings.TrimSpace(strings.Join(r.cells, " ")))
		return d
	}
	switch r.odd {
	case "":
	case issueCharset, issueBalance:
		d.issue(severeWarn, "", r.odd, "")
	default:
		d.reject("", r.odd, "")
		return d
	}
	if r.short && len(r.cells) < e.width && !e.trimmed {
		d.reject("", issueFewCells, fmt.Sprintf("%d < %d", len(r.cells), e.width))
		return d
	}
	for i := e.width; i < len(r.cells); i++ {
		if strings.TrimSpace(r.cells[i]) != "" {
			d.reject("", issueManyCells, fmt.Sprintf("%d > %d", len(r.cells), e.width))
			return d
		}
	}
	var line map[string]record.Value
	name, address := map[string]string{}, map[string]string{}
	for _, c := range e.cols {
		cell := ""
		if c.i < len(r.cells) {
			cell = r.cells[c.i]
		}
		if mark := r.marks[c.i]; mark == issueMerged {
			d.issue(severeWarn, c.Name, mark, cell)
		} else if mark != "" {
			d.reject(c.Name, mark, cell)
			continue
		}
		if e.guarded {
			cell = unguard(cell)
		}
		if c.f == nil {
			if !emptyCell(cell, true) {
				d.notes = append(d.notes, c.Name+"："+strings.TrimSpace(cell))
			}
			continue
		}
		textual := c.f.Type == record.Text || c.f.Type == record.Long || c.f.Type == record.Phone
		if emptyCell(cell, textual) {
			if e.m.Clear && c.part == "" && c.f.Name != "id" {
				d.set[c.f.Pos] = record.Absent
			}
			continue
		}
		switch {
		case c.part == "first" || c.part == "last":
			name[c.part] = strings.TrimSpace(cell)
			continue
		case c.f.Name == "address" && c.part != "":
			address[c.part] = strings.TrimSpace(cell)
			continue
		case c.f.Type == record.Ref && c.f.Name != "id":
			p := pending{c: c, f: c.f, word: strings.TrimSpace(cell), missing: c.Missing, line: -1}
			if e.lines != nil && strings.HasPrefix(c.Field, e.lines.Name+".") {
				p.line = 0
			}
			d.refs = append(d.refs, p)
			continue
		case c.f.Type == record.Category:
			e.category(d, c, cell)
			continue
		}
		v, reason := c.parse(c.f, cell, e)
		if reason != "" {
			if c.Bad == OrEmpty && !(c.f.IsRequired() && c.part == "") {
				d.issue(severeWarn, c.Name, reason, cell)
				d.notes = append(d.notes, c.Name+"："+strings.TrimSpace(cell))
			} else {
				d.reject(c.Name, reason, cell)
			}
			continue
		}
		switch {
		case c.linked:
			d.link(c, cell, v)
		case e.lines != nil && strings.HasPrefix(c.Field, e.lines.Name+"."):
			if line == nil {
				line = map[string]record.Value{}
			}
			line[c.f.Name] = v
		case c.part == "in" || c.part == "out":
			e.sided(d, c, v)
		default:
			d.set[c.f.Pos] = v
			if e.total != nil && c.f == e.total {
				d.sums = []record.Value{v}
			}
		}
	}
	if len(name) > 0 {
		if f := e.k.NamedField(); f != nil {
			d.set[f.Pos] = record.TextValue(wholeName(name["first"], name["last"]))
		}
	}
	if f := e.k.Field("address"); len(address) > 0 && f != nil {
		d.set[f.Pos] = record.TextValue(wholeAddress(address, d.set[f.Pos].S))
	}
	if e.lines != nil {
		if line == nil {
			line = map[string]record.Value{}
		}
		d.lines = []map[string]record.Value{line}
		if len(d.sums) == 0 {
			d.sums = []record.Value{record.Absent}
		}
	}
	d.settleLink()
	e.signed(d)
	for _, c := range e.consts {
		if c.f.Type == record.Ref {
			d.refs = append(d.refs, pending{f: c.f, word: c.Value, missing: c.Missing, line: -1})
			continue
		}
		if _, ok := d.set[c.f.Pos]; !ok {
			if v, reason := (&column{words: choiceWords(e.k.Name, c.f)}).parse(c.f, c.Value, e); reason == "" {
				d.set[c.f.Pos] = v
			}
		}
	}
	return d
}

// wholeName joins the parts of a name: 王 + 芳 → 王芳, Ann + Lee → Ann Lee.
func wholeName(first, last string) string {
	if !isASCII([]byte(first + last)) {
		return last + first
	}
	return strings.TrimSpace(first + " " + last)
}

// wholeAddress puts province, city, district and town before the street, unless they stand there already. 上海 + 上海市 is said once.
func wholeAddress(parts map[string]string, street string) string {
	out := ""
	for _, name := range addressParts {
		if p := parts[name]; p != "" && !strings.HasSuffix(out, p) && strings.TrimSuffix(p, "市") != out {
			if out != "" && isASCII([]byte(out+p)) {
				out += " "
			}
			out += p
		} else if p != "" && strings.TrimSuffix(p, "市") == out {
			out = p
		}
	}
	switch {
	case out == "" || strings.HasPrefix(street, out) || street != "" && parts[addressParts[0]] != "" && strings.HasPrefix(street, parts[addressParts[0]]):
		return street
	case street != "" && isASCII([]byte(out+street)):
		return out + " " + street
	}
	return out + street
}

// sided reads one of two amount columns: what stands there says which way the money went. A zero says nothing; a negative amount went the other way.
func (e *env) sided(d *reading, c *column, v record.Value) {
	if v.N == 0 {
		return
	}
	dir := c.part
	if v.N < 0 {
		v.N, dir = -v.N, map[string]string{"in": "out", "out": "in"}[dir]
	}
	if _, both := d.set[c.f.Pos]; both {
		d.reject(c.Name, issueMoney, "") // both sides have an amount
		return
	}
	d.set[c.f.Pos] = v
	d.set[e.k.Field("direction").Pos] = record.TextValue(dir)
}

// signed turns a negative amount of a statement into its direction.
func (e *env) signed(d *reading) {
	dir, amount := e.k.Field("direction"), e.k.Field("amount")
	if dir == nil || amount == nil || !dir.IsRequired() {
		return
	}
	v, ok := d.set[amount.Pos]
	if !ok || v.Null {
		return
	}
	if _, said := d.set[dir.Pos]; said {
		return
	}
	side := "in"
	if v.N < 0 {
		v.N, side = -v.N, "out"
	}
	d.set[amount.Pos], d.set[dir.Pos] = v, record.TextValue(side)
}
