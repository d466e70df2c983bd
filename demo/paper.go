package demo

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"guike/font"

	"github.com/signintech/gopdf"
)

// A Side is one party of a payment.
type Side struct{ Name, Account, Bank string }

// A Slip is what a bank slip is to say.
type Slip struct {
	SlipNo, Serial string
	PaidOn         time.Time
	Payer, Payee   Side
	Fen            int64
	Upper          string // the capitals as printed, in any spelling
	Conflict       bool   // they say another amount than the digits
	Purpose, Memo  string
	In             bool // seen from the own company
}

// A Truth is what a drawn paper says: fact → value in the reader's form; only what the layout prints.
type Truth struct {
	Page       int
	Kind       string
	Layout     string
	Facts      map[string]string
	Consistent bool // digits and capitals agree
}

// A sheet is a PDF being drawn. The first error sticks.
type sheet struct {
	pdf    gopdf.GoPdf
	widths map[rune]float64 // at size 1
	err    error
}

func newSheet() *sheet {
	s := &sheet{widths: map[rune]float64{}}
	s.pdf.Start(gopdf.Config{PageSize: *gopdf.PageSizeA4})
	// A fixed date makes the same seed give the same bytes.
	s.pdf.SetInfo(gopdf.PdfInfo{Creator: "guike demo", CreationDate: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)})
	s.keep(s.pdf.AddTTFFontData("han", font.Han))
	s.keep(s.pdf.AddTTFFontData("latin", font.Latin))
	return s
}

func (s *sheet) keep(err error) {
	if s.err == nil {
		s.err = err
	}
}

func (s *sheet) bytes() ([]byte, error) {
	if s.err != nil {
		return nil, s.err
	}
	var b bytes.Buffer
	_, err := s.pdf.WriteTo(&b)
	return b.Bytes(), err
}

// family is the font that has a character: the Han font has no Latin.
func family(r rune) string {
	if r < 0x100 {
		return "latin"
	}
	return "han"
}

// text writes with its top left at x, y.
func (s *sheet) text(x, y, size float64, t string) {
	rs := []rune(t)
	for i := 0; i < len(rs); {
		k := i + 1
		for k < len(rs) && family(rs[k]) == family(rs[i]) {
			k++
		}
		part := string(rs[i:k])
		s.keep(s.pdf.SetFont(family(rs[i]), "", size))
		s.pdf.SetXY(x, y+0.85*size)
		s.keep(s.pdf.Text(part))
		x += s.width(size, part)
		i = k
	}
}

func (s *sheet) width(size float64, t string) (w float64) {
	for _, r := range t {
		one, ok := s.widths[r]
		if !ok {
			s.keep(s.pdf.SetFont(family(r), "", 100))
			m, err := s.pdf.MeasureTextWidth(string(r))
			s.keep(err)
			one = m / 100
			s.widths[r] = one
		}
		w += one * size
	}
	return w
}

func (s *sheet) center(x, w, y, size float64, t string) { s.text(x+(w-s.width(size, t))/2, y, size, t) }
func (s *sheet) right(x, y, size float64, t string)     { s.text(x-s.width(size, t), y, size, t) }

// wrap breaks text as printers do: at any Han character, between words else.
func (s *sheet) wrap(t string, size, w float64) (lines []string) {
	line := ""
	for _, r := range t {
		if s.width(size, line+string(r)) > w && line != "" {
			lines, line = append(lines, line), ""
			if r == ' ' {
				continue
			}
		}
		line += string(r)
	}
	return append(lines, line)
}

// block writes wrapped text and returns the height it took.
func (s *sheet) block(x, y, w, size float64, t string) float64 {
	lines := s.wrap(t, size, w)
	for i, l := range lines {
		s.text(x, y+float64(i)*size*1.35, size, l)
	}
	return float64(len(lines)) * size * 1.35
}

// cell draws a box with wrapped text in its vertical middle.
func (s *sheet) cell(x, y, w, h, size float64, t string) {
	s.pdf.SetLineWidth(0.6)
	s.pdf.RectFromUpperLeft(x, y, w, h)
	lines := s.wrap(t, size, w-8)
	top := y + (h-float64(len(lines))*size*1.3)/2
	for i, l := range lines {
		s.text(x+4, top+float64(i)*size*1.3, size, l)
	}
}

// vertical draws a box with its characters under each other.
func (s *sheet) vertical(x, y, w, h, size float64, t string) {
	s.pdf.SetLineWidth(0.6)
	s.pdf.RectFromUpperLeft(x, y, w, h)
	rs := []rune(t)
	top := y + (h-float64(len(rs))*size*1.3)/2
	for i, r := range rs {
		s.text(x+(w-size)/2, top+float64(i)*size*1.3, size, string(r))
	}
}

// stamp sets the bank's seal at an angle across the paper.
func (s *sheet) stamp(x, y float64, t string) {
	s.pdf.SetStrokeColor(200, 30, 30)
	s.pdf.SetTextColor(200, 30, 30)
	s.pdf.Rotate(15, x, y)
	s.pdf.Oval(x-42, y-14, x+42, y+18)
	s.center(x-40, 80, y-4, 8, t)
	s.pdf.RotateReset()
	s.pdf.SetStrokeColor(0, 0, 0)
	s.pdf.SetTextColor(0, 0, 0)
}

// comma writes fen as 491,300.00.
func comma(fen int64) string {
	sign := ""
	if fen < 0 {
		sign, fen = "-", -fen
	}
	w := fmt.Sprint(fen / 100)
	for i := len(w) - 3; i > 0; i -= 3 {
		w = w[:i] + "," + w[i:]
	}
	return fmt.Sprintf("%s%s.%02d", sign, w, fen%100)
}

func decimal(fen int64) string { return strings.ReplaceAll(comma(fen), ",", "") }

// grouped writes an account in fours, as some banks print it.
func grouped(account string) string {
	var b strings.Builder
	for i, r := range account {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// facts says what a slip says when a layout prints all of it.
func (sl Slip) facts() map[string]string {
	m := map[string]string{"slip_no": sl.SlipNo, "serial": sl.Serial, "paid_on": sl.PaidOn.Format(time.DateOnly), "payer_name": sl.Payer.Name, "payer_account": sl.Payer.Account,
		"payer_bank": sl.Payer.Bank, "payee_name": sl.Payee.Name, "payee_account": sl.Payee.Account, "payee_bank": sl.Payee.Bank, "amount": decimal(sl.Fen), "currency": "CNY",
		"amount_upper": sl.Upper, "purpose": sl.Purpose, "memo": sl.Memo}
	for k, v := range m {
		if v == "" {
			delete(m, k)
		}
	}
	return m
}

func without(m map[string]string, names ...string) map[string]string {
	for _, n := range names {
		delete(m, n)
	}
	return m
}

// A layout draws one slip from y down and says what it printed; height is what it needs.
type layout struct {
	name   string
	height float64
	draw   func(s *sheet, rng *rand.Rand, y float64, sl Slip) map[string]string
}

// Layouts is how many different looks a slip can have.
func Layouts() int { return len(layouts) }

// Slips draws slips in one look, one under the other, as many a page as fit and perPage allows, and says what they say.
func Slips(rng *rand.Rand, look, perPage int, slips []Slip) ([]byte, []Truth, error) {
	l := layouts[look%len(layouts)]
	s := newSheet()
	var truths []Truth
	y, on, page := 0.0, 0, 0
	for _, sl := range slips {
		if page == 0 || on >= max(perPage, 1) || y+l.height > 820 {
			s.pdf.AddPage()
			y, on = 40, 0
			page++
		}
		if on > 0 && rng.IntN(2) == 0 {
			s.pdf.SetLineType("dashed")
			s.pdf.Line(20, y-12, 575, y-12)
			s.pdf.SetLineType("")
		}
		facts := l.draw(s, rng, y, sl)
		truths = append(truths, Truth{Page: page, Kind: "slip", Layout: l.name, Facts: facts, Consistent: !sl.Conflict || facts["amount_upper"] == ""})
		y += l.height + 24
		on++
	}
	b, err := s.bytes()
	return b, truths, err
}
