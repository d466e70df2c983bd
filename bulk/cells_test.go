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

// New rows are made with the others, all or none: each says what it lacks, two of one number are told apart from the rest, and an undo trashes them.
func TestCellsMade(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := start(t, db)
		sys := record.SystemScope("test")
		mine := &guike.Department{Name: "我"}
		if err := db.Tx(ctx, sys, func(tx *store.Tx) error { return tx.Create(ctx, mine) }); err != nil {
			t.Fatal(err)
		}
		old := &guike.Customer{Name: "老", Number: "K0"}
		old.Department = mine.ID
		if err := db.Tx(ctx, sys, func(tx *store.Tx) error { return tx.Create(ctx, old) }); err != nil {
			t.Fatal(err)
		}
		w.settle()
		sc := person(mine.ID)
		row := func(name string, members ...string) bulk.Item {
			it := bulk.Item{New: name, Edit: map[string]json.RawMessage{}}
			for i := 0; i < len(members); i += 2 {
				it.Edit[members[i]] = raw(`"` + members[i+1] + `"`)
			}
			return it
		}
		write := func(check bool, items ...bulk.Item) bulk.Written {
			t.Helper()
			out, err := bulk.Write(ctx, db, sc, "customer", bulk.Cells{Check: check, Items: items})
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		count := func(trash bool) int64 { return w.count(record.Where("number", "prefix", "K"), trash) }
		out := write(false, row("1", "name", "甲", "number", "K1"), row("2", "number", "K2", "since", "2026-02-30"), row("3", "name", "丙", "number", "K1"), row("4", "name", "丁", "number", "K0"))
		if out.ID != "" || len(out.Wrong) != 3 || count(false) != 1 {
			t.Fatalf("%+v, %d", out, count(false))
		}
		want := map[string][]string{"2": {"name", "since"}, "4": {"number"}, "3": {"number"}}
		for _, wr := range out.Wrong {
			if len(wr.Fields) != len(want[wr.New]) {
				t.Errorf("%+v", wr)
			}
			for _, n := range want[wr.New] {
				if wr.Fields[n] == "" {
					t.Errorf("%s is not said of %+v", n, wr)
				}
			}
		}
		good := []bulk.Item{{ID: old.ID, Edit: map[string]json.RawMessage{"note": raw(`"改"`)}}, row("1", "name", "甲", "number", "K1"), row("2", "name", "乙", "number", "K2")}
		if out = write(true, good...); out.ID != "" || len(out.Wrong) > 0 || count(false) != 1 {
			t.Fatalf("checked: %+v", out)
		}
		out = write(false, good...)
		if o := w.state(out.ID); len(out.Made) != 2 || o.Total != 3 || o.Done != 3 || count(false) != 3 {
			t.Fatalf("made: %+v %+v", out, o)
		}
		r, err := db.Get(ctx, sc, "customer", out.Made["2"])
		if err != nil || r.(*guike.Customer).Name != "乙" || r.Head().Department != mine.ID || r.Head().Owner != sc.User {
			t.Errorf("%+v %v", r, err)
		}
		w.settle()
		if _, err := bulk.Undo(ctx, db, sc, out.ID); err != nil {
			t.Fatal(err)
		}
		w.settle()
		if o := w.state(out.ID); o.State != guike.OperationUndone || o.Kept != 0 || count(false) != 1 || count(true) != 2 || w.count(record.Where("note", "eq", "改"), false) != 0 {
			t.Errorf("undone: %+v, %d left, %d in the trash", o, count(false), count(true))
		}
		reader := sc
		reader.Other.Create = record.None
		for _, c := range []bulk.Cells{{Items: []bulk.Item{{}}}, {Items: []bulk.Item{{ID: old.ID, New: "1"}}}, {Items: []bulk.Item{row("1"), row("1")}}} {
			if _, err := bulk.Write(ctx, db, sc, "customer", c); !record.Is(err, record.Invalid) {
				t.Errorf("%+v: %v", c, err)
			}
		}
		if out, err := bulk.Write(ctx, db, reader, "customer", bulk.Cells{Items: []bulk.Item{row("9", "name", "不许", "number", "K9")}}); err != nil || len(out.Wrong) != 1 || out.Wrong[0].Reason != "error.denied" {
			t.Errorf("denied: %+v %v", out, err)
		}
	})
}
