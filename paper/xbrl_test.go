package paper

import (
	"strings"
	"testing"
)

// xbrlOf is an instance as 电子凭证会计数据标准 has it: facts of a taxonomy, each with its context.
func xbrlOf(root, prefix, version, facts string) string {
	return `<?xml version="1.0" encoding="UTF-8"?>
<` + root + ` xmlns:xbrli="http://www.xbrl.org/2003/instance" xmlns="http://www.xbrl.org/2003/instance" xmlns:` + prefix + `="http://xbrl.mof.gov.cn/taxonomy/` + version + `/` + prefix + `" xmlns:iso4217="http://www.xbrl.org/2003/iso4217" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<xbrli:context id="now"><xbrli:entity><xbrli:identifier scheme="http://xbrl.mof.gov.cn">91460300MAA92DJN95</xbrli:identifier></xbrli:entity><xbrli:period><xbrli:instant>2026-01-09</xbrli:instant></xbrli:period></xbrli:context>
<xbrli:unit id="CNY"><xbrli:measure>iso4217:CNY</xbrli:measure></xbrli:unit>
` + strings.ReplaceAll(facts, "PREFIX:", prefix+":") + `</` + root + `>`
}

// Invoices, railway tickets and flights as XBRL are read by the names of their taxonomies, whatever the prefix and version; the amounts of lines and bookings are
// not taken for the invoice's.
func TestXBRL(t *testing.T) {
	const no = "26112000000048542163"
	vat := `<PREFIX:CodeOfInvoice contextRef="now">044031900111</PREFIX:CodeOfInvoice><PREFIX:NumberOfInvoice contextRef="now">48542163</PREFIX:NumberOfInvoice><PREFIX:DateOfIssue contextRef="now">2026-01-09</PREFIX:DateOfIssue>
<PREFIX:InformationOfTaxableGoodsOrServicesDetailItemsTuple><PREFIX:NameOfTaxableGoodsOrServices contextRef="now">*软件*年费</PREFIX:NameOfTaxableGoodsOrServices><PREFIX:AmountExcludingTax unitRef="CNY">60</PREFIX:AmountExcludingTax><PREFIX:TaxAmount unitRef="CNY">3.60</PREFIX:TaxAmount><PREFIX:TotalAmount unitRef="CNY">63.60</PREFIX:TotalAmount></PREFIX:InformationOfTaxableGoodsOrServicesDetailItemsTuple>
<PREFIX:TotalAmountExcludingTax unitRef="CNY" decimals="2">100.00</PREFIX:TotalAmountExcludingTax><PREFIX:TotalTaxAmount unitRef="CNY" decimals="2">6.00</PREFIX:TotalTaxAmount><PREFIX:TaxIncludedAmountInFigures unitRef="CNY">106.00</PREFIX:TaxIncludedAmountInFigures><PREFIX:TaxIncludedAmountInWords contextRef="now">壹佰零陆圆整</PREFIX:TaxIncludedAmountInWords>
<PREFIX:NameOfSeller contextRef="now">北京恒泰信息技术有限公司</PREFIX:NameOfSeller><PREFIX:TaxpayerIdentificationNumberUnifiedSocialCreditCodeOfSeller contextRef="now">91110108690017781B</PREFIX:TaxpayerIdentificationNumberUnifiedSocialCreditCodeOfSeller>
<PREFIX:NameOfPurchaser contextRef="now">文佳然商贸（上海）有限公司</PREFIX:NameOfPurchaser><PREFIX:TaxpayerIdentificationNumberUnifiedSocialCreditCodeOfPurchaser contextRef="now">91460300MAA92DJN95</PREFIX:TaxpayerIdentificationNumberUnifiedSocialCreditCodeOfPurchaser>`
	digital := `<PREFIX:InformationOfAccountingDocumentsTuple><PREFIX:PostingDate>2026-02-01</PREFIX:PostingDate><PREFIX:RecordedAmount>1</PREFIX:RecordedAmount><PREFIX:TotalAmount>1</PREFIX:TotalAmount></PREFIX:InformationOfAccountingDocumentsTuple>
<PREFIX:InvoiceNumber>` + no + `</PREFIX:InvoiceNumber><PREFIX:SellerName>北京恒泰信息技术有限公司</PREFIX:SellerName><PREFIX:SellerIdNum>91110108690017781B</PREFIX:SellerIdNum><PREFIX:BuyerName>文佳然商贸（上海）有限公司</PREFIX:BuyerName><PREFIX:BuyerIdNum xsi:nil="true"/><PREFIX:IssueTime>2026-01-09</PREFIX:IssueTime>
<PREFIX:TotalAmWithoutTax>100.000000</PREFIX:TotalAmWithoutTax><PREFIX:TotalTaxAm>6</PREFIX:TotalTaxAm><PREFIX:TotalTax-includedAmount>106</PREFIX:TotalTax-includedAmount>`
	train := `<PREFIX:TypeOfVoucher>电子发票（铁路电子客票）</PREFIX:TypeOfVoucher><PREFIX:ElectronicInvoiceRailwayETicketNumber>` + no + `</PREFIX:ElectronicInvoiceRailwayETicketNumber><PREFIX:DateOfIssue>2026-01-09</PREFIX:DateOfIssue><PREFIX:TravelDate>2026-01-12</PREFIX:TravelDate>
<PREFIX:Fare>553.00</PREFIX:Fare><PREFIX:TaxRate>0.09</PREFIX:TaxRate><PREFIX:TotalAmountExcludingTax>507.34</PREFIX:TotalAmountExcludingTax><PREFIX:TaxAmount>45.66</PREFIX:TaxAmount><PREFIX:NameOfPurchaser>文佳然商贸（上海）有限公司</PREFIX:NameOfPurchaser><PREFIX:UnifiedSocialCreditCodeOfPurchaser>91460300MAA92DJN95</PREFIX:UnifiedSocialCreditCodeOfPurchaser>`
	flight := `<PREFIX:ElectronicInvoiceAirTransportReceiptNumber>` + no + `</PREFIX:ElectronicInvoiceAirTransportReceiptNumber><PREFIX:IssueDate>2026-01-09</PREFIX:IssueDate><PREFIX:IssueParty>远方航空股份有限公司</PREFIX:IssueParty>
<PREFIX:DetailInformationOfAirTicketTuple><PREFIX:Carrier>远方</PREFIX:Carrier></PREFIX:DetailInformationOfAirTicketTuple><PREFIX:Fare>900.00</PREFIX:Fare><PREFIX:FuelSurcharge>40.00</PREFIX:FuelSurcharge><PREFIX:VatTaxAmount>84.60</PREFIX:VatTaxAmount><PREFIX:CivilAviationDevelopmentFund>50.00</PREFIX:CivilAviationDevelopmentFund><PREFIX:TotalAmount>1074.60</PREFIX:TotalAmount><PREFIX:NameOfPurchaser>文佳然商贸（上海）有限公司</PREFIX:NameOfPurchaser>`
	for name, c := range map[string]struct {
		text string
		want map[string]string
	}{
		"VAT invoice": {xbrlOf("xbrli:xbrl", "inv", "2021-11-30", vat), map[string]string{"invoice_code": "044031900111", "invoice_no": "48542163", "issued_on": "2026-01-09", "net": "100.00", "tax": "6.00", "total": "106.00",
			"seller_name": "北京恒泰信息技术有限公司", "seller_tax_id": "91110108690017781B", "buyer_name": "文佳然商贸（上海）有限公司", "buyer_tax_id": "91460300MAA92DJN95"}},
		"digital invoice": {xbrlOf("xbrl", "einv", "2023-12-31", digital), map[string]string{"invoice_no": no, "issued_on": "2026-01-09", "net": "100.00", "tax": "6.00", "total": "106.00", "seller_tax_id": "91110108690017781B", "buyer_tax_id": ""}},
		"railway ticket":  {xbrlOf("xbrli:xbrl", "rai", "2021-11-30", train), map[string]string{"invoice_no": no, "issued_on": "2026-01-09", "net": "507.34", "tax": "45.66", "total": "553.00", "seller_name": "", "buyer_tax_id": "91460300MAA92DJN95"}},
		"flight":          {xbrlOf("xbrl", "atr", "2023-12-31", flight), map[string]string{"invoice_no": no, "issued_on": "2026-01-09", "net": "", "tax": "84.60", "total": "1074.60", "seller_name": "远方航空股份有限公司"}},
		"another prefix":  {strings.ReplaceAll(xbrlOf("xbrl", "inv", "2030-01-01", vat), "inv:", "ns7_a:"), map[string]string{"invoice_no": "48542163", "total": "106.00", "tax": "6.00"}},
		"no prefix":       {strings.ReplaceAll(xbrlOf("xbrl", "inv", "2023-05-15", vat), "inv:", ""), map[string]string{"invoice_no": "48542163", "total": "106.00", "tax": "6.00"}},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := readPlain(t, []byte(c.text))
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Papers) != 1 || r.Papers[0].Kind != "invoice" {
				t.Fatalf("%+v", r.Papers)
			}
			for k, want := range c.want {
				if got := r.Papers[0].Fact(k); got != want {
					t.Errorf("%s = %q, want %q", k, got, want)
				}
			}
			if w := Worst(r.Papers[0].Checks); w != nil {
				t.Errorf("check %+v", *w)
			}
		})
	}
	// Lines alone say nothing of the whole.
	lines := strings.Replace(vat, "<PREFIX:TotalTaxAmount unitRef=\"CNY\" decimals=\"2\">6.00</PREFIX:TotalTaxAmount>", "", 1)
	r, err := readPlain(t, []byte(xbrlOf("xbrl", "inv", "2021-11-30", lines)))
	if err != nil || r.Papers[0].Fact("tax") == "3.60" {
		t.Errorf("a line's tax was taken for the invoice's: %v %+v", err, r.Papers)
	}
}
