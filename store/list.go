package store

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"guike/fold"
	"guike/record"
)

// A Query asks for a page of a kind's records.
type Query struct {
	Kind   string
	Filter record.Filter
	Words  string // full text
	Sort   string // a sortable field, "-" before it for descending; "" is newest first
	Limit  int    // 1 to MaxPage; 50 where 0
	Cursor string // from the page before, or of a mark
	Skip   int    // rows passed over after it; at most maxSkip, and not with words
	Trash  bool   // what is in the trash instead
}

// MaxPage is the most rows of one page.
const MaxPage = 200

// maxSkip is more than the marks of a list of ten million stand apart.
const maxSkip = 50_000

// A Page is an answer to a Query.
type Page struct {
	Records []record.Record
	Next    string // cursor, "" at the end
	Stopped bool   // the row budget ended the search before the page was full: what lies beyond was not looked at

	// How it was listed, of a page without words.
	k       *record.Kind
	o       order
	q       Query
	present int // so many records have a value of what they are sorted by; the rest are empties
}

// After answers the cursor that goes on behind one of the page's records; who merges several lists uses up each at its own pace. The page is one without words.
func (p Page) After(i int) string {
	r := p.Records[i]
	c := cursor{Hash: p.q.hash(), N: r.Head().N, Tail: i >= p.present}
	if p.o.f != nil && !c.Tail {
		c.Keys = p.o.keys(p.k.Get(r, p.o.f.Name))
	}
	return c.String()
}

// A selection is a query made ready: what is visible and holds.
type selection struct {
	cat    *Catalogue
	k      *record.Kind
	cond   record.Cond
	words  []fold.Word
	d      *dialect
	few    []int64 // where not nil: the numbers of all rows that are kept, and perhaps of some that are not
	page   bool    // few are those of the page only
	passed int     // rows that were to be passed over and are left out of few already
	many   bool    // more rows are kept than few would hold
}

func (r reader) selection(ctx context.Context, sc record.Scope, q Query) (*selection, error) {
	cat, err := r.catalogue(ctx)
	if err != nil {
		return nil, err
	}
	k := cat.Kind(q.Kind)
	if k == nil || sc.For(q.Kind).Read == record.None {
		return nil, &record.Error{Code: record.NotFound, Message: "error.no_such_kind"}
	}
	env := cat.Env(&sc, r.db.now())
	cond, err := env.Bind(k, q.Filter)
	if err != nil {
		return nil, err
	}
	s := &selection{cat: cat, k: k, d: r.db.eng.dialect(), words: fold.Words(q.Words)}
	if len(s.words) == 0 && strings.TrimSpace(q.Words) != "" {
		cond = record.Cond{Op: record.False} // nothing in it can be searched
	}
	s.cond = record.Cond{Op: record.And, Kids: []record.Cond{cond, env.Visible(k, sc.For(q.Kind).Read, q.Trash)}}
	return s, r.veil(ctx, sc, s)
}

// List answers a page. Records are light: what is large and secret is left out.
func (r reader) List(ctx context.Context, sc record.Scope, q Query) (Page, error) {
	if q.Limit <= 0 {
		q.Limit = 50
	}
	q.Limit = min(q.Limit, MaxPage)
	if sc.RowCap > 0 {
		q.Limit = min(q.Limit, sc.RowCap)
	}
	if q.Skip < 0 || q.Skip > maxSkip || q.Skip > 0 && strings.TrimSpace(q.Words) != "" {
		return Page{}, record.FieldError("skip", "error.too_many")
	}
	s, err := r.selection(ctx, sc, q)
	if err != nil {
		return Page{}, err
	}
	o, err := s.order(&sc, q.Sort)
	if err != nil {
		return Page{}, err
	}
	cur, err := q.cursor()
	if err != nil {
		return Page{}, err
	}
	if len(s.words) > 0 {
		return r.search(ctx, s, o, q, cur)
	}
	if err := r.narrow(ctx, s, o, cur, q.Skip, q.Limit+1); err != nil {
		return Page{}, err
	}
	var page Page
	// One row more than asked tells whether there is a next page. Present values first, then the empties, as two plain queries.
	if cur == nil || !cur.Tail {
		if page.Records, err = r.segment(ctx, s, o, cur, false, q.Limit+1, q.Skip, s.table()); err != nil {
			return Page{}, err
		}
	}
	tail := 0
	if n := len(page.Records); n <= q.Limit && o.f != nil {
		skip := q.Skip
		if cur == nil || !cur.Tail {
			cur, skip = nil, 0
		}
		more, err := r.segment(ctx, s, o, cur, true, q.Limit+1-n, skip, s.table())
		if err != nil {
			return Page{}, err
		}
		tail = len(more)
		page.Records = append(page.Records, more...)
	}
	return page.cut(s.k, o, q, len(page.Records)-tail), nil
}

// cut takes the extra row off and makes the cursor. present says how many records came from the segment of present values.
func (p Page) cut(k *record.Kind, o order, q Query, present int) Page {
	p.k, p.o, p.q, p.present = k, o, q, present
	if len(p.Records) > q.Limit {
		p.Records = p.Records[:q.Limit]
		p.Next = p.After(q.Limit - 1)
	}
	return p
}

// narrow asks the columns in memory, for SQLite, which rows a newest-first page holds; or for another order whether a filter keeps few rows, and which.
// SQLite cannot tell such a filter from one that keeps many, for which walking the order asked finds a page soon. PostgreSQL can, having statistics.
func (r reader) narrow(ctx context.Context, s *selection, o order, cur *cursor, skip, limit int) error {
	if s.d.name != "sqlite" || len(s.cond.Kids[0].Kids) == 0 && s.cond.Kids[0].Field == nil {
		return nil
	}
	set, behind, err := r.columns(ctx, s)
	if err != nil || r.st != nil || behind {
		return err
	}
	if set == nil {
		// A filter that keeps few rows of a large table is what they are most wanted for.
		var top int64
		if err := r.one(ctx, fmt.Sprintf("SELECT coalesce(max(n), 0) FROM %s", s.k.Plural), nil, &top); err != nil {
			return err
		}
		r.worth(s, top)
		return nil
	}
	if o.f == nil && o.desc {
		below := int64(math.MaxInt64)
		if cur != nil {
			below = cur.N
		}
		found, all, more := set.newest(s.k, &s.cond, below, skip+limit)
		if all {
			s.passed = min(skip, len(found))
			s.few, s.page = found[s.passed:], more
			return nil
		}
	}
	found, all, more := set.newest(s.k, &s.cond, math.MaxInt64, small)
	if s.few = found; more {
		s.few, s.many = nil, all
	}
	return nil
}

// After answers, in row-number order after one, records that a query keeps, for a job that walks them all: what it changes on the way does not shift its
// place. Words are not asked of a job.
func (r reader) After(ctx context.Context, sc record.Scope, q Query, n int64, limit int) ([]record.Record, error) {
	s, err := r.selection(ctx, sc, q)
	if err != nil {
		return nil, err
	}
	return r.segment(ctx, s, order{}, &cursor{N: n}, false, limit, 0, s.table())
}

// A source is what a selection's rows, called t, are read from, and the column that is their number: where a word drives, its own.
type source struct {
	from string
	args []any
	n    string
}

func (s *selection) table() source { return source{from: s.k.Plural + " t", n: "t.n"} }

// segment reads present values, or the empties (tail), after a cursor.
func (r reader) segment(ctx context.Context, s *selection, o order, cur *cursor, tail bool, limit, skip int, src source) ([]record.Record, error) {
	return r.read(ctx, s, newShape(s.k, "t", light), o, cur, tail, limit, skip, src)
}

func (r reader) read(ctx context.Context, s *selection, sh *shape, o order, cur *cursor, tail bool, limit, skip int, src source) ([]record.Record, error) {
	w, wargs := compileList(s.d, s.cond, s.many, o)
	args := append(slices.Clone(src.args), wargs...)
	var b strings.Builder
	fmt.Fprintf(&b, "SELECT %s FROM %s WHERE %s", sh.cols, src.from, w)
	if s.few != nil {
		b.WriteString(" AND " + fmt.Sprintf(s.d.list, "t.n"))
		args = append(args, texts(s.d, s.few, func(n int64) int64 { return n }))
	}
	dir, cmp := "", ">"
	if o.desc {
		dir, cmp = " DESC", "<"
	}
	keys := []string{}
	if o.f != nil {
		if p := o.present(); tail {
			b.WriteString(" AND NOT (" + p + ")")
		} else {
			b.WriteString(" AND " + p)
			for _, c := range o.cols {
				keys = append(keys, "t."+quote(c))
			}
		}
	}
	keys = append(keys, src.n)
	if cur != nil {
		fmt.Fprintf(&b, " AND (%s) %s (?%s)", strings.Join(keys, ", "), cmp, strings.Repeat(", ?", len(keys)-1))
		args = append(args, cur.Keys...)
		args = append(args, cur.N)
	}
	b.WriteString(" ORDER BY " + strings.Join(keys, dir+", ") + dir)
	fmt.Fprintf(&b, " LIMIT %d", limit)
	if skip > s.passed {
		fmt.Fprintf(&b, " OFFSET %d", skip-s.passed)
	}
	var out []record.Record
	err := r.each(ctx, b.String(), args, func(rows Rows) error {
		rec, err := sh.scan(rows)
		if err != nil {
			return err
		}
		out = append(out, rec)
		return nil
	})
	if err == nil && s.page && len(out) < limit {
		// One of them was changed just now; what lies behind must not be taken for the end.
		s.few, s.page, s.passed = nil, false, 0
		return r.read(ctx, s, sh, o, cur, tail, limit, skip, src)
	}
	return out, err
}

// Get answers one record within the scope. What is in the trash is answered too, with its deleted_at.
func (r reader) Get(ctx context.Context, sc record.Scope, kind string, id record.ID) (record.Record, error) {
	return r.get(ctx, sc, kind, id, sc.For(kind).Read, "")
}

func (r reader) get(ctx context.Context, sc record.Scope, kind string, id record.ID, reach record.Reach, lock string) (record.Record, error) {
	rs, err := r.GetAll(ctx, sc, kind, []record.ID{id}, reach, lock)
	if err != nil {
		return nil, err
	}
	if len(rs) == 0 {
		return nil, &record.Error{Code: record.NotFound, Message: "error.not_found"}
	}
	return rs[0], nil
}

// GetAll answers the records of the ids that lie within a reach, whole, in id order; the others are left out. lock is "" or the dialect's.
func (r reader) GetAll(ctx context.Context, sc record.Scope, kind string, ids []record.ID, reach record.Reach, lock string) ([]record.Record, error) {
	cat, err := r.catalogue(ctx)
	if err != nil {
		return nil, err
	}
	k := cat.Kind(kind)
	if k == nil || reach == record.None {
		return nil, &record.Error{Code: record.NotFound, Message: "error.not_found"}
	}
	d := r.db.eng.dialect()
	env := cat.Env(&sc, r.db.now())
	vis := env.Visible(k, reach, false)
	cond := record.Cond{Op: record.True}
	if vis.Op == record.And {
		cond = vis.Kids[1] // the reach, without the trash
	}
	sh := newShape(k, "t", whole)
	w, wargs := compile(d, cond, "t")
	args := append([]any{texts(d, ids, func(id record.ID) string { return string(id) })}, wargs...)
	sql := fmt.Sprintf("SELECT %s FROM %s t WHERE %s AND %s ORDER BY t.id%s", sh.cols, k.Plural, fmt.Sprintf(d.list, "t.id"), w, lock)
	var out []record.Record
	err = r.each(ctx, sql, args, func(rows Rows) error {
		rec, err := sh.scan(rows)
		if err != nil {
			return err
		}
		out = append(out, rec)
		return nil
	})
	return out, err
}

// Titles answers how records of a kind are called: only those within the scope and not in the trash; the others are missing from the answer.
func (r reader) Titles(ctx context.Context, sc record.Scope, kind string, ids []record.ID) (map[record.ID]string, error) {
	out := map[record.ID]string{}
	cat, err := r.catalogue(ctx)
	if err != nil || len(ids) == 0 {
		return out, err
	}
	k := cat.Kind(kind)
	if k == nil {
		return out, nil
	}
	if len(sc.Masked[kind]) > 0 { // a title is made of what the scope may not see
		recs, err := r.GetAll(ctx, sc, kind, ids, sc.For(kind).Read, "")
		for _, x := range recs {
			if x.Head().DeletedAt == 0 {
				out[x.Head().ID] = sc.Title(k, x)
			}
		}
		if record.Is(err, record.NotFound) {
			err = nil // nothing of the kind is read
		}
		return out, err
	}
	d := r.db.eng.dialect()
	w, wargs := compile(d, cat.Env(&sc, r.db.now()).Visible(k, sc.For(kind).Read, false), "t")
	args := append([]any{texts(d, ids, func(id record.ID) string { return string(id) })}, wargs...)
	err = r.each(ctx, fmt.Sprintf("SELECT t.id, t.title FROM %s t WHERE %s AND %s", k.Plural, fmt.Sprintf(d.list, "t.id"), w), args, func(rows Rows) error {
		var id, title string
		if err := rows.Scan(&id, &title); err != nil {
			return err
		}
		out[record.ID(id)] = title
		return nil
	})
	return out, err
}
