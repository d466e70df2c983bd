package store

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"

	"guike/record"
)

// A Branch is one of the ordered conditions by which a dimension is decided, and the category it leads to.
type Branch struct {
	Cond     record.Cond
	Category int64
	Rule     record.ID // "" where no rule stands behind it
}

// A Branching is how a kind's dimension is decided: the first branch that holds wins; a dimension of several values takes all that hold. What a person
// decided is held.
type Branching struct {
	Kind     string
	Field    string
	Branches []Branch
}

// A Stand is how many records have one value of a dimension now and satisfy the same branches.
type Stand struct {
	Value record.Value
	Held  bool
	Holds []bool // by branch
	Count int64
	Some  []int64 // row numbers of a few that the asker may read
}

// branching compiles the branches.
type branching struct {
	Branching
	k     *record.Kind
	f     *record.Field
	d     *dialect
	conds []string
	args  [][]any
}

func (r reader) branching(ctx context.Context, b Branching) (*branching, error) {
	cat, err := r.catalogue(ctx)
	if err != nil {
		return nil, err
	}
	k := cat.Kind(b.Kind)
	if k == nil || k.Field(b.Field) == nil || k.Field(b.Field).Type != record.Category {
		return nil, record.Errorf(record.NotFound, "error.no_such_field")
	}
	out := &branching{Branching: b, k: k, f: k.Field(b.Field), d: r.db.eng.dialect()}
	for _, br := range b.Branches {
		c, args := compile(out.d, br.Cond, "t")
		out.conds, out.args = append(out.conds, c), append(out.args, args)
	}
	return out, nil
}

// byPerson is the condition that a person made a decision, himself or by an import.
const byPerson = "origin IN ('person', 'import')"

// held is the condition that a person decided the dimension, for a statement that asks it of every record, and its values.
func (b *branching) held() (string, []any) {
	return "t.id IN (SELECT rec FROM decisions WHERE field = ? AND " + byPerson + ")", []any{b.Field}
}

// all joins the values of the conditions in the order given.
func (b *branching) all(order ...int) []any {
	var out []any
	for _, i := range order {
		out = append(out, b.args[i]...)
	}
	return out
}

// Stands counts all records of a kind outside the trash by the value they have and the branches they satisfy: what would move under other branches, how
// many each would win and which overlap follows from it. It reads the table once, in shares side by side, and remembers the first and the last of each share
// that the scope may read: to look for examples afterwards would read it again.
func (db *DB) Stands(ctx context.Context, sc record.Scope, in Branching) ([]Stand, error) {
	b, err := db.branching(ctx, in)
	if err != nil {
		return nil, err
	}
	bits := "''"
	var args []any
	for i, c := range b.conds {
		bits += fmt.Sprintf(" || CASE WHEN %s THEN '1' ELSE '0' END", c)
		args = append(args, b.args[i]...)
	}
	held, hargs := b.held()
	args = append(args, hargs...)
	cat, err := db.catalogue(ctx)
	if err != nil {
		return nil, err
	}
	seen, sargs := compile(b.d, cat.Env(&sc, db.now()).Visible(b.k, sc.For(b.Kind).Read, false), "t")
	args = append(args, sargs...)
	sql := fmt.Sprintf(`SELECT v, b, h, count(*), coalesce(min(s), 0), coalesce(max(s), 0) FROM (SELECT t.%s AS v, %s AS b, CASE WHEN %s THEN 1 ELSE 0 END AS h, CASE WHEN %s THEN t.n END AS s
		FROM %s t WHERE t.deleted_at IS NULL AND t.n > ? AND t.n <= ?) x GROUP BY v, b, h`, quote(b.Field), bits, held, seen, b.k.Plural)
	var top int64
	if err := db.one(ctx, "SELECT coalesce(max(n), 0) FROM "+b.k.Plural, nil, &top); err != nil {
		return nil, err
	}
	const shares = 4
	total := map[string]*Stand{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	errs := make([]error, shares)
	for i := range shares {
		wg.Go(func() {
			lo, hi := top*int64(i)/shares, top*int64(i+1)/shares
			errs[i] = db.each(ctx, sql, append(slices.Clone(args), lo, hi), func(rows Rows) error {
				var v cell
				var holds string
				var h, n, first, last int64
				if err := rows.Scan(&v, &holds, &h, &n, &first, &last); err != nil {
					return err
				}
				s := Stand{Value: record.Value{S: v.s, N: v.n, Null: v.null}, Held: h != 0, Count: n, Holds: make([]bool, len(holds))}
				if first > 0 {
					s.Some = slices.Compact([]int64{first, last})
				}
				if b.f.Textual() && v.s == "" {
					s.Value = record.Absent
				}
				for j := range holds {
					s.Holds[j] = holds[j] == '1'
				}
				key := fmt.Sprint(s.Value, s.Held, holds)
				mu.Lock()
				defer mu.Unlock()
				if have := total[key]; have != nil {
					have.Count += n
					have.Some = append(have.Some, s.Some...)
				} else {
					total[key] = &s
				}
				return nil
			})
		})
	}
	wg.Wait()
	out := make([]Stand, 0, len(total))
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	for _, s := range total {
		out = append(out, *s)
	}
	return out, nil
}

// Decide is the value that the branches lead to for a record that satisfies some of them.
func (in Branching) Decide(multi bool, holds []bool) record.Value {
	var ns []int64
	for i, yes := range holds {
		if yes {
			ns = append(ns, in.Branches[i].Category)
			if !multi {
				return record.NumberValue(ns[0])
			}
		}
	}
	slices.Sort(ns)
	return record.Several(slices.Compact(ns))
}

// A Stretch of a kind's records, by row number.
type Stretch struct {
	After, Until int64 // Until is part of it
	// Since leaves out what was not written since then, Root what a chain of changes that began there wrote; 0 and "" leave out nothing.
	Since record.Time
	Root  string
}

// Differing lists records of a stretch, outside the trash, that the branches lead elsewhere than where they are, or that another rule put there; those held
// by a person are passed over. next is where the following page begins, 0 at the end.
func (tx *Tx) Differing(ctx context.Context, in Branching, st Stretch, limit int) (ids []record.ID, next int64, err error) {
	b, err := tx.branching(ctx, in)
	if err != nil {
		return nil, 0, err
	}
	value, by := "NULL", "''"
	var vargs, bargs []any
	if len(b.conds) > 0 {
		var w strings.Builder
		for i, c := range b.conds {
			fmt.Fprintf(&w, " WHEN %s THEN ?", c)
			bargs = append(append(bargs, b.args[i]...), string(b.Branches[i].Rule))
		}
		by = "CASE" + w.String() + " ELSE '' END"
		if value, vargs = b.single(), b.all(seq(len(b.conds))...); b.f.Multi {
			value, vargs = b.several()
		}
	} else if b.f.Multi {
		value = "''"
	}
	has := "t." + quote(b.Field) + " IS NOT NULL"
	if b.f.Multi {
		has = "t." + quote(b.Field) + " <> ''"
	}
	args := append([]any{st.After, st.Until}, vargs...)
	args = append(append(append(args, b.Field), bargs...), b.Field)
	late := ""
	if st.Since != 0 {
		late, args = late+" AND t.updated_at >= ?", append(args, int64(st.Since))
	}
	if st.Root != "" {
		late, args = late+" AND NOT EXISTS (SELECT 1 FROM changes c WHERE c.rec = t.id AND c.root = ?)", append(args, st.Root)
	}
	// Most records of a stretch are in no category before and after: by what they were decided is not asked, nor who is held among those that stay.
	sql := fmt.Sprintf(`SELECT t.id, t.n FROM %[1]s t WHERE t.deleted_at IS NULL AND t.n > ? AND t.n <= ? AND (%[2]s IS DISTINCT FROM t.%[3]s
		OR %[4]s AND coalesce((SELECT d.rule FROM decisions d WHERE d.rec = t.id AND d.field = ?), '') <> %[5]s)
		AND NOT EXISTS (SELECT 1 FROM decisions WHERE rec = t.id AND field = ? AND %[8]s)%[6]s ORDER BY t.n LIMIT %[7]d`,
		b.k.Plural, value, quote(b.Field), has, by, late, limit, byPerson)
	err = tx.each(ctx, sql, args, func(rows Rows) error {
		var id string
		err := rows.Scan(&id, &next)
		ids = append(ids, record.ID(id))
		return err
	})
	if len(ids) < limit {
		next = 0
	}
	return ids, next, err
}

// Quantile is the row number up to which part of parts of a kind's row numbers lie.
func (r reader) Quantile(ctx context.Context, k *record.Kind, part, parts int) (int64, error) {
	if part == parts {
		return math.MaxInt64, nil
	}
	var last int64
	err := r.one(ctx, fmt.Sprintf("SELECT coalesce(max(n), 0) FROM %s", k.Plural), nil, &last)
	return last * int64(part) / int64(parts), err
}

// HeldIn lists records outside the trash whose dimension a person decided, and that are in one of some categories.
func (tx *Tx) HeldIn(ctx context.Context, kind string, f *record.Field, cats []record.Value, limit int) ([]record.ID, error) {
	b := branching{Branching: Branching{Kind: kind, Field: f.Name}}
	c := record.Cond{Op: record.In, Field: f, Set: cats}
	if f.Multi {
		c.Op = record.Has
	}
	where, args := compile(tx.db.eng.dialect(), c, "t")
	held, hargs := b.held()
	var ids []record.ID
	err := tx.each(ctx, fmt.Sprintf("SELECT t.id FROM %s t WHERE t.deleted_at IS NULL AND %s AND %s ORDER BY t.n LIMIT %d", tx.st.cat.Kind(kind).Plural, held, where, limit), append(hargs, args...), func(rows Rows) error {
		var id string
		err := rows.Scan(&id)
		ids = append(ids, record.ID(id))
		return err
	})
	return ids, err
}

func (b *branching) single() string {
	var w strings.Builder
	w.WriteString("CASE")
	for i, c := range b.conds {
		fmt.Fprintf(&w, " WHEN %s THEN %d", c, b.Branches[i].Category)
	}
	return w.String() + " END"
}

// several writes ";3;17;" of the categories whose branches hold, by number.
func (b *branching) several() (string, []any) {
	order := seq(len(b.conds))
	slices.SortStableFunc(order, func(x, y int) int { return int(b.Branches[x].Category - b.Branches[y].Category) })
	var parts []string
	for i := 0; i < len(order); {
		cat := b.Branches[order[i]].Category
		var or []string
		for ; i < len(order) && b.Branches[order[i]].Category == cat; i++ {
			or = append(or, b.conds[order[i]])
		}
		parts = append(parts, fmt.Sprintf("CASE WHEN %s THEN ';%d' ELSE '' END", strings.Join(or, " OR "), cat))
	}
	args := b.all(order...)
	list := strings.Join(parts, " || ")
	return fmt.Sprintf("(%[1]s) || CASE WHEN (%[1]s) = '' THEN '' ELSE ';' END", list), append(slices.Clone(args), args...)
}

func seq(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// Numbered answers those of some rows that the scope may read, the newest first.
func (r reader) Numbered(ctx context.Context, sc record.Scope, kind string, ns []int64) ([]record.Record, error) {
	s, err := r.selection(ctx, sc, Query{Kind: kind})
	if err != nil {
		return nil, err
	}
	s.few = ns
	return r.segment(ctx, s, order{desc: true}, nil, false, len(ns), 0, s.table())
}
