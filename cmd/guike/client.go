package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"

	"guike/api"
	"guike/record"
)

// A client speaks to the workspace's API: to the server that holds the folder, or, where none does, to one inside this program that nobody else reaches.
// So a command is written once, and the history shows who did it.
type client struct {
	address string
	secret  string
	as      string
	http    *http.Client
	w       *workspace // opened by us
}

// who is as whom a command acts.
type who struct {
	As string `help:"Login of the user to act as; the owner where absent."`
}

func (p place) client(ctx context.Context, as string) (*client, error) {
	if _, err := os.Stat(p.file("guike.json")); errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("no workspace in %s: name its folder with --data", p.Data)
	}
	w, err := p.open(ctx, false)
	if err == nil {
		h := w.server(api.Config{Listen: "127.0.0.1:1"})
		return &client{"http://127.0.0.1:1", w.secret, as, &http.Client{Transport: inside{h}}, w}, nil
	}
	if !errors.Is(err, errHeld) {
		return nil, err
	}
	b, err := os.ReadFile(p.file("server.json"))
	if err != nil {
		return nil, fmt.Errorf("%w, and it is no server", errHeld)
	}
	var r running
	if err := json.Unmarshal(b, &r); err != nil {
		return nil, fmt.Errorf("server.json: %w", err)
	}
	return &client{address: r.Address, secret: r.Secret, as: as, http: r.client()}, nil
}

func (c *client) close() error {
	if c.w == nil {
		return nil
	}
	return c.w.close()
}

// inside answers requests by calling the handler.
type inside struct{ h http.Handler }

func (i inside) RoundTrip(r *http.Request) (*http.Response, error) {
	pr, pw := io.Pipe()
	p := &pipe{head: http.Header{}, w: pw, ready: make(chan struct{})}
	r.RequestURI = r.URL.RequestURI()
	r.RemoteAddr = "127.0.0.1:0"
	r.Host = r.URL.Host
	if r.Body == nil {
		r.Body = http.NoBody
	}
	go func() {
		defer func() {
			p.WriteHeader(http.StatusOK)
			if broken := recover(); broken != nil {
				pw.CloseWithError(fmt.Errorf("%v", broken))
				return
			}
			pw.Close()
		}()
		i.h.ServeHTTP(p, r)
	}()
	<-p.ready
	return &http.Response{StatusCode: p.code, Status: http.StatusText(p.code), Header: p.head, Body: pr, Request: r, ProtoMajor: 1, ProtoMinor: 1, ContentLength: -1}, nil
}

// call sends a request and reads the JSON answer into out, unless that is nil or a writer.
func (c *client) call(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	switch v := in.(type) {
	case nil:
	case io.Reader:
		body = v
	default:
		b, err := json.Marshal(v)
		if err != nil {
			return err
		}
		body = bytes.NewReader(b)
	}
	r, err := http.NewRequestWithContext(ctx, method, c.address+"/api/v1"+path, body)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer local:"+c.secret)
	r.Header.Set("X-Guike-As", c.as)
	resp, err := c.http.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 400 {
		var p api.Problem
		if err := json.NewDecoder(resp.Body).Decode(&p); err != nil {
			return fmt.Errorf("%s %s: %s", method, path, resp.Status)
		}
		if p.Detail == "error.no_owner" {
			return errNoOwner
		}
		return &record.Error{Code: record.Code(p.Code), Message: p.Detail, Fields: p.Fields}
	}
	switch v := out.(type) {
	case nil:
		return nil
	case io.Writer:
		_, err := io.Copy(v, resp.Body)
		return err
	}
	return json.NewDecoder(resp.Body).Decode(out)
}
