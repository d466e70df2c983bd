package exchange

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"guike/record"
	"guike/store"
)

// Issues lists what was wrong, from a place on, by row: all that is like one issue in severity, column and reason, where those are given ("*" is any column).
func (p *Port) Issues(ctx context.Context, sc record.Scope, id record.ID, like Issue, skip, limit int) ([]Issue, error) {
	if _, err := p.Mine(ctx, sc, id); err != nil {
		return nil, err
	}
	where, args := "import = ?", []any{string(id)}
	if like.Severity != "" {
		where, args = where+" AND severity = ?", append(args, like.Severity)
	}
	if like.Reason != "" {
		where, args = where+" AND reason = ?", append(args, like.Reason)
	}
	if like.Column != "*" {
		where, args = where+" AND col = ?", append(args, like.Column)
	}
	out := []Issue{}
	err := p.DB.Each(ctx, fmt.Sprintf("SELECT n, severity, col, reason, value FROM import_issues WHERE %s ORDER BY severity, n, col LIMIT %d OFFSET %d", where, limit, skip), args, func(rows store.Rows) error {
		var i Issue
		var n int64
		err := rows.Scan(&n, &i.Severity, &i.Column, &i.Reason, &i.Value)
		i.Row = int(n)
		out = append(out, i)
		return err
	})
	return out, err
}

// Reasons counts an import's issues by severity, column and reason.
func (p *Port) Reasons(ctx context.Context, sc record.Scope, id record.ID) ([]Tally, error) {
	if _, err := p.Mine(ctx, sc, id); err != nil {
		return nil, err
	}
	out := []Tally{}
	err := p.DB.Each(ctx, "SELECT severity, col, reason, count(*), min(n) FROM import_issues WHERE import = ? GROUP BY severity, col, reason ORDER BY severity, count(*) DESC, col LIMIT 500",
		[]any{string(id)}, func(rows store.Rows) error {
			var r Tally
			err := rows.Scan(&r.Severity, &r.Column, &r.Reason, &r.Count, &r.First)
			out = append(out, r)
			return err
		})
	return out, err
}

// A Tally is how often something was wrong.
type Tally struct {
	Severity string `json:"severity"`
	Column   string `json:"column"`
	Reason   string `json:"reason"`
	Count    int64  `json:"count"`
	First    int64  `json:"first"` // row of the file
}

// rejected answers the rows that were not taken, with their reasons in words, in the order of the file.
func (p *Port) rejected(ctx context.Context, id record.ID, lang string) (map[int]string, error) {
	out := map[int]string{}
	err := p.DB.Each(ctx, "SELECT n, col, reason, value FROM import_issues WHERE import = ? AND severity = 'reject' ORDER BY n", []any{string(id)}, func(rows store.Rows) error {
		var n int64
		var col, reason, value string
		if err := rows.Scan(&n, &col, &reason, &value); err != nil {
			return err
		}
		s := InWords(reason, lang)
		if col != "" {
			s = col + ": " + s
		}
		if value != "" {
			s += " (" + value + ")"
		}
		if out[int(n)] != "" {
			s = out[int(n)] + "; " + s
		}
		out[int(n)] = s
		return nil
	})
	return out, err
}

// Rejects writes the rows that were not taken in the shape of the file they came in: same columns, same delimiter and character set, a reason behind them. So
// they can be put right and imported again.
func (p *Port) Rejects(ctx context.Context, sc record.Scope, id record.ID, lang string, w io.Writer) error {
	imp, err := p.Mine(ctx, sc, id)
	if err != nil {
		return err
	}
	m, err := Decode(imp)
	if err != nil {
		return err
	}
	why, err := p.rejected(ctx, id, lang)
	if err != nil {
		return err
	}
	f, err := p.file(ctx, imp.SHA256)
	if err != nil {
		return err
	}
	defer f.close()
	t, err := openTable(f.File, m.Form)
	if err != nil {
		return err
	}
	defer t.close()
	set := m.Form.Charset
	if m.Form.Format == "xlsx" || set == utf8Set {
		if _, err := io.WriteString(w, "\uFEFF"); err != nil { // spreadsheets take a UTF-8 file for something else without it
			return err
		}
	}
	c := csv.NewWriter(encoded(w, set))
	c.Comma = rune(m.Form.Comma[0])
	head := make([]string, 0, len(m.Columns)+1)
	for _, col := range m.Columns {
		head = append(head, col.Name)
	}
	reason := map[string]string{"en": "Reason"}[lang]
	if reason == "" {
		reason = "原因"
	}
	if err := c.Write(append(head, reason)); err != nil {
		return err
	}
	for {
		x, err := t.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		what, ok := why[x.no]
		if !ok {
			continue
		}
		cells := x.cells
		for len(cells) < len(m.Columns) {
			cells = append(cells, "")
		}
		if m.Form.Format != "csv" {
			for i := range cells {
				cells[i] = guard(cells[i], false)
			}
		}
		if err := c.Write(append(cells[:len(cells):len(cells)], strings.ReplaceAll(what, "\n", " "))); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}
