package record

import (
	"slices"
	"strings"
)

// Implies reports whether it can be proven, from the conditions alone, that every record which satisfies a satisfies b. false says only that it was not
// proven.
func Implies(a, b *Cond) bool { return implies(a, b, 0) }

func implies(a, b *Cond, depth int) bool {
	if depth > 2*maxDepth {
		return false
	}
	depth++
	switch {
	case a.Op == False || b.Op == True:
		return true
	case a.Op == Or: // all ways into a must lead into b
		for i := range a.Kids {
			if !implies(&a.Kids[i], b, depth) {
				return false
			}
		}
		return true
	case b.Op == And:
		for i := range b.Kids {
			if !implies(a, &b.Kids[i], depth) {
				return false
			}
		}
		return true
	case b.Op == Or:
		for i := range b.Kids {
			if implies(a, &b.Kids[i], depth) {
				return true
			}
		}
		if a.Op != And {
			return false
		}
	}
	if a.Op == And {
		for i := range a.Kids {
			if implies(&a.Kids[i], b, depth) {
				return true
			}
		}
		return false
	}
	if a.Op == Not && b.Op == Not {
		return implies(&b.Kids[0], &a.Kids[0], depth)
	}
	if a.Field == nil || b.Field == nil || a.Field.Pos != b.Field.Pos || a.Op == Not || b.Op == Not {
		return false
	}
	return a.leafImplies(b, depth)
}

// leafImplies compares two leaves over one field.
func (c *Cond) leafImplies(b *Cond, depth int) bool {
	if c.Op == Hop {
		return b.Op == Present || b.Op == Hop && c.Target.Name == b.Target.Name && implies(c.Sub, b.Sub, depth)
	}
	if b.Op == Present {
		return true // a leaf over an absent value is false
	}
	if b.Currency != "" && b.Currency != c.Currency {
		return false
	}
	switch c.Op {
	case In:
		// Each of a's values is asked of b.
		return len(c.Set) > 0 && b.Op != Hop && !slices.ContainsFunc(c.Set, func(v Value) bool {
			if b.Currency != "" {
				v.S = b.Currency
			}
			row := make([]Value, c.Field.Pos+1)
			row[c.Field.Pos] = v
			return !b.Eval(row, nil)
		})
	case Has:
		return b.Op == Has && len(c.Set) > 0 && !slices.ContainsFunc(c.Set, func(v Value) bool { return !slices.Contains(b.Set, v) })
	case Contains:
		return b.Op == Contains && strings.Contains(c.Text, b.Text)
	case Range:
		if b.Op != Range {
			return false
		}
		f := c.Field
		if b.Lo != nil {
			if c.Lo == nil {
				return false
			}
			if d := f.compare(*c.Lo, *b.Lo); d < 0 || d == 0 && b.LoX && !c.LoX {
				return false
			}
		}
		if b.Hi != nil {
			if c.Hi == nil {
				return false
			}
			if d := f.compare(*c.Hi, *b.Hi); d > 0 || d == 0 && b.HiX && !c.HiX {
				return false
			}
		}
		return true
	}
	return false
}
