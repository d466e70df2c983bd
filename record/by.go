package record

import (
	"slices"
	"strings"
)

// A By says by what records are grouped: a field, how finely, and how many groups at most.
type By struct {
	Field string `json:"field" doc:"also one of the record that a reference names: customer.d_level"`
	Unit  string `json:"unit,omitempty" doc:"of a day or a moment: day, week, month (where it says nothing), quarter, year"`
	Level int    `json:"level,omitempty" doc:"of a category: how deep in its tree, 1 is the top; 0 as it stands"`
	Limit int    `json:"limit,omitempty" doc:"the most groups; what finds no place is one more"`
}

// Groupable says whether records can be grouped by a field.
func (f *Field) Groupable() bool {
	switch f.Type {
	case Date_, Time_, Category, Choice, Choices, Ref, Bool:
		return true
	}
	return false
}

// Summable says whether a field's values add up.
func (f *Field) Summable() bool { return f.Type == MoneyType || f.Type == Int || f.Type == Float }

// Through finds what a field's name leads to: the field itself, or over a reference ("customer.d_level") that of the record referred to, in its kind. What the
// scope cannot see is not there.
func (b By) Through(k *Kind, sc *Scope, kinds func(string) *Kind) (over *Field, of *Kind, f *Field, err error) {
	head, rest, hop := strings.Cut(b.Field, ".")
	if !hop {
		f, err = b.Check(k, sc)
		return nil, k, f, err
	}
	over = k.Field(head)
	if over == nil || over.Type != Ref || !sc.Sees(k.Name, over) {
		return nil, nil, nil, FieldError("by", "error.no_such_field")
	}
	if of = kinds(over.Ref); of == nil || sc.For(of.Name).Read == None {
		return nil, nil, nil, FieldError("by", "error.no_such_field")
	}
	b.Field = rest
	if f, err = b.Check(of, sc); err == nil && f.Type == Ref {
		err = FieldError("by", "error.not_groupable") // there may be a million of them
	}
	return over, of, f, err
}

// Check answers the field that a kind's records are grouped by; what the scope cannot see is not there.
func (b By) Check(k *Kind, sc *Scope) (*Field, error) {
	f := k.Field(b.Field)
	switch {
	case f == nil || !sc.Sees(k.Name, f):
		return nil, FieldError("by", "error.no_such_field")
	case !f.Groupable(), b.Unit != "" && (f.Type != Date_ && f.Type != Time_ || !slices.Contains(Units, b.Unit)), b.Level < 0, b.Limit < 0, b.Level > 0 && f.Type != Category:
		return nil, FieldError("by", "error.not_groupable")
	}
	return f, nil
}
