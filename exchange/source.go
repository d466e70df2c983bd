package exchange

import (
	"io"
	"os"
	"strings"
)

// A source gives a table's rows in batches, rows of one record together.
type source struct {
	r        *run
	f        *os.File
	t        table
	ahead    *row
	last     int // the last row given
	preamble []row
	group    int // the column by whose value rows belong together, -1 for none
	end      bool
}

// open opens a run's file and reads past the header.
func (r *run) open(f *os.File) (*source, error) {
	t, err := openTable(f, r.m.Form)
	if err != nil {
		return nil, err
	}
	s := &source{r: r, f: f, t: t, group: -1}
	for s.r.m.Header > 0 {
		x, err := t.next()
		if err != nil {
			t.close()
			return nil, err
		}
		if x.no >= s.r.m.Header {
			break
		}
		if !x.blank() {
			s.preamble = append(s.preamble, x)
		}
	}
	if r.lines != nil && r.key != nil {
		for _, c := range r.cols {
			if c.f == r.key && c.part == "" {
				s.group = c.i
			}
		}
	}
	if err := s.trimmed(); err != nil {
		t.close()
		return nil, err
	}
	return s, nil
}

// trimmed finds whether the file's writer leaves out empty cells at the end of rows: then a short row is no torn one. A few short rows among many are.
func (s *source) trimmed() error {
	if s.r.m.Form.Format != "csv" {
		return nil
	}
	again, err := s.r.again(s.f)
	if err != nil {
		return err
	}
	rows, err := peek(again, heads)
	if err != nil {
		return err
	}
	short, n := 0, 0
	for _, x := range rows {
		if x.no <= s.r.m.Header {
			continue
		}
		n++
		if len(x.cells) < s.r.width && !s.r.footer(x) {
			short++
		}
	}
	s.r.env.trimmed = n > 0 && short*4 > n
	// The file is read by one hand: back to where the rows begin.
	if s.t, err = s.r.again(s.f); err != nil {
		return err
	}
	for s.r.m.Header > 0 {
		x, err := s.t.next()
		if err != nil || x.no >= s.r.m.Header {
			return err
		}
	}
	return nil
}

func (r *run) again(f *os.File) (table, error) { return openTable(f, r.m.Form) }

// pos is how far into the file the source has read, in bytes, about.
func (s *source) pos() int64 {
	n, err := s.f.Seek(0, io.SeekCurrent)
	if err != nil {
		return 0
	}
	return n
}

func (s *source) next() (row, error) {
	if s.ahead != nil {
		x := *s.ahead
		s.ahead = nil
		return x, nil
	}
	for {
		x, err := s.t.next()
		if err != nil || !x.blank() {
			return x, err
		}
	}
}

// batch answers the next rows beyond one that is done. Rows before it are read again, for the keys that they have.
func (s *source) batch(most, done int) (groups [][]row, preamble []row, err error) {
	preamble, s.preamble = s.preamble, nil
	if done > 0 {
		preamble = nil
	}
	n := 0
	for n < most && !s.end {
		x, err := s.next()
		if err == io.EOF {
			s.end = true
			break
		}
		if err != nil {
			return nil, nil, err
		}
		if x.no <= done {
			s.r.recall(x)
			continue
		}
		g := []row{x}
		for s.group >= 0 && s.group < len(x.cells) && strings.TrimSpace(x.cells[s.group]) != "" && len(g) < 500 {
			y, err := s.next()
			if err == io.EOF {
				s.end = true
				break
			}
			if err != nil {
				return nil, nil, err
			}
			if s.group >= len(y.cells) || y.cells[s.group] != x.cells[s.group] || s.r.footer(y) {
				s.ahead = &y
				break
			}
			g = append(g, y)
		}
		n += len(g)
		s.last = g[len(g)-1].no
		groups = append(groups, g)
	}
	return groups, preamble, nil
}

// recall remembers the unique values of a row that was done before a kill.
func (r *run) recall(x row) {
	for _, c := range r.cols {
		if c.f == nil || c.part != "" || c.i >= len(x.cells) || c.f != r.key && !c.f.IsUnique() {
			continue
		}
		v, reason := c.parse(c.f, unguard(x.cells[c.i]), r.env)
		if reason != "" || v.Null {
			continue
		}
		s := v.S
		if c.f == r.key {
			s = r.keyText(v)
		}
		r.seen[r.hash(c.f.Name, s)] = x.no
	}
}
