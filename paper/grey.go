package paper

import (
	"bytes"
	"image"

	"golang.org/x/image/draw"
)

// Grey pictures by rows of bytes: through image's colours each pixel costs twenty times as much, which was a fifth of a scan's reading.

// white is a grey picture of paper with nothing on it.
func white(w, h int) *image.Gray {
	return &image.Gray{Pix: bytes.Repeat([]byte{255}, w*h), Stride: w, Rect: image.Rect(0, 0, w, h)}
}

// blank whitens a rectangle of a picture that begins at (0, 0).
func blank(g *image.Gray, r image.Rectangle) {
	r = r.Intersect(g.Rect)
	paste(g, r.Min, white(r.Dx(), r.Dy()), image.Rect(0, 0, r.Dx(), r.Dy()))
}

// paste lays a rectangle of one picture into another, from a corner on; both begin at (0, 0).
func paste(g *image.Gray, at image.Point, from *image.Gray, r image.Rectangle) {
	by := at.Sub(r.Min)
	r = r.Intersect(from.Rect).Intersect(g.Rect.Sub(by))
	for y := r.Min.Y; y < r.Max.Y; y++ {
		copy(g.Pix[(y+by.Y)*g.Stride+r.Min.X+by.X:][:r.Dx()], from.Pix[y*from.Stride+r.Min.X:])
	}
}

// grey makes a picture grey on white, its long side so many pixels; larger ones only.
func grey(img image.Image, long int) *image.Gray {
	b := img.Bounds()
	return greyed(img, min(float64(long)/float64(max(b.Dx(), b.Dy(), 1)), 1))
}

// greyed makes a picture grey at a scale; what is transparent is paper.
func greyed(img image.Image, scale float64) *image.Gray {
	b := img.Bounds()
	w, h := max(int(float64(b.Dx())*scale), 1), max(int(float64(b.Dy())*scale), 1)
	if y, ok := img.(*image.YCbCr); ok {
		img = &image.Gray{Pix: y.Y, Stride: y.YStride, Rect: y.Rect} // as it was stored
	}
	if src, ok := img.(*image.Gray); ok {
		return scaled(src, w, h)
	}
	g := white(w, h)
	draw.ApproxBiLinear.Scale(g, g.Rect, img, b, draw.Over, nil)
	return g
}

// scaled draws a grey picture at another size, each pixel mixed of the four about its middle (bilinear).
func scaled(src *image.Gray, w, h int) *image.Gray {
	b := src.Rect
	g := &image.Gray{Pix: make([]byte, w*h), Stride: w, Rect: image.Rect(0, 0, w, h)}
	if w == b.Dx() && h == b.Dy() {
		paste(g, image.Point{}, &image.Gray{Pix: src.Pix[src.PixOffset(b.Min.X, b.Min.Y):], Stride: src.Stride, Rect: g.Rect}, g.Rect)
		return g
	}
	// Where each column lies among the source's, and how far towards the next, of 256.
	place := func(i, n, of int) (int, int) {
		at := min(max((float64(i)+0.5)*float64(of)/float64(n)-0.5, 0), float64(of-1))
		return int(at), int((at - float64(int(at))) * 256)
	}
	type column struct{ at, next, far int }
	columns := make([]column, w)
	for x := range columns {
		at, far := place(x, w, b.Dx())
		columns[x] = column{at, min(at+1, b.Dx()-1), far}
	}
	for y := range h {
		at, far := place(y, h, b.Dy())
		top := src.Pix[src.PixOffset(b.Min.X, b.Min.Y+at):]
		low := src.Pix[src.PixOffset(b.Min.X, b.Min.Y+min(at+1, b.Dy()-1)):]
		row := g.Pix[y*w : y*w+w]
		for x, c := range columns {
			t := int(top[c.at])*(256-c.far) + int(top[c.next])*c.far
			l := int(low[c.at])*(256-c.far) + int(low[c.next])*c.far
			row[x] = uint8((t*(256-far) + l*far + 1<<15) >> 16)
		}
	}
	return g
}
