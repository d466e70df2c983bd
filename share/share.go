// Package share hands a record to somebody outside: a secret link to some of its fields and its pages, until a day, for so many openings, with a password where
// that is wanted. The link's secret is kept only hashed, so that a lost one is made anew.
//
// What is shown is decided each time it is opened, with the rights that the one who shared has then: here for whether a link still leads anywhere, in api for
// what stands on its page. Read this file for what colleagues do, open.go for what the receiver does, mark.go for the words drawn over pages.
package share

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"guike"
	"guike/record"
	"guike/store"
)

// Limits of one share.
const (
	Usual       = 7 * 24 * time.Hour   // how long it lives where nothing is said
	Longest     = 366 * 24 * time.Hour // and at most
	MaxOpenings = 10_000
	MaxLive     = 50 // of one record at once; more would be no list that somebody reads
	maxReceiver = 60 // characters; it is drawn over pages
)

// A Desk makes and opens shares.
type Desk struct {
	DB *store.DB
	// Scope makes the scope of a user for what is done in his name while he is away. It fails with Unauthenticated or NotFound where he is shut out.
	Scope func(ctx context.Context, user record.ID, cause record.Cause) (record.Scope, error)
	// Hash makes a slow hash of a password, Verify reports whether a password is the one it was made of.
	Hash   func(ctx context.Context, password string) (string, error)
	Verify func(ctx context.Context, hash, password string) (bool, error)
}

// A New share is what one is made of. Fields nil are the usual ones.
type New struct {
	About     string
	Rec       record.ID
	Receiver  string
	Fields    []string
	Original  bool
	ExpiresAt record.Time // 0: Usual from now
	Most      int64
	Password  string
}

// An Offer is a field of a record that may be shown, and whether it usually is.
type Offer struct {
	Name  string
	Usual bool
}

// inside are fields that speak of the business's own doings, not of what is handed over.
var inside = []string{"note", "memo", "owner", "department", "assignee", "business_key", "document", "page", "paper", "path", "state", "reason", "detail", "source", "arrivals",
	"folder", "container", "message", "sha256", "mime", "status", "resolution", "priority", "dated_on", "initial", "hold"}

// Offered lists the fields of a kind that a scope may hand over. Usual are those that say what the record is; how it is classed, who holds it and what was
// noted about it are shown only where somebody chooses so.
func Offered(sc record.Scope, k *record.Kind) []Offer {
	var out []Offer
	for i := range k.Fields {
		f := &k.Fields[i]
		switch {
		case !sc.Sees(k.Name, f), f.Type == record.JSON, i == record.PosID, i == record.PosVersion, i == record.PosTitle, i == record.PosStatus,
			i == record.PosDeletedAt, f.Ref == "document", f.Ref == "folder":
			continue
		}
		out = append(out, Offer{f.Name, i > record.PosDeletedAt && f.Type != record.Category && !slices.Contains(inside, f.Name)})
	}
	return out
}

// may fails where a scope does not share records of a kind at all.
func may(sc record.Scope, k *record.Kind) error {
	if k == nil || k.Verbs {
		return record.FieldError("about", "error.no_such_kind")
	}
	if !sc.Share || sc.User == "" {
		return record.Errorf(record.Denied, "error.denied")
	}
	return nil
}

// Make shares a record that the caller reads, and answers the link's secret, this once.
func (d *Desk) Make(ctx context.Context, sc record.Scope, n New) (*guike.Share, string, error) {
	cat, err := d.DB.Catalogue(ctx, false)
	if err != nil {
		return nil, "", err
	}
	k := cat.Kind(n.About)
	if err := may(sc, k); err != nil {
		return nil, "", err
	}
	now := record.At(d.DB.Now())
	s, err := n.share(Offered(sc, k), now)
	if err != nil {
		return nil, "", err
	}
	if n.Password != "" {
		if s.Password, err = d.Hash(ctx, n.Password); err != nil {
			return nil, "", err
		}
		s.Guarded = true
	}
	b := make([]byte, 24) // 192 bits: nobody finds one by trying
	if _, err := rand.Read(b); err != nil {
		return nil, "", err
	}
	secret := base64.RawURLEncoding.EncodeToString(b)
	s.Hash, s.Owner, s.Department = digest(secret), sc.User, sc.Home
	err = d.DB.Tx(ctx, sc, func(tx *store.Tx) error {
		s.ID = ""
		r, err := tx.Get(ctx, sc, n.About, n.Rec)
		if err != nil {
			return err
		}
		if r.Head().DeletedAt != 0 {
			return record.Errorf(record.NotFound, "error.not_found")
		}
		var live int64
		if err := tx.One(ctx, "SELECT count(*) FROM shares WHERE rec = ? AND revoked_at IS NULL AND expires_at > ? AND deleted_at IS NULL",
			[]any{string(n.Rec), int64(now)}, &live); err != nil {
			return err
		}
		if live >= MaxLive {
			return record.Errorf(record.Conflict, "error.share_many")
		}
		s.Name = r.Head().Title
		return tx.As(sc.House()).Create(ctx, s)
	})
	return s, secret, err
}

// share checks what is wanted.
func (n New) share(offered []Offer, now record.Time) (*guike.Share, error) {
	bad := map[string]string{}
	s := &guike.Share{About: n.About, Rec: n.Rec, Receiver: strings.TrimSpace(n.Receiver), Original: n.Original, ExpiresAt: n.ExpiresAt, Most: n.Most}
	if utf8.RuneCountInString(s.Receiver) > maxReceiver {
		bad["receiver"] = "error.too_long"
	}
	if s.ExpiresAt == 0 {
		s.ExpiresAt = now + record.Time(Usual.Microseconds())
	}
	if s.ExpiresAt <= now {
		bad["expires_at"] = "error.share_past"
	}
	if s.ExpiresAt > now+record.Time(Longest.Microseconds()) {
		bad["expires_at"] = "error.share_long"
	}
	if s.Most < 0 || s.Most > MaxOpenings {
		bad["most"] = "error.share_most"
	}
	if c := utf8.RuneCountInString(n.Password); c != 0 && (c < 4 || c > 200) {
		bad["password"] = "error.share_password"
	}
	shown := []string{}
	for _, o := range offered {
		if n.Fields == nil && o.Usual || slices.Contains(n.Fields, o.Name) {
			shown = append(shown, o.Name)
		}
	}
	for _, f := range n.Fields {
		if !slices.Contains(shown, f) {
			bad["fields"] = "error.no_such_field"
		}
	}
	if len(bad) > 0 {
		return nil, &record.Error{Code: record.Invalid, Message: "error.invalid", Fields: bad}
	}
	b, err := json.Marshal(shown)
	s.Shown = string(b)
	return s, err
}

// Shown are the fields that a share was made to show.
func Shown(s *guike.Share) (out []string) {
	_ = json.Unmarshal([]byte(s.Shown), &out) // written by share
	return out
}

// digest needs no salt and no slowness: secrets are random.
func digest(secret string) string {
	h := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(h[:])
}

// About answers the shares of a record, whoever made them, newest first. It fails with NotFound where the caller does not see the record.
func (d *Desk) About(ctx context.Context, sc record.Scope, about string, rec record.ID) ([]*guike.Share, error) {
	cat, err := d.DB.Catalogue(ctx, false)
	if err != nil {
		return nil, err
	}
	if err := may(sc, cat.Kind(about)); err != nil {
		return nil, err
	}
	if _, err := d.DB.Get(ctx, sc, about, rec); err != nil {
		return nil, err
	}
	f := record.Filter{And: []record.Filter{record.Where("rec", "eq", string(rec)), record.Where("about", "eq", about)}}
	p, err := d.DB.List(ctx, sc.House(), store.Query{Kind: "share", Filter: f, Limit: store.MaxPage})
	if err != nil {
		return nil, err
	}
	out := make([]*guike.Share, len(p.Records))
	for i, r := range p.Records {
		out[i] = r.(*guike.Share)
	}
	return out, nil
}

// Mine reports whether a scope may end a share and see who opened it: its own, and any for an administrator.
func Mine(sc record.Scope, s *guike.Share) bool {
	return s.Owner == sc.User && sc.User != "" || sc.Admin
}

// Revoke ends a share at once. Ended twice it stays as it was.
func (d *Desk) Revoke(ctx context.Context, sc record.Scope, id record.ID) error {
	return d.DB.Tx(ctx, sc, func(tx *store.Tx) error {
		s, err := mine(ctx, tx, sc, id)
		if err != nil || s.RevokedAt != 0 {
			return err
		}
		_, err = tx.As(sc.House()).Update(ctx, "share", id, store.Patch{Values: map[string]record.Value{"revoked_at": {N: int64(tx.At())}}})
		return err
	})
}

func mine(ctx context.Context, tx *store.Tx, sc record.Scope, id record.ID) (*guike.Share, error) {
	r, err := tx.Get(ctx, sc.House(), "share", id)
	if err != nil {
		return nil, err
	}
	if s := r.(*guike.Share); Mine(sc, s) {
		return s, nil
	}
	return nil, record.Errorf(record.NotFound, "error.not_found")
}

// Follow ends the shares of a record that was removed for ever, with what they say of it. It is a follower of the change log.
func Follow(ctx context.Context, tx *store.Tx, changes []record.Change) error {
	for _, c := range changes {
		ids, err := tx.PurgeAbout(ctx, "share", "share", c)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if _, err := tx.Exec(ctx, "DELETE FROM openings WHERE share = ?", string(id)); err != nil {
				return err
			}
		}
	}
	return nil
}
