package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"

	"guike/access"
	"guike/paper"
	"guike/record"
	"guike/store"

	"github.com/danielgtaylor/huma/v2"
)

// A route is one operation: how it is documented and what it does.
type route struct {
	method, path, summary string

	in, out *huma.Schema      // nil: no JSON body
	status  int               // of success; 200 where 0
	public  bool              // needs no login
	raw     bool              // writes its answer itself
	limit   int64             // bytes of body; 1 MiB where 0
	query   []string          // query parameters
	form    func(*call) error // takes a multipart form apart, and says in the body what it held
	do      func(*call) (any, error)
}

// A call is one request to a route.
type call struct {
	context.Context
	s     *Server
	w     http.ResponseWriter
	r     *http.Request
	scope record.Scope
	lang  string
	body  []byte
}

// maxBody bounds JSON bodies.
const maxBody = 1 << 20

func (c *call) path(name string) string { return c.r.PathValue(name) }
func (c *call) id() record.ID           { return record.ID(c.r.PathValue("id")) }

func (c *call) int(name string, def, most int) int {
	n, err := strconv.Atoi(c.r.URL.Query().Get(name))
	if err != nil || n < 1 {
		return def
	}
	return min(n, most)
}

// decode reads the JSON body. Unknown members are refused: what is not understood must not be dropped silently.
func decode[T any](c *call) (T, error) {
	var v T
	d := json.NewDecoder(bytes.NewReader(c.body))
	d.DisallowUnknownFields()
	if err := d.Decode(&v); err != nil {
		var re *record.Error
		if errors.As(err, &re) {
			return v, re
		}
		return v, &record.Error{Code: record.Invalid, Message: "error.json", Fields: map[string]string{"": err.Error()}}
	}
	if d.More() {
		return v, record.Errorf(record.Invalid, "error.json")
	}
	return v, nil
}

// schema describes a Go type for OpenAPI.
func schema[T any](s *Server) *huma.Schema { return s.schemas.Schema(reflect.TypeFor[T](), true, "") }

// add puts a route into the mux and the OpenAPI document.
func (s *Server) add(rt route) {
	if rt.status == 0 {
		rt.status = http.StatusOK
	}
	s.document(rt)
	s.mux.HandleFunc(rt.method+" "+prefix+rt.path, func(w http.ResponseWriter, r *http.Request) {
		c := &call{Context: r.Context(), s: s, w: w, r: r}
		if err := s.serve(c, rt); err != nil {
			s.fail(w, r, err)
		}
	})
}

const prefix = "/api/v1"

// slowest is how long a read may take.
const slowest = 15 * time.Second

func (s *Server) serve(c *call, rt route) error {
	if !rt.raw && (rt.method == http.MethodGet || strings.Contains(rt.path, ":")) {
		// A read nobody indexed for ends with a word to its asker, rather than never.
		ctx, cancel := context.WithTimeout(c.Context, slowest)
		defer cancel()
		c.Context = ctx
	}
	var err error
	if c.scope, c.lang, err = s.who(c.r); err != nil && !rt.public {
		return err
	}
	if rt.in != nil {
		limit := rt.limit
		if limit == 0 {
			limit = maxBody
		}
		if c.body, err = io.ReadAll(http.MaxBytesReader(c.w, c.r.Body, limit)); err != nil {
			return tooLarge(err)
		}
	}
	if rt.form != nil {
		c.r.Body = http.MaxBytesReader(c.w, c.r.Body, paper.MaxFile+maxBody)
		if err := rt.form(c); err != nil {
			return err
		}
	}
	key := c.r.Header.Get("Idempotency-Key")
	if key == "" || rt.method != http.MethodPost || rt.raw || rt.public {
		return s.answer(c, rt, nil)
	}
	if len(key) > 200 {
		return record.FieldError("Idempotency-Key", "error.too_long")
	}
	return s.repeatable(c, rt, key)
}

// repeatable answers a POST with an Idempotency-Key: the second time as the first, without doing it again.
func (s *Server) repeatable(c *call, rt route, key string) error {
	h := sha256.New()
	h.Write([]byte(c.r.Method + " " + c.r.URL.RequestURI() + "\n"))
	h.Write(c.body)
	request := hex.EncodeToString(h.Sum(nil))
	key = string(c.scope.User) + " " + key
	defer s.once.lock(key)()
	var had, body string
	var status int64
	err := s.db.One(c, "SELECT request, status, body FROM idempotency WHERE key = ? AND at > ?", []any{key, s.db.Now().UnixMicro() - 24*3600*1e6}, &had, &status, &body)
	switch {
	case err == nil && had != request:
		s.problem(c.w, c.r, http.StatusUnprocessableEntity, "conflict", "error.idempotency_key", nil)
		return nil
	case err == nil:
		c.w.Header().Set("Content-Type", "application/json")
		c.w.WriteHeader(int(status))
		_, err = io.WriteString(c.w, body)
		return err
	case !record.Is(err, record.NotFound):
		return err
	}
	return s.answer(c, rt, func(status int, b []byte) error {
		return s.db.Tx(c, record.SystemScope("api"), func(tx *store.Tx) error {
			if _, err := tx.Exec(c, "DELETE FROM idempotency WHERE at < ? OR key = ?", s.db.Now().UnixMicro()-24*3600*1e6, key); err != nil {
				return err
			}
			_, err := tx.Exec(c, "INSERT INTO idempotency (key, request, status, body, at) VALUES (?, ?, ?, ?, ?)", key, request, int64(status), string(b), s.db.Now().UnixMicro())
			return err
		})
	})
}

func (s *Server) answer(c *call, rt route, keep func(int, []byte) error) error {
	out, err := rt.do(c)
	if err != nil || rt.raw {
		return err
	}
	if out == nil {
		c.w.WriteHeader(http.StatusNoContent)
		return nil
	}
	b, err := json.Marshal(out)
	if err != nil {
		return err
	}
	if keep != nil {
		remembered := b
		if k, ok := out.(interface{ kept() any }); ok {
			if remembered, err = json.Marshal(k.kept()); err != nil {
				return err
			}
		}
		if err := keep(rt.status, remembered); err != nil {
			return err
		}
	}
	c.w.Header().Set("Content-Type", "application/json")
	c.w.WriteHeader(rt.status)
	_, err = c.w.Write(b)
	if err != nil {
		slog.Debug("client went away", "err", err)
	}
	return nil
}

// who makes the scope of a request's cookie or token.
func (s *Server) who(r *http.Request) (record.Scope, string, error) {
	id := string(record.NewID("req"))
	cause := record.Cause{Kind: "request", ID: id, Root: id}
	if secret, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer local:"); ok {
		return s.local(r, secret, cause)
	}
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		sc, u, err := access.TokenScope(r.Context(), s.db, token, cause)
		if err != nil {
			return sc, "", err
		}
		return sc, u.Language, nil
	}
	user := s.sessions.GetString(r.Context(), "user")
	if user == "" {
		return record.Scope{}, "", &record.Error{Code: record.Unauthenticated, Message: "error.unauthenticated"}
	}
	sc, u, err := access.Scope(r.Context(), s.db, record.ID(user), "", cause)
	if err != nil {
		if record.Is(err, record.NotFound) {
			err = &record.Error{Code: record.Unauthenticated, Message: "error.unauthenticated", Err: err}
		}
		return sc, "", err
	}
	return sc, u.Language, nil
}

// local lets in the command line of this machine, by the secret that only who may read the data folder knows, as the user it names or the owner.
func (s *Server) local(r *http.Request, secret string, cause record.Cause) (record.Scope, string, error) {
	if s.Secret == "" || subtle.ConstantTimeCompare([]byte(secret), []byte(s.Secret)) != 1 {
		return record.Scope{}, "", &record.Error{Code: record.Unauthenticated, Message: "error.token"}
	}
	where, args, missing := "role = 'owner'", []any{}, "error.no_owner"
	if as := r.Header.Get("X-Guike-As"); as != "" {
		where, args, missing = "login = ?", []any{as}, "error.no_such_user"
	}
	var id string
	err := s.db.One(r.Context(), "SELECT id FROM users WHERE "+where+" AND disabled = 0 AND deleted_at IS NULL ORDER BY n LIMIT 1", args, &id)
	if record.Is(err, record.NotFound) {
		return record.Scope{}, "", &record.Error{Code: record.Unauthenticated, Message: missing}
	}
	if err != nil {
		return record.Scope{}, "", err
	}
	cause.Kind = "command"
	sc, u, err := access.Scope(r.Context(), s.db, record.ID(id), "", cause)
	if err != nil {
		return sc, "", err
	}
	return sc, u.Language, nil
}

func tooLarge(err error) error {
	var m *http.MaxBytesError
	if errors.As(err, &m) {
		return &record.Error{Code: record.TooLarge, Message: "error.too_large", Fields: map[string]string{"limit": strconv.FormatInt(m.Limit, 10)}, Err: err}
	}
	return err
}

// statuses of the codes.
var statuses = map[record.Code]int{
	record.Invalid: 422, record.NotFound: 404, record.Conflict: 409, record.Denied: 403, record.Busy: 503,
	record.Unauthenticated: 401, record.TooLarge: 413, record.Internal: 500,
}

// A Problem is an error as RFC 9457 writes it.
type Problem struct {
	Type   string            `json:"type"`
	Title  string            `json:"title"`
	Status int               `json:"status"`
	Code   string            `json:"code"`
	Detail string            `json:"detail,omitempty"`
	Fields map[string]string `json:"fields,omitempty"`
}

// fail renders an error, once.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil {
		return // the client went away
	}
	if errors.Is(err, context.DeadlineExceeded) {
		err = &record.Error{Code: record.Busy, Message: "error.query_too_slow", Err: err}
	}
	code := record.CodeOf(err)
	status := statuses[code]
	detail := "error.internal"
	var fields map[string]string
	var re *record.Error
	if errors.As(err, &re) {
		detail, fields = re.Message, re.Fields
		if code == record.Conflict && r.Header.Get("If-Match") != "" && re.Message == "error.changed_since" {
			status = http.StatusPreconditionFailed
		}
	}
	if code == record.Internal || code == record.Busy {
		slog.Error("request failed", "method", r.Method, "path", r.URL.Path, "err", err)
	}
	s.problem(w, r, status, string(code), detail, fields)
}

func (s *Server) problem(w http.ResponseWriter, _ *http.Request, status int, code, detail string, fields map[string]string) {
	b, err := json.Marshal(Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: code, Detail: detail, Fields: fields})
	if err != nil {
		b = []byte("{}") // texts only: cannot fail
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	if _, err := w.Write(b); err != nil {
		slog.Debug("client went away", "err", err)
	}
}
