package exchange_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"

	"guike"
	"guike/exchange"
	"guike/record"
	"guike/store"
	"guike/store/storetest"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
)

func gb(s string) string {
	out, err := simplifiedchinese.GB18030.NewEncoder().String(s)
	if err != nil {
		panic(err)
	}
	return out
}

// Each bad row has its reasons and harms no other.
func TestBadRows(t *testing.T) {
	db := storetest.SQLite(t)
	d := open(t, db)
	for _, c := range []struct {
		name, kind, text string
		counts           string   // created updated rejected skipped
		issues           []string // row severity column reason
	}{
		{"cells", "customer", "名称,电话,邮箱\n甲,1,a@b.cn\n乙\n丙,2,c@d.cn,x\n丁,3,不是邮箱\n戊,4,\n,5,e@f.cn\n", "2 0 4 0",
			[]string{"3 reject  few_cells", "4 reject  many_cells", "5 reject 邮箱 email", "7 reject 名称 required"}},
		{"quote", "customer", "名称,电话\n\"甲,1\n乙,2\n丙,3\n", "2 0 1 0", []string{"2 reject  open_quote"}},
		{"charsets", "customer", "名称,电话\n北京春风公司,1\n" + gb("上海秋月公司,2\n") + "深圳夏雨公司,3\n\xff\xfe\xff,4\n", "3 0 1 0", []string{"3 warn  charset", "5 reject  unreadable"}},
		{"numbers", "order", "订单编号,下单日期,金额,状态\nA1,2024年3月5日,¥ 1,234.50,已完成\n", "0 0 1 0", []string{"2 reject  many_cells"}},
		{"values", "order", "订单编号,下单日期,金额,状态\nA1,2024年3月5日,\"¥ 1,234.50\",已完成\nA2,2024/2/30,１２３４．５,待确认\nA3,45678,1.2万,飞了\nA4,2024-13-01,十元,已发货\nA1,2024-01-01,1,新建\n", "1 0 3 1",
			[]string{"3 reject 下单日期 date", "4 reject 状态 choice", "5 reject 下单日期 date", "5 reject 金额 money", "6 skip 订单编号 twice"}},
		{"footer", "customer", "导出时间：2026-01-01\n\n名称,电话,城市\n甲公司,1,上海\n合计：1\n", "1 0 0 2", []string{"1 skip  preamble", "5 skip  footer"}},
		{"tabs", "customer", "名称\t电话\n甲\t1\n乙\t2\n", "2 0 0 0", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := &desk{d.Port, t, d.r}
			imp := d.take(c.kind, c.name+".csv", []byte(c.text), nil)
			if got := fmt.Sprintf("%d %d %d %d", imp.Created, imp.Updated, imp.Rejected, imp.Skipped); got != c.counts {
				t.Errorf("%s, want %s: %s %s", got, c.counts, imp.Reason, imp.Mapping)
			}
			var got []string
			for _, i := range d.issues(imp.ID, "") {
				got = append(got, fmt.Sprintf("%d %s %s %s", i.Row, i.Severity, i.Column, i.Reason))
			}
			slices.Sort(got)
			if !slices.Equal(got, c.issues) {
				t.Errorf("issues\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.issues, "\n"))
			}
		})
	}
}

// A table given as the wrong kind: what it fits is named.
func TestLikeAnotherKind(t *testing.T) {
	d := open(t, storetest.SQLite(t))
	statement := "账号：6222020000001,户名：某公司\n交易日期,借方发生额(支取),贷方发生额(收入),余额,对方户名,摘要,交易流水号\n20260102,1.00,,9.00,甲公司,货款,1\n20260103,,2.00,11.00,乙公司,货款,2\n"
	orders := "订单编号,客户名称,下单时间,产品,数量,单价,金额\nA1,甲公司,2026-01-02,云存储,2,3,6\n"
	for _, c := range []struct{ kind, text, like string }{
		{"receipt", statement, "entry"}, {"customer", statement, "entry"}, {"entry", statement, ""},
		{"receipt", orders, "order"}, {"order", orders, ""}, {"receipt", "甲,乙\n1,2\n", ""},
	} {
		imp, err := d.Begin(context.Background(), owner(), c.kind, "t.csv", "", strings.NewReader(c.text))
		if err != nil {
			t.Fatal(err)
		}
		m, err := exchange.Decode(imp)
		if err != nil || m.Like != c.like {
			t.Errorf("%s: %q, want %q %v", c.kind, m.Like, c.like, err)
		}
	}
}

func TestValuesOfCells(t *testing.T) {
	ctx := context.Background()
	db := storetest.SQLite(t)
	d := open(t, db)
	text := "订单编号,下单日期,金额\n1,2024年3月5日,\"¥ 1,234.50\"\n2,2025/4/5 13:50,１２３４．５元\n3,20260101,1.2万\n4,45678,(12.30)\n5,5-Mar-2024,US$ 3\n6,2024.12.31,￥-7\n7,13/02/2024,-0.5\n"
	imp := d.take("order", "v.csv", []byte(text), nil)
	if imp.Created != 7 {
		t.Fatalf("%+v %v", imp, d.issues(imp.ID, ""))
	}
	page, err := db.List(ctx, owner(), store.Query{Kind: "order", Sort: "number"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range page.Records {
		o := r.(*guike.Order)
		got = append(got, fmt.Sprint(o.OrderedOn, " ", o.Amount.Decimal(), o.Amount.Currency))
	}
	want := []string{"2024-03-05 1234.50CNY", "2025-04-05 1234.50CNY", "2026-01-01 12000.00CNY", "2025-01-21 -12.30CNY", "2024-03-05 3.00USD", "2024-12-31 -7.00CNY", "2024-02-13 -0.50CNY"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestBadWorkbook(t *testing.T) {
	db := storetest.SQLite(t)
	d := open(t, db)
	x := excelize.NewFile()
	date, err := x.NewStyle(&excelize.Style{NumFmt: 14})
	if err != nil {
		t.Fatal(err)
	}
	set := func(cell string, v any) {
		if err := x.SetCellValue("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	for i, h := range []string{"订单编号", "下单日期", "金额", "收货地址"} {
		set(string(rune('A'+i))+"1", h)
	}
	for r := 2; r <= 7; r++ {
		set(fmt.Sprint("A", r), fmt.Sprint("N", r))
	}
	set("B2", 45678) // a day by its style alone
	if err := x.SetCellStyle("Sheet1", "B2", "B2", date); err != nil {
		t.Fatal(err)
	}
	set("C2", 1234.5)
	set("D2", "上海市")
	if err := x.MergeCell("Sheet1", "D2", "D3"); err != nil {
		t.Fatal(err)
	}
	set("C3", 0.1+0.2)
	if err := x.SetCellFormula("Sheet1", "C4", "SUM(C2:C3)"); err != nil { // no value kept
		t.Fatal(err)
	}
	set("C5", "十元")
	set("B6", 60) // 1900-02-29 never was
	if err := x.SetCellStyle("Sheet1", "B6", "B6", date); err != nil {
		t.Fatal(err)
	}
	set("B7", 59)
	if err := x.SetCellStyle("Sheet1", "B7", "B7", date); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := x.Write(&b); err != nil {
		t.Fatal(err)
	}
	imp := d.take("order", "x.xlsx", b.Bytes(), nil)
	var got []string
	for _, i := range d.issues(imp.ID, "") {
		got = append(got, fmt.Sprintf("%d %s %s %s", i.Row, i.Severity, i.Column, i.Reason))
	}
	slices.Sort(got)
	want := []string{"3 warn 收货地址 merged", "4 reject 金额 formula", "5 reject 金额 money", "6 reject 下单日期 date"}
	if !slices.Equal(got, want) || imp.Created != 3 {
		t.Errorf("%v, want %v; %+v", got, want, imp)
	}
	page, err := db.List(context.Background(), owner(), store.Query{Kind: "order", Sort: "number"})
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, r := range page.Records {
		o := r.(*guike.Order)
		lines = append(lines, fmt.Sprint(o.OrderedOn, o.Amount.Minor, o.Address))
	}
	if want := []string{"2025-01-21123450上海市", "30上海市", "1900-02-280"}; !slices.Equal(lines, want) {
		t.Errorf("%q, want %q", lines, want)
	}
}

// Files that are no tables, or too much of one, are refused with a word.
func TestRefusedFiles(t *testing.T) {
	db := storetest.SQLite(t)
	d := open(t, db)
	var bomb bytes.Buffer
	z := zip.NewWriter(&bomb)
	for name, text := range map[string]string{"xl/workbook.xml": `<workbook xmlns:r="r"><sheets><sheet name="a" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>`, "xl/worksheets/sheet1.xml": `<worksheet><sheetData/></worksheet>`} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(w, text)
	}
	w, err := z.Create("xl/sharedStrings.xml")
	if err != nil {
		t.Fatal(err)
	}
	for range 300 {
		if _, err := w.Write(bytes.Repeat([]byte(" "), 1<<20)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	wide := make([]string, 2100)
	for i := range wide {
		wide[i] = fmt.Sprint("列", i)
	}
	for _, c := range []struct {
		name string
		body []byte
		code record.Code
	}{
		{"empty", nil, record.Invalid}, {"blank", []byte("\n\n  \n"), record.Invalid}, {"pdf", []byte("%PDF-1.7 ..."), record.Invalid}, {"xls", []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1xxxx"), record.Invalid},
		{"binary", []byte("名称\x00\x01,\x02\n"), record.Invalid}, {"zip", []byte("PK\x03\x04nothing"), record.Invalid}, {"bomb", bomb.Bytes(), record.TooLarge}, {"wide", []byte(strings.Join(wide, ",") + "\n"), record.Invalid},
	} {
		if _, err := d.Begin(context.Background(), owner(), "customer", c.name, "", bytes.NewReader(c.body)); record.CodeOf(err) != c.code {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	// A thousand columns are many, not too many: those that are known are taken.
	var b bytes.Buffer
	b.WriteString("名称," + strings.Join(wide[:1000], ",") + "\n甲公司" + strings.Repeat(",x", 1000) + "\n")
	if imp := d.take("customer", "wide.csv", b.Bytes(), nil); imp.Created != 1 {
		t.Errorf("%+v", imp)
	}
}

// Rejected rows come back as they came: columns, delimiter, character set, a reason behind. Put right, they are taken.
func TestRejectsComeBack(t *testing.T) {
	ctx := context.Background()
	db := storetest.SQLite(t)
	d := open(t, db)
	imp := d.take("order", "o.csv", []byte(gb("订单编号;金额;收货地址\nB1;一百元;上海\nB2;5.00;北京\n")), nil)
	if imp.Created != 1 || imp.Rejected != 1 {
		t.Fatalf("%+v", imp)
	}
	var out bytes.Buffer
	if err := d.Rejects(ctx, owner(), imp.ID, "zh-CN", &out); err != nil {
		t.Fatal(err)
	}
	if want := gb("订单编号;金额;收货地址;原因\nB1;一百元;上海;金额: 不是金额 (一百元)\n"); out.String() != want {
		t.Errorf("%q, want %q", out.String(), want)
	}
	again := d.take("order", "o2.csv", []byte(strings.ReplaceAll(out.String(), gb("B1;一百元"), "B1;100")), nil)
	if again.Created != 1 {
		t.Errorf("%+v %v", again, d.issues(again.ID, ""))
	}
	r := csv.NewReader(&out)
	r.Comma = ';'
	if _, err := r.ReadAll(); err != nil {
		t.Error(err)
	}
}

// A run, its undo, and what a person did in between; then the undo undone.
func TestUndoOfAnImport(t *testing.T) {
	ctx := context.Background()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		first := d.take("customer", "1.csv", []byte("客户编号,名称,电话\nK1,甲,1\nK2,乙,2\nK3,丙,3\n"), nil)
		second := d.take("customer", "2.csv", []byte("客户编号,名称,电话\nK1,甲,11\nK2,乙,22\nK4,丁,4\nK5,戊,5\n"), nil)
		if first.Created != 3 || second.Updated != 2 || second.Created != 2 {
			t.Fatalf("%+v %+v", first, second)
		}
		by := func() map[string]*guike.Customer {
			page, err := db.List(ctx, owner(), store.Query{Kind: "customer"})
			if err != nil {
				t.Fatal(err)
			}
			out := map[string]*guike.Customer{}
			for _, r := range page.Records {
				out[r.(*guike.Customer).Number] = r.(*guike.Customer)
			}
			return out
		}
		if err := db.Tx(ctx, owner(), func(tx *store.Tx) error {
			for _, x := range []struct{ no, field, v string }{{"K1", "phone", "111"}, {"K5", "note", "打过电话"}} {
				if _, err := tx.Update(ctx, "customer", by()[x.no].ID, store.Patch{Values: map[string]record.Value{x.field: record.TextValue(x.v)}}); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		work := func(imp *guike.Import, _ string, err error) *guike.Import {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
			d.drain()
			return d.get(imp.ID)
		}
		imp := work(d.Undo(ctx, owner(), second.ID, false, nil))
		now := by()
		if imp.State != guike.ImportUndone || imp.Kept != 2 || now["K1"].Phone != "111" || now["K2"].Phone != "2" || now["K4"] != nil || now["K5"] == nil {
			t.Errorf("%+v %+v %v", imp, now, d.issues(imp.ID, "kept"))
		}
		imp = work(d.Redo(ctx, owner(), second.ID))
		now = by()
		if imp.State != guike.ImportDone || now["K1"].Phone != "111" || now["K2"].Phone != "22" || now["K4"] == nil {
			t.Errorf("%+v %+v", imp, now)
		}
		imp = work(d.Undo(ctx, owner(), second.ID, true, nil))
		now = by()
		if imp.State != guike.ImportUndone || imp.Kept != 0 || len(now) != 3 || now["K1"].Phone != "1" {
			t.Errorf("%+v %+v %v", imp, now, d.issues(imp.ID, "kept"))
		}
	})
}

// Whatever refers to what an import made keeps it: each reference of each kind, and the lines of an order.
func TestUndoSeesEveryReference(t *testing.T) {
	ctx := context.Background()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		tables := map[string]string{"product": "名称\n甲品\n乙品\n", "customer": "名称\n甲司\n乙司\n", "contact": "姓名\n张甲\n李乙\n", "order": "订单编号,下单日期\nA1,2026-01-01\nA2,2026-01-02\n"}
		seen := 0
		for _, from := range guike.Kinds {
			for i := range from.Fields {
				f := &from.Fields[i]
				to, lines := f.Ref, false
				for j := range f.Of {
					if f.Type == record.Lines && f.Of[j].Type == record.Ref {
						to, lines = f.Of[j].Ref, true
					}
				}
				if tables[to] == "" || from.Verbs {
					continue
				}
				seen++
				imp := d.take(to, "t.csv", []byte(tables[to]), func(m *exchange.Mapping) { m.Key, m.Mode = "", exchange.ModeCreate })
				if imp.Created != 2 {
					t.Fatalf("%s: %+v %v", to, imp, d.issues(imp.ID, ""))
				}
				var ids []record.ID
				page, err := db.List(ctx, owner(), store.Query{Kind: to, Limit: 2})
				if err != nil {
					t.Fatal(err)
				}
				for _, r := range page.Records {
					ids = append(ids, r.Head().ID)
				}
				rec := from.New()
				fill(from, rec)
				if lines {
					from.Set(rec, f.Name, record.TextValue(`[{"name":"x","`+to+`":"`+string(ids[0])+`"}]`))
				} else {
					from.Set(rec, f.Name, record.TextValue(string(ids[0])))
				}
				if err := db.Tx(ctx, owner(), func(tx *store.Tx) error { rec.Head().ID = ""; return tx.Create(ctx, rec) }); err != nil {
					t.Fatalf("%s.%s: %v", from.Name, f.Name, err)
				}
				if _, _, err := d.Undo(ctx, owner(), imp.ID, false, nil); err != nil {
					t.Fatal(err)
				}
				d.drain()
				if imp = d.get(imp.ID); imp.Kept != 1 {
					t.Errorf("%s.%s: %d kept, want the one that is referred to", from.Name, f.Name, imp.Kept)
				}
				if err := db.Tx(ctx, owner(), func(tx *store.Tx) error { _, err := tx.Delete(ctx, from.Name, rec.Head().ID); return err }); err != nil {
					t.Fatal(err)
				}
				if _, _, err := d.Undo(ctx, owner(), imp.ID, true, nil); err != nil {
					t.Fatal(err)
				}
				d.drain()
			}
		}
		if seen < 12 {
			t.Errorf("only %d references were tried", seen)
		}
	})
}

// fill gives a record what its kind requires.
func fill(k *record.Kind, r record.Record) {
	for i := range k.Fields {
		f := &k.Fields[i]
		if !f.IsRequired() || f.IsSystem() {
			continue
		}
		switch f.Type {
		case record.Choice:
			k.Set(r, f.Name, record.TextValue(f.Choices[0]))
		case record.MoneyType:
			k.Set(r, f.Name, record.Value{N: 100, S: "CNY"})
		case record.Date_:
			k.Set(r, f.Name, record.TextValue("2026-01-01"))
		case record.Time_:
			k.Set(r, f.Name, record.NumberValue(1_700_000_000_000_000))
		case record.Ref:
		default:
			k.Set(r, f.Name, record.TextValue("x"))
		}
	}
}
