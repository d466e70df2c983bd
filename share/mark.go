package share

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"math"

	"guike/font"

	xdraw "golang.org/x/image/draw"
	xfont "golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/f64"
	"golang.org/x/image/math/fixed"
)

// drawing bounds how many pages are drawn at once, so that a crowd of strangers cannot fill the memory.
var drawing = make(chan struct{}, 2)

// A Part is what of a page is shown, in fractions of its width and height; the zero Part is all of it.
type Part [4]float64

// Mark cuts a page, a PNG, to a part and draws lines of text over all of it, in the picture itself: slanted, pale, again and again, so that no cutting takes them
// away. It answers a JPEG.
func Mark(ctx context.Context, page []byte, part Part, lines ...string) ([]byte, error) {
	select {
	case drawing <- struct{}{}:
		defer func() { <-drawing }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	src, err := png.Decode(bytes.NewReader(page))
	if err != nil {
		return nil, err
	}
	b := src.Bounds()
	if part != (Part{}) {
		at := func(f float64, n int) int { return int(math.Round(min(max(f, 0), 1) * float64(n))) }
		cut := image.Rect(b.Min.X+at(part[0], b.Dx()), b.Min.Y+at(part[1], b.Dy()), b.Min.X+at(part[2], b.Dx()), b.Min.Y+at(part[3], b.Dy()))
		if cut.Dx() > 8 && cut.Dy() > 8 {
			b = cut
		}
	}
	out := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(out, out.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(out, out.Bounds(), src, b.Min, draw.Over)
	if err := cover(out, lines); err != nil {
		return nil, err
	}
	var w bytes.Buffer
	err = jpeg.Encode(&w, out, &jpeg.Options{Quality: 85})
	return w.Bytes(), err
}

// cover lays a slanted carpet of the lines over a picture.
func cover(out *image.RGBA, lines []string) error {
	size := float64(out.Bounds().Dx()) / 42
	size = min(max(size, 13), 30)
	tile, err := write(lines, size)
	if err != nil {
		return err
	}
	const slant = -math.Pi / 7
	sin, cos := math.Sincos(slant)
	w, h := float64(tile.Bounds().Dx()), float64(tile.Bounds().Dy())
	dx, dy := w+size*2.5, h+size*4
	reach := math.Hypot(float64(out.Bounds().Dx()), float64(out.Bounds().Dy()))
	for row := -1; float64(row)*dy < reach*2; row++ {
		for x := -reach - float64(row%2)*dx/2; x < reach; x += dx {
			// The carpet's own place, turned about the picture's corner.
			u, v := x, float64(row)*dy-reach/2
			m := f64.Aff3{cos, -sin, u*cos - v*sin, sin, cos, u*sin + v*cos}
			xdraw.BiLinear.Transform(out, m, tile, tile.Bounds(), xdraw.Over, nil)
		}
	}
	return nil
}

// ink is pale enough to read through and dark enough to be there on every copy.
var ink = color.NRGBA{R: 90, G: 90, B: 110, A: 64}

// write draws lines, size pixels high, on a transparent ground. A character that neither font has is left white, as wide as its neighbours.
func write(lines []string, size float64) (*image.NRGBA, error) {
	fs, err := font.Parsed()
	if err != nil {
		return nil, err
	}
	var faces [2]xfont.Face
	for i, f := range fs {
		if faces[i], err = opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72}); err != nil {
			return nil, err
		}
	}
	face := func(r rune) xfont.Face {
		if r < 0x100 {
			return faces[0]
		}
		return faces[1]
	}
	width := fixed.I(1)
	for _, l := range lines {
		w := fixed.I(0)
		for _, r := range l {
			a, ok := face(r).GlyphAdvance(r)
			if !ok {
				a = fixed.I(int(size))
			}
			w += a
		}
		width = max(width, w)
	}
	high := size * 1.35
	img := image.NewNRGBA(image.Rect(0, 0, width.Ceil()+2, int(math.Ceil(high*float64(max(len(lines), 1))))+2))
	for i, l := range lines {
		dot := fixed.Point26_6{X: fixed.I(1), Y: fixed.Int26_6((float64(i)*high + size) * 64)}
		for _, r := range l {
			f := face(r)
			d := xfont.Drawer{Dst: img, Src: image.NewUniform(ink), Face: f, Dot: dot}
			a, ok := f.GlyphAdvance(r)
			if !ok {
				a = fixed.I(int(size))
			} else {
				d.DrawString(string(r))
			}
			dot.X += a
		}
	}
	return img, nil
}
