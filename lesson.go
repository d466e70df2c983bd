package guike

import "guike/record"

// A Lesson is what a person's correction taught: at which label the papers of one form say a fact. Written by the verbs of ingest.
type Lesson struct {
	record.Base
	Key    string // of its form, to find it by
	Issuer string // of the form: whose papers
	Form   string // what they are called
	Words  string // JSON: the words that each of them has
	Fact   string // a receipt's field
	Label  string // as printed
	Way    string // where the value stands, seen from the label
	Place  int64  // which of the labels of these words it is, in reading order from 1
	Places int64  // how many of them a paper has

	Document     record.ID // from whose correction it was learnt; the owner made that
	Confirmed    int64     // papers of which a person found it right, the first among them
	Contradicted int64     // papers of which a person found it wrong
	Paused       bool
}

func (*Lesson) Kind() string { return "lesson" }

// Heading is the label.
func (l *Lesson) Heading() string { return l.Label }

// Applied says whether papers are read by it: a lesson that was wrong more often than right is let alone.
func (l *Lesson) Applied() bool { return !l.Paused && l.Contradicted <= l.Confirmed }

// Trust is how likely it is right, 0–1 (Laplace's rule of succession).
func (l *Lesson) Trust() float64 {
	return float64(l.Confirmed+1) / float64(l.Confirmed+l.Contradicted+2)
}

func (l *Lesson) Fields(f *record.Fields) {
	l.Base.Fields(f)
	f.Text("key", &l.Key).System().Secret().Indexed()
	f.Text("issuer", &l.Issuer).System()
	f.Text("form", &l.Form).System()
	f.JSON("words", &l.Words).System()
	f.Text("fact", &l.Fact).System()
	f.Text("label", &l.Label).Required()
	f.Choice("way", &l.Way, "right", "below").System()
	f.Int("place", &l.Place).System()
	f.Int("places", &l.Places).System()
	f.Ref("document", "document", &l.Document).System().Indexed()
	f.Int("confirmed", &l.Confirmed).System()
	f.Int("contradicted", &l.Contradicted).System()
	f.Bool("paused", &l.Paused)
}
