package store

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"guike/record"
)

// A Mark is a place in a list: how many rows stand before it, and the cursor that leads there.
type Mark struct {
	At     int64
	Cursor string
}

// mostMarks bounds the marks of a list; leastStep is the fewest rows between two.
const (
	mostMarks = 400
	leastStep = 500
)

// patience bounds how long a list may take to be marked by SQL; patient is how many rows it is asked of at all on SQLite, where the columns do it better.
const (
	patience = 10 * time.Second
	patient  = 100_000
)

// Marks answers places spread evenly over all that a query lists, by which a page in its midst is found: the mark before it, and Query.Skip rows. With words
// there are none: what they find has no order that could be walked cheaply. It fails with Busy where it would take too long, for now or at all.
func (r reader) Marks(ctx context.Context, sc record.Scope, q Query) (total int64, marks []Mark, err error) {
	if strings.TrimSpace(q.Words) != "" {
		return 0, nil, record.FieldError("q", "error.no_marks")
	}
	s, err := r.selection(ctx, sc, q)
	if err != nil {
		return 0, nil, err
	}
	o, err := s.order(&sc, q.Sort)
	if err != nil {
		return 0, nil, err
	}
	if total, _, err = r.Count(ctx, sc, q, nil); err != nil {
		return 0, nil, err
	}
	step := max(leastStep, (total+mostMarks-1)/mostMarks)
	sp := spread{r: r, s: s, o: o, step: step}
	set, _, err := r.columns(ctx, s)
	if err != nil {
		return 0, nil, err
	}
	if set != nil {
		sp.set, sp.keeps = set, set.keeps(s.k, &s.cond)
	} else if s.d.name == "sqlite" && total > patient && r.st == nil {
		r.worth(s, total) // the columns are on their way
		return 0, nil, record.Errorf(record.Busy, "error.busy")
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	present, places, err := sp.walk(ctx, false)
	if err == nil && o.f != nil {
		var rest []placed
		var empties int64
		if empties, rest, err = sp.walk(ctx, true); empties > 0 {
			// Where the empties begin is a mark of its own: no skip goes over it.
			begin := placed{at: present, tail: true, n: -1}
			if o.desc {
				begin.n = math.MaxInt64
			}
			places = append(places, begin)
			for _, p := range rest {
				p.at += present
				places = append(places, p)
			}
		}
	}
	if ctx.Err() != nil {
		return 0, nil, record.Errorf(record.Busy, "error.busy")
	}
	marks = []Mark{{}}
	for _, p := range places {
		marks = append(marks, Mark{p.at, cursor{Hash: q.hash(), Tail: p.tail, Keys: p.keys, N: p.n}.String()})
	}
	return total, marks, err
}

// A placed row is one that a mark stands behind.
type placed struct {
	at   int64
	tail bool
	keys []any
	n    int64
}

// A spread finds each step-th row of a list: in memory where the columns hold what it asks, by SQL else.
type spread struct {
	r     reader
	s     *selection
	o     order
	step  int64
	set   *columnSet
	keeps []uint8 // by row number, where the columns can tell; else nil
}

// walk answers how many rows a segment has, and each step-th.
func (sp *spread) walk(ctx context.Context, tail bool) (int64, []placed, error) {
	if sp.keeps != nil {
		if total, out, ok := sp.set.places(sp.keeps, sp.o, tail, sp.step); ok {
			return total, out, nil
		}
		return sp.index(ctx, tail)
	}
	return sp.sql(ctx, tail)
}

// keeps says of each row number whether it satisfies a condition; nil where the columns cannot tell.
func (s *columnSet) keeps(k *record.Kind, cond *record.Cond) []uint8 {
	s.mu.RLock()
	defer s.mu.RUnlock()
	t, ok := s.plan(k, cond)
	if !ok || s.gone == nil {
		return nil
	}
	out := make([]uint8, len(s.gone.codes))
	for lo := 0; lo < len(out); lo += stride {
		hi := min(lo+stride, len(out))
		t.eval(lo, out[lo:hi])
		for i := lo; i < hi; i++ {
			if s.gone.codes[i] == 0 {
				out[i] = 0
			}
		}
	}
	return out
}

// places counts rows by value and finds the step-th ones in a second pass: no row is sorted, since those of one value come by their number.
func (s *columnSet) places(keeps []uint8, o order, tail bool, step int64) (total int64, out []placed, ok bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	codes := make([]uint16, len(keeps)) // without a field all rows are of one value
	values := []record.Value{record.Absent}
	if o.f != nil {
		col := s.cols[o.f.Pos]
		if col == nil || o.f.IsNamed() || o.f.Type == record.MoneyType || len(col.codes) < len(keeps) {
			return 0, nil, false
		}
		codes, values = col.codes, col.values
	}
	mine := func(code uint16) bool {
		v := values[code]
		empty := o.f != nil && (v.Null && o.f.Nullable() || o.f.Textual() && v.S == "")
		return o.f == nil || empty == tail
	}
	counts := make([]int64, len(values))
	for i, k := range keeps {
		if k != 0 {
			counts[codes[i]]++
		}
	}
	var sorted []uint16
	for code, n := range counts {
		if n > 0 && mine(uint16(code)) {
			sorted = append(sorted, uint16(code))
		}
	}
	slices.SortFunc(sorted, func(a, b uint16) int {
		c := cmp.Compare(values[a].N, values[b].N)
		if o.f != nil && o.f.Textual() {
			c = strings.Compare(values[a].S, values[b].S)
		}
		if o.desc {
			return -c
		}
		return c
	})
	// next is where the coming step-th row of a value stands among those of that value.
	next, before := make([]int64, len(values)), make([]int64, len(values))
	for _, code := range sorted {
		before[code] = total
		next[code] = step - total%step
		total += counts[code]
	}
	seen := make([]int64, len(values))
	for j := range keeps {
		i := j
		if o.desc {
			i = len(keeps) - 1 - j
		}
		code := codes[i]
		if keeps[i] == 0 || next[code] == 0 {
			continue
		}
		if seen[code]++; seen[code] == next[code] {
			p := placed{at: before[code] + seen[code], tail: tail, n: int64(i)}
			if o.f != nil && !tail {
				p.keys = o.keys(values[code])
			}
			out = append(out, p)
			next[code] += step
		}
	}
	slices.SortFunc(out, func(a, b placed) int { return cmp.Compare(a.at, b.at) })
	return total, out, true
}

// segment is the order's columns, and the condition of one of its segments.
func (sp *spread) segment(tail bool) (names, by, where string, cols int) {
	dir := ""
	if sp.o.desc {
		dir = " DESC"
	}
	where = "1 = 1"
	if sp.o.f != nil {
		if where = sp.o.present(); tail {
			where = "NOT (" + where + ")"
		} else {
			cols = len(sp.o.cols)
			for _, c := range sp.o.cols {
				names += "t." + quote(c) + ", "
				by += "t." + quote(c) + dir + ", "
			}
		}
	}
	return names + "t.n", by + "t.n" + dir, where, cols
}

// read scans what both ways ask: keys, number, and where the database has counted, the place. It answers how many rows it has counted itself.
func (sp *spread) read(ctx context.Context, sql string, args []any, cols int, tail, counted bool) (n int64, out []placed, err error) {
	cells := make([]cell, cols)
	var p placed
	var dst []any
	for i := range cells {
		dst = append(dst, &cells[i])
	}
	if dst = append(dst, &p.n); counted {
		dst = append(dst, &p.at)
	}
	f := sp.o.f
	err = sp.r.each(ctx, sql, args, func(rows Rows) error {
		if err := rows.Scan(dst...); err != nil {
			return err
		}
		if !counted {
			if p.n >= int64(len(sp.keeps)) || sp.keeps[p.n] == 0 {
				return nil
			}
			if n++; n%sp.step != 0 {
				return nil
			}
			p.at = n
		}
		p.tail, p.keys = tail, nil
		for i, c := range cells {
			if f.IsNamed() || f.Textual() || f.Type == record.MoneyType && i == 0 {
				p.keys = append(p.keys, c.s)
			} else {
				p.keys = append(p.keys, c.n)
			}
		}
		out = append(out, p)
		return nil
	})
	return n, out, err
}

// index reads the order's index alone, the columns saying which rows count: no row is looked at.
func (sp *spread) index(ctx context.Context, tail bool) (int64, []placed, error) {
	names, by, where, cols := sp.segment(tail)
	return sp.read(ctx, fmt.Sprintf("SELECT %s FROM %s t WHERE %s ORDER BY %s", names, sp.s.k.Plural, where, by), nil, cols, tail, false)
}

// sql has the database count them off.
func (sp *spread) sql(ctx context.Context, tail bool) (total int64, out []placed, err error) {
	names, by, where, cols := sp.segment(tail)
	w, args := compileList(sp.s.d, sp.s.cond, false, order{})
	w = w + " AND " + where
	if err := sp.r.one(ctx, fmt.Sprintf("SELECT count(*) FROM %s t WHERE %s", sp.s.k.Plural, w), args, &total); err != nil || total <= sp.step {
		return total, nil, err
	}
	outer := ""
	for _, c := range sp.o.cols[:cols] {
		outer += "m." + quote(c) + ", "
	}
	_, out, err = sp.read(ctx, fmt.Sprintf("SELECT %sm.n, m.place FROM (SELECT %s, row_number() OVER (ORDER BY %s) AS place FROM %s t WHERE %s) m WHERE m.place %% %d = 0 ORDER BY m.place",
		outer, names, by, sp.s.k.Plural, w, sp.step), args, cols, tail, true)
	return total, out, err
}
