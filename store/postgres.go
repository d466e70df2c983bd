package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"guike/record"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

type postgresEngine struct {
	pool   *pgxpool.Pool
	schema string
	texts  sync.Map // text with ? → text with $n, for the few texts that come again
	stop   context.CancelFunc
	done   chan struct{}
}

var schemaName = regexp.MustCompile(`^[a-z_][a-z0-9_]{0,62}$`)

func openPostgres(ctx context.Context, addr string, o Options) (*postgresEngine, error) {
	u, err := url.Parse(addr)
	if err != nil {
		return nil, err
	}
	q := u.Query()
	schema := q.Get("guike_schema")
	if schema == "" {
		schema = "guike"
	}
	if !schemaName.MatchString(schema) {
		return nil, fmt.Errorf("schema %q: lower-case letters, digits and _", schema)
	}
	q.Del("guike_schema")
	u.RawQuery = q.Encode()
	cfg, err := pgxpool.ParseConfig(u.String())
	if err != nil {
		return nil, err
	}
	if o.Readers == 0 {
		o.Readers = 8
	}
	cfg.MaxConns = int32(o.Readers)
	p := cfg.ConnConfig.RuntimeParams
	p["search_path"] = schema
	p["application_name"] = "guike"
	// A generic plan learnt on a common word is ruinous for a rare one (ENGINE 25).
	p["plan_cache_mode"] = "force_custom_plan"
	p["jit"] = "off" // compiling costs more than these short queries
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, err
	}
	if _, err := pool.Exec(ctx, "SELECT 1"); err != nil {
		pool.Close()
		return nil, err
	}
	return &postgresEngine{pool: pool, schema: schema, done: make(chan struct{})}, nil
}

func (e *postgresEngine) dialect() *dialect { return postgresDialect }

// query sends texts in exec mode: filter texts seldom come twice, and a named statement for each would only fill the server's memory.
func (e *postgresEngine) query(ctx context.Context, q string, args []any) (Rows, error) {
	return pgQuery(ctx, e.pool, q, args)
}

type pgQueryer interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

func pgQuery(ctx context.Context, p pgQueryer, q string, args []any) (Rows, error) {
	rows, err := p.Query(ctx, number(q), append([]any{pgx.QueryExecModeExec}, args...)...)
	if err != nil {
		return nil, pgError(err)
	}
	return pgRows{rows}, nil
}

func (e *postgresEngine) write(ctx context.Context, fn func(execer) error) error {
	tx, err := e.pool.Begin(ctx)
	if err != nil {
		return pgError(err)
	}
	if err := fn(&pgTx{tx}); err != nil {
		// The context may be done; the connection must go back clean all the same.
		bg, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		if rerr := tx.Rollback(bg); rerr != nil && !errors.Is(rerr, pgx.ErrTxClosed) {
			err = errors.Join(err, rerr)
		}
		return err
	}
	return pgError(tx.Commit(ctx))
}

type pgTx struct{ tx pgx.Tx }

func (t *pgTx) query(ctx context.Context, q string, args []any) (Rows, error) {
	return pgQuery(ctx, t.tx, q, args)
}

func (t *pgTx) exec(ctx context.Context, q string, args []any) (int64, error) {
	tag, err := t.tx.Exec(ctx, number(q), append([]any{pgx.QueryExecModeExec}, args...)...)
	return tag.RowsAffected(), pgError(err)
}

func (t *pgTx) batch(ctx context.Context, stmts []stmt) error {
	var b pgx.Batch
	texts := map[string]string{}
	for _, s := range stmts {
		text := s.text()
		n := texts[text]
		if n == "" {
			n = number(text)
			texts[text] = n
		}
		b.Queue(n, s.args...)
	}
	return pgError(t.tx.SendBatch(ctx, &b).Close())
}

func (e *postgresEngine) retry(err error) bool {
	var pe *pgconn.PgError
	return errors.As(err, &pe) && (pe.Code == "40001" || pe.Code == "40P01" || pe.Code == "55P03")
}

func pgError(err error) error {
	var pe *pgconn.PgError
	if err == nil || !errors.As(err, &pe) {
		return err
	}
	switch pe.Code {
	case "23505":
		return &record.Error{Code: record.Conflict, Message: "error.not_unique", Fields: uniqueField(pe.ConstraintName), Err: err}
	case "53100":
		return &record.Error{Code: record.Busy, Message: "error.disk_full", Err: err}
	case "57014":
		return &record.Error{Code: record.Busy, Message: "error.query_too_slow", Err: err}
	}
	return err
}

// uniqueField finds the field in the name of a unique index, "<plural>_<field>_once", or in SQLite's "table.column".
func uniqueField(s string) map[string]string {
	if i := strings.LastIndex(s, ": "); i >= 0 {
		s = s[i+2:]
	}
	if name, ok := strings.CutSuffix(s, "_once"); ok {
		if _, f, ok := strings.Cut(name, "_"); ok {
			return map[string]string{f: "error.not_unique"}
		}
	}
	s, _, _ = strings.Cut(s, " ")
	if _, f, ok := strings.Cut(s, "."); ok {
		return map[string]string{f: "error.not_unique"}
	}
	return nil
}

func (e *postgresEngine) check(context.Context) error { return nil }

func (e *postgresEngine) view(ctx context.Context, fn func(queryer) error) error {
	return pgx.BeginTxFunc(ctx, e.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error { return fn(&pgTx{tx}) })
}

// index builds concurrently. One that was broken off is left invalid: it is dropped first.
func (e *postgresEngine) index(ctx context.Context, ddl, name string) error {
	var broken bool
	if err := e.pool.QueryRow(ctx, "SELECT count(*) > 0 FROM pg_index WHERE NOT indisvalid AND indexrelid = to_regclass($1)", e.schema+"."+name).Scan(&broken); err != nil {
		return err
	}
	if broken {
		if _, err := e.pool.Exec(ctx, "DROP INDEX CONCURRENTLY IF EXISTS "+name); err != nil {
			return pgError(err)
		}
	}
	_, err := e.pool.Exec(ctx, strings.Replace(ddl, "CREATE INDEX", "CREATE INDEX CONCURRENTLY", 1))
	return pgError(err)
}

const channel = "guike"

func (e *postgresEngine) notify(ctx context.Context) {
	if _, err := e.pool.Exec(context.WithoutCancel(ctx), "SELECT pg_notify($1, '')", channel+"_"+e.schema); err != nil {
		slog.Warn("notify other servers", "err", err)
	}
}

// listen hears of other servers' writes. It keeps one connection of its own and comes back when the database was away.
func (e *postgresEngine) listen(wake func()) {
	ctx, cancel := context.WithCancel(context.Background())
	e.stop = cancel
	go func() {
		defer close(e.done)
		for ctx.Err() == nil {
			if err := e.hear(ctx, wake); err != nil && ctx.Err() == nil {
				slog.Warn("listen for other servers", "err", err)
				select {
				case <-ctx.Done():
				case <-time.After(time.Second):
				}
				wake()
			}
		}
	}()
}

func (e *postgresEngine) hear(ctx context.Context, wake func()) error {
	c, err := pgx.ConnectConfig(ctx, e.pool.Config().ConnConfig)
	if err != nil {
		return err
	}
	defer c.Close(context.WithoutCancel(ctx))
	if _, err := c.Exec(ctx, "LISTEN "+quote(channel+"_"+e.schema)); err != nil {
		return err
	}
	for {
		if _, err := c.WaitForNotification(ctx); err != nil {
			return err
		}
		wake()
	}
}

func (e *postgresEngine) close() error {
	if e.stop != nil {
		e.stop()
		<-e.done
	}
	e.pool.Close()
	return nil
}

type pgRows struct{ pgx.Rows }

func (r pgRows) Err() error { return pgError(r.Rows.Err()) }

// DropSchema removes the workspace that a postgres URL names, with everything in it.
func DropSchema(ctx context.Context, addr string) error {
	e, err := openPostgres(ctx, addr, Options{Readers: 1})
	if err != nil {
		return err
	}
	defer e.pool.Close()
	_, err = e.pool.Exec(ctx, "DROP SCHEMA IF EXISTS "+quote(e.schema)+" CASCADE")
	return err
}
