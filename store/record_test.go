package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"guike"
	"guike/record"
	"guike/store"
	"guike/store/storetest"
)

func system() record.Scope { return record.SystemScope("test") }

func create(t testing.TB, db *store.DB, recs ...record.Record) {
	t.Helper()
	if err := db.Tx(context.Background(), system(), func(tx *store.Tx) error { return tx.Create(context.Background(), recs...) }); err != nil {
		t.Fatal(err)
	}
}

// Every kind goes through create, get, list, update, history, trash and purge by being registered.
func TestKinds(t *testing.T) {
	ctx := context.Background()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		cat, err := db.Catalogue(ctx, false)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range cat.Kinds() {
			t.Run(k.Name, func(t *testing.T) {
				rec := k.New()
				var buf record.Fields
				for i, c := range k.Bind(rec, &buf) {
					if i > record.PosDeletedAt {
						c.Set(fill(&k.Fields[i], i))
					}
				}
				rec.Head().Status = record.Draft // references stay empty, also required ones
				if d, ok := rec.(interface{ Derive() }); ok {
					d.Derive()
				}
				want := k.Values(rec)
				create(t, db, rec)
				got, err := db.Get(ctx, system(), k.Name, rec.Head().ID)
				if err != nil {
					t.Fatal(err)
				}
				for i, v := range k.Values(got) {
					if i > record.PosDeletedAt && v != want[i] {
						t.Errorf("%s: put %+v, got %+v", k.Fields[i].Name, want[i], v)
					}
				}
				page, err := db.List(ctx, system(), store.Query{Kind: k.Name})
				if err != nil || len(page.Records) != 1 {
					t.Fatalf("list: %v, %d records", err, len(page.Records))
				}
				if err := db.Tx(ctx, system(), func(tx *store.Tx) error {
					for i := range k.Fields {
						if !k.Fields[i].IsHolding() {
							continue
						}
						// Held, it would stay: TestHeldIsNotPurged.
						if _, err := tx.Update(ctx, k.Name, rec.Head().ID, store.Patch{Values: map[string]record.Value{k.Fields[i].Name: record.Absent}}); err != nil {
							return err
						}
					}
					if _, err := tx.Delete(ctx, k.Name, rec.Head().ID); err != nil {
						return err
					}
					_, err := tx.Purge(ctx, k.Name, rec.Head().ID)
					return err
				}); err != nil {
					t.Fatal(err)
				}
				if _, err := db.Get(ctx, system(), k.Name, rec.Head().ID); !record.Is(err, record.NotFound) {
					t.Errorf("after purge: %v", err)
				}
			})
		}
	})
}

// fill makes a value that says which field it belongs to. References stay empty: nothing is there to refer to.
func fill(f *record.Field, i int) record.Value {
	switch f.Type {
	case record.Ref, record.Category:
		return record.Absent
	case record.Choice:
		return record.TextValue(f.Choices[len(f.Choices)-1])
	case record.Date_:
		return record.TextValue(fmt.Sprintf("2026-02-%02d", i%28+1))
	case record.Time_:
		return record.NumberValue(int64(i) * 1_000_003)
	case record.Int:
		return record.NumberValue(int64(-i))
	case record.Float:
		return record.FloatValue(float64(i) + 0.1)
	case record.Bool:
		return record.NumberValue(1)
	case record.MoneyType:
		return record.MoneyValue(record.Money{Minor: int64(-i) * 100, Currency: "JPY"})
	case record.Email:
		return record.TextValue(fmt.Sprintf("u%d@example.com", i))
	case record.Lines, record.JSON:
		return record.TextValue(fmt.Sprintf(`[{"name":"行 %d"}]`, i))
	}
	return record.TextValue(fmt.Sprintf("值 %d – ü%%_'\"", i))
}

func TestEditConflictsByField(t *testing.T) {
	ctx := context.Background()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := &guike.Customer{Name: "上海恒泰贸易有限公司", Phone: "021-5555"}
		create(t, db, c)
		update := func(since int64, field, value string) error {
			return db.Tx(ctx, system(), func(tx *store.Tx) error {
				_, err := tx.Update(ctx, "customer", c.ID, store.Patch{Values: map[string]record.Value{field: record.TextValue(value)}, Since: since})
				return err
			})
		}
		if err := update(1, "phone", "1"); err != nil {
			t.Fatal(err)
		}
		if err := update(1, "note", "n"); err != nil {
			t.Errorf("another field: %v", err)
		}
		if err := update(1, "phone", "2"); !record.Is(err, record.Conflict) {
			t.Errorf("the same field: %v, want a conflict", err)
		}
		if err := update(3, "phone", "2"); err != nil {
			t.Errorf("with the newest version: %v", err)
		}
		h, err := db.History(ctx, system(), "customer", c.ID, 0, 10)
		if err != nil || len(h) != 4 {
			t.Fatalf("history: %v, %d entries, want 4", err, len(h))
		}
		want := [2]json.RawMessage{json.RawMessage(`"1"`), json.RawMessage(`"2"`)}
		if got := h[0].Fields["phone"]; string(got[0]) != string(want[0]) || string(got[1]) != string(want[1]) {
			t.Errorf("newest entry: %s", got)
		}
	})
}

func TestUniqueAmongLiving(t *testing.T) {
	ctx := context.Background()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		a, b := &guike.Order{Number: "A1"}, &guike.Order{Number: "A1"}
		create(t, db, a)
		err := db.Tx(ctx, system(), func(tx *store.Tx) error { return tx.Create(ctx, b) })
		var re *record.Error
		if !record.Is(err, record.Conflict) {
			t.Fatalf("second order A1: %v", err)
		}
		if !errors.As(err, &re) || re.Fields["number"] == "" {
			t.Errorf("the conflict does not name the field: %v", err)
		}
		if err := db.Tx(ctx, system(), func(tx *store.Tx) error { _, err := tx.Delete(ctx, "order", a.ID); return err }); err != nil {
			t.Fatal(err)
		}
		b.ID = ""
		create(t, db, b)
		if err := db.Tx(ctx, system(), func(tx *store.Tx) error { _, err := tx.Restore(ctx, "order", a.ID); return err }); !record.Is(err, record.Conflict) {
			t.Errorf("restore beside the new A1: %v", err)
		}
	})
}

func TestSearchChinese(t *testing.T) {
	ctx := context.Background()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		create(t, db, &guike.Customer{Name: "上海恒泰貿易有限公司", Phone: "021-88886666"}, &guike.Customer{Name: "恒远泰丰科技", TaxID: "91310000ABC"},
			&guike.Customer{Name: "王欣怡", Note: "上海人,泰国"})
		for q, want := range map[string]int{"恒泰": 1, "恒": 2, "贸易": 1, "shht": 1, "shh": 1, "8888": 1, "９１３１": 1, "上海": 2, "上海 恒泰": 1, "泰": 3, "丰科": 1, "人泰": 0, "无": 0, "%": 0, "'\"\\": 0, "wxy": 1} {
			page, err := db.List(ctx, system(), store.Query{Kind: "customer", Words: q})
			if err != nil {
				t.Errorf("%q: %v", q, err)
			} else if len(page.Records) != want {
				t.Errorf("%q found %d, want %d", q, len(page.Records), want)
			}
		}
	})
}

// A folder lies below others, and never below itself, however it is put there.
func TestTreeHasNoCircle(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, sys := t.Context(), record.SystemScope("test")
		a, b, c := &guike.Folder{Name: "a"}, &guike.Folder{Name: "b"}, &guike.Folder{Name: "c"}
		if err := db.Tx(ctx, sys, func(tx *store.Tx) error {
			if err := tx.Create(ctx, a); err != nil {
				return err
			}
			b.Parent = a.ID
			if err := tx.Create(ctx, b); err != nil {
				return err
			}
			c.Parent = b.ID
			return tx.Create(ctx, c)
		}); err != nil {
			t.Fatal(err)
		}
		put := func(below record.ID, ids ...record.ID) error {
			return db.Tx(ctx, sys, func(tx *store.Tx) error {
				_, err := tx.UpdateAll(ctx, "folder", ids, func(record.Record) (store.Patch, error) {
					return store.Patch{Values: map[string]record.Value{"parent": record.TextValue(string(below))}}, nil
				})
				return err
			})
		}
		for _, bad := range [][]record.ID{{a.ID, a.ID}, {b.ID, a.ID}, {c.ID, a.ID}, {c.ID, a.ID, c.ID}} {
			if err := put(bad[0], bad[1:]...); !record.Is(err, record.Invalid) {
				t.Errorf("%v below %v: %v", bad[1:], bad[0], err)
			}
		}
		if err := put(a.ID, c.ID); err != nil {
			t.Error(err)
		}
	})
}

// What is held, or refers to what is held, stays in the trash.
func TestHeldIsNotPurged(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, sys := t.Context(), record.SystemScope("test")
		cus := &guike.Customer{Name: "甲"}
		doc := &guike.Document{Name: "d", Path: "d", SHA256: "d"}
		rcp := &guike.Receipt{Type: "slip", Amount: record.Money{Minor: 1, Currency: "CNY"}}
		hold := func(kind string, id record.ID, why string) {
			t.Helper()
			if err := db.Tx(ctx, sys, func(tx *store.Tx) error {
				_, err := tx.Update(ctx, kind, id, store.Patch{Values: map[string]record.Value{"hold": record.TextValue(why)}})
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		purge := func(kind string, id record.ID) error {
			return db.Tx(ctx, sys, func(tx *store.Tx) error {
				_, err := tx.Purge(ctx, kind, id)
				return err
			})
		}
		if err := db.Tx(ctx, sys, func(tx *store.Tx) error {
			if err := tx.Create(ctx, cus); err != nil {
				return err
			}
			doc.Customer = cus.ID
			if err := tx.Create(ctx, doc); err != nil {
				return err
			}
			rcp.Document = doc.ID
			if err := tx.Create(ctx, rcp); err != nil {
				return err
			}
			_, err := tx.Delete(ctx, "receipt", rcp.ID)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		hold("document", doc.ID, "诉讼")
		if err := purge("receipt", rcp.ID); !record.Is(err, record.Conflict) {
			t.Errorf("a held document's receipt: %v", err)
		}
		if err := db.Tx(ctx, sys, func(tx *store.Tx) error {
			_, err := tx.Delete(ctx, "document", doc.ID)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if err := purge("document", doc.ID); !record.Is(err, record.Conflict) {
			t.Errorf("a held document: %v", err)
		}
		if err := db.Tx(ctx, sys, func(tx *store.Tx) error {
			_, err := tx.Restore(ctx, "document", doc.ID)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		hold("document", doc.ID, "")
		hold("customer", cus.ID, "诉讼")
		if err := db.Tx(ctx, sys, func(tx *store.Tx) error {
			_, err := tx.Delete(ctx, "document", doc.ID)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if err := purge("document", doc.ID); !record.Is(err, record.Conflict) {
			t.Errorf("a held customer's document: %v", err)
		}
		hold("customer", cus.ID, "")
		for kind, id := range map[string]record.ID{"receipt": rcp.ID, "document": doc.ID} {
			if err := purge(kind, id); err != nil {
				t.Errorf("%s that nothing holds: %v", kind, err)
			}
		}
	})
}
