package exchange_test

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"guike"
	"guike/blob"
	"guike/exchange"
	"guike/record"
	"guike/store"
	"guike/store/storetest"
)

func TestBackupRestore(t *testing.T) { storetest.Each(t, backupRestore) }

func backupRestore(t *testing.T, db *store.DB) {
	ctx, sys := context.Background(), record.SystemScope("test")
	blobs, err := blob.Open(ctx, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	var ids []record.ID
	for i := range 20 {
		sum, _, err := blobs.Put(ctx, strings.NewReader(fmt.Sprint("original ", i)))
		if err != nil {
			t.Fatal(err)
		}
		d := &guike.Document{Name: fmt.Sprint(i, ".pdf"), SHA256: sum, State: guike.DocReceived}
		if err := db.Tx(ctx, sys, func(tx *store.Tx) error { d.ID = ""; return tx.Create(ctx, d) }); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, d.ID)
	}
	var b bytes.Buffer
	if err := exchange.Backup(ctx, db, blobs, t.TempDir(), "test", &b); err != nil {
		t.Fatal(err)
	}
	restore := func(data []byte) (*store.DB, blob.Store, error) {
		dir := t.TempDir()
		to, err := blob.Open(ctx, filepath.Join(dir, "originals"))
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(dir, "guike.db")
		if _, err := exchange.Restore(ctx, bytes.NewReader(data), int64(len(data)), file, to); err != nil {
			return nil, nil, err
		}
		got, err := store.Open(ctx, file, guike.Kinds, store.Options{})
		if err == nil {
			t.Cleanup(func() { got.Close() })
		}
		return got, to, err
	}
	got, to, err := restore(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	for i, id := range ids {
		r, err := got.Get(ctx, sys, "document", id)
		if err != nil {
			t.Fatal(err)
		}
		have, err := blob.ReadAll(ctx, to, r.(*guike.Document).SHA256, 1<<20)
		if err != nil || string(have) != fmt.Sprint("original ", i) {
			t.Errorf("original %d: %q, %v", i, have, err)
		}
	}
	// Cut short anywhere, or with a byte changed in an original, it is refused.
	for _, n := range []int{0, 10, b.Len() / 2, b.Len() - 1} {
		if _, _, err := restore(b.Bytes()[:n]); err == nil {
			t.Errorf("a backup cut to %d bytes was restored", n)
		}
	}
	bad := bytes.Clone(b.Bytes())
	i := bytes.Index(bad, []byte("original 7"))
	bad[i] ^= 1
	if _, _, err := restore(bad); err == nil {
		t.Error("a backup with a changed byte was restored")
	}
}
