package guike

import (
	"strings"

	"guike/record"
)

// A Receipt is a paper about a payment or a sale: a bank slip, a voucher, an invoice, a sales slip. What was received or paid is slips and vouchers,
// what was billed is invoices; no total mixes them.
type Receipt struct {
	record.Base
	Type     string
	Customer record.ID
	Order    record.ID
	Document record.ID
	Page     int64 // of the document, 1 is the first; 0 without a document
	Paper    int64 // which paper of the document, 1 is the first

	PaidOn       record.Date // the day printed on the paper
	Amount       record.Money
	Direction    string
	SlipNo       string // the paper's own number
	Serial       string // the transaction's number
	Bank         string // that issued the slip
	PayerName    string
	PayerAccount string
	PayerBank    string
	PayeeName    string
	PayeeAccount string
	PayeeBank    string
	AmountUpper  string // 大写 exactly as printed
	Purpose      string
	Memo         string

	InvoiceCode string
	InvoiceNo   string
	IssuedOn    record.Date
	SellerName  string
	SellerTaxID string
	BuyerName   string
	BuyerTaxID  string
	Net         record.Money
	Tax         record.Money

	// BusinessKey identifies the paper whatever file it came in: bank + slip_no, bank + serial + direction, invoice_code + invoice_no. Made by the
	// write path from the fields above.
	BusinessKey string
	DatedOn     record.Date // when it was paid, or issued

	Allotted record.Money // of a slip, to orders: what its matches claim
	Invoiced record.Money // of a slip, by invoices
}

func (*Receipt) Kind() string { return "receipt" }

// Heading names the other party and the amount.
func (r *Receipt) Heading() string {
	who := r.PayerName
	switch {
	case r.Type == "invoice" && r.Direction == "in":
		who = r.SellerName
	case r.Type == "invoice":
		who = r.BuyerName
	case r.Direction == "out":
		who = r.PayeeName
	}
	parts := []string{who}
	if r.Amount.Currency != "" {
		parts = append(parts, r.Amount.Decimal())
	}
	for _, no := range []string{r.SlipNo, r.InvoiceNo, r.Serial} {
		if no != "" && len(parts) < 3 && who == "" {
			parts = append(parts, no)
		}
	}
	return strings.TrimSpace(strings.Join(parts, " "))
}

// Derive sets the day on the paper and the business key. The store calls it before each write.
func (r *Receipt) Derive() {
	if r.DatedOn = r.PaidOn; r.DatedOn == "" {
		r.DatedOn = r.IssuedOn
	}
	r.BusinessKey = ""
	switch {
	case r.Status == record.Draft: // a draft's numbers are not certain: it holds no key
	case r.InvoiceNo != "":
		r.BusinessKey = "inv|" + r.InvoiceCode + "|" + r.InvoiceNo
	case r.SlipNo != "":
		r.BusinessKey = "slip|" + r.Bank + "|" + r.SlipNo
	case r.Serial != "" && r.Bank != "":
		r.BusinessKey = "tx|" + r.Bank + "|" + r.Serial + "|" + r.Direction
	}
}

func (r *Receipt) Fields(f *record.Fields) {
	r.Base.Fields(f)
	f.Choice("type", &r.Type, "slip", "voucher", "invoice", "sales", "after_sales").Required()
	f.Ref("customer", "customer", &r.Customer).Indexed().ByDay()
	f.Ref("order", "order", &r.Order).Indexed()
	f.Ref("document", "document", &r.Document).Indexed()
	f.Int("page", &r.Page)
	f.Int("paper", &r.Paper)
	f.Date("paid_on", &r.PaidOn).Indexed()
	f.Money("amount", &r.Amount).Required().Indexed()
	f.Choice("direction", &r.Direction, "in", "out")
	f.Text("slip_no", &r.SlipNo).Searched()
	f.Text("serial", &r.Serial).Searched()
	f.Text("bank", &r.Bank)
	f.Text("payer_name", &r.PayerName).Searched()
	f.Text("payer_account", &r.PayerAccount).Searched().Sensitive()
	f.Text("payer_bank", &r.PayerBank)
	f.Text("payee_name", &r.PayeeName).Searched()
	f.Text("payee_account", &r.PayeeAccount).Searched().Sensitive()
	f.Text("payee_bank", &r.PayeeBank)
	f.Text("amount_upper", &r.AmountUpper)
	f.Text("purpose", &r.Purpose).Searched()
	f.Text("memo", &r.Memo).Searched()
	f.Text("invoice_code", &r.InvoiceCode).Searched()
	f.Text("invoice_no", &r.InvoiceNo).Searched()
	f.Date("issued_on", &r.IssuedOn)
	f.Text("seller_name", &r.SellerName).Searched()
	f.Text("seller_tax_id", &r.SellerTaxID).Searched()
	f.Text("buyer_name", &r.BuyerName).Searched()
	f.Text("buyer_tax_id", &r.BuyerTaxID).Searched()
	f.Money("net", &r.Net)
	f.Money("tax", &r.Tax)
	f.Text("business_key", &r.BusinessKey).System().Unique()
	f.Date("dated_on", &r.DatedOn).System().Indexed().Dated()
	f.Money("allotted", &r.Allotted).System().Indexed()
	f.Money("invoiced", &r.Invoiced).System().Indexed()
}
