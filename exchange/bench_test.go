package exchange_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"guike"
	"guike/classify"
	"guike/exchange"
	"guike/record"
	"guike/store"
	"guike/store/storetest"
)

// customers makes a table like samples/tables/customers.csv.
func customers(n int) []byte {
	rng := rand.New(rand.NewPCG(1, 2))
	pick := func(s ...string) string { return s[rng.IntN(len(s))] }
	var b bytes.Buffer
	b.WriteString("\uFEFF客户编号,名称,类型,统一社会信用代码,联系人,电话,邮箱,城市,地址,行业,级别,首次合作,备注\n")
	for i := range n {
		city := pick("成都", "上海", "杭州", "宁波", "苏州", "北京")
		fmt.Fprintf(&b, "K%06d,%s%s%s%d贸易有限责任公司,%s,9151%014d,%s%s,1%010d,u%d@example.com,%s市,%s市%s区%s路%d号,%s,%s,20%02d-%02d-%02d,%s\n", i, city, pick("百川", "瑞丰", "安捷", "恒泰"), pick("源", "达", "通"), i,
			pick("公司", "个人", "企业客户"), i, pick("张", "王", "李"), pick("芳", "伟", "敏"), i, i, city, city, pick("武侯", "鄞州", "海淀"), pick("中山", "人民"), rng.IntN(999), pick("医疗", "零售", "建筑", ""), pick("普通", "VIP", "潜在"),
			20+rng.IntN(6), 1+rng.IntN(12), 1+rng.IntN(28), pick("", "", "", "老客户"))
	}
	return b.Bytes()
}

func rows() int {
	if n, err := strconv.Atoi(os.Getenv("GUIKE_BENCH_ROWS")); err == nil && n > 0 {
		return n
	}
	return 100_000
}

// dimensions gives customers two dimensions by ten rules each, and has the classifier follow.
func dimensions(b *testing.B, d *desk) {
	b.Helper()
	ctx, sys := context.Background(), record.SystemScope("bench")
	for i := range 2 {
		dim, err := classify.AddDimension(ctx, d.DB, sys, guike.Dimension{Of: "customer", Label: "类" + strconv.Itoa(i)})
		if err != nil {
			b.Fatal(err)
		}
		for j, f := range []record.Filter{
			record.Where("name", "contains", "成都百川源1"), record.Where("address", "contains", "鄞州区人民路7"), record.Where("email", "prefix", "u12"),
			record.Where("industry", "eq", "医疗"), record.Where("address", "prefix", "上海"), record.Where("address", "prefix", "杭州"), record.Where("address", "prefix", "宁波"),
			record.Where("address", "prefix", "成都"), record.Where("address", "prefix", "苏州"), record.Where("address", "prefix", "北京"),
		} {
			cat, err := classify.AddCategory(ctx, d.DB, sys, guike.Category{Dimension: dim, Name: strconv.Itoa(j)})
			if err != nil {
				b.Fatal(err)
			}
			filter, err := json.Marshal(f)
			if err != nil {
				b.Fatal(err)
			}
			if _, _, err := classify.AddRule(ctx, d.DB, sys, guike.Rule{Dimension: dim, Category: cat, Filter: string(filter)}, 0); err != nil {
				b.Fatal(err)
			}
		}
	}
	d.r.Follow("classify", classify.Follow)
	d.r.Handle(classify.Queue, 1, classify.Handler(d.DB))
	d.drain()
}

// The aim is 5,000 rows a second for each: checked, keys looked up, full text and change log written.
func BenchmarkImport(b *testing.B) {
	ctx := context.Background()
	for name, open1 := range map[string]func(testing.TB) *store.DB{"sqlite": storetest.SQLite, "postgres": storetest.Postgres} {
		b.Run(name, func(b *testing.B) {
			n := rows()
			body := customers(n)
			for range b.N {
				d := open(b, open1(b))
				dimensions(b, d)
				measure := func(what string, fn func()) {
					t := time.Now()
					fn()
					b.ReportMetric(float64(n)/time.Since(t).Seconds(), what+"-rows/s")
				}
				var imp = d.begin("customer", "c.csv", body, nil)
				run := func(fn func() error) func() {
					return func() {
						if err := fn(); err != nil {
							b.Fatal(err)
						}
						d.drain()
					}
				}
				measure("check", run(func() error { _, _, err := d.Check(ctx, owner(), imp.ID); return err }))
				measure("import", run(func() error { _, _, err := d.Run(ctx, owner(), imp.ID); return err }))
				if got := d.sum(imp.ID); got.Created != int64(n) {
					b.Fatalf("%+v", got)
				}
				start := time.Now()
				if err := d.r.CatchUp(ctx); err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(time.Since(start).Seconds(), "s-classified")
				got, _, err := d.DB.Count(ctx, owner(), store.Query{Kind: "customer", Filter: record.Where("d_n1", "present", nil)}, nil)
				if err != nil || got < int64(n)*9/10 {
					b.Fatalf("%d classified, %v", got, err)
				}
				measure("again", func() { d.take("customer", "c.csv", body, nil) })
				var out bytes.Buffer
				measure("export", run(func() error {
					_, err := d.Write(ctx, owner(), exchange.Export{Query: store.Query{Kind: "customer"}, Format: "csv"}, &out)
					return err
				}))
				measure("undo", run(func() error { _, _, err := d.Undo(ctx, owner(), imp.ID, false, nil); return err }))
				if got := d.get(imp.ID); got.State != "undone" || got.Kept != 0 {
					b.Fatalf("%+v", got)
				}
			}
		})
	}
}
