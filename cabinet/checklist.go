// Package cabinet knows what ought to lie in the file cabinet: which kinds of file each customer's stage asks for, how fresh they must be, how widely they may
// be open, and for how long they are kept. From that it answers what is missing, outdated, over-exposed, and what may go. It keeps no lists of its own: each
// answer is asked of the records as they are, within what the asker sees.
//
// Read this file for what is asked for, missing.go, outdated.go and exposed.go for the answers, papers.go for one customer's, retention.go for what may be removed, rename.go for names.
package cabinet

import (
	"context"
	"encoding/json"
	"slices"

	"guike/record"
	"guike/store"
)

// Kind is the dimension of documents that says what kind of file one is.
const Kind = "d_kind"

// checklistSetting is the workspace's setting that holds the checklist.
const checklistSetting = "checklist"

// Limits of a checklist.
const (
	maxKinds  = 30
	maxNeeds  = 100
	maxDays   = 3660
	maxShares = 366
)

// A Checklist is what the workspace asks of its files. Kinds are categories of Kind, by id.
type Checklist struct {
	By           string      `json:"by" doc:"the customers' dimension or choice by which papers are asked for; empty, only what every customer needs"`
	Every        []record.ID `json:"every" doc:"kinds of file that every customer needs"`
	Needs        []Need      `json:"needs"`
	Fresh        []Fresh     `json:"fresh"`
	ShareDays    int         `json:"share_days" doc:"the longest that a share may live; 0 is any time"`
	Password     bool        `json:"share_password" doc:"a share must ask for a password"`
	Confidential []record.ID `json:"confidential" doc:"kinds of file that not everybody may read, and nobody outside"`
	Trusted      []string    `json:"trusted" doc:"roles that may read them all"`
}

// A Need is the kinds of file that customers of one value need.
type Need struct {
	Value string      `json:"value" doc:"a category's id, or a choice"`
	Kinds []record.ID `json:"kinds"`
}

// Fresh says after how many days a kind of file is outdated.
type Fresh struct {
	Kind record.ID `json:"kind"`
	Days int       `json:"days"`
}

// Load reads the workspace's checklist. What it names that is not there any more, or that the scope does not see, asks for nothing.
func Load(cat *store.Catalogue, sc record.Scope) Checklist {
	var l Checklist
	if text := cat.Settings[checklistSetting]; text != "" {
		_ = json.Unmarshal([]byte(text), &l) // it was checked when it was written
	}
	kind := cat.Kind("document").Field(Kind)
	if kind == nil || !sc.Sees("document", kind) {
		return Checklist{ShareDays: l.ShareDays, Password: l.Password}
	}
	gone := func(id record.ID) bool {
		c := cat.Category(kind.Dimension, string(id))
		return c == nil || c.Retired
	}
	l.Every, l.Confidential = slices.DeleteFunc(l.Every, gone), slices.DeleteFunc(l.Confidential, gone)
	l.Fresh = slices.DeleteFunc(l.Fresh, func(f Fresh) bool { return gone(f.Kind) })
	by := cat.Kind("customer").Field(l.By)
	if by == nil || !sc.Sees("customer", by) {
		l.By, l.Needs = "", nil
	}
	l.Needs = slices.DeleteFunc(l.Needs, func(n Need) bool { return !holds(cat, by, n.Value) })
	for i := range l.Needs {
		l.Needs[i].Kinds = slices.DeleteFunc(l.Needs[i].Kinds, gone)
	}
	return l
}

// holds reports whether a field may have a value.
func holds(cat *store.Catalogue, f *record.Field, value string) bool {
	if f.Type == record.Category {
		c := cat.Category(f.Dimension, value)
		return c != nil && !c.Retired
	}
	return slices.Contains(f.Choices, value)
}

// Save writes the checklist. It needs who may change rules.
func Save(ctx context.Context, db *store.DB, sc record.Scope, l Checklist) error {
	if err := may(sc); err != nil {
		return err
	}
	return db.Tx(ctx, sc.House(), func(tx *store.Tx) error {
		if err := l.check(tx.Catalogue()); err != nil {
			return err
		}
		b, err := json.Marshal(l)
		if err != nil {
			return err
		}
		return tx.Set(ctx, checklistSetting, string(b))
	})
}

func may(sc record.Scope) error {
	if !sc.Rules && !sc.Admin {
		return record.Errorf(record.Denied, "error.denied")
	}
	return nil
}

func (l Checklist) check(cat *store.Catalogue) error {
	kind := cat.Kind("document").Field(Kind)
	if kind == nil {
		return record.Errorf(record.Conflict, "error.no_file_kinds")
	}
	kinds := func(field string, ids []record.ID) error {
		if len(ids) > maxKinds {
			return record.FieldError(field, "error.too_many")
		}
		for i, id := range ids {
			if c := cat.Category(kind.Dimension, string(id)); c == nil || c.Retired || slices.Contains(ids[:i], id) {
				return record.FieldError(field, "error.no_such_category")
			}
		}
		return nil
	}
	if err := kinds("every", l.Every); err != nil {
		return err
	}
	if err := kinds("confidential", l.Confidential); err != nil {
		return err
	}
	by := cat.Kind("customer").Field(l.By)
	if l.By != "" && (by == nil || by.Retired || by.Type != record.Choice && by.Type != record.Category) {
		return record.FieldError("by", "error.no_such_field")
	}
	if len(l.Needs) > maxNeeds || len(l.Needs) > 0 && by == nil {
		return record.FieldError("needs", "error.too_many")
	}
	for i, n := range l.Needs {
		if !holds(cat, by, n.Value) || slices.ContainsFunc(l.Needs[:i], func(o Need) bool { return o.Value == n.Value }) {
			return record.FieldError("needs", "error.no_such_category")
		}
		if err := kinds("needs", n.Kinds); err != nil {
			return err
		}
	}
	var fresh []record.ID
	for _, f := range l.Fresh {
		if fresh = append(fresh, f.Kind); f.Days < 1 || f.Days > maxDays {
			return record.FieldError("fresh", "error.cabinet_days")
		}
	}
	if l.ShareDays < 0 || l.ShareDays > maxShares {
		return record.FieldError("share_days", "error.cabinet_days")
	}
	if len(l.Trusted) > 50 {
		return record.FieldError("trusted", "error.too_many")
	}
	return kinds("fresh", fresh)
}

// Suggest writes the checklist that most businesses begin with, by the names of the kinds and stages that every workspace begins with, where there is none.
func Suggest(ctx context.Context, db *store.DB, sc record.Scope) error {
	cat, err := db.Catalogue(ctx, true)
	if err != nil {
		return err
	}
	kind, stage := cat.Kind("document").Field(Kind), cat.Kind("customer").Field("d_stage")
	if cat.Settings[checklistSetting] != "" || kind == nil {
		return nil
	}
	id := func(f *record.Field, name string) record.ID {
		for _, c := range cat.Categories(f.Dimension) {
			if c.Name == name && !c.Retired {
				return c.ID
			}
		}
		return ""
	}
	kinds := func(names ...string) (ids []record.ID) {
		for _, n := range names {
			if k := id(kind, n); k != "" {
				ids = append(ids, k)
			}
		}
		return ids
	}
	l := Checklist{ShareDays: 30, Confidential: kinds("合同"), Trusted: []string{"owner", "manager"}}
	for name, days := range map[string]int{"基本资料": 365, "联系记录": 90} {
		if k := id(kind, name); k != "" {
			l.Fresh = append(l.Fresh, Fresh{k, days})
		}
	}
	if stage != nil {
		l.By = stage.Name
		for _, x := range []struct {
			stage string
			kinds []record.ID
		}{{"初次接触", kinds("基本资料")}, {"洽谈", kinds("基本资料", "需求", "联系记录")}, {"签约", kinds("基本资料", "需求", "联系记录", "合同")}, {"合作中", kinds("基本资料", "合同", "反馈")}} {
			if v := id(stage, x.stage); v != "" {
				l.Needs = append(l.Needs, Need{string(v), x.kinds})
			}
		}
	}
	return Save(ctx, db, sc, l)
}
