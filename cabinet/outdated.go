package cabinet

import (
	"context"
	"fmt"
	"time"

	"guike/record"
	"guike/store"
)

// A Stale document: the newest of its kind that a customer has, and too old.
type Stale struct {
	Document record.ID
	Title    string
	Customer record.ID
	Kind     record.ID
	Day      record.Date // that it bears, or that it came
	Days     int         // after which its kind is outdated
	n        int64
}

// A StalePage is one page of outdated documents.
type StalePage struct {
	Stale []Stale
	Next  int64
}

// old adds the condition that a document is older than a day.
func (a *asker) old(q *query, alias string, cut time.Time) {
	day := record.DateOf(cut, a.cat.Zone)
	q.add(fmt.Sprintf("(CASE WHEN %[1]s.dated_on <> '' THEN %[1]s.dated_on < ? ELSE %[1]s.created_at < ? END)", alias), string(day),
		int64(record.At(record.StartOfDay(cut.In(a.cat.Zone).Year(), cut.In(a.cat.Zone).Month(), cut.In(a.cat.Zone).Day(), a.cat.Zone))))
}

func (a *asker) dayOf(dated string, created int64) record.Date {
	if dated != "" {
		return record.Date(dated)
	}
	return record.DateOf(record.Time(created).UTC(), a.cat.Zone)
}

// stale is the question which documents are outdated, of each kind at most limit of those numbered below before, or all where limit is 0; nil where none can be.
// The page is cut in every branch: only so does PostgreSQL walk the numbers of each kind backwards and stop.
func stale(ctx context.Context, db *store.DB, sc record.Scope, none [2]string, before int64, limit int) (*asker, *query, error) {
	a, err := ask(ctx, db, sc)
	if err != nil || len(a.l.Fresh) == 0 {
		return a, nil, err
	}
	// Of a customer that is gone or not seen nothing is asked.
	whose := record.Where("customer.created_at", "present", nil)
	inner := &query{}
	for i, f := range a.l.Fresh {
		cut := db.Now().AddDate(0, 0, -f.Days)
		if i > 0 {
			inner.add(" UNION ALL ")
		}
		inner.add(fmt.Sprintf("SELECT id, title, customer, dated_on, created_at, n, k FROM (SELECT d.id, d.title, d.customer, d.dated_on, d.created_at, d.n, %d AS k FROM documents d WHERE ", i))
		a.scoped(inner, "document", record.All(ofKind(f.Kind), whose), "d")
		inner.add(" AND ")
		a.old(inner, "d", cut)
		inner.add(" AND " + none[0] + "documents e WHERE e.customer = d.customer AND ")
		a.scoped(inner, "document", ofKind(f.Kind), "e")
		inner.add(" AND (NOT ")
		a.old(inner, "e", cut)
		inner.add(" OR e.n > d.n)" + none[1])
		if limit > 0 {
			inner.add(fmt.Sprintf(" AND d.n < ? ORDER BY d.n DESC LIMIT %d", limit), before)
		}
		inner.add(fmt.Sprintf(") b%d", i))
	}
	return a, inner, a.err
}

// CountStale answers how many documents FindStale finds on all its pages.
func CountStale(ctx context.Context, db *store.DB, sc record.Scope) (n int64, err error) {
	_, q, err := stale(ctx, db, sc, readAll, 0, 0)
	if err != nil || q == nil {
		return 0, err
	}
	err = db.One(ctx, "SELECT count(*) FROM ("+q.String()+") x", q.args, &n)
	return n, err
}

// FindStale answers documents whose kind is outdated by now and of which the customer has no fresher one, the newest of each; paged as FindMissing.
func FindStale(ctx context.Context, db *store.DB, sc record.Scope, after int64) (StalePage, error) {
	var out StalePage
	if after == 0 {
		after = 1 << 62
	}
	a, inner, err := stale(ctx, db, sc, lookUp, after, PageSize+1)
	if err != nil || inner == nil {
		return out, err
	}
	err = db.Each(ctx, fmt.Sprintf("SELECT id, title, customer, dated_on, created_at, n, k FROM (%s) x ORDER BY n DESC, k LIMIT %d", inner.String(), PageSize+1), inner.args, func(rows store.Rows) error {
		var s Stale
		var dated string
		var created, k int64
		if err := rows.Scan((*string)(&s.Document), &s.Title, (*string)(&s.Customer), &dated, &created, &s.n, &k); err != nil {
			return err
		}
		s.Kind, s.Days, s.Day = a.l.Fresh[k].Kind, a.l.Fresh[k].Days, a.dayOf(dated, created)
		out.Stale = append(out.Stale, s)
		return nil
	})
	if len(out.Stale) > PageSize {
		out.Stale = out.Stale[:PageSize]
		out.Next = out.Stale[PageSize-1].n
	}
	return out, err
}
