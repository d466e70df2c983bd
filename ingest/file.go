package ingest

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"guike"
	"guike/paper"
	"guike/record"
	"guike/store"
)

// States of a paper: what became of it.
const (
	PaperFiled     = "filed"
	PaperWaiting   = "waiting"
	PaperDuplicate = "duplicate"
	PaperConflict  = "conflict"
	PaperRejected  = "rejected"
)

// A Filed is a paper as a document's reading keeps it: what was read and what became of it.
type Filed struct {
	No        int        `json:"paper"`
	State     string     `json:"state"`
	Reason    string     `json:"reason,omitempty"` // code
	Detail    string     `json:"detail,omitempty"`
	Receipt   record.ID  `json:"receipt,omitempty"`
	Other     record.ID  `json:"other,omitempty"` // what it duplicates or conflicts with
	Linked    string     `json:"linked,omitempty"`
	Proposals []Proposal `json:"proposals,omitempty"`

	Told   []Told      `json:"told,omitempty"`   // of the lessons that it was read by
	Taught []record.ID `json:"taught,omitempty"` // lessons that its correction taught
	Learnt string      `json:"learnt,omitempty"` // the job that learnt of it last
	Person bool        `json:"person,omitempty"` // a person said that it is right

	Was  *Filed       `json:"was,omitempty"`  // as it is on file from an earlier file of the document: this is what a person may put in its place
	Said []paper.Fact `json:"said,omitempty"` // what the file says, where a person left what is on file as it is
	Open *Filed       `json:"open,omitempty"` // it as it waited beside what is on file, before a person decided: to undo that
	Gone bool         `json:"gone,omitempty"` // the document's file does not hold it any more
	paper.Paper
}

// A Sheet is a page's size, for showing boxes. Where the document is words alone the page has no size, but its text.
type Sheet struct {
	Page   int     `json:"page"`
	Width  float64 `json:"width"`
	Height float64 `json:"height"`
	Text   string  `json:"text,omitempty"`
}

// A Stored is a document's reading as it is kept.
type Stored struct {
	Pages  []Sheet `json:"pages"`
	Papers []Filed `json:"papers"`
	Plain  bool    `json:"plain,omitempty"` // words, and no paper
	Parts  []Held  `json:"parts,omitempty"` // what a container held
	Cut    bool    `json:"cut,omitempty"`   // the original has more than is kept of its words

	Edition int64 `json:"edition,omitempty"` // which of the document's files this is of

	Cutting // of its pages, by a person
}

// pageBreak parts the pages in a document's text.
const pageBreak = "\f"

// file writes what a reading says: a receipt for each paper that is new, and the document's state. All of it in the caller's transaction. Where another file
// has taken the place of the one that was read, nothing is written: that one is read by a job of its own.
func (d *Desk) file(ctx context.Context, tx *store.Tx, read *guike.Document, r paper.Reading, held []Held, c paper.Company, cutting *Cutting) error {
	id := read.ID
	doc, err := still(ctx, tx, read)
	if err != nil || doc == nil {
		return err
	}
	old, err := stored(doc)
	if err != nil {
		return fmt.Errorf("reading of %s: %w", id, err)
	}
	// Read again: drafts of the earlier reading make way; what was decided of a paper that is still there stays.
	for _, p := range old.Papers {
		if p.Receipt != "" && p.State == PaperWaiting && p.Was == nil {
			if _, err := tx.Delete(ctx, "receipt", p.Receipt); err != nil && !record.Is(err, record.NotFound) {
				return err
			}
		}
	}
	st := Stored{Plain: r.Plain, Cut: r.Cut, Parts: held, Edition: doc.Edition}
	if old.of(doc) {
		st.Cutting = old.Cutting
	}
	if cutting != nil {
		st.Cutting = *cutting
	}
	// What was decided of papers of this file is found by its place, what was decided of those of an earlier file by what it is.
	decided := map[string]Filed{}
	var before []Filed
	for _, p := range old.Papers {
		switch {
		case p.Was != nil:
			before = append(before, *p.Was)
		case p.State != PaperFiled && p.State != PaperRejected:
		case p.Gone || !old.of(doc):
			before = append(before, p)
		default:
			decided[p.place()] = p
		}
	}
	if cutting != nil && len(before) > 0 {
		return record.Errorf(record.Conflict, "error.cut_filed")
	}
	var all []string
	doc.Mime = r.Mime
	for _, p := range r.Pages {
		st.Pages = append(st.Pages, Sheet{Page: p.Page, Width: p.Width, Height: p.Height})
		all = append(all, p.Text)
	}
	var left []paper.Paper
	for _, p := range r.Papers {
		if _, ok := decided[(&Filed{Paper: p}).place()]; !ok {
			left = append(left, p)
		}
	}
	pairs, gone := pair(before, left, c)
	for i, p := range r.Papers {
		f := Filed{No: i + 1, Paper: p}
		if was, ok := decided[f.place()]; ok {
			delete(decided, f.place())
			if err := renumber(ctx, tx, &was, f.No); err != nil {
				return err
			}
			st.Papers = append(st.Papers, was)
			continue
		}
		was := pairs[0]
		if pairs = pairs[1:]; was != nil && (was.State == PaperFiled || equal(was.Paper, p)) {
			if err := renew(ctx, tx, &f, *was); err != nil {
				return err
			}
		} else if err := d.paper(ctx, tx, doc, &f, c, cutting != nil); err != nil {
			return fmt.Errorf("file paper %d of %s: %w", i+1, id, err)
		}
		st.Papers = append(st.Papers, f)
	}
	for _, was := range gone {
		st.Papers = append(st.Papers, missed(was, len(st.Papers)+1))
	}
	if cutting != nil && len(decided) > 0 {
		return record.Errorf(record.Conflict, "error.cut_filed")
	}
	values := map[string]record.Value{"mime": record.TextValue(r.Mime), "pages": record.NumberValue(int64(len(r.Pages))),
		"text": record.TextValue(paper.Clip(strings.Join(all, pageBreak), paper.MaxText+paper.MaxTextPages)), "step": record.NumberValue(Step)}
	if len(r.Papers) > 0 {
		values["form"] = record.TextValue(r.Papers[0].Form.Key())
	}
	if r.Mail != nil {
		values["message"] = record.TextValue(r.Mail.ID)
		whose, err := d.timeline(ctx, tx, doc, r.Mail)
		if err != nil {
			return fmt.Errorf("mail %s: %w", id, err)
		}
		if doc.Customer == "" && whose != "" {
			doc.Customer = whose
			values["customer"] = record.TextValue(string(whose))
		}
	}
	if !old.of(doc) && len(r.Papers) == 0 {
		values["form"], values["paper"] = record.TextValue(""), record.TextValue("")
	}
	return d.save(ctx, tx, doc, st, values)
}

// place is where a paper stands in its document.
func (f *Filed) place() string { return fmt.Sprint(f.Page, f.Box, f.Pages) }

// renumber tells a paper that is on file, and its receipt, that it is another of its document now.
func renumber(ctx context.Context, tx *store.Tx, f *Filed, no int) error {
	if f.No == no {
		return nil
	}
	f.No = no
	if f.Receipt == "" {
		return nil
	}
	_, err := tx.UpdateAll(ctx, "receipt", []record.ID{f.Receipt}, func(record.Record) (store.Patch, error) {
		return store.Patch{Values: map[string]record.Value{"paper": record.NumberValue(int64(no))}}, nil
	})
	return err
}

// paper decides what becomes of one paper: a receipt, filed or a draft that waits; or nothing, where it is here already. What a person has just cut waits for
// his look, so that he may take the cut back.
func (d *Desk) paper(ctx context.Context, tx *store.Tx, doc *guike.Document, f *Filed, c paper.Company, recut bool) error {
	if f.Kind == "other" {
		f.State, f.Reason = PaperWaiting, "not_recognised"
		return nil
	}
	rc := &guike.Receipt{}
	fill(rc, f.Paper, c)
	if known, err := d.known(ctx, tx, rc, f); err != nil || known {
		return err
	}
	link, err := d.Matcher.Customer(ctx, tx, counterpart(rc))
	if err != nil {
		return err
	}
	rc.Customer, f.Linked, f.Proposals = link.Customer, link.By, link.Proposals
	f.State = PaperFiled
	rc.Status = record.Active
	if ck := paper.Worst(f.Checks); ck != nil {
		f.State, f.Reason, f.Detail = PaperWaiting, "check_failed", ck.Reason
		rc.Status = record.Draft
	} else if labels := unsure(f.Paper); labels != "" {
		f.State, f.Reason, f.Detail = PaperWaiting, "learnt", labels
		rc.Status = record.Draft
	} else if recut {
		f.State, f.Reason = PaperWaiting, "recut"
		rc.Status = record.Draft
	} else if rc.Amount.Currency == "" {
		f.State, f.Reason = PaperWaiting, "missing"
		rc.Status = record.Draft
	}
	rc.Document, rc.Page, rc.Paper = doc.ID, int64(f.Page), int64(f.No)
	rc.Owner, rc.Department = doc.Owner, doc.Department
	if err := tx.Create(ctx, rc); err != nil {
		return err
	}
	f.Receipt = rc.ID
	if rc.Customer != "" && rc.Status == record.Active {
		return d.Matcher.Learn(ctx, tx, rc.Customer, counterpart(rc))
	}
	return nil
}

// known looks whether the paper is on file under its business key: the same amount makes it a duplicate, another a conflict.
func (d *Desk) known(ctx context.Context, tx *store.Tx, rc *guike.Receipt, f *Filed) (bool, error) {
	rc.Derive()
	if rc.BusinessKey == "" {
		return false, nil
	}
	var id, cur string
	var minor *int64
	err := tx.One(ctx, "SELECT id, amount, amount_cur FROM receipts WHERE business_key = ? AND deleted_at IS NULL", []any{rc.BusinessKey}, &id, &minor, &cur)
	if record.Is(err, record.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	f.Other = record.ID(id)
	if minor != nil && (record.Money{Minor: *minor, Currency: cur}) == rc.Amount {
		f.State, f.Reason = PaperDuplicate, "duplicate"
		return true, nil
	}
	f.State, f.Reason = PaperConflict, "conflict"
	return true, nil
}

// save writes a document's reading, and the state that follows from its papers.
func (d *Desk) save(ctx context.Context, tx *store.Tx, doc *guike.Document, st Stored, values map[string]record.Value) error {
	for i := range st.Papers {
		st.Papers[i].Answers = nil
	}
	b, err := json.Marshal(st)
	if err != nil {
		return err
	}
	state, reason, detail := guike.DocFiled, "", ""
	for _, p := range st.Papers {
		if p.State == PaperWaiting || p.State == PaperConflict {
			state, reason, detail = guike.DocWaiting, p.Reason, p.Detail
			break
		}
	}
	if doc.Mime == paper.MimeZip && refused(st.Parts) { // a mail is its words too
		state, reason, detail = guike.DocFailed, st.Parts[0].Reason, st.Parts[0].Detail
	}
	if len(st.Papers) == 0 && !st.Plain {
		state, reason = guike.DocWaiting, "not_recognised"
	}
	values["reading"] = record.TextValue(string(b))
	values["state"], values["reason"], values["detail"] = record.TextValue(state), record.TextValue(reason), record.TextValue(paper.Clip(detail, 500))
	rc, err := head(ctx, tx, st)
	if err != nil {
		return err
	}
	if rc != nil {
		values["paper"] = record.TextValue(rc.Type)
		if doc.DatedOn == "" {
			doc.DatedOn = rc.DatedOn
			values["dated_on"] = record.TextValue(string(rc.DatedOn))
		}
		if doc.Customer == "" && rc.Customer != "" {
			doc.Customer = rc.Customer
			values["customer"] = record.TextValue(string(rc.Customer))
		}
	}
	if doc.Path == "" {
		p, err := d.name(ctx, tx, doc, rc)
		if err != nil {
			return err
		}
		values["path"] = record.TextValue(p)
	}
	_, err = tx.Update(ctx, "document", doc.ID, store.Patch{Values: values})
	return err
}

// fill puts a paper's facts into a receipt. What does not parse stays out: the checks have said so.
func fill(r *guike.Receipt, p paper.Paper, c paper.Company) {
	m := map[string]string{}
	for _, f := range p.Facts {
		m[f.Name] = f.Value
	}
	r.Type = p.Kind
	cur := m["currency"]
	if cur == "" {
		cur = "CNY"
	}
	money := func(name string) record.Money {
		v, err := record.ParseMoney(m[name], cur)
		if err != nil {
			return record.Money{}
		}
		return v
	}
	day := func(name string) record.Date {
		if d := record.Date(m[name]); d.Valid() {
			return d
		}
		return ""
	}
	r.Amount, r.Net, r.Tax = money("amount"), money("net"), money("tax")
	if p.Kind == "invoice" {
		r.Amount = money("total")
	}
	r.PaidOn, r.IssuedOn = day("paid_on"), day("issued_on")
	for name, to := range map[string]*string{"slip_no": &r.SlipNo, "serial": &r.Serial, "payer_name": &r.PayerName, "payer_account": &r.PayerAccount,
		"payer_bank": &r.PayerBank, "payee_name": &r.PayeeName, "payee_account": &r.PayeeAccount, "payee_bank": &r.PayeeBank, "amount_upper": &r.AmountUpper,
		"purpose": &r.Purpose, "memo": &r.Memo, "invoice_code": &r.InvoiceCode, "invoice_no": &r.InvoiceNo, "seller_name": &r.SellerName,
		"seller_tax_id": &r.SellerTaxID, "buyer_name": &r.BuyerName, "buyer_tax_id": &r.BuyerTaxID, "bank": &r.Bank, "direction": &r.Direction} {
		*to = paper.Clip(m[name], 2000)
	}
	if r.Direction != "in" && r.Direction != "out" {
		r.Direction = ""
	}
	if p.Kind == "invoice" && r.Direction == "" && c.Name != "" {
		switch c.Name {
		case r.SellerName:
			r.Direction = "out"
		case r.BuyerName:
			r.Direction = "in"
		}
	}
	if r.Bank == "" && p.Kind == "slip" {
		// The slip is issued by the bank of the own account; where neither side is known as own, by the payer's.
		own := r.PayerBank
		if r.Direction == "in" {
			own = r.PayeeBank
		}
		r.Bank = bankOf(own)
	}
}

// bankOf cuts a branch's name to its bank's: 中国工商银行股份有限公司杭州科技支行 → 中国工商银行.
func bankOf(branch string) string {
	if i := strings.Index(branch, "银行"); i >= 0 {
		return branch[:i+len("银行")]
	}
	return branch
}

// counterpart is the other side of a paper: whose money it was, or who got it.
func counterpart(r *guike.Receipt) Party {
	switch {
	case r.Type == "invoice" && r.Direction == "in":
		return Party{Name: r.SellerName, TaxID: r.SellerTaxID}
	case r.Type == "invoice":
		return Party{Name: r.BuyerName, TaxID: r.BuyerTaxID}
	case r.Direction == "in":
		return Party{Name: r.PayerName, Account: r.PayerAccount, Bank: r.PayerBank}
	case r.Direction == "out":
		return Party{Name: r.PayeeName, Account: r.PayeeAccount, Bank: r.PayeeBank}
	}
	return Party{}
}
