package paper

import (
	"math"
	"slices"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
)

// A rule is a straight line of a ruled table, level or upright, in points from the page's top left. Where a paper has rules, they say better than white space
// what stands together.
type rule struct {
	at, from, to float64 // an upright one: x, y from, y to; a level one: y, x from, x to
}

type rules struct{ upright, level []rule }

const (
	mostObjects = 4000 // of a page that are asked for rules
	thin        = 2.5  // points: a bar as narrow as this is a line
	shortest    = 6.0  // points: a line as short as this rules nothing
)

func (r *rules) add(x0, y0, x1, y1 float64) {
	x0, x1, y0, y1 = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
	switch {
	case x1-x0 <= thin && y1-y0 >= shortest:
		r.upright = append(r.upright, rule{(x0 + x1) / 2, y0, y1})
	case y1-y0 <= thin && x1-x0 >= shortest:
		r.level = append(r.level, rule{(y0 + y1) / 2, x0, x1})
	}
}

// parted says whether an upright rule stands between two glyphs of one line.
func (r *rules) parted(a, b glyph) bool {
	ax, bx, y := (a.x0+a.x1)/2, (b.x0+b.x1)/2, (a.y0+a.y1)/2
	for _, u := range r.upright {
		if u.at > ax && u.at < bx && u.from <= y && u.to >= y {
			return true
		}
	}
	return false
}

// cell is the ruled box around a box; ok is false where it is not closed on all four sides.
func (r *rules) cell(b rect) (c rect, ok bool) {
	const slack = 1.5
	c = rect{math.Inf(-1), math.Inf(-1), math.Inf(1), math.Inf(1)}
	x, y := b.cx(), b.cy()
	for _, u := range r.upright {
		if u.from-slack > y || u.to+slack < y {
			continue
		}
		if u.at <= b.x0+slack && u.at > c.x0 {
			c.x0 = u.at
		}
		if u.at >= b.x1-slack && u.at < c.x1 {
			c.x1 = u.at
		}
	}
	for _, l := range r.level {
		if l.from-slack > x || l.to+slack < x {
			continue
		}
		if l.at < y && l.at > c.y0 {
			c.y0 = l.at
		}
		if l.at > y && l.at < c.y1 {
			c.y1 = l.at
		}
	}
	return c, !math.IsInf(c.x0, 0) && !math.IsInf(c.x1, 0) && !math.IsInf(c.y0, 0) && !math.IsInf(c.y1, 0)
}

// hair is what two drawings of one edge may differ by, in points.
const hair = 3

func near(a, b float64) bool { return math.Abs(a-b) < hair }

// same says whether two pieces stand in one cell.
func same(a, b *piece) bool {
	return a.cell != nil && b.cell != nil && near(a.cell.x0, b.cell.x0) && near(a.cell.x1, b.cell.x1) && near(a.cell.y0, b.cell.y0) && near(a.cell.y1, b.cell.y1)
}

// together says whether two boxes stand in one ruled cell.
func (p *page) together(a, b rect) bool {
	x, ok := p.rules.cell(a)
	y, ok2 := p.rules.cell(b)
	return ok && ok2 && same(&piece{cell: &x}, &piece{cell: &y})
}

// apart says whether rules keep a value's piece from a label: both in cells, and these neither one nor side by side.
func apart(l, v *piece) bool {
	return l.cell != nil && v.cell != nil && !same(l, v) && !near(l.cell.x1, v.cell.x0)
}

// notUnder says whether rules keep a piece from the label over it.
func notUnder(l, v *piece) bool {
	return l.cell != nil && v.cell != nil && !same(l, v) && !(near(l.cell.y1, v.cell.y0) && l.cell.across(*v.cell) > hair)
}

// rules finds the lines of a page: thin bars, and the straight edges of paths.
func (e *engine) rules(ref requests.Page, to affine) rules {
	var r rules
	n, err := e.inst.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: ref})
	if err != nil {
		return r
	}
	left := mostObjects
	for i := 0; i < n.Count && left > 0; i++ {
		o, err := e.inst.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: ref, Index: i})
		if err != nil {
			continue
		}
		e.object(o.PageObject, to, &r, &left, 0)
	}
	cmpRule := func(a, b rule) int { return cmpf(a.at, b.at) }
	slices.SortFunc(r.upright, cmpRule)
	slices.SortFunc(r.level, cmpRule)
	r.upright, r.level = slices.Compact(r.upright), slices.Compact(r.level)
	return r
}

// object takes the lines of one page object; of a form it takes those of its parts.
func (e *engine) object(o references.FPDF_PAGEOBJECT, to affine, r *rules, left *int, depth int) {
	*left--
	kind, err := e.inst.FPDFPageObj_GetType(&requests.FPDFPageObj_GetType{PageObject: o})
	if err != nil {
		return
	}
	if kind.Type == enums.FPDF_PAGEOBJ_FORM && depth < 4 {
		n, err := e.inst.FPDFFormObj_CountObjects(&requests.FPDFFormObj_CountObjects{PageObject: o})
		m, err2 := e.inst.FPDFPageObj_GetMatrix(&requests.FPDFPageObj_GetMatrix{PageObject: o})
		if err != nil || err2 != nil {
			return
		}
		t := m.Matrix
		inner := to.after(float64(t.A), float64(t.B), float64(t.C), float64(t.D), float64(t.E), float64(t.F))
		for i := 0; i < n.Count && *left > 0; i++ {
			part, err := e.inst.FPDFFormObj_GetObject(&requests.FPDFFormObj_GetObject{PageObject: o, Index: uint64(i)})
			if err == nil {
				e.object(part.PageObject, inner, r, left, depth+1)
			}
		}
		return
	}
	if kind.Type != enums.FPDF_PAGEOBJ_PATH {
		return
	}
	b, err := e.inst.FPDFPageObj_GetBounds(&requests.FPDFPageObj_GetBounds{PageObject: o})
	if err != nil {
		return
	}
	g := to.glyph(0, float64(b.Left), float64(b.Bottom), float64(b.Right), float64(b.Top))
	if g.x1-g.x0 <= thin || g.y1-g.y0 <= thin {
		r.add(g.x0, g.y0, g.x1, g.y1)
		return
	}
	e.edges(o, to, r, left)
}

// edges takes the straight sides of a path: a table's frame is often one path of many.
func (e *engine) edges(o references.FPDF_PAGEOBJECT, to affine, r *rules, left *int) {
	n, err := e.inst.FPDFPath_CountSegments(&requests.FPDFPath_CountSegments{PageObject: o})
	m, err2 := e.inst.FPDFPageObj_GetMatrix(&requests.FPDFPageObj_GetMatrix{PageObject: o})
	if err != nil || err2 != nil {
		return
	}
	t := m.Matrix
	to = to.after(float64(t.A), float64(t.B), float64(t.C), float64(t.D), float64(t.E), float64(t.F))
	var x, y, x0, y0 float64
	var bent bool
	for i := 0; i < n.Count && *left > 0; i++ {
		*left--
		s, err := e.inst.FPDFPath_GetPathSegment(&requests.FPDFPath_GetPathSegment{PageObject: o, Index: i})
		if err != nil {
			return
		}
		kind, err := e.inst.FPDFPathSegment_GetType(&requests.FPDFPathSegment_GetType{PathSegment: s.PathSegment})
		if err != nil || kind.Type == enums.FPDF_SEGMENT_BEZIERTO {
			return // a seal, a logo
		}
		p, err := e.inst.FPDFPathSegment_GetPoint(&requests.FPDFPathSegment_GetPoint{PathSegment: s.PathSegment})
		if err != nil {
			return
		}
		g := to.glyph(0, float64(p.X), float64(p.Y), float64(p.X), float64(p.Y))
		if kind.Type == enums.FPDF_SEGMENT_MOVETO {
			x0, y0 = g.x0, g.y0
		} else {
			r.add(x, y, g.x0, g.y0)
			bent = true
		}
		x, y = g.x0, g.y0
		shut, err := e.inst.FPDFPathSegment_GetClose(&requests.FPDFPathSegment_GetClose{PathSegment: s.PathSegment})
		if err == nil && shut.IsClose && bent {
			r.add(x, y, x0, y0)
		}
	}
}

// after is the map that applies a PDF matrix first.
func (t affine) after(a, b, c, d, e, f float64) affine {
	return affine{
		ax: t.ax*a + t.bx*b, bx: t.ax*c + t.bx*d, ox: t.ox + t.ax*e + t.bx*f,
		ay: t.ay*a + t.by*b, by: t.ay*c + t.by*d, oy: t.oy + t.ay*e + t.by*f,
	}
}
