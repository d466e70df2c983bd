package guike

import "guike/record"

// A Dashboard is views side by side, each with its face: its owner's alone, or shared as a view is.
type Dashboard struct {
	record.Base
	Name        string
	Tiles       string // JSON []Tile, in reading order
	Shared      bool
	Roles       string
	Departments string
}

// A Tile is a view's place on a dashboard of four columns.
type Tile struct {
	View record.ID `json:"view"`
	Wide int       `json:"wide"` // columns, 1 to 4
	Tall int       `json:"tall"` // rows, 1 to 3
}

func (*Dashboard) Kind() string { return "dashboard" }

// Heading is the name.
func (d *Dashboard) Heading() string { return d.Name }

func (d *Dashboard) Fields(f *record.Fields) {
	d.Base.Fields(f)
	f.Text("name", &d.Name).Named().Required().Indexed()
	f.JSON("tiles", &d.Tiles)
	f.Bool("shared", &d.Shared)
	f.JSON("roles", &d.Roles)
	f.JSON("departments", &d.Departments)
}
