package guike

import "guike/record"

// A Folder holds documents; folders form a tree.
type Folder struct {
	record.Base
	Name     string
	Parent   record.ID
	Customer record.ID
	Note     string
}

func (*Folder) Kind() string { return "folder" }

// Heading is the name.
func (o *Folder) Heading() string { return o.Name }

func (o *Folder) Fields(f *record.Fields) {
	o.Base.Fields(f)
	f.Text("name", &o.Name).Named().Required().Indexed()
	f.Ref("parent", "folder", &o.Parent).Indexed().Tree()
	f.Ref("customer", "customer", &o.Customer).Indexed()
	f.Long("note", &o.Note).Searched()
}
