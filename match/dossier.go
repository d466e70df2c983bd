package match

import (
	"cmp"
	"context"
	"slices"

	"guike"
	"guike/record"
	"guike/store"
)

// A Dossier is the papers that tell one transaction: an order's, or, where no order is known, an invoice's or a slip's. What is in it is what the links between
// records say, as the caller sees them, and the documents that people put there; nothing of it is kept twice.
type Dossier struct {
	Kind   string // of what it is about: order or receipt; "" where there is none
	About  record.ID
	Order  *guike.Order // nil where none is known
	Sheets []Sheet      // in the order of an archive
	Lacks  []string     // what is wanting: order, contract, invoice, slip, paid
	Others []record.ID  // orders whose dossiers it is in too
	Judged bool         // whether anything is wanting could be told; else nothing says that it is whole
	More   bool         // than MaxSheets
}

// A Sheet is one paper of a dossier: a receipt with the document it was read from, or a document alone.
type Sheet struct {
	Role     string // contract, sales, invoice, slip, voucher, after_sales, other
	Receipt  *guike.Receipt
	Document *guike.Document
	By       string // why it is there: order, match, hand, found
	Found    string // the number that stands in it
}

// MaxSheets bounds a dossier.
const MaxSheets = 200

// Roles of sheets, in the order in which an archive keeps them.
var roles = []string{"contract", "sales", "invoice", "slip", "voucher", "after_sales", "other"}

// Roles lists what a sheet may be, in the order of an archive.
func Roles() []string { return slices.Clone(roles) }

type binder struct {
	ctx  context.Context
	db   *store.DB
	sc   record.Scope
	cat  *store.Catalogue
	d    Dossier
	seen map[record.ID]bool // receipts and documents in it
}

// Bind answers the dossier that an order, a receipt or a document is in. A document may be in none.
func Bind(ctx context.Context, db *store.DB, sc record.Scope, id record.ID) (Dossier, error) {
	cat, err := db.Catalogue(ctx, false)
	if err != nil {
		return Dossier{}, err
	}
	b := &binder{ctx: ctx, db: db, sc: sc, cat: cat, seen: map[record.ID]bool{}}
	kind := map[string]string{"ord": "order", "rcp": "receipt", "doc": "document"}[id.Prefix()]
	if kind == "" {
		return b.d, record.Errorf(record.NotFound, "error.not_found")
	}
	r, err := db.Get(ctx, sc, kind, id)
	if err != nil {
		return b.d, err
	}
	if r.Head().DeletedAt != 0 {
		return b.d, record.Errorf(record.NotFound, "error.not_found")
	}
	switch r := r.(type) {
	case *guike.Order:
		err = b.order(r)
	case *guike.Receipt:
		err = b.receipt(r)
	case *guike.Document:
		err = b.document(r)
	}
	if err != nil || b.d.Kind == "" {
		return b.d, err
	}
	if err := b.enclosed(); err != nil {
		return b.d, err
	}
	b.lacks()
	slices.SortStableFunc(b.d.Sheets, func(x, y Sheet) int {
		return cmp.Or(cmp.Compare(slices.Index(roles, x.Role), slices.Index(roles, y.Role)), cmp.Compare(x.day(), y.day()), cmp.Compare(x.id(), y.id()))
	})
	return b.d, nil
}

func (s Sheet) day() record.Date {
	if s.Receipt != nil {
		return s.Receipt.DatedOn
	}
	return s.Document.DatedOn
}

func (s Sheet) id() record.ID {
	if s.Receipt != nil {
		return s.Receipt.ID
	}
	return s.Document.ID
}

// sees reports whether the caller may ask a kind by its fields.
func (b *binder) sees(kind string, fields ...string) bool {
	k := b.cat.Kind(kind)
	for _, f := range fields {
		if x := k.Field(f); x == nil || !b.sc.Sees(kind, x) {
			return false
		}
	}
	return b.sc.For(kind).Read != record.None
}

// list answers what the caller sees of a kind, MaxSheets at most.
func (b *binder) list(kind string, fs ...record.Filter) ([]record.Record, error) {
	p, err := b.db.List(b.ctx, b.sc, store.Query{Kind: kind, Filter: record.All(fs...), Limit: MaxSheets, Sort: "created_at"})
	b.d.More = b.d.More || p.Next != ""
	return p.Records, err
}

// claimed answers the matches that hold, of one field's records.
func (b *binder) claimed(field string, ids ...record.ID) ([]*guike.Match, error) {
	if len(ids) == 0 || !b.sees("match", "receipt", "order", "invoice", "state") {
		return nil, nil
	}
	rs, err := b.list("match", record.Where(field, "in", texts(ids)), record.Where("state", "in", []string{guike.MatchAutomatic, guike.MatchConfirmed}))
	out := make([]*guike.Match, len(rs))
	for i, r := range rs {
		out[i] = r.(*guike.Match)
	}
	return out, err
}

func texts(ids []record.ID) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = string(id)
	}
	return out
}

// get answers a living record that the caller sees, nil where he does not.
func (b *binder) get(kind string, id record.ID) (record.Record, error) {
	if id == "" || b.sc.For(kind).Read == record.None {
		return nil, nil
	}
	r, err := b.db.Get(b.ctx, b.sc, kind, id)
	if record.Is(err, record.NotFound) || record.Is(err, record.Denied) || err == nil && r.Head().DeletedAt != 0 {
		return nil, nil
	}
	return r, err
}

// add puts a receipt in, once, with the document it was read from.
func (b *binder) add(r *guike.Receipt, by string) error {
	if b.seen[r.ID] {
		return nil
	}
	if len(b.d.Sheets) >= MaxSheets {
		b.d.More = true
		return nil
	}
	b.seen[r.ID] = true
	s := Sheet{Role: r.Type, Receipt: r, By: by}
	if b.sees("receipt", "document") {
		doc, err := b.get("document", r.Document)
		if err != nil {
			return err
		}
		if doc != nil {
			s.Document = doc.(*guike.Document)
			b.seen[s.Document.ID] = true
		}
	}
	b.d.Sheets = append(b.d.Sheets, s)
	return nil
}

func (b *binder) addID(id record.ID, by string) error {
	if id == "" || b.seen[id] {
		return nil
	}
	r, err := b.get("receipt", id)
	if err != nil || r == nil {
		return err
	}
	return b.add(r.(*guike.Receipt), by)
}

// order gathers the receipts that name an order, the slips that are matched with it, the invoices of those slips, and the slips of its own invoices.
func (b *binder) order(o *guike.Order) error {
	b.d.Kind, b.d.About, b.d.Order = "order", o.ID, o
	if b.sees("receipt", "order") {
		rs, err := b.list("receipt", record.Where("order", "eq", string(o.ID)))
		if err != nil {
			return err
		}
		for _, r := range rs {
			if err := b.add(r.(*guike.Receipt), "order"); err != nil {
				return err
			}
		}
	}
	ms, err := b.claimed("order", o.ID)
	if err != nil {
		return err
	}
	for _, m := range ms {
		if err := b.addID(m.Receipt, "match"); err != nil {
			return err
		}
	}
	return b.across()
}

// pays reports whether a receipt says that money moved, whatever the caller sees of how much.
func pays(r *guike.Receipt) bool { return r.Type == "slip" || r.Type == "voucher" }

// across adds the invoices of the slips that are there, and the slips of the invoices.
func (b *binder) across() error {
	var slips, invoices []record.ID
	for _, s := range b.d.Sheets {
		switch {
		case pays(s.Receipt):
			slips = append(slips, s.Receipt.ID)
		case s.Receipt.Type == "invoice":
			invoices = append(invoices, s.Receipt.ID)
		}
	}
	of, err := b.claimed("receipt", slips...)
	if err != nil {
		return err
	}
	for _, m := range of {
		if err := b.addID(m.Invoice, "match"); err != nil {
			return err
		}
	}
	by, err := b.claimed("invoice", invoices...)
	if err != nil {
		return err
	}
	for _, m := range by {
		if err := b.addID(m.Receipt, "match"); err != nil {
			return err
		}
	}
	return nil
}

// receipt finds the order that a receipt is of: it names it, is matched with it, or its invoice or slip does or is. Without one it is about its invoice, or itself.
func (b *binder) receipt(r *guike.Receipt) error {
	orders, beside, err := b.ordersOf(r)
	if err != nil {
		return err
	}
	if len(orders) == 0 {
		// One step further: what is matched with it may say.
		for _, x := range beside {
			more, _, err := b.ordersOf(x)
			if err != nil {
				return err
			}
			orders = append(orders, more...)
		}
	}
	var found []*guike.Order
	for _, id := range orders {
		if slices.ContainsFunc(found, func(o *guike.Order) bool { return o.ID == id }) {
			continue
		}
		o, err := b.get("order", id)
		if err != nil {
			return err
		}
		if o != nil {
			found = append(found, o.(*guike.Order))
		}
	}
	if len(found) > 0 {
		for _, o := range found[1:] {
			b.d.Others = append(b.d.Others, o.ID)
		}
		if err := b.order(found[0]); err != nil {
			return err
		}
		return b.add(r, "match")
	}
	about := r
	if i := slices.IndexFunc(beside, func(x *guike.Receipt) bool { return x.Type == "invoice" }); pays(r) && i >= 0 {
		about = beside[i]
	}
	b.d.Kind, b.d.About = "receipt", about.ID
	for _, x := range []*guike.Receipt{about, r} {
		if err := b.add(x, "match"); err != nil {
			return err
		}
	}
	return b.across()
}

// ordersOf answers the orders that a receipt names or is matched with, and the slips or invoices that it is matched with.
func (b *binder) ordersOf(r *guike.Receipt) (orders []record.ID, beside []*guike.Receipt, err error) {
	if r.Order != "" && b.sees("receipt", "order") {
		orders = append(orders, r.Order)
	}
	ms, err := b.claimed("receipt", r.ID)
	if err != nil {
		return nil, nil, err
	}
	of, err := b.claimed("invoice", r.ID)
	if err != nil {
		return nil, nil, err
	}
	for _, m := range append(ms, of...) {
		if m.Receipt == r.ID && m.Order != "" {
			orders = append(orders, m.Order)
		}
		other := m.Invoice
		if other == r.ID {
			other = m.Receipt
		}
		x, err := b.get("receipt", other)
		if err != nil {
			return nil, nil, err
		}
		if x != nil {
			beside = append(beside, x.(*guike.Receipt))
		}
	}
	return orders, beside, nil
}

// lacks says what a transaction's papers usually hold and these do not, judged by what the caller sees. What he sees nothing of is not judged, and nothing is whole then.
func (b *binder) lacks() {
	has := map[string]bool{"order": b.d.Order != nil}
	for _, s := range b.d.Sheets {
		has[s.Role] = true
		has["slip"] = has["slip"] || s.Receipt != nil && pays(s.Receipt)
	}
	b.d.Judged = true
	for _, x := range []struct{ code, of string }{{"order", "order"}, {"contract", "document"}, {"invoice", "receipt"}, {"slip", "receipt"}} {
		if has[x.code] {
			continue
		}
		if b.sc.For(x.of).Read == record.None {
			b.d.Judged = false
		} else {
			b.d.Lacks = append(b.d.Lacks, x.code)
		}
	}
	o := b.d.Order
	if o == nil || !has["slip"] {
		return
	}
	if !b.sees("order", "amount", "paid") {
		b.d.Judged = false
	} else if o.Amount.Currency != "" && (o.Paid.Currency != o.Amount.Currency || o.Paid.Minor < o.Amount.Minor) {
		b.d.Lacks = append(b.d.Lacks, "paid")
	}
}
