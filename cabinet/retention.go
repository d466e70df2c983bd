package cabinet

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"guike/record"
	"guike/store"
)

// retentionSetting is the workspace's setting that holds for how long kinds of file are kept.
const retentionSetting = "retention"

// maxYears is the longest that a kind can be kept without being kept for ever.
const maxYears = 100

// maxReason bounds why something is held, in characters.
const maxReason = 200

// A Keep says for how many years a kind of file is kept. The rule of a kind goes before that of the one above it.
type Keep struct {
	Kind  record.ID `json:"kind"`
	Years int       `json:"years"`
}

// Retention is for how long what is kept. A kind without a rule is kept for ever.
type Retention struct {
	Keep []Keep `json:"keep"`
}

// LoadRetention reads the workspace's rules; what they name that is not there any more, or not seen, is left out.
func LoadRetention(cat *store.Catalogue, sc record.Scope) Retention {
	r := Retention{Keep: []Keep{}}
	if text := cat.Settings[retentionSetting]; text != "" {
		_ = json.Unmarshal([]byte(text), &r) // it was checked when it was written
	}
	f := cat.Kind("document").Field(Kind)
	r.Keep = slices.DeleteFunc(r.Keep, func(k Keep) bool {
		return f == nil || !sc.Sees("document", f) || cat.Category(f.Dimension, string(k.Kind)) == nil
	})
	return r
}

// SaveRetention writes the rules. It needs an administrator: what they let go is gone.
func SaveRetention(ctx context.Context, db *store.DB, sc record.Scope, r Retention) error {
	if !sc.Admin {
		return record.Errorf(record.Denied, "error.denied")
	}
	return db.Tx(ctx, sc.House(), func(tx *store.Tx) error {
		f := tx.Catalogue().Kind("document").Field(Kind)
		if f == nil {
			return record.Errorf(record.Conflict, "error.no_file_kinds")
		}
		if len(r.Keep) > maxKinds {
			return record.FieldError("keep", "error.too_many")
		}
		for i, k := range r.Keep {
			if c := tx.Catalogue().Category(f.Dimension, string(k.Kind)); c == nil || c.Retired || slices.ContainsFunc(r.Keep[:i], func(o Keep) bool { return o.Kind == k.Kind }) {
				return record.FieldError("keep", "error.no_such_category")
			}
			if k.Years < 1 || k.Years > maxYears {
				return record.FieldError("keep", "error.cabinet_years")
			}
		}
		b, err := json.Marshal(r)
		if err != nil {
			return err
		}
		return tx.Set(ctx, retentionSetting, string(b))
	})
}

// A Due document has been kept as long as its kind asks.
type Due struct {
	Document record.ID
	Title    string
	Customer record.ID
	Kind     record.ID
	Day      record.Date
	Years    int
	n        int64
}

// DuePage is one page of them.
type DuePage struct {
	Due   []Due
	Next  int64
	Total int64
	Held  int64 // that are due, and held
}

// FindDue proposes documents that have been kept as long as their kind asks and that nothing holds: neither themselves nor their customer. Nobody but a person
// removes them, into the trash first.
func FindDue(ctx context.Context, db *store.DB, sc record.Scope, after int64) (DuePage, error) {
	var out DuePage
	a, err := ask(ctx, db, sc)
	if err != nil {
		return out, err
	}
	r := LoadRetention(a.cat, sc)
	if len(r.Keep) == 0 {
		return out, nil
	}
	var inner query
	for i, k := range r.Keep {
		if i > 0 {
			inner.add(" UNION ALL ")
		}
		inner.add(fmt.Sprintf(`SELECT d.id, d.title, d.customer, d.dated_on, d.created_at, d.n, %d AS k,
			CASE WHEN d.hold <> '' OR EXISTS (SELECT 1 FROM customers c WHERE c.id = d.customer AND c.hold <> '') THEN 1 ELSE 0 END AS held FROM documents d WHERE `, i))
		a.scoped(&inner, "document", a.ruled(r, k.Kind), "d")
		inner.add(" AND ")
		a.old(&inner, "d", db.Now().AddDate(-k.Years, 0, 0))
	}
	if a.err != nil {
		return out, a.err
	}
	if after == 0 {
		if err := db.One(ctx, "SELECT CAST(coalesce(sum(1 - held), 0) AS bigint), CAST(coalesce(sum(held), 0) AS bigint) FROM ("+inner.String()+") x", inner.args, &out.Total, &out.Held); err != nil {
			return out, err
		}
		after = 1 << 62
	}
	err = db.Each(ctx, fmt.Sprintf("SELECT id, title, customer, dated_on, created_at, n, k FROM (%s) x WHERE held = 0 AND n < ? ORDER BY n DESC LIMIT %d", inner.String(), PageSize+1), append(inner.args, after), func(rows store.Rows) error {
		var d Due
		var dated string
		var created, k int64
		if err := rows.Scan((*string)(&d.Document), &d.Title, (*string)(&d.Customer), &dated, &created, &d.n, &k); err != nil {
			return err
		}
		d.Kind, d.Years, d.Day = r.Keep[k].Kind, r.Keep[k].Years, a.dayOf(dated, created)
		out.Due = append(out.Due, d)
		return nil
	})
	if len(out.Due) > PageSize {
		out.Due = out.Due[:PageSize]
		out.Next = out.Due[PageSize-1].n
	}
	return out, err
}

// ruled keeps the documents for which a kind's rule is the nearest: of the kind and those below it that have no rule of their own, nor one nearer.
func (a *asker) ruled(r Retention, kind record.ID) record.Filter {
	f := a.cat.Kind("document").Field(Kind)
	var ids []record.ID
	for _, c := range a.cat.Categories(f.Dimension) {
		for _, up := range a.cat.Ancestors(c.N) { // itself first
			if slices.ContainsFunc(r.Keep, func(k Keep) bool { return k.Kind == up.ID }) {
				if up.ID == kind {
					ids = append(ids, c.ID)
				}
				break
			}
		}
	}
	return record.Where(Kind, "in", ids)
}

// Hold keeps a customer or a document, and all that refers to it, from being removed for ever, or with "" lets it go again. It needs an administrator.
func Hold(ctx context.Context, db *store.DB, sc record.Scope, kind string, id record.ID, reason string) (record.Record, error) {
	if !sc.Admin {
		return nil, record.Errorf(record.Denied, "error.denied")
	}
	reason = strings.TrimSpace(reason)
	if utf8.RuneCountInString(reason) > maxReason {
		return nil, record.FieldError("reason", "error.too_long")
	}
	var r record.Record
	err := db.Tx(ctx, sc, func(tx *store.Tx) error {
		k := tx.Catalogue().Kind(kind)
		if k == nil || k.Field("hold") == nil || !k.Field("hold").IsHolding() {
			return record.Errorf(record.NotFound, "error.no_such_kind")
		}
		if _, err := tx.Get(ctx, sc, kind, id); err != nil {
			return err
		}
		var err error
		r, err = tx.As(sc.House()).Update(ctx, kind, id, store.Patch{Values: map[string]record.Value{"hold": record.TextValue(reason)}})
		return err
	})
	return r, err
}
