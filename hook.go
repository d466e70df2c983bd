package guike

import "guike/record"

// A Hook is an address to which another system sends what happens there, signed: a shop its orders, a bank its notices. What each delivery became stands with the
// deliveries, not here. Written only by the verbs of message.
type Hook struct {
	record.Base
	Name     string
	Target   string
	Of       string    // the kind that its rows are; "" for documents
	Profile  string    // of imports, by which its rows are read; "" is by their names
	Scheme   string    // by which it is signed
	Secret   string    // in clear: both sides compute with it
	Customer record.ID // whose its documents are
	User     record.ID // in whose name it is taken in
	Paused   bool
}

// What a hook's deliveries become.
const (
	HookDocuments = "documents" // each is a file
	HookRecords   = "records"   // each is rows of one kind, as JSON
)

// How deliveries are signed.
const (
	HookStandard = "standard" // Standard Webhooks 1.0
	HookHub      = "hub"      // X-Hub-Signature-256
)

func (*Hook) Kind() string { return "hook" }

// Heading is the name.
func (h *Hook) Heading() string { return h.Name }

func (h *Hook) Fields(f *record.Fields) {
	h.Base.Fields(f)
	f.Text("name", &h.Name).Required()
	f.Choice("target", &h.Target, HookDocuments, HookRecords).Required()
	f.Text("of", &h.Of)
	f.Text("profile", &h.Profile)
	f.Choice("scheme", &h.Scheme, HookStandard, HookHub).Required()
	f.Text("secret", &h.Secret).Secret()
	f.Ref("customer", "customer", &h.Customer).Indexed()
	f.Ref("user", "user", &h.User).Required().Indexed()
	f.Bool("paused", &h.Paused)
}
