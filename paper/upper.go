package paper

import (
	"errors"
	"strings"
)

var errUpper = errors.New("大写金额无法解读")

var upperDigits = map[rune]int64{'零': 0, '〇': 0, '○': 0, '壹': 1, '弌': 1, '一': 1, '贰': 2, '貳': 2, '弍': 2, '二': 2, '两': 2, '叁': 3, '參': 3, '叄': 3, '参': 3, '三': 3, '肆': 4, '四': 4, '伍': 5, '五': 5,
	'陆': 6, '陸': 6, '六': 6, '柒': 7, '七': 7, '捌': 8, '八': 8, '玖': 9, '九': 9}

var upperUnits = map[rune]int64{'拾': 10, '十': 10, '佰': 100, '百': 100, '仟': 1000, '千': 1000}

// ParseUpper reads an amount written in Han numerals into fen: 贰拾陆万玖仟伍佰元整, with optional 零, 整 or 正, 元 or 圆, 人民币 before and 负 for a red amount.
// Numerals out of order are an error, never a guess.
func ParseUpper(s string) (fen int64, err error) {
	s = Fold(s)
	for changed := true; changed; {
		before := s
		for _, p := range []string{"人民币", "(大写)", "大写", "金额", "美元", "港币", "港元", "欧元", "日元", "英镑", ":", "⊗", "ⓧ", "¥", "￥", "*", "×", "CNY", "RMB"} {
			s = strings.TrimPrefix(s, p)
		}
		changed = before != s
	}
	neg := false
	for _, p := range []string{"(负数)", "(负)", "(红字)", "(红)", "负数", "负", "負", "红字", "-"} {
		if strings.HasPrefix(s, p) {
			neg, s = true, strings.TrimPrefix(s, p)
			break
		}
	}
	s = strings.TrimPrefix(s, "人民币")
	s = strings.TrimRight(s, "*×#.。")
	if t := strings.TrimSuffix(strings.TrimSuffix(s, "整"), "正"); t != s {
		s = t
	}
	rs := []rune(s)
	at := -1
	for i, r := range rs {
		if r == '元' || r == '圆' || r == '圓' {
			if at >= 0 {
				return 0, errUpper
			}
			at = i
		}
	}
	var yuan int64
	rest := rs
	if at >= 0 {
		if yuan, err = integer(rs[:at]); err != nil {
			return 0, err
		}
		rest = rs[at+1:]
	} else if len(rs) == 0 || !strings.ContainsAny(s, "角分") {
		return 0, errUpper
	}
	small, err := fraction(rest)
	if err != nil {
		return 0, err
	}
	if yuan > 9_0000_0000_0000_000 {
		return 0, errUpper
	}
	fen = yuan*100 + small
	if neg {
		fen = -fen
	}
	return fen, nil
}

// integer reads 万 and 亿 groups: each of them only once, the larger first, save 万亿.
func integer(rs []rune) (int64, error) {
	if len(rs) == 0 {
		return 0, errUpper
	}
	for _, big := range []struct {
		r   string
		val int64
	}{{"亿億", 1_0000_0000}, {"万萬", 1_0000}} {
		at := -1
		for i, r := range rs {
			if strings.ContainsRune(big.r, r) {
				if at >= 0 {
					return 0, errUpper
				}
				at = i
			}
		}
		// 壹万亿: the 万 belongs to what stands before 亿.
		if at < 0 {
			continue
		}
		head, err := integer(rs[:at])
		if err != nil {
			return 0, errUpper
		}
		tail := int64(0)
		if at+1 < len(rs) {
			if tail, err = integer(rs[at+1:]); err != nil {
				return 0, err
			}
		}
		if tail >= big.val || head > 1_0000_0000 {
			return 0, errUpper
		}
		return head*big.val + tail, nil
	}
	var sum, last, digit int64 = 0, 10000, -1
	for _, r := range rs {
		if d, ok := upperDigits[r]; ok {
			if digit > 0 {
				return 0, errUpper
			}
			digit = d
			continue
		}
		u, ok := upperUnits[r]
		if !ok || u >= last {
			return 0, errUpper
		}
		switch {
		case digit < 0 && u == 10: // 拾元 for 壹拾元 is usual
			digit = 1
		case digit < 0, digit == 0 && u == 10 && last == 1000:
			// 壹仟零拾元 may mean 1010 or, as forms are filled in, 1000.
			return 0, errUpper
		}
		sum, last, digit = sum+digit*u, u, -1
	}
	if digit > 0 {
		sum += digit
	}
	return sum, nil
}

func fraction(rs []rune) (int64, error) {
	var sum, last, digit int64 = 0, 100, -1
	for _, r := range rs {
		if d, ok := upperDigits[r]; ok {
			if digit > 0 {
				return 0, errUpper
			}
			digit = d
			continue
		}
		u := map[rune]int64{'角': 10, '分': 1}[r]
		if u == 0 || u >= last || digit < 0 {
			return 0, errUpper
		}
		sum, last, digit = sum+digit*u, u, -1
	}
	if digit > 0 {
		return 0, errUpper
	}
	return sum, nil
}

// FormatUpper writes fen in Han numerals as the rules for settlement vouchers ask: 壹仟零伍元叁角整.
func FormatUpper(fen int64) string {
	if fen == 0 {
		return "零元整"
	}
	var b strings.Builder
	u := uint64(fen)
	if fen < 0 {
		b.WriteString("负")
		u = -u
	}
	digits := []rune("零壹贰叁肆伍陆柒捌玖")
	yuan, jiao, cents := u/100, u/10%10, u%10
	if yuan > 0 {
		b.WriteString(upperInteger(yuan, digits))
		b.WriteString("元")
	}
	if jiao > 0 {
		b.WriteRune(digits[jiao])
		b.WriteString("角")
	} else if yuan > 0 && cents > 0 {
		b.WriteString("零")
	}
	if cents > 0 {
		b.WriteRune(digits[cents])
		b.WriteString("分")
	} else {
		b.WriteString("整")
	}
	return b.String()
}

func upperInteger(n uint64, digits []rune) string {
	for _, big := range []struct {
		val  uint64
		name string
	}{{1_0000_0000, "亿"}, {1_0000, "万"}} {
		if n < big.val {
			continue
		}
		s := upperInteger(n/big.val, digits) + big.name
		if rest := n % big.val; rest > 0 {
			if rest < big.val/10 {
				s += "零"
			}
			s += upperInteger(rest, digits)
		}
		return s
	}
	var b strings.Builder
	zero := false
	for _, u := range []struct {
		val  uint64
		name string
	}{{1000, "仟"}, {100, "佰"}, {10, "拾"}, {1, ""}} {
		d := n / u.val % 10
		if d == 0 {
			zero = b.Len() > 0
			continue
		}
		if zero {
			b.WriteString("零")
			zero = false
		}
		b.WriteRune(digits[d])
		b.WriteString(u.name)
	}
	return b.String()
}
