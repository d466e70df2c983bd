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

// A word that several are called by: the dry run names them, and the row leaves it empty, is refused, or takes the oldest.
func TestNamesakes(t *testing.T) {
	ctx := context.Background()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.take("customer", "c.csv", []byte("客户编号,名称\nK2,同名\nK3,同名\n"), nil)
		var oldest record.ID
		if err := db.One(ctx, "SELECT id FROM customers WHERE number = 'K2'", nil, (*string)(&oldest)); err != nil {
			t.Fatal(err)
		}
		for several, want := range map[string]string{exchange.OrEmpty: "1 0 1 many_refs", exchange.OrReject: "0 1 0 many_refs", exchange.OrFirst: "1 0 1 first_ref"} {
			imp := d.begin("contact", "p.csv", []byte("姓名,客户名称\n丙"+several+",同名\n"), func(m *exchange.Mapping) { m.Columns[1].Several = several })
			if _, _, err := d.Check(ctx, owner(), imp.ID); err != nil {
				t.Fatal(err)
			}
			d.drain()
			imp = d.sum(imp.ID)
			is := d.issues(imp.ID, "")
			if len(is) != 1 || !strings.Contains(is[0].Value, "同名 → K2 "+string(oldest)+" | K3 cus_") {
				t.Fatalf("%s: the dry run names %+v", several, is)
			}
			if got := fmt.Sprint(imp.Created, imp.Rejected, imp.Warned, " ", is[0].Reason); got != want {
				t.Errorf("%s: %s, want %s", several, got, want)
			}
			if _, _, err := d.Run(ctx, owner(), imp.ID); err != nil {
				t.Fatal(err)
			}
			d.drain()
			page, err := db.List(ctx, owner(), store.Query{Kind: "contact", Filter: record.Where("name", "eq", "丙"+several)})
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range page.Records {
				if to := r.(*guike.Contact).Customer; (to == oldest) != (several == exchange.OrFirst) || several == exchange.OrEmpty && to != "" {
					t.Errorf("%s: refers to %q", several, to)
				}
			}
		}
	})
}

// The contact in a customer's row is made with him, once; a row counts once; both go when the import is taken back.
func TestContactOfACustomer(t *testing.T) {
	ctx := context.Background()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		table := "客户编号,名称,联系人,联系人手机,联系人职务,联系人邮箱\nK1,恒泰贸易,王芳,13800000001,采购,w@h.cn\nK2,春风公司,,13800000002,,\nK3,秋月公司,李强,13800000003,,不是邮箱\nK4,夏雨公司,,,,\n"
		imp := d.begin("customer", "c.csv", []byte(table), nil)
		m, err := exchange.Decode(imp)
		if err != nil || m.Columns[2].Field != "contact.name" || m.Columns[3].Field != "contact.phone" || m.Columns[4].Field != "contact.position" || m.Columns[5].Field != "contact.email" {
			t.Fatalf("%+v, %v", m.Columns, err)
		}
		sum := func(i *guike.Import) string {
			return fmt.Sprint(i.Rows, i.Created, i.Updated, i.Unchanged, i.Rejected, i.Warned)
		}
		if _, _, err := d.Check(ctx, owner(), imp.ID); err != nil {
			t.Fatal(err)
		}
		d.drain()
		dry := sum(d.sum(imp.ID))
		if _, _, err := d.Run(ctx, owner(), imp.ID); err != nil {
			t.Fatal(err)
		}
		d.drain()
		if got := sum(d.sum(imp.ID)); got != dry || got != "4 3 0 0 1 1" {
			t.Errorf("%s, the dry run said %s; %v", got, dry, d.issues(imp.ID, ""))
		}
		contacts := func(want string) {
			t.Helper()
			page, err := db.List(ctx, owner(), store.Query{Kind: "contact", Sort: "name"})
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, r := range page.Records {
				c := r.(*guike.Contact)
				of, err := db.Get(ctx, owner(), "customer", c.Customer)
				if err != nil {
					t.Fatal(err)
				}
				got += fmt.Sprint(c.Name, " ", c.Phone, " ", c.Position, " of ", of.(*guike.Customer).Name, "; ")
			}
			if got != want {
				t.Errorf("contacts: %s, want %s", got, want)
			}
		}
		contacts("王芳 13800000001 采购 of 恒泰贸易; ")
		// What cannot be a contact is kept in the note.
		var note string
		if err := db.One(ctx, "SELECT note FROM customers WHERE number = 'K2'", nil, &note); err != nil || !strings.Contains(note, "13800000002") {
			t.Errorf("%q, %v", note, err)
		}
		// Again, and with another contact: the first is there, the second is made.
		again := d.take("customer", "c.csv", []byte("客户编号,名称,联系人\nK1,恒泰贸易,王 芳\n"), nil)
		if sum(again) != "1 0 0 1 0 0" {
			t.Errorf("the same again: %s", sum(again))
		}
		more := d.take("customer", "d.csv", []byte("客户编号,名称,联系人\nK1,恒泰贸易,赵六\n"), nil)
		if sum(more) != "1 0 1 0 0 0" {
			t.Errorf("another contact: %s", sum(more))
		}
		contacts("王芳 13800000001 采购 of 恒泰贸易; 赵六   of 恒泰贸易; ")
		for _, i := range []*guike.Import{more, imp} {
			if _, _, err := d.Undo(ctx, owner(), i.ID, false, nil); err != nil {
				t.Fatal(err)
			}
			d.drain()
			if i == more {
				contacts("王芳 13800000001 采购 of 恒泰贸易; ")
			}
		}
		contacts("")
		if n, _, err := db.Count(ctx, owner(), store.Query{Kind: "customer"}, nil); err != nil || n != 0 {
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
