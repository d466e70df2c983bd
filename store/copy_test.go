package store_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"guike"
	"guike/record"
	"guike/store"
	"guike/store/storetest"
)

// A workspace is the same after it was copied into the other database and back: records, custom kinds and fields, history, decisions, what full text finds;
// and it can be written on.
func TestCopy(t *testing.T) {
	ctx := context.Background()
	first := storetest.SQLite(t)
	populate(t, first, rand.New(rand.NewPCG(5, 5)))
	custom := record.NewCustomKind("x_tool", "x_tools", "xtool", "工具")
	if err := first.Tx(ctx, system(), func(tx *store.Tx) error {
		if err := tx.AddKind(ctx, custom); err != nil {
			return err
		}
		if err := tx.Create(ctx, &guike.CustomKind{Name: "x_tool", Plural: "x_tools", Prefix: "xtool", Label: "工具"}); err != nil {
			return err
		}
		for _, typ := range []record.Type{record.Text, record.Float, record.MoneyType, record.Bool} {
			if err := tx.AddField(ctx, "x_tool", record.Field{Name: "x_" + string(typ), Type: typ}); err != nil {
				return err
			}
		}
		k := tx.Catalogue().Kind("x_tool")
		for i := range 5 {
			r := k.New()
			k.Set(r, "name", record.TextValue(fmt.Sprint("扳手", i)))
			k.Set(r, "x_text", record.TextValue("钢"))
			k.Set(r, "x_float", record.FloatValue(float64(i)/3))
			k.Set(r, "x_money", record.MoneyValue(record.Money{Minor: int64(i), Currency: "CNY"}))
			if err := tx.Create(ctx, r); err != nil {
				return err
			}
		}
		return tx.Set(ctx, "workspace", "甲")
	}); err != nil {
		t.Fatal(err)
	}
	if err := first.IndexField(ctx, "x_tool", "x_float"); err != nil {
		t.Fatal(err)
	}
	all := func(db *store.DB) map[string]string {
		t.Helper()
		if _, err := db.Sequence(ctx); err != nil {
			t.Fatal(err)
		}
		out := map[string]string{}
		cat, err := db.Catalogue(ctx, true)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range cat.Kinds() {
			for _, trash := range []bool{false, true} {
				q := store.Query{Kind: k.Name, Trash: trash, Limit: 200}
				for {
					p, err := db.List(ctx, system(), q)
					if err != nil {
						t.Fatal(err)
					}
					for _, r := range p.Records {
						whole, err := db.Get(ctx, system(), k.Name, r.Head().ID)
						if err != nil {
							t.Fatal(err)
						}
						for i, v := range k.Values(whole) {
							out[string(r.Head().ID)] += string(k.Fields[i].JSON(v)) + " "
						}
					}
					if q.Cursor = p.Next; p.Next == "" {
						break
					}
				}
			}
		}
		cs, err := db.Changes(ctx, 0, 10_000)
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range cs {
			c.ID, c.Seq = 0, 0
			b, err := json.Marshal(c)
			if err != nil {
				t.Fatal(err)
			}
			out[fmt.Sprint("change ", i)] = string(b)
		}
		p, err := db.List(ctx, system(), store.Query{Kind: "x_tool", Words: "扳手", Sort: "-x_float"})
		if err != nil || len(p.Records) != 5 {
			t.Fatalf("search: %v", err)
		}
		return out
	}
	want := all(first)
	second, third := storetest.Postgres(t), storetest.SQLite(t)
	for i, pair := range [][2]*store.DB{{first, second}, {second, third}} {
		if err := store.Copy(ctx, pair[0], pair[1]); err != nil {
			t.Fatalf("copy %d: %v", i, err)
		}
		got := all(pair[1])
		for k, v := range want {
			if got[k] != v {
				t.Errorf("copy %d: %s is\n%s, was\n%s", i, k, got[k], v)
			}
		}
		if !reflect.DeepEqual(len(got), len(want)) {
			t.Errorf("copy %d has %d things, not %d", i, len(got), len(want))
		}
		if err := store.Copy(ctx, first, pair[1]); !record.Is(err, record.Conflict) {
			t.Errorf("over one that is used: %v", err)
		}
	}
	for _, db := range []*store.DB{second, third} {
		create(t, db, &guike.Customer{Name: "后来"})
		if n, err := db.Sequence(ctx); err != nil || db.Dialect() == "postgres" && n != 1 {
			t.Errorf("a change after the copy: %d, %v", n, err)
		}
	}
}
