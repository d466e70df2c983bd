package paper

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Amounts from here on are rare enough that a person should look.
const veryLarge = 1_0000_0000_00 // fen: 1亿元

// now is replaced by tests.
var now = time.Now

// CheckPaper asks of a paper's facts all that can be asked without other records; also again after a person corrected them.
func CheckPaper(p Paper, c Company) []Check {
	out := []Check{}
	if p.Scan {
		out = append(out, checkCharacters(p)...)
	}
	add := func(check, result, format string, args ...any) {
		out = append(out, Check{check, result, fmt.Sprintf(format, args...)})
	}
	switch p.Kind {
	case "slip":
		checkUpper(p, p.Fact("amount"), add)
		need(p, add, []string{"amount", "paid_on"}, []string{"payer_name", "payee_name"}, "slip_no", "serial")
		checkDate(p.Fact("paid_on"), add)
		checkOwn(p, c, add)
		for _, side := range []string{"payer", "payee"} {
			checkCard(p.Fact(side+"_account"), add)
		}
	case "invoice":
		checkUpper(p, p.Fact("total"), add)
		need(p, add, []string{"invoice_no", "total"}, []string{"issued_on", "seller_name", "buyer_name"})
		checkDate(p.Fact("issued_on"), add)
		checkTotal(p, add)
		checkTax(p.Fact("seller_tax_id"), "销售方", add)
		checkTax(p.Fact("buyer_tax_id"), "购买方", add)
		checkSources(p, add)
	}
	return out
}

type adder func(check, result, format string, args ...any)

var titles = map[string]string{"amount": "金额", "paid_on": "付款日期", "payer_name": "付款人", "payee_name": "收款人", "invoice_no": "发票号码", "issued_on": "开票日期", "seller_name": "销售方名称", "buyer_name": "购买方名称", "total": "价税合计",
	"net": "金额", "tax": "税额", "seller_tax_id": "销售方税号", "buyer_tax_id": "购买方税号", "invoice_code": "发票代码", "check_code": "校验码", "amount_upper": "大写"}

func names(keys []string) string {
	var out []string
	for _, k := range keys {
		out = append(out, titles[k])
	}
	return strings.Join(out, "、")
}

// need fails where a paper cannot be filed without a fact, and warns where one is usual; number is a list of which one is enough.
func need(p Paper, add adder, must, should []string, number ...string) {
	missing := func(keys []string) (out []string) {
		for _, k := range keys {
			if p.Fact(k) == "" {
				out = append(out, k)
			}
		}
		return out
	}
	lost, wanted := missing(must), missing(should)
	if p.Kind == "slip" && len(wanted) == 2 {
		lost, wanted = append(lost, wanted...), nil
	}
	switch {
	case len(lost) > 0:
		add("required", "fail", "缺少%s", names(lost))
	case len(wanted) > 0:
		add("required", "warn", "没有读到%s", names(wanted))
	case len(number) > 0 && len(missing(number)) == len(number):
		add("required", "warn", "没有读到回单号或流水号，无法按编号查重")
	default:
		add("required", "pass", "必需的内容齐全")
	}
}

// checkUpper compares the printed 大写 with the digits, and warns of amounts that are legal and rare.
func checkUpper(p Paper, digits string, add adder) {
	a, ok := fen(digits)
	if !ok {
		return
	}
	rare := ""
	switch {
	case a < 0:
		rare = "金额为负数（红字）"
	case a == 0:
		rare = "金额为零"
	case a >= veryLarge:
		rare = "金额特别大"
	}
	upper := p.Fact("amount_upper")
	if p.Scan {
		byPerson := slices.ContainsFunc(p.Facts, func(f Fact) bool { return (f.Name == "amount" || f.Name == "total") && f.By == "person" })
		agrees := checkScanned(upper, digits, byPerson, a, rare, add)
		i := slices.IndexFunc(p.Facts, func(f Fact) bool { return f.Name == "amount" || f.Name == "total" })
		if i >= 0 && !agrees && !byPerson && p.Facts[i].By == byReader && !strings.Contains(Fold(p.Facts[i].Source), ".") {
			add("characters", "fail", "扫描件的金额“%s”里没有认出小数点，请核对", p.Facts[i].Source)
		}
		return
	}
	if upper == "" {
		if rare != "" {
			add("amount_upper", "warn", "%s，且没有大写可核对，请确认", rare)
		}
		return
	}
	u, err := ParseUpper(upper)
	switch {
	case err != nil:
		add("amount_upper", "warn", "大写“%s”无法解读，不能与小写 %s 核对", upper, digits)
	case u != a && !(a < 0 && u == -a):
		add("amount_upper", "fail", "大写“%s”是 %s，与小写 %s 不一致", upper, yuan(u), digits)
	case rare != "":
		add("amount_upper", "warn", "大写与小写一致，但%s，请确认", rare)
	default:
		add("amount_upper", "pass", "大写与小写一致")
	}
}

func yuan(fen int64) string {
	sign := ""
	if fen < 0 {
		sign, fen = "-", -fen
	}
	return fmt.Sprintf("%s%d.%02d", sign, fen/100, fen%100)
}

func checkDate(v string, add adder) {
	if v == "" {
		return
	}
	t, err := time.Parse(time.DateOnly, v)
	switch {
	case err != nil:
		add("date", "fail", "日期 %s 不存在", v)
	case t.After(now().AddDate(0, 0, 1)):
		add("date", "warn", "日期 %s 在将来", v)
	case t.Year() < 1990:
		add("date", "warn", "日期 %s 过早", v)
	default:
		add("date", "pass", "日期有效")
	}
}

func checkOwn(p Paper, c Company, add adder) {
	if c.Name == "" && len(c.Accounts) == 0 {
		return
	}
	var accounts, sides int
	for _, s := range []string{"payer", "payee"} {
		if ownAccount(c, p.Fact(s+"_account")) {
			accounts++
		}
		if own(c, p.Fact(s+"_name"), p.Fact(s+"_account")) {
			sides++
		}
	}
	switch {
	case accounts > 0 && sides == 2:
		add("own_account", "pass", "付款人和收款人都是本公司")
	case accounts > 0:
		add("own_account", "pass", "有一方是本公司的账号")
	case sides > 0:
		add("own_account", "warn", "户名是本公司，但账号不在本公司账号之列")
	default:
		add("own_account", "warn", "付款人和收款人都不是本公司")
	}
}

func checkTotal(p Paper, add adder) {
	net, a := fen(p.Fact("net"))
	tax, b := fen(p.Fact("tax"))
	total, c := fen(p.Fact("total"))
	switch {
	case !a || !b || !c:
	case net+tax != total:
		add("total", "fail", "合计金额 %s 加税额 %s 是 %s，与价税合计 %s 不一致", yuan(net), yuan(tax), yuan(net+tax), yuan(total))
	case total <= 0 || total >= veryLarge:
		add("total", "warn", "金额加税额等于价税合计，但价税合计 %s 少见，请确认", yuan(total))
	default:
		add("total", "pass", "金额加税额等于价税合计")
	}
}

// checkTax asks for the check digit of a 统一社会信用代码 (GB 32100-2015); a person's number has that of GB 11643.
func checkTax(id, who string, add adder) {
	switch {
	case id == "":
	case strings.Contains(id, "*"):
		add("tax_id", "warn", "%s税号 %s 有遮盖，无法核对", who, id)
	case len(id) == 18 && (creditCode(id) || citizen(id)):
		add("tax_id", "pass", "%s税号校验位正确", who)
	case len(id) == 18:
		add("tax_id", "fail", "%s税号 %s 的校验位不对", who, id)
	default:
		add("tax_id", "warn", "%s税号 %s 有 %d 位，不是 18 位的统一社会信用代码", who, id, len(id))
	}
}

const creditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

func creditCode(id string) bool {
	sum, weight := 0, 1
	for i := range 17 {
		d := strings.IndexByte(creditAlphabet, id[i])
		if d < 0 {
			return false
		}
		sum += d * weight
		weight = weight * 3 % 31
	}
	return creditAlphabet[(31-sum%31)%31] == id[17]
}

func citizen(id string) bool {
	sum, weight := 0, 0
	for i := range 17 {
		if !digit(rune(id[i])) {
			return false
		}
		weight = 1 << (17 - i) % 11
		sum += int(id[i]-'0') * weight
	}
	return "10X98765432"[sum%11] == id[17]
}

// checkCard asks a bank card's number for its Luhn digit. Only a hint: accounts of companies have none, and some issuers' cards neither.
func checkCard(account string, add adder) {
	if len(account) != 16 && len(account) != 19 || !strings.HasPrefix(account, "62") || strings.Trim(account, "0123456789") != "" {
		return
	}
	sum := 0
	for i := range len(account) {
		d := int(account[len(account)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	if sum%10 == 0 {
		add("card", "pass", "卡号 %s 的校验位正确", account)
	} else {
		add("card", "warn", "卡号 %s 的校验位不对，可能不是银行卡号", account)
	}
}

// Worst finds a check that failed; nil where none did.
func Worst(cs []Check) *Check {
	for i := range cs {
		if cs[i].Result == "fail" {
			return &cs[i]
		}
	}
	return nil
}
