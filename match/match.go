// Package match says who and what a paper is about: which customer a party named on it is, and which order, invoice and statement line a slip belongs to. It
// applies only what is certain and proposes the rest to a person; every match says why.
//
// Customer, in this file, links a party by a tax id, a bank account, the same name however it is written. Slips are matched by run (assign.go): find.go looks
// up what they may be about, weigh.go scores it by a weighted sum of facts, group.go finds sums, claim.go locks, counts and writes, so that nothing is
// claimed twice. follow.go is the follower and the job, answer.go what people say of a match.
package match

import (
	"context"
	"slices"
	"strings"

	"guike"
	"guike/fold"
	"guike/record"
	"guike/store"
)

// A Party is what a paper says of one side.
type Party struct {
	Name, Account, Bank, TaxID string
}

// A Link is the customer a party is, and by what; or, where that is not certain, who it may be.
type Link struct {
	Customer  record.ID
	By        string // tax_id, account, name, fold
	Proposals []Proposal
}

// A Proposal is a customer that a party may be.
type Proposal struct {
	Customer record.ID
	Title    string
	Reason   string // same_name, similar_name
}

// Customer finds the customer that a party is, among all living ones; whoever shows the answer keeps to its reader's scope.
func Customer(ctx context.Context, tx *store.Tx, p Party) (Link, error) {
	for _, try := range []struct{ by, sql, arg string }{
		{"tax_id", "SELECT id, title FROM customers WHERE tax_id = ? AND deleted_at IS NULL LIMIT 3", p.TaxID},
		{"account", `SELECT c.id, c.title FROM accounts a JOIN customers c ON c.id = a.customer WHERE a.number = ? AND a.deleted_at IS NULL AND c.deleted_at IS NULL LIMIT 3`, p.Account},
		{"fold", "SELECT id, title FROM customers WHERE name_fold = ? AND deleted_at IS NULL LIMIT 3", fold.Name(p.Name)},
	} {
		if try.arg == "" {
			continue
		}
		var found []Proposal
		if err := tx.Each(ctx, try.sql, []any{try.arg}, func(rows store.Rows) error {
			var x Proposal
			err := rows.Scan((*string)(&x.Customer), &x.Title)
			x.Reason = "same_" + try.by
			found = append(found, x)
			return err
		}); err != nil {
			return Link{}, err
		}
		exact := slices.DeleteFunc(slices.Clone(found), func(x Proposal) bool { return x.Title != p.Name })
		switch {
		case len(found) == 1:
			by := try.by
			if by == "fold" && len(exact) == 1 {
				by = "name"
			}
			return Link{Customer: found[0].Customer, By: by}, nil
		case try.by == "fold" && len(exact) == 1:
			return Link{Customer: exact[0].Customer, By: "name"}, nil
		case len(found) > 1:
			return Link{Proposals: found}, nil // namesakes: a person must say which
		}
	}
	return propose(ctx, tx, p)
}

// propose looks for customers whose names hold the heart of the party's name.
func propose(ctx context.Context, tx *store.Tx, p Party) (Link, error) {
	var l Link
	heart := []rune(fold.Name(p.Name))
	if len(heart) < 3 {
		return l, nil
	}
	page, err := tx.List(ctx, record.SystemScope("match"), store.Query{Kind: "customer", Words: string(heart[:min(len(heart), 4)]), Limit: 3})
	if err != nil {
		return l, err
	}
	for _, r := range page.Records {
		l.Proposals = append(l.Proposals, Proposal{r.Head().ID, r.Head().Title, "similar_name"})
	}
	return l, nil
}

// Learn remembers a customer's bank account seen on a paper, so that the next one is linked by it. A number that is known already stays whose it is.
func Learn(ctx context.Context, tx *store.Tx, customer record.ID, p Party) error {
	if p.Account == "" || customer == "" {
		return nil
	}
	var n int64
	if err := tx.One(ctx, "SELECT count(*) FROM accounts WHERE number = ?", []any{p.Account}, &n); err != nil || n > 0 {
		return err
	}
	return tx.Create(ctx, &guike.Account{Number: p.Account, Holder: p.Name, Bank: p.Bank, Customer: customer})
}

// Address finds whose a mail address is: a contact's and his customer's, else a customer's own. An address that several customers share is nobody's.
func Address(ctx context.Context, tx *store.Tx, address string) (customer, contact record.ID, err error) {
	address = strings.ToLower(strings.TrimSpace(address))
	if address == "" {
		return "", "", nil
	}
	for _, sql := range []string{
		`SELECT p.customer, p.id FROM contacts p JOIN customers c ON c.id = p.customer WHERE lower(p.email) = ? AND p.deleted_at IS NULL AND c.deleted_at IS NULL ORDER BY p.n LIMIT 50`,
		`SELECT id, '' FROM customers WHERE lower(email) = ? AND deleted_at IS NULL ORDER BY n LIMIT 2`,
	} {
		several := false
		if err := tx.Each(ctx, sql, []any{address}, func(rows store.Rows) error {
			var cus, con string
			err := rows.Scan(&cus, &con)
			several = several || customer != "" && customer != record.ID(cus)
			if customer == "" {
				customer, contact = record.ID(cus), record.ID(con)
			}
			return err
		}); err != nil {
			return "", "", err
		}
		if several {
			return "", "", nil
		}
		if customer != "" {
			break
		}
	}
	return customer, contact, nil
}
