package api

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"strings"
	"unicode/utf8"

	"guike/blob"
	"guike/record"
)

// maxAttached is the largest file that goes along with a mail; most servers take no more.
const maxAttached = 20 << 20

type draftMail struct {
	About    string    `json:"about" doc:"the kind of the record"`
	Rec      record.ID `json:"rec" doc:"its id"`
	To       string    `json:"to,omitempty"`
	Subject  string    `json:"subject"`
	Body     string    `json:"body" doc:"plain text"`
	Original bool      `json:"original,omitempty" doc:"attach the record's file"`
}

// draftMail writes a mail that a mail program opens as a draft of the reader's own: nothing is sent from here.
func (c *call) draftMail() (any, error) {
	in, err := decode[draftMail](c)
	if err != nil {
		return nil, err
	}
	if !c.scope.Share {
		return nil, record.Errorf(record.Denied, "error.denied")
	}
	if utf8.RuneCountInString(in.Subject) > 300 {
		return nil, record.FieldError("subject", "error.too_long")
	}
	to := ""
	if in.To != "" {
		a, err := mail.ParseAddress(in.To)
		if err != nil {
			return nil, record.FieldError("to", "error.not_a_email")
		}
		to = a.String()
	}
	if _, err := c.kind(in.About); err != nil {
		return nil, err
	}
	r, err := c.s.db.Get(c, c.scope, in.About, in.Rec)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	text, err := w.CreatePart(textproto.MIMEHeader{"Content-Type": {"text/plain; charset=utf-8"}, "Content-Transfer-Encoding": {"quoted-printable"}})
	if err != nil {
		return nil, err
	}
	q := quotedprintable.NewWriter(text)
	if _, err := q.Write([]byte(strings.ReplaceAll(strings.ReplaceAll(in.Body, "\r\n", "\n"), "\n", "\r\n"))); err != nil {
		return nil, err
	}
	if err := q.Close(); err != nil {
		return nil, err
	}
	if in.Original {
		if err := c.attach(w, r); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	h := c.w.Header()
	h.Set("Content-Type", "message/rfc822")
	h.Set("Content-Disposition", `attachment; filename="draft.eml"`)
	head := "X-Unsent: 1\r\nMIME-Version: 1.0\r\n"
	if to != "" {
		head += "To: " + to + "\r\n"
	}
	head += fmt.Sprintf("Subject: %s\r\nContent-Type: multipart/mixed; boundary=%q\r\n\r\n", mime.BEncoding.Encode("utf-8", oneLine(in.Subject)), w.Boundary())
	if _, err := c.w.Write(append([]byte(head), b.Bytes()...)); err != nil {
		return nil, nil // the client went away
	}
	return nil, nil
}

// oneLine keeps a header in its line.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// attach puts the record's file into a mail, where it holds nothing but this record.
func (c *call) attach(w *multipart.Writer, r record.Record) error {
	sh, err := c.sheets(r)
	if err != nil {
		return err
	}
	if !sh.whole {
		return record.FieldError("original", "error.share_others")
	}
	if sh.doc.Size > maxAttached {
		return record.FieldError("original", "error.mail_large")
	}
	data, err := blob.ReadAll(c, c.s.Desk.Blobs, sh.doc.SHA256, maxAttached)
	if err != nil {
		return err
	}
	part, err := w.CreatePart(textproto.MIMEHeader{
		"Content-Type":              {"application/octet-stream"},
		"Content-Transfer-Encoding": {"base64"},
		"Content-Disposition":       {mime.FormatMediaType("attachment", map[string]string{"filename": sh.doc.Name})},
	})
	if err != nil {
		return err
	}
	text := base64.StdEncoding.EncodeToString(data)
	for len(text) > 0 {
		n := min(76, len(text))
		if _, err := part.Write([]byte(text[:n] + "\r\n")); err != nil {
			return err
		}
		text = text[n:]
	}
	return nil
}
