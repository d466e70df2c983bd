// Package bulk changes many records at once: fields, categories, the trash. Each is an operation that is remembered, runs as a job in the name and within the
// rights of who asked, and can be taken back: what somebody changed since stays and is listed.
package bulk

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"guike"
	"guike/queue"
	"guike/record"
	"guike/store"
)

// A Change says which records, and what becomes of them.
type Change struct {
	Filter  record.Filter              `json:"filter"`
	Words   string                     `json:"q,omitempty"`
	IDs     []record.ID                `json:"ids,omitempty"`  // instead of filter and words
	Not     []record.ID                `json:"not,omitempty"`  // all the filter keeps but these
	Edit    map[string]json.RawMessage `json:"edit,omitempty"` // members as a PATCH has them
	Set     map[string][]string        `json:"set,omitempty"`  // dimensions: categories by id, as a person decides
	Release []string                   `json:"release,omitempty"`
	Trash   bool                       `json:"trash,omitempty"`
	Restore bool                       `json:"restore,omitempty"`
}

// Queue is the queue of this room's jobs.
const Queue = "bulk"

// MaxIDs bounds records that are picked one by one; whoever wants more says by a filter which.
const MaxIDs = 10_000

// verb names what a change does; exactly one thing.
func (c *Change) verb() (string, error) {
	var verbs []string
	for v, is := range map[string]bool{guike.OperationEdit: len(c.Edit) > 0, guike.OperationClassify: len(c.Set)+len(c.Release) > 0, guike.OperationTrash: c.Trash, guike.OperationRestore: c.Restore} {
		if is {
			verbs = append(verbs, v)
		}
	}
	if len(verbs) != 1 {
		return "", record.Errorf(record.Invalid, "error.one_change")
	}
	if len(c.IDs) > MaxIDs || len(c.Not) > MaxIDs {
		return "", record.FieldError("ids", "error.list_too_long")
	}
	return verbs[0], nil
}

func (c *Change) query(kind string) store.Query {
	f := c.Filter
	if c.IDs != nil {
		f = record.Where("id", "in", c.IDs)
	}
	if len(c.Not) > 0 {
		not := record.Where("id", "in", c.Not)
		f = record.All(f, record.Filter{Not: &not})
	}
	return store.Query{Kind: kind, Filter: f, Words: c.Words, Trash: c.Restore}
}

// Begin records an operation and adds its job. It fails where the change could be done to no record: a field that is not there, a value that is none.
func Begin(ctx context.Context, db *store.DB, sc record.Scope, kind string, c Change) (*guike.Operation, error) {
	verb, err := c.verb()
	if err != nil {
		return nil, err
	}
	if c.Words != "" {
		if c.IDs, err = found(ctx, db, sc, c.query(kind)); err != nil {
			return nil, err
		}
		c.Filter, c.Words, c.Not = record.Filter{}, "", nil
	}
	total, _, err := db.Count(ctx, sc, c.query(kind), nil)
	if err != nil {
		return nil, err
	}
	what, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	filter, err := json.Marshal(c.query(kind).Filter)
	if err != nil {
		return nil, err
	}
	var o *guike.Operation
	err = db.Tx(ctx, sc, func(tx *store.Tx) error {
		k := tx.Catalogue().Kind(kind)
		if k == nil || k.Verbs {
			return record.Errorf(record.NotFound, "error.no_such_kind")
		}
		if _, err := c.patch(tx, k, sc); err != nil {
			return err
		}
		o = &guike.Operation{Of: kind, Verb: verb, Filter: string(filter), Words: c.Words, What: string(what), State: guike.OperationRunning, Total: total}
		o.Owner, o.Department = sc.User, sc.Home
		house := tx.As(sc.House())
		if err := house.Create(ctx, o); err != nil {
			return err
		}
		return begin(ctx, house, o, "job.bulk", args{Operation: o.ID, Scope: sc}, nil)
	})
	return o, err
}

func begin(ctx context.Context, tx *store.Tx, o *guike.Operation, title string, a args, values map[string]record.Value) error {
	job, err := queue.Add(ctx, tx, queue.New{Queue: Queue, Title: title, Args: a})
	if err != nil {
		return err
	}
	patch := map[string]record.Value{"job": record.TextValue(job)}
	maps.Copy(patch, values)
	r, err := tx.Update(ctx, "operation", o.ID, store.Patch{Values: patch})
	if err == nil {
		*o = *r.(*guike.Operation)
	}
	return err
}

// patch is what each record gets.
func (c *Change) patch(tx *store.Tx, k *record.Kind, sc record.Scope) (store.Patch, error) {
	p := store.Patch{Values: map[string]record.Value{}, Decisions: map[string]record.Decision{}}
	for name, raw := range c.Edit {
		f := k.Field(name)
		switch {
		case f == nil || !sc.Sees(k.Name, f):
			return p, record.FieldError(name, "error.no_such_field")
		case f.Type == record.Category:
			return p, record.FieldError(name, "error.use_classify")
		case f.IsSystem() && name != "status":
			return p, record.FieldError(name, "error.read_only")
		}
		v, err := f.Parse(raw)
		if err != nil {
			return p, record.FieldError(name, err.Error())
		}
		p.Values[name] = v
	}
	dimension := func(name string) (*record.Field, error) {
		f := k.Field(name)
		if f == nil || f.Type != record.Category || !sc.Sees(k.Name, f) {
			return nil, record.FieldError(name, "error.no_such_field")
		}
		return f, nil
	}
	for name, ids := range c.Set {
		f, err := dimension(name)
		if err != nil {
			return p, err
		}
		var ns []int64
		for _, id := range ids {
			cat := tx.Catalogue().Category(f.Dimension, id)
			if cat == nil || cat.Retired {
				return p, record.FieldError(name, "error.no_such_category")
			}
			ns = append(ns, cat.N)
		}
		slices.Sort(ns)
		switch {
		case f.Multi:
			p.Values[name] = record.Several(slices.Compact(ns))
		case len(ns) == 0:
			p.Values[name] = record.Absent
		case len(ns) == 1:
			p.Values[name] = record.NumberValue(ns[0])
		default:
			return p, record.FieldError(name, "error.one_category")
		}
		p.Decisions[name] = record.Decision{Origin: "person", Confidence: 1, By: sc.User}
	}
	for _, name := range c.Release {
		if _, err := dimension(name); err != nil {
			return p, err
		}
		// Its value goes, and the classifier, who follows, decides anew.
		p.Decisions[name] = record.Decision{Origin: "none"}
	}
	return p, nil
}

// found lists the records of words, which have no order that a job could walk.
func found(ctx context.Context, db *store.DB, sc record.Scope, q store.Query) ([]record.ID, error) {
	ids := []record.ID{}
	for q.Limit = store.MaxPage; ; {
		p, err := db.List(ctx, sc, q)
		if err != nil {
			return nil, err
		}
		for _, r := range p.Records {
			ids = append(ids, r.Head().ID)
		}
		if len(ids) > MaxIDs {
			return nil, record.FieldError("q", "error.list_too_long")
		}
		if q.Cursor = p.Next; p.Next == "" {
			return ids, nil
		}
	}
}
