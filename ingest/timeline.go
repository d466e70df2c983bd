package ingest

import (
	"context"
	"slices"
	"strings"

	"guike"
	"guike/paper"
	"guike/record"
	"guike/store"
)

// maxReceivers bounds how many customers one mail of ours is put to: a mail to more is a circular.
const maxReceivers = 20

// timeline puts a mail to the customers it was exchanged with, each once, in whatever bytes it comes; it answers the first.
func (d *Desk) timeline(ctx context.Context, tx *store.Tx, doc *guike.Document, m *paper.Mail) (record.ID, error) {
	type side struct{ customer, contact record.ID }
	var sides []side
	direction := "in"
	customer, contact, err := d.Matcher.Address(ctx, tx, m.From)
	if err != nil {
		return "", err
	}
	if customer != "" {
		sides = append(sides, side{customer, contact})
	} else if ours, err := ours(ctx, tx, m); err != nil {
		return "", err
	} else if ours {
		direction = "out"
		for _, to := range m.To[:min(len(m.To), 200)] {
			customer, contact, err := d.Matcher.Address(ctx, tx, to)
			if err != nil {
				return "", err
			}
			if customer != "" && len(sides) < maxReceivers && !slices.ContainsFunc(sides, func(s side) bool { return s.customer == customer }) {
				sides = append(sides, side{customer, contact})
			}
		}
	}
	if len(sides) == 0 {
		return "", nil
	}
	// The customers are locked, so that the same mail read twice at once is put to them once.
	ids := make([]record.ID, len(sides))
	for i, s := range sides {
		ids[i] = s.customer
	}
	if _, err := tx.Lock(ctx, "customer", ids); err != nil {
		return "", err
	}
	subject := m.Subject
	if subject == "" {
		subject = doc.Name
	}
	at := record.Time(m.Sent.UnixMicro())
	if m.Sent.IsZero() || m.Sent.Year() < 1970 || at > tx.At() {
		at = doc.CreatedAt
	}
	for _, s := range sides {
		// One that was trashed stays trashed.
		var n int64
		if err := tx.One(ctx, `SELECT count(*) FROM activities WHERE customer = ? AND document IN (SELECT id FROM documents WHERE id = ? OR (message = ? AND message <> ''))`,
			[]any{string(s.customer), string(doc.ID), m.ID}, &n); err != nil {
			return "", err
		}
		if n > 0 {
			continue
		}
		a := &guike.Activity{Type: "mail", Subject: subject, Customer: s.customer, Contact: s.contact, HappenedAt: at, Direction: direction, Body: paper.Clip(m.Text, 100_000), Document: doc.ID}
		a.Owner, a.Department = doc.Owner, doc.Department
		if err := tx.Create(ctx, a); err != nil {
			return "", err
		}
	}
	return sides[0].customer, nil
}

// ours says whether a mail went out from here: it is the sender's own copy, which no relay has marked, or its sender logs in here.
func ours(ctx context.Context, tx *store.Tx, m *paper.Mail) (bool, error) {
	if !m.Relayed {
		return true, nil
	}
	var n int64
	err := tx.One(ctx, "SELECT count(*) FROM users WHERE lower(login) = ? AND deleted_at IS NULL", []any{strings.ToLower(m.From)}, &n)
	return n > 0, err
}
