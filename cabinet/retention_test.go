package cabinet_test

import (
	"context"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"guike"
	"guike/bulk"
	"guike/cabinet"
	"guike/queue"
	"guike/record"
	"guike/store"
	"guike/store/storetest"
)

// purged empties the trash as a schedule has it done.
func (r *room) purged(p bulk.Purge) {
	r.Helper()
	var by record.ID
	r.do(func(tx *store.Tx) error {
		u := &guike.User{Name: "主", Login: string(record.NewID("usr")), Role: "owner"}
		err := tx.Create(r.ctx, u)
		by = u.ID
		return err
	})
	jobs := queue.NewRunner(r.db, 1)
	jobs.Handle(bulk.PurgeQueue, 1, bulk.PurgeHandler(r.db, func(context.Context, record.ID, record.Cause) (record.Scope, error) { return r.sys, nil }))
	args, err := json.Marshal(p)
	if err != nil {
		r.Fatal(err)
	}
	sc := r.sys
	sc.User = by
	if err := r.db.Tx(r.ctx, sc, func(tx *store.Tx) error {
		_, err := queue.Add(r.ctx, tx, queue.New{Queue: bulk.PurgeQueue, Title: "job.purge", Args: queue.Scheduled{Args: args}})
		return err
	}); err != nil {
		r.Fatal(err)
	}
	for n := 1; n > 0; {
		if n, err = jobs.Drain(r.ctx); err != nil {
			r.Fatal(err)
		}
	}
	var dead int64
	if err := r.db.One(r.ctx, "SELECT count(*) FROM jobs WHERE state <> 'done'", nil, &dead); err != nil || dead > 0 {
		r.Errorf("%d jobs are not done: %v", dead, err)
	}
}

// What is proposed to go is what was kept as long as its kind asks and is held by nobody; what is held is not removed for ever by any way.
func TestRetention(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := furnish(t, db)
		ago := func(years, days int) record.Date {
			return record.DateOf(db.Now().AddDate(-years, 0, -days), time.FixedZone("", 8*3600))
		}
		r.customer("甲", "", "")
		r.customer("乙", "", "")
		r.document("旧票", "甲", "发票", ago(10, 2))
		r.document("新票", "甲", "发票", ago(9, 0))
		r.document("旧合同", "", "合同", ago(50, 0)) // kept for ever
		r.document("旧资料", "甲", "资料", ago(2, 2))
		r.document("旧执照", "甲", "执照", ago(2, 2)) // a rule of its own: five years
		r.document("更旧执照", "甲", "执照", ago(5, 2))
		r.document("无日期", "甲", "资料", "")
		r.document("扣下的", "甲", "发票", ago(20, 0))
		r.document("乙的", "乙", "发票", ago(20, 0))
		r.document("杂", "甲", "", ago(90, 0))
		keep := cabinet.Retention{Keep: []cabinet.Keep{{Kind: r.kinds["发票"].ID, Years: 10}, {Kind: r.kinds["资料"].ID, Years: 2}, {Kind: r.kinds["执照"].ID, Years: 5}}}
		if err := cabinet.SaveRetention(r.ctx, db, r.sys, keep); err != nil {
			t.Fatal(err)
		}
		hold := func(kind string, id record.ID, why string) {
			t.Helper()
			if _, err := cabinet.Hold(r.ctx, db, r.sys, kind, id, why); err != nil {
				t.Fatal(err)
			}
		}
		due := func() (names []string, held int64) {
			t.Helper()
			p, err := cabinet.FindDue(r.ctx, db, r.sys, 0)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range p.Due {
				names = append(names, r.name(d.Document))
			}
			slices.Sort(names)
			if int(p.Total) != len(names) {
				t.Errorf("%d said, %d listed", p.Total, len(names))
			}
			return names, p.Held
		}
		hold("document", r.docs["扣下的"], "诉讼")
		hold("customer", r.cus["乙"], "税务稽查")
		names, held := due()
		if want := []string{"旧票", "旧资料", "更旧执照"}; !slices.Equal(names, want) || held != 2 {
			t.Errorf("%v, %d held; want %v, 2", names, held, want)
		}

		// By each way into the trash and out of it, for ever: the held stay.
		for _, name := range []string{"旧票", "扣下的", "乙的"} {
			r.do(func(tx *store.Tx) error {
				_, err := tx.Delete(r.ctx, "document", r.docs[name])
				return err
			})
		}
		for _, name := range []string{"扣下的", "乙的"} {
			if err := db.Tx(r.ctx, r.sys, func(tx *store.Tx) error {
				_, err := tx.Purge(r.ctx, "document", r.docs[name])
				return err
			}); !record.Is(err, record.Conflict) {
				t.Errorf("%s is purged: %v", name, err)
			}
		}
		r.do(func(tx *store.Tx) error {
			_, err := tx.Exec(r.ctx, "UPDATE documents SET deleted_at = deleted_at - ? WHERE deleted_at IS NOT NULL", int64(40*24*3600*1_000_000))
			return err
		})
		r.purged(bulk.Purge{Days: 30, Kinds: []string{"document"}})
		left := map[string]bool{}
		if err := db.Each(r.ctx, "SELECT name FROM documents WHERE deleted_at IS NOT NULL", nil, func(rows store.Rows) error {
			var n string
			err := rows.Scan(&n)
			left[n] = true
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if len(left) != 2 || !left["扣下的"] || !left["乙的"] {
			t.Errorf("in the trash after it was emptied: %v", left)
		}
		hold("customer", r.cus["乙"], "")
		r.purged(bulk.Purge{Days: 30, Kinds: []string{"document"}})
		var n int64
		if err := db.One(r.ctx, "SELECT count(*) FROM documents WHERE name = '乙的'", nil, &n); err != nil || n != 0 {
			t.Errorf("let go, it stays: %d %v", n, err)
		}

		clerk := r.sys
		clerk.Admin, clerk.System = false, false
		if _, err := cabinet.Hold(r.ctx, db, clerk, "document", r.docs["新票"], "x"); !record.Is(err, record.Denied) {
			t.Errorf("anybody holds: %v", err)
		}
		if err := cabinet.SaveRetention(r.ctx, db, clerk, keep); !record.Is(err, record.Denied) {
			t.Errorf("anybody says for how long: %v", err)
		}
		if _, err := cabinet.Hold(r.ctx, db, r.sys, "order", "ord_x", "x"); !record.Is(err, record.NotFound) {
			t.Errorf("a kind without a hold: %v", err)
		}
		if err := cabinet.SaveRetention(r.ctx, db, r.sys, cabinet.Retention{Keep: []cabinet.Keep{{Kind: r.kinds["发票"].ID}}}); !record.Is(err, record.Invalid) {
			t.Errorf("no years: %v", err)
		}
	})
}
