// Package exchange carries a workspace out and in: backup and restore. A backup is one zip file: the database as it was at one moment, every original by its
// hash, and a manifest with the SHA-256 of each, written last, so that a backup cut short has none and is refused.
package exchange

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"guike/blob"
	"guike/record"
	"guike/store"
)

// A Manifest says what a backup holds.
type Manifest struct {
	Format  int               `json:"format"` // 1
	Made    time.Time         `json:"made"`
	Version string            `json:"version"` // of the program that made it
	Files   map[string]string `json:"files"`   // name → SHA-256
}

const manifestName = "manifest.json"

// Backup writes a workspace into w while others go on writing. Originals come after the database, so that none it names is missing. scratch is a folder on
// a disk with room for the database.
func Backup(ctx context.Context, db *store.DB, blobs blob.Store, scratch, version string, w io.Writer) error {
	snap := filepath.Join(scratch, string(record.NewID("snap"))+".db")
	defer os.Remove(snap)
	if err := db.Snapshot(ctx, snap); err != nil {
		return fmt.Errorf("snapshot: %w", err)
	}
	z := zip.NewWriter(w)
	m := Manifest{Format: 1, Made: db.Now().UTC(), Version: version, Files: map[string]string{}}
	add := func(name string, method uint16, r io.Reader) error {
		f, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: m.Made})
		if err != nil {
			return err
		}
		h := sha256.New()
		if _, err := io.Copy(io.MultiWriter(f, h), r); err != nil {
			return fmt.Errorf("back up %s: %w", name, err)
		}
		m.Files[name] = hex.EncodeToString(h.Sum(nil))
		return nil
	}
	f, err := os.Open(snap)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := add("guike.db", zip.Deflate, f); err != nil {
		return err
	}
	if err := blobs.Each(ctx, func(sum string, _ int64) error {
		r, err := blob.Verified(ctx, blobs, sum)
		if err != nil {
			return err
		}
		defer r.Close()
		return add("originals/"+sum, zip.Store, r) // mostly compressed already
	}); err != nil {
		return err
	}
	b, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return err
	}
	if f, err := z.Create(manifestName); err != nil {
		return err
	} else if _, err := f.Write(b); err != nil {
		return err
	}
	return z.Close()
}

// Restore checks a backup and lays it out: the database at dbFile, the originals into blobs. Nothing is laid out unless every hash is right.
func Restore(ctx context.Context, r io.ReaderAt, size int64, dbFile string, blobs blob.Store) (Manifest, error) {
	var m Manifest
	z, err := zip.NewReader(r, size)
	if err != nil {
		return m, errors.New("not a backup, or cut short")
	}
	mf, err := z.Open(manifestName)
	if err != nil {
		return m, errors.New("the backup has no manifest: it was cut short")
	}
	defer mf.Close()
	if err := json.NewDecoder(io.LimitReader(mf, 1<<30)).Decode(&m); err != nil || m.Format != 1 {
		return m, errors.New("the backup's manifest cannot be read")
	}
	seen := 0
	for _, f := range z.File {
		if f.Name == manifestName {
			continue
		}
		want, ok := m.Files[f.Name]
		if !ok {
			return m, fmt.Errorf("%q is not in the manifest", f.Name)
		}
		h := sha256.New()
		if err := copyFile(ctx, h, f); err != nil {
			return m, fmt.Errorf("%s: %w", f.Name, err)
		}
		if got := hex.EncodeToString(h.Sum(nil)); got != want {
			return m, fmt.Errorf("%s is damaged: its hash is %s, not %s", f.Name, got, want)
		}
		seen++
	}
	if seen != len(m.Files) {
		return m, fmt.Errorf("the backup holds %d files, its manifest %d", seen, len(m.Files))
	}
	for _, f := range z.File {
		sum, original := strings.CutPrefix(f.Name, "originals/")
		switch {
		case f.Name == "guike.db":
			err = lay(ctx, dbFile, f)
		case original:
			err = put(ctx, blobs, sum, f)
		case f.Name != manifestName:
			err = errors.New("unknown part")
		}
		if err != nil {
			return m, fmt.Errorf("restore %s: %w", f.Name, err)
		}
	}
	return m, nil
}

func copyFile(ctx context.Context, w io.Writer, f *zip.File) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	_, err = io.Copy(w, r)
	return err
}

func lay(ctx context.Context, name string, f *zip.File) error {
	out, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer out.Close()
	if err := copyFile(ctx, out, f); err != nil {
		return err
	}
	return out.Sync()
}

func put(ctx context.Context, blobs blob.Store, sum string, f *zip.File) error {
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	got, _, err := blobs.Put(ctx, r)
	if err == nil && got != sum {
		err = errors.New("its name is not its hash")
	}
	return err
}
