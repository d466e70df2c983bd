package match_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"guike"
	"guike/match"
	"guike/queue"
	"guike/record"
	"guike/store"
	"guike/store/storetest"
)

var slips = flag.Int("slips", 600, "how many slips TestTruth generates")

// A world is generated customers, orders and slips, and which slip is about which order.
type world struct {
	rng       *rand.Rand
	customers []record.Record
	orders    []record.Record
	slips     []record.Record
	truth     map[[2]record.ID]bool
	how       map[record.ID]string // slip → how it was made
	number    int
}

func (w *world) day(d record.Date, n int) record.Date {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		panic(err)
	}
	return record.Date(t.AddDate(0, 0, n).Format(time.DateOnly))
}

func (w *world) order(c *guike.Customer, on record.Date, minor int64) *guike.Order {
	w.number++
	o := &guike.Order{Number: fmt.Sprintf("SO%s%06d", on[2:4], w.number), Customer: c.ID, OrderedOn: on, Amount: record.Money{Minor: minor, Currency: "CNY"}}
	o.ID = record.NewID("ord")
	w.orders = append(w.orders, o)
	return o
}

func (w *world) slip(how, payer string, on record.Date, minor int64, purpose string, about ...*guike.Order) {
	r := &guike.Receipt{Type: "slip", Direction: "in", PaidOn: on, Amount: record.Money{Minor: minor, Currency: "CNY"}, PayerName: payer, Purpose: purpose, Bank: "行", SlipNo: fmt.Sprint(1e9 + len(w.slips))}
	r.ID = record.NewID("rcp")
	w.slips, w.how[r.ID] = append(w.slips, r), how
	for _, o := range about {
		w.truth[[2]record.ID{r.ID, o.ID}] = true
	}
}

func (w *world) amount() int64 {
	switch w.rng.IntN(5) {
	case 0:
		return int64(w.rng.IntN(300)+5) * 100_00 // whole hundreds
	case 1:
		return int64(w.rng.IntN(3000)+50) * 10_00
	}
	return int64(w.rng.IntN(5_000_000) + 50_000)
}

// typo spoils one digit, or swaps two, or loses one.
func (w *world) typo(s string) string {
	b := []byte(s)
	i := 4 + w.rng.IntN(len(b)-5)
	switch w.rng.IntN(3) {
	case 0:
		b[i] = '0' + (b[i]-'0'+1+byte(w.rng.IntN(8)))%10
	case 1:
		b[i], b[i+1] = b[i+1], b[i]
	default:
		b = append(b[:i], b[i+1:]...)
	}
	return string(b)
}

// generate makes about n slips: shares of the ways in which people pay, hard ones more often than in life.
func generate(n int) *world {
	w := &world{rng: rand.New(rand.NewPCG(7, 11)), truth: map[[2]record.ID]bool{}, how: map[record.ID]string{}}
	places := []string{"上海", "北京", "深圳", "杭州", "苏州", "青岛", "成都", "武汉"}
	hearts := []rune("恒泰瑞丰华信永安达通鼎盛宏远嘉禾金石天成博雅明德")
	trades := []string{"贸易", "机械设备", "电子科技", "建材", "食品", "医疗器械", "信息技术", "包装"}
	for i := range n/10 + 8 {
		c := &guike.Customer{Name: places[i%8] + string(hearts[w.rng.IntN(24)]) + string(hearts[w.rng.IntN(24)]) + string(hearts[i/8%24]) + trades[w.rng.IntN(8)] + []string{"有限公司", "股份有限公司", "有限责任公司"}[w.rng.IntN(3)]}
		c.ID = record.NewID("cus")
		w.customers = append(w.customers, c)
	}
	words := []string{"货款", "付货款", "设备款", "", "服务费", "采购付款"}
	for len(w.slips) < n {
		c := w.customers[w.rng.IntN(len(w.customers))].(*guike.Customer)
		on := w.day("2024-01-05", w.rng.IntN(700))
		paid := w.day(on, w.rng.IntN(26))
		word := words[w.rng.IntN(len(words))]
		name := c.Name
		short := string([]rune(name)[:6+w.rng.IntN(3)])
		p := w.rng.IntN(1000)
		if p < 900 && w.rng.IntN(9) == 0 {
			w.order(c, on, w.amount()) // nobody has paid it yet
		}
		switch a := w.amount(); {
		case p < 380:
			o := w.order(c, on, a)
			w.slip("clean", name, paid, a, word+" 订单"+o.Number, o)
		case p < 500:
			w.slip("no number", name, paid, a, word, w.order(c, on, a))
		case p < 580:
			o := w.order(c, on, a)
			w.slip("name cut", short, paid, a, word+o.Number, o)
		case p < 630:
			w.slip("name cut, no number", short, paid, a, word, w.order(c, on, a))
		case p < 690:
			o := w.order(c, on, a)
			w.slip("fee", name, paid, a-int64(w.rng.IntN(1000)+10), o.Number, o)
		case p < 710:
			w.slip("fee, no number", name, paid, a-int64(w.rng.IntN(1000)+10), word, w.order(c, on, a))
		case p < 765:
			o := w.order(c, on, a)
			first := a * int64(20+w.rng.IntN(50)) / 100
			w.slip("instalment", name, paid, first, o.Number+"首付", o)
			w.slip("instalment", name, w.day(paid, 20+w.rng.IntN(40)), a-first, o.Number+"尾款", o)
		case p < 785:
			first := a * int64(20+w.rng.IntN(50)) / 100
			o := w.order(c, on, a)
			w.slip("instalment, no number", name, paid, first, "首付款", o)
			w.slip("instalment, no number", name, w.day(paid, 20+w.rng.IntN(20)), a-first, "尾款", o)
		case p < 815:
			b := w.amount()
			o, u := w.order(c, on, a), w.order(c, w.day(on, 3), b)
			w.slip("several orders", name, w.day(paid, 4), a+b, o.Number+"、"+u.Number, o, u)
		case p < 840:
			b, d := w.amount(), w.amount()
			w.slip("several orders, no number", name, w.day(paid, 6), a+b+d, word, w.order(c, on, a), w.order(c, w.day(on, 3), b), w.order(c, w.day(on, 5), d))
		case p < 890:
			o := w.order(c, on, a)
			w.slip("typo", name, paid, a, "订单"+w.typo(o.Number), o)
		case p < 900:
			for m := range 4 { // the same amount each month
				d := w.day(on, 30*m)
				w.slip("monthly", name, w.day(d, w.rng.IntN(10)), a, "月费", w.order(c, d, a))
			}
		case p < 930:
			o := w.order(c, on, a)
			w.slip("paid by another", "王"+string(hearts[w.rng.IntN(24)]), paid, a, "代付"+o.Number, o)
		case p < 940:
			w.order(c, on, a)
			u := w.order(c, w.day(on, -40), w.amount())
			w.slip("unrelated, names a wrong order", w.customers[w.rng.IntN(len(w.customers))].(*guike.Customer).Name, paid, w.amount(), u.Number)
		case p < 965:
			w.slip("unrelated, of a customer", name, paid, int64(w.rng.IntN(90_000)+1000), []string{"押金", "会议费", "退还多付"}[w.rng.IntN(3)])
		case p < 985 && len(w.orders) > 0:
			w.slip("unrelated, an order's amount", "北方某某商行"+string(hearts[w.rng.IntN(24)]), paid, w.orders[w.rng.IntN(len(w.orders))].(*guike.Order).Amount.Minor, word)
		default:
			w.slip("unrelated", "零星客户"+string(hearts[w.rng.IntN(24)]), paid, a, word)
		}
	}
	w.rng.Shuffle(len(w.slips), func(i, j int) { w.slips[i], w.slips[j] = w.slips[j], w.slips[i] })
	return w
}

func create(t *testing.T, db *store.DB, recs []record.Record) {
	t.Helper()
	for len(recs) > 0 {
		n := min(1000, len(recs))
		if err := db.Tx(context.Background(), record.SystemScope("test"), func(tx *store.Tx) error { return tx.Create(context.Background(), recs[:n]...) }); err != nil {
			t.Fatal(err)
		}
		recs = recs[n:]
	}
}

// doubles counts what is claimed twice: targets and slips of which more is allotted than they amount to, and claims that do not stand on both sides.
func doubles(t *testing.T, db *store.DB) (n int64) {
	t.Helper()
	for _, sql := range []string{
		`SELECT count(*) FROM orders o WHERE (SELECT coalesce(sum(m.amount), 0) FROM matches m WHERE m."order" = o.id AND m.deleted_at IS NULL AND m.state IN ('automatic', 'confirmed')) > o.amount`,
		`SELECT count(*) FROM receipts r WHERE (SELECT coalesce(sum(m.amount), 0) FROM matches m WHERE m.receipt = r.id AND m.of = 'order' AND m.deleted_at IS NULL AND m.state IN ('automatic', 'confirmed')) > r.amount`,
		`SELECT count(*) FROM orders o WHERE (SELECT coalesce(sum(m.amount), 0) FROM matches m WHERE m."order" = o.id AND m.deleted_at IS NULL AND m.state IN ('automatic', 'confirmed')) <> coalesce(o.paid, 0) AND o.deleted_at IS NULL`,
		`SELECT count(*) FROM receipts r WHERE (SELECT coalesce(sum(m.amount), 0) FROM matches m WHERE m.receipt = r.id AND m.of = 'order' AND m.deleted_at IS NULL AND m.state IN ('automatic', 'confirmed')) <> coalesce(r.allotted, 0) AND r.deleted_at IS NULL`,
	} {
		var x int64
		if err := db.One(context.Background(), sql, nil, &x); err != nil {
			t.Fatal(err)
		}
		n += x
	}
	return n
}

// TestTruth matches generated slips with generated orders. Precision and recall are counted in pairs of slip and order; what is only proposed counts for
// neither, and is told apart.
func TestTruth(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		w := generate(*slips)
		create(t, db, w.customers)
		r := queue.NewRunner(db, 1)
		r.Follow("match", match.Follow)
		took := time.Duration(0)
		// A fifth of the orders is entered after its slips have come.
		early, late := w.orders[:len(w.orders)*4/5], w.orders[len(w.orders)*4/5:]
		for _, recs := range [][]record.Record{early, w.slips, late} {
			create(t, db, recs)
			start := time.Now()
			if err := r.CatchUp(ctx); err != nil {
				t.Fatal(err)
			}
			took += time.Since(start)
		}
		claimed, right, proposed := 0, 0, 0
		missed, wrong := map[string]int{}, map[string]int{}
		found := map[[2]record.ID]bool{}
		for q := (store.Query{Kind: "match", Filter: record.Where("of", "eq", "order"), Limit: store.MaxPage}); ; {
			p, err := db.List(ctx, record.SystemScope("test"), q)
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range p.Records {
				m := x.(*guike.Match)
				pair := [2]record.ID{m.Receipt, m.Order}
				switch {
				case m.Claims() && w.truth[pair]:
					claimed, right, found[pair] = claimed+1, right+1, true
				case m.Claims():
					claimed++
					wrong[w.how[m.Receipt]]++
					if wrong[w.how[m.Receipt]] < 3 {
						t.Logf("wrong: %s %.3f %s", w.how[m.Receipt], m.Confidence, m.Reason)
					}
				case m.State == guike.MatchProposed && w.truth[pair]:
					proposed++
				}
			}
			if q.Cursor = p.Next; p.Next == "" {
				break
			}
		}
		for pair := range w.truth {
			if !found[pair] {
				missed[w.how[pair[0]]]++
			}
		}
		precision, recall := float64(right)/float64(claimed), float64(right)/float64(len(w.truth))
		twice := doubles(t, db)
		t.Logf("%d slips, %d orders, %d pairs: precision %.2f %%, recall %.2f %% (with proposals %.2f %%), double claims %d, %.1f s\nmissed %v\nwrong %v", len(w.slips), len(w.orders), len(w.truth),
			100*precision, 100*recall, 100*float64(right+proposed)/float64(len(w.truth)), twice, took.Seconds(), missed, wrong)
		if precision < 0.995 || recall < 0.95 || twice != 0 {
			t.Errorf("want precision 99.5 %%, recall 95 %%, no double claim")
		}
	})
}
