package ingest

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"guike/font"

	"github.com/signintech/gopdf"
)

// An Unseen is a form with words of its own that no dictionary has: a page, and what it says.
type Unseen struct {
	Name string
	draw func(s some) ([]cell, map[string]string)
}

// PDF draws one with invented facts, from or to a company.
func (u Unseen) PDF(t testing.TB, rng *rand.Rand, c Company) ([]byte, map[string]string) {
	cells, want := u.draw(anySlip(rng, c))
	var pdf gopdf.GoPdf
	pdf.Start(gopdf.Config{PageSize: *gopdf.PageSizeA4})
	pdf.AddPage()
	err := errors.Join(pdf.AddTTFFontData("han", font.Han), pdf.AddTTFFontData("latin", font.Latin))
	for _, c := range cells {
		x := c.x
		for _, r := range c.text {
			family, w := "latin", 5.6
			if r > 0xff {
				family, w = "han", 10.0
			}
			err = errors.Join(err, pdf.SetFont(family, "", 10))
			pdf.SetXY(x, c.y+8.5)
			err = errors.Join(err, pdf.Text(string(r)))
			x += w
		}
	}
	var b bytes.Buffer
	_, werr := pdf.WriteTo(&b)
	if err = errors.Join(err, werr); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), want
}

// some are the facts of an invented slip.
type some struct {
	no, serial, day, payer, account, bank, purpose, upper, digits, own, ownAccount string
}

func anySlip(rng *rand.Rand, c Company) some {
	pick := func(s ...string) string { return s[rng.IntN(len(s))] }
	num := func(n int) string {
		b := []byte{byte('1' + rng.IntN(9))}
		for len(b) < n {
			b = append(b, byte('0'+rng.IntN(10)))
		}
		return string(b)
	}
	fen := 100 + rng.Int64N(1_000_000_000)
	return some{num(14), num(12), fmt.Sprintf("2025-%02d-%02d", 1+rng.IntN(12), 1+rng.IntN(28)),
		pick("上海明德贸易有限公司", "张三丰", "北京长林文化有限公司", "宁波甲公司", "深圳华南电子（集团）有限公司", "欧阳明月", "苏州工业园区商行"), num(12 + rng.IntN(8)),
		pick("交通银行上海张江支行", "中国农业银行上海分行", "招商银行西安分行", "兴业银行"), pick("货款", "三月房租", "咨询服务", "年费 订单8812", "样品"), FormatUpper(fen), yuan(fen), c.Name, c.Accounts[0]}
}

// Unseens are forms that the general reader does not know.
var Unseens = []Unseen{
	// Labels in a table without colons; the two sides are told by rows of their own.
	{"table", func(s some) ([]cell, map[string]string) {
		return []cell{
			{180, 40, "临海城市发展银行资金往来单据回单"},
			{50, 70, "票面序列"}, {130, 70, s.no}, {320, 70, "入册日"}, {400, 70, s.day},
			{50, 100, "来款户头"}, {130, 100, s.payer}, {320, 100, "进款户头"}, {400, 100, s.own},
			{50, 120, "来款编码"}, {130, 120, s.account}, {320, 120, "进款编码"}, {400, 120, s.ownAccount},
			{50, 140, "来款处所"}, {130, 140, s.bank},
			{50, 170, "钱数"}, {130, 170, s.digits}, {320, 170, "钱数正体"}, {400, 170, s.upper},
			{50, 190, "因由"}, {130, 190, s.purpose}, {320, 190, "册页"}, {400, 190, "主册"},
		}, map[string]string{"slip_no": s.no, "paid_on": s.day, "payer_name": s.payer, "payer_account": s.account, "payer_bank": s.bank, "payee_name": s.own, "payee_account": s.ownAccount, "amount": s.digits, "amount_upper": s.upper, "purpose": s.purpose, "direction": "in"}
	}},
	// Labels over their values, the same words for either side.
	{"above", func(s some) ([]cell, map[string]string) {
		return []cell{
			{180, 40, "汇通钱庄结算凭证"},
			{50, 70, "凭据序列"}, {220, 70, "办结日"}, {400, 70, "通道流号"},
			{50, 84, s.no}, {220, 84, s.day}, {400, 84, s.serial},
			{50, 110, "主体"}, {300, 110, "主体"},
			{50, 124, s.payer}, {300, 124, s.own},
			{50, 150, "簿记号"}, {300, 150, "簿记号"},
			{50, 164, s.account}, {300, 164, s.ownAccount},
			{50, 190, "标的额"}, {300, 190, "标的额汉字"},
			{50, 204, s.digits}, {300, 204, s.upper},
			{50, 230, "缘故"}, {50, 244, s.purpose},
		}, map[string]string{"slip_no": s.no, "paid_on": s.day, "serial": s.serial, "payer_name": s.payer, "payer_account": s.account, "payee_name": s.own, "payee_account": s.ownAccount, "amount": s.digits, "amount_upper": s.upper, "purpose": s.purpose, "direction": "in"}
	}},
	// A list with colons, in words that mean something else elsewhere.
	{"list", func(s some) ([]cell, map[string]string) {
		return []cell{
			{180, 40, "远洋财务公司 收讫通知单"},
			{50, 70, "文书号：" + s.no}, {300, 70, "落账日子：" + s.day},
			{50, 90, "拨款主体：" + s.payer}, {50, 110, "拨款簿号：" + s.account}, {50, 130, "拨款机关：" + s.bank},
			{50, 150, "受款主体：" + s.own}, {50, 170, "受款簿号：" + s.ownAccount},
			{50, 200, "计数：" + s.digits}, {300, 200, "计数汉字：" + s.upper}, {50, 220, "因何：" + s.purpose}, {300, 220, "机器流水：" + s.serial},
		}, map[string]string{"slip_no": s.no, "paid_on": s.day, "payer_name": s.payer, "payer_account": s.account, "payer_bank": s.bank, "payee_name": s.own, "payee_account": s.ownAccount, "amount": s.digits, "amount_upper": s.upper, "purpose": s.purpose, "serial": s.serial, "direction": "in"}
	}},
}

func readSet(cells []cell, lore Lore) Paper {
	return understand("application/pdf", []*page{set(cells...)}, stated{}, us, lore).Papers[0]
}

// One correction teaches a form of which the general reader knows no word; the next twenty papers are read right, and other forms are read as before.
func TestOneCorrectionTeaches(t *testing.T) {
	var lore Lore
	for i, u := range Unseens {
		t.Run(u.Name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(1, uint64(i)))
			cells, want := u.draw(anySlip(rng, us))
			first := readSet(cells, Lore{})
			asked := map[string]string{}
			for k, v := range want {
				if first.Fact(k) != v && k != "direction" {
					asked[k] = v
				}
			}
			if len(asked) < 5 {
				t.Fatalf("the general reader gets all but %v right: no test", asked)
			}
			first = readSet(cells, Lore{Ask: []Question{{Page: 1, Box: first.Box, Facts: asked}}})
			if !first.Form.known() {
				t.Fatalf("form %+v", first.Form)
			}
			taught := Taught{Form: first.Form}
			for _, a := range first.Answers {
				a.ID, a.Trust = "lsn_"+a.Fact, 2.0/3
				taught.Lessons = append(taught.Lessons, a)
			}
			lore.Taught = append(lore.Taught, taught)
			before, right, all := 0, 0, 0
			for range 20 {
				cells, want := u.draw(anySlip(rng, us))
				untaught, got := readSet(cells, Lore{}), readSet(cells, lore)
				for k, v := range want {
					all++
					if untaught.Fact(k) == v {
						before++
					}
					if got.Fact(k) == v {
						right++
					} else {
						t.Errorf("%s = %q, want %q (by %+v)", k, got.Fact(k), v, taught.Lessons)
					}
				}
				for _, f := range got.Facts {
					if _, ok := want[f.Name]; !ok && f.Name != "currency" {
						t.Errorf("%s = %q is not printed", f.Name, f.Value)
					}
				}
			}
			t.Logf("%d of %d facts right before, %d after one correction", before, all, right)
		})
	}
	// What was learnt of them changes no other form.
	for name, l := range layouts {
		a, b := readSet(l.cells, Lore{}), readSet(l.cells, lore)
		if fmt.Sprint(a.Facts) != fmt.Sprint(b.Facts) {
			t.Errorf("%s: %v, untaught %v", name, b.Facts, a.Facts)
		}
	}
}

// Two papers of one unseen form on a page are two where the form has a title that comes again, and what was learnt reads both.
func TestUnseenTwoOnAPage(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	u := Unseens[1]
	one, want := u.draw(anySlip(rng, us))
	asked := map[string]string{}
	for k, v := range want {
		if k != "direction" {
			asked[k] = v
		}
	}
	first := readSet(one, Lore{})
	first = readSet(one, Lore{Ask: []Question{{Page: 1, Box: first.Box, Facts: asked}}})
	lore := Lore{Taught: []Taught{{first.Form, first.Answers}}}
	top, wantTop := u.draw(anySlip(rng, us))
	low, wantLow := u.draw(anySlip(rng, us))
	for _, c := range low {
		c.y += 400
		top = append(top, c)
	}
	ps := understand("application/pdf", []*page{set(top...)}, stated{}, us, lore).Papers
	if len(ps) != 2 {
		t.Fatalf("%d papers", len(ps))
	}
	for i, want := range []map[string]string{wantTop, wantLow} {
		for k, v := range want {
			if ps[i].Fact(k) != v {
				t.Errorf("paper %d: %s = %q, want %q", i+1, k, ps[i].Fact(k), v)
			}
		}
	}
}
