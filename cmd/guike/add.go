package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
)

type addCmd struct {
	place
	who
	Files []string `arg:"" help:"Files to take in." type:"existingfile"`
}

// Run takes files in. Without a server it also reads them before it ends.
func (c addCmd) Run() error {
	ctx := context.Background()
	cl, err := c.client(ctx, c.As)
	if err != nil {
		return err
	}
	defer cl.close()
	bad := 0
	for _, name := range c.Files {
		if err := c.add(ctx, cl, name); err != nil {
			bad++
			fmt.Fprintf(os.Stderr, "%s: %s\n", name, plain(err))
		}
	}
	if cl.w != nil {
		if err := cl.w.settle(ctx); err != nil {
			return err
		}
	}
	if bad > 0 {
		return exitCode(3)
	}
	return nil
}

func (c addCmd) add(ctx context.Context, cl *client, name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	var out struct {
		Document *struct{ ID string } `json:"document"`
		Already  bool                 `json:"already"`
	}
	if err := cl.call(ctx, "POST", "/documents/upload?name="+url.QueryEscape(filepath.Base(name)), f, &out); err != nil {
		return err
	}
	id, note := "", ""
	if out.Document != nil {
		id = out.Document.ID
	}
	if out.Already {
		note = "  (already on file)"
	}
	fmt.Printf("%s  %s%s\n", name, id, note)
	return nil
}

// settle does what is due: jobs, and what follows from them.
func (w *workspace) settle(ctx context.Context) error {
	for {
		n, err := w.runner.Drain(ctx)
		if err == nil {
			err = w.runner.CatchUp(ctx)
		}
		if err != nil || n == 0 {
			return err
		}
	}
}

func copyAway(r io.ReadCloser) (int64, error) {
	n, err := io.Copy(io.Discard, r)
	return n, errors.Join(err, r.Close())
}

// pipe answers a request of our own handler as a stream, so that a large answer is not gathered in memory.
type pipe struct {
	head  http.Header
	code  int
	w     *io.PipeWriter
	ready chan struct{}
	begun bool
}

func (p *pipe) Header() http.Header { return p.head }

func (p *pipe) WriteHeader(code int) {
	if !p.begun {
		p.begun, p.code = true, code
		close(p.ready)
	}
}

func (p *pipe) Write(b []byte) (int, error) {
	p.WriteHeader(http.StatusOK)
	return p.w.Write(b)
}
