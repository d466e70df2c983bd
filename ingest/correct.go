package ingest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"guike"
	"guike/paper"
	"guike/record"
	"guike/store"
)

// Reading answers a document's reading as it is kept.
func (d *Desk) Reading(ctx context.Context, sc record.Scope, id record.ID) (Stored, error) {
	rec, err := d.DB.Get(ctx, sc, "document", id)
	if err != nil {
		return Stored{}, err
	}
	doc := rec.(*guike.Document)
	st, err := stored(doc)
	if err == nil && !st.of(doc) {
		// The file is another now, and was not read yet or cannot be: what is on file of the papers stays, their places are none.
		st.Pages, st.Parts, st.Plain = nil, nil, false
		for i := range st.Papers {
			st.Papers[i].Box, st.Papers[i].Facts = paper.Box{}, nowhere(st.Papers[i].Facts)
		}
	}
	if err == nil && st.Plain {
		for i, text := range strings.Split(doc.Text, pageBreak) {
			if i < len(st.Pages) {
				st.Pages[i].Text = text
			}
		}
	}
	return st, err
}

func stored(doc *guike.Document) (Stored, error) {
	var st Stored
	if doc.Reading == "" {
		return st, nil
	}
	err := json.Unmarshal([]byte(doc.Reading), &st)
	return st, err
}

// change loads a document's paper for writing, lets fn change it, and saves what came of it.
func (d *Desk) change(ctx context.Context, sc record.Scope, id record.ID, no int, fn func(*store.Tx, *guike.Document, *Filed) error) error {
	return d.DB.Tx(ctx, sc, func(tx *store.Tx) error {
		// The patch is empty: this locks the document and asks whether the caller may change it.
		rec, err := tx.Update(ctx, "document", id, store.Patch{})
		if err != nil {
			return err
		}
		doc := rec.(*guike.Document)
		st, err := stored(doc)
		if err != nil {
			return err
		}
		if no < 1 || no > len(st.Papers) {
			return &record.Error{Code: record.NotFound, Message: "error.not_found"}
		}
		if !st.of(doc) {
			return record.Errorf(record.Conflict, "error.version_unread") // the papers are an earlier file's
		}
		if err := fn(tx, doc, &st.Papers[no-1]); err != nil {
			return err
		}
		return d.save(ctx, tx, doc, st, map[string]record.Value{})
	})
}

// NewCustomer stands for a customer that is made from what the paper says of the other side.
const NewCustomer record.ID = "new"

// Accept files a paper as a person says it is: facts corrected, checked again, and filed even where a check fails. customer, if given, is whom it is from.
func (d *Desk) Accept(ctx context.Context, sc record.Scope, id record.ID, no int, facts map[string]string, kind string, customer *record.ID) error {
	c, err := d.company(ctx)
	if err != nil {
		return err
	}
	return d.change(ctx, sc, id, no, func(tx *store.Tx, doc *guike.Document, f *Filed) error {
		if f.State == PaperDuplicate {
			return record.Errorf(record.Conflict, "error.duplicate")
		}
		if kind == "slip" || kind == "invoice" {
			f.Kind = kind
		}
		if f.Kind == "other" {
			return record.FieldError("kind", "error.required")
		}
		var waited *Filed
		if f.Was != nil {
			w := *f
			w.Facts = slices.Clone(f.Facts)
			waited = &w
		}
		for name := range facts {
			if !factNames[name] {
				return record.FieldError(name, "error.no_such_field")
			}
		}
		if err := d.judge(ctx, tx, f, facts); err != nil {
			return err
		}
		if !f.Gone {
			if err := d.remember(ctx, tx, doc, f, facts); err != nil {
				return err
			}
		}
		for name, v := range facts {
			f.Set(name, v)
		}
		f.Checks = paper.CheckPaper(f.Paper, c)
		rc := &guike.Receipt{}
		if f.Receipt != "" {
			rec, err := tx.Get(ctx, sc, "receipt", f.Receipt)
			if err != nil && !record.Is(err, record.NotFound) {
				return err
			}
			if err == nil && rec.Head().DeletedAt == 0 {
				rc = rec.(*guike.Receipt)
			}
		}
		fresh := rc.ID == ""
		was := *rc
		f.Open = waited
		if k := tx.Catalogue().Kind("receipt"); f.Was != nil {
			refill(k, rc, f.Was.Paper, f.Paper, c)
		} else {
			fill(rc, f.Paper, c)
		}
		switch {
		case customer != nil && *customer == NewCustomer:
			if rc.Customer, err = newCustomer(ctx, tx, counterpart(rc)); err != nil {
				return err
			}
			f.Linked, f.Proposals = "person", nil
		case customer != nil:
			rc.Customer, f.Linked = *customer, "person"
		case rc.Customer == "":
			link, err := d.Matcher.Customer(ctx, tx, counterpart(rc))
			if err != nil {
				return err
			}
			rc.Customer, f.Linked, f.Proposals = link.Customer, link.By, link.Proposals
		}
		rc.Status = record.Active
		rc.Document, rc.Page, rc.Paper = doc.ID, int64(f.Page), int64(f.No)
		if fresh {
			rc.ID, rc.Owner, rc.Department = "", doc.Owner, doc.Department
			if err := tx.Create(ctx, rc); err != nil {
				return err
			}
		} else if err := replace(ctx, tx, &was, rc); err != nil {
			return err
		}
		if was.Customer != "" && doc.Customer == was.Customer {
			doc.Customer = "" // it went by its receipt, and does
		}
		f.Receipt, f.State, f.Reason, f.Detail, f.Other, f.Person, f.Was = rc.ID, PaperFiled, "", "", "", true, nil
		if rc.Customer == "" {
			return nil
		}
		return d.Matcher.Learn(ctx, tx.As(system("accept", sc.Cause)), rc.Customer, counterpart(rc))
	})
}

// replace writes the fields in which a receipt differs from what it was.
func replace(ctx context.Context, tx *store.Tx, was, rc *guike.Receipt) error {
	k := tx.Catalogue().Kind("receipt")
	before, after := k.Values(was), k.Values(rc)
	p := store.Patch{Values: map[string]record.Value{}}
	for i := range k.Fields {
		f := &k.Fields[i]
		if before[i] != after[i] && (!f.IsSystem() || i == record.PosStatus) {
			p.Values[f.Name] = after[i]
		}
	}
	_, err := tx.Update(ctx, "receipt", rc.ID, p)
	return err
}

// Reject sets a paper aside: it is no receipt, or none that is wanted. A draft made of it goes to the trash. What a new file of the document says otherwise than
// is on file is set aside alone: what is on file stays; of a paper that the new file does not hold, it goes to the trash.
func (d *Desk) Reject(ctx context.Context, sc record.Scope, id record.ID, no int, why string) error {
	return d.change(ctx, sc, id, no, func(tx *store.Tx, _ *guike.Document, f *Filed) error {
		if f.State == PaperFiled {
			return record.Errorf(record.Conflict, "error.already_filed")
		}
		if f.Was != nil && !f.Gone {
			f.restore()
			return nil
		}
		if f.Was != nil {
			w := *f
			f.Open, f.Was = &w, nil
		}
		if f.Receipt != "" {
			if _, err := tx.Delete(ctx, "receipt", f.Receipt); err != nil && !record.Is(err, record.NotFound) {
				return err
			}
		}
		f.State, f.Reason, f.Detail = PaperRejected, "rejected", paper.Clip(why, 500)
		return nil
	})
}

// Reopen undoes Accept and Reject: the paper waits again, its receipt is a draft again.
func (d *Desk) Reopen(ctx context.Context, sc record.Scope, id record.ID, no int) error {
	c, err := d.company(ctx)
	if err != nil {
		return err
	}
	return d.change(ctx, sc, id, no, func(tx *store.Tx, _ *guike.Document, f *Filed) error {
		if f.State != PaperFiled && f.State != PaperRejected {
			return nil
		}
		if f.Open != nil {
			if err := d.forget(ctx, tx, f); err != nil {
				return err
			}
			return f.reopen(ctx, tx, c)
		}
		if f.Receipt != "" {
			if _, err := tx.Restore(ctx, "receipt", f.Receipt); err != nil && !record.Is(err, record.NotFound) {
				return err
			}
			if _, err := tx.Update(ctx, "receipt", f.Receipt, store.Patch{Values: map[string]record.Value{"status": record.TextValue(record.Draft)}}); err != nil {
				return fmt.Errorf("reopen: %w", err)
			}
		}
		f.State, f.Reason, f.Person = PaperWaiting, "reopened", false
		return d.forget(ctx, tx, f)
	})
}

var factNames = func() map[string]bool {
	m := map[string]bool{}
	for _, n := range []string{"slip_no", "serial", "paid_on", "payer_name", "payer_account", "payer_bank", "payee_name", "payee_account", "payee_bank", "amount", "currency",
		"amount_upper", "purpose", "memo", "direction", "bank", "invoice_code", "invoice_no", "issued_on", "seller_name", "seller_tax_id", "buyer_name", "buyer_tax_id",
		"net", "tax", "total"} {
		m[n] = true
	}
	return m
}()

// newCustomer makes a customer of the other side of a paper, within the caller's rights, and remembers the account that he pays from or is paid at, by which
// his next slip finds him.
func newCustomer(ctx context.Context, tx *store.Tx, p Party) (record.ID, error) {
	if p.Name == "" {
		return "", record.FieldError("customer", "error.no_name_on_paper")
	}
	c := &guike.Customer{Name: p.Name, TaxID: p.TaxID, Type: "company"}
	if p.TaxID == "" && utf8.RuneCountInString(p.Name) <= 4 {
		c.Type = "person"
	}
	if err := tx.Create(ctx, c); err != nil {
		return "", err
	}
	if p.Account == "" {
		return c.ID, nil
	}
	var known int64
	if err := tx.One(ctx, "SELECT count(*) FROM accounts WHERE number = ? AND deleted_at IS NULL", []any{p.Account}, &known); err != nil || known > 0 {
		return c.ID, err
	}
	// Whoever may file a paper may not write the company's own accounts; this one is the customer's.
	return c.ID, tx.As(tx.Scope().House()).Create(ctx, &guike.Account{Number: p.Account, Holder: p.Name, Bank: p.Bank, Customer: c.ID})
}
