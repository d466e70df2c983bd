package guike

import "guike/record"

// An Enclosure is what a person says of a document and a dossier: that it belongs there, or that it does not though it seems to. What else is in a dossier is not
// kept: it is what the links between records say. Written only by the verbs of match.
type Enclosure struct {
	record.Base
	Document record.ID
	Order    record.ID // whose dossier
	Receipt  record.ID // whose, where there is no order
	Removed  bool      // it does not belong there
	Pair     string    // document and dossier: one of each, for ever
}

func (*Enclosure) Kind() string { return "enclosure" }

// Heading is nothing of its own: whoever sees an enclosure sees the two that it joins.
func (e *Enclosure) Heading() string { return "" }

// Derive sets the pair.
func (e *Enclosure) Derive() { e.Pair = string(e.Document) + "|" + string(e.Order+e.Receipt) }

func (e *Enclosure) Fields(f *record.Fields) {
	e.Base.Fields(f)
	f.Ref("document", "document", &e.Document).Required().Indexed()
	f.Ref("order", "order", &e.Order).Indexed()
	f.Ref("receipt", "receipt", &e.Receipt).Indexed()
	f.Bool("removed", &e.Removed)
	f.Text("pair", &e.Pair).System().Unique()
}
