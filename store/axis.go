package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"guike/record"
)

// others is the id, within an axis, of what found no place.
const others = "*"

// maxCombinations bounds the groups of a field with several values: the filter of the others names each.
const maxCombinations = 50

// An axis is a field by which a query is taken apart: its key in SQL, and what a key's group is.
type axis struct {
	f     *record.Field
	over  *record.Field // the reference over which f is reached; nil where it is the records' own
	of    *record.Kind
	seen  record.Cond // what must be true of the record referred to
	by    record.By
	key   string
	args  []any
	wrap  func(col string) string // a column as a key
	cut   func(string) string     // a day as that key; nil where it is whole
	id    func(cell) string
	limit int
	cat   *Catalogue
	// Of a category: the node of the tree that stands for each number; those retired have none.
	nodes map[int64]node
}

// A node is a category as an axis shows it: alone, or with all below it.
type node struct {
	*Category
	under bool
}

func (n node) filter(field string) record.Filter {
	if n.under {
		return record.Where(field, "under", []record.ID{n.ID})
	}
	return record.Where(field, "in", []record.ID{n.ID})
}

// Moments are counted by quarter hours: every zone's day begins with one. They are numbered from the year 1, so that a division never rounds upwards.
const (
	quarterHour = 15 * 60 * 1_000_000
	yearOne     = 62_135_596_800_000_000
)

func (r reader) axis(ctx context.Context, sc record.Scope, s *selection, by record.By, limit int) (*axis, error) {
	over, of, f, err := by.Through(s.k, &sc, s.cat.Kind)
	if err != nil {
		return nil, err
	}
	if by.Limit > 0 {
		limit = min(limit, by.Limit)
	}
	a := &axis{f: f, over: over, of: of, by: by, key: "t." + quote(f.Name), limit: limit, cat: s.cat, id: func(c cell) string { return c.s }, wrap: func(col string) string { return col }}
	if over != nil {
		// As a filter's hop: what the scope does not see of the record referred to is not there.
		a.seen = s.cat.Env(&sc, r.db.now()).Visible(of, sc.For(of.Name).Read, false)
		var w string
		w, a.args = compile(s.d, a.seen, "o")
		a.key = fmt.Sprintf("(SELECT o.%s FROM %s o WHERE o.id = t.%s AND %s)", quote(f.Name), of.Plural, quote(over.Name), w)
	}
	if a.by.Unit == "" {
		a.by.Unit = "month"
	}
	switch f.Type {
	case record.Date_:
		cut := map[string]int{"month": 7, "quarter": 7, "year": 4}[a.by.Unit]
		if cut > 0 {
			a.wrap = func(col string) string { return fmt.Sprintf("substr(%s, 1, %d)", col, cut) }
			a.cut = func(s string) string { return s[:min(cut, len(s))] }
		}
		if a.by.Unit == "week" || a.by.Unit == "quarter" {
			form := map[string]string{"week": time.DateOnly, "quarter": "2006-01"}[a.by.Unit]
			a.id = func(c cell) string {
				day, err := time.Parse(form, c.s)
				if err != nil {
					return ""
				}
				return record.Bucket(day, a.by.Unit)
			}
		}
	case record.Time_:
		a.wrap = func(col string) string { return fmt.Sprintf("(%s + %d) / %d", col, int64(yearOne), int64(quarterHour)) }
		a.id = func(c cell) string {
			if c.null {
				return ""
			}
			return record.Bucket(time.UnixMicro(c.n*quarterHour-yearOne).In(s.cat.Zone), a.by.Unit)
		}
	case record.Bool:
		a.id = func(c cell) string { return fmt.Sprint(c.n != 0) }
	case record.Choices:
		a.id = func(c cell) string { return strings.Join(record.Value{S: c.s}.Words(), ",") }
		a.limit = min(limit, maxCombinations)
	case record.Category:
		a.tree()
	}
	a.key = a.wrap(a.key)
	return a, nil
}

// tree finds the node that stands for each category of the axis.
func (a *axis) tree() {
	a.nodes = map[int64]node{}
	for _, c := range a.cat.Categories(a.f.Dimension) {
		up := a.cat.Ancestors(c.N)
		n := node{Category: c}
		if a.by.Level > 0 && len(up) >= a.by.Level {
			n = node{Category: up[len(up)-a.by.Level], under: true}
		}
		if !n.Retired {
			a.nodes[c.N] = n
		}
	}
	if a.f.Multi {
		a.limit = min(a.limit, maxCombinations)
	}
	a.id = func(c cell) string {
		if !a.f.Multi {
			n, ok := a.nodes[c.n]
			switch {
			case c.null:
				return ""
			case !ok: // retired: no filter can name it
				return others
			}
			return string(n.ID)
		}
		var ids []string
		for _, n := range (record.Value{S: c.s}).Numbers(true) {
			if n, ok := a.nodes[n]; ok && !slices.Contains(ids, string(n.ID)) {
				ids = append(ids, string(n.ID))
			}
		}
		slices.Sort(ids)
		return strings.Join(ids, ",")
	}
}

// counted takes a selection apart by one field from the columns in memory; false where they do not hold what it asks.
func (r reader) counted(ctx context.Context, s *selection, a *axis, found map[[2]string]*Part) (bool, error) {
	set, _, err := r.columns(ctx, s)
	if err != nil || set == nil || len(s.words) > 0 {
		return false, err
	}
	cond, err := r.resolved(ctx, s, &s.cond)
	if err != nil {
		return false, err
	}
	f := a.f
	if a.over != nil {
		f = a.over
	}
	_, counts, values, _, ok := set.count(s.k, &cond, []*record.Field{f})
	if !ok {
		return false, nil
	}
	key := func(v record.Value) cell {
		if c := (cell{v.S, v.N, v.Null}); a.cut == nil {
			return c
		}
		return cell{s: a.cut(v.S)}
	}
	if a.over != nil {
		if key, err = r.beyond(ctx, s, a, values[0], counts[0]); err != nil {
			return false, err
		}
	}
	for code, n := range counts[0] {
		if n == 0 {
			continue
		}
		at := [2]string{a.id(key(values[0][code]))}
		if found[at] == nil {
			found[at] = &Part{}
		}
		found[at].Count += n
	}
	return true, nil
}

// beyond answers the axis' key of each record referred to: of one that is not there, or not seen, there is none.
func (r reader) beyond(ctx context.Context, s *selection, a *axis, refs []record.Value, counts []int64) (func(record.Value) cell, error) {
	var ids []string
	for code, n := range counts {
		if n > 0 && refs[code].S != "" {
			ids = append(ids, refs[code].S)
		}
	}
	w, args := compile(s.d, a.seen, "o")
	if len(ids) <= small {
		w += " AND " + fmt.Sprintf(s.d.list, "o.id")
		args = append(args, texts(s.d, ids, func(id string) string { return id }))
	}
	cells := make(map[string]cell, len(ids))
	if err := r.each(ctx, fmt.Sprintf("SELECT o.id, %s FROM %s o WHERE %s", a.wrap("o."+quote(a.f.Name)), a.of.Plural, w), args, func(rows Rows) error {
		var id string
		var c cell
		err := rows.Scan(&id, &c)
		cells[id] = c
		return err
	}); err != nil {
		return nil, err
	}
	return func(v record.Value) cell {
		if c, ok := cells[v.S]; ok {
			return c
		}
		return cell{null: true}
	}, nil
}

// largest has only the references with the most records grouped one by one: there may be a million.
func (r reader) largest(ctx context.Context, s *selection, a *axis) error {
	src := s.source()
	w, wargs := compile(s.d, s.cond, "t")
	var ids []string
	sql := fmt.Sprintf("SELECT %[1]s, count(*) FROM %[2]s WHERE %[3]s AND %[1]s <> '' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT %[4]d", a.key, src.from, w, a.limit+1)
	if err := r.each(ctx, sql, append(src.args, wargs...), func(rows Rows) error {
		var id string
		var n int64
		err := rows.Scan(&id, &n)
		ids = append(ids, id)
		return err
	}); err != nil {
		return err
	}
	if len(ids) > a.limit {
		in := fmt.Sprintf(s.d.list, a.key)
		a.args = []any{texts(s.d, ids[:a.limit], func(id string) string { return id })}
		a.key = fmt.Sprintf("CASE WHEN %[2]s THEN %[1]s WHEN %[1]s <> '' THEN '%[3]s' ELSE '' END", a.key, in, others)
	}
	return nil
}

// groups puts the parts in order: days by time, choices and categories as they stand, references by how many; none, and what found no place, last. It answers
// each id's place.
func (a *axis) groups(parts map[string]*Part) ([]Group, map[string]int) {
	var ids []string
	for id := range parts {
		if id != "" && id != others {
			ids = append(ids, id)
		}
	}
	dated := a.f.Type == record.Date_ || a.f.Type == record.Time_
	slices.SortFunc(ids, func(x, y string) int {
		if dated {
			return strings.Compare(y, x) // the newest are kept
		}
		return cmp.Or(cmp.Compare(parts[y].Count, parts[x].Count), strings.Compare(x, y))
	})
	rest := ids[min(len(ids), a.limit):]
	ids = ids[:len(ids)-len(rest)]
	if dated {
		slices.Reverse(ids)
	} else if a.f.Type != record.Ref {
		rank := a.ranks()
		slices.SortStableFunc(ids, func(x, y string) int { return cmp.Compare(rank[x], rank[y]) })
	}
	var out []Group
	places := map[string]int{}
	put := func(g Group) {
		places[g.ID] = len(out)
		out = append(out, g)
	}
	for _, id := range ids {
		put(Group{ID: id, Title: a.title(id), Filter: a.filter(id), Part: *parts[id]})
	}
	if p := parts[""]; p != nil {
		put(Group{Filter: a.filter(""), Part: *p})
	}
	other := Group{ID: others, Other: true}
	if p := parts[others]; p != nil {
		rest = append(rest, others)
	}
	for _, id := range rest {
		other.join(parts[id])
		places[id] = len(out)
	}
	if len(rest) > 0 {
		other.Filter = a.besides(ids)
		out = append(out, other)
	}
	return out, places
}

// ranks says where a choice or category stands among its own; combinations stand by how many.
func (a *axis) ranks() map[string]int {
	rank := map[string]int{}
	switch {
	case a.f.Multi || a.f.Type == record.Choices:
	case a.f.Type == record.Category:
		for i, c := range a.cat.Categories(a.f.Dimension) {
			rank[string(c.ID)] = i
		}
	case a.f.Type == record.Bool:
		rank["false"] = 1
	default:
		for i, c := range a.f.Choices {
			rank[c] = i
		}
	}
	return rank
}

func (a *axis) title(id string) string {
	if a.f.Type != record.Category {
		return ""
	}
	var names []string
	for one := range strings.SplitSeq(id, ",") {
		names = append(names, a.cat.Category(a.f.Dimension, one).Name)
	}
	return strings.Join(names, " · ")
}

// filter keeps just the records of a group.
func (a *axis) filter(id string) record.Filter {
	name := a.by.Field
	switch {
	case a.f.Multi || a.f.Type == record.Choices:
		return a.combination(strings.Split(id, ","))
	case id == "":
		return record.Where(name, "empty", nil)
	case a.f.Type == record.Category:
		return a.nodes[a.cat.Category(a.f.Dimension, id).N].filter(name)
	case a.f.Type == record.Date_ || a.f.Type == record.Time_:
		return record.Where(name, "period", id)
	case a.f.Type == record.Bool:
		yes := record.Where(name, "eq", true)
		if id == "true" {
			return yes
		}
		return not(yes)
	}
	return record.Where(name, "in", []string{id})
}

// combination keeps the records that have just these values: each of them, and none of the others.
func (a *axis) combination(own []string) record.Filter {
	var all, rest []record.Filter
	put := func(id string, f record.Filter) {
		if slices.Contains(own, id) {
			all = append(all, f)
		} else {
			rest = append(rest, f)
		}
	}
	if a.f.Type == record.Choices {
		for _, c := range a.f.Choices {
			put(c, record.Where(a.by.Field, "in", []string{c}))
		}
	} else {
		var seen []record.ID
		for _, c := range a.cat.Categories(a.f.Dimension) {
			if n, ok := a.nodes[c.N]; ok && !slices.Contains(seen, n.ID) {
				seen = append(seen, n.ID)
				put(string(n.ID), n.filter(a.by.Field))
			}
		}
	}
	if len(rest) > 0 {
		all = append(all, not(either(rest)))
	}
	if len(all) == 0 {
		return record.Where(a.by.Field, "empty", nil)
	}
	return record.All(all...)
}

// besides keeps the records that are in none of the groups shown, and in that of none either. Of days those are the older ones.
func (a *axis) besides(shown []string) record.Filter {
	if a.f.Type == record.Date_ || a.f.Type == record.Time_ {
		span, err := record.Period(shown[0], time.Time{}, a.cat.Zone)
		if err != nil {
			return record.Filter{}
		}
		if a.f.Type == record.Date_ {
			return record.Where(a.by.Field, "lt", span.From.Format(time.DateOnly))
		}
		y, m, d := span.From.Date()
		return record.Where(a.by.Field, "lt", record.At(record.StartOfDay(y, m, d, a.cat.Zone)).String())
	}
	fs := make([]record.Filter, 0, len(shown)+1)
	for _, id := range append([]string{""}, shown...) {
		fs = append(fs, a.filter(id))
	}
	return not(either(fs))
}

func not(f record.Filter) record.Filter { return record.Filter{Not: &f} }

// either joins filters of which one must hold; those that name values in a list, in one list.
func either(fs []record.Filter) record.Filter {
	var out []record.Filter
	places := map[string]int{}
	lists := map[string][]string{}
	for _, f := range fs {
		var ids []string
		if f.Op != "in" && f.Op != "under" || json.Unmarshal(f.Value, &ids) != nil {
			out = append(out, f)
			continue
		}
		if _, ok := places[f.Op]; !ok {
			places[f.Op] = len(out)
			out = append(out, f)
		}
		lists[f.Op] = append(lists[f.Op], ids...)
		out[places[f.Op]] = record.Where(f.Field, f.Op, lists[f.Op])
	}
	if len(out) == 1 {
		return out[0]
	}
	return record.Filter{Or: out}
}
