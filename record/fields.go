package record

// A Type is what a field holds. Physically there are three: text, 64-bit integer, double.
type Type string

// The types.
const (
	Text      Type = "text"
	Long      Type = "longtext"
	Phone     Type = "phone"
	Email     Type = "email"
	URL       Type = "url"
	Choice    Type = "choice"
	Choices   Type = "choices" // several of a choice, kept as ";a;b;"
	Ref       Type = "ref"
	Date_     Type = "date"
	Time_     Type = "time"
	Int       Type = "int"
	Float     Type = "float"
	Bool      Type = "bool"
	MoneyType Type = "money"
	Category  Type = "category" // a dimension's column: d_…
	Lines     Type = "lines"    // children, written and versioned with their parent as JSON
	JSON      Type = "json"
)

// A Field is one field of a kind, described once.
type Field struct {
	Name    string
	Type    Type
	Ref     string   // the kind referred to
	RefBy   string   // the field beside this text that names the kind referred to
	Choices []string // what a Choice may be
	Kinds   bool     // of a Choice: its choices are the names of kinds, which the catalogue knows
	Of      []Field  // the fields of Lines
	Pos     int      // position in the kind: static fields first, then dynamic by catalogue position

	required, system, secret, searched, name, unique, indexed, sensitive, dated, byDay, holding, tree bool

	// Dynamic fields (x_…, d_…) only.
	Dynamic   bool
	Multi     bool // several categories
	Dimension ID
	Label     string
	Retired   bool
	Options   []Option // of a Choice or Choices: Choices with their labels
	Formula   *Formula // computed from other fields at each write

	Form *Form // what the workspace wants of it; nil: nothing
}

// Required facts are enforced when a record leaves draft.
func (f *Field) Required() *Field { f.required = true; return f }

// System fields are written by the house, never by a patch.
func (f *Field) System() *Field { f.system = true; return f }

// Secret fields never leave the store.
func (f *Field) Secret() *Field { f.secret = true; return f }

// Searched fields feed full text.
func (f *Field) Searched() *Field { f.searched = true; return f }

// Named marks the field whose text names the record: its fold (name_fold) is compared, its pinyin key (name_key) sorts, its initials are searched.
func (f *Field) Named() *Field { f.name = true; f.searched = true; return f }

// Unique text is unique among records that are not in the trash.
func (f *Field) Unique() *Field { f.unique = true; f.indexed = true; return f }

// Indexed fields have an index (column, n) and so may be sorted by.
func (f *Field) Indexed() *Field { f.indexed = true; return f }

// Dated marks the day or moment by which a record is told of and its kind is first listed; the others go by when they were made.
func (f *Field) Dated() *Field { f.dated = true; return f }

// ByDay marks a reference that has an index together with the dated field and n: the newest that name one record are found at once, however many they are.
func (f *Field) ByDay() *Field { f.byDay = true; return f }

// Sensitive fields are offered first where a role is given fields that it does not see.
func (f *Field) Sensitive() *Field { f.sensitive = true; return f }

// Holding marks the text that says why a record may not be removed for ever, nor what refers to it.
func (f *Field) Holding() *Field { f.holding = true; return f }

// Tree marks the reference to a record's own kind by which its records lie below each other: none lies below itself.
func (f *Field) Tree() *Field { f.tree = true; return f }

func (f *Field) IsRef() bool       { return f.Type == Ref || f.RefBy != "" }
func (f *Field) IsTree() bool      { return f.tree }
func (f *Field) IsHolding() bool   { return f.holding }
func (f *Field) IsRequired() bool  { return f.required }
func (f *Field) IsSystem() bool    { return f.system }
func (f *Field) IsSecret() bool    { return f.secret }
func (f *Field) IsSearched() bool  { return f.searched }
func (f *Field) IsNamed() bool     { return f.name }
func (f *Field) IsUnique() bool    { return f.unique }
func (f *Field) IsDated() bool     { return f.dated }
func (f *Field) IsByDay() bool     { return f.byDay }
func (f *Field) IsSensitive() bool { return f.sensitive }

// Sortable reports whether lists may be ordered by this field. A static field needs its index for it; a custom one is given its index by a job soon after
// it is added, and until then, while nearly all its values are empty, an order by it reads the table.
func (f *Field) Sortable() bool {
	switch {
	case f.Type == JSON || f.Type == Lines || f.Type == Choices || f.Type == Category && f.Multi:
		return false
	case f.Dynamic && f.Type != Long && f.Type != Category:
		return true
	}
	return f.indexed
}

// IsIndexed reports whether the field has an index (column, n).
func (f *Field) IsIndexed() bool { return f.indexed }

// Textual reports whether the value is kept in S.
func (f *Field) Textual() bool {
	switch f.Type {
	case Int, Float, Bool, Time_, MoneyType:
		return false
	case Category:
		return f.Multi
	}
	return true
}

// Nullable decides null-ness, for DDL, check, growth and compiler alike: text is never NULL (” is empty); static int, float and bool are never NULL;
// all else and every dynamic number is.
func (f *Field) Nullable() bool {
	if f.Textual() {
		return false
	}
	if f.Dynamic {
		return true
	}
	switch f.Type {
	case Int, Float, Bool:
		return false
	}
	return true
}

// Fields collects a noun's fields in one of two modes: describe (once a kind) keeps names, types and flags; bind keeps pointers only, in a reused
// slice, so that binding a row allocates nothing.
type Fields struct {
	describe bool
	fields   []Field
	cells    []Cell
	scratch  Field
}

// A Cell points at one field of one record.
type Cell struct{ p any }

func (f *Fields) own(name string, t Type, p any) *Field {
	if !f.describe {
		f.cells = append(f.cells, Cell{p})
		return &f.scratch
	}
	f.fields = append(f.fields, Field{Name: name, Type: t, Pos: len(f.fields)})
	return &f.fields[len(f.fields)-1]
}

func (f *Fields) Text(name string, p *string) *Field   { return f.own(name, Text, p) }
func (f *Fields) Long(name string, p *string) *Field   { return f.own(name, Long, p) }
func (f *Fields) Phone(name string, p *string) *Field  { return f.own(name, Phone, p) }
func (f *Fields) Email(name string, p *string) *Field  { return f.own(name, Email, p) }
func (f *Fields) URL(name string, p *string) *Field    { return f.own(name, URL, p) }
func (f *Fields) JSON(name string, p *string) *Field   { return f.own(name, JSON, p) }
func (f *Fields) Int(name string, p *int64) *Field     { return f.own(name, Int, p) }
func (f *Fields) Float(name string, p *float64) *Field { return f.own(name, Float, p) }
func (f *Fields) Bool(name string, p *bool) *Field     { return f.own(name, Bool, p) }
func (f *Fields) Date(name string, p *Date) *Field     { return f.own(name, Date_, p) }
func (f *Fields) Time(name string, p *Time) *Field     { return f.own(name, Time_, p) }
func (f *Fields) Money(name string, p *Money) *Field   { return f.own(name, MoneyType, p) }

// Choice is one of a few words, kept as text.
func (f *Fields) Choice(name string, p *string, choices ...string) *Field {
	fd := f.own(name, Choice, p)
	if f.describe {
		fd.Choices = choices
	}
	return fd
}

// Ref names one record of a kind.
func (f *Fields) Ref(name, kind string, p *ID) *Field {
	fd := f.own(name, Ref, p)
	if f.describe {
		fd.Ref = kind
	}
	return fd
}

// KindName is the name of a kind of records, kept as text.
func (f *Fields) KindName(name string, p *string) *Field {
	fd := f.own(name, Choice, p)
	if f.describe {
		fd.Kinds = true
	}
	return fd
}

// RefBy names one record of any kind: of the one that the field by says. It is kept as text.
func (f *Fields) RefBy(name, by string, p *ID) *Field {
	fd := f.own(name, Text, p)
	if f.describe {
		fd.RefBy = by
	}
	return fd
}

// Lines are children that live and die with their parent. p is a slice's pointer that reads and writes JSON; of describes one line.
func (f *Fields) Lines(name string, p *string, of func(*Fields)) *Field {
	fd := f.own(name, Lines, p)
	if f.describe {
		sub := &Fields{describe: true}
		of(sub)
		// own may have moved the slice while of ran on another Fields, not on this one; fd is still valid.
		fd.Of = sub.fields
	}
	return fd
}

// Get reads the cell.
func (c Cell) Get() Value {
	switch p := c.p.(type) {
	case *string:
		return TextValue(*p)
	case *ID:
		return TextValue(string(*p))
	case *Date:
		return TextValue(string(*p))
	case *int64:
		return Value{N: *p}
	case *float64:
		return FloatValue(*p)
	case *bool:
		if *p {
			return Value{N: 1}
		}
		return Value{}
	case *Time:
		return Value{N: int64(*p), Null: *p == 0}
	case *Money:
		return MoneyValue(*p)
	case *Value:
		return *p
	}
	return Absent
}

// Set writes the cell.
func (c Cell) Set(v Value) {
	if v.Null {
		v = Absent
	}
	switch p := c.p.(type) {
	case *string:
		*p = v.S
	case *ID:
		*p = ID(v.S)
	case *Date:
		*p = Date(v.S)
	case *int64:
		*p = v.N
	case *float64:
		*p = v.Float()
	case *bool:
		*p = v.N != 0
	case *Time:
		*p = Time(v.N)
	case *Money:
		*p = v.Money()
	case *Value:
		*p = v
	}
}
