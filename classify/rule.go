package classify

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"guike"
	"guike/record"
	"guike/store"
)

// checkRule makes sure that a rule can be carried out: its condition binds, its category is one of its dimension's.
func checkRule(tx *store.Tx, r *guike.Rule, d *guike.Dimension) error {
	if d.By != guike.ByRules {
		return record.FieldError("dimension", "error.no_rules_here")
	}
	cat := tx.Catalogue()
	c := cat.Category(d.ID, string(r.Category))
	if c == nil || c.Retired {
		return record.FieldError("category", "error.no_such_category")
	}
	var f record.Filter
	if err := json.Unmarshal([]byte(r.Filter), &f); err != nil {
		return record.FieldError("filter", "error.filter")
	}
	if f.IsZero() {
		return record.FieldError("filter", "error.empty_filter")
	}
	for _, name := range f.Names() {
		if name == d.Name {
			return record.FieldError("filter", "error.rule_reads_itself")
		}
	}
	// Bound with the system's eyes: a rule decides for everyone.
	sys := record.SystemScope("classify")
	_, err := cat.Env(&sys, tx.At().UTC()).Bind(cat.Kind(d.Of), f)
	return err
}

func dimensionOf(ctx context.Context, tx *store.Tx, id record.ID) (*guike.Dimension, error) {
	rec, err := tx.Get(ctx, record.SystemScope("classify"), "dimension", id)
	if err != nil {
		return nil, err
	}
	return rec.(*guike.Dimension), nil
}

// AddRule adds a rule at the end of its dimension's order and answers the job that applies it to what is there.
func AddRule(ctx context.Context, db *store.DB, sc record.Scope, r guike.Rule, confirm int64) (record.ID, string, error) {
	if err := may(sc); err != nil {
		return "", "", err
	}
	t := RuleText{Category: r.Category, Title: r.Name, Disabled: r.Disabled}
	if err := json.Unmarshal([]byte(r.Filter), &t.Filter); err != nil {
		return "", "", record.FieldError("filter", "error.filter")
	}
	rev, job, err := change(ctx, db, sc, r.Dimension, "", confirm, func(s Setup) (Setup, error) {
		s.Rules = append(s.Rules, t)
		return s, nil
	})
	if err != nil {
		return "", "", err
	}
	var s Setup
	if err := json.Unmarshal([]byte(rev.After), &s); err != nil {
		return "", "", err
	}
	return s.Rules[len(s.Rules)-1].ID, job, nil
}

// EditRule changes a rule: its version rises, so that what it decided from now on names the new one.
func EditRule(ctx context.Context, db *store.DB, sc record.Scope, id record.ID, confirm int64, fn func(*RuleText)) (string, error) {
	return oneRule(ctx, db, sc, id, confirm, func(s *Setup, i int) { fn(&s.Rules[i]) })
}

// DeleteRule deletes a rule; what it decided is decided anew without it.
func DeleteRule(ctx context.Context, db *store.DB, sc record.Scope, id record.ID, confirm int64) (string, error) {
	return oneRule(ctx, db, sc, id, confirm, func(s *Setup, i int) { s.Rules = slices.Delete(s.Rules, i, i+1) })
}

func oneRule(ctx context.Context, db *store.DB, sc record.Scope, id record.ID, confirm int64, fn func(*Setup, int)) (string, error) {
	if err := may(sc); err != nil {
		return "", err
	}
	rec, err := db.Get(ctx, sc.House(), "rule", id)
	if err != nil {
		return "", err
	}
	_, job, err := change(ctx, db, sc, rec.(*guike.Rule).Dimension, "", confirm, func(s Setup) (Setup, error) {
		i := slices.IndexFunc(s.Rules, func(t RuleText) bool { return t.ID == id })
		if i < 0 {
			return s, &record.Error{Code: record.NotFound, Message: "error.not_found"}
		}
		s.Rules = slices.Clone(s.Rules)
		fn(&s, i)
		return s, nil
	})
	return job, err
}

// Order puts a dimension's rules in order; rules not named keep their places behind.
func Order(ctx context.Context, db *store.DB, sc record.Scope, dimension record.ID, ids []record.ID, confirm int64) (string, error) {
	if err := may(sc); err != nil {
		return "", err
	}
	_, job, err := change(ctx, db, sc, dimension, "", confirm, func(s Setup) (Setup, error) {
		place := func(t RuleText) int {
			if i := slices.Index(ids, t.ID); i >= 0 {
				return i
			}
			return len(ids)
		}
		for _, id := range ids {
			if !slices.ContainsFunc(s.Rules, func(t RuleText) bool { return t.ID == id }) {
				return s, record.FieldError("rules", "error.no_such_record")
			}
		}
		s.Rules = slices.Clone(s.Rules)
		slices.SortStableFunc(s.Rules, func(a, b RuleText) int { return place(a) - place(b) })
		return s, nil
	})
	return job, err
}

// Broken answers why a rule cannot be carried out, "" where it can.
func Broken(cat *store.Catalogue, now record.Time, kind string, r *guike.Rule) string {
	sys := record.SystemScope("classify")
	k := cat.Kind(kind)
	if k == nil {
		return "error.no_such_kind"
	}
	return bindRule(cat.Env(&sys, now.UTC()), cat, k, r).broken
}

// Set lets a person decide: set gives dimensions their categories (ids, none for "no category"), release gives them back to the machine.
func Set(ctx context.Context, db *store.DB, sc record.Scope, kind string, id record.ID, set map[string][]string, release []string) (record.Record, error) {
	var out record.Record
	err := db.Tx(ctx, sc, func(tx *store.Tx) error {
		cat := tx.Catalogue()
		k := cat.Kind(kind)
		if k == nil {
			return &record.Error{Code: record.NotFound, Message: "error.no_such_kind"}
		}
		p := store.Patch{Values: map[string]record.Value{}, Decisions: map[string]record.Decision{}}
		for name, ids := range set {
			f := k.Field(name)
			if f == nil || f.Type != record.Category || !sc.Sees(kind, f) {
				return record.FieldError(name, "error.no_such_field")
			}
			var ns []int64
			for _, c := range ids {
				cc := cat.Category(f.Dimension, c)
				if cc == nil || cc.Retired {
					return record.FieldError(name, "error.no_such_category")
				}
				ns = append(ns, cc.N)
			}
			switch {
			case f.Multi:
				p.Values[name] = record.Several(ns)
			case len(ns) == 0:
				p.Values[name] = record.Absent
			case len(ns) == 1:
				p.Values[name] = record.NumberValue(ns[0])
			default:
				return record.FieldError(name, "error.one_category")
			}
			p.Decisions[name] = record.Decision{Origin: "person", Confidence: 1, By: sc.User}
		}
		for _, name := range release {
			if f := k.Field(name); f == nil || f.Type != record.Category {
				return record.FieldError(name, "error.no_such_field")
			}
			p.Decisions[name] = record.Decision{Origin: "none"}
		}
		var err error
		if out, err = tx.Update(ctx, kind, id, p); err != nil || len(release) == 0 {
			return err
		}
		ps, err := plans(ctx, tx, cat)
		if err != nil || ps[kind] == nil {
			return err
		}
		sys := record.SystemScope("classify")
		sys.Cause = sc.Cause
		if _, err := classify(ctx, tx.As(sys), ps[kind], kind, []record.ID{id}); err != nil {
			return err
		}
		out, err = tx.Get(ctx, sc, kind, id)
		return err
	})
	return out, err
}

// Words writes a condition in neutral words: field, operator, value.
func Words(f record.Filter) string {
	switch {
	case f.Field != "":
		v := string(f.Value)
		var s string
		if json.Unmarshal(f.Value, &s) == nil {
			v = s
		}
		return strings.TrimSpace(f.Field + " " + f.Op + " " + v)
	case f.Not != nil:
		return "not (" + Words(*f.Not) + ")"
	}
	join, kids := " and ", f.And
	if len(f.Or) > 0 {
		join, kids = " or ", f.Or
	}
	var parts []string
	for _, k := range kids {
		parts = append(parts, Words(k))
	}
	return strings.Join(parts, join)
}
