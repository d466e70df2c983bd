package paper

import "testing"

// An amount is taken whole or not at all: one whose point was not made out is no amount.
func TestAmount(t *testing.T) {
	for text, want := range map[string]string{
		"¥1.55": "1.55", "1,055.00": "1055.00", "CNY 155": "155.00", "（小写）￥12.30元": "12.30", "-8.00": "-8.00", "(8.00)": "-8.00", "¥1 055.00": "1055.00",
		"¥1 55": "", "1,234 56": "", "12.3.4": "", "": "", "壹元": "",
	} {
		if got, ok := value("amount", text); got != want || ok != (want != "") {
			t.Errorf("%q is %q %v, want %q", text, got, ok, want)
		}
	}
}
