package paper

import (
	"image"
	"slices"
)

// The ruled lines of a scan, found as long dark runs, and taken out of the picture: OCR reads them as characters.

const (
	ruleLong  = 110 // pixels at scanDPI: longer than any stroke of a title
	ruleThick = 12  // pixels: thicker is a bar, or a picture
)

// findRules fills the scan's rules and whitens them.
func (s *scan) findRules() {
	small := shrunk(s.img, 2)
	t := otsu(small)
	w, h := small.Rect.Dx(), small.Rect.Dy()
	dark := make([]bool, w*h)
	for y := range h {
		for x := range w {
			dark[y*w+x] = small.Pix[y*small.Stride+x] < t
		}
	}
	level := runs(dark, w, h, 1, w, ruleLong/2)
	upright := runs(dark, h, w, w, 1, ruleLong/2)
	for _, r := range level {
		s.rules.level = append(s.rules.level, rule{(r.lo + r.hi + 1) * dot, float64(r.from) * 2 * dot, float64(r.to) * 2 * dot})
		s.erase(r, true, t)
	}
	for _, r := range upright {
		s.rules.upright = append(s.rules.upright, rule{(r.lo + r.hi + 1) * dot, float64(r.from) * 2 * dot, float64(r.to) * 2 * dot})
		s.erase(r, false, t)
	}
}

// A run is a line in pixels of the half-sized picture: along from–to, across lo–hi.
type darkRun struct {
	from, to int
	lo, hi   float64
}

// runs finds long dark runs. Along an axis of n pixels, step apart in dark; across one of m, stride apart. A line that falls a little is several runs in
// neighbouring rows, which are joined.
func runs(dark []bool, n, m, step, stride, long int) []darkRun {
	var open, done []darkRun
	for j := range m {
		var here []darkRun
		for i := 0; i < n; {
			if !dark[j*stride+i*step] {
				i++
				continue
			}
			from, gap := i, 0
			last := i
			for ; i < n && gap <= 1; i++ {
				if dark[j*stride+i*step] {
					last, gap = i, 0
				} else {
					gap++
				}
			}
			if last-from >= long {
				here = append(here, darkRun{from, last + 1, float64(j), float64(j)})
			}
		}
		var next []darkRun
		for _, o := range open {
			grown := false
			for k := 0; k < len(here); k++ {
				// Next to it, or going on where it ends.
				if r := here[k]; r.from <= o.to+8 && r.to+8 >= o.from {
					o.from, o.to, o.hi = min(o.from, r.from), max(o.to, r.to), float64(j)
					here = append(here[:k], here[k+1:]...)
					k--
					grown = true
				}
			}
			if grown || float64(j)-o.hi < 2 {
				next = append(next, o)
			} else {
				done = append(done, o)
			}
		}
		open = append(next, here...)
	}
	done = append(done, open...)
	out := done[:0]
	for _, r := range done {
		if (r.hi-r.lo+1)*2 <= ruleThick+float64(r.to-r.from)/100 && lone(dark, r, m, step, stride) {
			out = append(out, r)
		}
	}
	return out
}

// lone says whether a run is white on both sides: the feet of a row of digits are not.
func lone(dark []bool, r darkRun, m, step, stride int) bool {
	for _, j := range []int{int(r.lo) - 3, int(r.hi) + 3} {
		if j < 0 || j >= m {
			continue
		}
		n := 0
		for i := r.from; i < r.to; i++ {
			if dark[j*stride+i*step] {
				n++
			}
		}
		if 4*n > r.to-r.from {
			return false
		}
	}
	return true
}

// erase whitens a line where nothing crosses it: a character's stroke through it is longer across than the line is thick.
func (s *scan) erase(r darkRun, level bool, t uint8) {
	g := s.img
	b := g.Rect
	lo, hi := int(r.lo*2)-3, int(r.hi*2)+5
	at := func(i, j int) *uint8 {
		x, y := i, j
		if !level {
			x, y = j, i
		}
		if !(image.Point{x, y}).In(b) {
			return nil
		}
		return &g.Pix[y*g.Stride+x]
	}
	for i := r.from*2 - 2; i < r.to*2+2; i++ {
		crossed := 0
		for _, j := range []int{lo - 2, lo - 1, hi, hi + 1} {
			if p := at(i, j); p != nil && *p < t {
				crossed++
			}
		}
		if crossed >= 2 {
			continue
		}
		for j := lo; j < hi; j++ {
			if p := at(i, j); p != nil {
				*p = 255
			}
		}
	}
}

// A part of a scan that was laid elsewhere for the recogniser: from where it was, and where it lies. single is one character of a column.
type part struct {
	from, to image.Rectangle
	single   bool
}

type parts []part

// spread lays the cells of ruled tables anew, below what is not in any: the cells of one row side by side as they were, but level. The recogniser takes what
// stands side by side for one line; a cell of two lines beside one of one makes it lose both. So the lines of such a cell are laid one behind the other, apart
// from its row, which also shows the recogniser a wrapped word whole. A cell that stands beside several rows goes apart, too.
func (s *scan) spread() (*scan, parts) {
	const inset, margin, most = 5, 36, 400
	all := s.img.Rect
	ps := parts{{from: all, to: all}}
	cells := s.cells()
	if len(cells) == 0 || len(cells) > most {
		return s, ps
	}
	rest := image.NewGray(all)
	copy(rest.Pix, s.img.Pix)
	var rows [][]image.Rectangle
	var tall []image.Rectangle
	for _, c := range cells {
		blank(rest, c)
		beside := 0
		for _, o := range cells {
			if o.Min.Y > c.Min.Y+inset && o.Min.Y < c.Max.Y-inset {
				beside++
			}
		}
		switch n := len(rows); {
		case beside > 0:
			tall = append(tall, c)
		case n > 0 && abs(rows[n-1][0].Min.Y-c.Min.Y) <= inset:
			rows[n-1] = append(rows[n-1], c)
		default:
			rows = append(rows, []image.Rectangle{c})
		}
	}
	y := all.Max.Y + margin
	y += s.columns(tall, y, inset, &ps)
	var wrapped [][]image.Rectangle
	for _, row := range rows {
		high := 0
		for _, c := range row {
			if c = s.inked(c.Inset(inset)); c.Empty() {
				continue
			}
			if ls := s.lines(c); len(ls) > 1 {
				wrapped = append(wrapped, ls)
				continue
			}
			ps = append(ps, part{from: c, to: image.Rect(c.Min.X, y, c.Max.X, y+c.Dy())})
			high = max(high, c.Dy())
		}
		if high > 0 {
			y += high + margin
		}
	}
	y = unwrap(wrapped, y, all.Dx(), &ps)
	out := white(all.Dx(), y)
	paste(out, image.Point{}, rest, rest.Rect)
	for _, p := range ps[1:] {
		paste(out, p.to.Min, s.img, image.Rectangle{p.from.Min, p.from.Min.Add(p.to.Size())})
	}
	return &scan{img: out, ink: s.ink}, ps
}

// lines parts what stands in a rectangle at the white between its lines, each drawn in to its ink.
func (s *scan) lines(r image.Rectangle) (out []image.Rectangle) {
	const least, apart = 20, 6 // pixels: a line's height, and the white between two
	at, white := r.Min.Y, 0
	for y := r.Min.Y; y <= r.Max.Y; y++ {
		if y < r.Max.Y && !s.inked(image.Rect(r.Min.X, y, r.Max.X, y+1)).Empty() {
			white = 0
			continue
		}
		if white++; white == apart && y-white+1-at >= least || y == r.Max.Y && len(out) > 0 {
			line := image.Rect(r.Min.X, at, r.Max.X, min(y+1, r.Max.Y))
			if line = s.narrowed(s.inked(line)); line.Dy() >= least {
				out = append(out, line)
			} else if len(out) > 0 && !line.Empty() {
				out[len(out)-1] = out[len(out)-1].Union(line) // the foot of the line above
			}
			at = y
		}
	}
	return out
}

// unwrap lays the lines of each cell one behind the other, cells apart, from y on, and answers where it ended.
func unwrap(cells [][]image.Rectangle, y, wide int, ps *parts) int {
	const left, space, apart, margin = 60, 20, 150, 36 // pixels
	x, high := left, 0
	for _, ls := range cells {
		all := 0
		for _, l := range ls {
			all += l.Dx() + space
		}
		for i, l := range ls {
			if i == 0 && x > left && x+all > wide || x > left && x+l.Dx() > wide {
				x, y, high = left, y+high+margin, 0
			}
			*ps = append(*ps, part{from: l, to: image.Rect(x, y, x+l.Dx(), y+l.Dy())})
			x += l.Dx() + space
			high = max(high, l.Dy())
		}
		x += apart
	}
	if high > 0 {
		y += high + margin
	}
	return y
}

// columns lays the cells that stand beside several rows into one line, and of one that is written downwards its characters side by side. It answers the
// line's height with the white below it.
func (s *scan) columns(cells []image.Rectangle, y, inset int, ps *parts) int {
	const apart, margin = 90, 36
	x, high := 2*apart/3, 0
	for _, c := range cells {
		var chars []image.Rectangle
		in := s.inked(c.Inset(inset))
		wide := 0
		for rest := in; !rest.Empty(); {
			r := rest
			for j := rest.Min.Y; j < rest.Max.Y; j++ {
				if s.inked(image.Rect(rest.Min.X, j, rest.Max.X, min(j+5, rest.Max.Y))).Empty() {
					r.Max.Y = j
					break
				}
			}
			chars = append(chars, r)
			wide = max(wide, r.Dy())
			rest.Min.Y = r.Max.Y
			rest = s.inked(rest)
		}
		downwards := len(chars) > 1 && in.Dx() < 2*wide+wide/2
		if !downwards {
			chars = []image.Rectangle{in}
		}
		for _, r := range chars {
			if r.Empty() || x+r.Dx() > s.img.Rect.Dx() {
				continue
			}
			if downwards {
				r = s.narrowed(r)
			}
			*ps = append(*ps, part{r, image.Rect(x, y, x+r.Dx(), y+r.Dy()), downwards})
			x += r.Dx() + 16
			high = max(high, r.Dy())
		}
		x += apart
	}
	if high == 0 {
		return 0
	}
	return high + margin
}

// narrowed is a rectangle without the white columns to the left and right of what stands in it.
func (s *scan) narrowed(r image.Rectangle) image.Rectangle {
	for r.Min.X < r.Max.X && !s.dark(r.Min.X, r.Min.Y, r.Max.Y) {
		r.Min.X++
	}
	for r.Max.X > r.Min.X && !s.dark(r.Max.X-1, r.Min.Y, r.Max.Y) {
		r.Max.X--
	}
	return r
}

// inked is a rectangle without the white rows above and below what stands in it.
func (s *scan) inked(r image.Rectangle) image.Rectangle {
	dark := func(y int) bool {
		n := 0
		for _, v := range s.img.Pix[y*s.img.Stride+r.Min.X : y*s.img.Stride+r.Max.X] {
			if v < s.ink {
				n++
			}
		}
		return n > 1 // one is a speck
	}
	for r.Min.Y < r.Max.Y && !dark(r.Min.Y) {
		r.Min.Y++
	}
	for r.Max.Y > r.Min.Y && !dark(r.Max.Y-1) {
		r.Max.Y--
	}
	return r
}

func abs(n int) int { return max(n, -n) }

// heights says of each row of a tightened sheet which of the sheet's it was.
type heights []int

// tight is a sheet without the bands of white between its lines but for a margin: a third of the recogniser's time goes into looking where there is nothing.
func (s *scan) tight() (*scan, heights) {
	const margin = 60 // pixels: more than stands between lines of one paragraph
	g := s.img
	w := g.Rect.Dx()
	out := &image.Gray{Stride: w}
	var at heights
	white := 0
	for y := range g.Rect.Dy() {
		row := g.Pix[y*g.Stride : y*g.Stride+w]
		ink := 0
		for _, v := range row {
			if v < s.ink {
				ink++
			}
		}
		if white++; ink > 1 {
			white = 0
		}
		if white <= margin {
			out.Pix = append(out.Pix, row...)
			at = append(at, y)
		}
	}
	out.Rect = image.Rect(0, 0, w, len(at))
	return &scan{img: out, ink: s.ink}, at
}

// home puts characters back to the height at which they stand on the sheet.
func (at heights) home(gs []glyph) []glyph {
	if len(at) == 0 {
		return nil
	}
	for i := range gs {
		// By its middle, which is on its line: its edges may reach into what was left out.
		g := &gs[i]
		mid := min(max(int((g.y0+g.y1)/2/dot), 0), len(at)-1)
		by := float64(at[mid]-mid) * dot
		g.y0, g.y1 = g.y0+by, g.y1+by
	}
	return gs
}

// home puts characters back to where they stand on the page. Those of columns are known by their order: the recogniser's boxes of them are the worst.
func (ps parts) home(gs []glyph) []glyph {
	var out, line []glyph
	var singles parts
	for _, p := range ps {
		if p.single {
			singles = append(singles, p)
		}
	}
	for _, g := range gs {
		at := image.Pt(int((g.x0+g.x1)/2/dot), int((g.y0+g.y1)/2/dot))
		if len(singles) > 0 && at.Y >= singles[0].to.Min.Y-8 && at.Y < singles[0].to.Max.Y+8 {
			line = append(line, g)
			continue
		}
		for _, p := range slices.Backward(ps) {
			if at.In(p.to) {
				out = append(out, g.moved(p.from.Min.Sub(p.to.Min)))
				break
			}
		}
	}
	if len(line) != len(singles) {
		for _, g := range line {
			for _, p := range singles {
				if x := int((g.x0 + g.x1) / 2 / dot); x >= p.to.Min.X-8 && x < p.to.Max.X+8 {
					out = append(out, g.moved(p.from.Min.Sub(p.to.Min)))
					break
				}
			}
		}
		return out
	}
	for i, g := range line {
		r := singles[i].from
		out = append(out, glyph{g.r, float64(r.Min.X) * dot, float64(r.Min.Y) * dot, float64(r.Max.X) * dot, float64(r.Max.Y) * dot, g.conf})
	}
	return out
}

func (g glyph) moved(by image.Point) glyph {
	dx, dy := float64(by.X)*dot, float64(by.Y)*dot
	return glyph{g.r, g.x0 + dx, g.y0 + dy, g.x1 + dx, g.y1 + dy, g.conf}
}

// cells finds the ruled boxes that hold no other, in pixels, from top to bottom.
func (s *scan) cells() []image.Rectangle {
	at := func(rs []rule) (mids []float64) {
		var xs []float64
		for _, r := range rs {
			xs = append(xs, r.at)
		}
		slices.Sort(xs)
		for i := 1; i < len(xs); i++ {
			if xs[i]-xs[i-1] > 2 {
				mids = append(mids, (xs[i]+xs[i-1])/2)
			}
		}
		return mids
	}
	seen := map[image.Rectangle]bool{}
	var out []image.Rectangle
	xs, ys := at(s.rules.upright), at(s.rules.level)
	if len(xs)*len(ys) > 20_000 {
		return nil
	}
	for _, y := range ys {
		for _, x := range xs {
			c, ok := s.rules.cell(rect{x, y, x, y})
			if !ok {
				continue
			}
			r := image.Rect(int(c.x0/dot), int(c.y0/dot), int(c.x1/dot), int(c.y1/dot))
			if !seen[r] && r.Dx() > 20 && r.Dy() > 20 {
				seen[r] = true
				out = append(out, r)
			}
		}
	}
	return out
}
