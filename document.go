package guike

import "guike/record"

// A Document is a file as it arrived, kept byte for byte under its SHA-256, and what became of it.
type Document struct {
	record.Base
	Name     string // as it arrived
	Path     string // its unique name in the cabinet, made by the naming template
	Mime     string // found by looking, never from the extension
	Size     int64  // bytes
	SHA256   string
	Pages    int64
	State    string
	Reason   string // code: why it waits or failed
	Detail   string // in words
	Source   string // upload, folder, cli, api, demo
	Arrivals int64  // how often the same bytes came
	Text     string // what its pages say, for search
	Reading  string // JSON: pages and papers with facts, checks and what became of each
	Step     int64  // version of the reader that made Reading
	Form     string // by which papers of one form are found, of its first paper
	Folder   record.ID
	Customer record.ID

	Container record.ID   // the archive or mail that it came in
	Paper     string      // what its first receipt is: slip, voucher, invoice, sales, after_sales
	DatedOn   record.Date // the day that it bears: that of its first receipt, or what a person says
	Hold      string      // why it may not be removed for ever; "" where it may
	Message   string      // a mail's Message-ID (RFC 5322, 3.6.4)
	Edition   int64       // which of its files this is: 1, and one more each time that another took its place

	TakenBy    record.ID   // who is working on it
	TakenUntil record.Date // the last day of that
	TakenFor   string      // what for
}

// States of a document.
const (
	DocReceived = "received" // kept, not yet read
	DocFiled    = "filed"    // every paper in it has its place
	DocWaiting  = "waiting"  // a person is needed
	DocFailed   = "failed"   // could not be read
)

func (*Document) Kind() string { return "document" }

// Heading is the cabinet name, or the name it came with.
func (d *Document) Heading() string { return d.Name }

// Derive numbers the first file.
func (d *Document) Derive() { d.Edition = max(1, d.Edition) }

// Taken reports whether somebody is working on it today: a day that has passed ends it.
func (d *Document) Taken(today record.Date) bool { return d.TakenBy != "" && d.TakenUntil >= today }

func (d *Document) Fields(f *record.Fields) {
	d.Base.Fields(f)
	f.Text("name", &d.Name).Named().Required().Indexed()
	f.Text("path", &d.Path).System().Searched().Unique()
	f.Text("mime", &d.Mime).System()
	f.Int("size", &d.Size).System()
	f.Text("sha256", &d.SHA256).System().Unique()
	f.Int("pages", &d.Pages).System()
	f.Choice("state", &d.State, DocReceived, DocFiled, DocWaiting, DocFailed).System().Indexed()
	f.Text("reason", &d.Reason).System()
	f.Text("detail", &d.Detail).System()
	f.Text("source", &d.Source).System()
	f.Int("arrivals", &d.Arrivals).System()
	f.Long("text", &d.Text).System().Searched().Secret()
	f.JSON("reading", &d.Reading).System().Secret()
	f.Int("step", &d.Step).System().Secret()
	f.Text("form", &d.Form).System().Secret().Indexed()
	f.Ref("folder", "folder", &d.Folder).Indexed()
	f.Ref("customer", "customer", &d.Customer).Indexed()
	f.Ref("container", "document", &d.Container).Indexed()
	f.Text("message", &d.Message).System().Indexed()
	f.Choice("paper", &d.Paper, "slip", "voucher", "invoice", "sales", "after_sales").System()
	f.Date("dated_on", &d.DatedOn)
	f.Text("hold", &d.Hold).System().Holding()
	f.Int("edition", &d.Edition).System()
	f.Ref("taken_by", "user", &d.TakenBy).System().Indexed()
	f.Date("taken_until", &d.TakenUntil).System()
	f.Text("taken_for", &d.TakenFor).System()
}
