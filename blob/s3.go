package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path"
	"strings"
	"syscall"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

var errNoSpace = syscall.ENOSPC

type s3 struct {
	c      *minio.Client
	bucket string
	prefix string
}

func openS3(ctx context.Context, u *url.URL) (Store, error) {
	secret, _ := u.User.Password()
	bucket, prefix, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
	if bucket == "" {
		return nil, errors.New("blob URL names no bucket: s3://KEY:SECRET@HOST/BUCKET")
	}
	c, err := minio.New(u.Host, &minio.Options{
		Creds: credentials.NewStaticV4(u.User.Username(), secret, ""), Secure: u.Query().Get("tls") != "0", Region: u.Query().Get("region"),
	})
	if err != nil {
		return nil, fmt.Errorf("blob storage: %w", err)
	}
	ok, err := c.BucketExists(ctx, bucket)
	if err != nil {
		return nil, fmt.Errorf("blob storage: %w", err)
	}
	if !ok {
		return nil, fmt.Errorf("blob storage has no bucket %q", bucket)
	}
	return &s3{c, bucket, prefix}, nil
}

func (s *s3) key(sum string) string { return path.Join(s.prefix, sum[:2], sum[2:]) }

// Put writes to a temporary file first: the key is known only when all bytes were seen.
func (s *s3) Put(ctx context.Context, r io.Reader) (string, int64, error) {
	t, err := os.CreateTemp("", "guike-put-")
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
	if st, err := s.c.StatObject(ctx, s.bucket, s.key(sum), minio.StatObjectOptions{}); err == nil && st.Size == n {
		return sum, n, nil
	}
	if _, err := t.Seek(0, io.SeekStart); err != nil {
		return "", 0, err
	}
	_, err = s.c.PutObject(ctx, s.bucket, s.key(sum), t, n, minio.PutObjectOptions{ContentType: "application/octet-stream"})
	return sum, n, err
}

func (s *s3) Open(ctx context.Context, sum string) (io.ReadCloser, error) {
	if !sumForm.MatchString(sum) {
		return nil, notFound(sum, errors.New("not a hash"))
	}
	o, err := s.c.GetObject(ctx, s.bucket, s.key(sum), minio.GetObjectOptions{})
	if err != nil {
		return nil, err
	}
	if _, err := o.Stat(); err != nil {
		o.Close()
		if minio.ToErrorResponse(err).StatusCode == 404 {
			return nil, notFound(sum, err)
		}
		return nil, err
	}
	return o, nil
}

func (s *s3) Each(ctx context.Context, fn func(string, int64) error) error {
	for o := range s.c.ListObjects(ctx, s.bucket, minio.ListObjectsOptions{Prefix: s.prefix, Recursive: true}) {
		if o.Err != nil {
			return o.Err
		}
		sum := strings.ReplaceAll(strings.TrimPrefix(strings.TrimPrefix(o.Key, s.prefix), "/"), "/", "")
		if sumForm.MatchString(sum) {
			if err := fn(sum, o.Size); err != nil {
				return err
			}
		}
	}
	return nil
}
