package paper

import (
	"bytes"
	"encoding/asn1"
	"image"
	"image/color"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/fogleman/gg"
	"golang.org/x/image/font/sfnt"
)

// ofdResources is what the objects of a page name by number: fonts, pictures, drawing parameters, composite units. Files are opened when they are first drawn.
type ofdResources struct {
	fonts, images map[string]string // ID to the file
	params, units map[string]*node
	parsed        map[string]*sfnt.Font
	decoded       map[string]image.Image
	left          int // pixels that may still be decoded
}

func (o *ofd) resources(d *ofdDocument, pg *node) *ofdResources {
	r := &ofdResources{fonts: map[string]string{}, images: map[string]string{}, params: map[string]*node{}, units: map[string]*node{},
		parsed: map[string]*sfnt.Font{}, decoded: map[string]image.Image{}, left: maxPixels}
	common := d.root.get("CommonData")
	for _, n := range slices.Concat(common.all("PublicRes"), common.all("DocumentRes"), pg.all("PageRes")) {
		r.load(o, ofdAt(d.dir, n.text))
	}
	return r
}

// with adds the resources that a template names for itself.
func (r *ofdResources) with(o *ofd, dir string, pg *node) *ofdResources {
	for _, n := range pg.all("PageRes") {
		r.load(o, ofdAt(dir, n.text))
	}
	return r
}

func ofdDirOf(loc string) string { return path.Dir(path.Clean("/" + loc)) }

// load reads a resource file; one that is missing costs the objects that need it, not the page.
func (r *ofdResources) load(o *ofd, loc string) {
	root, err := o.xml(loc)
	if err != nil {
		return
	}
	res := root.get("Res")
	dir := ofdAt(ofdDirOf(loc), res.attrs["BaseLoc"])
	for _, f := range res.get("Fonts").all("Font") {
		if file := strings.TrimSpace(f.get("FontFile").text); file != "" {
			r.fonts[f.attrs["ID"]] = ofdAt(dir, file)
		}
	}
	for _, m := range res.get("MultiMedias").all("MultiMedia") {
		r.images[m.attrs["ID"]] = ofdAt(dir, m.get("MediaFile").text)
	}
	for _, n := range res.get("DrawParams").all("DrawParam") {
		r.params[n.attrs["ID"]] = n
	}
	for _, n := range res.get("CompositeGraphicUnits").all("CompositeGraphicUnit") {
		r.units[n.attrs["ID"]] = n
	}
}

// font is the font that a package brings along, nil where it brings none or one that cannot be read.
func (r *ofdResources) font(o *ofd, id string) *sfnt.Font {
	f, ok := r.parsed[id]
	if !ok && r.fonts[id] != "" {
		if b, err := o.bytes(r.fonts[id]); err == nil {
			f, _ = sfnt.Parse(b)
		}
		r.parsed[id] = f
	}
	return f
}

func (r *ofdResources) image(o *ofd, id string) image.Image {
	img, ok := r.decoded[id]
	if !ok && r.images[id] != "" {
		if b, err := o.bytes(r.images[id]); err == nil {
			img = r.decode(b)
		}
		r.decoded[id] = img
	}
	return img
}

func (r *ofdResources) decode(b []byte) image.Image {
	c, _, err := image.DecodeConfig(bytes.NewReader(b))
	if err != nil || c.Width <= 0 || c.Height <= 0 || c.Width > r.left/c.Height {
		return nil
	}
	r.left -= c.Width * c.Height
	img, _, err := image.Decode(bytes.NewReader(b))
	if err != nil {
		return nil
	}
	return img
}

// ofdParam is how an object looks (8.2).
type ofdParam struct {
	fill, stroke color.Color // nil: what the object takes by itself
	width        float64     // millimetres
	alpha        float64     // 0 to 1
	cap          gg.LineCap
	dash         []float64
}

func (r *ofdResources) param(id string) ofdParam {
	return r.under(ofdParam{width: 0.353, alpha: 1, cap: gg.LineCapButt}, id, 0)
}

func (r *ofdResources) under(p ofdParam, id string, deep int) ofdParam {
	n := r.params[id]
	if n == nil || deep > 8 {
		return p
	}
	return p.with(r, n, deep)
}

func (p ofdParam) with(r *ofdResources, n *node, deep int) ofdParam {
	if rel := n.attrs["Relative"]; rel != "" {
		p = r.under(p, rel, deep+1)
	}
	if v, err := strconv.ParseFloat(n.attrs["LineWidth"], 64); err == nil && v >= 0 {
		p.width = v
	}
	switch n.attrs["Cap"] {
	case "Round":
		p.cap = gg.LineCapRound
	case "Square":
		p.cap = gg.LineCapSquare
	}
	if d := floats(n.attrs["DashPattern"]); len(d) > 0 && len(d) < 100 {
		p.dash = d
	}
	if c := ofdColor(n.get("FillColor")); c != nil {
		p.fill = c
	}
	if c := ofdColor(n.get("StrokeColor")); c != nil {
		p.stroke = c
	}
	return p
}

// look is an object's own look over what it inherits.
func (r *ofdResources) look(n *node, inherited ofdParam) ofdParam {
	p := r.under(inherited, n.attrs["DrawParam"], 0).with(r, n, 0)
	if v, err := strconv.ParseFloat(n.attrs["Alpha"], 64); err == nil && v >= 0 && v <= 255 {
		p.alpha *= v / 255
	}
	return p
}

// ofdColor reads a colour of one, three or four parts: grey, RGB, CMYK; of a shading it takes the first.
func ofdColor(n *node) color.Color {
	for _, shade := range []string{"AxialShd", "RadialShd"} {
		if s := n.get(shade, "Segment", "Color"); s.attrs != nil {
			n = s
		}
	}
	words := strings.Fields(n.attrs["Value"])
	v := make([]uint8, len(words))
	for i, w := range words {
		u, err := strconv.ParseUint(w, 10, 8)
		if hex, ok := strings.CutPrefix(w, "#"); ok {
			u, err = strconv.ParseUint(hex, 16, 8)
		}
		if err != nil {
			return nil
		}
		v[i] = uint8(u)
	}
	alpha := uint8(255)
	if a, err := strconv.ParseUint(n.attrs["Alpha"], 10, 8); err == nil {
		alpha = uint8(a)
	}
	switch len(v) {
	case 1:
		return color.NRGBA{v[0], v[0], v[0], alpha}
	case 3:
		return color.NRGBA{v[0], v[1], v[2], alpha}
	case 4:
		c, m, y := color.CMYKToRGB(v[0], v[1], v[2], v[3])
		return color.NRGBA{c, m, y, alpha}
	}
	return nil
}

// notes draws what was put on a page afterwards.
func (p *painter) notes(d *ofdDocument, page string) {
	loc := strings.TrimSpace(d.root.get("Annotations").text)
	if loc == "" {
		return
	}
	loc = ofdAt(d.dir, loc)
	list, err := p.o.xml(loc)
	if err != nil {
		return
	}
	for _, pg := range list.get("Annotations").all("Page") {
		if pg.attrs["PageID"] != page {
			continue
		}
		root, err := p.o.xml(ofdAt(ofdDirOf(loc), pg.get("FileLoc").text))
		if err != nil {
			continue
		}
		for _, a := range root.get("PageAnnot").all("Annot") {
			look := a.get("Appearance")
			if b := floats(look.attrs["Boundary"]); a.attrs["Visible"] != "false" && len(b) == 4 {
				p.objects(look, p.base.times(matrix{1, 0, 0, 1, b[0], b[1]}), p.res.param(""))
			}
		}
	}
}

// seals draws the pictures of the electronic seals that stamp a page (GB/T 33190-2016, 18; GB/T 38540-2020). It says nothing of whether they are valid.
func (p *painter) seals(body *node, page string) {
	loc := strings.TrimSpace(body.get("Signatures").text)
	if loc == "" {
		return
	}
	loc = "/" + strings.TrimPrefix(loc, "/")
	list, err := p.o.xml(loc)
	if err != nil {
		return
	}
	for _, s := range list.get("Signatures").all("Signature") {
		at := ofdAt(ofdDirOf(loc), s.attrs["BaseLoc"])
		root, err := p.o.xml(at)
		if err != nil {
			continue
		}
		sig := root.get("Signature")
		for _, stamp := range sig.get("SignedInfo").all("StampAnnot") {
			b := floats(stamp.attrs["Boundary"])
			if stamp.attrs["PageRef"] != page || len(b) != 4 || b[2] <= 0 || b[3] <= 0 {
				continue
			}
			var der []byte
			for _, file := range []string{sig.get("SignedInfo", "Seal", "BaseLoc").text, sig.get("SignedValue").text} {
				if der, err = p.o.bytes(ofdAt(ofdDirOf(at), file)); err == nil && strings.TrimSpace(file) != "" {
					break
				}
			}
			img := p.sealPicture(der, int(b[2]*p.base[0]))
			if img == nil {
				continue
			}
			m := p.base.times(matrix{b[2], 0, 0, b[3], b[0], b[1]})
			if c := floats(stamp.attrs["Clip"]); len(c) == 4 {
				p.narrow(func() {
					x0, y0 := p.base.at(b[0]+c[0], b[1]+c[1])
					x1, y1 := p.base.at(b[0]+c[0]+c[2], b[1]+c[1]+c[3])
					p.dc.DrawRectangle(x0, y0, x1-x0, y1-y0)
					p.dc.Clip()
				})
			}
			p.image(img, m, 1, true)
			if len(p.clips) > 0 {
				p.unclip()
			}
		}
	}
}

// sealPicture finds the picture in a seal's DER: an octet string that is a PNG, JPEG, GIF, BMP or an OFD of one page.
func (p *painter) sealPicture(der []byte, width int) image.Image {
	var found image.Image
	var look func(der []byte, deep int)
	look = func(der []byte, deep int) {
		for len(der) > 0 && found == nil && deep < 12 {
			var v asn1.RawValue
			rest, err := asn1.Unmarshal(der, &v)
			if err != nil {
				return
			}
			der = rest
			switch {
			case v.IsCompound:
				look(v.Bytes, deep+1)
			case v.Class != asn1.ClassUniversal || v.Tag != asn1.TagOctetString || len(v.Bytes) < 64:
			case bytes.HasPrefix(v.Bytes, []byte("PK")):
				if img, err := paintOFD(v.Bytes, 1, min(max(width, 16), 2000), color.Transparent, false); err == nil {
					found = img
				}
			default:
				if img := p.res.decode(v.Bytes); img != nil {
					found = img
				}
			}
		}
	}
	look(der, 0)
	return found
}
