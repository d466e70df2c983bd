package guike

import "guike/record"

// A View is a way of looking at a kind that was given a name: a filter, an order, columns.
type View struct {
	record.Base
	Name    string
	Of      string // the kind looked at
	Filter  string // JSON record.Filter
	Words   string
	Sort    string
	Columns string // JSON: names of fields
	Layout  string // JSON: how its columns stand, what it is grouped by; the client's own
	Shared  bool   // with its audience; else its owner's alone
	// The audience of a shared one, JSON lists; nobody named is everyone.
	Roles       string
	Departments string
	Standard    bool // where its audience's list begins
}

func (*View) Kind() string { return "view" }

// Heading is the name.
func (v *View) Heading() string { return v.Name }

func (v *View) Fields(f *record.Fields) {
	v.Base.Fields(f)
	f.Text("name", &v.Name).Named().Required().Indexed()
	f.Text("of", &v.Of).Required().Indexed()
	f.JSON("filter", &v.Filter)
	f.Text("words", &v.Words)
	f.Text("sort", &v.Sort)
	f.JSON("columns", &v.Columns)
	f.Bool("shared", &v.Shared)
	f.JSON("layout", &v.Layout)
	f.JSON("roles", &v.Roles)
	f.JSON("departments", &v.Departments)
	f.Bool("standard", &v.Standard)
}
