package message

import (
	"context"
	"strings"
	"unicode/utf8"

	"guike"
	"guike/blob"
	"guike/record"
	"guike/store"
)

// An Intake takes in what hooks bring, in somebody's name.
type Intake interface {
	// Keep takes a file in as a document, of a customer where one is named.
	Keep(ctx context.Context, sc record.Scope, name string, customer record.ID, body []byte) (document record.ID, err error)
	// Open makes an import of a table; ready says that it can run without a person's looking at it.
	Open(ctx context.Context, sc record.Scope, kind, name, profile string, table []byte) (imp record.ID, ready bool, err error)
	// Run has an import take its rows in, Check only judge them.
	Run(ctx context.Context, sc record.Scope, imp record.ID) error
	Check(ctx context.Context, sc record.Scope, imp record.ID) error
	// Drop sets an import aside that nobody ran.
	Drop(ctx context.Context, sc record.Scope, imp record.ID) error
	Limit() int64 // the largest file, in bytes
}

// Hooks are the addresses to which other systems send.
type Hooks struct {
	DB     *store.DB
	Blobs  blob.Store
	Intake Intake
	// Scope makes the scope of a user for what is done in his name while he is away.
	Scope func(ctx context.Context, user record.ID, cause record.Cause) (record.Scope, error)
}

// MaxHooks bounds how many there are.
const MaxHooks = 100

// A HookSetting is what an administrator says of a hook.
type HookSetting struct {
	Name, Target, Of, Profile, Scheme string
	Customer, User                    record.ID
	Paused                            bool
}

func (h *Hooks) check(ctx context.Context, tx *store.Tx, sc record.Scope, s *HookSetting) error {
	s.Name, s.Profile = strings.TrimSpace(s.Name), strings.TrimSpace(s.Profile)
	if s.Scheme == "" {
		s.Scheme = guike.HookStandard
	}
	switch {
	case s.Name == "":
		return record.FieldError("name", "error.required")
	case utf8.RuneCountInString(s.Name) > 100:
		return record.FieldError("name", "error.too_long")
	case s.Scheme != guike.HookStandard && s.Scheme != guike.HookHub:
		return record.FieldError("scheme", "error.no_such_choice")
	}
	switch s.Target {
	case guike.HookDocuments:
		s.Of, s.Profile = "", ""
		if s.Customer != "" {
			if _, err := tx.Get(ctx, sc, "customer", s.Customer); err != nil {
				return record.FieldError("customer", "error.no_such_record")
			}
		}
	case guike.HookRecords:
		s.Customer = ""
		if k := tx.Catalogue().Kind(s.Of); k == nil || k.Verbs || k.Name == "document" {
			return record.FieldError("of", "error.no_such_kind")
		}
		if utf8.RuneCountInString(s.Profile) > 100 {
			return record.FieldError("profile", "error.too_long")
		}
	default:
		return record.FieldError("target", "error.no_such_choice")
	}
	return user(ctx, tx, s.User)
}

func (s HookSetting) values() map[string]record.Value {
	v := map[string]record.Value{"name": record.TextValue(s.Name), "target": record.TextValue(s.Target), "of": record.TextValue(s.Of), "profile": record.TextValue(s.Profile),
		"scheme": record.TextValue(s.Scheme), "customer": record.TextValue(string(s.Customer)), "user": record.TextValue(string(s.User)), "paused": record.NumberValue(0)}
	if s.Paused {
		v["paused"] = record.NumberValue(1)
	}
	return v
}

// Add makes a hook and answers its secret, this once.
func (h *Hooks) Add(ctx context.Context, sc record.Scope, s HookSetting) (*guike.Hook, string, error) {
	if !sc.Admin {
		return nil, "", record.Errorf(record.Denied, "error.denied")
	}
	if s.User == "" {
		s.User = sc.User
	}
	secret, err := newSecret()
	if err != nil {
		return nil, "", err
	}
	var out *guike.Hook
	err = h.DB.Tx(ctx, house(sc), func(tx *store.Tx) error {
		if err := h.check(ctx, tx, sc, &s); err != nil {
			return err
		}
		var n int64
		if err := tx.One(ctx, "SELECT count(*) FROM hooks WHERE deleted_at IS NULL", nil, &n); err != nil {
			return err
		}
		if n >= MaxHooks {
			return record.Errorf(record.Conflict, "error.hook_many")
		}
		out = &guike.Hook{Name: s.Name, Target: s.Target, Of: s.Of, Profile: s.Profile, Scheme: s.Scheme, Secret: secret, Customer: s.Customer, User: s.User, Paused: s.Paused}
		return tx.Create(ctx, out)
	})
	return out, secret, err
}

// Change changes a hook, pauses it, or lets it go on. Its secret stays.
func (h *Hooks) Change(ctx context.Context, sc record.Scope, id record.ID, s HookSetting) error {
	if !sc.Admin {
		return record.Errorf(record.Denied, "error.denied")
	}
	return h.DB.Tx(ctx, house(sc), func(tx *store.Tx) error {
		held, err := tx.Lock(ctx, "hook", []record.ID{id})
		if err != nil {
			return err
		}
		if len(held) == 0 {
			return record.Errorf(record.NotFound, "error.not_found")
		}
		if s.User == "" {
			s.User = held[0].(*guike.Hook).User
		}
		if err := h.check(ctx, tx, sc, &s); err != nil {
			return err
		}
		_, err = tx.Update(ctx, "hook", id, store.Patch{Values: s.values()})
		return err
	})
}

// Rotate gives a hook another secret and answers it, this once. What is signed with the old one is refused from now on.
func (h *Hooks) Rotate(ctx context.Context, sc record.Scope, id record.ID) (*guike.Hook, string, error) {
	if !sc.Admin {
		return nil, "", record.Errorf(record.Denied, "error.denied")
	}
	secret, err := newSecret()
	if err != nil {
		return nil, "", err
	}
	var out *guike.Hook
	err = h.DB.Tx(ctx, house(sc), func(tx *store.Tx) error {
		r, err := tx.Update(ctx, "hook", id, store.Patch{Values: map[string]record.Value{"secret": record.TextValue(secret)}})
		if err == nil {
			out = r.(*guike.Hook)
		}
		return err
	})
	return out, secret, err
}

// Remove ends a hook. What was taken in stays; what it was sent is swept as always.
func (h *Hooks) Remove(ctx context.Context, sc record.Scope, id record.ID) error {
	if !sc.Admin {
		return record.Errorf(record.Denied, "error.denied")
	}
	return h.DB.Tx(ctx, house(sc), func(tx *store.Tx) error {
		if _, err := tx.Update(ctx, "hook", id, store.Patch{Values: map[string]record.Value{"secret": record.Absent}}); err != nil {
			return err
		}
		_, err := tx.Delete(ctx, "hook", id)
		return err
	})
}
