package paper

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// What an untrusted XML file may hold.
const (
	xmlDepth = 64
	xmlNodes = 500_000
)

// node is an element of any namespace; makers do not agree on prefixes.
type node struct {
	name  string
	attrs map[string]string
	text  string
	kids  []*node
}

func (n *node) get(names ...string) *node {
	for _, name := range names {
		var hit *node
		for _, k := range n.kids {
			if k.name == name {
				hit = k
				break
			}
		}
		if hit == nil {
			return &node{}
		}
		n = hit
	}
	return n
}

func (n *node) all(name string) (out []*node) {
	for _, k := range n.kids {
		if k.name == name {
			out = append(out, k)
		}
	}
	return out
}

func (n *node) walk(fn func(*node)) {
	fn(n)
	for _, k := range n.kids {
		k.walk(fn)
	}
}

// walkBut is walk that leaves out some elements with all below them.
func (n *node) walkBut(leave func(*node) bool, fn func(*node)) {
	if leave(n) {
		return
	}
	fn(n)
	for _, k := range n.kids {
		k.walkBut(leave, fn)
	}
}

var (
	errDTD     = errors.New("含有文档类型声明（DTD）或实体，不读取")
	errDeep    = errors.New("嵌套过深")
	errNodes   = errors.New("元素过多")
	errBroken  = errors.New("不是完整的 XML")
	errCharset = errors.New("文字编码无法识别")
)

// parseXML reads XML into nodes under one that has no name. No entity is ever looked up: a document type is refused, and a reference to an entity other
// than the five of XML 1.0 (4.6) is an error of the decoder.
func parseXML(b []byte) (*node, error) {
	b, err := decodeXML(b)
	if err != nil {
		return nil, err
	}
	type open struct {
		*node
		text []byte
	}
	d := xml.NewDecoder(bytes.NewReader(b))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // it is UTF-8 by now, whatever it says
	root := &node{}
	stack := []open{{node: root}}
	for n := 0; ; {
		t, err := d.Token()
		if err == io.EOF && len(stack) == 1 {
			return root, nil
		}
		if err != nil {
			return nil, errBroken
		}
		top := &stack[len(stack)-1]
		switch t := t.(type) {
		case xml.StartElement:
			if len(stack) > xmlDepth {
				return nil, errDeep
			}
			if n += 1 + len(t.Attr); n > xmlNodes {
				return nil, errNodes
			}
			x := &node{name: t.Name.Local}
			for _, a := range t.Attr {
				if x.attrs == nil {
					x.attrs = map[string]string{}
				}
				x.attrs[a.Name.Local] = a.Value
			}
			top.kids = append(top.kids, x)
			stack = append(stack, open{node: x})
		case xml.EndElement:
			top.node.text = string(top.text)
			stack = stack[:len(stack)-1]
		case xml.CharData:
			top.text = append(top.text, t...)
		case xml.Directive:
			return nil, errDTD
		}
	}
}

// decodeXML brings XML to UTF-8 by what its bytes are. The declaration is not believed: programs write UTF-8 under "GBK", and GBK under "UTF-8".
func decodeXML(b []byte) ([]byte, error) {
	switch {
	case bytes.HasPrefix(b, []byte{0xFF, 0xFE}):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(b)
	case bytes.HasPrefix(b, []byte{0xFE, 0xFF}):
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder().Bytes(b)
	}
	b = bytes.TrimPrefix(b, []byte{0xEF, 0xBB, 0xBF})
	if utf8.Valid(b) {
		return b, nil
	}
	out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(b)
	if err != nil || bytes.ContainsRune(out, utf8.RuneError) {
		return nil, errCharset
	}
	return out, nil
}

const mimeXML = "application/xml"

var xmlBegins = regexp.MustCompile(`^<(?:\?xml\s|!DOCTYPE\s|!--|[A-Za-z_\p{Han}][\w:.\-\p{Han}]*[\s/>])`)

// isXML says whether a file is XML, also one that does not say so in a declaration; web pages and drawings are not meant.
func isXML(mime string, data []byte) bool {
	head := bytes.TrimLeft(data[:min(len(data), 512)], "\xEF\xBB\xBF\xFF\xFE \t\r\n")
	head = bytes.ReplaceAll(head, []byte{0}, nil) // UTF-16
	if strings.HasPrefix(mime, "text/xml") || strings.HasPrefix(mime, "application/xml") {
		return true
	}
	return strings.HasPrefix(mime, "text/plain") && xmlBegins.Match(head)
}
