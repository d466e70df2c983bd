package ingest_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"guike/demo"
	"guike/ingest"
)

var ours = ingest.Company{Name: demo.Company, Accounts: []string{demo.Accounts[0].Number, demo.Accounts[1].Number, demo.Accounts[2].Number}}

var someNames = []string{"博远信息技术有限责任公司", "文佳然", "上海恒泰国际贸易（集团）股份有限公司浦东新区第一分公司", "欧阳明月", "云启餐饮管理有限责任公司", "新疆维吾尔自治区建设投资开发集团有限责任公司",
	"内蒙古收付通网络科技有限公司", "北京开户行文化传媒有限公司", "深圳市金额宝商贸有限公司", "付小收", "ACME Trading (Shanghai) Co., Ltd.", "苏州工业园区用途贸易商行"}
var someBanks = []string{"中国邮政储蓄银行股份有限公司长沙分行", "招商银行西安分行", "中国工商银行股份有限公司杭州科技支行营业部第二储蓄所", "交通银行", "浙江稠州商业银行股份有限公司义乌北苑支行", "支付宝（中国）网络技术有限公司"}
var somePurposes = []string{"咨询费", "年费 订单115885", "货款", "2026年第3季度房租及物业管理费", "样品款-HT20251980", "软件服务费（含税）", "工资", "物流费 合同号HT20251980", "维保费 发票号码 8812", "退款 客户经理 王五"}
var someMemos = []string{"", "订单218368", "请查收", "合同号HT20263718", "7月款"}

func someDigits(rng *rand.Rand, n int) string {
	b := []byte{byte('1' + rng.IntN(9))}
	for len(b) < n {
		b = append(b, byte('0'+rng.IntN(10)))
	}
	return string(b)
}

func someSlip(rng *rand.Rand) demo.Slip {
	pick := func(s []string) string { return s[rng.IntN(len(s))] }
	own := demo.Accounts[rng.IntN(len(demo.Accounts))]
	us := demo.Side{Name: demo.Company, Account: own.Number, Bank: own.Bank}
	them := demo.Side{Name: pick(someNames), Account: someDigits(rng, 12+rng.IntN(9)), Bank: pick(someBanks)}
	fen := int64(1)
	for range 1 + rng.IntN(11) {
		fen = fen*10 + int64(rng.IntN(10))*int64(rng.IntN(2))
	}
	sl := demo.Slip{SlipNo: someDigits(rng, 16+rng.IntN(5)), Serial: someDigits(rng, 12+rng.IntN(10)), PaidOn: time.Date(2023+rng.IntN(3), time.Month(1+rng.IntN(12)), 1+rng.IntN(28), rng.IntN(24), rng.IntN(60), rng.IntN(60), 0, time.UTC),
		Payer: them, Payee: us, Fen: fen, Upper: demo.Upper(fen), Purpose: pick(somePurposes), Memo: pick(someMemos), In: true}
	if rng.IntN(3) == 0 {
		sl.Payer, sl.Payee, sl.In = us, them, false
	}
	switch rng.IntN(6) {
	case 0:
		sl.Upper = strings.ReplaceAll(sl.Upper, "元", "圆")
	case 1:
		sl.Upper = strings.TrimSuffix(sl.Upper, "整")
	case 2:
		sl.Upper = strings.ReplaceAll(sl.Upper, "整", "正")
	case 3:
		sl.Upper = strings.NewReplacer("万", "萬", "陆", "陸", "贰", "貳").Replace(sl.Upper)
	}
	if rng.IntN(10) == 0 {
		sl = sl.Contradict(rng)
	} else if rng.IntN(15) == 0 {
		sl.Fen, sl.Upper = -sl.Fen, "负"+sl.Upper
	}
	return sl
}

// Every fact of every look is read to the letter, every slip that contradicts itself is caught, and no other is.
func TestCorpus(t *testing.T) {
	pool := testPool(t)
	rounds := 12
	if testing.Short() {
		rounds = 2
	}
	facts, wrong, caught, papers := 0, 0, 0, 0
	for look := range demo.Layouts() {
		for seed := range rounds {
			rng := rand.New(rand.NewPCG(uint64(look), uint64(seed)))
			var slips []demo.Slip
			for range 1 + rng.IntN(4) {
				slips = append(slips, someSlip(rng))
			}
			data, truths, err := demo.Slips(rng, look, 1+rng.IntN(3), slips)
			if err != nil {
				t.Fatal(err)
			}
			name := fmt.Sprintf("%s-%d", truths[0].Layout, seed)
			reading, err := pool.Read(t.Context(), name, data, "", ours)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if len(reading.Papers) != len(truths) {
				t.Errorf("%s: %d papers, want %d", name, len(reading.Papers), len(truths))
				continue
			}
			for i, p := range reading.Papers {
				papers++
				want := truths[i].Facts
				want["direction"] = "out"
				if slips[i].In {
					want["direction"] = "in"
				}
				got := p.Map()
				for _, k := range slices.Sorted(maps.Keys(want)) {
					facts++
					if got[k] != want[k] {
						wrong++
						t.Errorf("%s paper %d: %s %q, want %q", name, i+1, k, got[k], want[k])
					}
					delete(got, k)
				}
				for k, v := range got {
					wrong++
					t.Errorf("%s paper %d: %s %q is not on the paper", name, i+1, k, v)
				}
				failed := false
				for _, c := range p.Checks {
					failed = failed || c.Result == "fail"
				}
				if failed == truths[i].Consistent {
					t.Errorf("%s paper %d: consistent %v, checks %v", name, i+1, truths[i].Consistent, p.Checks)
				} else if failed {
					caught++
				}
			}
		}
	}
	t.Logf("%d papers, %d facts, %d wrong, %d contradictions caught", papers, facts, wrong, caught)
}

// Invoices are read from PDF by label and place, from OFD by the data it carries, by its page where it carries little.
func TestCorpusInvoices(t *testing.T) {
	pool := testPool(t)
	for seed := range 20 {
		rng := rand.New(rand.NewPCG(77, uint64(seed)))
		net := int64(1 + rng.IntN(100_000_000))
		rate := []int{1, 3, 6, 9, 13}[rng.IntN(5)]
		tax := (net*int64(rate) + 50) / 100
		v := demo.Invoice{No: someDigits(rng, 20), IssuedOn: time.Date(2024, time.Month(1+rng.IntN(12)), 1+rng.IntN(28), 0, 0, 0, 0, time.UTC), Seller: demo.Company, SellerTax: "91460300MAA92DJN95",
			Buyer: someNames[rng.IntN(len(someNames))], BuyerTax: "91110108690017781B", Item: "软件服务费", Net: net, Tax: tax, Total: net + tax, Rate: rate, Drawer: "王五"}
		v.WithoutTotal = seed%3 == 1
		if seed%4 == 3 {
			v.Total += 100 // somebody's sum is wrong
		}
		for _, draw := range []func(demo.Invoice) ([]byte, demo.Truth, error){demo.InvoicePDF, demo.InvoiceOFD} {
			data, truth, err := draw(v)
			if err != nil {
				t.Fatal(err)
			}
			name := fmt.Sprintf("%s %d", truth.Layout, seed)
			reading, err := pool.Read(t.Context(), name, data, "", ours)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if len(reading.Papers) != 1 || reading.Papers[0].Kind != "invoice" {
				t.Errorf("%s: %d papers", name, len(reading.Papers))
				continue
			}
			got := reading.Papers[0].Map()
			for k, want := range truth.Facts {
				if got[k] != want {
					t.Errorf("%s: %s %q, want %q", name, k, got[k], want)
				}
			}
			failed := false
			for _, c := range reading.Papers[0].Checks {
				failed = failed || c.Result == "fail"
			}
			if failed == truth.Consistent {
				t.Errorf("%s: consistent %v, checks %v", name, truth.Consistent, reading.Papers[0].Checks)
			}
		}
	}
}
