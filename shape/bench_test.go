package shape_test

import (
	"context"
	"os"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"guike"
	"guike/classify"
	"guike/record"
	"guike/shape"
	"guike/store"
	"guike/store/storetest"
)

// BenchmarkAdd adds a field and a dimension to a kind with GUIKE_BENCH_ROWS receipts (100,000 where absent) while two people list and two write: how long that
// takes, how long the jobs that follow (the index by which lists are ordered), the longest that anybody waited, and how many were refused.
func BenchmarkAdd(b *testing.B) {
	rows := 100_000
	if n, err := strconv.Atoi(os.Getenv("GUIKE_BENCH_ROWS")); err == nil && n > 0 {
		rows = n
	}
	for _, name := range []string{"sqlite", "postgres"} {
		b.Run(name, func(b *testing.B) {
			db := storetest.SQLite(b)
			if name == "postgres" {
				db = storetest.Postgres(b)
			}
			if _, err := storetest.Fill(ctx, db, rows); err != nil {
				b.Fatal(err)
			}
			var stop atomic.Bool
			var wg sync.WaitGroup
			var mu sync.Mutex
			var refused int
			var longest time.Duration
			for i := range 4 {
				wg.Go(func() {
					for !stop.Load() {
						start := time.Now()
						var err error
						if i%2 == 0 {
							r := &guike.Receipt{Type: "slip", PaidOn: "2026-01-01", Amount: record.Money{Minor: 1, Currency: "CNY"}}
							err = db.Tx(ctx, boss(), func(tx *store.Tx) error { r.ID = ""; return tx.Create(ctx, r) })
						} else {
							_, err = db.List(ctx, boss(), store.Query{Kind: "receipt", Sort: "-paid_on"})
						}
						mu.Lock()
						if longest = max(longest, time.Since(start)); err != nil {
							refused++
						}
						mu.Unlock()
						time.Sleep(2 * time.Millisecond)
					}
				})
			}
			var took []time.Duration
			var jobTime time.Duration
			for b.Loop() {
				start := time.Now()
				if _, err := shape.AddField(ctx, db, boss(), guike.CustomField{Of: "receipt", Label: "栏", Type: "text"}); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(start))
				start = time.Now()
				if _, err := classify.AddDimension(context.Background(), db, boss(), guike.Dimension{Of: "receipt", Label: "题"}); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(start))
				start = time.Now()
				jobs(b, db)
				jobTime += time.Since(start)
			}
			stop.Store(true)
			wg.Wait()
			b.ReportMetric(slices.Max(took).Seconds(), "s-to-add-at-most")
			b.ReportMetric(jobTime.Seconds()/float64(len(took)), "s-to-index")
			b.ReportMetric(longest.Seconds(), "s-longest-wait")
			b.ReportMetric(float64(refused), "refused")
		})
	}
}
