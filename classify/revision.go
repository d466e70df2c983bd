package classify

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"guike"
	"guike/queue"
	"guike/record"
	"guike/store"
)

// A Setup is how a dimension decides, as a whole: what a revision changes from one to another.
type Setup struct {
	Rules  []RuleText `json:"rules,omitempty"`
	Bounds []string   `json:"bounds,omitempty"` // bands: lower bounds in decimals, ascending
	Merge  []Merge    `json:"merge,omitempty"`
}

// A Merge puts all that is in one category into another: what rules decided and what persons did. The one is retired.
type Merge struct {
	From record.ID `json:"from"`
	To   record.ID `json:"to"`
}

// merged makes rules lead to where their categories are merged into.
func (s Setup) merged() Setup {
	if len(s.Merge) == 0 {
		return s
	}
	s.Rules = slices.Clone(s.Rules)
	for i := range s.Rules {
		for _, m := range s.Merge {
			if s.Rules[i].Category == m.From {
				s.Rules[i].Category = m.To
			}
		}
	}
	return s
}

// A RuleText is one rule as a person writes it, in order. An empty ID is a new rule.
type RuleText struct {
	ID       record.ID     `json:"id,omitempty"`
	Number   int64         `json:"number,omitempty"`
	Version  int64         `json:"version,omitempty"`
	Category record.ID     `json:"category"`
	Title    string        `json:"title,omitempty"`
	Filter   record.Filter `json:"filter"`
	Disabled bool          `json:"disabled,omitempty"`
}

// maxRules bounds a dimension's rules: each is asked of every record.
const maxRules = 300

// Ceiling is how many records a revision may move without somebody saying that he knows.
const Ceiling = 10_000

// setup reads how a dimension decides now.
func setup(ctx context.Context, tx *store.Tx, d *guike.Dimension) (Setup, error) {
	var s Setup
	if d.By == guike.ByBands {
		return s, json.Unmarshal([]byte(d.Bounds), &s.Bounds)
	}
	rules, err := rulesOf(ctx, tx, d.ID)
	if err != nil {
		return s, err
	}
	for _, r := range rules {
		t := RuleText{ID: r.ID, Number: r.Number, Version: r.Revision, Category: r.Category, Title: r.Name, Disabled: r.Disabled}
		if err := json.Unmarshal([]byte(r.Filter), &t.Filter); err != nil {
			return s, fmt.Errorf("rule %d: %w", r.Number, err)
		}
		s.Rules = append(s.Rules, t)
	}
	return s, nil
}

func rulesOf(ctx context.Context, tx *store.Tx, dim record.ID) ([]*guike.Rule, error) {
	rules, err := all[*guike.Rule](ctx, tx, "rule")
	if err != nil {
		return nil, err
	}
	rules = slices.DeleteFunc(rules, func(r *guike.Rule) bool { return r.Dimension != dim })
	inOrder(rules)
	return rules, nil
}

func inOrder(rules []*guike.Rule) {
	slices.SortFunc(rules, func(a, b *guike.Rule) int {
		if a.Position != b.Position {
			return int(a.Position - b.Position)
		}
		return int(a.Number - b.Number)
	})
}

// Draft keeps a change of how a dimension decides for later; with an id it changes a draft.
func Draft(ctx context.Context, db *store.DB, sc record.Scope, id, dimension record.ID, note string, s Setup) (record.ID, error) {
	if err := may(sc); err != nil {
		return "", err
	}
	made := id
	return made, db.Tx(ctx, sc.House(), func(tx *store.Tx) error {
		if id != "" {
			r, err := revision(ctx, tx, id, guike.RevisionDraft)
			if err != nil {
				return err
			}
			dimension = r.Dimension
		}
		d, err := dimensionOf(ctx, tx, dimension)
		if err != nil {
			return record.FieldError("dimension", "error.no_such_record")
		}
		if err := checkSetup(tx, d, s); err != nil {
			return err
		}
		text := textOf(s)
		if id != "" {
			_, err := tx.Update(ctx, "revision", id, store.Patch{Values: map[string]record.Value{"after": record.TextValue(text), "note": record.TextValue(note)}})
			return err
		}
		before, err := setup(ctx, tx, d)
		if err != nil {
			return err
		}
		r := &guike.Revision{Dimension: dimension, Of: d.Of, Note: note, State: guike.RevisionDraft, Before: textOf(before), After: text}
		err = tx.Create(ctx, r)
		made = r.ID
		return err
	})
}

func textOf(s Setup) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // filters that were parsed before
	}
	return string(b)
}

// checkSetup refuses what could not be carried out.
func checkSetup(tx *store.Tx, d *guike.Dimension, s Setup) error {
	if d.By == guike.ByBands {
		_, err := parseBounds(boundsText(s.Bounds), tx.Catalogue().Currency)
		if err != nil {
			return record.FieldError("bounds", err.Error())
		}
		return nil
	}
	if len(s.Bounds) > 0 {
		return record.FieldError("bounds", "error.no_bands")
	}
	if d.By != guike.ByRules {
		return record.FieldError("dimension", "error.no_rules_here")
	}
	cat := tx.Catalogue()
	gone := map[record.ID]bool{}
	for _, m := range s.Merge {
		from, to := cat.Category(d.ID, string(m.From)), cat.Category(d.ID, string(m.To))
		if from == nil || to == nil || to.Retired || from == to || gone[m.From] {
			return record.FieldError("merge", "error.no_such_category")
		}
		if len(cat.Below(from.N)) > 0 {
			return record.FieldError("merge", "error.category_has_children")
		}
		gone[m.From] = true
	}
	for _, m := range s.Merge {
		if gone[m.To] {
			return record.FieldError("merge", "error.merge_chain")
		}
	}
	if len(s.Rules) > maxRules {
		return record.FieldError("rules", "error.too_many")
	}
	seen := map[record.ID]bool{}
	for _, t := range s.Rules {
		if t.ID != "" && seen[t.ID] {
			return record.FieldError("rules", "error.not_unique")
		}
		seen[t.ID] = true
		if t.Disabled {
			continue
		}
		if err := checkRule(tx, &guike.Rule{Category: t.Category, Filter: textFilter(t.Filter)}, d); err != nil {
			return err
		}
	}
	return nil
}

func boundsText(bounds []string) string {
	b, err := json.Marshal(bounds)
	if err != nil {
		panic(err) // texts
	}
	return string(b)
}

func textFilter(f record.Filter) string {
	b, err := json.Marshal(f)
	if err != nil {
		panic(err) // raw values that were parsed before
	}
	return string(b)
}

func revision(ctx context.Context, tx *store.Tx, id record.ID, states ...string) (*guike.Revision, error) {
	rec, err := tx.Get(ctx, record.SystemScope("classify"), "revision", id)
	if err != nil {
		return nil, err
	}
	r := rec.(*guike.Revision)
	if r.DeletedAt != 0 || len(states) > 0 && !slices.Contains(states, r.State) {
		return nil, record.Errorf(record.Conflict, "error.revision_state")
	}
	return r, nil
}

// Discard throws a draft away.
func Discard(ctx context.Context, db *store.DB, sc record.Scope, id record.ID) error {
	if err := may(sc); err != nil {
		return err
	}
	return db.Tx(ctx, sc.House(), func(tx *store.Tx) error {
		if _, err := revision(ctx, tx, id, guike.RevisionDraft); err != nil {
			return err
		}
		_, err := tx.Delete(ctx, "revision", id)
		return err
	})
}

// Publish puts a draft in force: what arrives from now on is decided by it, and a job applies it to what is there. confirm is how many records the caller
// knows that it moves; where it would move more than the ceiling and more than that, it fails with Conflict and says how many.
func Publish(ctx context.Context, db *store.DB, sc record.Scope, id record.ID, confirm int64) (string, error) {
	if err := may(sc); err != nil {
		return "", err
	}
	rec, err := db.Get(ctx, sc.House(), "revision", id)
	if err != nil {
		return "", err
	}
	r := rec.(*guike.Revision)
	var s Setup
	if err := json.Unmarshal([]byte(r.After), &s); err != nil {
		return "", err
	}
	_, job, err := change(ctx, db, sc, r.Dimension, id, confirm, func(Setup) (Setup, error) { return s, nil })
	return job, err
}

// change makes a revision of a dimension and puts it in force at once: all verbs that change how a dimension decides come here.
func change(ctx context.Context, db *store.DB, sc record.Scope, dimension, draft record.ID, confirm int64, fn func(Setup) (Setup, error)) (*guike.Revision, string, error) {
	var before Setup
	var d *guike.Dimension
	read := func(tx *store.Tx) (s Setup, err error) {
		if d, err = dimensionOf(ctx, tx, dimension); err != nil {
			return s, record.FieldError("dimension", "error.no_such_record")
		}
		if before, err = setup(ctx, tx, d); err != nil {
			return s, err
		}
		if s, err = fn(before); err != nil {
			return s, err
		}
		s = s.merged()
		return s, checkSetup(tx, d, s)
	}
	var asked Setup
	if err := db.Tx(ctx, sc.House(), func(tx *store.Tx) (err error) { asked, err = read(tx); return err }); err != nil {
		return nil, "", err
	}
	p, err := preview(ctx, db, sc, d, asked)
	if err != nil {
		return nil, "", err
	}
	if p.Moved > Ceiling && p.Moved > confirm {
		return nil, "", &record.Error{Code: record.Conflict, Message: "error.confirm_moves", Fields: map[string]string{"confirm": fmt.Sprint(p.Moved)}}
	}
	var r *guike.Revision
	var job string
	err = db.Tx(ctx, sc.House(), func(tx *store.Tx) error {
		s, err := read(tx)
		if err != nil {
			return err
		}
		r = &guike.Revision{Dimension: d.ID, Of: d.Of, State: guike.RevisionDraft}
		if draft != "" {
			if r, err = revision(ctx, tx, draft, guike.RevisionDraft); err != nil {
				return err
			}
		}
		if err := tx.One(ctx, "SELECT coalesce(max(number), 0) + 1 FROM revisions WHERE dimension = ?", []any{string(d.ID)}, &r.Number); err != nil {
			return err
		}
		if draft == "" {
			if err := tx.Create(ctx, r); err != nil {
				return err
			}
		}
		rules := tx.Scope()
		rules.Cause = record.Cause{Kind: "revision", ID: string(r.ID), Root: rules.Cause.Root}
		after, err := put(ctx, tx.As(rules), d, s, false)
		if err != nil {
			return err
		}
		if job, err = queue.Add(ctx, tx, queue.New{Queue: ReviseQueue, Title: "job.revise", Args: revising{Revision: r.ID}}); err != nil {
			return err
		}
		rec, err := tx.Update(ctx, "revision", r.ID, store.Patch{Values: map[string]record.Value{"number": record.NumberValue(r.Number), "state": record.TextValue(guike.RevisionRunning),
			"before": record.TextValue(textOf(before)), "after": record.TextValue(textOf(after)), "expected": record.NumberValue(p.Moved), "published_at": record.NumberValue(int64(tx.At())), "job": record.TextValue(job)}})
		if err != nil {
			return err
		}
		r = rec.(*guike.Revision)
		return nil
	})
	return r, job, err
}

// put makes a dimension decide as a setup says, and answers it with the numbers and versions given. Back gives rules the versions that the setup names.
func put(ctx context.Context, tx *store.Tx, d *guike.Dimension, s Setup, back bool) (Setup, error) {
	if d.By == guike.ByBands {
		rec, err := tx.Update(ctx, "dimension", d.ID, store.Patch{Values: map[string]record.Value{"bounds": record.TextValue(boundsText(s.Bounds))}})
		if err != nil {
			return s, err
		}
		return s, bands(ctx, tx, rec.(*guike.Dimension))
	}
	for _, m := range s.Merge {
		if _, err := tx.Update(ctx, "category", m.From, store.Patch{Values: map[string]record.Value{"retired": record.NumberValue(number01(!back))}}); err != nil {
			return s, err
		}
	}
	rules, err := rulesOf(ctx, tx, d.ID)
	if err != nil {
		return s, err
	}
	have := map[record.ID]*guike.Rule{}
	for _, r := range rules {
		have[r.ID] = r
	}
	s.Rules = slices.Clone(s.Rules)
	for i := range s.Rules {
		t := &s.Rules[i]
		r := have[t.ID]
		delete(have, t.ID)
		if r == nil && t.ID != "" && back {
			if _, err := tx.Restore(ctx, "rule", t.ID); err != nil {
				return s, err
			}
			rec, err := tx.Get(ctx, tx.Scope(), "rule", t.ID)
			if err != nil {
				return s, err
			}
			r = rec.(*guike.Rule)
		}
		if r == nil {
			if t.ID != "" {
				return s, record.FieldError("rules", "error.no_such_record")
			}
			n := &guike.Rule{Dimension: d.ID, Category: t.Category, Name: t.Title, Filter: textFilter(t.Filter), Disabled: t.Disabled, Position: int64(i + 1), Revision: 1, Latest: 1}
			if err := tx.One(ctx, "SELECT coalesce(max(number), 0) + 1 FROM rules", nil, &n.Number); err != nil {
				return s, err
			}
			if err := tx.Create(ctx, n); err != nil {
				return s, err
			}
			t.ID, t.Number, t.Version = n.ID, n.Number, 1
			continue
		}
		p := store.Patch{Values: map[string]record.Value{"category": record.TextValue(string(t.Category)), "name": record.TextValue(t.Title), "disabled": record.NumberValue(number01(t.Disabled)),
			"position": record.NumberValue(int64(i + 1))}}
		filter := textFilter(t.Filter)
		if !sameJSON(filter, r.Filter) {
			p.Values["filter"] = record.TextValue(filter)
		}
		version := r.Revision
		if back {
			version = t.Version
		} else if p.Values["filter"].S != "" || r.Category != t.Category || r.Name != t.Title || r.Disabled != t.Disabled {
			version = max(r.Latest, r.Revision) + 1
		}
		p.Values["revision"], p.Values["latest"] = record.NumberValue(version), record.NumberValue(max(r.Latest, r.Revision, version))
		if _, err := tx.Update(ctx, "rule", r.ID, p); err != nil {
			return s, err
		}
		t.Number, t.Version = r.Number, version
	}
	for _, id := range sorted(have) {
		if _, err := tx.Delete(ctx, "rule", id); err != nil {
			return s, err
		}
	}
	return s, nil
}

func number01(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func sameJSON(a, b string) bool {
	var x, y record.Filter
	return json.Unmarshal([]byte(a), &x) == nil && json.Unmarshal([]byte(b), &y) == nil && textFilter(x) == textFilter(y)
}
