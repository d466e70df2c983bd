package store

import (
	"fmt"
	"math"
	"strings"

	"guike/record"
)

// A cell receives one column from either driver: there are only three physical types.
type cell struct {
	s    string
	n    int64
	null bool
}

// Scan implements sql.Scanner.
func (c *cell) Scan(src any) error {
	*c = cell{}
	switch v := src.(type) {
	case nil:
		c.null = true
	case string:
		c.s = v
	case []byte:
		c.s = string(v)
	case int64:
		c.n = v
	case float64:
		c.n = int64(math.Float64bits(v))
	case bool:
		c.n = number01(v)
	default:
		return fmt.Errorf("column of type %T", src)
	}
	return nil
}

// A shape is the columns of a kind that a query reads, and how they become a record.
type shape struct {
	k     *record.Kind
	pos   []int // positions read
	cols  string
	cells []cell
	dst   []any
	buf   record.Fields
}

// whole reads all fields of a kind; light leaves out what is large and secret (a document's text and reading).
func whole(*record.Field) bool { return true }

func light(f *record.Field) bool {
	return !f.IsSecret() || f.Type != record.Long && f.Type != record.JSON
}

// newShape reads those fields of a kind that keep says.
func newShape(k *record.Kind, alias string, keep func(*record.Field) bool) *shape {
	s := &shape{k: k}
	var cols []string
	add := func(name string) { cols = append(cols, alias+"."+quote(name)) }
	for i := range k.Fields {
		f := &k.Fields[i]
		if !keep(f) {
			continue
		}
		s.pos = append(s.pos, i)
		add(f.Name)
		if f.Type == record.MoneyType {
			add(f.Name + "_cur")
		}
	}
	s.cols = strings.Join(cols, ", ")
	s.cells = make([]cell, len(cols))
	s.dst = make([]any, len(cols))
	for i := range s.cells {
		s.dst[i] = &s.cells[i]
	}
	return s
}

// scan reads the row that rows stands on into a new record. extra receives columns that follow.
func (s *shape) scan(rows Rows, extra ...any) (record.Record, error) {
	if err := rows.Scan(append(s.dst[:len(s.cells):len(s.cells)], extra...)...); err != nil {
		return nil, err
	}
	r := s.k.New()
	bound := s.k.Bind(r, &s.buf)
	c := 0
	for _, pos := range s.pos {
		f := &s.k.Fields[pos]
		v := record.Value{S: s.cells[c].s, N: s.cells[c].n, Null: s.cells[c].null}
		if f.Textual() && v.S == "" {
			v = record.Absent
		}
		c++
		if f.Type == record.MoneyType {
			v.S = s.cells[c].s
			c++
			if v.S == "" {
				v = record.Absent
			}
		}
		bound[pos].Set(v)
	}
	return r, nil
}
