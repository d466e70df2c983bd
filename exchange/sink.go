package exchange

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"guike/record"

	"github.com/xuri/excelize/v2"
)

// A cell that a spreadsheet would run is guarded by ' in front; a number is no formula. One that looks guarded is guarded again, so that unguard gives back
// exactly what was.
func guard(s string, number bool) string {
	if number || s == "" {
		return s
	}
	rest := strings.TrimLeft(s, "'")
	if rest != "" && strings.IndexByte("=+-@\t\r", rest[0]) >= 0 {
		return "'" + s
	}
	return s
}

// unguard takes the guard off again, ours or ="0012", by which shops keep Excel from making a number of a number.
func unguard(s string) string {
	if rest, ok := strings.CutPrefix(s, "'"); ok {
		if inner := strings.TrimLeft(rest, "'"); inner != "" && strings.IndexByte("=+-@\t\r", inner[0]) >= 0 {
			return rest
		}
	}
	if inner, ok := strings.CutPrefix(strings.TrimSpace(s), `="`); ok && strings.HasSuffix(inner, `"`) {
		return strings.ReplaceAll(strings.TrimSuffix(inner, `"`), `""`, `"`)
	}
	return s
}

// A sink is a file being written.
type sink interface {
	head([]string) error
	row([]datum) error
	end() error
}

// A datum is one cell: its text, and whether it is a number.
type datum struct {
	text   string
	number bool
}

type csvSink struct{ w *csv.Writer }

func newCSV(w io.Writer) (sink, error) {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return nil, err
	}
	c := csv.NewWriter(w)
	return csvSink{c}, nil
}

func (s csvSink) head(names []string) error {
	for i := range names {
		names[i] = guard(names[i], false)
	}
	return s.w.Write(names)
}

func (s csvSink) row(ds []datum) error {
	cells := make([]string, len(ds))
	for i, d := range ds {
		cells[i] = guard(d.text, d.number)
	}
	return s.w.Write(cells)
}

func (s csvSink) end() error {
	s.w.Flush()
	return s.w.Error()
}

// xlsxSink writes rows to a temporary file as they come; a sheet ends at 1,048,576 rows, then the next begins.
type xlsxSink struct {
	f     *excelize.File
	out   io.Writer
	w     *excelize.StreamWriter
	names []string
	title string // of the sheet that begins next; "" is a numbered one
	sheet int
	no    int
}

func newXLSX(w io.Writer) (sink, error) {
	return &xlsxSink{f: excelize.NewFile(), out: w}, nil
}

func (s *xlsxSink) head(names []string) error {
	s.names = names
	return s.begin()
}

func (s *xlsxSink) begin() error {
	s.sheet++
	name := cmp.Or(s.title, fmt.Sprintf("Sheet%d", s.sheet))
	if s.sheet > 1 {
		if err := s.w.Flush(); err != nil {
			return err
		}
		if _, err := s.f.NewSheet(name); err != nil {
			return err
		}
	} else if err := s.f.SetSheetName("Sheet1", name); err != nil {
		return err
	}
	var err error
	if s.w, err = s.f.NewStreamWriter(name); err != nil {
		return err
	}
	s.no = 0
	cells := make([]any, len(s.names))
	for i, n := range s.names {
		cells[i] = n
	}
	return s.put(cells)
}

func (s *xlsxSink) put(cells []any) error {
	s.no++
	at, err := excelize.CoordinatesToCellName(1, s.no)
	if err != nil {
		return err
	}
	return s.w.SetRow(at, cells)
}

func (s *xlsxSink) row(ds []datum) error {
	if s.no >= maxRows {
		if err := s.begin(); err != nil {
			return err
		}
	}
	cells := make([]any, len(ds))
	for i, d := range ds {
		if cells[i] = any(d.text); d.number && len(d.text) <= 15 {
			if x, err := strconv.ParseFloat(d.text, 64); err == nil {
				cells[i] = x
			}
		}
		if utf8.RuneCountInString(d.text) > excelize.TotalCellChars {
			return record.FieldError(s.names[i], "error.cell_too_long") // a spreadsheet would cut it; CSV holds it
		}
	}
	return s.put(cells)
}

func (s *xlsxSink) end() error {
	if err := s.w.Flush(); err != nil {
		return err
	}
	defer s.f.Close()
	return s.f.Write(s.out)
}
