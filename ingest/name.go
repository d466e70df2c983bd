package ingest

import (
	"context"
	"fmt"
	"path"
	"regexp"
	"strings"
	"time"

	"guike"
	"guike/record"
	"guike/store"
)

// NamingSetting is the workspace's setting that holds the template of names in the cabinet.
const NamingSetting = "naming"

// DefaultNaming is the template of a new workspace.
const DefaultNaming = "{customer}/{year}/{date}_{type}_{amount}_{number}"

var placeholder = regexp.MustCompile(`\{([a-z]+)\}`)

// CheckNaming refuses a template that names unknown things, or that leaves its folder.
func CheckNaming(t string) error {
	if len(t) > 200 || strings.Trim(t, "/ ") == "" || strings.Contains(t, "..") || strings.HasPrefix(t, "/") {
		return record.FieldError(NamingSetting, "error.naming")
	}
	for _, m := range placeholder.FindAllStringSubmatch(t, -1) {
		switch m[1] {
		case "customer", "year", "month", "date", "type", "amount", "number", "name":
		default:
			return record.FieldError(NamingSetting, "error.naming")
		}
	}
	return nil
}

var typeWords = map[string]string{"slip": "回单", "voucher": "凭证", "invoice": "发票", "sales": "销售单", "after_sales": "售后单", "": "文件"}

// head is a document's first receipt: what it is known by. nil where it holds none.
func head(ctx context.Context, tx *store.Tx, st Stored) (*guike.Receipt, error) {
	for _, p := range st.Papers {
		if p.Receipt != "" {
			rec, err := tx.Get(ctx, tx.Scope(), "receipt", p.Receipt)
			if err != nil {
				return nil, err
			}
			return rec.(*guike.Receipt), nil
		}
	}
	return nil, nil
}

// name makes a document's place in the cabinet by the template, from its first receipt; a taken name gets a number behind it.
func (d *Desk) name(ctx context.Context, tx *store.Tx, doc *guike.Document, rc *guike.Receipt) (string, error) {
	titles, err := tx.Titles(ctx, record.SystemScope("name"), "customer", []record.ID{drawer(doc, rc)})
	if err != nil {
		return "", err
	}
	return unused(Template(tx.Catalogue()), doc, rc, titles, tx.Catalogue().Zone, func(try string) (bool, error) {
		var n int64
		err := tx.One(ctx, "SELECT count(*) FROM documents WHERE path = ? AND deleted_at IS NULL AND id <> ?", []any{try, string(doc.ID)}, &n)
		return n > 0, err
	})
}

// Template is the workspace's.
func Template(cat *store.Catalogue) string {
	if t := cat.Settings[NamingSetting]; t != "" {
		return t
	}
	return DefaultNaming
}

// drawer is the customer that a document is named by: that of its first receipt, or its own.
func drawer(doc *guike.Document, rc *guike.Receipt) record.ID {
	if rc != nil && rc.Customer != "" {
		return rc.Customer
	}
	return doc.Customer
}

// unused is the first name of a document that is not taken. Without a receipt it is called what its file was called, of the day that it came.
func unused(template string, doc *guike.Document, rc *guike.Receipt, customers map[record.ID]string, zone *time.Location, taken func(string) (bool, error)) (string, error) {
	ext := path.Ext(doc.Name)
	own := strings.TrimSuffix(doc.Name, ext)
	ext = strings.ToLower(ext)
	kind, day, number, amount := own, string(doc.DatedOn), "", ""
	customer := customers[drawer(doc, rc)]
	if rc != nil {
		kind = typeWords[rc.Type]
		for _, d := range []record.Date{rc.IssuedOn, rc.PaidOn} {
			if d != "" {
				day = string(d)
			}
		}
		for _, n := range []string{rc.Serial, rc.InvoiceNo, rc.SlipNo} {
			if n != "" {
				number = n
			}
		}
		if rc.Amount.Currency != "" {
			amount = rc.Amount.Decimal()
		}
		if customer == "" {
			customer = counterpart(rc).Name
		}
	}
	if customer == "" {
		customer = "未归客户"
	}
	if day == "" {
		day = string(record.DateOf(doc.CreatedAt.UTC(), zone))
	}
	parts := map[string]string{"customer": customer, "year": day[:4], "month": day[:7], "date": day, "type": kind, "amount": amount, "number": number, "name": own}
	name := placeholder.ReplaceAllStringFunc(template, func(m string) string { return safe(parts[m[1:len(m)-1]]) })
	// A value that is not there leaves no seam.
	for strings.Contains(name, "__") {
		name = strings.ReplaceAll(name, "__", "_")
	}
	name = strings.Trim(strings.ReplaceAll(name, "_/", "/"), "_/ ")
	for i := 1; ; i++ {
		try := name + ext
		if i > 1 {
			try = fmt.Sprintf("%s_%d%s", name, i, ext)
		}
		if i > 100 { // a thousand files of one name are not counted one by one
			try = fmt.Sprintf("%s_%s%s", name, doc.ID, ext)
		}
		if is, err := taken(try); err != nil || !is || i > 100 {
			return try, err
		}
	}
}

// safe makes a value a part of a path on any system.
func safe(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '-'
		}
		return r
	}, s)
	rs := []rune(strings.Trim(s, ". "))
	return string(rs[:min(len(rs), 60)])
}

// A Reader reads: a database, or a transaction of it.
type Reader interface {
	List(ctx context.Context, sc record.Scope, q store.Query) (store.Page, error)
	Titles(ctx context.Context, sc record.Scope, kind string, ids []record.ID) (map[record.ID]string, error)
}

// Rename makes names for documents by a template, one after the other; take is offered each name, and reports whether the document has it now or somebody
// else did before.
func Rename(ctx context.Context, r Reader, zone *time.Location, template string, docs []*guike.Document, take func(doc *guike.Document, name string) (bool, error)) error {
	sys := record.SystemScope("name")
	ids := make([]record.ID, len(docs))
	first := map[record.ID]*guike.Receipt{}
	for i, d := range docs {
		ids[i] = d.ID
	}
	for q := (store.Query{Kind: "receipt", Filter: record.Where("document", "in", ids), Limit: store.MaxPage}); len(ids) > 0; {
		p, err := r.List(ctx, sys, q)
		if err != nil {
			return err
		}
		for _, rec := range p.Records {
			rc := rec.(*guike.Receipt)
			if f := first[rc.Document]; f == nil || rc.Paper < f.Paper || rc.Paper == f.Paper && rc.N < f.N {
				first[rc.Document] = rc
			}
		}
		if q.Cursor = p.Next; p.Next == "" {
			break
		}
	}
	var customers []record.ID
	for _, d := range docs {
		customers = append(customers, drawer(d, first[d.ID]))
	}
	titles, err := r.Titles(ctx, sys, "customer", customers)
	if err != nil {
		return err
	}
	for _, d := range docs {
		if _, err := unused(template, d, first[d.ID], titles, zone, func(name string) (bool, error) {
			ok, err := take(d, name)
			return !ok, err
		}); err != nil {
			return err
		}
	}
	return nil
}
