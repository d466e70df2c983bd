package paper

import (
	"math"
	"slices"
	"strings"
)

// invoice reads an invoice's labels: a 数电票 or an older electronic invoice.
func (g *gathered) invoice(ps []*piece, ms []match) {
	for _, m := range ms {
		w := float64(m.tag.weight) * m.trust
		switch m.tag.field {
		case "name", "tax_id":
			who := m.tag.party
			if who == "" {
				who, _ = party(ps, m)
			}
			if (who == "buyer" || who == "seller") && (m.tag.field == "name" || len(m.value) >= 15) {
				g.put(who+"_"+m.tag.field, m.value, m, w)
			}
		case "invoice_no", "invoice_code", "issued_on", "net", "tax", "total", "amount_upper", "check_code":
			g.put(m.tag.field, m.value, m, w)
		case "amount": // (小写) beside 价税合计
			if m.tag.weight == 10 {
				g.put("total", m.value, m, w)
			}
		}
	}
	g.sides(ms)
	g.sums(ps)
}

// sides gives names and tax ids that no heading claims: the buyer is left or above, the seller right or below.
func (g *gathered) sides(ms []match) {
	for _, field := range []string{"name", "tax_id"} {
		var two []match
		for _, m := range ms {
			if m.tag.field == field && m.tag.party == "" {
				two = append(two, m)
			}
		}
		if len(two) != 2 {
			continue
		}
		if math.Abs(two[0].label.box.cy()-two[1].label.box.cy()) < two[0].label.em && two[0].label.box.x0 > two[1].label.box.x0 {
			two[0], two[1] = two[1], two[0]
		}
		for i, who := range []string{"buyer", "seller"} {
			delete(g.rank, who+"_"+field)
			two[i].trust = 0.9
			g.put(who+"_"+field, two[i].value, two[i], 5)
		}
	}
}

// sums reads the row 合计: the first amount is the net, the next the tax.
func (g *gathered) sums(ps []*piece) {
	for _, l := range ps {
		if l.label == nil || l.label.field != "sum" {
			continue
		}
		var row []*piece
		for _, x := range ps {
			if x.label == nil && x.box.x0 > l.box.x1 && x.box.down(l.box) > 0.3*min(x.box.h(), l.box.h()) {
				row = append(row, x)
			}
		}
		slices.SortStableFunc(row, func(a, b *piece) int { return cmpf(a.box.x0, b.box.x0) })
		names := []string{"net", "tax"}
		for _, x := range row {
			v, ok := amount(x.words())
			if !ok || len(names) == 0 {
				continue
			}
			g.put(names[0], v, match{label: l, block: &block{pieces: []*piece{x}, box: x.box}, trust: 0.95}, 9)
			names = names[1:]
		}
	}
}

var customNames = map[string]string{
	"发票代码": "invoice_code", "发票号码": "invoice_no", "数电票号码": "invoice_no", "开票日期": "issued_on", "购买方名称": "buyer_name", "购买方纳税人识别号": "buyer_tax_id", "销售方名称": "seller_name", "销售方纳税人识别号": "seller_tax_id",
	"合计金额": "net", "合计税额": "tax", "价税合计": "total", "校验码": "check_code", "购方名称": "buyer_name", "购方税号": "buyer_tax_id", "销方名称": "seller_name", "销方税号": "seller_tax_id", "金额": "net", "税额": "tax", "不含税金额": "net",
	"购买方统一社会信用代码/纳税人识别号": "buyer_tax_id", "销售方统一社会信用代码/纳税人识别号": "seller_tax_id", "价税合计小写": "total", "价税合计(小写)": "total",
}

var tagNames = map[string]string{
	"InvoiceCode": "invoice_code", "InvoiceNo": "invoice_no", "InvoiceNumber": "invoice_no", "IssueDate": "issued_on", "BuyerName": "buyer_name", "BuyerTaxID": "buyer_tax_id", "SellerName": "seller_name", "SellerTaxID": "seller_tax_id",
	"TaxExclusiveTotalAmount": "net", "TaxTotalAmount": "tax", "TaxInclusiveTotalAmount": "total", "InvoiceCheckCode": "check_code",
}

// customFacts reads the facts a package states by name in OFD.xml.
func customFacts(ns []*node) (out []Fact) {
	for _, n := range ns {
		name := customNames[Fold(n.attrs["Name"])]
		text := strings.TrimSpace(n.text)
		if name == "" || text == "" {
			continue
		}
		if v, ok := value(name, text); ok {
			out = append(out, Fact{Name: name, Value: v, Page: 1, Label: n.attrs["Name"], Source: text, Confidence: 0.99, By: byXML})
		}
	}
	return out
}

// tags reads which text objects the issuer's tags name. A tag that cannot be read is left out: the page says the same.
func (o *ofd) tags(doc *node, dir string, objects map[string]object, pages []*page) (out []Fact) {
	loc := strings.TrimSpace(doc.get("CustomTags").text)
	if loc == "" {
		return nil
	}
	list, err := o.xml(ofdAt(dir, loc))
	if err != nil {
		return nil
	}
	base := ofdAt(dir, loc)
	base = base[:strings.LastIndexByte(base, '/')+1]
	list.walk(func(n *node) {
		if n.name != "FileLoc" {
			return
		}
		root, err := o.xml(ofdAt(base, strings.TrimSpace(n.text)))
		if err != nil {
			return
		}
		root.walk(func(n *node) {
			name := tagNames[n.name]
			if name == "" {
				return
			}
			text, box, p := "", rect{}, (*page)(nil)
			for _, r := range n.all("ObjectRef") {
				if ob, ok := objects[strings.TrimSpace(r.text)]; ok && (p == nil || ob.page == p) {
					text, box, p = text+strings.TrimSpace(ob.text), box.with(ob.box), ob.page
				}
			}
			if v, ok := value(name, text); ok && p != nil {
				out = append(out, Fact{Name: name, Value: v, Page: p.no, Box: p.frac(box), Label: n.name, Source: text, Confidence: 0.98, By: "reader"})
			}
		})
	})
	return out
}
