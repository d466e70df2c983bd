package api

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"guike"
	"guike/blob"
	"guike/exchange"
	"guike/ingest"
	"guike/paper"
	"guike/record"
	"guike/store"
)

// papers adds the routes of uploads and documents.
func (s *Server) papers() {
	s.add(route{method: "POST", path: "/uploads", summary: "Announce a file", in: schema[newUpload](s), out: schema[ingest.Upload](s), status: http.StatusCreated, do: (*call).beginUpload})
	s.add(route{method: "GET", path: "/uploads", summary: "My files that have not arrived whole", out: schema[uploads](s), do: (*call).uploads})
	s.add(route{method: "GET", path: "/uploads/{id}", summary: "How far an upload is, and the hash of what has arrived", out: schema[ingest.Upload](s), do: func(c *call) (any, error) {
		return s.Desk.Arrived(c, c.scope, c.path("id"))
	}})
	s.add(route{method: "PATCH", path: "/uploads/{id}", summary: "Send bytes (header Upload-Offset)", out: schema[uploaded](s), do: (*call).appendUpload})
	s.add(route{method: "DELETE", path: "/uploads/{id}", summary: "Give an upload up", do: func(c *call) (any, error) { return nil, s.Desk.Drop(c, c.scope, c.path("id")) }})
	s.add(route{method: "POST", path: "/documents/upload", summary: "Send a file in one request", out: schema[uploaded](s), status: http.StatusCreated, query: []string{"name"}, do: (*call).uploadWhole})
	s.add(route{method: "GET", path: "/documents/{id}/reading", summary: "What was read, and what became of it", out: schema[reading](s), do: (*call).reading})
	s.add(route{method: "GET", path: "/documents/{id}/original", summary: "The bytes as they arrived", raw: true, do: (*call).original})
	s.add(route{method: "GET", path: "/documents/{id}/pages/{n}", summary: "A page as PNG", raw: true, query: []string{"width"}, do: (*call).pagePNG})
	s.add(route{method: "POST", path: "/documents/{id}/papers/{k}/accept", summary: "File a paper, corrected", in: schema[acceptance](s), out: schema[reading](s), do: (*call).accept})
	s.add(route{method: "POST", path: "/documents/{id}/papers/{k}/reject", summary: "Set a paper aside", in: schema[rejection](s), out: schema[reading](s), do: (*call).reject})
	s.add(route{method: "POST", path: "/documents/{id}/papers/{k}/reopen", summary: "Undo accept or reject", out: schema[reading](s), do: (*call).reopen})
	s.add(route{method: "PUT", path: "/documents/{id}/cuts", summary: "Say where its papers begin and end; it is read so at once", in: schema[ingest.Cutting](s), out: schema[reading](s), do: (*call).recut})
	s.add(route{method: "POST", path: "/documents/{id}/retry", summary: "Read again", in: schema[retry](s), out: schema[reading](s), status: http.StatusAccepted, do: (*call).retryReading})
	s.add(route{method: "GET", path: "/backup", summary: "The whole workspace as one file", raw: true, do: (*call).backup})
	s.add(route{method: "GET", path: "/settings", summary: "The workspace's settings", out: schema[settings](s), do: (*call).settings})
	s.add(route{method: "PATCH", path: "/settings", summary: "Change settings", in: schema[settings](s), out: schema[settings](s), do: (*call).setSettings})
}

type newUpload struct {
	Name string `json:"name"`
	Size int64  `json:"size"`
}

type uploads struct {
	Data []ingest.Upload `json:"data"`
}

type uploaded struct {
	*ingest.Upload
	Document *ref  `json:"document"`
	Already  bool  `json:"already"`
	Version  int64 `json:"version,omitempty" doc:"of the document, where the file is not what that is now but was before"`
}

// arrived tells of a file that was here already whether it is an earlier version of its document.
func (c *call) arrived(out uploaded, sum string) (any, error) {
	if !out.Already || out.Document == nil {
		return out, nil
	}
	vs, err := c.s.Desk.Versions(c, c.scope, record.ID(out.Document.ID))
	for i, v := range vs {
		if i > 0 && v.SHA256 == sum && vs[0].SHA256 != sum {
			out.Version = v.No
			break
		}
	}
	return out, err
}

func (c *call) beginUpload() (any, error) {
	in, err := decode[newUpload](c)
	if err != nil {
		return nil, err
	}
	u, err := c.s.Desk.Begin(c, c.scope, in.Name, in.Size)
	return u, err
}

func (c *call) uploads() (any, error) {
	list, err := c.s.Desk.Unfinished(c, c.scope)
	return uploads{list}, err
}

func (c *call) appendUpload() (any, error) {
	offset, err := strconv.ParseInt(c.r.Header.Get("Upload-Offset"), 10, 64)
	if err != nil {
		return nil, record.FieldError("Upload-Offset", "error.required")
	}
	u, doc, already, done, err := c.s.Desk.Append(c, c.scope, c.path("id"), offset, http.MaxBytesReader(c.w, c.r.Body, paper.MaxFile))
	if err != nil {
		return nil, tooLarge(err)
	}
	out := uploaded{Upload: &u, Already: already}
	if done && doc != "" {
		out.Document = &ref{ID: string(doc), Title: u.Name}
	}
	return c.arrived(out, u.SHA256)
}

func (c *call) uploadWhole() (any, error) {
	name := c.r.URL.Query().Get("name")
	if name == "" {
		if n, err := url.PathUnescape(c.r.Header.Get("X-File-Name")); err == nil {
			name = n
		}
	}
	source := "api"
	if c.scope.Cause.Kind == "command" {
		source = "command"
	}
	h := sha256.New()
	doc, already, err := c.s.Desk.Keep(c, c.scope, name, source, io.TeeReader(http.MaxBytesReader(c.w, c.r.Body, paper.MaxFile+1), h))
	if err != nil {
		return nil, tooLarge(err)
	}
	out := uploaded{Already: already}
	if doc != "" {
		out.Document = &ref{ID: string(doc), Title: name}
	}
	return c.arrived(out, hex.EncodeToString(h.Sum(nil)))
}

type reading struct {
	Pages   []ingest.Sheet `json:"pages"`
	Papers  []filedPaper   `json:"papers"`
	Plain   bool           `json:"plain" doc:"words, and no paper: its pages have no size, but their text"`
	Parts   []part         `json:"parts" doc:"the files that an archive or mail held: each a document, or why not"`
	Cut     bool           `json:"cut" doc:"the original has more words than are kept for search"`
	Version int64          `json:"version" doc:"the document's file that this was read of"`

	Cuts    []paper.Cut       `json:"cuts" doc:"where a person parted pages; other pages are parted by the reader"`
	Joined  []int             `json:"joined" doc:"pages whose first paper goes on from the page before, as a person says"`
	Lessons map[string]learnt `json:"lessons" doc:"learnt labels, by id: those by which facts were found, and those that the papers taught"`
}

type filedPaper struct {
	No        int           `json:"paper"`
	Page      int           `json:"page"`
	Pages     int           `json:"pages" doc:"further ones that it goes on over"`
	Kind      string        `json:"kind"`
	State     string        `json:"state"`
	Reason    string        `json:"reason"`
	Detail    string        `json:"detail"`
	Receipt   *ref          `json:"receipt"`
	Other     *ref          `json:"other"`
	Linked    string        `json:"linked"`
	Proposals []proposal    `json:"proposals"`
	Box       paper.Box     `json:"box"`
	Facts     []paper.Fact  `json:"facts"`
	Checks    []paper.Check `json:"checks"`
	Taught    []record.ID   `json:"taught" doc:"labels learnt from its correction"`
	Differs   []factChange  `json:"differs" doc:"in what it is otherwise than on file from an earlier version of the document: accepting it changes that, rejecting it leaves it"`
}

type part struct {
	Name     string `json:"name"`
	Size     int64  `json:"size"`
	Document *ref   `json:"document"`
	Already  bool   `json:"already" doc:"the document came by another way before"`
	Reason   string `json:"reason"`
}

type proposal struct {
	ref
	Reason string `json:"reason"`
}

func (c *call) reading() (any, error) {
	st, err := c.s.Desk.Reading(c, c.scope, c.id())
	if err != nil {
		return nil, err
	}
	rd, err := c.renderer()
	if err != nil {
		return nil, err
	}
	want := map[string][]record.ID{}
	for _, p := range st.Papers {
		want["receipt"] = append(want["receipt"], p.Receipt, p.Other)
		for _, x := range p.Proposals {
			want["customer"] = append(want["customer"], x.Customer)
		}
	}
	for _, p := range st.Parts {
		want["document"] = append(want["document"], p.Document)
	}
	if err := rd.learn(want); err != nil {
		return nil, err
	}
	lessons, err := c.learnt(rd, st.Papers)
	if err != nil {
		return nil, err
	}
	masked := c.scope.Masked["receipt"]
	out := reading{Pages: st.Pages, Papers: []filedPaper{}, Plain: st.Plain, Parts: []part{}, Cut: st.Cut, Version: max(1, st.Edition), Lessons: lessons, Cuts: append([]paper.Cut{}, st.Cuts...), Joined: append([]int{}, st.Joined...)}
	for _, p := range st.Parts {
		out.Parts = append(out.Parts, part{p.Name, p.Size, rd.ref("document", p.Document), p.Already, p.Reason})
	}
	if out.Pages == nil {
		out.Pages = []ingest.Sheet{}
	}
	for _, p := range st.Papers {
		x := filedPaper{p.No, p.Page, p.Pages, p.Kind, p.State, p.Reason, p.Detail, rd.ref("receipt", p.Receipt), rd.ref("receipt", p.Other), p.Linked, []proposal{}, p.Box, []paper.Fact{}, p.Checks, p.Taught, changes(p.Differs(masked))}
		if x.Taught == nil {
			x.Taught = []record.ID{}
		}
		if x.Checks == nil {
			x.Checks = []paper.Check{}
		}
		for _, f := range p.Facts {
			if !slices.Contains(masked, f.Name) {
				x.Facts = append(x.Facts, f)
			}
		}
		for _, y := range p.Proposals {
			if t, ok := rd.titles["customer"][y.Customer]; ok {
				x.Proposals = append(x.Proposals, proposal{ref{ID: string(y.Customer), Title: t}, y.Reason})
			}
		}
		out.Papers = append(out.Papers, x)
	}
	return out, nil
}

func (c *call) document() (*guike.Document, error) {
	rec, err := c.s.db.Get(c, c.scope, "document", c.id())
	if err != nil {
		return nil, err
	}
	return rec.(*guike.Document), nil
}

// original sends the bytes, always as something to save: nothing that arrived is ever opened in the app's own origin.
func (c *call) original() (any, error) {
	doc, err := c.document()
	if err != nil {
		return nil, err
	}
	return nil, c.save(doc.SHA256, doc.Size, doc.Name)
}

// save sends what is kept under a hash.
func (c *call) save(sum string, size int64, name string) error {
	r, err := blob.Verified(c, c.s.Desk.Blobs, sum)
	if err != nil {
		return err
	}
	defer r.Close()
	attachment(c.w.Header(), name)
	c.w.Header().Set("Content-Length", strconv.FormatInt(size, 10))
	if _, err := io.Copy(c.w, r); err != nil {
		slog.Error("send original", "path", c.r.URL.Path, "err", err)
		panic(http.ErrAbortHandler) // too late for an answer: break the connection, so that the file is not taken for whole
	}
	return nil
}

func (c *call) pagePNG() (any, error) {
	doc, err := c.document()
	if err != nil {
		return nil, err
	}
	return nil, c.png(doc.SHA256)
}

// png sends a page of what is kept under a hash. The document may have another file tomorrow: the browser asks each time, and draws nothing anew.
func (c *call) png(sum string) error {
	n, err := strconv.Atoi(c.path("n"))
	if err != nil || n < 1 {
		return record.Errorf(record.NotFound, "error.not_found")
	}
	width := c.int("width", 1200, 2400)
	tag := fmt.Sprintf(`"%.16s-%d-%d"`, sum, n, width)
	h := c.w.Header()
	h.Set("ETag", tag)
	h.Set("Cache-Control", "private, no-cache")
	if c.r.Header.Get("If-None-Match") == tag {
		c.w.WriteHeader(http.StatusNotModified)
		return nil
	}
	png, err := c.render(sum, n, width)
	if err != nil {
		h.Del("ETag")
		return err
	}
	h.Set("Content-Type", "image/png")
	if _, err = c.w.Write(png); err != nil {
		slog.Debug("client went away", "err", err)
	}
	return nil
}

// render draws a page of what is kept under a hash as PNG.
func (c *call) render(sum string, n, width int) ([]byte, error) {
	data, err := blob.ReadAll(c, c.s.Desk.Blobs, sum, paper.MaxFile)
	if err != nil {
		return nil, err
	}
	png, err := c.s.Desk.Pool.Render(c, data, "", n, width)
	var re *paper.ReadError
	if errors.As(err, &re) {
		return nil, &record.Error{Code: record.NotFound, Message: "error.no_picture", Err: err}
	}
	return png, err
}

type acceptance struct {
	Facts    map[string]string `json:"facts,omitempty"`
	Kind     string            `json:"kind,omitempty"`
	Customer *record.ID        `json:"customer,omitempty"`
}

func (c *call) recut() (any, error) {
	in, err := decode[ingest.Cutting](c)
	if err != nil {
		return nil, err
	}
	if err := c.s.Desk.Recut(c, c.scope, c.id(), in); err != nil {
		return nil, err
	}
	return c.reading()
}

func (c *call) no() int {
	n, err := strconv.Atoi(c.path("k"))
	if err != nil {
		return 0 // no such paper
	}
	return n
}

func (c *call) accept() (any, error) {
	in, err := decode[acceptance](c)
	if err != nil {
		return nil, err
	}
	if err := c.s.Desk.Accept(c, c.scope, c.id(), c.no(), in.Facts, in.Kind, in.Customer); err != nil {
		return nil, err
	}
	return c.reading()
}

type rejection struct {
	Reason string `json:"reason,omitempty"`
}

func (c *call) reject() (any, error) {
	in, err := decode[rejection](c)
	if err != nil {
		return nil, err
	}
	if err := c.s.Desk.Reject(c, c.scope, c.id(), c.no(), in.Reason); err != nil {
		return nil, err
	}
	return c.reading()
}

func (c *call) reopen() (any, error) {
	if err := c.s.Desk.Reopen(c, c.scope, c.id(), c.no()); err != nil {
		return nil, err
	}
	return c.reading()
}

type retry struct {
	Password string `json:"password,omitempty"`
}

func (c *call) retryReading() (any, error) {
	in, err := decode[retry](c)
	if err != nil {
		return nil, err
	}
	if err := c.s.Desk.Retry(c, c.scope, c.id(), in.Password); err != nil {
		return nil, err
	}
	return c.reading()
}

type settings struct {
	Workspace string `json:"workspace,omitempty"`
	Zone      string `json:"zone,omitempty"`
	Naming    string `json:"naming,omitempty"`
}

func (c *call) settings() (any, error) {
	cat, err := c.s.db.Catalogue(c, false)
	if err != nil {
		return nil, err
	}
	naming := cat.Settings[ingest.NamingSetting]
	if naming == "" {
		naming = ingest.DefaultNaming
	}
	return settings{cat.Name, cat.Zone.String(), naming}, nil
}

func (c *call) setSettings() (any, error) {
	if !c.scope.Admin {
		return nil, record.Errorf(record.Denied, "error.denied")
	}
	in, err := decode[settings](c)
	if err != nil {
		return nil, err
	}
	if in.Naming != "" {
		if err := ingest.CheckNaming(in.Naming); err != nil {
			return nil, err
		}
	}
	if err := checkZone(in.Zone); err != nil {
		return nil, err
	}
	if err := c.s.db.Tx(c, c.scope, func(tx *store.Tx) error {
		for name, v := range map[string]string{"workspace": in.Workspace, "zone": in.Zone, ingest.NamingSetting: in.Naming} {
			if v == "" {
				continue
			}
			if err := tx.Set(c, name, v); err != nil {
				return fmt.Errorf("set %s: %w", name, err)
			}
		}
		return nil
	}); err != nil {
		return nil, err
	}
	return c.settings()
}

func checkZone(name string) error {
	if name == "" {
		return nil
	}
	if _, err := time.LoadLocation(name); err != nil || name == "Local" {
		return record.FieldError("zone", "error.no_such_zone")
	}
	return nil
}

// backup streams the workspace. A failure on the way breaks the connection, and the file, without its manifest, is refused by restore.
func (c *call) backup() (any, error) {
	if !c.scope.Admin {
		return nil, record.Errorf(record.Denied, "error.denied")
	}
	if err := http.NewResponseController(c.w).SetWriteDeadline(time.Time{}); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return nil, err
	}
	c.w.Header().Set("Content-Type", "application/zip")
	c.w.Header().Set("Content-Disposition", `attachment; filename="guike-backup.zip"`)
	if err := exchange.Backup(c, c.s.db, c.s.Desk.Blobs, c.s.Desk.Uploads, c.s.Version, c.w); err != nil {
		slog.Error("backup", "err", err)
		panic(http.ErrAbortHandler)
	}
	return nil, nil
}
