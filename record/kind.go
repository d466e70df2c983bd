package record

import (
	"slices"
	"sync"
)

// A Kind is a noun as the engine sees it, with the dynamic fields of one catalogue version.
type Kind struct {
	Name, Plural, Prefix string
	Fields               []Field // static, then dynamic by position
	Static               int     // how many are static
	Label, Icon          string  // of a custom kind
	Custom               bool    // added by the workspace
	Computed             []int   // positions of fields with a formula, each after those it reads
	// Verbs is true for kinds that only their verbs write (users, roles, tokens, settings, rules, dimensions): the generic API refuses.
	Verbs bool
	// Said is true for what people say through verbs of its own: it is found by words and removed for ever as what they keep is, though the engine has its verbs.
	Said bool
	New  func() Record

	byName map[string]int
	named  int
}

// NewKind describes a noun once.
func NewKind(plural, prefix string, make func() Record) *Kind {
	f := Fields{describe: true}
	r := make()
	r.Fields(&f)
	k := &Kind{Name: r.Kind(), Plural: plural, Prefix: prefix, New: make, Fields: f.fields, Static: len(f.fields)}
	k.index()
	return k
}

// With returns the kind with its dynamic fields, whose positions are their places in the catalogue.
func (k *Kind) With(dynamic []Field) *Kind {
	c := *k
	c.Fields = append(slices.Clone(k.Fields[:k.Static]), dynamic...)
	for i := k.Static; i < len(c.Fields); i++ {
		c.Fields[i].Pos, c.Fields[i].Dynamic = i, true
	}
	c.index()
	return &c
}

// Settle makes a kind ready whose fields were changed since With.
func (k *Kind) Settle() { k.index() }

func (k *Kind) index() {
	k.byName, k.named = make(map[string]int, len(k.Fields)), -1
	for i := range k.Fields {
		if !k.Fields[i].Retired {
			k.byName[k.Fields[i].Name] = i
		}
		if k.Fields[i].name {
			k.named = i
		}
	}
	k.Computed = computeOrder(k)
}

// Field finds a field by name; nil where there is none, it is retired or secret.
func (k *Kind) Field(name string) *Field {
	if i, ok := k.byName[name]; ok && !k.Fields[i].secret {
		return &k.Fields[i]
	}
	return nil
}

// RefKind names the kind that a field of a record with these values refers to; "" where the field refers to nothing.
func (k *Kind) RefKind(f *Field, vs []Value) string {
	switch {
	case !f.IsRef() || vs[f.Pos].Null || vs[f.Pos].S == "":
		return ""
	case f.RefBy != "":
		return vs[k.byName[f.RefBy]].S
	}
	return f.Ref
}

// NamedField returns the field that names the record, nil where the kind has none.
func (k *Kind) NamedField() *Field {
	if k.named < 0 {
		return nil
	}
	return &k.Fields[k.named]
}

// Bind points cells at a record's fields, reusing buf. Positions match k.Fields. Dynamic values are bound last, here, so that a noun's own fields
// never move.
func (k *Kind) Bind(r Record, buf *Fields) []Cell {
	buf.describe = false
	buf.cells = buf.cells[:0]
	r.Fields(buf)
	b := r.Head()
	for len(b.X) < len(k.Fields)-k.Static {
		b.X = append(b.X, Absent)
	}
	for i := range k.Fields[k.Static:] {
		buf.cells = append(buf.cells, Cell{&b.X[i]})
	}
	return buf.cells
}

// bufs are cells to bind with, used again.
var bufs = sync.Pool{New: func() any { return new(Fields) }}

func (k *Kind) bound(r Record, fn func([]Cell)) {
	buf := bufs.Get().(*Fields)
	fn(k.Bind(r, buf))
	clear(buf.cells) // holds no record
	bufs.Put(buf)
}

// Values reads all of a record's values, by position.
func (k *Kind) Values(r Record) []Value {
	var vs []Value
	k.bound(r, func(cells []Cell) {
		vs = make([]Value, len(cells))
		for i, c := range cells {
			vs[i] = c.Get()
		}
	})
	return vs
}

// Get reads one field by name; absent where the kind has no such field.
func (k *Kind) Get(r Record, name string) Value {
	i, ok := k.byName[name]
	if !ok {
		return Absent
	}
	var v Value
	k.bound(r, func(cells []Cell) { v = cells[i].Get() })
	return v
}

// Set writes one field by name; a field the kind does not have is ignored.
func (k *Kind) Set(r Record, name string, v Value) {
	if i, ok := k.byName[name]; ok {
		k.bound(r, func(cells []Cell) { cells[i].Set(v) })
	}
}

// Clone copies a record.
func (k *Kind) Clone(r Record) Record {
	c := k.New()
	vs := k.Values(r)
	k.bound(c, func(cells []Cell) {
		for i, cell := range cells {
			cell.Set(vs[i])
		}
	})
	return c
}
