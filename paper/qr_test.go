package paper

import (
	"archive/zip"
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"guike/demo"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/structs"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// qr draws a code, as many pixels a side as asked for or a few more.
func qr(t testing.TB, text string, side int) *image.Gray {
	t.Helper()
	m, err := qrcode.NewQRCodeWriter().Encode(text, gozxing.BarcodeFormat_QR_CODE, side, side, nil)
	if err != nil {
		t.Fatal(err)
	}
	out := image.NewGray(image.Rect(0, 0, m.GetWidth(), m.GetHeight()))
	draw.Draw(out, out.Bounds(), image.White, image.Point{}, draw.Src)
	for y := range m.GetHeight() {
		for x := range m.GetWidth() {
			if m.Get(x, y) {
				out.SetGray(x, y, color.Gray{})
			}
		}
	}
	return out
}

const someCode = "01,32,," + someNo + ",106.00,20260109,,8A2B"

// stamp draws a code into a PDF's first page, as paths.
func stamp(t *testing.T, e *engine, data []byte, text string) []byte {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	doc, _, err := e.open(data, "")
	must(err)
	defer e.close(doc)
	loaded, err := e.inst.FPDF_LoadPage(&requests.FPDF_LoadPage{Document: doc})
	must(err)
	ref := requests.Page{ByReference: &loaded.Page}
	size, err := e.inst.FPDF_GetPageSizeByIndex(&requests.FPDF_GetPageSizeByIndex{Document: doc})
	must(err)
	img := qr(t, text, 0)
	const module = 1.6
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			if img.GrayAt(x, y).Y > 0 {
				continue
			}
			o, err := e.inst.FPDFPageObj_CreateNewRect(&requests.FPDFPageObj_CreateNewRect{X: float32(20 + float64(x)*module), Y: float32(size.Height - 20 - float64(y+1)*module), W: module, H: module})
			must(err)
			_, err = e.inst.FPDFPageObj_SetFillColor(&requests.FPDFPageObj_SetFillColor{PageObject: o.PageObject, FillColor: structs.FPDF_COLOR{A: 255}})
			must(err)
			_, err = e.inst.FPDFPath_SetDrawMode(&requests.FPDFPath_SetDrawMode{PageObject: o.PageObject, FillMode: enums.FPDF_FILLMODE_WINDING})
			must(err)
			_, err = e.inst.FPDFPage_InsertObject(&requests.FPDFPage_InsertObject{Page: ref, PageObject: o.PageObject})
			must(err)
		}
	}
	_, err = e.inst.FPDFPage_GenerateContent(&requests.FPDFPage_GenerateContent{Page: ref})
	must(err)
	var b bytes.Buffer
	_, err = e.inst.FPDF_SaveAsCopy(&requests.FPDF_SaveAsCopy{Document: doc, FileWriter: &b})
	must(err)
	return b.Bytes()
}

// repack adds files to a package.
func repack(t *testing.T, data []byte, files map[string][]byte) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range z.File {
		if err := w.Copy(f); err != nil {
			t.Fatal(err)
		}
	}
	for name, body := range files {
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
	return b.Bytes()
}

// A code on a PDF makes what it confirms surer, and what it contradicts a matter for a person.
func TestCodeOfPDF(t *testing.T) {
	e := ready(t)
	data, _, err := demo.InvoicePDF(someInvoice())
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ code, check string }{
		"agrees":         {someCode, "pass"},
		"amount untaxed": {"01,32,," + someNo + ",100.00,20260109,,8A2B", "pass"},
		"another amount": {"01,32,," + someNo + ",206.00,20260109,,8A2B", "fail"},
		"another day":    {"01,32,," + someNo + ",106.00,20260110,,8A2B", "fail"},
		"another number": {"01,32,,24112000000048542169,106.00,20260109,,8A2B", "fail"},
		"not an invoice": {"https://example.com/01,32,,", ""},
		"junk":           {"01,32,,xx,NaN,99999999,,,,,,,,", ""},
		"short":          {"01,32", ""},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := e.read(stamp(t, e, data, c.code), request{})
			if err != nil || len(r.Papers) != 1 {
				t.Fatalf("%v, %d papers", err, len(r.Papers))
			}
			if got, _, _ := strings.Cut(result(r.Papers[0], "qr"), " "); got != c.check {
				t.Errorf("check %q, want %s; %+v", result(r.Papers[0], "qr"), c.check, r.Papers[0].Others)
			}
			for _, f := range r.Papers[0].Facts {
				if f.By != byReader || f.Name == "invoice_no" && c.check == "pass" && f.Confidence < 0.99 {
					t.Errorf("%+v", f)
				}
			}
		})
	}
}

// A code among an OFD's pictures, cut without a margin; what the package does not say it fills in.
func TestCodeOfOFD(t *testing.T) {
	v := someInvoice()
	v.WithoutTotal, v.WithoutPrinted = true, true
	data, _, err := demo.InvoiceOFD(v)
	if err != nil {
		t.Fatal(err)
	}
	img := qr(t, someCode, 0)
	var b bytes.Buffer
	if err := png.Encode(&b, img.SubImage(image.Rect(4, 4, img.Rect.Dx()-4, img.Rect.Dy()-4))); err != nil {
		t.Fatal(err)
	}
	data = repack(t, data, map[string][]byte{"Doc_0/Res/image_1.png": b.Bytes(), "Doc_0/Res/broken.png": []byte("no picture")})
	r, err := (&engine{}).read(data, request{})
	if err != nil || len(r.Papers) != 1 {
		t.Fatalf("%v %+v", err, r)
	}
	p := r.Papers[0]
	if p.Fact("total") != "106.00" || !strings.HasPrefix(result(p, "qr"), "pass") {
		t.Errorf("%s, %s", p.Fact("total"), result(p, "qr"))
	}
	for _, f := range p.Facts {
		if want := map[bool]string{true: byQR, false: byXML}[f.Name == "total"]; f.By != want {
			t.Errorf("%s comes from %s", f.Name, f.By)
		}
	}
}

// A photo is turned, unsharp and noisy. A picture of noise has no code and takes no time.
func TestCodeOfPicture(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	photo := image.NewGray(image.Rect(0, 0, 1600, 1200))
	for i := range photo.Pix {
		photo.Pix[i] = uint8(200 + rng.IntN(40))
	}
	c := qr(t, someCode, 240)
	draw.Draw(photo, c.Bounds().Add(image.Pt(90, 70)), c, image.Point{}, draw.Src)
	for i := range photo.Pix {
		photo.Pix[i] = uint8(min(max(int(photo.Pix[i])+rng.IntN(60)-30, 0), 255))
	}
	e := &engine{}
	for turn := 1; turn <= 8; turn += 2 { // 1, 3, 5 (mirrored), 7 of Exif
		p := &page{no: 1, w: 595, h: 446}
		e.codesOn(turned(photo, turn), codeLong, p)
		ps := p.coded(nil)
		if len(ps) != 1 || ps[0].Kind != "invoice" || ps[0].Fact("invoice_no") != someNo || ps[0].Fact("total") != "106.00" || ps[0].Fact("issued_on") != "2026-01-09" || ps[0].Facts[0].Box == (Box{}) {
			t.Errorf("orientation %d: %+v", turn, ps)
		}
	}
	for i := range photo.Pix {
		photo.Pix[i] = uint8(rng.IntN(2) * 255)
	}
	began := time.Now()
	if got := e.codes(photo); got != nil || time.Since(began) > codeLimit+time.Second {
		t.Errorf("noise: %v in %s", got, time.Since(began))
	}
	old := code{text: "01,10,050001700111,12235358,10000.00,20200805,16630282980991510014,7257"}.invoice(&page{no: 1, w: 1, h: 1})
	if p := (Paper{Facts: old}); p.Fact("net") != "10000.00" || p.Fact("total") != "" || p.Fact("invoice_code") != "050001700111" || p.Fact("check_code") == "" {
		t.Errorf("%+v", old)
	}
}

// Whatever a code says, it gives facts in their forms or none.
func FuzzCode(f *testing.F) {
	f.Add(someCode)
	f.Add("01,10,050001700111,12235358,10000.00,20200805,16630282980991510014,7257")
	f.Fuzz(func(t *testing.T, text string) {
		p := &page{no: 1, w: 595, h: 842, codes: []code{{text: text}}}
		for _, x := range understand("image/png", []*page{p}, stated{}, Company{}, Lore{}).Papers {
			if _, ok := fen(x.Fact("total")); x.Fact("total") != "" && !ok {
				t.Errorf("%+v", x)
			}
		}
	})
}

// A picture that is made to keep the search busy costs its code, not the paper, and the worker that searches is given up.
func TestBusyCode(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 1700, 1700))
	draw.Draw(img, img.Bounds(), image.White, image.Point{}, draw.Src)
	for y := 0; y+28 <= 1700; y += 36 {
		for x := 0; x+28 <= 1700; x += 36 {
			for i, c := range []color.Gray{{}, {Y: 255}, {}} {
				m := 4 * i
				draw.Draw(img, image.Rect(x+m, y+m, x+28-m, y+28-m), image.NewUniform(c), image.Point{}, draw.Src)
			}
		}
	}
	e := &engine{}
	began := time.Now()
	if got := e.codes(img); got != nil {
		t.Errorf("%+v", got)
	}
	if d := time.Since(began); d > codeLimit+2*time.Second {
		t.Errorf("took %s", d)
	}
	if !e.busy {
		t.Error("the search ended")
	}
	data, _, err := demo.InvoiceOFD(someInvoice())
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	data = repack(t, data, map[string][]byte{"Doc_0/Res/a.png": b.Bytes(), "Doc_0/Res/b.png": b.Bytes()})
	p := pool(t, "work", 20*time.Second)
	for range 2 {
		r, err := p.Read(t.Context(), "a.ofd", data, "", Company{})
		if err != nil || len(r.Papers) != 1 || r.Papers[0].Fact("total") != "106.00" {
			t.Errorf("%v %+v", err, r.Papers)
		}
	}
}
