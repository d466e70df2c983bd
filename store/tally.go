package store

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"guike/record"
)

// A test is a condition over the columns.
type test struct {
	op    record.CondOp
	kids  []test
	codes []uint16
	holds *[maxCodes]uint8
}

// plan turns a condition into a test; false where it asks what is not kept.
func (s *columnSet) plan(k *record.Kind, c *record.Cond) (test, bool) {
	t := test{op: c.Op}
	switch c.Op {
	case record.True, record.False:
		return t, true
	case record.And, record.Or, record.Not:
		for i := range c.Kids {
			kid, ok := s.plan(k, &c.Kids[i])
			if !ok {
				return t, false
			}
			t.kids = append(t.kids, kid)
		}
		return t, true
	case record.Hop:
		return t, false
	}
	col := s.cols[c.Field.Pos]
	if col == nil || bare(col.f) && c.Op != record.Present {
		return t, false
	}
	t.codes, t.holds = col.codes, new([maxCodes]uint8)
	row := make([]record.Value, len(k.Fields))
	for code, v := range col.values {
		row[c.Field.Pos] = v
		if c.Eval(row, nil) {
			t.holds[code] = 1
		}
	}
	return t, true
}

// stride is how many rows are tested together: what they touch stays in the nearest cache.
const stride = 2048

func (t *test) eval(lo int, out []uint8) {
	fill := func(v uint8) {
		for i := range out {
			out[i] = v
		}
	}
	switch t.op {
	case record.True:
		fill(1)
	case record.False:
		fill(0)
	case record.Not:
		t.kids[0].eval(lo, out)
		for i := range out {
			out[i] ^= 1
		}
	case record.And, record.Or:
		if len(t.kids) == 0 {
			fill(map[record.CondOp]uint8{record.And: 1}[t.op])
			return
		}
		t.kids[0].eval(lo, out)
		var buf [stride]uint8
		other := buf[:len(out)]
		for i := range t.kids[1:] {
			t.kids[1+i].eval(lo, other)
			if t.op == record.And {
				for j, v := range other {
					out[j] &= v
				}
			} else {
				for j, v := range other {
					out[j] |= v
				}
			}
		}
	default:
		codes, holds := t.codes[lo:lo+len(out)], t.holds
		for i, c := range codes {
			out[i] = holds[c]
		}
	}
}

// count counts the rows that satisfy a condition, and of some fields how many have each value by code. ok is false where it asks what is not kept.
func (s *columnSet) count(k *record.Kind, cond *record.Cond, fields []*record.Field) (total int64, counts [][]int64, values [][]record.Value, at time.Time, ok bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	t, ok := s.plan(k, cond)
	cols := make([]*coded, len(fields))
	for i, f := range fields {
		if cols[i] = s.cols[f.Pos]; cols[i] == nil || bare(f) {
			return 0, nil, nil, s.at, false
		}
		values = append(values, cols[i].values)
		counts = append(counts, make([]int64, len(cols[i].values)))
	}
	if !ok || s.gone == nil {
		return 0, nil, nil, s.at, false
	}
	rows := len(s.gone.codes)
	const share = 32 * stride
	var next atomic.Int64
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), 1+rows/share, 8) {
		wg.Go(func() {
			mine := make([][]uint32, len(cols))
			for i, c := range cols {
				mine[i] = make([]uint32, len(c.values))
			}
			n := int64(0)
			var out [stride]uint8
			var sel [stride]int32
			for {
				from := int(next.Add(share)) - share
				if from >= rows {
					break
				}
				for lo := from; lo < min(from+share, rows); lo += stride {
					width := min(stride, rows-lo)
					t.eval(lo, out[:width])
					picked := 0
					for i, code := range s.gone.codes[lo : lo+width] {
						sel[picked] = int32(lo + i)
						if code != 0 && out[i] != 0 {
							picked++
						}
					}
					n += int64(picked)
					for i, c := range cols {
						m, codes := mine[i], c.codes
						for _, r := range sel[:picked] {
							m[codes[r]]++
						}
					}
				}
			}
			mu.Lock()
			defer mu.Unlock()
			total += n
			for i := range mine {
				for code, x := range mine[i] {
					counts[i][code] += int64(x)
				}
			}
		})
	}
	wg.Wait()
	return total, counts, values, s.at, true
}

// newest answers the numbers of the newest rows below one, a limit of them at most, that satisfy what the columns can tell of a condition. all says that the
// columns could tell all of it, more that there are more rows than the limit.
func (s *columnSet) newest(k *record.Kind, cond *record.Cond, below int64, limit int) (found []int64, all, more bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	found = []int64{}
	if s.gone == nil {
		return found, false, true
	}
	t, all := s.part(k, cond)
	var out [stride]uint8
	for hi := int(min(int64(len(s.gone.codes)), below)); hi > 0; {
		lo := max(hi-stride, 0)
		t.eval(lo, out[:hi-lo])
		for i := hi - lo - 1; i >= 0; i-- {
			if out[i] != 0 && s.gone.codes[lo+i] != 0 {
				if len(found) == limit {
					return found, all, true
				}
				found = append(found, int64(lo+i))
			}
		}
		hi = lo
	}
	return found, all, false
}

// part is a test that everything passes which satisfies the condition: of a conjunction, what the columns can tell.
func (s *columnSet) part(k *record.Kind, c *record.Cond) (test, bool) {
	if t, ok := s.plan(k, c); ok {
		return t, true
	}
	t := test{op: record.And}
	if c.Op == record.And {
		for i := range c.Kids {
			kid, _ := s.part(k, &c.Kids[i])
			t.kids = append(t.kids, kid)
		}
	}
	return t, false
}
