package match

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"guike"
	"guike/record"
	"guike/store"
)

// What a person says of a match.
const (
	Confirm = "confirm"
	Reject  = "reject"
	Undo    = "undo" // what he, or another, said before
)

// Answer writes what a person says of a match, and lets the weights learn from it. Saying it twice is saying it once. He must be able to change the slip and
// to see what it is matched with; confirming fails with Conflict where something else has claimed the amount since.
func Answer(ctx context.Context, db *store.DB, sc record.Scope, id record.ID, verb string) error {
	if verb != Confirm && verb != Reject && verb != Undo {
		return record.FieldError("verb", "error.no_such_choice")
	}
	answer := func(tx *store.Tx) error { return answer(ctx, tx, id, verb) }
	err := db.Tx(ctx, sc, answer)
	if e := (*record.Error)(nil); record.Is(err, record.Conflict) && errors.As(err, &e) && e.Message != "error.match_claimed" {
		err = db.Tx(ctx, sc, answer) // the first two answers ever made the setting at the same moment
	}
	return err
}

func answer(ctx context.Context, tx *store.Tx, id record.ID, verb string) error {
	rec, err := tx.Get(ctx, tx.Scope(), "match", id)
	if err != nil {
		return err
	}
	seen := rec.(*guike.Match)
	c, err := both(ctx, tx, seen)
	if err != nil {
		return err
	}
	m := c.matches[seen.Pair]
	if m == nil {
		return record.Errorf(record.Denied, "error.denied")
	}
	var right bool
	switch {
	case verb == Confirm && m.State != guike.MatchConfirmed:
		if !m.Claims() {
			m.Amount.Minor = min(m.Amount.Minor, c.open(m.Of, m.Receipt), c.open(m.Of, m.Target()))
			if m.Amount.Minor <= 0 || !isSlip(c.receipts[m.Receipt]) || !c.lives(m.Target()) {
				return record.Errorf(record.Conflict, "error.match_claimed")
			}
		}
		c.turn(m, guike.MatchConfirmed)
		right = true
	case verb == Reject && m.State != guike.MatchRejected:
		c.turn(m, guike.MatchRejected)
	case verb == Undo && (m.State == guike.MatchConfirmed || m.State == guike.MatchRejected):
		c.turn(m, guike.MatchProposed)
	default:
		return nil // already so
	}
	if err := c.learn(m, verb, right); err != nil {
		return fmt.Errorf("learn from %s: %w", id, err)
	}
	return c.write()
}

// both holds the two sides of a match for a person who sees them and may change the slip.
func both(ctx context.Context, tx *store.Tx, m *guike.Match) (*claim, error) {
	sc := tx.Scope()
	kind := map[string]string{guike.MatchOrder: "order", guike.MatchInvoice: "receipt", guike.MatchEntry: "entry"}[m.Of]
	if _, err := tx.Get(ctx, sc, kind, m.Target()); err != nil {
		return nil, err
	}
	if _, err := tx.Get(ctx, sc, "receipt", m.Receipt); err != nil {
		return nil, err
	}
	house := sc.House()
	house.System = true
	house.Cause.Kind = "match"
	receipts := []record.ID{m.Receipt}
	if m.Invoice != "" {
		receipts = append(receipts, m.Invoice)
	}
	c, err := hold(ctx, tx.As(house), receipts, some(m.Order), some(m.Entry))
	if err != nil {
		return nil, err
	}
	if s := c.receipts[m.Receipt]; s == nil || !sc.Covers(sc.For("receipt").Update, s.Head()) {
		return nil, record.Errorf(record.Denied, "error.denied")
	}
	return c, nil
}

// Make matches a slip by hand with an order, an invoice or a statement line, for so much of it; no amount is as much as both
// sides have open. Making what is made already sets its amount. It answers the match's id, Conflict where the amount is claimed by others.
func Make(ctx context.Context, db *store.DB, sc record.Scope, receipt record.ID, of string, target record.ID, amount record.Money) (record.ID, error) {
	if slices.Contains(sc.Masked["match"], "amount") {
		return "", record.Errorf(record.Denied, "error.denied") // trying amounts would tell them
	}
	var id record.ID
	err := db.Tx(ctx, sc, func(tx *store.Tx) error {
		want := (&claim{}).match(&guike.Receipt{Base: record.Base{ID: receipt}}, of, target)
		c, err := both(ctx, tx, want)
		if err != nil {
			return err
		}
		s := c.receipts[receipt]
		if inv := c.receipts[want.Invoice]; !isSlip(s) || of == guike.MatchInvoice && inv.Type != "invoice" || !c.lives(target) {
			return record.FieldError(of, "error.match_kind")
		}
		if cur := s.Amount.Currency; c.amount(target).Currency != cur || amount != (record.Money{}) && amount.Currency != cur {
			return record.FieldError("amount", "error.match_currency")
		}
		m := c.match(s, of, target)
		c.matches[m.Pair] = m
		c.turn(m, guike.MatchProposed) // what it claims itself is open to it
		room := min(c.open(of, receipt), c.open(of, target))
		if amount == (record.Money{}) {
			amount = record.Money{Minor: room, Currency: s.Amount.Currency}
		}
		if amount.Minor <= 0 || amount.Minor > room {
			return record.Errorf(record.Conflict, "error.match_claimed")
		}
		m.Amount = amount
		if m.ID == "" {
			m.Confidence, m.Reason = 1, `[{"by":"person","points":0,"much":1}]`
		}
		c.turn(m, guike.MatchConfirmed)
		if err := c.learn(m, Confirm, true); err != nil {
			return fmt.Errorf("learn: %w", err)
		}
		if err := c.write(); err != nil {
			return err
		}
		id = m.ID
		return nil
	})
	return id, err
}

func some(id record.ID) []record.ID {
	if id == "" {
		return nil
	}
	return []record.ID{id}
}

// learn moves the weights by an answer, after taking back what an earlier answer to the same match moved.
func (c *claim) learn(m *guike.Match, verb string, right bool) error {
	var id string
	switch err := c.tx.One(c.ctx, "SELECT id FROM settings WHERE name = ? AND deleted_at IS NULL", []any{Setting}, &id); {
	case err == nil:
		if _, err := c.tx.Lock(c.ctx, "setting", []record.ID{record.ID(id)}); err != nil {
			return err
		}
	case !record.Is(err, record.NotFound):
		return err
	}
	w, err := present(c.ctx, c.tx)
	if err != nil {
		return err
	}
	if m.Learnt != "" {
		var moved map[string]float64
		if err := json.Unmarshal([]byte(m.Learnt), &moved); err != nil {
			return err
		}
		for by, d := range moved {
			w[m.Of][by] -= d
		}
	}
	m.Learnt = ""
	if verb != Undo {
		var facts []Fact
		if err := json.Unmarshal([]byte(m.Reason), &facts); err != nil {
			return err
		}
		b, err := json.Marshal(w.learn(m.Of, facts, right))
		if err != nil {
			return err
		}
		m.Learnt = string(b)
	}
	return w.keep(c.ctx, c.tx)
}
