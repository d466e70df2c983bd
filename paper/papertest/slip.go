package papertest

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"guike/demo"
)

// What the slips draw from.
var Names = []string{"博远信息技术有限责任公司", "文佳然", "上海恒泰国际贸易（集团）股份有限公司浦东新区第一分公司", "欧阳明月", "云启餐饮管理有限责任公司", "新疆维吾尔自治区建设投资开发集团有限责任公司",
	"内蒙古收付通网络科技有限公司", "北京开户行文化传媒有限公司", "深圳市金额宝商贸有限公司", "付小收", "ACME Trading (Shanghai) Co., Ltd.", "苏州工业园区用途贸易商行"}
var Banks = []string{"中国邮政储蓄银行股份有限公司长沙分行", "招商银行西安分行", "中国工商银行股份有限公司杭州科技支行营业部第二储蓄所", "交通银行", "浙江稠州商业银行股份有限公司义乌北苑支行", "支付宝（中国）网络技术有限公司"}
var Purposes = []string{"咨询费", "年费 订单115885", "货款", "2026年第3季度房租及物业管理费", "样品款-HT20251980", "软件服务费（含税）", "工资", "物流费 合同号HT20251980", "维保费 发票号码 8812", "退款 客户经理 王五"}
var Memos = []string{"", "订单218368", "请查收", "合同号HT20263718", "7月款"}

// Digits are n digits, the first of them no 0.
func Digits(rng *rand.Rand, n int) string {
	b := []byte{byte('1' + rng.IntN(9))}
	for len(b) < n {
		b = append(b, byte('0'+rng.IntN(10)))
	}
	return string(b)
}

// AnySlip is an invented slip of the demonstration's company: long names, odd spellings of amounts, now and then one that contradicts itself.
func AnySlip(rng *rand.Rand) demo.Slip {
	pick := func(s []string) string { return s[rng.IntN(len(s))] }
	own := demo.Accounts[rng.IntN(len(demo.Accounts))]
	us := demo.Side{Name: demo.Company, Account: own.Number, Bank: own.Bank}
	them := demo.Side{Name: pick(Names), Account: Digits(rng, 12+rng.IntN(9)), Bank: pick(Banks)}
	fen := int64(1)
	for range 1 + rng.IntN(11) {
		fen = fen*10 + int64(rng.IntN(10))*int64(rng.IntN(2))
	}
	sl := demo.Slip{SlipNo: Digits(rng, 16+rng.IntN(5)), Serial: Digits(rng, 12+rng.IntN(10)), PaidOn: time.Date(2023+rng.IntN(3), time.Month(1+rng.IntN(12)), 1+rng.IntN(28), rng.IntN(24), rng.IntN(60), rng.IntN(60), 0, time.UTC),
		Payer: them, Payee: us, Fen: fen, Upper: demo.Upper(fen), Purpose: pick(Purposes), Memo: pick(Memos), In: true}
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

// Scanned prints a page and scans it: turned a little, grey, with specks, as JPEG.
func Scanned(t testing.TB, rng *rand.Rand, page []byte) []byte {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	b := img.Bounds()
	out := image.NewGray(b)
	sin, cos := math.Sincos((rng.Float64() - 0.5) * 3 * math.Pi / 180)
	cx, cy := float64(b.Dx())/2, float64(b.Dy())/2
	at := func(x, y int) float64 {
		if !(image.Point{x, y}).In(b) {
			return 255
		}
		return float64(color.GrayModel.Convert(img.At(x, y)).(color.Gray).Y)
	}
	for y := range b.Dy() {
		for x := range b.Dx() {
			dx, dy := float64(x)-cx, float64(y)-cy
			sx, sy := cos*dx-sin*dy+cx, sin*dx+cos*dy+cy
			x0, y0 := int(math.Floor(sx)), int(math.Floor(sy))
			fx, fy := sx-float64(x0), sy-float64(y0)
			v := (at(x0, y0)*(1-fx)+at(x0+1, y0)*fx)*(1-fy) + (at(x0, y0+1)*(1-fx)+at(x0+1, y0+1)*fx)*fy
			v = 22 + v*0.88 + rng.NormFloat64()*6
			if rng.IntN(40_000) == 0 {
				v = 60
			}
			out.Pix[y*out.Stride+x] = uint8(min(max(v, 0), 255))
		}
	}
	var w bytes.Buffer
	if err := jpeg.Encode(&w, out, &jpeg.Options{Quality: 75}); err != nil {
		t.Fatal(err)
	}
	return w.Bytes()
}
