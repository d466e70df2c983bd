package ingest

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/gabriel-vasile/mimetype"
)

// A Company is the user's own: its names and accounts tell money that came in from money that went out.
type Company struct {
	Name     string   `json:"name"`
	Accounts []string `json:"accounts"`
	Bank     string   `json:"bank,omitempty"`
}

// A Box is x0, y0, x1, y1 as fractions 0–1 of the page, origin top left.
type Box [4]float64

// A Fact is one thing a paper says, and where it says so.
type Fact struct {
	Name       string  `json:"name"`
	Value      string  `json:"value"` // in one form: 491300.00, 2025-08-19, CNY
	Page       int     `json:"page"`
	Box        Box     `json:"box"`
	Label      string  `json:"label"`      // as printed
	Source     string  `json:"source"`     // as printed
	Confidence float64 `json:"confidence"` // 0–1
	By         string  `json:"by"`         // reader (what is printed), xml (what the file states as data), qr (what its code says) or person
}

// A Check is one question asked of a paper's facts.
type Check struct {
	Check  string `json:"check"`
	Result string `json:"result"` // pass, warn, fail
	Reason string `json:"reason"` // in Chinese words
}

// A Paper is one slip or invoice; a page may hold several.
type Paper struct {
	Page   int      `json:"page"` // 1-based, the first
	Kind   string   `json:"kind"` // slip, invoice, other
	Box    Box      `json:"box"`
	Scan   bool     `json:"scan,omitempty"` // read in a picture: its characters may be wrong
	Facts  []Fact   `json:"facts"`
	Checks []Check  `json:"checks"`
	Others []Fact   `json:"others,omitempty"` // what another source than a fact's own says of the same
	Unread []string `json:"unread,omitempty"` // attached data that cannot be read
}

// Fact returns the value of a fact, "" where the paper does not say.
func (p Paper) Fact(name string) string {
	for _, f := range p.Facts {
		if f.Name == name {
			return f.Value
		}
	}
	return ""
}

// Map returns the facts as name → value.
func (p Paper) Map() map[string]string {
	m := make(map[string]string, len(p.Facts))
	for _, f := range p.Facts {
		m[f.Name] = f.Value
	}
	return m
}

// PageInfo is a page's size in points and its text, line by line.
type PageInfo struct {
	Page   int     `json:"page"`
	Width  float64 `json:"width"`
	Height float64 `json:"height"`
	Text   string  `json:"text"`
}

// A Reading is all that was read from one file.
type Reading struct {
	Mime   string     `json:"mime"`
	Pages  []PageInfo `json:"pages"`
	Papers []Paper    `json:"papers"`
	Scans  []int      `json:"scans,omitempty"` // pages that are pictures, still to be read
}

// A ReadError says why a file cannot be read. Code is one of empty, encrypted, password, damaged, too_large, image, archive, unsupported, timeout,
// crashed, too_many_pages, no_ocr; the UI has a sentence for each.
type ReadError struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

func (e *ReadError) Error() string { return e.Message }

func readError(code, format string, args ...any) *ReadError {
	return &ReadError{code, fmt.Sprintf(format, args...)}
}

const maxPages = 200

// sniff tells the type from the content; a name's ending is never asked.
func sniff(data []byte) (string, error) {
	if len(data) == 0 {
		return "", readError("empty", "文件是空的（0 字节）")
	}
	if len(data) > MaxFile {
		return "", readError("too_large", "文件超过 %d MB", MaxFile>>20)
	}
	// A PDF may begin after some bytes of junk: readers look in the first 1024.
	if bytes.Contains(data[:min(len(data), 1024)], []byte("%PDF-")) {
		return "application/pdf", nil
	}
	if bytes.HasPrefix(data, []byte("PK\x03\x04")) || bytes.HasPrefix(data, []byte("PK\x05\x06")) {
		if isOFD(data) {
			return mimeOFD, nil
		}
	}
	t := mimetype.Detect(data)
	if isXML(t.String(), data) {
		return mimeXML, nil
	}
	for m := t; m != nil; m = m.Parent() {
		switch m.String() {
		case "image/jpeg", "image/png", "image/tiff", "image/bmp", "image/webp", "image/gif":
			return m.String(), nil
		case "image/heic", "image/heif", "image/avif":
			return m.String(), readError("image", "不能读取 %s 格式的照片：请在手机的相机设置里改为“兼容性最佳”（JPG），或转成 JPG、PNG 再上传", strings.ToUpper(strings.TrimPrefix(m.String(), "image/")))
		case "application/zip":
			return m.String(), readError("archive", "压缩文件里不是 OFD，也可能已损坏：请解压后提供 PDF 或 OFD 原件")
		}
	}
	return t.String(), readError("unsupported", "不支持的文件类型（%s）：只读取 PDF、OFD、电子发票 XML 与图片（JPG、PNG、TIFF）", t.String())
}

// understand turns pages with their glyphs into papers.
func understand(mime string, pages []*page, given stated, c Company) Reading {
	r := Reading{Mime: mime}
	for _, p := range pages {
		p.lay()
		r.Pages = append(r.Pages, PageInfo{p.no, round2(p.w), round2(p.h), p.text()})
		for _, x := range p.coded(papers(p, c)) {
			x.Scan = p.scanned
			r.Papers = append(r.Papers, x)
		}
	}
	r.Papers = whole(r.Papers, given)
	for i := range r.Papers {
		r.Papers[i].Checks = CheckPaper(r.Papers[i], c)
	}
	return r
}

func round2(x float64) float64 { return float64(int(x*100+0.5)) / 100 }
