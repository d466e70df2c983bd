package match

import (
	"context"
	"fmt"
	"log/slog"
	"slices"

	"guike"
	"guike/queue"
	"guike/record"
	"guike/store"
)

// maxDepth ends chains of followers that feed each other.
const maxDepth = 4

// waiting is how many slips one order, invoice or entry brings up again.
const waiting = 20

// reads are the fields whose change may change a match.
var reads = map[string][]string{
	"receipt": {"owner", "department", "status", "type", "customer", "order", "paid_on", "amount", "direction", "serial", "payer_name", "payer_account", "payee_name", "payee_account", "purpose", "memo", "invoice_no", "issued_on", "seller_name", "buyer_name"},
	"order":   {"status", "number", "customer", "ordered_on", "stage", "amount"},
	"entry":   {"booked_on", "amount", "direction", "counter_name", "counter_account", "serial"},
	"match":   {},
}

// Follow matches what a batch of changes touched. It is a follower of the change log.
func Follow(ctx context.Context, tx *store.Tx, changes []record.Change) error {
	// What follows from one cause is that cause's, or undoing one would take back what another brought about.
	for len(changes) > 0 {
		n := 1
		for n < len(changes) && changes[n].Cause.Root == changes[0].Cause.Root {
			n++
		}
		if err := follow(ctx, tx, changes[:n]); err != nil {
			return fmt.Errorf("match: %w", err)
		}
		changes = changes[n:]
	}
	return nil
}

func follow(ctx context.Context, tx *store.Tx, changes []record.Change) error {
	touched := map[string][]record.ID{}
	fresh := map[record.ID]bool{}
	var dropped []string // pairs whose order somebody took off the slip
	root, depth := record.Cause{}, 0
	for _, c := range changes {
		names, ours := reads[c.Kind]
		_, customer := c.Fields["customer"]
		_, settled := c.Fields["allotted"]
		if !ours || c.Cause.Kind == "match" && (c.Kind != "receipt" || !customer || settled) { // of our own: who paid is known now, what for is not
			continue
		}
		if c.Cause.Depth >= maxDepth {
			slog.Warn("followers feed each other: the chain ends here", "kind", c.Kind, "record", c.Rec, "root", c.Cause.Root)
			continue
		}
		if c.Op == record.OpUpdate && !slices.ContainsFunc(names, func(n string) bool { _, ok := c.Fields[n]; return ok }) {
			continue
		}
		_, name := c.Fields["payer_name"]
		_, account := c.Fields["payer_account"]
		if c.Kind == "receipt" && (c.Op == record.OpCreate || c.Op == record.OpUpdate && (name || account)) {
			fresh[c.Rec] = true
		}
		if v, ok := c.Fields["order"]; ok && c.Kind == "receipt" && c.Op == record.OpUpdate {
			if was := string(v[0]); len(was) > 2 && was[0] == '"' {
				dropped = append(dropped, string(c.Rec)+"|"+was[1:len(was)-1])
			}
		}
		touched[c.Kind] = append(touched[c.Kind], c.Rec)
		root, depth = c.Cause, max(depth, c.Cause.Depth+1)
	}
	if len(touched) == 0 {
		return nil
	}
	sc := record.SystemScope("match")
	sc.Cause = record.Cause{Kind: "match", ID: root.ID, Root: root.Root, Depth: depth}
	tx = tx.As(sc)
	slips, err := about(ctx, tx, touched)
	if err != nil {
		return err
	}
	if err := drop(ctx, tx, dropped); err != nil {
		return err
	}
	_, err = run(ctx, tx, work{slips, touched["order"], touched["entry"], fresh})
	return err
}

// drop rejects matches whose order a person took off the slip: he said so.
func drop(ctx context.Context, tx *store.Tx, pairs []string) error {
	var ids []record.ID
	q := &look{ctx: ctx, tx: tx}
	q.in(&ids, "SELECT id FROM matches WHERE pair IN (%s) AND state IN ('automatic', 'confirmed') AND deleted_at IS NULL", pairs)
	if q.err != nil || len(ids) == 0 {
		return q.err
	}
	recs, err := tx.GetAll(ctx, tx.Scope(), "match", ids, record.Everything, "")
	if err != nil {
		return err
	}
	var receipts, orders []record.ID
	for _, r := range recs {
		receipts, orders = append(receipts, r.(*guike.Match).Receipt), append(orders, r.(*guike.Match).Order)
	}
	c, err := hold(ctx, tx, receipts, orders, nil)
	if err != nil {
		return err
	}
	for _, r := range recs {
		if m := c.matches[r.(*guike.Match).Pair]; m != nil && m.Claims() && c.receipts[m.Receipt] != nil && c.receipts[m.Receipt].Order != m.Order {
			c.turn(m, guike.MatchRejected)
		}
	}
	return c.write()
}

// about lists the slips that changed records may be about: themselves, those matched with them, and those that wait for one like them.
func about(ctx context.Context, tx *store.Tx, touched map[string][]record.ID) ([]record.ID, error) {
	var slips []record.ID
	q := &look{ctx: ctx, tx: tx}
	get := func(kind string) []record.Record {
		slices.Sort(touched[kind])
		touched[kind] = slices.Compact(touched[kind])
		if q.err != nil || len(touched[kind]) == 0 {
			return nil
		}
		recs, err := tx.GetAll(ctx, tx.Scope(), kind, touched[kind], record.Everything, "")
		q.err = err
		return recs
	}
	same := fmt.Sprintf("SELECT id FROM receipts WHERE amount_cur = ? AND amount = ? AND type IN ('slip', 'voucher') AND paid_on BETWEEN ? AND ? AND deleted_at IS NULL ORDER BY n DESC LIMIT %d", waiting)
	for _, rec := range get("match") {
		m := rec.(*guike.Match)
		slips = append(slips, m.Receipt)
		if m.Order != "" {
			touched["order"] = append(touched["order"], m.Order)
		}
		if m.Entry != "" {
			touched["entry"] = append(touched["entry"], m.Entry)
		}
	}
	for _, rec := range get("receipt") {
		r := rec.(*guike.Receipt)
		if r.Type != "invoice" {
			slips = append(slips, r.ID)
			continue
		}
		q.add(&slips, "SELECT receipt FROM matches WHERE invoice = ? AND deleted_at IS NULL", string(r.ID))
		q.add(&slips, same, r.Amount.Currency, r.Amount.Minor, shift(r.IssuedOn, -120), shift(r.IssuedOn, 120))
	}
	for _, rec := range get("order") {
		o := rec.(*guike.Order)
		q.add(&slips, "SELECT receipt FROM matches WHERE \"order\" = ? AND deleted_at IS NULL", string(o.ID))
		q.add(&slips, `SELECT id FROM receipts WHERE "order" = ? AND allotted IS NULL AND deleted_at IS NULL LIMIT 50`, string(o.ID))
		if o.Customer != "" {
			q.add(&slips, fmt.Sprintf("SELECT id FROM receipts WHERE customer = ? AND allotted IS NULL AND type IN ('slip', 'voucher') AND paid_on BETWEEN ? AND ? AND deleted_at IS NULL ORDER BY n DESC LIMIT %d", waiting),
				string(o.Customer), shift(o.OrderedOn, -45), shift(o.OrderedOn, 400))
		}
		q.add(&slips, same, o.Amount.Currency, o.Amount.Minor, shift(o.OrderedOn, -45), shift(o.OrderedOn, 100))
		if q.err == nil && len(o.Number) >= 4 {
			p, err := tx.List(ctx, tx.Scope(), store.Query{Kind: "receipt", Words: o.Number, Limit: waiting})
			q.err = err
			for _, r := range p.Records {
				slips = append(slips, r.Head().ID)
			}
		}
	}
	for _, rec := range get("entry") {
		e := rec.(*guike.Entry)
		q.add(&slips, "SELECT receipt FROM matches WHERE entry = ? AND deleted_at IS NULL", string(e.ID))
		q.add(&slips, same, e.Amount.Currency, e.Amount.Minor, shift(e.BookedOn, -7), shift(e.BookedOn, 7))
	}
	return slips, q.err
}

// Queue is the name of the job that matches every slip again.
const Queue = "match"

// Again adds that job, unless it waits already.
func Again(ctx context.Context, db *store.DB, sc record.Scope) (string, error) {
	if !sc.Rules {
		return "", record.Errorf(record.Denied, "error.denied")
	}
	var job string
	err := db.Tx(ctx, sc, func(tx *store.Tx) (err error) {
		job, err = queue.Add(ctx, tx, queue.New{Queue: Queue, Title: "job.match", Once: "match"})
		return err
	})
	return job, err
}

// Handler matches every slip in batches, each a transaction of its own, telling its progress. Running it again is harmless: what is claimed stays.
func Handler(db *store.DB) queue.Handler {
	return func(ctx context.Context, t *queue.Task) error {
		var total, done int64
		const slips = "FROM receipts WHERE type IN ('slip', 'voucher') AND deleted_at IS NULL"
		if err := db.One(ctx, "SELECT count(*) "+slips, nil, &total); err != nil {
			return err
		}
		sc := record.SystemScope("match")
		sc.Cause = record.Cause{Kind: "match", ID: t.ID, Root: t.ID, Depth: 1}
		for after := int64(0); ; {
			var ids []record.ID
			last := after
			if err := db.Tx(ctx, sc, func(tx *store.Tx) error {
				ids, last = nil, after
				if err := tx.Each(ctx, "SELECT id, n "+slips+" AND n > ? ORDER BY n LIMIT 100", []any{after}, func(rows store.Rows) error {
					var id string
					err := rows.Scan(&id, &last)
					ids = append(ids, record.ID(id))
					return err
				}); err != nil || len(ids) == 0 {
					return err
				}
				_, err := run(ctx, tx, work{slips: ids})
				return err
			}); err != nil {
				return fmt.Errorf("match again: %w", err)
			}
			if len(ids) == 0 {
				return t.Progress(ctx, total, total)
			}
			after = last
			done += int64(len(ids))
			if err := t.Progress(ctx, min(done, total), total); err != nil {
				return err
			}
		}
	}
}
