package paper

import (
	"regexp"
	"strings"
	"unicode"
)

var (
	dateLong  = regexp.MustCompile(`(?:^|[^0-9])((?:19|20|21)\d{2})\s*[-年/.]\s*(\d{1,2})\s*[-月/.]\s*(\d{1,2})(?:[^0-9]|$|日)`)
	dateShort = regexp.MustCompile(`^((?:19|20|21)\d{2})(\d{2})(\d{2})(?:[^0-9]|\d{6}(?:\D|$)|$)`)
	money     = regexp.MustCompile(`^(?:CNY|RMB|USD|HKD|EUR|JPY|GBP|人民币|美元|港币|[¥$])*([-+]?)(?:CNY|RMB|[¥$])?(\(?)([-+]?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,2}))?(\)?)(?:元|圆|CNY|RMB|USD|HKD|EUR|人民币)*整?$`)
	moneyIn   = regexp.MustCompile(`[¥$]([-+]?)(\d{1,3}(?:,\d{3})+|\d+)\.(\d{2})`)
	upperIn   = regexp.MustCompile(`(?:\((?:负数|负)\)|负数?)?[零〇壹贰貳叁參叄肆伍陆陸柒捌玖拾佰仟万萬亿億一二三四五六七八九十百千两]+(?:[元圆圓][零〇壹贰貳叁參叄肆伍陆陸柒捌玖一二三四五六七八九角分]*|[角分][零壹贰貳叁參叄肆伍陆陸柒捌玖角分]*)[整正]?`)
	lostPoint = regexp.MustCompile(`^[^0-9.]*[0-9,]+ [0-9]{2}$`) // 1 55 may be 1.55 whose point was not made out
	numeral   = regexp.MustCompile(`[零壹贰貳叁參叄肆伍陆陸柒捌玖拾佰仟]`)
	number    = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z\-_/.#]*`)
	account   = regexp.MustCompile(`^[0-9A-Za-z*＊•×][0-9A-Za-z*＊•×@._+\-]{3,}`)
	taxID     = regexp.MustCompile(`^[0-9A-Za-z*]{15,20}`)
	grouped   = regexp.MustCompile(`^[0-9*]+(?:[ -][0-9*]+)+`)
)

// value brings a text to a field's one form, or says that it cannot be one.
func value(field, text string) (string, bool) {
	text = strings.TrimSpace(text)
	switch field {
	case "name", "seller_name", "buyer_name":
		v := trimmed(text)
		_, label := known(v + ")")
		return v, len([]rune(v)) >= 2 && len([]rune(v)) <= 80 && letters(v) && !dateLong.MatchString(v) && !(label && strings.Contains(Fold(v), "("))
	case "bank":
		v := trimmed(text)
		return v, len([]rune(v)) >= 2 && letters(v)
	case "account":
		if g := grouped.FindString(text); g != "" {
			text = strings.ReplaceAll(g, " ", "")
		}
		v := account.FindString(strings.ReplaceAll(text, " ", ""))
		v = strings.TrimRight(v, "-._")
		return v, strings.ContainsAny(v, "0123456789@") && !dateLong.MatchString(v)
	case "slip_no", "serial", "invoice_no", "invoice_code", "check_code":
		text = strings.TrimPrefix(strings.TrimPrefix(foldSpaced(text), "No."), "№")
		if g := grouped.FindString(text); g != "" && !strings.Contains(g, "-") {
			text = strings.ReplaceAll(text, " ", "")
		}
		v := strings.TrimRight(number.FindString(strings.TrimSpace(text)), "-_/.#")
		return v, len(v) >= 4 && strings.ContainsAny(v, "0123456789") && !(field == "slip_no" && dateLong.MatchString(v))
	case "tax_id", "seller_tax_id", "buyer_tax_id":
		v := strings.ToUpper(taxID.FindString(strings.ReplaceAll(foldSpaced(text), " ", "")))
		return v, v != ""
	case "paid_on", "issued_on":
		return date(text)
	case "amount", "net", "tax", "total":
		return amount(text)
	case "amount_upper":
		v := strings.Join(strings.Fields(text), "")
		for again := true; again; {
			was := v
			for _, p := range []string{"人民币", "（大写）", "(大写)", "(人民币)", "（人民币）", "大写", ":", "：", "⊗", "ⓧ", "Ⓧ", "×", "*"} {
				v = strings.TrimPrefix(v, p)
			}
			again = was != v
		}
		if i := strings.IndexAny(v, "(（¥￥"); i > 0 {
			v = v[:i]
		}
		// What cannot be parsed may still be what is printed as the 大写: the check says so.
		return v, numeral.MatchString(v) || upperIn.MatchString(v)
	case "currency":
		return currency(text)
	case "sign":
		return text, text != ""
	case "purpose", "summary", "memo":
		v := strings.TrimSpace(text)
		return v, v != "" && strings.Trim(v, "-—/ *") != ""
	}
	return text, text != ""
}

func letters(s string) bool {
	for _, r := range s {
		if unicode.IsLetter(r) {
			return true
		}
	}
	return false
}

// foldSpaced folds full width to half and keeps white space.
func foldSpaced(s string) string { return strings.Map(fold, s) }

// date keeps days that do not exist, such as 2/30: they are printed, and the check tells.
func date(text string) (string, bool) {
	s := foldSpaced(text)
	m := dateLong.FindStringSubmatch(s)
	if m == nil {
		m = dateShort.FindStringSubmatch(strings.ReplaceAll(s, " ", "|"))
	}
	if m == nil {
		return "", false
	}
	pad := func(s string) string {
		if len(s) == 1 {
			return "0" + s
		}
		return s
	}
	return m[1] + "-" + pad(m[2]) + "-" + pad(m[3]), true
}

// trimmed is a name without the marks around it.
func trimmed(text string) string {
	return strings.TrimLeft(strings.TrimRight(strings.Trim(joinWords(text), ":："), "，、。；"), "，、。；")
}

// amount reads digits with grouping into 491300.00; parentheses or a minus make it negative.
func amount(text string) (string, bool) {
	if lostPoint.MatchString(text) {
		return "", false
	}
	s := strings.ReplaceAll(Fold(text), "￥", "¥")
	for _, p := range []string{"(小写)", "小写", "(¥)", "(元)"} {
		s = strings.TrimPrefix(s, p)
	}
	s = strings.TrimLeft(s, ":")
	s = strings.NewReplacer("−", "-", "–", "-").Replace(s)
	m := money.FindStringSubmatch(s)
	if m == nil {
		if i := moneyIn.FindStringSubmatch(s); i != nil {
			m = []string{"", i[1], "", "", i[2], i[3], ""}
		} else {
			return "", false
		}
	}
	if (m[2] == "") != (m[6] == "") {
		return "", false
	}
	neg := m[1] == "-" || m[3] == "-" || m[2] == "("
	whole := strings.TrimLeft(strings.ReplaceAll(m[4], ",", ""), "0")
	if whole == "" {
		whole = "0"
	}
	if len(whole) > 15 {
		return "", false
	}
	v := whole + "." + (m[5] + "00")[:2]
	if neg && strings.Trim(v, "0.") != "" {
		v = "-" + v
	}
	return v, true
}

// fen parses an amount in its one form.
func fen(v string) (int64, bool) {
	neg := strings.HasPrefix(v, "-")
	v = strings.TrimPrefix(v, "-")
	whole, cents, ok := strings.Cut(v, ".")
	if !ok || len(cents) != 2 || whole == "" || len(whole) > 15 {
		return 0, false
	}
	var n int64
	for _, r := range whole + cents {
		if !digit(r) {
			return 0, false
		}
		n = n*10 + int64(r-'0')
	}
	if neg {
		n = -n
	}
	return n, true
}

var currencies = []struct{ code, marks string }{
	{"CNY", "CNY RMB 人民币 ¥ ￥ 156"}, {"USD", "USD 美元 US$"}, {"HKD", "HKD 港币 港元 HK$"}, {"EUR", "EUR 欧元 €"}, {"JPY", "JPY 日元 日圆"}, {"GBP", "GBP 英镑 £"},
	{"AUD", "AUD 澳元 澳大利亚元"}, {"CAD", "CAD 加元 加拿大元"}, {"SGD", "SGD 新加坡元"}, {"CHF", "CHF 瑞士法郎"}, {"MOP", "MOP 澳门元"}, {"TWD", "TWD 新台币"},
}

// currency finds a currency's name or mark at the start of a text.
func currency(text string) (string, bool) {
	s := strings.ToUpper(Fold(text))
	for _, c := range currencies {
		for _, m := range words(c.marks) {
			if strings.HasPrefix(s, m) {
				return c.code, true
			}
		}
	}
	return "", false
}
