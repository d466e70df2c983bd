package match

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"guike"
	"guike/record"
	"guike/store"
)

// A claim is a transaction's hold on slips and what they may be about: all locked, receipts before orders before entries and each in id order, with every
// match of theirs. What is claimed is read after the locks and counted here, so nothing is allotted twice however many servers match at once.
type claim struct {
	ctx       context.Context
	tx        *store.Tx // of the house
	receipts  map[record.ID]*guike.Receipt
	orders    map[record.ID]*guike.Order
	entries   map[record.ID]*guike.Entry
	customers map[record.ID]string      // of the orders, by title
	matches   map[string]*guike.Match   // by pair
	was       map[string]string         // pair → how it was read
	claimed   map[string]int64          // of what + side → minor units
	fills     map[record.ID]store.Patch // of slips
}

// hold locks records and reads their matches.
func hold(ctx context.Context, tx *store.Tx, receipts, orders, entries []record.ID) (*claim, error) {
	c := &claim{ctx, tx, map[record.ID]*guike.Receipt{}, map[record.ID]*guike.Order{}, map[record.ID]*guike.Entry{}, map[record.ID]string{}, map[string]*guike.Match{},
		map[string]string{}, map[string]int64{}, map[record.ID]store.Patch{}}
	for _, l := range []struct {
		kind string
		ids  []record.ID
	}{{"receipt", receipts}, {"order", orders}, {"entry", entries}} {
		slices.Sort(l.ids)
		recs, err := tx.Lock(ctx, l.kind, slices.Compact(l.ids))
		if err != nil {
			return nil, fmt.Errorf("lock %s: %w", l.kind, err)
		}
		for _, r := range recs {
			switch r := r.(type) {
			case *guike.Receipt:
				c.receipts[r.ID] = r
			case *guike.Order:
				c.orders[r.ID] = r
			case *guike.Entry:
				c.entries[r.ID] = r
			}
		}
	}
	seen := map[record.ID]bool{}
	for _, by := range []struct {
		field string
		ids   []record.ID
	}{{"receipt", ordered(c.receipts)}, {"invoice", ordered(c.receipts)}, {"order", ordered(c.orders)}, {"entry", ordered(c.entries)}} {
		for part := range slices.Chunk(by.ids, 500) {
			args := make([]any, len(part))
			for i, id := range part {
				args[i] = string(id)
			}
			if err := tx.Each(ctx, fmt.Sprintf(`SELECT id FROM matches WHERE "%s" IN (%s) AND deleted_at IS NULL`, by.field, strings.TrimSuffix(strings.Repeat("?, ", len(part)), ", ")), args, func(rows store.Rows) error {
				var id string
				err := rows.Scan(&id)
				seen[record.ID(id)] = true
				return err
			}); err != nil {
				return nil, err
			}
		}
	}
	recs, err := tx.GetAll(ctx, tx.Scope(), "match", ordered(seen), record.Everything, "")
	if err != nil {
		return nil, err
	}
	for _, r := range recs {
		m := r.(*guike.Match)
		c.matches[m.Pair], c.was[m.Pair] = m, print(m)
		if m.Claims() {
			c.count(m, 1)
		}
	}
	need := map[record.ID]bool{}
	for _, o := range c.orders {
		need[o.Customer] = true
	}
	delete(need, "")
	c.customers, err = tx.Titles(ctx, tx.Scope(), "customer", ordered(need))
	return c, err
}

// print is what of a match may change.
func print(m *guike.Match) string {
	return fmt.Sprint(m.State, m.Amount, m.Confidence, m.Reason, m.Fills, m.Learnt, m.Owner, m.Department)
}

func (c *claim) count(m *guike.Match, sign int64) {
	c.claimed[m.Of+string(m.Receipt)] += sign * m.Amount.Minor
	c.claimed[m.Of+string(m.Target())] += sign * m.Amount.Minor
}

// open is how much of a record's amount nothing of a sort claims yet.
func (c *claim) open(of string, id record.ID) int64 {
	return c.amount(id).Minor - c.claimed[of+string(id)]
}

func (c *claim) amount(id record.ID) record.Money {
	if r := c.receipts[id]; r != nil {
		return r.Amount
	}
	if o := c.orders[id]; o != nil {
		return o.Amount
	}
	if e := c.entries[id]; e != nil {
		return e.Amount
	}
	return record.Money{}
}

// put makes the match of a slip and a target what it is to be: an amount, a state, a reason. It never claims more than both sides have open, and answers
// whether it did as it was asked.
func (c *claim) put(s *guike.Receipt, of string, target record.ID, state string, minor int64, confidence float64, reason string) bool {
	m := c.match(s, of, target)
	if m.Claims() || m.State == guike.MatchRejected {
		return false
	}
	if state != guike.MatchProposed && (minor <= 0 || minor > c.open(of, s.ID) || minor > c.open(of, target)) {
		return false
	}
	m.Amount, m.Confidence, m.Reason = record.Money{Minor: minor, Currency: s.Amount.Currency}, confidence, reason
	c.matches[m.Pair] = m
	c.turn(m, state)
	return true
}

// match answers the match of a slip and a target, a new one where there is none yet.
func (c *claim) match(s *guike.Receipt, of string, target record.ID) *guike.Match {
	m := &guike.Match{Receipt: s.ID, Of: of}
	m.Owner, m.Department = s.Owner, s.Department
	switch of {
	case guike.MatchOrder:
		m.Order = target
	case guike.MatchInvoice:
		m.Invoice = target
	case guike.MatchEntry:
		m.Entry = target
	}
	m.Derive()
	if known := c.matches[m.Pair]; known != nil {
		return known
	}
	return m
}

// turn gives a match another state, and both sides what follows from it.
func (c *claim) turn(m *guike.Match, state string) {
	before := m.Claims()
	m.State = state
	switch after := m.Claims(); {
	case after && !before:
		c.count(m, 1)
		c.fill(m)
	case before && !after:
		c.count(m, -1)
		c.empty(m)
	}
}

// fill gives a slip that says nothing of it the order that takes all of it, and its customer.
func (c *claim) fill(m *guike.Match) {
	s, o := c.receipts[m.Receipt], c.orders[m.Order]
	if m.Of != guike.MatchOrder || s == nil || o == nil {
		return
	}
	var did []string
	if m.Fills != "" { // it was in the trash with what the match had filled in
		did = strings.Split(m.Fills, ",")
	}
	if s.Order == "" && m.Amount == s.Amount {
		c.patch(s.ID, "order", o.ID)
		s.Order, did = o.ID, append(did, "order")
	}
	if s.Customer == "" && o.Customer != "" {
		c.patch(s.ID, "customer", o.Customer)
		s.Customer, did = o.Customer, append(did, "customer")
	}
	m.Fills = strings.Join(did, ",")
}

// empty takes back what the match filled in, unless somebody has written there since.
func (c *claim) empty(m *guike.Match) {
	s, o := c.receipts[m.Receipt], c.orders[m.Order]
	if s != nil && s.DeletedAt != 0 {
		return // what is in the trash stays as it is
	}
	if s != nil && strings.Contains(m.Fills, "order") && s.Order == m.Order {
		c.patch(s.ID, "order", "")
		s.Order = ""
	}
	if s != nil && o != nil && strings.Contains(m.Fills, "customer") && s.Customer == o.Customer {
		c.patch(s.ID, "customer", "")
		s.Customer = ""
	}
	m.Fills = ""
}

func (c *claim) patch(id record.ID, field string, v record.ID) {
	if c.fills[id].Values == nil {
		c.fills[id] = store.Patch{Values: map[string]record.Value{}}
	}
	c.fills[id].Values[field] = record.Absent
	if v != "" {
		c.fills[id].Values[field] = record.TextValue(string(v))
	}
}

// check ends matches that no longer hold: a side is in the trash or no slip any more, or its amount has become too small. What a person confirmed
// becomes a proposal again, so that he sees it.
func (c *claim) check() {
	for _, pair := range c.pairs() {
		m := c.matches[pair]
		s := c.receipts[m.Receipt]
		if s == nil { // not held: its own batch sees to it
			continue
		}
		m.Owner, m.Department = s.Owner, s.Department // who may see the slip may see its matches
		if m.State == guike.MatchRejected || m.State == guike.MatchWithdrawn {
			continue
		}
		gone := !isSlip(s) || !c.lives(m.Target())
		over := m.Claims() && c.known(m.Target()) && (c.open(m.Of, m.Receipt) < 0 || c.open(m.Of, m.Target()) < 0)
		switch {
		case gone && c.known(m.Target()), !isSlip(s):
			c.turn(m, guike.MatchWithdrawn)
		case over && m.State == guike.MatchConfirmed:
			c.turn(m, guike.MatchProposed)
		case over:
			c.turn(m, guike.MatchWithdrawn)
		}
	}
}

func (c *claim) known(id record.ID) bool {
	return c.receipts[id] != nil || c.orders[id] != nil || c.entries[id] != nil
}

func (c *claim) lives(id record.ID) bool {
	if r := c.receipts[id]; r != nil {
		return r.DeletedAt == 0
	}
	if o := c.orders[id]; o != nil {
		return o.DeletedAt == 0 && o.Stage != "cancelled"
	}
	e := c.entries[id]
	return e != nil && e.DeletedAt == 0
}

func (c *claim) pairs() []string {
	var out []string
	for p := range c.matches {
		out = append(out, p)
	}
	slices.Sort(out)
	return out
}

// write writes the matches that are new or other than they were, and what they claim of each side.
func (c *claim) write() error {
	var fresh []record.Record
	changed := map[record.ID]*guike.Match{}
	for _, pair := range c.pairs() {
		switch m := c.matches[pair]; {
		case m.ID == "":
			fresh = append(fresh, m)
		case print(m) != c.was[pair]:
			changed[m.ID] = m
		}
	}
	if err := c.tx.Create(c.ctx, fresh...); err != nil {
		return fmt.Errorf("write matches: %w", err)
	}
	if _, err := c.tx.UpdateAll(c.ctx, "match", ordered(changed), func(r record.Record) (store.Patch, error) {
		m := changed[r.Head().ID]
		v := c.tx.Catalogue().Kind("match").Values(m)
		p := store.Patch{Values: map[string]record.Value{}}
		for i, f := range c.tx.Catalogue().Kind("match").Fields {
			switch f.Name {
			case "state", "amount", "confidence", "reason", "fills", "learnt", "owner", "department":
				p.Values[f.Name] = v[i]
			}
		}
		return p, nil
	}); err != nil {
		return fmt.Errorf("write matches: %w", err)
	}
	return c.settle()
}

// settle writes what matches claim onto both sides, where it is not what stands there. The rows are read again: those held show what they will become.
func (c *claim) settle() error {
	var receipts, orders, entries []record.ID
	for id, r := range c.receipts {
		if r.Type != "invoice" && (r.Allotted.Minor != c.claimed[guike.MatchOrder+string(id)] || r.Invoiced.Minor != c.claimed[guike.MatchInvoice+string(id)]) || c.fills[id].Values != nil {
			receipts = append(receipts, id)
		}
	}
	for id, o := range c.orders {
		if o.Paid.Minor != c.claimed[guike.MatchOrder+string(id)] {
			orders = append(orders, id)
		}
	}
	for id, e := range c.entries {
		if e.Slipped.Minor != c.claimed[guike.MatchEntry+string(id)] {
			entries = append(entries, id)
		}
	}
	sum := func(of string, id record.ID, cur string) record.Value {
		if n := c.claimed[of+string(id)]; n != 0 {
			return record.MoneyValue(record.Money{Minor: n, Currency: cur})
		}
		return record.Absent
	}
	if _, err := c.tx.UpdateAll(c.ctx, "receipt", receipts, func(r record.Record) (store.Patch, error) {
		p, id, cur := c.fills[r.Head().ID], r.Head().ID, r.(*guike.Receipt).Amount.Currency
		if p.Values == nil {
			p.Values = map[string]record.Value{}
		}
		if r.(*guike.Receipt).Type != "invoice" { // an invoice's claims are in its matches
			p.Values["allotted"], p.Values["invoiced"] = sum(guike.MatchOrder, id, cur), sum(guike.MatchInvoice, id, cur)
		}
		return p, nil
	}); err != nil {
		return fmt.Errorf("write receipts: %w", err)
	}
	if _, err := c.tx.UpdateAll(c.ctx, "order", orders, func(r record.Record) (store.Patch, error) {
		return store.Patch{Values: map[string]record.Value{"paid": sum(guike.MatchOrder, r.Head().ID, r.(*guike.Order).Amount.Currency)}}, nil
	}); err != nil {
		return fmt.Errorf("write orders: %w", err)
	}
	_, err := c.tx.UpdateAll(c.ctx, "entry", entries, func(r record.Record) (store.Patch, error) {
		return store.Patch{Values: map[string]record.Value{"slipped": sum(guike.MatchEntry, r.Head().ID, r.(*guike.Entry).Amount.Currency)}}, nil
	})
	if err != nil {
		return fmt.Errorf("write entries: %w", err)
	}
	return nil
}
