package paper

import (
	"fmt"
	"slices"
	"strings"
)

// sure is how sure every character of a fact must be that is filed from a picture without a person's look.
const sure = 0.85

// checkCharacters asks of a paper read in a picture whether its figures were made out. A person's correction counts as sure.
func checkCharacters(p Paper) []Check {
	var doubt []string
	for _, f := range p.Facts {
		if f.characters() < sure && (f.Name == "amount" || f.Name == "total" || f.Name == "paid_on" || f.Name == "issued_on" || f.Name == "payer_account" || f.Name == "payee_account") {
			doubt = append(doubt, fmt.Sprintf("%s（%s）", f.Label, f.Source))
		}
	}
	if len(doubt) > 0 {
		return []Check{{"characters", "fail", "扫描件的字迹没有把握，请核对：" + strings.Join(doubt, "、")}}
	}
	return []Check{{"characters", "pass", "扫描件的数字清晰可辨"}}
}

// upperRunes are the characters of a 大写 amount.
const upperRunes = "零〇壹贰叁肆伍陆柒捌玖拾佰仟万亿元圆角分整正负"

// checkScanned compares the 大写 of a scan with the digits. OCR reads few of its characters right, but seldom takes one for another of them: one that
// stands in the place of another contradicts, one that is no numeral at all says nothing. It answers whether they agree.
func checkScanned(upper, digits string, byPerson bool, fen int64, rare string, add adder) bool {
	agree, unread, against := alike(Fold(upper), strings.NewReplacer("圆", "元", "整", "").Replace(FormatUpper(fen)))
	clear := agree >= 3 && agree >= 2*unread
	switch {
	case against > 0 && byPerson:
		add("amount_upper", "warn", "扫描件的大写“%s”与改正后的小写 %s 不符，请确认", upper, digits)
	case against > 0:
		add("amount_upper", "fail", "扫描件的大写“%s”与小写 %s 不符，请核对", upper, digits)
	case rare != "":
		add("amount_upper", "warn", "%s，请确认", rare)
	case clear:
		add("amount_upper", "pass", "大写中认得的 %d 个字与小写一致", agree)
	default:
		add("amount_upper", "warn", "扫描件的大写没有认清，未能与小写核对")
	}
	return clear && against == 0
}

// alike aligns a read 大写 with what it should be, and counts the characters that agree, that were not made out, and that contradict.
func alike(read, want string) (agree, unread, against int) {
	a, b := []rune(strings.NewReplacer("圆", "元", "整", "", "正", "", " ", "", "〇", "零", "人民币", "").Replace(read)), []rune(want)
	type cell struct{ cost, agree, unread, against int }
	least := func(cs ...cell) cell {
		m := cs[0]
		for _, c := range cs[1:] {
			if c.cost < m.cost {
				m = c
			}
		}
		return m
	}
	numeral := func(r rune) bool { return strings.ContainsRune(upperRunes, r) }
	skip := func(c cell, r rune, read bool) cell {
		if read && numeral(r) {
			return cell{c.cost + 4, c.agree, c.unread, c.against + 1} // a numeral too many
		}
		return cell{c.cost + 2, c.agree, c.unread + 1, c.against}
	}
	row := make([]cell, len(b)+1)
	for j := 1; j <= len(b); j++ {
		row[j] = skip(row[j-1], b[j-1], false)
	}
	for i := 1; i <= len(a); i++ {
		next := make([]cell, len(b)+1)
		next[0] = skip(row[0], a[i-1], true)
		for j := 1; j <= len(b); j++ {
			to := row[j-1]
			switch {
			case a[i-1] == b[j-1]:
				to.agree++
			case numeral(a[i-1]):
				to.cost, to.against = to.cost+5, to.against+1
			default:
				to.cost, to.unread = to.cost+1, to.unread+1
			}
			next[j] = least(to, skip(next[j-1], b[j-1], false), skip(row[j], a[i-1], true))
		}
		row = next
	}
	last := row[len(b)]
	return last.agree, last.unread, last.against
}

// usual are the facts that a slip has; one without is looked at twice.
var usual = words("payer_name payer_account payer_bank payee_name payee_account payee_bank amount paid_on")

// wanting says whether a reading of a scan leaves out what a paper should have, or contradicts itself.
func wanting(r Reading) bool {
	for _, p := range r.Papers {
		// That its characters are not made out well, a second look does not mend.
		if w := Worst(p.Checks); p.Kind != "slip" || w != nil && w.Check != "characters" {
			return true
		}
		for _, name := range usual {
			if p.Fact(name) == "" {
				return true
			}
		}
	}
	return len(r.Papers) == 0
}

// result is what a check came to; "" where it was not made.
func result(p Paper, check string) string {
	for _, c := range p.Checks {
		if c.Check == check {
			return c.Result
		}
	}
	return ""
}

// count is how many facts a reading found.
func count(r Reading) (n int) {
	for _, p := range r.Papers {
		n += len(p.Facts)
	}
	return n
}

// complete fills in from a second reading what the first does not have, and an amount whose words contradict it where the second's do not. Where they do not find the same papers, that which finds more facts stands.
func complete(a, b Reading, c Company) Reading {
	same := len(a.Papers) == len(b.Papers)
	for i := range a.Papers {
		same = same && a.Papers[i].Kind == b.Papers[i].Kind
	}
	if !same {
		if count(b) > count(a) {
			return b
		}
		return a
	}
	for i := range a.Papers {
		p, o := &a.Papers[i], b.Papers[i]
		if result(*p, "amount_upper") == "fail" && result(o, "amount_upper") == "pass" {
			for j := range p.Facts {
				if i := slices.IndexFunc(o.Facts, func(f Fact) bool { return f.Name == p.Facts[j].Name }); i >= 0 && strings.HasPrefix(p.Facts[j].Name, "amount") {
					p.Facts[j] = o.Facts[i]
				}
			}
		}
		for _, f := range o.Facts {
			// A party's name or account may have been taken for the other's.
			if p.Fact(f.Name) == "" && !strings.Contains(f.Name, "direction") && !slices.ContainsFunc(p.Facts, func(x Fact) bool { return x.Value == f.Value }) {
				p.Facts = append(p.Facts, f)
			}
		}
		p.settle(p.Facts, p.Others)
		p.Checks = CheckPaper(*p, c)
	}
	return a
}
