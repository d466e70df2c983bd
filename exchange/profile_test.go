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

// O12: what shops export is read as they export it: numbers that Excel must not touch, states in their own words, an order over several rows, an address in
// parts. Buyers that are not known become customers.
func TestShopOrders(t *testing.T) {
	ctx := context.Background()
	for _, c := range []struct{ shop, text, number, want, buyer string }{
		{"taobao", "订单编号,买家会员名,买家应付货款,总金额,买家实际支付金额,订单状态,收货人姓名,收货地址 ,联系手机,订单创建时间,宝贝标题 ,宝贝总数量,店铺名称\n" +
			"=\"3301234567890123456\",tb_春风,199.00,209.00,209.00,\"买家已付款，等待卖家发货\",李春,浙江省 杭州市 西湖区 文三路 1 号,'13800000000,2026-03-05 10:11:12,保温杯,2,归客小店\n",
			"3301234567890123456", "stage=confirmed amount=20900 ordered_on=2026-03-05 address=浙江省", "tb_春风"},
		{"jd", "订单号,商品ID,商品名称,订购数量,支付方式,下单时间,京东价,订单金额,结算金额,应付金额,订单状态,下单帐号,客户姓名,客户地址,联系电话,货号\n" +
			"288001,1001,台灯,1,在线支付,2026-03-06 09:00:00,150.00,250.00,250.00,250.00,等待出库,jd_old,王五,北京朝阳区建国路 1 号,139,\n" +
			"288001,1002,灯泡,2,在线支付,2026-03-06 09:00:00,50.00,250.00,250.00,250.00,等待出库,jd_old,王五,北京朝阳区建国路 1 号,139,\n",
			"288001", "stage=confirmed amount=25000 ordered_on=2026-03-06 address=北京朝阳区 lines=[", "jd_old"},
		{"pinduoduo", "商品,订单号,订单状态,商品总价(元),用户实付金额(元),商家实收金额(元),商品数量(件),身份证姓名,身份证号码,收货人,手机,省,市,区,街道,订单成交时间,快递单号\n" +
			"苹果5斤,260305-123456,已发货，待收货,30.00,25.90,28.00,1,,,赵六,137,四川省,成都市,武侯区,天府大道 9 号,2026-03-05 08:00:00,YT1\n",
			"260305-123456", "stage=shipped amount=2590 address=四川省成都市武侯区天府大道", "赵六"},
		{"douyin", "主订单编号,子订单编号,选购商品,商品规格,商品数量,商家编码,商品单价,订单应付金额,收件人,收件人手机号,省,市,区,街道,详细地址,买家留言,订单提交时间,订单状态,订单完成时间\n" +
			"6920001\t,6920001A\t,口红,正红,1,,99.00,99.00,钱七,136,上海,上海市,浦东新区,张江镇,科苑路 2 号,,2026-03-07 20:00:00,已完成,2026-03-09 10:00:00\n" +
			"6920001\t,6920001B\t,眉笔,黑,2,,20.00,40.00,钱七,136,上海,上海市,浦东新区,张江镇,科苑路 2 号,,2026-03-07 20:00:00,已完成,2026-03-09 10:00:00\n",
			"6920001", "stage=done amount=13900 address=上海市浦东新区张江镇科苑路", "钱七"},
	} {
		t.Run(c.shop, func(t *testing.T) {
			db := storetest.SQLite(t)
			d := open(t, db)
			imp := d.take("order", "x.csv", []byte(c.text), nil)
			m, err := exchange.Decode(imp)
			if err != nil || m.Profile != c.shop || imp.Created != int64(strings.Count(c.text, "\n"))-1 || imp.Rejected != 0 {
				t.Fatalf("%v: profile %q, %+v, %v", err, m.Profile, imp, d.issues(imp.ID, ""))
			}
			cat, err := db.Catalogue(ctx, false)
			if err != nil {
				t.Fatal(err)
			}
			page, err := db.List(ctx, owner(), store.Query{Kind: "order", Limit: 5})
			if err != nil || len(page.Records) != 1 {
				t.Fatal(page, err)
			}
			o := page.Records[0].(*guike.Order)
			if o.Number != c.number {
				t.Errorf("number %q", o.Number)
			}
			for _, pair := range strings.Split(c.want, " ") {
				name, want, _ := strings.Cut(pair, "=")
				v := cat.Kind("order").Get(o, name)
				got := v.S
				if name == "amount" {
					got = fmt.Sprint(v.N)
				}
				if !strings.HasPrefix(got, want) {
					t.Errorf("%s is %q, want %q", name, got, want)
				}
			}
			if n := strings.Count(o.Lines, `"name"`); n != strings.Count(c.text, "\n")-1 {
				t.Errorf("%d lines: %s", n, o.Lines)
			}
			if strings.Contains(o.Note, "身份证") {
				t.Error(o.Note)
			}
			buyer, err := db.Get(ctx, owner(), "customer", o.Customer)
			if err != nil || buyer.(*guike.Customer).Name != c.buyer {
				t.Errorf("buyer: %v %v", buyer, err)
			}
			// The same file again makes nothing twice.
			if again := d.take("order", "x.csv", []byte(c.text), nil); again.Created != 0 || again.Updated != 0 {
				t.Errorf("again: %+v", again)
			}
		})
	}
}

// T9: profiles that people made are listed, renamed and forgotten; ready ones stay as they are.
func TestProfilesKept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		d := open(t, db)
		name := func(profile, text string) {
			d.take("customer", "a.csv", []byte(text), func(m *exchange.Mapping) {
				m.Columns[0].Field, m.Profile, m.Key, m.Mode = "name", profile, "name", exchange.ModeUpsert
			})
		}
		name("甲方", "甲列,乙列\n恒泰,1\n")
		name("甲方", "甲列,乙列\n鼎盛,1\n")
		name("乙方", "丙列,乙列\n东方,1\n")
		own := func() (out []string) {
			t.Helper()
			ps, err := d.Kept(ctx, owner())
			if err != nil {
				t.Fatal(err)
			}
			ready := 0
			for _, p := range ps {
				if p.Ready {
					ready++
				} else if p.Of != "customer" || p.Key != "name" || len(p.Columns) == 0 || p.Columns[0].Field != "name" || p.Used == "" {
					t.Errorf("%+v", p)
				} else {
					out = append(out, fmt.Sprintf("%s %d", p.Name, p.Imports))
				}
			}
			if ready < 10 {
				t.Errorf("%d ready profiles", ready)
			}
			return out
		}
		if got := fmt.Sprint(own()); got != "[乙方 1 甲方 2]" {
			t.Errorf("%s", got)
		}
		for _, c := range [][2]string{{"salesforce", "x"}, {"甲方", "zoho"}, {"甲方", "乙方"}, {"没有", "x"}, {"甲方", strings.Repeat("长", 61)}} {
			if err := d.Rename(ctx, owner(), "customer", c[0], c[1]); err == nil {
				t.Errorf("%s became %s", c[0], c[1])
			}
		}
		if err := d.Rename(ctx, owner(), "customer", "甲方", "新名"); err != nil {
			t.Fatal(err)
		}
		named, err := d.Begin(ctx, owner(), "customer", "c.csv", "新名", strings.NewReader("乙列,甲列\n2,东方\n"))
		if err != nil {
			t.Fatal(err)
		}
		if m, err := exchange.Decode(named); err != nil || m.Profile != "新名" || m.Columns[1].Field != "name" {
			t.Errorf("%+v %v", m, err)
		}
		if err := d.Rename(ctx, owner(), "customer", "乙方", ""); err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(own()); got != "[新名 2]" {
			t.Errorf("%s", got)
		}
		if _, err := d.Begin(ctx, owner(), "customer", "c.csv", "乙方", strings.NewReader("丙列\n2\n")); err == nil {
			t.Error("what is forgotten is found")
		}
	})
}
