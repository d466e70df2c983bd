package guike

import "guike/record"

// A User is a person who may log in.
type User struct {
	record.Base
	Name        string
	Login       string
	Role        string
	Language    string
	Password    string // argon2id, PHC string format
	Disabled    bool
	FailedCount int64
	LockedUntil record.Time
}

func (*User) Kind() string { return "user" }

// Heading is the name.
func (u *User) Heading() string { return u.Name }

func (u *User) Fields(f *record.Fields) {
	u.Base.Fields(f)
	f.Text("name", &u.Name).Named().Required().Indexed()
	f.Text("login", &u.Login).Required().Searched().Unique()
	f.Text("role", &u.Role).Required()
	f.Text("language", &u.Language)
	f.Text("password", &u.Password).Secret()
	f.Bool("disabled", &u.Disabled)
	f.Int("failed_count", &u.FailedCount).Secret()
	f.Time("locked_until", &u.LockedUntil).Secret()
}

// A Department is a department: a part of the company that owns records. Every record's head refers to one.
type Department struct {
	record.Base
	Name   string
	Parent record.ID
}

func (*Department) Kind() string { return "department" }

// Heading is the name.
func (d *Department) Heading() string { return d.Name }

func (d *Department) Fields(f *record.Fields) {
	d.Base.Fields(f)
	f.Text("name", &d.Name).Named().Required().Indexed()
	f.Ref("parent", "department", &d.Parent)
}

// A Role says what its users may do: per kind and action a reach.
type Role struct {
	record.Base
	Name   string // owner, manager, member, viewer, or the workspace's own
	Label  string
	Grants string // JSON access.Grants
}

func (*Role) Kind() string { return "role" }

// Heading is the label.
func (r *Role) Heading() string { return r.Label }

func (r *Role) Fields(f *record.Fields) {
	r.Base.Fields(f)
	f.Text("name", &r.Name).Required().Unique()
	f.Text("label", &r.Label)
	f.JSON("grants", &r.Grants)
}

// A Token lets a program in. Only its hash is kept.
type Token struct {
	record.Base
	Name      string
	User      record.ID // as whom it acts
	Role      string    // at most what the user may do
	Hash      string
	RowCap    int64
	ExpiresOn record.Date
	Revoked   bool
	UsedAt    record.Time
}

func (*Token) Kind() string { return "token" }

// Heading is the name.
func (t *Token) Heading() string { return t.Name }

func (t *Token) Fields(f *record.Fields) {
	t.Base.Fields(f)
	f.Text("name", &t.Name).Required()
	f.Ref("user", "user", &t.User).Required().Indexed()
	f.Text("role", &t.Role).Required()
	f.Text("hash", &t.Hash).Secret().Unique()
	f.Int("row_cap", &t.RowCap)
	f.Date("expires_on", &t.ExpiresOn)
	f.Bool("revoked", &t.Revoked)
	f.Time("used_at", &t.UsedAt)
}
