package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"guike/paper"
)

type readCmd struct {
	Files    []string `arg:"" name:"file" help:"PDF, OFD, e-invoice XML, pictures, DOCX, XLSX, PPTX or text files."`
	JSON     bool     `name:"json" help:"Print the papers as one JSON array; this is what it prints without --text."`
	Company  string   `help:"JSON file with the own company's name and accounts, which tell in from out." placeholder:"FILE"`
	Text     bool     `help:"Print each page's text under a mark with its number; with --json, in the array."`
	Password string   `help:"Password of encrypted PDFs."`
	ocr
}

// said is one paper as it is printed, or a file that cannot be read.
type said struct {
	File   string            `json:"file"`
	Page   int               `json:"page,omitempty"`
	Kind   string            `json:"kind,omitempty"`
	Facts  map[string]string `json:"facts,omitzero"`
	Said   map[string]string `json:"sources,omitzero"` // of each fact: reader, xml, qr
	Checks []paper.Check     `json:"checks,omitzero"`
	Text   string            `json:"text,omitempty"`
	Error  *paper.ReadError  `json:"error,omitempty"`
}

func (c readCmd) Run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var company paper.Company
	if c.Company != "" {
		b, err := os.ReadFile(c.Company)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(b, &company); err != nil {
			return fmt.Errorf("%s: %w", c.Company, err)
		}
	}
	pool, err := readers(1, c.options())
	if err != nil {
		return err
	}
	defer pool.Close()
	out, bad := []said{}, false
	for _, file := range c.Files {
		r, err := readFile(ctx, pool, file, c.Password, company)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			bad = true
			var re *paper.ReadError
			if !errors.As(err, &re) {
				re = &paper.ReadError{Code: "unreadable", Message: err.Error()}
			}
			out = append(out, said{File: file, Error: re})
			continue
		}
		if c.Text && !c.JSON {
			if err := printText(os.Stdout, file, r); err != nil {
				return err
			}
			continue
		}
		if len(r.Papers) == 0 {
			for _, info := range r.Pages {
				s := said{File: file, Page: info.Page, Kind: "other"}
				if r.Plain {
					s.Kind = "text"
				}
				if c.Text {
					s.Text = info.Text
				}
				out = append(out, s)
			}
		}
		for _, p := range r.Papers {
			s := said{File: file, Page: p.Page, Kind: p.Kind, Facts: p.Map(), Said: map[string]string{}, Checks: p.Checks}
			for _, f := range p.Facts {
				s.Said[f.Name] = f.By
			}
			for _, info := range r.Pages {
				if c.Text && info.Page == p.Page {
					s.Text = info.Text
				}
			}
			out = append(out, s)
		}
	}
	if c.Text && !c.JSON {
		for _, s := range out { // what could not be read
			fmt.Fprintf(os.Stderr, "%s: %s\n", s.File, s.Error.Message)
		}
		if bad {
			return exitCode(3)
		}
		return nil
	}
	e := json.NewEncoder(os.Stdout)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(out); err != nil {
		return err
	}
	if bad {
		return exitCode(3)
	}
	return nil
}

// printText prints what a file's pages say, a mark before each.
func printText(w io.Writer, file string, r paper.Reading) error {
	for _, p := range r.Pages {
		if _, err := fmt.Fprintf(w, "=== %s %d/%d ===\n%s\n", file, p.Page, len(r.Pages), strings.TrimRight(p.Text, "\n")); err != nil {
			return err
		}
	}
	if r.Cut {
		_, err := fmt.Fprintf(w, "=== %s … ===\n", file)
		return err
	}
	return nil
}

// readFile reads no more of a file than a paper may have.
func readFile(ctx context.Context, pool *paper.Pool, file, password string, company paper.Company) (paper.Reading, error) {
	f, err := os.Open(file)
	if err != nil {
		return paper.Reading{}, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, paper.MaxFile+1))
	if err != nil {
		return paper.Reading{}, err
	}
	return pool.Read(ctx, filepath.Base(file), data, password, company)
}

// readers makes the pool whose workers are this program; PDFium's compiled form is kept in the user's cache folder.
func readers(size int, ocr paper.OCR) (*paper.Pool, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cache := ""
	if dir, err := os.UserCacheDir(); err == nil {
		cache = filepath.Join(dir, "guike", "wasm")
	}
	return paper.NewPool(paper.PoolOptions{Size: size, Command: []string{self, "worker", "read"}, CacheDir: cache, OCR: ocr}), nil
}
