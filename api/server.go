// Package api is the HTTP surface: it turns requests into calls on the rooms and their answers into JSON. It decides nothing about records; who may is in
// the Scope that access makes of the request's cookie or token.
//
// Read routes.go, which lists every URL; record.go serves every kind.
package api

import (
	"compress/gzip"
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"reflect"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"guike/access"
	"guike/cabinet"
	"guike/exchange"
	"guike/ingest"
	"guike/message"
	"guike/queue"
	"guike/record"
	"guike/share"
	"guike/store"

	"github.com/alexedwards/scs/v2"
	"github.com/danielgtaylor/huma/v2"
	"github.com/klauspost/compress/gzhttp"
	"golang.org/x/time/rate"
)

// Config is what a server is made of.
type Config struct {
	DB      *store.DB
	Desk    *ingest.Desk
	Port    *exchange.Port
	Works   map[string]queue.Work // what schedules may have done
	Share   *share.Desk
	Hooks   *message.Hooks
	Roles   cabinet.Roles
	Namer   cabinet.Namer
	Web     fs.FS                                           // the built UI
	Words   func(lang, key string, values ...string) string // its words
	Version string
	Demo    bool
	Space   func() (free, room int64, err error) // bytes of the disk that the data folder is on; nil where nobody can tell

	Listen    string // host:port it listens on, for the Host check
	PublicURL string // as people reach it, "" for the listening address
	Proxies   []netip.Prefix
	TLS       bool
	Insecure  bool            // plain HTTP beyond loopback, said so by the owner: a lasting banner
	Secret    string          // lets the command line of this machine in
	SetupCode string          // the one-time code for making the owner
	Closing   <-chan struct{} // closed when streams must end
}

// A Server serves one workspace.
type Server struct {
	Config
	db       *store.DB
	sessions *scs.SessionManager
	doc      *huma.OpenAPI
	schemas  huma.Registry
	mux      *http.ServeMux
	hosts    []string
	byNumber bool // listens on all addresses, and answers to any of them
	once     keyed
	setup    sync.Mutex

	describing sync.Mutex      // over doc, schemas and served, which grow when a kind is added
	served     map[string]bool // kinds that have routes

	limitLock sync.Mutex
	limits    map[string]*rate.Limiter
}

// New makes a server.
func New(c Config) *Server {
	s := &Server{Config: c, db: c.DB, mux: http.NewServeMux(), limits: map[string]*rate.Limiter{}, served: map[string]bool{}}
	m := scs.New()
	m.Store = access.Sessions{DB: c.DB}
	m.HashTokenInStore = true
	m.Lifetime = 7 * 24 * time.Hour
	m.Cookie.Name, m.Cookie.Secure = "__Host-guike", true
	if c.Insecure {
		m.Cookie.Name, m.Cookie.Secure = "guike", false
	}
	m.Cookie.HttpOnly, m.Cookie.Path, m.Cookie.SameSite = true, "/", http.SameSiteLaxMode
	m.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) { s.fail(w, r, err) }
	s.sessions = m
	host, port, err := net.SplitHostPort(c.Listen)
	if err == nil {
		for _, h := range []string{host, "localhost", "127.0.0.1", "[::1]"} {
			s.hosts = append(s.hosts, h+":"+port)
		}
		ip, err := netip.ParseAddr(host)
		s.byNumber = err == nil && ip.IsUnspecified()
	}
	if u, err := url.Parse(c.PublicURL); err == nil && u.Host != "" {
		s.hosts = append(s.hosts, u.Host)
	}
	s.schemas = huma.NewMapRegistry("#/components/schemas/", func(t reflect.Type, hint string) string {
		return huma.DefaultSchemaNamer(t, hint) + "Body" // the kinds have the plain names
	})
	s.doc = &huma.OpenAPI{OpenAPI: "3.1.0", Info: &huma.Info{Title: "Guike 归客", Version: "1"}, Components: &huma.Components{Schemas: s.schemas}}
	s.routes()
	return s
}

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	if !s.Insecure { // browsers complain of it there
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
	}
	if s.TLS {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
	sw := &statusWriter{ResponseWriter: w}
	defer func() {
		if p := recover(); p != nil {
			if p == http.ErrAbortHandler {
				panic(p)
			}
			slog.Error("panic", "path", logged(r.URL.Path), "panic", p, "stack", string(debug.Stack()))
			if sw.status == 0 {
				s.fail(sw, r, fmt.Errorf("panic: %v", p))
			}
		}
		slog.Debug("request", "method", r.Method, "path", logged(r.URL.Path), "status", sw.status, "ms", time.Since(start).Milliseconds(), "from", s.client(r))
	}()
	if r.URL.Path == "/healthz" {
		sw.WriteHeader(http.StatusOK)
		fmt.Fprintln(sw, "ok")
		return
	}
	if r.URL.Path == "/readyz" {
		ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
		defer cancel()
		if err := s.db.Ping(ctx); err != nil {
			http.Error(sw, "database does not answer", http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(sw, "ok")
		return
	}
	if !s.known(strings.ToLower(r.Host)) {
		if !strings.HasPrefix(r.URL.Path, "/api/") {
			http.Error(sw, "请用 serve --public-url 说明这个地址 / This address is unknown: name it with serve --public-url", http.StatusMisdirectedRequest)
			return
		}
		s.problem(sw, r, http.StatusMisdirectedRequest, "misdirected", "error.unknown_host", nil)
		return
	}
	cop := http.NewCrossOriginProtection()
	cop.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.problem(w, r, http.StatusForbidden, "cross_origin", "error.cross_origin", nil)
	}))
	if strings.HasPrefix(r.URL.Path, "/api/") {
		h.Set("Cache-Control", "no-store")
		if r.URL.Path == "/api/v1/events" {
			// A stream never writes its session, and what it tells must not wait for a block to fill.
			cop.Handler(s.load(s.mux)).ServeHTTP(sw, r)
			return
		}
		api := s.sessions.LoadAndSave(s.mux)
		if strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ") {
			api = s.load(s.mux) // a token has no session to write
		}
		squeezed(cop.Handler(api)).ServeHTTP(sw, r)
		return
	}
	if strings.HasPrefix(r.URL.Path, handoutPath) {
		// Nobody is logged in there: a request from elsewhere has nobody's rights to misuse.
		s.handout(sw, r)
		return
	}
	if r.Method == http.MethodPost && strings.HasPrefix(r.URL.Path, hookPath) {
		s.deliver(sw, r)
		return
	}
	squeezed(http.HandlerFunc(s.page)).ServeHTTP(sw, r)
}

// squeezed sends text compressed to whom can read it so: rows and scripts shrink to a fifth, papers and pictures are compressed already. The lightest level, since
// most of it goes through a local network.
var squeezed = func() func(http.Handler) http.HandlerFunc {
	wrap, err := gzhttp.NewWrapper(gzhttp.CompressionLevel(gzip.BestSpeed), gzhttp.EnableZstd(false), gzhttp.ContentTypes([]string{
		"application/json", "application/problem+json", "application/x-ndjson", "text/html", "text/css", "text/csv", "text/plain", "text/javascript", "image/svg+xml"}))
	if err != nil {
		panic(err) // the options are constants
	}
	return wrap
}()

// logged is a path as the log may have it: a share's secret opens it.
func logged(path string) string {
	if strings.HasPrefix(path, handoutPath) {
		return handoutPath + "…"
	}
	return path
}

// known tells the names this server goes by. A name that was turned to our address by somebody else (DNS rebinding) is none of them; a number cannot be turned.
func (s *Server) known(host string) bool {
	if slices.Contains(s.hosts, host) || slices.Contains(s.hosts, host+":443") {
		return true
	}
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	_, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return s.byNumber && err == nil
}

// load reads the session without the wrapper that writes it back.
func (s *Server) load(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token := ""
		if c, err := r.Cookie(s.sessions.Cookie.Name); err == nil {
			token = c.Value
		}
		ctx, err := s.sessions.Load(r.Context(), token)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// page serves the UI: files as they are, every other path the app, which knows its own routes.
func (s *Server) page(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		s.problem(w, r, http.StatusMethodNotAllowed, "method", "error.method", nil)
		return
	}
	name := strings.TrimPrefix(r.URL.Path, "/")
	if name == "" || strings.Contains(name, "..") {
		name = "index.html"
	}
	if st, err := fs.Stat(s.Web, name); err != nil || st.IsDir() {
		if strings.HasPrefix(name, "assets/") {
			http.NotFound(w, r)
			return
		}
		name = "index.html"
	}
	if strings.HasPrefix(name, "assets/") {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		w.Header().Set("Cache-Control", "no-cache")
	}
	http.ServeFileFS(w, r, s.Web, name)
}

// client is the address a request came from: the proxy's word counts only where the proxy is trusted.
func (s *Server) client(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return host
	}
	for _, p := range s.Proxies {
		if p.Contains(ip.Unmap()) {
			if parts := strings.Split(r.Header.Get("X-Forwarded-For"), ","); parts[len(parts)-1] != "" {
				return strings.TrimSpace(parts[len(parts)-1])
			}
		}
	}
	return host
}

// slow limits how often one address may try to log in.
func (s *Server) slow(r *http.Request) error {
	if !s.may(s.client(r), rate.Every(2*time.Second), 15) {
		return record.Errorf(record.Busy, "error.too_often")
	}
	return nil
}

// may limits how often something is done, by a key.
func (s *Server) may(key string, often rate.Limit, burst int) bool {
	s.limitLock.Lock()
	defer s.limitLock.Unlock()
	if len(s.limits) > 10_000 {
		clear(s.limits)
	}
	if s.limits[key] == nil {
		s.limits[key] = rate.NewLimiter(often, burst)
	}
	return s.limits[key].Allow()
}

type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// keyed lets one holder of a key in at a time.
type keyed struct {
	mu sync.Mutex
	m  map[string]*hold
}

type hold struct {
	sync.Mutex
	users int
}

func (k *keyed) lock(key string) func() {
	k.mu.Lock()
	if k.m == nil {
		k.m = map[string]*hold{}
	}
	h := k.m[key]
	if h == nil {
		h = &hold{}
		k.m[key] = h
	}
	h.users++
	k.mu.Unlock()
	h.Lock()
	return func() {
		h.Unlock()
		k.mu.Lock()
		if h.users--; h.users == 0 {
			delete(k.m, key)
		}
		k.mu.Unlock()
	}
}
