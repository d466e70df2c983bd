// Package workertest gives tests a pool of readers whose workers are the test's own binary.
package workertest

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"guike/paper"
)

// Main is TestMain of a package whose tests use a Pool.
func Main(m *testing.M) {
	if os.Getenv("GUIKE_TEST_WORKER") != "" {
		if err := paper.Work(os.Stdin, os.Stdout, os.Getenv("GUIKE_READ_CACHE")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// Pool is closed with the test; compiled PDFium is kept between runs.
func Pool(t testing.TB, ocr paper.OCR) *paper.Pool {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("GUIKE_TEST_WORKER", "1")
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = os.TempDir()
	}
	p := paper.NewPool(paper.PoolOptions{Command: []string{self}, Timeout: 20 * time.Second, CacheDir: filepath.Join(dir, "guike", "test"), OCR: ocr})
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// Mend gives what differs from what was read: what a person types.
func Mend(p paper.Paper, want map[string]string) map[string]string {
	out := map[string]string{}
	for k, v := range want {
		if p.Fact(k) != v && k != "direction" {
			out[k] = v
		}
	}
	return out
}

// Teach gives what one paper's correction teaches.
func Teach(t testing.TB, p *paper.Pool, us paper.Company, data []byte, want map[string]string) paper.Lore {
	t.Helper()
	r, err := p.Read(t.Context(), "first", data, "", us)
	if err != nil {
		t.Fatal(err)
	}
	asked := paper.Lore{Ask: []paper.Question{{Page: 1, Box: r.Papers[0].Box, Facts: Mend(r.Papers[0], want)}}}
	if r, err = p.ReadBy(t.Context(), "first", data, "", us, asked); err != nil {
		t.Fatal(err)
	}
	for i := range r.Papers[0].Answers {
		r.Papers[0].Answers[i].ID, r.Papers[0].Answers[i].Trust = "lsn_1", 0.75
	}
	return paper.Lore{Taught: []paper.Taught{{Form: r.Papers[0].Form, Lessons: r.Papers[0].Answers}}}
}
