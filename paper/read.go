// Package paper reads files: what strangers send becomes words with their places, papers, and what each paper says. It knows no database and writes nothing.
//
// A Pool (pool.go) has it done by worker processes (worker.go), since what comes from strangers may hang or die. Read, in this file, asks each format for
// its glyphs with their boxes (pdf.go, ofd.go, office.go, mail.go, msg.go; scan.go and ocr.go of pictures) or for its data (einvoice.go, xml.go, qr.go), and
// archives for their parts (zip.go). cut.go parts pages into papers, layout.go lines into labels and values by label.go and ruled.go, slip.go and invoice.go
// choose facts, value.go brings them into one form, check.go says what cannot be right. form.go tells by what a form is known again, lesson.go reads by what
// people's corrections taught.
package paper

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"unicode/utf16"

	"github.com/gabriel-vasile/mimetype"
)

// A Company is the user's own: its names and accounts tell money that came in from money that went out.
type Company struct {
	Name     string   `json:"name"`
	Accounts []string `json:"accounts"`
	Bank     string   `json:"bank,omitempty"`
}

// MaxFile is the most bytes that one file may have.
const MaxFile = 64 << 20

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

	Lesson string  `json:"lesson,omitempty"` // what people taught, by which it was found
	Trust  float64 `json:"trust,omitempty"`  // in that lesson when it was read; the confidence counts it
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
	Pages  int      `json:"pages,omitempty"`  // further ones that it goes on over
	Unread []string `json:"unread,omitempty"` // attached data that cannot be read

	Form    Form     `json:"form"`              // what it has alike with others of its sender
	Answers []Lesson `json:"answers,omitempty"` // to a Question about it
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

// Set gives a fact the value that a person says it has; its place on the page stays. An empty value takes the fact away.
func (p *Paper) Set(name, v string) {
	for i := range p.Facts {
		if p.Facts[i].Name != name {
			continue
		}
		if p.Facts[i].Value != v {
			p.Facts[i].Value, p.Facts[i].By, p.Facts[i].Confidence, p.Facts[i].Lesson, p.Facts[i].Trust = v, "person", 1, "", 0
		}
		if v == "" {
			p.Facts = append(p.Facts[:i], p.Facts[i+1:]...)
		}
		return
	}
	if v != "" {
		p.Facts = append(p.Facts, Fact{Name: name, Value: v, Page: p.Page, By: "person", Confidence: 1})
	}
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
	Next   int        `json:"next,omitempty"`  // the way to try a scan next, which does not seem to stand upright
	Plain  bool       `json:"plain,omitempty"` // a document with words, that is no paper: nothing in it is looked for
	Cut    bool       `json:"cut,omitempty"`   // not all its words are kept
	Parts  []Part     `json:"parts,omitempty"` // the files that an archive or a mail holds
	Mail   *Mail      `json:"mail,omitempty"`
}

// A Part is a file in another; one with a reason was not taken.
type Part struct {
	Name   string `json:"name"` // in an archive with its folders
	Size   int64  `json:"size"`
	Reason string `json:"reason,omitempty"`
	Detail string `json:"detail,omitempty"`
	Data   []byte `json:"-"`

	Unlocked bool `json:"unlocked,omitempty"` // by a password
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

// MaxPages is how many pages of a file are read at most.
const MaxPages = 200

// cfb begins a compound file ([MS-CFB]): an old document, a mail of Outlook, or what encrypts a new document.
const cfb = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"

const mimeLocked = "application/x-ole-storage" // an Office document that is encrypted

// sniff tells the type from the content; a name's ending is never asked.
func sniff(data []byte) (string, error) {
	if len(data) == 0 {
		return "", readError("empty", "文件是空的（0 字节）")
	}
	if len(data) > MaxFile {
		return "", readError("too_large", "文件超过 %d MB", MaxFile>>20)
	}
	// What holds other files may hold a PDF near its beginning: it is asked first.
	if bytes.HasPrefix(data, []byte("PK\x03\x04")) || bytes.HasPrefix(data, []byte("PK\x05\x06")) {
		return sniffZip(data)
	}
	if bytes.HasPrefix(data, []byte(cfb)) {
		return sniffCompound(data)
	}
	// A PDF may begin after some bytes of junk: readers look in the first 1024.
	if bytes.Contains(data[:min(len(data), 1024)], []byte("%PDF-")) {
		return "application/pdf", nil
	}
	t := mimetype.Detect(data)
	if isXML(t.String(), data) {
		return mimeXML, nil
	}
	for m := t; m != nil; m = m.Parent() {
		switch m.String() {
		case "image/jpeg", "image/png", "image/tiff", "image/bmp", "image/webp", "image/gif":
			return m.String(), nil
		case "image/heic", "image/heic-sequence", "image/heif", "image/heif-sequence", "image/avif":
			return m.String(), readError("image", "不能读取 %s 格式的照片：请在手机的相机设置里改为“兼容性最佳”（JPG），或转成 JPG、PNG 再上传", strings.ToUpper(strings.TrimPrefix(m.String(), "image/")))
		case "application/vnd.rar", "application/x-rar-compressed", "application/x-7z-compressed", "application/gzip", "application/x-tar", "application/x-xz", "application/x-bzip2", "application/zstd", "application/vnd.ms-cab-compressed":
			return m.String(), readError("archive", "这种压缩文件（%s）不能拆开：请改用 ZIP，或解压后上传", m.Extension())
		}
	}
	if isMail(data) {
		return mimeMail, nil
	}
	switch base, _, _ := strings.Cut(t.String(), ";"); base {
	case "text/rtf", "image/svg+xml":
		return base, unsupported(base)
	case "text/html", "text/csv", "text/tab-separated-values":
		return base, nil
	default:
		if _, ok := decodeText(data); ok && (base == "application/octet-stream" || t.Is("text/plain") || t.Parent() != nil && t.Parent().Is("text/plain")) {
			return "text/plain", nil
		}
		return base, unsupported(base)
	}
}

func unsupported(mime string) error {
	return readError("unsupported", "不支持的文件类型（%s）：读取 PDF、OFD、电子发票 XML、图片（JPG、PNG、TIFF）、Word、Excel、PowerPoint（DOCX、XLSX、PPTX）、文本、邮件（EML、MSG）与 ZIP；原件已保存", mime)
}

// sniffZip looks into a zip: many kinds of document are one.
func sniffZip(data []byte) (string, error) {
	if isOFD(data) {
		return mimeOFD, nil
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return "application/zip", readError("damaged", "压缩文件不完整或已损坏：请重新获取后上传")
	}
	for _, f := range z.File {
		if mime := officeParts[strings.TrimPrefix(f.Name, "/")]; mime != "" {
			return mime, nil
		}
	}
	if t := mimetype.Detect(data); !t.Is("application/zip") && t.Parent() != nil && t.Parent().Is("application/zip") {
		return t.String(), unsupported(t.String())
	}
	return MimeZip, nil
}

// sniffCompound looks into a compound file.
func sniffCompound(data []byte) (string, error) {
	// The names of a compound file's streams stand in it in UTF-16; looking for one costs less than trusting its tables.
	if bytes.Contains(data, utf16le("EncryptedPackage")) {
		return mimeLocked, nil
	}
	if bytes.Contains(data, utf16le("__properties_version1.0")) {
		return mimeMSG, nil
	}
	return "application/x-ole-storage", readError("unsupported", "不支持旧版 Office 文件（DOC、XLS、PPT）：请另存为 DOCX、XLSX、PPTX 或 PDF 再上传；原件已保存")
}

func utf16le(s string) []byte {
	b := make([]byte, 0, 2*len(s))
	for _, c := range utf16.Encode([]rune(s)) {
		b = append(b, byte(c), byte(c>>8))
	}
	return b
}

// understand turns pages with their glyphs into papers.
func understand(mime string, pages []*page, given stated, c Company, lore Lore) Reading {
	r := Reading{Mime: mime}
	for _, p := range pages {
		p.lay()
		w, h := p.w, p.h
		if p.quarter%2 == 1 {
			w, h = h, w // as it lies, which is how it is shown
		}
		r.Pages = append(r.Pages, PageInfo{p.no, round2(w), round2(h), p.text()})
		for _, x := range p.coded(papers(p, c, lore)) {
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
