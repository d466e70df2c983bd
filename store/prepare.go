package store

import (
	"context"
	"regexp"
	"strings"
	"sync"

	"guike/record"
)

// prepare derives, computes, checks and titles a record that is about to be written. before is what it was, nil for a new one. What forms ask (required,
// pattern, default) binds people; the house's own writes are not refused because somebody has not filled in another field yet.
func (tx *Tx) prepare(ctx context.Context, k *record.Kind, rec record.Record, before []record.Value) error {
	if d, ok := rec.(deriver); ok {
		d.Derive()
	}
	person := !tx.sc.System
	var buf record.Fields
	bad := map[string]string{}
	cells := k.Bind(rec, &buf)
	vs := make([]record.Value, len(cells))
	for i := range k.Fields {
		f := &k.Fields[i]
		v, err := f.Check(cells[i].Get())
		if err != nil {
			bad[f.Name] = err.Error()
			continue
		}
		if v.Null && before == nil && person && f.Form != nil {
			v = f.Form.Default
		}
		vs[i] = v
		if person && !tx.sc.Agreed && before != nil && f.Reviewed(tx.sc.User) && before[i] != v && !(before[i].Null && v.Null) {
			bad[f.Name] = "error.needs_review" // proposed, or not at all: no way of writing goes round the reviewer
			continue
		}
		if person && f.Form != nil && f.Form.Pattern != "" && !v.Null && f.Textual() && (before == nil || before[i] != v) && !pattern(f.Form.Pattern).MatchString(v.S) {
			bad[f.Name] = "error.pattern"
			if f.Form.PatternHelp != "" {
				bad[f.Name] = f.Form.PatternHelp
			}
		}
	}
	k.Compute(vs)
	draft := rec.Head().Status == record.Draft
	for i := range k.Fields {
		f := &k.Fields[i]
		if vs[i].Null && !draft && !f.Retired && bad[f.Name] == "" {
			missing := f.IsRequired()
			if !missing && person && f.Form != nil {
				var err error
				if missing, err = tx.wanted(ctx, k, f, vs); err != nil {
					return err
				}
			}
			if missing {
				bad[f.Name] = "error.required"
			}
		}
		cells[i].Set(vs[i])
	}
	if len(bad) > 0 {
		return &record.Error{Code: record.Invalid, Message: "error.invalid", Fields: bad}
	}
	title := []rune(strings.TrimSpace(rec.Heading()))
	rec.Head().Title = string(title[:min(len(title), 200)])
	return nil
}

// wanted reports whether the workspace requires a field of a record with these values.
func (tx *Tx) wanted(ctx context.Context, k *record.Kind, f *record.Field, vs []record.Value) (bool, error) {
	if f.Form.Required || f.Form.When == nil {
		return f.Form.Required, nil
	}
	sys := record.SystemScope("form")
	cond, err := tx.st.cat.Env(&sys, tx.db.now()).Bind(k, *f.Form.When)
	if err != nil {
		return false, nil // it names what is gone: the form's own page says so
	}
	return cond.Eval(vs, func(kind string, id record.ID) record.Record {
		r, err := tx.Get(ctx, sys, kind, id)
		if err != nil {
			return nil
		}
		return r
	}), nil
}

var patterns sync.Map // of text to *regexp.Regexp

// pattern compiles a form's pattern, which must match the whole text. It was compiled when it was written; one that is broken all the same matches all.
func pattern(src string) *regexp.Regexp {
	if p, ok := patterns.Load(src); ok {
		return p.(*regexp.Regexp)
	}
	p, err := regexp.Compile(`\A(?:` + src + `)\z`)
	if err != nil {
		p = regexp.MustCompile("")
	}
	patterns.Store(src, p)
	return p
}
