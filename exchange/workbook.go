package exchange

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path"
	"strconv"
	"strings"

	"guike/record"
)

// What an untrusted workbook may unfold to. The sheet itself is a stream and bounded by its rows; the rest is held in memory.
const (
	maxPart    = 256 << 20
	maxSheet   = 8 << 30
	maxRows    = 1 << 20
	maxColumns = 1 << 14
)

var errNoSheet = record.FieldError("file", "error.not_a_table")

// A workbook is an .xlsx file. It is read here rather than by a library because the reader must know what a cell is — a date, a formula without a value, part
// of a merged cell — and stay small whatever the file claims to be.
type workbook struct {
	z     *zip.Reader
	parts map[string]*zip.File
}

func openWorkbook(f *os.File, size int64) (*workbook, error) {
	z, err := zip.NewReader(f, size)
	if err != nil {
		return nil, record.FieldError("file", "error.not_a_table")
	}
	w := &workbook{z: z, parts: map[string]*zip.File{}}
	for _, p := range z.File {
		w.parts[strings.TrimPrefix(p.Name, "/")] = p
	}
	return w, nil
}

func (w *workbook) open(name string, most int64) (io.ReadCloser, error) {
	p := w.parts[name]
	if p == nil {
		return nil, errNoSheet
	}
	if p.UncompressedSize64 > uint64(most) {
		return nil, ErrTooLarge
	}
	r, err := p.Open()
	if err != nil {
		return nil, record.FieldError("file", "error.not_a_table")
	}
	// The size in the directory may lie; the stream may not pass it.
	return struct {
		io.Reader
		io.Closer
	}{&bounded{r, most}, r}, nil
}

type bounded struct {
	r    io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, ErrTooLarge
	}
	return n, err
}

// part unmarshals a small part.
func (w *workbook) part(name string, v any) error {
	r, err := w.open(name, maxPart)
	if err != nil {
		return err
	}
	defer r.Close()
	return xml.NewDecoder(r).Decode(v)
}

type workbookXML struct {
	Pr struct {
		Date1904 string `xml:"date1904,attr"`
	} `xml:"workbookPr"`
	Sheets []struct {
		Name  string `xml:"name,attr"`
		State string `xml:"state,attr"`
		Rel   string `xml:"id,attr"`
	} `xml:"sheets>sheet"`
}

type relsXML struct {
	Rels []struct {
		ID     string `xml:"Id,attr"`
		Target string `xml:"Target,attr"`
	} `xml:"Relationship"`
}

// xlsxForm takes the first sheet that people see.
func xlsxForm(f *os.File, size int64) (form, error) {
	w, err := openWorkbook(f, size)
	if err != nil {
		return form{}, err
	}
	var wb workbookXML
	var rels relsXML
	if err := w.part("xl/workbook.xml", &wb); err != nil {
		return form{}, notTable(err)
	}
	if err := w.part("xl/_rels/workbook.xml.rels", &rels); err != nil {
		return form{}, notTable(err)
	}
	for _, s := range wb.Sheets {
		if s.State == "hidden" || s.State == "veryHidden" {
			continue
		}
		for _, r := range rels.Rels {
			if r.ID == s.Rel {
				name := path.Join("xl", r.Target)
				if strings.HasPrefix(r.Target, "/") {
					name = strings.TrimPrefix(r.Target, "/")
				}
				return form{Format: "xlsx", Charset: utf8Set, Comma: ",", Sheet: name, Date1904: wb.Pr.Date1904 == "1" || wb.Pr.Date1904 == "true"}, nil
			}
		}
	}
	return form{}, errNoSheet
}

func notTable(err error) error {
	var re *record.Error
	if errors.As(err, &re) {
		return err
	}
	return record.FieldError("file", "error.not_a_table")
}

// strings reads the shared strings; what stands beside the text (phonetic guides) is left out.
func (w *workbook) strings() ([]string, error) {
	r, err := w.open("xl/sharedStrings.xml", maxPart)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	x := xml.NewDecoder(bufio.NewReaderSize(r, 1<<16))
	var out []string
	for {
		t, err := x.RawToken()
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		if e, ok := t.(xml.StartElement); ok && e.Name.Local == "si" {
			s, err := plainText(x, "si")
			if err != nil {
				return nil, err
			}
			out = append(out, s)
		}
	}
}

// plainText gathers the text of <t> elements up to the end of an element.
func plainText(x *xml.Decoder, end string) (string, error) {
	var b strings.Builder
	in, phonetic := false, false
	for {
		t, err := x.RawToken()
		if err != nil {
			return "", err
		}
		switch e := t.(type) {
		case xml.StartElement:
			in = e.Name.Local == "t"
			phonetic = phonetic || e.Name.Local == "rPh"
		case xml.EndElement:
			in = false
			if e.Name.Local == "rPh" {
				phonetic = false
			}
			if e.Name.Local == end {
				return b.String(), nil
			}
		case xml.CharData:
			if in && !phonetic && b.Len() < maxCell {
				b.Write(e)
			}
		}
	}
}

// styles says which cell styles show a date.
func (w *workbook) styles() ([]bool, error) {
	var st struct {
		Formats []struct {
			ID   int    `xml:"numFmtId,attr"`
			Code string `xml:"formatCode,attr"`
		} `xml:"numFmts>numFmt"`
		Cells []struct {
			Format int `xml:"numFmtId,attr"`
		} `xml:"cellXfs>xf"`
	}
	if err := w.part("xl/styles.xml", &st); err != nil {
		return nil, err
	}
	code := map[int]string{}
	for _, f := range st.Formats {
		code[f.ID] = f.Code
	}
	out := make([]bool, len(st.Cells))
	for i, c := range st.Cells {
		id := c.Format
		out[i] = id >= 14 && id <= 22 || id >= 27 && id <= 36 || id >= 45 && id <= 47 || id >= 50 && id <= 58 || dateCode(code[id])
	}
	return out, nil
}

// dateCode reports whether a number format shows a date: letters of dates outside quotation marks and brackets.
func dateCode(s string) bool {
	if strings.EqualFold(s, "General") {
		return false
	}
	quoted, bracket := false, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case c == '[' && !quoted:
			bracket = true
		case c == ']':
			bracket = false
		case !quoted && !bracket && strings.IndexByte("ymdhsYMDHS", c) >= 0:
			return true
		}
	}
	return false
}

// merges finds the merged ranges, which the format keeps behind the rows.
func (w *workbook) merges(name string) ([]area, error) {
	r, err := w.open(name, maxSheet)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	b := bufio.NewReaderSize(r, 1<<16)
	end := []byte("</sheetData>")
	var tail []byte
	found := false
	buf := make([]byte, 1<<16)
	for {
		n, err := b.Read(buf)
		tail = append(tail, buf[:n]...)
		if !found {
			if i := bytes.Index(tail, end); i >= 0 {
				found = true
				tail = append(tail[:0], tail[i:]...)
			} else if len(tail) > len(end) {
				tail = append(tail[:0], tail[len(tail)-len(end):]...)
			}
		} else if len(tail) > 8<<20 {
			break // no honest sheet has so many
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	var out []area
	for found {
		i := bytes.Index(tail, []byte("<mergeCell ref=\""))
		if i < 0 {
			break
		}
		tail = tail[i+16:]
		j := bytes.IndexByte(tail, '"')
		if j < 0 {
			break
		}
		from, to, ok := strings.Cut(string(tail[:j]), ":")
		a := area{}
		a.left, a.top = place(from)
		if a.right, a.bottom = place(to); ok && a.left >= 0 && a.right >= a.left && a.bottom >= a.top {
			out = append(out, a)
		}
	}
	return out, nil
}

// place reads "AB12" as column and row from 0; -1 where it is none.
func place(ref string) (col, row int) {
	i := 0
	for ; i < len(ref) && ref[i] >= 'A' && ref[i] <= 'Z' && i < 4; i++ {
		col = col*26 + int(ref[i]-'A') + 1
	}
	n, err := strconv.Atoi(ref[i:])
	if i == 0 || err != nil || col > maxColumns {
		return -1, -1
	}
	return col - 1, n - 1
}
