package web

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
)

// TestDistIsFresh computes what script/source.mjs computes: a changed source without a new dist fails here.
func TestDistIsFresh(t *testing.T) {
	var names []string
	for _, part := range []string{"index.html", "package.json", "package-lock.json", "public", "script", "src", "tsconfig.json", "vite.config.ts"} {
		err := filepath.WalkDir(part, func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				names = append(names, filepath.ToSlash(path))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	sort.Strings(names)
	sum := sha256.New()
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		hash := sha256.Sum256(text)
		sum.Write([]byte(name + "\x00" + hex.EncodeToString(hash[:]) + "\n"))
	}
	want := hex.EncodeToString(sum.Sum(nil))
	have, err := fs.ReadFile(Dist(), "source.txt")
	if err != nil || strings.TrimSpace(string(have)) != want {
		t.Fatalf("web/dist is not built from this source (%v): run `npm ci && npm run build` in web", err)
	}
	if _, err := fs.Stat(Dist(), "index.html"); err != nil {
		t.Fatal(err)
	}
}
