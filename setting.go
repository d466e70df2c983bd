package guike

import "guike/record"

// A Setting is something the workspace was told once: its name, its zone, how documents are named.
type Setting struct {
	record.Base
	Name  string
	Value string
}

func (*Setting) Kind() string { return "setting" }

// Heading is the name.
func (s *Setting) Heading() string { return s.Name }

func (s *Setting) Fields(f *record.Fields) {
	s.Base.Fields(f)
	f.Text("name", &s.Name).Required().Unique()
	f.Text("value", &s.Value)
}
