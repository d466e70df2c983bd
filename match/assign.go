package match

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"guike"
	"guike/fold"
	"guike/record"
	"guike/store"
)

// shown is how many candidates of one slip are proposed.
const shown = 3

// A candidate is a target with what speaks for it.
type candidate struct {
	of     string
	id     record.ID
	minor  int64 // what would be allotted
	facts  map[string]float64
	points float64
	reason string
	group  []record.ID // further targets that the slip pays together with it, or further slips that pay it together with this one
}

// work is what one transaction matches.
type work struct {
	slips           []record.ID
	orders, entries []record.ID        // held besides, for what is claimed of them
	fresh           map[record.ID]bool // slips whose customer may be filled in: a person who empties it later is not overruled
}

// run matches slips: found first, then held, then decided one after the other, the oldest payment first. It answers
// how many matches claim something new.
func run(ctx context.Context, tx *store.Tx, todo work) (int, error) {
	w, err := present(ctx, tx)
	if err != nil {
		return 0, err
	}
	slices.Sort(todo.slips)
	recs, err := tx.GetAll(ctx, tx.Scope(), "receipt", slices.Compact(todo.slips), record.Everything, "")
	if err != nil {
		return 0, err
	}
	slips := map[record.ID]*slip{}
	receipts, orders, entries := []record.ID(nil), todo.orders, todo.entries
	for _, r := range recs {
		s, err := find(ctx, tx, r.(*guike.Receipt))
		if err != nil {
			return 0, fmt.Errorf("find for %s: %w", r.Head().ID, err)
		}
		slips[s.ID] = s
		receipts = append(append(append(receipts, s.ID), s.invoices...), s.siblings...)
		orders, entries = append(orders, s.orders...), append(entries, s.entries...)
	}
	// What a slip is matched with already is held too, found by this look-up or not.
	q := &look{ctx: ctx, tx: tx}
	mine := make([]string, 0, len(slips))
	for _, id := range ordered(slips) {
		mine = append(mine, string(id))
	}
	for field, to := range map[string]*[]record.ID{"order": &orders, "invoice": &receipts, "entry": &entries} {
		q.in(to, `SELECT "`+field+`" FROM matches WHERE receipt IN (%s) AND "`+field+`" <> '' AND deleted_at IS NULL`, mine)
	}
	if q.err != nil {
		return 0, q.err
	}
	c, err := hold(ctx, tx, receipts, orders, entries)
	if err != nil {
		return 0, err
	}
	c.check()
	queue := make([]*slip, 0, len(slips))
	for _, s := range slips {
		if r := c.receipts[s.ID]; r != nil {
			s.Receipt = r // as it is under the lock
			queue = append(queue, s)
		}
	}
	slices.SortFunc(queue, func(a, b *slip) int {
		return cmp.Or(cmp.Compare(a.PaidOn, b.PaidOn), cmp.Compare(a.N, b.N))
	})
	n := 0
	for _, s := range queue {
		if !isSlip(s.Receipt) {
			continue
		}
		if id := s.certain(); todo.fresh[s.ID] && s.Customer == "" && id != "" {
			c.patch(s.ID, "customer", id)
			s.Customer = id
		}
		stale := map[string]bool{}
		for pair, m := range c.matches {
			if m.Receipt == s.ID && m.State == guike.MatchProposed {
				stale[pair] = true
			}
		}
		for _, of := range []string{guike.MatchOrder, guike.MatchInvoice, guike.MatchEntry} {
			if c.open(of, s.ID) > 0 {
				n += c.decide(w, s, of, stale)
			}
		}
		for pair := range stale {
			c.turn(c.matches[pair], guike.MatchWithdrawn)
		}
	}
	return n, c.write()
}

// decide applies the best candidate where it is sure and stands apart from the next, else proposes the best few.
func (c *claim) decide(w Weights, s *slip, of string, stale map[string]bool) int {
	cs := c.candidates(s, of)
	for i := range cs {
		x := &cs[i]
		var facts []Fact
		x.points, facts = w.weigh(of, x.facts)
		b, _ := json.Marshal(facts) // a list of names and numbers
		x.reason = string(b)
	}
	slices.SortFunc(cs, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.points, a.points), cmp.Compare(a.id, b.id))
	})
	if len(cs) == 0 {
		return 0
	}
	best := cs[0]
	rival := slices.IndexFunc(cs[1:], func(x candidate) bool { return !slices.Contains(best.group, x.id) })
	clear := rival < 0 || best.points-cs[1+rival].points >= apart
	if p := logistic(best.points); p >= sure && clear {
		n := 0
		for _, x := range cs {
			together := x.id == best.id || slices.Contains(best.group, x.id) && x.facts["combined"] > 0
			if together && c.put(s.Receipt, of, x.id, guike.MatchAutomatic, x.minor, logistic(x.points), x.reason) {
				delete(stale, string(s.ID)+"|"+string(x.id))
				n++
			}
		}
		if best.facts["sum"] > 0 {
			for _, id := range best.group {
				r := c.receipts[id]
				if c.put(r, of, best.id, guike.MatchAutomatic, c.open(of, id), p, best.reason) {
					n++
				}
			}
		}
		if n > 0 {
			return n
		}
	}
	for _, x := range cs[:min(len(cs), shown)] {
		if p := logistic(x.points); p >= likely && c.put(s.Receipt, of, x.id, guike.MatchProposed, x.minor, p, x.reason) {
			delete(stale, string(s.ID)+"|"+string(x.id))
		}
	}
	return 0
}

// candidates lists what a slip may be about, each with its facts.
func (c *claim) candidates(s *slip, of string) []candidate {
	var cs []candidate
	open := c.open(of, s.ID)
	add := func(id record.ID, cur string, facts map[string]float64) {
		m := c.matches[string(s.ID)+"|"+string(id)]
		room := c.open(of, id)
		if cur != s.Amount.Currency || room <= 0 || m != nil && (m.State == guike.MatchRejected || m.Claims()) {
			return
		}
		switch d := room - open; {
		case d == 0:
			facts["equal"] = 1
		case of == guike.MatchOrder && d > 0 && d <= min(5000, room/50): // a bank's fee: 50.00 or 2 % at most
			facts["fee"] = 1
		case d > 0:
			facts["part"] = 1
		default:
			facts["over"] = 1
		}
		cs = append(cs, candidate{of: of, id: id, minor: min(room, open), facts: facts})
	}
	switch of {
	case guike.MatchOrder:
		named := c.named(s)
		for _, id := range s.orders {
			o := c.orders[id]
			if o == nil || o.DeletedAt != 0 || o.Status != record.Active || o.Stage == "cancelled" || s.Order != "" && s.Order != id {
				continue
			}
			f := c.payer(s, o.Customer, c.customers[o.Customer])
			switch {
			case s.Order == id:
				f["linked"] = 1
			case slices.Contains(named, id):
				f["number"] = 1
			default:
				if near(s.numbers, o.Number) {
					f["near"] = 1
				}
				if len(named) > 0 {
					f["elsewhere"] = 1
				}
			}
			when(f, o.OrderedOn, s.PaidOn, 60)
			add(id, o.Amount.Currency, f)
		}
		c.combine(s, cs, named, open)
	case guike.MatchInvoice:
		for _, id := range s.invoices {
			r := c.receipts[id]
			if r == nil || r.Type != "invoice" || r.Status != record.Active || r.DeletedAt != 0 || r.Direction != "" && s.Direction != "" && r.Direction == s.Direction {
				continue // money comes in for what goes out
			}
			name := r.BuyerName
			if s.Direction == "out" {
				name = r.SellerName
			}
			f := c.payer(s, r.Customer, name)
			if slices.Contains(s.numbers, r.InvoiceNo) {
				f["number"] = 1
			}
			if s.Order != "" && r.Order == s.Order {
				f["order"] = 1
			}
			soon(f, r.IssuedOn, s.PaidOn, 90)
			add(id, r.Amount.Currency, f)
		}
	case guike.MatchEntry:
		for _, id := range s.entries {
			e := c.entries[id]
			if e == nil || e.DeletedAt != 0 || s.Direction != "" && e.Direction != s.Direction {
				continue
			}
			f := map[string]float64{}
			name, account := other(s.Receipt)
			switch a, b := fold.Name(name), fold.Name(e.CounterName); {
			case account != "" && account == e.CounterAccount:
				f["account"] = 1
			case a != "" && a == b:
				f["name"] = 1
			case a != "" && b != "" && (strings.Contains(a, b) || strings.Contains(b, a)):
				f["short"] = 1
			case a != "" && b != "":
				f["stranger"] = 1
			}
			if s.Serial != "" && s.Serial == e.Serial {
				f["serial"] = 1
			}
			soon(f, e.BookedOn, s.PaidOn, 7)
			add(id, e.Amount.Currency, f)
		}
	}
	return cs
}

// payer says what speaks for a customer having paid.
func (c *claim) payer(s *slip, customer record.ID, title string) map[string]float64 {
	f := map[string]float64{}
	if by, ok := s.customers[customer]; ok && customer != "" {
		f[by] = 1
		return f
	}
	name, _ := other(s.Receipt)
	switch a, b := fold.Name(name), fold.Name(title); {
	case a == "" || b == "":
	case a == b:
		f["name"] = 1
	case len([]rune(a)) >= 3 && strings.Contains(b, a), len([]rune(b)) >= 3 && strings.Contains(a, b):
		f["short"] = 1
	default:
		f["stranger"] = 1
	}
	return f
}

// named lists the orders whose number the slip names.
func (c *claim) named(s *slip) []record.ID {
	var out []record.ID
	for _, id := range s.orders {
		if o := c.orders[id]; o != nil && o.Number != "" && (slices.Contains(s.numbers, fold.Text(o.Number)) || slices.Contains(s.numbers, o.Number)) {
			out = append(out, id)
		}
	}
	return out
}

// when says how soon after the order it was paid, or whether before.
func when(f map[string]float64, ordered, paid record.Date, within float64) {
	if d, ok := between(ordered, paid); ok && d < -3 {
		f["early"] = min(1, -d/15)
	} else {
		soon(f, ordered, paid, within)
	}
}

func soon(f map[string]float64, a, b record.Date, within float64) {
	if d, ok := between(a, b); ok && math.Abs(d) < within {
		f["soon"] = 1 - math.Abs(d)/within
	}
}
