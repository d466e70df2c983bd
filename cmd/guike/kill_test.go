package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"guike"
	"guike/demo"
	"guike/record"
)

// build compiles the program once for the tests that run it as people do.
func build(t testing.TB) string {
	t.Helper()
	exe := filepath.Join(t.TempDir(), "guike")
	if out, err := exec.Command("go", "build", "-o", exe, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return exe
}

// A child is a running server.
type child struct {
	testing.TB
	cmd     *exec.Cmd
	address string
	secret  string
}

var serving = regexp.MustCompile(`msg=serving address=(\S+)`)

func start(t testing.TB, exe, data string, more ...string) *child {
	t.Helper()
	cmd := exec.Command(exe, append([]string{"serve", "--data", data, "--listen", "127.0.0.1:0"}, more...)...)
	cmd.Stdout = io.Discard
	pipe, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	c := &child{TB: t, cmd: cmd}
	found := make(chan string, 1)
	go func() {
		for s := bufio.NewScanner(pipe); s.Scan(); {
			if m := serving.FindStringSubmatch(s.Text()); m != nil {
				found <- m[1]
			}
		}
	}()
	select {
	case c.address = <-found:
	case <-time.After(30 * time.Second):
		t.Fatal("the server did not start")
	}
	b, err := os.ReadFile(filepath.Join(data, "server.json"))
	if err != nil {
		t.Fatal(err)
	}
	var r running
	if err := json.Unmarshal(b, &r); err != nil {
		t.Fatal(err)
	}
	c.secret = r.Secret
	return c
}

func (c *child) kill() {
	if err := c.cmd.Process.Kill(); err != nil {
		c.Fatal(err)
	}
	_ = c.cmd.Wait() // "signal: killed" is what was asked for
}

func (c *child) call(method, path string, body io.Reader, out any) error {
	r, err := http.NewRequest(method, c.address+"/api/v1"+path, body)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer local:"+c.secret)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 {
		b, _ := io.ReadAll(resp.Body)
		return fmt.Errorf("%s %s: %s %s", method, path, resp.Status, b)
	}
	if out == nil {
		return nil
	}
	return json.NewDecoder(resp.Body).Decode(out)
}

// The server is killed again and again while it reads what was sent. Every file whose upload was acknowledged becomes one document and one receipt.
func TestKilledWhileReading(t *testing.T) {
	exe, data := build(t), filepath.Join(t.TempDir(), "data")
	run := exec.Command(exe, "init", "--data", data, "--owner", "boss", "--workspace", demo.Company)
	run.Stdin = strings.NewReader("correct horse battery\n")
	if out, err := run.CombinedOutput(); err != nil {
		t.Fatalf("init: %v\n%s", err, out)
	}
	rng := rand.New(rand.NewPCG(9, 9))
	const files = 80
	papers := make([][]byte, files)
	for i := range papers {
		var err error
		_, papers[i], err = demo.PaperFor(rng, &guike.Receipt{Type: "slip", Direction: "in", Bank: "招商银行", PaidOn: "2026-08-31",
			Amount: record.Money{Minor: int64(1000 + i), Currency: "CNY"}, SlipNo: fmt.Sprint(470174681453840000 + i), Serial: fmt.Sprint(610033076000000 + i),
			PayerName: "上海恒泰贸易有限公司", PayerAccount: "6222021001112223334", PayerBank: "交通银行上海张江支行",
			PayeeName: demo.Company, PayeeAccount: demo.Accounts[2].Number, PayeeBank: demo.Accounts[2].Bank, Purpose: "年费"})
		if err != nil {
			t.Fatal(err)
		}
	}
	c := start(t, exe, data)
	for sent, kills := 0, 0; sent < files; {
		if err := c.call("POST", "/documents/upload?name="+url.QueryEscape(fmt.Sprintf("回单%d.pdf", sent)), bytes.NewReader(papers[sent]), nil); err != nil {
			t.Fatal(err)
		}
		sent++
		if sent%20 == 0 && kills < 4 {
			time.Sleep(time.Duration(rng.IntN(400)) * time.Millisecond)
			c.kill()
			kills++
			c = start(t, exe, data)
		}
	}
	for _, pause := range []time.Duration{150, 400} {
		time.Sleep(pause * time.Millisecond)
		c.kill()
		c = start(t, exe, data)
	}
	defer c.kill()
	var n struct{ Count int }
	for end := time.Now().Add(90 * time.Second); ; time.Sleep(200 * time.Millisecond) {
		if err := c.call("POST", "/documents:count", strings.NewReader(`{"filter":{"field":"state","op":"eq","value":"received"}}`), &n); err != nil {
			t.Fatal(err)
		}
		if n.Count == 0 {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("%d documents are still unread", n.Count)
		}
	}
	for _, q := range []struct {
		path, body string
	}{{"/documents:count", `{}`}, {"/documents:count", `{"filter":{"field":"state","op":"eq","value":"filed"}}`}, {"/receipts:count", `{}`}} {
		if err := c.call("POST", q.path, strings.NewReader(q.body), &n); err != nil {
			t.Fatal(err)
		}
		if n.Count != files {
			t.Errorf("%s %s: %d, want %d", q.path, q.body, n.Count, files)
		}
	}
}
