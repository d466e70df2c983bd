package paper

import (
	"archive/zip"
	"bytes"
	"io"
	"maps"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"
)

const (
	mimeOFD     = "application/ofd"
	ofdEntries  = 2000
	ofdUnpacked = 64 << 20
	ofdRunes    = 500_000
	pt          = 72 / 25.4 // OFD measures in millimetres
)

func isOFD(data []byte) bool {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return bytes.Contains(data[:min(len(data), 4096)], []byte("OFD.xml"))
	}
	for _, f := range z.File {
		if strings.TrimPrefix(f.Name, "/") == "OFD.xml" {
			return true
		}
	}
	return false
}

// ofd is an open package.
type ofd struct {
	files  map[string]*zip.File
	bodies []*node // DocBody
	left   int64   // bytes that may still be unpacked
	runes  int
}

func (o *ofd) bytes(name string) ([]byte, error) {
	f := o.files[strings.TrimPrefix(path.Clean("/"+name), "/")]
	if f == nil {
		return nil, readError("damaged", "OFD 缺少 %s", name)
	}
	r, err := f.Open()
	if err != nil {
		return nil, readError("damaged", "OFD 已损坏：%s", name)
	}
	defer r.Close()
	// The size a zip states is its maker's word; what is counted is what comes out.
	b, err := io.ReadAll(io.LimitReader(r, o.left+1))
	if o.left -= int64(len(b)); o.left < 0 {
		return nil, readError("too_large", "OFD 解压后超过 %d MB", ofdUnpacked>>20)
	}
	if err != nil {
		return nil, readError("damaged", "OFD 已损坏：%s", name)
	}
	return b, nil
}

func (o *ofd) xml(name string) (*node, error) {
	b, err := o.bytes(name)
	if err != nil {
		return nil, err
	}
	root, err := parseXML(b)
	if err != nil {
		return nil, readError("damaged", "OFD 已损坏：%s %v", name, err)
	}
	return root, nil
}

// openOFD opens a package within its limits.
func openOFD(data []byte) (*ofd, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, readError("damaged", "OFD 已损坏，无法打开")
	}
	if len(z.File) > ofdEntries {
		return nil, readError("too_large", "OFD 内的文件超过 %d 个", ofdEntries)
	}
	o := &ofd{files: map[string]*zip.File{}, left: ofdUnpacked}
	var said uint64
	for _, f := range z.File {
		if f.Flags&1 != 0 {
			return nil, readError("encrypted", "OFD 已加密")
		}
		said += f.UncompressedSize64
		o.files[strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(f.Name, "\\", "/")), "/")] = f
	}
	if said > ofdUnpacked {
		return nil, readError("too_large", "OFD 解压后超过 %d MB", ofdUnpacked>>20)
	}
	if o.files["Encryptions.xml"] != nil {
		return nil, readError("encrypted", "OFD 已加密")
	}
	root, err := o.xml("OFD.xml")
	if err != nil {
		return nil, err
	}
	o.bodies = root.get("OFD").all("DocBody")
	if len(o.bodies) == 0 {
		return nil, readError("damaged", "OFD 已损坏：没有页面")
	}
	return o, nil
}

// readOFD reads the pages and what the package states itself: an attached invoice, CustomData in OFD.xml, and tags that name text objects.
func readOFD(data []byte) (o *ofd, pages []*page, given stated, err error) {
	if o, err = openOFD(data); err != nil {
		return nil, nil, stated{}, err
	}
	var custom []*node
	var tagged []Fact
	for _, body := range o.bodies {
		custom = append(custom, body.get("DocInfo", "CustomDatas").all("CustomData")...)
		d, err := o.document(body)
		if err != nil {
			return nil, nil, stated{}, err
		}
		ps, tags, err := o.read(d, len(pages))
		if err != nil {
			return nil, nil, stated{}, err
		}
		pages, tagged = append(pages, ps...), append(tagged, tags...)
	}
	if len(pages) == 0 {
		return nil, nil, stated{}, readError("damaged", "OFD 已损坏：没有页面")
	}
	given = o.attached()
	// A package is one invoice: what its attachment, its data and its tags say is said of the same.
	given.invoices = [][]Fact{slices.Concat(append(given.invoices, customFacts(custom), tagged)...)}
	return o, pages, given, nil
}

// attached reads the invoices among a package's attachments; other XML there is no matter of ours.
func (o *ofd) attached() stated {
	var out stated
	for _, name := range slices.Sorted(maps.Keys(o.files)) {
		if dir := strings.ToLower(name); !strings.Contains("/"+dir, "/attachs/") && !strings.Contains("/"+dir, "/attachments/") || path.Ext(dir) != ".xml" {
			continue
		}
		if b, err := o.bytes(name); err != nil {
			out.unread = append(out.unread, path.Base(name))
		} else {
			out.add(path.Base(name), b)
		}
	}
	return out
}

// ofdDocument is one of the documents of a package, open.
type ofdDocument struct {
	dir       string
	root      *node // Document
	templates map[string]string
	pages     []*node // references: ID, BaseLoc
}

func (o *ofd) document(body *node) (*ofdDocument, error) {
	loc := strings.TrimSpace(body.get("DocRoot").text)
	if loc == "" {
		return nil, readError("damaged", "OFD 已损坏：没有 DocRoot")
	}
	root, err := o.xml(loc)
	if err != nil {
		return nil, err
	}
	d := &ofdDocument{dir: path.Dir(path.Clean("/" + loc)), root: root.get("Document"), templates: map[string]string{}}
	for _, t := range d.root.get("CommonData").all("TemplatePage") {
		d.templates[t.attrs["ID"]] = ofdAt(d.dir, t.attrs["BaseLoc"])
	}
	d.pages = d.root.get("Pages").all("Page")
	return d, nil
}

// ofdAt finds a location: from the root where it begins with a slash, else from the folder of the file that names it.
func ofdAt(dir, loc string) string {
	if loc = strings.TrimSpace(loc); strings.HasPrefix(loc, "/") {
		return loc
	}
	return path.Join(dir, loc)
}

// box is where a page lies, in millimetres: x, y, width, height.
func (d *ofdDocument) box(page *node) []float64 {
	for _, area := range []*node{page.get("Area"), d.root.get("CommonData", "PageArea")} {
		if f := physical(area); f != nil {
			return f
		}
	}
	return []float64{0, 0, 210, 297}
}

func (o *ofd) read(d *ofdDocument, before int) ([]*page, []Fact, error) {
	if before+len(d.pages) > MaxPages {
		return nil, nil, readError("too_many_pages", "OFD 有 %d 页，最多读取 %d 页", before+len(d.pages), MaxPages)
	}
	var pages []*page
	objects := map[string]object{}
	for i, ref := range d.pages {
		n, err := o.xml(ofdAt(d.dir, ref.attrs["BaseLoc"]))
		if err != nil {
			return nil, nil, err
		}
		n = n.get("Page")
		box := d.box(n)
		p := &page{no: before + i + 1, w: box[2] * pt, h: box[3] * pt}
		for _, t := range n.all("Template") {
			loc := d.templates[t.attrs["TemplateID"]]
			if loc == "" {
				continue
			}
			tn, err := o.xml(loc)
			if err != nil {
				return nil, nil, err
			}
			o.place(p, tn.get("Page", "Content"), box[0], box[1], nil)
		}
		o.place(p, n.get("Content"), box[0], box[1], objects)
		if o.runes > ofdRunes {
			return nil, nil, readError("too_large", "OFD 的文字过多")
		}
		pages = append(pages, p)
	}
	return pages, o.tags(d.root, d.dir, objects, pages), nil
}

func physical(area *node) []float64 {
	for _, name := range []string{"PhysicalBox", "CropBox", "ApplicationBox"} {
		if f := floats(area.get(name).text); len(f) == 4 && f[2] > 0 && f[3] > 0 {
			return f
		}
	}
	return nil
}

func floats(s string) (out []float64) {
	for _, w := range strings.Fields(s) {
		f, err := strconv.ParseFloat(w, 64)
		if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
			return nil
		}
		out = append(out, f)
	}
	return out
}

// object is a text object: what a tag points at.
type object struct {
	page *page
	text string
	box  rect
}

// place places the characters of every text object.
func (o *ofd) place(p *page, content *node, x, y float64, objects map[string]object) {
	content.walk(func(n *node) {
		if n.name != "TextObject" || o.runes > ofdRunes {
			return
		}
		b := floats(n.attrs["Boundary"])
		if len(b) != 4 {
			return
		}
		size := textSize(n)
		m := floats(n.attrs["CTM"])
		if len(m) != 6 {
			m = []float64{1, 0, 0, 1, 0, 0}
		}
		if math.Abs(m[1]) > 0.05*math.Abs(m[0]) { // a stamp, set at an angle
			return
		}
		ob := object{page: p}
		eachCode(n, func(code *node, runes []rune, at []point) {
			for i, r := range runes {
				if o.runes++; o.runes > ofdRunes {
					return
				}
				w := size
				if !wide(r) {
					w = size / 2
				}
				cx, cy := at[i].x, at[i].y
				gx, gy := b[0]+m[0]*cx+m[2]*cy+m[4]-x, b[1]+m[1]*cx+m[3]*cy+m[5]-y
				g := glyph{r, gx * pt, (gy - 0.86*size*m[3]) * pt, (gx + w*m[0]) * pt, (gy + 0.14*size*m[3]) * pt, 0}
				p.glyphs = append(p.glyphs, g)
				ob.box = ob.box.with(rect{g.x0, g.y0, g.x1, g.y1})
			}
			ob.text += code.text
		})
		if objects != nil {
			objects[n.attrs["ID"]] = ob
		}
	})
}

type point struct{ x, y float64 }

// eachCode tells where the characters of a text object begin, on their base line (GB/T 33190-2016, 11.3).
func eachCode(n *node, fn func(code *node, runes []rune, at []point)) {
	size := textSize(n)
	var start point
	for _, code := range n.all("TextCode") {
		if v, err := strconv.ParseFloat(code.attrs["X"], 64); err == nil {
			start.x = v
		}
		if v, err := strconv.ParseFloat(code.attrs["Y"], 64); err == nil {
			start.y = v
		}
		dx, dy := deltas(code.attrs["DeltaX"]), deltas(code.attrs["DeltaY"])
		runes := []rune(code.text)
		at, c := make([]point, len(runes)), start
		for i, r := range runes {
			at[i] = c
			// Where there are fewer steps than characters, the last goes on.
			switch {
			case len(dx) > 0:
				c.x += dx[min(i, len(dx)-1)]
			case len(dy) > 0:
			case wide(r):
				c.x += size
			default:
				c.x += size / 2
			}
			if len(dy) > 0 {
				c.y += dy[min(i, len(dy)-1)]
			}
		}
		fn(code, runes, at)
	}
}

func textSize(n *node) float64 {
	if size, err := strconv.ParseFloat(n.attrs["Size"], 64); err == nil && size > 0 {
		return size
	}
	return 3.175
}

// deltas reads the steps between characters; "g 3 2.5" is three of 2.5.
func deltas(s string) (out []float64) {
	w := strings.Fields(s)
	for i := 0; i < len(w); i++ {
		if w[i] == "g" && i+2 < len(w) {
			n, err1 := strconv.Atoi(w[i+1])
			f, err2 := strconv.ParseFloat(w[i+2], 64)
			if err1 == nil && err2 == nil {
				for range min(n, 10000) {
					out = append(out, f)
				}
			}
			i += 2
			continue
		}
		if f, err := strconv.ParseFloat(w[i], 64); err == nil {
			out = append(out, f)
		}
	}
	return out
}
