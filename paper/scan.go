package paper

import (
	"bytes"
	"encoding/binary"
	"image"
	_ "image/gif" // the formats that scans and photos come in
	_ "image/jpeg"
	"image/png"
	"math"
	"slices"

	_ "golang.org/x/image/bmp"
	"golang.org/x/image/draw"
	"golang.org/x/image/tiff"
	_ "golang.org/x/image/webp"
)

const (
	maxPixels = 80_000_000     // of one picture: A3 at 600 dpi has 70 million
	scanDPI   = 300            // what OCR reads best
	scanLong  = 3508           // pixels of A4's long side at scanDPI
	dot       = 72.0 / scanDPI // points a pixel
)

// A scan is a page as a picture: grey, upright, 300 dpi as far as that can be known, and its ruled lines.
type scan struct {
	img   *image.Gray
	rules rules   // in points
	ink   uint8   // darker is ink
	turn  float64 // by which it was turned to stand level, in radians
}

// pictures says how many pages a picture file has: a TIFF may have many.
func pictures(data []byte, mime string) (int, error) {
	if mime != "image/tiff" {
		return 1, nil
	}
	at, err := directories(data)
	return len(at), err
}

// picture decodes a page (from 1) of a picture file and turns it as its camera says.
func picture(data []byte, mime string, no int) (image.Image, error) {
	if mime == "image/tiff" {
		at, err := directories(data)
		if err != nil || no > len(at) {
			return nil, readError("damaged", "图片已损坏，无法打开")
		}
		// The decoder knows the first page only: the header is made to point at the one asked for.
		data = slices.Clone(data)
		byteOrder(data).PutUint32(data[4:], at[no-1])
		c, err := tiff.DecodeConfig(bytes.NewReader(data))
		if err != nil {
			return nil, readError("damaged", "图片已损坏，或者是不支持的 TIFF 压缩方式")
		}
		if c.Width*c.Height > maxPixels {
			return nil, readError("too_large", "图片有 %d 万像素，最多 %d 万", c.Width*c.Height/10_000, maxPixels/10_000)
		}
	}
	c, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || c.Width <= 0 || c.Height <= 0 {
		return nil, readError("damaged", "图片已损坏，无法打开")
	}
	if int64(c.Width)*int64(c.Height) > maxPixels {
		return nil, readError("too_large", "图片有 %d 万像素，最多 %d 万", c.Width*c.Height/10_000, maxPixels/10_000)
	}
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, readError("damaged", "图片已损坏，无法打开")
	}
	return turned(img, orientation(data)), nil
}

func byteOrder(tiff []byte) binary.ByteOrder {
	if tiff[0] == 'M' {
		return binary.BigEndian
	}
	return binary.LittleEndian
}

// directories lists where the pages of a TIFF begin (TIFF 6.0, section 2).
func directories(data []byte) ([]uint32, error) {
	bad := readError("damaged", "图片已损坏，无法打开")
	if len(data) < 8 {
		return nil, bad
	}
	o := byteOrder(data)
	var out []uint32
	for at := o.Uint32(data[4:]); at != 0 && len(out) < MaxPages; {
		if int64(at)+2 > int64(len(data)) || slices.Contains(out, at) {
			return nil, bad
		}
		out = append(out, at)
		next := int64(at) + 2 + 12*int64(o.Uint16(data[at:]))
		if next+4 > int64(len(data)) {
			return nil, bad
		}
		at = o.Uint32(data[next:])
	}
	if len(out) == 0 {
		return nil, bad
	}
	return out, nil
}

// orientation reads how a JPEG's camera was held (Exif 2.3, tag 0x0112): 1 to 8, 1 where it does not say.
func orientation(data []byte) int {
	for i := 2; i+4 <= len(data) && data[0] == 0xFF && data[1] == 0xD8; {
		if data[i] != 0xFF || data[i+1] == 0xDA {
			return 1
		}
		size := int(binary.BigEndian.Uint16(data[i+2:]))
		part := data[i+4 : min(max(i+2+size, i+4), len(data))]
		if data[i+1] == 0xE1 && bytes.HasPrefix(part, []byte("Exif\x00\x00")) && len(part) >= 14 {
			t := part[6:]
			o := byteOrder(t)
			at := int64(o.Uint32(t[4:]))
			if at+2 > int64(len(t)) {
				return 1
			}
			for n := range int64(o.Uint16(t[at:])) {
				e := at + 2 + 12*n
				if e+12 > int64(len(t)) {
					return 1
				}
				if v := int(o.Uint16(t[e+8:])); o.Uint16(t[e:]) == 0x0112 && v >= 1 && v <= 8 {
					return v
				}
			}
			return 1
		}
		i += 2 + size
	}
	return 1
}

// turned applies an Exif orientation.
func turned(img image.Image, how int) image.Image {
	if how == 1 {
		return img
	}
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	swap := how >= 5
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if swap {
		out = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			dx, dy := x, y
			switch how {
			case 2:
				dx = w - 1 - x
			case 3:
				dx, dy = w-1-x, h-1-y
			case 4:
				dy = h - 1 - y
			case 5:
				dx, dy = y, x
			case 6:
				dx, dy = h-1-y, x
			case 7:
				dx, dy = h-1-y, w-1-x
			case 8:
				dx, dy = y, w-1-x
			}
			out.Set(dx, dy, img.At(b.Min.X+x, b.Min.Y+y))
		}
	}
	return out
}

// newScan makes a picture ready to be read: grey on white, sized as A4 at 300 dpi, turned level.
func newScan(img *image.Gray) *scan {
	b := img.Bounds()
	long := max(b.Dx(), b.Dy())
	scale := float64(scanLong) / float64(long)
	if scale > 0.8 && scale < 1.3 {
		scale = 1 // near enough; what is not resampled stays sharp
	}
	g := greyed(img, scale)
	s := &scan{img: g, ink: otsu(g)}
	if a := skew(g); math.Abs(a) > 0.0008 {
		s.img, s.turn = rotate(g, a), a
	}
	s.findRules()
	return s
}

// otsu is the threshold between ink and paper (Otsu 1979).
func otsu(g *image.Gray) uint8 {
	var hist [256]int
	for _, v := range g.Pix {
		hist[v]++
	}
	total, sum := len(g.Pix), 0.0
	for i, n := range hist {
		sum += float64(i * n)
	}
	var below, belowSum, best float64
	at := 127
	for i, n := range hist {
		below += float64(n)
		belowSum += float64(i * n)
		above := float64(total) - below
		if below == 0 || above == 0 {
			continue
		}
		d := belowSum/below - (sum-belowSum)/above
		if v := below * above * d * d; v > best {
			best, at = v, i
		}
	}
	return uint8(min(max(at, 60), 200))
}

// shrunk takes of every n × n pixels the darkest, so that thin lines stay.
func shrunk(g *image.Gray, n int) *image.Gray {
	w, h := g.Rect.Dx()/n, g.Rect.Dy()/n
	out := image.NewGray(image.Rect(0, 0, max(w, 1), max(h, 1)))
	for y := range h {
		row := out.Pix[y*out.Stride : y*out.Stride+w]
		for i := range row {
			row[i] = 255
		}
		for j := range n {
			src := g.Pix[(y*n+j)*g.Stride:]
			for x := range w {
				for i := range n {
					row[x] = min(row[x], src[x*n+i])
				}
			}
		}
	}
	return out
}

// skew is the angle, in radians, by which a page's lines fall to the right: that at which its ink gathers in the sharpest rows (projection profile, Postl
// 1986). Up to 6 degrees; 0 where there is little ink.
func skew(g *image.Gray) float64 {
	small := shrunk(g, 4)
	t := otsu(small)
	type spot struct{ x, y float64 }
	var ink []spot
	w, h := small.Rect.Dx(), small.Rect.Dy()
	for y := 2; y < h-2; y++ {
		for x := 2; x < w-2; x++ {
			// Lower edges of ink say more than its body, and are fewer.
			if small.Pix[y*small.Stride+x] < t && small.Pix[(y+1)*small.Stride+x] >= t {
				ink = append(ink, spot{float64(x - w/2), float64(y)})
			}
		}
	}
	if len(ink) < 200 || len(ink) > w*h/4 {
		return 0
	}
	hist := make([]int, 3*h)
	sharp := func(a float64) (sum float64) {
		clear(hist)
		tan := math.Tan(a)
		for _, d := range ink {
			if i := int(d.y-d.x*tan+0.5) + h; i >= 0 && i < len(hist) {
				hist[i]++
			}
		}
		for _, n := range hist {
			sum += float64(n) * float64(n)
		}
		return sum
	}
	best, at := sharp(0)*1.02, 0.0 // level is taken unless another is clearly sharper
	search := func(from, to, step float64) {
		for a := from; a <= to; a += step {
			if v := sharp(a); v > best {
				best, at = v, a
			}
		}
	}
	const degree = math.Pi / 180
	search(-6*degree, 6*degree, 0.25*degree)
	search(at-0.25*degree, at+0.25*degree, 0.03*degree)
	return at
}

// rotate turns a picture back by an angle about its middle.
func rotate(g *image.Gray, a float64) *image.Gray {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	out := image.NewGray(g.Rect)
	sin, cos := math.Sincos(a)
	cx, cy := float64(w)/2, float64(h)/2
	for y := range h {
		dy := float64(y) - cy
		sx, sy := cx-cos*cx-sin*dy, cy-sin*cx+cos*dy
		row := out.Pix[y*out.Stride : y*out.Stride+w]
		for x := range row {
			ix, iy := int(sx), int(sy)
			if sx < 0 || sy < 0 || ix >= w-1 || iy >= h-1 {
				row[x] = 255
			} else {
				// 8 bits of fraction are more than a grey value tells.
				fx, fy := int((sx-float64(ix))*256), int((sy-float64(iy))*256)
				p := iy*g.Stride + ix
				top := int(g.Pix[p])*(256-fx) + int(g.Pix[p+1])*fx
				low := int(g.Pix[p+g.Stride])*(256-fx) + int(g.Pix[p+g.Stride+1])*fx
				row[x] = uint8((top*(256-fy) + low*fy) >> 16)
			}
			sx += cos
			sy += sin
		}
	}
	return out
}

// drawPicture scales a page of a picture file to a width in pixels, as PNG.
func drawPicture(data []byte, mime string, no, width int) ([]byte, error) {
	img, err := picture(data, mime, max(no, 1))
	if err != nil {
		return nil, err
	}
	b := img.Bounds()
	width = min(max(width, 16), 4000)
	out := image.NewRGBA(image.Rect(0, 0, width, max(min(b.Dy()*width/b.Dx(), 12000), 1)))
	draw.ApproxBiLinear.Scale(out, out.Bounds(), img, b, draw.Over, nil)
	var w bytes.Buffer
	err = (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&w, out)
	return w.Bytes(), err
}
