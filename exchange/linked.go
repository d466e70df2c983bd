package exchange

import (
	"fmt"
	"slices"
	"strings"

	"guike"
	"guike/fold"
	"guike/record"
	"guike/store"
)

// A customer's table often has his contact in columns of the same row. Mapped to contact.name and its like, they become a contact that refers to the customer,
// written with him: it is taken back with the import, and the row counts once.

const (
	linkedKind   = "contact"
	linkedPrefix = linkedKind + "."
)

// linkedFields are what a row may say of the contact.
var linkedFields = []string{"name", "phone", "email", "position"}

// linkedField finds the field of the contact that a target of a customer's table writes.
func linkedField(k *record.Kind, target string) *record.Field {
	name, ok := strings.CutPrefix(target, linkedPrefix)
	if !ok || k.Name != "customer" || !slices.Contains(linkedFields, name) {
		return nil
	}
	for _, c := range guike.Kinds {
		if c.Name == linkedKind {
			return c.Field(name)
		}
	}
	return nil
}

// A linked is the contact that a row speaks of.
type linked struct {
	values map[string]record.Value
	cells  []string // as they stand in the file, for the note
	column string   // of the name, for reasons
}

// link reads one cell of the contact.
func (d *reading) link(c *column, cell string, v record.Value) {
	if d.contact == nil {
		d.contact = &linked{values: map[string]record.Value{}}
	}
	d.contact.values[c.f.Name] = v
	d.contact.cells = append(d.contact.cells, c.Name+"："+strings.TrimSpace(cell))
	if d.contact.column == "" || c.f.Name == "name" {
		d.contact.column = c.Name
	}
}

// settleLink keeps what is said of a contact without a name in the note: nobody can be made of it.
func (d *reading) settleLink() {
	if d.contact != nil && d.contact.values["name"].S == "" {
		d.issue(severeWarn, d.contact.column, issueKept, "")
		d.notes = append(d.notes, d.contact.cells...)
		d.contact = nil
	}
}

// contact makes the record that a row speaks of, for a customer.
func (b *batch) contact(d *reading, customer record.ID) *guike.Contact {
	v := d.contact.values
	c := &guike.Contact{Name: v["name"].S, Customer: customer, Phone: v["phone"].S, Email: v["email"].S, Position: v["position"].S}
	if b.sc.For(linkedKind).Create == record.Everything && d.rec != nil && d.id == "" {
		c.Owner, c.Department = d.rec.Head().Owner, d.rec.Head().Department // who has the customer has his contact
	}
	return c
}

// link writes the contacts of the batch whose customers do not have them yet.
func (b *batch) link() error {
	var rows []*reading
	var there []string
	for _, d := range b.rows {
		if d.contact != nil && (d.outcome == outCreated || d.outcome == outUpdated || d.outcome == outUnchanged) {
			rows = append(rows, d)
			if d.id != "" {
				there = append(there, string(d.id))
			}
		}
	}
	if len(rows) == 0 {
		return nil
	}
	have := map[string]bool{}
	key := func(customer record.ID, name string) string { return string(customer) + " " + fold.Name(name) }
	for q := (store.Query{Kind: linkedKind, Limit: store.MaxPage, Filter: record.Where("customer", "in", there)}); len(there) > 0; {
		page, err := b.tx.List(b.ctx, b.sc, q)
		if err != nil {
			return fmt.Errorf("contacts of customers: %w", err)
		}
		for _, r := range page.Records {
			c := r.(*guike.Contact)
			have[key(c.Customer, c.Name)] = true
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			break
		}
	}
	var made []record.Record
	for _, d := range rows {
		id := d.id
		if id == "" && !b.check {
			id = d.rec.Head().ID
		}
		if k := key(id, d.contact.values["name"].S); id != "" && have[k] {
			continue
		} else if id != "" {
			have[k] = true
		}
		if d.outcome == outUnchanged {
			d.outcome = outUpdated // the customer stays as he is, but the row did something
		}
		made = append(made, b.contact(d, id))
	}
	if b.check || len(made) == 0 {
		return nil
	}
	if err := b.tx.Create(b.ctx, made...); err != nil {
		return fmt.Errorf("contacts: %w", err)
	}
	return nil
}
