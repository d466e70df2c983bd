package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"guike"
	"guike/blob"
	"guike/exchange"
	"guike/store"
)

type backupCmd struct {
	place
	who
	File string `arg:"" help:"File to write." type:"path"`
}

func (c backupCmd) Run() error {
	ctx := context.Background()
	cl, err := c.client(ctx, c.As)
	if err != nil {
		return err
	}
	defer cl.close()
	if _, err := os.Stat(c.File); err == nil {
		return fmt.Errorf("%s exists", c.File)
	}
	part := c.File + ".part"
	f, err := os.OpenFile(part, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer os.Remove(part)
	err = cl.call(ctx, "GET", "/backup", nil, f)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(part, c.File); err != nil {
		return err
	}
	info, err := os.Stat(c.File)
	if err != nil {
		return err
	}
	fmt.Printf("%s: %d bytes\n", c.File, info.Size())
	return nil
}

type restoreCmd struct {
	place
	File string `arg:"" help:"Backup to restore." type:"existingfile"`
}

func (c restoreCmd) Run() error {
	ctx := context.Background()
	entries, err := os.ReadDir(c.Data)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if len(entries) > 0 {
		return fmt.Errorf("%s is not empty; a backup is restored into an empty folder", c.Data)
	}
	l, _, err := c.claim(false)
	if err != nil {
		return err
	}
	defer l.Unlock()
	addr := c.Blob
	if addr == "" {
		addr = c.file("originals")
	}
	blobs, err := blob.Open(ctx, addr)
	if err != nil {
		return err
	}
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	m, err := exchange.Restore(ctx, f, info.Size(), c.file("guike.db"), blobs)
	if err != nil {
		return errors.Join(err, os.Remove(c.file("guike.json")))
	}
	db, err := store.Open(ctx, c.file("guike.db"), guike.Kinds, store.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	if err := db.Check(ctx); err != nil {
		return fmt.Errorf("the restored database is damaged: %w", err)
	}
	if c.Database != "" {
		if err := c.move(ctx, db); err != nil {
			return err
		}
	}
	b, err := json.Marshal(m.Made)
	if err != nil {
		return err
	}
	fmt.Printf("restored %d files of %s into %s\n", len(m.Files), b, c.Data)
	return nil
}

// move copies the restored records into PostgreSQL and takes the file away: so does a workspace move there that has outgrown its file.
func (c restoreCmd) move(ctx context.Context, db *store.DB) error {
	to, err := store.Open(ctx, c.Database, guike.Kinds, store.Options{})
	if err != nil {
		return err
	}
	if err := errors.Join(store.Copy(ctx, db, to), to.Close(), db.Close()); err != nil {
		return err
	}
	for _, tail := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(c.file("guike.db" + tail)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}
