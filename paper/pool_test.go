package paper

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"image/png"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// init makes the test's own binary a worker when a pool of these tests starts it; TestMain is the outer tests', whose mark is another.
func init() {
	switch os.Getenv(workerEnv) {
	default:
		return
	case "work":
	case "hang":
		time.Sleep(time.Hour)
	case "die":
		os.Exit(2)
	case "once": // dies once: the mark is made by the first worker, and spares the second
		mark := os.Args[1]
		if _, err := os.Stat(mark); err != nil {
			_ = os.WriteFile(mark, nil, 0o600)
			os.Exit(2)
		}
	}
	if err := Work(os.Stdin, os.Stdout, os.Getenv("GUIKE_READ_CACHE")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func pool(t testing.TB, mode string, limit time.Duration, args ...string) *Pool {
	t.Setenv(workerEnv, mode)
	p := NewPool(PoolOptions{Command: append([]string{os.Args[0]}, args...), Timeout: limit, CacheDir: filepath.Join(os.TempDir(), "guike-test-wasm")})
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

func samples(t testing.TB, sub string) string {
	dir := os.Getenv("GUIKE_SAMPLES")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "samples")
	}
	dir = filepath.Join(dir, sub)
	if _, err := os.Stat(dir); err != nil {
		t.Skip("no samples: set GUIKE_SAMPLES")
	}
	return dir
}

// simple is a one-page PDF that says text.
func simple(text string) []byte {
	var b bytes.Buffer
	var at []int
	obj := func(s string) {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(at), s)
	}
	b.WriteString("%PDF-1.4\n")
	obj("<</Type/Catalog/Pages 2 0 R>>")
	obj("<</Type/Pages/Kids[3 0 R]/Count 1>>")
	obj("<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Resources<</Font<</F 5 0 R>>>>/Contents 4 0 R>>")
	s := "BT /F 12 Tf 20 50 Td (" + text + ") Tj ET"
	obj(fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(s), s))
	obj("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
	x := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, o := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, x)
	return b.Bytes()
}

func zipped(t testing.TB, files map[string]string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, files[name])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// pngBomb says that it has 100,000 by 100,000 pixels.
var pngBomb = []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01\x86\xa0\x00\x01\x86\xa0\x08\x00\x00\x00\x00" + crc("IHDR\x00\x01\x86\xa0\x00\x01\x86\xa0\x08\x00\x00\x00\x00"))

func crc(s string) string {
	return string(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(s))))
}

func TestBadInput(t *testing.T) {
	p := pool(t, "work", 30*time.Second)
	locked := bytes.Replace(simple("x"), []byte("trailer<<"), []byte("trailer<</Encrypt<</Filter/Standard/V 1/R 2/Length 40/P -4/O<"+strings.Repeat("41", 32)+">/U<"+strings.Repeat("42", 32)+">>>/ID[<00><00>]"), 1)
	bomb := map[string]string{"OFD.xml": "<OFD/>", "a": strings.Repeat("0", ofdUnpacked+1)}
	many := map[string]string{"OFD.xml": "<OFD/>"}
	for i := range ofdEntries {
		many[fmt.Sprint(i)] = ""
	}
	ofdPage := map[string]string{"OFD.xml": "<OFD><DocBody><DocRoot>d.xml</DocRoot></DocBody></OFD>", "d.xml": strings.Repeat("<a>", 1000)}
	for name, c := range map[string]struct {
		data []byte
		code string
	}{
		"empty.pdf": {nil, "empty"}, "big.pdf": {make([]byte, MaxFile+1), "too_large"}, "locked.pdf": {locked, "encrypted"}, "half.pdf": {simple("x")[:60], "damaged"}, "strange.bin": {[]byte("\x00\x01\x02\xff\xfe\x00\x00\x07"), "unsupported"},
		"photo.pdf": {[]byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00"), "damaged"}, "iphone.heic": {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), "image"}, "bomb.png": {pngBomb, "too_large"}, "loop.tiff": {[]byte("II*\x00\x08\x00\x00\x00\x00\x00\x08\x00\x00\x00"), "damaged"}, "bomb.ofd": {zipped(t, bomb), "too_large"}, "many.ofd": {zipped(t, many), "too_large"}, "deep.ofd": {zipped(t, ofdPage), "damaged"},
		"cut.ofd": {zipped(t, ofdPage)[:100], "damaged"}, "none.ofd": {zipped(t, map[string]string{"OFD.xml": "<OFD/>"}), "damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := p.Read(t.Context(), name, c.data, "", us)
			var re *ReadError
			if !errors.As(err, &re) || re.Code != c.code || re.Message == "" {
				t.Errorf("%v (%+v), want %s", err, re, c.code)
			}
		})
	}
	var re *ReadError
	if _, err := p.Read(t.Context(), "locked.pdf", locked, "not this", us); !errors.As(err, &re) || re.Code != "password" {
		t.Errorf("a wrong password: %v", err)
	}
	r, err := p.Read(t.Context(), "right.txt", simple("hello"), "", us)
	if err != nil || len(r.Pages) != 1 || r.Pages[0].Text != "hello\n" || r.Mime != "application/pdf" {
		t.Errorf("a PDF under another name: %+v, %v", r, err)
	}
	b, err := p.Render(t.Context(), simple("hello"), "", 1, 400)
	if err != nil {
		t.Fatal(err)
	}
	if img, err := png.Decode(bytes.NewReader(b)); err != nil || img.Bounds().Dx() != 400 || img.Bounds().Dy() != 200 {
		t.Errorf("rendered: %v", err)
	}
}

func TestWorkers(t *testing.T) {
	code := func(err error) string {
		var re *ReadError
		errors.As(err, &re)
		if re == nil {
			return fmt.Sprint(err)
		}
		return re.Code
	}
	t.Run("hangs", func(t *testing.T) {
		_, err := pool(t, "hang", 200*time.Millisecond).Read(t.Context(), "a", simple("x"), "", us)
		if code(err) != "timeout" {
			t.Error(err)
		}
	})
	t.Run("dies", func(t *testing.T) {
		_, err := pool(t, "die", 10*time.Second).Read(t.Context(), "a", simple("x"), "", us)
		if code(err) != "crashed" {
			t.Error(err)
		}
	})
	t.Run("dies once", func(t *testing.T) {
		if _, err := pool(t, "once", 30*time.Second, filepath.Join(t.TempDir(), "mark")).Read(t.Context(), "a", simple("x"), "", us); err != nil {
			t.Error(err)
		}
	})
	t.Run("nobody waits", func(t *testing.T) {
		ctx, stop := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer stop()
		if _, err := pool(t, "hang", time.Minute).Read(ctx, "a", simple("x"), "", us); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
	})
}

type truth struct {
	Consistent    bool   `json:"consistent"`
	Slip          string `json:"slip_no"`
	Serial        string `json:"serial"`
	Date          string `json:"date"`
	Payer, Payee  struct{ Name, Account, Bank string }
	Direction     string
	Amount        int64 `json:"amount_fen"`
	Currency      string
	Upper         string
	Purpose, Memo string
}

func TestSampleSlips(t *testing.T) {
	dir := samples(t, "slips")
	c := company(t, dir)
	p := pool(t, "work", 30*time.Second)
	files, _ := filepath.Glob(filepath.Join(dir, "*.pdf"))
	for _, f := range files {
		t.Run(filepath.Base(f), func(t *testing.T) {
			var want []truth
			b, err := os.ReadFile(strings.TrimSuffix(f, ".pdf") + ".json")
			if err == nil {
				err = json.Unmarshal(b, &want)
			}
			if err != nil {
				t.Fatal(err)
			}
			data, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			r, err := p.Read(t.Context(), f, data, "", c)
			if err != nil || len(r.Papers) != len(want) {
				t.Fatalf("%d papers of %d, %v", len(r.Papers), len(want), err)
			}
			for i, w := range want {
				got := r.Papers[i].Map()
				for k, v := range map[string]string{"slip_no": w.Slip, "serial": w.Serial, "paid_on": w.Date, "payer_name": w.Payer.Name, "payer_account": w.Payer.Account, "payer_bank": w.Payer.Bank, "payee_name": w.Payee.Name, "payee_account": w.Payee.Account,
					"payee_bank": w.Payee.Bank, "amount": yuan(w.Amount), "currency": w.Currency, "amount_upper": w.Upper, "direction": w.Direction} {
					if got[k] != v {
						t.Errorf("slip %d: %s = %q, want %q", i, k, got[k], v)
					}
				}
				// The paper prints purpose and memo in one field, or the purpose in two: the truth is what its maker meant.
				if !strings.HasPrefix(got["purpose"], w.Purpose) {
					t.Errorf("slip %d: purpose = %q, want %q", i, got["purpose"], w.Purpose)
				}
				for _, k := range r.Papers[i].Checks {
					if k.Check == "amount_upper" && (k.Result == "pass") != w.Consistent {
						t.Errorf("slip %d: %+v, want consistent %v", i, k, w.Consistent)
					}
				}
			}
		})
	}
}

func company(t testing.TB, dir string) (c Company) {
	b, err := os.ReadFile(filepath.Join(dir, "company.json"))
	if err == nil {
		err = json.Unmarshal(b, &c)
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestSampleOFD(t *testing.T) {
	dir := samples(t, "ofd")
	for f, want := range map[string]map[string]string{
		"999.ofd": {"invoice_code": "050001700111", "invoice_no": "12235358", "issued_on": "2020-08-05", "seller_name": "财天下科技有限公司", "seller_tax_id": "91500102563638729E", "buyer_name": "个人", "net": "10000.00", "tax": "600.00", "total": "10600.00"},
		"20240531141733.ofd": {"invoice_no": "24112000000048542163", "issued_on": "2024-05-28", "seller_name": "北京互联三六五科技有限公司", "seller_tax_id": "91110108690017781B", "buyer_name": "海南麒麟云服科技有限公司", "buyer_tax_id": "91460300MAA92DJN95",
			"net": "4197.17", "tax": "251.83", "total": "4449.00"},
		"helloworld.ofd": {}, "n.ofd": {},
	} {
		data, err := os.ReadFile(filepath.Join(dir, f))
		if err != nil {
			t.Fatal(err)
		}
		_, pages, given, err := readOFD(data)
		if err != nil {
			t.Fatal(f, err)
		}
		r := understand(mimeOFD, pages, given, Company{}, Lore{})
		for k, v := range want {
			if got := r.Papers[0].Fact(k); got != v {
				t.Errorf("%s: %s = %q, want %q", f, k, got, v)
			}
		}
		if len(want) == 0 && r.Papers[0].Kind != "other" {
			t.Errorf("%s is a %s", f, r.Papers[0].Kind)
		}
	}
}

func BenchmarkReadSlip(b *testing.B) {
	dir := samples(b, "slips")
	data, err := os.ReadFile(filepath.Join(dir, "icbc-00.pdf"))
	if err != nil {
		b.Fatal(err)
	}
	c, p := company(b, dir), pool(b, "work", 30*time.Second)
	for b.Loop() {
		if _, err := p.Read(b.Context(), "a", data, "", c); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReadOFD(b *testing.B) {
	data, err := os.ReadFile(filepath.Join(samples(b, "ofd"), "20240531141733.ofd"))
	if err != nil {
		b.Fatal(err)
	}
	p := pool(b, "work", 30*time.Second)
	for b.Loop() {
		if _, err := p.Read(b.Context(), "a", data, "", Company{}); err != nil {
			b.Fatal(err)
		}
	}
}
