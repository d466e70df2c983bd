package api

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"

	"guike/ingest"
	"guike/record"
)

// versions adds the routes of the files that a document has been, and of who works on it.
func (s *Server) versions(document *record.Kind) {
	rec := s.recordSchema(document)
	s.add(route{method: "POST", path: "/documents/{id}/replace", summary: "Put a new file in its place; every earlier one stays", form: (*call).newFile, out: rec, do: (*call).replace})
	s.add(route{method: "GET", path: "/documents/{id}/versions", summary: "The files that it has been, newest first", out: schema[versions](s), do: (*call).versions})
	s.add(route{method: "GET", path: "/documents/{id}/versions/{k}/original", summary: "The bytes of a version", raw: true, do: (*call).versionOriginal})
	s.add(route{method: "GET", path: "/documents/{id}/versions/{k}/pages/{n}", summary: "A page of a version as PNG", raw: true, query: []string{"width"}, do: (*call).versionPage})
	s.add(route{method: "GET", path: "/documents/{id}/versions/{k}/text", summary: "What a version says, page by page", out: schema[versionText](s), do: (*call).versionText})
	s.add(route{method: "POST", path: "/documents/{id}/versions/{k}/restore", summary: "Make it the document's file again, as one more version", in: schema[putBack](s), out: rec, do: (*call).restoreVersion})
	s.add(route{method: "GET", path: "/documents/{id}/compare", summary: "In what a version differs from another", out: schema[comparison](s), query: []string{"from", "to"}, do: (*call).compare})
	s.add(route{method: "POST", path: "/documents/{id}/checkout", summary: "Say that I am working on it until a day", in: schema[checkout](s), out: rec, do: (*call).checkout})
	s.add(route{method: "POST", path: "/documents/{id}/return", summary: "End that note; an administrator may end anybody's", out: rec, do: func(c *call) (any, error) {
		if err := s.Desk.Return(c, c.scope, c.id()); err != nil {
			return nil, err
		}
		return c.again()
	}})
}

// again answers the document as it is now.
func (c *call) again() (any, error) {
	doc, err := c.document()
	if err != nil {
		return nil, err
	}
	k, err := c.kind("document")
	if err != nil {
		return nil, err
	}
	return c.one(k, doc)
}

// maxForm bounds the fields of a form beside its file.
const maxForm = 64 << 10

// newFile takes a form with a file apart: its bytes are kept under their hash, which stands for them in the body, so that a request sent again is known.
func (c *call) newFile() error {
	parts, err := c.r.MultipartReader()
	if err != nil {
		return record.FieldError("file", "error.form")
	}
	var in ingest.Replacement
	note, force := "", ""
	for {
		p, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return formError(err)
		}
		text := map[string]*string{"note": &note, "force": &force}[p.FormName()]
		switch {
		case p.FormName() == "file" && in.SHA256 == "":
			if in, err = c.s.Desk.Lay(c, c.scope, c.id(), p.FileName(), p); err != nil {
				return formError(err)
			}
		case text != nil:
			b, err := io.ReadAll(io.LimitReader(p, maxForm))
			if err != nil {
				return formError(err)
			}
			*text = string(b)
		default:
			return record.FieldError("form", "error.no_such_field")
		}
	}
	if in.SHA256 == "" {
		return record.FieldError("file", "error.required")
	}
	in.Note, in.Force = note, force == "true"
	c.body, err = json.Marshal(in)
	return err
}

// formError is what is wrong with a form: it was cut short, unless the house itself says otherwise.
func formError(err error) error {
	var re *record.Error
	if err = tooLarge(err); errors.As(err, &re) {
		return err
	}
	return &record.Error{Code: record.Invalid, Message: "error.form", Err: err}
}

func (c *call) replace() (any, error) {
	in, err := decode[ingest.Replacement](c)
	if err != nil {
		return nil, err
	}
	if in.Since, err = c.ifMatch(); err != nil {
		return nil, err
	}
	if err := c.s.Desk.Replace(c, c.scope, c.id(), in); err != nil {
		return nil, err
	}
	return c.again()
}

type versions struct {
	Data []version `json:"data"`
}

type version struct {
	No      int64  `json:"version"`
	Name    string `json:"name"`
	Size    int64  `json:"size"`
	Mime    string `json:"mime"`
	Pages   int64  `json:"pages"`
	SHA256  string `json:"sha256"`
	Note    string `json:"note"`
	Of      int64  `json:"of" doc:"the version that was put back with it; 0 where it came as a file"`
	By      *ref   `json:"by"`
	At      string `json:"at"`
	Current bool   `json:"current"`
}

func (c *call) versions() (any, error) {
	vs, err := c.s.Desk.Versions(c, c.scope, c.id())
	if err != nil {
		return nil, err
	}
	rd, err := c.renderer()
	if err != nil {
		return nil, err
	}
	var users []record.ID
	for _, v := range vs {
		users = append(users, v.By)
	}
	if err := rd.learn(map[string][]record.ID{"user": users}); err != nil {
		return nil, err
	}
	out := versions{Data: []version{}}
	masked := c.scope.Masked["document"]
	for i, v := range vs {
		x := version{v.No, v.Name, v.Size, v.Mime, v.Pages, v.SHA256, v.Note, v.Of, rd.ref("user", v.By), v.At.String(), i == 0}
		if slices.Contains(masked, "name") {
			x.Name = ""
		}
		out.Data = append(out.Data, x)
	}
	return out, nil
}

func (c *call) version() (ingest.Version, error) {
	return c.s.Desk.Version(c, c.scope, c.id(), c.number("k"))
}

// number reads a number of the path; 0, which nothing has, where it is none.
func (c *call) number(name string) int64 {
	n, err := strconv.ParseInt(c.path(name), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func (c *call) versionOriginal() (any, error) {
	v, err := c.version()
	if err != nil {
		return nil, err
	}
	return nil, c.save(v.SHA256, v.Size, v.Name)
}

func (c *call) versionPage() (any, error) {
	v, err := c.version()
	if err != nil {
		return nil, err
	}
	return nil, c.png(v.SHA256)
}

type versionText struct {
	Pages []string `json:"pages"`
}

func (c *call) versionText() (any, error) {
	pages, _, err := c.s.Desk.Words(c, c.scope, c.id(), c.number("k"))
	return versionText{pages}, err
}

type putBack struct {
	Note  string `json:"note,omitempty"`
	Force bool   `json:"force,omitempty" doc:"also where somebody else is working on it"`
}

func (c *call) restoreVersion() (any, error) {
	in, err := decode[putBack](c)
	if err != nil {
		return nil, err
	}
	since, err := c.ifMatch()
	if err != nil {
		return nil, err
	}
	if err := c.s.Desk.PutBack(c, c.scope, c.id(), c.number("k"), in.Note, since, in.Force); err != nil {
		return nil, err
	}
	return c.again()
}

type comparison struct {
	Facts   []factChange `json:"facts" doc:"facts of papers that have another value"`
	Figures []factChange `json:"figures" doc:"amounts, numbers and days that are others in a line that is alike; name is what stands before them"`
	Rows    []diffRow    `json:"rows" doc:"lines side by side, with a few equal ones around what differs"`
	Same    bool         `json:"same" doc:"the words are equal"`
	Cut     bool         `json:"cut" doc:"not all words were compared, or are shown"`
}

type factChange struct {
	Paper  int    `json:"paper"`
	Name   string `json:"name"`
	Before string `json:"before"`
	After  string `json:"after"`
}

type diffRow struct {
	Op    string        `json:"op" enum:"same,changed,gone,new,gap"`
	A     int           `json:"a" doc:"line from 1, 0 where it is not there"`
	B     int           `json:"b"`
	Left  []ingest.Span `json:"left"`
	Right []ingest.Span `json:"right"`
	Lines int           `json:"lines" doc:"left out, of a gap"`
}

func changes(in []ingest.FactChange) []factChange {
	out := []factChange{}
	for _, f := range in {
		out = append(out, factChange(f))
	}
	return out
}

func (c *call) compare() (any, error) {
	q := c.r.URL.Query()
	var no [2]int64
	for i, name := range []string{"from", "to"} {
		n, err := strconv.ParseInt(q.Get(name), 10, 64)
		if err != nil || n < 1 {
			return nil, record.FieldError(name, "error.required")
		}
		no[i] = n
	}
	cmp, err := c.s.Desk.Compare(c, c.scope, c.id(), no[0], no[1])
	if err != nil {
		return nil, err
	}
	out := comparison{Facts: changes(cmp.Facts), Figures: changes(cmp.Figures), Rows: []diffRow{}, Same: cmp.Same, Cut: cmp.Cut}
	for _, r := range cmp.Rows {
		out.Rows = append(out.Rows, diffRow{r.Op, r.A, r.B, append([]ingest.Span{}, r.Left...), append([]ingest.Span{}, r.Right...), r.Lines})
	}
	return out, nil
}

type checkout struct {
	Until  record.Date `json:"until" doc:"the last day of it"`
	Reason string      `json:"reason,omitempty"`
	Force  bool        `json:"force,omitempty" doc:"also where somebody else is"`
}

func (c *call) checkout() (any, error) {
	in, err := decode[checkout](c)
	if err != nil {
		return nil, err
	}
	if err := c.s.Desk.Take(c, c.scope, c.id(), in.Until, in.Reason, in.Force); err != nil {
		return nil, err
	}
	return c.again()
}

// attachment names what is sent as something to save, never to open in the app's own origin.
func attachment(h http.Header, name string) {
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
}
