package store

import (
	"fmt"
	"slices"
	"strings"

	"guike/fold"
	"guike/record"
)

// row makes the statements for the record's own row and its search tokens.
func (tx *Tx) row(e *edit) ([]stmt, error) {
	b := e.rec.Head()
	k, d := e.k, tx.db.eng.dialect()
	switch e.op {
	case record.OpCreate:
		var cols []string
		var args []any
		for i, v := range e.after {
			cols, args = column(cols, args, &k.Fields[i], v)
		}
		return append([]stmt{insert("INSERT", k.Plural, cols, "", args...)}, tx.index(d, e, false)), nil
	case record.OpPurge:
		return []stmt{
			{sql: fmt.Sprintf("DELETE FROM %s WHERE id = ?", k.Plural), args: []any{string(b.ID)}},
			{sql: fmt.Sprintf("DELETE FROM %s_search WHERE %s = ?", k.Plural, d.searchKey()), args: []any{b.N}},
			{sql: "DELETE FROM decisions WHERE rec = ?", args: []any{string(b.ID)}},
		}, nil
	}
	if e.op == record.OpUpdate && len(e.body) == 0 {
		return nil, nil
	}
	b.Version++
	b.UpdatedAt = tx.at
	var cols []string
	var args []any
	if e.after == nil {
		e.after = k.Values(e.rec)
	}
	after := e.after
	after[record.PosVersion], after[record.PosUpdatedAt] = record.NumberValue(b.Version), record.NumberValue(int64(b.UpdatedAt))
	after[record.PosDeletedAt], after[record.PosTitle] = record.Value{N: int64(b.DeletedAt), Null: b.DeletedAt == 0}, record.TextValue(b.Title)
	searched := false
	for i := range k.Fields {
		if e.before[i] != after[i] {
			cols, args = column(cols, args, &k.Fields[i], after[i])
			searched = searched || k.Fields[i].IsSearched()
		}
	}
	out := []stmt{update(d, k.Plural, cols, args, string(b.ID))}
	if searched {
		out = append(out, tx.index(d, e, true))
	}
	return out, nil
}

// column names the physical columns of a field and their values.
func column(cols []string, args []any, f *record.Field, v record.Value) ([]string, []any) {
	cols, args = append(cols, quote(f.Name)), append(args, arg(f, v))
	if f.Type == record.MoneyType {
		cur := v.S
		if v.Null {
			cur = ""
		}
		cols, args = append(cols, quote(f.Name+"_cur")), append(args, cur)
	}
	if f.IsNamed() {
		cols = append(cols, quote(f.Name+"_key"), quote(f.Name+"_fold"))
		args = append(args, fold.SortKey(v.S), fold.Name(v.S))
	}
	return cols, args
}

func (d *dialect) searchKey() string {
	if d.numbered {
		return "n"
	}
	return "rowid"
}

// index writes a record's search tokens.
func (tx *Tx) index(d *dialect, e *edit, replace bool) stmt {
	ts := tokens(e.k, e.after)
	n := e.rec.Head().N
	if d.numbered {
		s := insert("INSERT", e.k.Plural+"_search", []string{"n", "v"}, " ON CONFLICT (n) DO UPDATE SET v = excluded.v", n, vector(ts))
		s.row = "(?, ?::text::tsvector)"
		return s
	}
	verb := "INSERT"
	if replace {
		verb = "INSERT OR REPLACE"
	}
	return insert(verb, e.k.Plural+"_search", []string{"rowid", "v"}, "", n, strings.Join(ts, " "))
}

// decide writes where the categories' values come from. Whoever writes a category writes its origin and reason.
func (tx *Tx) decide(e *edit) []stmt {
	var out []stmt
	names := make([]string, 0, len(e.decisions))
	for name := range e.decisions {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		d := e.decisions[name]
		if d.Origin == "" {
			out = append(out, stmt{sql: "DELETE FROM decisions WHERE (rec, field) IN (VALUES ", row: "(?, ?)", tail: ")", args: []any{string(e.rec.Head().ID), name}})
			continue
		}
		if d.At == 0 {
			d.At = tx.at
		}
		out = append(out, insert("INSERT", "decisions", decisionColumns, ` ON CONFLICT (rec, field) DO UPDATE SET origin = excluded.origin, rule = excluded.rule, version = excluded.version,
			confidence = excluded.confidence, reason = excluded.reason, by_user = excluded.by_user, at = excluded.at`,
			string(e.rec.Head().ID), name, d.Origin, string(d.Rule), d.Version, d.Confidence, d.Reason, string(d.By), int64(d.At)))
	}
	return out
}

var (
	decisionColumns = []string{"rec", "field", "origin", "rule", "version", "confidence", "reason", "by_user", "at"}
	entryColumns    = []string{"kind", "rec", "op", "version", "at", "by_user", "name", "cause", "cause_id", "root", "depth", "body"}
)

// entry makes the change log's row.
func (tx *Tx) entry(e *edit) (stmt, error) {
	body, err := e.json()
	if err != nil {
		return stmt{}, err
	}
	b := e.rec.Head()
	c := tx.sc.Cause
	return insert("INSERT", "changes", entryColumns, "", e.k.Name, string(b.ID), e.op, b.Version, int64(tx.at), string(tx.sc.User), tx.sc.Name, c.Kind, c.ID, c.Root, int64(c.Depth), body), nil
}
