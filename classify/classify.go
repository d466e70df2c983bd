// Package classify puts records into the categories of their dimensions and says why: by ordered rules, by bands of an amount, by the period of a day, by
// a field's text, by what the record referred to is in. A person's value is never overwritten; a value whose rule no longer holds is withdrawn.
//
// It follows the change log, so it lags a moment and breaks no write. Read Classify here, decide.go for one record's decisions, dimension.go and rule.go
// for the verbs.
package classify

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"guike"
	"guike/queue"
	"guike/record"
	"guike/store"
)

// maxDepth ends chains of rules that feed each other.
const maxDepth = 4

// A plan is how one kind is classified under one catalogue: its dimensions in order, their rules bound.
type plan struct {
	kind   *record.Kind
	dims   []*dimension
	inputs map[string]bool // the fields that any of it reads
}

type dimension struct {
	*guike.Dimension
	field  *record.Field
	bounds []record.Money // bands: lower bounds, ascending, of all but the first
	rules  []*rule
}

type rule struct {
	*guike.Rule
	filter record.Filter
	cond   record.Cond
	cat    *store.Category
	broken string
}

// plans loads how kinds are classified. It is read anew for each batch: a few dozen rows.
func plans(ctx context.Context, tx *store.Tx, cat *store.Catalogue) (map[string]*plan, error) {
	sys := record.SystemScope("classify")
	out := map[string]*plan{}
	dims, err := all[*guike.Dimension](ctx, tx, "dimension")
	if err != nil {
		return nil, err
	}
	rules, err := all[*guike.Rule](ctx, tx, "rule")
	if err != nil {
		return nil, err
	}
	slices.SortFunc(rules, func(a, b *guike.Rule) int {
		if a.Position != b.Position {
			return int(a.Position - b.Position)
		}
		return int(a.Number - b.Number)
	})
	for _, d := range dims {
		k := cat.Kind(d.Of)
		if k == nil || k.Field(d.Name) == nil {
			continue
		}
		p := out[d.Of]
		if p == nil {
			p = &plan{kind: k, inputs: map[string]bool{}}
			out[d.Of] = p
		}
		dim := &dimension{Dimension: d, field: k.Field(d.Name)}
		for name := range strings.SplitSeq(d.Source+","+d.AsOf, ",") {
			p.reads(name)
		}
		if d.By == guike.ByBands {
			if dim.bounds, err = parseBounds(d.Bounds, cat.Currency); err != nil {
				return nil, fmt.Errorf("dimension %s: %w", d.Name, err)
			}
		}
		if d.By == guike.ByRules {
			env := cat.Env(&sys, tx.At().UTC())
			for _, r := range rules {
				if r.Dimension != d.ID || r.Disabled {
					continue
				}
				b := bindRule(env, cat, k, r)
				for _, name := range b.filter.Names() {
					p.reads(name)
				}
				dim.rules = append(dim.rules, b)
			}
		}
		p.dims = append(p.dims, dim)
	}
	for _, p := range out {
		// What reads the record alone goes first, then what other records say, then rules, which may read both.
		order := []string{guike.ByBands, guike.ByPeriod, guike.ByField, guike.ByLookup, guike.ByRules}
		slices.SortStableFunc(p.dims, func(a, b *dimension) int { return slices.Index(order, a.By) - slices.Index(order, b.By) })
	}
	return out, nil
}

// only is the plan for one dimension: what reads it follows the change.
func (p *plan) only(dimension record.ID) *plan {
	c := &plan{kind: p.kind, inputs: map[string]bool{}}
	for _, d := range p.dims {
		if d.ID != dimension {
			continue
		}
		c.dims = append(c.dims, d)
		for name := range strings.SplitSeq(d.Source+","+d.AsOf, ",") {
			c.reads(name)
		}
		for _, r := range d.rules {
			for _, name := range r.filter.Names() {
				c.reads(name)
			}
		}
	}
	return c
}

func (p *plan) reads(name string) {
	head, _, _ := strings.Cut(name, ".")
	p.inputs[head] = true
}

func all[T record.Record](ctx context.Context, tx *store.Tx, kind string) ([]T, error) {
	var out []T
	q := store.Query{Kind: kind, Limit: store.MaxPage, Sort: "created_at"}
	for {
		page, err := tx.List(ctx, record.SystemScope("classify"), q)
		if err != nil {
			return nil, err
		}
		for _, r := range page.Records {
			out = append(out, r.(T))
		}
		if page.Next == "" {
			return out, nil
		}
		q.Cursor = page.Next
	}
}

func bindRule(env *record.Env, cat *store.Catalogue, k *record.Kind, r *guike.Rule) *rule {
	out := &rule{Rule: r, cat: cat.Category("", string(r.Category))}
	if err := json.Unmarshal([]byte(r.Filter), &out.filter); err != nil {
		out.broken = "error.filter"
		return out
	}
	var err error
	if out.cond, err = env.Bind(k, out.filter); err != nil {
		out.broken = err.Error()
	}
	switch {
	case out.cat == nil:
		out.broken = "error.no_such_category"
	case out.cat.Retired:
		out.broken = "error.category_retired"
	}
	return out
}

// Follow classifies what a batch of changes touched. It is a follower of the change log.
func Follow(ctx context.Context, tx *store.Tx, changes []record.Change) error {
	cat := tx.Catalogue()
	ps, err := plans(ctx, tx, cat)
	if err != nil {
		return err
	}
	// What follows from one cause is that cause's, or undoing one would take back what another brought about.
	for len(changes) > 0 {
		n := 1
		for n < len(changes) && changes[n].Cause.Root == changes[0].Cause.Root {
			n++
		}
		if err := follow(ctx, tx, ps, changes[:n]); err != nil {
			return err
		}
		changes = changes[n:]
	}
	return nil
}

func follow(ctx context.Context, tx *store.Tx, ps map[string]*plan, changes []record.Change) error {
	touched := map[string][]record.ID{}
	root, depth := record.Cause{}, 0
	for _, c := range changes {
		if c.Op == record.OpDelete || c.Op == record.OpPurge {
			continue
		}
		if c.Cause.Depth >= maxDepth {
			slog.Warn("rules feed each other: the chain ends here", "kind", c.Kind, "record", c.Rec, "root", c.Cause.Root)
			continue
		}
		if p := ps[c.Kind]; p != nil && (c.Op != record.OpUpdate || p.meets(c)) {
			touched[c.Kind] = append(touched[c.Kind], c.Rec)
			root, depth = c.Cause, max(depth, c.Cause.Depth+1)
		}
		if c.Op == record.OpUpdate {
			if err := lookedUp(ctx, tx, ps, c, touched); err != nil {
				return err
			}
		}
	}
	for _, kind := range sorted(touched) {
		sc := tx.Scope()
		sc.Cause = record.Cause{Kind: "classify", ID: root.ID, Root: root.Root, Depth: depth}
		if _, err := classify(ctx, tx.As(sc), ps[kind], kind, touched[kind]); err != nil {
			return err
		}
	}
	return nil
}

func sorted[K ~string, V any](m map[K]V) []K {
	var ks []K
	for k := range m {
		ks = append(ks, k)
	}
	slices.Sort(ks)
	return ks
}

// meets reports whether a change touches what the plan reads.
func (p *plan) meets(c record.Change) bool {
	for name := range c.Fields {
		if p.inputs[name] {
			return true
		}
	}
	// A person gave a dimension back to the machine.
	for _, why := range c.Why {
		if c.Cause.Depth == 0 && why[1].Origin == "none" {
			return true
		}
	}
	return false
}

// lookedUp finds who looks at a changed record: a few at once, many by a job.
func lookedUp(ctx context.Context, tx *store.Tx, ps map[string]*plan, c record.Change, touched map[string][]record.ID) error {
	for kind, p := range ps {
		refs := map[string]bool{}
		for _, d := range p.dims {
			for _, name := range d.readsOver(p.kind, c.Kind, c.Fields) {
				refs[name] = true
			}
		}
		for _, ref := range sorted(refs) {
			ids, err := referring(ctx, tx, p.kind, ref, c.Rec)
			if err != nil {
				return err
			}
			if len(ids) <= followersOf {
				touched[kind] = append(touched[kind], ids...)
				continue
			}
			if _, err := queue.Add(ctx, tx, queue.New{Queue: Queue, Title: "job.classify", Args: Job{Kind: kind, Ref: ref, To: c.Rec}, Once: fmt.Sprint("classify:", kind, ref, c.Rec)}); err != nil {
				return err
			}
		}
	}
	return nil
}

// followersOf is how many referring records are classified at once; more go to a job.
const followersOf = 500

// readsOver lists the references of kind k over which a dimension reads one of the changed fields of another kind.
func (d *dimension) readsOver(k *record.Kind, kind string, fields map[string][2]json.RawMessage) []string {
	names := strings.Split(d.Source, ",")
	for _, r := range d.rules {
		names = append(names, r.filter.Names()...)
	}
	var out []string
	for _, name := range names {
		ref, rest, hop := strings.Cut(name, ".")
		f := k.Field(ref)
		if !hop || f == nil || f.Ref != kind {
			continue
		}
		rest, _, _ = strings.Cut(rest, ".")
		if _, ok := fields[rest]; ok {
			out = append(out, ref)
		}
	}
	return out
}

func referring(ctx context.Context, tx *store.Tx, k *record.Kind, ref string, to record.ID) ([]record.ID, error) {
	var ids []record.ID
	err := tx.Each(ctx, fmt.Sprintf(`SELECT id FROM %s WHERE "%s" = ? AND deleted_at IS NULL LIMIT %d`, k.Plural, ref, followersOf+1), []any{string(to)}, func(rows store.Rows) error {
		var id string
		err := rows.Scan(&id)
		ids = append(ids, record.ID(id))
		return err
	})
	return ids, err
}

// classify decides records of one kind anew and writes what differs. It answers how many were written.
func classify(ctx context.Context, tx *store.Tx, p *plan, kind string, ids []record.ID) (int, error) {
	slices.Sort(ids)
	ids = slices.Compact(ids)
	decided, err := tx.Decisions(ctx, ids...)
	if err != nil {
		return 0, err
	}
	b := &batch{ctx: ctx, tx: tx, cat: tx.Catalogue(), loaded: map[string]map[record.ID]record.Record{}}
	recs, err := tx.Lock(ctx, kind, ids)
	if err != nil {
		return 0, err
	}
	if err := b.prefetch(p, recs); err != nil {
		return 0, err
	}
	wrote := 0
	_, err = tx.UpdateLocked(ctx, kind, recs, func(rec record.Record) (store.Patch, error) {
		patch, err := b.decide(p, rec, decided[rec.Head().ID])
		if len(patch.Values) > 0 {
			wrote++
		}
		return patch, err
	})
	return wrote, err
}

// Queue is the name of the job that classifies many records again.
const Queue = "classify"

// A Job says which records: all of a kind, or those that refer to one record.
type Job struct {
	Kind string    `json:"kind"`
	Ref  string    `json:"ref,omitempty"`
	To   record.ID `json:"to,omitempty"`
}

// Handler does the job in batches, each a transaction of its own, telling its progress. Running it again is harmless: it writes only what differs.
func Handler(db *store.DB) queue.Handler {
	return func(ctx context.Context, t *queue.Task) error {
		var j Job
		if err := json.Unmarshal(t.Args, &j); err != nil {
			return record.FieldError("args", err.Error())
		}
		cat, err := db.Catalogue(ctx, false)
		if err != nil {
			return err
		}
		k := cat.Kind(j.Kind)
		if k == nil {
			return record.Errorf(record.NotFound, "error.no_such_kind")
		}
		where, args := "deleted_at IS NULL", []any{}
		if j.Ref != "" && k.Field(j.Ref) != nil {
			where, args = where+` AND "`+j.Ref+`" = ?`, append(args, string(j.To))
		}
		var total, done int64
		if err := db.One(ctx, fmt.Sprintf("SELECT count(*) FROM %s WHERE %s", k.Plural, where), args, &total); err != nil {
			return err
		}
		sc := record.SystemScope("classify")
		sc.Cause = record.Cause{Kind: "job", ID: t.ID, Root: t.ID, Depth: 1}
		for after := int64(0); ; {
			n := 0
			last := after
			err := db.Tx(ctx, sc, func(tx *store.Tx) error {
				n = 0
				var ids []record.ID
				if err := tx.Each(ctx, fmt.Sprintf("SELECT id, n FROM %s WHERE %s AND n > ? ORDER BY n LIMIT 200", k.Plural, where), append(slices.Clone(args), after), func(rows store.Rows) error {
					var id string
					err := rows.Scan(&id, &last)
					ids = append(ids, record.ID(id))
					return err
				}); err != nil || len(ids) == 0 {
					return err
				}
				n = len(ids)
				ps, err := plans(ctx, tx, tx.Catalogue())
				if err != nil || ps[j.Kind] == nil {
					return err
				}
				_, err = classify(ctx, tx, ps[j.Kind], j.Kind, ids)
				return err
			})
			if err != nil {
				return err
			}
			if n == 0 {
				return t.Progress(ctx, total, total)
			}
			after = last
			done += int64(n)
			if err := t.Progress(ctx, min(done, total), total); err != nil {
				return err
			}
		}
	}
}

// again adds the job that classifies a kind's records anew after a dimension was added.
func again(ctx context.Context, tx *store.Tx, kind string) error {
	_, err := queue.Add(ctx, tx, queue.New{Queue: Queue, Title: "job.classify", Args: Job{Kind: kind}, Once: "classify:" + kind})
	return err
}
