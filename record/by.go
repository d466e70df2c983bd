package record

import "slices"

// A By says by what records are grouped: a field, how finely, and how many groups at most.
type By struct {
	Field string `json:"field"`
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
