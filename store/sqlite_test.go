package store

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"guike"
)

// A connection that opens the full-text table while another changes the schema is told "database schema has changed"; nobody who reads may see it (a field
// is added under people, and doctor looks at a folder whose server makes its indexes).
func TestReadWhileSchemaChanges(t *testing.T) {
	ctx := context.Background()
	file := filepath.Join(t.TempDir(), "guike.db")
	db, err := Open(ctx, file, guike.Kinds, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	stop, stopped := make(chan struct{}), make(chan error, 1)
	go func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				stopped <- nil
				return
			case <-time.After(time.Millisecond):
			}
			ddl := "CREATE INDEX receipts_try ON receipts (version)"
			if i%2 == 1 {
				ddl = "DROP INDEX receipts_try"
			}
			if err := db.eng.index(ctx, ddl, ""); err != nil {
				stopped <- fmt.Errorf("%s: %w", ddl, err)
				return
			}
		}
	}()
	for range 12 {
		other, err := openSQLite(ctx, file, Options{Readers: 1})
		if err != nil {
			t.Fatal(err)
		}
		if err := other.check(ctx); err != nil {
			t.Error("check:", err)
		}
		err = other.view(ctx, func(q queryer) error {
			rows, err := q.query(ctx, "SELECT rowid FROM receipts_search WHERE receipts_search MATCH ?", []any{"一"})
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
			}
			return rows.Err()
		})
		if err != nil {
			t.Error("search:", err)
		}
		if err := other.close(); err != nil {
			t.Error("close:", err)
		}
	}
	close(stop)
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

// A number below one that is already applied somewhere is refused by goose there: rooms built at the same time take the next number when they join.
func TestMigrationNumbers(t *testing.T) {
	ms, err := migrations(sqliteDialect)
	if err != nil {
		t.Fatal(err)
	}
	for i, m := range ms {
		if i > 0 && m.Version > 18 && m.Version != ms[i-1].Version+1 {
			t.Errorf("migration %d follows %d: take the next number", m.Version, ms[i-1].Version)
		}
	}
}
