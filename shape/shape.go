// Package shape is how a workspace makes its records its own while people work: kinds and fields it adds, and what its forms ask of any field. Each is a
// record (custom_kind, custom_field), so its history is kept; the columns are the store's (store/shape.go). What a column needs that takes long on a large
// table — an index to order by, values computed anew — a job does afterwards.
//
// Dimensions, which are columns too, are the room classify's.
package shape

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"guike"
	"guike/fold"
	"guike/queue"
	"guike/record"
	"guike/store"
)

// may fails unless the caller keeps rules and dimensions: the shape is theirs too.
func may(sc record.Scope) error {
	if !sc.Rules && !sc.System {
		return record.Errorf(record.Denied, "error.denied")
	}
	return nil
}

// AddKind makes a kind with a table of its own. Name may be "": it is then made from the label's sound (设备 → x_shebei).
func AddKind(ctx context.Context, db *store.DB, sc record.Scope, k guike.CustomKind) (guike.CustomKind, error) {
	if err := may(sc); err != nil {
		return k, err
	}
	k.Label = strings.TrimSpace(k.Label)
	if k.Label == "" {
		return k, record.FieldError("label", "error.required")
	}
	asked := k.Name != ""
	if !asked {
		k.Name = "x_" + slug(k.Label, "kind")
	} else if !strings.HasPrefix(k.Name, "x_") {
		k.Name = "x_" + k.Name
	}
	made := k
	return made, db.Tx(ctx, sc.House(), func(tx *store.Tx) error {
		made = k
		var had []string // with those that were taken away: their tables are there
		if err := tx.Each(ctx, "SELECT name FROM custom_kinds", nil, func(rows store.Rows) error {
			var name string
			err := rows.Scan(&name)
			had = append(had, name)
			return err
		}); err != nil {
			return err
		}
		for i := 2; slices.Contains(had, made.Name); i++ {
			if asked {
				return &record.Error{Code: record.Conflict, Message: "error.not_unique", Fields: map[string]string{"name": "error.not_unique"}}
			}
			made.Name = fmt.Sprintf("%s_%d", k.Name, i)
		}
		made.Plural = made.Name + "s"
		made.Prefix = strings.ReplaceAll(made.Name, "_", "")
		if len(made.Prefix) > 24 {
			made.Prefix = made.Prefix[:24]
		}
		if err := tx.AddKind(ctx, record.NewCustomKind(made.Name, made.Plural, made.Prefix, made.Label)); err != nil {
			return err
		}
		return tx.Create(ctx, &made)
	})
}

// EditKind renames a custom kind, gives it an icon, or takes it away (retired: its records stay and come back with it).
func EditKind(ctx context.Context, db *store.DB, sc record.Scope, name string, values map[string]record.Value) error {
	if err := may(sc); err != nil {
		return err
	}
	for f := range values {
		if !slices.Contains([]string{"label", "icon", "retired"}, f) {
			return record.FieldError(f, "error.read_only")
		}
	}
	return db.Tx(ctx, sc.House(), func(tx *store.Tx) error {
		var id string
		if err := tx.One(ctx, "SELECT id FROM custom_kinds WHERE name = ? AND deleted_at IS NULL", []any{name}, &id); err != nil {
			return err
		}
		_, err := tx.Update(ctx, "custom_kind", record.ID(id), store.Patch{Values: values})
		return err
	})
}

// types are what a workspace may add.
var types = map[record.Type]bool{
	record.Text: true, record.Long: true, record.Int: true, record.Float: true, record.MoneyType: true, record.Date_: true, record.Time_: true, record.Bool: true, record.Choice: true,
	record.Choices: true, record.Ref: true, record.Phone: true, record.Email: true, record.URL: true,
}

// AddField adds a field of the workspace's own to a kind. f.Of and f.Type say where and what; f.Name may be "": it is then made from the label's sound. It
// answers the field as it was made.
func AddField(ctx context.Context, db *store.DB, sc record.Scope, f guike.CustomField) (guike.CustomField, error) {
	if err := may(sc); err != nil {
		return f, err
	}
	f.Label = strings.TrimSpace(f.Label)
	if f.Label == "" {
		return f, record.FieldError("label", "error.required")
	}
	if !types[record.Type(f.Type)] {
		return f, record.FieldError("type", "error.field_type")
	}
	made := f
	return made, db.Tx(ctx, sc.House(), func(tx *store.Tx) error {
		made = f
		k := tx.Catalogue().Kind(f.Of)
		if k == nil || k.Verbs {
			return record.FieldError("of", "error.no_such_kind")
		}
		made.Added = true
		if made.Name == "" {
			made.Name = "x_" + slug(f.Label, "field")
		} else if !strings.HasPrefix(made.Name, "x_") {
			made.Name = "x_" + made.Name
		}
		for i, base := 2, made.Name; slices.ContainsFunc(k.Fields, func(o record.Field) bool { return o.Name == made.Name }); i++ {
			if f.Name != "" {
				return &record.Error{Code: record.Conflict, Message: "error.not_unique", Fields: map[string]string{"name": "error.not_unique"}}
			}
			made.Name = fmt.Sprintf("%s_%d", base, i)
		}
		if err := tx.AddField(ctx, f.Of, record.Field{Name: made.Name, Type: record.Type(f.Type), Label: f.Label}); err != nil {
			return err
		}
		if err := check(ctx, tx, &made, nil); err != nil {
			return err
		}
		if err := tx.Create(ctx, &made); err != nil {
			return err
		}
		if err := circle(tx, f.Of); err != nil {
			return err
		}
		if got := tx.Catalogue().Kind(f.Of).Field(made.Name); got != nil && got.Sortable() {
			if err := queue.Index(ctx, tx, f.Of, made.Name); err != nil {
				return err
			}
		}
		return recompute(ctx, tx, &made)
	})
}

func recompute(ctx context.Context, tx *store.Tx, f *guike.CustomField) error {
	if f.Formula == "" {
		return nil
	}
	_, err := queue.Add(ctx, tx, queue.New{Queue: ComputeQueue, Title: "job.compute", Args: job{f.Of, f.Name}})
	return err
}

// editable are what an edit may change: a column's type and what it refers to stay for ever.
var editable = []string{"label", "options", "formula", "retired", "section", "position", "help", "required", "required_when", "default", "pattern", "pattern_help", "reviewer"}

// EditField changes how a field is called, what forms ask of it, the options of a choice, the formula; for a field of the house, which has no record until
// then, only what forms ask.
func EditField(ctx context.Context, db *store.DB, sc record.Scope, kind, name string, values map[string]record.Value) error {
	if err := may(sc); err != nil {
		return err
	}
	for f := range values {
		if !slices.Contains(editable, f) {
			return record.FieldError(f, "error.read_only")
		}
	}
	return db.Tx(ctx, sc.House(), func(tx *store.Tx) error {
		k := tx.Catalogue().Kind(kind)
		if k == nil || k.Verbs {
			return record.Errorf(record.NotFound, "error.no_such_kind")
		}
		at := slices.IndexFunc(k.Fields, func(f record.Field) bool { return f.Name == name })
		if at < 0 || at <= record.PosDeletedAt && at != record.PosOwner && at != record.PosDepartment || k.Fields[at].IsSecret() {
			return record.Errorf(record.NotFound, "error.no_such_field")
		}
		have, err := wish(ctx, tx, kind, name)
		if err != nil {
			return err
		}
		f := &guike.CustomField{Of: kind, Name: name}
		if have != nil {
			f = have
		}
		before := *f
		ck := tx.Catalogue().Kind("custom_field")
		for field, v := range values {
			ck.Set(f, field, v)
		}
		if !f.Added && (f.Formula != "" || f.Options != "" || f.Retired) {
			return record.Errorf(record.Invalid, "error.house_field")
		}
		if err := check(ctx, tx, f, &before); err != nil {
			return err
		}
		if have == nil {
			err = tx.Create(ctx, f)
		} else {
			patch := map[string]record.Value{}
			for field := range values {
				patch[field] = ck.Get(f, field)
			}
			_, err = tx.Update(ctx, "custom_field", f.ID, store.Patch{Values: patch})
		}
		if err != nil {
			return err
		}
		if f.Added && (f.Label != before.Label || f.Retired != before.Retired) {
			if err := tx.RelabelField(ctx, kind, name, f.Label); err != nil {
				return err
			}
			if err := tx.RetireField(ctx, kind, name, f.Retired); err != nil {
				return err
			}
		}
		if err := circle(tx, kind); err != nil {
			return err
		}
		if f.Formula != before.Formula {
			return recompute(ctx, tx, f)
		}
		return nil
	})
}

func wish(ctx context.Context, tx *store.Tx, kind, name string) (*guike.CustomField, error) {
	var id string
	err := tx.One(ctx, "SELECT id FROM custom_fields WHERE of = ? AND name = ? AND deleted_at IS NULL", []any{kind, name}, &id)
	if record.Is(err, record.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	r, err := tx.Get(ctx, record.SystemScope("shape"), "custom_field", record.ID(id))
	if err != nil {
		return nil, err
	}
	return r.(*guike.CustomField), nil
}

// Fault answers what is wrong with a formula for a field of a kind, as a key with what it speaks of behind a |; "" where nothing is. Name is the field's, "" for a
// new one.
func Fault(ctx context.Context, db *store.DB, sc record.Scope, kind, name, typ, formula string) (string, error) {
	if err := may(sc); err != nil {
		return "", err
	}
	cat, err := db.Catalogue(ctx, false)
	if err != nil {
		return "", err
	}
	k := cat.Kind(kind)
	if k == nil {
		return "", record.Errorf(record.NotFound, "error.no_such_kind")
	}
	f, err := record.ParseFormula(formula, k, record.Type(typ))
	if err != nil {
		return err.Error(), nil
	}
	with := k.With(slices.Clone(k.Fields[k.Static:]))
	if at := slices.IndexFunc(with.Fields, func(o record.Field) bool { return o.Name == name }); at >= 0 {
		with.Fields[at].Formula = f
		with.Settle()
	}
	if with.Circular() {
		return "error.formula_circle", nil
	}
	return "", nil
}

func circle(tx *store.Tx, kind string) error {
	if tx.Catalogue().Kind(kind).Circular() {
		return record.FieldError("formula", "error.formula_circle")
	}
	return nil
}

// slug is a label's sound in letters a to z: 设备编号 → shebeibianhao; other where nothing of it can be spoken.
func slug(label, other string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(fold.Sound(label)) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9' && b.Len() > 0:
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "_"):
			b.WriteByte('_')
		}
		if b.Len() >= 30 {
			break
		}
	}
	if s := strings.Trim(b.String(), "_"); s != "" {
		return s
	}
	return other
}
