// Package papertest draws papers for tests: forms that the reader of package paper does not know.
package papertest

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"guike/demo"
	"guike/font"

	"github.com/signintech/gopdf"
)

// An Unseen is a form with words of its own that no dictionary has: a page, and what it says.
type Unseen struct {
	Name string
	draw func(s some) ([]Cell, map[string]string)
}

// A Cell is a text on an A4 page, in points from its top left.
type Cell struct {
	X, Y float64
	Text string
}

// Cells are what stands on one with invented facts, paid to a company's account, and those facts.
func (u Unseen) Cells(rng *rand.Rand, company, account string) ([]Cell, map[string]string) {
	return u.draw(anySlip(rng, company, account))
}

// PDF draws one.
func (u Unseen) PDF(t testing.TB, rng *rand.Rand, company, account string) ([]byte, map[string]string) {
	cells, want := u.Cells(rng, company, account)
	var pdf gopdf.GoPdf
	pdf.Start(gopdf.Config{PageSize: *gopdf.PageSizeA4})
	pdf.AddPage()
	err := errors.Join(pdf.AddTTFFontData("han", font.Han), pdf.AddTTFFontData("latin", font.Latin))
	for _, c := range cells {
		x := c.X
		for _, r := range c.Text {
			family, w := "latin", 5.6
			if r > 0xff {
				family, w = "han", 10.0
			}
			err = errors.Join(err, pdf.SetFont(family, "", 10))
			pdf.SetXY(x, c.Y+8.5)
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

func anySlip(rng *rand.Rand, company, account string) some {
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
		pick("交通银行上海张江支行", "中国农业银行上海分行", "招商银行西安分行", "兴业银行"), pick("货款", "三月房租", "咨询服务", "年费 订单8812", "样品"), demo.Upper(fen), fmt.Sprintf("%d.%02d", fen/100, fen%100), company, account}
}

// Unseens are forms that the general reader does not know.
var Unseens = []Unseen{
	// Labels in a table without colons; the two sides are told by rows of their own.
	{"table", func(s some) ([]Cell, map[string]string) {
		return []Cell{
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
	{"above", func(s some) ([]Cell, map[string]string) {
		return []Cell{
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
	{"list", func(s some) ([]Cell, map[string]string) {
		return []Cell{
			{180, 40, "远洋财务公司 收讫通知单"},
			{50, 70, "文书号：" + s.no}, {300, 70, "落账日子：" + s.day},
			{50, 90, "拨款主体：" + s.payer}, {50, 110, "拨款簿号：" + s.account}, {50, 130, "拨款机关：" + s.bank},
			{50, 150, "受款主体：" + s.own}, {50, 170, "受款簿号：" + s.ownAccount},
			{50, 200, "计数：" + s.digits}, {300, 200, "计数汉字：" + s.upper}, {50, 220, "因何：" + s.purpose}, {300, 220, "机器流水：" + s.serial},
		}, map[string]string{"slip_no": s.no, "paid_on": s.day, "payer_name": s.payer, "payer_account": s.account, "payer_bank": s.bank, "payee_name": s.own, "payee_account": s.ownAccount, "amount": s.digits, "amount_upper": s.upper, "purpose": s.purpose, "serial": s.serial, "direction": "in"}
	}},
}
