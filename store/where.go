package store

import (
	"encoding/json"
	"fmt"
	"strings"

	"guike/record"
)

// A where compiles a bound condition to SQL: the twin of record.Cond.Eval, held to it by a property test. NOT is pushed down to the leaves and written
// there as (absent OR NOT leaf), so that SQL's NULL never reaches a NOT and positive leaves stay bare for the indexes.
type where struct {
	d     *dialect
	list  bool // for a page of a list on SQLite
	many  bool // … of which is known that many rows are kept
	byDay bool // … in the order of its dated field
	b     strings.Builder
	args  []any
	hops  int
}

// compile answers the condition over the table alias t.
func compile(d *dialect, c record.Cond, alias string) (string, []any) {
	w := where{d: d}
	w.cond(&c, alias, false)
	return w.b.String(), w.args
}

// compileList answers the condition for a page of a list. SQLite's planner would rather look several values or a range up by their index, and sort what it
// finds, than walk the index of the order asked; of a broad condition it finds most of the table. It is kept from looking up where that is likely, or known.
// What has an index together with the order is looked up in any case.
func compileList(d *dialect, c record.Cond, many bool, o order) (string, []any) {
	w := where{d: d, list: d.name == "sqlite", many: many, byDay: o.f != nil && o.f.IsDated()}
	w.cond(&c, "t", false)
	return w.b.String(), w.args
}

// tested reports whether a leaf's column is only to be tested, not looked up.
func (w *where) tested(c *record.Cond, t string) bool {
	if !w.list || t != "t" || c.Op == record.Has {
		return false
	}
	if w.byDay && c.Field.IsByDay() && c.Op == record.In && len(c.Set) == 1 {
		return false
	}
	if w.many {
		return keeps(c.Field)
	}
	several := c.Field.Type == record.Category || c.Field.Type == record.Choice || c.Field.Type == record.Bool || c.Field.Pos == record.PosDepartment
	return several && !(c.Op == record.In && len(c.Set) == 1)
}

func (w *where) cond(c *record.Cond, t string, neg bool) {
	switch c.Op {
	case record.True, record.False:
		if (c.Op == record.True) != neg {
			w.b.WriteString("1 = 1")
		} else {
			w.b.WriteString("1 = 0")
		}
	case record.And, record.Or:
		if len(c.Kids) == 0 {
			w.cond(&record.Cond{Op: map[record.CondOp]record.CondOp{record.And: record.True, record.Or: record.False}[c.Op]}, t, neg)
			return
		}
		word := " AND "
		if (c.Op == record.Or) != neg {
			word = " OR "
		}
		w.b.WriteByte('(')
		for i := range c.Kids {
			if i > 0 {
				w.b.WriteString(word)
			}
			w.cond(&c.Kids[i], t, neg)
		}
		w.b.WriteByte(')')
	case record.Not:
		w.cond(&c.Kids[0], t, !neg)
	case record.Hop:
		w.hop(c, t, neg)
	default:
		w.leaf(c, t, neg)
	}
}

func (w *where) hop(c *record.Cond, t string, neg bool) {
	w.hops++
	sub := fmt.Sprintf("h%d", w.hops)
	if neg {
		w.b.WriteString("NOT ")
	}
	fmt.Fprintf(&w.b, "EXISTS (SELECT 1 FROM %s %s WHERE %s.id = %s.%s AND ", c.Target.Plural, sub, sub, t, quote(c.Field.Name))
	w.cond(c.Sub, sub, false)
	w.b.WriteByte(')')
}

func (w *where) leaf(c *record.Cond, t string, neg bool) {
	f := c.Field
	col := t + "." + quote(f.Name)
	if w.tested(c, t) {
		col = "+" + col
	}
	if c.Op == record.Present {
		switch {
		case f.Textual() && neg:
			w.b.WriteString(col + " = ''")
		case f.Textual():
			w.b.WriteString(col + " <> ''")
		case !f.Nullable() && neg:
			w.b.WriteString("1 = 0")
		case !f.Nullable():
			w.b.WriteString("1 = 1")
		case neg:
			w.b.WriteString(col + " IS NULL")
		default:
			w.b.WriteString(col + " IS NOT NULL")
		}
		return
	}
	if (c.Op == record.In || c.Op == record.Has) && len(c.Set) == 0 {
		w.cond(&record.Cond{Op: record.False}, t, neg)
		return
	}
	if neg {
		w.b.WriteByte('(')
		if f.Nullable() {
			w.b.WriteString(col + " IS NULL OR ")
		}
		w.b.WriteString("NOT (")
		defer w.b.WriteString("))")
	}
	if c.Currency != "" {
		fmt.Fprintf(&w.b, "%s.%s = ? AND ", t, quote(f.Name+"_cur"))
		w.args = append(w.args, c.Currency)
	}
	switch c.Op {
	case record.In:
		w.in(f, col, c.Set)
	case record.Has:
		w.has(col, c.Set)
	case record.Contains:
		fmt.Fprintf(&w.b, w.d.find+" > 0", "lower("+col+")")
		w.args = append(w.args, c.Text)
	case record.Range:
		w.between(c, col)
	}
}

func (w *where) between(c *record.Cond, col string) {
	var parts []string
	if c.Lo != nil {
		op := " >= ?"
		if c.LoX {
			op = " > ?"
		}
		parts = append(parts, col+op)
		w.args = append(w.args, arg(c.Field, *c.Lo))
	} else if c.Field.Textual() {
		parts = append(parts, col+" <> ''") // '' is absent, not small
	}
	if c.Hi != nil {
		op := " <= ?"
		if c.HiX {
			op = " < ?"
		}
		parts = append(parts, col+op)
		w.args = append(w.args, arg(c.Field, *c.Hi))
	}
	w.b.WriteString(strings.Join(parts, " AND "))
}

// in writes one value as =, some as a list, many as one parameter: databases have a limit of those.
func (w *where) in(f *record.Field, col string, set []record.Value) {
	if len(set) == 1 {
		w.b.WriteString(col + " = ?")
		w.args = append(w.args, arg(f, set[0]))
		return
	}
	if len(set) <= 500 && !w.d.numbered {
		w.b.WriteString(col + " IN (?" + strings.Repeat(", ?", len(set)-1) + ")")
		for _, v := range set {
			w.args = append(w.args, arg(f, v))
		}
		return
	}
	fmt.Fprintf(&w.b, w.d.list, col)
	w.args = append(w.args, list(w.d, f, set))
}

func list(d *dialect, f *record.Field, set []record.Value) any {
	switch {
	case f.Textual():
		return texts(d, set, func(v record.Value) string { return v.S })
	case f.Type == record.Float:
		return texts(d, set, record.Value.Float)
	}
	return texts(d, set, func(v record.Value) int64 { return v.N })
}

// texts makes many values one parameter.
func texts[T any, V any](d *dialect, set []V, of func(V) T) any {
	vs := make([]T, len(set))
	for i, v := range set {
		vs[i] = of(v)
	}
	if d.numbered {
		return vs
	}
	b, err := json.Marshal(vs)
	if err != nil {
		panic(err) // texts and finite numbers
	}
	return string(b)
}

// has looks for any of the categories, or words, in ";3;17;". A subtree of many is halved recursively: a flat chain of ORs is one level an OR to SQLite's parser.
func (w *where) has(col string, set []record.Value) {
	if len(set) == 1 {
		fmt.Fprintf(&w.b, w.d.find+" > 0", col)
		one := ";" + set[0].S + ";"
		if set[0].S == "" {
			one = fmt.Sprintf(";%d;", set[0].N)
		}
		w.args = append(w.args, one)
		return
	}
	w.b.WriteByte('(')
	w.has(col, set[:len(set)/2])
	w.b.WriteString(" OR ")
	w.has(col, set[len(set)/2:])
	w.b.WriteByte(')')
}

// arg is a value as both drivers take it; absent is NULL, ” or 0 as the field's null-ness says.
func arg(f *record.Field, v record.Value) any {
	if f.Textual() {
		return v.S
	}
	if v.Null {
		if f.Nullable() {
			return nil
		}
		if f.Type == record.Float {
			return 0.0
		}
		return int64(0)
	}
	if f.Type == record.Float {
		return v.Float()
	}
	return v.N
}
