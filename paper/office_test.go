package paper

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
)

const (
	wordNS  = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"`
	slideNS = `xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	relsNS  = `xmlns="http://schemas.openxmlformats.org/package/2006/relationships"`
	relType = `http://schemas.openxmlformats.org/officeDocument/2006/relationships/`
)

func docxOf(t testing.TB, body string) []byte {
	return zipped(t, map[string]string{
		"word/document.xml":            `<?xml version="1.0" encoding="UTF-8"?><w:document ` + wordNS + `><w:body>` + body + `</w:body></w:document>`,
		"word/_rels/document.xml.rels": `<Relationships ` + relsNS + `><Relationship Id="r1" Type="` + relType + `footer" Target="footer1.xml"/><Relationship Id="r2" Type="` + relType + `image" TargetMode="External" Target="http://127.0.0.1/x"/></Relationships>`,
		"word/footer1.xml":             `<w:ftr ` + wordNS + `><w:p><w:r><w:t>页脚</w:t></w:r></w:p></w:ftr>`,
	})
}

func para(s string) string { return `<w:p><w:r><w:t>` + s + `</w:t></w:r></w:p>` }

func slides(t testing.TB) []byte {
	slide := func(s string) string {
		return `<p:sld ` + slideNS + `><a:p><a:r><a:t>` + s + `</a:t></a:r></a:p></p:sld>`
	}
	return zipped(t, map[string]string{
		"ppt/presentation.xml":            `<p:presentation ` + slideNS + `><p:sldIdLst><p:sldId id="256" r:id="b"/><p:sldId id="257" r:id="a"/></p:sldIdLst></p:presentation>`,
		"ppt/_rels/presentation.xml.rels": `<Relationships ` + relsNS + `><Relationship Id="a" Type="` + relType + `slide" Target="slides/slide1.xml"/><Relationship Id="b" Type="` + relType + `slide" Target="slides/slide2.xml"/></Relationships>`,
		"ppt/slides/slide1.xml":           slide("谢谢"), "ppt/slides/slide2.xml": slide("客户回访"),
	})
}

func book(t testing.TB, rows int) []byte {
	f := excelize.NewFile()
	defer f.Close()
	day, err := f.NewStyle(&excelize.Style{NumFmt: 14})
	if err != nil {
		t.Fatal(err)
	}
	_ = f.SetSheetName("Sheet1", "名单")
	_ = f.SetSheetRow("名单", "A1", &[]any{"客户", "日期", "金额"})
	_ = f.SetSheetRow("名单", "A2", &[]any{"文佳然", time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC), 1234.5})
	_ = f.SetCellStyle("名单", "B2", "B2", day)
	if _, err := f.NewSheet("第二页"); err != nil {
		t.Fatal(err)
	}
	w, err := f.NewStreamWriter("第二页")
	if err != nil {
		t.Fatal(err)
	}
	for i := range rows {
		if err := w.SetRow(fmt.Sprintf("A%d", i+1), []any{i, i + 1, i + 2, i + 3, i + 4, i + 5, i + 6, i + 7, i + 8, i + 9}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func locked(t testing.TB, data []byte) []byte {
	b, err := excelize.Encrypt(data, &excelize.Options{Password: "1234"})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// readAs reads a file as a worker does.
func readAs(data []byte, password string) (Reading, error) {
	return (&engine{}).read(data, request{Password: password})
}

func TestDocuments(t *testing.T) {
	gb, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte("客户，金额\n文佳然，100\n"))
	if err != nil {
		t.Fatal(err)
	}
	utf16be := []byte{0xFE, 0xFF}
	for _, c := range utf16.Encode([]rune("归客")) {
		utf16be = append(utf16be, byte(c>>8), byte(c))
	}
	docx := docxOf(t, para("第一页")+`<w:p><w:r><w:br w:type="page"/></w:r><w:r><w:lastRenderedPageBreak/><w:t>第二</w:t></w:r><w:r><w:delText>删去</w:delText><w:t>页</w:t></w:r></w:p>`+
		`<w:tbl><w:tr><w:tc>`+para("甲")+`</w:tc><w:tc>`+para("乙")+`</w:tc></w:tr></w:tbl>`)
	for name, x := range map[string]struct {
		data  []byte
		mime  string
		pages []string
	}{
		"信.docx":   {docx, mimeDOCX, []string{"第一页", "第二页\n甲 \t乙 \t\n页脚"}},
		"片.pptx":   {slides(t), mimePPTX, []string{"客户回访", "谢谢"}},
		"表.xlsx":   {book(t, 1), mimeXLSX, []string{"名单\n客户\t日期\t金额\n文佳然\t03-04-26\t1234.5", "第二页\n0\t1\t2\t3\t4\t5\t6\t7\t8\t9"}},
		"密.xlsx":   {locked(t, book(t, 0)), mimeXLSX, []string{"名单\n客户\t日期\t金额\n文佳然\t03-04-26\t1234.5", "第二页"}},
		"旧.txt":    {gb, "text/plain", []string{"客户，金额\n文佳然，100"}},
		"大端.txt":   {utf16be, "text/plain", []string{"归客"}},
		"无标.txt":   {utf16le("plain words"), "text/plain", []string{"plain words"}},
		"分页.md":    {[]byte("# 一\r\n\f## 二\n"), "text/plain", []string{"# 一", "## 二"}},
		"网页.html":  {[]byte("<!DOCTYPE html><html><head><title>x</title><style>p{}</style></head><body><p>你好&nbsp;世界</p><script>no()</script>再见</body></html>"), "text/html", []string{"你好 世界\n再见"}},
		"数据.csv":   {[]byte("a,b,c\n1,2,3\n4,5,6\n"), "text/csv", []string{"a,b,c\n1,2,3\n4,5,6"}},
		"一个字符.txt": {[]byte("x"), "text/plain", []string{"x"}},
	} {
		r, err := readAs(x.data, "1234")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []string
		for _, p := range r.Pages {
			got = append(got, p.Text)
		}
		if r.Mime != x.mime || !slices.Equal(got, x.pages) || !r.Plain || r.Cut || len(r.Papers) > 0 {
			t.Errorf("%s: %s %q plain=%t cut=%t", name, r.Mime, got, r.Plain, r.Cut)
		}
	}
}

func TestBadDocuments(t *testing.T) {
	xxe := `<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><w:document ` + wordNS + `><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:document>`
	whole := docxOf(t, para("完整"))
	for name, x := range map[string]struct {
		data []byte
		code string
	}{
		"xxe.docx":     {zipped(t, map[string]string{"word/document.xml": xxe}), "damaged"},
		"xxe.xlsx":     {zipped(t, map[string]string{"xl/workbook.xml": xxe}), "damaged"},
		"deep.docx":    {docxOf(t, strings.Repeat("<w:p>", 100_000)), "damaged"},
		"open.docx":    {docxOf(t, "<w:p>"), "damaged"},
		"bomb.docx":    {docxOf(t, "<w:p>"+strings.Repeat(" ", packUnpacked)+"</w:p>"), "too_large"},
		"bomb.xlsx":    {zipped(t, map[string]string{"xl/workbook.xml": strings.Repeat(" ", packUnpacked+1)}), "too_large"},
		"cut.docx":     {whole[:len(whole)/2], "damaged"},
		"empty.xlsx":   {zipped(t, map[string]string{"xl/workbook.xml": ""}), "damaged"},
		"noslide.pptx": {zipped(t, map[string]string{"ppt/presentation.xml": `<p/>`, "ppt/_rels/presentation.xml.rels": `<R`}), "damaged"},
		"locked.docx":  {locked(t, whole), "encrypted"},
		"old.doc":      {[]byte(cfb + strings.Repeat("\x00", 600)), "unsupported"},
		"a.rar":        {[]byte("Rar!\x1a\x07\x00aaaaaaaaaaaaaa"), "archive"},
		"mixed.txt":    {[]byte("文\x81\xff\x00\x07\x03"), "unsupported"},
	} {
		_, err := readAs(x.data, "")
		var re *ReadError
		if !errors.As(err, &re) || re.Code != x.code {
			t.Errorf("%s: %v, want %s", name, err, x.code)
		}
	}
	if _, err := readAs(locked(t, whole), "wrong"); err == nil || err.(*ReadError).Code != "password" {
		t.Errorf("a wrong password: %v", err)
	}
	start := time.Now()
	r, err := readAs(book(t, 100_000), "")
	if err != nil || !r.Cut || len(r.Pages) != 2 || len(r.Pages[1].Text) > MaxText {
		t.Errorf("a sheet of a million cells: %v cut=%t pages=%d", err, r.Cut, len(r.Pages))
	}
	t.Logf("a sheet of a million cells, made and read in %s", time.Since(start))
}

func FuzzOffice(f *testing.F) {
	f.Add([]byte(`<w:document `+wordNS+`>`+para("x")+`</w:document>`), []byte(`<Relationships><Relationship Id="a" Type="x/slide" Target="x"/></Relationships>`))
	f.Fuzz(func(t *testing.T, main, rels []byte) {
		for part := range officeParts {
			dir, base, _ := strings.Cut(part, "/")
			_, _ = readAs(zipped(t, map[string]string{part: string(main), dir + "/_rels/" + base + ".rels": string(rels), dir + "/x": string(main)}), "")
		}
	})
}

func FuzzText(f *testing.F) {
	f.Add([]byte("文字\x00"), "<p>x<script>")
	f.Fuzz(func(t *testing.T, data []byte, page string) {
		if r, err := readText(data, "text/plain"); err == nil && len([]rune(r.Pages[0].Text)) > MaxText {
			t.Error("too long")
		}
		htmlText(page)
	})
}
