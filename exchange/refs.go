package exchange

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"guike/fold"
	"guike/record"
	"guike/store"
)

// A found is what a word refers to: a record, or why none.
type found struct {
	id     record.ID
	reason string    // issueNoRef, issueManyRefs
	oldest record.ID // of several
	said   string    // who the several are
}

// refs finds what the words of a file refer to, a batch at a time; what was found is remembered, for names come again.
type refs struct {
	known map[string]map[string]found // kind → word
	fresh map[string]map[string]found // of this batch: kept when it commits
}

func newRefs() *refs { return &refs{known: map[string]map[string]found{}} }

// rememberable bounds what is remembered of one kind.
const rememberable = 300_000

func (r *refs) begin() { r.fresh = map[string]map[string]found{} }

func (r *refs) commit() {
	for kind, m := range r.fresh {
		if r.known[kind] == nil || len(r.known[kind]) > rememberable {
			r.known[kind] = map[string]found{}
		}
		for w, f := range m {
			r.known[kind][w] = f
		}
	}
	r.fresh = nil
}

func (r *refs) get(kind, word string) (found, bool) {
	if f, ok := r.fresh[kind][word]; ok {
		return f, true
	}
	f, ok := r.known[kind][word]
	return f, ok
}

func (r *refs) put(kind, word string, f found) {
	if r.fresh[kind] == nil {
		r.fresh[kind] = map[string]found{}
	}
	r.fresh[kind][word] = f
}

// resolve finds the words of one kind that are not known yet: by id, by any unique field, by name and by the name's fold. Who is not seen is not there.
func (r *refs) resolve(ctx context.Context, tx *store.Tx, kind string, words []string) error {
	words = slices.DeleteFunc(words, func(w string) bool { _, ok := r.get(kind, w); return ok })
	slices.Sort(words)
	words = slices.Compact(words)
	if len(words) == 0 {
		return nil
	}
	k, sc := tx.Catalogue().Kind(kind), tx.Scope()
	if k == nil || sc.For(kind).Read == record.None {
		for _, w := range words {
			r.put(kind, w, found{reason: issueNoRef})
		}
		return nil
	}
	hits := map[string][]record.ID{}
	hit := func(w string, id record.ID) {
		if !slices.Contains(hits[w], id) {
			hits[w] = append(hits[w], id)
		}
	}
	open := func() []string {
		return slices.DeleteFunc(slices.Clone(words), func(w string) bool { return len(hits[w]) > 0 })
	}
	for _, w := range words {
		if id := record.ID(w); id.Valid() && id.Prefix() == k.Prefix {
			hit(w, id)
		}
	}
	for i := range k.Fields {
		if f := &k.Fields[i]; f.IsUnique() && f.Textual() && !f.IsSecret() && !f.IsSystem() && !f.Retired {
			if err := tx.Holders(ctx, kind, f.Name, open(), false, hit); err != nil {
				return err
			}
		}
	}
	if f := k.NamedField(); f != nil {
		by := map[string][]string{}
		var folds []string
		for _, w := range open() {
			if x := fold.Name(w); x != "" {
				by[x] = append(by[x], w)
				folds = append(folds, x)
			}
		}
		if err := tx.Holders(ctx, kind, f.Name, folds, true, func(x string, id record.ID) {
			for _, w := range by[x] {
				hit(w, id)
			}
		}); err != nil {
			return err
		}
	}
	var ids []record.ID
	for _, h := range hits {
		ids = append(ids, h...)
	}
	titles, err := tx.Titles(ctx, sc, kind, ids)
	if err != nil {
		return fmt.Errorf("find %s: %w", kind, err)
	}
	several := map[string][]record.ID{}
	for _, w := range words {
		seen := slices.DeleteFunc(hits[w], func(id record.ID) bool { _, ok := titles[id]; return !ok })
		exact := slices.DeleteFunc(slices.Clone(seen), func(id record.ID) bool { return titles[id] != strings.TrimSpace(w) })
		switch {
		case len(seen) == 1:
			r.put(kind, w, found{id: seen[0]})
		case len(exact) == 1:
			r.put(kind, w, found{id: exact[0]})
		case len(exact) > 1:
			several[w] = exact
		case len(seen) > 1:
			several[w] = seen
		default:
			r.put(kind, w, found{reason: issueNoRef})
		}
	}
	return r.namesakes(ctx, tx, k, several)
}

// told is how many namesakes are named.
const told = 4

// namesakes remembers the words that several are called by, with what tells them apart: the business's own number, and the id.
func (r *refs) namesakes(ctx context.Context, tx *store.Tx, k *record.Kind, several map[string][]record.ID) error {
	var ids []record.ID
	for _, h := range several {
		slices.Sort(h) // an id begins with its moment: beyond so many, which are told matters to nobody
		ids = append(ids, h[:min(len(h), 200)]...)
	}
	if len(ids) == 0 {
		return nil
	}
	sc := tx.Scope()
	recs, err := tx.GetAll(ctx, sc, k.Name, ids, sc.For(k.Name).Read, "")
	if err != nil {
		return fmt.Errorf("namesakes among %s: %w", k.Plural, err)
	}
	names, age := map[record.ID]string{}, map[record.ID]int{}
	slices.SortFunc(recs, func(a, b record.Record) int {
		return cmp.Or(cmp.Compare(a.Head().CreatedAt, b.Head().CreatedAt), cmp.Compare(a.Head().N, b.Head().N))
	})
	for i, rec := range recs {
		age[rec.Head().ID] = i
		name := string(rec.Head().ID)
		for i := range k.Fields {
			if f := &k.Fields[i]; f.IsUnique() && f.Textual() && !f.IsSecret() && !f.IsSystem() && !f.Retired {
				if v := k.Get(rec, f.Name).S; v != "" {
					name = v + " " + name
					break
				}
			}
		}
		names[rec.Head().ID] = name
	}
	for w, h := range several {
		h = h[:min(len(h), 200)]
		slices.SortFunc(h, func(a, b record.ID) int { return age[a] - age[b] })
		said := make([]string, 0, told+1)
		for _, id := range h[:min(len(h), told)] {
			said = append(said, names[id])
		}
		if len(h) > told {
			said = append(said, fmt.Sprintf("+%d", len(several[w])-told))
		}
		r.put(k.Name, w, found{reason: issueManyRefs, oldest: h[0], said: strings.Join(said, " | ")})
	}
	return nil
}

// make creates a record for a word that nothing is called by, with no more than that word; a kind that only its verbs write is not made here.
func (r *refs) make(ctx context.Context, tx *store.Tx, kind, word string, more map[string]record.Value) (found, error) {
	k, sc := tx.Catalogue().Kind(kind), tx.Scope()
	if k == nil || k.Verbs || sc.For(kind).Create == record.None {
		return found{reason: issueNoRef}, nil
	}
	rec := k.New()
	name := ""
	if f := k.NamedField(); f != nil {
		name = f.Name
	} else {
		for i := range k.Fields {
			if f := &k.Fields[i]; f.IsUnique() && !f.IsSystem() && f.Textual() {
				name = f.Name
				break
			}
		}
	}
	if name == "" {
		return found{reason: issueNoRef}, nil
	}
	k.Set(rec, name, record.TextValue(strings.TrimSpace(word)))
	for field, v := range more {
		k.Set(rec, field, v)
	}
	if err := tx.Check(ctx, rec, nil); err != nil {
		if record.Is(err, record.Invalid) || record.Is(err, record.Denied) {
			return found{reason: issueNoRef}, nil
		}
		return found{}, err
	}
	if err := tx.Create(ctx, rec); err != nil {
		return found{}, fmt.Errorf("make %s %q: %w", kind, word, err)
	}
	f := found{id: rec.Head().ID}
	r.put(kind, word, f)
	return f, nil
}
