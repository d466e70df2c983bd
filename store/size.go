package store

import "context"

// Size is how many bytes the database takes.
func (db *DB) Size(ctx context.Context) (n int64, err error) {
	q := "SELECT (SELECT page_count FROM pragma_page_count) * (SELECT page_size FROM pragma_page_size)"
	if db.Dialect() == "postgres" {
		q = "SELECT pg_database_size(current_database())"
	}
	return n, db.One(ctx, q, nil, &n)
}

// A Measure is how many records there are of a kind, the trash included.
type Measure struct {
	Kind  string
	Rows  int64
	About bool // an estimate of the database's own
}

// exactly is up to how many rows PostgreSQL is asked to count: it reads the whole table for it.
const exactly = 100_000

// Measure counts the records of every kind, in the order of the menu.
func (db *DB) Measure(ctx context.Context) ([]Measure, error) {
	cat, err := db.Catalogue(ctx, false)
	if err != nil {
		return nil, err
	}
	var out []Measure
	for _, k := range cat.Kinds() {
		m := Measure{Kind: k.Name}
		if db.Dialect() == "postgres" {
			if err := db.One(ctx, "SELECT coalesce(max(reltuples), 0)::bigint FROM pg_class WHERE oid = to_regclass(?)", []any{k.Plural}, &m.Rows); err != nil {
				return nil, err
			}
			m.About = m.Rows > exactly
		}
		if !m.About {
			if err := db.One(ctx, "SELECT count(*) FROM "+k.Plural, nil, &m.Rows); err != nil {
				return nil, err
			}
		}
		out = append(out, m)
	}
	return out, nil
}
