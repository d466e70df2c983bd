package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guike/store/storetest"
)

// Two servers on one PostgreSQL behave as one: who logs in at one is known at the other, what one adds to the shape of records the other writes, what happens
// at one is told at the other, each job runs once, and one that is killed loses nothing: the other goes on with its jobs.
func TestTwoServers(t *testing.T) {
	exe, url := build(t), storetest.PostgresURL(t)
	one, two := filepath.Join(t.TempDir(), "one"), filepath.Join(t.TempDir(), "two")
	run := exec.Command(exe, "init", "--data", one, "--database", url, "--owner", "boss", "--workspace", "两台")
	run.Stdin = strings.NewReader("correct horse battery\n")
	if out, err := run.CombinedOutput(); err != nil {
		t.Fatalf("init: %v\n%s", err, out)
	}
	a, b := start(t, exe, one, "--database", url), start(t, exe, two, "--database", url)
	alive := true
	defer func() {
		if alive {
			a.kill()
		}
		b.kill()
	}()

	// A session.
	resp, err := http.Post(a.address+"/api/v1/session", "application/json", strings.NewReader(`{"login":"boss","password":"correct horse battery"}`))
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("log in: %v %v", resp, err)
	}
	resp.Body.Close()
	r, err := http.NewRequest("GET", b.address+"/api/v1/session", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range resp.Cookies() {
		r.AddCookie(c)
	}
	if resp, err := http.DefaultClient.Do(r); err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("the other server does not know the session: %v %v", resp, err)
	} else {
		resp.Body.Close()
	}

	// Events: a stream at b, a write at a.
	r, err = http.NewRequest("GET", b.address+"/api/v1/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer local:"+b.secret)
	stream, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	told := make(chan string, 100)
	go func() {
		for s := bufio.NewScanner(stream.Body); s.Scan(); {
			if data, ok := strings.CutPrefix(s.Text(), "data: "); ok {
				select {
				case told <- data:
				default:
				}
			}
		}
	}()
	a.must("POST", "/customers", `{"name":"恒泰"}`, nil)
	deadline := time.After(20 * time.Second)
	for heard := false; !heard; {
		select {
		case s := <-told:
			heard = strings.Contains(s, `"customer"`)
		case <-deadline:
			t.Fatal("the other server was not told")
		}
	}

	// The shape: a kind and a field made at a are written at b.
	a.must("POST", "/kinds", `{"label":"设备"}`, nil)
	var f struct{ Name string }
	a.must("POST", "/kinds/x_shebei/fields", `{"label":"编号","type":"text"}`, &f)
	b.until("the new kind", func() error {
		return b.call("POST", "/x_shebeis", strings.NewReader(fmt.Sprintf(`{"name":"机床","%s":"A1"}`, f.Name)), nil)
	})

	// Jobs: begun at both, each done once.
	var ids []string
	for i := range 400 {
		ids = append(ids, fmt.Sprintf(`{"name":"客%03d","region":"上海"}`, i))
	}
	for i, body := range ids {
		[]*child{a, b}[i%2].must("POST", "/customers", body, nil)
	}
	type begun struct{ ID string }
	var ops []string
	for i := range 6 {
		var o begun
		[]*child{a, b}[i%2].must("POST", "/customers:edit", fmt.Sprintf(`{"filter":{"field":"name","op":"prefix","value":"客%d"},"edit":{"note":"第%d批"}}`, i%4, i), &o)
		ops = append(ops, o.ID)
	}
	type operation struct {
		State             string
		Done, Same, Total int64
	}
	for _, id := range ops {
		b.until("an operation", func() error {
			var o operation
			if err := b.call("GET", "/operations/"+id, nil, &o); err != nil {
				return err
			}
			if o.State != "done" || o.Done+o.Same != o.Total || o.Total != 100 {
				return fmt.Errorf("%+v", o)
			}
			return nil
		})
	}

	// One is killed with work begun: the other takes it over once it is no longer held.
	var o begun
	a.must("POST", "/customers:edit", `{"filter":{"field":"region","op":"eq","value":"上海"},"edit":{"region":"苏州"}}`, &o)
	a.kill()
	alive = false
	b.until("the killed server's job", func() error {
		var x operation
		if err := b.call("GET", "/operations/"+o.ID, nil, &x); err != nil {
			return err
		}
		if x.State != "done" || x.Done+x.Same != 400 {
			return fmt.Errorf("%+v", x)
		}
		return nil
	})
	var n struct{ Count int64 }
	b.must("POST", "/customers:count", `{"filter":{"field":"region","op":"eq","value":"苏州"}}`, &n)
	if n.Count != 400 {
		t.Errorf("%d of 400 were changed", n.Count)
	}
	var dead struct{ Data []json.RawMessage }
	b.must("GET", "/jobs?limit=100", "", &dead)
	for _, j := range dead.Data {
		if strings.Contains(string(j), `"dead"`) {
			t.Errorf("a job died: %s", j)
		}
	}
}

func (c *child) must(method, path, body string, out any) {
	c.Helper()
	if err := c.call(method, path, strings.NewReader(body), out); err != nil {
		c.Fatal(err)
	}
}

// until waits for what another server or a job does.
func (c *child) until(what string, fn func() error) {
	c.Helper()
	var err error
	for end := time.Now().Add(90 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if err = fn(); err == nil {
			return
		}
	}
	c.Fatalf("%s: %v", what, err)
}
