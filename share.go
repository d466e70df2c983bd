package guike

import "guike/record"

// A Share lets somebody outside see one record through a secret link: some of its fields, its pages with words drawn over them. What is shown is decided when
// it is opened, with the rights that its owner has then. Written only by the verbs of share.
type Share struct {
	record.Base
	About       string // kind of the record
	Rec         record.ID
	Name        string // of the record, when the link was made
	Receiver    string // whom it is for; drawn over the pages
	Shown       string // JSON list of field names
	Original    bool   // the file itself may be saved; else its pages are only seen
	Hash        string // of the link's secret
	Password    string // argon2id, PHC string format; "" where the link is enough
	Guarded     bool   // there is a password
	ExpiresAt   record.Time
	Most        int64 // openings; 0 is any number
	Opened      int64
	OpenedAt    record.Time
	RevokedAt   record.Time
	FailedCount int64
	LockedUntil record.Time
}

func (*Share) Kind() string { return "share" }

// Heading is the name of what is shared.
func (s *Share) Heading() string { return s.Name }

func (s *Share) Fields(f *record.Fields) {
	s.Base.Fields(f)
	f.Text("about", &s.About).Required()
	f.Text("rec", (*string)(&s.Rec)).Required().Indexed()
	f.Text("name", &s.Name).Searched()
	f.Text("receiver", &s.Receiver).Searched()
	f.JSON("shown", &s.Shown)
	f.Bool("original", &s.Original)
	f.Text("hash", &s.Hash).Secret().Unique()
	f.Text("password", &s.Password).Secret()
	f.Bool("guarded", &s.Guarded)
	f.Time("expires_at", &s.ExpiresAt).Required().Indexed()
	f.Int("most", &s.Most)
	f.Int("opened", &s.Opened)
	f.Time("opened_at", &s.OpenedAt)
	f.Time("revoked_at", &s.RevokedAt)
	f.Int("failed_count", &s.FailedCount).Secret()
	f.Time("locked_until", &s.LockedUntil).Secret()
}
