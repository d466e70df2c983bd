package fold

import (
	"strings"
	"unicode"
)

// maxTokens bounds a record's full text: PostgreSQL's positions end at 16,383.
const maxTokens = 16_000

// Tokens cuts text into what full text keeps: of each Chinese run the overlapping pairs and the last character, every other run of letters and digits as
// one word. Numbers lose the commas between their digits.
func Tokens(s string) []string {
	var out []string
	for _, run := range runs(Text(s)) {
		if !run.han {
			out = append(out, cut(run.text))
		} else {
			rs := []rune(run.text)
			for i := range rs {
				out = append(out, string(rs[i:min(i+2, len(rs))]))
			}
		}
		if len(out) > maxTokens {
			return out[:maxTokens]
		}
	}
	return out
}

// A Word is one thing searched for: tokens that must stand in this order, the last as a prefix where Prefix is set.
type Word struct {
	Tokens []string
	Prefix bool
}

// Words cuts what a person typed into what must all be found: each Chinese run a phrase, each other run a prefix.
func Words(q string) []Word {
	var ws []Word
	for _, run := range runs(Text(q)) {
		switch rs := []rune(run.text); {
		case !run.han:
			ws = append(ws, Word{[]string{cut(run.text)}, true})
		case len(rs) == 1:
			ws = append(ws, Word{[]string{run.text}, true})
		default:
			var ts []string
			for i := 0; i+1 < len(rs); i++ {
				ts = append(ts, string(rs[i:i+2]))
			}
			ws = append(ws, Word{ts, false})
		}
		if len(ws) == 12 {
			break
		}
	}
	return ws
}

// Holds reports whether the tokens of a text satisfy every word, as full text would answer.
func Holds(tokens []string, words []Word) bool {
	for _, w := range words {
		if !w.in(tokens) {
			return false
		}
	}
	return true
}

func (w Word) in(tokens []string) bool {
	for i := 0; i+len(w.Tokens) <= len(tokens); i++ {
		ok := true
		for j, t := range w.Tokens {
			have := tokens[i+j]
			if have != t && !(w.Prefix && j == len(w.Tokens)-1 && strings.HasPrefix(have, t)) {
				ok = false
				break
			}
		}
		if ok {
			return true
		}
	}
	return false
}

// cut bounds one token's bytes, at a character.
func cut(s string) string {
	if len(s) <= 64 {
		return s
	}
	i := 64
	for i > 0 && s[i]&0xC0 == 0x80 {
		i--
	}
	return s[:i]
}

type run struct {
	text string
	han  bool
}

// runs splits folded text into Chinese runs and words. A comma between digits belongs to the number and is dropped.
func runs(s string) []run {
	var out []run
	rs := []rune(s)
	for i := 0; i < len(rs); {
		switch r := rs[i]; {
		case unicode.Is(unicode.Han, r):
			j := i
			for j < len(rs) && unicode.Is(unicode.Han, rs[j]) {
				j++
			}
			out = append(out, run{string(rs[i:j]), true})
			i = j
		case word(r):
			var b strings.Builder
			for ; i < len(rs) && (word(rs[i]) || rs[i] == ',' && i+1 < len(rs) && unicode.IsDigit(rs[i-1]) && unicode.IsDigit(rs[i+1])); i++ {
				if rs[i] != ',' {
					b.WriteRune(rs[i])
				}
			}
			out = append(out, run{b.String(), false})
		default:
			i++
		}
	}
	return out
}

func word(r rune) bool {
	return (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)) && !unicode.Is(unicode.Han, r)
}
