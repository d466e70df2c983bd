package bulk_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"guike"
	"guike/bulk"
	"guike/classify"
	"guike/queue"
	"guike/record"
	"guike/store"
	"guike/store/storetest"
)

var ctx = context.Background()

type world struct {
	*testing.T
	db *store.DB
	r  *queue.Runner
}

func (w *world) settle() {
	w.Helper()
	for range 5 {
		if err := w.r.CatchUp(ctx); err != nil {
			w.Fatal(err)
		}
		if n, err := w.r.Drain(ctx); err != nil {
			w.Fatal(err)
		} else if n == 0 {
			return
		}
	}
}

func start(t *testing.T, db *store.DB) *world {
	t.Helper()
	if err := classify.Seed(ctx, db); err != nil {
		t.Fatal(err)
	}
	r := queue.NewRunner(db, 1)
	r.Follow("classify", classify.Follow)
	r.Handle(classify.Queue, 1, classify.Handler(db))
	r.Handle(bulk.Queue, 1, bulk.Handler(db))
	return &world{t, db, r}
}

// person may all, but only of his own department.
func person(dep record.ID) record.Scope {
	g := record.Grant{Read: record.Everything, Create: record.Everything, Update: record.Department, Delete: record.Department}
	return record.Scope{User: record.NewID("usr"), Name: "clerk", Departments: []record.ID{dep}, Home: dep, Other: g}
}

func (w *world) operation(sc record.Scope, c bulk.Change) *guike.Operation {
	w.Helper()
	o, err := bulk.Begin(ctx, w.db, sc, "customer", c)
	if err != nil {
		w.Fatal(err)
	}
	w.settle()
	return w.state(o.ID)
}

func (w *world) state(id record.ID) *guike.Operation {
	w.Helper()
	r, err := w.db.Get(ctx, record.SystemScope("test"), "operation", id)
	if err != nil {
		w.Fatal(err)
	}
	return r.(*guike.Operation)
}

func (w *world) count(f record.Filter, trash bool) int64 {
	w.Helper()
	n, _, err := w.db.Count(ctx, record.SystemScope("test"), store.Query{Kind: "customer", Filter: f, Trash: trash}, nil)
	if err != nil {
		w.Fatal(err)
	}
	return n
}

// Many are edited in the name of a person: what is not his to change, and what would not be allowed, is counted and named; the rest is done, and taken back
// but for what somebody changed since.
func TestEditMany(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := start(t, db)
		dep, other := &guike.Department{Name: "我"}, &guike.Department{Name: "他"}
		sys := record.SystemScope("test")
		if err := db.Tx(ctx, sys, func(tx *store.Tx) error { return tx.Create(ctx, dep, other) }); err != nil {
			t.Fatal(err)
		}
		var recs []record.Record
		for i := range 450 {
			c := &guike.Customer{Name: fmt.Sprint("客", i), Region: "上海", Note: "旧"}
			if c.Department = dep.ID; i%50 == 7 {
				c.Department = other.ID
			}
			if i == 11 {
				c.Note = "新"
			}
			recs = append(recs, c)
		}
		if err := db.Tx(ctx, sys, func(tx *store.Tx) error { return tx.Create(ctx, recs...) }); err != nil {
			t.Fatal(err)
		}
		w.settle()
		o := w.operation(person(dep.ID), bulk.Change{Filter: record.Where("region", "eq", "上海"), Edit: map[string]json.RawMessage{"note": json.RawMessage(`"新"`), "region": json.RawMessage(`"苏州"`)}})
		if o.State != guike.OperationDone || o.Done != 441 || o.Same != 0 || o.Failed != 9 || o.Total != 450 {
			t.Fatalf("%+v", o)
		}
		var faults []bulk.Fault
		if err := json.Unmarshal([]byte(o.Faults), &faults); err != nil || len(faults) != 9 || faults[0].Reason != "error.denied" {
			t.Errorf("faults %s", o.Faults)
		}
		if n := w.count(record.Where("region", "eq", "苏州"), false); n != 441 {
			t.Errorf("%d are in 苏州", n)
		}
		if err := db.Tx(ctx, sys, func(tx *store.Tx) error {
			_, err := tx.Update(ctx, "customer", recs[20].Head().ID, store.Patch{Values: map[string]record.Value{"region": record.TextValue("杭州")}})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := bulk.Undo(ctx, db, sys, o.ID); err != nil {
			t.Fatal(err)
		}
		w.settle()
		if o = w.state(o.ID); o.State != guike.OperationUndone || o.Kept != 2 { // the region, and its category, which follows
			t.Errorf("undone: %+v", o)
		}
		if a, b := w.count(record.Where("region", "eq", "上海"), false), w.count(record.Where("note", "eq", "旧"), false); a != 449 || b != 449 {
			t.Errorf("%d are back in 上海, %d have their note", a, b)
		}
		if _, err := bulk.Undo(ctx, db, sys, o.ID); !record.Is(err, record.Conflict) {
			t.Errorf("twice: %v", err)
		}
	})
}

// Categories are decided for many, given back to the machine, and records put into the trash: each comes back.
func TestClassifyAndTrashMany(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := start(t, db)
		sys := record.SystemScope("test")
		var recs []record.Record
		for i := range 30 {
			recs = append(recs, &guike.Customer{Name: fmt.Sprint("客", i), Type: "company"})
		}
		if err := db.Tx(ctx, sys, func(tx *store.Tx) error { return tx.Create(ctx, recs...) }); err != nil {
			t.Fatal(err)
		}
		w.settle()
		cat, err := db.Catalogue(ctx, false)
		if err != nil {
			t.Fatal(err)
		}
		f := cat.Kind("customer").Field("d_type")
		id := map[string]string{}
		for _, c := range cat.Categories(f.Dimension) {
			id[c.Name] = string(c.ID)
		}
		is := func(name string, want int64) {
			t.Helper()
			if n := w.count(record.Where("d_type", "eq", id[name]), false); n != want {
				t.Errorf("%d are %s, want %d", n, name, want)
			}
		}
		is("企业", 30)
		all := record.Where("name", "contains", "客")
		set := w.operation(sys, bulk.Change{Filter: all, Not: []record.ID{recs[0].Head().ID}, Set: map[string][]string{"d_type": {id["个人"]}}})
		is("个人", 29)
		release := w.operation(sys, bulk.Change{Filter: all, Release: []string{"d_type"}})
		is("企业", 30)
		for _, o := range []*guike.Operation{release, set} {
			if _, err := bulk.Undo(ctx, db, sys, o.ID); err != nil {
				t.Fatal(err)
			}
			w.settle()
			if o == release {
				is("个人", 29)
			}
		}
		is("企业", 30)
		trash := w.operation(sys, bulk.Change{IDs: []record.ID{recs[1].Head().ID, recs[2].Head().ID}, Trash: true})
		if n := w.count(record.Filter{}, true); n != 2 {
			t.Errorf("%d in the trash", n)
		}
		if _, err := bulk.Undo(ctx, db, sys, trash.ID); err != nil {
			t.Fatal(err)
		}
		w.settle()
		if n := w.count(record.Filter{}, true); n != 0 {
			t.Errorf("%d still in the trash", n)
		}
		for _, bad := range []bulk.Change{{}, {Trash: true, Restore: true}, {Edit: map[string]json.RawMessage{"nosuch": json.RawMessage("1")}}, {Edit: map[string]json.RawMessage{"d_type": json.RawMessage("1")}},
			{Edit: map[string]json.RawMessage{"since": json.RawMessage(`"2026-02-30"`)}}, {Set: map[string][]string{"d_type": {"cat_x"}}}} {
			if _, err := bulk.Begin(ctx, db, sys, "customer", bad); !record.Is(err, record.Invalid) {
				t.Errorf("%+v: %v", bad, err)
			}
		}
	})
}
