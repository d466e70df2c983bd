package ingest

import (
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// An edit says that b[B0:B1] stands where a[A0:A1] stood; Same that both are equal.
type edit struct {
	Same           bool
	A0, A1, B0, B1 int
}

// longestDiff is how long the fewest edits are looked for; after that what is found so far is said, and that the rest differs.
const longestDiff = time.Second

// diff answers the edits that make b of a, in order and without gaps: Myers' (An O(ND) Difference Algorithm, 1986), of a library that compares characters, to
// which each line or word is one.
func diff(a, b []string) []edit {
	known := map[string]rune{}
	as, bs := characters(a, known), characters(b, known)
	d := diffmatchpatch.New()
	d.DiffTimeout = longestDiff
	var out []edit
	i, j := 0, 0
	for _, x := range d.DiffMainRunes(as, bs, false) {
		n, same := utf8.RuneCountInString(x.Text), x.Type == diffmatchpatch.DiffEqual
		if len(out) == 0 || out[len(out)-1].Same != same {
			out = append(out, edit{same, i, i, j, j})
		}
		if x.Type != diffmatchpatch.DiffInsert {
			i += n
		}
		if x.Type != diffmatchpatch.DiffDelete {
			j += n
		}
		e := &out[len(out)-1]
		e.A1, e.B1 = i, j
	}
	return out
}

// characters names each text by a character of its own that UTF-8 can write; there is one for each of the lines that are compared (mostLines).
func characters(texts []string, known map[string]rune) []rune {
	out := make([]rune, len(texts))
	for i, s := range texts {
		r, ok := known[s]
		if !ok {
			if r = rune(len(known) + 1); r >= 0xd800 {
				r += 0x800 // the surrogates
			}
			known[s] = r
		}
		out[i] = known[s]
	}
	return out
}

// tokens parts a line into what is compared in it: a Han character, a figure with its marks, a word, a run of space.
func tokens(s string) []string {
	var out []string
	rs := []rune(s)
	for i := 0; i < len(rs); {
		j := i + 1
		switch r := rs[i]; {
		case unicode.IsDigit(r):
			for j < len(rs) && (unicode.IsDigit(rs[j]) || j+1 < len(rs) && unicode.IsDigit(rs[j+1]) && (rs[j] == '.' || rs[j] == ',' || rs[j] == '-' || rs[j] == '/' || rs[j] == ':')) {
				j++
			}
		case unicode.Is(unicode.Han, r):
		case unicode.IsLetter(r):
			for j < len(rs) && unicode.IsLetter(rs[j]) && !unicode.Is(unicode.Han, rs[j]) {
				j++
			}
		case unicode.IsSpace(r):
			for j < len(rs) && unicode.IsSpace(rs[j]) {
				j++
			}
		}
		out = append(out, string(rs[i:j]))
		i = j
	}
	return out
}
