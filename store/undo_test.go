package store_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"testing"

	"guike"
	"guike/record"
	"guike/store"
	"guike/store/storetest"
)

func caused(kind, id string) record.Scope {
	sc := system()
	sc.Cause = record.Cause{Kind: kind, ID: id, Root: id}
	return sc
}

func person() record.Scope {
	sc := system()
	sc.User = record.NewID("usr")
	sc.Cause = record.Cause{Kind: "request", ID: "req", Root: string(record.NewID("req"))}
	return sc
}

func write(t testing.TB, db *store.DB, sc record.Scope, fn func(*store.Tx) error) {
	t.Helper()
	if err := db.Tx(context.Background(), sc, fn); err != nil {
		t.Fatal(err)
	}
}

func set(t testing.TB, db *store.DB, sc record.Scope, kind string, id record.ID, field, value string) {
	t.Helper()
	write(t, db, sc, func(tx *store.Tx) error {
		_, err := tx.Update(context.Background(), kind, id, store.Patch{Values: map[string]record.Value{field: record.TextValue(value)}})
		return err
	})
}

// undo takes a root back in batches of 3, each with its cursor.
func undo(t testing.TB, db *store.DB, sc record.Scope, u store.Undo) store.Undone {
	t.Helper()
	var all store.Undone
	for after := ""; ; {
		var one store.Undone
		write(t, db, sc, func(tx *store.Tx) error {
			var err error
			one, err = tx.Undo(context.Background(), u, after, 3)
			return err
		})
		all.Records += one.Records
		all.Trashed += one.Trashed
		all.Back += one.Back
		all.Kept = append(all.Kept, one.Kept...)
		if after = one.Next; after == "" {
			return all
		}
	}
}

// A looks is what people see of records: their values without the house's own bookkeeping, and where their categories come from.
type looks struct {
	Values    map[record.ID]map[string]record.Value
	Decisions map[record.ID]map[string]record.Decision
}

func look(t testing.TB, db *store.DB, kind string, ids []record.ID) looks {
	t.Helper()
	ctx := context.Background()
	cat, err := db.Catalogue(ctx, false)
	if err != nil {
		t.Fatal(err)
	}
	k := cat.Kind(kind)
	recs, err := db.GetAll(ctx, system(), kind, ids, record.Everything, "")
	if err != nil {
		t.Fatal(err)
	}
	l := looks{Values: map[record.ID]map[string]record.Value{}}
	for _, r := range recs {
		m := map[string]record.Value{}
		for i, v := range k.Values(r) {
			switch f := &k.Fields[i]; {
			case f.Name == "version" || f.Name == "updated_at":
			case f.Name == "deleted_at":
				m[f.Name] = record.Value{Null: v.Null}
			default:
				m[f.Name] = v
			}
		}
		l.Values[r.Head().ID] = m
	}
	if l.Decisions, err = db.Decisions(ctx, ids...); err != nil {
		t.Fatal(err)
	}
	return l
}

func dimension(t testing.TB, db *store.DB, kind, name string, multi bool) []int64 {
	t.Helper()
	ctx := context.Background()
	var ns []int64
	write(t, db, system(), func(tx *store.Tx) error {
		ns = nil
		d := &guike.Dimension{Of: kind, Name: name, Label: name, By: guike.ByRules, Multi: multi}
		if err := tx.Create(ctx, d); err != nil {
			return err
		}
		if err := tx.AddField(ctx, kind, record.Field{Name: name, Type: record.Category, Dimension: d.ID, Multi: multi}); err != nil {
			return err
		}
		for i := range 3 {
			c := &guike.Category{Dimension: d.ID, Name: fmt.Sprint(i)}
			if err := tx.Create(ctx, c); err != nil {
				return err
			}
			ns = append(ns, c.N)
		}
		return nil
	})
	return ns
}

func TestUndo(t *testing.T) {
	ctx := context.Background()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ns := dimension(t, db, "customer", "d_level", false)
		var ids []record.ID
		for i := range 8 {
			c := &guike.Customer{Name: fmt.Sprintf("客户 <%d> & 公司", i), Phone: "1", Note: "\u2028 <b>"}
			create(t, db, c)
			ids = append(ids, c.ID)
		}
		decide := func(sc record.Scope, id record.ID, n int64, d record.Decision) {
			write(t, db, sc, func(tx *store.Tx) error {
				_, err := tx.Update(ctx, "customer", id, store.Patch{Values: map[string]record.Value{"d_level": record.NumberValue(n)}, Decisions: map[string]record.Decision{"d_level": d}})
				return err
			})
		}
		decide(system(), ids[0], ns[0], record.Decision{Origin: "rule", Rule: "rul_a", Version: 3, Confidence: 1, Reason: "a"})
		decide(person(), ids[1], ns[1], record.Decision{Origin: "person", By: "usr_x"})
		before := look(t, db, "customer", ids)

		job := caused("import", "imp_1")
		for _, id := range ids[:6] {
			set(t, db, job, "customer", id, "phone", "2")
			set(t, db, job, "customer", id, "note", "new")
			set(t, db, job, "customer", id, "phone", "3")
		}
		follow := job
		follow.Cause = record.Cause{Kind: "classify", ID: "imp_1", Root: "imp_1", Depth: 1}
		decide(follow, ids[0], ns[2], record.Decision{Origin: "rule", Rule: "rul_b", Version: 1, Confidence: 1, Reason: "b"})
		decide(follow, ids[1], ns[1], record.Decision{Origin: "rule", Rule: "rul_b"}) // the same value, decided by another
		decide(follow, ids[2], ns[2], record.Decision{Origin: "rule", Rule: "rul_b"})
		write(t, db, job, func(tx *store.Tx) error { _, err := tx.Delete(ctx, "customer", ids[6]); return err })
		made := make([]record.ID, 4)
		write(t, db, job, func(tx *store.Tx) error {
			var recs []record.Record
			for i := range made {
				recs = append(recs, &guike.Customer{Name: fmt.Sprint("新", i)})
			}
			err := tx.Create(ctx, recs...)
			for i, r := range recs {
				made[i] = r.Head().ID
			}
			return err
		})
		after := look(t, db, "customer", append(ids, made...))

		set(t, db, person(), "customer", ids[3], "note", "by hand")
		set(t, db, person(), "customer", ids[4], "email", "a@b.cn") // another field does not hinder
		set(t, db, person(), "customer", made[0], "note", "worked on")
		set(t, db, person(), "customer", made[1], "note", "there")
		set(t, db, person(), "customer", made[1], "note", "") // and back again
		create(t, db, &guike.Order{Number: "1", Customer: made[2]})

		back := undo(t, db, caused("undo", "und_1"), store.Undo{Root: "imp_1"})
		got := look(t, db, "customer", ids)
		before.Values[ids[3]]["note"] = record.TextValue("by hand")
		before.Values[ids[4]]["email"] = record.TextValue("a@b.cn")
		if !reflect.DeepEqual(got, before) {
			t.Errorf("after undo: %s", differ(got, before))
		}
		if back.Records != 11 || back.Trashed != 2 || back.Back != 7 || len(back.Kept) != 3 {
			t.Errorf("undone: %+v", back)
		}
		why := map[string]string{}
		for _, k := range back.Kept {
			why[string(k.Rec)+k.Field] = k.Reason
		}
		if want := map[string]string{string(ids[3]) + "note": store.KeptChanged, string(made[0]): store.KeptTouched, string(made[2]): store.KeptReferred}; !maps.Equal(why, want) {
			t.Errorf("kept %v, want %v", why, want)
		}

		// The undo is a cause: undone, everything is as the import left it, besides what people did.
		again := undo(t, db, caused("undo", "und_2"), store.Undo{Root: "und_1"})
		got = look(t, db, "customer", append(ids, made...))
		after.Values[ids[3]]["note"] = record.TextValue("by hand")
		after.Values[ids[4]]["email"] = record.TextValue("a@b.cn")
		after.Values[made[0]]["note"] = record.TextValue("worked on")
		if !reflect.DeepEqual(got, after) || len(again.Kept) > 0 {
			t.Errorf("after undoing the undo: %s, kept %v", differ(got, after), again.Kept)
		}

		// A person has looked at the list and says: that one too.
		one := undo(t, db, caused("undo", "und_3"), store.Undo{Root: "imp_1", Anyway: true, Only: []record.ID{made[0]}})
		if r, err := db.Get(ctx, system(), "customer", made[0]); err != nil || r.Head().DeletedAt == 0 || one.Trashed != 1 || len(one.Kept) > 0 {
			t.Errorf("%v, %+v", err, one)
		}
	})
}

// What another has taken since, or what is not allowed any more, is kept and named; the rest of the batch goes back.
func TestUndoKeepsUnique(t *testing.T) {
	ctx := context.Background()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		a, b, c := &guike.Order{Number: "A"}, &guike.Order{Number: "B"}, &guike.Order{Number: "C"}
		create(t, db, a, b, c)
		job := caused("import", "imp_1")
		set(t, db, job, "order", a.ID, "number", "A2")
		set(t, db, job, "order", b.ID, "number", "B2")
		write(t, db, job, func(tx *store.Tx) error { _, err := tx.Delete(ctx, "order", c.ID); return err })
		create(t, db, &guike.Order{Number: "A"}, &guike.Order{Number: "C"})
		back := undo(t, db, caused("undo", "und_1"), store.Undo{Cause: "imp_1"})
		if back.Back != 1 || len(back.Kept) != 2 || back.Kept[0].Reason != store.KeptTaken {
			t.Errorf("%+v", back)
		}
		if r, err := db.Get(ctx, system(), "order", b.ID); err != nil || r.(*guike.Order).Number != "B" {
			t.Errorf("%v %v", r, err)
		}
	})
}

// Whatever one cause does, its undo gives the values and decisions of before, and the undo of the undo those of after.
func TestUndoIsExact(t *testing.T) {
	ctx := context.Background()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ns, ms := dimension(t, db, "receipt", "d_one", false), dimension(t, db, "receipt", "d_many", true)
		for round := range 12 {
			rng := rand.New(rand.NewPCG(uint64(round), 3))
			var ids []record.ID
			act := func(sc record.Scope) {
				if len(ids) < 6 || rng.IntN(6) == 0 {
					r := &guike.Receipt{Type: "slip", Amount: one(rng, cash), Purpose: one(rng, words)}
					r.Status = record.Draft
					write(t, db, sc, func(tx *store.Tx) error { r.ID = ""; return tx.Create(ctx, r) })
					ids = append(ids, r.ID)
					return
				}
				id := one(rng, ids)
				write(t, db, sc, func(tx *store.Tx) error {
					var err error
					switch rng.IntN(7) {
					case 0:
						_, err = tx.Delete(ctx, "receipt", id)
					case 1:
						_, err = tx.Restore(ctx, "receipt", id)
					default:
						p := store.Patch{Values: map[string]record.Value{"memo": record.TextValue(one(rng, words)), "amount": record.MoneyValue(one(rng, cash)),
							"paid_on": record.TextValue(string(one(rng, days)))}, Decisions: map[string]record.Decision{}}
						if rng.IntN(2) == 0 {
							p.Values["d_one"] = one(rng, []record.Value{record.Absent, record.NumberValue(ns[0]), record.NumberValue(ns[1])})
							p.Decisions["d_one"] = record.Decision{Origin: one(rng, []string{"rule", "person", "none"}), Rule: one(rng, []record.ID{"", "rul_1", "rul_2"}), Confidence: 0.5}
							p.Values["d_many"] = one(rng, []record.Value{record.Absent, record.Several(ms[:1]), record.Several(ms[:2])})
							p.Decisions["d_many"] = record.Decision{Origin: "rule", Rule: one(rng, []record.ID{"rul_1", "rul_2"}), Reason: "x"}
						}
						_, err = tx.UpdateAll(ctx, "receipt", []record.ID{id}, func(record.Record) (store.Patch, error) { return p, nil })
					}
					return err
				})
			}
			for range 20 {
				act(system())
			}
			old := len(ids)
			before := look(t, db, "receipt", ids)
			job := caused("import", fmt.Sprint("imp_", round))
			for range 30 {
				act(job)
			}
			after := look(t, db, "receipt", ids)
			first := undo(t, db, caused("undo", fmt.Sprint("und_", round)), store.Undo{Root: job.Cause.Root})
			if got := look(t, db, "receipt", ids[:old]); !same(got, before) || len(first.Kept) > 0 {
				t.Fatalf("round %d, undone: %s, kept %v", round, differ(got, before), first.Kept)
			}
			for id, vs := range look(t, db, "receipt", ids[old:]).Values {
				if vs["deleted_at"].Null {
					t.Errorf("round %d: %s was made by the cause and stays", round, id)
				}
			}
			second := undo(t, db, caused("undo", fmt.Sprint("und2_", round)), store.Undo{Root: fmt.Sprint("und_", round)})
			if got := look(t, db, "receipt", ids); !same(got, after) || len(second.Kept) > 0 {
				t.Fatalf("round %d, undo undone: %s, kept %v", round, differ(got, after), second.Kept)
			}
		}
	})
}

// same compares what judges decided, not how sure they were: a judge's second thoughts about the same value are no change.
func same(a, b looks) bool {
	for _, l := range []looks{a, b} {
		for _, ds := range l.Decisions {
			for name, d := range ds {
				if d.Origin == "none" {
					d.Origin = ""
				}
				d.At, d.Confidence, d.Reason = 0, 0, ""
				if ds[name] = d; d == (record.Decision{}) {
					delete(ds, name)
				}
			}
		}
		maps.DeleteFunc(l.Decisions, func(_ record.ID, ds map[string]record.Decision) bool { return len(ds) == 0 })
	}
	return reflect.DeepEqual(a, b)
}

func differ(got, want looks) string {
	out := ""
	for id, vs := range want.Values {
		for name, v := range vs {
			if g := got.Values[id][name]; g != v {
				out += fmt.Sprintf("\n%s %s: %+v, want %+v", id, name, g, v)
			}
		}
		if !reflect.DeepEqual(got.Decisions[id], want.Decisions[id]) {
			out += fmt.Sprintf("\n%s: decided %+v, want %+v", id, got.Decisions[id], want.Decisions[id])
		}
	}
	return out
}
