package access

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"guike"
	"guike/record"
	"guike/store"
)

// explains are the kinds that every role reads and only verbs write: a role's grants of them are not a workspace's to choose.
var explains = []string{"user", "department", "role", "dimension", "category", "rule", "custom_kind", "custom_field"}

// reaches are what a grant may say.
var reaches = []string{"", "none", "own", "department", "all"}

// check fails with Invalid where grants name a kind that is not there, or let somebody change what he does not see. A kind that was taken away keeps its
// grants: it comes back with them. A kind that nothing names is as "*" says, also one that is made later.
func (g Grants) check(ctx context.Context, tx *store.Tx) error {
	for name, a := range g.Kinds {
		if name != "*" && tx.Catalogue().Kind(name) == nil {
			var had int64
			if err := tx.One(ctx, "SELECT count(*) FROM custom_kinds WHERE name = ?", []any{name}, &had); err != nil {
				return err
			}
			if had == 0 {
				return record.FieldError("kinds."+name, "error.no_such_kind")
			}
		}
		for _, r := range []string{a.Read, a.Create, a.Update, a.Delete, a.Export} {
			if !slices.Contains(reaches, r) {
				return record.FieldError("kinds."+name, "error.choice")
			}
			if reach(r) > reach(a.Read) {
				return record.FieldError("kinds."+name, "error.beyond_read")
			}
		}
	}
	for name, fields := range g.Masked {
		k := tx.Catalogue().Kind(name)
		for _, f := range fields {
			if k != nil && k.Field(f) == nil {
				return record.FieldError("masked."+name, "error.no_such_field")
			}
		}
	}
	return nil
}

// AddRole makes a role of the workspace's own. Nobody gives a role more than he has.
func AddRole(ctx context.Context, db *store.DB, sc record.Scope, label string, g Grants) (record.ID, error) {
	label = strings.TrimSpace(label)
	if label == "" {
		return "", record.FieldError("label", "error.required")
	}
	text, err := granting(sc, &g)
	if err != nil {
		return "", err
	}
	r := &guike.Role{Name: label, Label: label, Grants: text}
	err = db.Tx(ctx, sc.House(), func(tx *store.Tx) error {
		r.ID = ""
		if err := g.check(ctx, tx); err != nil {
			return err
		}
		return tx.Create(ctx, r)
	})
	return r.ID, err
}

// granting checks that a scope may give grants, puts in what every role has, and writes them as the record keeps them.
func granting(sc record.Scope, g *Grants) (string, error) {
	if err := admin(sc); err != nil {
		return "", err
	}
	if g.Kinds == nil {
		g.Kinds = map[string]Actions{}
	}
	*g = seen(*g)
	if !sc.System && !covers(sc, g.scope()) {
		return "", record.Errorf(record.Denied, "error.grants_more")
	}
	b, err := json.Marshal(g)
	return string(b), err
}

// EditRole gives a role another label ("" leaves it) or other grants (nil leaves them), at once for all who have it. The owner's is as it is: a workspace
// cannot lock itself out.
func EditRole(ctx context.Context, db *store.DB, sc record.Scope, id record.ID, label string, g *Grants) error {
	r, err := ownRole(ctx, db, sc, id)
	if err != nil {
		return err
	}
	values := map[string]record.Value{}
	if label = strings.TrimSpace(label); label != "" {
		values["label"] = record.TextValue(label)
	}
	if g != nil {
		if err := mayGrant(ctx, db, sc, r.Name); err != nil {
			return err // what a role has now is not his to take either
		}
		text, err := granting(sc, g)
		if err != nil {
			return err
		}
		values["grants"] = record.TextValue(text)
	}
	return db.Tx(ctx, sc.House(), func(tx *store.Tx) error {
		if g != nil {
			if err := g.check(ctx, tx); err != nil {
				return err
			}
		}
		_, err := tx.Update(ctx, "role", id, store.Patch{Values: values})
		return err
	})
}

// DeleteRole takes away a role that nobody has and no token.
func DeleteRole(ctx context.Context, db *store.DB, sc record.Scope, id record.ID) error {
	r, err := ownRole(ctx, db, sc, id)
	if err != nil {
		return err
	}
	if err := mayGrant(ctx, db, sc, r.Name); err != nil {
		return err
	}
	for _, b := range Builtin {
		if b.Name == r.Name {
			return record.Errorf(record.Conflict, "error.role_built_in")
		}
	}
	return db.Tx(ctx, sc.House(), func(tx *store.Tx) error {
		var users, tokens int64
		if err := tx.One(ctx, "SELECT count(*) FROM users WHERE role = ? AND deleted_at IS NULL", []any{r.Name}, &users); err != nil {
			return err
		}
		if err := tx.One(ctx, "SELECT count(*) FROM tokens WHERE role = ? AND revoked = 0 AND deleted_at IS NULL", []any{r.Name}, &tokens); err != nil {
			return err
		}
		if users+tokens > 0 {
			return &record.Error{Code: record.Conflict, Message: "error.role_used", Fields: map[string]string{"users": fmt.Sprint(users), "tokens": fmt.Sprint(tokens)}}
		}
		_, err := tx.Delete(ctx, "role", id)
		return err
	})
}

// ownRole reads a role that may be changed: any but the owner's.
func ownRole(ctx context.Context, db *store.DB, sc record.Scope, id record.ID) (*guike.Role, error) {
	if err := admin(sc); err != nil {
		return nil, err
	}
	rec, err := db.Get(ctx, record.SystemScope("access"), "role", id)
	if err != nil {
		return nil, err
	}
	r := rec.(*guike.Role)
	if r.DeletedAt != 0 {
		return nil, &record.Error{Code: record.NotFound, Message: "error.not_found"}
	}
	if r.Name == "owner" {
		return nil, record.Errorf(record.Conflict, "error.role_owner")
	}
	return r, nil
}

// A Held role is one that somebody has who is let in.
type Held struct {
	Name, Label string
	Reads       record.Reach // of a kind
}

// HeldRoles lists the roles that people have, with how far each reads a kind.
func HeldRoles(ctx context.Context, db *store.DB, kind string) ([]Held, error) {
	var out []Held
	var texts []string
	if err := db.Each(ctx, "SELECT name, label, grants FROM roles r WHERE deleted_at IS NULL AND EXISTS (SELECT 1 FROM users u WHERE u.role = r.name AND u.disabled = 0 AND u.deleted_at IS NULL) ORDER BY n", nil, func(rows store.Rows) error {
		var h Held
		var text string
		err := rows.Scan(&h.Name, &h.Label, &text)
		out, texts = append(out, h), append(texts, text)
		return err
	}); err != nil {
		return nil, err
	}
	for i, text := range texts {
		var g Grants
		if err := json.Unmarshal([]byte(text), &g); err != nil {
			return nil, fmt.Errorf("role %s: %w", out[i].Name, err)
		}
		sc := g.scope()
		out[i].Reads = sc.For(kind).Read
	}
	return out, nil
}
