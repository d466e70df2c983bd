// Package access says who you are and what you may touch: users, passwords, sessions, tokens and roles become a record.Scope, which the store compiles
// into every query. Users, roles and tokens are written only by the verbs here, and nobody grants more than he has.
//
// Read this file for roles and scopes, then role.go, login.go and user.go.
package access

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"guike"
	"guike/record"
	"guike/store"
)

// Grants is what a role may do, as its record keeps it: kind → action → reach; the kind "*" stands for all not named.
type Grants struct {
	Kinds  map[string]Actions  `json:"kinds"`
	Masked map[string][]string `json:"masked,omitempty"`
	Admin  bool                `json:"admin,omitempty"`
	Rules  bool                `json:"rules,omitempty"`
	Share  bool                `json:"share,omitempty"` // hand what they read to people outside
}

// Actions are reaches by action: "none", "own", "department" or "all".
type Actions struct {
	Read   string `json:"read,omitempty"`
	Create string `json:"create,omitempty"`
	Update string `json:"update,omitempty"`
	Delete string `json:"delete,omitempty"`
	Export string `json:"export,omitempty"`
}

func reach(s string) record.Reach {
	switch s {
	case "own":
		return record.Own
	case "department":
		return record.Department
	case "all":
		return record.Everything
	}
	return record.None
}

func (a Actions) grant() record.Grant {
	return record.Grant{Read: reach(a.Read), Create: reach(a.Create), Update: reach(a.Update), Delete: reach(a.Delete), Export: reach(a.Export)}
}

// within reports whether no reach of g is wider than o's.
func within(g, o record.Grant) bool {
	return g.Read <= o.Read && g.Create <= o.Create && g.Update <= o.Update && g.Delete <= o.Delete && g.Export <= o.Export
}

func all(reach string) Actions { return Actions{reach, reach, reach, reach, reach} }

// seen lets a role read what explains records to it: who owns them, how they are classed.
func seen(g Grants) Grants {
	for _, k := range explains {
		g.Kinds[k] = Actions{Read: "all"}
	}
	g.Kinds["token"] = Actions{Read: "own"}
	return g
}

// Builtin are the roles that every workspace begins with.
var Builtin = []struct {
	Name, Label string
	Grants      Grants
}{
	{"owner", "所有者", Grants{Kinds: map[string]Actions{"*": all("all")}, Admin: true, Rules: true, Share: true}},
	{"manager", "经理", seen(Grants{Kinds: map[string]Actions{"*": {"all", "all", "department", "department", "department"}}, Rules: true, Share: true})},
	{"member", "成员", seen(Grants{Kinds: map[string]Actions{"*": {"department", "department", "department", "own", "none"}, "product": {Read: "all"}, "account": {Read: "all"}}, Share: true})},
	{"viewer", "只读", seen(Grants{Kinds: map[string]Actions{"*": {Read: "all"}}})},
}

// Init makes an empty workspace usable: its name, the built-in roles, a department, the owner. It fails with Conflict where there is an owner already.
func Init(ctx context.Context, db *store.DB, workspace string, owner NewUser) (record.ID, error) {
	hash, err := hashPassword(ctx, owner.Password)
	if err != nil {
		return "", err
	}
	var id record.ID
	err = db.Tx(ctx, record.SystemScope("set-up"), func(tx *store.Tx) error {
		var users int64
		if err := tx.One(ctx, "SELECT count(*) FROM users", nil, &users); err != nil {
			return err
		}
		if users > 0 {
			return record.Errorf(record.Conflict, "error.already_set_up")
		}
		if err := tx.Set(ctx, "workspace", workspace); err != nil {
			return err
		}
		for _, b := range Builtin {
			g, err := json.Marshal(b.Grants)
			if err != nil {
				return err
			}
			if err := tx.Create(ctx, &guike.Role{Name: b.Name, Label: b.Label, Grants: string(g)}); err != nil {
				return err
			}
		}
		dep := &guike.Department{Name: workspace}
		if err := tx.Create(ctx, dep); err != nil {
			return err
		}
		u := &guike.User{Name: owner.Name, Login: owner.Login, Role: "owner", Language: owner.Language, Password: hash}
		u.Department = dep.ID
		if err := tx.Create(ctx, u); err != nil {
			return err
		}
		id = u.ID
		return nil
	})
	return id, err
}

// Ready reports whether the workspace has an owner.
func Ready(ctx context.Context, db *store.DB) (bool, error) {
	var n int64
	err := db.One(ctx, "SELECT count(*) FROM (SELECT 1 FROM users LIMIT 1) u", nil, &n)
	return n > 0, err
}

// Scope makes the scope of a user, with a role that may be narrower than his own (a token's); "" is his own. cause says what he is doing.
func Scope(ctx context.Context, db *store.DB, user record.ID, role string, cause record.Cause) (record.Scope, *guike.User, error) {
	sys := record.SystemScope("access")
	rec, err := db.Get(ctx, sys, "user", user)
	if err != nil {
		return record.Scope{}, nil, fmt.Errorf("scope of %s: %w", user, err)
	}
	u := rec.(*guike.User)
	if u.Disabled || u.DeletedAt != 0 {
		return record.Scope{}, nil, &record.Error{Code: record.Unauthenticated, Message: "error.disabled"}
	}
	g, err := grants(ctx, db, u.Role)
	if err != nil {
		return record.Scope{}, nil, err
	}
	sc := g.scope()
	if role != "" && role != u.Role {
		n, err := grants(ctx, db, role)
		if err != nil {
			return record.Scope{}, nil, err
		}
		sc = narrow(sc, n.scope())
	}
	sc.User, sc.Name, sc.Cause, sc.Home = u.ID, u.Name, cause, u.Department
	if sc.Departments, err = below(ctx, db, u.Department); err != nil {
		return record.Scope{}, nil, err
	}
	return sc, u, nil
}

func grants(ctx context.Context, db *store.DB, role string) (Grants, error) {
	var text string
	if err := db.One(ctx, "SELECT grants FROM roles WHERE name = ? AND deleted_at IS NULL", []any{role}, &text); err != nil {
		return Grants{}, fmt.Errorf("role %q: %w", role, err)
	}
	var g Grants
	return g, json.Unmarshal([]byte(text), &g)
}

func (g Grants) scope() record.Scope {
	// Who administers may share in workspaces whose roles are older than the right.
	sc := record.Scope{Grants: map[string]record.Grant{}, Masked: shadowed(g.Masked), Admin: g.Admin, Rules: g.Rules, Share: g.Share || g.Admin}
	for k, a := range g.Kinds {
		if k == "*" {
			sc.Other = a.grant()
		} else {
			sc.Grants[k] = a.grant()
		}
	}
	// Views and dashboards reach people by their audience and not by who made them: only their own verbs read them.
	sc.Grants["view"], sc.Grants["dashboard"] = record.Grant{}, record.Grant{}
	// Comments reach who reads the record that they speak of; as a list of their own, who reads every record.
	sc.Grants["comment"] = g.everywhere()
	// Who reads a slip reads its matches.
	slip := sc.For("receipt")
	sc.Grants["match"] = record.Grant{Read: slip.Read, Export: slip.Export}
	// What was put into a dossier reaches who reads its records, through the dossier alone.
	sc.Grants["enclosure"] = record.Grant{}
	// A notice is for its owner.
	sc.Grants["notice"] = record.Grant{Read: record.Own}
	// Mailboxes are the administrators'. A share names a record that others may not see: it is for who made it, and for them.
	sc.Grants["mailbox"], sc.Grants["hook"], sc.Grants["share"] = record.Grant{}, record.Grant{}, record.Grant{Read: record.Own}
	// What corrections taught the reader is seen by who sees everything that it reads: a label is printed on papers of others.
	sc.Grants["lesson"] = record.Grant{}
	if doc := sc.For("document"); doc.Read == record.Everything {
		sc.Grants["lesson"] = record.Grant{Read: record.Everything}
	}
	if g.Admin {
		sc.Grants["mailbox"], sc.Grants["hook"], sc.Grants["share"] = record.Grant{Read: record.Everything}, record.Grant{Read: record.Everything}, record.Grant{Read: record.Everything}
	}
	return sc
}

// everywhere is the reading of who reads all records of every kind; nothing for anyone else.
func (g Grants) everywhere() record.Grant {
	for _, a := range g.Kinds {
		if a.grant().Read != record.Everything {
			return record.Grant{}
		}
	}
	x := g.Kinds["*"].grant()
	return record.Grant{Read: x.Read, Export: x.Export}
}

// shadowed masks, with an amount, what matches made of it: how much of it is claimed tells it.
func shadowed(masked map[string][]string) map[string][]string {
	out := maps.Clone(masked)
	for kind, claims := range map[string][]string{"receipt": {"allotted", "invoiced", "amount_upper"}, "order": {"paid"}, "entry": {"slipped"}} {
		if slices.Contains(masked[kind], "amount") {
			out[kind] = append(slices.Clone(out[kind]), claims...)
			out["match"] = append(slices.Clone(out["match"]), "amount")
		}
	}
	return out
}

// narrow keeps of both scopes what both may.
func narrow(a, b record.Scope) record.Scope {
	least := func(x, y record.Grant) record.Grant {
		return record.Grant{Read: min(x.Read, y.Read), Create: min(x.Create, y.Create), Update: min(x.Update, y.Update), Delete: min(x.Delete, y.Delete), Export: min(x.Export, y.Export)}
	}
	out := record.Scope{Grants: map[string]record.Grant{}, Other: least(a.Other, b.Other), Masked: map[string][]string{}, Admin: a.Admin && b.Admin, Rules: a.Rules && b.Rules, Share: a.Share && b.Share}
	for _, m := range []map[string]record.Grant{a.Grants, b.Grants} {
		for k := range m {
			out.Grants[k] = least(a.For(k), b.For(k))
		}
	}
	for _, m := range []map[string][]string{a.Masked, b.Masked} {
		for k, fs := range m {
			out.Masked[k] = append(out.Masked[k], fs...)
		}
	}
	return out
}

// covers reports whether a scope may everything that another may, so that it may grant it.
func covers(a, b record.Scope) bool {
	if b.Admin && !a.Admin || b.Rules && !a.Rules || b.Share && !a.Share || !within(b.Other, a.Other) {
		return false
	}
	for _, m := range []map[string]record.Grant{a.Grants, b.Grants} {
		for k := range m {
			if !within(b.For(k), a.For(k)) {
				return false
			}
		}
	}
	return true
}

// below lists a department and all below it.
func below(ctx context.Context, db *store.DB, top record.ID) ([]record.ID, error) {
	if top == "" {
		return nil, nil
	}
	kids := map[record.ID][]record.ID{}
	if err := db.Each(ctx, "SELECT id, parent FROM departments WHERE deleted_at IS NULL", nil, func(rows store.Rows) error {
		var id, parent string
		err := rows.Scan(&id, &parent)
		kids[record.ID(parent)] = append(kids[record.ID(parent)], record.ID(id))
		return err
	}); err != nil {
		return nil, err
	}
	out := []record.ID{top}
	for i := 0; i < len(out) && len(out) < 10_000; i++ {
		out = append(out, kids[out[i]]...)
	}
	return out, nil
}
