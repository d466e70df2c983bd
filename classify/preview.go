package classify

import (
	"context"
	"slices"

	"guike"
	"guike/record"
	"guike/store"
)

// A Preview says what a setup would do to all that is there, before it does: exactly, since the same conditions count that will decide.
type Preview struct {
	Total int64  // records of the kind
	Moved int64  // whose value would change
	Held  int64  // that would, but a person decided them
	Moves []Move // by where from and where to, the largest first
	Rules []Won  // in order
}

// A Move is how many records go from one value to another. Values are category numbers; several in a dimension of several values, none for "none".
type Move struct {
	From, To []int64
	Count    int64
	Sample   []record.Record // a few of those that the caller may read

	some []int64 // their row numbers
}

// Won is what one rule wins and loses under a setup.
type Won struct {
	Rule    RuleText
	Holds   int64         // records that satisfy it
	Wins    int64         // of those, that it decides
	Taken   map[int]int64 // of those, that an earlier rule (by place) takes
	Overlap map[int]int64 // records that satisfy both it and a later rule (by place)
	Behind  int           // place of an earlier rule that provably takes all that this one could, −1 where none is known
	Broken  string        // why it cannot be carried out
}

// samples is how many records of a move are shown.
const samples = 5

// branchesOf makes the ordered conditions of a setup. places says which rule each branch is.
func branchesOf(cat *store.Catalogue, now record.Time, d *guike.Dimension, s Setup) (store.Branching, []int, []Won, error) {
	b := store.Branching{Kind: d.Of, Field: d.Name}
	k := cat.Kind(d.Of)
	if k == nil || k.Field(d.Name) == nil {
		return b, nil, nil, record.Errorf(record.NotFound, "error.no_such_kind")
	}
	if d.By == guike.ByBands {
		bounds, err := parseBounds(boundsText(s.Bounds), cat.Currency)
		if err != nil {
			return b, nil, nil, record.FieldError("bounds", err.Error())
		}
		f := k.Field(d.Source)
		if f == nil {
			return b, nil, nil, record.Errorf(record.NotFound, "error.no_such_field")
		}
		for i := 0; i <= len(bounds); i++ {
			c := record.Cond{Op: record.Range, Field: f, Currency: cat.Currency, HiX: true}
			if i > 0 {
				c.Lo = &record.Value{N: bounds[i-1].Minor}
			}
			if i < len(bounds) {
				c.Hi = &record.Value{N: bounds[i].Minor}
			}
			code := string(rune('0' + i%10))
			if i >= 10 {
				code = "1" + code
			}
			n := -int64(i) - 1 // a band that is not there yet
			if have := cat.Coded(d.ID, code); have != nil {
				n = have.N
			}
			b.Branches = append(b.Branches, store.Branch{Cond: c, Category: n})
		}
		return b, nil, nil, nil
	}
	sys := record.SystemScope("classify")
	env := cat.Env(&sys, now.UTC())
	var places []int
	won := make([]Won, len(s.Rules))
	for i, t := range s.Rules {
		won[i] = Won{Rule: t, Taken: map[int]int64{}, Overlap: map[int]int64{}, Behind: -1}
		if t.Disabled {
			continue
		}
		r := bindRule(env, cat, k, &guike.Rule{Category: t.Category, Filter: textFilter(t.Filter)})
		if won[i].Broken = r.broken; r.broken != "" {
			continue
		}
		b.Branches = append(b.Branches, store.Branch{Cond: r.cond, Category: r.cat.N, Rule: t.ID})
		places = append(places, i)
	}
	return b, places, won, nil
}

// PreviewOf answers what a setup of a dimension would do; with a draft's id, what that would.
func PreviewOf(ctx context.Context, db *store.DB, sc record.Scope, dimension record.ID, s Setup) (*Preview, error) {
	if err := may(sc); err != nil {
		return nil, err
	}
	var d *guike.Dimension
	if err := db.Tx(ctx, sc.House(), func(tx *store.Tx) (err error) {
		if d, err = dimensionOf(ctx, tx, dimension); err != nil {
			return err
		}
		return checkSetup(tx, d, s)
	}); err != nil {
		return nil, err
	}
	p, err := preview(ctx, db, sc, d, s)
	if err != nil {
		return nil, err
	}
	return p, p.sample(ctx, db, sc, d)
}

func preview(ctx context.Context, db *store.DB, sc record.Scope, d *guike.Dimension, s Setup) (*Preview, error) {
	cat, err := db.Catalogue(ctx, false)
	if err != nil {
		return nil, err
	}
	s = s.merged()
	b, places, won, err := branchesOf(cat, record.At(db.Now()), d, s)
	if err != nil {
		return nil, err
	}
	stands, err := db.Stands(ctx, sc, b)
	if err != nil {
		return nil, err
	}
	p := &Preview{Rules: won}
	type fromTo struct{ from, to record.Value }
	moves := map[fromTo]*Move{}
	for _, st := range stands {
		p.Total += st.Count
		to := b.Decide(d.Multi, st.Holds)
		held := st.Held
		if v, ok := s.carry(cat, d.Multi, st.Value); held && ok {
			held, to = false, v // a merge takes persons' decisions along
		}
		if to != st.Value && !(to.Null && st.Value.Null) {
			if held {
				p.Held += st.Count
			} else {
				p.Moved += st.Count
				m := moves[fromTo{st.Value, to}]
				if m == nil {
					m = &Move{From: st.Value.Numbers(d.Multi), To: to.Numbers(d.Multi)}
					moves[fromTo{st.Value, to}] = m
				}
				m.Count += st.Count
				m.some = append(m.some, st.Some...)
			}
		}
		first := -1
		for i, yes := range st.Holds {
			if !yes || places == nil {
				continue
			}
			w := &won[places[i]]
			w.Holds += st.Count
			switch {
			case first < 0:
				first = i
				w.Wins += st.Count
			case d.Multi:
				w.Wins += st.Count
			default:
				w.Taken[places[first]] += st.Count
			}
			for j := range i {
				if st.Holds[j] {
					won[places[j]].Overlap[places[i]] += st.Count
				}
			}
		}
	}
	for _, m := range moves {
		p.Moves = append(p.Moves, *m)
	}
	slices.SortFunc(p.Moves, func(a, b Move) int {
		if a.Count != b.Count {
			return int(b.Count - a.Count)
		}
		return slices.Compare(append(slices.Clone(a.From), a.To...), append(slices.Clone(b.From), b.To...))
	})
	if !d.Multi {
		for i, place := range places {
			for j := range i {
				if record.Implies(&b.Branches[i].Cond, &b.Branches[j].Cond) {
					won[place].Behind = places[j]
					break
				}
			}
		}
	}
	return p, nil
}

// carry answers what becomes of a value by the setup's merges; false where they do not touch it.
func (s Setup) carry(cat *store.Catalogue, multi bool, v record.Value) (record.Value, bool) {
	ns := v.Numbers(multi)
	touched := false
	for i, n := range ns {
		for _, m := range s.Merge {
			if from, to := cat.Category("", string(m.From)), cat.Category("", string(m.To)); from != nil && to != nil && n == from.N {
				ns[i], touched = to.N, true
			}
		}
	}
	if !multi {
		if !touched {
			return v, false
		}
		return record.NumberValue(ns[0]), true
	}
	slices.Sort(ns)
	return record.Several(slices.Compact(ns)), touched
}

// sample shows a few records of the largest moves, of those that the caller may read.
func (p *Preview) sample(ctx context.Context, db *store.DB, sc record.Scope, d *guike.Dimension) error {
	cat, err := db.Catalogue(ctx, false)
	if err != nil || !sc.Sees(d.Of, cat.Kind(d.Of).Field(d.Name)) {
		return err
	}
	most := p.Moves[:min(len(p.Moves), 10)]
	var all []int64
	for i := range most {
		m := &most[i]
		slices.Sort(m.some)
		slices.Reverse(m.some)
		m.some = m.some[:min(len(m.some), samples)]
		all = append(all, m.some...)
	}
	if len(all) == 0 {
		return nil
	}
	recs, err := db.Numbered(ctx, sc, d.Of, all)
	if err != nil {
		return err
	}
	for i := range most {
		for _, r := range recs {
			if slices.Contains(most[i].some, r.Head().N) {
				most[i].Sample = append(most[i].Sample, r)
			}
		}
	}
	return nil
}
