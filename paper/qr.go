package paper

import (
	"bytes"
	"image"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/makiuchi-d/gozxing"
	multi "github.com/makiuchi-d/gozxing/multi/qrcode"
	"golang.org/x/image/draw"
)

// A code is what a QR code (ISO/IEC 18004) on a page says.
type code struct {
	text string
	box  rect // in points; none where only its picture is known
}

const (
	codeLong  = 1754            // pixels of a page's long side that is searched: A4 at 150 dpi
	codeLimit = 3 * time.Second // a picture may be made to keep the search busy
	codeText  = 300             // no invoice's code is longer
	codeTotal = 6 * time.Second // for all codes of one paper, which has to be read in time; what is left is read without
)

// codes finds the QR codes of a picture, their boxes in its pixels. A search that does not end in time ends with the worker: see Work.
func (e *engine) codes(img image.Image) []code {
	if e.busy {
		return nil
	}
	found := make(chan []code, 1)
	go func() {
		var out []code
		defer func() {
			// A decoder's slip on a strange picture costs its code, not the paper.
			_ = recover()
			found <- out
		}()
		out = decodeQR(img)
	}()
	select {
	case out := <-found:
		return out
	case <-time.After(codeLimit):
		e.busy = true
		return nil
	}
}

func decodeQR(img image.Image) (out []code) {
	bits, err := gozxing.NewBinaryBitmap(gozxing.NewHybridBinarizer(gozxing.NewLuminanceSourceFromImage(img)))
	if err != nil {
		return nil
	}
	results, err := multi.NewQRCodeMultiReader().DecodeMultiple(bits, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		return nil
	}
	for _, r := range results {
		c := code{text: r.GetText()}
		for _, p := range r.GetResultPoints() {
			c.box = c.box.with(rect{p.GetX(), p.GetY(), p.GetX() + 1, p.GetY() + 1})
		}
		if len(c.text) <= codeText {
			out = append(out, c)
		}
	}
	return out
}

// codesOn finds the codes of a picture that is a page, at a size at which that is quick.
func (e *engine) codesOn(img image.Image, long int, p *page) {
	b := img.Bounds()
	if max(b.Dx(), b.Dy()) > long {
		img = grey(img, long)
		b = img.Bounds()
	}
	x, y := p.w/float64(b.Dx()), p.h/float64(b.Dy())
	for _, c := range e.codes(img) {
		p.codes = append(p.codes, code{c.text, rect{c.box.x0 * x, c.box.y0 * y, c.box.x1 * x, c.box.y1 * y}})
	}
}

// pageCodes finds the codes of a PDF's page that speaks of an invoice, drawn: they are pictures in some and paths in others.
func (e *engine) pageCodes(doc references.FPDF_DOCUMENT, i int, p *page) {
	if e.sought > codeTotal || !p.speaks('票') {
		return
	}
	defer func(began time.Time) { e.sought += time.Since(began) }(time.Now())
	k := codeLong / max(p.w, p.h)
	r, err := e.inst.RenderPageInPixels(&requests.RenderPageInPixels{Page: requests.Page{ByIndex: &requests.PageByIndex{Document: doc, Index: i}}, Width: max(int(p.w*k), 1), Height: max(int(p.h*k), 1)})
	if err != nil {
		return
	}
	defer r.Cleanup()
	// The picture's memory is PDFium's, and the search may outlast it.
	own := image.NewGray(r.Result.Image.Bounds())
	draw.Draw(own, own.Bounds(), r.Result.Image, own.Bounds().Min, draw.Src)
	e.codesOn(own, codeLong, p)
}

func (p *page) speaks(r rune) bool {
	return slices.ContainsFunc(p.glyphs, func(g glyph) bool { return g.r == r })
}

// What of an OFD's pictures is looked at.
const (
	ofdPictures = 20
	ofdPixels   = 4_000_000
)

// packedCodes finds the codes among an OFD's pictures. Which page shows them is not asked: a package is one invoice.
func (e *engine) packedCodes(o *ofd, p *page) {
	n := 0
	for _, name := range slices.Sorted(maps.Keys(o.files)) {
		if ext := strings.ToLower(path.Ext(name)); ext != ".png" && ext != ".jpg" && ext != ".jpeg" && ext != ".bmp" && ext != ".gif" || n >= ofdPictures {
			continue
		}
		n++
		b, err := o.bytes(name)
		if err != nil {
			return
		}
		c, _, err := image.DecodeConfig(bytes.NewReader(b))
		if err != nil || c.Width <= 0 || c.Height <= 0 || c.Width*c.Height > ofdPixels || c.Width*4 > c.Height*5 || c.Height*4 > c.Width*5 { // a code is square, a stamp is not
			continue
		}
		img, _, err := image.Decode(bytes.NewReader(b))
		if err != nil {
			continue
		}
		for _, c := range e.codes(framed(img)) {
			p.codes = append(p.codes, code{text: c.text})
		}
	}
}

// framed lays a picture on white with the margin that a code needs, larger where its modules may be single pixels.
func framed(img image.Image) *image.Gray {
	b := img.Bounds()
	k := max(1, min(4, 240/max(b.Dx(), b.Dy(), 1)))
	m := max(b.Dx(), b.Dy()) * k / 6
	out := white(b.Dx()*k+2*m, b.Dy()*k+2*m)
	draw.NearestNeighbor.Scale(out, image.Rect(m, m, m+b.Dx()*k, m+b.Dy()*k), img, b, draw.Over, nil)
	return out
}

// invoice reads an invoice's code: 01, kind, code, number, amount, day, check code, and a checksum of its maker's. A 数电票 has no code and states the amount
// with tax; the older ones state it without.
func (c code) invoice(p *page) (out []Fact) {
	part := strings.Split(strings.TrimSpace(c.text), ",")
	if len(part) < 6 || part[0] != "01" || len(part[1]) != 2 {
		return nil
	}
	box := Box{}
	if c.box != (rect{}) {
		box = p.frac(c.box)
	}
	put := func(name, text string) {
		if v, ok := value(name, text); ok {
			out = append(out, Fact{Name: name, Value: v, Page: p.no, Box: box, Label: "二维码", Source: text, Confidence: 0.97, By: byQR})
		}
	}
	number := strings.TrimSpace(part[3])
	if len(number) != 8 && len(number) != 20 || strings.Trim(number, "0123456789") != "" {
		return nil
	}
	put("invoice_code", part[2])
	put("invoice_no", number)
	amount := "net"
	if strings.TrimSpace(part[2]) == "" {
		amount = "total"
	}
	put(amount, part[4])
	put("issued_on", part[5])
	if len(part) > 6 {
		put("check_code", part[6])
	}
	return out
}

// coded gives each invoice of a page what its code says. A page of which nothing is known but its code is an invoice too.
func (p *page) coded(ps []Paper) []Paper {
	for _, c := range p.codes {
		fs := c.invoice(p)
		if fs == nil {
			continue
		}
		is := func(ok func(Paper) bool) int {
			at := slices.IndexFunc(ps, ok)
			if at >= 0 && slices.ContainsFunc(ps[at+1:], ok) {
				return -1
			}
			return at
		}
		at := is(func(x Paper) bool { return x.Kind == "invoice" && x.Fact("invoice_no") == numberOf(fs) })
		if at < 0 && c.box != (rect{}) {
			f := p.frac(c.box)
			x, y := (f[0]+f[2])/2, (f[1]+f[3])/2
			at = is(func(o Paper) bool {
				return o.Kind == "invoice" && o.Box[0] <= x && x <= o.Box[2] && o.Box[1] <= y && y <= o.Box[3]
			})
		}
		if at < 0 {
			at = is(func(x Paper) bool { return x.Kind == "invoice" })
		}
		if at < 0 && len(ps) == 0 {
			ps = append(ps, Paper{Page: p.no, Box: Box{0, 0, 1, 1}, Kind: "other"})
		}
		if at < 0 && len(ps) == 1 && ps[0].Kind == "other" {
			ps[0].Kind, at = "invoice", 0
		}
		if at >= 0 {
			ps[at].settle(slices.Concat(ps[at].Facts, fs), ps[at].Others)
		}
	}
	return ps
}
