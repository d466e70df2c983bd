package record

// A Custom is a record of a kind that a workspace added: it has a name, and all else is custom fields.
type Custom struct {
	Base
	Name string
	kind string
}

// NewCustomKind describes a kind that a workspace added.
func NewCustomKind(name, plural, prefix, label string) *Kind {
	k := NewKind(plural, prefix, func() Record { return &Custom{kind: name} })
	k.Label, k.Custom = label, true
	return k
}

// Kind is the name that the workspace gave.
func (c *Custom) Kind() string { return c.kind }

// Heading is the name.
func (c *Custom) Heading() string { return c.Name }

// Fields names the one field besides the base.
func (c *Custom) Fields(f *Fields) {
	c.Base.Fields(f)
	f.Text("name", &c.Name).Named().Required().Indexed()
}

// An Option is one of the values of a custom choice. Its value stays when it is called otherwise; a retired one is kept where it is, and not offered.
type Option struct {
	Value   string `json:"value"`
	Label   string `json:"label"`
	Retired bool   `json:"retired,omitempty"`
}

// Reviewed reports whether a change of the field by a person waits for somebody else.
func (f *Field) Reviewed(by ID) bool {
	return f.Form != nil && f.Form.Reviewer != "" && f.Form.Reviewer != by
}

// A Form is what a workspace wants of a field: how forms show it and what they ask of it. It binds people, who are told; what the house writes by itself
// (a category, a lookup) is not refused because somebody has not yet filled in another field.
type Form struct {
	Label       string
	Section     string
	Position    int64
	Help        string
	Required    bool
	When        *Filter // required where this holds
	Default     Value
	Pattern     string // RE2 that the whole text must match
	PatternHelp string
	Reviewer    ID // who must agree to a change
}
