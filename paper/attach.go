package paper

import (
	"bytes"
	"compress/zlib"
	"io"
	"regexp"
	"strings"

	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
)

// What of a PDF's attachments is looked at.
const (
	maxAttached     = 50
	maxAttachedSize = 8 << 20
)

var (
	embeddedFile = regexp.MustCompile(`/Type\s*/EmbeddedFile\b`)
	filter       = regexp.MustCompile(`/Filter\s*(?:\[\s*)?/(\w+)`)
)

// associated finds the embedded files of a PDF that lists none by name: those that only an AF entry points at (ISO 32000-2, 14.13), which PDFium does not
// tell of. A stream is never inside another, so that each stands in the file's bytes; what is encrypted or packed in another way than Flate is left.
func associated(data []byte) (out [][]byte) {
	for _, at := range embeddedFile.FindAllIndex(data, maxAttached) {
		head, _, ok := bytes.Cut(data[at[0]:min(len(data), at[0]+4096)], []byte("stream"))
		begin := max(bytes.LastIndex(data[max(0, at[0]-2048):at[0]], []byte("obj")), 0) + max(0, at[0]-2048)
		if !ok {
			continue
		}
		body := data[at[0]+len(head)+len("stream"):]
		body = bytes.TrimPrefix(bytes.TrimPrefix(body, []byte("\r")), []byte("\n"))
		end := bytes.Index(body, []byte("endstream"))
		if end < 0 {
			continue
		}
		body = body[:end]
		if f := filter.FindSubmatch(data[begin : at[0]+len(head)]); f != nil {
			if string(f[1]) != "FlateDecode" && string(f[1]) != "Fl" {
				continue
			}
			r, err := zlib.NewReader(bytes.NewReader(body))
			if err != nil {
				continue
			}
			// What came out before an error is judged like any other: it is whole XML or not.
			body, err = io.ReadAll(io.LimitReader(r, maxAttachedSize))
			if err != nil && len(body) == 0 {
				continue
			}
		}
		if len(body) <= maxAttachedSize && xmlBegins.Match(bytes.TrimLeft(body[:min(len(body), 512)], "\xEF\xBB\xBF \t\r\n")) {
			out = append(out, body)
		}
	}
	return out
}

// attached reads the invoices among a PDF's embedded files (ISO 32000-2, 7.11.4).
func (e *engine) attached(doc references.FPDF_DOCUMENT, data []byte) (out stated) {
	n, err := e.inst.FPDFDoc_GetAttachmentCount(&requests.FPDFDoc_GetAttachmentCount{Document: doc})
	if err != nil {
		return out
	}
	if n.AttachmentCount == 0 {
		for _, b := range associated(data) {
			out.add("AF", b)
		}
		return out
	}
	for i := range min(n.AttachmentCount, maxAttached) {
		a, err := e.inst.FPDFDoc_GetAttachment(&requests.FPDFDoc_GetAttachment{Document: doc, Index: i})
		if err != nil {
			continue
		}
		name := ""
		if r, err := e.inst.FPDFAttachment_GetName(&requests.FPDFAttachment_GetName{Attachment: a.Attachment}); err == nil {
			name = CleanName(r.Name)
		}
		f, err := e.inst.FPDFAttachment_GetFile(&requests.FPDFAttachment_GetFile{Attachment: a.Attachment})
		if err != nil || f.Contents == nil {
			if strings.HasSuffix(strings.ToLower(name), ".xml") || strings.HasSuffix(strings.ToLower(name), ".xbrl") {
				out.unread = append(out.unread, name)
			}
			continue
		}
		if !xmlBegins.Match(bytes.TrimLeft(f.Contents[:min(len(f.Contents), 512)], "\xEF\xBB\xBF \t\r\n")) {
			continue
		}
		if len(f.Contents) > maxAttachedSize {
			out.unread = append(out.unread, name+"（过大）")
			continue
		}
		out.add(name, f.Contents)
	}
	return out
}
