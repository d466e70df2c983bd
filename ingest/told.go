package ingest

import (
	"context"
	"slices"
	"strings"

	"guike"
	"guike/paper"
	"guike/record"
	"guike/store"
)

// What people's decisions say of the lessons that papers were read by: each counts as right or wrong, and is taken back with the decision.

// unsure names the labels of a paper's facts that lessons gave which too few people confirmed. What is no more than a remark is let pass.
func unsure(p paper.Paper) string {
	var out []string
	for _, f := range p.Facts {
		if f.Lesson != "" && f.Trust < young && (paper.Exact(f.Name) || strings.HasSuffix(f.Name, "_name")) {
			out = append(out, paper.Fold(f.Label))
		}
	}
	return strings.Join(out, "、")
}

// A Told is a lesson that a person's decision on a paper found right or wrong.
type Told struct {
	Lesson record.ID `json:"lesson"`
	Right  bool      `json:"right"`
}

// judge counts what a person's facts say of the lessons that the paper was read by; once a paper, until it is reopened.
func (d *Desk) judge(ctx context.Context, tx *store.Tx, f *Filed, facts map[string]string) error {
	if f.Told != nil {
		return nil
	}
	for _, x := range f.Facts {
		if x.Lesson == "" {
			continue
		}
		v, given := facts[x.Name]
		f.Told = append(f.Told, Told{record.ID(x.Lesson), !given || paper.SayAlike(v, x.Value)})
	}
	return tally(ctx, tx, f.Told, 1)
}

// tally adds to how often lessons were found right and wrong.
func tally(ctx context.Context, tx *store.Tx, told []Told, by int64) error {
	right, wrong := map[record.ID]int64{}, map[record.ID]int64{}
	var ids []record.ID
	for _, t := range told {
		if t.Right {
			right[t.Lesson] += by
		} else {
			wrong[t.Lesson] += by
		}
		ids = append(ids, t.Lesson)
	}
	if len(ids) == 0 {
		return nil
	}
	slices.Sort(ids)
	_, err := tx.As(house(tx.Scope())).UpdateAll(ctx, "lesson", slices.Compact(ids), func(r record.Record) (store.Patch, error) {
		l := r.(*guike.Lesson)
		return store.Patch{Values: map[string]record.Value{"confirmed": record.NumberValue(max(0, l.Confirmed+right[l.ID])),
			"contradicted": record.NumberValue(max(0, l.Contradicted+wrong[l.ID]))}}, nil
	})
	return err
}

// forget takes back what a paper taught and told, when the decision on it is undone. A lesson that others confirmed stays.
func (d *Desk) forget(ctx context.Context, tx *store.Tx, f *Filed) error {
	told := f.Told
	for _, id := range f.Taught {
		told = append(told, Told{id, true})
	}
	if err := tally(ctx, tx, told, -1); err != nil {
		return err
	}
	for _, id := range f.Taught {
		var left int64
		if err := tx.One(ctx, "SELECT confirmed FROM lessons WHERE id = ? AND deleted_at IS NULL", []any{string(id)}, &left); record.Is(err, record.NotFound) || err == nil && left > 0 {
			continue
		} else if err != nil {
			return err
		}
		if _, err := tx.As(house(tx.Scope())).Delete(ctx, "lesson", id); err != nil {
			return err
		}
	}
	f.Told, f.Taught, f.Learnt = nil, nil, ""
	return nil
}
