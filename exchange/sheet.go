package exchange

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"time"
)

// sheet reads rows as a stream.
type sheet struct {
	r      io.ReadCloser
	x      *xml.Decoder
	shared []string
	dates  []bool // by cell style
	d1904  bool
	merged []area
	filled map[int]string // column → value of the merged cell that reaches down
	no     int
	done   bool
}

// An area is a merged range, counted from 0.
type area struct {
	left, top, right, bottom int
	value                    string
}

func openXLSX(f *os.File, fm form) (table, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	w, err := openWorkbook(f, info.Size())
	if err != nil {
		return nil, err
	}
	s := &sheet{d1904: fm.Date1904}
	if w.parts["xl/sharedStrings.xml"] != nil {
		if s.shared, err = w.strings(); err != nil {
			return nil, notTable(err)
		}
	}
	if w.parts["xl/styles.xml"] != nil {
		if s.dates, err = w.styles(); err != nil {
			return nil, notTable(err)
		}
	}
	if s.merged, err = w.merges(fm.Sheet); err != nil {
		return nil, notTable(err)
	}
	if s.r, err = w.open(fm.Sheet, maxSheet); err != nil {
		return nil, err
	}
	s.x = xml.NewDecoder(bufio.NewReaderSize(s.r, 1<<16))
	return s, nil
}

func (s *sheet) close() error { return s.r.Close() }

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func (s *sheet) next() (row, error) {
	for !s.done {
		t, err := s.x.RawToken()
		if err == io.EOF {
			break
		}
		if err != nil {
			return row{}, notTable(err)
		}
		switch e := t.(type) {
		case xml.StartElement:
			if e.Name.Local == "row" {
				if n, err := strconv.Atoi(attr(e, "r")); err == nil && n > s.no {
					s.no = n
				} else {
					s.no++
				}
				if s.no > maxRows {
					return row{}, ErrTooLarge
				}
				return s.row()
			}
		case xml.EndElement:
			s.done = s.done || e.Name.Local == "sheetData"
		}
	}
	return row{}, io.EOF
}

func (s *sheet) row() (row, error) {
	out := row{no: s.no}
	col := -1
	for {
		t, err := s.x.RawToken()
		if err != nil {
			return out, notTable(err)
		}
		switch e := t.(type) {
		case xml.StartElement:
			if e.Name.Local != "c" {
				continue
			}
			if c, _ := place(attr(e, "r")); c > col {
				col = c
			} else {
				col++
			}
			if col >= maxColumns {
				return out, ErrTooLarge
			}
			v, mark, err := s.cell(e)
			if err != nil {
				return out, notTable(err)
			}
			for len(out.cells) <= col {
				out.cells = append(out.cells, "")
			}
			out.cells[col] = v
			if mark != "" {
				out.mark(col, mark)
			}
		case xml.EndElement:
			if e.Name.Local == "row" {
				s.fill(&out)
				return out, nil
			}
		}
	}
}

func (r *row) mark(col int, issue string) {
	if r.marks == nil {
		r.marks = map[int]string{}
	}
	r.marks[col] = issue
}

// fill gives the cells of a merged range the value that stands in its first.
func (s *sheet) fill(r *row) {
	for i := range s.merged {
		a := &s.merged[i]
		y := r.no - 1
		if y < a.top || y > a.bottom {
			continue
		}
		if y == a.top && a.left < len(r.cells) {
			a.value = r.cells[a.left]
		}
		if a.value == "" || a.bottom == a.top {
			continue // a heading over several columns stays one
		}
		if y > a.top {
			for len(r.cells) <= a.left {
				r.cells = append(r.cells, "")
			}
			if r.cells[a.left] == "" {
				r.cells[a.left] = a.value
				r.mark(a.left, issueMerged)
			}
		}
	}
}

// cell reads one cell up to its end: its text, and what is wrong with it.
func (s *sheet) cell(c xml.StartElement) (string, string, error) {
	kind := attr(c, "t")
	style, err := strconv.Atoi(attr(c, "s"))
	if err != nil {
		style = -1
	}
	var v []byte
	text, formula, in := "", false, false
	for {
		t, err := s.x.RawToken()
		if err != nil {
			return "", "", err
		}
		switch e := t.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "v":
				in = true
			case "f":
				formula = true
			case "is":
				if text, err = plainText(s.x, "is"); err != nil {
					return "", "", err
				}
			}
		case xml.CharData:
			if in && len(v) < maxCell {
				v = append(v, e...)
			}
		case xml.EndElement:
			in = false
			if e.Name.Local != "c" {
				continue
			}
			if len(v) == 0 && formula && text == "" {
				return "", issueFormula, nil
			}
			return s.value(kind, style, string(v), text)
		}
	}
}

func (s *sheet) value(kind string, style int, v, text string) (string, string, error) {
	switch kind {
	case "s":
		i, err := strconv.Atoi(v)
		if err != nil || i < 0 || i >= len(s.shared) {
			return "", "", fmt.Errorf("shared string %q", v)
		}
		return s.shared[i], "", nil
	case "inlineStr":
		return text, "", nil
	case "str", "d":
		return v, "", nil
	case "b":
		if v == "1" {
			return "TRUE", "", nil
		}
		return "FALSE", "", nil
	case "e":
		return v, issueError, nil
	}
	if v == "" {
		return "", "", nil
	}
	x, err := strconv.ParseFloat(v, 64)
	if err != nil {
		return v, "", nil
	}
	if style >= 0 && style < len(s.dates) && s.dates[style] {
		if t, ok := serial(x, s.d1904); ok {
			return t, "", nil
		}
	}
	// Fifteen digits are what a spreadsheet means; the rest is the binary fraction's.
	if y, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 15, 64), 64); err == nil {
		x = y
	}
	return strconv.FormatFloat(x, 'f', -1, 64), "", nil
}

// serial turns a spreadsheet's day number into "2006-01-02", with the time where it has one. Day 60 of the 1900 system never was (1900-02-29): before it the
// count is one off.
func serial(x float64, d1904 bool) (string, bool) {
	if math.IsNaN(x) || x < 0 || x > 2_958_466 {
		return "", false
	}
	day := math.Floor(x)
	clock := time.Duration(math.Round((x-day)*86400)) * time.Second
	if day == 0 && !d1904 {
		return time.Time{}.Add(clock).Format("15:04:05"), true
	}
	base := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case d1904:
		base = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case day == 60:
		return "", false
	case day < 60:
		base = base.AddDate(0, 0, 1)
	}
	t := base.AddDate(0, 0, int(day)).Add(clock)
	if clock == 0 {
		return t.Format(time.DateOnly), true
	}
	return t.Format(time.DateTime), true
}
