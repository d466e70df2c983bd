package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"guike/fold"
	"guike/record"
)

// gap stands between fields in a record's tokens, so that no phrase reaches from one into the next. It is a private-use character, which FTS5's
// tokenizer is told to keep.
const gap = "\ue000"

// tokens are what full text keeps of a record: its searched fields, the initials of its name.
func tokens(k *record.Kind, vs []record.Value) []string {
	var out []string
	for i := range k.Fields {
		f := &k.Fields[i]
		if !f.IsSearched() || vs[i].Null {
			continue
		}
		if len(out) > 0 {
			out = append(out, gap)
		}
		out = append(out, fold.Tokens(vs[i].S)...)
		if f.IsNamed() {
			if in := fold.Initials(vs[i].S); in != "" {
				out = append(out, gap, in)
			}
		}
	}
	return out
}

// match writes what a person typed as the engine's query language, everything quoted.
func (d *dialect) match(words []fold.Word) string {
	var parts []string
	for _, w := range words {
		if d.name == "sqlite" {
			p := `"` + strings.Join(w.Tokens, " ") + `"`
			if w.Prefix {
				p += " *"
			}
			parts = append(parts, p)
			continue
		}
		var ts []string
		for i, t := range w.Tokens {
			p := "'" + strings.ReplaceAll(strings.ReplaceAll(t, `\`, `\\`), "'", "''") + "'"
			if w.Prefix && i == len(w.Tokens)-1 {
				p += ":*"
			}
			ts = append(ts, p)
		}
		parts = append(parts, strings.Join(ts, " <-> "))
	}
	if d.name == "sqlite" {
		return strings.Join(parts, " AND ")
	}
	return "(" + strings.Join(parts, ") & (") + ")"
}

// vector writes tokens as a tsvector literal with positions; to_tsvector's parser would take them apart again.
func vector(ts []string) string {
	var b strings.Builder
	for i, t := range ts {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteByte('\'')
		b.WriteString(strings.ReplaceAll(strings.ReplaceAll(t, `\`, `\\`), "'", "''"))
		fmt.Fprintf(&b, "':%d", min(i+1, 16383))
	}
	return b.String()
}

// source joins a selection to its words where it has some. On SQLite the word drives (CROSS JOIN keeps the order); PostgreSQL chooses, but for rare words:
// see rare.
func (s *selection) source() source {
	if len(s.words) == 0 {
		return s.table()
	}
	args := []any{s.d.match(s.words)}
	if s.d.name == "sqlite" {
		return source{fmt.Sprintf("%[1]s_search f CROSS JOIN %[1]s t ON f.%[1]s_search MATCH ? AND t.n = f.rowid", s.k.Plural), args, "f.rowid"}
	}
	return source{fmt.Sprintf("%[1]s t JOIN %[1]s_search f ON f.n = t.n AND f.v @@ ?::tsquery", s.k.Plural), args, "t.n"}
}

// small is how many rows make a set small: below it either side may drive and any sort will do.
const small = 2000

// scanBudget bounds, on SQLite, how many of a common word's rows are looked at for one page. Past it the page says that it stopped.
const scanBudget = 300_000

// search answers a page under words. Neither planner knows how common a word is, so it is probed.
func (r reader) search(ctx context.Context, s *selection, o order, q Query, cur *cursor) (Page, error) {
	var page Page
	var err error
	src := s.source()
	run := func() error {
		if cur == nil || !cur.Tail {
			if page.Records, err = r.segment(ctx, s, o, cur, false, q.Limit+1, 0, src); err != nil {
				return err
			}
		}
		present := len(page.Records)
		if present <= q.Limit && o.f != nil {
			c := cur
			if c != nil && !c.Tail {
				c = nil
			}
			more, err := r.segment(ctx, s, o, c, true, q.Limit+1-present, 0, src)
			if err != nil {
				return err
			}
			page.Records = append(page.Records, more...)
		}
		page = page.cut(s.k, o, q, present)
		return nil
	}
	if s.d.name != "sqlite" {
		if s.few, err = r.rare(ctx, s, src.args); err != nil {
			return Page{}, err
		}
		if s.few != nil {
			src = s.table()
		}
		err = run()
		return page, err
	}
	// Never probe FTS5 by rowid (0.4 ms a probe for a common word): a word either drives, or the text is checked in Go. How far back its newest rows go
	// says how common it is.
	var words, first, top int64
	probe := fmt.Sprintf(`SELECT count(*), coalesce(min(rowid), 0), (SELECT coalesce(max(n), 0) FROM %[1]s)
		FROM (SELECT rowid FROM %[1]s_search WHERE %[1]s_search MATCH ? ORDER BY rowid DESC LIMIT %[2]d)`, s.k.Plural, small+1)
	if err := r.one(ctx, probe, src.args, &words, &first, &top); err != nil {
		return Page{}, err
	}
	if words <= small {
		err = run()
		return page, err
	}
	every := max((top-first)/small, 1) // one row of so many has the word
	if o.f != nil || every <= often {
		return r.walk(ctx, s, o, q, cur, int(every)*(q.Limit+1)*3/2)
	}
	w, wargs := compile(s.d, s.cond, "t")
	var rows int64
	if err := r.one(ctx, fmt.Sprintf("SELECT count(*) FROM (SELECT 1 FROM %[1]s t WHERE t.n > ? AND %[2]s LIMIT %[3]d)",
		s.k.Plural, w, small/10), append([]any{top - small*10}, wargs...), &rows); err != nil {
		return Page{}, err
	}
	if rows >= small/10 {
		// Common among the newest: the word drives by row number, newest first, and the filter finds its rows soon.
		err = run()
		return page, err
	}
	return r.walk(ctx, s, o, q, cur, 4*q.Limit)
}

// fewWords is how many rows' numbers a rare word may have.
const fewWords = 20_000

// rare answers, on PostgreSQL, the numbers of all rows with words that the newest rows show to be rare; nil where they are not. Its statistics know only the
// commonest lexemes and take any other for one in two hundred: it would walk the newest rows for it, or all rows for the join.
func (r reader) rare(ctx context.Context, s *selection, match []any) ([]int64, error) {
	var top, hits int64
	if err := r.one(ctx, fmt.Sprintf("SELECT coalesce(max(n), 0) FROM %s", s.k.Plural), nil, &top); err != nil {
		return nil, err
	}
	const enough = small / 200
	// The number is bound, so that the planner sees how few rows that is.
	if err := r.one(ctx, fmt.Sprintf("SELECT count(*) FROM (SELECT 1 FROM %s_search WHERE n > ? AND n <= ? AND v @@ ?::tsquery LIMIT %d) x", s.k.Plural, enough),
		append([]any{top - small, top}, match...), &hits); err != nil || hits == enough {
		return nil, err
	}
	ns := []int64{}
	err := r.each(ctx, fmt.Sprintf("SELECT n FROM (SELECT n FROM %s_search WHERE v @@ ?::tsquery OFFSET 0) x LIMIT %d", s.k.Plural, fewWords+1), match, func(rows Rows) error {
		var n int64
		err := rows.Scan(&n)
		ns = append(ns, n)
		return err
	})
	if len(ns) > fewWords {
		return nil, err
	}
	return ns, err
}

// often: where one row of so many has the word, it is quicker to take what the filter keeps and look for the word than the other way round.
const often = 8

// walk goes through what the filter keeps, in the order asked, and checks the text in Go by the tokenizer's own folding, in growing batches from a first one,
// up to the budget. It reads of each row what it checks, and the whole of those that it answers.
func (r reader) walk(ctx context.Context, s *selection, o order, q Query, cur *cursor, batch int) (Page, error) {
	sh := newShape(s.k, "t", func(f *record.Field) bool {
		return f.IsSearched() || f.Pos == record.PosN || o.f != nil && f.Pos == o.f.Pos
	})
	var page Page
	seen, present := 0, 0
	tail := cur != nil && cur.Tail
	for seen < scanBudget {
		if seen == 0 || o.f == nil {
			if err := r.narrow(ctx, s, o, cur, 0, batch); err != nil {
				return Page{}, err
			}
		}
		rs, err := r.read(ctx, s, sh, o, cur, tail, batch, 0, s.table())
		if err != nil {
			return Page{}, err
		}
		for _, rec := range rs {
			if fold.Holds(tokens(s.k, s.k.Values(rec)), s.words) {
				page.Records = append(page.Records, rec)
				if !tail {
					present++
				}
				if len(page.Records) > q.Limit {
					page = page.cut(s.k, o, q, present)
					return page, r.fill(ctx, s, page.Records)
				}
			}
		}
		seen += len(rs)
		if len(rs) < batch {
			if tail || o.f == nil {
				return page, r.fill(ctx, s, page.Records)
			}
			tail, cur = true, nil
			continue
		}
		last := rs[len(rs)-1]
		cur = &cursor{N: last.Head().N, Tail: tail}
		if o.f != nil && !tail {
			cur.Keys = o.keys(s.k.Get(last, o.f.Name))
		}
		batch = min(batch*2, 5000)
	}
	page.Stopped = true
	if cur != nil {
		cur.Hash = q.hash()
		page.Next = cur.String()
	}
	return page, r.fill(ctx, s, page.Records)
}

// fill reads the whole of records of which a part was read, in the same order. One that was purged in between stays as it was read.
func (r reader) fill(ctx context.Context, s *selection, recs []record.Record) error {
	if len(recs) == 0 {
		return nil
	}
	at := make(map[int64]int, len(recs))
	for i, rec := range recs {
		at[rec.Head().N] = i
	}
	sh := newShape(s.k, "t", light)
	return r.each(ctx, fmt.Sprintf("SELECT %s FROM %s t WHERE %s", sh.cols, s.k.Plural, fmt.Sprintf(s.d.list, "t.n")),
		[]any{texts(s.d, recs, func(rec record.Record) int64 { return rec.Head().N })}, func(rows Rows) error {
			rec, err := sh.scan(rows)
			if err == nil {
				recs[at[rec.Head().N]] = rec
			}
			return err
		})
}

// A Hit is one answer of the search over all kinds.
type Hit struct {
	Kind  string
	ID    record.ID
	Title string
	Rec   record.Record
}

// Search looks for words in every kind that the scope may read and that has full text, the newest of each, names first.
func (r reader) Search(ctx context.Context, sc record.Scope, words string, limit int) ([]Hit, error) {
	cat, err := r.catalogue(ctx)
	if err != nil {
		return nil, err
	}
	var hits []Hit
	for _, k := range cat.Kinds() {
		if k.Verbs && !k.Said || sc.For(k.Name).Read == record.None {
			continue
		}
		page, err := r.List(ctx, sc, Query{Kind: k.Name, Words: words, Limit: min(limit, 10)})
		if err != nil {
			return nil, err
		}
		for _, rec := range page.Records {
			hits = append(hits, Hit{k.Name, rec.Head().ID, rec.Head().Title, rec})
		}
	}
	needle := fold.Name(words)
	slices.SortStableFunc(hits, func(a, b Hit) int {
		return int(number01(strings.Contains(fold.Name(b.Title), needle)) - number01(strings.Contains(fold.Name(a.Title), needle)))
	})
	return hits[:min(len(hits), limit)], nil
}
