package queue_test

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"guike"
	"guike/queue"
	"guike/record"
	"guike/store"
	"guike/store/storetest"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestWhen(t *testing.T) {
	for _, c := range []struct {
		zone, after, want string
		when              queue.When
	}{
		{"Asia/Shanghai", "2026-11-22T03:29:59+08:00", "2026-11-22T03:30:00+08:00", queue.When{Every: "day", At: "03:30"}},
		{"Asia/Shanghai", "2026-11-22T03:30:00+08:00", "2026-11-23T03:30:00+08:00", queue.When{Every: "day", At: "03:30"}},
		{"Asia/Shanghai", "2026-11-22T12:00:00+08:00", "2026-11-23T09:00:00+08:00", queue.When{Every: "week", Days: []int{1, 5}, At: "09:00"}},
		{"Asia/Shanghai", "2026-11-23T09:00:00+08:00", "2026-11-27T09:00:00+08:00", queue.When{Every: "week", Days: []int{1, 5}, At: "09:00"}},
		{"Asia/Shanghai", "2026-02-01T00:00:00+08:00", "2026-02-28T00:00:00+08:00", queue.When{Every: "month", Day: 31, At: "00:00"}},
		{"Asia/Shanghai", "2028-02-28T00:00:00+08:00", "2028-02-29T00:00:00+08:00", queue.When{Every: "month", Day: 31, At: "00:00"}},
		{"Asia/Shanghai", "2026-04-30T00:00:00+08:00", "2026-05-31T00:00:00+08:00", queue.When{Every: "month", Day: 31, At: "00:00"}},
		{"Asia/Shanghai", "2026-11-22T10:07:00+08:00", "2026-11-22T10:15:00+08:00", queue.When{Every: "minutes", Minutes: 15}},
		// Berlin 2026: clocks jump from 02:00 to 03:00 on 29 March, and back from 03:00 to 02:00 on 25 October.
		{"Europe/Berlin", "2026-03-28T12:00:00+01:00", "2026-03-29T03:00:00+02:00", queue.When{Every: "day", At: "02:30"}},
		{"Europe/Berlin", "2026-03-29T03:00:00+02:00", "2026-03-30T02:30:00+02:00", queue.When{Every: "day", At: "02:30"}},
		{"Europe/Berlin", "2026-03-28T12:00:00+01:00", "2026-03-29T12:00:00+02:00", queue.When{Every: "day", At: "12:00"}},
		{"Europe/Berlin", "2026-10-24T12:00:00+02:00", "2026-10-25T02:30:00+02:00", queue.When{Every: "day", At: "02:30"}},
		{"Europe/Berlin", "2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00", queue.When{Every: "day", At: "02:30"}},
		{"Europe/Berlin", "2026-10-25T02:45:00+02:00", "2026-10-25T03:00:00+02:00", queue.When{Every: "minutes", Minutes: 15}},
	} {
		after, err := time.Parse(time.RFC3339, c.after)
		if err != nil {
			t.Fatal(err)
		}
		z := zone(t, c.zone)
		if got := c.when.Next(after, z).In(z).Format(time.RFC3339); got != instant(t, c.want, z) {
			t.Errorf("%+v after %s in %s: %s, want %s", c.when, c.after, c.zone, got, c.want)
		}
	}
}

func instant(t *testing.T, s string, z *time.Location) string {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at.In(z).Format(time.RFC3339)
}

// Whatever is asked in whatever zone: the next time is later, nothing that was asked lies between, and clocks show what was asked, unless they jump over it.
func TestWhenHolds(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 7))
	var zones []*time.Location
	for _, name := range []string{"Asia/Shanghai", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Kathmandu", "America/Santiago", "Pacific/Apia", "UTC"} {
		zones = append(zones, zone(t, name))
	}
	for range 20_000 {
		z := zones[rng.IntN(len(zones))]
		w := queue.When{Every: []string{"day", "week", "month", "minutes"}[rng.IntN(4)]}
		clock := rng.IntN(24 * 60)
		switch at := time.Unix(int64(clock)*60, 0).UTC().Format("15:04"); w.Every {
		case "minutes":
			w.Minutes = 5 + rng.IntN(1436)
		case "day":
			w.At = at
		case "week":
			w.At = at
			for d := 1; d <= 7; d++ {
				if rng.IntN(3) == 0 {
					w.Days = append(w.Days, d)
				}
			}
			if len(w.Days) == 0 {
				w.Days = []int{7}
			}
		case "month":
			w.At, w.Day = at, 1+rng.IntN(31)
		}
		if err := w.Check(); err != nil {
			t.Fatalf("%+v: %v", w, err)
		}
		after := time.Date(2009+rng.IntN(30), 1, 1, 0, 0, rng.IntN(366*86400), 0, time.UTC)
		next := w.Next(after, z)
		if !next.After(after) {
			t.Fatalf("%+v after %v in %v: %v", w, after, z, next)
		}
		if again := w.Next(next.Add(-time.Microsecond), z); !again.Equal(next) {
			t.Fatalf("%+v in %v: %v is next after %v, but just before it %v is", w, z, next, after, again)
		}
		if w.Every == "minutes" {
			if next.Sub(after) > time.Duration(w.Minutes)*time.Minute {
				t.Fatalf("%+v: %v after %v", w, next, after)
			}
			continue
		}
		most := map[string]time.Duration{"day": 50 * time.Hour, "week": 9 * 24 * time.Hour, "month": 33 * 24 * time.Hour}[w.Every]
		if next.Sub(after) > most {
			t.Fatalf("%+v after %v in %v: only %v", w, after, z, next)
		}
		l := next.In(z)
		_, was := next.Add(-time.Minute).In(z).Zone()
		if _, is := l.Zone(); l.Format("15:04") != w.At && is <= was {
			t.Fatalf("%+v after %v: %v", w, after, l)
		}
		if l.Format("15:04") != w.At {
			continue // the clocks jump here
		}
		if w.Every == "week" && !slices.Contains(w.Days, (int(l.Weekday())+6)%7+1) {
			t.Fatalf("%+v: %v is a %v", w, l, l.Weekday())
		}
		if tomorrow := l.AddDate(0, 0, 1).Day(); w.Every == "month" && l.Day() != w.Day && (l.Day() > w.Day || tomorrow != 1) {
			t.Fatalf("%+v: %v", w, l)
		}
	}
}

func TestWhenRefuses(t *testing.T) {
	for _, w := range []queue.When{{}, {Every: "day"}, {Every: "day", At: "24:00"}, {Every: "day", At: "3:30"}, {Every: "week", At: "03:00"}, {Every: "week", At: "03:00", Days: []int{0}},
		{Every: "month", At: "03:00"}, {Every: "month", At: "03:00", Day: 32}, {Every: "minutes", Minutes: 1}, {Every: "year", At: "03:00"}} {
		if err := w.Check(); !record.Is(err, record.Invalid) {
			t.Errorf("%+v: %v", w, err)
		}
	}
}

// servers opens one workspace several times, with a clock that the test turns.
func servers(t *testing.T, n int, fn func(t *testing.T, dbs []*store.DB, clock *atomic.Int64)) {
	for _, d := range []string{"sqlite", "postgres"} {
		t.Run(d, func(t *testing.T) {
			url := filepath.Join(t.TempDir(), "guike.db")
			if d == "postgres" {
				url = storetest.PostgresURL(t)
			}
			var clock atomic.Int64
			clock.Store(time.Date(2026, 11, 22, 4, 0, 0, 0, time.UTC).UnixMicro()) // noon in Shanghai
			var dbs []*store.DB
			for range n {
				db, err := store.Open(ctx, url, guike.Kinds, store.Options{Now: func() time.Time { return time.UnixMicro(clock.Load()) }})
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() {
					if err := db.Close(); err != nil {
						t.Error(err)
					}
				})
				dbs = append(dbs, db)
			}
			fn(t, dbs, &clock)
		})
	}
}

func put(t *testing.T, db *store.DB, s *queue.Schedule) {
	t.Helper()
	if s.Args == nil {
		s.Args = json.RawMessage("{}")
	}
	if err := db.Tx(ctx, sys(), func(tx *store.Tx) error { return s.Put(ctx, tx) }); err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, db *store.DB, sql string) (n int64) {
	t.Helper()
	if err := db.One(ctx, sql, nil, &n); err != nil {
		t.Fatal(err)
	}
	return n
}

// Three servers look at the clock at once, forty days long: each day has one job.
func TestScheduleRunsOnceOnManyServers(t *testing.T) {
	servers(t, 3, func(t *testing.T, dbs []*store.DB, clock *atomic.Int64) {
		put(t, dbs[0], &queue.Schedule{Work: "count", When: queue.When{Every: "day", At: "03:30"}, Enabled: true})
		var done atomic.Int64
		var rs []*queue.Runner
		for _, db := range dbs {
			r := queue.NewRunner(db, 1)
			r.Handle("count", 1, func(context.Context, *queue.Task) error { done.Add(1); return nil })
			r.Offer("count", queue.Work{Queue: "count", Title: "job.count"})
			rs = append(rs, r)
		}
		const days = 40
		for range days {
			clock.Add(24 * time.Hour.Microseconds())
			var added atomic.Int64
			var wg sync.WaitGroup
			for _, r := range rs {
				wg.Go(func() {
					n, err := r.Due(ctx)
					if err != nil {
						t.Error(err)
					}
					added.Add(int64(n))
				})
			}
			wg.Wait()
			if added.Load() != 1 {
				t.Fatalf("%d jobs were added for one time", added.Load())
			}
			if _, err := rs[1].Drain(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if n := count(t, dbs[0], "SELECT count(*) FROM jobs"); n != days || done.Load() != days {
			t.Errorf("%d jobs, %d done, want %d", n, done.Load(), days)
		}
	})
}

func TestScheduleLife(t *testing.T) {
	servers(t, 2, func(t *testing.T, dbs []*store.DB, clock *atomic.Int64) {
		db := dbs[0]
		r := queue.NewRunner(db, 1)
		r.Handle("work", 1, func(ctx context.Context, task *queue.Task) error {
			var s queue.Scheduled
			if err := json.Unmarshal(task.Args, &s); err != nil {
				return err
			}
			return task.Made(ctx, queue.Result{File: s.Schedule + string(s.Args)})
		})
		w := queue.Work{Queue: "work", Title: "job.work"}
		r.Offer("work", w)
		s := &queue.Schedule{Work: "work", Args: json.RawMessage(`{"keep":3}`), When: queue.When{Every: "day", At: "03:30"}, Enabled: true}
		put(t, db, s)
		due := func(want int) {
			t.Helper()
			if n, err := r.Due(ctx); err != nil || n != want {
				t.Fatalf("%d due, %v; want %d", n, err, want)
			}
		}
		now := func() *queue.Schedule {
			t.Helper()
			got, err := queue.GetSchedule(ctx, dbs[1], s.ID)
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		due(0)
		// No server was there for three days and a half: it is done once, and two are said to be missed.
		clock.Add(84 * time.Hour.Microseconds())
		due(1)
		due(0)
		if got := now(); got.Missed != 2 || got.LastDue.UTC().Format(time.RFC3339) != "2026-11-22T19:30:00Z" || got.Next.UTC().Format(time.RFC3339) != "2026-11-25T19:30:00Z" {
			t.Errorf("%d missed, last %v, next %v", got.Missed, got.LastDue, got.Next)
		}
		// While its job waits another is not added, and that is said.
		clock.Add(24 * time.Hour.Microseconds())
		due(0)
		if got := now(); got.Skipped != 1 {
			t.Errorf("%d skipped", got.Skipped)
		}
		if _, err := r.Drain(ctx); err != nil {
			t.Fatal(err)
		}
		j, err := queue.Get(ctx, db, now().Job)
		if err != nil || j.State != queue.Done || j.Outcome().File != s.ID+`{"keep":3}` {
			t.Errorf("%+v, %v", j, err)
		}
		// By hand, beside its times.
		if err := db.Tx(ctx, sys(), func(tx *store.Tx) error { _, err := s.RunNow(ctx, tx, w); return err }); err != nil {
			t.Fatal(err)
		}
		if err := db.Tx(ctx, sys(), func(tx *store.Tx) error { _, err := s.RunNow(ctx, tx, w); return err }); !record.Is(err, record.Conflict) {
			t.Errorf("a second one at once: %v", err)
		}
		if _, err := r.Drain(ctx); err != nil {
			t.Fatal(err)
		}
		// The workspace moves to Berlin: 03:30 is another instant, and nothing runs for that.
		if err := db.Tx(ctx, sys(), func(tx *store.Tx) error { return tx.Set(ctx, "zone", "Europe/Berlin") }); err != nil {
			t.Fatal(err)
		}
		due(0)
		if got := now(); got.Next.UTC().Format("15:04") != "02:30" {
			t.Errorf("next is %v", got.Next)
		}
		s.Enabled = false
		put(t, db, s)
		clock.Add(48 * time.Hour.Microseconds())
		due(0)
		s.Enabled = true
		put(t, db, s)
		due(0) // what passed while it was off is not made up for
		if err := db.Tx(ctx, sys(), func(tx *store.Tx) error { return queue.Unschedule(ctx, tx, s.ID) }); err != nil {
			t.Fatal(err)
		}
		if _, err := queue.GetSchedule(ctx, db, s.ID); !record.Is(err, record.NotFound) {
			t.Errorf("after it was deleted: %v", err)
		}
	})
}
