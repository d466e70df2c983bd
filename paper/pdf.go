package paper

import (
	"bytes"
	"errors"
	"fmt"
	"image/png"
	"math"
	"time"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/enums"
	pdferrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
)

// engine is PDFium, compiled when the first PDF comes; compiling takes a second, and milliseconds from the cache.
type engine struct {
	cacheDir string
	pool     pdfium.Pool
	inst     pdfium.Pdfium
	busy     bool            // with a search that did not end in time
	sought   time.Duration   // spent on the codes of the paper at hand
	test     func(op string) // what a test's own worker does to it
}

func (e *engine) start() error {
	if e.inst != nil {
		return nil
	}
	config := wazero.NewRuntimeConfig().WithMemoryLimitPages(8192) // 512 MiB
	if e.cacheDir != "" {
		// Without the cache everything works, later.
		if c, err := wazero.NewCompilationCacheWithDir(e.cacheDir); err == nil {
			config = config.WithCompilationCache(c)
		}
	}
	// No directory is mounted: a paper that breaks PDFium finds no files.
	pool, err := webassembly.Init(webassembly.Config{MinIdle: 1, MaxIdle: 1, MaxTotal: 1, RuntimeConfig: config, FSConfig: wazero.NewFSConfig(), Stdout: discard{}, Stderr: discard{}})
	if err != nil {
		return fmt.Errorf("start PDFium: %w", err)
	}
	inst, err := pool.GetInstance(time.Minute)
	if err != nil {
		return fmt.Errorf("start PDFium: %w", err)
	}
	e.pool, e.inst = pool, inst
	return nil
}

// discard keeps PDFium's words off the worker's stdout, which carries frames.
type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }

func (e *engine) open(data []byte, password string) (references.FPDF_DOCUMENT, int, error) {
	if err := e.start(); err != nil {
		return "", 0, err
	}
	req := &requests.OpenDocument{File: &data}
	if password != "" {
		req.Password = &password
	}
	doc, err := e.inst.OpenDocument(req)
	switch {
	case errors.Is(err, pdferrors.ErrPassword) && password == "":
		return "", 0, readError("encrypted", "PDF 已加密，需要密码")
	case errors.Is(err, pdferrors.ErrPassword):
		return "", 0, readError("password", "PDF 的密码不对")
	case errors.Is(err, pdferrors.ErrSecurity):
		return "", 0, readError("encrypted", "PDF 的加密方式不受支持")
	case err != nil:
		return "", 0, readError("damaged", "PDF 已损坏，无法打开")
	}
	n, err := e.inst.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: doc.Document})
	if err != nil || n.PageCount == 0 {
		e.close(doc.Document)
		return "", 0, readError("damaged", "PDF 已损坏：没有页面")
	}
	return doc.Document, n.PageCount, nil
}

func (e *engine) close(doc references.FPDF_DOCUMENT) {
	// A document that does not close leaves memory behind until the worker is replaced.
	_, _ = e.inst.FPDF_CloseDocument(&requests.FPDF_CloseDocument{Document: doc})
}

// pages reads every character with its place, and the data that is attached.
func (e *engine) pages(data []byte, password string) ([]*page, stated, error) {
	doc, n, err := e.open(data, password)
	if err != nil {
		return nil, stated{}, err
	}
	defer e.close(doc)
	if n > MaxPages {
		return nil, stated{}, readError("too_many_pages", "PDF 有 %d 页，最多读取 %d 页", n, MaxPages)
	}
	var pages []*page
	for i := range n {
		p, err := e.page(doc, i)
		if err != nil {
			return nil, stated{}, readError("damaged", "PDF 第 %d 页已损坏", i+1)
		}
		e.pageCodes(doc, i, p)
		pages = append(pages, p)
	}
	return pages, e.attached(doc, data), nil
}

func (e *engine) page(doc references.FPDF_DOCUMENT, i int) (*page, error) {
	loaded, err := e.inst.FPDF_LoadPage(&requests.FPDF_LoadPage{Document: doc, Index: i})
	if err != nil {
		return nil, err
	}
	defer func() { _, _ = e.inst.FPDF_ClosePage(&requests.FPDF_ClosePage{Page: loaded.Page}) }()
	ref := requests.Page{ByReference: &loaded.Page}
	size, err := e.inst.FPDF_GetPageSizeByIndex(&requests.FPDF_GetPageSizeByIndex{Document: doc, Index: i})
	if err != nil {
		return nil, err
	}
	p := &page{no: i + 1, w: size.Width, h: size.Height}
	if p.w <= 0 || p.h <= 0 {
		return nil, errors.New("page without size")
	}
	to, err := e.place(ref, p)
	if err != nil {
		return nil, err
	}
	p.rules = e.rules(ref, to)
	text, err := e.inst.FPDFText_LoadPage(&requests.FPDFText_LoadPage{Page: ref})
	if err != nil {
		return nil, err
	}
	defer func() { _, _ = e.inst.FPDFText_ClosePage(&requests.FPDFText_ClosePage{TextPage: text.TextPage}) }()
	count, err := e.inst.FPDFText_CountChars(&requests.FPDFText_CountChars{TextPage: text.TextPage})
	if err != nil {
		return nil, err
	}
	const most = 200_000 // a page of more is no paper
	for k := range min(count.Count, most) {
		u, err := e.inst.FPDFText_GetUnicode(&requests.FPDFText_GetUnicode{TextPage: text.TextPage, Index: k})
		if err != nil || u.Unicode <= ' ' || u.Unicode == 0xA0 || u.Unicode == 0x3000 {
			continue
		}
		b, err := e.inst.FPDFText_GetLooseCharBox(&requests.FPDFText_GetLooseCharBox{TextPage: text.TextPage, Index: k})
		if err != nil {
			continue
		}
		// Stamps are set at an angle across the facts; a whole page may lie on its side, which place has already righted.
		a, err := e.inst.FPDFText_GetCharAngle(&requests.FPDFText_GetCharAngle{TextPage: text.TextPage, Index: k})
		if err == nil && to.slanted(float64(a.CharAngle)) {
			continue
		}
		p.glyphs = append(p.glyphs, to.glyph(rune(u.Unicode), float64(b.Rect.Left), float64(b.Rect.Bottom), float64(b.Rect.Right), float64(b.Rect.Top)))
	}
	return p, nil
}

// affine maps PDF's coordinates to points from the top left of the page as it is shown: crop box and rotation included.
type affine struct{ ax, bx, ay, by, ox, oy float64 }

func (e *engine) place(ref requests.Page, p *page) (affine, error) {
	const fine, far = 64.0, 1000.0
	at := func(x, y float64) (float64, float64, error) {
		r, err := e.inst.FPDF_PageToDevice(&requests.FPDF_PageToDevice{Page: ref, SizeX: int(p.w * fine), SizeY: int(p.h * fine), PageX: x, PageY: y})
		if err != nil {
			return 0, 0, err
		}
		return float64(r.DeviceX) / fine, float64(r.DeviceY) / fine, nil
	}
	ox, oy, err := at(0, 0)
	if err != nil {
		return affine{}, err
	}
	x1, y1, err := at(far, 0)
	if err != nil {
		return affine{}, err
	}
	x2, y2, err := at(0, far)
	return affine{(x1 - ox) / far, (x2 - ox) / far, (y1 - oy) / far, (y2 - oy) / far, ox, oy}, err
}

func (t affine) glyph(r rune, x0, y0, x1, y1 float64) glyph {
	ax, ay := t.ox+t.ax*x0+t.bx*y0, t.oy+t.ay*x0+t.by*y0
	bx, by := t.ox+t.ax*x1+t.bx*y1, t.oy+t.ay*x1+t.by*y1
	return glyph{r, min(ax, bx), min(ay, by), max(ax, bx), max(ay, by), 0}
}

// slanted says whether text at this angle (radians) is not level on the page as shown.
func (t affine) slanted(angle float64) bool {
	// Text at the angle a runs along (cos a, sin a); PDFium measures clockwise or not by the font's matrix, so both signs are asked.
	for _, a := range []float64{angle, -angle} {
		dx, dy := t.ax*math.Cos(a)+t.bx*math.Sin(a), t.ay*math.Cos(a)+t.by*math.Sin(a)
		if dx > 0.5 && math.Abs(dy) < 0.05*dx {
			return false
		}
	}
	return true
}

// render draws a page, width pixels wide, as PNG.
func (e *engine) render(data []byte, password string, no, width int) ([]byte, error) {
	doc, n, err := e.open(data, password)
	if err != nil {
		return nil, err
	}
	defer e.close(doc)
	if no < 1 || no > n {
		return nil, readError("damaged", "没有第 %d 页", no)
	}
	size, err := e.inst.FPDF_GetPageSizeByIndex(&requests.FPDF_GetPageSizeByIndex{Document: doc, Index: no - 1})
	if err != nil || size.Width <= 0 || size.Height <= 0 {
		return nil, readError("damaged", "PDF 第 %d 页已损坏", no)
	}
	width = min(max(width, 16), 4000)
	height := int(math.Round(float64(width) * size.Height / size.Width))
	if height > 12000 {
		width, height = max(width*12000/height, 1), 12000
	}
	img, err := e.inst.RenderPageInPixels(&requests.RenderPageInPixels{
		Page: requests.Page{ByIndex: &requests.PageByIndex{Document: doc, Index: no - 1}}, Width: width, Height: max(height, 1), RenderFlags: enums.FPDF_RENDER_FLAG_ANNOT,
	})
	if err != nil {
		return nil, readError("damaged", "PDF 第 %d 页无法显示", no)
	}
	defer img.Cleanup()
	var b bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := enc.Encode(&b, img.Result.Image); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
