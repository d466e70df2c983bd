package guike

import "guike/record"

// An Order is what a customer wants and what becomes of it, from enquiry to delivery.
type Order struct {
	record.Base
	Number    string
	Customer  record.ID
	Contact   record.ID
	OrderedOn record.Date
	Stage     string
	Amount    record.Money
	Address   string
	Lines     string // JSON: [{product,name,quantity,price,amount}]
	Note      string
	Paid      record.Money // by slips that are matched with it
}

// A Line is one position of an order. Quantity may be fractional; Amount is what is asked for it, discounts included.
type Line struct {
	Product  record.ID    `json:"product,omitempty"`
	Name     string       `json:"name"`
	Quantity float64      `json:"quantity"`
	Price    record.Money `json:"price"`
	Amount   record.Money `json:"amount"`
}

func (l *Line) fields(f *record.Fields) {
	f.Ref("product", "product", &l.Product)
	f.Text("name", &l.Name).Required()
	f.Float("quantity", &l.Quantity)
	f.Money("price", &l.Price)
	f.Money("amount", &l.Amount)
}

func (*Order) Kind() string { return "order" }

// Heading is the number.
func (o *Order) Heading() string { return o.Number }

func (o *Order) Fields(f *record.Fields) {
	o.Base.Fields(f)
	f.Text("number", &o.Number).Required().Searched().Unique()
	f.Ref("customer", "customer", &o.Customer).Indexed().ByDay()
	f.Ref("contact", "contact", &o.Contact).Indexed()
	f.Date("ordered_on", &o.OrderedOn).Indexed().Dated()
	f.Choice("stage", &o.Stage, "new", "confirmed", "producing", "shipped", "done", "cancelled")
	f.Money("amount", &o.Amount).Indexed()
	f.Text("address", &o.Address).Searched().Sensitive()
	f.Lines("lines", &o.Lines, new(Line).fields).Searched()
	f.Long("note", &o.Note).Searched()
	f.Money("paid", &o.Paid).System().Indexed()
}
