package ingest

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// apply makes b of a by edits that say what stands where, and fails where they do not follow one another.
func apply(t interface{ Fatalf(string, ...any) }, a, b []string, edits []edit) (out []string) {
	i, j := 0, 0
	for _, e := range edits {
		if e.A0 != i || e.B0 != j || e.A1 < i || e.B1 < j {
			t.Fatalf("edits have a gap: %+v", edits)
		}
		i, j = e.A1, e.B1
		if e.Same {
			out = append(out, a[e.A0:e.A1]...)
		} else {
			out = append(out, b[e.B0:e.B1]...)
		}
	}
	if i != len(a) || j != len(b) {
		t.Fatalf("edits end at %d, %d of %d, %d", i, j, len(a), len(b))
	}
	return out
}

// What a diff says of two texts makes the later of the earlier; the fewest edits are found where few differ.
func TestDiffMakesTheOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SliceOfN(rapid.SampledFrom([]string{"甲", "乙", "丙", "丁", "戊", "己", "庚", "a", "b", "12.5"}), 0, 60)
		a, b := text.Draw(t, "a"), text.Draw(t, "b")
		edits := diff(a, b)
		if got := apply(t, a, b, edits); !slices.Equal(got, b) {
			t.Fatalf("%v instead of %v by %+v", got, b, edits)
		}
		for n, e := range edits {
			if e.Same && !slices.Equal(a[e.A0:e.A1], b[e.B0:e.B1]) || n > 0 && e.Same == edits[n-1].Same {
				t.Fatalf("edits %+v", edits)
			}
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		if strings.Join(tokens(s), "") != string([]rune(s)) {
			t.Fatalf("tokens of %q lose something", s)
		}
	})
}

// One line taken out, one put in and one changed are found as such, whatever the length; two texts that have nothing in common end soon.
func TestDiffFindsLittle(t *testing.T) {
	var a []string
	for i := range 30_000 {
		a = append(a, strings.Repeat("行", i%7+1))
	}
	b := slices.Concat(a[:10_000], a[10_001:20_000], []string{"新的一行"}, a[20_000:])
	changed := 0
	for _, e := range diff(a, b) {
		if !e.Same {
			changed += e.A1 - e.A0 + e.B1 - e.B0
		}
	}
	if changed != 2 {
		t.Errorf("%d lines differ instead of 2", changed)
	}
	var x, y []string
	for i := range 40_000 {
		x, y = append(x, strings.Repeat("x", i%5+1)), append(y, strings.Repeat("y", i%5+1))
	}
	if es := diff(x, y); len(es) != 1 || es[0].Same {
		t.Errorf("nothing in common: %d edits", len(es))
	}
}

// Words that differ are marked in lines that are alike, the figures among them named.
func TestCompareMarksWords(t *testing.T) {
	var c Comparison
	c.rows([]string{"甲方：归客", "合同金额 120,000.00 元整", "付款日 2026-01-31", "末行"}, []string{"甲方：归客", "合同金额 135,000.00 元整", "新增条款", "付款日 2026-02-28", "末行"})
	var ops []string
	for _, r := range c.Rows {
		ops = append(ops, r.Op)
	}
	if got := strings.Join(ops, " "); got != "same changed new changed same" {
		t.Fatalf("rows: %s", got)
	}
	want := []FactChange{{Name: "合同金额", Before: "120,000.00", After: "135,000.00"}, {Name: "付款日", Before: "2026-01-31", After: "2026-02-28"}}
	if !slices.Equal(c.Figures, want) {
		t.Errorf("figures: %+v", c.Figures)
	}
	if l := c.Rows[1].Left; len(l) != 3 || l[1] != (Span{"120,000.00", true}) || l[0].Hit {
		t.Errorf("left: %+v", l)
	}
}

func FuzzDiff(f *testing.F) {
	f.Add("a\nb\nc", "a\nc\nd")
	f.Fuzz(func(t *testing.T, a, b string) {
		x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
		if got := apply(t, x, y, diff(x, y)); !slices.Equal(got, y) {
			t.Fatalf("%q instead of %q", got, y)
		}
		p, q := tokens(a), tokens(b)
		if got := apply(t, p, q, diff(p, q)); !slices.Equal(got, q) {
			t.Fatalf("%q instead of %q", got, q)
		}
	})
}
