package exchange_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"guike"
	"guike/exchange"
	"guike/record"
	"guike/store"
	"guike/store/storetest"
)

// Exports of other systems are known by their columns.
func TestReadyProfiles(t *testing.T) {
	ctx := context.Background()
	db := storetest.SQLite(t)
	d := open(t, db)
	for _, c := range []struct{ profile, kind, text, want string }{
		{"salesforce", "customer", "Account ID,Account Name,Type,Phone,Billing Street,Billing City,Industry,Description,Account Owner\n001A,Acme,Customer,+1,1 Main,Boston,Energy,hello,Ann\n", "number=001A name=Acme phone=+1 region=Boston note=hello"},
		{"zoho", "contact", "Record Id,First Name,Last Name,Account Name,Email,Mobile,Title,Contact Owner\nzcrm_1,Ann,Lee,Acme,a@b.com,+2,CEO,Bob\n", "name=Ann Lee email=a@b.com phone=+2 position=CEO"},
		{"hubspot", "order", "Record ID,Deal Name,Deal Stage,Amount,Close Date,Deal owner,Associated Company\n77,New seats,Closed Won,1200.50,2024-03-05 10:00,Ann,Acme\n", "number=77 stage=done ordered_on=2024-03-05"},
		{"fxiaoke", "order", "销售订单编号,客户名称,下单日期,销售订单金额(元),订单状态,生命状态,收货人地址,负责人\nSO-1,Acme,2024-03-05,\"1,200.50\",已发货,正常,上海,王\n", "number=SO-1 stage=shipped ordered_on=2024-03-05 address=上海"},
		{"salesforce", "case", "Case Number,Subject,Account Name,Status,Priority,Date/Time Opened,Description\n00001,Broken,Acme,Working,High,2024-03-05 10:00,It broke\n", "subject=Broken stage=open priority=high"},
		{"hubspot", "activity", "Note ID,Note body,Activity date,Associated Company\n7,Called back,2024-03-05 10:00,Acme\n", "type=note subject=Called"},
		{"fxiaoke", "customer", "客户编号,客户名称（必填）,客户级别,一级行业,电话,省,市,详细地址,统一社会信用代码,负责人,负责人主属部门\nC-1,杭州归云,VIP,软件,0571-1,浙江,杭州,文三路1号,91330100MA27XY0000,王,销售部\n", "number=C-1 name=杭州归云 industry=软件 region=杭州 tax_id=91330100MA27XY0000"},
	} {
		t.Run(c.profile+" "+c.kind, func(t *testing.T) {
			d := &desk{d.Port, t, d.r}
			imp := d.take(c.kind, "x.csv", []byte(c.text), nil)
			m, err := exchange.Decode(imp)
			if err != nil || m.Profile != c.profile || imp.Created != 1 {
				t.Fatalf("%v: profile %q, %+v, %v", err, m.Profile, imp, d.issues(imp.ID, ""))
			}
			page, err := db.List(ctx, owner(), store.Query{Kind: c.kind, Limit: 1})
			if err != nil {
				t.Fatal(err)
			}
			cat, err := db.Catalogue(ctx, false)
			if err != nil {
				t.Fatal(err)
			}
			for _, pair := range strings.Split(strings.ReplaceAll(c.want, "Ann Lee", "Ann\x00Lee"), " ") {
				name, want, _ := strings.Cut(strings.ReplaceAll(pair, "\x00", " "), "=")
				if got := cat.Kind(c.kind).Get(page.Records[0], name).S; !strings.HasPrefix(got, want) {
					t.Errorf("%s is %q, want %q", name, got, want)
				}
			}
		})
	}
	for _, kind := range []string{"customer", "contact", "order"} {
		if got := fmt.Sprint(exchange.Profiles(kind)); !strings.Contains(got, "salesforce") || !strings.Contains(got, "fxiaoke") {
			t.Errorf("%s: %s", kind, got)
		}
	}
}

// A mapping made once is proposed again for the same header, and by its name for another.
func TestMappingIsKept(t *testing.T) {
	db := storetest.SQLite(t)
	d := open(t, db)
	first := d.take("customer", "a.csv", []byte("甲列,乙列\n恒泰,13800000000\n鼎盛,13900000000\n"), func(m *exchange.Mapping) {
		m.Columns[0].Field, m.Columns[1].Field, m.Profile = "name", "phone", "我们的"
		m.Key, m.Mode = "name", exchange.ModeUpsert
	})
	if first.Created != 2 {
		t.Fatalf("%+v", first)
	}
	again := d.take("customer", "b.csv", []byte("甲列,乙列\n恒泰,13700000000\n"), nil)
	if again.Updated != 1 {
		t.Errorf("%+v", again)
	}
	named, err := d.Begin(context.Background(), owner(), "customer", "c.csv", "我们的", strings.NewReader("乙列,丙列,甲列\n1,2,东方\n"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := exchange.Decode(named)
	if err != nil || m.Columns[2].Field != "name" || m.Columns[0].Field != "phone" || m.Key != "name" {
		t.Errorf("%v %+v", err, m)
	}
	if _, err := d.Begin(context.Background(), owner(), "customer", "c.csv", "没有的", strings.NewReader("甲列\n东方\n")); !record.Is(err, record.Invalid) {
		t.Errorf("an unknown profile: %v", err)
	}
}

// What rows refer to is found by number, name or fold; made where that is wanted, once; two of one name are nobody.
func TestReferences(t *testing.T) {
	ctx := context.Background()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.take("customer", "c.csv", []byte("客户编号,名称\nK1,上海恒泰贸易\nK2,同名\nK3,同名\n"), nil)
		imp := d.take("contact", "p.csv", []byte("姓名,客户名称\n甲,K1\n乙,上海 恒泰（贸易）\n丙,同名\n丁,新的公司\n戊,新的公司\n"), func(m *exchange.Mapping) { m.Columns[1].Missing = exchange.OrCreate })
		if imp.Created != 5 {
			t.Fatalf("%+v %v", imp, d.issues(imp.ID, ""))
		}
		page, err := db.List(ctx, owner(), store.Query{Kind: "contact", Sort: "created_at"})
		if err != nil {
			t.Fatal(err)
		}
		var to []record.ID
		for _, r := range page.Records {
			to = append(to, r.(*guike.Contact).Customer)
		}
		if to[0] == "" || to[0] != to[1] || to[2] != "" || to[3] == "" || to[3] != to[4] || to[3] == to[0] {
			t.Errorf("%v", to)
		}
		if n, _, err := db.Count(ctx, owner(), store.Query{Kind: "customer"}, nil); err != nil || n != 4 {
			t.Errorf("%d customers, %v", n, err)
		}
		if _, _, err := d.Undo(ctx, owner(), imp.ID, false, nil); err != nil {
			t.Fatal(err)
		}
		d.drain()
		if n, _, err := db.Count(ctx, owner(), store.Query{Kind: "customer"}, nil); err != nil || n != 3 {
			t.Errorf("after the undo %d customers, %v", n, err)
		}
	})
}

// Several rows with one number are the lines of one order.
func TestLinesOfAnOrder(t *testing.T) {
	ctx := context.Background()
	db := storetest.SQLite(t)
	d := open(t, db)
	text := "订单编号,产品,数量,单价,金额\nA,桌,2,10,20\nA,椅,4,5,20\nB,灯,1,7,8\n"
	imp := d.take("order", "o.csv", []byte(text), nil)
	if imp.Rows != 3 || imp.Created != 3 {
		t.Fatalf("%+v %v", imp, d.issues(imp.ID, ""))
	}
	page, err := db.List(ctx, owner(), store.Query{Kind: "order", Sort: "number"})
	if err != nil || len(page.Records) != 2 {
		t.Fatal(err, len(page.Records))
	}
	if a := page.Records[0].(*guike.Order); strings.Count(a.Lines, `"name"`) != 2 {
		t.Errorf("%s %s", a.Amount.Decimal(), a.Lines)
	}
	if is := d.issues(imp.ID, "warn"); len(is) != 2 {
		t.Errorf("%v", is)
	}
	if again := d.take("order", "o.csv", []byte(text), nil); again.Unchanged != 3 {
		t.Errorf("%+v", again)
	}
}
