package paper

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// The kinds of Office Open XML (ECMA-376) that are read, and by which part each is known.
const (
	mimeDOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	mimeXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	mimePPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
)

var officeParts = map[string]string{"word/document.xml": mimeDOCX, "xl/workbook.xml": mimeXLSX, "ppt/presentation.xml": mimePPTX}

func readOffice(data []byte, mime string) (Reading, error) {
	p, err := openPack(data)
	if err != nil {
		return Reading{Mime: mime}, err
	}
	s := newSheaf()
	switch mime {
	case mimeDOCX:
		err = p.docx(s)
	case mimePPTX:
		err = p.pptx(s)
	default:
		err = p.xlsx(s, data)
	}
	if err != nil {
		return Reading{Mime: mime}, err
	}
	return s.reading(mime), nil
}

// unlock opens an encrypted package ([MS-OFFCRYPTO]) with its password.
func unlock(data []byte, password string) ([]byte, error) {
	if password == "" {
		return nil, readError("encrypted", "文件已加密，需要密码")
	}
	b, err := excelize.Decrypt(data, &excelize.Options{Password: password})
	if err != nil || !bytes.HasPrefix(b, []byte("PK")) {
		return nil, readError("password", "密码不对")
	}
	return b, nil
}

// docx reads a text document: its body, page by page where it marks where they end, then its notes, heads and feet.
func (p *pack) docx(s *sheaf) error {
	if err := p.prose("word/document.xml", s, true); err != nil {
		return err
	}
	rels, err := p.relations("word/document.xml")
	if err != nil {
		return err
	}
	var done []string
	for _, r := range rels {
		switch r.kind {
		case "header", "footer", "footnotes", "endnotes", "comments":
			if p.parts[r.target] == nil || slices.Contains(done, r.target) || s.full() {
				continue
			}
			done = append(done, r.target)
			if err := p.prose(r.target, s, false); err != nil {
				return err
			}
		}
	}
	s.turn(false)
	return nil
}

// prose reads WordprocessingML (ECMA-376 part 1, 17). Text that a change took away and the codes of fields are not what is read on paper. A page ends at a
// break set by hand, or where the program that saved the document last ended it.
func (p *pack) prose(name string, s *sheaf, paged bool) error {
	in, cell, skip := false, 0, 0
	return p.walk(name, func(t xml.Token) error {
		switch e := t.(type) {
		case xml.StartElement:
			if skip > 0 || e.Name.Local == "Fallback" { // the same again, for old programs
				skip++
				return nil
			}
			switch e.Name.Local {
			case "t":
				in = true
			case "tc":
				cell++
			case "tab":
				s.add("\t")
			case "cr":
				s.add("\n")
			case "br":
				if paged && attr(e, "type") == "page" {
					s.turn(false)
				} else {
					s.add("\n")
				}
			case "lastRenderedPageBreak":
				if paged && cell == 0 {
					s.turn(false)
				}
			}
		case xml.EndElement:
			if skip > 0 {
				skip--
				return nil
			}
			switch e.Name.Local {
			case "t":
				in = false
			case "p":
				if cell > 0 {
					s.add(" ")
				} else {
					s.add("\n")
				}
			case "tc":
				cell--
				s.add("\t")
			case "tr":
				s.add("\n")
			}
		case xml.CharData:
			if in && skip == 0 {
				s.add(string(e))
			}
		}
		if s.full() {
			s.cut = true
			return errEnough
		}
		return nil
	})
}

// pptx reads slides in their order, a page each, with what their speaker noted.
func (p *pack) pptx(s *sheaf) error {
	const show = "ppt/presentation.xml"
	rels, err := p.relations(show)
	if err != nil {
		return err
	}
	at := map[string]string{}
	for _, r := range rels {
		at[r.id] = r.target
	}
	var slides []string
	if err := p.walk(show, func(t xml.Token) error {
		e, ok := t.(xml.StartElement)
		if !ok || e.Name.Local != "sldId" {
			return nil
		}
		// A slide has an id of its own and one of its relation, both called id: the second has a prefix.
		for _, a := range e.Attr {
			if name := at[a.Value]; a.Name.Local == "id" && a.Name.Space != "" && name != "" {
				slides = append(slides, name)
			}
		}
		if len(slides) > MaxTextPages {
			return errEnough
		}
		return nil
	}); err != nil {
		return err
	}
	for _, slide := range slides {
		if s.full() {
			s.cut = true
			break
		}
		if err := p.drawing(slide, s); err != nil {
			return err
		}
		rels, err := p.relations(slide)
		if err != nil {
			return err
		}
		for _, r := range rels {
			if r.kind == "notesSlide" && p.parts[r.target] != nil {
				if err := p.drawing(r.target, s); err != nil {
					return err
				}
			}
		}
		s.turn(true)
	}
	return nil
}

// drawing reads the paragraphs of DrawingML (ECMA-376 part 1, 21.1.2); fields, such as a slide's number, are left out.
func (p *pack) drawing(name string, s *sheaf) error {
	in, field, skip := false, 0, 0
	return p.walk(name, func(t xml.Token) error {
		switch e := t.(type) {
		case xml.StartElement:
			if skip > 0 || e.Name.Local == "Fallback" {
				skip++
				return nil
			}
			switch e.Name.Local {
			case "t":
				in = true
			case "fld":
				field++
			case "br":
				s.add("\n")
			}
		case xml.EndElement:
			if skip > 0 {
				skip--
				return nil
			}
			switch e.Name.Local {
			case "t":
				in = false
			case "fld":
				field--
			case "p":
				s.add("\n")
			case "tc":
				s.add("\t")
			}
		case xml.CharData:
			if in && field == 0 && skip == 0 {
				s.add(string(e))
			}
		}
		if s.full() {
			return errEnough
		}
		return nil
	})
}

// xlsx reads each sheet that people see as a page of its own: its name, then its rows as they are shown.
func (p *pack) xlsx(s *sheaf, data []byte) error {
	// The library believes what the zip says of its sizes and reads entities of no DTD: both are looked at before it.
	for name := range p.parts {
		if !strings.HasSuffix(name, ".xml") && !strings.HasSuffix(name, ".rels") {
			continue
		}
		r, err := p.open(name)
		if err != nil {
			return err
		}
		var head bytes.Buffer
		_, err = io.CopyN(&head, r, 4096)
		if err == nil {
			_, err = io.Copy(io.Discard, r)
		}
		r.Close()
		var re *ReadError
		if errors.As(err, &re) {
			return re
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return readError("damaged", "表格已损坏：%s", name)
		}
		if bytes.Contains(bytes.ToUpper(head.Bytes()), []byte("<!DOCTYPE")) {
			return readError("damaged", "文件不合规：%s 含有 DOCTYPE（外部实体），已拒绝读取", name)
		}
	}
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: 2 * packUnpacked, UnzipXMLSizeLimit: 2 * packUnpacked})
	if err != nil {
		return readError("damaged", "表格已损坏：%s", Clip(err.Error(), 500))
	}
	defer f.Close()
	names := f.GetSheetList()
	for _, name := range names {
		if shown, err := f.GetSheetVisible(name); err == nil && !shown {
			continue
		}
		if s.full() {
			s.cut = true
			break
		}
		if err := sheet(f, name, s); err != nil {
			return err
		}
		s.turn(true)
	}
	return nil
}

func sheet(f *excelize.File, name string, s *sheaf) error {
	s.add(name + "\n")
	rows, err := f.Rows(name)
	var none excelize.ErrSheetNotExist
	if errors.As(err, &none) { // a sheet that is a chart
		return nil
	}
	if err != nil {
		return readError("damaged", "表格已损坏：%s", Clip(err.Error(), 500))
	}
	for rows.Next() {
		cells, err := rows.Columns()
		if err != nil {
			return errors.Join(readError("damaged", "表格已损坏：%s", Clip(err.Error(), 500)), rows.Close())
		}
		for len(cells) > 0 && cells[len(cells)-1] == "" {
			cells = cells[:len(cells)-1]
		}
		if len(cells) == 0 {
			continue
		}
		s.add(strings.Join(cells, "\t") + "\n")
		if s.full() {
			s.cut = true
			break
		}
	}
	if err := rows.Error(); err != nil {
		return errors.Join(readError("damaged", "表格已损坏：%s", Clip(err.Error(), 500)), rows.Close())
	}
	if err := rows.Close(); err != nil {
		return fmt.Errorf("close sheet %s: %w", name, err)
	}
	return nil
}
