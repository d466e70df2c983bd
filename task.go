package guike

import "guike/record"

// A Task is something somebody is to do by a day.
type Task struct {
	record.Base
	Subject  string
	Assignee record.ID
	DueOn    record.Date
	Priority string
	Stage    string
	Customer record.ID
	Order    record.ID
	Case     record.ID
	DoneAt   record.Time
	Note     string
}

func (*Task) Kind() string { return "task" }

// Heading is the subject.
func (t *Task) Heading() string { return t.Subject }

func (t *Task) Fields(f *record.Fields) {
	t.Base.Fields(f)
	f.Text("subject", &t.Subject).Named().Required().Indexed()
	f.Ref("assignee", "user", &t.Assignee).Indexed()
	f.Date("due_on", &t.DueOn).Indexed()
	f.Choice("priority", &t.Priority, "high", "medium", "low")
	f.Choice("stage", &t.Stage, "open", "done", "cancelled").Indexed()
	f.Ref("customer", "customer", &t.Customer).Indexed()
	f.Ref("order", "order", &t.Order).Indexed()
	f.Ref("case", "case", &t.Case).Indexed()
	f.Time("done_at", &t.DoneAt)
	f.Long("note", &t.Note).Searched()
}
