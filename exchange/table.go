package exchange

import (
	"errors"
	"io"
	"os"
	"slices"
	"strings"

	"guike/record"
)

// A row is one row of a table as it stands in the file.
type row struct {
	no    int // physical line, or row of the sheet, 1 is the first
	cells []string
	short bool   // fewer cells than the header is an error here: a text file's row that was cut or torn
	odd   string // issue of the whole row: its character set, an open quotation mark
	marks map[int]string
	// marks are issues of cells: a formula without a value, an error value, part of a merged cell.
}

func (r *row) blank() bool {
	for _, c := range r.cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

// A table is read from its beginning to its end, once.
type table interface {
	next() (row, error) // io.EOF after the last
	close() error
}

// A form is how a table's file is written.
type form struct {
	Format   string `json:"format"`  // csv, xlsx, mt940, camt
	Charset  string `json:"charset"` // of a csv
	Comma    string `json:"comma"`   // of a csv
	Sheet    string `json:"sheet,omitempty"`
	Date1904 bool   `json:"date1904,omitempty"`
}

// formOf looks into a file: what it is, never what its name says.
func formOf(f *os.File) (form, error) {
	info, err := f.Stat()
	if err != nil {
		return form{}, err
	}
	if info.Size() > MaxTable {
		return form{}, ErrTooLarge
	}
	if info.Size() == 0 {
		return form{}, record.FieldError("file", "error.empty_file")
	}
	head := make([]byte, 8)
	n, err := f.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return form{}, err
	}
	switch {
	case n >= 4 && string(head[:4]) == "PK\x03\x04":
		return xlsxForm(f, info.Size())
	case n >= 8 && string(head[:8]) == "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1":
		return form{}, record.FieldError("file", "error.old_excel") // .xls, or an encrypted .xlsx
	case n >= 4 && string(head[:4]) == "%PDF":
		return form{}, record.FieldError("file", "error.not_a_table")
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return form{}, err
	}
	out := form{Format: "csv"}
	if out.Charset, err = charsetOf(f); err != nil {
		return form{}, err
	}
	what, err := statementForm(f, out.Charset)
	if err != nil || what != "" {
		out.Format, out.Comma = what, ","
		return out, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return form{}, err
	}
	l, err := newLiner(f, out.Charset)
	if err != nil {
		return form{}, err
	}
	var lines []string
	for len(lines) < 60 {
		x, err := l.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return form{}, err
		}
		if strings.IndexByte(x.text, 0) >= 0 {
			return form{}, record.FieldError("file", "error.not_a_table")
		}
		lines = append(lines, x.text)
	}
	out.Comma = commaOf(lines)
	return out, nil
}

// openTable opens a file whose form is known, at its first row.
func openTable(f *os.File, fm form) (table, error) {
	if fm.Format == "xlsx" {
		return openXLSX(f, fm)
	}
	if fm.statement() {
		return openStatement(f, fm)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	l, err := newLiner(f, fm.Charset)
	if err != nil {
		return nil, err
	}
	return &csvTable{l: l, comma: fm.Comma[0]}, nil
}

// commaOf finds the delimiter: the one that most lines have equally often.
func commaOf(lines []string) string {
	best, most := ",", 0
	for _, c := range []string{",", "\t", ";", "|"} {
		counts := map[int]int{}
		for _, s := range lines {
			n, quoted := 0, false
			for i := range len(s) {
				if s[i] == '"' {
					quoted = !quoted
				} else if s[i] == c[0] && !quoted {
					n++
				}
			}
			if n > 0 {
				counts[n]++
			}
		}
		for n, lines := range counts {
			if score := lines * lines * min(n, 8); score > most {
				best, most = c, score
			}
		}
	}
	return best
}

// csvTable reads text. Unlike encoding/csv it knows physical lines, decodes each by itself, and recovers from a quotation mark that is never closed: only
// its own row is refused, not the rest of the file.
type csvTable struct {
	l     *liner
	comma byte
}

// A quoted cell that goes on for longer than this was never closed.
const (
	maxCellLines = 400
	maxCell      = 1 << 20
)

func (t *csvTable) close() error { return nil }

func (t *csvTable) next() (row, error) {
	x, err := t.l.next()
	if err != nil {
		return row{}, err
	}
	r := row{no: x.no, odd: x.odd, short: true}
	var cells []string
	var more []line
	text, last := x.text, x
	for {
		var open bool
		if cells, open = split(text, t.comma); !open {
			break
		}
		y, err := t.l.next()
		if err != nil && err != io.EOF {
			return row{}, err
		}
		if err == io.EOF || len(more) >= maxCellLines || len(text) > maxCell {
			if err == nil {
				more = append(more, y)
			}
			slices.Reverse(more)
			t.l.back = append(t.l.back, more...)
			r.odd = issueQuote
			cells, _ = split(x.text, t.comma)
			break
		}
		more = append(more, y)
		if last.cr {
			text += "\r"
		}
		text, last = text+"\n"+y.text, y
		if r.odd == "" {
			r.odd = y.odd
		}
	}
	r.cells = cells
	return r, nil
}

// split cuts a line at its delimiters. open says that a quotation mark was not closed. A mark inside a cell that did not begin with one is a character.
func split(s string, comma byte) (cells []string, open bool) {
	if strings.IndexByte(s, '"') < 0 {
		return strings.Split(s, string(comma)), false
	}
	for {
		lead := len(s) - len(strings.TrimLeft(s, " "))
		if lead == len(s) || s[lead] != '"' {
			i := strings.IndexByte(s, comma)
			if i < 0 {
				return append(cells, s), false
			}
			cells, s = append(cells, s[:i]), s[i+1:]
			continue
		}
		var b strings.Builder
		rest := s[lead+1:]
		for {
			i := strings.IndexByte(rest, '"')
			if i < 0 {
				return append(cells, b.String()+rest), true
			}
			b.WriteString(rest[:i])
			rest = rest[i+1:]
			if strings.HasPrefix(rest, `"`) {
				b.WriteByte('"')
				rest = rest[1:]
				continue
			}
			break
		}
		i := strings.IndexByte(rest, comma)
		if i < 0 {
			return append(cells, b.String()+strings.TrimRight(rest, " ")), false
		}
		b.WriteString(strings.TrimRight(rest[:i], " "))
		cells, s = append(cells, b.String()), rest[i+1:]
	}
}
