// Package ingest takes files in: a file becomes a document, and each paper in it a receipt or a question to a person. What a file says is read by package
// paper.
//
// The Desk, in this file, is what other rooms call. A file comes by upload.go, watch.go or a mail, lies in the blob store under its hash and is read by a job;
// container.go makes documents of what an archive or mail holds, file.go files what was read, correct.go takes a person's answers, cut.go where he parts
// papers, version.go another file in a document's place and compare.go how it differs. learn.go remembers corrections for papers of the same form, told.go
// whether that was right, try.go shows what a lesson does.
package ingest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"

	"guike"
	"guike/blob"
	"guike/paper"
	"guike/queue"
	"guike/record"
	"guike/store"
)

// A Desk takes papers in: it keeps their bytes, has them read, and files what they say or lets it wait for a person.
type Desk struct {
	DB      *store.DB
	Blobs   blob.Store
	Pool    *paper.Pool
	Matcher Matcher
	Uploads string // folder for what has not arrived whole
	holds   holds
}

// A Matcher says which customer a party is. cmd/guike supplies the one of room match.
type Matcher interface {
	Customer(ctx context.Context, tx *store.Tx, p Party) (Link, error)
	Learn(ctx context.Context, tx *store.Tx, customer record.ID, p Party) error
	// Address says whose a mail address is: a customer's, or of one of his contacts. It answers neither where nobody's, or several's.
	Address(ctx context.Context, tx *store.Tx, address string) (customer, contact record.ID, err error)
}

// A Party is what a paper says of one side.
type Party struct{ Name, Account, Bank, TaxID string }

// A Link is the customer a party is, and by what; or who it may be.
type Link struct {
	Customer  record.ID
	By        string
	Proposals []Proposal
}

// A Proposal is a customer that a party may be.
type Proposal struct {
	Customer record.ID `json:"id"`
	Title    string    `json:"title"`
	Reason   string    `json:"reason"`
}

// ReadQueue is the name of the job that reads a document.
const ReadQueue = "read"

type readJob struct {
	Document record.ID `json:"document"`
}

// Keep takes a file in: bytes first, by hash; then the document and the job that reads it, in one transaction. The same bytes again make no second document:
// the arrival is counted, and already is true. Beyond the caller's scope the document's id is not told.
func (d *Desk) Keep(ctx context.Context, sc record.Scope, name, source string, r io.Reader) (doc record.ID, already bool, err error) {
	return d.keep(ctx, sc, name, source, nil, r)
}

// keep is Keep, also for a part of a container: it is owned as that is and lies where that lies, and met again by it, it has not arrived anew.
func (d *Desk) keep(ctx context.Context, sc record.Scope, name, source string, in *guike.Document, r io.Reader) (doc record.ID, already bool, err error) {
	if sc.For("document").Create == record.None {
		return "", false, record.Errorf(record.Denied, "error.denied")
	}
	limited := &io.LimitedReader{R: r, N: paper.MaxFile + 1}
	sum, size, err := d.Blobs.Put(ctx, limited)
	if err != nil {
		return "", false, fmt.Errorf("keep %s: %w", name, err)
	}
	if size > paper.MaxFile {
		return "", false, &record.Error{Code: record.TooLarge, Message: "error.file_too_large", Fields: map[string]string{"limit": fmt.Sprint(paper.MaxFile)}}
	}
	if size == 0 {
		return "", false, record.Errorf(record.Invalid, "error.empty_file")
	}
	keep := func(tx *store.Tx) error {
		doc, already = "", false
		var container string
		if err := tx.One(ctx, "SELECT id, container FROM documents WHERE sha256 = ? AND deleted_at IS NULL", []any{sum}, (*string)(&doc), &container); err == nil {
			already = true
			if in != nil && (record.ID(container) == in.ID || doc == in.ID) {
				return nil
			}
			_, err := tx.As(system("arrival", sc.Cause)).UpdateAll(ctx, "document", []record.ID{doc}, func(r record.Record) (store.Patch, error) {
				n := r.(*guike.Document).Arrivals + 1
				return store.Patch{Values: map[string]record.Value{"arrivals": record.NumberValue(n)}}, nil
			})
			if err != nil {
				return err
			}
			if _, err := tx.Get(ctx, sc, "document", doc); record.Is(err, record.NotFound) {
				doc = ""
			} else if err != nil {
				return err
			}
			return nil
		} else if !record.Is(err, record.NotFound) {
			return err
		}
		// What a document was before another file took its place is here too.
		was, err := d.earlier(ctx, tx, sum)
		if err != nil || was != "" {
			already = err == nil
			if _, seen := tx.Get(ctx, sc, "document", was); seen == nil {
				doc = was
			} else if !record.Is(seen, record.NotFound) {
				return errors.Join(err, seen)
			}
			return err
		}
		n := &guike.Document{Name: paper.CleanName(name), Size: size, SHA256: sum, State: guike.DocReceived, Source: source, Arrivals: 1}
		if in != nil {
			n.Container, n.Owner, n.Department, n.Folder = in.ID, in.Owner, in.Department, in.Folder
		}
		if err := tx.Create(ctx, n); err != nil {
			return err
		}
		doc = n.ID
		_, err = queue.Add(ctx, tx, queue.New{Queue: ReadQueue, Title: "job.read", Args: readJob{n.ID}})
		return err
	}
	if err = d.DB.Tx(ctx, sc, keep); record.Is(err, record.Conflict) {
		err = d.DB.Tx(ctx, sc, keep) // the same bytes came at the same moment; now they are there
	}
	return doc, already, err
}

func system(name string, cause record.Cause) record.Scope {
	sc := record.SystemScope(name)
	if cause.Root != "" {
		sc.Cause = record.Cause{Kind: cause.Kind, ID: cause.ID, Root: cause.Root, Depth: cause.Depth + 1}
	}
	return sc
}

// Step is the version of the reader: a document read by an older one may be read again.
const Step = 4

// Handler reads one document. Read and filed is one transaction: killed before, it is read again; after, there is nothing to do.
func (d *Desk) Handler() queue.Handler {
	return func(ctx context.Context, t *queue.Task) error {
		var j readJob
		if err := json.Unmarshal(t.Args, &j); err != nil {
			return record.FieldError("args", err.Error())
		}
		sc := record.SystemScope("read")
		sc.Cause = record.Cause{Kind: "job", ID: t.ID, Root: t.ID}
		return d.read(ctx, sc, j.Document, "")
	}
}

// read reads a document and files what it says. What cannot be read is no failure of the job: the document says why and waits.
func (d *Desk) read(ctx context.Context, sc record.Scope, id record.ID, password string) error {
	rec, err := d.DB.Get(ctx, sc, "document", id)
	if err != nil {
		return err
	}
	doc := rec.(*guike.Document)
	if doc.DeletedAt != 0 || doc.Step == Step && (doc.State == guike.DocFiled || doc.State == guike.DocWaiting) {
		return nil
	}
	return d.readAs(ctx, sc, doc, password, nil)
}

// readAs is read, cut as a person says now; nil leaves what he said before.
func (d *Desk) readAs(ctx context.Context, sc record.Scope, doc *guike.Document, password string, cutting *Cutting) error {
	id := doc.ID
	st, err := stored(doc)
	if err != nil {
		return err
	}
	said := st.Cutting
	if !st.of(doc) {
		said = Cutting{} // that was another file
	}
	if cutting != nil {
		said = *cutting
	}
	data, err := blob.ReadAll(ctx, d.Blobs, doc.SHA256, paper.MaxFile)
	if err != nil {
		return d.failed(ctx, sc, doc, "missing", err.Error())
	}
	c, err := d.company(ctx)
	if err != nil {
		return err
	}
	lore, err := d.lore(ctx)
	if err != nil {
		return err
	}
	lore.Cuts = said.Cuts
	reading, err := d.Pool.ReadBy(ctx, doc.Name, data, password, c, lore)
	var re *paper.ReadError
	switch {
	case errors.As(err, &re) && cutting != nil:
		return &record.Error{Code: record.Conflict, Message: "error.cut_unread", Err: re} // what was read before stays
	case errors.As(err, &re):
		return d.failed(ctx, sc, doc, re.Code, re.Message)
	case err != nil:
		return fmt.Errorf("read %s: %w", id, err)
	}
	reading.Papers = paper.Join(reading.Papers, said.Joined, c)
	if password != "" && !opened(reading.Parts) {
		return record.FieldError("password", "error.wrong_password")
	}
	if !st.of(doc) {
		st.Parts = nil
	}
	held, err := d.unpack(ctx, sc, doc, reading.Parts, st.Parts)
	if err != nil {
		return fmt.Errorf("unpack %s: %w", id, err)
	}
	return d.DB.Tx(ctx, sc, func(tx *store.Tx) error { return d.file(ctx, tx, doc, reading, held, c, cutting) })
}

func (d *Desk) failed(ctx context.Context, sc record.Scope, read *guike.Document, code, why string) error {
	slog.Info("document not read", "document", read.ID, "reason", code, "detail", why)
	return d.DB.Tx(ctx, sc, func(tx *store.Tx) error {
		if doc, err := still(ctx, tx, read); err != nil || doc == nil {
			return err
		}
		_, err := tx.Update(ctx, "document", read.ID, store.Patch{Values: map[string]record.Value{
			"state": record.TextValue(guike.DocFailed), "reason": record.TextValue(code), "detail": record.TextValue(paper.Clip(why, 500)), "step": record.NumberValue(Step)}})
		return err
	})
}

// company is who the workspace is: its name and own accounts.
func (d *Desk) company(ctx context.Context) (paper.Company, error) {
	cat, err := d.DB.Catalogue(ctx, false)
	if err != nil {
		return paper.Company{}, err
	}
	c := paper.Company{Name: cat.Name}
	err = d.DB.Each(ctx, "SELECT number, holder, bank FROM accounts WHERE own = 1 AND deleted_at IS NULL", nil, func(rows store.Rows) error {
		var number, holder, bank string
		err := rows.Scan(&number, &holder, &bank)
		c.Accounts = append(c.Accounts, number)
		if holder != "" {
			c.Name = holder
		}
		return err
	})
	return c, err
}

// Retry has a document read again: now, where a password is given (it is kept nowhere), else by a job. A wrong password is Invalid.
func (d *Desk) Retry(ctx context.Context, sc record.Scope, id record.ID, password string) error {
	var doc *guike.Document
	if err := d.DB.Tx(ctx, sc, func(tx *store.Tx) error {
		rec, err := tx.Update(ctx, "document", id, store.Patch{Values: map[string]record.Value{"step": record.NumberValue(0)}})
		if err != nil {
			return err
		}
		doc = rec.(*guike.Document)
		if st, err := stored(doc); err != nil {
			return err
		} else if doc.State == guike.DocFiled && (password == "" || !slices.ContainsFunc(st.Parts, func(h Held) bool { return h.Reason == paper.LockedPart })) {
			return record.Errorf(record.Conflict, "error.already_filed")
		}
		if password != "" {
			return nil
		}
		_, err = queue.Add(ctx, tx, queue.New{Queue: ReadQueue, Title: "job.read", Args: readJob{id}})
		return err
	}); err != nil || password == "" {
		return err
	}
	if err := d.read(ctx, system("read", sc.Cause), id, password); err != nil {
		return err
	}
	var reason string
	if err := d.DB.One(ctx, "SELECT reason FROM documents WHERE id = ?", []any{string(id)}, &reason); err != nil {
		return err
	}
	if reason == "password" {
		return record.FieldError("password", "error.wrong_password")
	}
	return nil
}
