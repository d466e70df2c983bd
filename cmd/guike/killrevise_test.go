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
	"guike/store/storetest"
)

// The server is killed again and again while it applies rules and while it takes them back. In the end every record has changed once, then is as it was.
func TestKilledWhileRevising(t *testing.T) {
	t.Parallel()
	exe := build(t)
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		killedWhileRevising(t, exe, []time.Duration{50, 200, 100, 300}, []time.Duration{50, 200, 100, 300})
	})
	// Here a killed server's job waits for half a minute until it is taken to be held by nobody: once is enough.
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		killedWhileRevising(t, exe, nil, []time.Duration{150}, "--database", storetest.PostgresURL(t))
	})
}

func killedWhileRevising(t *testing.T, exe string, applying, undoing []time.Duration, more ...string) {
	data := filepath.Join(t.TempDir(), "data")
	run := exec.Command(exe, append([]string{"init", "--data", data, "--owner", "boss"}, more...)...)
	run.Stdin = strings.NewReader("correct horse battery\n")
	if out, err := run.CombinedOutput(); err != nil {
		t.Fatalf("init: %v\n%s", err, out)
	}
	const rows = 12000
	var table bytes.Buffer
	table.WriteString("名称,城市\n")
	for i := range rows {
		fmt.Fprintf(&table, "第%d贸易有限公司,%s\n", i, []string{"上海", "苏州", "成都"}[i%3])
	}
	c := start(t, exe, data, more...)
	defer func() { c.kill() }()
	var made struct{ Import struct{ ID string } }
	if err := c.call("POST", "/imports?kind=customer&name="+url.QueryEscape("客户.csv"), &table, &made); err != nil {
		t.Fatal(err)
	}
	c.must("POST", "/imports/"+made.Import.ID+"/run", "", nil)
	c.until("the import", func() error {
		var imp imported
		if err := c.call("GET", "/imports/"+made.Import.ID, nil, &imp); err != nil || imp.State != guike.ImportDone {
			return fmt.Errorf("%+v %w", imp, err)
		}
		return nil
	})
	type id struct{ ID string }
	var dim, east, rev id
	c.must("POST", "/dimensions", `{"kind":"customer","title":"片区","name":"d_area"}`, &dim)
	c.must("POST", "/dimensions/"+dim.ID+"/categories", `{"title":"华东"}`, &east)
	c.must("POST", "/revisions", fmt.Sprintf(`{"dimension":%q,"rules":[{"category":%q,"filter":{"field":"region","op":"in","value":["上海","苏州"]}}]}`, dim.ID, east.ID), &rev)
	count := func() (n struct{ Count int }) {
		c.must("POST", "/customers:count", fmt.Sprintf(`{"filter":{"field":"d_area","op":"eq","value":%q}}`, east.ID), &n)
		return n
	}
	state := func() (s struct {
		State       string
		Moved, Kept int64
	}) {
		if err := c.call("GET", "/revisions/"+rev.ID, nil, &s); err != nil {
			t.Fatal(err)
		}
		return s
	}
	// through kills the server while a verb works, and waits for its end.
	through := func(verb, end string, pauses []time.Duration) int {
		c.must("POST", "/revisions/"+rev.ID+verb, "", nil)
		kills := 0
		for _, pause := range pauses {
			time.Sleep(pause * time.Millisecond)
			if state().State == end {
				break
			}
			c.kill()
			kills++
			c = start(t, exe, data, more...)
		}
		c.until(end, func() error {
			if s := state(); s.State != end {
				return fmt.Errorf("%+v", s)
			}
			return nil
		})
		return kills
	}
	k := through("/publish", guike.RevisionDone, applying)
	// What the import's own classification had not reached yet at publishing, it puts there itself.
	c.until("all in the category", func() error {
		if n := count().Count; n != rows*2/3 {
			return fmt.Errorf("%d in the category", n)
		}
		return nil
	})
	if s, n := state(), count().Count; s.Moved > rows*2/3 || n != rows*2/3 {
		t.Errorf("%d kills: %+v, %d in the category", k, s, n)
	}
	var page struct{ Data []id }
	c.must("POST", "/customers:query", fmt.Sprintf(`{"filter":{"field":"d_area","op":"eq","value":%q},"limit":40}`, east.ID), &page)
	for _, rec := range page.Data {
		var h struct {
			Data []struct {
				Fields map[string]any
			}
		}
		c.must("GET", "/customers/"+rec.ID+"/history", "", &h)
		set := 0
		for _, e := range h.Data {
			if e.Fields["d_area"] != nil {
				set++
			}
		}
		if set != 1 {
			t.Errorf("%s was put into the category %d times: %+v", rec.ID, set, h)
		}
	}
	u := through("/undo", guike.RevisionUndone, undoing)
	if s, n := state(), count().Count; s.Kept != 0 || n != 0 {
		t.Errorf("%d kills: %+v, %d in the category", u, s, n)
	}
	if k < min(1, len(applying)) || u == 0 {
		t.Errorf("killed %d times while applying, %d while undoing", k, u)
	}
	t.Logf("killed %d times while applying, %d times while undoing", k, u)
}
