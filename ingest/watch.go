package ingest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"guike/paper"
	"guike/record"
)

// A Folder is watched: what is put into it is taken in, in the name of its user.
type Folder struct {
	Dir   string
	Scope func(context.Context) (record.Scope, error)
}

// Names of the folders that a watched folder's files are moved to.
const (
	takenDir  = "已收" // taken in
	failedDir = "未收" // could not be taken in; a text beside the file says why
)

type sight struct {
	size int64
	mod  time.Time
	seen int
}

// Watch looks into a folder every interval until the context ends. A file is taken in once its size and time have stood still for three looks, and then
// moved away; a file that is still being written is left alone.
func (d *Desk) Watch(ctx context.Context, f Folder, every time.Duration) error {
	for _, sub := range []string{takenDir, failedDir} {
		if err := os.MkdirAll(filepath.Join(f.Dir, sub), 0o755); err != nil {
			return err
		}
	}
	sights := map[string]sight{}
	for {
		if err := d.look(ctx, f, sights); err != nil && ctx.Err() == nil {
			slog.Error("watched folder", "dir", f.Dir, "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(every):
		}
	}
}

func (d *Desk) look(ctx context.Context, f Folder, sights map[string]sight) error {
	entries, err := os.ReadDir(f.Dir)
	if err != nil {
		return err
	}
	here := map[string]bool{}
	for _, e := range entries {
		name := e.Name()
		if !e.Type().IsRegular() || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~$") || strings.HasSuffix(name, ".part") || strings.HasSuffix(name, ".crdownload") {
			continue
		}
		here[name] = true
		info, err := e.Info()
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		s := sights[name]
		if s.size != info.Size() || !s.mod.Equal(info.ModTime()) {
			sights[name] = sight{info.Size(), info.ModTime(), 1}
			continue
		}
		if s.seen++; s.seen < 3 {
			sights[name] = s
			continue
		}
		if err := d.take(ctx, f, name); err != nil {
			return err
		}
		delete(sights, name)
	}
	for name := range sights {
		if !here[name] {
			delete(sights, name)
		}
	}
	return nil
}

// take takes one file in and moves it away. Killed in between, it finds the bytes on file the next time: no second document.
func (d *Desk) take(ctx context.Context, f Folder, name string) error {
	sc, err := f.Scope(ctx)
	if err != nil {
		return err
	}
	file, err := os.Open(filepath.Join(f.Dir, name))
	if err != nil {
		return err
	}
	_, _, err = d.Keep(ctx, sc, name, "folder", file)
	file.Close()
	to := takenDir
	switch {
	case record.Is(err, record.TooLarge) || record.Is(err, record.Invalid):
		to = failedDir
		if err := os.WriteFile(filepath.Join(f.Dir, failedDir, name+".txt"), []byte(refusal(err)+"\n"), 0o644); err != nil {
			return err
		}
	case err != nil:
		return err // a full disk, a database that is away: the file stays and is tried again
	}
	return os.Rename(filepath.Join(f.Dir, name), free(filepath.Join(f.Dir, to, name)))
}

// free answers a name that nothing has yet.
func free(name string) string {
	ext := filepath.Ext(name)
	base := strings.TrimSuffix(name, ext)
	for i := 2; ; i++ {
		if _, err := os.Lstat(name); errors.Is(err, os.ErrNotExist) {
			return name
		}
		name = fmt.Sprintf("%s_%d%s", base, i, ext)
	}
}

// refusal says why a file was not taken, to whoever looks into the folder, in the product's languages.
func refusal(err error) string {
	var re *record.Error
	if !errors.As(err, &re) {
		return err.Error()
	}
	switch re.Message {
	case "error.empty_file":
		return "文件是空的 / the file is empty"
	case "error.file_too_large":
		return fmt.Sprintf("文件超过 %d MB / the file has more than %[1]d MB", paper.MaxFile>>20)
	}
	return err.Error()
}
