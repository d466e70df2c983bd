package paper

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// A Form is what papers of one sender and one look have alike: by it the next of them is known again. What differs from paper to paper (amounts, names,
// numbers) has no part in it.
type Form struct {
	Issuer string   `json:"issuer,omitempty"` // the bank or company that prints it
	Title  string   `json:"title,omitempty"`  // what it calls itself
	Words  []string `json:"words"`            // labels, and short texts that may be some
}

const (
	mostWords  = 60 // of a form that are kept
	longLabel  = 14 // characters: what is longer is no label
	fewestWord = 4  // words in common, below which no form is told from another
)

// Key finds forms that may be alike in an index; Like decides.
func (f Form) Key() string { return Clip(f.Issuer+"|"+f.Title, 200) }

// Known says whether a form can be told from others at all.
func (f Form) Known() bool { return (f.Title != "" || f.Issuer != "") && len(f.Words) >= fewestWord }

// Like says whether two papers are of one form: the same sender and title, and most words in common, seen from either. In a scan
// characters may differ, and some words are lost.
func (f Form) Like(o Form, scan bool) bool {
	if !f.Known() || !o.Known() || !spelt(f.Issuer, o.Issuer, scan) || !spelt(f.Title, o.Title, scan) {
		return false
	}
	n := 0
	for _, w := range f.Words {
		if slices.ContainsFunc(o.Words, func(x string) bool { return spelt(w, x, scan) }) {
			n++
		}
	}
	share := 6 // tenths
	if scan {
		share = 5
	}
	return n >= fewestWord && 10*n >= share*len(f.Words) && 10*n >= share*len(o.Words)
}

// spelt says whether two words are one; of a scan one character in five may be another.
func spelt(a, b string, scan bool) bool {
	if a == b || !scan {
		return a == b
	}
	x, y := []rune(a), []rune(b)
	return len(x) >= 4 && len(x) == len(y) && differ(x, y) <= (len(x)+1)/5
}

func differ(a, b []rune) (n int) {
	for i := range a {
		if a[i] != b[i] {
			n++
		}
	}
	return n
}

var (
	sender = regexp.MustCompile(`[\p{Han}()]{2,20}?(?:银行|信用社|信用合作联社|农信联社|支付宝|财付通|微信支付)`)
	firm   = regexp.MustCompile(`[\p{Han}()]{2,30}(?:有限责任公司|有限公司|集团|公司)`)
	named  = regexp.MustCompile(`(?:公司|集团|银行|[分支商]行|营业部|商店|中心|厂)$`) // a value, as a rule
	seal   = regexp.MustCompile(`专用章|业务章|财务章|盖章`)
)

// form says how a paper's form is known again.
func form(ps []*piece, c Company) Form {
	var f Form
	top := math.Inf(1) // where the first label stands; of a form without one that is known, what stands below the title
	for _, x := range ps {
		if x.label != nil {
			top = min(top, x.box.y0)
		}
	}
	for _, x := range ps {
		if x.isTitle() && math.IsInf(top, 1) {
			top = x.box.y1
		}
	}
	seen := map[string]bool{}
	for _, x := range rows(ps) {
		s := Plain(x.words())
		if x.isTitle() && f.Title == "" {
			f.Title = s
		}
		if x.label == nil && f.Issuer == "" && (x.box.y0 < top || seal.MatchString(s)) {
			f.Issuer = issuer(s, c)
		}
		if x.isTitle() {
			continue
		}
		parts := []string{x.said}
		if x.label == nil {
			parts = strings.Fields(x.words())
		}
		for _, w := range parts {
			if w = Plain(w); wordy(w) && (x.label != nil || !named.MatchString(w)) {
				seen[w] = true
			}
		}
	}
	for w := range seen {
		f.Words = append(f.Words, w)
	}
	slices.Sort(f.Words)
	f.Words = f.Words[:min(len(f.Words), mostWords)]
	return f
}

func issuer(s string, c Company) string {
	if m := sender.FindString(s); m != "" {
		return m
	}
	if m := firm.FindString(s); m != "" && !strings.Contains(Plain(c.Name), m) && !strings.Contains(m, Plain(c.Name)+"公司") {
		return m
	}
	return ""
}

// Plain is a text without what differs from paper to paper: digits, and the marks around them.
func Plain(s string) string {
	return strings.Map(func(r rune) rune {
		if digit(r) || strings.ContainsRune(":;,.*·-/#¥_\"“”", r) {
			return -1
		}
		return r
	}, Fold(s))
}

// wordy says whether a text may be a form's own: short, of Han characters, and no amount in words.
func wordy(s string) bool {
	rs := []rune(s)
	return len(rs) >= 2 && len(rs) <= longLabel && unicode.Is(unicode.Han, rs[0]) && !upperIn.MatchString(s)
}

// rows gives pieces in reading order: by rows from the top, each from the left.
func rows(ps []*piece) []*piece {
	out := slices.Clone(ps)
	slices.SortStableFunc(out, func(a, b *piece) int { return cmpf(a.box.cy(), b.box.cy()) })
	for i := 0; i < len(out); {
		k := i + 1
		for k < len(out) && out[k].box.cy()-out[i].box.cy() < 0.6*out[i].em {
			k++
		}
		slices.SortStableFunc(out[i:k], func(a, b *piece) int { return cmpf(a.box.x0, b.box.x0) })
		i = k
	}
	return out
}
