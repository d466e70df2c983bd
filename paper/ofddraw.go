package paper

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"strconv"
	"strings"

	"guike/font"

	"github.com/fogleman/gg"
	"golang.org/x/image/draw"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/f64"
	"golang.org/x/image/math/fixed"
)

// A painter draws a page of an OFD as GB/T 33190-2016 describes it: templates, layers, text with its own fonts or the house's, paths, pictures, notes and seals.
// What it does not know (shadings, patterns, video) it leaves out: the page is there to be looked at, the original is what counts.
type painter struct {
	o     *ofd
	dc    *gg.Context
	res   *ofdResources
	base  matrix // millimetres of the page to pixels
	drawn int    // objects, strokes of paths, characters
	deep  int    // composites in composites
	clips []func()
	buf   sfnt.Buffer
}

// ofdDrawn bounds what is drawn of a page.
const ofdDrawn = 500_000

// drawOFD draws a page (from 1) as PNG, width pixels wide.
func drawOFD(data []byte, no, width int) ([]byte, error) {
	img, err := paintOFD(data, no, min(max(width, 16), 4000), color.White, true)
	if err != nil {
		return nil, err
	}
	var w bytes.Buffer
	err = (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&w, img)
	return w.Bytes(), err
}

// paintOFD draws on a ground; the picture of a seal is an OFD itself, and has no seals.
func paintOFD(data []byte, no, width int, ground color.Color, seals bool) (image.Image, error) {
	o, err := openOFD(data)
	if err != nil {
		return nil, err
	}
	n := no
	for _, body := range o.bodies {
		d, err := o.document(body)
		if err != nil {
			return nil, err
		}
		if n > len(d.pages) {
			n -= len(d.pages)
			continue
		}
		if n < 1 {
			break
		}
		ref := d.pages[n-1]
		root, err := o.xml(ofdAt(d.dir, ref.attrs["BaseLoc"]))
		if err != nil {
			return nil, err
		}
		pg := root.get("Page")
		box := d.box(pg)
		scale := float64(width) / box[2]
		if box[2] < 1 || box[3] < 1 || box[2] > 10_000 || box[3] > 10_000 {
			return nil, readError("damaged", "OFD 第 %d 页的大小无法显示", no)
		}
		height := int(math.Round(box[3] * scale))
		if height > 12000 {
			scale *= 12000 / float64(height)
			width, height = max(int(box[2]*scale), 1), 12000
		}
		p := &painter{o: o, dc: gg.NewContext(width, max(height, 1)), res: o.resources(d, pg), base: matrix{scale, 0, 0, scale, -box[0] * scale, -box[1] * scale}}
		p.dc.SetColor(ground)
		p.dc.Clear()
		p.page(d, pg)
		p.notes(d, ref.attrs["ID"])
		if seals {
			p.seals(body, ref.attrs["ID"])
		}
		return p.dc.Image(), nil
	}
	return nil, readError("damaged", "没有第 %d 页", no)
}

// page draws templates behind and before what the page has itself.
func (p *painter) page(d *ofdDocument, pg *node) {
	templates := func(front bool) {
		for _, t := range pg.all("Template") {
			if (t.attrs["ZOrder"] == "Foreground") != front || d.templates[t.attrs["TemplateID"]] == "" {
				continue
			}
			root, err := p.o.xml(d.templates[t.attrs["TemplateID"]])
			if err != nil {
				continue // the rest of the page is worth seeing
			}
			own := *p
			own.res = p.res.with(p.o, ofdDirOf(d.templates[t.attrs["TemplateID"]]), root.get("Page"))
			own.layers(root.get("Page", "Content"))
			p.drawn = own.drawn
		}
	}
	templates(false)
	p.layers(pg.get("Content"))
	templates(true)
}

func (p *painter) layers(content *node) {
	for _, kind := range []string{"Background", "Body", "Foreground"} {
		for _, l := range content.all("Layer") {
			t := l.attrs["Type"]
			if t == kind || t != "Background" && t != "Foreground" && kind == "Body" {
				p.objects(l, p.base, p.res.param(l.attrs["DrawParam"]))
			}
		}
	}
}

// objects draws what a layer, a block or an appearance holds, in its order.
func (p *painter) objects(in *node, at matrix, inherited ofdParam) {
	for _, n := range in.kids {
		if p.drawn++; p.drawn > ofdDrawn {
			return
		}
		if n.attrs["Visible"] == "false" {
			continue
		}
		switch n.name {
		case "PageBlock":
			p.objects(n, at, inherited)
		case "TextObject", "PathObject", "ImageObject", "CompositeObject":
			b := floats(n.attrs["Boundary"])
			if len(b) != 4 {
				continue
			}
			m := at.times(matrix{1, 0, 0, 1, b[0], b[1]})
			if c := floats(n.attrs["CTM"]); len(c) == 6 {
				m = m.times(matrix(c))
			}
			look := p.res.look(n, inherited)
			clipped := p.clip(n, m)
			switch n.name {
			case "TextObject":
				p.text(n, m, look)
			case "PathObject":
				p.path(n, m, look)
			case "ImageObject":
				if img := p.res.image(p.o, n.attrs["ResourceID"]); img != nil {
					p.image(img, m, look.alpha, n.attrs["BlendMode"] == "Darken")
				}
			case "CompositeObject":
				if unit := p.res.units[n.attrs["ResourceID"]]; unit != nil && p.deep < 4 {
					p.deep++
					p.objects(unit.get("Content"), m, look)
					p.deep--
				}
			}
			if clipped {
				p.unclip()
			}
		}
	}
}

// clip narrows what is drawn to an object's own clips; whoever gets true takes them back by unclip.
func (p *painter) clip(n *node, m matrix) bool {
	clips := n.get("Clips").all("Clip")
	if len(clips) == 0 {
		return false
	}
	p.narrow(func() {
		for _, c := range clips {
			for _, area := range c.all("Area") {
				am := m
				if x := floats(area.attrs["CTM"]); len(x) == 6 {
					am = am.times(matrix(x))
				}
				path := area.get("Path")
				if b := floats(path.attrs["Boundary"]); len(b) == 4 {
					am = am.times(matrix{1, 0, 0, 1, b[0], b[1]})
				}
				if x := floats(path.attrs["CTM"]); len(x) == 6 {
					am = am.times(matrix(x))
				}
				p.outline(path.get("AbbreviatedData").text, am)
			}
			p.dc.Clip()
		}
	})
	return true
}

func (p *painter) narrow(by func()) {
	p.clips = append(p.clips, by)
	by()
}

// unclip makes the clips around anew: the context has no way back to the one before.
func (p *painter) unclip() {
	p.clips = p.clips[:len(p.clips)-1]
	p.dc.ResetClip()
	for _, by := range p.clips {
		by()
	}
}

// at maps a point to pixels. What lies far beyond the page is brought nearer: it is not seen, and to draw there would take for ever.
func (p *painter) at(m matrix, x, y float64) (float64, float64) {
	far := 3 * float64(max(p.dc.Width(), p.dc.Height()))
	near := func(v float64) float64 {
		if math.IsNaN(v) {
			return far
		}
		return min(max(v, -far), far)
	}
	x, y = m.at(x, y)
	return near(x), near(y)
}

func (p *painter) path(n *node, m matrix, look ofdParam) {
	p.outline(n.get("AbbreviatedData").text, m)
	if n.attrs["Fill"] == "true" && look.fill != nil {
		p.dc.SetFillRule(gg.FillRuleWinding)
		if n.attrs["Rule"] == "Even-Odd" {
			p.dc.SetFillRule(gg.FillRuleEvenOdd)
		}
		p.dc.SetColor(faded(look.fill, look.alpha))
		p.dc.FillPreserve()
	}
	if n.attrs["Stroke"] != "false" {
		p.stroke(m, look)
	}
	p.dc.ClearPath()
}

func (p *painter) stroke(m matrix, look ofdParam) {
	scale := math.Sqrt(math.Abs(m[0]*m[3] - m[1]*m[2]))
	// A hairline is seen at any size.
	p.dc.SetLineWidth(min(max(look.width*scale, 1), 2000))
	p.dc.SetLineCap(look.cap)
	p.dc.SetLineJoin(gg.LineJoinBevel)
	dash := make([]float64, len(look.dash))
	sum := 0.0
	for i, d := range look.dash {
		dash[i] = max(d*scale, 0.5)
		sum += dash[i]
	}
	if sum < max(2, look.width*scale/4) {
		dash = nil // nobody could tell it from a line
	}
	p.dc.SetDash(dash...)
	c := look.stroke
	if c == nil {
		c = color.Black
	}
	p.dc.SetColor(faded(c, look.alpha))
	p.dc.StrokePreserve()
}

// outline lays out an AbbreviatedData (9.1): S or M move, L line, Q and B Bézier curves of two and three degrees, A an arc, C closes.
func (p *painter) outline(data string, m matrix) {
	words := strings.Fields(data)
	var now, start point
	for i := 0; i < len(words); {
		if p.drawn++; p.drawn > ofdDrawn {
			return
		}
		op := words[i]
		i++
		var v []float64
		for i < len(words) && len(v) < 7 {
			f, err := strconv.ParseFloat(words[i], 64)
			if err != nil || math.IsNaN(f) || math.Abs(f) > 1e6 {
				break
			}
			v = append(v, f)
			i++
		}
		to := func(k int) (float64, float64) { now = point{v[k], v[k+1]}; return p.at(m, v[k], v[k+1]) }
		switch {
		case (op == "M" || op == "S") && len(v) >= 2:
			p.dc.MoveTo(to(0))
			start = now
		case op == "L" && len(v) >= 2:
			p.dc.LineTo(to(0))
		case op == "Q" && len(v) >= 4:
			x1, y1 := p.at(m, v[0], v[1])
			x2, y2 := to(2)
			p.dc.QuadraticTo(x1, y1, x2, y2)
		case op == "B" && len(v) >= 6:
			x1, y1 := p.at(m, v[0], v[1])
			x2, y2 := p.at(m, v[2], v[3])
			x3, y3 := to(4)
			p.dc.CubicTo(x1, y1, x2, y2, x3, y3)
		case op == "A" && len(v) >= 7:
			for _, q := range arc(now, point{v[5], v[6]}, v[0], v[1], v[2]*math.Pi/180, v[3] != 0, v[4] != 0) {
				p.dc.LineTo(p.at(m, q.x, q.y))
			}
			now = point{v[5], v[6]}
		case op == "C":
			p.dc.ClosePath()
			now = start
		}
	}
}

// arc gives points along an elliptic arc from a to b (SVG 2, B.2.4: from end points to the centre).
func arc(a, b point, rx, ry, turn float64, large, sweep bool) []point {
	rx, ry = math.Abs(rx), math.Abs(ry)
	if rx == 0 || ry == 0 || a == b {
		return []point{b}
	}
	sin, cos := math.Sincos(turn)
	hx, hy := (a.x-b.x)/2, (a.y-b.y)/2
	x, y := cos*hx+sin*hy, -sin*hx+cos*hy
	if l := x*x/(rx*rx) + y*y/(ry*ry); l > 1 {
		rx, ry = rx*math.Sqrt(l), ry*math.Sqrt(l)
	}
	f := (rx*rx*ry*ry - rx*rx*y*y - ry*ry*x*x) / (rx*rx*y*y + ry*ry*x*x)
	f = math.Sqrt(max(f, 0))
	if large == sweep {
		f = -f
	}
	cx, cy := f*rx*y/ry, -f*ry*x/rx
	mx, my := cos*cx-sin*cy+(a.x+b.x)/2, sin*cx+cos*cy+(a.y+b.y)/2
	from := math.Atan2((y-cy)/ry, (x-cx)/rx)
	by := math.Atan2((-y-cy)/ry, (-x-cx)/rx) - from
	if sweep && by < 0 {
		by += 2 * math.Pi
	} else if !sweep && by > 0 {
		by -= 2 * math.Pi
	}
	const steps = 48
	out := make([]point, steps)
	for i := range out {
		s, c := math.Sincos(from + by*float64(i+1)/steps)
		out[i] = point{mx + cos*rx*c - sin*ry*s, my + sin*rx*c + cos*ry*s}
	}
	return out
}

func (p *painter) text(n *node, m matrix, look ofdParam) {
	size := textSize(n)
	wide := 1.0
	if v, err := strconv.ParseFloat(n.attrs["HScale"], 64); err == nil && v > 0 && v < 10 {
		wide = v
	}
	slant := 0.0
	if n.attrs["Italic"] == "true" {
		slant = -0.25
	}
	weight, _ := strconv.Atoi(n.attrs["Weight"])
	turn := 0.0
	if v, err := strconv.ParseFloat(n.attrs["CharDirection"], 64); err == nil {
		turn = v * math.Pi / 180
	}
	own := p.res.font(p.o, n.attrs["Font"])
	given := glyphsGiven(n)
	fill := look.fill
	if fill == nil {
		fill = color.Black
	}
	first := 0
	eachCode(n, func(_ *node, runes []rune, at []point) {
		for i, r := range runes {
			if p.drawn++; p.drawn > ofdDrawn {
				return
			}
			f, g := p.glyph(own, given, first+i, r)
			if f == nil {
				continue
			}
			sin, cos := math.Sincos(turn)
			gm := m.times(matrix{1, 0, 0, 1, at[i].x, at[i].y}).times(matrix{cos, sin, -sin, cos, 0, 0}).times(matrix{wide, 0, slant, 1, 0, 0})
			if !p.shape(f, g, size, gm) {
				continue
			}
			p.dc.SetFillRule(gg.FillRuleWinding)
			p.dc.SetColor(faded(fill, look.alpha))
			if n.attrs["Fill"] != "false" {
				p.dc.FillPreserve()
			}
			// The house's font has one weight: what is bold is drawn with an edge.
			if bold := weight >= 600; bold || n.attrs["Stroke"] == "true" {
				edge := look
				if bold {
					edge.stroke, edge.width, edge.dash = fill, size/40, nil
				}
				p.stroke(m, edge)
			}
			p.dc.ClearPath()
		}
		first += len(runes)
	})
}

// glyph finds what draws the i-th character: the glyph that the file names, its font's own, or the house's.
func (p *painter) glyph(own *sfnt.Font, given map[int]sfnt.GlyphIndex, i int, r rune) (*sfnt.Font, sfnt.GlyphIndex) {
	if own != nil {
		if g, ok := given[i]; ok {
			return own, g
		}
		if g, err := own.GlyphIndex(&p.buf, r); err == nil && g != 0 {
			return own, g
		}
	}
	if r <= ' ' || r == '\u3000' {
		return nil, 0
	}
	fs, err := font.Parsed()
	if err != nil {
		return nil, 0
	}
	for _, f := range fs {
		if g, err := f.GlyphIndex(&p.buf, r); err == nil && g != 0 {
			return f, g
		}
	}
	return nil, 0
}

// shape lays out a glyph, size millimetres high, on its base line.
func (p *painter) shape(f *sfnt.Font, g sfnt.GlyphIndex, size float64, m matrix) bool {
	const em = 1000
	segments, err := f.LoadGlyph(&p.buf, g, fixed.I(em), nil)
	if err != nil {
		return false
	}
	at := func(q fixed.Point26_6) (float64, float64) {
		return p.at(m, float64(q.X)/64/em*size, float64(q.Y)/64/em*size)
	}
	for _, s := range segments {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			p.dc.ClosePath()
			p.dc.MoveTo(at(s.Args[0]))
		case sfnt.SegmentOpLineTo:
			p.dc.LineTo(at(s.Args[0]))
		case sfnt.SegmentOpQuadTo:
			x1, y1 := at(s.Args[0])
			x2, y2 := at(s.Args[1])
			p.dc.QuadraticTo(x1, y1, x2, y2)
		case sfnt.SegmentOpCubeTo:
			x1, y1 := at(s.Args[0])
			x2, y2 := at(s.Args[1])
			x3, y3 := at(s.Args[2])
			p.dc.CubicTo(x1, y1, x2, y2, x3, y3)
		}
	}
	p.dc.ClosePath()
	return len(segments) > 0
}

// glyphsGiven reads which glyphs stand for which characters (CGTransform, 11.4), where each stands for one.
func glyphsGiven(n *node) map[int]sfnt.GlyphIndex {
	out := map[int]sfnt.GlyphIndex{}
	for _, t := range n.all("CGTransform") {
		at, err := strconv.Atoi(t.attrs["CodePosition"])
		if err != nil || at < 0 {
			continue
		}
		ids := strings.Fields(t.get("Glyphs").text)
		if count, err := strconv.Atoi(t.attrs["CodeCount"]); err == nil && count != len(ids) {
			continue
		}
		for i, w := range ids {
			if id, err := strconv.ParseUint(w, 10, 16); err == nil {
				out[at+i] = sfnt.GlyphIndex(id)
			}
		}
	}
	return out
}

// image draws a picture over the unit square that m places.
func (p *painter) image(img image.Image, m matrix, alpha float64, darken bool) {
	b := img.Bounds()
	w, h := float64(b.Dx()), float64(b.Dy())
	u := m.times(matrix{1 / w, 0, 0, 1 / h, 0, 0}).times(matrix{1, 0, 0, 1, -float64(b.Min.X), -float64(b.Min.Y)})
	dst := p.dc.Image().(*image.RGBA)
	// Only where it lies is touched.
	var reach image.Rectangle
	for _, c := range []point{{0, 0}, {1, 0}, {0, 1}, {1, 1}} {
		x, y := p.at(m, c.x, c.y)
		reach = reach.Union(image.Rect(int(x)-1, int(y)-1, int(x)+2, int(y)+2))
	}
	over := image.NewRGBA(reach.Intersect(dst.Bounds()))
	draw.ApproxBiLinear.Transform(over, f64.Aff3{u[0], u[2], u[4], u[1], u[3], u[5]}, img, b, draw.Src, nil)
	if darken {
		for y := over.Rect.Min.Y; y < over.Rect.Max.Y; y++ {
			for x := over.Rect.Min.X; x < over.Rect.Max.X; x++ {
				i, j := over.PixOffset(x, y), dst.PixOffset(x, y)
				for c := range 3 {
					if over.Pix[i+3] == 255 {
						over.Pix[i+c] = min(over.Pix[i+c], dst.Pix[j+c])
					}
				}
			}
		}
	}
	if alpha < 1 {
		for i := range over.Pix {
			over.Pix[i] = uint8(float64(over.Pix[i]) * alpha)
		}
	}
	p.dc.DrawImage(over, 0, 0) // at its own place; the context clips it
}

// faded makes a colour as transparent as its object is.
func faded(c color.Color, alpha float64) color.Color {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	n.A = uint8(math.Round(float64(n.A) * alpha))
	return n
}

// matrix maps x, y to a·x + c·y + e, b·x + d·y + f: a, b, c, d, e, f as OFD writes it.
type matrix [6]float64

func (m matrix) at(x, y float64) (float64, float64) {
	return m[0]*x + m[2]*y + m[4], m[1]*x + m[3]*y + m[5]
}

// times is the matrix that does n first and m then.
func (m matrix) times(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[2]*n[1], m[1]*n[0] + m[3]*n[1],
		m[0]*n[2] + m[2]*n[3], m[1]*n[2] + m[3]*n[3],
		m[0]*n[4] + m[2]*n[5] + m[4], m[1]*n[4] + m[3]*n[5] + m[5],
	}
}
