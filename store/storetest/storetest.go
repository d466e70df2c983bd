// Package storetest gives tests real databases: each test runs on SQLite and on PostgreSQL.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"guike"
	"guike/record"
	"guike/store"
)

// Env names the variable with the URL of the PostgreSQL server that tests may make schemas in. `make test` starts one and sets it.
const Env = "GUIKE_TEST_POSTGRES"

// template is a workspace's file, migrated once a run.
var template = sync.OnceValues(func() (b []byte, err error) {
	dir, err := os.MkdirTemp("", "guike-template-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	file := filepath.Join(dir, "guike.db")
	db, err := store.Open(context.Background(), file, guike.Kinds, store.Options{})
	if err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(file)
})

// Each runs a test on both databases, in subtests "sqlite" and "postgres".
func Each(t *testing.T, fn func(t *testing.T, db *store.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { fn(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { fn(t, Postgres(t)) })
}

// EachAt is Each under a clock of the test's own.
func EachAt(t *testing.T, now func() time.Time, fn func(t *testing.T, db *store.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { fn(t, sqlite(t, store.Options{Now: now})) })
	t.Run("postgres", func(t *testing.T) { fn(t, open(t, PostgresURL(t), store.Options{Now: now})) })
}

// SQLite opens an empty workspace in a file of the test's own, copied from one that was migrated once a run.
func SQLite(t testing.TB) *store.DB {
	t.Helper()
	return sqlite(t, store.Options{})
}

func sqlite(t testing.TB, o store.Options) *store.DB {
	t.Helper()
	b, err := template()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "guike.db")
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return open(t, file, o)
}

// Postgres opens an empty workspace in a schema of the test's own, dropped afterwards. It fails where no server is given: a second database that is
// skipped silently dies.
func Postgres(t testing.TB) *store.DB {
	t.Helper()
	return open(t, PostgresURL(t), store.Options{})
}

// PostgresURL names a schema of the test's own.
func PostgresURL(t testing.TB) string {
	t.Helper()
	addr := os.Getenv(Env)
	if addr == "" {
		t.Fatalf("%s is not set: run `make test`, or scripts/with-postgres go test …", Env)
	}
	u, err := url.Parse(addr)
	if err != nil {
		t.Fatal(err)
	}
	schema := "t_" + strings.TrimPrefix(string(record.NewID("x")), "x_")
	q := u.Query()
	q.Set("guike_schema", schema)
	u.RawQuery = q.Encode()
	t.Cleanup(func() {
		// What a killed server had begun may still be at work for a moment, and in the way.
		err := store.DropSchema(context.Background(), u.String())
		for try := 0; err != nil && try < 10; try++ {
			time.Sleep(500 * time.Millisecond)
			err = store.DropSchema(context.Background(), u.String())
		}
		if err != nil {
			t.Error(fmt.Errorf("drop schema: %w", err))
		}
	})
	return u.String()
}

func open(t testing.TB, addr string, o store.Options) *store.DB {
	t.Helper()
	db, err := store.Open(context.Background(), addr, guike.Kinds, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}
