package shape

import (
	"context"
	"encoding/json"
	"slices"

	"guike"
	"guike/record"
	"guike/store"
)

// Propose changes a record, but for the fields that somebody else reviews: for each of those that would change it keeps a proposal, in the same transaction. It
// answers the record as it is then, and the fields proposed. A newer proposal of a field withdraws the older.
func Propose(ctx context.Context, tx *store.Tx, kind string, id record.ID, p store.Patch) (record.Record, []string, error) {
	k := tx.Catalogue().Kind(kind)
	if k == nil {
		return nil, nil, record.Errorf(record.NotFound, "error.no_such_kind")
	}
	sc := tx.Scope()
	var fields []string
	values := map[string]record.Value{}
	for name, v := range p.Values {
		if f := k.Field(name); f != nil && f.Reviewed(sc.User) {
			fields = append(fields, name)
		} else {
			values[name] = v
		}
	}
	if len(fields) == 0 {
		r, err := tx.Update(ctx, kind, id, p)
		return r, nil, err
	}
	slices.Sort(fields)
	asked := p.Values
	p.Values = values
	r, err := tx.Update(ctx, kind, id, p)
	if err != nil {
		return nil, nil, err
	}
	house := tx.As(sc.House())
	var proposed []string
	for _, name := range fields {
		f := k.Field(name)
		v, err := f.Check(asked[name])
		if err != nil {
			return nil, nil, record.FieldError(name, err.Error())
		}
		now := k.Get(r, name)
		if v == now || v.Null && now.Null {
			continue
		}
		old, err := waiting(ctx, tx, id, name)
		if err != nil {
			return nil, nil, err
		}
		for _, o := range old {
			if _, err := house.Update(ctx, "proposal", o, store.Patch{Values: map[string]record.Value{"state": record.TextValue(guike.ProposalWithdrawn)}}); err != nil {
				return nil, nil, err
			}
		}
		n := &guike.Proposal{Of: kind, Rec: id, Field: name, Before: string(f.JSON(now)), Value: string(f.JSON(v)), State: guike.ProposalWaiting, Reviewer: f.Form.Reviewer}
		n.Owner, n.Department = sc.User, r.Head().Department
		if err := house.Create(ctx, n); err != nil {
			return nil, nil, err
		}
		proposed = append(proposed, name)
	}
	return r, proposed, nil
}

func waiting(ctx context.Context, tx *store.Tx, rec record.ID, field string) ([]record.ID, error) {
	var out []record.ID
	err := tx.Each(ctx, "SELECT id FROM proposals WHERE rec = ? AND field = ? AND state = 'waiting' AND deleted_at IS NULL", []any{string(rec), field}, func(rows store.Rows) error {
		var id string
		err := rows.Scan(&id)
		out = append(out, record.ID(id))
		return err
	})
	return out, err
}

// Proposals lists those that a person is to review or has made, an administrator all, newest first; of one record where rec is given.
func Proposals(ctx context.Context, db *store.DB, sc record.Scope, rec record.ID, state, cursor string) (store.Page, error) {
	f := record.Filter{}
	if !sc.Admin {
		f = record.Filter{Or: []record.Filter{record.Where("reviewer", "eq", "$me"), record.Where("owner", "eq", "$me")}}
	}
	if rec != "" {
		f = record.All(f, record.Where("rec", "eq", rec))
	}
	if state != "" {
		f = record.All(f, record.Where("state", "eq", state))
	}
	return db.List(ctx, sc.House(), store.Query{Kind: "proposal", Filter: f, Cursor: cursor})
}

// Review decides a proposal, in the name of its reviewer: accepted, the record holds it. Where the field was changed meanwhile it fails with Conflict, unless
// anyway. Who proposed may withdraw it instead.
func Review(ctx context.Context, db *store.DB, sc record.Scope, id record.ID, state, note string, anyway bool) error {
	return db.Tx(ctx, sc.House(), func(tx *store.Tx) error {
		rec, err := tx.Get(ctx, tx.Scope(), "proposal", id)
		if err != nil {
			return err
		}
		p := rec.(*guike.Proposal)
		mine := p.Reviewer == sc.User || sc.Admin
		switch {
		case state == guike.ProposalWithdrawn && p.Owner == sc.User:
		case (state == guike.ProposalAccepted || state == guike.ProposalRefused) && mine:
		case mine || p.Owner == sc.User:
			return record.Errorf(record.Denied, "error.denied")
		default:
			return &record.Error{Code: record.NotFound, Message: "error.not_found"}
		}
		if p.State != guike.ProposalWaiting {
			return record.Errorf(record.Conflict, "error.proposal_state")
		}
		if state == guike.ProposalAccepted {
			k := tx.Catalogue().Kind(p.Of)
			if k == nil || k.Field(p.Field) == nil {
				return record.Errorf(record.Conflict, "error.no_such_field")
			}
			f := k.Field(p.Field)
			now, err := tx.Get(ctx, tx.Scope(), p.Of, p.Rec)
			if err != nil {
				return err
			}
			if string(f.JSON(k.Get(now, p.Field))) != p.Before && !anyway {
				return &record.Error{Code: record.Conflict, Message: "error.changed_since", Fields: map[string]string{p.Field: "error.changed_since"}}
			}
			v, err := f.Parse(json.RawMessage(p.Value))
			if err != nil {
				return record.FieldError(p.Field, err.Error())
			}
			reviewer := tx.Scope()
			reviewer.Agreed = true
			if _, err := tx.As(reviewer).Update(ctx, p.Of, p.Rec, store.Patch{Values: map[string]record.Value{p.Field: v}}); err != nil {
				return err
			}
		}
		_, err = tx.Update(ctx, "proposal", id, store.Patch{Values: map[string]record.Value{"state": record.TextValue(state), "note": record.TextValue(note)}})
		return err
	})
}
