package record

import (
	"strings"
	"testing"
)

type thing struct {
	Base
	A, B  int64
	X     float64
	P, Q  Money
	Name  string
	D, E  Date
	Flag  bool
	Level string
}

func (*thing) Kind() string      { return "thing" }
func (t *thing) Heading() string { return t.Name }
func (t *thing) Fields(f *Fields) {
	t.Base.Fields(f)
	f.Int("a", &t.A)
	f.Int("b", &t.B)
	f.Float("x", &t.X)
	f.Money("p", &t.P)
	f.Money("q", &t.Q)
	f.Text("name", &t.Name)
	f.Date("d", &t.D)
	f.Date("e", &t.E)
	f.Bool("flag", &t.Flag)
	f.Choice("level", &t.Level, "vip", "plain")
}

func TestFormula(t *testing.T) {
	k := NewKind("things", "thg", func() Record { return new(thing) })
	r := &thing{A: 7, B: 2, X: 0.25, P: Money{1050, "CNY"}, Q: Money{300, "USD"}, Name: "张三 Ltd", D: "2026-01-31", E: "2026-03-01", Flag: true, Level: "vip"}
	vs := k.Values(r)
	for _, c := range []struct {
		src    string
		result Type
		want   Value
	}{
		{"a + b * 2", Int, NumberValue(11)},
		{"(a + b) * 2", Int, NumberValue(18)},
		{"a / b", Float, FloatValue(3.5)},
		{"a / (b - 2)", Float, Absent},
		{"-a - -b", Int, NumberValue(-5)},
		{"p * 3", MoneyType, MoneyValue(Money{3150, "CNY"})},
		{"x * p", MoneyType, MoneyValue(Money{263, "CNY"})}, // 2.625 rounds away from zero
		{"p + q", MoneyType, Absent},
		{"amount(p) + 0.5", Float, FloatValue(11)},
		{"p / p", Float, FloatValue(1)},
		{"name & '-' & a", Text, TextValue("张三 Ltd-7")},
		{"left(name, 2)", Text, TextValue("张三")},
		{"right(name, 99)", Text, TextValue("张三 Ltd")},
		{"length(name)", Int, NumberValue(6)},
		{"contains(name, 'LTD')", Bool, NumberValue(1)},
		{"days(d, e)", Int, NumberValue(29)},
		{"year(d) * 100 + quarter(e)", Int, NumberValue(202601)},
		{"if(level = 'vip' and not (a < b), p, p * 2)", MoneyType, MoneyValue(Money{1050, "CNY"})},
		{"if(p > q or p = q, 'x', 'y')", Text, TextValue("y")}, // of two currencies
		{"max(a, b, 9)", Int, NumberValue(9)},
		{"round(x * 3, 1)", Float, FloatValue(0.8)},
		{"flag", Bool, NumberValue(1)},
		{"a = 7", Bool, NumberValue(1)},
		{"'a''", Text, Value{S: "?"}}, {"a +", Int, Value{S: "?"}}, {"(a", Int, Value{S: "?"}}, {"nosuch", Int, Value{S: "?"}}, {"f(a)", Int, Value{S: "?"}}, {"a & b", Int, Value{S: "?"}},
		{"p + a", MoneyType, Value{S: "?"}}, {"if(a, b, b)", Int, Value{S: "?"}}, {"if(flag, a, name)", Int, Value{S: "?"}}, {"a b", Int, Value{S: "?"}}, {"owner", Text, Value{S: "?"}},
		{"年", Int, Value{S: "?"}}, {strings.Repeat("(", 900), Int, Value{S: "?"}}, {"round(a)", Int, Value{S: "?"}}, {"d = 'x'", Bool, Value{S: "?"}},
	} {
		f, err := ParseFormula(c.src, k, c.result)
		if c.want.S == "?" {
			if err == nil {
				t.Errorf("%.40s: no error", c.src)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.src, err)
			continue
		}
		fd := &Field{Type: c.result}
		if got := f.root.eval(k, vs).value(fd); got != c.want {
			t.Errorf("%s = %+v, want %+v", c.src, got, c.want)
		}
	}
	empty := k.Values(&thing{})
	for _, src := range []string{"p * 3", "days(d, e)", "coalesce(d, e)"} {
		f, err := ParseFormula(src, k, map[string]Type{"p * 3": MoneyType, "days(d, e)": Int, "coalesce(d, e)": Date_}[src])
		if err != nil {
			t.Fatal(err)
		}
		if got := f.root.eval(k, empty).value(&Field{Type: Int}); !got.Null {
			t.Errorf("%s of nothing = %+v", src, got)
		}
	}
}

// Computed fields are computed after those that they read, and a circle is noticed.
func TestComputeOrder(t *testing.T) {
	k := NewKind("things", "thg", func() Record { return new(thing) })
	with := func(formulas ...string) *Kind {
		fs := make([]Field, len(formulas))
		for i := range formulas {
			fs[i] = Field{Name: "x_" + string(rune('a'+i)), Type: Int}
		}
		wide := k.With(fs)
		for i, src := range formulas {
			f, err := ParseFormula(src, wide, Int)
			if err != nil {
				t.Fatal(err)
			}
			fs[i].Formula = f
		}
		return k.With(fs)
	}
	w := with("x_b + 1", "x_c + 1", "a + 1")
	vs := w.Values(&thing{A: 1})
	w.Compute(vs)
	if vs[w.Static].N != 4 || w.Circular() {
		t.Errorf("x_a = %+v", vs[w.Static])
	}
	if !with("x_b + 1", "x_a + 1", "a").Circular() {
		t.Error("a circle went unnoticed")
	}
}
