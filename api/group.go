package api

import (
	"fmt"

	"guike/record"
)

type grouped struct {
	Data []group `json:"data"`
	More bool    `json:"has_more" doc:"the smallest groups are left out"`
}

type group struct {
	ID    string     `json:"id" doc:"the value; of a day its month; none where empty"`
	Title string     `json:"title"`
	Count int64      `json:"count"`
	Sums  []groupSum `json:"sums"`
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
	gs, more, err := c.s.db.Groups(c, c.scope, f.query(kind), f.By, f.Sum)
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
	by := k.Field(f.By)
	if by.Type == record.Ref {
		var ids []record.ID
		for _, g := range gs {
			ids = append(ids, record.ID(g.ID))
		}
		if err := rd.learn(map[string][]record.ID{by.Ref: ids}); err != nil {
			return nil, err
		}
	}
	out := grouped{Data: []group{}, More: more}
	for _, g := range gs {
		x := group{ID: g.ID, Title: g.Title, Count: g.Count, Sums: []groupSum{}}
		if by.Type == record.Ref {
			x.Title = rd.titles[by.Ref][record.ID(g.ID)]
		}
		for _, t := range g.Totals {
			if t.Money.Currency == "" { // a whole number
				x.Sums = append(x.Sums, groupSum{Field: t.Field, Amount: fmt.Sprint(t.Money.Minor), Average: fmt.Sprintf("%.2f", float64(t.Money.Minor)/float64(max(t.Count, 1)))})
				continue
			}
			mean := t.Money
			mean.Minor = average(t.Money.Minor, t.Count)
			x.Sums = append(x.Sums, groupSum{t.Field, t.Money.Currency, t.Money.Decimal(), mean.Decimal()})
		}
		out.Data = append(out.Data, x)
	}
	return out, nil
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
