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
	for _, s := range together(stmts) {
		n := texts[s.sql]
		if n == "" {
			n = number(s.sql)
			texts[s.sql] = n
		}
		b.Queue(n, s.args...)
	}
	return pgError(t.tx.SendBatch(ctx, &b).Close())
}

// rowsTogether is how many rows one INSERT takes: fewer statements cost the server less, and few texts fill its cache.
const rowsTogether = 50

// together joins inserts of one text into inserts of many rows, each group where its first stood. Rows of a batch do not depend on each other; change entries
// stand behind all rows and stay there.
func together(stmts []stmt) []stmt {
	at := map[string]int{}
	var out []stmt
	for _, s := range stmts {
		head, values, ok := strings.Cut(s.sql, " VALUES (")
		if !ok || !strings.HasPrefix(head, "INSERT INTO ") || strings.Contains(values, " ON CONFLICT ") || strings.Contains(values, "(") {
			out = append(out, s)
			continue
		}
		i, begun := at[s.sql]
		if !begun {
			at[s.sql] = len(out)
			s.args = append(make([]any, 0, 2*len(s.args)), s.args...) // the caller's own stay as they are
			out = append(out, s)
			continue
		}
		out[i].args = append(out[i].args, s.args...)
	}
	if len(out) == len(stmts) {
		return stmts
	}
	var cut []stmt
	for _, s := range out {
		one := strings.Count(s.sql, "?")
		if one == 0 || len(s.args) == one {
			cut = append(cut, s)
			continue
		}
		_, values, _ := strings.Cut(s.sql, " VALUES ")
		for args := s.args; len(args) > 0; {
			n := 1
			if len(args) >= one*rowsTogether && one*rowsTogether < 60_000 {
				n = rowsTogether
			}
			cut = append(cut, stmt{s.sql + strings.Repeat(", "+values, n-1), args[:one*n]})
			args = args[one*n:]
		}
	}
	return cut
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

func (e *postgresEngine) snapshot(context.Context, string) error {
	return record.Errorf(record.Invalid, "error.backup_postgres")
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
