package cabinet

import (
	"context"
	"fmt"
	"slices"

	"guike/record"
	"guike/store"
)

// A Role that people have, and how it reads documents.
type Role struct {
	Name  string
	Label string
	All   bool // it reads them all
}

// Roles answers the roles that somebody has who is let in.
type Roles func(ctx context.Context) ([]Role, error)

// Why a share is too open.
const (
	OpenUnguarded    = "password"     // asks for none
	OpenLong         = "long"         // lives longer than allowed
	OpenConfidential = "confidential" // of a kind that nobody outside may read
)

// An Open share is one that is live and wider than the checklist allows.
type Open struct {
	Share    record.ID
	About    string
	Rec      record.ID
	Name     string
	Receiver string
	By       record.ID
	Expires  record.Time
	Why      []string
	n        int64
}

// Shares is one page of them.
type Shares struct {
	Open  []Open
	Next  int64
	Total int64
}

// FindShares answers live shares that are wider than the checklist allows: of those that the scope sees, its own or, for an administrator, all.
func FindShares(ctx context.Context, db *store.DB, sc record.Scope, after int64) (Shares, error) {
	var out Shares
	a, err := ask(ctx, db, sc)
	if err != nil {
		return out, err
	}
	flag := func(is bool) int {
		if is {
			return 1
		}
		return 0
	}
	var inner query
	inner.add(fmt.Sprintf("SELECT s.id, s.about, s.rec, s.name, s.receiver, s.owner, s.expires_at, s.n, CASE WHEN s.guarded = 0 THEN %d ELSE 0 END AS r0, CASE WHEN s.expires_at - s.created_at > ? THEN %d ELSE 0 END AS r1, ",
		flag(a.l.Password), flag(a.l.ShareDays > 0)), int64(a.l.ShareDays)*24*3600*1_000_000+60_000_000) // a minute more: it is counted from when somebody pressed
	if len(a.l.Confidential) > 0 {
		inner.add("CASE WHEN s.about = 'document' AND EXISTS (SELECT 1 FROM documents d WHERE d.id = s.rec AND ")
		a.scoped(&inner, "document", ofKind(a.l.Confidential...), "d")
		inner.add(") THEN 1 ELSE 0 END AS r2")
	} else {
		inner.add("0 AS r2")
	}
	inner.add(" FROM shares s WHERE ")
	a.scoped(&inner, "share", record.Where("revoked_at", "empty", nil), "s")
	inner.add(" AND s.expires_at > ? AND (s.most = 0 OR s.opened < s.most)", int64(record.At(db.Now())))
	if a.err != nil {
		return out, a.err
	}
	if after == 0 {
		if err := db.One(ctx, "SELECT count(*) FROM ("+inner.String()+") x WHERE r0 + r1 + r2 > 0", inner.args, &out.Total); err != nil {
			return out, err
		}
		after = 1 << 62
	}
	err = db.Each(ctx, fmt.Sprintf("SELECT id, about, rec, name, receiver, owner, expires_at, n, r0, r1, r2 FROM (%s) x WHERE r0 + r1 + r2 > 0 AND n < ? ORDER BY n DESC LIMIT %d", inner.String(), PageSize+1),
		append(inner.args, after), func(rows store.Rows) error {
			var o Open
			var r [3]int64
			if err := rows.Scan((*string)(&o.Share), &o.About, (*string)(&o.Rec), &o.Name, &o.Receiver, (*string)(&o.By), (*int64)(&o.Expires), &o.n, &r[0], &r[1], &r[2]); err != nil {
				return err
			}
			for i, why := range []string{OpenUnguarded, OpenLong, OpenConfidential} {
				if r[i] > 0 {
					o.Why = append(o.Why, why)
				}
			}
			out.Open = append(out.Open, o)
			return nil
		})
	if len(out.Open) > PageSize {
		out.Open = out.Open[:PageSize]
		out.Next = out.Open[PageSize-1].n
	}
	return out, err
}

// A Wide page of confidential documents that more people read than ought to.
type Wide struct {
	Readers []Role // the roles that read them all and are not trusted to
	Filter  record.Filter
	Total   int64
}

// FindWide answers which roles read all confidential documents without being trusted to, and which documents those are: a filter, for a list to show.
func FindWide(ctx context.Context, db *store.DB, sc record.Scope, roles Roles) (Wide, error) {
	var out Wide
	a, err := ask(ctx, db, sc)
	if err != nil || len(a.l.Confidential) == 0 {
		return out, err
	}
	all, err := roles(ctx)
	if err != nil {
		return out, err
	}
	for _, r := range all {
		if r.All && !slices.Contains(a.l.Trusted, r.Name) {
			out.Readers = append(out.Readers, r)
		}
	}
	if len(out.Readers) == 0 {
		return out, nil
	}
	out.Filter = ofKind(a.l.Confidential...)
	out.Total, _, err = db.Count(ctx, sc, store.Query{Kind: "document", Filter: out.Filter}, nil)
	return out, err
}
