package guike

import "guike/record"

// A Proposal is a change of a field that somebody has to agree to first. The record stays as it is until he does.
type Proposal struct {
	record.Base
	Of       string // the kind
	Rec      record.ID
	Field    string
	Before   string // JSON: what the field held when it was proposed
	Value    string // JSON: what it is to hold
	State    string
	Reviewer record.ID
	Note     string // the reviewer's, where he refused
}

// States of a proposal.
const (
	ProposalWaiting   = "waiting"
	ProposalAccepted  = "accepted"
	ProposalRefused   = "refused"
	ProposalWithdrawn = "withdrawn"
)

func (*Proposal) Kind() string { return "proposal" }

// Heading is the field proposed.
func (p *Proposal) Heading() string { return p.Of + "." + p.Field }

func (p *Proposal) Fields(f *record.Fields) {
	p.Base.Fields(f)
	f.Text("of", &p.Of).Required()
	f.Text("rec", (*string)(&p.Rec)).Required().Indexed()
	f.Text("field", &p.Field).Required()
	f.JSON("before", &p.Before)
	f.JSON("value", &p.Value)
	f.Choice("state", &p.State, ProposalWaiting, ProposalAccepted, ProposalRefused, ProposalWithdrawn).Indexed()
	f.Ref("reviewer", "user", &p.Reviewer).Indexed()
	f.Text("note", &p.Note)
}
