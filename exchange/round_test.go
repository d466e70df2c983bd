package exchange_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"guike"
	"guike/exchange"
	"guike/record"
	"guike/store"
	"guike/store/storetest"

	"github.com/xuri/excelize/v2"
)

var nasty = []string{"=1+1", "-5", "+8613800000000", "@SUM(A1)", "'=x", "''@y", "a,b", `say "hi"`, "第一行\n第二行", "ends\r\nhere", "１２３", "NULL", "合计", "total", "-", "是", "2024年3月5日", "0012",
	"1e5", "<b>&amp;", "\u2028 x", "😀", "'", `"`, ";", "A\tB", "¥1", "true", "123456789012345678901234567890"}

func one[T any](r *rand.Rand, of ...T) T { return of[r.IntN(len(of))] }

func value(rng *rand.Rand, k *record.Kind, f *record.Field, n int, refs map[string][]record.ID, cats map[record.ID][]int64) record.Value {
	if !f.IsRequired() && rng.IntN(4) == 0 {
		if f.Nullable() || f.Textual() {
			return record.Absent
		}
	}
	switch f.Type {
	case record.Int:
		return record.NumberValue(int64(rng.IntN(2000) - 1000))
	case record.Float:
		return record.FloatValue(one(rng, 0.1, -3, 1e21, 1e-20, 12.345678901234567))
	case record.Bool:
		return record.NumberValue(int64(rng.IntN(2)))
	case record.Time_:
		return record.NumberValue(1_700_000_000_123_456 + int64(n))
	case record.Date_:
		return record.TextValue(fmt.Sprintf("20%02d-%02d-%02d", rng.IntN(99), 1+rng.IntN(12), 1+rng.IntN(28)))
	case record.MoneyType:
		return record.MoneyValue(record.Money{Minor: int64(rng.IntN(2e9)) - 1e9, Currency: one(rng, "CNY", "CNY", "JPY", "KWD", "USD")})
	case record.Choice:
		return record.TextValue(one(rng, f.Choices...))
	case record.Choices:
		return record.Words(f.Choices[:1+rng.IntN(len(f.Choices))])
	case record.Ref:
		if ids := refs[f.Ref]; len(ids) > 0 {
			return record.TextValue(string(one(rng, ids...)))
		}
		return record.Absent
	case record.Category:
		if ns := cats[f.Dimension]; f.Multi {
			return record.Several(ns[:1+rng.IntN(len(ns))])
		} else {
			return record.NumberValue(one(rng, ns...))
		}
	case record.Lines:
		return record.TextValue(fmt.Sprintf(`[{"name":"行 %d","quantity":1.50,"price":{"amount":"-1.00","currency":"CNY"}},{"name":"=x"}]`, n))
	case record.JSON:
		return record.TextValue(`{"b":1,"a":"x"}`)
	case record.Email:
		return record.TextValue(fmt.Sprintf("a%d@example.com", n))
	case record.URL:
		return record.TextValue("https://example.com/?q=1,2")
	}
	if f.IsUnique() || f.Name == "serial" || f.Name == "slip_no" || f.Name == "invoice_no" || f.Name == "name" && rng.IntN(2) == 0 {
		return record.TextValue(fmt.Sprintf("%s %d", one(rng, nasty...), n))
	}
	return record.TextValue(one(rng, nasty...))
}

// What was exported and imported again is what was, in every kind that people write, as CSV and as XLSX, with headers by name and by label.
func TestRoundTrip(t *testing.T) {
	ctx := context.Background()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		house := record.SystemScope("test")
		cats := map[record.ID][]int64{}
		var user *guike.User
		if err := db.Tx(ctx, house, func(tx *store.Tx) error {
			user = &guike.User{Name: "王芳", Login: "wf", Role: "owner"}
			if err := tx.Create(ctx, user, &guike.User{Name: "王芳", Login: "wf2", Role: "member"}); err != nil {
				return err
			}
			for i, kind := range []string{"customer", "customer", "order", "customer"} {
				dim := &guike.Dimension{Of: kind, Name: fmt.Sprint("d_t", i), Label: fmt.Sprint("维度", i), By: guike.ByRules, Multi: i == 1}
				if i == 3 {
					dim.By, dim.Source = guike.ByField, "industry" // the house computes it: exported, never taken back
				}
				if err := tx.Create(ctx, dim); err != nil {
					return err
				}
				if err := tx.AddField(ctx, kind, record.Field{Name: dim.Name, Type: record.Category, Dimension: dim.ID, Multi: dim.Multi, Label: dim.Label}); err != nil {
					return err
				}
				var up record.ID
				for _, name := range []string{"甲", "乙", "甲"} { // two of one name, one below the other
					c := &guike.Category{Dimension: dim.ID, Name: name, Parent: up}
					if err := tx.Create(ctx, c); err != nil {
						return err
					}
					up = c.ID
					cats[dim.ID] = append(cats[dim.ID], c.N)
				}
			}
			for _, typ := range []record.Type{record.Text, record.Int, record.Float, record.Bool, record.Date_, record.Time_, record.MoneyType, record.Email, record.Long} {
				if err := tx.AddField(ctx, "customer", record.Field{Name: "x_" + string(typ), Type: typ, Label: "自定义" + string(typ)}); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		sc := owner()
		sc.User = user.ID
		cat, err := db.Catalogue(ctx, true)
		if err != nil {
			t.Fatal(err)
		}
		refs := map[string][]record.ID{"user": {user.ID}}
		for _, k := range cat.Kinds() {
			if k.Verbs {
				continue
			}
			rng := rand.New(rand.NewPCG(7, uint64(len(k.Name))))
			var recs []record.Record
			for n := range 60 {
				r := k.New()
				r.Head().Status = one(rng, record.Active, record.Draft)
				r.Head().Owner = user.ID
				for i := range k.Fields {
					f := &k.Fields[i]
					if i <= record.PosDeletedAt || f.IsSecret() || f.IsSystem() && k.Name != "document" {
						continue
					}
					v := value(rng, k, f, n, refs, cats)
					if v, err := f.Check(v); err == nil {
						k.Set(r, f.Name, v)
					}
				}
				recs = append(recs, r)
			}
			if err := db.Tx(ctx, house, func(tx *store.Tx) error { return tx.Create(ctx, recs...) }); err != nil {
				t.Fatal(err)
			}
			for _, r := range recs {
				refs[k.Name] = append(refs[k.Name], r.Head().ID)
			}
		}
		for _, k := range cat.Kinds() {
			if k.Verbs {
				continue
			}
			t.Run(k.Name, func(t *testing.T) {
				d := &desk{d.Port, t, d.r}
				// One that others refer to goes to the trash: the reference dangles and stays.
				if err := db.Tx(ctx, house, func(tx *store.Tx) error { _, err := tx.Delete(ctx, k.Name, refs[k.Name][0]); return err }); err != nil {
					t.Fatal(err)
				}
				was := snapshot(t, db, k, refs[k.Name])
				for _, format := range []string{"csv", "xlsx"} {
					for _, lang := range []string{"", "zh-CN", "en"} {
						var out bytes.Buffer
						n, err := d.Write(ctx, sc, exchange.Export{Query: store.Query{Kind: k.Name}, Format: format, Lang: lang}, &out)
						if err != nil || n != 59 {
							t.Fatal(n, err)
						}
						imp := d.take(k.Name, "round."+format, out.Bytes(), nil)
						if imp.State != guike.ImportDone || imp.Rows != 59 || imp.Unchanged != 59 {
							t.Errorf("%s %q: %s %s %s: %d rows, created %d, updated %d, unchanged %d, rejected %d, skipped %d: %+v", format, lang, imp.State, imp.Reason, imp.Detail, imp.Rows, imp.Created, imp.Updated, imp.Unchanged,
								imp.Rejected, imp.Skipped, d.issues(imp.ID, "reject"))
						}
						if now := snapshot(t, db, k, refs[k.Name]); !reflect.DeepEqual(now, was) {
							for id, vs := range was {
								for i := range vs {
									if vs[i] != now[id][i] {
										t.Errorf("%s %q: %s: %q became %q", format, lang, k.Fields[i].Name, vs[i].S, now[id][i].S)
									}
								}
							}
							t.FailNow()
						}
					}
				}
			})
		}
	})
}

func snapshot(t *testing.T, db *store.DB, k *record.Kind, ids []record.ID) map[record.ID][]record.Value {
	t.Helper()
	recs, err := db.GetAll(context.Background(), record.SystemScope("test"), k.Name, ids, record.Everything, "")
	if err != nil {
		t.Fatal(err)
	}
	out := map[record.ID][]record.Value{}
	for _, r := range recs {
		out[r.Head().ID] = k.Values(r)
	}
	return out
}

// A summary becomes a workbook whose figures are numbers, and whose words are never run.
func TestSummary(t *testing.T) {
	var b bytes.Buffer
	long := strings.Repeat("各省客户数", 8)
	if err := (exchange.Summary{Sheets: []exchange.Worksheet{
		{Name: "订单[金额]/走势", Head: []string{"年", "合计"}, Rows: [][]string{{"2026", "491300.00"}, {"=1+1", "CNY 1 + USD 2"}}},
		{Name: long, Head: []string{"省"}, Rows: [][]string{{"浙江"}}},
		{Name: long, Head: []string{"省"}, Rows: nil},
		{Name: " ' ", Head: []string{"空"}},
	}}).Write(&b); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	names := f.GetSheetList()
	if len(names) != 4 || names[0] != "订单 金额 走势" || names[1] == names[2] || names[3] != "Sheet" {
		t.Fatalf("sheets %q", names)
	}
	for _, n := range names {
		if utf8.RuneCountInString(n) > 31 {
			t.Errorf("%q is longer than a workbook takes", n)
		}
	}
	for cell, want := range map[string]excelize.CellType{"A2": excelize.CellTypeInlineString, "B2": excelize.CellTypeUnset, "A3": excelize.CellTypeInlineString, "B3": excelize.CellTypeInlineString} {
		if have, err := f.GetCellType(names[0], cell); err != nil || have != want {
			t.Errorf("%s is of type %v, want %v: %v", cell, have, want, err)
		}
	}
	if v, err := f.GetCellValue(names[0], "B2"); err != nil || v != "491300" {
		t.Errorf("%q, %v", v, err)
	}
	if v, err := f.GetCellValue(names[1], "A2"); err != nil || v != "浙江" {
		t.Errorf("%q, %v", v, err)
	}
	for name, bad := range map[string][]exchange.Worksheet{
		"none":                        nil,
		"a row longer than its head":  {{Head: []string{"a"}, Rows: [][]string{{"1", "2"}}}},
		"more than a workbook is for": make([]exchange.Worksheet, 41),
	} {
		if err := (exchange.Summary{Sheets: bad}).Write(&b); !record.Is(err, record.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
