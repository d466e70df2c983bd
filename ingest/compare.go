package ingest

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"guike/paper"
	"guike/record"
)

const (
	mostLines   = 200_000 // of a text that are compared
	mostRows    = 4000    // of a comparison; the rest is said to be left out
	around      = 3       // equal lines shown on each side of what differs
	mostPairs   = 10_000  // of lines that are looked at for which became which
	mostTokens  = 2000    // of a line whose words are compared
	mostFigures = 40
)

// A Comparison says in what a later version of a document differs from an earlier one.
type Comparison struct {
	Facts   []FactChange
	Figures []FactChange // amounts, numbers and days that are others in a line that is alike
	Rows    []DiffRow
	Same    bool // the words are equal
	Cut     bool // not all of the words were compared, or shown
}

// A FactChange is a fact, or a figure of a line, that has another value.
type FactChange struct {
	Paper         int
	Name          string // a receipt's field; of a figure, what stands before it in its line
	Before, After string
}

// A DiffRow is a line of one text beside what it is in the other.
type DiffRow struct {
	Op          string // same, changed, gone, new; gap for lines left out
	A, B        int    // line numbers from 1; 0 where it is not there
	Left, Right []Span
	Lines       int // of a gap
}

// A Span is a part of a line; Hit where it is not in the other.
type Span struct {
	Text string `json:"text"`
	Hit  bool   `json:"hit"`
}

// Compare compares the words and facts of two versions of a document.
func (d *Desk) Compare(ctx context.Context, sc record.Scope, id record.ID, from, to int64) (Comparison, error) {
	var c Comparison
	var texts [2][]string
	var papers [2][]Filed
	for i, no := range []int64{from, to} {
		pages, st, err := d.Words(ctx, sc, id, no)
		if err != nil {
			return c, err
		}
		texts[i] = lines(pages)
		c.Cut = c.Cut || st.Cut
		papers[i] = slices.DeleteFunc(st.Papers, func(f Filed) bool { return f.Gone })
		for j, f := range papers[i] {
			if f.Said != nil {
				papers[i][j].Facts = f.Said
			}
		}
	}
	us, err := d.company(ctx)
	if err != nil {
		return c, err
	}
	c.Facts = factChanges(papers[0], papers[1], us, sc.Masked["receipt"])
	c.Same = slices.Equal(texts[0], texts[1])
	for i, t := range texts {
		if len(t) > mostLines {
			texts[i], c.Cut = t[:mostLines], true
		}
	}
	c.rows(texts[0], texts[1])
	return c, nil
}

// lines are a text's, without empty ones.
func lines(pages []string) []string {
	var out []string
	for _, p := range pages {
		for l := range strings.SplitSeq(p, "\n") {
			if l = strings.TrimRightFunc(l, unicode.IsSpace); l != "" {
				out = append(out, l)
			}
		}
	}
	return out
}

func factChanges(before, after []Filed, us paper.Company, masked []string) (out []FactChange) {
	ps := make([]paper.Paper, len(after))
	for i, f := range after {
		ps[i] = f.Paper
	}
	pairs, _ := pair(before, ps, us)
	for i, was := range pairs {
		if was != nil {
			out = append(out, changedFacts(was.Paper, ps[i], i+1, masked)...)
		}
	}
	return out
}

// Differs says in what a paper is otherwise than on file.
func (f *Filed) Differs(masked []string) []FactChange {
	if f.Was == nil || f.Gone {
		return nil
	}
	return changedFacts(f.Was.Paper, f.Paper, f.No, masked)
}

func changedFacts(a, b paper.Paper, no int, masked []string) (out []FactChange) {
	seen := map[string]bool{}
	for _, f := range append(slices.Clone(a.Facts), b.Facts...) {
		if !seen[f.Name] && a.Fact(f.Name) != b.Fact(f.Name) && !slices.Contains(masked, f.Name) {
			out = append(out, FactChange{no, f.Name, a.Fact(f.Name), b.Fact(f.Name)})
		}
		seen[f.Name] = true
	}
	return out
}

// rows lays two texts beside each other: what differs, and a few lines around it.
func (c *Comparison) rows(a, b []string) {
	edits := diff(a, b)
	for n, e := range edits {
		if len(c.Rows) >= mostRows {
			c.Cut = true
			return
		}
		if !e.Same {
			c.lay(a, b, e)
			continue
		}
		all := e.A1 - e.A0
		head, tail := around, around
		if n == 0 {
			head = 0
		}
		if n == len(edits)-1 {
			tail = 0
		}
		if all <= head+tail+1 {
			head, tail = all, 0
		}
		for i := range all {
			switch {
			case i < head || i >= all-tail:
				s := []Span{{Text: a[e.A0+i]}}
				c.Rows = append(c.Rows, DiffRow{Op: "same", A: e.A0 + i + 1, B: e.B0 + i + 1, Left: s, Right: s})
			case i == head:
				c.Rows = append(c.Rows, DiffRow{Op: "gap", A: e.A0 + i + 1, B: e.B0 + i + 1, Lines: all - head - tail})
			}
		}
	}
}

// lay lays lines that gave way to others beside those that they became, in order.
func (c *Comparison) lay(a, b []string, e edit) {
	j := e.B0
	gone := func(i int) {
		c.Rows = append(c.Rows, DiffRow{Op: "gone", A: i + 1, Left: []Span{{Text: a[i], Hit: true}}})
	}
	come := func(to int) {
		for ; j < to; j++ {
			c.Rows = append(c.Rows, DiffRow{Op: "new", B: j + 1, Right: []Span{{Text: b[j], Hit: true}}})
		}
	}
	pairing := (e.A1-e.A0)*(e.B1-e.B0) <= mostPairs
	for i := e.A0; i < e.A1; i++ {
		best := -1
		for k := j; pairing && k < e.B1; k++ {
			if related(a[i], b[k]) {
				best = k
				break
			}
		}
		if best < 0 {
			gone(i)
			continue
		}
		come(best)
		left, right := c.words(a[i], b[j])
		c.Rows = append(c.Rows, DiffRow{Op: "changed", A: i + 1, B: j + 1, Left: left, Right: right})
		j++
	}
	come(e.B1)
}

// related reports whether half of the shorter line's characters are in the other too, in whatever order: cheap, and enough to lay them side by side.
func related(a, b string) bool {
	count := map[rune]int{}
	n, m, both := 0, 0, 0
	for _, r := range a {
		if !unicode.IsSpace(r) {
			count[r]++
			n++
		}
	}
	for _, r := range b {
		if unicode.IsSpace(r) {
			continue
		}
		if m++; count[r] > 0 {
			count[r]--
			both++
		}
	}
	return 2*both >= max(1, min(n, m)) && 3*both >= max(n, m)
}

// words marks in two lines what the other does not have, and notes the figures among it.
func (c *Comparison) words(a, b string) (left, right []Span) {
	x, y := tokens(a), tokens(b)
	if len(x) > mostTokens || len(y) > mostTokens {
		return []Span{{a, true}}, []Span{{b, true}}
	}
	span := func(to []Span, ts []string, hit bool) []Span {
		if len(ts) == 0 {
			return to
		}
		return append(to, Span{strings.Join(ts, ""), hit})
	}
	for _, e := range diff(x, y) {
		left, right = span(left, x[e.A0:e.A1], !e.Same), span(right, y[e.B0:e.B1], !e.Same)
		was, now := strings.TrimSpace(strings.Join(x[e.A0:e.A1], "")), strings.TrimSpace(strings.Join(y[e.B0:e.B1], ""))
		if !e.Same && strings.ContainsFunc(was+" ", unicode.IsDigit) && strings.ContainsFunc(now, unicode.IsDigit) && len(c.Figures) < mostFigures {
			c.Figures = append(c.Figures, FactChange{Name: lead(strings.Join(x[:e.A0], "")), Before: paper.Clip(was, 500), After: paper.Clip(now, 500)})
		}
	}
	return left, right
}

// lead is the end of what stands before a figure: what it is a figure of.
func lead(s string) string {
	rs := []rune(strings.TrimSpace(s))
	if len(rs) > 24 {
		return "…" + string(rs[len(rs)-24:])
	}
	return string(rs)
}
