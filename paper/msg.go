package paper

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"maps"
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/richardlehane/mscfb"
	"golang.org/x/text/encoding/unicode"
)

const mimeMSG = "application/vnd.ms-outlook"

// A folder of a message file: its properties by tag (id and type in hex), and the folders in it, of recipients, attachments and messages in them.
type msgFolder struct {
	props   map[string][]byte
	folders map[string]*msgFolder
}

func (f *msgFolder) at(name string) *msgFolder {
	if f.folders[name] == nil {
		f.folders[name] = newFolder()
	}
	return f.folders[name]
}

func newFolder() *msgFolder {
	return &msgFolder{map[string][]byte{}, map[string]*msgFolder{}}
}

// Names in a message file ([MS-OXMSG]).
const (
	msgProp      = "__substg1.0_"
	msgFixed     = "__properties_version1.0"
	msgRecipient = "__recip_version1.0_"
	msgAttached  = "__attach_version1.0_"
	msgStreams   = 20_000
)

// readMSG reads a message that Outlook saved ([MS-OXMSG] in a compound file, [MS-CFB]).
func readMSG(data []byte) (r Reading, err error) {
	damaged := readError("damaged", "邮件（MSG）已损坏，无法读取")
	defer func() {
		if recover() != nil { // the library trusts the tables of a file
			r, err = Reading{Mime: mimeMSG}, damaged
		}
	}()
	// It makes room for as many folders as the file claims to have.
	if len(data) < 512 || int64(binary.LittleEndian.Uint32(data[40:]))*512 > int64(len(data)) {
		return Reading{Mime: mimeMSG}, damaged
	}
	c, err := mscfb.New(bytes.NewReader(data))
	if err != nil {
		return Reading{Mime: mimeMSG}, damaged
	}
	root := newFolder()
	left := int64(len(data)) // nothing in it is packed: more can only be a chain of sectors that bites its tail
	for n := 0; ; n++ {
		f, err := c.Next()
		if err == io.EOF {
			break
		}
		if err != nil || n > msgStreams {
			return Reading{Mime: mimeMSG}, damaged
		}
		if f.Size <= 0 || f.FileInfo().IsDir() || len(f.Path) > 8 || len(f.Path) > 0 && strings.HasPrefix(f.Path[0], "__nameid") {
			continue
		}
		at := root
		for _, p := range f.Path {
			at = at.at(p)
		}
		b, err := io.ReadAll(io.LimitReader(f, min(left, f.Size)))
		if err != nil {
			return Reading{Mime: mimeMSG}, damaged
		}
		if left -= int64(len(b)); left <= 0 {
			return Reading{Mime: mimeMSG}, damaged
		}
		at.props[strings.ToUpper(strings.TrimPrefix(f.Name, msgProp))] = b
	}
	l := &letter{parts: newParcel()}
	head := l.message(root)
	l.heads = head
	return l.reading(mimeMSG), nil
}

// text reads a property of text: in UTF-16, else in the file's code page.
func (f *msgFolder) text(id string, page string) string {
	if b, ok := f.props[id+"001F"]; ok {
		s, err := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewDecoder().Bytes(b)
		if err == nil {
			return strings.TrimRight(string(s), "\x00")
		}
	}
	return strings.TrimRight(decodeCharset(f.props[id+"001E"], page), "\x00")
}

// fixed reads a property of eight bytes or less; head is what stands before the first.
func (f *msgFolder) fixed(tag uint32, head int) (uint64, bool) {
	b := f.props[strings.ToUpper(msgFixed)]
	for ; len(b) >= head+16; b = b[16:] {
		if binary.LittleEndian.Uint32(b[head:]) == tag {
			return binary.LittleEndian.Uint64(b[head+8:]), true
		}
	}
	return 0, false
}

// Property tags ([MS-OXPROPS]).
const (
	tagSubmitted = 0x00390040
	tagDelivered = 0x0E060040
	tagCodepage  = 0x3FFD0003
	tagBodypage  = 0x3FDE0003
)

// message reads a message's own properties into the letter, and answers its fields as they are shown.
func (l *letter) message(f *msgFolder) []string {
	header := 32
	if len(f.props[strings.ToUpper(msgFixed)])%16 == 8 {
		header = 24 // a message in a message
	}
	page := ""
	for _, tag := range []uint32{tagCodepage, tagBodypage} {
		if n, ok := f.fixed(tag, header); ok && page == "" {
			page = codepage(uint32(n))
		}
	}
	l.Subject = strings.TrimSpace(f.text("0037", page))
	l.ID = strings.Trim(strings.TrimSpace(f.text("1035", page)), "<>")
	from, name := "", f.text("0C1A", page)
	for _, id := range []string{"5D01", "0C1F", "5D02", "0065"} {
		if a := addresses(f.text(id, page)); from == "" && len(a) > 0 {
			from = a[0]
		}
	}
	heads := f.text("007D", page)
	if m, err := mail.ReadMessage(strings.NewReader(strings.TrimLeft(heads, "\r\n") + "\r\n\r\n")); err == nil {
		l.Relayed = m.Header.Get("Received") != ""
		if a := addresses(m.Header.Get("From")); from == "" && len(a) > 0 {
			from = a[0]
		}
		if l.ID == "" {
			l.ID = strings.Trim(strings.TrimSpace(m.Header.Get("Message-Id")), "<>")
		}
	}
	l.From = from
	for _, tag := range []uint32{tagDelivered, tagSubmitted} {
		if n, ok := f.fixed(tag, header); ok && n > 0 {
			l.Sent = time.Unix(0, 0).UTC().Add(time.Duration(int64(n/10)-11644473600_000_000) * time.Microsecond) // from 1601 ([MS-DTYP] 2.3.3)
		}
	}
	var to []string
	for _, k := range slices.Sorted(maps.Keys(f.folders)) {
		sub := f.folders[k]
		switch {
		case strings.HasPrefix(k, msgRecipient):
			for _, id := range []string{"39FE", "3003", "5FF6"} {
				if a := addresses(sub.text(id, page)); len(a) > 0 {
					l.To = append(l.To, a[0])
					to = append(to, strings.TrimSpace(sub.text("3001", page)+" <"+a[0]+">"))
					break
				}
			}
		case strings.HasPrefix(k, msgAttached):
			l.attachment(sub, page)
		}
	}
	if s := strings.TrimSpace(f.text("1000", page)); s != "" {
		l.plain = append(l.plain, strings.ReplaceAll(s, "\r\n", "\n"))
	}
	if b := f.props["10130102"]; len(b) > 0 {
		l.html = append(l.html, decodeCharset(b, page))
	} else if s := f.text("1013", page); s != "" {
		l.html = append(l.html, s)
	}
	out := []string{"From: " + strings.TrimSpace(name+" <"+from+">")}
	if len(to) > 0 {
		out = append(out, "To: "+strings.Join(to, ", "))
	}
	if !l.Sent.IsZero() {
		out = append(out, "Date: "+l.Sent.Format(time.RFC1123Z))
	}
	return append(out, "Subject: "+l.Subject)
}

// attachment takes a file; a message that is attached has no bytes of its own, so its words stand with the letter's and its files among its.
func (l *letter) attachment(f *msgFolder, page string) {
	name := ""
	for _, id := range []string{"3707", "3704", "3001"} {
		if name == "" {
			name = strings.TrimSpace(f.text(id, page))
		}
	}
	if in := f.folders[msgProp+"3701000D"]; in != nil {
		inner := &letter{parts: l.parts}
		heads := inner.message(in)
		words := strings.Join(inner.plain, "\n")
		if words == "" {
			words = htmlText(strings.Join(inner.html, "\n"))
		}
		l.plain = append(l.plain, "\n--- "+name+" ---\n"+strings.Join(heads, "\n")+"\n\n"+words)
		l.images = append(l.images, inner.images...)
		return
	}
	if name == "" {
		name = fmt.Sprintf("附件%d", len(l.parts.parts)+len(l.images)+1)
	}
	b, ok := f.props["37010102"]
	if !ok {
		l.parts.refuse(name, 0, "bad_name", "附件只是一个链接，邮件里没有它的内容")
		return
	}
	if id := f.text("3712", page); id != "" {
		l.images = append(l.images, picturePart{id, name, b})
		return
	}
	l.parts.take(name, bytes.NewReader(b), int64(len(b)), false)
}

// codepage names a Windows code page as charsets are named.
func codepage(n uint32) string {
	switch n {
	case 936, 54936, 20936:
		return "gb18030"
	case 950:
		return "big5"
	case 932:
		return "shift_jis"
	case 949:
		return "euc-kr"
	case 65001:
		return "utf-8"
	case 0, 1200:
		return ""
	}
	return "windows-" + strconv.Itoa(int(n))
}
