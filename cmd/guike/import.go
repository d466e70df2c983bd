package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"guike"
	"guike/exchange"
	"guike/web"
)

type importCmd struct {
	place
	who
	Kind    string `arg:"" help:"What the rows are: customer, contact, order, entry …"`
	File    string `arg:"" help:"CSV, TSV, XLSX, MT940 or camt.053." type:"existingfile"`
	Profile string `help:"How to read it: a ready profile (salesforce, zoho, hubspot, fxiaoke; taobao, jd, pinduoduo, douyin) or that of an earlier import."`
	Key     string `help:"The field, or the column, by which a record is found again."`
	Mode    string `help:"create, update or upsert." enum:"create,update,upsert," default:""`
	Create  bool   `help:"Make records for names that nothing is called by."`
	Several string `help:"Where a name is several records': empty, reject or first (the oldest)." enum:"empty,reject,first," default:""`
	DryRun  bool   `help:"Judge every row and write nothing."`
	JSON    bool   `help:"Print one JSON object."`
	Rejects string `help:"Write the rows that were not taken to this file." type:"path"`
}

// imported is what the API answers of an import.
type imported struct {
	ID        string `json:"id"`
	Of        string `json:"of"`
	Name      string `json:"name"`
	State     string `json:"state"`
	Reason    string `json:"reason"`
	Detail    string `json:"detail"`
	Rows      int64  `json:"rows"`
	Created   int64  `json:"created"`
	Updated   int64  `json:"updated"`
	Unchanged int64  `json:"unchanged"`
	Rejected  int64  `json:"rejected"`
	Skipped   int64  `json:"skipped"`
	Warned    int64  `json:"warned"`
	Kept      int64  `json:"kept"`
	CreatedAt string `json:"created_at"`
}

func (c importCmd) Run() error {
	ctx := context.Background()
	if info, err := os.Stat(c.File); err == nil && info.Size() > exchange.MaxTable {
		return fmt.Errorf("%s has %d MiB; a table may have %d MiB at most: split it", c.File, info.Size()>>20, exchange.MaxTable>>20)
	}
	cl, err := c.client(ctx, c.As)
	if err != nil {
		return err
	}
	defer cl.close()
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	kind, _, err := cl.kind(ctx, c.Kind)
	if err != nil {
		return err
	}
	q := url.Values{"kind": {kind}, "name": {filepath.Base(c.File)}, "profile": {c.Profile}}
	var p struct {
		Import  imported         `json:"import"`
		Mapping exchange.Mapping `json:"mapping"`
	}
	if err := cl.call(ctx, "POST", "/imports?"+q.Encode(), f, &p); err != nil {
		return err
	}
	if p.Mapping.Like != "" {
		fmt.Fprintf(os.Stderr, "%s lacks required columns of %s; it looks like %s: guike import %s %s\n", p.Import.Name, kind, p.Mapping.Like, p.Mapping.Like, c.File)
	}
	if c.choose(&p.Mapping) {
		if err := cl.call(ctx, "PATCH", "/imports/"+p.Import.ID, p.Mapping, &p); err != nil {
			return err
		}
	}
	verb := "/run"
	if c.DryRun {
		verb = "/dry-run"
	}
	if err := cl.call(ctx, "POST", "/imports/"+p.Import.ID+verb, nil, nil); err != nil {
		return err
	}
	imp, err := cl.settled(ctx, p.Import.ID)
	if err != nil {
		return err
	}
	if err := c.tell(ctx, cl, imp); err != nil {
		return err
	}
	if c.Rejects != "" && imp.Rejected > 0 {
		out, err := os.OpenFile(c.Rejects, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		if err := errors.Join(cl.call(ctx, "GET", "/imports/"+imp.ID+"/rejects", nil, out), out.Close()); err != nil {
			return err
		}
	}
	if imp.Reason != "" {
		return exitCode(1)
	}
	return nil
}

// choose puts what the flags say into the mapping.
func (c importCmd) choose(m *exchange.Mapping) bool {
	if c.Key == "" && c.Mode == "" && c.Several == "" && !c.Create {
		return false
	}
	if c.Several != "" {
		for i := range m.Columns {
			if m.Columns[i].Several != "" {
				m.Columns[i].Several = c.Several
			}
		}
	}
	if c.Create {
		for i := range m.Columns {
			if m.Columns[i].Missing == exchange.OrEmpty {
				m.Columns[i].Missing = exchange.OrCreate
			}
		}
	}
	if c.Key != "" {
		m.Key = c.Key
		for i := range m.Columns {
			col := &m.Columns[i]
			if col.Name != c.Key {
				continue
			}
			if col.Field == "" || col.Field == exchange.Note {
				col.Field, col.Why = exchange.New, "person" // nothing holds it yet
			} else {
				m.Key = col.Field
			}
		}
		if m.Mode == exchange.ModeCreate {
			m.Mode = exchange.ModeUpsert
		}
	}
	if c.Mode != "" {
		m.Mode = c.Mode
	}
	return true
}

// tell prints what became of an import.
func (c importCmd) tell(ctx context.Context, cl *client, imp imported) error {
	if imp.Reason != "" {
		fmt.Fprintf(os.Stderr, "%s: %s %s\n", imp.Name, web.Say(lang(), imp.Reason), imp.Detail)
	}
	if c.JSON {
		return printJSON(struct {
			Import    string `json:"import"`
			Rows      int64  `json:"rows"`
			Created   int64  `json:"created"`
			Updated   int64  `json:"updated"`
			Unchanged int64  `json:"unchanged"`
			Rejected  int64  `json:"rejected"`
			Skipped   int64  `json:"skipped"`
		}{imp.ID, imp.Rows, imp.Created, imp.Updated, imp.Unchanged, imp.Rejected, imp.Skipped})
	}
	if imp.Reason != "" {
		return nil
	}
	fmt.Printf("%s  %s: %d rows: %d created, %d updated, %d unchanged, %d rejected, %d skipped\n", imp.ID, imp.Name, imp.Rows, imp.Created, imp.Updated, imp.Unchanged, imp.Rejected, imp.Skipped)
	var rs struct{ Data []exchange.Tally }
	if err := cl.call(ctx, "GET", "/imports/"+imp.ID+"/reasons", nil, &rs); err != nil {
		return err
	}
	for _, r := range rs.Data {
		where := r.Column
		if where != "" {
			where += ": "
		}
		fmt.Printf("  %s  %s%s  ×%d, first in row %d\n", r.Severity, where, exchange.InWords(r.Reason, lang()), r.Count, r.First)
	}
	return nil
}

// lang is the language of the terminal.
func lang() string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := os.Getenv(name); v != "" {
			if strings.HasPrefix(v, "zh") {
				return "zh-CN"
			}
			return "en"
		}
	}
	return "en"
}

func printJSON(v any) error {
	b, err := json.Marshal(v)
	if err == nil {
		fmt.Println(string(b))
	}
	return err
}

// followable is after how many rows a command does not wait for what follows an import (classification): a server catches up with that beside its work.
const followable = 20_000

// settled waits until an import's job has ended. Without a server the work is done here, and what follows from it.
func (c *client) settled(ctx context.Context, id string) (imported, error) {
	var imp imported
	for wait := 20 * time.Millisecond; ; wait = min(wait*2, time.Second) {
		if c.w != nil {
			if _, err := c.w.runner.Drain(ctx); err != nil {
				return imp, err
			}
		}
		if err := c.call(ctx, "GET", "/imports/"+id, nil, &imp); err != nil {
			return imp, err
		}
		if !slices.Contains([]string{guike.ImportChecking, guike.ImportRunning, guike.ImportUndoing}, imp.State) {
			return imp, c.follow(ctx, imp)
		}
		time.Sleep(wait)
	}
}

// follow lets what follows from an import happen, unless that is much: then it is said.
func (c *client) follow(ctx context.Context, imp imported) error {
	switch {
	case c.w == nil || imp.State == guike.ImportMapping || imp.State == guike.ImportUndone:
		return nil
	case imp.Rows > followable:
		fmt.Fprintln(os.Stderr, "The records are classified when the workspace is next served.")
		return nil
	}
	return c.w.settle(ctx)
}

// kind finds a kind, of the house or the workspace's own, by its name or its plural.
func (c *client) kind(ctx context.Context, name string) (kind, plural string, err error) {
	var ks struct {
		Data []struct{ Kind, Plural string }
	}
	if err := c.call(ctx, "GET", "/kinds", nil, &ks); err != nil {
		return "", "", err
	}
	for _, k := range ks.Data {
		if k.Kind == name || k.Plural == name {
			return k.Kind, k.Plural, nil
		}
	}
	return "", "", fmt.Errorf("there is no kind %q", name)
}

type importsCmd struct {
	place
	who
	JSON  bool `help:"Print a JSON object a line."`
	Limit int  `help:"How many, newest first." default:"50"`
}

func (c importsCmd) Run() error {
	ctx := context.Background()
	cl, err := c.client(ctx, c.As)
	if err != nil {
		return err
	}
	defer cl.close()
	var page struct{ Data []imported }
	if err := cl.call(ctx, "GET", fmt.Sprintf("/imports?limit=%d", min(c.Limit, 200)), nil, &page); err != nil {
		return err
	}
	for _, i := range page.Data {
		if c.JSON {
			if err := printJSON(i); err != nil {
				return err
			}
			continue
		}
		fmt.Printf("%s  %.19s  %-8s  %s  %s: %d rows: %d created, %d updated, %d unchanged, %d rejected, %d skipped\n", i.ID, i.CreatedAt, i.State, i.Of, i.Name, i.Rows, i.Created, i.Updated, i.Unchanged, i.Rejected, i.Skipped)
	}
	return nil
}

type undoCmd struct {
	place
	who
	Import string `arg:"" help:"The import to take back."`
	Anyway bool   `help:"Take back also what was changed since."`
	JSON   bool   `help:"Print one JSON object."`
}

func (c undoCmd) Run() error {
	ctx := context.Background()
	cl, err := c.client(ctx, c.As)
	if err != nil {
		return err
	}
	defer cl.close()
	at := "/imports/" + url.PathEscape(c.Import)
	if err := cl.call(ctx, "POST", at+"/undo", map[string]bool{"anyway": c.Anyway}, nil); err != nil {
		var imp imported
		if cl.call(ctx, "GET", at, nil, &imp) != nil || imp.State != guike.ImportUndoing {
			return err
		} // it was begun and then cut off: its job goes on where it was
	}
	imp, err := cl.settled(ctx, c.Import)
	if err != nil {
		return err
	}
	var n exchange.Counts
	if err := cl.call(ctx, "GET", "/imports/"+imp.ID+"/progress", nil, &n); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(map[string]any{"import": imp.ID, "state": imp.State, "records": n.Rows, "trashed": n.Created, "restored": n.Updated, "kept": n.Kept})
	}
	fmt.Printf("%s  %s: %d records: %d to the trash, %d put back, %d parts kept\n", imp.ID, imp.State, n.Rows, n.Created, n.Updated, n.Kept)
	var kept struct{ Data []exchange.Issue }
	if err := cl.call(ctx, "GET", "/imports/"+imp.ID+"/issues?severity=kept&limit=20", nil, &kept); err != nil {
		return err
	}
	for _, k := range kept.Data {
		fmt.Printf("  kept  %s  %s: %s\n", k.Value, k.Column, k.Reason)
	}
	if int64(len(kept.Data)) < n.Kept {
		fmt.Printf("  … and %d more\n", n.Kept-int64(len(kept.Data)))
	}
	return nil
}

type exportCmd struct {
	place
	who
	Kind   string `arg:"" help:"What to export: customer, order …"`
	Filter string `help:"JSON filter, as the API takes it."`
	Query  string `help:"Words to find."`
	Format string `help:"csv, xlsx or ndjson." enum:"csv,xlsx,ndjson" default:"csv"`
	Lang   string `help:"Head the columns in this language; absent, by the fields' names." enum:"zh-CN,en," default:""`
}

func (c exportCmd) Run() error {
	ctx := context.Background()
	cl, err := c.client(ctx, c.As)
	if err != nil {
		return err
	}
	defer cl.close()
	_, plural, err := cl.kind(ctx, c.Kind)
	if err != nil {
		return err
	}
	q := url.Values{"format": {c.Format}, "filter": {c.Filter}, "q": {c.Query}, "lang": {c.Lang}}
	return cl.call(ctx, "GET", "/"+plural+":export?"+q.Encode(), nil, os.Stdout)
}
