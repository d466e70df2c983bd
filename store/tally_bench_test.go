package store

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"guike/record"
)

type wide struct {
	record.Base
	Name string
}

func (*wide) Kind() string      { return "wide" }
func (w *wide) Heading() string { return w.Name }
func (w *wide) Fields(f *record.Fields) {
	w.Base.Fields(f)
	f.Text("name", &w.Name)
}

// BenchmarkTally counts ten dimensions over a third of 5,000,000 records under a filter and a department's scope, on columns filled directly: what a facet panel
// costs once the columns are there, the look at the change log apart.
func BenchmarkTally(b *testing.B) {
	const rows = 5_000_000
	rng := rand.New(rand.NewPCG(7, 7))
	k := record.NewKind("wides", "wid", func() record.Record { return new(wide) })
	var dims []record.Field
	for i := range 10 {
		dims = append(dims, record.Field{Name: "d_" + string(rune('a'+i)), Type: record.Category})
	}
	k = k.With(dims)
	s := &columnSet{cols: make([]*coded, len(k.Fields))}
	fill := func(pos, distinct int, value func(int) record.Value) *coded {
		c := &coded{f: &k.Fields[pos], codes: make([]uint16, rows+1), values: []record.Value{record.Absent}, byVal: map[record.Value]uint16{}}
		for n := int64(1); n <= rows; n++ {
			c.set(n, value(rng.IntN(distinct)))
		}
		s.cols[pos] = c
		return c
	}
	s.gone = fill(record.PosDeletedAt, 1, func(int) record.Value { return record.Absent })
	fill(record.PosDepartment, 10, func(i int) record.Value { return record.TextValue(string(rune('a' + i))) })
	fill(record.PosOwner, 500, func(i int) record.Value { return record.TextValue(string(rune(0x4e00 + i))) })
	fill(record.PosStatus, 2, func(i int) record.Value { return record.TextValue([]string{"active", "draft"}[i]) })
	var fields []*record.Field
	for i := range dims {
		pos := k.Static + i
		fill(pos, 40, func(i int) record.Value { return record.NumberValue(int64(i)) })
		fields = append(fields, &k.Fields[pos])
	}
	texts := func(f *record.Field, n int) record.Cond {
		c := record.Cond{Op: record.In, Field: f}
		for i := range n {
			c.Set = append(c.Set, record.TextValue(string(rune('a'+i))))
		}
		return c
	}
	two := func(f *record.Field, n int) record.Cond {
		c := record.Cond{Op: record.In, Field: f}
		for i := range n {
			c.Set = append(c.Set, record.NumberValue(int64(i)))
		}
		return c
	}
	cond := record.Cond{Op: record.And, Kids: []record.Cond{
		{Op: record.Not, Kids: []record.Cond{{Op: record.Present, Field: &k.Fields[record.PosDeletedAt]}}},
		{Op: record.Or, Kids: []record.Cond{texts(&k.Fields[record.PosDepartment], 4), {Op: record.In, Field: &k.Fields[record.PosOwner], Set: []record.Value{record.TextValue("一")}}}},
		two(fields[0], 37), two(fields[1], 37),
	}}
	var ds []time.Duration
	var total int64
	for b.Loop() {
		t := time.Now()
		var ok bool
		if total, _, _, _, ok = s.count(k, &cond, fields); !ok {
			b.Fatal("not kept")
		}
		ds = append(ds, time.Since(t))
	}
	slices.Sort(ds)
	b.ReportMetric(float64(total), "rows")
	b.ReportMetric(float64(ds[len(ds)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(ds[len(ds)*95/100].Microseconds())/1000, "p95-ms")
	b.ReportMetric(float64(s.bytes())/rows, "bytes/record")
}
