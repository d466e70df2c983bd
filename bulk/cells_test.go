package bulk_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"guike"
	"guike/bulk"
	"guike/record"
	"guike/store"
	"guike/store/storetest"
)

func raw(s string) json.RawMessage { return json.RawMessage(s) }

// Cells are written all or none: what is wrong is named field by field, a check writes nothing, and an undo takes all back but what was changed since.
func TestCells(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := start(t, db)
		sys := record.SystemScope("test")
		mine, other := &guike.Department{Name: "我"}, &guike.Department{Name: "他"}
		if err := db.Tx(ctx, sys, func(tx *store.Tx) error { return tx.Create(ctx, mine, other) }); err != nil {
			t.Fatal(err)
		}
		var recs []record.Record
		for i := range 6 {
			c := &guike.Customer{Name: fmt.Sprint("客", i), Note: "旧"}
			if c.Department = mine.ID; i == 5 {
				c.Department = other.ID
			}
			recs = append(recs, c)
		}
		if err := db.Tx(ctx, sys, func(tx *store.Tx) error { return tx.Create(ctx, recs...) }); err != nil {
			t.Fatal(err)
		}
		w.settle()
		id := func(i int) record.ID { return recs[i].Head().ID }
		sc := person(mine.ID)
		write := func(c bulk.Cells) (*guike.Operation, []bulk.Wrong) {
			t.Helper()
			out, err := bulk.Write(ctx, db, sc, "customer", c)
			if err != nil {
				t.Fatal(err)
			}
			if out.ID == "" {
				return nil, out.Wrong
			}
			return w.state(out.ID), out.Wrong
		}
		notes := func(want string, n int64) {
			t.Helper()
			if have := w.count(record.Where("note", "eq", want), false); have != n {
				t.Errorf("%d notes are %s, want %d", have, want, n)
			}
		}
		bad := bulk.Cells{Items: []bulk.Item{
			{ID: id(0), Edit: map[string]json.RawMessage{"note": raw(`"新"`)}},
			{ID: id(1), Edit: map[string]json.RawMessage{"note": raw(`"新"`), "since": raw(`"2026-02-30"`), "name": raw(`""`)}},
			{ID: id(5), Edit: map[string]json.RawMessage{"note": raw(`"新"`)}},
			{ID: "cus_none", Edit: map[string]json.RawMessage{"note": raw(`"新"`)}},
		}}
		for _, check := range []bool{true, false} {
			bad.Check = check
			o, wrong := write(bad)
			if o != nil || len(wrong) != 3 || wrong[0].ID != id(1) || wrong[0].Fields["since"] == "" || wrong[0].Fields["name"] == "" || len(wrong[0].Fields) != 2 ||
				wrong[1].Reason != "error.denied" || wrong[2].Reason != "error.not_found" {
				t.Fatalf("check %v: %+v %+v", check, o, wrong)
			}
			notes("新", 0)
		}
		good := bulk.Cells{Check: true}
		for i := range 5 {
			good.Items = append(good.Items, bulk.Item{ID: id(i), Version: recs[i].Head().Version, Edit: map[string]json.RawMessage{"note": raw(fmt.Sprintf(`"新%d"`, i))}})
		}
		if o, wrong := write(good); o != nil || len(wrong) > 0 {
			t.Fatalf("%+v %+v", o, wrong)
		}
		notes("旧", 6)
		good.Check = false
		o, wrong := write(good)
		if o == nil || len(wrong) > 0 || o.Done != 5 || o.Total != 5 || o.State != guike.OperationDone {
			t.Fatalf("%+v %+v", o, wrong)
		}
		notes("旧", 1)
		notes("新3", 1)
		// Who saw an older version of a field does not write over it.
		if _, wrong := write(bulk.Cells{Items: good.Items[:1]}); len(wrong) != 1 || wrong[0].Fields["note"] != "error.changed_since" {
			t.Errorf("stale: %+v", wrong)
		}
		if err := db.Tx(ctx, sys, func(tx *store.Tx) error {
			_, err := tx.Update(ctx, "customer", id(2), store.Patch{Values: map[string]record.Value{"note": record.TextValue("后来")}})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := bulk.Undo(ctx, db, sys, o.ID); err != nil {
			t.Fatal(err)
		}
		w.settle()
		if o = w.state(o.ID); o.State != guike.OperationUndone || o.Kept != 1 {
			t.Errorf("undone: %+v", o)
		}
		notes("旧", 5)
		notes("后来", 1)
		for _, c := range []bulk.Cells{{}, {Items: []bulk.Item{good.Items[0], good.Items[0]}}} {
			if _, err := bulk.Write(ctx, db, sc, "customer", c); !record.Is(err, record.Invalid) {
				t.Errorf("%+v: %v", c, err)
			}
		}
	})
}
