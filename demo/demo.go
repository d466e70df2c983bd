// Package demo invents a company: customers, products, orders and receipts over three years whose names, amounts and habits look real, and the papers it
// would receive. Everything follows from a seed, so that two runs make the same company. Nobody in it exists.
//
// Read Fill here; names.go says how names are made, paper.go how papers are drawn.
package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"guike"
	"guike/classify"
	"guike/record"
	"guike/store"
)

// Company is the one whose customers these are.
const Company = "杭州归云信息技术有限公司"

// Accounts are the company's own.
var Accounts = []struct{ Number, Bank string }{
	{"1202024519900123456", "中国工商银行股份有限公司杭州科技支行"},
	{"33050161863500000789", "中国建设银行股份有限公司杭州高新支行"},
	{"571907654310888", "招商银行股份有限公司杭州分行"},
}

// Size says how much of everything is made.
type Size struct{ Customers, Orders, Receipts, Papers int }

// Full is the demo's size.
var Full = Size{3000, 8000, 11700, 300}

type product struct {
	name, unit, word string
	price            int64 // fen
	id               record.ID
}

var products = []product{
	{name: "归云企业版软件", unit: "年", word: "企业版年费", price: 49_130_00},
	{name: "归云标准版软件", unit: "年", word: "标准版年费", price: 12_800_50},
	{name: "云存储空间", unit: "TB", word: "云存储", price: 3_999_00},
	{name: "实施服务", unit: "人天", word: "实施费", price: 2_600_00},
	{name: "培训课程", unit: "期", word: "培训费", price: 6_800_00},
	{name: "电子签章", unit: "年", word: "签章服务费", price: 5_200_00},
	{name: "数据迁移", unit: "次", word: "数据迁移费", price: 18_000_00},
	{name: "硬件加密机", unit: "台", word: "加密机货款", price: 86_500_00},
	{name: "移动终端", unit: "台", word: "终端货款", price: 2_199_00},
	{name: "年度维保", unit: "年", word: "维保费", price: 9_600_00},
	{name: "接口定制开发", unit: "项", word: "开发费", price: 35_000_00},
	{name: "短信包", unit: "万条", word: "短信费", price: 450_00},
}

// Progress is told how many records of how many are there.
type Progress func(done, total int)

// A filler makes the company.
type filler struct {
	ctx       context.Context
	db        *store.DB
	rng       *rand.Rand
	sc        record.Scope
	today     time.Time
	customers []*guike.Customer
	accounts  map[record.ID]string
	users     []record.ID
	deps      []record.ID
	done      int
	total     int
	tell      Progress
}

// Begin makes what must be there before anyone looks: products with the rules that recognise them, and the own accounts. The rest is Fill's.
func Begin(ctx context.Context, db *store.DB, sc record.Scope) error {
	return newFiller(ctx, db, sc, nil, nil, Full, func(int, int) {}).base()
}

func newFiller(ctx context.Context, db *store.DB, sc record.Scope, users, deps []record.ID, size Size, tell Progress) *filler {
	return &filler{ctx: ctx, db: db, rng: rand.New(rand.NewPCG(20260101, 7)), sc: sc, today: db.Now(), users: users, deps: deps, accounts: map[record.ID]string{},
		total: size.Customers + size.Orders + size.Receipts + size.Papers, tell: tell}
}

// base makes products with the rules that recognise them, and the own accounts.
func (f *filler) base() error {
	return f.db.Tx(f.ctx, f.sc, func(tx *store.Tx) error {
		var dim record.ID
		if err := tx.One(f.ctx, "SELECT id FROM dimensions WHERE name = 'd_product' AND of = 'receipt'", nil, (*string)(&dim)); err != nil {
			return err
		}
		for i := range products {
			p := &guike.Product{Name: products[i].name, Code: fmt.Sprintf("P%03d", i+1), Unit: products[i].unit, Aliases: products[i].word,
				Price: record.Money{Minor: products[i].price, Currency: "CNY"}}
			if err := tx.Create(f.ctx, p); err != nil {
				return err
			}
			c := &guike.Category{Dimension: dim, Name: products[i].name, Position: int64(i + 1)}
			if err := tx.Create(f.ctx, c); err != nil {
				return err
			}
			if err := classify.SeedRule(f.ctx, tx, dim, c.ID, products[i].name, record.Where("purpose", "contains", products[i].word)); err != nil {
				return err
			}
		}
		for _, a := range Accounts {
			if err := tx.Create(f.ctx, &guike.Account{Number: a.Number, Holder: Company, Bank: a.Bank, Own: true, Currency: "CNY"}); err != nil {
				return err
			}
		}
		return nil
	})
}

// chunk is how many records one transaction makes: small enough that people may write in between.
const chunk = 200

// put writes records in chunks.
func put[T record.Record](f *filler, recs []T) error {
	for len(recs) > 0 {
		n := min(chunk, len(recs))
		batch := make([]record.Record, n)
		for i := range batch {
			batch[i] = recs[i]
		}
		if err := f.db.Tx(f.ctx, f.sc, func(tx *store.Tx) error { return tx.Create(f.ctx, batch...) }); err != nil {
			return err
		}
		recs = recs[n:]
		f.done += n
		f.tell(f.done, f.total)
	}
	return nil
}

// Keep takes a paper in.
type Keep func(name string, data []byte) error

// Fill makes customers, then orders and receipts and the banks' statements of them, then what was said and done about them, then papers, which keep takes in as any other: they are read, checked and filed, and one in ten waits for
// a person. It is not resumed: a half-filled demo is made anew.
func Fill(ctx context.Context, db *store.DB, sc record.Scope, users, deps []record.ID, size Size, tell Progress, keep Keep) error {
	f := newFiller(ctx, db, sc, users, deps, size, tell)
	if err := db.Each(ctx, "SELECT id, name FROM products", nil, func(rows store.Rows) error {
		var id, name string
		err := rows.Scan(&id, &name)
		for i := range products {
			if products[i].name == name {
				products[i].id = record.ID(id)
			}
		}
		return err
	}); err != nil {
		return err
	}
	// A first handful of everything, so that every page has something to show at once.
	first := Size{min(200, size.Customers), min(300, size.Orders), min(400, size.Receipts), 0}
	if err := f.some(first, 0); err != nil {
		return err
	}
	if err := f.glance(); err != nil {
		return err
	}
	if err := f.some(Size{Customers: size.Customers - first.Customers, Orders: size.Orders - first.Orders, Receipts: size.Receipts - first.Receipts}, first.Orders); err != nil {
		return err
	}
	return f.papers(size.Papers, keep)
}

// papers draws papers of receipts that nobody has entered.
func (f *filler) papers(n int, keep Keep) error {
	for made := 0; made < n; {
		o, err := f.order(made)
		if err != nil {
			return err
		}
		r := f.receipt(o)
		if r.Type != "slip" && r.Type != "invoice" {
			continue
		}
		name, data, err := paperFor(f.rng, r, f.rng.IntN(10) == 0)
		if err != nil {
			return fmt.Errorf("draw paper: %w", err)
		}
		if err := keep(name, data); err != nil {
			return err
		}
		made++
		f.done++
		f.tell(f.done, f.total)
	}
	return nil
}

func (f *filler) some(n Size, after int) error {
	var cs []*guike.Customer
	for range n.Customers {
		cs = append(cs, f.customer())
	}
	if err := put(f, cs); err != nil {
		return err
	}
	f.customers = append(f.customers, cs...)
	if err := f.levels(cs); err != nil {
		return err
	}
	if err := f.stages(cs[:min(len(cs), 120)]); err != nil {
		return err
	}
	var contacts []*guike.Contact
	for _, c := range cs {
		if c.Type == "company" && f.rng.IntN(3) > 0 {
			k := &guike.Contact{Name: f.person(), Customer: c.ID, Position: pick(f.rng, positions), Phone: f.mobile()}
			k.Owner, k.Department = c.Owner, c.Department
			contacts = append(contacts, k)
		}
	}
	f.total += len(contacts)
	if err := put(f, contacts); err != nil {
		return err
	}
	var os []*guike.Order
	for i := range n.Orders {
		o, err := f.order(after + i)
		if err != nil {
			return err
		}
		os = append(os, o)
	}
	if err := put(f, os); err != nil {
		return err
	}
	var rs []*guike.Receipt
	for i := range n.Receipts {
		rs = append(rs, f.receipt(os[i%len(os)]))
	}
	if err := put(f, rs); err != nil {
		return err
	}
	if err := f.statement(rs); err != nil {
		return err
	}
	return f.care(cs)
}

// levels says of some customers which level they are, as the sales staff would have: by hand.
func (f *filler) levels(cs []*guike.Customer) error {
	byLevel := map[string][]record.ID{}
	for _, c := range cs {
		level := "普通"
		switch n := f.rng.IntN(20); {
		case n < 3:
			level = "VIP"
		case n < 7:
			level = "潜在"
		case n == 7:
			continue // nobody has said yet
		}
		byLevel[level] = append(byLevel[level], c.ID)
	}
	return f.classed("d_level", byLevel, "VIP", "普通", "潜在")
}

// stages says of the customers that somebody is busy with how far it has come.
func (f *filler) stages(cs []*guike.Customer) error {
	all := []string{"初次接触", "洽谈", "签约", "合作中", "合作中", "合作中", "流失"}
	by := map[string][]record.ID{}
	for i, c := range cs {
		stage := all[i%len(all)]
		by[stage] = append(by[stage], c.ID)
	}
	return f.classed("d_stage", by, "初次接触", "洽谈", "签约", "合作中", "流失")
}

// classed puts customers into categories of a dimension as a person would, in the order of their names.
func (f *filler) classed(dimension string, by map[string][]record.ID, names ...string) error {
	for _, level := range names {
		ids := by[level]
		for len(ids) > 0 {
			n := min(chunk, len(ids))
			if err := f.db.Tx(f.ctx, f.sc, func(tx *store.Tx) error {
				var num int64
				fd := tx.Catalogue().Kind("customer").Field(dimension)
				for _, c := range tx.Catalogue().Categories(fd.Dimension) {
					if c.Name == level {
						num = c.N
					}
				}
				_, err := tx.UpdateAll(f.ctx, "customer", ids[:n], func(record.Record) (store.Patch, error) {
					return store.Patch{Values: map[string]record.Value{dimension: record.NumberValue(num)},
						Decisions: map[string]record.Decision{dimension: {Origin: "person", Confidence: 1, By: f.sc.User}}}, nil
				})
				return err
			}); err != nil {
				return err
			}
			ids = ids[n:]
		}
	}
	return nil
}

func (f *filler) customer() *guike.Customer {
	c := &guike.Customer{Type: "company"}
	city := cities[f.rng.IntN(len(cities))]
	if f.rng.IntN(10) < 3 {
		c.Type, c.Name = "person", f.person()
	} else {
		c.Name = f.company(city)
		c.TaxID = f.taxID(city.code)
		c.Industry = pick(f.rng, industries)
	}
	c.Region = city.province
	c.Phone = f.mobile()
	if f.rng.IntN(3) > 0 {
		c.Email = fmt.Sprintf("u%06d@example.com", f.rng.IntN(1_000_000))
	}
	c.Address = fmt.Sprintf("%s%s%s%d号", city.name, pick(f.rng, districts), pick(f.rng, streets), 1+f.rng.IntN(999))
	c.Since = f.day(3 * 365)
	i := f.rng.IntN(len(f.users))
	c.Owner, c.Department = f.users[i], f.deps[i%len(f.deps)]
	return c
}

// day is a day of the last so many, more often a recent one.
func (f *filler) day(back int) record.Date {
	n := int(math.Pow(f.rng.Float64(), 1.3) * float64(back))
	return record.Date(f.today.AddDate(0, 0, -n).Format(time.DateOnly))
}

// who picks a customer: few buy often, most seldom.
func (f *filler) who() *guike.Customer {
	return f.customers[int(math.Pow(f.rng.Float64(), 2.2)*float64(len(f.customers)))]
}

func (f *filler) order(i int) (*guike.Order, error) {
	c := f.who()
	o := &guike.Order{Number: fmt.Sprintf("DD%s%06d", f.today.Format("06"), i+1), Customer: c.ID, OrderedOn: f.day(3 * 365), Address: c.Address}
	o.Owner, o.Department = c.Owner, c.Department
	var lines []guike.Line
	var total int64
	for range 1 + f.rng.IntN(3) {
		p := products[int(math.Pow(f.rng.Float64(), 1.5)*float64(len(products)))]
		q := float64(1 + f.rng.IntN(6))
		price := record.Money{Minor: p.price, Currency: "CNY"}
		amount := price.Times(q)
		if f.rng.IntN(6) == 0 {
			amount.Minor = amount.Minor * 9 / 10 / 100 * 100
		}
		total += amount.Minor
		lines = append(lines, guike.Line{Product: p.id, Name: p.name, Quantity: q, Price: price, Amount: amount})
	}
	o.Amount = record.Money{Minor: total, Currency: "CNY"}
	o.Stage = "done"
	if age, err := time.Parse(time.DateOnly, string(o.OrderedOn)); err == nil && f.today.Sub(age) < 60*24*time.Hour {
		o.Stage = pick(f.rng, []string{"new", "confirmed", "producing", "shipped", "done"})
	} else if f.rng.IntN(25) == 0 {
		o.Stage = "cancelled"
	}
	b, err := json.Marshal(lines)
	o.Lines = string(b)
	return o, err
}

var banks = []string{"中国工商银行", "中国建设银行", "招商银行", "中国农业银行", "中国银行", "交通银行", "浦发银行", "兴业银行"}

// receipt makes a paper about an order: mostly money received, sometimes paid, an invoice, a sales or an after-sales slip.
func (f *filler) receipt(o *guike.Order) *guike.Receipt {
	c := f.customers[0]
	for _, k := range f.customers {
		if k.ID == o.Customer {
			c = k
			break
		}
	}
	var lines []guike.Line
	word := "货款"
	if json.Unmarshal([]byte(o.Lines), &lines) == nil && len(lines) > 0 {
		for _, p := range products {
			if p.name == lines[0].Name {
				word = p.word
			}
		}
	}
	own := Accounts[f.rng.IntN(len(Accounts))]
	r := &guike.Receipt{Customer: c.ID, Order: o.ID, Amount: o.Amount, PaidOn: o.OrderedOn}
	if t, err := time.Parse(time.DateOnly, string(o.OrderedOn)); err == nil {
		if t = t.AddDate(0, 0, f.rng.IntN(30)); t.After(f.today) {
			t = f.today.AddDate(0, 0, -f.rng.IntN(6))
		}
		r.PaidOn = record.Date(t.Format(time.DateOnly))
	}
	r.Owner, r.Department = c.Owner, c.Department
	if f.rng.IntN(4) == 0 {
		r.Amount.Minor = max(r.Amount.Minor/2, 1)
	}
	if f.rng.IntN(5) == 0 {
		r.Order = "" // nobody has matched it yet
	}
	switch n := f.rng.IntN(20); {
	case n < 12:
		r.Type, r.Direction, r.Bank = "slip", "in", pick(f.rng, banks)
		r.SlipNo, r.Serial = digits(f.rng, 18), digits(f.rng, 15)
		r.PayerName, r.PayerAccount, r.PayerBank = c.Name, f.account(c.ID), pick(f.rng, banks)+c.Region+"分行"
		r.PayeeName, r.PayeeAccount, r.PayeeBank = Company, own.Number, own.Bank
		r.Purpose = word
		if f.rng.IntN(2) == 0 {
			r.Memo = "订单" + o.Number
		}
	case n < 14:
		r.Type, r.Direction, r.Bank = "slip", "out", pick(f.rng, banks)
		r.SlipNo, r.Serial = digits(f.rng, 18), digits(f.rng, 15)
		r.PayeeName, r.PayeeAccount, r.PayeeBank = c.Name, f.account(c.ID), pick(f.rng, banks)+c.Region+"分行"
		r.PayerName, r.PayerAccount, r.PayerBank = Company, own.Number, own.Bank
		r.Purpose = pick(f.rng, []string{"退款", "采购款", "合作分成", "押金退还"})
	case n < 18:
		r.Type, r.Direction = "invoice", "out"
		r.InvoiceNo, r.IssuedOn, r.PaidOn = digits(f.rng, 20), r.PaidOn, ""
		r.SellerName, r.BuyerName, r.BuyerTaxID = Company, c.Name, c.TaxID
		r.Net.Currency, r.Tax.Currency = "CNY", "CNY"
		r.Net.Minor = int64(math.Round(float64(r.Amount.Minor) / 1.06))
		r.Tax.Minor = r.Amount.Minor - r.Net.Minor
		r.Purpose = word
	case n < 19:
		r.Type, r.SlipNo, r.PayerName, r.Purpose = "sales", "XS"+digits(f.rng, 10), c.Name, word
	default:
		r.Type, r.SlipNo, r.PayerName, r.Purpose = "after_sales", "SH"+digits(f.rng, 10), c.Name, pick(f.rng, []string{"维修", "退换", "上门服务"})
	}
	return r
}

// account is a customer's bank account, the same each time.
func (f *filler) account(id record.ID) string {
	if f.accounts[id] == "" {
		f.accounts[id] = "62" + digits(f.rng, 15)
	}
	return f.accounts[id]
}
