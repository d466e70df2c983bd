package paper

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
)

// A frame is a header in JSON and a body of bytes, each after its length in four bytes.
type request struct {
	Op       string  `json:"op"` // read, scan (a page as a picture) or render
	Password string  `json:"password,omitempty"`
	Company  Company `json:"company"`
	Page     int     `json:"page,omitempty"`
	Width    int     `json:"width,omitempty"`
	Way      int     `json:"way,omitempty"` // which of the ways a scan may lie, the likeliest is 0
	OCR      OCR     `json:"ocr"`
	Lore
}

type answer struct {
	Reading *Reading   `json:"reading,omitempty"`
	Err     *ReadError `json:"error,omitempty"`
	Fault   string     `json:"fault,omitempty"` // not the paper's fault: PDFium does not start
}

func writeFrame(w io.Writer, head any, body ...[]byte) error {
	h, err := json.Marshal(head)
	if err != nil {
		return err
	}
	for _, bs := range [][][]byte{{h}, body} {
		size := 0
		for _, b := range bs {
			size += len(b)
		}
		var n [4]byte
		binary.BigEndian.PutUint32(n[:], uint32(size))
		if _, err := w.Write(n[:]); err != nil {
			return err
		}
		for _, b := range bs {
			if _, err := w.Write(b); err != nil {
				return err
			}
		}
	}
	return nil
}

const maxFrame = 256 << 20

func readFrame(r io.Reader, head any) ([]byte, error) {
	var parts [2][]byte
	for i := range parts {
		var n [4]byte
		if _, err := io.ReadFull(r, n[:]); err != nil {
			return nil, err
		}
		size := binary.BigEndian.Uint32(n[:])
		if size > maxFrame {
			return nil, fmt.Errorf("frame of %d bytes", size)
		}
		parts[i] = make([]byte, size)
		if _, err := io.ReadFull(r, parts[i]); err != nil {
			return nil, err
		}
	}
	return parts[1], json.Unmarshal(parts[0], head)
}

const (
	softMemory = 500 << 20
	hardMemory = 700 << 20
)

// Work answers requests until in ends. It runs in a process of its own, because what it parses comes from strangers: it may hang, and it may die.
func Work(in io.Reader, out io.Writer, cacheDir string) error {
	dieWithParent()
	debug.SetMemoryLimit(softMemory)
	go watchMemory()
	e := &engine{cacheDir: cacheDir}
	w := bufio.NewWriter(out)
	frames := make(chan frame)
	go receive(bufio.NewReader(in), frames)
	for f := range frames {
		if errors.Is(f.err, io.EOF) {
			return nil
		}
		if f.err != nil {
			return fmt.Errorf("read a request: %w", f.err)
		}
		q, data := f.request, f.data
		var err error
		var a answer
		var body [][]byte
		switch q.Op {
		case "render":
			var drawn []byte
			drawn, err = e.draw(data, q)
			body = append(body, drawn)
		case "scan":
			var reading Reading
			reading, err = e.scan(data, q)
			a.Reading = &reading
		default:
			var reading Reading
			reading, err = e.read(data, q)
			for _, p := range reading.Parts {
				body = append(body, p.Data)
			}
			a.Reading = &reading
		}
		if err != nil && !errors.As(err, &a.Err) {
			a.Fault = err.Error()
		}
		if err := writeFrame(w, a, body...); err != nil {
			return fmt.Errorf("write an answer: %w", err)
		}
		if err := w.Flush(); err != nil {
			return fmt.Errorf("write an answer: %w", err)
		}
		if e.busy {
			return nil // the next paper gets a fresh worker
		}
	}
	return nil
}

// A frame is a request as it came, or why none came.
type frame struct {
	request
	data []byte
	err  error
}

// receive reads requests. When there are no more the parent is gone: a parser that never comes back must not outlive it.
func receive(r io.Reader, frames chan<- frame) {
	for {
		var f frame
		f.data, f.err = readFrame(r, &f.request)
		if f.err != nil {
			time.AfterFunc(time.Second, func() { os.Exit(4) })
		}
		frames <- f
		if f.err != nil {
			return
		}
	}
}

func (e *engine) read(data []byte, q request) (Reading, error) {
	mime, err := sniff(data)
	if err != nil {
		return Reading{Mime: mime}, err
	}
	e.sought = 0
	if mime == mimeLocked {
		if data, err = unlock(data, q.Password); err != nil {
			return Reading{Mime: mime}, err
		}
		if mime, err = sniff(data); err != nil {
			return Reading{Mime: mime}, err
		}
	}
	var pages []*page
	var given stated
	text := ""
	var scans []int
	switch {
	case mime == mimeXML:
		given, text, err = readXML(data)
	case mime == mimeDOCX, mime == mimeXLSX, mime == mimePPTX:
		return readOffice(data, mime)
	case strings.HasPrefix(mime, "text/"):
		return readText(data, mime)
	case mime == MimeZip:
		return readZip(data, q.Password)
	case mime == mimeMail:
		return readMail(data)
	case mime == mimeMSG:
		return readMSG(data)
	case mime == mimeOFD:
		var o *ofd
		if o, pages, given, err = readOFD(data); err == nil {
			e.packedCodes(o, pages[0])
		}
	case strings.HasPrefix(mime, "image/"):
		var n int
		n, err = pictures(data, mime)
		for i := range n {
			scans = append(scans, i+1)
		}
	default:
		pages, given, err = e.pages(data, q.Password)
		for i := 0; i < len(pages); i++ {
			if pages[i].bare() {
				scans = append(scans, pages[i].no)
				pages = append(pages[:i], pages[i+1:]...)
				i--
			}
		}
	}
	if err != nil {
		return Reading{Mime: mime}, err
	}
	r := understand(mime, pages, given, q.Company, q.Lore)
	r.Scans = scans
	if mime == mimeXML { // a page of words alone, that it may be searched
		r.Pages = []PageInfo{{1, 595, 842, text}}
	}
	return r, nil
}

// bare says whether a page has no text to speak of: a picture, perhaps with a page number printed on it.
func (p *page) bare() bool { return len(p.glyphs) < 12 }

// scan reads one page as a picture.
func (e *engine) scan(data []byte, q request) (Reading, error) {
	mime, err := sniff(data)
	if err != nil {
		return Reading{}, err
	}
	var img image.Image
	if strings.HasPrefix(mime, "image/") {
		img, err = picture(data, mime, q.Page)
	} else {
		var b []byte
		if b, err = e.render(data, q.Password, q.Page, scanLong*210/297); err == nil {
			img, err = png.Decode(bytes.NewReader(b))
		}
	}
	if err != nil {
		return Reading{Mime: mime}, err
	}
	g := greyed(img, 1)
	ways := quarters(g)
	r, p, err := e.turned(g, mime, q, ways[min(q.Way, len(ways)-1)])
	if err == nil && !upright(p) && q.Way+1 < len(ways) {
		r.Next = q.Way + 1
	}
	return r, err
}

// turned reads a picture that is turned by n quarters first.
func (e *engine) turned(img *image.Gray, mime string, q request, n int) (Reading, *page, error) {
	s := newScan(quarter(img, n))
	var codes []code
	var last *page
	read := func(sheet *scan, ps parts) (Reading, error) {
		p, err := q.OCR.read(s, sheet, ps)
		if err != nil {
			return Reading{Mime: mime}, err
		}
		p.no, p.quarter, last = q.Page, n, p
		// A code that is too fine at the quick size is looked for again where the words say that this is an invoice.
		if p.codes = codes; codes == nil {
			if e.codesOn(s.img, codeLong, p); len(p.codes) == 0 && p.speaks('票') {
				e.codesOn(s.img, 2*codeLong, p)
			}
			codes = p.codes
		}
		return understand(mime, []*page{p}, stated{}, q.Company, q.Lore), nil
	}
	sheet, ps := s.spread()
	r, err := read(sheet, ps)
	if err != nil || len(ps) == 1 || !wanting(r) || n != 0 && !upright(last) {
		return r, last, err
	}
	// What the tables laid anew did not give, the page as it is may.
	again, err := read(s, parts{{from: s.img.Rect, to: s.img.Rect}})
	if err != nil {
		return Reading{Mime: mime}, last, err
	}
	return complete(r, again, q.Company), last, nil
}

func (e *engine) draw(data []byte, q request) ([]byte, error) {
	mime, err := sniff(data)
	if err != nil {
		return nil, err
	}
	if strings.HasPrefix(mime, "image/") {
		return drawPicture(data, mime, q.Page, q.Width)
	}
	if mime == mimeOFD {
		return drawOFD(data, q.Page, q.Width)
	}
	if mime != "application/pdf" {
		return nil, readError("unsupported", "这种文件不能显示为图片，请下载原件查看")
	}
	return e.render(data, q.Password, q.Page, q.Width)
}

// watchMemory ends the process when it holds too much: Go's own limit is soft, and counts Go's memory alone.
func watchMemory() {
	for range time.Tick(50 * time.Millisecond) {
		if resident() > hardMemory {
			fmt.Fprintln(os.Stderr, "reader: out of memory")
			os.Exit(3)
		}
	}
}

// resident reads the resident memory in bytes; 0 where the system does not say.
func resident() int64 {
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	f := strings.Fields(string(b))
	if len(f) < 2 {
		return 0
	}
	n, err := strconv.ParseInt(f[1], 10, 64)
	if err != nil {
		return 0
	}
	return n * int64(os.Getpagesize())
}
