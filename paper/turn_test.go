package paper

import (
	"image"
	"testing"
)

// A box found on a turned page lies where its ink is on the page as it came.
func TestQuarters(t *testing.T) {
	g := marked(40, 20, 240)
	for n := range 4 {
		q := quarter(g, n)
		b := Box{0, 0, 0.5, 0.5} // the dark quarter's, turned with it
		switch n {
		case 1:
			b = Box{0.5, 0, 1, 0.5}
		case 2:
			b = Box{0.5, 0.5, 1, 1}
		case 3:
			b = Box{0, 0.5, 0.5, 1}
		}
		at := image.Pt(int((b[0]+b[2])/2*float64(q.Rect.Dx())), int((b[1]+b[3])/2*float64(q.Rect.Dy())))
		if q.GrayAt(at.X, at.Y).Y > 100 {
			t.Errorf("turned by %d it is not dark at %v", n, at)
		}
		if got := unquarter(b, n); got != (Box{0, 0, 0.5, 0.5}) {
			t.Errorf("turned by %d: %v", n, got)
		}
	}
}
