package paper

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"testing"

	"github.com/signintech/gopdf"
)

// marked is a grey picture with one dark quarter, at the top left.
func marked(w, h int, light uint8) *image.Gray {
	g := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			g.SetGray(x, y, color.Gray{light})
			if x < w/2 && y < h/2 {
				g.SetGray(x, y, color.Gray{10})
			}
		}
	}
	return g
}

func encoded(t *testing.T, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// turnedBy puts an Exif orientation into a JPEG.
func turnedBy(data []byte, how uint16, o binary.ByteOrder) []byte {
	tiff := []byte("II*\x00")
	if o == binary.BigEndian {
		tiff = []byte("MM\x00*")
	}
	b := bytes.NewBuffer([]byte("Exif\x00\x00"))
	b.Write(tiff)
	for _, v := range []any{uint32(8), uint16(1), uint16(0x0112), uint16(3), uint32(1), how, uint16(0), uint32(0)} {
		_ = binary.Write(b, o, v) // to memory
	}
	out := append([]byte{0xFF, 0xD8, 0xFF, 0xE1}, binary.BigEndian.AppendUint16(nil, uint16(b.Len()+2))...)
	return append(append(out, b.Bytes()...), data[2:]...)
}

// A photo is shown as its camera was held: the dark quarter stands where the orientation says.
func TestOrientation(t *testing.T) {
	data := encoded(t, marked(40, 20, 240))
	for how, want := range map[uint16]struct{ w, h, x, y int }{1: {40, 20, 5, 5}, 2: {40, 20, 35, 5}, 3: {40, 20, 35, 15}, 4: {40, 20, 5, 15},
		5: {20, 40, 5, 5}, 6: {20, 40, 15, 5}, 7: {20, 40, 15, 35}, 8: {20, 40, 5, 35}} {
		for _, o := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
			img, err := picture(turnedBy(data, how, o), "image/jpeg", 1)
			if err != nil {
				t.Fatal(err)
			}
			b := img.Bounds()
			if b.Dx() != want.w || b.Dy() != want.h {
				t.Errorf("orientation %d: %v", how, b)
				continue
			}
			for _, p := range []image.Point{{5, 5}, {b.Dx() - 5, 5}, {5, b.Dy() - 5}, {b.Dx() - 5, b.Dy() - 5}} {
				dark := color.GrayModel.Convert(img.At(p.X, p.Y)).(color.Gray).Y < 100
				if dark != (p == image.Point{want.x, want.y}) {
					t.Errorf("orientation %d: dark at %v: %v", how, p, dark)
				}
			}
		}
	}
}

// A TIFF has a page for each of its directories.
func TestTIFFPages(t *testing.T) {
	const w, h = 30, 20
	le := binary.LittleEndian
	file := bytes.NewBuffer([]byte("II*\x00\x00\x00\x00\x00"))
	link := 4 // where the next directory's place is written
	for _, light := range []uint8{200, 120, 250} {
		at := file.Len()
		file.Write(marked(w, h, light).Pix)
		le.PutUint32(file.Bytes()[link:], uint32(file.Len()))
		entries := [][3]uint32{{256, 3, w}, {257, 3, h}, {258, 3, 8}, {259, 3, 1}, {262, 3, 1}, {273, 4, uint32(at)}, {277, 3, 1}, {278, 3, h}, {279, 4, w * h}}
		_ = binary.Write(file, le, uint16(len(entries)))
		for _, e := range entries {
			_ = binary.Write(file, le, []uint16{uint16(e[0]), uint16(e[1])})
			_ = binary.Write(file, le, []uint32{1, e[2]})
		}
		link = file.Len()
		_ = binary.Write(file, le, uint32(0))
	}
	data := file.Bytes()
	n, err := pictures(data, "image/tiff")
	if err != nil || n != 3 {
		t.Fatalf("%d pages, %v", n, err)
	}
	for i, light := range []uint8{200, 120, 250} {
		img, err := picture(data, "image/tiff", i+1)
		if err != nil {
			t.Fatal(err)
		}
		if got := color.GrayModel.Convert(img.At(w-2, h-2)).(color.Gray).Y; got != light {
			t.Errorf("page %d is %d light, want %d", i+1, got, light)
		}
	}
	if _, err := picture(data, "image/tiff", 4); err == nil {
		t.Error("a fourth page")
	}
	// A directory that leads back to the first has no end.
	le.PutUint32(data[link:], le.Uint32(data[4:]))
	if _, err := pictures(data, "image/tiff"); err == nil {
		t.Error("a ring of directories was taken")
	}
}

// A PDF whose page is a picture is read as one, beside pages with text.
func TestPictureInPDF(t *testing.T) {
	p := pool(t, "work", 0)
	var words gopdf.GoPdf
	words.Start(gopdf.Config{PageSize: *gopdf.PageSizeA4})
	words.AddPage()
	img := image.NewGray(image.Rect(0, 0, 1240, 1754))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	if err := words.ImageFrom(img, 0, 0, gopdf.PageSizeA4); err != nil {
		t.Fatal(err)
	}
	data, err := words.GetBytesPdfReturnErr()
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Read(t.Context(), "blank.pdf", data, "", Company{})
	if err != nil || len(r.Pages) != 1 || len(r.Scans) != 0 || r.Pages[0].Text != "" {
		t.Errorf("%+v, %v", r, err)
	}
}

// One level skewed line and its angle: what skew finds, rotate takes back.
func TestSkew(t *testing.T) {
	g := image.NewGray(image.Rect(0, 0, 2480, scanLong))
	for i := range g.Pix {
		g.Pix[i] = 255
	}
	for y := 300; y < 3200; y += 90 {
		for x := 250; x < 2200; x++ {
			if x%30 < 20 {
				for j := range 24 {
					g.Pix[(y+j)*g.Stride+x] = 20
				}
			}
		}
	}
	for _, degrees := range []float64{-4, -1.3, -0.4, 0.6, 2.5, 5} {
		a := degrees * 3.14159265 / 180
		if got := skew(rotate(g, -a)); got < a-0.002 || got > a+0.002 {
			t.Errorf("turned by %.4f, found %.4f", a, got)
		}
	}
	if a := skew(g); a != 0 {
		t.Errorf("level, found %.4f", a)
	}
}
