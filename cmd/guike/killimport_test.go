package main

import (
	"bytes"
	"fmt"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guike"
)

// The server is killed again and again while it imports and while it undoes. In the end every row is there once, then none is.
func TestKilledWhileImporting(t *testing.T) {
	exe, data := build(t), filepath.Join(t.TempDir(), "data")
	run := exec.Command(exe, "init", "--data", data, "--owner", "boss")
	run.Stdin = strings.NewReader("correct horse battery\n")
	if out, err := run.CombinedOutput(); err != nil {
		t.Fatalf("init: %v\n%s", err, out)
	}
	const rows = 15000
	var table bytes.Buffer
	table.WriteString("名称,电话,城市,备注\n") // no key: a row taken twice would stand there twice
	for i := range rows {
		fmt.Fprintf(&table, "第%d贸易有限公司,021-%08d,上海,\n", i, i)
	}
	c := start(t, exe, data)
	defer func() { c.kill() }()
	count := func() int {
		var n struct{ Count int }
		if err := c.call("POST", "/customers:count", strings.NewReader(`{}`), &n); err != nil {
			t.Fatal(err)
		}
		return n.Count
	}
	var made struct{ Import struct{ ID string } }
	if err := c.call("POST", "/imports?kind=customer&name="+url.QueryEscape("客户.csv"), &table, &made); err != nil {
		t.Fatal(err)
	}
	id := made.Import.ID
	state := func() (s string, imp imported) {
		if err := c.call("GET", "/imports/"+id, nil, &imp); err != nil {
			t.Fatal(err)
		}
		return imp.State, imp
	}
	// through kills the server while a verb works, and waits for its end.
	through := func(path, body, end string) int {
		// The job that ended before may be at its last line.
		c.until(path, func() error { return c.call("POST", "/imports/"+id+path, strings.NewReader(body), nil) })
		kills := 0
		for _, pause := range []time.Duration{60, 250, 120, 400} {
			time.Sleep(pause * time.Millisecond)
			if s, _ := state(); s == end {
				break
			}
			c.kill()
			kills++
			c = start(t, exe, data)
		}
		for late := time.Now().Add(90 * time.Second); ; time.Sleep(50 * time.Millisecond) {
			s, imp := state()
			if s == end {
				return kills
			}
			if s == guike.ImportFailed || time.Now().After(late) {
				t.Fatalf("%s: %+v", path, imp)
			}
		}
	}
	k := through("/run", "", guike.ImportDone)
	if _, imp := state(); imp.Rows != rows || imp.Created != rows || count() != rows {
		t.Errorf("%d kills: %+v, %d customers", k, imp, count())
	}
	u := through("/undo", "{}", guike.ImportUndone)
	// Once more from the command line, cut off as well: the same command takes it up.
	through("/redo", "{}", guike.ImportDone)
	c.until("undo", func() error { return c.call("POST", "/imports/"+id+"/undo", strings.NewReader("{}"), nil) })
	c.kill()
	if out, err := exec.Command(exe, "undo", "--data", data, id).CombinedOutput(); err != nil {
		t.Fatalf("undo: %v\n%s", err, out)
	}
	c = start(t, exe, data)
	if _, imp := state(); imp.Kept != 0 || count() != 0 {
		t.Errorf("%d kills: %+v, %d customers", u, imp, count())
	}
	if k == 0 {
		t.Error("the import was never killed")
	}
	t.Logf("killed %d times while importing, %d times while undoing", k, u)
}
