// Package talk keeps what people say about records. Whoever reads a record reads its talk and joins in; what somebody said only he changes or takes back.
//
// A comment follows the record that it speaks of, not its author's department: that is why every verb here asks for the record first, and why the generic
// API, search and exports serve comments only to who reads every record.
package talk

import (
	"context"
	"strings"
	"unicode/utf8"

	"guike"
	"guike/record"
	"guike/store"
)

// MaxBody bounds one comment, in characters; what is longer is a document.
const MaxBody = 10_000

// About answers a page of what is said about a record, newest first. It fails with NotFound where the caller does not see the record.
func About(ctx context.Context, db *store.DB, sc record.Scope, about string, rec record.ID, limit int, cursor string) (store.Page, error) {
	if _, err := db.Get(ctx, sc, about, rec); err != nil {
		return store.Page{}, err
	}
	return db.List(ctx, sc.House(), store.Query{Kind: "comment", Filter: record.Where("rec", "eq", string(rec)), Limit: limit, Cursor: cursor})
}

// Say adds a comment of the caller's.
func Say(ctx context.Context, db *store.DB, sc record.Scope, about string, rec record.ID, body string) (*guike.Comment, error) {
	c := &guike.Comment{About: about, Rec: rec, Body: body}
	c.Owner, c.Department = sc.User, sc.Home
	err := db.Tx(ctx, sc, func(tx *store.Tx) error {
		c.ID = ""
		if err := open(ctx, tx, sc, c); err != nil {
			return err
		}
		if err := fit(c.Body); err != nil {
			return err
		}
		return tx.As(sc.House()).Create(ctx, c)
	})
	return c, err
}

// Change says something else in a comment of the caller's.
func Change(ctx context.Context, db *store.DB, sc record.Scope, id record.ID, body string, since int64) (*guike.Comment, error) {
	var c *guike.Comment
	err := db.Tx(ctx, sc, func(tx *store.Tx) error {
		if err := mine(ctx, tx, sc, id); err != nil {
			return err
		}
		if err := fit(body); err != nil {
			return err
		}
		r, err := tx.As(sc.House()).Update(ctx, "comment", id, store.Patch{Values: map[string]record.Value{"body": record.TextValue(body)}, Since: since})
		if err != nil {
			return err
		}
		c = r.(*guike.Comment)
		return nil
	})
	return c, err
}

// Drop puts a comment of the caller's into the trash; Restore takes it out.
func Drop(ctx context.Context, db *store.DB, sc record.Scope, id record.ID) error {
	return db.Tx(ctx, sc, func(tx *store.Tx) error {
		if err := mine(ctx, tx, sc, id); err != nil {
			return err
		}
		_, err := tx.As(sc.House()).Delete(ctx, "comment", id)
		return err
	})
}

// Restore takes a comment out of the trash.
func Restore(ctx context.Context, db *store.DB, sc record.Scope, id record.ID) error {
	return db.Tx(ctx, sc, func(tx *store.Tx) error {
		if err := mine(ctx, tx, sc, id); err != nil {
			return err
		}
		_, err := tx.As(sc.House()).Restore(ctx, "comment", id)
		return err
	})
}

// Heard answers which of some comments the scope may read: those about records that it sees.
func Heard(ctx context.Context, db *store.DB, sc record.Scope, ids []record.ID) ([]record.ID, error) {
	cs, err := db.GetAll(ctx, sc.House(), "comment", ids, record.Everything, "")
	if err != nil {
		return nil, err
	}
	of := map[string][]record.ID{}
	for _, r := range cs {
		c := r.(*guike.Comment)
		of[c.About] = append(of[c.About], c.Rec)
	}
	cat, err := db.Catalogue(ctx, false)
	if err != nil {
		return nil, err
	}
	seen := map[record.ID]bool{}
	for about, recs := range of {
		reach := sc.For(about).Read
		if cat.Kind(about) == nil || reach == record.None {
			continue // a kind that was taken away is silent with its records
		}
		rs, err := db.GetAll(ctx, sc, about, recs, reach, "")
		if err != nil {
			return nil, err
		}
		for _, r := range rs {
			seen[r.Head().ID] = true
		}
	}
	var out []record.ID
	for _, r := range cs {
		if seen[r.(*guike.Comment).Rec] {
			out = append(out, r.Head().ID)
		}
	}
	return out, nil
}

func fit(body string) error {
	if strings.TrimSpace(body) == "" {
		return record.FieldError("body", "error.required")
	}
	if utf8.RuneCountInString(body) > MaxBody {
		return record.FieldError("body", "error.too_long")
	}
	return nil
}

// open fails where the caller does not see the record that a comment speaks of, or it lies in the trash: there talk rests.
func open(ctx context.Context, tx *store.Tx, sc record.Scope, c *guike.Comment) error {
	r, err := tx.Get(ctx, sc, c.About, c.Rec)
	if err != nil {
		return err
	}
	if r.Head().DeletedAt != 0 {
		return record.Errorf(record.NotFound, "error.not_found")
	}
	return nil
}

// mine fails where a comment is not the caller's to change. One about a record that he does not see is not there for him, not even his own.
func mine(ctx context.Context, tx *store.Tx, sc record.Scope, id record.ID) error {
	r, err := tx.Get(ctx, sc.House(), "comment", id)
	if err != nil {
		return err
	}
	c := r.(*guike.Comment)
	if err := open(ctx, tx, sc, c); err != nil {
		return err
	}
	if sc.User == "" || c.Owner != sc.User {
		return record.Errorf(record.Denied, "error.denied")
	}
	return nil
}

// Follow ends what was said about a record that was removed for ever. It is a follower of the change log.
func Follow(ctx context.Context, tx *store.Tx, changes []record.Change) error {
	for _, c := range changes {
		if _, err := tx.PurgeAbout(ctx, "comment", "talk", c); err != nil {
			return err
		}
	}
	return nil
}
