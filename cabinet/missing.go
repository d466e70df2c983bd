package cabinet

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"guike/record"
	"guike/store"
)

// PageSize is how many rows an answer has at most.
const PageSize = 50

// A query is SQL with its arguments, put together in order.
type query struct {
	strings.Builder
	args []any
}

func (q *query) add(sql string, args ...any) {
	q.WriteString(sql)
	q.args = append(q.args, args...)
}

// An asker asks within a scope. The first error sticks.
type asker struct {
	ctx context.Context
	db  *store.DB
	cat *store.Catalogue
	sc  record.Scope
	l   Checklist
	err error
}

func ask(ctx context.Context, db *store.DB, sc record.Scope) (*asker, error) {
	cat, err := db.Catalogue(ctx, false)
	if err != nil {
		return nil, err
	}
	return &asker{ctx: ctx, db: db, cat: cat, sc: sc, l: Load(cat, sc)}, nil
}

// scoped adds what the scope sees of a kind and a filter keeps.
func (a *asker) scoped(q *query, kind string, f record.Filter, alias string) {
	w, args, err := a.db.Scoped(a.ctx, a.sc, kind, f, alias)
	if err != nil && a.err == nil {
		a.err = err
	}
	q.add(w, args...)
}

func ofKind(ids ...record.ID) record.Filter { return record.Where(Kind, "under", ids) }

// A Wanted kind of file, and which customers need it.
type Wanted struct {
	Kind record.ID
	from record.Filter
}

// wanted are the kinds that the checklist asks for, in the order of their dimension.
func (a *asker) wanted() []Wanted {
	f := a.cat.Kind("document").Field(Kind)
	if f == nil {
		return nil
	}
	var out []Wanted
	for _, c := range a.cat.Categories(f.Dimension) {
		if slices.Contains(a.l.Every, c.ID) {
			out = append(out, Wanted{Kind: c.ID})
			continue
		}
		var values []string
		for _, n := range a.l.Needs {
			if slices.Contains(n.Kinds, c.ID) {
				values = append(values, n.Value)
			}
		}
		if len(values) == 0 {
			continue
		}
		op := "in"
		if a.cat.Kind("customer").Field(a.l.By).Type == record.Category {
			op = "under"
		}
		out = append(out, Wanted{Kind: c.ID, from: record.Where(a.l.By, op, values)})
	}
	return out
}

// A Lack is a customer whose papers are not all there, and which are not.
type Lack struct {
	Customer record.ID
	Title    string
	Stage    string // his value of what the checklist goes by
	Kinds    []record.ID
	n        int64
}

// Missing is one page of customers with lacks.
type Missing struct {
	Lacks []Lack
	Next  int64 // where the next page begins; 0 at the end
}

// lacking is the question which customers lack which kind of file, all of those that the scope sees: their id, title and n, and a mark of 1 or 0 for each kind.
type lacking struct {
	*asker
	inner query
	kinds []Wanted
	marks []string
	some  string // the condition that keeps those who lack one, or the one that is named
}

// How it is asked whether there is no such row. For a page each customer is looked up until there are enough; PostgreSQL would take NOT EXISTS as a reason to
// read all documents first. For a count that is right.
var (
	lookUp  = [2]string{"(SELECT 1 FROM ", " LIMIT 1) IS NULL"}
	readAll = [2]string{"NOT EXISTS (SELECT 1 FROM ", ")"}
)

// lackings asks it; nil where nothing is asked for.
func lackings(ctx context.Context, db *store.DB, sc record.Scope, kind record.ID, none [2]string) (*lacking, error) {
	a, err := ask(ctx, db, sc)
	if err != nil {
		return nil, err
	}
	q := &lacking{asker: a, kinds: a.wanted()}
	one := slices.IndexFunc(q.kinds, func(w Wanted) bool { return w.Kind == kind })
	if len(q.kinds) == 0 || kind != "" && one < 0 {
		return nil, nil
	}
	q.inner.add("SELECT c.id, c.title, c.n")
	for i, w := range q.kinds {
		q.inner.add(", CASE WHEN ")
		a.scoped(&q.inner, "customer", w.from, "c")
		q.inner.add(" AND " + none[0] + "documents d WHERE d.customer = c.id AND ")
		a.scoped(&q.inner, "document", ofKind(w.Kind), "d")
		q.inner.add(fmt.Sprintf("%s THEN 1 ELSE 0 END AS m%d", none[1], i))
		q.marks = append(q.marks, fmt.Sprintf("m%d", i))
	}
	q.inner.add(" FROM customers c WHERE ")
	a.scoped(&q.inner, "customer", record.Filter{}, "c")
	if q.some = strings.Join(q.marks, " + ") + " > 0"; one >= 0 {
		q.some = q.marks[one] + " > 0"
	}
	return q, a.err
}

// CountMissing answers how many customers FindMissing finds on all its pages, and how many lack each kind.
func CountMissing(ctx context.Context, db *store.DB, sc record.Scope, kind record.ID) (total int64, of map[record.ID]int64, err error) {
	of = map[record.ID]int64{}
	q, err := lackings(ctx, db, sc, kind, readAll)
	if err != nil || q == nil {
		return 0, of, err
	}
	flags := make([]int64, len(q.kinds))
	dst := []any{&total}
	sums := ""
	for i, m := range q.marks {
		sums += fmt.Sprintf(", CAST(coalesce(sum(%s), 0) AS bigint)", m)
		dst = append(dst, &flags[i])
	}
	err = db.One(ctx, fmt.Sprintf("SELECT CAST(coalesce(sum(CASE WHEN %s THEN 1 ELSE 0 END), 0) AS bigint)%s FROM (%s) x", q.some, sums, q.inner.String()), q.inner.args, dst...)
	for i, w := range q.kinds {
		of[w.Kind] = flags[i]
	}
	return total, of, err
}

// FindMissing answers the customers that lack a kind of file that the checklist asks of them, the newest first; of one kind where it is named. after is where
// the page begins, 0 for the first.
func FindMissing(ctx context.Context, db *store.DB, sc record.Scope, kind record.ID, after int64) (Missing, error) {
	var out Missing
	l, err := lackings(ctx, db, sc, kind, lookUp)
	if err != nil || l == nil {
		return out, err
	}
	var q query
	q.add("SELECT id, title, n, "+strings.Join(l.marks, ", ")+" FROM ("+l.inner.String(), l.inner.args...)
	if after > 0 {
		q.add(" AND c.n < ?", after)
	}
	q.add(fmt.Sprintf(") x WHERE %s ORDER BY n DESC LIMIT %d", l.some, PageSize+1))
	flags := make([]int64, len(l.kinds))
	if err := db.Each(ctx, q.String(), q.args, func(rows store.Rows) error {
		var x Lack
		dst := []any{(*string)(&x.Customer), &x.Title, &x.n}
		for i := range flags {
			dst = append(dst, &flags[i])
		}
		if err := rows.Scan(dst...); err != nil {
			return err
		}
		for i, w := range l.kinds {
			if flags[i] > 0 {
				x.Kinds = append(x.Kinds, w.Kind)
			}
		}
		out.Lacks = append(out.Lacks, x)
		return nil
	}); err != nil {
		return out, err
	}
	if len(out.Lacks) > PageSize {
		out.Lacks = out.Lacks[:PageSize]
		out.Next = out.Lacks[PageSize-1].n
	}
	return out, l.stages(out.Lacks)
}

// stages says of customers which value they have of what the checklist goes by.
func (a *asker) stages(ls []Lack) error {
	k := a.cat.Kind("customer")
	f := k.Field(a.l.By)
	if f == nil || len(ls) == 0 {
		return nil
	}
	ids := make([]record.ID, len(ls))
	for i, l := range ls {
		ids[i] = l.Customer
	}
	p, err := a.db.List(a.ctx, a.sc, store.Query{Kind: "customer", Filter: record.Where("id", "in", ids), Limit: store.MaxPage})
	if err != nil {
		return err
	}
	for _, r := range p.Records {
		i := slices.Index(ids, r.Head().ID)
		if i < 0 {
			continue
		}
		v := k.Get(r, f.Name)
		if ls[i].Stage = v.S; f.Type == record.Category {
			var names []string
			for _, n := range v.Numbers(f.Multi) {
				if c := a.cat.Numbered(n); c != nil {
					names = append(names, c.Name)
				}
			}
			ls[i].Stage = strings.Join(names, " · ")
		}
	}
	return nil
}
