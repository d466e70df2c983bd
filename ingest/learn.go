package ingest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"guike"
	"guike/blob"
	"guike/paper"
	"guike/queue"
	"guike/record"
	"guike/store"
)

// LearnQueue is the name of the job that learns from a correction.
const LearnQueue = "learn"

// A learnJob says which facts of a paper a person gave another value.
type learnJob struct {
	Document record.ID `json:"document"`
	Paper    int       `json:"paper"`
	Facts    []string  `json:"facts"`
}

const (
	mostLessons = 1000 // that a paper is read by, the newest
	fewSamples  = 5    // documents of a form that a new label is looked for on
	mostReread  = 200  // waiting documents that are read again by a new lesson
	young       = 0.75 // trust below which a paper waits for a person's look: that of a lesson which one person has confirmed once more
)

// house lets the verb touch lessons; the history still shows the caller.
func house(sc record.Scope) record.Scope {
	sc = sc.House()
	sc.System = true
	return sc
}

// lore is what papers are read by: the lessons that are applied, form by form.
func (d *Desk) lore(ctx context.Context) (paper.Lore, error) {
	var lore paper.Lore
	at := map[string]int{}
	err := d.DB.Each(ctx, `SELECT id, issuer, form, words, fact, label, way, place, places, confirmed, contradicted FROM lessons
		WHERE deleted_at IS NULL AND paused = 0 AND contradicted <= confirmed ORDER BY n DESC LIMIT ?`, []any{mostLessons}, func(rows store.Rows) error {
		var l guike.Lesson
		var id string
		if err := rows.Scan(&id, &l.Issuer, &l.Form, &l.Words, &l.Fact, &l.Label, &l.Way, &l.Place, &l.Places, &l.Confirmed, &l.Contradicted); err != nil {
			return err
		}
		key := l.Issuer + "\n" + l.Form + "\n" + l.Words
		i, ok := at[key]
		if !ok {
			f, err := formOf(&l)
			if err != nil {
				return fmt.Errorf("lesson %s: %w", id, err)
			}
			i = len(lore.Taught)
			at[key] = i
			lore.Taught = append(lore.Taught, paper.Taught{Form: f})
		}
		l.ID = record.ID(id)
		lore.Taught[i].Lessons = append(lore.Taught[i].Lessons, lesson(&l))
		return nil
	})
	return lore, err
}

func formOf(l *guike.Lesson) (paper.Form, error) {
	f := paper.Form{Issuer: l.Issuer, Title: l.Form}
	return f, json.Unmarshal([]byte(l.Words), &f.Words)
}

func lesson(l *guike.Lesson) paper.Lesson {
	return paper.Lesson{ID: string(l.ID), Fact: l.Fact, Label: l.Label, Way: l.Way, Place: int(l.Place), Places: int(l.Places), Trust: l.Trust()}
}

// remember has learnt what a person gave another value than was read.
func (d *Desk) remember(ctx context.Context, tx *store.Tx, doc *guike.Document, f *Filed, facts map[string]string) error {
	if doc.SHA256 == "" {
		return nil
	}
	j := learnJob{Document: doc.ID, Paper: f.No}
	for name, v := range facts {
		if paper.Learnable(name) && v != "" && !paper.SayAlike(f.Fact(name), v) {
			j.Facts = append(j.Facts, name)
		}
	}
	if len(j.Facts) == 0 {
		return nil
	}
	slices.Sort(j.Facts)
	_, err := queue.Add(ctx, tx, queue.New{Queue: LearnQueue, Title: "job.learn", Args: j})
	return err
}

// LearnHandler learns from one correction: the paper is read again, its labels tried, and what reads the person's values is kept. Where nothing does, nothing is.
func (d *Desk) LearnHandler() queue.Handler {
	return func(ctx context.Context, t *queue.Task) error {
		var j learnJob
		if err := json.Unmarshal(t.Args, &j); err != nil {
			return record.FieldError("args", err.Error())
		}
		sc := record.SystemScope("learn")
		sc.User, sc.Cause = t.By, record.Cause{Kind: "job", ID: t.ID, Root: t.ID}
		return d.learn(ctx, sc, t.ID, j)
	}
}

func (d *Desk) learn(ctx context.Context, sc record.Scope, job string, j learnJob) error {
	rec, err := d.DB.Get(ctx, sc, "document", j.Document)
	if record.Is(err, record.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	doc := rec.(*guike.Document)
	st, err := stored(doc)
	if err != nil {
		return err
	}
	if j.Paper < 1 || j.Paper > len(st.Papers) || st.Papers[j.Paper-1].State != PaperFiled {
		return nil
	}
	f := st.Papers[j.Paper-1]
	facts := map[string]string{}
	for _, name := range j.Facts {
		facts[name] = f.Fact(name)
	}
	q := paper.Question{Page: f.Page, Box: f.Box, Facts: facts}
	if q.Others, err = d.others(ctx, doc.ID, f.Paper); err != nil {
		return err
	}
	data, err := blob.ReadAll(ctx, d.Blobs, doc.SHA256, paper.MaxFile)
	if err != nil {
		return err
	}
	c, err := d.company(ctx)
	if err != nil {
		return err
	}
	r, err := d.Pool.ReadBy(ctx, doc.Name, data, "", c, paper.Lore{Ask: []paper.Question{q}, Cuts: st.Cuts})
	var re *paper.ReadError
	if errors.As(err, &re) {
		slog.Info("nothing learnt", "document", doc.ID, "reason", re.Code) // one with a password, say: it was read, and is kept nowhere
		return nil
	}
	if err != nil {
		return err
	}
	i := slices.IndexFunc(r.Papers, func(p paper.Paper) bool { return p.Page == f.Page && p.Box == f.Box })
	if i < 0 || !f.own(r.Papers[i].Form).Known() || len(r.Papers[i].Answers) == 0 {
		return nil
	}
	return d.DB.Tx(ctx, house(sc), func(tx *store.Tx) error { return d.keepLessons(ctx, tx, job, j, r.Papers[i]) })
}

// keepLessons writes what a paper taught. Killed before, it is done again; after, the paper says that it was.
func (d *Desk) keepLessons(ctx context.Context, tx *store.Tx, job string, j learnJob, p paper.Paper) error {
	rec, err := tx.Update(ctx, "document", j.Document, store.Patch{})
	if err != nil {
		return err
	}
	doc := rec.(*guike.Document)
	st, err := stored(doc)
	if err != nil || j.Paper > len(st.Papers) {
		return err
	}
	f := &st.Papers[j.Paper-1]
	if f.State != PaperFiled || f.Learnt == job {
		return nil
	}
	have, err := d.lessonsOf(ctx, tx, p.Form, p.Scan)
	if err != nil {
		return err
	}
	words := f.own(p.Form)
	if len(have) > 0 {
		if words, err = formOf(have[0]); err != nil {
			return err
		}
	}
	f.Learnt = job
	n := len(f.Taught)
	for _, a := range p.Answers {
		if f.Fact(a.Fact) == "" {
			continue
		}
		if err := upsert(ctx, tx, doc, f, words, have, a); err != nil {
			return err
		}
	}
	if len(f.Taught) == n {
		return nil
	}
	if err := d.reread(ctx, tx, doc.ID, words); err != nil {
		return err
	}
	f.Form = p.Form // one that was read before forms were known has it now
	values := map[string]record.Value{}
	if f.No == 1 {
		values["form"] = record.TextValue(p.Form.Key())
	}
	return d.save(ctx, tx, doc, st, values)
}

// own is a paper's form without what the paper alone says: whose name stands on one paper is no other's business.
func (f *Filed) own(form paper.Form) paper.Form {
	said := map[string]bool{}
	for _, x := range f.Facts {
		for _, part := range append(strings.Fields(x.Value), x.Value) {
			said[paper.Plain(part)] = true
		}
	}
	form.Words = slices.DeleteFunc(slices.Clone(form.Words), func(w string) bool { return said[w] })
	return form
}

// lessonsOf gives the lessons of a form, the newest first.
func (d *Desk) lessonsOf(ctx context.Context, tx *store.Tx, f paper.Form, scan bool) (out []*guike.Lesson, err error) {
	var ids []record.ID
	if err := tx.Each(ctx, "SELECT id FROM lessons WHERE key = ? AND deleted_at IS NULL ORDER BY n DESC LIMIT ?", []any{f.Key(), mostLessons}, func(rows store.Rows) error {
		var id string
		err := rows.Scan(&id)
		ids = append(ids, record.ID(id))
		return err
	}); err != nil {
		return nil, err
	}
	recs, err := tx.GetAll(ctx, tx.Scope(), "lesson", ids, record.Everything, "")
	if err != nil {
		return nil, err
	}
	for _, r := range recs {
		l := r.(*guike.Lesson)
		g, err := formOf(l)
		if err != nil {
			return nil, fmt.Errorf("lesson %s: %w", l.ID, err)
		}
		if g.Like(f, scan) {
			out = append(out, l)
		}
	}
	return out, nil
}

// others gives the words of other papers of a paper's form.
func (d *Desk) others(ctx context.Context, but record.ID, p paper.Paper) (out [][]string, err error) {
	err = d.DB.Each(ctx, "SELECT reading FROM documents WHERE form = ? AND id <> ? AND deleted_at IS NULL ORDER BY n DESC LIMIT ?", []any{p.Form.Key(), string(but), fewSamples}, func(rows store.Rows) error {
		var text string
		if err := rows.Scan(&text); err != nil {
			return err
		}
		st, err := stored(&guike.Document{Reading: text})
		for _, o := range st.Papers {
			if o.Form.Like(p.Form, p.Scan || o.Scan) {
				out = append(out, o.Form.Words)
			}
		}
		return err
	})
	return out, err
}

// upsert keeps a lesson, or confirms the one that says the same. One that says another thing of the same label is contradicted.
func upsert(ctx context.Context, tx *store.Tx, doc *guike.Document, p *Filed, f paper.Form, have []*guike.Lesson, a paper.Lesson) error {
	for _, l := range have {
		if l.Label != a.Label || int(l.Place) != a.Place || int(l.Places) != a.Places || l.Way != a.Way {
			continue
		}
		told := Told{l.ID, l.Fact == a.Fact}
		if slices.Contains(p.Told, told) {
			continue // it was read by it, and that is counted
		}
		if err := tally(ctx, tx, []Told{told}, 1); err != nil {
			return err
		}
		if told.Right {
			p.Taught = append(p.Taught, l.ID)
			return nil
		}
		p.Told = append(p.Told, told)
	}
	words, err := json.Marshal(f.Words)
	if err != nil {
		return err
	}
	l := &guike.Lesson{Key: f.Key(), Issuer: f.Issuer, Form: f.Title, Words: string(words), Fact: a.Fact, Label: a.Label, Way: a.Way, Place: int64(a.Place), Places: int64(a.Places), Document: doc.ID, Confirmed: 1}
	l.Owner, l.Department = tx.Scope().User, doc.Department
	if err := tx.Create(ctx, l); err != nil {
		return err
	}
	p.Taught = append(p.Taught, l.ID)
	return nil
}

// reread has documents of a form read again that wait and that nobody has touched: what was learnt of one may settle them.
func (d *Desk) reread(ctx context.Context, tx *store.Tx, but record.ID, f paper.Form) error {
	var ids []record.ID
	if err := tx.Each(ctx, "SELECT id, reading FROM documents WHERE form = ? AND state = ? AND id <> ? AND deleted_at IS NULL ORDER BY n DESC LIMIT ?",
		[]any{f.Key(), guike.DocWaiting, string(but), mostReread}, func(rows store.Rows) error {
			var id, text string
			if err := rows.Scan(&id, &text); err != nil {
				return err
			}
			st, err := stored(&guike.Document{Reading: text})
			if err == nil && !slices.ContainsFunc(st.Papers, Filed.touched) {
				ids = append(ids, record.ID(id))
			}
			return err
		}); err != nil {
		return err
	}
	_, err := tx.UpdateAll(ctx, "document", ids, func(record.Record) (store.Patch, error) {
		return store.Patch{Values: map[string]record.Value{"step": record.NumberValue(0)}}, nil
	})
	for _, id := range ids {
		if err != nil {
			return err
		}
		_, err = queue.Add(ctx, tx, queue.New{Queue: ReadQueue, Title: "job.read", Args: readJob{id}})
	}
	return err
}

// touched says whether a person has had to do with a paper, or it is on file.
func (f Filed) touched() bool {
	return f.State == PaperFiled || f.State == PaperRejected || f.Reason == "reopened" || slices.ContainsFunc(f.Facts, func(x paper.Fact) bool { return x.By == "person" })
}
