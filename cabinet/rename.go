package cabinet

import (
	"context"
	"encoding/json"
	"time"

	"guike"
	"guike/queue"
	"guike/record"
	"guike/store"
)

// Queue is the queue of the job that renames documents.
const Queue = "cabinet"

// A Reader reads: a database, or a transaction of it.
type Reader interface {
	List(ctx context.Context, sc record.Scope, q store.Query) (store.Page, error)
	Titles(ctx context.Context, sc record.Scope, kind string, ids []record.ID) (map[record.ID]string, error)
}

// A Namer makes documents' names in the cabinet by a template.
type Namer struct {
	Setting string // that holds the template
	Usual   string // the template where none is set
	Check   func(template string) error
	// Rename offers each document names, in order, until take has one.
	Rename func(ctx context.Context, r Reader, zone *time.Location, template string, docs []*guike.Document, take func(doc *guike.Document, name string) (bool, error)) error
}

// Limits of a preview: all the documents of most workspaces; of larger ones the first, which it says.
const (
	previewed = 20_000
	shown     = 50
)

// named keeps those that have a name: what is not read yet gets its own when it is.
var named = record.Where("path", "present", nil)

// A Renamed document, before and after.
type Renamed struct {
	Document record.ID `json:"id"`
	Old      string    `json:"old"`
	New      string    `json:"new"`
	Clash    bool      `json:"clash" doc:"another has the name: a number stands behind it"`
}

// A Preview says what a template would rename.
type Preview struct {
	Total   int64     `json:"total" doc:"documents that have a name"`
	Looked  int64     `json:"looked" doc:"at so many of them"`
	Changed int64     `json:"changed"`
	Clashes int64     `json:"clashes" doc:"that get a number, since another has the name"`
	Rows    []Renamed `json:"rows" doc:"the first that would change"`
}

// PreviewNames says what a template would rename, without writing: the job does the same in the same order. With sample it looks at so many alone.
func PreviewNames(ctx context.Context, db *store.DB, sc record.Scope, n Namer, template string, sample int) (Preview, error) {
	out := Preview{Rows: []Renamed{}}
	if !sc.Admin {
		return out, record.Errorf(record.Denied, "error.denied")
	}
	if err := n.Check(template); err != nil {
		return out, err
	}
	cat, err := db.Catalogue(ctx, false)
	if err != nil {
		return out, err
	}
	sys := record.SystemScope("name")
	q := store.Query{Kind: "document", Filter: named}
	if out.Total, _, err = db.Count(ctx, sys, q, nil); err != nil {
		return out, err
	}
	most := previewed
	if sample > 0 {
		most = min(sample, shown)
	}
	var docs []*guike.Document
	holder, has := map[string]record.ID{}, map[record.ID]string{}
	for at := int64(0); len(docs) < most; {
		recs, err := db.After(ctx, sys, q, at, min(queue.Batch(db), most-len(docs)))
		if err != nil {
			return out, err
		}
		if len(recs) == 0 {
			break
		}
		for _, r := range recs {
			d := r.(*guike.Document)
			docs, at = append(docs, d), d.N
			holder[d.Path], has[d.ID] = d.ID, d.Path
		}
	}
	out.Looked = int64(len(docs))
	for len(docs) > 0 {
		batch := docs[:min(queue.Batch(db), len(docs))]
		docs = docs[len(batch):]
		clash := map[record.ID]bool{}
		if err := n.Rename(ctx, db, cat.Zone, template, batch, func(d *guike.Document, name string) (bool, error) {
			if h, taken := holder[name]; taken && h != d.ID {
				clash[d.ID] = true
				return false, nil
			}
			delete(holder, has[d.ID])
			holder[name], has[d.ID] = d.ID, name
			return true, nil
		}); err != nil {
			return out, err
		}
		for _, d := range batch {
			if clash[d.ID] {
				out.Clashes++
			}
			if has[d.ID] == d.Path && sample == 0 {
				continue
			}
			if has[d.ID] != d.Path {
				out.Changed++
			}
			if len(out.Rows) < shown {
				out.Rows = append(out.Rows, Renamed{d.ID, d.Path, has[d.ID], clash[d.ID]})
			}
		}
	}
	return out, nil
}

// renaming is the job's arguments: in whose name it works, and how far it is.
type renaming struct {
	Operation record.ID    `json:"operation"`
	Scope     record.Scope `json:"scope"`
	N         int64        `json:"n,omitempty"`
	Changed   int64        `json:"changed,omitempty"`
	Same      int64        `json:"same,omitempty"`
}

// RenameAll sets the template and has all documents renamed by a job, as one operation that can be taken back with the template.
func RenameAll(ctx context.Context, db *store.DB, sc record.Scope, n Namer, template string) (*guike.Operation, error) {
	if !sc.Admin {
		return nil, record.Errorf(record.Denied, "error.denied")
	}
	if err := n.Check(template); err != nil {
		return nil, err
	}
	total, _, err := db.Count(ctx, record.SystemScope("name"), store.Query{Kind: "document", Filter: named}, nil)
	if err != nil {
		return nil, err
	}
	var o *guike.Operation
	err = db.Tx(ctx, sc.House(), func(tx *store.Tx) error {
		var running int64
		if err := tx.One(ctx, "SELECT count(*) FROM operations WHERE verb = ? AND state IN ('running', 'undoing') AND deleted_at IS NULL", []any{guike.OperationRename}, &running); err != nil {
			return err
		}
		if running > 0 {
			return record.Errorf(record.Conflict, "error.renaming")
		}
		was := tx.Catalogue().Settings[n.Setting]
		if was == "" {
			was = n.Usual
		}
		what, err := json.Marshal(guike.SettingChange{Setting: n.Setting, From: was, To: template})
		if err != nil {
			return err
		}
		o = &guike.Operation{Of: "document", Verb: guike.OperationRename, What: string(what), State: guike.OperationRunning, Total: total}
		o.Owner, o.Department = sc.User, sc.Home
		if err := tx.Create(ctx, o); err != nil {
			return err
		}
		if err := tx.Set(ctx, n.Setting, template); err != nil {
			return err
		}
		job, err := queue.Add(ctx, tx, queue.New{Queue: Queue, Title: "job.rename", Args: renaming{Operation: o.ID, Scope: sc}})
		if err != nil {
			return err
		}
		o.Job = job
		_, err = tx.Update(ctx, "operation", o.ID, store.Patch{Values: map[string]record.Value{"job": record.TextValue(job)}})
		return err
	})
	return o, err
}

// Handler renames documents, batch by batch, each with the job's place in one transaction.
func Handler(db *store.DB, n Namer) queue.Handler {
	return func(ctx context.Context, t *queue.Task) error {
		var a renaming
		if err := json.Unmarshal(t.Args, &a); err != nil {
			return err
		}
		rec, err := db.Get(ctx, record.SystemScope("name"), "operation", a.Operation)
		if err != nil {
			return err
		}
		o := rec.(*guike.Operation)
		var what guike.SettingChange
		if err := json.Unmarshal([]byte(o.What), &what); err != nil || o.State != guike.OperationRunning {
			return err // done before a kill
		}
		sc := a.Scope.House()
		sc.Cause = record.Cause{Kind: "bulk", ID: string(o.ID), Root: string(o.ID)}
		for {
			recs, err := db.After(ctx, sc, store.Query{Kind: "document", Filter: named}, a.N, queue.Batch(db))
			if err != nil {
				return err
			}
			next := a
			if err := db.Tx(ctx, sc, func(tx *store.Tx) error {
				next = a
				if len(recs) == 0 {
					_, err := tx.Update(ctx, "operation", o.ID, store.Patch{Values: map[string]record.Value{"state": record.TextValue(guike.OperationDone),
						"done": record.NumberValue(a.Changed), "same": record.NumberValue(a.Same)}})
					return err
				}
				docs := make([]*guike.Document, len(recs))
				for i, r := range recs {
					docs[i] = r.(*guike.Document)
					next.N = docs[i].N
				}
				if err := n.Rename(ctx, tx, tx.Catalogue().Zone, what.To, docs, func(d *guike.Document, name string) (bool, error) {
					if name == d.Path {
						next.Same++
						return true, nil
					}
					var others int64
					if err := tx.One(ctx, "SELECT count(*) FROM documents WHERE path = ? AND deleted_at IS NULL AND id <> ?", []any{name, string(d.ID)}, &others); err != nil || others > 0 {
						return false, err
					}
					next.Changed++
					_, err := tx.Update(ctx, "document", d.ID, store.Patch{Values: map[string]record.Value{"path": record.TextValue(name)}})
					if record.Is(err, record.NotFound) || record.Is(err, record.Denied) {
						return true, nil // gone meanwhile
					}
					return true, err
				}); err != nil {
					return err
				}
				return t.Checkpoint(ctx, tx, next)
			}); err != nil {
				return err
			}
			if a = next; len(recs) == 0 {
				return nil
			}
			if err := t.Progress(ctx, a.Changed+a.Same, max(a.Changed+a.Same, o.Total)); err != nil {
				return err
			}
		}
	}
}
