// Package blob keeps the bytes of documents under their SHA-256: in a folder, or in S3-compatible storage. Bytes are written once and never changed; what
// is read is checked against its name by whoever asks for Verified.
package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"guike/record"
)

// A Store keeps bytes by hash.
type Store interface {
	// Put keeps what r holds and answers its SHA-256 (hex) and size in bytes. Keeping the same bytes again is no error.
	Put(ctx context.Context, r io.Reader) (sum string, size int64, err error)
	// Open reads what is kept; NotFound where nothing is.
	Open(ctx context.Context, sum string) (io.ReadCloser, error)
	// Each calls fn for the hash of everything kept.
	Each(ctx context.Context, fn func(sum string, size int64) error) error
}

// Open opens a store: a folder's path, or s3://KEY:SECRET@HOST[:PORT]/BUCKET[/PREFIX]?tls=0&region=….
func Open(ctx context.Context, addr string) (Store, error) {
	if strings.HasPrefix(addr, "s3://") {
		u, err := url.Parse(addr)
		if err != nil {
			return nil, errors.New("blob URL is not a URL") // the error would show the secret
		}
		return openS3(ctx, u)
	}
	if err := os.MkdirAll(filepath.Join(addr, "tmp"), 0o700); err != nil {
		return nil, err
	}
	return folder(addr), nil
}

var sumForm = regexp.MustCompile(`^[0-9a-f]{64}$`)

func notFound(sum string, err error) error {
	return &record.Error{Code: record.NotFound, Message: "error.original_missing", Err: fmt.Errorf("%s: %w", sum, err)}
}

// folder keeps ab/cdef… files.
type folder string

func (f folder) path(sum string) string { return filepath.Join(string(f), sum[:2], sum[2:]) }

func (f folder) Put(ctx context.Context, r io.Reader) (string, int64, error) {
	t, err := os.CreateTemp(filepath.Join(string(f), "tmp"), "put-")
	if err != nil {
		return "", 0, err
	}
	defer os.Remove(t.Name())
	defer t.Close()
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(t, h), r)
	if err != nil {
		return "", 0, diskFull(err)
	}
	sum := hex.EncodeToString(h.Sum(nil))
	if s, err := os.Stat(f.path(sum)); err == nil && s.Size() == n {
		return sum, n, nil
	}
	if err := t.Sync(); err != nil {
		return "", 0, diskFull(err)
	}
	if err := os.MkdirAll(filepath.Dir(f.path(sum)), 0o700); err != nil {
		return "", 0, diskFull(err)
	}
	if err := os.Rename(t.Name(), f.path(sum)); err != nil {
		return "", 0, err
	}
	return sum, n, syncDir(filepath.Dir(f.path(sum)))
}

// syncDir makes a rename survive a power cut.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

func diskFull(err error) error {
	if errors.Is(err, errNoSpace) {
		return &record.Error{Code: record.Busy, Message: "error.disk_full", Err: err}
	}
	return err
}

func (f folder) Open(_ context.Context, sum string) (io.ReadCloser, error) {
	if !sumForm.MatchString(sum) {
		return nil, notFound(sum, errors.New("not a hash"))
	}
	file, err := os.Open(f.path(sum))
	if errors.Is(err, os.ErrNotExist) {
		return nil, notFound(sum, err)
	}
	return file, err
}

func (f folder) Each(ctx context.Context, fn func(string, int64) error) error {
	dirs, err := os.ReadDir(string(f))
	if err != nil {
		return err
	}
	for _, d := range dirs {
		if len(d.Name()) != 2 || !d.IsDir() {
			continue
		}
		files, err := os.ReadDir(filepath.Join(string(f), d.Name()))
		if err != nil {
			return err
		}
		for _, file := range files {
			info, err := file.Info()
			if err != nil {
				return err
			}
			if sum := d.Name() + file.Name(); sumForm.MatchString(sum) {
				if err := fn(sum, info.Size()); err != nil {
					return err
				}
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
		}
	}
	return nil
}

// ReadAll reads what is kept, up to limit bytes, and fails where the bytes are not those that the hash names.
func ReadAll(ctx context.Context, s Store, sum string, limit int64) ([]byte, error) {
	r, err := Verified(ctx, s, sum)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(b)) > limit {
		err = &record.Error{Code: record.TooLarge, Message: "error.too_large"}
	}
	return b, err
}

// Verified reads what is kept and fails at its end where the bytes are not those that the hash names.
func Verified(ctx context.Context, s Store, sum string) (io.ReadCloser, error) {
	r, err := s.Open(ctx, sum)
	if err != nil {
		return nil, err
	}
	return &verified{r, sha256.New(), sum}, nil
}

type verified struct {
	io.ReadCloser
	h   hash.Hash
	sum string
}

func (v *verified) Read(p []byte) (int, error) {
	n, err := v.ReadCloser.Read(p)
	v.h.Write(p[:n])
	if err == io.EOF && hex.EncodeToString(v.h.Sum(nil)) != v.sum {
		return n, record.Errorf(record.Internal, "error.original_damaged")
	}
	return n, err
}
