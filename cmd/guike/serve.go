package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
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
	if d.TLSCert != "" || loopback(host) || d.InsecureHTTP || strings.HasPrefix(d.PublicURL, "https://") {
		return nil
	}
	return fmt.Errorf("%s is not this machine alone, and passwords would cross the network unencrypted: give --tls-cert and --tls-key, or --public-url https://… behind a proxy, or say --insecure-http", d.Listen)
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
	l, err := net.Listen("tcp", d.Listen)
	if err != nil {
		return err
	}
	host, _, err := net.SplitHostPort(d.Listen)
	if err != nil {
		return err
	}
	cfg := api.Config{Listen: l.Addr().String(), PublicURL: d.PublicURL, TLS: d.TLSCert != "" || strings.HasPrefix(d.PublicURL, "https://"), Insecure: d.TLSCert == "" && !loopback(host) && d.InsecureHTTP}
	if host != "" && host != "0.0.0.0" && host != "::" {
		_, port, _ := net.SplitHostPort(l.Addr().String())
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
	if d.TLSCert != "" {
		scheme = "https"
	}
	address := scheme + "://" + cfg.Listen
	if d.PublicURL != "" {
		address = d.PublicURL
	}
	srv := &http.Server{Handler: w.server(cfg), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(slog.Default().Handler(), slog.LevelWarn)}
	if err := w.announce(scheme + "://" + l.Addr().String()); err != nil {
		return err
	}
	defer os.Remove(w.file("server.json"))
	w.runner.Start(ctx)
	defer w.runner.Stop()
	watching := w.watch(ctx, d.Watch)
	defer watching.Wait()
	failed := make(chan error, 1)
	go func() {
		if d.TLSCert != "" {
			failed <- srv.ServeTLS(l, d.TLSCert, d.TLSKey)
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
}

func (w *workspace) announce(address string) error {
	b, err := json.Marshal(running{address, w.secret, os.Getpid()})
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
