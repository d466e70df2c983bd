package paper

import (
	"errors"
	"strings"
	"unicode"
)

// Where a fact comes from, besides what is printed (reader) and a person.
const (
	byReader = "reader"
	byXML    = "xml"
	byQR     = "qr"
)

// elements are the names that invoices as data call their facts by, better ones first: the tax bureau's EInvoice (数电票), the OFD invoice's eInvoice
// (GB/T 36609), XBRL of 电子凭证会计数据标准 (inv, einv, rai of railway tickets, atr of flights), and the pinyin initials that older programs write. They are
// compared without case, dashes and underscores, whatever their namespace.
var elements = func() map[string]element {
	m := map[string]element{}
	for field, names := range map[string]string{
		"invoice_no":    "InvoiceNumber InvoiceNo InvoiceNum NumberOfInvoice EIid ElectronicInvoiceRailwayETicketNumber ElectronicInvoiceAirTransportReceiptNumber Fphm Fphm20 发票号码 数电票号码 数电发票号码",
		"invoice_code":  "InvoiceCode CodeOfInvoice Fpdm 发票代码",
		"issued_on":     "IssueTime IssueDate DateOfIssue InvoiceDate IssuingDate RequestTime Kprq 开票日期",
		"seller_name":   "SellerName NameOfSeller IssueParty Xfmc Xsfmc 销售方名称 销方名称",
		"seller_tax_id": "SellerIdNum SellerTaxID SellerTaxNo SellerTaxpayerID SellerTaxpayerIdentificationNumber TaxpayerIdentificationNumberUnifiedSocialCreditCodeOfSeller UnifiedSocialCreditCodeOfSeller Xfsbh Xsfnsrsbh 销售方纳税人识别号 销方税号 销售方统一社会信用代码",
		"buyer_name":    "BuyerName PurchaserName NameOfPurchaser NameOfBuyer Gfmc Gmfmc 购买方名称 购方名称",
		"buyer_tax_id":  "BuyerIdNum BuyerTaxID BuyerTaxNo PurchaserTaxNo BuyerTaxpayerID PurchaserTaxpayerIdentificationNumber TaxpayerIdentificationNumberUnifiedSocialCreditCodeOfPurchaser UnifiedSocialCreditCodeOfPurchaser Gfsbh Gmfnsrsbh 购买方纳税人识别号 购方税号 购买方统一社会信用代码",
		"net":           "TotalAmWithoutTax TaxExclusiveTotalAmount TotalAmountWithoutTax TotalAmountExcludingTax Hjje 合计金额",
		"tax":           "TotalTaxAm TaxTotalAmount TotalTaxAmount TotalAmountOfTax Hjse 合计税额 VatTaxAmount TaxAmount",
		"total":         "TotalTaxIncludedAmount TaxInclusiveTotalAmount TotalAmountIncludingTax TotalAmountWithTax TaxIncludedAmountInFigures Jshj 价税合计 TotalAmount Fare",
		"amount_upper":  "TotalTaxIncludedAmountInChinese TaxInclusiveTotalAmountInChinese TotalAmountInChinese TaxIncludedAmountInWords 价税合计大写",
		"check_code":    "InvoiceCheckCode CheckCode IdentifyingCode VerificationCode Jym 校验码",
	} {
		for i, name := range words(names) {
			m[elementName(name)] = element{field, i}
		}
	}
	return m
}()

type element struct {
	field string
	rank  int // of the names of one field, 0 is the best
}

func elementName(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// stated is what a file says of invoices as data: the facts of each, and the names of data that cannot be read.
type stated struct {
	invoices [][]Fact
	unread   []string
}

// add takes up an attached file, where it is an invoice as data.
func (s *stated) add(name string, b []byte) {
	root, err := parseXML(b)
	if err != nil {
		s.unread = append(s.unread, name+"（"+err.Error()+"）")
		return
	}
	s.invoices = append(s.invoices, invoices(root)...)
}

// invoices finds the invoices in XML: one, or each of several that a list holds.
func invoices(root *node) (out [][]Fact) {
	whole := invoiceFacts(root)
	if whole == nil {
		return nil
	}
	var each [][]Fact
	root.walk(func(n *node) {
		if name := elementName(n.name); name == "einvoice" || name == "invoice" {
			if fs := invoiceFacts(n); fs != nil {
				each = append(each, fs)
			}
		}
	})
	numbers := map[string]bool{}
	for _, fs := range each {
		if no := numberOf(fs); !numbers[no] {
			numbers[no] = true
			out = append(out, fs)
		}
	}
	if len(out) > 1 {
		return out
	}
	return [][]Fact{whole}
}

// itemised are elements that hold one of an invoice's lines, or what somebody booked of it: their amounts are not the invoice's.
func itemised(n *node) bool {
	name := elementName(n.name)
	return strings.HasSuffix(name, "tuple") || name == "issuiteminformation" || name == "goodsinfo"
}

// invoiceFacts reads one invoice's facts from its elements; nil where it has no number, or no amount and no party.
func invoiceFacts(root *node) []Fact {
	best := map[string]Fact{}
	rank := map[string]int{}
	root.walkBut(itemised, func(n *node) {
		e, ok := elements[elementName(n.name)]
		text := strings.TrimSpace(n.text)
		if !ok || text == "" {
			return
		}
		if was, ok := rank[e.field]; ok && was <= e.rank {
			return
		}
		plain := text
		switch e.field {
		case "net", "tax", "total":
			// 110.000000 is 110.00: programs print their decimals out.
			if whole, frac, ok := strings.Cut(text, "."); ok && len(frac) > 2 && strings.Trim(frac[2:], "0") == "" {
				plain = whole + "." + frac[:2]
			}
		}
		if v, ok := value(e.field, plain); ok {
			rank[e.field] = e.rank
			best[e.field] = Fact{Name: e.field, Value: v, Page: 1, Label: n.name, Source: Clip(text, 500), Confidence: 1, By: byXML}
		}
	})
	_, total := best["total"]
	_, seller := best["seller_name"]
	_, buyer := best["buyer_name"]
	if best["invoice_no"].Value == "" || !total && !seller && !buyer {
		return nil
	}
	var out []Fact
	for _, name := range order {
		if f, ok := best[name]; ok {
			out = append(out, f)
		}
	}
	return out
}

func numberOf(fs []Fact) string { return Paper{Facts: fs}.Fact("invoice_no") }

// readXML reads an electronic invoice that is delivered as XML, and its words for the search.
func readXML(data []byte) (stated, string, error) {
	root, err := parseXML(data)
	switch {
	case errors.Is(err, errNodes):
		return stated{}, "", readError("too_large", "XML %v", err)
	case err != nil:
		return stated{}, "", readError("damaged", "XML 无法读取：%v", err)
	}
	s := stated{invoices: invoices(root)}
	if len(s.invoices) > MaxPages {
		return stated{}, "", readError("too_many_pages", "XML 里有 %d 张发票，最多读取 %d 张", len(s.invoices), MaxPages)
	}
	if len(s.invoices) == 0 {
		if len(root.all("Document")) > 0 && len(root.get("Document").all("BkToCstmrStmt")) > 0 {
			return stated{}, "", readError("unsupported", "这是银行对账单（camt.053）：请在“导入”中作为银行流水导入")
		}
		return stated{}, "", readError("unsupported", "这份 XML 里没有发票：只读取税务局电子发票（数电票）的 XML")
	}
	var b strings.Builder
	root.walk(func(n *node) {
		if text := strings.TrimSpace(n.text); text != "" && len(text) < 500 && b.Len() < 200_000 {
			b.WriteString(text + "\n")
		}
	})
	return s, b.String(), nil
}
