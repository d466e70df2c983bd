package store_test

import (
	"context"
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
	db *store.DB
	storetest.Filled
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
		w := &big{db: openBig(b, name)}
		start := time.Now()
		var err error
		if w.Filled, err = storetest.Fill(context.Background(), w.db, rows()); err != nil {
			b.Fatal(err)
		}
		b.Logf("%s: %d receipts made in %s, %.0f/s", w.db.Dialect(), rows(), time.Since(start).Round(time.Millisecond), float64(rows())/time.Since(start).Seconds())
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
			three := record.All(record.Where("d_a", "eq", w.Categories["d_a"][4]), record.Where("d_b", "eq", w.Categories["d_b"][1]), record.Where("d_c", "eq", w.Categories["d_c"][4]))
			list := func(q store.Query) func() error {
				q.Kind = "receipt"
				return func() error { _, err := w.db.List(ctx, w.Clerk, q); return err }
			}
			b.Run("newest 50, 3 filters, department", func(b *testing.B) { timed(b, list(store.Query{Filter: three})) })
			b.Run("by day, 3 filters, department", func(b *testing.B) { timed(b, list(store.Query{Filter: three, Sort: "-paid_on"})) })
			b.Run("a page from the middle", func(b *testing.B) {
				q := store.Query{Kind: "receipt", Filter: three, Limit: 50}
				for range 100 {
					p, err := w.db.List(ctx, w.Clerk, q)
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
			marks := func(q store.Query) func() error {
				q.Kind = "receipt"
				return func() error { _, _, err := w.db.Marks(ctx, system(), q); return err }
			}
			if err := w.db.BuildColumns(ctx, "receipt"); err != nil {
				b.Fatal(err)
			}
			b.Run("marks over all", func(b *testing.B) { timed(b, marks(store.Query{})) })
			b.Run("marks over all, by day", func(b *testing.B) { timed(b, marks(store.Query{Sort: "-paid_on"})) })
			b.Run("marks over all, by amount", func(b *testing.B) { timed(b, marks(store.Query{Sort: "-amount"})) })
			w.db.DropColumns("receipt")
			rare := record.All(three, record.Where("d_d", "eq", w.Categories["d_d"][0]), record.Where("d_e", "eq", w.Categories["d_e"][0]), record.Where("paid_on", "period", "2026-08-01"))
			b.Run("fewer than 20 rows", func(b *testing.B) { timed(b, list(store.Query{Filter: rare})) })
			b.Run("fewer than 20 rows, with columns", func(b *testing.B) {
				if err := w.db.BuildColumns(ctx, "receipt"); err != nil {
					b.Fatal(err)
				}
				timed(b, list(store.Query{Filter: rare}))
			})
			b.Run("newest 50, 3 filters, department, with columns", func(b *testing.B) { timed(b, list(store.Query{Filter: three})) })
			b.Run("fewer than 20 rows by day, with columns", func(b *testing.B) { timed(b, list(store.Query{Filter: rare, Sort: "-paid_on"})) })
			b.Run("search, common word, no filter", func(b *testing.B) { timed(b, list(store.Query{Words: "年费"})) })
			b.Run("search, common word, filters", func(b *testing.B) { timed(b, list(store.Query{Words: "年费", Filter: three})) })
			b.Run("search, rare word", func(b *testing.B) { timed(b, list(store.Query{Words: "稀有"})) })
			b.Run("search, rare word, filters", func(b *testing.B) { timed(b, list(store.Query{Words: "稀有", Filter: three})) })
			month := record.All(record.Where("d_a", "eq", w.Categories["d_a"][0]), record.Where("d_b", "eq", w.Categories["d_b"][0]), record.Where("d_c", "in", w.Categories["d_c"][:2]))
			b.Run("5 facets over what 3 filters keep", func(b *testing.B) {
				n, _, err := w.db.Count(ctx, system(), store.Query{Kind: "receipt", Filter: month}, nil)
				if err != nil {
					b.Fatal(err)
				}
				five := func() error {
					_, err := w.db.Facets(ctx, system(), store.Query{Kind: "receipt", Filter: month}, []string{"d_d", "d_e", "d_f", "d_g", "d_h"})
					return err
				}
				w.db.DropColumns("receipt")
				b.Run("by SQL", func(b *testing.B) { w.db.DropColumns("receipt"); timed(b, five); b.ReportMetric(float64(n), "rows") })
				start := time.Now()
				if err := w.db.BuildColumns(ctx, "receipt"); err != nil {
					b.Fatal(err)
				}
				took := time.Since(start)
				b.Run("by columns", func(b *testing.B) {
					timed(b, five)
					b.ReportMetric(took.Seconds(), "s-to-build")
					b.ReportMetric(float64(w.db.ColumnBytes("receipt"))/float64(rows()), "bytes/record")
				})
			})
			b.Run("10 facets over a third, department scope, by columns", func(b *testing.B) {
				q := store.Query{Kind: "receipt", Filter: record.Where("d_a", "in", w.Categories["d_a"][1:])}
				if err := w.db.BuildColumns(ctx, "receipt"); err != nil {
					b.Fatal(err)
				}
				n, _, err := w.db.Count(ctx, w.Chief, q, nil)
				if err != nil {
					b.Fatal(err)
				}
				timed(b, func() error {
					_, err := w.db.Facets(ctx, w.Chief, q, []string{"d_b", "d_c", "d_d", "d_e", "d_f", "d_g", "d_h", "type", "status", "department"})
					return err
				})
				b.ReportMetric(float64(n), "rows")
				b.ReportMetric(float64(w.db.ColumnBytes("receipt"))/float64(rows()), "bytes/record")
			})
			b.Run("taken apart by a category and by month, with sums", func(b *testing.B) {
				timed(b, func() error {
					_, err := w.db.Groups(ctx, system(), store.Query{Kind: "receipt"}, []record.By{{Field: "d_d"}, {Field: "paid_on"}}, []string{"amount"})
					return err
				})
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
