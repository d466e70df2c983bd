package guike

import "guike/record"

// A Mailbox is read over IMAP: each mail that arrives becomes a document, with what is attached to it. Written by the verbs of message.
type Mailbox struct {
	record.Base
	Name     string
	Host     string
	Port     int64
	Security string // tls, starttls, or none on this very machine
	Login    string
	Password string
	Folder   string    // INBOX where it is empty
	User     record.ID // in whose name mails are taken in
	Paused   bool
	// What the house knows of it.
	State     string
	Reason    string      // why it fails, or what it left out last: a message key, "|" and what it is about
	Validity  int64       // of the folder's numbers (UIDVALIDITY)
	Last      int64       // UID of the last mail that was seen to
	Taken     int64       // mails
	Skipped   int64       // mails too large
	CheckedAt record.Time // when its state changed last, or mail came
}

// States of a mailbox.
const (
	MailboxNew       = "new"
	MailboxFollowing = "following"
	MailboxFailing   = "failing"
	MailboxPaused    = "paused"
)

func (*Mailbox) Kind() string { return "mailbox" }

// Heading is the name.
func (m *Mailbox) Heading() string { return m.Name }

func (m *Mailbox) Fields(f *record.Fields) {
	m.Base.Fields(f)
	f.Text("name", &m.Name).Required()
	f.Text("host", &m.Host).Required()
	f.Int("port", &m.Port)
	f.Choice("security", &m.Security, "tls", "starttls", "none").Required()
	f.Text("login", &m.Login).Required()
	f.Text("password", &m.Password).Secret()
	f.Text("folder", &m.Folder)
	f.Ref("user", "user", &m.User).Required().Indexed()
	f.Bool("paused", &m.Paused)
	f.Choice("state", &m.State, MailboxNew, MailboxFollowing, MailboxFailing, MailboxPaused)
	f.Text("reason", &m.Reason)
	f.Int("validity", &m.Validity)
	f.Int("last", &m.Last)
	f.Int("taken", &m.Taken)
	f.Int("skipped", &m.Skipped)
	f.Time("checked_at", &m.CheckedAt)
}
