package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"regexp"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migrate brings the schema up to date: forward only, numbered, once whatever starts at the same time.
func migrate(ctx context.Context, d *dialect, goed goose.Dialect, db *sql.DB, opts ...goose.ProviderOption) error {
	ms, err := migrations(d)
	if err != nil {
		return err
	}
	opts = append(opts, goose.WithGoMigrations(ms...), goose.WithDisableGlobalRegistry(true))
	p, err := goose.NewProvider(goed, db, nil, opts...)
	if err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}

// migrations reads the embedded texts and puts the dialect's fragments in.
func migrations(d *dialect) ([]*goose.Migration, error) {
	names, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	var ms []*goose.Migration
	for _, name := range names {
		b, err := migrationFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		no, err := strconv.ParseInt(strings.TrimPrefix(name, "migrations/")[:4], 10, 64)
		if err != nil {
			return nil, fmt.Errorf("migration %s has no number", name)
		}
		text := d.expand(string(b))
		ms = append(ms, goose.NewGoMigration(no, &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, text)
			return err
		}}, nil))
	}
	return ms, nil
}

var searchLine = regexp.MustCompile(`(?m)^\{search (\w+)\};$`)
var onlyLine = regexp.MustCompile(`(?m)^\{(sqlite|postgres)\} (.*)$`)

// expand puts the dialect's words for the fragments of a migration.
func (d *dialect) expand(text string) string {
	text = searchLine.ReplaceAllStringFunc(text, func(line string) string {
		return d.searchTable(searchLine.FindStringSubmatch(line)[1])
	})
	text = onlyLine.ReplaceAllStringFunc(text, func(line string) string {
		m := onlyLine.FindStringSubmatch(line)
		if m[1] == d.name {
			return m[2]
		}
		return ""
	})
	return d.types.Replace(text)
}

// searchTable makes the full-text table of a kind: one row a record, its tokens written by the application, apart from the record so that an update of
// the record does not enter the index again.
func (d *dialect) searchTable(plural string) string {
	if d.name == "sqlite" {
		return fmt.Sprintf(`CREATE VIRTUAL TABLE %s_search USING fts5(v, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 0 categories 'L* N* M* Co'");`, plural)
	}
	return fmt.Sprintf("CREATE TABLE %[1]s_search (n bigint PRIMARY KEY, v tsvector NOT NULL);\nCREATE INDEX %[1]s_search_v ON %[1]s_search USING gin (v);", plural)
}

func (e *sqliteEngine) migrate(ctx context.Context) error {
	return migrate(ctx, sqliteDialect, goose.DialectSQLite3, e.w)
}

func (e *postgresEngine) migrate(ctx context.Context) error {
	if _, err := e.pool.Exec(ctx, "CREATE SCHEMA IF NOT EXISTS "+quote(e.schema)); err != nil {
		// Two servers starting at once may both find it missing; the loser's error is that it is there.
		if _, again := e.pool.Exec(ctx, "CREATE SCHEMA IF NOT EXISTS "+quote(e.schema)); again != nil {
			return err
		}
	}
	l, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return err
	}
	db := stdlib.OpenDBFromPool(e.pool)
	defer db.Close()
	return migrate(ctx, postgresDialect, goose.DialectPostgres, db, goose.WithSessionLocker(l))
}
