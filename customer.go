package guike

import (
	"strings"

	"guike/fold"
	"guike/record"
)

// A Customer is a person or company that the business deals with, or hopes to.
type Customer struct {
	record.Base
	Name      string
	Number    string // by which the business's other systems call it
	ShortName string
	Type      string
	TaxID     string // 统一社会信用代码 (GB 32100), or what the person's country uses
	Phone     string
	Email     string
	Region    string
	Address   string
	Industry  string
	Since     record.Date // first deal
	Note      string
	Initial   string // A to Z, the name's in pinyin; # where it begins otherwise
	Hold      string // why nothing about him may be removed for ever; "" where it may
}

func (*Customer) Kind() string { return "customer" }

// Heading is the name.
func (c *Customer) Heading() string { return c.Name }

// Derive sets the drawer that the name lies in. The store calls it before each write.
func (c *Customer) Derive() {
	c.Initial = ""
	if key := fold.SortKey(c.Name); key != "" {
		c.Initial = "#"
		if b := key[0]; b >= 'a' && b <= 'z' {
			c.Initial = string(b - 'a' + 'A')
		}
	}
}

func (c *Customer) Fields(f *record.Fields) {
	c.Base.Fields(f)
	f.Text("name", &c.Name).Named().Required().Indexed()
	f.Text("number", &c.Number).Searched().Unique()
	f.Text("short_name", &c.ShortName).Searched()
	f.Choice("type", &c.Type, "company", "person")
	f.Text("tax_id", &c.TaxID).Searched().Indexed()
	f.Phone("phone", &c.Phone).Searched().Sensitive()
	f.Email("email", &c.Email).Searched().Sensitive()
	f.Text("region", &c.Region).Searched()
	f.Text("address", &c.Address).Searched().Sensitive()
	f.Text("industry", &c.Industry)
	f.Date("since", &c.Since)
	f.Long("note", &c.Note).Searched()
	f.Choice("initial", &c.Initial, Initials...).System()
	f.Text("hold", &c.Hold).System().Holding()
}

// Initials are the drawers of customers, by name.
var Initials = strings.Split("ABCDEFGHIJKLMNOPQRSTUVWXYZ#", "")

// A Contact is a person at a customer.
type Contact struct {
	record.Base
	Name     string
	Customer record.ID
	Position string
	Phone    string
	Email    string
	Note     string
}

func (*Contact) Kind() string { return "contact" }

// Heading is the name.
func (c *Contact) Heading() string { return c.Name }

func (c *Contact) Fields(f *record.Fields) {
	c.Base.Fields(f)
	f.Text("name", &c.Name).Named().Required().Indexed()
	f.Ref("customer", "customer", &c.Customer).Indexed()
	f.Text("position", &c.Position).Searched()
	f.Phone("phone", &c.Phone).Searched().Sensitive()
	f.Email("email", &c.Email).Searched().Sensitive()
	f.Long("note", &c.Note).Searched()
}
