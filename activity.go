package guike

import "guike/record"

// An Activity is one contact with a customer, or a note about him.
type Activity struct {
	record.Base
	Type       string
	Subject    string
	Customer   record.ID
	Contact    record.ID
	Order      record.ID
	Case       record.ID
	HappenedAt record.Time
	Minutes    int64
	Direction  string
	Body       string
	Document   record.ID // the mail it is known from
}

func (*Activity) Kind() string { return "activity" }

// Heading is the subject.
func (a *Activity) Heading() string { return a.Subject }

func (a *Activity) Fields(f *record.Fields) {
	a.Base.Fields(f)
	f.Choice("type", &a.Type, "call", "mail", "meeting", "visit", "chat", "note").Required()
	f.Text("subject", &a.Subject).Named().Required().Indexed()
	f.Ref("customer", "customer", &a.Customer).Indexed().ByDay()
	f.Ref("contact", "contact", &a.Contact).Indexed()
	f.Ref("order", "order", &a.Order).Indexed()
	f.Ref("case", "case", &a.Case).Indexed()
	f.Time("happened_at", &a.HappenedAt).Indexed().Dated()
	f.Int("minutes", &a.Minutes)
	f.Choice("direction", &a.Direction, "in", "out")
	f.Long("body", &a.Body).Searched()
	f.Ref("document", "document", &a.Document).Indexed()
}
