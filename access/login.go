package access

import (
	"context"
	"time"

	"guike"
	"guike/record"
	"guike/store"
)

// After so many wrong passwords in a row an account is locked, for a minute that doubles with each further one, up to an hour.
const freeFailures = 5

// Login answers the user of a login name and password. Every failure answers alike, so that nobody learns which names exist; a locked account says so
// only to who has the right password.
func Login(ctx context.Context, db *store.DB, login, password string) (*guike.User, error) {
	wrong := &record.Error{Code: record.Unauthenticated, Message: "error.wrong_login"}
	sys := record.SystemScope("access")
	var id string
	err := db.One(ctx, "SELECT id FROM users WHERE login = ? AND deleted_at IS NULL", []any{login}, &id)
	if err != nil && !record.Is(err, record.NotFound) {
		return nil, err
	}
	u := &guike.User{}
	if err == nil {
		rec, err := db.Get(ctx, sys, "user", record.ID(id))
		if err != nil {
			return nil, err
		}
		u = rec.(*guike.User)
	}
	ok, err := Verify(ctx, u.Password, password)
	if err != nil {
		return nil, err
	}
	now := record.At(db.Now())
	if u.ID == "" || u.Disabled {
		return nil, wrong
	}
	if ok && u.LockedUntil > now {
		return nil, &record.Error{Code: record.Busy, Message: "error.locked"}
	}
	if ok && u.FailedCount == 0 {
		return u, nil
	}
	fail, until := int64(0), record.Time(0)
	if !ok {
		fail = u.FailedCount + 1
		if fail >= freeFailures {
			until = record.At(db.Now().Add(min(time.Minute<<min(fail-freeFailures, 6), time.Hour)))
		}
	}
	// Counted outside the change log: it says nothing about the record.
	if err := db.Tx(ctx, sys, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE users SET failed_count = ?, locked_until = ? WHERE id = ?", fail, nullable(until), string(u.ID))
		return err
	}); err != nil {
		return nil, err
	}
	if !ok {
		return nil, wrong
	}
	return u, nil
}

func nullable(t record.Time) any {
	if t == 0 {
		return nil
	}
	return int64(t)
}

// Sessions keeps sessions in the workspace: a store for scs. Tokens arrive here already hashed.
type Sessions struct{ DB *store.DB }

// Find answers a session's data.
func (s Sessions) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	var b []byte
	err := s.DB.One(ctx, "SELECT data FROM sessions WHERE token = ? AND expires_at > ?", []any{token, s.DB.Now().UnixMicro()}, &b)
	if record.Is(err, record.NotFound) {
		return nil, false, nil
	}
	return b, err == nil, err
}

// CommitCtx writes a session.
func (s Sessions) CommitCtx(ctx context.Context, token string, b []byte, expiry time.Time) error {
	return s.DB.Tx(ctx, record.SystemScope("access"), func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, "INSERT INTO sessions (token, data, expires_at) VALUES (?, ?, ?) ON CONFLICT (token) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at",
			token, b, expiry.UnixMicro())
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "DELETE FROM sessions WHERE expires_at < ?", s.DB.Now().UnixMicro())
		return err
	})
}

// DeleteCtx ends a session.
func (s Sessions) DeleteCtx(ctx context.Context, token string) error {
	return s.DB.Tx(ctx, record.SystemScope("access"), func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, "DELETE FROM sessions WHERE token = ?", token)
		return err
	})
}

// Find, Commit and Delete are what scs asks of stores without a context.
func (s Sessions) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}
func (s Sessions) Commit(token string, b []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, b, expiry)
}
func (s Sessions) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }
