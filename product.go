package guike

import "guike/record"

// A Product is a good or service that the business sells.
type Product struct {
	record.Base
	Name    string
	Code    string
	Unit    string
	Price   record.Money
	Aliases string // other names that papers use, separated by commas
	Note    string
}

func (*Product) Kind() string { return "product" }

// Heading is the name.
func (p *Product) Heading() string { return p.Name }

func (p *Product) Fields(f *record.Fields) {
	p.Base.Fields(f)
	f.Text("name", &p.Name).Named().Required().Indexed()
	f.Text("code", &p.Code).Searched().Unique()
	f.Text("unit", &p.Unit)
	f.Money("price", &p.Price)
	f.Text("aliases", &p.Aliases).Searched()
	f.Long("note", &p.Note).Searched()
}
