package record

import (
	"slices"
	"strings"
)

// A Loader finds the record a reference names, for hops; nil where there is none. Scope is part of the bound condition, not of the loader.
type Loader func(kind string, id ID) Record

// Eval is the reader in memory: whether the record's values satisfy the condition. values are by position, as Kind.Values gives them.
func (c *Cond) Eval(values []Value, load Loader) bool {
	switch c.Op {
	case True:
		return true
	case False:
		return false
	case And:
		for i := range c.Kids {
			if !c.Kids[i].Eval(values, load) {
				return false
			}
		}
		return true
	case Or:
		for i := range c.Kids {
			if c.Kids[i].Eval(values, load) {
				return true
			}
		}
		return false
	case Not:
		return !c.Kids[0].Eval(values, load)
	}
	v := Absent
	if c.Field.Pos < len(values) {
		v = values[c.Field.Pos]
	}
	if v.Null || c.Field.Textual() && v.S == "" {
		return false
	}
	if c.Currency != "" && v.S != c.Currency {
		return false
	}
	switch c.Op {
	case Present:
		return true
	case In:
		_, ok := slices.BinarySearchFunc(c.Set, v, func(a, b Value) int { return c.Field.compare(a, b) })
		return ok
	case Has:
		if c.Field.Type == Choices {
			for _, w := range v.Words() {
				if _, ok := slices.BinarySearchFunc(c.Set, w, func(a Value, w string) int { return strings.Compare(a.S, w) }); ok {
					return true
				}
			}
			return false
		}
		for _, n := range v.Numbers(true) {
			if _, ok := slices.BinarySearchFunc(c.Set, n, func(a Value, n int64) int { return int(min(max(a.N-n, -1), 1)) }); ok {
				return true
			}
		}
		return false
	case Range:
		if c.Lo != nil {
			if d := c.Field.compare(v, *c.Lo); d < 0 || d == 0 && c.LoX {
				return false
			}
		}
		if c.Hi != nil {
			if d := c.Field.compare(v, *c.Hi); d > 0 || d == 0 && c.HiX {
				return false
			}
		}
		return true
	case Contains:
		return strings.Contains(lowerASCII(v.S), c.Text)
	case Hop:
		r := load(c.Target.Name, ID(v.S))
		return r != nil && c.Sub.Eval(c.Target.Values(r), load)
	}
	return false
}

// compare orders two present values as both databases do: text by bytes, numbers by size, money by minor units (of one currency).
func (f *Field) compare(a, b Value) int {
	if f.Textual() {
		return strings.Compare(a.S, b.S)
	}
	if f.Type == Float {
		x, y := a.Float(), b.Float()
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	}
	switch {
	case a.N < b.N:
		return -1
	case a.N > b.N:
		return 1
	}
	return 0
}

// Compare orders values for sorting: empties last whatever the direction, money by currency first.
func (f *Field) Compare(a, b Value) int {
	if f.Type == MoneyType && a.S != b.S {
		return strings.Compare(a.S, b.S)
	}
	return f.compare(a, b)
}

// lowerASCII folds A–Z only: the only folding that Go, SQLite's lower() and PostgreSQL's lower(x COLLATE "C") share.
func lowerASCII(s string) string {
	for i := 0; i < len(s); i++ {
		if 'A' <= s[i] && s[i] <= 'Z' {
			b := []byte(s)
			for j := i; j < len(b); j++ {
				if 'A' <= b[j] && b[j] <= 'Z' {
					b[j] += 'a' - 'A'
				}
			}
			return string(b)
		}
	}
	return s
}
