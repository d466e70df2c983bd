package paper

import (
	"strings"
	"unicode"
)

// A tag says what a label asks for. Labels are words of the trade, not of one bank's layout: the lists below are built from who (付款人, 汇款方 …) and
// what (户名, 账号, 开户行 …), so a combination nobody has seen yet is known too.
type tag struct {
	field  string // name account bank, or a fact's name, or summary sign wrap; "" is a label of something not wanted
	party  string // payer payee own other buyer seller; "" where the place tells
	weight int    // among labels of one field the more specific wins
	group  bool   // may head a column of sub-labels: 付款人
}

var labels = dictionary()

var longest = func() (n int) {
	for k := range labels {
		n = max(n, len([]rune(k)))
	}
	return n
}()

func words(s string) []string { return strings.Fields(s) }

func dictionary() map[string]tag {
	m := map[string]tag{}
	add := func(t tag, list string) {
		for _, w := range words(list) {
			if old, ok := m[w]; !ok || old.weight < t.weight {
				m[w] = t
			}
		}
	}
	who := map[string]string{
		"payer":  "付款人 付款方 付款单位 付款 付款账户 付款客户 付款企业 付款户 付方 汇款人 汇款方 汇款单位 汇款 汇出 汇出方 汇出人 转出 转出方 转出账户 转账人 借方 委托人 缴款人 缴款单位 交款人 交款单位 出票人 出票单位 支付方 支出方 扣款 出账 付款商户 付款人账户 付款方账户 付款账户信息 付款人(借方) 付款人(付方) 付款方(借方)",
		"payee":  "收款人 收款方 收款单位 收款 收款账户 收款客户 收款企业 收款户 收方 收汇人 汇入 汇入方 转入 转入方 转入账户 贷方 受益人 收益人 收取方 收入方 入账 收款商户 收款人账户 收款方账户 收款账户信息 收款人(贷方) 收款人(收方) 收款方(贷方)",
		"own":    "本方 我方 本账户 本单位",
		"other":  "对方 交易对手 对手 对手方 对方账户 交易对方",
		"buyer":  "购买方 购方 买方 购货单位 购货方 购买单位 受票方",
		"seller": "销售方 销方 卖方 销货单位 销货方 销售单位 开票方",
	}
	name := words("户名 名称 全称 姓名 账户名 账户名称 账户户名 单位名称 客户名称 公司名称 企业名称 名 户名全称 账号名称 单位 名称(户名) 户名(名称) 户名/名称 账户户主")
	account := words("账号 账户 账户账号 卡号 账/卡号 账(卡)号 账号/卡号 卡号/账号 卡(账)号 卡/账号 银行账号 银行账户 银行卡号 账户号 账户号码 账号号码 账号(卡号) 账号或卡号 账号/账户 结算账号")
	bank := words("开户行 开户银行 开户网点 开户机构 行名 开户行名称 开户行名 开户银行名称 开户机构名称 开户网点名称 行名称 行全称 银行 银行名称 银行全称 行 开户支行 开户行全称 账户开户行 账户开户银行 所属银行 账户行 开户行所 开户行机构 账户开户机构 账户开户网点 开户局 机构")
	short := map[string]bool{"名": true, "账户": true, "行": true, "银行": true, "机构": true, "单位": true, "银行名称": true, "行名": true}
	for p, list := range who {
		for _, w := range words(list) {
			for f, subs := range map[string][]string{"name": name, "account": account, "bank": bank} {
				for _, s := range subs {
					add(tag{field: f, party: p, weight: 8}, w+s)
					add(tag{field: f, party: p, weight: 7}, w+"的"+s)
					add(tag{field: f, party: p, weight: 7}, s+"("+w+")")
				}
			}
			if strings.HasSuffix(w, "账户") {
				add(tag{field: "account", party: p, weight: 9, group: true}, w)
			} else if len([]rune(w)) > 2 || strings.HasSuffix(w, "方") {
				add(tag{field: "name", party: p, weight: 9, group: true}, w)
				if strings.HasSuffix(w, "人") || strings.HasSuffix(w, "方") {
					add(tag{field: "name", party: p, weight: 9, group: true}, w+"信息")
				}
			}
			if p == "buyer" || p == "seller" {
				for _, s := range words("纳税人识别号 统一社会信用代码/纳税人识别号 统一社会信用代码 税号 识别号") {
					add(tag{field: "tax_id", party: p, weight: 8}, w+s)
				}
				add(tag{party: p, weight: 8}, w+"地址、电话 "+w+"开户行及账号 "+w+"地址电话 "+w+"地址")
			}
		}
	}
	for f, subs := range map[string][]string{"name": name, "account": account, "bank": bank} {
		for _, s := range subs {
			if !short[s] {
				add(tag{field: f, weight: 5}, s)
			}
		}
	}
	add(tag{field: "bank", weight: 5}, "行名 开户行行名")
	add(tag{field: "account", weight: 3}, "账户")
	add(tag{field: "tax_id", weight: 5}, "纳税人识别号 统一社会信用代码/纳税人识别号 统一社会信用代码 税号")

	add(tag{field: "slip_no", weight: 10}, "电子回单号码 电子回单号 电子回单编号 电子回单单号")
	add(tag{field: "slip_no", weight: 9}, "回单编号 回单号码 回单号 回单单号 回执编号 回执号 回单序号")
	add(tag{field: "slip_no", weight: 7}, "凭证号 凭证号码 凭证编号 电子凭证号 电子凭证号码 凭证序号 记账凭证号")
	add(tag{field: "slip_no", weight: 6}, "业务编号 业务编码 业务单号")
	add(tag{field: "slip_no", weight: 3}, "编号 单号 单据编号 单据号")
	add(tag{field: "serial", weight: 10}, "交易流水号 交易流水号码")
	add(tag{field: "serial", weight: 9}, "交易流水 交易日志号 银行流水号 支付宝流水号 核心流水号 记账流水号 账务流水号 业务流水号 支付流水号 主机流水号")
	add(tag{field: "serial", weight: 8}, "流水号 流水号码 全局流水号 系统流水号 明细流水号 网银流水号 平台流水号 转账流水号 付款流水号 会计流水号 前置流水号 汇款流水号 柜员流水号")
	add(tag{field: "serial", weight: 7}, "日志号 交易号 交易序号 交易单号 转账单号 交易编号 流水 日志编号 交易识别号 支付交易序号 交易参考号 业务参考号 业务序号 流水序号")
	add(tag{field: "paid_on", weight: 10}, "记账日期 记账日")
	add(tag{field: "paid_on", weight: 9}, "交易日期 付款日期 交易日 付款日")
	add(tag{field: "paid_on", weight: 8}, "入账日期 会计日期 支付日期 转账日期 汇款日期 到账日期 入账日 收款日期 扣款日期 记账时间")
	add(tag{field: "paid_on", weight: 7}, "交易时间 付款时间 支付时间 入账时间 转账时间 到账时间 汇款时间 收款时间 交易日期时间 交易日期/时间 日期时间 交易完成时间 支付完成时间")
	add(tag{field: "paid_on", weight: 5}, "业务日期 回单日期 日期 委托日期 起息日 受理日期 发生日期 凭证日期")
	add(tag{field: "paid_on", weight: 3}, "时间 创建时间 申请日期")
	add(tag{field: "currency", weight: 8}, "币种 币别 货币 货币种类 交易币种 币种名称 货币名称 交易货币 账户币种")
	add(tag{field: "purpose", weight: 9}, "用途 付款用途 汇款用途 交易用途 转账用途 款项用途 资金用途 用途说明 业务用途 支付用途 款项事由 汇款事由 付款事由 用途/摘要 用途及摘要 用途(摘要) 摘要/用途 摘要(用途) 用途/附言 用途及附言 付款理由 附加信息及用途 附加信息/用途 款项性质 付款内容 事由")
	add(tag{field: "summary", weight: 8}, "摘要 交易摘要 业务摘要 摘要说明 摘要信息 付款摘要 汇款摘要 记账摘要")
	add(tag{field: "memo", weight: 9}, "附言 交易附言 汇款附言 转账附言 客户附言 付款附言 银行附言 附言信息 汇款人附言 付款人附言 附言/备注 备注/附言 附言(备注) 附言及备注 留言 付款留言 转账留言")
	add(tag{field: "memo", weight: 8}, "备注 交易备注 转账备注 付款备注 备注信息 汇款备注 收款备注 转账说明 付款说明 交易说明 商品说明 商品名称")
	add(tag{field: "sign", weight: 8}, "借贷标志 借贷方向 收支 收/支 收付标志 借贷 收支类型 收支标志 借贷标记 资金流向 收付方向 借/贷 收支方向 收/付 借/贷标志 借/贷方向 收支标识 借贷标识 借贷类型 交易方向 资金方向 往来标志 来往账标志 进出账 借贷别")

	lower := words("小写 小写金额 金额小写 金额(小写) (小写) 人民币(小写) 人民币小写 小写(人民币) 小写(元) 小写合计 (小写)金额")
	upper := words("大写 大写金额 金额大写 金额(大写) (大写) 人民币(大写) 人民币大写 大写(人民币) (大写)人民币 人民币金额(大写) 大写人民币 大写合计 (大写)金额")
	amounts := words("金额 交易金额 转账金额 付款金额 收款金额 汇款金额 支付金额 实付金额 实收金额 到账金额 入账金额 发生额 交易额 转出金额 转入金额 收入金额 支出金额 借方发生额 贷方发生额 扣款金额 缴款金额 汇出金额 汇入金额 结算金额 回单金额 本次金额 付款总额 人民币 合计 总金额 合计金额")
	for _, a := range amounts {
		add(tag{field: "amount", weight: 10}, a+"(小写) "+a+"小写 小写"+a+" "+a+"(小写、元)")
		add(tag{field: "amount_upper", weight: 10}, a+"(大写) "+a+"大写 大写"+a+" "+a+"(大写金额) "+a+"人民币(大写) "+a+"(人民币大写)")
		w := 9
		switch a {
		case "金额":
			w = 8
		case "合计", "总金额", "合计金额":
			w = 4
		case "人民币":
			continue
		}
		add(tag{field: "amount", weight: w}, a+" "+a+"(元) "+a+"(CNY) "+a+"(RMB) "+a+"(人民币) "+a+"(人民币元) 人民币"+a+" "+a+"/元 币种/"+a+" 币种及"+a+" 币种、"+a)
	}
	for _, l := range lower {
		add(tag{field: "amount", weight: 10}, l)
	}
	for _, u := range upper {
		add(tag{field: "amount_upper", weight: 10}, u)
	}
	add(tag{field: "total", weight: 9, group: true}, "价税合计 价税合计(小写) 价税合计小写")
	add(tag{field: "amount_upper", weight: 10, group: true}, "价税合计(大写) 价税合计大写")
	add(tag{field: "net", weight: 8}, "合计金额 不含税金额 金额合计 合计不含税金额 不含税合计")
	add(tag{field: "tax", weight: 8}, "合计税额 税额合计 总税额")
	add(tag{field: "tax_column", weight: 5}, "税额")
	add(tag{field: "sum", weight: 9}, "合计")
	add(tag{field: "invoice_no", weight: 9}, "发票号码 发票号 数电票号码 数电发票号码 全电发票号码")
	add(tag{field: "invoice_code", weight: 9}, "发票代码")
	add(tag{field: "issued_on", weight: 9}, "开票日期 开具日期 开票时间")
	add(tag{field: "check_code", weight: 9}, "校验码")
	add(tag{field: "issuer", weight: 9}, "开票人")

	add(tag{field: "wrap"}, "开户 开户银 业务(产品) 业务 付款人开户 收款人开户 付款开户 收款开户 付款人账 收款人账 金额 交易 统一社会信用代码/ 账户 购买 销售 付款 收款 电子回单 交易流水")
	add(tag{}, `打印时间 打印日期 时间戳 业务种类 业务类型 业务(产品)种类 产品种类 钞汇标志 钞汇 钞汇标识 手续费 手续费金额 工本费 邮电费 余额 账户余额 当前余额 验证码 回单验证码 校验码 防伪码 交易机构 交易网点
网点 网点号 柜员 柜员号 操作员 凭证种类 凭证类型 凭证名称 渠道 交易渠道 业务渠道 记账柜员 交易柜员 打印次数 打印柜员 打印方式 打印渠道 状态 交易状态 交易结果 处理状态 回单类型 回单种类 客户号 客户编号 行号 联行号 开户行号 付款行号 收款行号 付款人行号 收款人行号
付款行行号 收款行行号 付款人开户行行号 收款人开户行行号 付款人开户行号 收款人开户行号 交易代码 交易码 交易类型 交易种类 交易方式 转账方式 汇款方式 支付方式 付款方式 汇路 附加信息 授权 授权柜员 复核 复核人 复核员 经办 经办人 经办员 制单 制单人 记账 记账员 记账人 地址 电话 联系电话
地址、电话 地址电话 开户行及账号 开户银行及账号 签章 盖章 机构号 机构名称 交易行 交易行号 受理行 受理网点 记账机构 记账网点 起息日期 汇率 费用 费率 利率 加急标志 订单号 商户订单号 商家订单号 商户单号 商户名称 合同号 合同编号 发票类型 项目名称 规格型号 单位 数量 单价 税率 税率/征收率 收款人 开票人
机器编号 密码区 货物或应税劳务、服务名称 货物或应税劳务名称 销售方:(章) 页码 第 温馨提示 重要提示 注 说明 提示 回单说明 客户经理 业务名称 产品名称 服务类型 支付渠道 支付方式 付款渠道 业务标识 报文种类 报文编号 支付状态 批次号 委托号 指令编号 申请编号 交易地点 终端号 用户名 申请时间 生成时间 下载时间 查询时间 制表日期 本次打印 打印编号 记录标识号 企业流水号 客户业务编号`)
	return m
}

// fold brings a character to the form the dictionary is written in.
func fold(r rune) rune {
	if r >= 0xFF01 && r <= 0xFF5E {
		r -= 0xFEE0
	}
	switch r {
	case '帐', '帳', '賬':
		return '账'
	case '戶':
		return '户'
	case '號':
		return '号'
	case '〔', '【', '[':
		return '('
	case '〕', '】', ']':
		return ')'
	case '︰', '∶':
		return ':'
	case '﹕':
		return ':'
	case '⼈':
		return '人'
	case '⼤':
		return '大'
	case '⼩':
		return '小'
	case '⾏':
		return '行'
	case '⾦':
		return '金'
	case '⽤':
		return '用'
	case '⽅':
		return '方'
	case '⽇':
		return '日'
	case '⼾':
		return '户'
	}
	return r
}

func Fold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return fold(r)
	}, s)
}

// known looks a label up: as it stands, then by its parts and its end, for "账户明细编号-交易流水号" asks for a 交易流水号.
func known(s string) (tag, bool) {
	s = strings.Trim(Fold(s), ":;,.*·-")
	if t, ok := labels[s]; ok && t.field != "wrap" {
		return t, true
	}
	if i := strings.IndexByte(s, '('); i > 0 && strings.HasSuffix(s, ")") {
		if t, ok := labels[s[:i]]; ok && t.field != "wrap" {
			return t, true
		}
	}
	rs := []rune(s)
	for i := 1; i <= len(rs)-3; i++ {
		if t, ok := labels[string(rs[i:])]; ok && t.field != "wrap" {
			if t.weight > 1 && !strings.ContainsAny(string(rs[:i]), "-/、 ") {
				t.weight--
			}
			return t, true
		}
	}
	return tag{}, false
}

// mistaken finds the label that a scan's text is but for one character, where there is one alone: 回音编号 is 回单编号. Of fewer than least characters too many are.
func mistaken(s string, least int) (tag, bool) {
	rs := []rune(strings.Trim(Fold(s), ":;,.*·-。"))
	var found tag
	ok := false
	if len(rs) < least {
		return found, false
	}
	for l, t := range labels {
		if len(l) > 4*len(rs) || t.field == "wrap" {
			continue
		}
		ls := []rune(l)
		if len(ls) != len(rs) {
			continue
		}
		off := 0
		for i, r := range ls {
			if r != rs[i] {
				off++
			}
		}
		if off != 1 {
			continue
		}
		if ok && (t.field != found.field || t.party != found.party) {
			return tag{}, false
		}
		if !ok || t.weight > found.weight {
			found, ok = t, true
		}
	}
	if found.weight > 1 {
		found.weight--
	}
	return found, ok
}
