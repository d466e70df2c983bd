package guike

import "guike/record"

// A Case is something a customer brings: a complaint, a fault, a question, a wish. Its type is a dimension, whose list of values people keep; its stage
// says how far it is.
type Case struct {
	record.Base
	Subject    string
	Customer   record.ID
	Contact    record.ID
	Order      record.ID
	Receipt    record.ID
	Product    record.ID
	Source     string // how it came
	Priority   string
	Stage      string
	Assignee   record.ID
	OpenedAt   record.Time // when the customer brought it
	DueAt      record.Time
	ResolvedAt record.Time
	Body       string
	Resolution string
}

func (*Case) Kind() string { return "case" }

// Heading is the subject.
func (c *Case) Heading() string { return c.Subject }

func (c *Case) Fields(f *record.Fields) {
	c.Base.Fields(f)
	f.Text("subject", &c.Subject).Named().Required().Indexed()
	f.Ref("customer", "customer", &c.Customer).Indexed().ByDay()
	f.Ref("contact", "contact", &c.Contact).Indexed()
	f.Ref("order", "order", &c.Order).Indexed()
	f.Ref("receipt", "receipt", &c.Receipt).Indexed()
	f.Ref("product", "product", &c.Product).Indexed()
	f.Choice("source", &c.Source, "phone", "email", "chat", "web", "visit", "other")
	f.Choice("priority", &c.Priority, "high", "medium", "low").Indexed()
	f.Choice("stage", &c.Stage, "new", "open", "waiting", "resolved", "closed").Indexed()
	f.Ref("assignee", "user", &c.Assignee).Indexed()
	f.Time("opened_at", &c.OpenedAt).Indexed().Dated()
	f.Time("due_at", &c.DueAt).Indexed()
	f.Time("resolved_at", &c.ResolvedAt)
	f.Long("body", &c.Body).Searched()
	f.Long("resolution", &c.Resolution).Searched()
}
