package ingest

import (
	"context"
	"fmt"
	"path"
	"regexp"
	"strings"

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

// name makes a document's place in the cabinet by the template, from its first receipt; a taken name gets a number behind it.
func (d *Desk) name(ctx context.Context, tx *store.Tx, doc *guike.Document, st Stored) (string, error) {
	t := tx.Catalogue().Settings[NamingSetting]
	if t == "" {
		t = DefaultNaming
	}
	rc := &guike.Receipt{}
	for _, p := range st.Papers {
		if p.Receipt == "" {
			continue
		}
		rec, err := tx.Get(ctx, tx.Scope(), "receipt", p.Receipt)
		if err != nil {
			return "", err
		}
		rc = rec.(*guike.Receipt)
		break
	}
	customer, whose := counterpart(rc).Name, rc.Customer
	if whose == "" {
		whose = doc.Customer
	}
	if whose != "" {
		titles, err := tx.Titles(ctx, record.SystemScope("name"), "customer", []record.ID{whose})
		if err != nil {
			return "", err
		}
		customer = titles[whose]
	}
	if customer == "" {
		customer = "未归客户"
	}
	day := string(rc.PaidOn)
	if day == "" {
		day = string(rc.IssuedOn)
	}
	if day == "" {
		day = string(record.DateOf(tx.At().UTC(), tx.Catalogue().Zone))
	}
	number := rc.SlipNo
	for _, n := range []string{rc.InvoiceNo, rc.Serial} {
		if number == "" {
			number = n
		}
	}
	amount := ""
	if rc.Amount.Currency != "" {
		amount = rc.Amount.Decimal()
	}
	ext := strings.ToLower(path.Ext(doc.Name))
	parts := map[string]string{"customer": customer, "year": day[:4], "month": day[:7], "date": day, "type": typeWords[rc.Type], "amount": amount, "number": number,
		"name": strings.TrimSuffix(doc.Name, path.Ext(doc.Name))}
	if st.Plain {
		parts["type"] = parts["name"] // a letter is called what its writer called it; what a paper is says more than its file's name
	}
	name := placeholder.ReplaceAllStringFunc(t, func(m string) string { return safe(parts[m[1:len(m)-1]]) })
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
		var n int64
		if err := tx.One(ctx, "SELECT count(*) FROM documents WHERE path = ? AND deleted_at IS NULL AND id <> ?", []any{try, string(doc.ID)}, &n); err != nil {
			return "", err
		}
		if n == 0 {
			return try, nil
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
