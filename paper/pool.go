package paper

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"sync"
	"time"
)

// PoolOptions say how papers are read. Command is the argv of a worker, which calls Work; zero values mean one worker and 30 s a document.
type PoolOptions struct {
	Size     int
	Command  []string
	Timeout  time.Duration
	CacheDir string
	OCR      OCR
}

// A Pool reads papers in worker processes, started when the first paper comes.
type Pool struct {
	o     PoolOptions
	seats chan *worker // nil in it is a seat whose worker is not started
	done  chan struct{}
	once  sync.Once
}

// A worker is replaced after this many documents, since PDFium's memory only grows.
const perWorker = 500

// A worker's start compiles PDFium, once a machine: seconds that are not the paper's.
const startUp = 60 * time.Second

// NewPool starts nothing yet.
func NewPool(o PoolOptions) *Pool {
	if o.Size < 1 {
		o.Size = 1
	}
	if o.Timeout <= 0 {
		o.Timeout = 30 * time.Second
	}
	p := &Pool{o: o, seats: make(chan *worker, o.Size), done: make(chan struct{})}
	for range o.Size {
		p.seats <- nil
	}
	return p
}

type worker struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
	n   int
}

func (p *Pool) start() (*worker, error) {
	if len(p.o.Command) == 0 {
		return nil, errors.New("ingest: no worker command")
	}
	cmd := exec.Command(p.o.Command[0], p.o.Command[1:]...)
	cmd.Stderr = os.Stderr
	// The worker needs none of the server's environment, and no secrets in it.
	cmd.Env = []string{"GUIKE_READ_CACHE=" + p.o.CacheDir, "GOTRACEBACK=none"}
	for _, k := range []string{"PATH", "HOME", "TMPDIR", "SYSTEMROOT", workerEnv} {
		if v, ok := os.LookupEnv(k); ok {
			cmd.Env = append(cmd.Env, k+"="+v)
		}
	}
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the reader: %w", err)
	}
	return &worker{cmd: cmd, in: in, out: bufio.NewReader(out)}, nil
}

// workerEnv lets a test's binary know that it is to be a worker.
const workerEnv = "GUIKE_TEST_WORKER"

func (w *worker) stop() {
	// It may be gone already; a killed process's exit status says nothing new.
	_ = w.in.Close()
	_ = w.cmd.Process.Kill()
	_ = w.cmd.Wait()
}

// Read reads one document. Its errors about the document are *ReadError; any other is ours or the caller's.
func (p *Pool) Read(ctx context.Context, name string, data []byte, password string, c Company) (Reading, error) {
	return p.ReadBy(ctx, name, data, password, c, Lore{})
}

// ReadBy is Read by what people taught.
func (p *Pool) ReadBy(ctx context.Context, name string, data []byte, password string, c Company, lore Lore) (Reading, error) {
	if len(data) == 0 || len(data) > MaxFile {
		_, err := sniff(data)
		return Reading{}, err
	}
	a, body, err := p.ask(ctx, request{Op: "read", Password: password, Company: c, Lore: lore}, data)
	if err != nil {
		return Reading{}, fmt.Errorf("read %s: %w", name, err)
	}
	if a.Reading == nil {
		return Reading{}, fmt.Errorf("read %s: the reader answered nothing", name)
	}
	if a.Err != nil {
		return *a.Reading, a.Err
	}
	for i := range a.Reading.Parts {
		part := &a.Reading.Parts[i]
		if part.Reason != "" {
			continue
		}
		if part.Size < 0 || part.Size > int64(len(body)) {
			return Reading{}, fmt.Errorf("read %s: the reader answered %d bytes too few", name, part.Size-int64(len(body)))
		}
		part.Data, body = body[:part.Size:part.Size], body[part.Size:]
	}
	if len(a.Reading.Scans) == 0 {
		return *a.Reading, nil
	}
	return p.scan(ctx, name, data, password, c, lore, *a.Reading)
}

// MaxScans is how many pages of a document are read as pictures at most.
const MaxScans = 60

// scan reads the pages that are pictures, each by itself under its own limit, and puts them among the others.
func (p *Pool) scan(ctx context.Context, name string, data []byte, password string, c Company, lore Lore, r Reading) (Reading, error) {
	scans := r.Scans
	r.Scans = nil
	if len(scans) > MaxScans {
		return r, readError("too_many_pages", "有 %d 页是扫描件，最多识别 %d 页：请拆分后上传", len(scans), MaxScans)
	}
	for _, no := range scans {
		best, err := p.upright(ctx, data, request{Op: "scan", Password: password, Company: c, Page: no, OCR: p.o.OCR, Lore: lore})
		if err != nil {
			return r, fmt.Errorf("read page %d of %s: %w", no, name, err)
		}
		r.Pages, r.Papers = append(r.Pages, best.Pages...), append(r.Papers, best.Papers...)
	}
	slices.SortStableFunc(r.Pages, func(a, b PageInfo) int { return a.Page - b.Page })
	slices.SortStableFunc(r.Papers, func(a, b Paper) int { return a.Page - b.Page })
	r.Papers = rejoin(r.Papers)
	for i := range r.Papers {
		r.Papers[i].Checks = CheckPaper(r.Papers[i], c)
	}
	return r, nil
}

// upright reads a page as it lies and, where it does not seem to stand upright, the other ways; each has a limit of its own. The way in which most is found
// counts, and one that cannot be read is not counted once another was.
func (p *Pool) upright(ctx context.Context, data []byte, q request) (best Reading, err error) {
	for {
		a, _, err := p.ask(ctx, q, data)
		if err == nil && a.Err != nil {
			err = a.Err
		}
		if err != nil && q.Way > 0 && ctx.Err() == nil {
			return best, nil
		}
		if err != nil {
			return best, err
		}
		if q.Way == 0 || count(*a.Reading) > count(best) {
			best = *a.Reading
		}
		if q.Way = a.Reading.Next; q.Way == 0 {
			return best, nil
		}
	}
}

// Render draws a page (from 1) as PNG, width pixels wide.
func (p *Pool) Render(ctx context.Context, data []byte, password string, page, width int) ([]byte, error) {
	if len(data) == 0 || len(data) > MaxFile {
		_, err := sniff(data)
		return nil, err
	}
	a, body, err := p.ask(ctx, request{Op: "render", Password: password, Page: page, Width: width}, data)
	if err != nil {
		return nil, fmt.Errorf("render page %d: %w", page, err)
	}
	if a.Err != nil {
		return nil, a.Err
	}
	return body, nil
}

// Scans says why scans and photos cannot be read here, nil if they can.
func (p *Pool) Scans() error { return p.o.OCR.Check() }

// ask gives a document to a worker; one that kills or outlasts its worker gets a fresh one, once.
func (p *Pool) ask(ctx context.Context, q request, data []byte) (answer, []byte, error) {
	var w *worker
	select {
	case w = <-p.seats:
	case <-ctx.Done():
		return answer{}, nil, ctx.Err()
	case <-p.done:
		return answer{}, nil, errors.New("the reader is closed")
	}
	defer func() {
		select {
		case <-p.done:
			if w != nil {
				w.stop()
			}
			w = nil
		default:
		}
		p.seats <- w
	}()
	var last error
	for range 2 {
		if w == nil {
			var err error
			if w, err = p.start(); err != nil {
				return answer{}, nil, err
			}
		}
		a, body, err := w.ask(ctx, p.o.Timeout, q, data)
		if err == nil {
			if w.n++; w.n >= perWorker || a.Fault != "" {
				w.stop()
				w = nil
			}
			if a.Fault != "" {
				return a, nil, errors.New(a.Fault)
			}
			return a, body, nil
		}
		w.stop()
		w = nil
		if ctx.Err() != nil {
			return answer{}, nil, ctx.Err()
		}
		last = err
	}
	return answer{}, nil, last
}

func (w *worker) ask(ctx context.Context, limit time.Duration, q request, data []byte) (answer, []byte, error) {
	if w.n == 0 && limit >= 10*time.Second {
		limit += startUp
	}
	type result struct {
		a    answer
		body []byte
		err  error
	}
	got := make(chan result, 1)
	go func() {
		var r result
		if r.err = writeFrame(w.in, q, data); r.err == nil {
			r.body, r.err = readFrame(w.out, &r.a)
		}
		got <- r
	}()
	t := time.NewTimer(limit)
	defer t.Stop()
	select {
	case r := <-got:
		if r.err != nil {
			return answer{}, nil, readError("crashed", "读取这份文件时出错，已重试一次")
		}
		return r.a, r.body, nil
	case <-t.C:
		return answer{}, nil, readError("timeout", "读取这份文件超过 %s，已停止", limit)
	case <-ctx.Done():
		return answer{}, nil, ctx.Err()
	}
}

// Close stops the workers; a document being read is finished first.
func (p *Pool) Close() error {
	p.once.Do(func() {
		close(p.done)
		for range p.o.Size {
			if w := <-p.seats; w != nil {
				w.stop()
			}
		}
	})
	return nil
}
