package guike

import "guike/record"

// A Notice tells one person, its owner, what concerns him. What was done to many records at once is one notice that counts them.
type Notice struct {
	record.Base
	Why    string
	About  string    // the kind spoken of
	Rec    record.ID // the record spoken of, the first of many
	Name   string    // its title when he was told
	Body   string    // what was said
	By     record.ID // who did it
	Count  int64     // how many records
	Key    string    // what it is told once for
	ReadAt record.Time
}

// Why somebody is told.
const (
	NoticeMentioned = "mentioned" // somebody named him in a comment
	NoticeAssigned  = "assigned"  // a record was given to him
	NoticeReview    = "review"    // a change waits for his consent
	NoticeAccepted  = "accepted"  // what he proposed was agreed to
	NoticeRefused   = "refused"   // or not
	NoticeImported  = "imported"  // his import has ended
	NoticeFailed    = "failed"    // or could not be done
)

func (*Notice) Kind() string { return "notice" }

// Heading is what it is about.
func (n *Notice) Heading() string { return n.Name }

func (n *Notice) Fields(f *record.Fields) {
	n.Base.Fields(f)
	f.Choice("why", &n.Why, NoticeMentioned, NoticeAssigned, NoticeReview, NoticeAccepted, NoticeRefused, NoticeImported, NoticeFailed).Required()
	f.Text("about", &n.About).Required()
	f.Text("rec", (*string)(&n.Rec)).Required()
	f.Text("name", &n.Name)
	f.Text("body", &n.Body)
	f.Ref("by", "user", &n.By)
	f.Int("count", &n.Count)
	f.Text("key", &n.Key).Required().Unique()
	f.Time("read_at", &n.ReadAt)
}
