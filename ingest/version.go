package ingest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"unicode/utf8"

	"guike"
	"guike/blob"
	"guike/paper"
	"guike/queue"
	"guike/record"
	"guike/store"
)

// A document's file may give way to another. The document stays what it is: its id, its links, its place, what was said of it. Each file that it has been stays
// too, under its hash, with what was read of it.

const (
	mostVersions = 1000 // of one document
	mostNote     = 500  // characters
)

// A Version is one of the files that a document has been, numbered from 1; the last is what it is now.
type Version struct {
	No     int64
	SHA256 string
	Size   int64
	Name   string
	Mime   string
	Pages  int64
	Note   string
	Of     int64     // the version that was put back with it; 0 where it came as a file
	By     record.ID // who put it there
	At     record.Time

	text, reading string
	step          int64
}

// A Replacement is a file that is to take a document's place. Its bytes are kept already.
type Replacement struct {
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"`
	Name   string `json:"name"`
	Note   string `json:"note"`
	Force  bool   `json:"force"` // also where somebody else is working on the document

	Since int64 `json:"-"` // version of the record that the caller saw
	of    int64
}

// Lay keeps the bytes of a file that is to take a document's place. Nothing but bytes is kept before Replace.
func (d *Desk) Lay(ctx context.Context, sc record.Scope, id record.ID, name string, r io.Reader) (Replacement, error) {
	var out Replacement
	// The patch is empty: this asks whether the caller may change it.
	if err := d.DB.Tx(ctx, sc, func(tx *store.Tx) error {
		_, err := tx.Update(ctx, "document", id, store.Patch{})
		return err
	}); err != nil {
		return out, err
	}
	sum, size, err := d.Blobs.Put(ctx, &io.LimitedReader{R: r, N: paper.MaxFile + 1})
	switch {
	case err != nil:
		return out, fmt.Errorf("keep %s: %w", name, err)
	case size > paper.MaxFile:
		return out, &record.Error{Code: record.TooLarge, Message: "error.file_too_large", Fields: map[string]string{"limit": fmt.Sprint(paper.MaxFile)}}
	case size == 0:
		return out, record.FieldError("file", "error.empty_file")
	}
	return Replacement{SHA256: sum, Size: size, Name: paper.CleanName(name)}, nil
}

// Replace puts a file in a document's place and has it read. It fails with Conflict where somebody else is working on the document, unless forced, and where the
// file is here already: as it is now, or in another document.
func (d *Desk) Replace(ctx context.Context, sc record.Scope, id record.ID, r Replacement) error {
	if utf8.RuneCountInString(r.Note) > mostNote {
		return record.FieldError("note", "error.too_long")
	}
	return d.DB.Tx(ctx, sc, func(tx *store.Tx) error {
		rec, err := tx.Update(ctx, "document", id, store.Patch{})
		if err != nil {
			return err
		}
		doc := rec.(*guike.Document)
		if err := d.free(ctx, tx, doc, r.Force); err != nil {
			return err
		}
		if doc.SHA256 == r.SHA256 {
			return record.Errorf(record.Conflict, "error.version_same")
		}
		if doc.Edition >= mostVersions {
			return record.Errorf(record.Conflict, "error.version_many")
		}
		if err := d.elsewhere(ctx, tx, doc, r.SHA256); err != nil {
			return err
		}
		if err := shelve(ctx, tx, doc); err != nil {
			return err
		}
		now := Version{No: doc.Edition + 1, SHA256: r.SHA256, Size: r.Size, Name: r.Name, Note: strings.TrimSpace(r.Note), Of: r.of, By: sc.User, At: tx.At()}
		if err := enter(ctx, tx, id, now); err != nil {
			return err
		}
		text := record.TextValue
		values := map[string]record.Value{"edition": record.NumberValue(now.No), "sha256": text(r.SHA256), "size": record.NumberValue(r.Size), "name": text(ending(doc.Name, r.Name)),
			"mime": text(""), "pages": record.NumberValue(0), "text": text(""), "step": record.NumberValue(0), "state": text(guike.DocReceived), "reason": text(""), "detail": text("")}
		if doc.Path != "" && path.Ext(r.Name) != "" && !strings.EqualFold(path.Ext(doc.Path), path.Ext(r.Name)) {
			if values["path"], err = moved(ctx, tx, doc, r.Name); err != nil {
				return err
			}
		}
		if doc.TakenBy != "" && (doc.TakenBy == sc.User || !doc.Taken(d.today(tx))) {
			back(values) // his work is done
		}
		if _, err := tx.Update(ctx, "document", id, store.Patch{Values: values, Since: r.Since}); err != nil {
			return err
		}
		_, err = queue.Add(ctx, tx, queue.New{Queue: ReadQueue, Title: "job.read", Args: readJob{id}})
		return err
	})
}

// PutBack makes an earlier version a document's file again, as one more version: none is lost.
func (d *Desk) PutBack(ctx context.Context, sc record.Scope, id record.ID, no int64, note string, since int64, force bool) error {
	v, err := d.Version(ctx, sc, id, no)
	if err != nil {
		return err
	}
	return d.Replace(ctx, sc, id, Replacement{SHA256: v.SHA256, Size: v.Size, Name: v.Name, Note: note, Force: force, Since: since, of: no})
}

// elsewhere fails where a file is another document already, or was.
func (d *Desk) elsewhere(ctx context.Context, tx *store.Tx, doc *guike.Document, sum string) error {
	var other record.ID
	err := tx.One(ctx, "SELECT id FROM documents WHERE sha256 = ? AND deleted_at IS NULL", []any{sum}, (*string)(&other))
	if record.Is(err, record.NotFound) {
		other, err = d.earlier(ctx, tx, sum)
	}
	if err != nil || other == "" || other == doc.ID {
		return err
	}
	titles, err := tx.Titles(ctx, tx.Scope(), "document", []record.ID{other})
	if err != nil {
		return err
	}
	e := &record.Error{Code: record.Conflict, Message: "error.version_known"}
	if t, ok := titles[other]; ok {
		e.Fields = map[string]string{"document": string(other), "title": t}
	}
	return e
}

// earlier finds the document that was a file before; "" where none was.
func (d *Desk) earlier(ctx context.Context, tx *store.Tx, sum string) (record.ID, error) {
	var id record.ID
	err := tx.One(ctx, "SELECT d.id FROM editions e JOIN documents d ON d.id = e.document WHERE e.sha256 = ? AND d.deleted_at IS NULL ORDER BY d.n LIMIT 1", []any{sum}, (*string)(&id))
	if record.Is(err, record.NotFound) {
		return "", nil
	}
	return id, err
}

// shelve keeps what was read of a document's file before it gives way. The first has no row until then.
func shelve(ctx context.Context, tx *store.Tx, doc *guike.Document) error {
	if doc.Edition <= 1 {
		if err := enter(ctx, tx, doc.ID, first(doc)); err != nil {
			return err
		}
	}
	reading := doc.Reading
	if st, err := stored(doc); err != nil {
		return err
	} else if !st.of(doc) {
		reading = ""
	}
	_, err := tx.Exec(ctx, `UPDATE editions SET mime = ?, pages = ?, "text" = ?, reading = ?, step = ? WHERE document = ? AND no = ?`,
		doc.Mime, doc.Pages, doc.Text, reading, doc.Step, string(doc.ID), doc.Edition)
	return err
}

// first is a document's only file.
func first(doc *guike.Document) Version {
	return Version{No: 1, SHA256: doc.SHA256, Size: doc.Size, Name: doc.Name, By: doc.Owner, At: doc.CreatedAt}
}

func enter(ctx context.Context, tx *store.Tx, id record.ID, v Version) error {
	_, err := tx.Exec(ctx, `INSERT INTO editions (document, no, sha256, size, name, note, "of", by_user, at, mime, pages, "text", reading, step) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '', 0, '', '', 0)`,
		string(id), v.No, v.SHA256, v.Size, v.Name, v.Note, v.Of, string(v.By), int64(v.At))
	return err
}

// ending gives a name the ending of another.
func ending(name, other string) string {
	if path.Ext(other) == "" {
		return name
	}
	return strings.TrimSuffix(name, path.Ext(name)) + path.Ext(other)
}

// moved is a document's place in the cabinet with the ending of another file, or with its id before that where the place is taken.
func moved(ctx context.Context, tx *store.Tx, doc *guike.Document, name string) (record.Value, error) {
	ext := strings.ToLower(path.Ext(name))
	to := ending(doc.Path, ext)
	var n int64
	err := tx.One(ctx, "SELECT count(*) FROM documents WHERE path = ? AND deleted_at IS NULL AND id <> ?", []any{to, string(doc.ID)}, &n)
	if n > 0 {
		to = strings.TrimSuffix(to, ext) + "_" + string(doc.ID) + ext
	}
	return record.TextValue(to), err
}

// Versions answers the files that a document has been, the newest first.
func (d *Desk) Versions(ctx context.Context, sc record.Scope, id record.ID) ([]Version, error) {
	rec, err := d.DB.Get(ctx, sc, "document", id)
	if err != nil {
		return nil, err
	}
	doc := rec.(*guike.Document)
	var out []Version
	if err := d.DB.Each(ctx, `SELECT no, sha256, size, name, note, "of", by_user, at, mime, pages, "text", reading, step FROM editions WHERE document = ? AND no <= ? ORDER BY no DESC`,
		[]any{string(id), doc.Edition}, func(rows store.Rows) error {
			var v Version
			err := rows.Scan(&v.No, &v.SHA256, &v.Size, &v.Name, &v.Note, &v.Of, (*string)(&v.By), (*int64)(&v.At), &v.Mime, &v.Pages, &v.text, &v.reading, &v.step)
			out = append(out, v)
			return err
		}); err != nil {
		return nil, err
	}
	if len(out) == 0 {
		out = []Version{first(doc)}
	}
	now := &out[0]
	now.Mime, now.Pages, now.text, now.step = doc.Mime, doc.Pages, doc.Text, doc.Step
	if st, err := stored(doc); err == nil && st.of(doc) {
		now.reading = doc.Reading
	}
	return out, nil
}

// Version answers one of a document's files.
func (d *Desk) Version(ctx context.Context, sc record.Scope, id record.ID, no int64) (Version, error) {
	vs, err := d.Versions(ctx, sc, id)
	for _, v := range vs {
		if v.No == no {
			return v, nil
		}
	}
	if err == nil {
		err = record.Errorf(record.NotFound, "error.not_found")
	}
	return Version{}, err
}

// Words answers what a version says, page by page, and the papers read of it. One that gave way before it was read is read now.
func (d *Desk) Words(ctx context.Context, sc record.Scope, id record.ID, no int64) ([]string, Stored, error) {
	v, err := d.Version(ctx, sc, id, no)
	if err != nil {
		return nil, Stored{}, err
	}
	if v.step == 0 {
		if err := d.readVersion(ctx, id, &v); err != nil {
			return nil, Stored{}, err
		}
	}
	st, err := stored(&guike.Document{Reading: v.reading})
	return strings.Split(v.text, pageBreak), st, err
}

// readVersion reads a file that is not, or not yet, on file with its words; those of an earlier one are kept.
func (d *Desk) readVersion(ctx context.Context, id record.ID, v *Version) error {
	data, err := blob.ReadAll(ctx, d.Blobs, v.SHA256, paper.MaxFile)
	if err != nil {
		return err
	}
	c, err := d.company(ctx)
	if err != nil {
		return err
	}
	lore, err := d.lore(ctx)
	if err != nil {
		return err
	}
	r, err := d.Pool.ReadBy(ctx, v.Name, data, "", c, lore)
	var re *paper.ReadError
	if errors.As(err, &re) {
		return &record.Error{Code: record.Conflict, Message: "error.version_unreadable", Fields: map[string]string{"version": fmt.Sprint(v.No), "reason": re.Code}, Err: re}
	}
	if err != nil {
		return err
	}
	if v.text, v.reading, err = said(r); err != nil {
		return err
	}
	v.Mime, v.Pages, v.step = r.Mime, int64(len(r.Pages)), Step
	return d.DB.Tx(ctx, record.SystemScope("read"), func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE editions SET mime = ?, pages = ?, "text" = ?, reading = ?, step = ? WHERE document = ? AND no = ? AND step = 0`,
			v.Mime, v.Pages, v.text, v.reading, v.step, string(id), v.No)
		return err
	})
}

// said are a reading's words and papers as they are kept of an earlier file.
func said(r paper.Reading) (text, reading string, err error) {
	st := Stored{Plain: r.Plain, Cut: r.Cut}
	var all []string
	for _, p := range r.Pages {
		st.Pages = append(st.Pages, Sheet{Page: p.Page, Width: p.Width, Height: p.Height})
		all = append(all, p.Text)
	}
	for i, p := range r.Papers {
		p.Answers = nil
		st.Papers = append(st.Papers, Filed{No: i + 1, Paper: p})
	}
	b, err := json.Marshal(st)
	return paper.Clip(strings.Join(all, pageBreak), paper.MaxText+paper.MaxTextPages), string(b), err
}
