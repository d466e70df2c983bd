// Package store is the database: it opens, migrates, reads, writes and searches one workspace, in a SQLite file or a PostgreSQL schema. It is the only
// room with dialect code. It does not decide what is written (verbs do) nor who may (access makes the Scope), but no call here goes without a Scope.
//
// Read put.go for the one write path, list.go for reading pages, where.go for the compiler of conditions (its twin is record.Cond.Eval), sequence.go for
// how changes get their numbers.
package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"guike/record"
)

// A DB is one workspace. It is safe for concurrent use.
type DB struct {
	reader
	eng   engine
	kinds []*record.Kind // static
	now   func() time.Time

	cat     atomic.Pointer[Catalogue]
	catLock sync.Mutex

	columns *columnCache

	wakeLock sync.Mutex
	wake     map[chan struct{}]bool
}

// Options of Open.
type Options struct {
	Now       func() time.Time // the clock; time.Now where nil
	CacheMiB  int              // SQLite's page cache of one connection; 16 where 0
	Readers   int              // SQLite's reading connections, PostgreSQL's pool; 4 and 8 where 0
	NoMigrate bool             // fail rather than change the schema
	ColumnMiB int              // memory for counting over columns; 512 where 0, none where negative
}

// Open opens a workspace and brings its schema up to date. The url is a SQLite file's path or postgres://…; for PostgreSQL the parameter
// guike_schema names the schema, "guike" where absent.
func Open(ctx context.Context, url string, kinds []*record.Kind, o Options) (*DB, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	var eng engine
	var err error
	if strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://") {
		eng, err = openPostgres(ctx, url, o)
	} else {
		eng, err = openSQLite(ctx, url, o)
	}
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	db := &DB{eng: eng, kinds: kinds, now: o.Now, wake: map[chan struct{}]bool{}}
	db.reader = reader{db: db, q: eng}
	if o.ColumnMiB == 0 {
		o.ColumnMiB = 512
	}
	db.columns = newColumnCache(db, int64(o.ColumnMiB)<<20)
	if !o.NoMigrate {
		if err := eng.migrate(ctx); err != nil {
			eng.close()
			return nil, fmt.Errorf("migrate database: %w", err)
		}
	}
	if _, err := db.Catalogue(ctx, true); err != nil {
		eng.close()
		return nil, err
	}
	eng.listen(func() {
		db.renew()
		db.woken()
	})
	return db, nil
}

// renew loads the catalogue where another server has changed it.
func (db *DB) renew() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	var v int64
	err := db.one(ctx, "SELECT number FROM meta WHERE name = 'catalogue'", nil, &v)
	if c := db.cat.Load(); err == nil && (c == nil || c.Version != v) {
		_, err = db.Catalogue(ctx, true)
	}
	if err != nil {
		slog.Warn("learn of a new catalogue", "err", err)
	}
}

// Close closes the database; on SQLite the write-ahead log is folded in.
func (db *DB) Close() error {
	db.columns.close()
	return db.eng.close()
}

// Dialect names the database: "sqlite" or "postgres".
func (db *DB) Dialect() string { return db.eng.dialect().name }

// Now is the workspace's clock.
func (db *DB) Now() time.Time { return db.now() }

// Ping asks the database whether it is there.
func (db *DB) Ping(ctx context.Context) error {
	var n int64
	return db.reader.one(ctx, "SELECT 1", nil, &n)
}

// Check asks the database whether its file is whole. It reads everything.
func (db *DB) Check(ctx context.Context) error { return db.eng.check(ctx) }

// Analyze has the database look at kinds that a great deal was written of: PostgreSQL chooses badly by what it knew of a table when it was small, and
// looks by itself only minutes later. SQLite's plans here do not depend on statistics.
func (db *DB) Analyze(ctx context.Context, kinds ...string) error {
	if db.Dialect() == "sqlite" {
		return nil
	}
	cat, err := db.Catalogue(ctx, false)
	if err != nil {
		return err
	}
	for _, name := range kinds {
		if k := cat.Kind(name); k != nil {
			// What a search needs to know is how common each of many words is.
			if err := db.eng.write(ctx, func(q execer) error {
				_, err := q.exec(ctx, fmt.Sprintf("ANALYZE %[1]s, %[1]s_search, changes", k.Plural), nil)
				return err
			}); err != nil {
				return fmt.Errorf("analyze %s: %w", name, err)
			}
		}
	}
	return nil
}

// Snapshot writes a consistent copy of the workspace to a new SQLite file while others write.
func (db *DB) Snapshot(ctx context.Context, file string) error {
	if e, ok := db.eng.(*sqliteEngine); ok {
		return e.snapshot(ctx, file)
	}
	to, err := Open(ctx, file, db.kinds, Options{Now: db.now, ColumnMiB: -1})
	if err != nil {
		return err
	}
	return errors.Join(Copy(ctx, db, to), to.Close())
}

// A Tx is one transaction that writes. Its function may be run again after a deadlock, so it must not keep what it did in captured variables.
type Tx struct {
	reader
	db *DB
	q  execer
	sc record.Scope
	at record.Time
}

// state is what a transaction under all its scopes shares.
type state struct {
	cat     *Catalogue
	changed bool // the catalogue
	wrote   bool
}

// Scope is on whose behalf the transaction writes.
func (tx *Tx) Scope() record.Scope { return tx.sc }

// As returns the transaction on behalf of another scope, for a verb that must write what its caller may not.
func (tx *Tx) As(sc record.Scope) *Tx {
	c := *tx
	c.sc = sc
	return &c
}

// At is the moment of the transaction.
func (tx *Tx) At() record.Time { return tx.at }

// Tx runs fn in a transaction that holds the write lock (SQLite) or takes row locks (PostgreSQL). On a deadlock or a serialisation failure fn is run
// again, three times at most; any error of fn rolls back.
func (db *DB) Tx(ctx context.Context, sc record.Scope, fn func(*Tx) error) error {
	var err error
	for try, stale := 0, 0; try < 4; try++ {
		if try > 0 {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(time.Duration(try*try) * 15 * time.Millisecond):
			}
		}
		var tx *Tx
		err = db.eng.write(ctx, func(q execer) error {
			cat, err := db.Catalogue(ctx, false)
			if err != nil {
				return err
			}
			tx = &Tx{db: db, q: q, sc: sc, at: record.At(db.now())}
			tx.reader = reader{db: db, q: q, st: &state{cat: cat}}
			if err := tx.current(ctx); err != nil {
				return err
			}
			return fn(tx)
		})
		if err == nil {
			if tx.st.changed {
				if _, err := db.Catalogue(ctx, true); err != nil {
					slog.Error("reload catalogue", "err", err)
				}
			}
			if tx.st.wrote {
				db.eng.notify(ctx)
				db.woken()
			}
			return nil
		}
		switch {
		case errors.Is(err, errStale) && stale < 100:
			stale, try = stale+1, -1 // the new one is loaded: begin again at once
		case !db.eng.retry(err):
			return err
		}
	}
	return err
}

var errStale = errors.New("the catalogue was changed by another server")

// current makes sure, inside the transaction, that the catalogue is the database's: a write under an old one would miss a field.
func (tx *Tx) current(ctx context.Context) error {
	var v int64
	if err := tx.one(ctx, "SELECT number FROM meta WHERE name = 'catalogue'", nil, &v); err != nil {
		return err
	}
	if v != tx.st.cat.Version {
		if _, err := tx.db.Catalogue(ctx, true); err != nil {
			return err
		}
		return errStale
	}
	return nil
}

// Wait returns a channel that is closed when something was written, by this server or, on PostgreSQL, by another. It may be closed without cause.
func (db *DB) Wait() (<-chan struct{}, func()) {
	c := make(chan struct{}, 1)
	db.wakeLock.Lock()
	db.wake[c] = true
	db.wakeLock.Unlock()
	return c, func() {
		db.wakeLock.Lock()
		delete(db.wake, c)
		db.wakeLock.Unlock()
	}
}

func (db *DB) woken() {
	db.wakeLock.Lock()
	defer db.wakeLock.Unlock()
	for c := range db.wake {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// reader holds what a DB and a Tx share: reading.
type reader struct {
	db *DB
	q  queryer
	st *state // of a Tx; nil for a DB, which asks for the newest catalogue
}

func (r reader) catalogue(ctx context.Context) (*Catalogue, error) {
	if r.st != nil {
		return r.st.cat, nil
	}
	return r.db.Catalogue(ctx, false)
}

// Query runs one SQL text with ? for its values, for a room that needs its own. Close the rows.
func (r reader) Query(ctx context.Context, sql string, args ...any) (Rows, error) {
	return r.q.query(ctx, sql, args)
}

// One scans the first row into dst. It fails with NotFound where there is none.
func (r reader) One(ctx context.Context, sql string, args []any, dst ...any) error {
	return r.one(ctx, sql, args, dst...)
}

func (r reader) one(ctx context.Context, sql string, args []any, dst ...any) error {
	rows, err := r.q.query(ctx, sql, args)
	if err != nil {
		return err
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return err
		}
		return &record.Error{Code: record.NotFound, Message: "error.not_found"}
	}
	if err := rows.Scan(dst...); err != nil {
		return err
	}
	return rows.Err()
}

// Exec runs one SQL statement with ? for its values and answers how many rows it met. It is for tables that are not records (jobs, sessions, uploads).
func (tx *Tx) Exec(ctx context.Context, sql string, args ...any) (int64, error) {
	return tx.q.exec(ctx, sql, args)
}

// Rows are a query's answer.
type Rows interface {
	Next() bool
	Scan(dst ...any) error
	Err() error
	Close()
}

type queryer interface {
	query(ctx context.Context, sql string, args []any) (Rows, error)
}

type execer interface {
	queryer
	exec(ctx context.Context, sql string, args []any) (int64, error)
	// batch runs statements that answer nothing, in one round trip where the database has round trips.
	batch(ctx context.Context, stmts []stmt) error
}

// An engine is one of the two databases.
type engine interface {
	queryer
	dialect() *dialect
	write(ctx context.Context, fn func(execer) error) error
	retry(err error) bool
	migrate(ctx context.Context) error
	check(ctx context.Context) error
	view(ctx context.Context, fn func(queryer) error) error // reads as of one moment
	index(ctx context.Context, ddl, name string) error      // outside a transaction where that lets others write meanwhile
	notify(ctx context.Context)
	listen(wake func())
	close() error
}

// Wrote says that the transaction did something that others wait for, besides writing records.
func (tx *Tx) Wrote() { tx.st.wrote = true }

// SkipLocked is what stands behind a SELECT that takes rows nobody else holds.
func (tx *Tx) SkipLocked() string { return tx.db.eng.dialect().skip }

// Catalogue is the catalogue that the transaction writes under, with what it added itself.
func (tx *Tx) Catalogue() *Catalogue { return tx.st.cat }
