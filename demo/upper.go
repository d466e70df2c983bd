package demo

import "strings"

// Upper writes fen in Chinese capitals, as the rules for settlement vouchers ask: 壹仟零伍元叁角整.
func Upper(fen int64) string {
	sign := ""
	if fen < 0 {
		sign, fen = "负", -fen
	}
	if fen == 0 {
		return "零元整"
	}
	const digits = "零壹贰叁肆伍陆柒捌玖"
	d := func(n int64) string { return digits[3*n : 3*n+3] }
	var b strings.Builder
	b.WriteString(sign)
	yuan, jiao, cents := fen/100, fen/10%10, fen%10
	if yuan > 0 {
		b.WriteString(upperWhole(yuan, d) + "元")
	}
	if jiao > 0 {
		b.WriteString(d(jiao) + "角")
	} else if yuan > 0 && cents > 0 {
		b.WriteString("零")
	}
	if cents > 0 {
		b.WriteString(d(cents) + "分")
	} else {
		b.WriteString("整")
	}
	return b.String()
}

func upperWhole(n int64, d func(int64) string) string {
	for _, big := range []struct {
		unit int64
		name string
	}{{100_000_000, "亿"}, {10_000, "万"}} {
		if n < big.unit {
			continue
		}
		s, rest := upperWhole(n/big.unit, d)+big.name, n%big.unit
		if rest == 0 {
			return s
		}
		if rest < big.unit/10 {
			s += "零"
		}
		return s + upperWhole(rest, d)
	}
	var b strings.Builder
	zero := false
	for _, u := range []struct {
		unit int64
		name string
	}{{1000, "仟"}, {100, "佰"}, {10, "拾"}, {1, ""}} {
		switch k := n / u.unit % 10; {
		case k > 0:
			if zero {
				b.WriteString("零")
			}
			b.WriteString(d(k) + u.name)
			zero = false
		default:
			zero = b.Len() > 0
		}
	}
	return b.String()
}
