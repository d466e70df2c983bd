package exchange

import (
	"fmt"
	"math"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"guike/fold"
	"guike/record"

	"golang.org/x/text/unicode/norm"
)

// narrow writes full-width digits, letters and signs half width and drops what surrounds the text.
func narrow(s string) string {
	s = strings.TrimSpace(strings.TrimFunc(s, func(r rune) bool { return r == '\uFEFF' || r == '\u200B' || r == '\u00A0' || r == '\u3000' }))
	if isASCII([]byte(s)) {
		return s
	}
	return strings.TrimSpace(norm.NFKC.String(s))
}

// currencies by the signs and words that tables use.
var currencies = []struct{ word, code string }{
	{"人民币", "CNY"}, {"rmb", "CNY"}, {"cny", "CNY"}, {"cn¥", "CNY"}, {"¥", "CNY"}, {"元", "CNY"}, {"us$", "USD"}, {"usd", "USD"}, {"美元", "USD"}, {"hk$", "HKD"}, {"hkd", "HKD"}, {"港币", "HKD"},
	{"港元", "HKD"}, {"$", "USD"}, {"eur", "EUR"}, {"€", "EUR"}, {"欧元", "EUR"}, {"jpy", "JPY"}, {"日元", "JPY"}, {"gbp", "GBP"}, {"£", "GBP"}, {"英镑", "GBP"},
}

// currencyOf reads a currency's name; "" where it is none.
func currencyOf(s string) string {
	s = strings.ToLower(narrow(s))
	for _, c := range currencies {
		if s == c.word {
			return c.code
		}
	}
	if len(s) == 3 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz") == "" {
		return strings.ToUpper(s)
	}
	return ""
}

var iso = regexp.MustCompile(`^([a-z]{3})\s+(\S.*)$`)

var plainNumber = regexp.MustCompile(`^[+-]?(\d+|\d{1,3}(,\d{3})+|\d{1,3}( \d{3})+|\d{1,4}(,\d{4})+)?(\.\d*)?(e[+-]?\d{1,2})?$`)

// number reads a number as people write it in tables: ¥ 1,234.50 · (12.00) · 12.5% · 1.2万 · １２３. It answers the plain decimal and the currency named in it.
func number(s string) (decimal, currency string, ok bool) {
	// What is left of ¥ where a program took GB18030 for UTF-8.
	s = strings.ToLower(narrow(strings.ReplaceAll(s, "\uFFFD0\uFFFD6", "¥")))
	neg := false
	if len(s) > 2 && s[0] == '(' && s[len(s)-1] == ')' {
		neg, s = true, s[1:len(s)-1]
	}
	for changed := true; changed; {
		changed = false
		s = strings.TrimSpace(s)
		if t, ok := strings.CutPrefix(s, "-"); ok && !neg {
			neg, s, changed = true, t, true
		}
		if t, ok := strings.CutPrefix(s, "−"); ok && !neg {
			neg, s, changed = true, t, true
		}
		for _, c := range currencies {
			if t, ok := strings.CutPrefix(s, c.word); ok {
				s, currency, changed = t, c.code, true
				break
			}
			if t, ok := strings.CutSuffix(s, c.word); ok {
				s, currency, changed = t, c.code, true
				break
			}
		}
	}
	if g := iso.FindStringSubmatch(s); g != nil && currency == "" {
		currency, s = strings.ToUpper(g[1]), g[2]
		if t, ok := strings.CutPrefix(s, "-"); ok && !neg {
			neg, s = true, t
		}
	}
	scale := 0
	for _, u := range []struct {
		word  string
		power int
	}{{"亿", 8}, {"万", 4}, {"千", 3}, {"%", -2}, {"‰", -3}} {
		if t, ok := strings.CutSuffix(s, u.word); ok {
			s, scale = strings.TrimSpace(t), u.power
			break
		}
	}
	s = strings.ReplaceAll(s, "，", ",")
	if s == "" || s == "." || !plainNumber.MatchString(s) || strings.Trim(s, "+-.,e ") == "" {
		return "", "", false
	}
	s = strings.NewReplacer(",", "", " ", "").Replace(s)
	s = strings.TrimPrefix(s, "+")
	if scale != 0 || strings.Contains(s, "e") {
		r, ok := new(big.Rat).SetString(s)
		if !ok {
			return "", "", false
		}
		ten := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(scale, -scale))), nil))
		if scale > 0 {
			r.Mul(r, ten)
		} else if scale < 0 {
			r.Quo(r, ten)
		}
		s = strings.TrimRight(r.FloatString(12), "0")
		s = strings.TrimSuffix(s, ".")
	}
	if strings.HasPrefix(s, "-") {
		neg, s = !neg, s[1:]
	}
	if whole, frac, point := strings.Cut(s, "."); point {
		if whole == "" {
			whole = "0"
		}
		if s = whole; frac != "" {
			s += "." + frac
		}
	}
	if neg && strings.Trim(s, "0.") != "" {
		s = "-" + s
	}
	return s, currency, true
}

// money reads an amount. More digits than the currency has are rounded half away from zero where a spreadsheet's arithmetic made them; three in a text are not.
func money(s, currency string) (record.Money, bool) {
	d, named, ok := number(s)
	if !ok {
		return record.Money{}, false
	}
	if named != "" {
		currency = named
	}
	if _, frac, _ := strings.Cut(d, "."); len(frac) > record.Exponent(currency)+3 {
		if r, ok := new(big.Rat).SetString(d); ok {
			d = r.FloatString(record.Exponent(currency))
		}
	}
	m, err := record.ParseMoney(d, currency)
	return m, err == nil
}

var dayForm = regexp.MustCompile(`^(\d{4})(?:[-/.年 ]\s*)(\d{1,2})(?:[-/.月 ]\s*)(\d{1,2})\s*(?:日|号)?(?:\s*(?:t|星期.|周.)?\s*(.*))?$`)
var shortDay = regexp.MustCompile(`^(\d{1,2})([/.-])(\d{1,2})[/.-](\d{4}|\d{2})(?:[ ,]+(.*))?$`)
var clockForm = regexp.MustCompile(`^(上午|下午|am|pm)?\s*(\d{1,2})[:时点](\d{1,2})(?:分?[:]?(\d{1,2})?(?:\.\d+)?秒?)?分?\s*(am|pm)?\s*(z|utc|[+-]\d{2}:?\d{2})?$`)

var monthNames = []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}
var namedDay = regexp.MustCompile(`^(?:(\d{1,2})[ -]([a-z]{3,9})[ ,-]+(\d{4})|([a-z]{3,9})\.? (\d{1,2}),? (\d{4}))(?:[ ,]+(.*))?$`)

// An order of day and month in 05/04/2025, found from the whole column.
type dayOrder int

const (
	monthFirst dayOrder = iota
	dayFirst
)

// day reads a day, and the time behind it where there is one: 2024年3月5日, 2025/4/5 13:50, 20260101, 5-Mar-2024, 45678 (a spreadsheet's day number).
func day(s string, order dayOrder) (d record.Date, clock string, ok bool) {
	s = strings.ToLower(narrow(s))
	y, m, n := 0, 0, 0
	switch {
	case len(s) == 8 && strings.Trim(s, "0123456789") == "":
		y, m, n = atoi(s[:4]), atoi(s[4:6]), atoi(s[6:])
	case len(s) == 14 && strings.Trim(s, "0123456789") == "":
		y, m, n, clock = atoi(s[:4]), atoi(s[4:6]), atoi(s[6:8]), s[8:10]+":"+s[10:12]+":"+s[12:]
	default:
		if g := dayForm.FindStringSubmatch(s); g != nil {
			y, m, n, clock = atoi(g[1]), atoi(g[2]), atoi(g[3]), g[4]
		} else if g := shortDay.FindStringSubmatch(s); g != nil {
			m, n, y, clock = atoi(g[1]), atoi(g[3]), atoi(g[4]), g[5]
			if m > 12 || order == dayFirst && n <= 12 || g[2] == "." {
				m, n = n, m
			}
			if y < 100 {
				y += 2000
			}
		} else if g := namedDay.FindStringSubmatch(s); g != nil {
			name := g[2] + g[4]
			for i, w := range monthNames {
				if strings.HasPrefix(name, w) {
					m = i + 1
				}
			}
			n, y, clock = atoi(g[1]+g[5]), atoi(g[3]+g[6]), g[7]
		} else if x, err := strconv.ParseFloat(s, 64); err == nil && x >= 10000 && x < 80000 {
			if t, ok := serial(x, false); ok {
				d, clock, _ := strings.Cut(t, " ")
				return record.Date(d), clock, true
			}
		}
	}
	d = record.Date(fmt.Sprintf("%04d-%02d-%02d", y, m, n))
	if y < 1 || !d.Valid() || clock != "" && !clockForm.MatchString(clock) {
		return "", "", false
	}
	return d, clock, true
}

func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

// instant reads a time in the workspace's zone, unless it names another.
func instant(s string, order dayOrder, zone *time.Location) (record.Time, bool) {
	if t, err := time.Parse(time.RFC3339Nano, narrow(s)); err == nil {
		return record.At(t), true
	}
	d, clock, ok := day(s, order)
	if !ok {
		return 0, false
	}
	h, m, sec := 0, 0, 0
	if g := clockForm.FindStringSubmatch(clock); g != nil {
		h, m, sec = atoi(g[2]), atoi(g[3]), atoi(g[4])
		switch half := g[1] + g[5]; {
		case (half == "pm" || half == "下午") && h < 12:
			h += 12
		case (half == "am" || half == "上午") && h == 12:
			h = 0
		}
		if z := strings.ReplaceAll(g[6], ":", ""); z == "z" || z == "utc" {
			zone = time.UTC
		} else if z != "" {
			off := atoi(z[1:3])*3600 + atoi(z[3:5])*60
			if z[0] == '-' {
				off = -off
			}
			zone = time.FixedZone(z, off)
		}
	}
	if h > 24 || m > 59 || sec > 60 {
		return 0, false
	}
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return 0, false
	}
	y, mo, dd := t.Date()
	return record.At(time.Date(y, mo, dd, h, m, sec, 0, zone)), true
}

var yes = map[string]bool{"1": true, "true": true, "yes": true, "y": true, "是": true, "有": true, "√": true, "✓": true, "对": true, "t": true, "on": true, "已": true,
	"0": false, "false": false, "no": false, "n": false, "否": false, "无": false, "×": false, "✗": false, "x": false, "错": false, "f": false, "off": false, "未": false, "-": false}

// nothing are the words with which systems write an empty cell.
var nothing = map[string]bool{"": true, "null": true, "none": true, "n/a": true, "#n/a": true, "nan": true, "--": true, "—": true, "——": true, "-": true, "/": true, "\\n": true}

// emptyCell reports whether a cell says that there is nothing. A dash is something in a text: only typed fields read it so.
func emptyCell(s string, textual bool) bool {
	if s = strings.TrimSpace(s); s == "" {
		return true
	}
	return !textual && nothing[strings.ToLower(narrow(s))]
}

// parse reads a cell as a field's value; the reason where it is none. References and categories are read elsewhere.
func (c *column) parse(f *record.Field, s string, e *env) (record.Value, string) {
	switch f.Type {
	case record.Int:
		d, _, ok := number(s)
		n, err := strconv.ParseInt(strings.TrimSuffix(d, ".0"), 10, 64)
		if !ok || err != nil || n > 1<<53 || n < -1<<53 {
			return record.Absent, issueNumber
		}
		return record.NumberValue(n), ""
	case record.Float:
		d, _, ok := number(s)
		if x, err := strconv.ParseFloat(strings.TrimSpace(s), 64); err == nil && !math.IsNaN(x) && !math.IsInf(x, 0) {
			return record.FloatValue(x), ""
		}
		x, err := strconv.ParseFloat(d, 64)
		if !ok || err != nil || math.IsInf(x, 0) {
			return record.Absent, issueNumber
		}
		return record.FloatValue(x), ""
	case record.Bool:
		b, ok := yes[strings.ToLower(narrow(s))]
		if v, mapped := c.word(s); mapped {
			b, ok = yes[v]
		}
		if !ok {
			return record.Absent, issueBool
		}
		if b {
			return record.NumberValue(1), ""
		}
		return record.NumberValue(0), ""
	case record.MoneyType:
		m, ok := money(s, e.currency)
		if !ok {
			return record.Absent, issueMoney
		}
		return record.MoneyValue(m), ""
	case record.Date_:
		d, _, ok := day(s, c.order)
		if !ok {
			return record.Absent, issueDate
		}
		return record.TextValue(string(d)), ""
	case record.Time_:
		t, ok := instant(s, c.order, e.zone)
		if !ok || t == 0 {
			return record.Absent, issueTime
		}
		return record.NumberValue(int64(t)), ""
	case record.Choices:
		var words []string
		for _, w := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(",，;；、|\n", r) }) {
			if w = strings.TrimSpace(w); w == "" {
				continue
			}
			v, ok := c.word(w)
			if !ok && slices.Contains(f.Choices, w) {
				v, ok = w, true
			}
			if !ok {
				return record.Absent, issueChoice
			}
			words = append(words, v)
		}
		return record.Words(words), ""
	case record.Choice:
		if v, ok := c.word(s); ok {
			return record.TextValue(v), ""
		}
		for _, choice := range f.Choices {
			if choice == strings.TrimSpace(s) || fold.Name(choice) == fold.Name(s) {
				return record.TextValue(choice), ""
			}
		}
		return record.Absent, issueChoice
	}
	if strings.ContainsRune(s, '\uFFFD') {
		return record.Absent, issueUnreadable // a program before us lost what stood here
	}
	v, err := f.Check(record.TextValue(s))
	if err != nil {
		switch f.Type {
		case record.Email:
			return record.Absent, issueEmail
		default:
			if !utf8.ValidString(s) {
				return record.Absent, issueUnreadable
			}
			return record.Absent, issueText
		}
	}
	return v, ""
}

// word answers what a cell's word stands for by the column's value map.
func (c *column) word(s string) (string, bool) {
	v, ok := c.words[fold.Name(s)]
	return v, ok
}
