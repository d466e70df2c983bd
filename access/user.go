package access

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"

	"guike"
	"guike/record"
	"guike/store"
)

// NewUser is what a user is made of.
type NewUser struct {
	Name, Login, Password, Role, Language string
	Department                            record.ID
}

func admin(sc record.Scope) error {
	if !sc.Admin && !sc.System {
		return record.Errorf(record.Denied, "error.denied")
	}
	return nil
}

// mayGrant fails unless the scope may everything that the role may.
func mayGrant(ctx context.Context, db *store.DB, sc record.Scope, role string) error {
	g, err := grants(ctx, db, role)
	if record.Is(err, record.NotFound) {
		return record.FieldError("role", "error.no_such_role")
	}
	if err != nil {
		return err
	}
	if !sc.System && !covers(sc, g.scope()) {
		return record.Errorf(record.Denied, "error.grants_more")
	}
	return nil
}

// AddUser makes a user. The caller administers and grants no more than he has.
func AddUser(ctx context.Context, db *store.DB, sc record.Scope, n NewUser) (record.ID, error) {
	if err := admin(sc); err != nil {
		return "", err
	}
	if err := mayGrant(ctx, db, sc, n.Role); err != nil {
		return "", err
	}
	hash, err := hashPassword(ctx, n.Password)
	if err != nil {
		return "", err
	}
	u := &guike.User{Name: n.Name, Login: strings.TrimSpace(n.Login), Role: n.Role, Language: n.Language, Password: hash}
	u.Department = n.Department
	err = db.Tx(ctx, sc.House(), func(tx *store.Tx) error { u.ID = ""; return tx.Create(ctx, u) })
	return u.ID, err
}

// edit changes a user on behalf of an administrator who may grant what the user has.
func edit(ctx context.Context, db *store.DB, sc record.Scope, id record.ID, values map[string]record.Value) error {
	return db.Tx(ctx, sc.House(), func(tx *store.Tx) error {
		_, err := tx.Update(ctx, "user", id, store.Patch{Values: values})
		return err
	})
}

func user(ctx context.Context, db *store.DB, id record.ID) (*guike.User, error) {
	rec, err := db.Get(ctx, record.SystemScope("access"), "user", id)
	if err != nil {
		return nil, err
	}
	return rec.(*guike.User), nil
}

// SetRole gives a user another role. The last owner keeps his.
func SetRole(ctx context.Context, db *store.DB, sc record.Scope, id record.ID, role string) error {
	u, err := administered(ctx, db, sc, id)
	if err != nil {
		return err
	}
	if err := mayGrant(ctx, db, sc, role); err != nil {
		return err
	}
	if role != "owner" {
		if err := notLastOwner(ctx, db, u); err != nil {
			return err
		}
	}
	return edit(ctx, db, sc, id, map[string]record.Value{"role": record.TextValue(role)})
}

// Disable shuts a user out, or lets him in again; his sessions end with the next request.
func Disable(ctx context.Context, db *store.DB, sc record.Scope, id record.ID, disabled bool) error {
	u, err := administered(ctx, db, sc, id)
	if err != nil {
		return err
	}
	v := record.NumberValue(0)
	if disabled {
		if err := notLastOwner(ctx, db, u); err != nil {
			return err
		}
		v.N = 1
	}
	return edit(ctx, db, sc, id, map[string]record.Value{"disabled": v})
}

// SetPassword gives a user a new password: his own, or another's where the caller administers him. It unlocks the account.
func SetPassword(ctx context.Context, db *store.DB, sc record.Scope, id record.ID, password string) error {
	if id != sc.User || sc.User == "" {
		if _, err := administered(ctx, db, sc, id); err != nil {
			return err
		}
	}
	hash, err := hashPassword(ctx, password)
	if err != nil {
		return err
	}
	return edit(ctx, db, sc, id, map[string]record.Value{"password": record.TextValue(hash), "failed_count": record.NumberValue(0), "locked_until": record.Absent})
}

// SetLanguage is everyone's own choice.
func SetLanguage(ctx context.Context, db *store.DB, sc record.Scope, language string) error {
	if language != "zh-CN" && language != "en" {
		return record.FieldError("language", "error.no_such_language")
	}
	return edit(ctx, db, sc, sc.User, map[string]record.Value{"language": record.TextValue(language)})
}

func administered(ctx context.Context, db *store.DB, sc record.Scope, id record.ID) (*guike.User, error) {
	if err := admin(sc); err != nil {
		return nil, err
	}
	u, err := user(ctx, db, id)
	if err != nil {
		return nil, err
	}
	return u, mayGrant(ctx, db, sc, u.Role)
}

func notLastOwner(ctx context.Context, db *store.DB, u *guike.User) error {
	if u.Role != "owner" {
		return nil
	}
	var others int64
	if err := db.One(ctx, "SELECT count(*) FROM users WHERE role = 'owner' AND disabled = 0 AND deleted_at IS NULL AND id <> ?", []any{string(u.ID)}, &others); err != nil {
		return err
	}
	if others == 0 {
		return record.Errorf(record.Conflict, "error.last_owner")
	}
	return nil
}

// A NewToken is what a token is made of.
type NewToken struct {
	Name      string
	Role      string
	RowCap    int64
	ExpiresOn record.Date
}

// AddToken makes a token of the caller's and answers it in clear, this once.
func AddToken(ctx context.Context, db *store.DB, sc record.Scope, n NewToken) (record.ID, string, error) {
	if err := mayGrant(ctx, db, sc, n.Role); err != nil {
		return "", "", err
	}
	secret := make([]byte, 32)
	if _, err := rand.Read(secret); err != nil {
		return "", "", err
	}
	clear := "gk_" + base64.RawURLEncoding.EncodeToString(secret)
	t := &guike.Token{Name: n.Name, User: sc.User, Role: n.Role, RowCap: n.RowCap, ExpiresOn: n.ExpiresOn, Hash: tokenHash(clear)}
	err := db.Tx(ctx, sc.House(), func(tx *store.Tx) error { t.ID = ""; return tx.Create(ctx, t) })
	return t.ID, clear, err
}

// tokenHash needs no salt and no slowness: the token is 256 random bits.
func tokenHash(clear string) string {
	h := sha256.Sum256([]byte(clear))
	return hex.EncodeToString(h[:])
}

// RevokeToken ends a token: one's own, or anyone's for an administrator.
func RevokeToken(ctx context.Context, db *store.DB, sc record.Scope, id record.ID) error {
	rec, err := db.Get(ctx, record.SystemScope("access"), "token", id)
	if err != nil {
		return err
	}
	if rec.(*guike.Token).User != sc.User && !sc.Admin {
		return &record.Error{Code: record.NotFound, Message: "error.not_found"}
	}
	return db.Tx(ctx, sc.House(), func(tx *store.Tx) error {
		_, err := tx.Update(ctx, "token", id, store.Patch{Values: map[string]record.Value{"revoked": record.NumberValue(1)}})
		return err
	})
}

// TokenScope makes the scope of a token in clear.
func TokenScope(ctx context.Context, db *store.DB, clear string, cause record.Cause) (record.Scope, *guike.User, error) {
	no := &record.Error{Code: record.Unauthenticated, Message: "error.token"}
	var id string
	err := db.One(ctx, "SELECT id FROM tokens WHERE hash = ? AND revoked = 0 AND deleted_at IS NULL", []any{tokenHash(clear)}, &id)
	if record.Is(err, record.NotFound) {
		return record.Scope{}, nil, no
	}
	if err != nil {
		return record.Scope{}, nil, err
	}
	rec, err := db.Get(ctx, record.SystemScope("access"), "token", record.ID(id))
	if err != nil {
		return record.Scope{}, nil, err
	}
	t := rec.(*guike.Token)
	cat, err := db.Catalogue(ctx, false)
	if err != nil {
		return record.Scope{}, nil, err
	}
	if t.ExpiresOn != "" && t.ExpiresOn < record.DateOf(db.Now(), cat.Zone) {
		return record.Scope{}, nil, no
	}
	sc, u, err := Scope(ctx, db, t.User, t.Role, cause)
	sc.RowCap = int(t.RowCap)
	return sc, u, err
}
