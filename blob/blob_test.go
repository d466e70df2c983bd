package blob_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guike/blob"
	"guike/record"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

// stores opens a folder and a bucket; damage changes a byte of what is kept.
func stores(t *testing.T) map[string]blob.Store {
	t.Helper()
	ctx := t.Context()
	folder, err := blob.Open(ctx, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	back := s3mem.New()
	if err := back.CreateBucket("originals"); err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(gofakes3.New(back).Server())
	t.Cleanup(srv.Close)
	bucket, err := blob.Open(ctx, "s3://key:secret@"+strings.TrimPrefix(srv.URL, "http://")+"/originals/guike?tls=0&region=us-east-1")
	if err != nil {
		t.Fatal(err)
	}
	return map[string]blob.Store{"folder": folder, "s3": bucket}
}

func TestKeepAndRead(t *testing.T) {
	for name, s := range stores(t) {
		t.Run(name, func(t *testing.T) {
			ctx := t.Context()
			want := map[string][]byte{}
			for _, b := range [][]byte{[]byte("a"), []byte("回单"), bytes.Repeat([]byte{0, 255}, 100_000)} {
				h := sha256.Sum256(b)
				for range 2 { // the same bytes again are no error
					sum, n, err := s.Put(ctx, bytes.NewReader(b))
					if err != nil || sum != hex.EncodeToString(h[:]) || n != int64(len(b)) {
						t.Fatalf("put: %s %d %v", sum, n, err)
					}
				}
				want[hex.EncodeToString(h[:])] = b
			}
			seen := 0
			if err := s.Each(ctx, func(sum string, size int64) error {
				seen++
				if int64(len(want[sum])) != size {
					t.Errorf("%s: %d bytes", sum, size)
				}
				return nil
			}); err != nil || seen != len(want) {
				t.Errorf("each: %d of %d, %v", seen, len(want), err)
			}
			for sum, b := range want {
				got, err := blob.ReadAll(ctx, s, sum, 1<<20)
				if err != nil || !bytes.Equal(got, b) {
					t.Errorf("%s: %v", sum, err)
				}
				if _, err := blob.ReadAll(ctx, s, sum, 0); !record.Is(err, record.TooLarge) {
					t.Errorf("past the limit: %v", err)
				}
			}
			for _, no := range []string{strings.Repeat("0", 64), "", "../../etc/passwd", strings.Repeat("Z", 64)} {
				if _, err := s.Open(ctx, no); !record.Is(err, record.NotFound) {
					t.Errorf("open %q: %v", no, err)
				}
			}
		})
	}
}

func TestDamageIsNoticed(t *testing.T) {
	dir := t.TempDir()
	s, err := blob.Open(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	sum, _, err := s.Put(t.Context(), strings.NewReader("the original"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, sum[:2], sum[2:]), []byte("the 0riginal"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := blob.ReadAll(t.Context(), s, sum, 1<<20); err == nil {
		t.Error("a changed byte was served silently")
	}
	r, err := blob.Verified(t.Context(), s, sum)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := io.ReadAll(r); err == nil {
		t.Error("a changed byte was streamed silently")
	}
}
