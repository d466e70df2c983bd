package api

import (
	"fmt"
	"strconv"

	"guike/record"
	"guike/store"
)

type grouped struct {
	Part
	Axes      []groupAxis `json:"axes" doc:"one for each member of by"`
	Crossings []crossing  `json:"crossings" doc:"of two axes: what lies in a group of both; what is not there is empty"`
}

// A Part is some of the records: how many, and what they come to.
type Part struct {
	Count int64      `json:"count"`
	Sums  []groupSum `json:"sums"`
}

type groupAxis struct {
	Field  string  `json:"field"`
	Groups []group `json:"groups"`
}

type group struct {
	ID     string        `json:"id" doc:"the value; of a day its period; \"\" of those that have none; \"*\" of what the limit left no place for"`
	Title  string        `json:"title"`
	Other  bool          `json:"other,omitempty" doc:"what the limit left no place for, together"`
	Filter record.Filter `json:"filter" doc:"keeps just these records, beside what was asked"`
	Part
}

type crossing struct {
	At [2]int `json:"at" doc:"places in the two axes"`
	Part
}

type groupSum struct {
	Field    string `json:"field"`
	Currency string `json:"currency"`
	Amount   string `json:"amount"`
	Average  string `json:"average" doc:"over the records that have a value"`
}

func (c *call) groups(kind string) (any, error) {
	f, err := decode[Find](c)
	if err != nil {
		return nil, err
	}
	b, err := c.s.db.Groups(c, c.scope, f.query(kind), f.By, f.Sum)
	if err != nil {
		return nil, err
	}
	k, err := c.kind(kind)
	if err != nil {
		return nil, err
	}
	rd, err := c.renderer()
	if err != nil {
		return nil, err
	}
	out := grouped{Part: partOf(k, b.Part), Axes: []groupAxis{}, Crossings: []crossing{}}
	for i, gs := range b.Axes {
		by := k.Field(f.By[i].Field) // nil where it is another kind's: those are no references
		if by != nil && by.Type == record.Ref {
			var ids []record.ID
			for _, g := range gs {
				ids = append(ids, record.ID(g.ID))
			}
			if err := rd.learn(map[string][]record.ID{by.Ref: ids}); err != nil {
				return nil, err
			}
		}
		a := groupAxis{Field: f.By[i].Field, Groups: []group{}}
		for _, g := range gs {
			if by != nil && by.Type == record.Ref {
				g.Title = rd.titles[by.Ref][record.ID(g.ID)]
			}
			a.Groups = append(a.Groups, group{ID: g.ID, Title: g.Title, Other: g.Other, Filter: g.Filter, Part: partOf(k, g.Part)})
		}
		out.Axes = append(out.Axes, a)
	}
	for _, x := range b.Crossings {
		out.Crossings = append(out.Crossings, crossing{At: x.At, Part: partOf(k, x.Part)})
	}
	return out, nil
}

func partOf(k *record.Kind, p store.Part) Part {
	out := Part{Count: p.Count, Sums: []groupSum{}}
	for _, t := range p.Totals {
		switch k.Field(t.Field).Type {
		case record.Int:
			out.Sums = append(out.Sums, groupSum{Field: t.Field, Amount: fmt.Sprint(t.Money.Minor), Average: fmt.Sprintf("%.2f", float64(t.Money.Minor)/float64(max(t.Count, 1)))})
		case record.Float:
			out.Sums = append(out.Sums, groupSum{Field: t.Field, Amount: strconv.FormatFloat(t.Float, 'f', -1, 64), Average: fmt.Sprintf("%.2f", t.Float/float64(max(t.Count, 1)))})
		default:
			mean := t.Money
			mean.Minor = average(t.Money.Minor, t.Count)
			out.Sums = append(out.Sums, groupSum{t.Field, t.Money.Currency, t.Money.Decimal(), mean.Decimal()})
		}
	}
	return out
}

// average rounds half away from zero.
func average(sum, n int64) int64 {
	if n == 0 {
		return 0
	}
	if half := n / 2; sum < 0 {
		return (sum - half) / n
	} else {
		return (sum + half) / n
	}
}
