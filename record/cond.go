package record

// A Cond is a filter bound into constants. Both readers — store's compiler to SQL and Eval — see only this: no clock, no zone, no tree, no names.
// Logic is two-valued: every leaf is a positive primitive, a leaf over an absent value is false, so its negation is true.
type Cond struct {
	Op    CondOp
	Kids  []Cond // And, Or: any number; Not: one
	Field *Field

	Set      []Value // In: the values, sorted and unique; Has: category numbers, or words of a Choices field
	Lo, Hi   *Value  // Range: bounds of the field's physical type
	LoX, HiX bool    // the bound itself is out
	Currency string  // In, Range over money: other currencies are not comparable, hence false
	Text     string  // Contains

	Target *Kind // Hop: the kind referred to by Field
	Sub    *Cond // Hop: what the target must satisfy, its scope included
}

// A CondOp is a primitive.
type CondOp int

// The primitives.
const (
	True CondOp = iota
	False
	And
	Or
	Not
	In       // the value is one of Set
	Has      // the field of several values holds one of Set
	Range    // Lo ≤ value ≤ Hi
	Contains // text contains Text, ASCII letters folded
	Present
	Hop // the record referred to exists, is seen, and satisfies Sub
)
