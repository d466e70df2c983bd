package ingest

import (
	"bytes"
	"strings"

	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
)

// What of a PDF's attachments is looked at.
const (
	maxAttached     = 50
	maxAttachedSize = 8 << 20
)

// attached reads the invoices among a PDF's embedded files (ISO 32000-2, 7.11.4).
func (e *engine) attached(doc references.FPDF_DOCUMENT, _ []byte) (out stated) {
	n, err := e.inst.FPDFDoc_GetAttachmentCount(&requests.FPDFDoc_GetAttachmentCount{Document: doc})
	if err != nil {
		return out
	}
	for i := range min(n.AttachmentCount, maxAttached) {
		a, err := e.inst.FPDFDoc_GetAttachment(&requests.FPDFDoc_GetAttachment{Document: doc, Index: i})
		if err != nil {
			continue
		}
		name := ""
		if r, err := e.inst.FPDFAttachment_GetName(&requests.FPDFAttachment_GetName{Attachment: a.Attachment}); err == nil {
			name = cleanName(r.Name)
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
