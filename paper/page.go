package paper

import (
	"math"
	"slices"
	"strings"
	"unicode"
)

// A glyph is one character with its box, in points from the page's top left.
type glyph struct {
	r              rune
	x0, y0, x1, y1 float64
	conf           float64 // 0–1 of a scan; 0 where it is known
}

// A rect is a box in points.
type rect struct{ x0, y0, x1, y1 float64 }

func (a rect) with(b rect) rect {
	if a == (rect{}) {
		return b
	}
	return rect{min(a.x0, b.x0), min(a.y0, b.y0), max(a.x1, b.x1), max(a.y1, b.y1)}
}
func (a rect) cx() float64 { return (a.x0 + a.x1) / 2 }
func (a rect) cy() float64 { return (a.y0 + a.y1) / 2 }
func (a rect) h() float64  { return a.y1 - a.y0 }

// across is the length two boxes share horizontally, down vertically; negative is the distance between them.
func (a rect) across(b rect) float64 { return min(a.x1, b.x1) - max(a.x0, b.x0) }
func (a rect) down(b rect) float64   { return min(a.y1, b.y1) - max(a.y0, b.y0) }

// A char is a glyph in its line, with the white space before it in ems.
type char struct {
	glyph
	gap float64
}

// A line is characters side by side. A page has them from top to bottom.
type line struct {
	chars []char
	box   rect
	em    float64
}

type page struct {
	no     int
	w, h   float64
	glyphs []glyph
	lines  []*line
	pieces []*piece
	rules  rules
	codes  []code

	scanned bool    // its characters were recognised in a picture
	turn    float64 // radians by which that was turned to stand level
	quarter int     // quarters to the right by which it was turned before
}

// lay groups glyphs into lines by their vertical middle: boxes of one line differ in height, never much in middle.
func (p *page) lay() {
	gs := slices.Clone(p.glyphs)
	gs = slices.DeleteFunc(gs, func(g glyph) bool {
		return unicode.IsSpace(g.r) || unicode.IsControl(g.r) || g.r == 0xFFFE || g.r == 0xFEFF || g.x1 <= 0 || g.y1 <= 0 || g.x0 >= p.w || g.y0 >= p.h || g.y1-g.y0 > p.h/3
	})
	slices.SortStableFunc(gs, func(a, b glyph) int { return cmpf(a.y0+a.y1, b.y0+b.y1) })
	var bands []band
	for _, g := range gs {
		at := -1
		for i := len(bands) - 1; i >= 0 && i >= len(bands)-6; i-- {
			if bands[i].takes(g) && (at < 0 || math.Abs(bands[i].mid()-g.mid()) < math.Abs(bands[at].mid()-g.mid())) {
				at = i
			}
		}
		if at < 0 {
			bands = append(bands, band{g})
			p.lines = append(p.lines, &line{})
			at = len(bands) - 1
		} else if g.y1-g.y0 > bands[at].y1-bands[at].y0 {
			bands[at] = band{g}
		}
		p.lines[at].chars = append(p.lines[at].chars, char{glyph: g})
	}
	for _, l := range p.lines {
		l.order()
		for i := 1; i < len(l.chars); i++ {
			if p.scanned && l.chars[i].gap < loose(l.chars[i-1].r, l.chars[i].r) {
				l.chars[i].gap = 0
			}
			if p.rules.parted(l.chars[i-1].glyph, l.chars[i].glyph) {
				l.chars[i].gap = 99
			}
		}
		if p.scanned {
			l.brackets()
		}
	}
	slices.SortStableFunc(p.lines, func(a, b *line) int { return cmpf(a.box.cy(), b.box.cy()) })
	for _, l := range p.lines {
		p.pieces = append(p.pieces, l.cut()...)
	}
	p.join()
	for _, x := range p.pieces {
		if c, ok := p.rules.cell(x.box); ok {
			x.cell = &c
		}
	}
	if p.scanned {
		p.celled()
	}
	for _, x := range p.pieces {
		if p.scanned && (x.colon || x.cell != nil) && (x.label == nil || x.label.field == "") {
			least := 4
			if x.cell != nil {
				least = 3
			}
			if t, ok := mistaken(x.words(), least); ok {
				x.label, x.said = &t, x.words()
			}
		}
	}
}

// celled makes one label of the lines of a scan's cell that are one but for a character: 天 over 户行.
func (p *page) celled() {
	for _, a := range slices.Clone(p.pieces) {
		if a.cell == nil || a.label != nil {
			continue
		}
		lines := []*piece{}
		for _, x := range p.pieces {
			if x.cell != nil && *x.cell == *a.cell {
				lines = append(lines, x)
			}
		}
		if len(lines) != 2 || lines[0] != a || lines[1].colon || lines[1].box.y0 < a.box.cy() {
			continue
		}
		said := a.words() + lines[1].words()
		least := 3
		if lines[1].label != nil { // 大瑟 over 金额
			least = 4
		}
		if t, ok := mistaken(said, least); ok {
			a.label, a.said, a.box = &t, said, a.box.with(lines[1].box)
			p.pieces = slices.DeleteFunc(p.pieces, func(x *piece) bool { return x == lines[1] })
		}
	}
}

// loose is the white, in ems, below which two characters of a scan stand together; from it on there is a space. Han squares leave little, a 1 and brackets
// much. Measured on scans: what is printed together ends below these, a space begins above them.
func loose(a, b rune) float64 {
	one := a == '1' || b == '1'
	switch {
	case wide(a) && wide(b):
		return 0.39
	case wide(a) && b == '(':
		return 0.75 // a wide bracket is white on this side
	case bracket(a) && wide(b) || wide(a) && bracket(b):
		return 0.6
	case unicode.Is(unicode.Latin, a) && unicode.Is(unicode.Latin, b):
		return 0.3
	case wide(a) != wide(b) && one:
		return 0.46
	case wide(a) != wide(b):
		return 0.38
	case one && unicode.IsDigit(a) && unicode.IsDigit(b):
		return 0.5
	}
	return 0.4
}

func bracket(r rune) bool { return r == '(' || r == ')' }

// brackets makes wide brackets of those around Han: the recogniser tells all of them narrow.
func (l *line) brackets() {
	han := func(i int) bool { return i >= 0 && i < len(l.chars) && unicode.Is(unicode.Han, l.chars[i].r) }
	for i := range l.chars {
		switch r := &l.chars[i].r; {
		case *r == '(' && han(i+1):
			*r = '（'
		case *r == ')' && han(i-1):
			*r = '）'
		}
	}
}

// A band is where a line stands: as its tallest glyph does.
type band struct{ glyph }

func (g glyph) mid() float64 { return (g.y0 + g.y1) / 2 }

// flat are characters with little ink, which some fonts' boxes hug: their middle is not their line's.
const flat = "一二三丶-—–_.,·、。，：:;；'\"“”‘’`~～=+*…"

// takes says whether a glyph stands on the band's line. A small glyph beside a large one does when its middle is near; two lines of small print beside a
// large one are not one line.
func (b band) takes(g glyph) bool {
	bh, gh := b.y1-b.y0, g.y1-g.y0
	if math.Abs(b.mid()-g.mid()) < 0.36*min(bh, gh) {
		return true
	}
	in, out := g, b.glyph
	if bh < gh {
		in, out = out, in
	}
	slack := 0.1 * (out.y1 - out.y0)
	return strings.ContainsRune(flat, in.r) && in.y0 > out.y0-slack && in.y1 < out.y1+slack
}

func cmpf(a, b float64) int {
	if a < b {
		return -1
	}
	if a > b {
		return 1
	}
	return 0
}

func (l *line) order() {
	slices.SortStableFunc(l.chars, func(a, b char) int { return cmpf(a.x0, b.x0) })
	// Bold is often the same glyph printed twice, a hair apart.
	l.chars = slices.CompactFunc(l.chars, func(a, b char) bool {
		return a.r == b.r && math.Abs(a.x0-b.x0) < 0.25*(a.x1-a.x0) && math.Abs(a.y0-b.y0) < 0.25*(a.y1-a.y0)
	})
	hs := make([]float64, 0, len(l.chars))
	for _, c := range l.chars {
		l.box = l.box.with(rect{c.x0, c.y0, c.x1, c.y1})
		w := c.y1 - c.y0
		if wide(c.r) {
			w = max(c.x1-c.x0, 0.6*w)
		} else {
			w *= 0.9
		}
		hs = append(hs, w)
	}
	slices.Sort(hs)
	l.em = max(hs[len(hs)/2], 1)
	for i := range l.chars {
		if i > 0 {
			l.chars[i].gap = (l.chars[i].x0 - l.chars[i-1].x1) / l.em
		} else {
			l.chars[i].gap = 99
		}
	}
}

// wide says whether a character fills a Han square.
func wide(r rune) bool {
	return unicode.Is(unicode.Han, r) || r >= 0x3000 && r <= 0x303F || r >= 0xFF01 && r <= 0xFF60
}

// text gives a page's words in reading order.
func (p *page) text() string {
	var b strings.Builder
	for _, l := range p.lines {
		for i, c := range l.chars {
			if i > 0 && c.gap > 1.2 {
				b.WriteString("  ")
			} else if i > 0 && c.gap > 0.2 {
				b.WriteByte(' ')
			}
			b.WriteRune(c.r)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func (p *page) frac(r rect) Box {
	f := func(x, w float64) float64 {
		return math.Round(min(max(x/w, 0), 1)*1e4) / 1e4
	}
	if p.turn != 0 {
		// Back to where it stands in the picture as it is shown.
		sin, cos := math.Sincos(p.turn)
		dx, dy := r.cx()-p.w/2, r.cy()-p.h/2
		mx, my := dx*cos-dy*sin-dx, dx*sin+dy*cos-dy
		r = rect{r.x0 + mx, r.y0 + my, r.x1 + mx, r.y1 + my}
	}
	return unquarter(Box{f(r.x0, p.w), f(r.y0, p.h), f(r.x1, p.w), f(r.y1, p.h)}, p.quarter)
}
