package guike

import "guike/record"

// A Match says that a slip is about an order, an invoice or a line of a bank statement, for how much of its amount, and why. Written only by the verbs of
// match: they see to it that nothing is allotted twice.
type Match struct {
	record.Base
	Receipt    record.ID // the slip
	Of         string    // which of the three it is about
	Order      record.ID
	Invoice    record.ID
	Entry      record.ID
	Amount     record.Money // allotted
	Confidence float64      // 0 to 1
	Reason     string       // JSON: [{"by":"number","points":6}], in the order of their weight
	State      string
	Fills      string // the slip's fields that it filled in, with commas: what its end empties again
	Learnt     string // JSON: by how much the answer to it moved each weight
	Pair       string // slip and target: one match each, for ever
}

// What a slip is matched with.
const (
	MatchOrder   = "order"
	MatchInvoice = "invoice"
	MatchEntry   = "entry"
)

// States of a match. Automatic and confirmed ones claim their amount.
const (
	MatchProposed  = "proposed"
	MatchAutomatic = "automatic"
	MatchConfirmed = "confirmed"
	MatchRejected  = "rejected"  // by a person; never proposed again
	MatchWithdrawn = "withdrawn" // by the house: it no longer holds
)

func (*Match) Kind() string { return "match" }

// Heading is what the slip is matched with: no amount, which not everybody may see.
func (m *Match) Heading() string { return m.Of }

// Target is the record that the slip is matched with.
func (m *Match) Target() record.ID { return m.Order + m.Invoice + m.Entry }

// Claims reports whether the match holds its amount of both sides.
func (m *Match) Claims() bool { return m.State == MatchAutomatic || m.State == MatchConfirmed }

// Derive sets the pair.
func (m *Match) Derive() { m.Pair = string(m.Receipt) + "|" + string(m.Target()) }

func (m *Match) Fields(f *record.Fields) {
	m.Base.Fields(f)
	f.Ref("receipt", "receipt", &m.Receipt).Required().Indexed()
	f.Choice("of", &m.Of, MatchOrder, MatchInvoice, MatchEntry).Required()
	f.Ref("order", "order", &m.Order).Indexed()
	f.Ref("invoice", "receipt", &m.Invoice).Indexed()
	f.Ref("entry", "entry", &m.Entry).Indexed()
	f.Money("amount", &m.Amount)
	f.Float("confidence", &m.Confidence)
	f.JSON("reason", &m.Reason)
	f.Choice("state", &m.State, MatchProposed, MatchAutomatic, MatchConfirmed, MatchRejected, MatchWithdrawn).Required().Indexed()
	f.Text("fills", &m.Fills).System()
	f.JSON("learnt", &m.Learnt).System().Secret()
	f.Text("pair", &m.Pair).System().Unique()
}
