package match

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"guike"
	"guike/record"
	"guike/store"
)

// enclosed adds the documents that people put into the dossier, and those in which its number stands, but for what they took out.
func (b *binder) enclosed() error {
	if b.sc.For("document").Read == record.None {
		return nil
	}
	about := []any{string(b.d.About), string(b.d.About)}
	marks := ""
	for _, s := range b.d.Sheets {
		marks += ", ?"
		about = append(about, string(s.Receipt.ID))
	}
	removed := map[record.ID]bool{}
	var put []record.ID
	if err := b.db.Each(b.ctx, `SELECT document, removed FROM enclosures WHERE deleted_at IS NULL AND ("order" = ? OR receipt IN (?`+marks+`)) ORDER BY n`, about, func(rows store.Rows) error {
		var id string
		var out int64
		err := rows.Scan(&id, &out)
		if removed[record.ID(id)] = out != 0; out == 0 {
			put = append(put, record.ID(id))
		}
		return err
	}); err != nil {
		return err
	}
	for _, id := range put {
		doc, err := b.get("document", id)
		if err != nil {
			return err
		}
		if doc != nil {
			if err := b.enclose(doc.(*guike.Document), "hand", ""); err != nil {
				return err
			}
		}
	}
	number := b.number()
	if number == "" {
		return nil
	}
	page, err := b.db.List(b.ctx, b.sc, store.Query{Kind: "document", Words: number, Limit: 50})
	if err != nil {
		return err
	}
	for _, r := range page.Records {
		doc := r.(*guike.Document)
		if removed[doc.ID] || b.seen[doc.ID] || b.stranger(doc) {
			continue
		}
		var papers int64
		var text string
		if err := b.db.One(b.ctx, "SELECT count(*) FROM receipts WHERE document = ? AND deleted_at IS NULL", []any{string(doc.ID)}, &papers); err != nil {
			return err
		}
		if err := b.db.One(b.ctx, "SELECT text FROM documents WHERE id = ?", []any{string(doc.ID)}, &text); err != nil {
			return err
		}
		if papers == 0 && (stands(number, text) || stands(number, doc.Name)) {
			if err := b.enclose(doc, "found", number); err != nil {
				return err
			}
		}
	}
	return nil
}

// enclose puts a document in, once.
func (b *binder) enclose(doc *guike.Document, by, found string) error {
	if b.seen[doc.ID] {
		return nil
	}
	if len(b.d.Sheets) >= MaxSheets {
		b.d.More = true
		return nil
	}
	b.seen[doc.ID] = true
	role := "other"
	var head string
	if err := b.db.One(b.ctx, "SELECT substr(text, 1, 600) FROM documents WHERE id = ?", []any{string(doc.ID)}, &head); err != nil {
		return err
	}
	if contract.MatchString(doc.Name) || contract.MatchString(head) {
		role = "contract"
	}
	b.d.Sheets = append(b.d.Sheets, Sheet{Role: role, Document: doc, By: by, Found: found})
	return nil
}

// contract finds documents that call themselves one.
var contract = regexp.MustCompile(`(?i)合\s*同|协\s*议\s*书|协议|\bcontract\b|\bagreement\b`)

// number is what a dossier's documents may name it by; "" where that would be no name: too short, or no figure in it.
func (b *binder) number() string {
	s := ""
	if o := b.d.Order; o != nil {
		if b.sees("order", "number") {
			s = o.Number
		}
	} else if r := b.d.Sheets[0].Receipt; r != nil && b.sees("receipt", "invoice_no") {
		s = r.InvoiceNo
	}
	if utf8.RuneCountInString(s) < 5 || !strings.ContainsFunc(s, unicode.IsDigit) {
		return ""
	}
	return s
}

// stranger reports whether a document is another customer's.
func (b *binder) stranger(doc *guike.Document) bool {
	var own record.ID
	if b.d.Order != nil {
		own = b.d.Order.Customer
	} else if r := b.d.Sheets[0].Receipt; r != nil {
		own = r.Customer
	}
	return own != "" && doc.Customer != "" && own != doc.Customer
}

// stands reports whether a number stands in a text by itself, not as a part of a longer one.
func stands(number, text string) bool {
	word := func(r rune) bool { return r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)) }
	text, number = strings.ToLower(text), strings.ToLower(number)
	for from := 0; ; {
		i := strings.Index(text[from:], number)
		if i < 0 {
			return false
		}
		i += from
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		after, _ := utf8.DecodeRuneInString(text[i+len(number):])
		if !word(before) && !word(after) {
			return true
		}
		from = i + len(number)
	}
}

// numbers are what in a text may be an order's number.
var numbers = regexp.MustCompile(`[0-9A-Za-z][0-9A-Za-z_/.\-]{3,38}[0-9A-Za-z]`)

// document finds the dossier of a document: of what was read from it, where a person put it, or of the order whose number stands in it.
func (b *binder) document(doc *guike.Document) error {
	if b.sees("receipt", "document") {
		rs, err := b.list("receipt", record.Where("document", "eq", string(doc.ID)))
		if err != nil {
			return err
		}
		if len(rs) > 0 {
			return b.receipt(rs[0].(*guike.Receipt))
		}
	}
	removed := map[record.ID]bool{}
	var put []record.ID
	if err := b.db.Each(b.ctx, `SELECT "order", receipt, removed FROM enclosures WHERE deleted_at IS NULL AND document = ? ORDER BY n`, []any{string(doc.ID)}, func(rows store.Rows) error {
		var order, receipt string
		var out int64
		err := rows.Scan(&order, &receipt, &out)
		if id := record.ID(order + receipt); out != 0 {
			removed[id] = true
		} else {
			put = append(put, id)
		}
		return err
	}); err != nil {
		return err
	}
	for _, id := range put {
		kind := "order"
		if id.Prefix() == "rcp" {
			kind = "receipt"
		}
		r, err := b.get(kind, id)
		if err != nil {
			return err
		}
		switch r := r.(type) {
		case *guike.Order:
			for _, other := range put {
				if other != id && other.Prefix() == "ord" {
					b.d.Others = append(b.d.Others, other)
				}
			}
			return b.order(r)
		case *guike.Receipt:
			return b.receipt(r)
		}
	}
	if !b.sees("order", "number") {
		return nil
	}
	var text string
	if err := b.db.One(b.ctx, "SELECT text FROM documents WHERE id = ?", []any{string(doc.ID)}, &text); err != nil {
		return err
	}
	var words []string
	for _, w := range numbers.FindAllString(doc.Name+"\n"+text, 2000) {
		if strings.ContainsFunc(w, unicode.IsDigit) && !slices.Contains(words, w) && len(words) < 100 {
			words = append(words, w)
		}
	}
	if len(words) == 0 {
		return nil
	}
	orders, err := b.list("order", record.Where("number", "in", words))
	if err != nil {
		return err
	}
	for _, r := range orders {
		o := r.(*guike.Order)
		if removed[o.ID] || o.Customer != "" && doc.Customer != "" && o.Customer != doc.Customer {
			continue
		}
		if b.d.Kind != "" {
			b.d.Others = append(b.d.Others, o.ID)
		} else if err := b.order(o); err != nil {
			return err
		}
	}
	return nil
}

// maxEnclosed bounds what people put into one dossier.
const maxEnclosed = 100

// Enclose puts a document into the dossier that a record is in, or takes it out. Said twice it is said once. The caller must be able to change what the dossier
// is about, and see the document.
func Enclose(ctx context.Context, db *store.DB, sc record.Scope, id, document record.ID, removed bool) error {
	d, err := Bind(ctx, db, sc, id)
	if err != nil {
		return err
	}
	if d.Kind == "" {
		return record.Errorf(record.NotFound, "error.not_found")
	}
	for _, s := range d.Sheets {
		if s.Receipt != nil && s.Document != nil && s.Document.ID == document {
			if removed {
				return record.Errorf(record.Conflict, "error.dossier_read") // it is there by what was read from it
			}
			return nil
		}
	}
	e := &guike.Enclosure{Document: document, Removed: removed}
	if d.Kind == "order" {
		e.Order = d.About
	} else {
		e.Receipt = d.About
	}
	e.Derive()
	write := func(tx *store.Tx) error {
		about, err := tx.Get(ctx, sc, d.Kind, d.About)
		if err != nil {
			return err
		}
		if !sc.Covers(sc.For(d.Kind).Update, about.Head()) {
			return record.Errorf(record.Denied, "error.denied")
		}
		doc, err := tx.Get(ctx, sc, "document", document)
		if err != nil {
			return err
		}
		if doc.Head().DeletedAt != 0 {
			return record.Errorf(record.NotFound, "error.not_found")
		}
		house := sc.House()
		house.System = true
		var is string
		var out int64
		err = tx.One(ctx, "SELECT id, removed FROM enclosures WHERE pair = ? AND deleted_at IS NULL", []any{e.Pair}, &is, &out)
		if err == nil && removed {
			_, err = tx.As(house).Update(ctx, "enclosure", record.ID(is), store.Patch{Values: map[string]record.Value{"removed": record.NumberValue(1)}})
			return err
		}
		if err == nil {
			if out != 0 {
				_, err = tx.As(house).Delete(ctx, "enclosure", record.ID(is)) // what was taken out is as if nobody had said a thing
			}
			return err
		}
		if !record.Is(err, record.NotFound) {
			return err
		}
		var n int64
		if err := tx.One(ctx, `SELECT count(*) FROM enclosures WHERE ("order" = ? OR receipt = ?) AND deleted_at IS NULL`, []any{string(d.About), string(d.About)}, &n); err != nil {
			return err
		}
		if n >= maxEnclosed {
			return record.Errorf(record.Conflict, "error.dossier_full")
		}
		x := *e
		return tx.As(house).Create(ctx, &x)
	}
	err = db.Tx(ctx, sc, write)
	if record.Is(err, record.Conflict) && !removed {
		err = db.Tx(ctx, sc, write) // two at the same moment
	}
	if err != nil || removed {
		return err
	}
	// Where its number stands in the document that is there by itself again; where not, it has to be said.
	if d, err = Bind(ctx, db, sc, id); err != nil {
		return err
	}
	if slices.ContainsFunc(d.Sheets, func(s Sheet) bool { return s.Document != nil && s.Document.ID == document }) {
		return nil
	}
	return db.Tx(ctx, sc, write)
}
