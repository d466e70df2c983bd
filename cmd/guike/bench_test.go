package main

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
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
			data, more, w, big := filled(b, exe, name, rows)
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
			p50 := func(name string, do func() error) { answers(b, name, do) }
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
			timeline := "/customers/" + string(big) + "/timeline"
			p50("timeline of a customer with 15,000 on it", func() error { return c.call("GET", timeline, nil, nil) })
			late := ""
			for range 20 {
				var page struct {
					Next string `json:"next_cursor"`
				}
				if err := c.call("GET", timeline+"?limit=100&cursor="+late, nil, &page); err != nil {
					b.Fatal(err)
				}
				late = page.Next
			}
			p50("timeline, behind 2,000", func() error { return c.call("GET", timeline+"?cursor="+late, nil, nil) })
			p50("what is related to him", func() error { return c.call("GET", "/customers/"+string(big)+"/related", nil, nil) })
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

// answers reports how long a request takes in the middle, and in the 95th of 100.
func answers(b *testing.B, name string, do func() error) {
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
		b.ReportMetric(float64(ds[len(ds)*95/100].Microseconds())/1000, "p95-ms")
	})
}

// filled makes a workspace of rows receipts and one owner, boss: its folder, the flags that name its database, what is in it,
// and a customer with 5,000 orders, receipts and activities each.
func filled(b *testing.B, exe, name string, rows int) (string, []string, storetest.Filled, record.ID) {
	b.Helper()
	data, addr, more := emptied(b, exe, name)
	db, err := store.Open(context.Background(), addr, guike.Kinds, store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	w, err := storetest.Fill(context.Background(), db, rows)
	if err != nil {
		b.Fatal(err)
	}
	customer := &guike.Customer{Name: "大客户", Type: "company"}
	put := func(recs []record.Record) {
		for part := range slices.Chunk(recs, 500) {
			if err := db.Tx(context.Background(), record.SystemScope("bench"), func(tx *store.Tx) error { return tx.Create(context.Background(), part...) }); err != nil {
				b.Fatal(err)
			}
		}
	}
	put([]record.Record{customer})
	var orders, receipts, activities []record.Record
	for i := range 5000 {
		day := time.Date(2020, 1, 1+i/3, 9, 0, 0, 0, time.UTC)
		on := record.Date(day.Format(time.DateOnly))
		amount := record.Money{Minor: 100, Currency: "CNY"}
		orders = append(orders, &guike.Order{Number: "B" + strconv.Itoa(i), Customer: customer.ID, OrderedOn: on, Amount: amount})
		receipts = append(receipts, &guike.Receipt{Type: "slip", Direction: "in", Customer: customer.ID, PaidOn: on, Amount: amount})
		activities = append(activities, &guike.Activity{Type: "call", Subject: "电话", Customer: customer.ID, HappenedAt: record.At(day)})
	}
	put(orders)
	put(receipts)
	put(activities)
	settle(b, db)
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
	return data, more, w, customer.ID
}

// BenchmarkWeb measures how the list of GUIKE_BENCH_ROWS receipts feels in a browser: web/walk/measure.mjs says what.
func BenchmarkWeb(b *testing.B) {
	rows := 100_000
	if n, err := strconv.Atoi(os.Getenv("GUIKE_BENCH_ROWS")); err == nil && n > 0 {
		rows = n
	}
	exe := build(b)
	data, more, _, _ := filled(b, exe, "sqlite", rows)
	c := start(b, exe, data, more...)
	defer c.kill()
	for b.Loop() {
		run := exec.Command("node", "walk/measure.mjs")
		run.Dir = "../../web"
		run.Env = append(os.Environ(), "GUIKE_URL="+c.address, "GUIKE_LOGIN=boss", "GUIKE_PASSWORD=correct horse battery")
		run.Stdout, run.Stderr = os.Stdout, os.Stderr
		if err := run.Run(); err != nil {
			b.Fatal(err)
		}
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
