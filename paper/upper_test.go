package paper

import (
	"testing"

	"pgregory.net/rapid"
)

func TestUpperRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(-999_999_999_999_99, 999_999_999_999_99).Draw(t, "fen")
		got, err := ParseUpper(FormatUpper(n))
		if err != nil || got != n {
			t.Fatalf("%d → %s → %d, %v", n, FormatUpper(n), got, err)
		}
	})
}

func TestParseUpper(t *testing.T) {
	for s, want := range map[string]int64{
		"人民币贰拾陆万玖仟伍佰元整": 26950000, "壹佰圆正": 10000, "壹佰元": 10000, "拾元整": 1000, "壹万零伍元": 1000500, "壹万伍元": 1000500, "壹仟零伍元零叁分": 100503, "壹仟零伍元叁分": 100503, "伍角": 50, "零元整": 0, "零元伍角整": 50,
		"负壹佰元整": -10000, "(负数)壹佰元整": -10000, "壹亿元整": 1_0000_0000_00, "壹亿零壹万元": 1_0001_0000_00, "人民币（大写）：叁拾元伍角": 3050, "壹拾万零柒仟元零伍角叁分": 10700053, "⊗肆仟肆佰肆拾玖圆整": 444900, "貳萬元整": 2000000, "壹万亿元整": 1_0000_0000_0000_00,
		"伍拾元零角零分": 5000, "壹角整": 10,
	} {
		if got, err := ParseUpper(s); err != nil || got != want {
			t.Errorf("%s = %d, %v; want %d", s, got, err, want)
		}
	}
	for _, s := range []string{"", "元整", "壹贰元", "壹佰", "拾佰元", "壹佰仟元", "壹元元", "壹角壹角", "甲乙元整", "壹佰元伍", "万元整", "壹佰元叁分贰角", "12元"} {
		if got, err := ParseUpper(s); err == nil {
			t.Errorf("%q = %d, want an error", s, got)
		}
	}
}
