package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"guike"
	"guike/record"
	"guike/store"
	"guike/store/storetest"
)

// rows is how many receipts the benchmarks run over: GUIKE_BENCH_ROWS, else 100,000. The figures of docs/figures.md are over 1,000,000.
func rows() int {
	if n, err := strconv.Atoi(os.Getenv("GUIKE_BENCH_ROWS")); err == nil && n > 0 {
		return n
	}
	return 100_000
}

// big is a workspace with many receipts, made once a database.
type big struct {
	db   *store.DB
	cats map[string][]string
	sc   record.Scope
	err  error
}

var (
	bigLock sync.Mutex
	bigs    = map[string]*big{}
)

func bigger(b *testing.B, name string) *big {
	b.Helper()
	bigLock.Lock()
	defer bigLock.Unlock()
	if bigs[name] == nil {
		w := &big{cats: map[string][]string{}}
		w.db = openBig(b, name)
		w.fill(b, rows())
		bigs[name] = w
	}
	return bigs[name]
}

func openBig(b *testing.B, name string) *store.DB {
	b.Helper()
	url := b.TempDir() // removed with the first benchmark: so a folder of its own
	if name == "postgres" {
		url = os.Getenv(storetest.Env) + "&guike_schema=bench_" + string(record.NewID("x"))[2:]
	} else {
		dir, err := os.MkdirTemp("", "guike-bench-")
		if err != nil {
			b.Fatal(err)
		}
		url = dir + "/guike.db"
	}
	db, err := store.Open(context.Background(), url, guike.Kinds, store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	return db
}

// fill makes receipts whose three dimensions keep 10 to 30 % each, in ten departments, three years, one text in three with a common word.
func (w *big) fill(b *testing.B, n int) {
	ctx := context.Background()
	numbers := map[string][]int64{}
	var deps []record.ID
	if err := w.db.Tx(ctx, system(), func(tx *store.Tx) error {
		for _, d := range []string{"d_a", "d_b", "d_c", "d_d", "d_e", "d_f", "d_g", "d_h"} {
			dim := &guike.Dimension{Of: "receipt", Name: d, Label: d, By: guike.ByRules}
			if err := tx.Create(ctx, dim); err != nil {
				return err
			}
			f := record.Field{Name: d, Type: record.Category, Dimension: dim.ID}
			if err := tx.AddField(ctx, "receipt", f); err != nil {
				return err
			}
			for i := range 5 {
				c := &guike.Category{Dimension: dim.ID, Name: fmt.Sprint(d, i)}
				if err := tx.Create(ctx, c); err != nil {
					return err
				}
				numbers[d] = append(numbers[d], c.N)
				w.cats[d] = append(w.cats[d], string(c.ID))
			}
		}
		for i := range 10 {
			dep := &guike.Department{Name: fmt.Sprint("部", i)}
			if err := tx.Create(ctx, dep); err != nil {
				return err
			}
			deps = append(deps, dep.ID)
		}
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	w.sc = record.Scope{Name: "clerk", User: "usr_none", Departments: deps[:3], Other: record.Grant{Read: record.Department}}
	start := time.Now()
	for made := 0; made < n; {
		var recs []record.Record
		for range min(1000, n-made) {
			r := &guike.Receipt{Type: "slip", PaidOn: record.Date(time.Date(2024, 1, 1+rng.IntN(1000), 0, 0, 0, 0, time.UTC).Format(time.DateOnly)),
				Amount: record.Money{Minor: int64(rng.IntN(1e8)), Currency: "CNY"}, PayerName: fmt.Sprintf("客户%d恒泰", rng.IntN(50000)), SlipNo: strconv.Itoa(made + len(recs) + 1e9), Bank: "行",
				Purpose: []string{"企业版年费", "货款", "服务费"}[rng.IntN(3)], Memo: fmt.Sprintf("订单%d", rng.IntN(1e6))}
			if rng.IntN(30000) == 0 {
				r.Purpose = "稀有词语"
			}
			r.Department = deps[rng.IntN(10)]
			for _, d := range []string{"d_a", "d_b", "d_c", "d_d", "d_e", "d_f", "d_g", "d_h"} {
				r.X = append(r.X, record.NumberValue(numbers[d][min(rng.IntN(7), 4)]))
			}
			recs = append(recs, r)
		}
		if err := w.db.Tx(ctx, system(), func(tx *store.Tx) error { return tx.Create(ctx, recs...) }); err != nil {
			b.Fatal(err)
		}
		made += len(recs)
	}
	b.Logf("%s: %d receipts made in %s, %.0f/s", w.db.Dialect(), n, time.Since(start).Round(time.Millisecond), float64(n)/time.Since(start).Seconds())
}

// timed runs fn b.N times and reports the median, which a noisy machine moves least.
func timed(b *testing.B, fn func() error) {
	b.Helper()
	var ds []time.Duration
	for b.Loop() {
		t := time.Now()
		if err := fn(); err != nil {
			b.Fatal(err)
		}
		ds = append(ds, time.Since(t))
	}
	slices.Sort(ds)
	b.ReportMetric(float64(ds[len(ds)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(ds[len(ds)*95/100].Microseconds())/1000, "p95-ms")
}

func BenchmarkStore(b *testing.B) {
	ctx := context.Background()
	for _, name := range []string{"sqlite", "postgres"} {
		b.Run(name, func(b *testing.B) {
			w := bigger(b, name)
			three := record.All(record.Where("d_a", "eq", w.cats["d_a"][4]), record.Where("d_b", "eq", w.cats["d_b"][1]), record.Where("d_c", "eq", w.cats["d_c"][4]))
			list := func(q store.Query) func() error {
				q.Kind = "receipt"
				return func() error { _, err := w.db.List(ctx, w.sc, q); return err }
			}
			b.Run("newest 50, 3 filters, department", func(b *testing.B) { timed(b, list(store.Query{Filter: three})) })
			b.Run("by day, 3 filters, department", func(b *testing.B) { timed(b, list(store.Query{Filter: three, Sort: "-paid_on"})) })
			b.Run("a page from the middle", func(b *testing.B) {
				q := store.Query{Kind: "receipt", Filter: three, Limit: 50}
				for range 100 {
					p, err := w.db.List(ctx, w.sc, q)
					if err != nil {
						b.Fatal(err)
					}
					if p.Next == "" {
						break
					}
					q.Cursor = p.Next
				}
				timed(b, list(q))
			})
			rare := record.All(three, record.Where("d_d", "eq", w.cats["d_d"][0]), record.Where("d_e", "eq", w.cats["d_e"][0]), record.Where("paid_on", "period", "2026-08-01"))
			b.Run("fewer than 20 rows", func(b *testing.B) { timed(b, list(store.Query{Filter: rare})) })
			b.Run("search, common word, no filter", func(b *testing.B) { timed(b, list(store.Query{Words: "年费"})) })
			b.Run("search, common word, filters", func(b *testing.B) { timed(b, list(store.Query{Words: "年费", Filter: three})) })
			b.Run("search, rare word", func(b *testing.B) { timed(b, list(store.Query{Words: "稀有"})) })
			b.Run("search, rare word, filters", func(b *testing.B) { timed(b, list(store.Query{Words: "稀有", Filter: three})) })
			month := record.All(record.Where("d_a", "eq", w.cats["d_a"][0]), record.Where("d_b", "eq", w.cats["d_b"][0]), record.Where("d_c", "in", w.cats["d_c"][:2]))
			b.Run("5 facets over what 3 filters keep", func(b *testing.B) {
				n, _, err := w.db.Count(ctx, system(), store.Query{Kind: "receipt", Filter: month}, nil)
				if err != nil {
					b.Fatal(err)
				}
				timed(b, func() error {
					_, err := w.db.Facets(ctx, system(), store.Query{Kind: "receipt", Filter: month}, []string{"d_d", "d_e", "d_f", "d_g", "d_h"})
					return err
				})
				b.ReportMetric(float64(n), "rows")
			})
			b.Run("one receipt created, logged, flushed", func(b *testing.B) {
				timed(b, func() error {
					r := &guike.Receipt{Type: "slip", PaidOn: "2026-01-01", Amount: record.Money{Minor: 1, Currency: "CNY"}}
					return w.db.Tx(ctx, system(), func(tx *store.Tx) error { r.ID = ""; return tx.Create(ctx, r) })
				})
			})
		})
	}
}
