package cabinet

import (
	"context"
	"slices"

	"guike/record"
	"guike/store"
)

// States of a kind of file that a customer is asked for.
const (
	PaperHere    = "here"
	PaperMissing = "missing"
	PaperOld     = "outdated"
)

// A Paper is a kind of file of one customer, and how it stands.
type Paper struct {
	Kind     record.ID
	State    string
	Document record.ID // the one by which it is here or outdated
	Title    string
	Day      record.Date
	Days     int // after which it is outdated; 0 never
}

// Papers answers how a customer stands with what the checklist asks of him: kinds that he needs, and outdated ones that he has.
func Papers(ctx context.Context, db *store.DB, sc record.Scope, customer record.ID) ([]Paper, error) {
	if _, err := db.Get(ctx, sc, "customer", customer); err != nil {
		return nil, err
	}
	a, err := ask(ctx, db, sc)
	if err != nil {
		return nil, err
	}
	needed := map[record.ID]bool{}
	for _, w := range a.wanted() {
		n, _, err := db.Count(ctx, sc, store.Query{Kind: "customer", Filter: record.All(record.Where("id", "eq", customer), w.from)}, nil)
		if err != nil {
			return nil, err
		}
		needed[w.Kind] = n > 0
	}
	out := []Paper{}
	f := a.cat.Kind("document").Field(Kind)
	if f == nil {
		return out, nil
	}
	for _, c := range a.cat.Categories(f.Dimension) {
		p := Paper{Kind: c.ID, State: PaperMissing}
		if i := slices.IndexFunc(a.l.Fresh, func(x Fresh) bool { return x.Kind == c.ID }); i >= 0 {
			p.Days = a.l.Fresh[i].Days
		}
		if !needed[c.ID] && p.Days == 0 {
			continue
		}
		var q query
		q.add("SELECT d.id, d.title, d.dated_on, d.created_at, CASE WHEN ")
		a.old(&q, "d", db.Now().AddDate(0, 0, -p.Days))
		q.add(" THEN 1 ELSE 0 END AS o FROM documents d WHERE d.customer = ? AND ", string(customer))
		a.scoped(&q, "document", ofKind(c.ID), "d")
		q.add(" ORDER BY o, d.n DESC LIMIT 1")
		if a.err != nil {
			return nil, a.err
		}
		var dated string
		var created, old int64
		err := db.One(ctx, q.String(), q.args, (*string)(&p.Document), &p.Title, &dated, &created, &old)
		switch {
		case err == nil:
			p.Day, p.State = a.dayOf(dated, created), PaperHere
			if p.Days > 0 && old > 0 {
				p.State = PaperOld
			}
		case !record.Is(err, record.NotFound):
			return nil, err
		case !needed[c.ID]:
			continue
		}
		out = append(out, p)
	}
	return out, nil
}
