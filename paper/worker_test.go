package ingest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"guike/ingest"
)

// TestMain lets this test's binary be its own worker.
func TestMain(m *testing.M) {
	if os.Getenv("GUIKE_TEST_WORKER") != "" {
		if err := ingest.Work(os.Stdin, os.Stdout, os.Getenv("GUIKE_READ_CACHE")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// testPool is a pool whose workers are this binary; compiled PDFium is kept between runs.
func testPool(t testing.TB) *ingest.Pool {
	t.Helper()
	return testPoolBy(t, ingest.OCR{})
}

func testPoolBy(t testing.TB, ocr ingest.OCR) *ingest.Pool {
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
	p := ingest.NewPool(ingest.PoolOptions{Command: []string{self}, Timeout: 20 * time.Second, CacheDir: filepath.Join(dir, "guike", "test"), OCR: ocr})
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}
