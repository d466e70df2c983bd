// Package view keeps ways of looking at a kind's records that were given a name: a filter, an order, columns. A view is its owner's alone, or shared with
// everyone or an audience of roles and departments; of those that reach a person one is where his list begins. Dashboards, which put views side by side,
// are kept and shared the same way: dashboard.go.
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

// MaxViews bounds those of one kind; more would be no choice.
const MaxViews = 500

// A Seen view, as one person sees it.
type Seen struct {
	*guike.View
	Mine  bool // may change it
	First bool // where his list begins
}

// audience is whom a view or a dashboard is for.
type audience struct {
	owner              record.ID
	shared             bool
	roles, departments []string
}

func audienceOf(r record.Record) audience {
	switch x := r.(type) {
	case *guike.View:
		return audience{x.Owner, x.Shared, list(x.Roles), list(x.Departments)}
	case *guike.Dashboard:
		return audience{x.Owner, x.Shared, list(x.Roles), list(x.Departments)}
	}
	return audience{}
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

// near says how closely something is meant for a reader: 0 not at all, then everyone, his role, his department, himself.
func (rd reader) near(a audience) int {
	switch {
	case a.owner == rd.user && !a.shared:
		return 4
	case !a.shared:
		return 0
	case slices.ContainsFunc(a.departments, func(d string) bool { return slices.Contains(rd.above, d) }):
		return 3
	case slices.Contains(a.roles, rd.role):
		return 2
	case len(a.roles)+len(a.departments) == 0:
		return 1
	case a.owner == rd.user:
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

// For answers the views of a kind that reach a person, by name; of every kind where it is "". Of one kind, one is first.
func For(ctx context.Context, db *store.DB, sc record.Scope, of string) ([]Seen, error) {
	var f record.Filter
	if of != "" {
		f = record.Where("of", "eq", of)
	}
	var out []Seen
	first, best := -1, 0
	err := reaching(ctx, db, sc, "view", f, func(r record.Record, near int) {
		v := r.(*guike.View)
		if sc.For(v.Of).Read == record.None {
			return
		}
		out = append(out, Seen{View: v, Mine: may(sc, v)})
		if of != "" && v.Standard && near > best {
			first, best = len(out)-1, near
		}
	})
	if first >= 0 {
		out[first].First = true
	}
	return out, err
}

// reaching calls fn for what reaches a person, by name, and how closely; who administers reaches all that is shared.
func reaching(ctx context.Context, db *store.DB, sc record.Scope, kind string, f record.Filter, fn func(r record.Record, near int)) error {
	rd, err := who(ctx, db, sc)
	if err != nil {
		return err
	}
	for cursor := ""; ; {
		p, err := db.List(ctx, record.SystemScope("view"), store.Query{Kind: kind, Filter: f, Sort: "name", Limit: store.MaxPage, Cursor: cursor})
		if err != nil {
			return err
		}
		for _, r := range p.Records {
			a := audienceOf(r)
			if near := rd.near(a); near > 0 || sc.Admin && a.shared {
				fn(r, near)
			}
		}
		if cursor = p.Next; cursor == "" {
			return nil
		}
	}
}

// may reports whether a person may change something: his own, and shared ones who administers.
func may(sc record.Scope, r record.Record) bool {
	a := audienceOf(r)
	return a.owner == sc.User && sc.User != "" || a.shared && sc.Admin
}

// fit asks whether a view or a dashboard may be as it is now. Shared with others it needs who may change rules: it changes what they begin with.
func fit(ctx context.Context, tx *store.Tx, sc record.Scope, r record.Record) error {
	if audienceOf(r).shared && !sc.Rules && !sc.Admin {
		return record.FieldError("shared", "error.view_share")
	}
	lists := map[string]string{}
	switch x := r.(type) {
	case *guike.View:
		lists = map[string]string{"columns": x.Columns, "roles": x.Roles, "departments": x.Departments}
	case *guike.Dashboard:
		lists = map[string]string{"roles": x.Roles, "departments": x.Departments}
	}
	for name, text := range lists {
		var names []string
		if text != "" && (len(text) > maxText || json.Unmarshal([]byte(text), &names) != nil) {
			return record.FieldError(name, "error.not_a_list")
		}
	}
	if d, ok := r.(*guike.Dashboard); ok {
		return fitTiles(ctx, tx, sc, d)
	}
	return fitView(tx, sc, r.(*guike.View))
}

// fitView asks whether what a view names is there for who keeps it.
func fitView(tx *store.Tx, sc record.Scope, v *guike.View) error {
	k := tx.Catalogue().Kind(v.Of)
	if k == nil || sc.For(v.Of).Read == record.None {
		return record.FieldError("of", "error.no_such_kind")
	}
	if len(v.Layout) > maxText || len(v.Filter) > maxText || len(v.Face) > maxText {
		return record.FieldError("layout", "error.too_large")
	}
	if err := fitFace(k, sc, v.Face); err != nil {
		return err
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

func fitFace(k *record.Kind, sc record.Scope, text string) error {
	if text == "" || text == "null" {
		return nil
	}
	var f guike.Face
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		return record.FieldError("face", "error.json")
	}
	wants, known := guike.Faces[f.As]
	if !known || len(f.By) < wants[0] || len(f.By) > wants[1] || f.As == "chart" && !slices.Contains(guike.Forms, f.Form) {
		return record.FieldError("face", "error.no_such_face")
	}
	for i, by := range f.By {
		fd, err := by.Check(k, &sc)
		if err != nil {
			return record.FieldError("face", "error.no_such_field")
		}
		if dated := fd.Type == record.Date_ || fd.Type == record.Time_; i == 0 && f.As == "calendar" && !dated {
			return record.FieldError("face", "error.no_such_face")
		}
	}
	if f.Sum == "" {
		return nil
	}
	if fd := k.Field(f.Sum); fd == nil || !sc.Sees(k.Name, fd) || !fd.Summable() {
		return record.FieldError("face", "error.no_such_field")
	}
	return nil
}

// Make keeps a new view or dashboard as the caller's.
func Make(ctx context.Context, db *store.DB, sc record.Scope, r record.Record) error {
	return db.Tx(ctx, sc, func(tx *store.Tx) error {
		r.Head().Owner, r.Head().Department = sc.User, sc.Home
		if err := fit(ctx, tx, sc, r); err != nil {
			return err
		}
		sql, args := `SELECT count(*) FROM dashboards WHERE deleted_at IS NULL`, []any(nil)
		if v, ok := r.(*guike.View); ok {
			sql, args = `SELECT count(*) FROM views WHERE "of" = ? AND deleted_at IS NULL`, []any{v.Of}
		}
		var n int64
		if err := tx.One(ctx, sql, args, &n); err != nil {
			return err
		}
		if n >= MaxViews {
			return record.Errorf(record.Invalid, "error.too_many")
		}
		if err := tx.As(sc.House()).Create(ctx, r); err != nil {
			return err
		}
		return alone(ctx, tx, sc, r)
	})
}

// Change changes a view or a dashboard of the caller's.
func Change(ctx context.Context, db *store.DB, sc record.Scope, kind string, id record.ID, p store.Patch) error {
	return db.Tx(ctx, sc, func(tx *store.Tx) error {
		if err := mine(ctx, tx, sc, kind, id); err != nil {
			return err
		}
		if _, of := p.Values["of"]; of {
			return record.FieldError("of", "error.read_only")
		}
		r, err := tx.As(sc.House()).Update(ctx, kind, id, p)
		if err != nil {
			return err
		}
		if err := fit(ctx, tx, sc, r); err != nil {
			return err
		}
		return alone(ctx, tx, sc, r)
	})
}

// Drop puts a view or a dashboard into the trash; Restore takes it out.
func Drop(ctx context.Context, db *store.DB, sc record.Scope, kind string, id record.ID) error {
	return db.Tx(ctx, sc, func(tx *store.Tx) error {
		if err := mine(ctx, tx, sc, kind, id); err != nil {
			return err
		}
		_, err := tx.As(sc.House()).Delete(ctx, kind, id)
		return err
	})
}

// Restore takes a view or a dashboard out of the trash.
func Restore(ctx context.Context, db *store.DB, sc record.Scope, kind string, id record.ID) error {
	return db.Tx(ctx, sc, func(tx *store.Tx) error {
		if err := mine(ctx, tx, sc, kind, id); err != nil {
			return err
		}
		_, err := tx.As(sc.House()).Restore(ctx, kind, id)
		return err
	})
}

// mine fails where the caller may not change it. Another's private one is not there for him.
func mine(ctx context.Context, tx *store.Tx, sc record.Scope, kind string, id record.ID) error {
	r, err := tx.Get(ctx, record.SystemScope("view"), kind, id)
	switch {
	case err != nil:
		return err
	case may(sc, r):
		return nil
	case audienceOf(r).shared:
		return record.Errorf(record.Denied, "error.denied")
	}
	return &record.Error{Code: record.NotFound, Message: "error.not_found"}
}

// alone takes the first place from the other views of the same audience: two cannot be where a list begins.
func alone(ctx context.Context, tx *store.Tx, sc record.Scope, r record.Record) error {
	v, ok := r.(*guike.View)
	if !ok || !v.Standard {
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
	_, err := tx.As(sc.House()).UpdateAll(ctx, "view", others, func(record.Record) (store.Patch, error) {
		return store.Patch{Values: map[string]record.Value{"standard": record.NumberValue(0)}}, nil
	})
	return err
}
