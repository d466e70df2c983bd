package paper

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-message"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/simplifiedchinese"
)

const (
	mimeMail  = "message/rfc822"
	mailDepth = 16   // multiparts in multiparts
	mailParts = 4000 // entities of a message
)

// A Mail is what a message says of itself (RFC 5322).
type Mail struct {
	ID      string    `json:"id,omitempty"` // Message-ID
	From    string    `json:"from"`         // the address
	To      []string  `json:"to,omitempty"` // the addresses of To, Cc and Bcc
	Subject string    `json:"subject"`
	Sent    time.Time `json:"sent,omitzero"`
	Text    string    `json:"text"`
	Relayed bool      `json:"relayed,omitempty"` // it bears a trace (RFC 5321, 4.4): its sender's own copy does not
}

// A letter is a message as it is read.
type letter struct {
	Mail
	heads  []string // as they are shown
	plain  []string
	html   []string
	parts  *parcel
	seen   int
	images []picturePart // which the text may show in its place
}

type picturePart struct {
	id, name string
	data     []byte
}

var mailField = regexp.MustCompile(`(?i)^(from|to|cc|subject|date|message-id|mime-version|received|return-path|reply-to|delivered-to|content-type|x-[a-z-]+|dkim-signature):`)

// isMail says whether a text begins as a message does: fields, among them From and two more that messages have, and an empty line.
func isMail(data []byte) bool {
	head := data[:min(len(data), 64<<10)]
	from, known := false, 0
	for i, l := range strings.Split(strings.ReplaceAll(string(head), "\r\n", "\n"), "\n") {
		switch {
		case l == "":
			return i > 0 && from && known >= 3
		case i == 0 && strings.HasPrefix(l, "From "), i > 0 && (l[0] == ' ' || l[0] == '\t'):
		case mailField.MatchString(l):
			known++
			from = from || strings.EqualFold(l[:min(5, len(l))], "from:")
		default:
			if name, _, ok := strings.Cut(l, ":"); !ok || name == "" || strings.ContainsAny(name, " \t") {
				return false
			}
		}
	}
	return false
}

// readMail reads a message: its body is the document's text, what is attached its parts.
func readMail(data []byte) (Reading, error) {
	if bytes.HasPrefix(data, []byte("From ")) { // a mailbox's line before the message
		_, data, _ = bytes.Cut(data, []byte("\n"))
	}
	e, err := message.ReadWithOptions(bytes.NewReader(data), &message.ReadOptions{MaxHeaderBytes: 1 << 20})
	if e == nil || err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
		return Reading{Mime: mimeMail}, readError("damaged", "邮件已损坏，无法读取")
	}
	l := &letter{parts: newParcel()}
	h := func(name string) string { return decodeHeader(e.Header.Get(name)) }
	l.ID, l.Subject, l.Relayed = strings.Trim(strings.TrimSpace(h("Message-Id")), "<>"), h("Subject"), e.Header.Has("Received")
	if from := addresses(h("From")); len(from) > 0 {
		l.From = from[0]
	}
	for _, name := range []string{"To", "Cc", "Bcc"} {
		l.To = append(l.To, addresses(h(name))...)
	}
	if t, err := mail.ParseDate(e.Header.Get("Date")); err == nil {
		l.Sent = t.UTC()
	}
	for _, name := range []string{"From", "To", "Cc", "Date", "Subject"} {
		if v := h(name); v != "" {
			l.heads = append(l.heads, name+": "+v)
		}
	}
	if err := l.entity(e, 0, false); err != nil {
		return Reading{Mime: mimeMail}, err
	}
	return l.reading(mimeMail), nil
}

// reading makes the letter a document's reading.
func (l *letter) reading(mime string) Reading {
	body := strings.Join(l.html, "\n")
	for _, x := range l.images {
		if x.id != "" && strings.Contains(body, "cid:"+x.id) {
			l.parts.refuse(x.name, int64(len(x.data)), "inline", "正文里的图片，随邮件保存")
		} else {
			l.parts.take(x.name, bytes.NewReader(x.data), int64(len(x.data)), false)
		}
	}
	l.Text = strings.TrimSpace(strings.Join(l.plain, "\n"))
	if l.Text == "" {
		l.Text = htmlText(body)
	}
	l.Text = Clip(l.Text, MaxText)
	l.ID, l.Subject = Clip(l.ID, 500), Clip(l.Subject, 500)
	s := newSheaf()
	s.add(strings.Join(l.heads, "\n") + "\n\n" + l.Text + "\n")
	parts := l.parts.list()
	if len(parts) > 0 {
		s.add("\n")
	}
	for _, x := range parts {
		s.add(x.line() + "\n")
	}
	r := s.reading(mime)
	r.Parts, r.Mail = parts, &l.Mail
	return r
}

// entity reads a part of a message (RFC 2045, 2046). Of alternatives the plain text is preferred: both are gathered, and one is chosen at the end.
func (l *letter) entity(e *message.Entity, depth int, related bool) error {
	if l.seen++; l.seen > mailParts || depth > mailDepth {
		return readError("too_large", "邮件的结构过深或部分过多")
	}
	kind, _, err := mime.ParseMediaType(e.Header.Get("Content-Type"))
	if kind == "" || err != nil && !strings.Contains(kind, "/") {
		kind, _, _ = strings.Cut(strings.ToLower(e.Header.Get("Content-Type")), ";")
		if kind = strings.TrimSpace(kind); kind == "" {
			kind = "text/plain"
		}
	}
	if m := e.MultipartReader(); m != nil {
		for {
			p, err := m.NextPart()
			if p != nil && (err == nil || message.IsUnknownCharset(err) || message.IsUnknownEncoding(err)) {
				if err := l.entity(p, depth+1, kind == "multipart/related"); err != nil {
					return err
				}
				continue
			}
			if errors.Is(err, io.EOF) {
				return nil
			}
			l.parts.refuse("…", 0, "damaged", "邮件不完整，其后的附件无法读取")
			return nil // what came before the mistake is kept
		}
	}
	disposition := strings.ToLower(e.Header.Get("Content-Disposition"))
	name := param(e.Header.Get("Content-Disposition"), "filename")
	if name == "" {
		name = param(e.Header.Get("Content-Type"), "name")
	}
	attached := strings.HasPrefix(disposition, "attachment") || name != ""
	if !attached && (kind == "text/plain" || kind == "text/html") {
		b, err := io.ReadAll(io.LimitReader(e.Body, 16<<20))
		if err != nil && len(b) == 0 {
			return nil // its words are broken off at once
		}
		text := decodeCharset(b, param(e.Header.Get("Content-Type"), "charset"))
		if kind == "text/html" {
			l.html = append(l.html, text)
		} else {
			l.plain = append(l.plain, text)
		}
		return nil
	}
	if name == "" {
		name = fmt.Sprintf("附件%d", len(l.parts.parts)+len(l.images)+1)
		if kind == mimeMail {
			name += ".eml"
		}
	}
	id := strings.Trim(strings.TrimSpace(e.Header.Get("Content-Id")), "<>")
	if strings.HasPrefix(kind, "image/") && id != "" && !strings.HasPrefix(disposition, "attachment") {
		b, err := io.ReadAll(io.LimitReader(e.Body, l.parts.left))
		if err == nil {
			l.images = append(l.images, picturePart{id, name, b})
			l.parts.left = max(0, l.parts.left-int64(len(b)))
			return nil
		}
	}
	l.parts.take(name, e.Body, MaxFile, false)
	return nil
}

// addresses are those of a field, as far as they can be told.
func addresses(field string) []string {
	var out []string
	for _, m := range mailAddress.FindAllString(field, 2000) {
		out = append(out, strings.ToLower(m))
	}
	return out
}

var mailAddress = regexp.MustCompile(`[\p{L}\p{N}.!#$%&'*+/=?^_{|}~-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+`)

// charsetOf finds an encoding by its name. What calls itself GB 2312 or GBK is read as GB 18030, which holds both: senders do not keep to the smaller.
func charsetOf(name string) encoding.Encoding {
	name = strings.ToLower(strings.Trim(strings.TrimSpace(name), `"'`))
	switch name {
	case "gb2312", "gbk", "gb18030", "x-gbk", "cp936", "ms936", "windows-936", "gb_2312-80", "euc-cn", "hz-gb-2312":
		if name == "hz-gb-2312" {
			return simplifiedchinese.HZGB2312
		}
		return simplifiedchinese.GB18030
	}
	e, err := htmlindex.Get(name)
	if err != nil {
		return nil
	}
	return e
}

// decodeCharset reads text of a named encoding; one without a name, or of an unknown one, is read by its looks.
func decodeCharset(b []byte, name string) string {
	if e := charsetOf(name); e != nil && !(strings.HasPrefix(strings.ToLower(name), "utf") && !utf8.Valid(b)) {
		if s, err := e.NewDecoder().Bytes(b); err == nil && !(bytes.ContainsRune(s, utf8.RuneError) && utf8.Valid(b)) {
			return strings.ReplaceAll(string(s), "\r\n", "\n")
		}
	}
	if s, ok := decodeText(b); ok {
		return s
	}
	return strings.ToValidUTF8(string(b), "�")
}

var encodedWord = regexp.MustCompile(`=\?([^?*\s]+)(?:\*[^?\s]*)?\?([BbQq])\?([^?]*)\?=`)

// decodeHeader reads a field with encoded words (RFC 2047). Words of one charset side by side are decoded as one: many mailers cut a Han character in two.
// Bytes that are no UTF-8, which old ones send as they are, are read as GB 18030.
func decodeHeader(s string) string {
	if !utf8.ValidString(s) {
		s = decodeCharset([]byte(s), "gb18030")
	}
	var out strings.Builder
	var run []byte
	charset := ""
	flush := func() {
		out.WriteString(decodeCharset(run, charset))
		run, charset = nil, ""
	}
	at := 0
	for _, m := range encodedWord.FindAllStringSubmatchIndex(s, -1) {
		between := s[at:m[0]]
		cs := strings.ToLower(s[m[2]:m[3]])
		if charset != "" && (strings.TrimSpace(between) != "" || cs != charset) {
			flush()
			if strings.TrimSpace(between) == "" {
				between = ""
			}
		} else if charset != "" {
			between = ""
		}
		out.WriteString(between)
		charset = cs
		word := s[m[6]:m[7]]
		if strings.EqualFold(s[m[4]:m[5]], "b") {
			word = strings.TrimRight(word, "=")
			b, _ := base64.RawStdEncoding.DecodeString(word) // what was decoded before a mistake is kept
			run = append(run, b...)
		} else {
			b, _ := io.ReadAll(quotedprintable.NewReader(strings.NewReader(strings.ReplaceAll(word, "_", "=20"))))
			run = append(run, b...)
		}
		at = m[1]
	}
	if charset != "" {
		flush()
	}
	out.WriteString(s[at:])
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, out.String())), " ")
}
