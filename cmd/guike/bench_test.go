package main

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"guike"
	"guike/record"
	"guike/store"
	"guike/store/storetest"
)

// BenchmarkServer asks a server of its own process, over HTTP, what people ask of GUIKE_BENCH_ROWS receipts (100,000 where absent): how long until it
// answers after its start, the median answer, and the most memory that the process held.
func BenchmarkServer(b *testing.B) {
	rows := 100_000
	if n, err := strconv.Atoi(os.Getenv("GUIKE_BENCH_ROWS")); err == nil && n > 0 {
		rows = n
	}
	exe := build(b)
	for _, name := range []string{"sqlite", "postgres"} {
		b.Run(name, func(b *testing.B) {
			data := filepath.Join(b.TempDir(), "data")
			more := []string{}
			addr := filepath.Join(data, "guike.db")
			if name == "postgres" {
				addr = storetest.PostgresURL(b)
				more = append(more, "--database", addr)
			}
			run := exec.Command(exe, append([]string{"init", "--data", data, "--owner", "boss", "--workspace", "bench"}, more...)...)
			run.Stdin = strings.NewReader("correct horse battery\n")
			if out, err := run.CombinedOutput(); err != nil {
				b.Fatalf("init: %v\n%s", err, out)
			}
			// What an empty workspace still has to do (indexes of its dimensions) it does before there are records.
			first := start(b, exe, data, more...)
			for waiting := true; waiting; time.Sleep(100 * time.Millisecond) {
				waiting = false
				var jobs struct{ Data []struct{ State string } }
				if err := first.call("GET", "/jobs", nil, &jobs); err != nil {
					b.Fatal(err)
				}
				for _, j := range jobs.Data {
					waiting = waiting || j.State == "waiting" || j.State == "running"
				}
			}
			first.kill()
			db, err := store.Open(context.Background(), addr, guike.Kinds, store.Options{})
			if err != nil {
				b.Fatal(err)
			}
			w, err := storetest.Fill(context.Background(), db, rows)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := db.Sequence(context.Background()); err != nil {
				b.Fatal(err)
			}
			// As if it had all been classified: here only answers are measured.
			if err := db.Tx(context.Background(), record.SystemScope("bench"), func(tx *store.Tx) error {
				ctx := context.Background()
				newest, err := tx.Newest(ctx)
				if err != nil {
					return err
				}
				if _, _, err := tx.Cursor(ctx, "classify"); err != nil {
					return err
				}
				return tx.Advance(ctx, "classify", newest)
			}); err != nil {
				b.Fatal(err)
			}
			if err := db.Close(); err != nil {
				b.Fatal(err)
			}
			began := time.Now()
			c := start(b, exe, data, more...)
			defer c.kill()
			resp, err := http.Get(c.address + "/readyz")
			if err != nil || resp.StatusCode != 200 {
				b.Fatalf("not ready: %v %v", resp, err)
			}
			resp.Body.Close()
			ready := time.Since(began)
			three := record.All(record.Where("d_a", "eq", w.Categories["d_a"][4]), record.Where("d_b", "eq", w.Categories["d_b"][1]),
				record.Where("d_c", "eq", w.Categories["d_c"][4]), record.Where("department", "in", w.Clerk.Departments))
			wide := record.Where("d_a", "in", w.Categories["d_a"][2:])
			ask := func(verb string, q map[string]any) func() error {
				body, err := json.Marshal(q)
				if err != nil {
					b.Fatal(err)
				}
				return func() error { return c.call("POST", "/receipts:"+verb, strings.NewReader(string(body)), nil) }
			}
			p50 := func(name string, do func() error) {
				b.Run(name, func(b *testing.B) {
					var ds []time.Duration
					for b.Loop() {
						t := time.Now()
						if err := do(); err != nil {
							b.Fatal(err)
						}
						ds = append(ds, time.Since(t))
					}
					slices.Sort(ds)
					b.ReportMetric(float64(ds[len(ds)/2].Microseconds())/1000, "p50-ms")
				})
			}
			p50("newest 50, 3 filters, department", ask("query", map[string]any{"filter": three, "limit": 50}))
			p50("search, common word, filters", ask("query", map[string]any{"filter": three, "q": "年费", "limit": 50}))
			p50("search, rare word", ask("query", map[string]any{"q": "稀有", "limit": 50}))
			facets := ask("facets", map[string]any{"filter": wide, "fields": []string{"d_b", "d_c", "d_d", "d_e", "d_f"}})
			if err := facets(); err != nil { // the first is by SQL, and has the columns built
				b.Fatal(err)
			}
			time.Sleep(time.Duration(rows/100_000+2) * time.Second)
			p50("5 facets over two rows in five", facets)
			p50("total of 3 filters", ask("count", map[string]any{"filter": three}))
			p50("one receipt created", func() error {
				return c.call("POST", "/receipts", strings.NewReader(`{"type":"slip","paid_on":"2026-01-01","amount":{"amount":"1.00","currency":"CNY"}}`), nil)
			})
			b.Run("start and memory", func(b *testing.B) {
				for b.Loop() {
				}
				b.ReportMetric(float64(ready.Milliseconds()), "start-ms")
				b.ReportMetric(peak(b, c.cmd.Process.Pid), "peak-MB")
			})
		})
	}
}

var highWater = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

// peak is the most memory that a process held, in MB; 0 where the system does not say.
func peak(b *testing.B, pid int) float64 {
	s, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		b.Log("no /proc here: ", err)
		return 0
	}
	m := highWater.FindSubmatch(s)
	if m == nil {
		return 0
	}
	kb, err := strconv.Atoi(string(m[1]))
	if err != nil {
		b.Fatal(err)
	}
	return float64(kb) / 1024
}
