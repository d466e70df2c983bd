package demo

import (
	"math/rand/v2"
)

// The looks below differ as banks' papers do: ruled tables with the side set upright or level, labels before or above their values, one column or two,
// accounts in groups, numbers in a heading line. None copies a bank's form.
var layouts = []layout{
	{"upright", 260, drawUpright},
	{"heading", 220, drawHeading},
	{"pairs", 240, drawPairs},
	{"stacked", 270, drawStacked},
	{"above", 300, drawAbove},
	{"grouped", 260, drawGrouped},
	{"columns", 250, drawColumns},
	{"header", 240, drawHeader},
	{"single", 330, drawSingle},
	{"voucher", 270, drawVoucher},
}

const left, wide = 45.0, 505.0

// drawUpright: the sides stand upright beside their rows, payer left, payee right.
func drawUpright(s *sheet, rng *rand.Rand, y float64, sl Slip) map[string]string {
	s.center(left, wide, y, 15, "中国工商银行　电子回单")
	s.text(left, y+26, 8, "电子回单号码: "+sl.SlipNo)
	s.text(left+210, y+26, 8, "打印时间 "+sl.PaidOn.AddDate(0, 0, 1).Format("2006-01-02"))
	y += 40
	row := func(y, h float64, k1, v1, k2, v2 string) {
		s.cell(left+20, y, 44, h, 9, k1)
		s.cell(left+64, y, 191, h, 9, v1)
		s.cell(left+275, y, 44, h, 9, k2)
		s.cell(left+319, y, 186, h, 9, v2)
	}
	s.vertical(left, y, 20, 84, 10, "付款人")
	s.vertical(left+255, y, 20, 84, 10, "收款人")
	row(y, 28, "户名", sl.Payer.Name, "户名", sl.Payee.Name)
	row(y+28, 24, "账号", sl.Payer.Account, "账号", sl.Payee.Account)
	row(y+52, 32, "开户银行", sl.Payer.Bank, "开户银行", sl.Payee.Bank)
	y += 84
	wideRow := func(y float64, k1, v1, k2, v2 string) {
		s.cell(left, y, 64, 26, 9, k1)
		s.cell(left+64, y, 191, 26, 9, v1)
		s.cell(left+255, y, 64, 26, 9, k2)
		s.cell(left+319, y, 186, 26, 9, v2)
	}
	wideRow(y, "金额", "¥"+comma(sl.Fen)+"元", "金额(大写)", "人民币"+sl.Upper)
	wideRow(y+26, "摘要", sl.Memo, "业务(产品)种类", "跨行发报")
	wideRow(y+52, "用途", sl.Purpose, "交易流水号", sl.Serial)
	wideRow(y+78, "记账日期", sl.PaidOn.Format("2006年01月02日"), "时间戳", sl.PaidOn.Format("2006-01-02-15.04.05"))
	if rng.IntN(2) == 0 {
		s.stamp(left+440, y+100, "电子回单专用章")
	}
	return sl.facts()
}

// drawHeading: numbers in a line above the table, where the last one may have no room.
func drawHeading(s *sheet, _ *rand.Rand, y float64, sl Slip) map[string]string {
	s.center(left, wide, y, 14, "中国建设银行网上银行电子回单")
	s.text(left, y+24, 8, "币别：人民币")
	s.text(left+90, y+24, 8, "日期："+sl.PaidOn.Format("20060102"))
	s.text(left+185, y+24, 8, "凭证号："+sl.SlipNo)
	s.text(left+340, y+24, 8, "账户明细编号-交易流水号：")
	s.text(left, y+36, 8, sl.Serial)
	y += 50
	half := func(x float64, side string, p Side) {
		s.vertical(x, y, 22, 78, 10, side)
		for i, kv := range [][2]string{{"全称", p.Name}, {"账号", p.Account}, {"开户行", p.Bank}} {
			s.cell(x+22, y+float64(i)*26, 38, 26, 9, kv[0])
			s.cell(x+60, y+float64(i)*26, 192.5, 26, 9, kv[1])
		}
	}
	half(left, "付款人", sl.Payer)
	half(left+252.5, "收款人", sl.Payee)
	y += 78
	s.cell(left, y, 60, 22, 9, "大写金额")
	s.cell(left+60, y, 192.5, 22, 9, sl.Upper)
	s.cell(left+252.5, y, 60, 22, 9, "小写金额")
	s.cell(left+312.5, y, 192.5, 22, 9, comma(sl.Fen))
	s.cell(left, y+22, 60, 22, 9, "用途")
	s.cell(left+60, y+22, 192.5, 22, 9, sl.Purpose)
	s.cell(left+252.5, y+22, 60, 22, 9, "钞汇标志")
	s.cell(left+312.5, y+22, 192.5, 22, 9, "钞")
	s.cell(left, y+44, 60, 22, 9, "备注")
	s.cell(left+60, y+44, 445, 22, 9, sl.Memo)
	return sl.facts()
}

// drawPairs: label and value with a colon between, two pairs a line, no rules.
func drawPairs(s *sheet, _ *rand.Rand, y float64, sl Slip) map[string]string {
	title := "付款回单"
	if sl.In {
		title = "收款回单"
	}
	s.center(left, wide, y, 15, "招商银行 "+title)
	pairs := []string{"日期：" + sl.PaidOn.Format("2006年01月02日"), "业务类型：转账汇款", "流水号：" + sl.Serial, "付款人：" + sl.Payer.Name, "付款账号：" + sl.Payer.Account,
		"付款开户行：" + sl.Payer.Bank, "收款人：" + sl.Payee.Name, "收款账号：" + sl.Payee.Account, "收款开户行：" + sl.Payee.Bank, "交易金额(小写)：CNY" + comma(sl.Fen),
		"交易金额(大写)：人民币" + sl.Upper, "交易用途：" + sl.Purpose, "回单编号：" + sl.SlipNo, "附言：" + sl.Memo}
	y += 32
	for i := 0; i < len(pairs); i += 2 {
		h := s.block(left, y, 235, 9, pairs[i])
		if i+1 < len(pairs) {
			h = max(h, s.block(left+255, y, 245, 9, pairs[i+1]))
		}
		y += h + 8
	}
	return sl.facts()
}

// drawStacked: payer above payee, the side level in a cell of its own that spans its rows.
func drawStacked(s *sheet, rng *rand.Rand, y float64, sl Slip) map[string]string {
	s.center(left, wide, y, 15, "中国农业银行电子回单")
	s.text(left, y+26, 9, "回单编号："+sl.SlipNo)
	s.right(left+wide, y+26, 9, "第1次打印")
	y += 42
	for _, p := range []struct {
		name string
		Side
	}{{"付款方", sl.Payer}, {"收款方", sl.Payee}} {
		s.cell(left, y, 60, 52, 10, p.name)
		s.cell(left+60, y, 60, 26, 9, "户名")
		s.cell(left+120, y, 165, 26, 9, p.Name)
		s.cell(left+285, y, 60, 26, 9, "账号")
		s.cell(left+345, y, 160, 26, 9, p.Account)
		s.cell(left+60, y+26, 60, 26, 9, "开户行")
		s.cell(left+120, y+26, 385, 26, 9, p.Bank)
		y += 52
	}
	s.cell(left, y, 120, 24, 9, "金额（小写）")
	s.cell(left+120, y, 165, 24, 9, comma(sl.Fen))
	s.cell(left+285, y, 60, 24, 9, "币种")
	s.cell(left+345, y, 160, 24, 9, "人民币")
	s.cell(left, y+24, 120, 24, 9, "金额（大写）")
	s.cell(left+120, y+24, 385, 24, 9, sl.Upper)
	s.cell(left, y+48, 120, 24, 9, "交易时间")
	s.cell(left+120, y+48, 165, 24, 9, sl.PaidOn.Format("2006-01-02 15:04:05"))
	s.cell(left+285, y+48, 60, 24, 9, "日志号")
	s.cell(left+345, y+48, 160, 24, 9, sl.Serial)
	s.cell(left, y+72, 120, 24, 9, "用途")
	s.cell(left+120, y+72, 165, 24, 9, sl.Purpose)
	s.cell(left+285, y+72, 60, 24, 9, "附言")
	s.cell(left+345, y+72, 160, 24, 9, sl.Memo)
	if rng.IntN(2) == 0 {
		s.stamp(left+430, y+60, "业务专用章")
	}
	return sl.facts()
}

// drawAbove: each label stands small above its value.
func drawAbove(s *sheet, _ *rand.Rand, y float64, sl Slip) map[string]string {
	s.text(left, y, 16, "转账电子凭证")
	s.text(left, y+30, 8, "交易金额")
	s.text(left, y+42, 18, "¥"+comma(sl.Fen))
	s.text(left+255, y+30, 8, "大写金额")
	s.block(left+255, y+42, 245, 10, sl.Upper)
	y += 78
	items := [][2]string{{"付款人户名", sl.Payer.Name}, {"收款人户名", sl.Payee.Name}, {"付款人账号", sl.Payer.Account}, {"收款人账号", sl.Payee.Account},
		{"付款人开户行", sl.Payer.Bank}, {"收款人开户行", sl.Payee.Bank}, {"交易日期", sl.PaidOn.Format("2006/01/02")}, {"凭证号码", sl.SlipNo},
		{"交易流水号", sl.Serial}, {"用途", sl.Purpose}, {"备注", sl.Memo}}
	for i := 0; i < len(items); i += 2 {
		h := 0.0
		for k := i; k < min(i+2, len(items)); k++ {
			x := left + float64(k-i)*255
			s.pdf.SetTextColor(120, 120, 120)
			s.text(x, y, 8, items[k][0])
			s.pdf.SetTextColor(0, 0, 0)
			h = max(h, s.block(x, y+11, 235, 10, items[k][1]))
		}
		y += h + 20
	}
	return sl.facts()
}

// drawGrouped: accounts in fours, sides in two columns, each label with its side's name.
func drawGrouped(s *sheet, _ *rand.Rand, y float64, sl Slip) map[string]string {
	s.center(left, wide, y, 14, "中国银行国内支付业务回单")
	s.text(left, y+24, 9, "客户号：114400229")
	s.right(left+wide, y+24, 9, "业务编号："+sl.SlipNo)
	y += 42
	for _, kv := range [][4]string{{"付款人账号：", grouped(sl.Payer.Account), "收款人账号：", grouped(sl.Payee.Account)},
		{"付款人名称：", sl.Payer.Name, "收款人名称：", sl.Payee.Name}, {"付款人开户行：", sl.Payer.Bank, "收款人开户行：", sl.Payee.Bank}} {
		s.text(left, y, 9, kv[0])
		h := s.block(left+70, y, 170, 9, kv[1])
		s.text(left+255, y, 9, kv[2])
		y += max(h, s.block(left+325, y, 175, 9, kv[3])) + 7
	}
	for _, kv := range [][2]string{{"金额：", "CNY" + comma(sl.Fen)}, {"金额大写：", "人民币" + sl.Upper}, {"用途：", sl.Purpose}, {"附言：", sl.Memo}} {
		s.text(left, y, 9, kv[0])
		y += s.block(left+70, y, 420, 9, kv[1]) + 7
	}
	s.text(left, y, 9, "交易日期："+sl.PaidOn.Format("2006年1月2日"))
	s.text(left+170, y, 9, "交易流水号："+sl.Serial)
	s.text(left+350, y, 9, "交易机构：27669")
	return sl.facts()
}

// drawColumns: a heading over each side's column, label cells left of value cells, the rest in full width.
func drawColumns(s *sheet, _ *rand.Rand, y float64, sl Slip) map[string]string {
	s.center(left, wide, y, 14, "交通银行电子回单凭证")
	s.text(left, y+24, 8, "回单编号："+sl.SlipNo)
	s.text(left+200, y+24, 8, "回单类型：网银交易")
	s.text(left+360, y+24, 8, "业务名称：单笔转账")
	y += 38
	s.cell(left, y, wide/2, 20, 10, "付款人信息")
	s.cell(left+wide/2, y, wide/2, 20, 10, "收款人信息")
	y += 20
	for i, k := range []string{"账户名称", "账 号", "开户行名称"} {
		a, b := [3]string{sl.Payer.Name, sl.Payer.Account, sl.Payer.Bank}[i], [3]string{sl.Payee.Name, sl.Payee.Account, sl.Payee.Bank}[i]
		s.cell(left, y, 62, 26, 9, k)
		s.cell(left+62, y, wide/2-62, 26, 9, a)
		s.cell(left+wide/2, y, 62, 26, 9, k)
		s.cell(left+wide/2+62, y, wide/2-62, 26, 9, b)
		y += 26
	}
	for _, kv := range [][4]string{{"币 种", "CNY", "金 额", comma(sl.Fen)}, {"金额大写", sl.Upper, "会计流水号", sl.Serial}, {"记账日期", sl.PaidOn.Format("2006-01-02"), "摘 要", sl.Purpose}} {
		s.cell(left, y, 62, 24, 9, kv[0])
		s.cell(left+62, y, wide/2-62, 24, 9, kv[1])
		s.cell(left+wide/2, y, 62, 24, 9, kv[2])
		s.cell(left+wide/2+62, y, wide/2-62, 24, 9, kv[3])
		y += 24
	}
	s.cell(left, y, 62, 24, 9, "附加信息")
	s.cell(left+62, y, wide-62, 24, 9, "本回单可重复打印，请勿重复记账")
	return without(sl.facts(), "memo")
}

// drawHeader: labels in a row, their values in the row below.
func drawHeader(s *sheet, _ *rand.Rand, y float64, sl Slip) map[string]string {
	s.center(left, wide, y, 14, "兴业银行汇款回单")
	y += 30
	row := func(ws []float64, h float64, ts ...string) {
		x := left
		for i, t := range ts {
			s.cell(x, y, ws[i], h, 9, t)
			x += ws[i]
		}
		y += h
	}
	quarter := []float64{126.25, 126.25, 126.25, 126.25}
	row(quarter, 20, "汇款人全称", "汇款人账号", "收款人全称", "收款人账号")
	row(quarter, 40, sl.Payer.Name, sl.Payer.Account, sl.Payee.Name, sl.Payee.Account)
	row([]float64{wide / 2, wide / 2}, 20, "汇出行名称", "汇入行名称")
	row([]float64{wide / 2, wide / 2}, 30, sl.Payer.Bank, sl.Payee.Bank)
	third := []float64{110, 235, 160}
	row(third, 20, "汇款金额", "金额（大写）", "汇款日期")
	row(third, 26, comma(sl.Fen), sl.Upper, sl.PaidOn.Format("2006年01月02日"))
	row([]float64{140, 140, 112.5, 112.5}, 20, "凭证编号", "交易流水号", "用途", "附言")
	row([]float64{140, 140, 112.5, 112.5}, 26, sl.SlipNo, sl.Serial, sl.Purpose, sl.Memo)
	return without(sl.facts(), "currency")
}

// drawSingle: one pair a line, the label left, the value at the right edge; no capitals, as payment services print.
func drawSingle(s *sheet, _ *rand.Rand, y float64, sl Slip) map[string]string {
	s.center(left, wide, y, 15, "电子转账凭证")
	y += 34
	for _, kv := range [][2]string{{"转账金额", "￥" + comma(sl.Fen)}, {"付款方户名", sl.Payer.Name}, {"付款方账号", sl.Payer.Account}, {"付款方开户机构", sl.Payer.Bank},
		{"收款方户名", sl.Payee.Name}, {"收款方账号", sl.Payee.Account}, {"收款方开户机构", sl.Payee.Bank}, {"付款时间", sl.PaidOn.Format("2006-01-02 15:04:05")},
		{"电子回单编号", sl.SlipNo}, {"业务流水号", sl.Serial}, {"转账备注", sl.Memo}} {
		if kv[1] == "" {
			continue
		}
		s.text(left+60, y, 10, kv[0])
		s.right(left+wide-60, y, 10, kv[1])
		s.pdf.SetLineWidth(0.3)
		s.pdf.Line(left+50, y+17, left+wide-50, y+17)
		y += 25
	}
	return without(sl.facts(), "amount_upper", "purpose")
}

// drawVoucher: full-width forms of everything, the capitals and digits in one row.
func drawVoucher(s *sheet, _ *rand.Rand, y float64, sl Slip) map[string]string {
	s.center(left, wide, y, 14, "上海浦东发展银行")
	s.center(left, wide, y+20, 12, "业务凭证／客户回单")
	s.text(left, y+42, 9, "交易日期："+sl.PaidOn.Format("2006 年 01 月 02 日"))
	s.text(left+200, y+42, 9, "回单号："+sl.SlipNo)
	s.text(left+380, y+42, 9, "币种：人民币")
	y += 58
	for i, k := range []string{"付款单位名称", "付款单位账号", "付款单位开户行", "收款单位名称", "收款单位账号", "收款单位开户行"} {
		v := []string{sl.Payer.Name, sl.Payer.Account, sl.Payer.Bank, sl.Payee.Name, sl.Payee.Account, sl.Payee.Bank}[i]
		s.cell(left, y, 90, 21, 9, k)
		s.cell(left+90, y, wide-90, 21, 9, v)
		y += 21
	}
	s.cell(left, y, 90, 26, 9, "金　额")
	s.cell(left+90, y, 275, 26, 9, "（大写）"+sl.Upper)
	s.cell(left+365, y, 140, 26, 9, "（小写）￥"+comma(sl.Fen))
	y += 26
	s.cell(left, y, 90, 22, 9, "用　途")
	s.cell(left+90, y, 162, 22, 9, sl.Purpose)
	s.cell(left+252, y, 60, 22, 9, "附　言")
	s.cell(left+312, y, 193, 22, 9, sl.Memo)
	s.text(left, y+28, 8, "交易流水："+sl.Serial+"　　柜员号：00EBT")
	return sl.facts()
}
