package guike

import "guike/record"

// A Comment is what somebody says about a record of any kind.
type Comment struct {
	record.Base
	About string    // the kind spoken of
	Rec   record.ID // the record spoken of
	Body  string
}

func (*Comment) Kind() string { return "comment" }

// Heading is how the text begins.
func (c *Comment) Heading() string {
	r := []rune(c.Body)
	return string(r[:min(len(r), 60)])
}

func (c *Comment) Fields(f *record.Fields) {
	c.Base.Fields(f)
	f.Text("about", &c.About).Required()
	f.Text("rec", (*string)(&c.Rec)).Required().Indexed()
	f.Long("body", &c.Body).Required().Searched()
}
