package fold_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"guike/fold"

	"pgregory.net/rapid"
)

func TestFolds(t *testing.T) {
	for in, want := range map[string]string{"上海恒泰貿易": "上海恒泰贸易", "ＡＢＣ　１２": "abc 12", " a  b ": "a b", "臺灣": "台湾"} {
		if got := fold.Text(in); got != want {
			t.Errorf("Text(%q) = %q, want %q", in, got, want)
		}
	}
	if got := fold.Name("上海（恒泰） 有限-公司"); got != "上海恒泰有限公司" {
		t.Errorf("Name: %q", got)
	}
	if got := fold.Initials("上海恒泰"); got != "shht" {
		t.Errorf("Initials: %q", got)
	}
	if a, b := fold.SortKey("安捷"), fold.SortKey("百川"); a >= b {
		t.Errorf("安捷 (%q) should stand before 百川 (%q)", a, b)
	}
	if got := fold.Tokens("恒泰年费1,234.50"); !slices.Equal(got, []string{"恒泰", "泰年", "年费", "费", "1234", "50"}) {
		t.Errorf("Tokens: %q", got)
	}
}

// A text is found by any of its own pieces: the tokenizer that writes and the one that reads are twins.
func TestPiecesAreFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		alphabet := []rune("恒泰年费上海abC１2,.- 貿")
		s := string(rapid.SliceOfN(rapid.SampledFrom(alphabet), 1, 30).Draw(t, "text"))
		han := strings.FieldsFunc(fold.Text(s), func(r rune) bool { return r < 0x2e80 })
		for _, run := range han {
			rs := []rune(run)
			i := rapid.IntRange(0, len(rs)-1).Draw(t, "from")
			j := rapid.IntRange(i+1, len(rs)).Draw(t, "to")
			if q := string(rs[i:j]); !fold.Holds(fold.Tokens(s), fold.Words(q)) {
				t.Fatalf("%q is not found in %q", q, s)
			}
		}
		if f := fold.Text(s); !utf8.ValidString(f) || fold.Text(f) != f {
			t.Fatalf("folding %q twice differs", s)
		}
	})
}
