// Package view keeps ways of looking at a kind's records that were given a name: a filter, an order, columns. A view is its owner's alone, or shared with
// everyone or an audience of roles and departments; of those that reach a person one is where his list begins.
//
// A view gives nobody anything to see: it is only asked what its reader may ask. What it names that he may not see is refused as always.
package view

import (
	"context"
	"encoding/json"
	"slices"

	"guike"
	"guike/record"
	"guike/store"
)

// maxText bounds what a view keeps as JSON.
const maxText = 32 << 10

// maxViews bounds those of one kind; more would be no choice.
const maxViews = 500

// A Seen view, as one person sees it.
type Seen struct {
	*guike.View
	Mine  bool // may change it
	First bool // where his list begins
}

// reader is who looks: himself, his role, his department and those above.
type reader struct {
	user  record.ID
	role  string
	above []string
}

func who(ctx context.Context, db *store.DB, sc record.Scope) (reader, error) {
	rd := reader{user: sc.User}
	rec, err := db.Get(ctx, record.SystemScope("view"), "user", sc.User)
	if err != nil {
		return rd, err
	}
	u := rec.(*guike.User)
	rd.role = u.Role
	for at := u.Department; at != "" && len(rd.above) < 32; {
		rd.above = append(rd.above, string(at))
		var up string
		if err := db.One(ctx, "SELECT parent FROM departments WHERE id = ?", []any{string(at)}, &up); err != nil {
			return rd, err
		}
		at = record.ID(up)
	}
	return rd, nil
}

// near says how closely a view is meant for a reader: 0 not at all, then everyone, his role, his department, himself.
func (rd reader) near(v *guike.View) int {
	roles, departments := list(v.Roles), list(v.Departments)
	switch {
	case v.Owner == rd.user && !v.Shared:
		return 4
	case !v.Shared:
		return 0
	case slices.ContainsFunc(departments, func(d string) bool { return slices.Contains(rd.above, d) }):
		return 3
	case slices.Contains(roles, rd.role):
		return 2
	case len(roles)+len(departments) == 0:
		return 1
	case v.Owner == rd.user:
		return 1 // shared with others, and still his own
	}
	return 0
}

func list(text string) (out []string) {
	if text == "" {
		return nil
	}
	_ = json.Unmarshal([]byte(text), &out) // it was checked when it was written
	return out
}

// For answers the views of a kind that reach a person, by name.
func For(ctx context.Context, db *store.DB, sc record.Scope, of string) ([]Seen, error) {
	rd, err := who(ctx, db, sc)
	if err != nil {
		return nil, err
	}
	var out []Seen
	first, best := -1, 0
	for cursor := ""; ; {
		p, err := db.List(ctx, record.SystemScope("view"), store.Query{Kind: "view", Filter: record.Where("of", "eq", of), Sort: "name", Limit: store.MaxPage, Cursor: cursor})
		if err != nil {
			return nil, err
		}
		for _, r := range p.Records {
			v := r.(*guike.View)
			near := rd.near(v)
			if near == 0 && !(sc.Admin && v.Shared) {
				continue
			}
			out = append(out, Seen{View: v, Mine: may(sc, v)})
			if v.Standard && near > best {
				first, best = len(out)-1, near
			}
		}
		if cursor = p.Next; cursor == "" {
			break
		}
	}
	if first >= 0 {
		out[first].First = true
	}
	return out, nil
}

// may reports whether a person may change a view: his own, and shared ones who administers.
func may(sc record.Scope, v *guike.View) bool {
	return v.Owner == sc.User && sc.User != "" || v.Shared && sc.Admin
}

// house lets the verb write the record; the history still shows the caller.
func house(sc record.Scope) record.Scope {
	sc.Other = record.SystemScope("").Other
	sc.Grants, sc.Masked = nil, nil
	return sc
}

// fit asks whether a view may be as it is now. Shared with others it needs who may change rules: it changes what they begin with.
func fit(ctx context.Context, tx *store.Tx, sc record.Scope, v *guike.View) error {
	k := tx.Catalogue().Kind(v.Of)
	if k == nil || sc.For(v.Of).Read == record.None {
		return record.FieldError("of", "error.no_such_kind")
	}
	if v.Shared && !sc.Rules && !sc.Admin {
		return record.FieldError("shared", "error.view_share")
	}
	for name, text := range map[string]string{"columns": v.Columns, "roles": v.Roles, "departments": v.Departments} {
		var names []string
		if text != "" && (len(text) > maxText || json.Unmarshal([]byte(text), &names) != nil) {
			return record.FieldError(name, "error.not_a_list")
		}
	}
	if len(v.Layout) > maxText || len(v.Filter) > maxText {
		return record.FieldError("layout", "error.too_large")
	}
	if v.Filter == "" {
		return nil
	}
	var f record.Filter
	if err := json.Unmarshal([]byte(v.Filter), &f); err != nil {
		return record.FieldError("filter", "error.json")
	}
	env := tx.Catalogue().Env(&sc, tx.At().UTC())
	_, err := env.Bind(k, f)
	return err
}

// Make keeps a new view as the caller's.
func Make(ctx context.Context, db *store.DB, sc record.Scope, v *guike.View) error {
	return db.Tx(ctx, sc, func(tx *store.Tx) error {
		v.Owner, v.Department = sc.User, sc.Home
		if err := fit(ctx, tx, sc, v); err != nil {
			return err
		}
		var n int64
		if err := tx.One(ctx, `SELECT count(*) FROM views WHERE "of" = ? AND deleted_at IS NULL`, []any{v.Of}, &n); err != nil {
			return err
		}
		if n >= maxViews {
			return record.Errorf(record.Invalid, "error.too_many")
		}
		if err := tx.As(house(sc)).Create(ctx, v); err != nil {
			return err
		}
		return alone(ctx, tx, sc, v)
	})
}

// Change changes a view of the caller's.
func Change(ctx context.Context, db *store.DB, sc record.Scope, id record.ID, p store.Patch) (*guike.View, error) {
	var v *guike.View
	err := db.Tx(ctx, sc, func(tx *store.Tx) error {
		if _, err := mine(ctx, tx, sc, id); err != nil {
			return err
		}
		if _, of := p.Values["of"]; of {
			return record.FieldError("of", "error.read_only")
		}
		r, err := tx.As(house(sc)).Update(ctx, "view", id, p)
		if err != nil {
			return err
		}
		v = r.(*guike.View)
		if err := fit(ctx, tx, sc, v); err != nil {
			return err
		}
		return alone(ctx, tx, sc, v)
	})
	return v, err
}

// Drop puts a view into the trash; Restore takes it out.
func Drop(ctx context.Context, db *store.DB, sc record.Scope, id record.ID) error {
	return db.Tx(ctx, sc, func(tx *store.Tx) error {
		if _, err := mine(ctx, tx, sc, id); err != nil {
			return err
		}
		_, err := tx.As(house(sc)).Delete(ctx, "view", id)
		return err
	})
}

// Restore takes a view out of the trash.
func Restore(ctx context.Context, db *store.DB, sc record.Scope, id record.ID) error {
	return db.Tx(ctx, sc, func(tx *store.Tx) error {
		if _, err := mine(ctx, tx, sc, id); err != nil {
			return err
		}
		_, err := tx.As(house(sc)).Restore(ctx, "view", id)
		return err
	})
}

// mine answers a view that the caller may change. Another's private one is not there for him.
func mine(ctx context.Context, tx *store.Tx, sc record.Scope, id record.ID) (*guike.View, error) {
	r, err := tx.Get(ctx, record.SystemScope("view"), "view", id)
	if err != nil {
		return nil, err
	}
	v := r.(*guike.View)
	switch {
	case may(sc, v):
		return v, nil
	case v.Shared:
		return nil, record.Errorf(record.Denied, "error.denied")
	}
	return nil, &record.Error{Code: record.NotFound, Message: "error.not_found"}
}

// alone takes the first place from the others of the same audience: two cannot be where a list begins.
func alone(ctx context.Context, tx *store.Tx, sc record.Scope, v *guike.View) error {
	if !v.Standard {
		return nil
	}
	var others []record.ID
	if err := tx.Each(ctx, `SELECT id, owner, shared, roles, departments FROM views WHERE "of" = ? AND standard <> 0 AND deleted_at IS NULL AND id <> ?`, []any{v.Of, string(v.ID)}, func(rows store.Rows) error {
		var id, owner, roles, departments string
		var shared int64
		if err := rows.Scan(&id, &owner, &shared, &roles, &departments); err != nil {
			return err
		}
		if (shared != 0) == v.Shared && roles == v.Roles && departments == v.Departments && (v.Shared || owner == string(v.Owner)) {
			others = append(others, record.ID(id))
		}
		return nil
	}); err != nil {
		return err
	}
	_, err := tx.As(house(sc)).UpdateAll(ctx, "view", others, func(record.Record) (store.Patch, error) {
		return store.Patch{Values: map[string]record.Value{"standard": record.NumberValue(0)}}, nil
	})
	return err
}
