package ingest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"guike"
	"guike/blob"
	"guike/paper"
	"guike/record"
	"guike/store"
)

// What a person does with what was learnt: change it, let it rest, take it away and back, try it on what is on file.

const (
	mostTried = 200             // documents that a lesson is tried on, the newest
	tryBatch  = 20              // of them in one answer
	tryFor    = 6 * time.Second // after which an answer goes with what it has: a scan takes seconds
)

// mayTeach fails where somebody may not change what papers are read by: it changes how everybody's are.
func mayTeach(sc record.Scope) error {
	if sc.For("document").Update != record.Everything {
		return record.Errorf(record.Denied, "error.denied")
	}
	return nil
}

// EditLesson changes a lesson's label, pauses it or lets it go on; one that was let alone for being wrong begins anew.
func (d *Desk) EditLesson(ctx context.Context, sc record.Scope, id record.ID, label *string, paused *bool) error {
	if err := mayTeach(sc); err != nil {
		return err
	}
	v := map[string]record.Value{}
	if label != nil {
		s := strings.Trim(paper.Fold(*label), ":")
		if !paper.LabelLike(s) {
			return record.FieldError("label", "error.label")
		}
		v["label"] = record.TextValue(s)
	}
	return d.DB.Tx(ctx, house(sc), func(tx *store.Tx) error {
		held, err := tx.Lock(ctx, "lesson", []record.ID{id})
		if err != nil {
			return err
		}
		if len(held) == 0 || held[0].Head().DeletedAt != 0 {
			return record.Errorf(record.NotFound, "error.not_found")
		}
		l := held[0].(*guike.Lesson)
		if paused != nil {
			v["paused"] = record.NumberValue(0)
			if *paused {
				v["paused"] = record.NumberValue(1)
			} else if l.Contradicted > l.Confirmed {
				v["contradicted"] = record.NumberValue(0)
			}
		}
		_, err = tx.UpdateLocked(ctx, "lesson", held, func(record.Record) (store.Patch, error) { return store.Patch{Values: v}, nil })
		return err
	})
}

// DropLesson puts a lesson into the trash; RestoreLesson takes it out.
func (d *Desk) DropLesson(ctx context.Context, sc record.Scope, id record.ID) error {
	if err := mayTeach(sc); err != nil {
		return err
	}
	return d.DB.Tx(ctx, house(sc), func(tx *store.Tx) error {
		_, err := tx.Delete(ctx, "lesson", id)
		return err
	})
}

// RestoreLesson undoes DropLesson.
func (d *Desk) RestoreLesson(ctx context.Context, sc record.Scope, id record.ID) error {
	if err := mayTeach(sc); err != nil {
		return err
	}
	return d.DB.Tx(ctx, house(sc), func(tx *store.Tx) error {
		_, err := tx.Restore(ctx, "lesson", id)
		return err
	})
}

// A Tried is what a lesson reads from a paper on file, beside what is held of it.
type Tried struct {
	Document record.ID
	Paper    int
	Held     string // the fact as it is kept
	Person   bool   // a person said that it is right
	Found    bool   // the lesson reads something
	Value    string // by the lesson
	Right    bool   // both are the same
}

// TryLesson reads the newest papers on file of a lesson's form by it, in another label's words where one is given, and writes nothing. It answers some, and
// where to go on: the mark is "" at first and at the end. of is how many documents there are to try at most.
func (d *Desk) TryLesson(ctx context.Context, sc record.Scope, id record.ID, label, mark string) (out []Tried, next string, of int64, err error) {
	if err := mayTeach(sc); err != nil {
		return nil, "", 0, err
	}
	rec, err := d.DB.Get(ctx, house(sc), "lesson", id)
	if err != nil {
		return nil, "", 0, err
	}
	l := rec.(*guike.Lesson)
	if label = strings.Trim(paper.Fold(label), ":"); label == "" {
		label = l.Label
	}
	if !paper.LabelLike(label) {
		return nil, "", 0, record.FieldError("label", "error.label")
	}
	for _, f := range sc.Masked["receipt"] {
		if f == l.Fact {
			return nil, "", 0, record.Errorf(record.Denied, "error.denied")
		}
	}
	before, done := int64(math.MaxInt64), 0
	if mark != "" {
		if _, err := fmt.Sscanf(mark, "%d.%d", &before, &done); err != nil || done < 0 {
			return nil, "", 0, record.FieldError("after", "error.cursor")
		}
	}
	lore, err := d.loreWith(ctx, l, label)
	if err != nil {
		return nil, "", 0, err
	}
	c, err := d.company(ctx)
	if err != nil {
		return nil, "", 0, err
	}
	if err := d.DB.One(ctx, "SELECT count(*) FROM documents WHERE form = ? AND deleted_at IS NULL", []any{l.Key}, &of); err != nil {
		return nil, "", 0, err
	}
	of = min(of, mostTried)
	var ids []record.ID
	var ns []int64
	if err := d.DB.Each(ctx, "SELECT id, n FROM documents WHERE form = ? AND deleted_at IS NULL AND n < ? ORDER BY n DESC LIMIT ?", []any{l.Key, before, min(tryBatch, mostTried-min(done, mostTried))}, func(rows store.Rows) error {
		var id string
		var n int64
		err := rows.Scan(&id, &n)
		ids, ns = append(ids, record.ID(id)), append(ns, n)
		return err
	}); err != nil {
		return nil, "", 0, err
	}
	began := time.Now()
	for i, doc := range ids {
		if i > 0 && time.Since(began) > tryFor {
			break
		}
		some, err := d.try(ctx, sc, doc, l, lore, c)
		if err != nil {
			return nil, "", 0, err
		}
		out = append(out, some...)
		done++
		next = strconv.FormatInt(ns[i], 10) + "." + strconv.Itoa(done)
	}
	if len(ids) == 0 || int64(done) >= of {
		next = ""
	}
	return out, next, of, nil
}

// loreWith is what papers are read by, with one lesson trusted most, in another label's words.
func (d *Desk) loreWith(ctx context.Context, l *guike.Lesson, label string) (paper.Lore, error) {
	lore, err := d.lore(ctx)
	if err != nil {
		return lore, err
	}
	for i := range lore.Taught {
		t := &lore.Taught[i]
		for k := range t.Lessons {
			if t.Lessons[k].ID == string(l.ID) {
				t.Lessons = append(t.Lessons[:k], t.Lessons[k+1:]...)
				break
			}
		}
	}
	f, err := formOf(l)
	one := lesson(l)
	one.Label, one.Trust = label, 1
	lore.Taught = append(lore.Taught, paper.Taught{Form: f, Lessons: []paper.Lesson{one}})
	return lore, err
}

// try reads one document by a lesson. One that the caller does not see, or that cannot be read now, is left out.
func (d *Desk) try(ctx context.Context, sc record.Scope, id record.ID, l *guike.Lesson, lore paper.Lore, c paper.Company) (out []Tried, err error) {
	rec, err := d.DB.Get(ctx, sc, "document", id)
	if record.Is(err, record.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	doc := rec.(*guike.Document)
	st, err := stored(doc)
	if err != nil {
		return nil, err
	}
	data, err := blob.ReadAll(ctx, d.Blobs, doc.SHA256, paper.MaxFile)
	if err != nil {
		return nil, err
	}
	lore.Cuts = st.Cuts
	r, err := d.Pool.ReadBy(ctx, doc.Name, data, "", c, lore)
	var re *paper.ReadError
	if errors.As(err, &re) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	form, err := formOf(l)
	if err != nil {
		return nil, err
	}
	for _, p := range r.Papers {
		if !form.Like(p.Form, p.Scan) {
			continue
		}
		for _, f := range st.Papers {
			if f.Page != p.Page || f.Box != p.Box {
				continue
			}
			t := Tried{Document: doc.ID, Paper: f.No, Held: f.Fact(l.Fact), Person: f.Person && f.State == PaperFiled}
			for _, x := range p.Facts {
				if x.Name == l.Fact && x.Lesson == string(l.ID) {
					t.Found, t.Value = true, x.Value
				}
			}
			t.Right = t.Found && paper.SayAlike(t.Value, t.Held)
			out = append(out, t)
		}
	}
	return out, nil
}
