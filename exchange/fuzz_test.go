package exchange

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"guike"
	"guike/record"

	"github.com/xuri/excelize/v2"
)

// Whatever a file is, reading it ends, and says so in words.
func FuzzTable(f *testing.F) {
	x := excelize.NewFile()
	for i, v := range []any{"名称", 1.5, true, "=1"} {
		if err := x.SetCellValue("Sheet1", string(rune('A'+i))+"1", v); err != nil {
			f.Fatal(err)
		}
	}
	if err := x.MergeCell("Sheet1", "A1", "A3"); err != nil {
		f.Fatal(err)
	}
	var b bytes.Buffer
	if err := x.Write(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte("名称,电话\n\"甲,1\n乙,2\n"))
	f.Add([]byte("\xFF\xFEa\x00,\x00b\x00\n\x00"))
	f.Add([]byte("\xc3\xfb\xb3\xc6;1\n\xe5\x90\x8d;2"))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte) {
		name := filepath.Join(dir, "t")
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
		file, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		fm, err := formOf(file)
		if err != nil {
			return
		}
		tb, err := openTable(file, fm)
		if err != nil {
			return
		}
		defer tb.close()
		rows, err := peek(tb, 300)
		if err != nil || len(rows) == 0 {
			return
		}
		k := guike.Kinds[3]
		at := headerOf(rows, func(string) bool { return false })
		if at < 0 {
			at = 0
		}
		m := propose(k, rows[at].cells, rows[at+1:], nil)
		for _, r := range rows {
			for i, c := range r.cells {
				if i < 50 {
					for j := range k.Fields {
						(&column{}).parse(&k.Fields[j], c, &env{currency: "CNY", zone: time.UTC, m: &m})
					}
				}
			}
		}
	})
}

// A bank's message, whatever it says, is a heading and rows that are all as wide, of rising numbers.
func FuzzStatement(f *testing.F) {
	f.Add([]byte("{1:F01X}{2:I940}{4:\r\n:20:A\r\n:25:62220000\r\n:28C:1\r\n:60F:C260108CNY1,00\r\n:61:2601090109RC5,00NTRFX//B\r\nmore\r\n:86:?20a?32b\r\n:62F:C260109CNY6,00\r\n-}"))
	f.Add([]byte(":20:A\n:25:1\n:61:260109EC1,NTRF\n:86:/NAME/x/REMI/y\n:20:B\n:25:2\n:61:\n"))
	f.Add([]byte(`<Document><BkToCstmrStmt><Stmt><Id>1</Id><Acct><Id><IBAN>X</IBAN></Id></Acct><Ntry><Amt Ccy="CNY">1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><NtryDtls><TxDtls/></NtryDtls></Ntry></Stmt></BkToCstmrStmt></Document>`))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte) {
		name := filepath.Join(dir, "t")
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
		file, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		fm, err := formOf(file)
		if err != nil || !fm.statement() {
			return
		}
		tb, err := openTable(file, fm)
		if err != nil {
			return
		}
		defer tb.close()
		rows, err := peek(tb, 1000)
		if err != nil {
			return
		}
		last := 0
		for _, r := range rows {
			if len(r.cells) != statementColumns || r.no <= last {
				t.Fatalf("row %d behind %d: %q", r.no, last, r.cells)
			}
			last = r.no
		}
	})
}

func TestSeveralChoices(t *testing.T) {
	f := &record.Field{Type: record.Choices, Choices: []string{"a", "b", "c"}, Options: []record.Option{{Value: "a", Label: "甲"}, {Value: "b", Label: "乙"}}}
	c := &column{words: choiceWords("customer", f)}
	for text, want := range map[string]string{"乙、甲": ";a;b;", "c; a": ";a;c;", "": "", "甲,丁": "?"} {
		v, reason := c.parse(f, text, &env{})
		if reason != "" {
			v.S = "?"
		}
		if v.S != want {
			t.Errorf("%q is %q, want %q", text, v.S, want)
		}
	}
}
