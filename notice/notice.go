// Package notice tells people what concerns them: that somebody named them, gave them a record, waits for their consent, or that their import has ended. It
// follows the change log, so telling never hinders the write; what was done to many records at once is told once, with their number.
//
// Nobody is told of what he may not see, nor of what he did himself.
package notice

import (
	"context"
	"encoding/json"
	"slices"

	"guike"
	"guike/record"
	"guike/store"
)

// ScopeOf makes the scope of a user as he is now.
type ScopeOf func(ctx context.Context, user record.ID, cause record.Cause) (record.Scope, error)

// teller tells of one batch of changes.
type teller struct {
	ctx    context.Context
	tx     *store.Tx
	of     ScopeOf
	scopes map[record.ID]*record.Scope // nil where there is no such user any more
}

// Follow makes the follower of the change log.
func Follow(of ScopeOf) func(context.Context, *store.Tx, []record.Change) error {
	return func(ctx context.Context, tx *store.Tx, changes []record.Change) error {
		t := &teller{ctx: ctx, tx: tx, of: of, scopes: map[record.ID]*record.Scope{}}
		for _, c := range changes {
			if err := t.change(c); err != nil {
				return err
			}
		}
		return nil
	}
}

func (t *teller) change(c record.Change) error {
	if c.Op != record.OpCreate && c.Op != record.OpUpdate {
		return nil
	}
	switch c.Kind {
	case "comment":
		return t.comment(c)
	case "proposal":
		return t.proposal(c)
	case "import":
		return t.imported(c)
	}
	k := t.tx.Catalogue().Kind(c.Kind)
	// What an import, a rule or an undo puts into a field was no person's act of giving.
	if k == nil || k.Verbs || c.By == "" || c.Cause.Kind != "request" && c.Cause.Kind != "bulk" {
		return nil
	}
	var made record.Record // an entry of a creation leaves the values to the record
	if c.Op == record.OpCreate {
		r, err := t.get(c.Kind, c.Rec)
		if err != nil || r == nil {
			return err
		}
		made = r
	}
	for i := range k.Fields {
		f := &k.Fields[i]
		if f.Type != record.Ref || f.Ref != "user" || f.Retired {
			continue
		}
		name, user := f.Name, id(c.Fields[f.Name][1])
		if made != nil {
			user = record.ID(k.Get(made, name).S)
		}
		n := guike.Notice{Why: guike.NoticeAssigned, About: c.Kind, Rec: c.Rec, By: c.By, Key: name + " " + string(c.Rec) + " " + c.At.String()}
		if c.Cause.Kind == "bulk" {
			n.Key = name + " " + c.Cause.Root
		}
		if err := t.tell(user, n); err != nil {
			return err
		}
	}
	return nil
}

func id(raw json.RawMessage) record.ID {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return "" // null, or no text: nobody
	}
	return record.ID(s)
}

func text(c record.Change, field string) string { return string(id(c.Fields[field][1])) }

func (t *teller) get(kind string, id record.ID) (record.Record, error) {
	r, err := t.tx.Get(t.ctx, record.SystemScope("notice"), kind, id)
	if record.Is(err, record.NotFound) {
		return nil, nil
	}
	return r, err
}

func (t *teller) comment(c record.Change) error {
	if c.Op == record.OpUpdate && c.Fields["body"][1] == nil {
		return nil
	}
	r, err := t.get("comment", c.Rec)
	if err != nil || r == nil {
		return err
	}
	x := r.(*guike.Comment)
	if x.DeletedAt != 0 {
		return nil
	}
	for _, user := range x.Mentions() {
		if err := t.tell(user, guike.Notice{Why: guike.NoticeMentioned, About: x.About, Rec: x.Rec, By: x.Owner, Body: x.Heading(), Key: string(x.ID)}); err != nil {
			return err
		}
	}
	return nil
}

func (t *teller) proposal(c record.Change) error {
	r, err := t.get("proposal", c.Rec)
	if err != nil || r == nil {
		return err
	}
	x := r.(*guike.Proposal)
	n := guike.Notice{About: x.Of, Rec: x.Rec, Body: x.Field}
	switch state := text(c, "state"); {
	case c.Op == record.OpCreate:
		n.Why, n.By, n.Key = guike.NoticeReview, x.Owner, string(x.ID)
		return t.tell(x.Reviewer, n)
	case state == guike.ProposalAccepted || state == guike.ProposalRefused:
		n.Why, n.By, n.Key = state, c.By, string(x.ID)+" "+state
		return t.tell(x.Owner, n)
	}
	return nil
}

func (t *teller) imported(c record.Change) error {
	why := map[string]string{guike.ImportDone: guike.NoticeImported, guike.ImportFailed: guike.NoticeFailed}[text(c, "state")]
	if why == "" {
		return nil
	}
	r, err := t.get("import", c.Rec)
	if err != nil || r == nil {
		return err
	}
	x := r.(*guike.Import)
	return t.put(x.Owner, guike.Notice{Why: why, About: "import", Rec: x.ID, Name: x.Name, Count: x.Rows, Key: string(x.ID) + " " + c.At.String()})
}

// tell tells a user of a record, if he sees it and did not do it himself.
func (t *teller) tell(user record.ID, n guike.Notice) error {
	if user == "" || user == n.By {
		return nil
	}
	sc, known := t.scopes[user]
	if !known {
		is, err := t.of(t.ctx, user, record.Cause{Kind: "system", ID: "notice", Root: "notice"})
		if err == nil {
			sc = &is
		} else if !record.Is(err, record.NotFound) && !record.Is(err, record.Unauthenticated) && !record.Is(err, record.Denied) {
			return err
		}
		t.scopes[user] = sc
	}
	if sc == nil {
		return nil
	}
	r, err := t.tx.Get(t.ctx, *sc, n.About, n.Rec)
	if record.Is(err, record.NotFound) || record.Is(err, record.Denied) {
		return nil
	}
	if err != nil {
		return err
	}
	n.Name, n.Count = r.Head().Title, 1
	return t.put(user, n)
}

// put keeps a notice, or counts one more of those that are told as one. Told again after a stop it is there already.
func (t *teller) put(user record.ID, n guike.Notice) error {
	n.Owner, n.Key = user, n.Why+" "+string(user)+" "+n.Key
	var have string
	if err := t.tx.One(t.ctx, "SELECT coalesce(max(id), '') FROM notices WHERE key = ? AND deleted_at IS NULL", []any{n.Key}, &have); err != nil {
		return err
	}
	sc := record.SystemScope("notice")
	if have == "" {
		return t.tx.As(sc).Create(t.ctx, &n)
	}
	r, err := t.tx.Get(t.ctx, sc, "notice", record.ID(have))
	if err != nil {
		return err
	}
	if old := r.(*guike.Notice); old.Rec != n.Rec {
		_, err = t.tx.As(sc).Update(t.ctx, "notice", old.ID, store.Patch{Values: map[string]record.Value{"count": record.NumberValue(old.Count + 1)}})
	}
	return err
}

// most is how many notices are marked at a time.
const most = 500

// Read marks the caller's notices as read: those named, or the newest of all of his.
func Read(ctx context.Context, db *store.DB, sc record.Scope, ids []record.ID) error {
	if len(ids) > most {
		return record.FieldError("ids", "error.list_too_long")
	}
	house := record.SystemScope("notice")
	house.User, house.Name, house.Cause = sc.User, sc.Name, sc.Cause
	return db.Tx(ctx, house, func(tx *store.Tx) error {
		var mine []record.ID
		if err := tx.Each(ctx, "SELECT id FROM notices WHERE owner = ? AND read_at IS NULL AND deleted_at IS NULL ORDER BY n DESC LIMIT 500", []any{string(sc.User)}, func(rows store.Rows) error {
			var id string
			err := rows.Scan(&id)
			if len(ids) == 0 || slices.Contains(ids, record.ID(id)) {
				mine = append(mine, record.ID(id))
			}
			return err
		}); err != nil || len(mine) == 0 {
			return err
		}
		slices.Sort(mine)
		_, err := tx.UpdateAll(ctx, "notice", mine, func(record.Record) (store.Patch, error) {
			return store.Patch{Values: map[string]record.Value{"read_at": record.NumberValue(int64(tx.At()))}}, nil
		})
		return err
	})
}
