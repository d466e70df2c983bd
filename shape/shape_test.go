package shape_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"guike"
	"guike/queue"
	"guike/record"
	"guike/shape"
	"guike/store"
	"guike/store/storetest"
)

var ctx = context.Background()

// boss is a person who keeps rules.
func boss() record.Scope {
	sc := record.SystemScope("boss")
	sc.System, sc.Rules, sc.User = false, true, "usr_01h00000000000000000000000"
	return sc
}

func jobs(t testing.TB, db *store.DB) {
	t.Helper()
	r := queue.NewRunner(db, 1)
	r.Handle(shape.ComputeQueue, 1, shape.ComputeHandler(db))
	if _, err := r.Drain(ctx); err != nil {
		t.Fatal(err)
	}
}

func field(t *testing.T, db *store.DB, f guike.CustomField) string {
	t.Helper()
	made, err := shape.AddField(ctx, db, boss(), f)
	if err != nil {
		t.Fatalf("add %s: %v", f.Label, err)
	}
	return made.Name
}

// put creates a record from JSON members, as the API does.
func put(db *store.DB, sc record.Scope, kind string, members map[string]any) (record.ID, error) {
	cat, err := db.Catalogue(ctx, false)
	if err != nil {
		return "", err
	}
	k := cat.Kind(kind)
	r := k.New()
	for name, v := range members {
		raw, err := json.Marshal(v)
		if err != nil {
			return "", err
		}
		f := k.Field(name)
		if f == nil {
			return "", fmt.Errorf("no field %s", name)
		}
		val, err := f.Parse(raw)
		if err != nil {
			return "", err
		}
		k.Set(r, name, val)
	}
	err = db.Tx(ctx, sc, func(tx *store.Tx) error { r.Head().ID = ""; return tx.Create(ctx, r) })
	return r.Head().ID, err
}

func get(t *testing.T, db *store.DB, kind string, id record.ID, name string) string {
	t.Helper()
	r, err := db.Get(ctx, boss(), kind, id)
	if err != nil {
		t.Fatal(err)
	}
	cat, err := db.Catalogue(ctx, false)
	if err != nil {
		t.Fatal(err)
	}
	f := cat.Kind(kind).Field(name)
	return string(f.JSON(cat.Kind(kind).Get(r, name)))
}

// A workspace makes a kind with fields of every type: they are at once written, filtered, sorted and counted.
func TestCustomKind(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k, err := shape.AddKind(ctx, db, boss(), guike.CustomKind{Label: "设备", Icon: "wrench"})
		if err != nil {
			t.Fatal(err)
		}
		if cat, err := db.Catalogue(ctx, false); err != nil || cat.Kind(k.Name).Icon != "wrench" {
			t.Errorf("its icon is %q, %v", cat.Kind(k.Name).Icon, err)
		}
		if err := shape.EditKind(ctx, db, boss(), k.Name, map[string]record.Value{"icon": record.TextValue("unicorn")}); !record.Is(err, record.Invalid) {
			t.Errorf("an icon that nobody draws: %v", err)
		}
		if k.Name != "x_shebei" || k.Plural != "x_shebeis" {
			t.Errorf("设备 is %s, %s", k.Name, k.Plural)
		}
		for label, typ := range map[string]string{"编号": "text", "说明": "longtext", "数量": "int", "重量": "float", "价格": "money", "购于": "date", "检于": "time", "在用": "bool", "电话": "phone", "邮箱": "email", "网址": "url"} {
			field(t, db, guike.CustomField{Of: k.Name, Label: label, Type: typ, Searched: typ == "text"})
		}
		field(t, db, guike.CustomField{Of: k.Name, Label: "客户", Type: "ref", Ref: "customer"})
		state := field(t, db, guike.CustomField{Of: k.Name, Label: "状态", Type: "choice", Options: `[{"label":"正常"},{"label":"维修"}]`})
		uses := field(t, db, guike.CustomField{Of: k.Name, Label: "用途", Type: "choices", Options: `[{"value":"a","label":"办公"},{"value":"b","label":"生产"},{"value":"c","label":"研发"}]`})
		jobs(t, db)
		cus, err := put(db, boss(), "customer", map[string]any{"name": "恒泰"})
		if err != nil {
			t.Fatal(err)
		}
		var ids []record.ID
		for i := range 9 {
			id, err := put(db, boss(), k.Name, map[string]any{"name": fmt.Sprint("机床", i), "x_bianhao": fmt.Sprint("SB-00", i), "x_shuliang": i * 10, "x_zhongliang": float64(i) / 4, "x_jiage": map[string]string{"amount": fmt.Sprint(i, ".50"), "currency": "CNY"},
				"x_gouyu": fmt.Sprintf("2026-01-0%d", i+1), "x_jianyu": "2026-01-01T00:00:00Z", "x_zaiyong": i%2 == 0, "x_kehu": cus, state: []string{"o1", "o2", ""}[i%3], uses: [][]string{{"a"}, {"c", "a"}, {}}[i%3]})
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, id)
		}
		for _, c := range []struct {
			f    record.Filter
			want int
		}{
			{record.Where(state, "eq", "o1"), 3}, {record.Where(state, "empty", nil), 3}, {record.Where(uses, "eq", "a"), 6}, {record.Where(uses, "in", []string{"b", "c"}), 3}, {record.Where(uses, "ne", "a"), 3},
			{record.Where("x_shuliang", "ge", 50), 4}, {record.Where("x_zaiyong", "eq", true), 5}, {record.Where("x_gouyu", "period", "2026-01"), 9}, {record.Where("x_kehu.name", "contains", "恒"), 9},
			{record.Where("x_jiage", "lt", map[string]string{"amount": "3.00", "currency": "CNY"}), 3}, {record.Where("x_bianhao", "prefix", "SB-00"), 9},
		} {
			n, _, err := db.Count(ctx, boss(), store.Query{Kind: k.Name, Filter: c.f}, nil)
			if err != nil || n != int64(c.want) {
				t.Errorf("%+v: %d, %v; want %d", c.f, n, err, c.want)
			}
		}
		for _, sort := range []string{"-x_shuliang", "-x_jiage", "-x_gouyu", "-x_zhongliang"} {
			p, err := db.List(ctx, boss(), store.Query{Kind: k.Name, Sort: sort, Limit: 1})
			if err != nil || p.Records[0].Head().ID != ids[8] {
				t.Errorf("sort %s: %v", sort, err)
			}
		}
		if p, err := db.List(ctx, boss(), store.Query{Kind: k.Name, Words: "SB-003"}); err != nil || len(p.Records) != 1 {
			t.Errorf("search: %v", err)
		}
		fs, err := db.Facets(ctx, boss(), store.Query{Kind: k.Name}, []string{state, uses})
		if err != nil {
			t.Fatal(err)
		}
		counts := map[string]int64{}
		for _, f := range fs {
			for _, v := range f.Values {
				counts[f.Field+v.ID] = v.Count
			}
		}
		if counts[state+"o2"] != 3 || counts[uses+"a"] != 6 || counts[uses+"c"] != 3 || counts[uses] != 3 {
			t.Errorf("facets %v", counts)
		}
		// Taken away, and brought back with its records.
		retire := func(v int64) {
			if err := shape.EditKind(ctx, db, boss(), k.Name, map[string]record.Value{"retired": record.NumberValue(v)}); err != nil {
				t.Fatal(err)
			}
		}
		retire(1)
		if _, err := db.List(ctx, boss(), store.Query{Kind: k.Name}); !record.Is(err, record.NotFound) {
			t.Errorf("a retired kind answers %v", err)
		}
		if again, err := shape.AddKind(ctx, db, boss(), guike.CustomKind{Label: "设备"}); err != nil || again.Name != "x_shebei_2" {
			t.Errorf("another kind of the label: %v, %v", again.Name, err)
		}
		retire(0)
		if got := get(t, db, k.Name, ids[4], "x_shuliang"); got != "40" {
			t.Errorf("after it came back: %s", got)
		}
	})
}

// What forms ask binds people, not the house.
func TestForms(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		old, err := put(db, boss(), "customer", map[string]any{"name": "早先"})
		if err != nil {
			t.Fatal(err)
		}
		set := func(name string, vs map[string]record.Value) {
			t.Helper()
			if err := shape.EditField(ctx, db, boss(), "customer", name, vs); err != nil {
				t.Fatal(err)
			}
		}
		set("phone", map[string]record.Value{"required_when": record.TextValue(`{"field":"type","op":"eq","value":"company"}`)})
		set("short_name", map[string]record.Value{"pattern": record.TextValue(`[A-Z]{2,4}`), "pattern_help": record.TextValue("二至四个大写字母")})
		set("note", map[string]record.Value{"default": record.TextValue(`"新客户"`)})
		level := field(t, db, guike.CustomField{Of: "customer", Label: "等级", Type: "choice", Options: `[{"value":"A","label":"甲"},{"value":"B","label":"乙"}]`, Required: true, Default: `"B"`})
		refused := func(members map[string]any, name string) {
			t.Helper()
			_, err := put(db, boss(), "customer", members)
			var re *record.Error
			if !errors.As(err, &re) || re.Fields[name] == "" {
				t.Errorf("%v: %v, want a word on %s", members, err, name)
			}
		}
		refused(map[string]any{"name": "甲", "type": "company"}, "phone")
		refused(map[string]any{"name": "甲", "short_name": "abc"}, "short_name")
		id, err := put(db, boss(), "customer", map[string]any{"name": "甲", "type": "company", "phone": "13800000000", "short_name": "HT"})
		if err != nil {
			t.Fatal(err)
		}
		if get(t, db, "customer", id, "note") != `"新客户"` || get(t, db, "customer", id, level) != `"B"` {
			t.Error("defaults were not put in")
		}
		if _, err := put(db, record.SystemScope("import"), "customer", map[string]any{"name": "机器写的", "type": "company"}); err != nil {
			t.Errorf("the house was refused: %v", err)
		}
		edit := func(sc record.Scope, name, v string) error {
			return db.Tx(ctx, sc, func(tx *store.Tx) error {
				_, err := tx.Update(ctx, "customer", old, store.Patch{Values: map[string]record.Value{name: record.TextValue(v)}})
				return err
			})
		}
		if err := edit(boss(), "note", "x"); !record.Is(err, record.Invalid) {
			t.Errorf("a person's edit of a record without what is required now: %v", err)
		}
		if err := edit(record.SystemScope("classify"), "note", "x"); err != nil {
			t.Errorf("the house's edit: %v", err)
		}
		for name, bad := range map[string]map[string]record.Value{
			"pattern": {"pattern": record.TextValue("[")}, "when": {"required_when": record.TextValue(`{"field":"nosuch","op":"eq","value":1}`)}, "default": {"default": record.TextValue(`"1999"`)},
			"column": {"formula": record.TextValue("1")}, "type": {"type": record.TextValue("int")},
		} {
			if err := shape.EditField(ctx, db, boss(), "customer", map[string]string{"default": "since"}[name]+map[bool]string{true: "phone"}[name != "default"], bad); !record.Is(err, record.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := shape.EditField(ctx, db, record.Scope{}, "customer", "phone", nil); !record.Is(err, record.Denied) {
			t.Errorf("somebody: %v", err)
		}
	})
}

// A computed field follows what it reads; a new formula is computed for all that is there; a circle is refused.
func TestComputed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var ids []record.ID
		for i := range 7 {
			id, err := put(db, boss(), "product", map[string]any{"name": fmt.Sprint("货", i), "price": map[string]string{"amount": fmt.Sprint(i, ".00"), "currency": "CNY"}})
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, id)
		}
		gross := field(t, db, guike.CustomField{Of: "product", Label: "含税价", Type: "money", Formula: "price * 1.13"})
		twice := field(t, db, guike.CustomField{Of: "product", Label: "两件", Type: "money", Formula: gross + " * 2"})
		jobs(t, db)
		if got := get(t, db, "product", ids[5], twice); !strings.Contains(got, `"11.30"`) {
			t.Errorf("computed for what was there: %s", got)
		}
		if err := db.Tx(ctx, boss(), func(tx *store.Tx) error {
			_, err := tx.Update(ctx, "product", ids[5], store.Patch{Values: map[string]record.Value{"price": record.MoneyValue(record.Money{Minor: 10000, Currency: "CNY"})}})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if got := get(t, db, "product", ids[5], twice); !strings.Contains(got, `"226.00"`) {
			t.Errorf("after an edit: %s", got)
		}
		err := shape.EditField(ctx, db, boss(), "product", gross, map[string]record.Value{"formula": record.TextValue(twice + " / 2")})
		if !record.Is(err, record.Invalid) {
			t.Errorf("a circle: %v", err)
		}
		for formula, want := range map[string]string{"price * 2": "", twice + " / 2": "error.formula_circle", "price +": "error.formula_end", "nosuch": "error.formula_field|nosuch", gross: "error.formula_circle"} {
			if got, err := shape.Fault(ctx, db, boss(), "product", gross, "money", formula); err != nil || got != want {
				t.Errorf("%s: %q, %v; want %q", formula, got, err, want)
			}
		}
		if err := shape.EditField(ctx, db, boss(), "product", gross, map[string]record.Value{"formula": record.TextValue("price * 2")}); err != nil {
			t.Fatal(err)
		}
		jobs(t, db)
		if got := get(t, db, "product", ids[5], twice); !strings.Contains(got, `"400.00"`) {
			t.Errorf("after another formula: %s", got)
		}
		if _, err := shape.AddField(ctx, db, boss(), guike.CustomField{Of: "product", Label: "坏", Type: "int", Formula: "price"}); !record.Is(err, record.Invalid) {
			t.Errorf("money into a number: %v", err)
		}
	})
}

// Fields are added while people list and write: nobody is refused.
func TestAddedUnderLoad(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var stop atomic.Bool
		var wg sync.WaitGroup
		var failed atomic.Value
		for i := range 4 {
			wg.Go(func() {
				for n := 0; !stop.Load(); n++ {
					var err error
					if i%2 == 0 {
						_, err = put(db, boss(), "product", map[string]any{"name": fmt.Sprint("货", i, "-", n)})
					} else {
						_, err = db.List(ctx, boss(), store.Query{Kind: "product", Limit: 20, Sort: "name"})
					}
					if err != nil {
						failed.Store(err)
						return
					}
				}
			})
		}
		var names []string
		for i := range 8 {
			names = append(names, field(t, db, guike.CustomField{Of: "product", Label: fmt.Sprint("栏", i), Type: []string{"text", "int", "money", "date"}[i%4]}))
		}
		jobs(t, db)
		stop.Store(true)
		wg.Wait()
		if err := failed.Load(); err != nil {
			t.Fatal(err)
		}
		cat, err := db.Catalogue(ctx, false)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range names {
			if f := cat.Kind("product").Field(n); f == nil || !f.IsIndexed() {
				t.Errorf("%s has no index", n)
			}
		}
	})
}

// A reviewed field changes when its reviewer agrees, and by no other way.
func TestReview(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		chief := &guike.User{Name: "主管", Login: "chief", Role: "manager"}
		if err := db.Tx(ctx, record.SystemScope("test"), func(tx *store.Tx) error { return tx.Create(ctx, chief) }); err != nil {
			t.Fatal(err)
		}
		id, err := put(db, boss(), "customer", map[string]any{"name": "恒泰", "phone": "1", "note": "旧"})
		if err != nil {
			t.Fatal(err)
		}
		if err := shape.EditField(ctx, db, boss(), "customer", "phone", map[string]record.Value{"reviewer": record.TextValue(string(chief.ID))}); err != nil {
			t.Fatal(err)
		}
		clerk := boss()
		clerk.User = record.NewID("usr")
		patch := store.Patch{Values: map[string]record.Value{"phone": record.TextValue("2"), "note": record.TextValue("新")}}
		if err := db.Tx(ctx, clerk, func(tx *store.Tx) error { _, err := tx.Update(ctx, "customer", id, patch); return err }); !record.Is(err, record.Invalid) {
			t.Errorf("round the reviewer: %v", err)
		}
		propose := func(v string) {
			t.Helper()
			if err := db.Tx(ctx, clerk, func(tx *store.Tx) error {
				p := store.Patch{Values: map[string]record.Value{"phone": record.TextValue(v), "note": record.TextValue("新")}}
				_, fields, err := shape.Propose(ctx, tx, "customer", id, p)
				if len(fields) != 1 || fields[0] != "phone" {
					t.Errorf("proposed %v", fields)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		propose("2")
		propose("3")
		if get(t, db, "customer", id, "phone") != `"1"` || get(t, db, "customer", id, "note") != `"新"` {
			t.Error("the reviewed field was written, or the other was not")
		}
		me := boss()
		me.User = chief.ID
		p, err := shape.Proposals(ctx, db, me, id, guike.ProposalWaiting, "")
		if err != nil || len(p.Records) != 1 || p.Records[0].(*guike.Proposal).Value != `"3"` {
			t.Fatalf("waiting: %v, %v", p.Records, err)
		}
		prp := p.Records[0].Head().ID
		if err := shape.Review(ctx, db, clerk, prp, guike.ProposalAccepted, "", false); !record.Is(err, record.Denied) {
			t.Errorf("who proposed accepts: %v", err)
		}
		if err := shape.Review(ctx, db, record.Scope{User: record.NewID("usr")}, prp, guike.ProposalAccepted, "", false); !record.Is(err, record.NotFound) {
			t.Errorf("a stranger: %v", err)
		}
		if err := shape.Review(ctx, db, me, prp, guike.ProposalAccepted, "", false); err != nil {
			t.Fatal(err)
		}
		if get(t, db, "customer", id, "phone") != `"3"` {
			t.Error("accepted, and not written")
		}
		if err := shape.Review(ctx, db, me, prp, guike.ProposalRefused, "", false); !record.Is(err, record.Conflict) {
			t.Errorf("twice: %v", err)
		}
		// The reviewer himself writes.
		if err := db.Tx(ctx, me, func(tx *store.Tx) error {
			_, err := tx.Update(ctx, "customer", id, store.Patch{Values: map[string]record.Value{"phone": record.TextValue("4")}})
			return err
		}); err != nil {
			t.Error(err)
		}
		propose("5")
		if err := db.Tx(ctx, me, func(tx *store.Tx) error {
			_, err := tx.Update(ctx, "customer", id, store.Patch{Values: map[string]record.Value{"phone": record.TextValue("6")}})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		p, err = shape.Proposals(ctx, db, clerk, id, guike.ProposalWaiting, "")
		if err != nil || len(p.Records) != 1 {
			t.Fatal(err)
		}
		if err := shape.Review(ctx, db, me, p.Records[0].Head().ID, guike.ProposalAccepted, "", false); !record.Is(err, record.Conflict) {
			t.Errorf("changed meanwhile: %v", err)
		}
		if err := shape.Review(ctx, db, clerk, p.Records[0].Head().ID, guike.ProposalWithdrawn, "", false); err != nil {
			t.Error(err)
		}
	})
}
