package share

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"time"

	"guike"
	"guike/record"
	"guike/store"
)

// Sight is how long one opening lasts: reloading the page or looking at the next one in it is no further opening.
const Sight = time.Hour

// After so many wrong passwords in a row a share is locked, for a minute that doubles with each further one, up to an hour: as accounts are.
const freeFailures = 5

// MaxOpened bounds what is answered of a share's openings, and what is kept of the lines it did not open with.
const MaxOpened = 200

// errEnded lies below errors that say, in Message, why a link leads nowhere any more; "gone" stands for all that the receiver need not know.
var errEnded = errors.New("the share has ended")

func ended(why string) error {
	return &record.Error{Code: record.NotFound, Message: why, Err: errEnded}
}

// Ended reports whether an error says that a link led somewhere once.
func Ended(err error) bool { return errors.Is(err, errEnded) }

// Spent is the answer to who comes when a share has no openings left.
func Spent() error { return ended("error.share_used") }

// A Visit is who looks: from where and with what.
type Visit struct{ Address, Agent string }

// Find answers the share of a secret and the scope of who shares it, while it leads anywhere. It fails with NotFound where it does not: with
// error.not_found there never was one.
func (d *Desk) Find(ctx context.Context, secret string) (*guike.Share, record.Scope, record.Record, error) {
	no := func(err error) (*guike.Share, record.Scope, record.Record, error) {
		return nil, record.Scope{}, nil, err
	}
	var id string
	err := d.DB.One(ctx, "SELECT id FROM shares WHERE hash = ? AND deleted_at IS NULL", []any{digest(secret)}, &id)
	if record.Is(err, record.NotFound) {
		return no(record.Errorf(record.NotFound, "error.not_found"))
	}
	if err != nil {
		return no(err)
	}
	r, err := d.DB.Get(ctx, record.SystemScope("share"), "share", record.ID(id))
	if err != nil {
		return no(err)
	}
	s := r.(*guike.Share)
	switch now := record.At(d.DB.Now()); {
	case s.RevokedAt != 0:
		return no(ended("error.share_revoked"))
	case s.ExpiresAt <= now:
		return no(ended("error.share_expired"))
	}
	cause := record.Cause{Kind: "request", ID: string(s.ID), Root: string(s.ID)}
	sc, err := d.Scope(ctx, s.Owner, cause)
	if record.Is(err, record.Unauthenticated) || record.Is(err, record.NotFound) {
		return no(ended("error.share_gone"))
	}
	if err != nil {
		return no(err)
	}
	cat, err := d.DB.Catalogue(ctx, false)
	if err != nil {
		return no(err)
	}
	if may(sc, cat.Kind(s.About)) != nil {
		return no(ended("error.share_gone"))
	}
	rec, err := d.DB.Get(ctx, sc, s.About, s.Rec)
	if record.Is(err, record.NotFound) || record.Is(err, record.Denied) || err == nil && rec.Head().DeletedAt != 0 {
		return no(ended("error.share_gone"))
	}
	if err != nil {
		return no(err)
	}
	return s, sc, rec, nil
}

// Used reports whether a share has no openings left.
func Used(s *guike.Share) bool { return s.Most > 0 && s.Opened >= s.Most }

// Open counts one opening of a share that Find answered, checks its password, and answers a pass that lets the same person go on looking for a while. It
// fails with NotFound where it may not be opened any more, Denied where the password is wrong, Busy where it was wrong too often.
func (d *Desk) Open(ctx context.Context, s *guike.Share, password string, v Visit) (string, error) {
	if Used(s) {
		return "", Spent() // no word about a password that opens nothing
	}
	if s.Guarded {
		if s.LockedUntil > record.At(d.DB.Now()) {
			return "", record.Errorf(record.Busy, "error.share_locked")
		}
		ok, err := d.Verify(ctx, s.Password, password)
		if err != nil {
			return "", err
		}
		if !ok {
			if err := d.failed(ctx, s, v); err != nil {
				return "", err
			}
			return "", record.Errorf(record.Denied, "error.share_wrong")
		}
	}
	b := make([]byte, 24)
	if _, err := rand.Read(b); err != nil {
		return "", err
	}
	pass := base64.RawURLEncoding.EncodeToString(b)
	// Counted outside the change log: it says nothing about the share. One statement counts and looks whether it may, so that two at once cannot both have
	// the last opening.
	err := d.DB.Tx(ctx, record.SystemScope("share"), func(tx *store.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE shares SET opened = opened + 1, opened_at = ?, failed_count = 0, locked_until = NULL
			WHERE id = ? AND (most = 0 OR opened < most) AND revoked_at IS NULL AND expires_at > ? AND deleted_at IS NULL`,
			int64(tx.At()), string(s.ID), int64(tx.At()))
		if err != nil {
			return err
		}
		if n == 0 {
			return Spent()
		}
		return note(ctx, tx, s.ID, "open", digest(pass), v)
	})
	return pass, err
}

// failed counts a wrong password and locks the share when there were too many.
func (d *Desk) failed(ctx context.Context, s *guike.Share, v Visit) error {
	return d.DB.Tx(ctx, record.SystemScope("share"), func(tx *store.Tx) error {
		if _, err := tx.Exec(ctx, "UPDATE shares SET failed_count = failed_count + 1 WHERE id = ?", string(s.ID)); err != nil {
			return err
		}
		var n int64
		if err := tx.One(ctx, "SELECT failed_count FROM shares WHERE id = ?", []any{string(s.ID)}, &n); err != nil {
			return err
		}
		if n >= freeFailures {
			wait := min(time.Minute<<min(n-freeFailures, 6), time.Hour)
			if _, err := tx.Exec(ctx, "UPDATE shares SET locked_until = ? WHERE id = ?", int64(tx.At())+wait.Microseconds(), string(s.ID)); err != nil {
				return err
			}
		}
		// A stranger who keeps trying fills no disk.
		var kept int64
		if err := tx.One(ctx, "SELECT count(*) FROM openings WHERE share = ? AND what = 'wrong'", []any{string(s.ID)}, &kept); err != nil || kept >= MaxOpened {
			return err
		}
		return note(ctx, tx, s.ID, "wrong", "", v)
	})
}

// Saved writes down that the file itself was taken.
func (d *Desk) Saved(ctx context.Context, s *guike.Share, v Visit) error {
	return d.DB.Tx(ctx, record.SystemScope("share"), func(tx *store.Tx) error { return note(ctx, tx, s.ID, "file", "", v) })
}

func note(ctx context.Context, tx *store.Tx, id record.ID, what, pass string, v Visit) error {
	_, err := tx.Exec(ctx, `INSERT INTO openings (share, what, pass, at, address, agent) VALUES (?, ?, ?, ?, ?, ?)`,
		string(id), what, pass, int64(tx.At()), v.Address, cut(v.Agent, 300))
	return err
}

// cut shortens what a stranger says of himself, and leaves out what no database keeps.
func cut(s string, most int) string {
	out := []rune{}
	for _, r := range s {
		if r >= ' ' && r != 0xFFFD && len(out) < most {
			out = append(out, r)
		}
	}
	return string(out)
}

// Passed reports whether a pass is of an opening of this share that still lasts, and when that was.
func (d *Desk) Passed(ctx context.Context, s *guike.Share, pass string) (record.Time, bool, error) {
	if pass == "" {
		return 0, false, nil
	}
	var at int64
	err := d.DB.One(ctx, "SELECT at FROM openings WHERE pass = ? AND share = ? AND what = 'open' AND at > ?",
		[]any{digest(pass), string(s.ID), d.DB.Now().Add(-Sight).UnixMicro()}, &at)
	if record.Is(err, record.NotFound) {
		return 0, false, nil
	}
	return record.Time(at), err == nil, err
}

// An Opening is one time that somebody looked, saved the file, or gave a wrong password.
type Opening struct {
	At                   record.Time
	What, Address, Agent string
}

// Openings answers the last openings of a share that the caller made, newest first.
func (d *Desk) Openings(ctx context.Context, sc record.Scope, id record.ID) ([]Opening, error) {
	r, err := d.DB.Get(ctx, sc.House(), "share", id)
	if err != nil {
		return nil, err
	}
	if !Mine(sc, r.(*guike.Share)) {
		return nil, record.Errorf(record.NotFound, "error.not_found")
	}
	out := []Opening{}
	err = d.DB.Each(ctx, "SELECT at, what, address, agent FROM openings WHERE share = ? ORDER BY at DESC LIMIT ?", []any{string(id), int64(MaxOpened)}, func(rows store.Rows) error {
		var o Opening
		var at int64
		err := rows.Scan(&at, &o.What, &o.Address, &o.Agent)
		o.At = record.Time(at)
		out = append(out, o)
		return err
	})
	return out, err
}
