package paper

import (
	"bytes"
	"image"
	"math/rand/v2"
	"testing"

	"golang.org/x/image/draw"
)

func noise(rng *rand.Rand, r image.Rectangle) *image.Gray {
	g := image.NewGray(r)
	for i := range g.Pix {
		g.Pix[i] = uint8(rng.IntN(256))
	}
	return g
}

// The quick ways with grey pictures are twins of package draw's: copies to the byte, scaling to a rounded grey value.
func TestGreyTwins(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 7))
	size := func() int { return 1 + rng.IntN(60) }
	for range 300 {
		min := image.Pt(rng.IntN(9), rng.IntN(9))
		src := noise(rng, image.Rectangle{min, min.Add(image.Pt(size(), size()))})
		got := scaled(src, size(), size())
		want := image.NewGray(got.Rect)
		draw.ApproxBiLinear.Scale(want, want.Rect, src, src.Rect, draw.Src, nil)
		for i := range got.Pix {
			if d := int(got.Pix[i]) - int(want.Pix[i]); d < -2 || d > 2 {
				t.Fatalf("%v to %v: pixel %d is %d, want %d", src.Rect, got.Rect, i, got.Pix[i], want.Pix[i])
			}
		}

		from := noise(rng, image.Rect(0, 0, size(), size()))
		onto := noise(rng, image.Rect(0, 0, size(), size()))
		twin := &image.Gray{Pix: bytes.Clone(onto.Pix), Stride: onto.Stride, Rect: onto.Rect}
		at, r := image.Pt(rng.IntN(80)-20, rng.IntN(80)-20), image.Rect(rng.IntN(80)-20, rng.IntN(80)-20, rng.IntN(80)-20, rng.IntN(80)-20)
		paste(onto, at, from, r)
		draw.Draw(twin, image.Rectangle{at, at.Add(r.Size())}, from, r.Min, draw.Src)
		if !bytes.Equal(onto.Pix, twin.Pix) {
			t.Fatalf("%v of %v laid at %v on %v", r, from.Rect, at, onto.Rect)
		}
		blank(onto, r)
		draw.Draw(twin, r, image.White, image.Point{}, draw.Src)
		if !bytes.Equal(onto.Pix, twin.Pix) {
			t.Fatalf("%v of %v made white", r, onto.Rect)
		}
	}
}
