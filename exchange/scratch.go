package exchange

import (
	"context"
	"io"
	"os"

	"guike/blob"
)

// limited refuses what is larger than a table may be.
type limited struct {
	r    io.Reader
	left int64
}

func (l *limited) Read(b []byte) (int, error) {
	n, err := l.r.Read(b)
	if l.left -= int64(n); l.left < 0 {
		return 0, ErrTooLarge
	}
	return n, err
}

// A scratch file is gone when it is closed.
type scratch struct{ *os.File }

func (s scratch) close() {
	s.File.Close()
	os.Remove(s.Name())
}

// file lays a kept file where it can be read at any place.
func (p *Port) file(ctx context.Context, sum string) (scratch, error) {
	r, err := blob.Verified(ctx, p.Blobs, sum)
	if err != nil {
		return scratch{}, err
	}
	defer r.Close()
	f, err := os.CreateTemp(p.Scratch, "table-")
	if err != nil {
		return scratch{}, err
	}
	s := scratch{f}
	os.Remove(f.Name()) // where the system lets an open file go: then a kill leaves nothing behind
	if _, err := io.Copy(f, r); err != nil {
		s.close()
		return scratch{}, err
	}
	return s, nil
}
