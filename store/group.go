package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"guike/record"
)

// A Group is the records of a query that share a field's value: how many, and of each summed field its totals. The value "" is theirs who have none.
type Group struct {
	ID     string
	Title  string // categories only; references are named by the caller
	Count  int64
	Totals []Total
}

// A Total is the sum of a field over a group, per currency where it is money, and how many records had a value.
type Total struct {
	Field string
	Money record.Money // of a whole number, its Minor
	Count int64
}

// maxGroups bounds the groups answered, the largest first.
const maxGroups = 500

// Groups groups what a query would list by a field: a category, choice, reference, yes or no, or a day, by its month. Of a field with several values each
// combination is a group, its id theirs with commas: so every record counts once. more says that there are others.
func (r reader) Groups(ctx context.Context, sc record.Scope, q Query, by string, sums []string) (out []Group, more bool, err error) {
	s, err := r.selection(ctx, sc, q)
	if err != nil {
		return nil, false, err
	}
	f := s.k.Field(by)
	if f == nil || !sc.Sees(q.Kind, f) {
		return nil, false, record.FieldError("by", "error.no_such_field")
	}
	key := "t." + quote(by)
	switch {
	case f.Type == record.Date_:
		key = "substr(" + key + ", 1, 7)"
	case f.Type == record.Category || f.Type == record.Choice || f.Type == record.Choices || f.Type == record.Ref || f.Type == record.Bool:
	default:
		return nil, false, record.FieldError("by", "error.not_groupable")
	}
	names := map[string]string{}
	if f.Type == record.Category {
		for _, c := range s.cat.Categories(f.Dimension) {
			names[fmt.Sprint(c.N)] = string(c.ID) + "\n" + c.Name
		}
	}
	src := s.source()
	w, wargs := compile(s.d, s.cond, "t")
	args := append(src.args, wargs...)
	groups := map[string]*Group{}
	group := func(c cell) *Group {
		id, title := c.s, ""
		switch {
		case f.Type == record.Bool:
			id = fmt.Sprint(c.n != 0)
		case f.Type == record.Choices:
			id = strings.Join(record.Value{S: c.s}.Words(), ",")
		case f.Multi:
			var ids, titles []string
			for _, n := range (record.Value{S: c.s}).Numbers(true) {
				one, name, _ := strings.Cut(names[fmt.Sprint(n)], "\n")
				ids, titles = append(ids, one), append(titles, name)
			}
			id, title = strings.Join(ids, ","), strings.Join(titles, " · ")
		case f.Type == record.Category && !c.null:
			id, title, _ = strings.Cut(names[fmt.Sprint(c.n)], "\n")
		}
		if groups[id] == nil {
			groups[id] = &Group{ID: id, Title: title}
		}
		return groups[id]
	}
	var at, cur cell
	var n, sum int64
	if err := r.each(ctx, fmt.Sprintf("SELECT %s, count(*) FROM %s WHERE %s GROUP BY 1", key, src.from, w), args, func(rows Rows) error {
		err := rows.Scan(&at, &n)
		if err == nil {
			group(at).Count += n
		}
		return err
	}); err != nil {
		return nil, false, err
	}
	for _, name := range sums {
		x := s.k.Field(name)
		if x == nil || !sc.Sees(q.Kind, x) || x.Type != record.MoneyType && x.Type != record.Int {
			return nil, false, record.FieldError("sum", "error.no_such_field")
		}
		unit, there := "''", "t."+quote(name)+" IS NOT NULL"
		if x.Type == record.MoneyType {
			unit = "t." + quote(name+"_cur")
			there = unit + " <> ''"
		}
		sql := fmt.Sprintf("SELECT %s, %s, count(*), CAST(sum(t.%s) AS bigint) FROM %s WHERE %s AND %s GROUP BY 1, 2 ORDER BY 2", key, unit, quote(name), src.from, w, there)
		if err := r.each(ctx, sql, args, func(rows Rows) error {
			err := rows.Scan(&at, &cur, &n, &sum)
			if err == nil {
				g := group(at)
				i := slices.IndexFunc(g.Totals, func(t Total) bool { return t.Field == name && t.Money.Currency == cur.s })
				if i < 0 {
					i = len(g.Totals)
					g.Totals = append(g.Totals, Total{Field: name, Money: record.Money{Currency: cur.s}})
				}
				g.Totals[i].Money.Minor += sum
				g.Totals[i].Count += n
			}
			return err
		}); err != nil {
			return nil, false, err
		}
	}
	for _, g := range groups {
		out = append(out, *g)
	}
	slices.SortFunc(out, func(a, b Group) int {
		if f.Type == record.Date_ {
			return strings.Compare(b.ID, a.ID) // months, the newest first, and none last
		}
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.ID, b.ID))
	})
	if more = len(out) > maxGroups; more {
		out = out[:maxGroups]
	}
	return out, more, nil
}
