package record

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// A Formula computes a field from others of the same record, at each write; its value is kept like any other, so that it is filtered, sorted and found.
// It knows no clock and no other record, hence the same values always give the same result.
//
//	expr     = and { "or" and } ;   and = cmp { "and" cmp }
//	cmp      = sum [ ("=" | "!=" | "<" | "<=" | ">" | ">=") sum ]
//	sum      = product { ("+" | "-" | "&") product } ;   product = unary { ("*" | "/") unary }
//	unary    = [ "-" | "not" ] ( number | 'text' | field | name "(" [ expr { "," expr } ] ")" | "(" expr ")" )
//
// An absent operand makes arithmetic absent and a comparison false; & and coalesce pass over it. Money is added to money of its currency and multiplied by
// numbers, rounded half away from zero to the minor unit.
type Formula struct {
	Source string
	Reads  []string // fields, each once
	root   node
}

// A sort of value inside a formula.
type sort int

const (
	sortAny sort = iota // absent
	sortNumber
	sortMoney
	sortText
	sortDate
	sortTime
	sortBool
)

// operand is a value inside a formula. Money keeps minor units in n and its currency in s; a time its microseconds in n.
type operand struct {
	sort sort
	n    float64
	s    string
}

type node struct {
	op   string // "number", "text", "field", an operator, or "name("
	n    float64
	s    string
	kids []node
}

const maxFormula = 2000

// ParseFormula reads a formula over a kind's fields and checks that its result may stand in a field of a type. Errors are locale keys, with what they speak of behind a |.
func ParseFormula(src string, k *Kind, result Type) (*Formula, error) {
	if len(src) > maxFormula {
		return nil, errors.New("error.too_long")
	}
	p := parser{src: src, kind: k}
	p.next()
	root, err := p.expr(0)
	if err != nil {
		return nil, err
	}
	if p.tok != "" {
		return nil, fmt.Errorf("error.formula_unexpected|%s", p.tok)
	}
	f := &Formula{Source: src, root: root, Reads: p.reads}
	slices.Sort(f.Reads)
	f.Reads = slices.Compact(f.Reads)
	got, err := root.check(k)
	if err != nil {
		return nil, err
	}
	want := map[Type][]sort{Int: {sortNumber}, Float: {sortNumber}, MoneyType: {sortMoney}, Text: {sortText, sortNumber, sortDate}, Date_: {sortDate}, Bool: {sortBool}, Time_: {sortTime}}[result]
	if want == nil {
		return nil, fmt.Errorf("error.formula_type|%s", result)
	}
	if got != sortAny && !slices.Contains(want, got) {
		return nil, fmt.Errorf("error.formula_result|%s, %s", got, want[0])
	}
	return f, nil
}

func (s sort) String() string {
	return [...]string{"-", "number", "money", "text", "date", "time", "bool"}[s]
}

func sortOf(t Type) (sort, bool) {
	switch t {
	case Int, Float:
		return sortNumber, true
	case MoneyType:
		return sortMoney, true
	case Date_:
		return sortDate, true
	case Time_:
		return sortTime, true
	case Bool:
		return sortBool, true
	case Text, Long, Phone, Email, URL, Choice:
		return sortText, true
	}
	return sortAny, false
}

type parser struct {
	src   string
	at    int
	tok   string
	kind  *Kind
	reads []string
	depth int
}

// next reads a token: a number, 'text' with its quote in front, a name, or a sign.
func (p *parser) next() {
	for p.at < len(p.src) && (p.src[p.at] == ' ' || p.src[p.at] == '\n' || p.src[p.at] == '\t') {
		p.at++
	}
	from := p.at
	if from == len(p.src) {
		p.tok = ""
		return
	}
	switch c := p.src[from]; {
	case c == '\'' || c == '"':
		end := strings.IndexByte(p.src[from+1:], c)
		if end < 0 {
			p.tok, p.at = p.src[from:], len(p.src)
			return
		}
		p.at = from + end + 2
		p.tok = "'" + p.src[from+1:p.at-1]
		return
	case c >= '0' && c <= '9':
		for p.at < len(p.src) && (p.src[p.at] >= '0' && p.src[p.at] <= '9' || p.src[p.at] == '.') {
			p.at++
		}
	case c == '_' || unicode.IsLetter(rune(c)):
		for p.at < len(p.src) && (p.src[p.at] == '_' || p.src[p.at] >= '0' && p.src[p.at] <= '9' || p.src[p.at] < 128 && unicode.IsLetter(rune(p.src[p.at]))) {
			p.at++
		}
		if p.at == from {
			p.at++
		}
	default:
		p.at++
		if two := p.src[from:min(from+2, len(p.src))]; two == "<=" || two == ">=" || two == "!=" {
			p.at++
		}
	}
	p.tok = p.src[from:p.at]
}

var levels = [][]string{{"or"}, {"and"}, {"=", "!=", "<", "<=", ">", ">="}, {"+", "-", "&"}, {"*", "/"}}

func (p *parser) expr(level int) (node, error) {
	if p.depth++; p.depth > 300 {
		return node{}, errors.New("error.formula_deep")
	}
	defer func() { p.depth-- }()
	if level == len(levels) {
		return p.unary()
	}
	left, err := p.expr(level + 1)
	for err == nil && slices.Contains(levels[level], p.tok) {
		op := p.tok
		p.next()
		var right node
		if right, err = p.expr(level + 1); err == nil {
			left = node{op: op, kids: []node{left, right}}
		}
	}
	return left, err
}

func (p *parser) unary() (node, error) {
	tok := p.tok
	switch {
	case tok == "":
		return node{}, errors.New("error.formula_end")
	case tok == "-" || tok == "not":
		p.next()
		kid, err := p.unary()
		return node{op: map[string]string{"-": "neg", "not": "not"}[tok], kids: []node{kid}}, err
	case tok == "(":
		p.next()
		kid, err := p.expr(0)
		if err == nil && p.tok != ")" {
			err = errors.New("error.formula_bracket")
		}
		p.next()
		return kid, err
	case tok[0] == '\'':
		p.next()
		return node{op: "text", s: tok[1:]}, nil
	case tok[0] >= '0' && tok[0] <= '9':
		n, err := strconv.ParseFloat(tok, 64)
		if err != nil {
			return node{}, fmt.Errorf("error.formula_unexpected|%s", tok)
		}
		p.next()
		return node{op: "number", n: n}, nil
	case tok[0] != '_' && !unicode.IsLetter(rune(tok[0])):
		return node{}, fmt.Errorf("error.formula_unexpected|%s", tok)
	}
	p.next()
	if p.tok != "(" {
		p.reads = append(p.reads, tok)
		return node{op: "field", s: tok}, nil
	}
	if _, ok := functions[tok]; !ok {
		return node{}, fmt.Errorf("error.formula_function|%s", tok)
	}
	out := node{op: tok + "("}
	p.next()
	for p.tok != ")" {
		kid, err := p.expr(0)
		if err != nil {
			return node{}, err
		}
		out.kids = append(out.kids, kid)
		if p.tok == "," {
			p.next()
		} else if p.tok != ")" {
			return node{}, errors.New("error.formula_bracket")
		}
	}
	p.next()
	return out, nil
}

// A function's operands by sort, and what it answers. The last may come again where more is set; sortAny takes all.
type function struct {
	in   []sort
	more bool
	out  sort // sortAny: what its last operand is
	do   func([]operand) operand
}

func num(n float64) operand { return operand{sort: sortNumber, n: n} }

func yes(b bool) operand {
	if b {
		return operand{sort: sortBool, n: 1}
	}
	return operand{sort: sortBool}
}

func dayPart(part func(time.Time) int) function {
	return function{in: []sort{sortDate}, out: sortNumber, do: func(a []operand) operand { return num(float64(part(day(a[0])))) }}
}

func day(o operand) time.Time {
	t, err := time.Parse(time.DateOnly, o.s)
	if err != nil {
		return time.Time{} // a Date field holds valid days only
	}
	return t
}

var functions = map[string]function{
	"if":       {in: []sort{sortBool, sortAny, sortAny}},
	"coalesce": {in: []sort{sortAny}, more: true},
	"round": {in: []sort{sortNumber, sortNumber}, out: sortNumber, do: func(a []operand) operand {
		scale := math.Pow10(int(math.Max(-12, math.Min(12, a[1].n))))
		return num(math.Round(a[0].n*scale) / scale)
	}},
	"abs":     {in: []sort{sortNumber}, out: sortNumber, do: func(a []operand) operand { return num(math.Abs(a[0].n)) }},
	"min":     {in: []sort{sortNumber}, more: true, out: sortNumber, do: func(a []operand) operand { return num(slices.MinFunc(a, byNumber).n) }},
	"max":     {in: []sort{sortNumber}, more: true, out: sortNumber, do: func(a []operand) operand { return num(slices.MaxFunc(a, byNumber).n) }},
	"amount":  {in: []sort{sortMoney}, out: sortNumber, do: func(a []operand) operand { return num(a[0].n / math.Pow10(Exponent(a[0].s))) }},
	"days":    {in: []sort{sortDate, sortDate}, out: sortNumber, do: func(a []operand) operand { return num(day(a[1]).Sub(day(a[0])).Hours() / 24) }},
	"year":    dayPart(time.Time.Year),
	"quarter": dayPart(func(t time.Time) int { return (int(t.Month()) + 2) / 3 }),
	"month":   dayPart(func(t time.Time) int { return int(t.Month()) }),
	"day":     dayPart(time.Time.Day),
	"length":  {in: []sort{sortText}, out: sortNumber, do: func(a []operand) operand { return num(float64(len([]rune(a[0].s)))) }},
	"left": {in: []sort{sortText, sortNumber}, out: sortText, do: func(a []operand) operand {
		rs := []rune(a[0].s)
		return operand{sort: sortText, s: string(rs[:int(math.Max(0, math.Min(a[1].n, float64(len(rs)))))])}
	}},
	"right": {in: []sort{sortText, sortNumber}, out: sortText, do: func(a []operand) operand {
		rs := []rune(a[0].s)
		return operand{sort: sortText, s: string(rs[len(rs)-int(math.Max(0, math.Min(a[1].n, float64(len(rs))))):])}
	}},
	"contains": {in: []sort{sortText, sortText}, out: sortBool, do: func(a []operand) operand { return yes(strings.Contains(lowerASCII(a[0].s), lowerASCII(a[1].s))) }},
}

func byNumber(a, b operand) int {
	switch {
	case a.n < b.n:
		return -1
	case a.n > b.n:
		return 1
	}
	return 0
}
