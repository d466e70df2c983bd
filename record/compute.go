package record

import (
	"fmt"
	"math"
	"strconv"
)

// check finds the sort of a formula's result before any record is seen.
func (n node) check(k *Kind) (sort, error) {
	kids := make([]sort, len(n.kids))
	for i, kid := range n.kids {
		var err error
		if kids[i], err = kid.check(k); err != nil {
			return 0, err
		}
	}
	fits := func(got, want sort) bool { return got == want || got == sortAny || want == sortAny }
	both := func(want sort) (sort, error) {
		for _, s := range kids {
			if !fits(s, want) {
				return 0, fmt.Errorf("error.formula_operand|%s, %s", s, want)
			}
		}
		return want, nil
	}
	switch n.op {
	case "number":
		return sortNumber, nil
	case "text":
		return sortText, nil
	case "field":
		f := k.Field(n.s)
		if f == nil {
			return 0, fmt.Errorf("error.formula_field|%s", n.s)
		}
		s, ok := sortOf(f.Type)
		if !ok {
			return 0, fmt.Errorf("error.formula_not_usable|%s", n.s)
		}
		return s, nil
	case "or", "and", "not":
		return both(sortBool)
	case "&":
		return sortText, nil
	case "neg":
		if kids[0] == sortMoney {
			return sortMoney, nil
		}
		return both(sortNumber)
	case "=", "!=", "<", "<=", ">", ">=":
		if !fits(kids[0], kids[1]) {
			return 0, fmt.Errorf("error.formula_operand|%s, %s", kids[0], kids[1])
		}
		return sortBool, nil
	case "+", "-":
		if kids[0] == sortMoney || kids[1] == sortMoney {
			return both(sortMoney)
		}
		return both(sortNumber)
	case "*":
		if (kids[0] == sortMoney) != (kids[1] == sortMoney) && (fits(kids[0], sortNumber) || fits(kids[1], sortNumber)) {
			return sortMoney, nil
		}
		return both(sortNumber)
	case "/":
		if kids[0] == sortMoney && kids[1] == sortMoney {
			return sortNumber, nil
		}
		if kids[0] == sortMoney && fits(kids[1], sortNumber) {
			return sortMoney, nil
		}
		return both(sortNumber)
	}
	name := n.op[:len(n.op)-1]
	f := functions[name]
	if len(kids) < len(f.in) || len(kids) > len(f.in) && !f.more {
		return 0, fmt.Errorf("error.formula_operands|%s, %d", name, len(f.in))
	}
	for i, s := range kids {
		if want := f.in[min(i, len(f.in)-1)]; !fits(s, want) {
			return 0, fmt.Errorf("error.formula_operand|%s, %s", s, want)
		}
	}
	if f.out != sortAny {
		return f.out, nil
	}
	// if and coalesce: all results are of one sort.
	from, out := map[string]int{"if": 1}[name], sortAny
	for _, s := range kids[from:] {
		if !fits(s, out) {
			return 0, fmt.Errorf("error.formula_operand|%s, %s", out, s)
		}
		if out == sortAny {
			out = s
		}
	}
	return out, nil
}

var absent = operand{}

// eval computes the node over a record's values.
func (n node) eval(k *Kind, vs []Value) operand {
	switch n.op {
	case "number":
		return num(n.n)
	case "text":
		return operand{sort: sortText, s: n.s}
	case "field":
		i, ok := k.byName[n.s]
		if !ok {
			return absent // retired since
		}
		return operandOf(&k.Fields[i], vs[i])
	case "and":
		return yes(n.kids[0].eval(k, vs).n == 1 && n.kids[1].eval(k, vs).n == 1)
	case "or":
		return yes(n.kids[0].eval(k, vs).n == 1 || n.kids[1].eval(k, vs).n == 1)
	case "not":
		return yes(n.kids[0].eval(k, vs).n != 1)
	case "if(":
		if n.kids[0].eval(k, vs).n == 1 {
			return n.kids[1].eval(k, vs)
		}
		return n.kids[2].eval(k, vs)
	case "coalesce(":
		for _, kid := range n.kids {
			if o := kid.eval(k, vs); o.sort != sortAny {
				return o
			}
		}
		return absent
	}
	in := make([]operand, len(n.kids))
	for i, kid := range n.kids {
		in[i] = kid.eval(k, vs)
	}
	if n.op == "&" {
		return operand{sort: sortText, s: in[0].text() + in[1].text()}
	}
	for _, o := range in {
		if o.sort == sortAny {
			switch n.op {
			case "=", "!=", "<", "<=", ">", ">=":
				return yes(false)
			}
			return absent
		}
	}
	if n.op[len(n.op)-1] == '(' {
		return functions[n.op[:len(n.op)-1]].do(in)
	}
	return calculate(n.op, in)
}

func calculate(op string, in []operand) operand {
	a := in[0]
	if op == "neg" {
		a.n = -a.n
		return a
	}
	b := in[1]
	money := a.sort == sortMoney && b.sort == sortMoney
	if money && a.s != b.s && op != "=" && op != "!=" {
		return absent // two currencies have no sum, no order and no ratio
	}
	switch op {
	case "+":
		a.n += b.n
	case "-":
		a.n -= b.n
	case "*":
		if b.sort == sortMoney {
			a, b = b, a
		}
		a.n *= b.n
	case "/":
		if b.n == 0 {
			return absent
		}
		a.n /= b.n
		if money {
			return num(a.n)
		}
	default:
		return compareOperands(op, a, b)
	}
	if a.sort == sortMoney {
		a.n = math.Round(a.n)
	}
	return a
}

func compareOperands(op string, a, b operand) operand {
	d := byNumber(a, b)
	if a.sort == sortText || a.sort == sortDate || a.sort == sortMoney && d == 0 {
		switch {
		case a.s < b.s:
			d = -1
		case a.s > b.s:
			d = 1
		}
	}
	return yes(map[string]bool{"=": d == 0, "!=": d != 0, "<": d < 0, "<=": d <= 0, ">": d > 0, ">=": d >= 0}[op])
}

func operandOf(f *Field, v Value) operand {
	s, ok := sortOf(f.Type)
	if !ok || v.Null {
		return absent
	}
	switch {
	case f.Type == Float:
		return num(v.Float())
	case f.Textual():
		return operand{sort: s, s: v.S}
	}
	return operand{sort: s, n: float64(v.N), s: v.S}
}

func (o operand) text() string {
	switch o.sort {
	case sortNumber:
		return strconv.FormatFloat(o.n, 'f', -1, 64)
	case sortMoney:
		return Money{int64(o.n), o.s}.Decimal()
	case sortBool:
		return strconv.FormatBool(o.n == 1)
	}
	return o.s
}

// value is the operand as a field of the type keeps it; absent where it does not fit: too large, not finite.
func (o operand) value(f *Field) Value {
	if o.sort == sortAny || math.IsNaN(o.n) || math.Abs(o.n) > maxWhole {
		return Absent
	}
	switch f.Type {
	case Int:
		return NumberValue(int64(math.Round(o.n)))
	case Float:
		return FloatValue(o.n)
	case MoneyType:
		return Value{N: int64(math.Round(o.n)), S: o.s}
	case Bool, Time_:
		return NumberValue(int64(o.n))
	}
	v, err := f.Check(TextValue(o.text()))
	if err != nil {
		return Absent
	}
	return v
}

// Compute fills the computed fields of a record's values, which it changes.
func (k *Kind) Compute(vs []Value) {
	for _, pos := range k.Computed {
		f := &k.Fields[pos]
		vs[pos] = f.Formula.root.eval(k, vs).value(f)
	}
}

// computeOrder puts a kind's computed fields after those they read. Fields in a circle are left out: ParseFormula's caller refuses to make one.
func computeOrder(k *Kind) []int {
	var out []int
	state := map[int]int{} // 1: on the way, 2: done, 3: in a circle
	var visit func(i int) bool
	visit = func(i int) bool {
		f := &k.Fields[i]
		if f.Formula == nil || f.Retired || state[i] == 2 {
			return true
		}
		if state[i] != 0 {
			return false
		}
		state[i] = 1
		for _, name := range f.Formula.Reads {
			if j, ok := k.byName[name]; ok && !visit(j) {
				state[i] = 3
				return false
			}
		}
		state[i] = 2
		out = append(out, i)
		return true
	}
	for i := range k.Fields {
		visit(i)
	}
	return out
}

// Circular reports whether a kind's computed fields read each other in a circle.
func (k *Kind) Circular() bool {
	n := 0
	for i := range k.Fields {
		if k.Fields[i].Formula != nil && !k.Fields[i].Retired {
			n++
		}
	}
	return n != len(k.Computed)
}
