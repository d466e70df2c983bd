package demo

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"time"

	"guike"
)

// An Invoice is what an e-invoice is to say.
type Invoice struct {
	No                           string
	IssuedOn                     time.Time
	Seller, SellerTax            string
	Buyer, BuyerTax              string
	Item                         string
	Net, Tax, Total              int64 // fen
	Rate                         int   // percent
	Note, Drawer                 string
	WithoutTotal, WithoutPrinted bool // the file states no total and names; its page shows nothing
}

func (v Invoice) truth() Truth {
	m := map[string]string{"invoice_no": v.No, "issued_on": v.IssuedOn.Format(time.DateOnly), "seller_name": v.Seller, "seller_tax_id": v.SellerTax, "buyer_name": v.Buyer,
		"buyer_tax_id": v.BuyerTax, "net": decimal(v.Net), "tax": decimal(v.Tax), "total": decimal(v.Total)}
	for k, x := range m {
		if x == "" {
			delete(m, k)
		}
	}
	return Truth{Page: 1, Kind: "invoice", Facts: m, Consistent: v.Net+v.Tax == v.Total}
}

// A mark is a word at a place, in millimetres from the page's top left; its size in points.
type mark struct {
	x, y, size float64
	s          string
}

// marks sets an invoice on a page of 210 × 140 mm, as the national form does: buyer left, seller right, items, sums, the total in capitals and digits.
func (v Invoice) marks() (form, filled []mark) {
	form = []mark{{72, 10, 15, "电子发票（普通发票）"}, {150, 10, 9, "发票号码："}, {150, 16, 9, "开票日期："},
		{12, 34, 9, "名称："}, {12, 44, 9, "统一社会信用代码/纳税人识别号："}, {112, 34, 9, "名称："}, {112, 44, 9, "统一社会信用代码/纳税人识别号："},
		{16, 54, 9, "项目名称"}, {118, 54, 9, "金 额"}, {146, 54, 9, "税率/征收率"}, {182, 54, 9, "税 额"},
		{22, 90, 9, "合        计"}, {20, 98, 9, "价税合计（大写）"}, {136, 98, 9, "（小写）"}, {12, 128, 9, "开票人："}}
	for i, r := range []rune("购买方信息") {
		form = append(form, mark{6, 32 + float64(i)*3.8, 9, string(r)})
	}
	for i, r := range []rune("销售方信息") {
		form = append(form, mark{106.5, 32 + float64(i)*3.8, 9, string(r)})
	}
	filled = []mark{{168, 10, 9, v.No}, {168, 16, 9, v.IssuedOn.Format("2006年01月02日")}, {22, 34, fit(v.Buyer), v.Buyer}, {60, 44, 9, v.BuyerTax}, {122, 34, fit(v.Seller), v.Seller},
		{160, 44, 9, v.SellerTax}, {10, 60, 9, "*信息技术服务*" + v.Item}, {118, 60, 9, decimal(v.Net)}, {150, 60, 9, fmt.Sprintf("%d%%", v.Rate)}, {182, 60, 9, decimal(v.Tax)},
		{116, 90, 9, "¥" + decimal(v.Net)}, {180, 90, 9, "¥" + decimal(v.Tax)}, {62, 98, 9, Upper(v.Total)}, {152, 98, 9, "¥" + decimal(v.Total)}, {26, 128, 9, v.Drawer}}
	return form, filled
}

const mm = 72 / 25.4

// fit is the size at which a name stays in its column, 80 mm wide.
func fit(name string) float64 { return min(9, 80*mm/float64(len([]rune(name)))) }

// InvoicePDF draws an invoice as PDF.
func InvoicePDF(v Invoice) ([]byte, Truth, error) {
	s := newSheet()
	s.pdf.AddPage()
	form, filled := v.marks()
	for _, m := range append(form, filled...) {
		s.text(m.x*mm, m.y*mm, m.size, m.s)
	}
	s.pdf.SetLineWidth(0.5)
	s.pdf.SetStrokeColor(128, 0, 0)
	for _, r := range [][4]float64{{5, 30, 200, 98}, {5, 30, 200, 22}, {5, 30, 100, 22}, {5, 95, 200, 9}} {
		s.pdf.RectFromUpperLeft(r[0]*mm, r[1]*mm, r[2]*mm, r[3]*mm)
	}
	b, err := s.bytes()
	t := v.truth()
	t.Layout, t.Facts["amount_upper"] = "invoice-pdf", Upper(v.Total)
	return b, t, err
}

// InvoiceOFD packs an invoice as OFD (GB/T 33190-2016): its data in OFD.xml, its look in a template page and a page.
func InvoiceOFD(v Invoice) ([]byte, Truth, error) {
	esc := func(s string) string {
		var b bytes.Buffer
		_ = xml.EscapeText(&b, []byte(s)) // a buffer takes everything
		return b.String()
	}
	custom := [][2]string{{"template-version", "1.0.20.0422"}, {"发票号码", v.No}, {"销售方纳税人识别号", v.SellerTax}, {"合计金额", decimal(v.Net)}, {"购买方纳税人识别号", v.BuyerTax},
		{"合计税额", decimal(v.Tax)}, {"开票日期", v.IssuedOn.Format("2006年01月02日")}}
	if !v.WithoutTotal {
		custom = append(custom, [2]string{"价税合计", decimal(v.Total)}, [2]string{"购买方名称", v.Buyer}, [2]string{"销售方名称", v.Seller})
	}
	var data strings.Builder
	for _, kv := range custom {
		if kv[1] != "" {
			fmt.Fprintf(&data, `<ofd:CustomData Name="%s">%s</ofd:CustomData>`, kv[0], esc(kv[1]))
		}
	}
	id := 100
	layer := func(ms []mark) string {
		var b strings.Builder
		for _, m := range ms {
			if m.s == "" {
				continue
			}
			size := m.size / mm
			var steps []string
			for _, r := range m.s {
				w := size
				if r < 0x100 {
					w = size / 2
				}
				steps = append(steps, fmt.Sprintf("%.4g", w))
			}
			id++
			fmt.Fprintf(&b, `<ofd:TextObject ID="%d" Boundary="%.4g %.4g %.4g %.4g" Font="3" Size="%.4g"><ofd:TextCode X="0" Y="%.4g" DeltaX="%s">%s</ofd:TextCode></ofd:TextObject>`,
				id, m.x, m.y, size*float64(len([]rune(m.s))), size*1.4, size, size, strings.Join(steps[:len(steps)-1], " "), esc(m.s))
		}
		return b.String()
	}
	form, filled := v.marks()
	if v.WithoutPrinted {
		filled = nil
	}
	const head, ns = `<?xml version="1.0" encoding="UTF-8"?>` + "\n", ` xmlns:ofd="http://www.ofdspec.org/2016"`
	pageOf := func(template, content string) string {
		return head + `<ofd:Page` + ns + `><ofd:Area><ofd:PhysicalBox>0 0 210 140</ofd:PhysicalBox></ofd:Area>` + template + `<ofd:Content><ofd:Layer ID="6">` + content + `</ofd:Layer></ofd:Content></ofd:Page>`
	}
	files := [][2]string{
		{"OFD.xml", head + `<ofd:OFD` + ns + ` DocType="OFD" Version="1.0"><ofd:DocBody><ofd:DocInfo><ofd:DocID>` + v.No + `</ofd:DocID><ofd:Creator>guike demo</ofd:Creator><ofd:CustomDatas>` +
			data.String() + `</ofd:CustomDatas></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>`},
		{"Doc_0/Document.xml", head + `<ofd:Document` + ns + `><ofd:CommonData><ofd:MaxUnitID>999</ofd:MaxUnitID><ofd:PageArea><ofd:PhysicalBox>0 0 210 140</ofd:PhysicalBox></ofd:PageArea>` +
			`<ofd:PublicRes>PublicRes.xml</ofd:PublicRes><ofd:TemplatePage ID="1" BaseLoc="Tpls/Tpl_0/Content.xml"/></ofd:CommonData><ofd:Pages><ofd:Page ID="61" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages></ofd:Document>`},
		{"Doc_0/PublicRes.xml", head + `<ofd:Res` + ns + ` BaseLoc="Res"><ofd:Fonts><ofd:Font ID="3" FontName="宋体" FamilyName="宋体"/></ofd:Fonts></ofd:Res>`},
		{"Doc_0/Tpls/Tpl_0/Content.xml", pageOf("", layer(form))},
		{"Doc_0/Pages/Page_0/Content.xml", pageOf(`<ofd:Template TemplateID="1" ZOrder="Background"/>`, layer(filled))},
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		w, err := z.CreateHeader(&zip.FileHeader{Name: f[0], Method: zip.Deflate, Modified: v.IssuedOn})
		if err != nil {
			return nil, Truth{}, err
		}
		if _, err := w.Write([]byte(f[1])); err != nil {
			return nil, Truth{}, err
		}
	}
	t := v.truth()
	t.Layout = "invoice-ofd"
	if !v.WithoutPrinted {
		t.Facts["amount_upper"] = Upper(v.Total)
	}
	if err := z.Close(); err != nil {
		return nil, Truth{}, err
	}
	return b.Bytes(), t, nil
}

// PaperFor draws the paper that a receipt would have come from, and says how the file is called.
func PaperFor(rng *rand.Rand, r *guike.Receipt) (name string, data []byte, err error) {
	return paperFor(rng, r, false)
}

// paperFor can make a slip's digits contradict its capitals.
func paperFor(rng *rand.Rand, r *guike.Receipt, contradict bool) (name string, data []byte, err error) {
	if r.Type == "invoice" {
		on, err := time.Parse(time.DateOnly, string(r.IssuedOn))
		if err != nil {
			return "", nil, err
		}
		v := Invoice{No: r.InvoiceNo, IssuedOn: on, Seller: r.SellerName, SellerTax: r.SellerTaxID, Buyer: r.BuyerName, BuyerTax: r.BuyerTaxID, Item: r.Purpose,
			Net: r.Net.Minor, Tax: r.Tax.Minor, Total: r.Amount.Minor, Rate: 6, Drawer: "管理员"}
		if v.Net > 0 {
			v.Rate = int(math.Round(float64(v.Tax) * 100 / float64(v.Net)))
		}
		if rng.IntN(2) == 0 {
			data, _, err = InvoicePDF(v)
			return "电子发票_" + v.No + ".pdf", data, err
		}
		data, _, err = InvoiceOFD(v)
		return "电子发票_" + v.No + ".ofd", data, err
	}
	on, err := time.Parse(time.DateOnly, string(r.PaidOn))
	if err != nil {
		return "", nil, err
	}
	on = on.Add(time.Duration(9*3600+rng.IntN(8*3600)) * time.Second)
	sl := Slip{SlipNo: r.SlipNo, Serial: r.Serial, PaidOn: on, Payer: Side{r.PayerName, r.PayerAccount, r.PayerBank}, Payee: Side{r.PayeeName, r.PayeeAccount, r.PayeeBank},
		Fen: r.Amount.Minor, Upper: Upper(r.Amount.Minor), Purpose: r.Purpose, Memo: r.Memo, In: r.Direction == "in"}
	if contradict {
		sl = sl.Contradict(rng)
	}
	data, _, err = Slips(rng, rng.IntN(Layouts()), 1, []Slip{sl})
	return "回单_" + r.SlipNo + ".pdf", data, err
}

// Contradict makes a slip's digits say another amount than its capitals, as when somebody typed them wrong.
func (sl Slip) Contradict(rng *rand.Rand) Slip {
	step := []int64{1, 10, 100, 1000, 10000}[rng.IntN(5)]
	if sl.Fen > step && rng.IntN(2) == 0 {
		sl.Fen -= step
	} else {
		sl.Fen += 9 * step
	}
	sl.Conflict = true
	return sl
}
