package paper

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	xunicode "golang.org/x/text/encoding/unicode"
)

// What is kept of a document's words, for search and preview. What stands behind it is in the original, and the document says so.
const (
	MaxText      = 190_000 // characters
	MaxTextPages = 1000
)

// A sheaf gathers the pages of a document that is words and no picture, up to what is kept of them.
type sheaf struct {
	pages []PageInfo
	b     strings.Builder
	left  int // characters
	cut   bool
}

func newSheaf() *sheaf { return &sheaf{left: MaxText} }

// full says that nothing more is taken: who reads a long part may stop.
func (s *sheaf) full() bool { return s.left <= 0 || len(s.pages) >= MaxTextPages }

// add takes words. Form feeds part pages where they are kept, so none comes in.
func (s *sheaf) add(text string) {
	for _, r := range text {
		if s.full() {
			s.cut = true
			return
		}
		if r == 0 || r == '\f' || r == utf8.RuneError {
			r = ' '
		}
		s.b.WriteRune(r)
		s.left--
	}
}

// turn ends a page. Where none may be empty, an empty one is not ended.
func (s *sheaf) turn(empty bool) {
	text := strings.TrimSpace(s.b.String())
	if text == "" && !empty {
		return
	}
	s.b.Reset()
	if len(s.pages) >= MaxTextPages {
		s.cut = true
		return
	}
	s.pages = append(s.pages, PageInfo{Page: len(s.pages) + 1, Text: text})
}

// reading makes the pages a document's reading; one without words has one empty page.
func (s *sheaf) reading(mime string) Reading {
	s.turn(len(s.pages) == 0)
	return Reading{Mime: mime, Pages: s.pages, Plain: true, Cut: s.cut}
}

// readText reads a text file; form feeds part its pages.
func readText(data []byte, mime string) (Reading, error) {
	text, ok := decodeText(data)
	if !ok {
		return Reading{Mime: mime}, readError("damaged", "文本的编码无法识别：不是 UTF-8、UTF-16 或 GB18030")
	}
	if mime == "text/html" {
		text = htmlText(text)
	}
	s := newSheaf()
	for part := range strings.SplitSeq(text, "\f") {
		s.add(part)
		s.turn(false)
	}
	return s.reading(mime), nil
}

// decodeText reads bytes as Unicode: by their byte order mark, else as UTF-8, as UTF-16 where every other byte is zero, as GB 18030. Not ok is what is no text.
func decodeText(data []byte) (string, bool) {
	var e encoding.Encoding
	switch {
	case bytes.HasPrefix(data, []byte{0xEF, 0xBB, 0xBF}):
		data = data[3:]
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}), bytes.HasPrefix(data, []byte{0xFE, 0xFF}):
		e = xunicode.UTF16(xunicode.LittleEndian, xunicode.UseBOM)
	case bytes.IndexByte(data, 0) >= 0:
		var zeros [2]int
		for i, b := range data {
			if b == 0 {
				zeros[i%2]++
			}
		}
		switch few := len(data) / 8; {
		case zeros[1] > few && zeros[0]*8 < zeros[1]:
			e = xunicode.UTF16(xunicode.LittleEndian, xunicode.IgnoreBOM)
		case zeros[0] > few && zeros[1]*8 < zeros[0]:
			e = xunicode.UTF16(xunicode.BigEndian, xunicode.IgnoreBOM)
		default:
			return "", false
		}
	case !utf8.Valid(data):
		e = simplifiedchinese.GB18030
	}
	if e != nil {
		b, err := e.NewDecoder().Bytes(data)
		if err != nil {
			return "", false
		}
		data = b
	}
	strange, n := 0, 0
	for _, r := range string(data) {
		n++
		switch {
		case r == utf8.RuneError:
			strange += 8
		case r < ' ' && !strings.ContainsRune("\t\n\r\f\v\b\x1a\x1b", r), r >= 0x80 && r < 0xA0, unicode.Is(unicode.Co, r):
			strange++
		}
	}
	if strange > 0 && strange*100 > n {
		return "", false
	}
	return strings.ReplaceAll(strings.ReplaceAll(string(data), "\r\n", "\n"), "\r", "\n"), true
}

// htmlText is what a reader of a web page sees of its words.
func htmlText(s string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(s))
	z.SetMaxBuf(8 << 20)
	hidden := ""
	for {
		switch z.Next() {
		case html.ErrorToken: // the end; what stood before a mistake is kept
			lines := strings.Split(b.String(), "\n")
			out := lines[:0]
			for _, l := range lines {
				l = strings.Join(strings.Fields(l), " ")
				if l != "" || len(out) > 0 && out[len(out)-1] != "" {
					out = append(out, l)
				}
			}
			return strings.TrimSpace(strings.Join(out, "\n"))
		case html.TextToken:
			if hidden == "" {
				b.Write(bytes.ReplaceAll(z.Text(), []byte("\n"), []byte(" ")))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			switch string(name) {
			case "script", "style", "title", "noscript":
				if hidden == "" {
					hidden = string(name)
				}
			case "td", "th":
				b.WriteString(" \u00a0")
			case "br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "blockquote", "hr", "pre":
				b.WriteByte('\n')
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			switch string(name) {
			case hidden:
				hidden = ""
			case "p", "div", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "table", "blockquote":
				b.WriteByte('\n')
			}
		}
	}
}
