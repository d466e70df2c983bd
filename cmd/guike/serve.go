package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"

	"guike/access"
	"guike/api"
	"guike/ingest"
	"guike/record"
)

// door is how people come in.
type door struct {
	Listen       string   `help:"HOST:PORT to listen on." default:"127.0.0.1:8320" env:"GUIKE_LISTEN"`
	TLSCert      string   `name:"tls-cert" help:"Certificate file, for HTTPS." env:"GUIKE_TLS_CERT" type:"path"`
	TLSKey       string   `name:"tls-key" help:"Key file, for HTTPS." env:"GUIKE_TLS_KEY" type:"path"`
	PublicURL    string   `name:"public-url" help:"How people reach it, behind a proxy." env:"GUIKE_PUBLIC_URL"`
	TrustProxy   []string `name:"trust-proxy" help:"Addresses (CIDR) of proxies whose word on the client's address counts." env:"GUIKE_TRUST_PROXY"`
	Watch        []string `help:"Folder to watch; with =LOGIN behind it, in the name of that user, else of the owner." placeholder:"DIR[=LOGIN]" env:"GUIKE_WATCH"`
	InsecureHTTP bool     `name:"insecure-http" help:"Serve plain HTTP beyond this machine all the same. A banner says so." env:"GUIKE_INSECURE_HTTP"`
}

type serveCmd struct {
	place
	door
}

func (c serveCmd) Run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := c.check(); err != nil {
		return err
	}
	w, err := c.open(ctx, false)
	if err != nil {
		return err
	}
	return errors.Join(w.serve(ctx, c.door, nil), w.close())
}

// check refuses plain HTTP where passwords would cross a network.
func (d door) check() error {
	host, _, err := net.SplitHostPort(d.Listen)
	if err != nil {
		return fmt.Errorf("--listen: %w", err)
	}
	if (d.TLSCert == "") != (d.TLSKey == "") {
		return errors.New("--tls-cert and --tls-key go together")
	}
	if u, err := url.Parse(d.PublicURL); d.PublicURL != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		return fmt.Errorf("--public-url %s: it begins with https:// or http:// and a host name", d.PublicURL)
	}
	if d.TLSCert != "" || loopback(host) || d.InsecureHTTP || strings.HasPrefix(d.PublicURL, "https://") {
		return nil
	}
	return fmt.Errorf("%s is not this machine alone, and passwords would cross the network unencrypted: give --tls-cert and --tls-key, or --public-url https://… behind a proxy, or say --insecure-http", d.Listen)
}

// certificate reads the files for HTTPS; nil where none are named.
func (d door) certificate() (*tls.Config, error) {
	if d.TLSCert == "" {
		return nil, nil
	}
	c, err := tls.LoadX509KeyPair(d.TLSCert, d.TLSKey)
	if err != nil {
		return nil, fmt.Errorf("--tls-cert and --tls-key: %w", err)
	}
	return &tls.Config{Certificates: []tls.Certificate{c}, MinVersion: tls.VersionTLS12}, nil
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// serve answers requests until the context ends. started, if given, is called once the door is open.
func (w *workspace) serve(ctx context.Context, d door, started func(address string)) error {
	secure, err := d.certificate()
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", d.Listen)
	if err != nil {
		return err
	}
	host, _, err := net.SplitHostPort(d.Listen)
	if err != nil {
		return err
	}
	cfg := api.Config{Listen: l.Addr().String(), PublicURL: d.PublicURL, TLS: d.TLSCert != "" || strings.HasPrefix(d.PublicURL, "https://"), Insecure: d.TLSCert == "" && !loopback(host) && d.InsecureHTTP}
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return err
	}
	local := l.Addr().String() // where this machine reaches it
	if host == "" || host == "0.0.0.0" || host == "::" {
		local = net.JoinHostPort("127.0.0.1", port)
	} else {
		cfg.Listen = net.JoinHostPort(host, port)
	}
	for _, p := range d.TrustProxy {
		prefix, err := netip.ParsePrefix(p)
		if err != nil {
			return fmt.Errorf("--trust-proxy: %w", err)
		}
		cfg.Proxies = append(cfg.Proxies, prefix)
	}
	closing := make(chan struct{})
	cfg.Closing = closing
	ready, err := w.ready(ctx)
	if err != nil {
		return err
	}
	if !ready && !w.mark.Demo {
		if cfg.SetupCode, err = setupCode(); err != nil {
			return err
		}
	}
	scheme := "http"
	if secure != nil {
		scheme = "https"
	}
	address := scheme + "://" + local
	if d.PublicURL != "" {
		address = d.PublicURL
	}
	srv := &http.Server{Handler: w.server(cfg), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		TLSConfig: secure, ErrorLog: slog.NewLogLogger(slog.Default().Handler(), slog.LevelWarn)}
	if err := w.announce(scheme+"://"+local, secure); err != nil {
		return err
	}
	defer os.Remove(w.file("server.json"))
	if err := w.hooks.Sweep(ctx); err != nil {
		return err
	}
	w.runner.Start(ctx)
	defer w.runner.Stop()
	watching := w.watch(ctx, d.Watch)
	defer watching.Wait()
	failed := make(chan error, 1)
	go func() {
		if secure != nil {
			failed <- srv.ServeTLS(l, "", "")
		} else {
			failed <- srv.Serve(l)
		}
	}()
	slog.Info("serving", "address", address, "data", w.Data, "database", w.db.Dialect(), "version", buildVersion())
	if cfg.SetupCode != "" {
		fmt.Printf("\n  归客 Guike  %s\n  首次设置一次性代码 / one-time code to set up: %s\n\n", address, cfg.SetupCode)
	}
	if started != nil {
		started(address)
	}
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	slog.Info("stopping")
	close(closing)
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 15*time.Second)
	defer cancel()
	if err := srv.Shutdown(end); err != nil {
		return fmt.Errorf("stop: %w", err)
	}
	return nil
}

// running is what server.json says: where the server is that holds the folder, and the secret by which the command line comes in. Whoever can read the
// file could read the workspace itself.
type running struct {
	Address string `json:"address"`
	Secret  string `json:"secret"`
	PID     int    `json:"pid"`
	Cert    []byte `json:"cert,omitempty"` // the certificate it serves with
}

// client makes requests to that server and no other. Its certificate need not be one that this machine trusts, nor name this address: it is the very one.
func (r running) client() *http.Client {
	if r.Cert == nil {
		return http.DefaultClient
	}
	same := func(s tls.ConnectionState) error {
		if !bytes.Equal(s.PeerCertificates[0].Raw, r.Cert) {
			return errors.New("another server answers at " + r.Address)
		}
		return nil
	}
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true, VerifyConnection: same}}}
}

func (w *workspace) announce(address string, secure *tls.Config) error {
	r := running{Address: address, Secret: w.secret, PID: os.Getpid()}
	if secure != nil {
		r.Cert = secure.Certificates[0].Certificate[0]
	}
	b, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return os.WriteFile(w.file("server.json"), b, 0o600)
}

// watch looks into folders until the context ends.
func (w *workspace) watch(ctx context.Context, dirs []string) *sync.WaitGroup {
	var wg sync.WaitGroup
	for _, dir := range dirs {
		dir, login, _ := strings.Cut(dir, "=")
		f := ingest.Folder{Dir: dir, Scope: func(ctx context.Context) (record.Scope, error) { return w.scopeOf(ctx, login) }}
		wg.Go(func() {
			if err := w.desk.Watch(ctx, f, time.Second); err != nil {
				slog.Error("watched folder", "dir", dir, "err", err)
			}
		})
	}
	return &wg
}

// scopeOf makes the scope of a login, or of the owner.
func (w *workspace) scopeOf(ctx context.Context, login string) (record.Scope, error) {
	id, err := owner(ctx, w.db)
	if login != "" {
		err = w.db.One(ctx, "SELECT id FROM users WHERE login = ? AND deleted_at IS NULL", []any{login}, (*string)(&id))
	}
	if err != nil {
		return record.Scope{}, fmt.Errorf("user of the watched folder: %w", err)
	}
	cause := string(record.NewID("fld"))
	sc, _, err := access.Scope(ctx, w.db, id, "", record.Cause{Kind: "folder", ID: cause, Root: cause})
	return sc, err
}
