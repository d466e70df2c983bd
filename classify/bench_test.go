package classify_test

import (
	"context"
	"os"
	"strconv"
	"testing"
	"time"

	"guike"
	"guike/classify"
	"guike/queue"
	"guike/record"
	"guike/store"
	"guike/store/storetest"
)

// BenchmarkRevision drafts six rules over GUIKE_BENCH_ROWS receipts (100,000 where absent), three of them over texts: how long the preview takes, how many
// records a second the application moves, and its undo brings back.
func BenchmarkRevision(b *testing.B) {
	rows := 100_000
	if n, err := strconv.Atoi(os.Getenv("GUIKE_BENCH_ROWS")); err == nil && n > 0 {
		rows = n
	}
	for _, name := range []string{"sqlite", "postgres"} {
		b.Run(name, func(b *testing.B) {
			ctx, sys := context.Background(), record.SystemScope("bench")
			db := storetest.SQLite(b)
			if name == "postgres" {
				db = storetest.Postgres(b)
			}
			w, err := storetest.Fill(ctx, db, rows)
			if err != nil {
				b.Fatal(err)
			}
			dim, err := classify.AddDimension(ctx, db, sys, guike.Dimension{Of: "receipt", Label: "题"})
			if err != nil {
				b.Fatal(err)
			}
			var s classify.Setup
			for i, f := range []record.Filter{
				record.Where("payer_name", "contains", "客户77"), record.All(record.Where("purpose", "contains", "稀有"), record.Where("amount", "ge", record.Money{Minor: 100, Currency: "CNY"})),
				record.Where("memo", "contains", "订单99"), record.All(record.Where("d_a", "eq", w.Categories["d_a"][0]), record.Where("d_b", "eq", w.Categories["d_b"][0]), record.Where("d_c", "eq", w.Categories["d_c"][0])),
				record.Where("amount", "lt", record.Money{Minor: 1_000_000, Currency: "CNY"}), record.Where("paid_on", "between", []string{"2024-03-01", "2024-03-31"}),
			} {
				id, err := classify.AddCategory(ctx, db, sys, guike.Category{Dimension: dim, Name: strconv.Itoa(i)})
				if err != nil {
					b.Fatal(err)
				}
				s.Rules = append(s.Rules, classify.RuleText{Category: id, Filter: f})
			}
			r := queue.NewRunner(db, 1)
			r.Handle(classify.ReviseQueue, 1, classify.ReviseHandler(db))
			r.Handle(classify.Queue, 1, func(context.Context, *queue.Task) error { return nil })
			drain := func() time.Duration {
				start := time.Now()
				if _, err := r.Drain(ctx); err != nil {
					b.Fatal(err)
				}
				return time.Since(start)
			}
			drain()
			for b.Loop() {
				start := time.Now()
				p, err := classify.PreviewOf(ctx, db, sys, dim, s)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(time.Since(start).Seconds(), "s-preview")
				id, err := classify.Draft(ctx, db, sys, "", dim, "", s)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := classify.Publish(ctx, db, sys, id, p.Moved); err != nil {
					b.Fatal(err)
				}
				took := drain()
				b.ReportMetric(float64(p.Moved), "moved")
				b.ReportMetric(float64(p.Moved)/took.Seconds(), "applied/s")
				if _, err := classify.UndoRevision(ctx, db, sys, id); err != nil {
					b.Fatal(err)
				}
				took = drain()
				b.ReportMetric(float64(p.Moved)/took.Seconds(), "undone/s")
				n, _, err := db.Count(ctx, sys, store.Query{Kind: "receipt", Filter: record.Where("d_n1", "present", nil)}, nil)
				if err == nil && n > 0 {
					b.Errorf("%d were not taken back", n)
				}
			}
		})
	}
}
