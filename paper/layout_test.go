package paper

import "testing"

// cell is text set at a place, in points; every character of Han is 10 wide, any other 5.
type cell struct {
	x, y float64
	text string
}

// set makes a page of cells, as a PDF would give it.
func set(cells ...cell) *page {
	p := &page{no: 1, w: 595, h: 842}
	for _, c := range cells {
		x := c.x
		for _, r := range c.text {
			w := 5.0
			if wide(r) {
				w = 10
			}
			p.glyphs = append(p.glyphs, glyph{r, x, c.y, x + w, c.y + 10, 0})
			x += w
		}
	}
	return p
}

var us = Company{Name: "杭州归云信息技术有限公司", Accounts: []string{"1202024519900123456"}}

// Layouts that no sample has: what a label means is known by its words and its place.
var layouts = map[string]struct {
	cells []cell
	want  []map[string]string
}{
	"a list": {[]cell{
		{200, 40, "中国农业银行网上银行电子回单"},
		{50, 70, "电子回单号码：8842019922"}, {300, 70, "交易日志号：7712"},
		{50, 90, "付款方户名：上海明德贸易有限公司"}, {50, 110, "付款方账号：6228 4800 1234 5678"}, {50, 130, "付款方开户行：中国农业银行上海分行"},
		{50, 150, "收款方户名：杭州归云信息技术有限公司"}, {50, 170, "收款方账号：1202024519900123456"}, {50, 190, "收款方开户行：工商银行杭州科技支行"},
		{50, 210, "金额（小写）：￥12,345.60"}, {300, 210, "金额（大写）：壹万贰仟叁佰肆拾伍元陆角整"},
		{50, 230, "交易时间：2025-03-04 10:11:12"}, {300, 230, "用途：货款"}, {50, 250, "附言：三月 订单8"},
	}, []map[string]string{{"slip_no": "8842019922", "serial": "7712", "payer_name": "上海明德贸易有限公司", "payer_account": "6228480012345678", "payer_bank": "中国农业银行上海分行", "payee_name": us.Name, "payee_account": us.Accounts[0],
		"payee_bank": "工商银行杭州科技支行", "amount": "12345.60", "amount_upper": "壹万贰仟叁佰肆拾伍元陆角整", "paid_on": "2025-03-04", "purpose": "货款", "memo": "三月 订单8", "currency": "CNY", "direction": "in"}}},
	"labels over values": {[]cell{
		{200, 40, "交通银行电子回单凭证"},
		{50, 70, "回单编号"}, {220, 70, "交易日期"}, {400, 70, "交易流水号"},
		{50, 84, "2025110033"}, {220, 84, "20251103"}, {400, 84, "SN0099123"},
		{50, 110, "付款人名称"}, {300, 110, "收款人名称"},
		{50, 124, "杭州归云信息技术有限公司"}, {300, 124, "北京长林文化有限公司"},
		{50, 150, "付款人账号"}, {300, 150, "收款人账号"},
		{50, 164, "1202024519900123456"}, {300, 164, "110060149018"},
		{50, 190, "币种"}, {150, 190, "金额"}, {300, 190, "大写金额"},
		{50, 204, "人民币"}, {150, 204, "-500.00"}, {300, 204, "负伍佰元整"},
		{50, 230, "摘要"}, {300, 230, "备注"}, {50, 244, "退款"}, {300, 244, "更正"},
	}, []map[string]string{{"slip_no": "2025110033", "serial": "SN0099123", "paid_on": "2025-11-03", "payer_name": us.Name, "payer_account": us.Accounts[0], "payee_name": "北京长林文化有限公司", "payee_account": "110060149018",
		"currency": "CNY", "amount": "-500.00", "amount_upper": "负伍佰元整", "purpose": "退款", "memo": "更正", "direction": "out"}}},
	"a table of parties": {[]cell{
		{200, 40, "兴业银行电子回单"},
		{120, 70, "名称"}, {320, 70, "账号"}, {450, 70, "开户行"},
		{50, 90, "付款人"}, {120, 90, us.Name}, {320, 90, us.Accounts[0]}, {450, 90, "工商银行杭州科技支行"},
		{50, 110, "收款人"}, {120, 110, "北京长林文化有限公司"}, {320, 110, "110060149018"}, {450, 110, "光大银行北京支行"},
		{50, 140, "交易日期"}, {200, 140, "金额(元)"}, {320, 140, "币种"}, {50, 160, "2025-11-03"}, {200, 160, "5.70"}, {320, 160, "人民币"},
	}, []map[string]string{{"paid_on": "2025-11-03", "payer_name": us.Name, "payer_account": us.Accounts[0], "payer_bank": "工商银行杭州科技支行", "payee_name": "北京长林文化有限公司", "payee_account": "110060149018",
		"payee_bank": "光大银行北京支行", "currency": "CNY", "amount": "5.70", "direction": "out"}}},
	"columns under headings": {[]cell{
		{220, 40, "兴业银行 收款回单"}, {50, 60, "凭证号 20250001"}, {300, 60, "记账日期 2025/6/7"},
		{120, 90, "付款人信息"}, {400, 90, "收款人信息"},
		{50, 110, "户　名"}, {110, 110, "深圳华南电子有限公司"}, {320, 110, "户　名"}, {380, 110, "杭州归云信息技术有限"}, {380, 122, "公司"},
		{50, 140, "账　号"}, {110, 140, "337010100100"}, {320, 140, "账　号"}, {380, 140, "1202024519900123456"},
		{50, 160, "开户行"}, {110, 160, "兴业银行深圳分行"}, {320, 160, "开户行"}, {380, 160, "工商银行"},
		{50, 190, "人民币（大写）"}, {140, 190, "叁拾元伍角"}, {320, 190, "（小写）"}, {380, 190, "¥30.50"},
		{50, 210, "摘　要"}, {110, 210, "网银转账"}, {320, 210, "用　途"}, {380, 210, "会费"},
	}, []map[string]string{{"slip_no": "20250001", "paid_on": "2025-06-07", "payer_name": "深圳华南电子有限公司", "payer_account": "337010100100", "payer_bank": "兴业银行深圳分行", "payee_name": us.Name, "payee_account": us.Accounts[0], "payee_bank": "工商银行",
		"currency": "CNY", "amount": "30.50", "amount_upper": "叁拾元伍角", "purpose": "会费", "memo": "网银转账", "direction": "in"}}},
	"parties one after the other": {[]cell{
		{220, 40, "浦发银行业务回单"}, {50, 60, "回单编号:AB12345678"}, {300, 60, "日期:2025年01月02日"},
		{50, 80, "付款人:杭州归云信息技术有限公司"}, {50, 100, "账号:1202024519900123456"}, {50, 120, "开户银行:工商银行"},
		{50, 140, "收款人:赵一"}, {50, 160, "账号:6217000010001234567"}, {50, 180, "开户银行:建设银行"},
		{50, 200, "金额:人民币壹佰元整 ¥100.00"}, {50, 220, "摘要:报销"},
	}, []map[string]string{{"slip_no": "AB12345678", "paid_on": "2025-01-02", "payer_name": us.Name, "payer_account": us.Accounts[0], "payer_bank": "工商银行", "payee_name": "赵一", "payee_account": "6217000010001234567", "payee_bank": "建设银行",
		"amount": "100.00", "amount_upper": "壹佰元整", "currency": "CNY", "purpose": "报销", "direction": "out"}}},
	"own and other side, two a page": {[]cell{
		{220, 40, "账务回单"}, {50, 60, "本方户名：杭州归云信息技术有限公司"}, {300, 60, "本方账号：1202024519900123456"}, {50, 80, "对方户名：宁波甲公司"}, {300, 80, "对方账号：5566778899"},
		{50, 100, "借贷标志：贷"}, {300, 100, "交易金额：1,000.00"}, {50, 120, "交易日期：2025-02-03"}, {300, 120, "流水号：100001"},
		{220, 240, "账务回单"}, {50, 260, "本方户名：杭州归云信息技术有限公司"}, {300, 260, "本方账号：1202024519900123456"}, {50, 280, "对方户名：宁波乙公司"}, {300, 280, "对方账号：5566778800"},
		{50, 300, "借贷标志：借"}, {300, 300, "交易金额：2,000.00"}, {50, 320, "交易日期：2025-02-30"}, {300, 320, "流水号：100002"},
	}, []map[string]string{
		{"payer_name": "宁波甲公司", "payer_account": "5566778899", "payee_name": us.Name, "payee_account": us.Accounts[0], "amount": "1000.00", "paid_on": "2025-02-03", "serial": "100001", "direction": "in"},
		{"payer_name": us.Name, "payer_account": us.Accounts[0], "payee_name": "宁波乙公司", "payee_account": "5566778800", "amount": "2000.00", "paid_on": "2025-02-30", "serial": "100002", "direction": "out"},
	}},
	"an app's voucher": {[]cell{
		{220, 40, "支付宝转账电子回单"}, {50, 60, "回单编号"}, {160, 60, "20250203000012345"}, {50, 80, "支付宝流水号"}, {160, 80, "2025020322001"}, {50, 100, "付款方"}, {160, 100, "王小明"}, {50, 120, "付款账户"}, {160, 120, "wang***@example.com"},
		{50, 140, "收款方"}, {160, 140, "杭州归云信息技术有限公司"}, {50, 160, "收款账户"}, {160, 160, "1202 0245 1990 0123 456"}, {50, 180, "付款时间"}, {160, 180, "2025-02-03 08:09:10"}, {50, 200, "金额"}, {160, 200, "¥88.00"}, {50, 220, "备注"}, {160, 220, "午餐 and tea"},
	}, []map[string]string{{"slip_no": "20250203000012345", "serial": "2025020322001", "payer_name": "王小明", "payer_account": "wang***@example.com", "payee_name": us.Name, "payee_account": us.Accounts[0], "paid_on": "2025-02-03", "amount": "88.00", "currency": "CNY",
		"memo": "午餐 and tea", "direction": "in"}}},
	"an invoice": {[]cell{
		{220, 40, "电子发票（普通发票）"}, {400, 40, "发票号码：24332000000123456789"}, {400, 56, "开票日期：2024年05月28日"},
		{40, 90, "购"}, {40, 102, "买"}, {40, 114, "方"}, {60, 90, "名称：杭州归云信息技术有限公司"}, {60, 120, "统一社会信用代码/纳税人识别号：91460300MAA92DJN95"},
		{310, 90, "销"}, {310, 102, "售"}, {310, 114, "方"}, {330, 90, "名称：北京互联有限公司"}, {330, 120, "统一社会信用代码/纳税人识别号："}, {330, 134, "91110108690017781B"},
		{40, 160, "项目名称"}, {200, 160, "数量"}, {300, 160, "金额"}, {400, 160, "税率/征收率"}, {500, 160, "税额"},
		{40, 180, "*服务*技术服务费"}, {200, 180, "1"}, {300, 180, "4197.17"}, {400, 180, "6%"}, {500, 180, "251.83"},
		{60, 220, "合"}, {90, 220, "计"}, {300, 220, "¥4197.17"}, {500, 220, "¥251.83"},
		{60, 240, "价税合计（大写）"}, {200, 240, "肆仟肆佰肆拾玖圆整"}, {380, 240, "（小写）"}, {430, 240, "¥4449.00"},
	}, []map[string]string{{"invoice_no": "24332000000123456789", "issued_on": "2024-05-28", "buyer_name": us.Name, "buyer_tax_id": "91460300MAA92DJN95", "seller_name": "北京互联有限公司", "seller_tax_id": "91110108690017781B", "net": "4197.17", "tax": "251.83",
		"total": "4449.00", "amount_upper": "肆仟肆佰肆拾玖圆整"}}},
}

func TestUnseenLayouts(t *testing.T) {
	for name, l := range layouts {
		t.Run(name, func(t *testing.T) {
			r := understand("application/pdf", []*page{set(l.cells...)}, stated{}, us, Lore{})
			if len(r.Papers) != len(l.want) {
				t.Fatalf("%d papers, want %d\n%s", len(r.Papers), len(l.want), r.Pages[0].Text)
			}
			for i, want := range l.want {
				got := r.Papers[i].Map()
				for k, v := range want {
					if got[k] != v {
						t.Errorf("paper %d: %s = %q, want %q", i, k, got[k], v)
					}
				}
				for k, v := range got {
					if _, ok := want[k]; !ok {
						t.Errorf("paper %d: %s = %q is not printed", i, k, v)
					}
				}
			}
		})
	}
}

// A label that a scan's recogniser got wrong by a character is known in its cell, also on two lines; a value of two lines stays a value.
func TestScannedCell(t *testing.T) {
	for text, want := range map[[2]string]string{{"天", "户行"}: "bank", {"开户", "行"}: "bank", {"大瑟", "金额"}: "amount_upper", {"信息", "技术有限公司"}: ""} {
		p := set(cell{55, 100, text[0]}, cell{55, 112, text[1]}, cell{130, 106, "中国银行青岛高新支行"})
		p.scanned = true
		for _, x := range []float64{50, 120, 400} {
			p.rules.add(x, 95, x, 130)
		}
		for _, y := range []float64{95, 130} {
			p.rules.add(50, y, 400, y)
		}
		p.lay()
		got := ""
		for _, x := range p.pieces {
			if x.label != nil {
				got += x.label.field
			}
		}
		if got != want {
			t.Errorf("%v is taken for %q instead of %q", text, got, want)
		}
	}
}

// Two boxes side by side, each with a heading and its rows: the heading does not swallow its first row, and the left one is not the right one's.
func TestBoxesOfParties(t *testing.T) {
	p := set(cell{200, 40, "浦发银行 电子回单"}, cell{300, 40, "日期 2025-11-03"},
		cell{55, 70, "出票人信息"}, cell{301, 70, "收款人信息"},
		cell{55, 83, "户"}, cell{75, 83, "名"}, cell{95, 83, us.Name}, cell{301, 83, "户"}, cell{321, 83, "名"}, cell{341, 83, "张三丰"},
		cell{55, 96, "账"}, cell{75, 96, "号"}, cell{95, 96, us.Accounts[0]}, cell{301, 96, "账"}, cell{321, 96, "号"}, cell{341, 96, "6375463257216464"},
		cell{55, 109, "开户行"}, cell{95, 109, "工商银行杭州科技支行"}, cell{301, 109, "开户行"}, cell{341, 109, "光大银行北京支行"},
		cell{50, 140, "交易金额"}, cell{100, 140, "¥5.49"})
	for _, b := range [][4]float64{{50, 65, 296, 125}, {297, 65, 560, 125}} {
		p.rules.add(b[0], b[1], b[2], b[1])
		p.rules.add(b[0], b[3], b[2], b[3])
		p.rules.add(b[0], b[1], b[0], b[3])
		p.rules.add(b[2], b[1], b[2], b[3])
	}
	p.lay()
	xs := papers(p, us, Lore{})
	if len(xs) != 1 {
		t.Fatalf("%d papers", len(xs))
	}
	for k, want := range map[string]string{"payer_name": us.Name, "payer_account": us.Accounts[0], "payer_bank": "工商银行杭州科技支行", "payee_name": "张三丰", "payee_account": "6375463257216464", "payee_bank": "光大银行北京支行", "amount": "5.49", "direction": "out"} {
		if got := xs[0].Fact(k); got != want {
			t.Errorf("%s %q, want %q", k, got, want)
		}
	}
}
