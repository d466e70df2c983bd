package paper

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"
)

// OCR says by what the characters of pictures are read: the program tesseract, found by name where Program is "", or a service at a URL.
type OCR struct {
	URL      string `json:"url,omitempty"`
	Token    string `json:"token,omitempty"` // that the service asks for
	Program  string `json:"program,omitempty"`
	Models   string `json:"models,omitempty"`   // their folder; tesseract's own where ""
	Language string `json:"language,omitempty"` // model: HanS where "", which chi_sim is worse than at amounts
}

func (o OCR) program() string {
	if o.Program == "" {
		return "tesseract"
	}
	return o.Program
}

func (o OCR) language() string {
	if o.Language == "" {
		return "HanS"
	}
	return o.Language
}

// Check says what is missing for pictures to be read, and how to get it; nil where nothing is.
func (o OCR) Check() error {
	if o.URL != "" {
		return o.checkService()
	}
	path, err := exec.LookPath(o.program())
	if err != nil {
		return readError("no_ocr", "没有安装 OCR 程序 tesseract，扫描件和照片暂不能识别。安装后重试：apt install tesseract-ocr tesseract-ocr-script-hans")
	}
	cmd := exec.Command(path, "--list-langs")
	o.equip(cmd)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return readError("no_ocr", "OCR 程序 %s 无法运行：%v", path, err)
	}
	for _, want := range strings.Split(o.language(), "+") {
		if !strings.Contains("\n"+string(out)+"\n", "\n"+want+"\n") {
			return readError("no_ocr", "OCR 缺少中文模型 %s。安装后重试：apt install tesseract-ocr-script-hans", want)
		}
	}
	return nil
}

// equip says to the program how to run: one core a page, pages go side by side.
func (o OCR) equip(cmd *exec.Cmd) {
	cmd.Env = append(cmd.Environ(), "OMP_THREAD_LIMIT=1")
	if o.Models != "" {
		cmd.Env = append(cmd.Env, "TESSDATA_PREFIX="+o.Models)
	}
}

// ocrLimit is how long one page may take, of which a hard one takes two.
const ocrLimit = 12 * time.Second

// read recognises a scan's characters on a sheet on which its parts are laid.
func (o OCR) read(s, sheet *scan, ps parts) (*page, error) {
	ctx, cancel := context.WithTimeout(context.Background(), ocrLimit)
	defer cancel()
	tight, rows := sheet.tight()
	out, err := o.recognise(ctx, tight)
	if err != nil {
		return nil, err
	}
	p := &page{w: float64(s.img.Rect.Dx()) * dot, h: float64(s.img.Rect.Dy()) * dot, rules: s.rules, scanned: true, turn: s.turn}
	read, err := tight.hocr(bytes.NewReader(out))
	p.glyphs = ps.home(rows.home(read))
	return p, err
}

// recognise answers the hOCR of a sheet.
func (o OCR) recognise(ctx context.Context, sheet *scan) ([]byte, error) {
	if o.URL != "" {
		return o.askService(ctx, sheet.img)
	}
	b := sheet.img.Bounds()
	var in bytes.Buffer
	fmt.Fprintf(&in, "P5\n%d %d\n255\n", b.Dx(), b.Dy())
	in.Write(sheet.img.Pix)
	cmd := exec.CommandContext(ctx, o.program(), "stdin", "stdout", "-l", o.language(), "--psm", "4", "--dpi", strconv.Itoa(scanDPI), "-c", "hocr_char_boxes=1", "-c", "tessedit_create_hocr=1")
	o.equip(cmd)
	cmd.Stdin = &in
	var out, words bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &words
	cmd.WaitDelay = time.Second
	if err := runBound(cmd); err != nil {
		if cerr := o.Check(); cerr != nil {
			return nil, cerr
		}
		if ctx.Err() != nil {
			return nil, readError("timeout", "识别一页超过 %s，已停止", ocrLimit)
		}
		return nil, readError("crashed", "OCR 程序出错：%s", Clip(words.String(), 500))
	}
	return out.Bytes(), nil
}

// hocr takes the characters of an hOCR page (hOCR 1.2: ocr_line, ocrx_word, ocrx_cinfo), with boxes in points.
func (s *scan) hocr(r io.Reader) ([]glyph, error) {
	d := xml.NewDecoder(r)
	d.Strict = false
	d.Entity = xml.HTMLEntity
	var out []glyph
	var line []glyph
	var w word
	end := func() {
		line = append(line, w.glyphs()...)
		w = word{}
		out = append(out, settle(s.part(line))...)
		line = nil
	}
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			end()
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read hOCR: %w", err)
		}
		if text, ok := t.(xml.CharData); ok {
			w.text += string(text)
		}
		e, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		class, title := "", ""
		for _, a := range e.Attr {
			switch a.Name.Local {
			case "class":
				class = a.Value
			case "title":
				title = a.Value
			}
		}
		switch class {
		case "ocr_line", "ocr_header", "ocr_textfloat", "ocr_caption":
			end()
		case "ocrx_word":
			line = append(line, w.glyphs()...)
			w = word{box: numbers(title, "bbox"), conf: numbers(title, "x_wconf")}
		case "ocrx_cinfo":
			w = word{} // its characters are told one by one
			var text string
			if err := d.DecodeElement(&text, &e); err != nil {
				return nil, fmt.Errorf("read hOCR: %w", err)
			}
			box, conf := numbers(title, "x_bboxes"), numbers(title, "x_conf")
			for _, c := range text {
				if len(box) == 4 && len(conf) == 1 && conf[0] > 15 && !strings.ContainsRune(strays, c) {
					line = append(line, glyph{c, box[0] * dot, box[1] * dot, box[2] * dot, box[3] * dot, conf[0] / 100})
				}
				break
			}
		}
	}
}

// word is a word whose characters the recogniser does not tell apart.
type word struct {
	box, conf []float64
	text      string
}

// glyphs shares the word among its characters: a wide one takes twice what a narrow one takes.
func (w word) glyphs() (out []glyph) {
	text := strings.TrimSpace(w.text)
	if len(w.box) != 4 || text == "" {
		return nil
	}
	sure := 0.9 // a service that does not say how sure it is
	if len(w.conf) == 1 {
		sure = min(max(w.conf[0]/100, 0), 1)
	}
	share := func(c rune) float64 {
		if wide(c) {
			return 2
		}
		return 1
	}
	all, at := 0.0, w.box[0]
	for _, c := range text {
		all += share(c)
	}
	for _, c := range text {
		to := at + (w.box[2]-w.box[0])*share(c)/all
		if sure > 0.15 && c > ' ' && !strings.ContainsRune(strays, c) {
			out = append(out, glyph{c, at * dot, w.box[1] * dot, to * dot, w.box[3] * dot, sure})
		}
		at = to
	}
	return out
}

// strays are what the recogniser makes of the edges of cells. A quotation mark that a paper does have is lost with them.
const strays = "|“”‘’\"'`[]"

// part mends where one character of a line ends and the next begins. The recogniser knows their order and middles well, and their edges badly: the widest
// white between two middles is what parts them.
func (s *scan) part(line []glyph) []glyph {
	g := s.img
	for i := range slices.Backward(line) {
		if s.hug(&line[i]) {
			continue
		}
		if strings.ContainsRune("。，、", line[i].r) {
			line = slices.Delete(line, i, i+1) // made of a speck; a point in an amount is none, wherever it is said to stand
		} else if i+1 < len(line) {
			// It is said to stand where nothing does, as the first of a cell often is: then the box of the next one holds both.
			a, b := &line[i], &line[i+1]
			mid := (b.x0 + b.x1) / 2
			a.x0, a.x1, b.x0 = b.x0, mid, mid
		}
	}
	for i := 1; i < len(line); i++ {
		a, b := &line[i-1], &line[i]
		from, to := int((a.x0+a.x1)/2/dot), int((b.x0+b.x1)/2/dot)
		top, low := max(int(min(a.y0, b.y0)/dot), 0), min(int(max(a.y1, b.y1)/dot), g.Rect.Dy())
		if from < 0 || to >= g.Rect.Dx() || to-from < 3 {
			continue
		}
		best, at, run := 0, 0, 0
		for x := from; x <= to; x++ {
			if run++; s.dark(x, top, low) {
				run = 0
			}
			if run > best {
				best, at = run, x
			}
		}
		if best > 0 {
			a.x1, b.x0 = float64(at-best+1)*dot, float64(at+1)*dot
		}
	}
	return line
}

// hug draws a character's box in to the ink it holds, and says whether there is any: the first of a cell is often said to begin at the cell's edge, and its
// middle would lie in the white.
func (s *scan) hug(c *glyph) bool {
	top, low := max(int(c.y0/dot), 0), min(int(c.y1/dot), s.img.Rect.Dy())
	from, to := max(int(c.x0/dot), 0), min(int(c.x1/dot), s.img.Rect.Dx())-1
	for from < to && !s.dark(from, top, low) {
		from++
	}
	for to > from && !s.dark(to, top, low) {
		to--
	}
	if to <= from {
		return false
	}
	c.x0, c.x1 = float64(from)*dot, float64(to+1)*dot
	return true
}

// dark says whether there is ink in a column of the picture; one dark pixel is a speck.
func (s *scan) dark(x, top, low int) bool {
	n := 0
	for y := top; y < low; y++ {
		if s.img.Pix[y*s.img.Stride+x] < s.ink {
			n++
		}
	}
	return n > 1
}

// numbers takes a property's numbers out of an hOCR title.
func numbers(title, name string) []float64 {
	for part := range strings.SplitSeq(title, ";") {
		f := strings.Fields(part)
		if len(f) == 0 || f[0] != name {
			continue
		}
		var out []float64
		for _, s := range f[1:] {
			v, err := strconv.ParseFloat(s, 64)
			if err != nil {
				return nil
			}
			out = append(out, v)
		}
		return out
	}
	return nil
}

// settle mends the boxes of one line's characters. The recogniser knows their order well and their edges badly: one reaches into the next, and what stands
// alone has the height of its ink.
func settle(line []glyph) []glyph {
	var heights []float64
	for i := range line {
		if i > 0 && line[i].x0 <= line[i-1].x0 {
			line[i].x0 = line[i-1].x0 + 0.1
			line[i].x1 = max(line[i].x1, line[i].x0+1)
		}
		if i+1 < len(line) && line[i+1].x0 < line[i].x1 {
			if line[i+1].x0 > line[i].x0+1 {
				line[i].x1 = line[i+1].x0
			} else {
				line[i].x1 = line[i].x0 + 1
			}
		}
		heights = append(heights, line[i].y1-line[i].y0)
	}
	if len(line) == 0 {
		return nil
	}
	slices.Sort(heights)
	h := heights[len(heights)*7/10]
	for i := range line {
		// A line may hold parts of rows above and below: only what is smaller than its fellows is stretched, about the middle of its neighbours.
		g := &line[i]
		if g.y1-g.y0 > 0.75*h {
			continue
		}
		mid, n := 0.0, 0
		for j := max(i-4, 0); j < min(i+5, len(line)); j++ {
			if o := line[j]; o.y1-o.y0 > 0.75*h && o.y0-0.3*h < g.mid() && o.y1+0.3*h > g.mid() {
				mid += o.mid()
				n++
			}
		}
		if n > 0 {
			g.y0, g.y1 = mid/float64(n)-h/2, mid/float64(n)+h/2
		}
	}
	return line
}
