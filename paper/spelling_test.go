package paper_test

import (
	"strings"
	"testing"

	"guike/demo"
	"guike/paper"

	"pgregory.net/rapid"
)

// Whatever legal spelling a paper chooses, the capitals are the same number; the writer here is the generator's, not the reader's own.
func TestEverySpelling(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		fen := rapid.Int64Range(0, 99_999_999_999_99).Draw(t, "fen")
		s := demo.Upper(fen)
		pick := func(label string, ss ...string) string { return rapid.SampledFrom(ss).Draw(t, label) }
		if end := pick("end", "整", "正", ""); end != "整" {
			s = strings.TrimSuffix(s, "整") + map[bool]string{true: end}[strings.HasSuffix(s, "整")]
		}
		s = strings.ReplaceAll(s, "元", pick("yuan", "元", "圆", "圓"))
		if fen > 0 && rapid.Bool().Draw(t, "no zeros") {
			s = strings.ReplaceAll(s, "零", "")
		}
		if rapid.Bool().Draw(t, "variants") {
			s = strings.NewReplacer("贰", "貳", "陆", "陸", "万", "萬", "亿", "億", "叁", "叄", "零", "〇").Replace(s)
		}
		want := fen
		if fen > 0 && rapid.Bool().Draw(t, "red") {
			s, want = pick("minus", "负", "（负数）", "红字", "（红字）")+s, -fen
		}
		s = pick("head", "", "人民币", "人民币（大写）", "⊗", "（大写）") + s
		if got, err := paper.ParseUpper(s); err != nil || got != want {
			t.Fatalf("%s is %d (%v), want %d", s, got, err, want)
		}
	})
}

// On a form every place is filled in, zeros too.
func TestFormSpelling(t *testing.T) {
	for s, want := range map[string]int64{"零佰零拾壹万贰仟叁佰零拾零元零角零分": 12300_00, "零仟零佰零拾零万叁仟零佰伍拾零元壹角零分": 3050_10, "壹佰零拾伍元整": 105_00} {
		if got, err := paper.ParseUpper(s); err != nil || got != want {
			t.Errorf("%s is %d (%v), want %d", s, got, err, want)
		}
	}
	if got, err := paper.ParseUpper("壹仟零拾元整"); err == nil {
		t.Errorf("壹仟零拾元整 is %d, though nobody knows", got)
	}
}

// Nothing in a 大写 breaks the reader, and what it takes for an amount it takes again when written out.
func FuzzUpper(f *testing.F) {
	for _, s := range []string{"人民币壹佰元整", "负贰萬叁仟圆零伍分", "拾元", "零元整", "壹亿亿元", "⊗肆仟肆佰肆拾玖圆整"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		fen, err := paper.ParseUpper(s)
		if err != nil {
			return
		}
		if again, err := paper.ParseUpper(demo.Upper(fen)); err != nil || again != fen {
			t.Fatalf("%q is %d, written out %q is %d (%v)", s, fen, demo.Upper(fen), again, err)
		}
	})
}
