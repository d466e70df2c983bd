package guike

import "guike/record"

// A View is a way of looking at a kind that was given a name: a filter, an order, columns, and the face that shows it.
type View struct {
	record.Base
	Name    string
	Of      string // the kind looked at
	Filter  string // JSON record.Filter
	Words   string
	Sort    string
	Columns string // JSON: names of fields
	Layout  string // JSON: how its columns stand, what it is grouped by; the client's own
	Face    string // JSON Face; a grid where it says nothing
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
	f.JSON("face", &v.Face)
	f.JSON("roles", &v.Roles)
	f.JSON("departments", &v.Departments)
	f.Bool("standard", &v.Standard)
}

// A Face is how records are shown: a grid of rows, a board of columns, a calendar, a chart, or a table of two fields crossed.
type Face struct {
	As      string      `json:"as"`
	Form    string      `json:"form,omitempty"` // of a chart: bar, line, pie, map
	By      []record.By `json:"by,omitempty"`   // the columns, the days, the axes
	Sum     string      `json:"sum,omitempty"`  // the field added up; records are counted where it says nothing
	Part    string      `json:"part,omitempty"` // which of the sums that no total may mix; the client's word
	Average bool        `json:"average,omitempty"`
}

// Faces says how many fields each face stands on, at least and at most.
var Faces = map[string][2]int{"grid": {0, 0}, "board": {1, 1}, "calendar": {1, 1}, "chart": {1, 2}, "pivot": {1, 2}}

// Forms of a chart.
var Forms = []string{"bar", "line", "pie", "map"}
