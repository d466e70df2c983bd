package view_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"guike"
	"guike/record"
	"guike/store"
	"guike/store/storetest"
	"guike/view"
)

var ctx = context.Background()

// A view reaches its audience and nobody else; only its owner changes it, only who may change rules shares one, and the nearest standard one is first.
func TestAudience(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		sys := record.SystemScope("test")
		company := &guike.Department{Name: "公司"}
		make := func(rs ...record.Record) {
			t.Helper()
			if err := db.Tx(ctx, sys, func(tx *store.Tx) error { return tx.Create(ctx, rs...) }); err != nil {
				t.Fatal(err)
			}
		}
		make(company)
		sales, service := &guike.Department{Name: "销售", Parent: company.ID}, &guike.Department{Name: "售后", Parent: company.ID}
		make(sales, service)
		scope := func(name, role string, dep record.ID, rules bool) record.Scope {
			t.Helper()
			u := &guike.User{Name: name, Login: name, Role: role}
			u.Department = dep
			make(u)
			all := record.Grant{Read: record.Everything, Create: record.Everything, Update: record.Everything, Delete: record.Everything}
			return record.Scope{User: u.ID, Name: name, Home: dep, Other: all, Rules: rules, Grants: map[string]record.Grant{"view": {}, "dashboard": {}}, Masked: map[string][]string{"customer": {"phone"}}}
		}
		chief, seller, server := scope("chief", "manager", company.ID, true), scope("seller", "member", sales.ID, false), scope("server", "viewer", service.ID, false)
		keep := func(sc record.Scope, v guike.View) record.ID {
			t.Helper()
			v.Of = "customer"
			if err := view.Make(ctx, db, sc, &v); err != nil {
				t.Fatalf("%s: %v", v.Name, err)
			}
			return v.ID
		}
		sees := func(sc record.Scope, want string) {
			t.Helper()
			vs, err := view.For(ctx, db, sc, "customer")
			if err != nil {
				t.Fatal(err)
			}
			have := ""
			for _, v := range vs {
				have += v.Name
				if v.First {
					have += "!"
				}
				if v.Mine {
					have += "*"
				}
				have += " "
			}
			if have != want {
				t.Errorf("%s sees %q, want %q", sc.Name, have, want)
			}
		}
		keep(chief, guike.View{Name: "a all", Shared: true, Standard: true})
		b := keep(chief, guike.View{Name: "b members", Shared: true, Standard: true, Roles: `["member"]`})
		keep(chief, guike.View{Name: "c service", Shared: true, Departments: fmt.Sprintf(`[%q]`, service.ID)})
		keep(chief, guike.View{Name: "d company", Shared: true, Departments: fmt.Sprintf(`[%q]`, company.ID)})
		own := keep(seller, guike.View{Name: "e own", Filter: `{"field":"name","op":"contains","value":"恒"}`})
		sees(chief, "a all!* b members* c service* d company* ")
		sees(seller, "a all b members! d company e own* ")
		sees(server, "a all! c service d company ")

		set := func(sc record.Scope, id record.ID, name string, v record.Value) error {
			err := view.Change(ctx, db, sc, "view", id, store.Patch{Values: map[string]record.Value{name: v}})
			return err
		}
		if err := set(seller, own, "standard", record.NumberValue(1)); err != nil {
			t.Fatal(err)
		}
		sees(seller, "a all b members d company e own!* ")
		// Another of the same audience takes its place.
		f := keep(seller, guike.View{Name: "f own", Standard: true})
		sees(seller, "a all b members d company e own* f own!* ")
		for what, err := range map[string]error{
			"another's private one":   set(server, own, "name", record.TextValue("x")),
			"a shared one":            set(seller, b, "name", record.TextValue("x")),
			"share without the right": set(seller, own, "shared", record.NumberValue(1)),
			"another kind":            set(seller, own, "of", record.TextValue("order")),
			"a field he cannot see":   set(seller, own, "filter", record.Value{S: `{"field":"phone","op":"present"}`}),
			"a face of none":          set(seller, own, "face", record.Value{S: `{"as":"heap"}`}),
			"a board of nothing":      set(seller, own, "face", record.Value{S: `{"as":"board"}`}),
			"days that are words":     set(seller, own, "face", record.Value{S: `{"as":"calendar","by":[{"field":"type"}]}`}),
			"a hidden field's face":   set(seller, own, "face", record.Value{S: `{"as":"chart","form":"bar","by":[{"field":"phone"}]}`}),
			"a sum of words":          set(seller, own, "face", record.Value{S: `{"as":"chart","form":"bar","by":[{"field":"type"}],"sum":"name"}`}),
			"no list":                 set(seller, own, "columns", record.Value{S: `{"a":1}`}),
			"drop a shared one":       view.Drop(ctx, db, seller, "view", b),
		} {
			if err == nil {
				t.Errorf("%s: allowed", what)
			}
		}
		if err := view.Drop(ctx, db, seller, "view", f); err != nil {
			t.Fatal(err)
		}
		sees(seller, "a all b members! d company e own* ")
		if err := view.Restore(ctx, db, seller, "view", f); err != nil {
			t.Fatal(err)
		}
		sees(seller, "a all b members d company e own* f own!* ")
		if err := set(seller, own, "face", record.Value{S: `{"as":"calendar","by":[{"field":"since"}]}`}); err != nil {
			t.Error(err)
		}

		// Dashboards reach people as views do, and show others nothing that is one's own alone.
		tile := func(id record.ID) string { return fmt.Sprintf(`[{"view":%q,"wide":2,"tall":1}]`, id) }
		put := func(sc record.Scope, d guike.Dashboard) (record.ID, error) {
			err := view.Make(ctx, db, sc, &d)
			return d.ID, err
		}
		if _, err := put(chief, guike.Dashboard{Name: "x", Tiles: tile(b), Shared: true, Roles: `["member"]`}); err != nil {
			t.Error(err)
		}
		private, err := put(seller, guike.Dashboard{Name: "y", Tiles: tile(own)})
		if err != nil {
			t.Error(err)
		}
		for what, d := range map[string]guike.Dashboard{"another's view": {Name: "z", Tiles: tile(own)}, "size": {Name: "z", Tiles: `[{"view":"","wide":9,"tall":1}]`}} {
			if _, err := put(chief, d); !record.Is(err, record.Invalid) {
				t.Errorf("%s: %v", what, err)
			}
		}
		if err := view.Change(ctx, db, seller, "dashboard", private, store.Patch{Values: map[string]record.Value{"shared": record.NumberValue(1)}}); !record.Is(err, record.Invalid) {
			t.Errorf("shared by who may not: %v", err)
		}
		for _, x := range []struct {
			sc   record.Scope
			want string
		}{{chief, "x*"}, {seller, "x y*"}, {server, ""}} {
			ds, err := view.Dashboards(ctx, db, x.sc)
			if err != nil {
				t.Fatal(err)
			}
			var have []string
			for _, d := range ds {
				if d.Mine {
					d.Name += "*"
				}
				have = append(have, d.Name)
			}
			if strings.Join(have, " ") != x.want {
				t.Errorf("%s sees dashboards %v, want %s", x.sc.Name, have, x.want)
			}
		}
	})
}
