package paper

import "strings"

// glossary is the English that bilingual papers print beside their labels: 付款人名称 Payer's Name. It is never a value's.
var glossary = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range words(`payer payer's payee payee's remitter remitter's remitting beneficiary beneficiary's sender receiver recipient drawer drawee debit debited credit credited paying
receiving collecting name full account acct a/c ac acc no no. number num bank bank's branch opening institution of in the and for date time value booking posting transaction trans txn trade
amount amt sum total words figures figure capital capitals lowercase uppercase numeric currency ccy purpose usage use remark remarks memo note notes postscript message details detail description
abstract summary reference ref ref. serial voucher receipt slip code type order invoice business id`) {
		m[w] = true
	}
	return m
}()

// gloss is where the English beside a label ends, if from here to the next wide space or colon there is nothing else; else it is from itself.
func (l *line) gloss(from int) int {
	end := from
	var word strings.Builder
	good := func() bool {
		w := strings.ToLower(strings.Trim(word.String(), "().,&/'"))
		word.Reset()
		return w == "" || glossary[w] || glossary[w+"."]
	}
	for end < len(l.chars) {
		c := l.chars[end]
		r := fold(c.r)
		if end > from && c.gap > column || r == ':' {
			break
		}
		if r > 0x7f || r >= '0' && r <= '9' {
			return from
		}
		if c.gap > 0.15 && !good() {
			return from
		}
		word.WriteRune(r)
		end++
	}
	if !good() {
		return from
	}
	return end
}
