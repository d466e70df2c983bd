package paper

import "image"

// A page may lie in the scanner on its side or on its head. Which side is up no cheap look tells, whether its lines run across or down does.

// quarters lists by how many quarters to the right a page is to be turned, the likeliest first.
func quarters(page *image.Gray) []int {
	g := grey(page, 1200)
	if across, down := sharpness(g), sharpness(quarter(g, 1)); down > across*1.25 {
		return []int{1, 3}
	} else if across > down*1.25 {
		return []int{0, 2}
	}
	return []int{0, 2, 1, 3}
}

// sharpness is how clearly ink stands in rows: the sum of squares of the steps in its profile, for as much ink.
func sharpness(g *image.Gray) float64 {
	t := otsu(g)
	last, sum, ink := 0.0, 0.0, 1.0
	for y := range g.Rect.Dy() {
		n := 0.0
		// Long runs are ruled lines, which stand both ways.
		run := 0
		for _, v := range g.Pix[y*g.Stride : y*g.Stride+g.Rect.Dx()] {
			if v < t {
				run++
				continue
			}
			if run > 0 && run < 40 {
				n += float64(run)
			}
			run = 0
		}
		ink += n
		sum += (n - last) * (n - last)
		last = n
	}
	return sum / ink
}

// quarter turns a picture to the right by n quarters.
func quarter(g *image.Gray, n int) *image.Gray {
	if n == 0 {
		return g
	}
	w, h := g.Rect.Dx(), g.Rect.Dy()
	out := image.NewGray(image.Rect(0, 0, w, h))
	if n != 2 {
		out = image.NewGray(image.Rect(0, 0, h, w))
	}
	for y := range h {
		row := g.Pix[y*g.Stride : y*g.Stride+w]
		for x, v := range row {
			switch n {
			case 1:
				out.Pix[x*out.Stride+h-1-y] = v
			case 2:
				out.Pix[(h-1-y)*out.Stride+w-1-x] = v
			default:
				out.Pix[(w-1-x)*out.Stride+y] = v
			}
		}
	}
	return out
}

// unquarter gives a box of a page that was turned by n quarters its place on the page as it lies.
func unquarter(b Box, n int) Box {
	switch n {
	case 1:
		return Box{b[1], 1 - b[2], b[3], 1 - b[0]}
	case 2:
		return Box{1 - b[2], 1 - b[3], 1 - b[0], 1 - b[1]}
	case 3:
		return Box{1 - b[3], b[0], 1 - b[1], b[2]}
	}
	return b
}

// upright says whether a page was read the right way up: it has words that papers have, or nearly all its characters were made out. Upside down the
// recogniser is as sure of half of what it sees.
func upright(p *page) bool {
	labels, sure := 0, 0
	for _, x := range p.pieces {
		if x.label != nil && x.label.field != "" {
			labels++
		}
	}
	for _, g := range p.glyphs {
		if g.conf > 0.9 {
			sure++
		}
	}
	return labels >= 3 || len(p.glyphs) >= 40 && sure*5 > len(p.glyphs)*4
}
