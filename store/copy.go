package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"guike/record"
)

// left out of a copy: full text is written anew from the records, numbers of changes are given anew, uploads lie in another machine's folder.
var notCopied = []string{"sequence", "uploads", "goose_db_version"}

// Copy copies a whole workspace, as it is at one moment while others write, into a new and empty one of either database: how a PostgreSQL workspace is backed
// up into one file, and how a workspace moves to another database when it outgrows the one it has. Numbers of changes become consecutive.
func Copy(ctx context.Context, from, to *DB) error {
	var users int64
	if err := to.one(ctx, "SELECT count(*) FROM users", nil, &users); err != nil {
		return err
	}
	if users > 0 {
		return record.Errorf(record.Conflict, "error.already_set_up")
	}
	if _, err := from.Sequence(ctx); err != nil {
		return err
	}
	return from.eng.view(ctx, func(q queryer) error {
		r := reader{db: from, q: q}
		if err := to.copyShape(ctx, r); err != nil {
			return fmt.Errorf("copy shape: %w", err)
		}
		tables, err := r.tables(ctx)
		if err != nil {
			return err
		}
		for _, t := range tables {
			if err := to.copyTable(ctx, r, t); err != nil {
				return fmt.Errorf("copy %s: %w", t, err)
			}
		}
		return to.settle(ctx)
	})
}

// tables lists the tables that hold what cannot be made anew.
func (r reader) tables(ctx context.Context) ([]string, error) {
	var out []string
	err := r.each(ctx, r.db.eng.dialect().tables, nil, func(rows Rows) error {
		var name string
		err := rows.Scan(&name)
		if !strings.Contains(name, "_search") && !strings.HasPrefix(name, "sqlite_") && !slices.Contains(notCopied, name) {
			out = append(out, name)
		}
		return err
	})
	slices.Sort(out)
	return out, err
}

// copyShape makes the tables and columns that the workspace added.
func (to *DB) copyShape(ctx context.Context, from reader) error {
	kinds := map[string]*record.Kind{}
	for _, k := range to.kinds {
		kinds[k.Name] = k
	}
	var stmts []string
	if err := from.each(ctx, "SELECT name, plural, prefix, label FROM custom_kinds ORDER BY n", nil, func(rows Rows) error {
		var name, plural, prefix, label string
		err := rows.Scan(&name, &plural, &prefix, &label)
		k := record.NewCustomKind(name, plural, prefix, label)
		kinds[name] = k
		stmts = append(stmts, ddl(k)...)
		return err
	}); err != nil {
		return err
	}
	if err := from.each(ctx, "SELECT kind, name, type, multi, indexed FROM fields ORDER BY kind, pos", nil, func(rows Rows) error {
		f := record.Field{Dynamic: true, Pos: -1}
		var kind string
		var multi, indexed int64
		if err := rows.Scan(&kind, &f.Name, (*string)(&f.Type), &multi, &indexed); err != nil {
			return err
		}
		f.Multi = multi != 0
		k := kinds[kind]
		if k == nil {
			return fmt.Errorf("field %s of a kind %s that is not there", f.Name, kind)
		}
		for _, col := range columnTypes(&f) {
			stmts = append(stmts, fmt.Sprintf("ALTER TABLE %s ADD COLUMN %s", k.Plural, col))
		}
		if indexed != 0 {
			stmts = append(stmts, indexDDL(k.Plural, &f))
		}
		return nil
	}); err != nil {
		return err
	}
	return to.eng.write(ctx, func(q execer) error {
		for _, s := range stmts {
			if _, err := q.exec(ctx, to.eng.dialect().expand(s), nil); err != nil {
				return err
			}
		}
		// What migrations put into an empty workspace comes from the other one.
		for _, table := range []string{"meta", "followers"} {
			if _, err := q.exec(ctx, "DELETE FROM "+table, nil); err != nil {
				return err
			}
		}
		return nil
	})
}

// copyRows is how many rows one transaction of a copy writes.
const copyRows = 2000

func (to *DB) copyTable(ctx context.Context, from reader, table string) error {
	var cols []string
	if err := from.each(ctx, from.db.eng.dialect().columns, []any{table}, func(rows Rows) error {
		var name string
		err := rows.Scan(&name)
		cols = append(cols, name)
		return err
	}); err != nil {
		return err
	}
	quoted := make([]string, len(cols))
	for i, c := range cols {
		quoted[i] = "t." + quote(c)
	}
	sql := fmt.Sprintf("SELECT %s FROM %s t", strings.Join(quoted, ", "), quote(table))
	change := table == "changes"
	at := slices.Index(cols, "id")
	if change {
		// A change's number becomes its key. Those committed since the last were numbered come behind.
		sql += " LEFT JOIN sequence s ON s.change = t.id ORDER BY CASE WHEN s.seq IS NULL THEN 1 ELSE 0 END, s.seq, t.id"
	}
	names := make([]string, len(cols))
	for i, c := range cols {
		names[i] = quote(c)
	}
	var batch []stmt
	flush := func() error {
		err := to.eng.write(ctx, func(q execer) error { return q.batch(ctx, together(batch)) })
		batch = batch[:0]
		return err
	}
	cells := make([]anything, len(cols))
	dst := make([]any, len(cols))
	for i := range cells {
		dst[i] = &cells[i]
	}
	number := int64(0)
	if err := from.each(ctx, sql, nil, func(rows Rows) error {
		if err := rows.Scan(dst...); err != nil {
			return err
		}
		args := make([]any, len(cols))
		for i := range cells {
			args[i] = cells[i].v
		}
		if change {
			number++
			args[at] = number
		}
		batch = append(batch, insert("INSERT", table, names, "", args...))
		if change && to.eng.dialect().numbered {
			batch = append(batch, insert("INSERT", "sequence", []string{"seq", "change"}, "", number, number))
		}
		if len(batch) >= copyRows {
			return flush()
		}
		return nil
	}); err != nil {
		return err
	}
	return flush()
}

// settle makes what a copy left out: full text, counters, statistics.
func (to *DB) settle(ctx context.Context) error {
	cat, err := to.Catalogue(ctx, true)
	if err != nil {
		return err
	}
	var kinds []string
	for _, k := range cat.Kinds() {
		kinds = append(kinds, k.Name)
		for after := int64(0); ; {
			sh := newShape(k, "t", whole)
			var batch []stmt
			if err := to.each(ctx, fmt.Sprintf("SELECT %s FROM %s t WHERE t.n > ? ORDER BY t.n LIMIT %d", sh.cols, k.Plural, copyRows), []any{after}, func(rows Rows) error {
				rec, err := sh.scan(rows)
				if err != nil {
					return err
				}
				after = rec.Head().N
				tx := &Tx{db: to}
				batch = append(batch, tx.index(to.eng.dialect(), &edit{k: k, rec: rec, after: k.Values(rec)}, true))
				return nil
			}); err != nil {
				return fmt.Errorf("full text of %s: %w", k.Plural, err)
			}
			if len(batch) == 0 {
				break
			}
			if err := to.eng.write(ctx, func(q execer) error { return q.batch(ctx, together(batch)) }); err != nil {
				return fmt.Errorf("full text of %s: %w", k.Plural, err)
			}
		}
	}
	if !to.eng.dialect().numbered {
		return nil
	}
	if err := to.eng.write(ctx, func(q execer) error {
		r := reader{db: to, q: q}
		var set []string
		if err := r.each(ctx, `SELECT format('SELECT setval(pg_get_serial_sequence(%L, %L), coalesce(max(%I), 0) + 1, false) FROM %I', table_name, column_name, column_name, table_name)
			FROM information_schema.columns WHERE table_schema = current_schema() AND is_identity = 'YES'`, nil, func(rows Rows) error {
			var s string
			err := rows.Scan(&s)
			set = append(set, s)
			return err
		}); err != nil {
			return err
		}
		for _, s := range set {
			var n int64
			if err := r.one(ctx, s, nil, &n); err != nil {
				return err
			}
		}
		_, err := q.exec(ctx, "UPDATE meta SET number = (SELECT coalesce(max(id), 0) FROM changes) WHERE name = 'sequenced'", nil)
		return err
	}); err != nil {
		return err
	}
	return errors.Join(to.Analyze(ctx, kinds...))
}

// anything receives a column as either driver gives it.
type anything struct{ v any }

// Scan implements sql.Scanner.
func (a *anything) Scan(src any) error {
	if b, ok := src.([]byte); ok {
		src = append([]byte{}, b...)
	}
	a.v = src
	return nil
}
