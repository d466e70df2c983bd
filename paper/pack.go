package paper

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"
)

// What a package of XML parts may unfold to.
const (
	packEntries  = 20_000
	packUnpacked = 128 << 20
	packDepth    = 512
)

// A pack is an Office Open XML package (ECMA-376 part 2): parts of XML in a zip.
type pack struct {
	parts map[string]*zip.File
	left  int64 // bytes that may still be unpacked
}

func openPack(data []byte) (*pack, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, readError("damaged", "文件不完整或已损坏，无法打开")
	}
	if len(z.File) > packEntries {
		return nil, readError("too_large", "文件内部的部件超过 %d 个", packEntries)
	}
	p := &pack{parts: map[string]*zip.File{}, left: packUnpacked}
	for _, f := range z.File {
		p.parts[strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(f.Name, `\`, "/")), "/")] = f
	}
	return p, nil
}

// open reads a part as it unfolds: the size that a zip states is its maker's word.
func (p *pack) open(name string) (io.ReadCloser, error) {
	f := p.parts[strings.TrimPrefix(name, "/")]
	if f == nil {
		return nil, readError("damaged", "文件缺少 %s", name)
	}
	if f.Flags&1 != 0 {
		return nil, readError("encrypted", "文件已加密")
	}
	r, err := f.Open()
	if err != nil {
		return nil, readError("damaged", "文件已损坏：%s", name)
	}
	return struct {
		io.Reader
		io.Closer
	}{&counted{r, &p.left}, r}, nil
}

// counted stops a stream at what is left of a budget that several share.
type counted struct {
	r    io.Reader
	left *int64
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	if *c.left -= int64(n); *c.left < 0 {
		return 0, readError("too_large", "文件解压后超过 %d MB", packUnpacked>>20)
	}
	return n, err
}

// errEnough ends the walk through a part early.
var errEnough = errors.New("enough")

// walk gives the tokens of a part. The standard forbids a DTD, and with it go entities and what they fetch or unfold to.
func (p *pack) walk(name string, fn func(xml.Token) error) error {
	r, err := p.open(name)
	if err != nil {
		return err
	}
	defer r.Close()
	d := xml.NewDecoder(bufio.NewReaderSize(r, 1<<16))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	depth := 0
	for {
		t, err := d.RawToken()
		if err == io.EOF {
			if depth != 0 {
				return readError("damaged", "文件已损坏：%s 不是完整的 XML", name)
			}
			return nil
		}
		var re *ReadError
		if errors.As(err, &re) {
			return re
		}
		if err != nil {
			return readError("damaged", "文件已损坏：%s 不是完整的 XML", name)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if depth++; depth > packDepth {
				return readError("damaged", "文件已损坏：%s 嵌套过深", name)
			}
		case xml.EndElement:
			depth--
		case xml.Directive:
			if bytes.HasPrefix(bytes.ToUpper(bytes.TrimSpace(t)), []byte("DOCTYPE")) {
				return readError("damaged", "文件不合规：%s 含有 DOCTYPE（外部实体），已拒绝读取", name)
			}
		}
		if err := fn(t); errors.Is(err, errEnough) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// A relation is how one part names another.
type relation struct{ id, kind, target string }

// relations are a part's, in their order; most parts have none.
func (p *pack) relations(name string) ([]relation, error) {
	dir, base := path.Split(name)
	rels := dir + "_rels/" + base + ".rels"
	if p.parts[rels] == nil {
		return nil, nil
	}
	var out []relation
	err := p.walk(rels, func(t xml.Token) error {
		e, ok := t.(xml.StartElement)
		if !ok || e.Name.Local != "Relationship" {
			return nil
		}
		if len(out) > packEntries {
			return errEnough
		}
		x := relation{attr(e, "Id"), path.Base(attr(e, "Type")), attr(e, "Target")}
		if attr(e, "TargetMode") == "External" {
			return nil // nothing outside is ever fetched
		}
		if strings.HasPrefix(x.target, "/") {
			x.target = path.Clean(x.target)[1:]
		} else {
			x.target = path.Join(dir, x.target)
		}
		out = append(out, x)
		return nil
	})
	return out, err
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
