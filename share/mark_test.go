package share

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"testing"
)

func paper(t *testing.T, w, h int, left, right color.Color) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(img, image.Rect(0, 0, w/2, h), image.NewUniform(left), image.Point{}, draw.Src)
	draw.Draw(img, image.Rect(w/2, 0, w, h), image.NewUniform(right), image.Point{}, draw.Src)
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func darkened(t *testing.T, jpg []byte, r image.Rectangle) int {
	t.Helper()
	img, err := jpeg.Decode(bytes.NewReader(jpg))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			if g := color.GrayModel.Convert(img.At(x, y)).(color.Gray); g.Y < 235 {
				n++
			}
		}
	}
	return n
}

// Whatever quarter of a page somebody cuts out, the words stand in it; without words nothing is drawn.
func TestMarkCoversAll(t *testing.T) {
	page := paper(t, 900, 1200, color.White, color.White)
	jpg, err := Mark(context.Background(), page, Part{}, "仅供 张三丰 查阅", "Guike 2026-11-23")
	if err != nil {
		t.Fatal(err)
	}
	for y := 0; y < 1200; y += 300 {
		for x := 0; x < 900; x += 300 {
			if n := darkened(t, jpg, image.Rect(x, y, x+300, y+300)); n < 300 {
				t.Errorf("at %d,%d only %d points are drawn", x, y, n)
			}
		}
	}
	if jpg, err = Mark(context.Background(), page, Part{}); err != nil || darkened(t, jpg, image.Rect(0, 0, 900, 1200)) != 0 {
		t.Errorf("something is drawn without words: %v", err)
	}
	if _, err := Mark(context.Background(), []byte("no picture"), Part{}, "x"); err == nil {
		t.Error("what is no picture is marked")
	}
}

// Of a page with several papers only the part named is in the picture.
func TestMarkCuts(t *testing.T) {
	page := paper(t, 800, 400, color.Black, color.White)
	jpg, err := Mark(context.Background(), page, Part{0.55, 0.25, 1, 0.75})
	if err != nil {
		t.Fatal(err)
	}
	img, err := jpeg.Decode(bytes.NewReader(jpg))
	if err != nil || img.Bounds().Dx() != 360 || img.Bounds().Dy() != 200 {
		t.Fatalf("cut to %v, %v", img.Bounds(), err)
	}
	if n := darkened(t, jpg, img.Bounds()); n != 0 {
		t.Errorf("%d points of the other paper are shown", n)
	}
}
