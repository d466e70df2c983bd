package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"sync"
	"time"

	"guike/record"

	"modernc.org/sqlite"
)

// sqliteEngine has one connection that writes (BEGIN IMMEDIATE) and a pool that reads.
type sqliteEngine struct {
	w, r *sql.DB
	dsn  string
	mu   sync.Mutex // waits in Go rather than in SQLite's busy loop
}

func openSQLite(ctx context.Context, file string, o Options) (*sqliteEngine, error) {
	if o.CacheMiB == 0 {
		o.CacheMiB = 16
	}
	if o.Readers == 0 {
		o.Readers = 4
	}
	dsn := func(extra string) string {
		u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: file}).EscapedPath()}
		return u.String() + fmt.Sprintf("?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=foreign_keys(1)&_pragma=cache_size(-%d)&_pragma=temp_store(2)%s",
			o.CacheMiB*1024, extra)
	}
	w, err := sql.Open("sqlite", dsn("&_pragma=synchronous(FULL)&_txlock=immediate"))
	if err != nil {
		return nil, err
	}
	w.SetMaxOpenConns(1)
	if err := w.PingContext(ctx); err != nil {
		w.Close()
		return nil, err
	}
	r, err := sql.Open("sqlite", dsn("&_pragma=query_only(1)"))
	if err != nil {
		w.Close()
		return nil, err
	}
	r.SetMaxOpenConns(o.Readers)
	r.SetMaxIdleConns(o.Readers)
	return &sqliteEngine{w: w, r: r, dsn: dsn("")}, nil
}

func (e *sqliteEngine) dialect() *dialect { return sqliteDialect }

func (e *sqliteEngine) query(ctx context.Context, q string, args []any) (Rows, error) {
	return sqliteQuery(ctx, e.r, q, args)
}

// sqliteQuery reads. While another connection changes the schema, one that opens a full-text table is told SQLITE_SCHEMA, as often as that happens
// meanwhile; nothing was read by then, so it asks again.
func sqliteQuery(ctx context.Context, on interface {
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
}, q string, args []any) (Rows, error) {
	for try := 0; ; try++ {
		rows, err := on.QueryContext(ctx, q, args...)
		if err == nil {
			return sqlRows{rows}, nil
		}
		if !schemaChanged(err) || try == 50 {
			return nil, sqliteError(err)
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(time.Duration(try) * time.Millisecond):
		}
	}
}

func schemaChanged(err error) bool {
	var se *sqlite.Error
	return errors.As(err, &se) && se.Code()&0xff == 17
}

func (e *sqliteEngine) write(ctx context.Context, fn func(execer) error) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	tx, err := e.w.BeginTx(ctx, nil)
	if err != nil {
		return sqliteError(err)
	}
	if err := fn(&sqliteTx{e, tx}); err != nil {
		if rerr := tx.Rollback(); rerr != nil && !errors.Is(rerr, sql.ErrTxDone) {
			err = errors.Join(err, rerr)
		}
		return err
	}
	return sqliteError(tx.Commit())
}

type sqliteTx struct {
	e  *sqliteEngine
	tx *sql.Tx
}

func (t *sqliteTx) exec(ctx context.Context, q string, args []any) (int64, error) {
	r, err := t.tx.ExecContext(ctx, q, args...)
	if err != nil {
		return 0, sqliteError(err)
	}
	n, err := r.RowsAffected()
	return n, err
}

func (t *sqliteTx) query(ctx context.Context, q string, args []any) (Rows, error) {
	return sqliteQuery(ctx, t.tx, q, args)
}

func (t *sqliteTx) batch(ctx context.Context, stmts []stmt) error {
	// Within one batch a text comes many times; prepare each once.
	have := map[string]*sql.Stmt{}
	defer func() {
		for _, s := range have {
			s.Close()
		}
	}()
	for _, s := range stmts {
		text := s.text()
		p := have[text]
		if p == nil {
			var err error
			if p, err = t.tx.PrepareContext(ctx, text); err != nil {
				return sqliteError(err)
			}
			have[text] = p
		}
		if _, err := p.ExecContext(ctx, s.args...); err != nil {
			return sqliteError(err)
		}
	}
	return nil
}

func (e *sqliteEngine) retry(err error) bool {
	var se *sqlite.Error
	return errors.As(err, &se) && (se.Code()&0xff == 5 || se.Code()&0xff == 6) // SQLITE_BUSY, SQLITE_LOCKED
}

// sqliteError turns what users can mend into a record.Error.
func sqliteError(err error) error {
	var se *sqlite.Error
	if err == nil || !errors.As(err, &se) {
		return err
	}
	switch se.Code() {
	case 2067, 1555: // SQLITE_CONSTRAINT_UNIQUE, _PRIMARYKEY
		return &record.Error{Code: record.Conflict, Message: "error.not_unique", Fields: uniqueField(se.Error()), Err: err}
	}
	switch se.Code() & 0xff {
	case 13: // SQLITE_FULL
		return &record.Error{Code: record.Busy, Message: "error.disk_full", Err: err}
	case 9: // SQLITE_INTERRUPT
		return &record.Error{Code: record.Busy, Message: "error.query_too_slow", Err: err}
	case 10: // SQLITE_IOERR
		return &record.Error{Code: record.Busy, Message: "error.disk", Err: err}
	}
	return err
}

func (e *sqliteEngine) check(ctx context.Context) error {
	rows, err := e.query(ctx, "PRAGMA integrity_check(20)", nil)
	if err != nil {
		return err
	}
	defer rows.Close()
	var bad []error
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return err
		}
		if s != "ok" {
			bad = append(bad, errors.New(s))
		}
	}
	return errors.Join(append(bad, rows.Err())...)
}

func (e *sqliteEngine) snapshot(ctx context.Context, file string) error {
	if _, err := os.Stat(file); err == nil {
		return fmt.Errorf("%s exists", file)
	}
	// On a connection of its own: the readers' may not write, and the writer's must stay free. A reader's snapshot is all that VACUUM INTO holds.
	c, err := sql.Open("sqlite", e.dsn)
	if err != nil {
		return err
	}
	defer c.Close()
	_, err = c.ExecContext(ctx, "VACUUM INTO ?", file)
	return sqliteError(err)
}

func (e *sqliteEngine) view(ctx context.Context, fn func(queryer) error) error {
	tx, err := e.r.BeginTx(ctx, nil)
	if err != nil {
		return sqliteError(err)
	}
	defer tx.Rollback() // it only read
	return fn(&sqliteTx{e, tx})
}

func (e *sqliteEngine) index(ctx context.Context, ddl, _ string) error {
	return e.write(ctx, func(q execer) error {
		_, err := q.exec(ctx, ddl, nil)
		return err
	})
}

func (e *sqliteEngine) notify(context.Context) {}
func (e *sqliteEngine) listen(func())          {}

func (e *sqliteEngine) close() error {
	_, err := e.w.Exec("PRAGMA optimize")
	if schemaChanged(err) {
		err = nil // it is advice, and somebody else is at work
	}
	return errors.Join(err, e.r.Close(), e.w.Close())
}

type sqlRows struct{ *sql.Rows }

func (r sqlRows) Close()     { r.Rows.Close() }
func (r sqlRows) Err() error { return sqliteError(r.Rows.Err()) }
