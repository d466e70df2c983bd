package record

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Env is what a filter is bound with: the catalogue, the moment, the zone, the category trees and the caller.
type Env struct {
	Kinds func(name string) *Kind
	Now   time.Time
	Zone  *time.Location
	// Category answers a category's number by its id, and Below all numbers at or below it. A retired or unknown category is !ok.
	Category func(dimension ID, id string) (n int64, ok bool)
	Below    func(n int64) []int64
	Scope    *Scope
}

// Bind turns a filter over a kind into constants. It fails, naming the field, on what the scope cannot see as on a typo, on a value that is not of the
// field's type, and past the limits. The scope's own rows are not part of the answer: see Visible.
func (e *Env) Bind(k *Kind, f Filter) (Cond, error) {
	b := binder{Env: e}
	return b.bind(k, f, 0)
}

// Visible is the condition that keeps a kind's rows within a reach of the scope, outside the trash.
func (e *Env) Visible(k *Kind, r Reach, trash bool) Cond {
	gone := Cond{Op: Present, Field: &k.Fields[PosDeletedAt]}
	if !trash {
		gone = Cond{Op: Not, Kids: []Cond{gone}}
	}
	c := e.Scope.cond(k, r)
	if c.Op == True {
		return gone
	}
	return Cond{Op: And, Kids: []Cond{gone, c}}
}

type binder struct {
	*Env
	nodes int
}

func (b *binder) bind(k *Kind, f Filter, depth int) (Cond, error) {
	if b.nodes++; b.nodes > maxNodes || depth > maxDepth {
		return Cond{}, Errorf(Invalid, "error.filter_too_large")
	}
	kinds := 0
	for _, is := range []bool{len(f.And) > 0, len(f.Or) > 0, f.Not != nil, f.Field != ""} {
		if is {
			kinds++
		}
	}
	if kinds > 1 {
		return Cond{}, Errorf(Invalid, "error.filter_mixed")
	}
	switch {
	case len(f.And) > 0:
		return b.join(k, And, f.And, depth)
	case len(f.Or) > 0:
		return b.join(k, Or, f.Or, depth)
	case f.Not != nil:
		c, err := b.bind(k, *f.Not, depth+1)
		return Cond{Op: Not, Kids: []Cond{c}}, err
	case f.Field == "" && f.Op == "":
		return Cond{Op: True}, nil
	}
	return b.leaf(k, f, f.Field, depth)
}

func (b *binder) join(k *Kind, op CondOp, fs []Filter, depth int) (Cond, error) {
	c := Cond{Op: op, Kids: make([]Cond, len(fs))}
	for i, f := range fs {
		var err error
		if c.Kids[i], err = b.bind(k, f, depth+1); err != nil {
			return Cond{}, err
		}
	}
	return c, nil
}

func (b *binder) leaf(k *Kind, f Filter, name string, depth int) (Cond, error) {
	head, rest, hop := strings.Cut(name, ".")
	fd := k.Field(head)
	if fd == nil || !b.Scope.Sees(k.Name, fd) || fd == &k.Fields[PosTitle] && len(b.Scope.Masked[k.Name]) > 0 { // a title tells what it is made of
		return Cond{}, FieldError(f.Field, "error.no_such_field")
	}
	if !hop {
		c, err := b.primitive(fd, f)
		if err != nil {
			return Cond{}, FieldError(f.Field, err.Error())
		}
		return c, nil
	}
	if b.nodes++; fd.Type != Ref || depth > maxDepth {
		return Cond{}, FieldError(f.Field, "error.no_such_field")
	}
	target := b.Kinds(fd.Ref)
	if target == nil || b.Scope.For(target.Name).Read == None {
		return Cond{}, FieldError(f.Field, "error.no_such_field")
	}
	// Operators that are negations of a primitive are negated outside the hop: "customer.level is not VIP" finds receipts without a customer too.
	neg := false
	switch f.Op {
	case "ne":
		f.Op, neg = "eq", true
	case "empty":
		f.Op, neg = "present", true
	}
	sub, err := b.leaf(target, f, rest, depth+1)
	if err != nil {
		return Cond{}, err
	}
	seen := b.Visible(target, b.Scope.For(target.Name).Read, false)
	both := Cond{Op: And, Kids: []Cond{sub, seen}}
	c := Cond{Op: Hop, Field: fd, Target: target, Sub: &both}
	if neg {
		c = Cond{Op: Not, Kids: []Cond{c}}
	}
	return c, nil
}

func (b *binder) primitive(fd *Field, f Filter) (Cond, error) {
	not := func(c Cond, err error) (Cond, error) { return Cond{Op: Not, Kids: []Cond{c}}, err }
	switch f.Op {
	case "present":
		return Cond{Op: Present, Field: fd}, nil
	case "empty":
		return not(Cond{Op: Present, Field: fd}, nil)
	case "eq":
		return b.in(fd, []json.RawMessage{f.Value}, false)
	case "ne":
		return not(b.in(fd, []json.RawMessage{f.Value}, false))
	case "in":
		var list []json.RawMessage
		if err := json.Unmarshal(f.Value, &list); err != nil {
			return Cond{}, fmt.Errorf("error.not_a_list")
		}
		return b.in(fd, list, false)
	case "under":
		if fd.Type != Category {
			break
		}
		var list []json.RawMessage
		if json.Unmarshal(f.Value, &list) != nil {
			list = []json.RawMessage{f.Value}
		}
		return b.in(fd, list, true)
	case "lt":
		return b.between(fd, nil, f.Value, false, true)
	case "le":
		return b.between(fd, nil, f.Value, false, false)
	case "gt":
		return b.between(fd, f.Value, nil, true, false)
	case "ge":
		return b.between(fd, f.Value, nil, false, false)
	case "between":
		var pair []json.RawMessage
		if err := json.Unmarshal(f.Value, &pair); err != nil || len(pair) != 2 {
			return Cond{}, fmt.Errorf("error.not_a_pair")
		}
		return b.between(fd, pair[0], pair[1], false, false)
	case "contains", "prefix":
		var s string
		if !fd.Textual() || fd.Type == Category || fd.Type == Choices || json.Unmarshal(f.Value, &s) != nil || s == "" {
			return Cond{}, fmt.Errorf("error.not_text")
		}
		v, err := (&Field{Type: Long}).Check(TextValue(s))
		if err != nil || v.Null {
			return Cond{}, fmt.Errorf("error.not_text")
		}
		if f.Op == "contains" {
			return Cond{Op: Contains, Field: fd, Text: lowerASCII(s)}, nil
		}
		lo := Value{S: s}
		c := Cond{Op: Range, Field: fd, Lo: &lo}
		if end, ok := afterPrefix(s); ok {
			c.Hi, c.HiX = &Value{S: end}, true
		}
		return c, nil
	case "period":
		return b.period(fd, f.Value)
	}
	return Cond{}, fmt.Errorf("error.no_such_operator")
}

func (b *binder) in(fd *Field, list []json.RawMessage, under bool) (Cond, error) {
	if len(list) > maxList {
		return Cond{}, fmt.Errorf("error.list_too_long")
	}
	c := Cond{Op: In, Field: fd}
	if fd.Type == Category {
		if fd.Multi {
			c.Op = Has
		}
		for _, raw := range list {
			var id string
			if err := json.Unmarshal(raw, &id); err != nil {
				var r struct{ ID string }
				if err = json.Unmarshal(raw, &r); err != nil {
					return Cond{}, fmt.Errorf("error.not_a_category")
				}
				id = r.ID
			}
			n, ok := b.Category(fd.Dimension, id)
			if !ok {
				return Cond{}, fmt.Errorf("error.no_such_category")
			}
			c.Set = append(c.Set, NumberValue(n))
			if under {
				for _, m := range b.Below(n) {
					c.Set = append(c.Set, NumberValue(m))
				}
			}
		}
		c.Set = sortValues(fd, c.Set)
		return c, nil
	}
	if fd.Type == JSON || fd.Type == Lines {
		return Cond{}, fmt.Errorf("error.no_such_operator")
	}
	if fd.Type == Choices {
		c.Op = Has
		for _, raw := range list {
			var w string
			if json.Unmarshal(raw, &w) != nil || !slices.Contains(fd.Choices, w) {
				return Cond{}, fmt.Errorf("error.not_one_of|%s", strings.Join(fd.Choices, ", "))
			}
			c.Set = append(c.Set, Value{S: w})
		}
		c.Set = sortValues(fd, c.Set)
		return c, nil
	}
	byCurrency := map[string][]Value{}
	for _, raw := range list {
		v, err := b.value(fd, raw)
		if err != nil {
			return Cond{}, err
		}
		cur := ""
		if fd.Type == MoneyType {
			cur, v.S = v.S, ""
		}
		byCurrency[cur] = append(byCurrency[cur], v)
	}
	if len(byCurrency) == 0 {
		return Cond{Op: False}, nil
	}
	or := Cond{Op: Or}
	for cur, set := range byCurrency {
		or.Kids = append(or.Kids, Cond{Op: In, Field: fd, Set: sortValues(fd, set), Currency: cur})
	}
	if len(or.Kids) == 1 {
		return or.Kids[0], nil
	}
	slices.SortFunc(or.Kids, func(a, b Cond) int { return strings.Compare(a.Currency, b.Currency) })
	return or, nil
}

// value parses one value as a record's would be, so that what one database refuses the other does too.
func (b *binder) value(fd *Field, raw json.RawMessage) (Value, error) {
	if string(raw) == `"$me"` && fd.Type == Ref {
		if b.Scope.User == "" {
			return Value{S: "-"}, nil // nobody's id
		}
		return Value{S: string(b.Scope.User)}, nil
	}
	v, err := fd.Parse(raw)
	if err != nil {
		return v, err
	}
	if v.Null {
		return v, fmt.Errorf("error.use_empty")
	}
	return v, nil
}

func (b *binder) between(fd *Field, lo, hi json.RawMessage, loX, hiX bool) (Cond, error) {
	if fd.Type == Category || fd.Type == JSON || fd.Type == Lines || fd.Type == Bool || fd.Type == Ref || fd.Type == Choice || fd.Type == Choices {
		return Cond{}, fmt.Errorf("error.no_such_operator")
	}
	c := Cond{Op: Range, Field: fd, LoX: loX, HiX: hiX}
	for i, raw := range []json.RawMessage{lo, hi} {
		if len(raw) == 0 || string(raw) == "null" {
			continue
		}
		v, err := b.value(fd, raw)
		if err != nil {
			return Cond{}, err
		}
		if fd.Type == MoneyType {
			if c.Currency != "" && c.Currency != v.S {
				return Cond{}, fmt.Errorf("error.two_currencies")
			}
			c.Currency, v.S = v.S, ""
		}
		if i == 0 {
			c.Lo = &v
		} else {
			c.Hi = &v
		}
	}
	if c.Lo == nil && c.Hi == nil {
		return Cond{}, fmt.Errorf("error.use_present")
	}
	return c, nil
}

// afterPrefix returns the smallest text above everything that begins with s: the last code point that can be raised is, skipping surrogates. !ok
// where s is all U+10FFFF.
func afterPrefix(s string) (string, bool) {
	rs := []rune(s)
	for i := len(rs) - 1; i >= 0; i-- {
		if rs[i] == 0x10FFFF {
			continue
		}
		if rs[i]++; rs[i] == 0xD800 {
			rs[i] = 0xE000
		}
		return string(rs[:i+1]), true
	}
	return "", false
}

func sortValues(fd *Field, vs []Value) []Value {
	cmp := fd.compare
	if fd.Type == Category {
		cmp = (&Field{Type: Int}).compare
	}
	slices.SortFunc(vs, cmp)
	return slices.CompactFunc(vs, func(a, b Value) bool { return cmp(a, b) == 0 })
}
