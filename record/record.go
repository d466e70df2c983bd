// Package record says what a record is: its fields, named once; its values; the filter that finds it; the scope that may see it; the change that
// is kept of it; the error that is answered. It knows no database, no clock and no network, and imports only the standard library.
//
// Read this file first, then fields.go (how a noun names its fields), filter.go and bind.go (how a condition becomes constants), eval.go (the
// reader in memory; the reader in SQL is store/where.go).
package record

// A Record is one noun: a pointer to a struct that embeds Base and names its fields.
type Record interface {
	Kind() string
	Fields(*Fields)
	Head() *Base
	// Heading is the line by which people know the record, made from its other fields. It is stored at each write and answered with every
	// reference.
	Heading() string
}

// Status says whether required facts are enforced.
const (
	Draft  = "draft"
	Active = "active"
)

// Base is what every record has. N is the row's small number: tie-breaker of every order, key of search and links; it is never shown.
type Base struct {
	ID         ID
	N          int64
	Version    int64
	Title      string
	Status     string
	Owner      ID
	Department ID
	CreatedAt  Time
	UpdatedAt  Time
	DeletedAt  Time

	// X holds the custom fields and dimensions by their position in the catalogue. A record bound under a newer catalogue grows by empty values.
	X []Value
}

// Head returns the record's base.
func (b *Base) Head() *Base { return b }

// Fields names the fields that every kind has. Nouns call it first.
func (b *Base) Fields(f *Fields) {
	f.own("id", Text, (*string)(&b.ID)).System()
	f.Int("n", &b.N).System().Secret()
	f.Int("version", &b.Version).System()
	f.Text("title", &b.Title).System()
	f.Choice("status", &b.Status, Draft, Active).System()
	f.Ref("owner", "user", &b.Owner)
	f.Ref("department", "department", &b.Department)
	f.Time("created_at", &b.CreatedAt).System()
	f.Time("updated_at", &b.UpdatedAt).System()
	f.Time("deleted_at", &b.DeletedAt).System()
}

// Positions of the base fields, the same in every kind.
const (
	PosID = iota
	PosN
	PosVersion
	PosTitle
	PosStatus
	PosOwner
	PosDepartment
	PosCreatedAt
	PosUpdatedAt
	PosDeletedAt
	baseFields
)
