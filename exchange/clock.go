package exchange

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"guike/queue"
	"guike/record"
	"guike/store"
)

// Queues of what is written by the clock.
const (
	BackupQueue = "backup"
	ExportQueue = "export"
)

// Keep is how a backup by the clock is wanted.
type Keep struct {
	Keep int `json:"keep"` // how many of this schedule's files stay; older ones go once a new one is whole
}

// ExportOf is how an export by the clock is wanted: what a filter of a kind keeps at that time, in the rights of who saved the schedule.
type ExportOf struct {
	Kind   string        `json:"kind"`
	Filter record.Filter `json:"filter,omitzero"`
	Q      string        `json:"q,omitempty"`
	Sort   string        `json:"sort,omitempty"`
	Format string        `json:"format"`
	Lang   string        `json:"lang,omitempty"`
	Keep   int           `json:"keep"`
}

func (x ExportOf) query() store.Query {
	return store.Query{Kind: x.Kind, Filter: x.Filter, Words: x.Q, Sort: x.Sort}
}

func keeps(n int) error {
	if n < 1 || n > 1000 {
		return record.FieldError("keep", "error.keep")
	}
	return nil
}

// BackupWork is a backup as schedules have it done.
func (p *Port) BackupWork() queue.Work {
	return queue.Work{Queue: BackupQueue, Title: "job.backup", Check: func(_ context.Context, args json.RawMessage) (any, error) {
		var k Keep
		if err := json.Unmarshal(args, &k); err != nil {
			return nil, record.Errorf(record.Invalid, "error.json")
		}
		return k, keeps(k.Keep)
	}}
}

// ExportWork is an export as schedules have it done.
func (p *Port) ExportWork() queue.Work {
	return queue.Work{Queue: ExportQueue, Title: "job.export", Check: func(ctx context.Context, args json.RawMessage) (any, error) {
		var x ExportOf
		if err := json.Unmarshal(args, &x); err != nil {
			return nil, record.Errorf(record.Invalid, "error.json")
		}
		if _, ok := Formats[x.Format]; !ok {
			return nil, record.FieldError("format", "error.choice")
		}
		cat, err := p.DB.Catalogue(ctx, false)
		if err != nil {
			return nil, err
		}
		if cat.Kind(x.Kind) == nil {
			return nil, record.FieldError("kind", "error.no_such_kind")
		}
		q := x.query()
		q.Limit = 1
		if _, err := p.DB.List(ctx, record.SystemScope("export"), q); err != nil {
			return nil, err // a filter that says nothing must not wait for its time to fail
		}
		return x, keeps(x.Keep)
	}}
}

// BackupHandler writes a backup into the data folder of the server that does the job.
func (p *Port) BackupHandler() queue.Handler {
	return func(ctx context.Context, t *queue.Task) error {
		var k Keep
		s, err := scheduled(t, &k)
		if err != nil {
			return err
		}
		return p.lay(ctx, t, path.Join("backups", s), "guike", ".zip", k.Keep, func(w io.Writer) (int64, error) {
			return 0, Backup(ctx, p.DB, p.Blobs, p.Scratch, p.Version, w)
		})
	}
}

// ExportHandler writes what a filter keeps at the moment of the job.
func (p *Port) ExportHandler() queue.Handler {
	return func(ctx context.Context, t *queue.Task) error {
		var x ExportOf
		s, err := scheduled(t, &x)
		if err != nil {
			return err
		}
		sc, err := p.Scope(ctx, t.By, record.Cause{Kind: "job", ID: t.ID, Root: t.ID})
		if record.Is(err, record.NotFound) || record.Is(err, record.Unauthenticated) {
			return &record.Error{Code: record.Invalid, Message: "error.schedule_user", Err: err} // trying again helps nobody
		}
		if err != nil {
			return err
		}
		cat, err := p.DB.Catalogue(ctx, false)
		if err != nil {
			return err
		}
		k := cat.Kind(x.Kind)
		if k == nil {
			return record.Errorf(record.Invalid, "error.no_such_kind")
		}
		return p.lay(ctx, t, path.Join("exports", s), k.Plural, "."+x.Format, x.Keep, func(w io.Writer) (int64, error) {
			n, err := p.Write(ctx, sc, Export{Query: x.query(), Format: x.Format, Lang: x.Lang}, w)
			return int64(n), err
		})
	}
}

// scheduled reads the arguments of a job by the clock and answers its schedule.
func scheduled(t *queue.Task, args any) (string, error) {
	var s queue.Scheduled
	if err := json.Unmarshal(t.Args, &s); err != nil {
		return "", err
	}
	if !fs.ValidPath(s.Schedule) || strings.Contains(s.Schedule, "/") {
		return "", fmt.Errorf("schedule %q", s.Schedule)
	}
	return s.Schedule, json.Unmarshal(s.Args, args)
}

// lay writes a file into a folder below the data folder: under another name until it is whole and on the disk. Then the oldest of the folder go.
func (p *Port) lay(ctx context.Context, t *queue.Task, folder, name, ext string, keep int, write func(io.Writer) (int64, error)) (err error) {
	dir := filepath.Join(p.Folder, filepath.FromSlash(folder))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	parts, err := filepath.Glob(filepath.Join(dir, "*.part"))
	if err != nil {
		return err
	}
	for _, old := range parts { // a killed run's: a schedule's job runs once at a time
		if err := os.Remove(old); err != nil {
			return err
		}
	}
	cat, err := p.DB.Catalogue(ctx, false)
	if err != nil {
		return err
	}
	file := name + "-" + p.DB.Now().In(cat.Zone).Format("20060102-150405") + ext
	part := filepath.Join(dir, file+".part")
	f, err := os.OpenFile(part, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.Close(), os.Remove(part))
		}
	}()
	w := bufio.NewWriterSize(f, 1<<20)
	n, err := write(w)
	if err != nil {
		return err
	}
	if err := errors.Join(w.Flush(), f.Sync()); err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if err := os.Rename(part, filepath.Join(dir, file)); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := prune(dir, ext, keep); err != nil {
		return err
	}
	return t.Made(ctx, queue.Result{File: path.Join(folder, file), Bytes: info.Size(), Count: n})
}

// prune removes all files of a folder but the newest.
func prune(dir, ext string, keep int) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	var files []fs.FileInfo
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			return err
		}
		if info.Mode().IsRegular() && strings.HasSuffix(info.Name(), ext) {
			files = append(files, info)
		}
	}
	slices.SortFunc(files, func(a, b fs.FileInfo) int {
		return cmp.Or(b.ModTime().Compare(a.ModTime()), cmp.Compare(b.Name(), a.Name()))
	})
	for _, old := range files[min(keep, len(files)):] {
		if err := os.Remove(filepath.Join(dir, old.Name())); err != nil {
			return err
		}
	}
	return nil
}

// Made opens the file that a job made, where it is still here: it may have been pruned, or lie in the folder of another server.
func (p *Port) Made(j *queue.Job) (*os.File, error) {
	r := j.Outcome()
	missing := &record.Error{Code: record.NotFound, Message: "error.file_gone"}
	if r.File == "" || !fs.ValidPath(r.File) {
		return nil, missing
	}
	f, err := os.Open(filepath.Join(p.Folder, filepath.FromSlash(r.File)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, missing
	}
	return f, err
}
