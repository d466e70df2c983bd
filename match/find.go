package match

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"guike"
	"guike/fold"
	"guike/record"
	"guike/store"
)

// How far the look-ups reach: each reads an index and ends after so many rows.
const (
	ordersOf   = 24 // of a customer, the nearest before the payment
	sameAmount = 12
	siblings   = 8 // slips of one customer that no order claims
	namesakes  = 4
)

// A slip is a receipt about a payment, and what was found that it may be about.
type slip struct {
	*guike.Receipt
	customers map[record.ID]string // who may have paid → by what: account, name, short
	numbers   []string             // tokens of purpose and memo that may be numbers, as written and in capitals
	orders    []record.ID
	invoices  []record.ID
	entries   []record.ID
	siblings  []record.ID
}

// isSlip reports whether a receipt says that money moved, and is certain.
func isSlip(r *guike.Receipt) bool {
	return (r.Type == "slip" || r.Type == "voucher") && r.Status == record.Active && r.DeletedAt == 0 && r.Amount.Minor > 0
}

// find looks up what a slip may be about.
func find(ctx context.Context, tx *store.Tx, r *guike.Receipt) (*slip, error) {
	s := &slip{Receipt: r, customers: map[record.ID]string{}, numbers: tokens(r.Purpose + " " + r.Memo)}
	if err := s.payer(ctx, tx); err != nil {
		return nil, err
	}
	q := &look{ctx: ctx, tx: tx}
	day := func(n int) string { return shift(r.PaidOn, n) }
	if r.Direction != "out" {
		if s.Order != "" {
			s.orders = append(s.orders, s.Order)
		}
		q.in(&s.orders, "SELECT id FROM orders WHERE number IN (%s) AND deleted_at IS NULL LIMIT 12", s.numbers)
		for _, c := range ordered(s.customers) {
			q.add(&s.orders, fmt.Sprintf("SELECT id FROM orders WHERE customer = ? AND ordered_on BETWEEN ? AND ? AND deleted_at IS NULL ORDER BY ordered_on DESC LIMIT %d", ordersOf), string(c), day(-400), day(45))
			q.add(&s.siblings, fmt.Sprintf(`SELECT id FROM receipts WHERE customer = ? AND allotted IS NULL AND paid_on BETWEEN ? AND ? AND type IN ('slip', 'voucher') AND id <> ? AND deleted_at IS NULL ORDER BY n DESC LIMIT %d`, siblings),
				string(c), day(-200), day(200), string(r.ID))
		}
		if len(s.orders) == 0 {
			q.add(&s.orders, fmt.Sprintf("SELECT id FROM orders WHERE amount_cur = ? AND amount = ? AND ordered_on BETWEEN ? AND ? AND deleted_at IS NULL ORDER BY n DESC LIMIT %d", sameAmount),
				r.Amount.Currency, r.Amount.Minor, day(-100), day(10))
		}
	}
	keys := make([]string, len(s.numbers))
	for i, n := range s.numbers {
		keys[i] = "inv||" + n
	}
	q.in(&s.invoices, "SELECT id FROM receipts WHERE business_key IN (%s) AND deleted_at IS NULL LIMIT 12", keys)
	if s.Order != "" {
		q.add(&s.invoices, `SELECT id FROM receipts WHERE "order" = ? AND type = 'invoice' AND deleted_at IS NULL ORDER BY n DESC LIMIT 12`, string(s.Order))
	}
	q.add(&s.invoices, fmt.Sprintf("SELECT id FROM receipts WHERE amount_cur = ? AND amount = ? AND type = 'invoice' AND issued_on BETWEEN ? AND ? AND deleted_at IS NULL ORDER BY n DESC LIMIT %d", 2*sameAmount),
		r.Amount.Currency, r.Amount.Minor, day(-120), day(120))
	q.add(&s.entries, fmt.Sprintf("SELECT id FROM entries WHERE amount_cur = ? AND amount = ? AND booked_on BETWEEN ? AND ? AND deleted_at IS NULL ORDER BY n DESC LIMIT %d", 2*sameAmount),
		r.Amount.Currency, r.Amount.Minor, day(-7), day(7))
	return s, q.err
}

// payer finds who may have paid: by what the receipt says, the account, the name however it is written, or a name cut short.
func (s *slip) payer(ctx context.Context, tx *store.Tx) error {
	name, account := other(s.Receipt)
	if s.Customer != "" {
		s.customers[s.Customer] = "name"
	}
	q := &look{ctx: ctx, tx: tx}
	found := func(by, sql string, args ...any) {
		var ids []record.ID
		q.add(&ids, sql, args...)
		for _, id := range ids {
			if _, known := s.customers[id]; !known {
				s.customers[id] = by
			}
		}
	}
	if account != "" {
		found("account", "SELECT customer FROM accounts WHERE number = ? AND customer <> '' AND deleted_at IS NULL LIMIT 1", account)
	}
	f := fold.Name(name)
	if f == "" {
		return q.err
	}
	found("name", fmt.Sprintf("SELECT id FROM customers WHERE name_fold = ? AND deleted_at IS NULL LIMIT %d", namesakes), f)
	if len(s.customers) == 0 && len([]rune(f)) >= 4 {
		found("short", fmt.Sprintf("SELECT id FROM customers WHERE name_fold > ? AND name_fold < ? AND deleted_at IS NULL LIMIT %d", namesakes), f, f+"\U0010FFFF")
	}
	return q.err
}

// certain is the one customer whose account or name the slip bears; "" where there is none, or a namesake.
func (s *slip) certain() record.ID {
	var out record.ID
	for id, by := range s.customers {
		if by == "account" || by == "name" && len(s.customers) == 1 {
			out = id
		}
	}
	return out
}

// other is the other side of a slip.
func other(r *guike.Receipt) (name, account string) {
	if r.Direction == "out" {
		return r.PayeeName, r.PayeeAccount
	}
	return r.PayerName, r.PayerAccount
}

// tokens are the pieces of a text that may be an order's or an invoice's number: at least four letters and digits of which two are digits.
func tokens(s string) []string {
	var out []string
	for _, t := range strings.FieldsFunc(fold.Text(s), func(r rune) bool {
		return !(r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r == '-' || r == '_')
	}) {
		digits := 0
		for _, r := range t {
			if r >= '0' && r <= '9' {
				digits++
			}
		}
		if t = strings.Trim(t, "-_"); len(t) >= 4 && len(t) <= 40 && digits >= 2 {
			out = append(out, t, strings.ToUpper(t))
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	return out[:min(len(out), 16)]
}

// shift moves a day.
func shift(d record.Date, days int) string {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return ""
	}
	return t.AddDate(0, 0, days).Format(time.DateOnly)
}

// between is how many days b is after a; ok is false where one is no day.
func between(a, b record.Date) (days float64, ok bool) {
	x, err := time.Parse(time.DateOnly, string(a))
	y, err2 := time.Parse(time.DateOnly, string(b))
	return y.Sub(x).Hours() / 24, err == nil && err2 == nil
}

// A look collects ids and the first error.
type look struct {
	ctx context.Context
	tx  *store.Tx
	err error
}

func (l *look) add(to *[]record.ID, sql string, args ...any) {
	if l.err != nil {
		return
	}
	l.err = l.tx.Each(l.ctx, sql, args, func(rows store.Rows) error {
		var id string
		err := rows.Scan(&id)
		if !slices.Contains(*to, record.ID(id)) {
			*to = append(*to, record.ID(id))
		}
		return err
	})
}

func (l *look) in(to *[]record.ID, sql string, values []string) {
	for part := range slices.Chunk(values, 500) {
		args := make([]any, len(part))
		for i, v := range part {
			args[i] = v
		}
		l.add(to, fmt.Sprintf(sql, strings.TrimSuffix(strings.Repeat("?, ", len(part)), ", ")), args...)
	}
}

func ordered[V any](m map[record.ID]V) []record.ID {
	var ids []record.ID
	for id := range m {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}
