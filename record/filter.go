package record

import (
	"encoding/json"
	"fmt"
	"slices"
)

// A Filter is the condition as people, rules and views hold it: a tree of and, or, not over leaves {"field","op","value"}. It is stored as JSON and
// must be bound (Bind) before anything reads it.
type Filter struct {
	And   []Filter        `json:"and,omitempty"`
	Or    []Filter        `json:"or,omitempty"`
	Not   *Filter         `json:"not,omitempty"`
	Field string          `json:"field,omitempty"`
	Op    string          `json:"op,omitempty"`
	Value json.RawMessage `json:"value,omitempty"`
}

// Ops lists the operators.
var Ops = []string{"eq", "ne", "in", "lt", "le", "gt", "ge", "between", "contains", "prefix", "under", "empty", "present", "period"}

// Limits of a bound filter (ENGINE 17).
const (
	maxDepth = 20
	maxNodes = 500
	maxList  = 50_000
)

// IsZero reports whether the filter says nothing, and so is true of every record.
func (f Filter) IsZero() bool {
	return f.Field == "" && f.Op == "" && f.Not == nil && len(f.And) == 0 && len(f.Or) == 0
}

// All joins filters that must all hold.
func All(fs ...Filter) Filter {
	fs = slices.DeleteFunc(slices.Clone(fs), Filter.IsZero)
	if len(fs) == 1 {
		return fs[0]
	}
	return Filter{And: fs}
}

// Where makes a leaf.
func Where(field, op string, value any) Filter {
	b, err := json.Marshal(value)
	if err != nil {
		panic(fmt.Sprintf("record.Where(%q, %q, %T): %v", field, op, value, err)) // a programmer's value
	}
	return Filter{Field: field, Op: op, Value: b}
}

// Names lists the fields that the filter reads, hops included, in the order met.
func (f Filter) Names() []string {
	var ns []string
	f.walk(func(l Filter) {
		if !slices.Contains(ns, l.Field) {
			ns = append(ns, l.Field)
		}
	})
	return ns
}

// Leaves calls fn for each leaf.
func (f Filter) Leaves(fn func(Filter)) { f.walk(fn) }

func (f Filter) walk(leaf func(Filter)) {
	for _, k := range f.And {
		k.walk(leaf)
	}
	for _, k := range f.Or {
		k.walk(leaf)
	}
	if f.Not != nil {
		f.Not.walk(leaf)
	}
	if f.Field != "" {
		leaf(f)
	}
}

// Without returns the filter with the top-level members that are about one field alone taken out, as a facet that ignores its own filter needs.
func (f Filter) Without(field string) Filter {
	if ns := f.Names(); len(ns) == 1 && ns[0] == field {
		return Filter{}
	}
	if len(f.And) == 0 {
		return f
	}
	var and []Filter
	for _, k := range f.And {
		if k = k.Without(field); !k.IsZero() {
			and = append(and, k)
		}
	}
	return Filter{And: and}
}
