package paper

import (
	"archive/zip"
	"bytes"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"guike/demo"
)

// No package of strange XML breaks the reader: what is fuzzed is the page, which the zip around it only carries.
func FuzzOFD(f *testing.F) {
	data, _, err := demo.InvoiceOFD(demo.Invoice{No: "24112000000048542163", IssuedOn: time.Date(2026, 1, 9, 0, 0, 0, 0, time.UTC), Seller: demo.Company, Buyer: "文佳然", Item: "年费", Net: 100, Tax: 6, Total: 106, Rate: 6})
	if err != nil {
		f.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		f.Fatal(err)
	}
	parts := map[string][]byte{}
	for _, e := range z.File {
		r, err := e.Open()
		if err != nil {
			f.Fatal(err)
		}
		if parts[e.Name], err = io.ReadAll(r); err != nil {
			f.Fatal(err)
		}
	}
	const page = "Doc_0/Pages/Page_0/Content.xml"
	f.Add(parts[page], parts["OFD.xml"])
	f.Fuzz(func(t *testing.T, content, head []byte) {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		for name, body := range parts {
			switch name {
			case page:
				body = content
			case "OFD.xml":
				body = head
			}
			e, err := w.Create(name)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := e.Write(body); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if _, pages, given, err := readOFD(b.Bytes()); err == nil {
			understand(mimeOFD, pages, given, Company{}, Lore{})
			if _, err := drawOFD(b.Bytes(), 1, 200); err != nil && !strings.Contains(err.Error(), "大小") {
				t.Errorf("read, but not drawn: %v", err)
			}
		}
	})
}

// Glyphs anywhere, of any size, are a page like any other.
func FuzzLayout(f *testing.F) {
	f.Add("付款人：文佳然 账号：12345678 金额 ¥100.00 壹佰元整", uint64(1))
	f.Fuzz(func(t *testing.T, text string, seed uint64) {
		rng := rand.New(rand.NewPCG(seed, 1))
		p := &page{no: 1, w: 595, h: 842}
		x, y := 40.0, 40.0
		for _, r := range text {
			if rng.IntN(12) == 0 {
				x, y = rng.Float64()*600, y+rng.Float64()*20
			}
			w := rng.Float64() * 12
			p.glyphs = append(p.glyphs, glyph{r, x, y, x + w, y + rng.Float64()*14, 0})
			x += w
			if rng.IntN(20) == 0 {
				p.rules.add(x, y-20, x, y+20)
			}
		}
		again := *p
		r := understand("application/pdf", []*page{p}, stated{}, Company{Name: "文佳然"}, Lore{})
		// Nor does what a person says of it, or what is learnt from that.
		lore := Lore{Cuts: []Cut{{Page: 1, At: []float64{0.1}}}}
		if seed%2 == 0 {
			lore.Cuts = nil
		}
		for _, x := range r.Papers {
			q := Question{Page: 1, Box: x.Box, Facts: x.Map()}
			q.Facts["payee_name"], q.Facts["amount"] = "文佳然", "100.00"
			lore.Ask = append(lore.Ask, q)
			lore.Taught = append(lore.Taught, Taught{x.Form, []Lesson{{Fact: "amount", Label: "金额", Way: "below", Place: 1, Places: 1}}})
		}
		for _, x := range understand("application/pdf", []*page{&again}, stated{}, Company{Name: "文佳然"}, lore).Papers {
			for _, a := range x.Answers {
				if a.Place < 1 || a.Place > a.Places || !LabelLike(a.Label) {
					t.Errorf("%+v", a)
				}
			}
		}
	})
}

// No XML breaks the reader of invoices, and what it takes for one has a number.
func FuzzXML(f *testing.F) {
	f.Add([]byte(bureau(someNo, "100.00", "6.00", "106.00")))
	f.Add([]byte("<a xmlns:b='c'><b:InvoiceNo>12345678</b:InvoiceNo><![CDATA[x]]></a>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, _, err := readXML(data)
		if err != nil {
			return
		}
		for _, p := range understand(mimeXML, nil, s, Company{}, Lore{}).Papers {
			if p.Fact("invoice_no") == "" {
				t.Errorf("%+v", p)
			}
		}
	})
}
