package ingest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"guike/paper"
	"guike/record"
	"guike/store"
)

// An Upload is a file that has not arrived whole.
type Upload struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Size      int64  `json:"size"`
	Offset    int64  `json:"offset"`
	CreatedAt string `json:"created_at,omitempty"`
	SHA256    string `json:"sha256,omitempty" doc:"of the bytes that have arrived: a file goes on here only where it begins with the same"`
}

// holds lets one request at a time append to an upload.
type holds struct {
	mu sync.Mutex
	m  map[string]bool
}

func (h *holds) take(id string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.m == nil {
		h.m = map[string]bool{}
	}
	if h.m[id] {
		return false
	}
	h.m[id] = true
	return true
}

func (h *holds) give(id string) {
	h.mu.Lock()
	delete(h.m, id)
	h.mu.Unlock()
}

// maxUploads bounds how many unfinished uploads one user may have.
const maxUploads = 1000

// Begin announces a file.
func (d *Desk) Begin(ctx context.Context, sc record.Scope, name string, size int64) (Upload, error) {
	if sc.For("document").Create == record.None {
		return Upload{}, record.Errorf(record.Denied, "error.denied")
	}
	if size > paper.MaxFile {
		return Upload{}, &record.Error{Code: record.TooLarge, Message: "error.file_too_large"}
	}
	if size <= 0 {
		return Upload{}, record.Errorf(record.Invalid, "error.empty_file")
	}
	u := Upload{ID: string(record.NewID("upl")), Name: paper.CleanName(name), Size: size}
	err := d.DB.Tx(ctx, sc, func(tx *store.Tx) error {
		var n int64
		if err := tx.One(ctx, "SELECT count(*) FROM uploads WHERE by_user = ?", []any{string(sc.User)}, &n); err != nil {
			return err
		}
		if n >= maxUploads {
			return record.Errorf(record.Busy, "error.too_many_uploads")
		}
		_, err := tx.Exec(ctx, "INSERT INTO uploads (id, name, size, received, by_user, created_at, updated_at) VALUES (?, ?, ?, 0, ?, ?, ?)",
			u.ID, u.Name, size, string(sc.User), int64(tx.At()), int64(tx.At()))
		return err
	})
	return u, err
}

// Unfinished lists the caller's uploads that have not arrived whole.
func (d *Desk) Unfinished(ctx context.Context, sc record.Scope) ([]Upload, error) {
	out := []Upload{}
	err := d.DB.Each(ctx, "SELECT id, name, size, received, created_at FROM uploads WHERE by_user = ? ORDER BY created_at DESC LIMIT 1000", []any{string(sc.User)}, func(rows store.Rows) error {
		var u Upload
		var at int64
		err := rows.Scan(&u.ID, &u.Name, &u.Size, &u.Offset, &at)
		u.CreatedAt = record.Time(at).String()
		out = append(out, u)
		return err
	})
	return out, err
}

func (d *Desk) upload(ctx context.Context, sc record.Scope, id string) (Upload, error) {
	u := Upload{ID: id}
	err := d.DB.One(ctx, "SELECT name, size, received FROM uploads WHERE id = ? AND by_user = ?", []any{id, string(sc.User)}, &u.Name, &u.Size, &u.Offset)
	return u, err
}

// Arrived answers one of the caller's unfinished uploads with the hash of what has arrived.
func (d *Desk) Arrived(ctx context.Context, sc record.Scope, id string) (Upload, error) {
	u, err := d.upload(ctx, sc, id)
	if err != nil {
		return u, err
	}
	h := sha256.New()
	f, err := os.Open(d.part(id))
	if err == nil {
		_, err = io.Copy(h, io.LimitReader(f, u.Offset))
		err = errors.Join(err, f.Close())
	} else if errors.Is(err, os.ErrNotExist) && u.Offset == 0 {
		err = nil
	}
	u.SHA256 = hex.EncodeToString(h.Sum(nil))
	return u, err
}

func (d *Desk) part(id string) string { return filepath.Join(d.Uploads, id) }

// Append adds bytes at an offset, which must be where the upload stands. What arrived before the connection broke is kept. With the last byte the file is
// taken in, and done is true.
func (d *Desk) Append(ctx context.Context, sc record.Scope, id string, offset int64, r io.Reader) (u Upload, doc record.ID, already, done bool, err error) {
	if !d.holds.take(id) {
		return u, "", false, false, record.Errorf(record.Conflict, "error.upload_busy")
	}
	defer d.holds.give(id)
	if u, err = d.upload(ctx, sc, id); err != nil {
		return u, "", false, false, err
	}
	if offset != u.Offset {
		return u, "", false, false, &record.Error{Code: record.Conflict, Message: "error.upload_offset"}
	}
	f, err := os.OpenFile(d.part(id), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return u, "", false, false, err
	}
	defer f.Close()
	if _, err := f.Seek(offset, io.SeekStart); err != nil {
		return u, "", false, false, err
	}
	n, copyErr := io.Copy(f, io.LimitReader(r, u.Size-offset))
	if errors.Is(copyErr, syscall.ENOSPC) {
		copyErr = &record.Error{Code: record.Busy, Message: "error.disk_full", Err: copyErr}
	}
	if err := f.Sync(); err != nil && copyErr == nil {
		copyErr = err
	}
	u.Offset += n
	keep := context.WithoutCancel(ctx) // the client may be gone: what came is kept all the same
	if err := d.DB.Tx(keep, sc, func(tx *store.Tx) error {
		_, err := tx.Exec(keep, "UPDATE uploads SET received = ?, updated_at = ? WHERE id = ?", u.Offset, int64(tx.At()), id)
		return err
	}); err != nil {
		return u, "", false, false, err
	}
	if copyErr != nil || u.Offset < u.Size {
		return u, "", false, false, copyErr
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return u, "", false, false, err
	}
	h := sha256.New()
	if doc, already, err = d.Keep(keep, sc, u.Name, "upload", io.TeeReader(f, h)); err != nil {
		return u, "", false, false, err
	}
	u.SHA256 = hex.EncodeToString(h.Sum(nil))
	return u, doc, already, true, d.Drop(keep, sc, id)
}

// Drop forgets an upload and its bytes.
func (d *Desk) Drop(ctx context.Context, sc record.Scope, id string) error {
	if _, err := d.upload(ctx, sc, id); err != nil {
		return err
	}
	if err := d.DB.Tx(ctx, sc, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, "DELETE FROM uploads WHERE id = ? AND by_user = ?", id, string(sc.User))
		return err
	}); err != nil {
		return err
	}
	if err := os.Remove(d.part(id)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// Sweep removes parts that nobody has gone on with for two weeks.
func (d *Desk) Sweep(ctx context.Context) error {
	old := d.DB.Now().Add(-14 * 24 * time.Hour)
	var ids []string
	if err := d.DB.Each(ctx, "SELECT id FROM uploads WHERE updated_at < ?", []any{old.UnixMicro()}, func(rows store.Rows) error {
		var id string
		err := rows.Scan(&id)
		ids = append(ids, id)
		return err
	}); err != nil {
		return err
	}
	for _, id := range ids {
		if err := d.DB.Tx(ctx, record.SystemScope("sweep"), func(tx *store.Tx) error {
			_, err := tx.Exec(ctx, "DELETE FROM uploads WHERE id = ?", id)
			return err
		}); err != nil {
			return err
		}
		if err := os.Remove(d.part(id)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}
