package guike

import (
	"regexp"

	"guike/record"
)

// A Comment is what somebody says about a record of any kind. Its owner said it.
type Comment struct {
	record.Base
	About string    // the kind spoken of
	Rec   record.ID // the record spoken of
	Body  string    // plain text; who is mentioned stands in it as @[name](id)
}

func (*Comment) Kind() string { return "comment" }

var mention = regexp.MustCompile(`@\[([^\[\]\n]{1,100})\]\((usr_[0-9a-z]+)\)`)

// Mentions are the users that the text names.
func (c *Comment) Mentions() (out []record.ID) {
	for _, m := range mention.FindAllStringSubmatch(c.Body, -1) {
		out = append(out, record.ID(m[2]))
	}
	return out
}

// Heading is how the text begins, as people read it.
func (c *Comment) Heading() string {
	r := []rune(mention.ReplaceAllString(c.Body, "@$1"))
	return string(r[:min(len(r), 60)])
}

func (c *Comment) Fields(f *record.Fields) {
	c.Base.Fields(f)
	f.KindName("about", &c.About).Required()
	f.RefBy("rec", "about", &c.Rec).Required().Indexed()
	f.Long("body", &c.Body).Required().Searched()
}
