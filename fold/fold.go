// Package fold says when two texts are the same for comparing, in what order they stand, and by which tokens they are found. Go alone does it, once,
// at write; both databases keep the results as bytes. It is not a translator: one character becomes one character.
package fold

import (
	"strings"
	"sync"
	"sync/atomic"
	"unicode"

	"github.com/mozillazg/go-pinyin"
	"golang.org/x/text/unicode/norm"
)

var toSimplified = sync.OnceValue(func() map[rune]rune {
	to := []rune(simplified)
	m := make(map[rune]rune, len(to))
	i := 0
	for _, r := range traditional {
		m[r] = to[i]
		i++
	}
	return m
})

// Text folds for comparing: NFKC (full width → half), traditional → simplified, lower case, runs of space to one.
func Text(s string) string {
	if ascii(s) {
		return strings.Join(strings.Fields(strings.ToLower(s)), " ")
	}
	m := toSimplified()
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFKC.String(s) {
		if t, ok := m[r]; ok {
			r = t
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// Name folds a person's or company's name for matching: Text without spaces and punctuation.
func Name(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, Text(s))
}

func ascii(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

var plain = pinyin.NewArgs()

// spoken remembers syllables: names are made of few characters, and finding one's costs more than the rest of folding it.
var spoken [0x9FFF - 0x4E00 + 1]atomic.Pointer[string]

func syllable(r rune) string {
	if r < 0x4E00 || r > 0x9FFF {
		return sound(r)
	}
	have := &spoken[r-0x4E00]
	if s := have.Load(); s != nil {
		return *s
	}
	s := sound(r)
	have.Store(&s)
	return s
}

func sound(r rune) string {
	if py := pinyin.SinglePinyin(r, plain); len(py) > 0 {
		return py[0]
	}
	return ""
}

// SortKey is the text by whose bytes names are ordered: pinyin for Chinese, each syllable followed by its character so that different characters of one
// sound stay together; other text folded. Cut to 120 bytes, at a character.
func SortKey(s string) string {
	var b strings.Builder
	for _, r := range Text(s) {
		if py := syllable(r); py != "" {
			b.WriteString(py)
			b.WriteByte(' ')
			b.WriteRune(r)
		} else {
			b.WriteRune(r)
		}
		if b.Len() > 120 {
			break
		}
	}
	return b.String()
}

// Initials are the first letters of a name's syllables: 上海恒泰 → shht. "" where the name holds no Chinese.
func Initials(s string) string {
	var b strings.Builder
	han := false
	for _, r := range Text(s) {
		if py := syllable(r); py != "" {
			b.WriteByte(py[0])
			han = true
		} else if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(r)
		}
	}
	if !han {
		return ""
	}
	return b.String()
}

// Sound is a text's pinyin, syllables joined, with what is not Chinese as it is: 设备 A1 → shebei a1.
func Sound(s string) string {
	var b strings.Builder
	for _, r := range Text(s) {
		if py := syllable(r); py != "" {
			b.WriteString(py)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}
