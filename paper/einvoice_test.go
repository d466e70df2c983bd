package paper

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guike/demo"

	"github.com/klippa-app/go-pdfium/requests"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// bureau is an invoice as the tax bureau delivers it to the buyer.
func bureau(no, net, tax, total string) string {
	return `<?xml version="1.0" encoding="UTF-8"?>
<EInvoice><Header><EIid>` + no + `</EIid><EInvoiceTag>SWEI3200</EInvoiceTag><Version>0.2</Version><InherentLabel><InIssuType><LabelCode>Y</LabelCode></InIssuType></InherentLabel></Header>
<EInvoiceData><SellerInformation><SellerIdNum>91110108690017781B</SellerIdNum><SellerName>北京恒泰信息技术有限公司</SellerName><SellerAddr/></SellerInformation>
<BuyerInformation><BuyerIdNum>91460300MAA92DJN95</BuyerIdNum><BuyerName>文佳然商贸（上海）有限公司</BuyerName></BuyerInformation>
<BasicInformation><TotalAmWithoutTax>` + net + `</TotalAmWithoutTax><TotalTaxAm>` + tax + `</TotalTaxAm><TotalTax-includedAmount>` + total + `</TotalTax-includedAmount><Drawer>王五</Drawer><RequestTime>2026-01-08 23:59:58</RequestTime></BasicInformation>
<IssuItemInformation><ItemName>*软件*年费</ItemName><Amount>1</Amount><TaxRate>0.06</TaxRate><ComTaxAm>0.06</ComTaxAm></IssuItemInformation></EInvoiceData>
<TaxSupervisionInfo><InvoiceNumber>` + no + `</InvoiceNumber><IssueTime>2026-01-09 00:00:03</IssueTime></TaxSupervisionInfo></EInvoice>`
}

const someNo = "24112000000048542163"

func readPlain(t *testing.T, data []byte) (Reading, error) {
	t.Helper()
	return (&engine{}).read(data, request{Company: Company{Name: "文佳然商贸（上海）有限公司"}})
}

// However its bytes are written and its elements are named, an invoice as data says what it says.
func TestEInvoice(t *testing.T) {
	plain := bureau(someNo, "100.0", "6", "106.000000")
	gbk, err := simplifiedchinese.GB18030.NewEncoder().String(plain)
	if err != nil {
		t.Fatal(err)
	}
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(strings.Replace(plain, "UTF-8", "UTF-16", 1))
	if err != nil {
		t.Fatal(err)
	}
	spaced := strings.NewReplacer("<EInvoice>", `<f:EInvoice xmlns:f="urn:x">`, "</EInvoice>", "</f:EInvoice>", "<SellerName>", "<f:sellername>\n ", "</SellerName>", "\n</f:sellername>",
		"TotalTax-includedAmount", "TotalTaxIncludedAmount").Replace(plain)
	for name, text := range map[string]string{"as delivered": plain, "no declaration": plain[strings.Index(plain, "<EInvoice>"):], "GBK said to be UTF-8": gbk,
		"UTF-8 said to be GBK": strings.Replace(plain, "UTF-8", "GBK", 1), "UTF-16": wide, "BOM": "\uFEFF" + plain, "namespaces": spaced} {
		t.Run(name, func(t *testing.T) {
			r, err := readPlain(t, []byte(text))
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Papers) != 1 || r.Papers[0].Kind != "invoice" || r.Mime != mimeXML || !strings.Contains(r.Pages[0].Text, "年费") {
				t.Fatalf("%+v", r)
			}
			for k, want := range map[string]string{"invoice_no": someNo, "issued_on": "2026-01-09", "seller_name": "北京恒泰信息技术有限公司", "seller_tax_id": "91110108690017781B", "buyer_name": "文佳然商贸（上海）有限公司",
				"buyer_tax_id": "91460300MAA92DJN95", "net": "100.00", "tax": "6.00", "total": "106.00"} {
				if got := r.Papers[0].Fact(k); got != want {
					t.Errorf("%s = %q, want %q", k, got, want)
				}
			}
			for _, f := range r.Papers[0].Facts {
				if f.By != byXML {
					t.Errorf("%s comes from %s", f.Name, f.By)
				}
			}
			if w := Worst(r.Papers[0].Checks); w != nil {
				t.Error(*w)
			}
		})
	}
	several := "<list>" + bureau(someNo, "1", "0.06", "1.06")[len(`<?xml version="1.0" encoding="UTF-8"?>`):] + bureau("24112000000048542164", "2", "0.12", "2.12")[len(`<?xml version="1.0" encoding="UTF-8"?>`):] + "</list>"
	r, err := readPlain(t, []byte(several))
	if err != nil || len(r.Papers) != 2 || r.Papers[1].Fact("total") != "2.12" {
		t.Errorf("a list: %v %+v", err, r.Papers)
	}
}

// What is hostile or broken ends soon, with a reason.
func TestBadXML(t *testing.T) {
	in := func(s string) string { return strings.Replace(bureau(someNo, "1", "0", "1"), "王五", s, 1) }
	laughs := `<!DOCTYPE l [<!ENTITY a "ha">`
	for c := 'b'; c < 'k'; c++ {
		laughs += fmt.Sprintf(`<!ENTITY %c "%s">`, c, strings.Repeat(fmt.Sprintf("&%c;", c-1), 10))
	}
	for name, c := range map[string]struct{ text, code, why string }{
		"external entity":    {strings.Replace(in("&x;"), "<EInvoice>", `<!DOCTYPE EInvoice [<!ENTITY x SYSTEM "file:///etc/passwd">]><EInvoice>`, 1), "damaged", "DTD"},
		"parameter entity":   {strings.Replace(in("x"), "<EInvoice>", `<!DOCTYPE EInvoice [<!ENTITY % x SYSTEM "http://127.0.0.1/x"> %x;]><EInvoice>`, 1), "damaged", "DTD"},
		"billion laughs":     {strings.Replace(in("&j;"), "<EInvoice>", laughs+"]><EInvoice>", 1), "damaged", "DTD"},
		"unknown entity":     {in("&nbsp;"), "damaged", "完整"},
		"a million deep":     {"<EInvoice>" + strings.Repeat("<a>", 1_000_000), "damaged", "嵌套"},
		"a million elements": {"<EInvoice>" + strings.Repeat("<a/>", 1_000_000) + "</EInvoice>", "too_large", "过多"},
		"attributes":         {"<EInvoice" + strings.Repeat(` a="1"`, 1_000_000) + "></EInvoice>", "too_large", "过多"},
		"text in pieces":     {"<EInvoice>" + strings.Repeat("a<!---->", 1_000_000) + "</EInvoice>", "unsupported", "没有发票"},
		"truncated":          {in("x")[:700], "damaged", "完整"},
		"no invoice":         {`<?xml version="1.0"?><a><b>1</b></a>`, "unsupported", "没有发票"},
		"a statement":        {`<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt/></Document>`, "unsupported", "导入"},
		"no charset":         {"<?xml version=\"1.0\"?><a>\xff\xff\x81</a>", "damaged", "编码"},
		"a drawing":          {`<svg xmlns="http://www.w3.org/2000/svg"></svg>`, "unsupported", "不支持"},
	} {
		t.Run(name, func(t *testing.T) {
			began := time.Now()
			_, err := readPlain(t, []byte(c.text))
			var re *ReadError
			if !errors.As(err, &re) || re.Code != c.code || !strings.Contains(re.Message, c.why) {
				t.Errorf("%v, want %s …%s…", err, c.code, c.why)
			}
			if d := time.Since(began); d > 8*time.Second {
				t.Errorf("took %s", d)
			}
		})
	}
}

// ready is PDFium, compiled into the cache that the other tests use.
func ready(t testing.TB) *engine {
	t.Helper()
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = os.TempDir()
	}
	return &engine{cacheDir: filepath.Join(dir, "guike", "test")}
}

// attach puts files into a PDF.
func attach(t *testing.T, e *engine, data []byte, files map[string]string) []byte {
	t.Helper()
	doc, _, err := e.open(data, "")
	if err != nil {
		t.Fatal(err)
	}
	defer e.close(doc)
	for name, text := range files {
		a, err := e.inst.FPDFDoc_AddAttachment(&requests.FPDFDoc_AddAttachment{Document: doc, Name: name})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := e.inst.FPDFAttachment_SetFile(&requests.FPDFAttachment_SetFile{Attachment: a.Attachment, Contents: []byte(text)}); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if _, err := e.inst.FPDF_SaveAsCopy(&requests.FPDF_SaveAsCopy{Document: doc, FileWriter: &b}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func someInvoice() demo.Invoice {
	return demo.Invoice{No: someNo, IssuedOn: time.Date(2026, 1, 9, 0, 0, 0, 0, time.UTC), Seller: "北京恒泰信息技术有限公司", SellerTax: "91110108690017781B", Buyer: "文佳然商贸（上海）有限公司", BuyerTax: "91460300MAA92DJN95",
		Item: "年费", Net: 10000, Tax: 600, Total: 10600, Rate: 6, Drawer: "王五"}
}

// The data in a PDF comes before its words; what it does not have the words give, and a contradiction is shown.
func TestAttachedXML(t *testing.T) {
	e := ready(t)
	data, _, err := demo.InvoicePDF(someInvoice())
	if err != nil {
		t.Fatal(err)
	}
	right := bureau(someNo, "100.00", "6.00", "106.00")
	for name, c := range map[string]struct {
		files map[string]string
		check string
		facts map[string]string
		upper string
	}{
		"agrees":      {map[string]string{"a.xml": right, "note.txt": "hello"}, "pass", map[string]string{"total": "106.00", "invoice_no": someNo}, byReader},
		"another sum": {map[string]string{"a.xml": bureau(someNo, "100.00", "7.00", "107.00")}, "fail", map[string]string{"total": "107.00"}, byReader},
		"another no":  {map[string]string{"a.xml": strings.ReplaceAll(right, someNo, "24112000000048542199")}, "fail", map[string]string{"invoice_no": "24112000000048542199"}, byReader},
		"broken":      {map[string]string{"a.xml": right[:400]}, "warn", map[string]string{"total": "106.00"}, byReader},
		"no invoice":  {map[string]string{"a.xml": "<a>1</a>"}, "", map[string]string{"total": "106.00"}, byReader},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := e.read(attach(t, e, data, c.files), request{})
			if err != nil || len(r.Papers) != 1 {
				t.Fatalf("%v, %d papers", err, len(r.Papers))
			}
			p := r.Papers[0]
			if got, _, _ := strings.Cut(result(p, "xml"), " "); got != c.check {
				t.Errorf("check %q, want %s", result(p, "xml"), c.check)
			}
			for k, v := range c.facts {
				if p.Fact(k) != v {
					t.Errorf("%s = %q, want %q", k, p.Fact(k), v)
				}
			}
			for _, f := range p.Facts {
				if f.Name == "amount_upper" && f.By != c.upper || f.Name == "total" && f.Box == (Box{}) && c.check == "pass" {
					t.Errorf("%+v", f)
				}
			}
		})
	}
}

// A file that only an AF entry names is found too. The invoice beside it is appended as an incremental update would be: object numbers do not matter here.
func TestAssociatedXML(t *testing.T) {
	text := bureau(someNo, "100.00", "6.00", "106.00")
	var packed bytes.Buffer
	w := zlib.NewWriter(&packed)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for name, stream := range map[string]string{
		"plain":      fmt.Sprintf("<< /Type /EmbeddedFile /Length %d >>\nstream\n%s\nendstream", len(text), text),
		"flate":      fmt.Sprintf("<</Filter/FlateDecode/Type/EmbeddedFile/Length %d>>\r\nstream\r\n%s\r\nendstream", packed.Len(), packed.String()),
		"other":      "<</Filter/LZWDecode/Type/EmbeddedFile>>\nstream\nxx\nendstream",
		"no end":     "<</Type/EmbeddedFile>>\nstream\n<a>",
		"no stream":  "<</Type/EmbeddedFile>>",
		"broken zip": "<</Filter[/FlateDecode]/Type/EmbeddedFile>>\nstream\nxx\nendstream",
	} {
		var s stated
		for _, b := range associated([]byte("%PDF-1.7\n7 0 obj\n" + stream + "\nendobj\n")) {
			s.add("AF", b)
		}
		if found := len(s.invoices) == 1 && numberOf(s.invoices[0]) == someNo; found != (name == "plain" || name == "flate") {
			t.Errorf("%s: %+v", name, s)
		}
	}
}

// An invoice that is attached to an OFD comes before the package's own data and its page.
func TestAttachedToOFD(t *testing.T) {
	data, _, err := demo.InvoiceOFD(someInvoice())
	if err != nil {
		t.Fatal(err)
	}
	for total, want := range map[string]string{"106.00": "pass", "108.00": "fail"} {
		r, err := readPlain(t, repack(t, data, map[string][]byte{"Doc_0/Attachs/original_invoice.xml": []byte(bureau(someNo, "100.00", "6.00", total)), "Doc_0/Attachs/Attachments.xml": []byte("<a/>")}))
		if err != nil || len(r.Papers) != 1 || r.Papers[0].Fact("total") != total || !strings.HasPrefix(result(r.Papers[0], "xml"), want) {
			t.Errorf("%s: %v %+v", total, err, r.Papers)
		}
	}
	r, err := readPlain(t, repack(t, data, map[string][]byte{"Doc_0/Attachs/original_invoice.xml": []byte("<!DOCTYPE a><a/>")}))
	if err != nil || !strings.HasPrefix(result(r.Papers[0], "xml"), "warn") {
		t.Errorf("hostile: %v %+v", err, r.Papers)
	}
}

// A scanned PDF with data: what was recognised is held against the data, and a doubtful character is no contradiction.
func TestScanWithXML(t *testing.T) {
	root, err := parseXML([]byte(bureau(someNo, "100.00", "6.00", "106.00")))
	if err != nil {
		t.Fatal(err)
	}
	data := Paper{Page: 1, Kind: "invoice", Facts: invoices(root)[0]}
	for conf, want := range map[float64]string{0.95: "fail", 0.5: "warn"} {
		scan := Paper{Page: 1, Kind: "invoice", Scan: true, Box: Box{0, 0, 1, 1}, Facts: []Fact{{Name: "invoice_no", Value: someNo, By: byReader, Confidence: 0.9}, {Name: "total", Value: "108.00", Page: 1, By: byReader, Confidence: conf}}}
		slip := Paper{Page: 2, Kind: "slip", Scan: true, Facts: []Fact{{Name: "amount", Value: "1.00", By: byReader}}}
		ps := rejoin([]Paper{data, scan, slip})
		if len(ps) != 2 || ps[0].Fact("total") != "106.00" || !ps[0].Scan || ps[1].Kind != "slip" {
			t.Fatalf("%+v", ps)
		}
		ps[0].Checks = CheckPaper(ps[0], Company{})
		if got := result(ps[0], "xml"); !strings.HasPrefix(got, want) {
			t.Errorf("%v: %s, want %s", conf, got, want)
		}
		corrected := ps[0]
		corrected.Set("total", "107.00")
		if got := result(Paper{Checks: CheckPaper(corrected, Company{})}, "xml"); !strings.HasPrefix(got, "warn") {
			t.Errorf("corrected by a person: %s", got)
		}
	}
}
