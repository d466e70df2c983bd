package store

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"guike/record"
)

// An Undo names what is to be taken back: all that began with one request or job, or what one cause wrote by itself.
type Undo struct {
	Root  string // all changes whose chain began here: an import and how its records were classified
	Cause string // where Root is "": the changes of this cause alone
	// Anyway takes back also what was changed since, where a person has looked at the list and said so; for these records only, where any are named.
	Anyway bool
	Only   []record.ID
	Until  record.ID // the last record of the span that is taken back; "" where there is none
}

// Why a part of an undo was not done.
const (
	KeptChanged  = "changed"  // the field was changed since
	KeptTouched  = "touched"  // the record was made, and a person has worked on it since
	KeptReferred = "referred" // the record was made, and others refer to it
	KeptTaken    = "taken"    // another record has the unique value now
	KeptGone     = "gone"     // the record was removed for ever, or the field retired
	KeptDenied   = "denied"   // beyond the reach of who undoes
	KeptInvalid  = "invalid"  // what it was is not allowed any more
)

// Kept is a part of an undo that was not done, for a person to decide.
type Kept struct {
	Kind   string    `json:"kind"`
	Rec    record.ID `json:"id"`
	Title  string    `json:"title"`
	Field  string    `json:"field,omitempty"` // "" is the whole record
	Reason string    `json:"reason"`
}

// Undone is what one batch of an undo did.
type Undone struct {
	Records int    // looked at
	Trashed int    // that the cause had made
	Back    int    // put back to what they were, or out of the trash
	Kept    []Kept // parts not done
	Next    string // where the next batch begins; "" at the end
}

// Undo takes back a batch of records, those after a place in id order: newest change first, field by field, where the present value, and for a dimension
// who decided it, is what the change left; the rest is kept and answered. What the cause made goes to the trash unless somebody has worked on it or refers
// to it. It writes through the one write path under the transaction's cause, so an undo can be undone.
//
// Kinds that only their verbs write are left to those verbs; a rule must be put back first, in the same transaction, or its follower does all again.
// Keep Next with the batch, in the same transaction: a batch must not be undone twice.
func (tx *Tx) Undo(ctx context.Context, u Undo, after string, limit int) (Undone, error) {
	where, arg := "c.root = ?", u.Root
	if u.Root == "" {
		where, arg = "c.cause_id = ?", u.Cause
	}
	if arg == "" {
		return Undone{}, record.Errorf(record.Invalid, "error.nothing_to_undo")
	}
	b := undoing{tx: tx, u: u, where: where, arg: arg, entries: map[record.ID][]record.Change{}, kinds: map[string][]record.ID{}}
	next, err := b.load(ctx, after, limit)
	if err != nil {
		return Undone{}, err
	}
	b.out.Next = next
	kinds := make([]string, 0, len(b.kinds))
	for kind := range b.kinds {
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	for _, kind := range kinds {
		if err := b.kind(ctx, kind, b.kinds[kind]); err != nil {
			return Undone{}, fmt.Errorf("undo %s of %s: %w", arg, kind, err)
		}
	}
	return b.out, nil
}

// An undoing is one batch being taken back.
type undoing struct {
	tx         *Tx
	u          Undo
	where, arg string
	entries    map[record.ID][]record.Change // newest first
	kinds      map[string][]record.ID
	out        Undone
}

// load reads the entries of the next records. Their ids are found first: a record's entries are never split between batches.
func (b *undoing) load(ctx context.Context, after string, limit int) (next string, err error) {
	var ids []record.ID
	in, args := "c.rec > ?", []any{b.arg, after}
	if b.u.Until != "" {
		in, args = in+" AND c.rec <= ?", append(args, string(b.u.Until))
	}
	if err := b.tx.each(ctx, fmt.Sprintf("SELECT DISTINCT c.rec FROM changes c WHERE %s AND %s ORDER BY c.rec LIMIT %d", b.where, in, limit+1),
		args, func(rows Rows) error {
			var id string
			err := rows.Scan(&id)
			ids = append(ids, record.ID(id))
			return err
		}); err != nil || len(ids) == 0 {
		return "", err
	}
	if len(ids) > limit {
		ids = ids[:limit]
		next = string(ids[limit-1])
	}
	if len(b.u.Only) > 0 {
		ids = slices.DeleteFunc(ids, func(id record.ID) bool { return !slices.Contains(b.u.Only, id) })
	}
	d := b.tx.db.eng.dialect()
	sql := fmt.Sprintf("SELECT %s FROM changes c WHERE %s AND %s ORDER BY c.rec, c.id DESC", changeColumns, b.where, fmt.Sprintf(d.list, "c.rec"))
	return next, b.tx.each(ctx, sql, []any{b.arg, texts(d, ids, func(id record.ID) string { return string(id) })}, func(rows Rows) error {
		c, err := scanChange(rows)
		if err != nil {
			return err
		}
		k := b.tx.st.cat.Kind(c.Kind)
		if k == nil || k.Verbs {
			return nil
		}
		if b.entries[c.Rec] == nil {
			b.kinds[c.Kind] = append(b.kinds[c.Kind], c.Rec)
		}
		b.entries[c.Rec] = append(b.entries[c.Rec], c)
		return nil
	})
}

func (b *undoing) keep(kind string, rec record.Record, id record.ID, field, reason string) {
	k := Kept{Kind: kind, Rec: id, Field: field, Reason: reason}
	if rec != nil {
		k.Title = rec.Head().Title
	}
	b.out.Kept = append(b.out.Kept, k)
}

// kind takes back the records of one kind: lock in id order, compare, write as one batch.
func (b *undoing) kind(ctx context.Context, kind string, ids []record.ID) error {
	tx := b.tx
	k, grant := tx.st.cat.Kind(kind), tx.sc.For(kind)
	recs, err := tx.GetAll(ctx, record.SystemScope("undo"), kind, ids, record.Everything, tx.db.eng.dialect().lock)
	if err != nil {
		return err
	}
	b.out.Records += len(ids)
	found := map[record.ID]bool{}
	var made []record.ID
	for _, r := range recs {
		id := r.Head().ID
		found[id] = true
		if es := b.entries[id]; es[len(es)-1].Op == record.OpCreate {
			made = append(made, id)
		}
	}
	for _, id := range ids {
		// What its own maker purged needs no undoing.
		if es := b.entries[id]; !found[id] && es[len(es)-1].Op != record.OpCreate {
			b.keep(kind, nil, id, "", KeptGone)
		}
	}
	had, err := tx.Decisions(ctx, ids...)
	if err != nil {
		return err
	}
	hindered, err := b.hindered(ctx, k, made)
	if err != nil {
		return err
	}
	var edits []edit
	for _, rec := range recs {
		h := rec.Head()
		entries := b.entries[h.ID]
		e := edit{op: record.OpUpdate, k: k, before: k.Values(rec), rec: rec, decisions: map[string]record.Decision{}}
		created := entries[len(entries)-1].Op == record.OpCreate
		why := ""
		switch {
		case created && h.DeletedAt != 0:
			continue // gone already
		case !tx.sc.Covers(grant.Update, h) || created && !tx.sc.Covers(grant.Delete, h):
			why = KeptDenied
		case created:
			why = hindered[h.ID]
		}
		if why != "" {
			b.keep(kind, rec, h.ID, "", why)
			continue
		}
		if created {
			h.DeletedAt, e.op = tx.at, record.OpDelete
		} else if !b.back(&e, entries, had[h.ID]) {
			continue
		}
		edits = append(edits, e)
	}
	if edits, err = b.allowed(ctx, k, edits); err != nil {
		return err
	}
	for i := range edits {
		if es := b.entries[edits[i].rec.Head().ID]; es[len(es)-1].Op == record.OpCreate {
			b.out.Trashed++
		} else {
			b.out.Back++
		}
	}
	return tx.apply(ctx, edits)
}

// back walks a record's entries from the newest and puts each field back that is as the entry left it. It reports whether anything is to be written.
func (b *undoing) back(e *edit, entries []record.Change, had map[string]record.Decision) bool {
	k, h := e.k, e.rec.Head()
	var buf record.Fields
	cells := k.Bind(e.rec, &buf)
	stuck := map[string]bool{}
	why := map[string]record.Decision{}
	for _, c := range entries {
		switch {
		case c.Op == record.OpDelete && h.DeletedAt != 0:
			h.DeletedAt, e.op = 0, record.OpRestore
		case c.Op == record.OpRestore && h.DeletedAt == 0:
			h.DeletedAt, e.op = b.tx.at, record.OpDelete
		}
		for name, pair := range c.Fields {
			if stuck[name] {
				continue
			}
			f := k.Field(name)
			if f == nil {
				stuck[name] = true
				b.keep(k.Name, e.rec, h.ID, name, KeptGone)
				continue
			}
			now, ok := why[name]
			if !ok {
				now = had[name]
			}
			if f.Formula != nil {
				continue // follows what it is computed from
			}
			decided, both := c.Why[name]
			same := holds(f, cells[f.Pos].Get(), pair[1]) && (!both || now.Same(decided[1]))
			if !same && !b.u.Anyway && now.Origin != "person" && holds(f, cells[f.Pos].Get(), pair[0]) {
				continue // it is back already
			}
			was, err := f.Parse(pair[0])
			if !same && !b.u.Anyway || err != nil {
				reason := KeptChanged
				if err != nil {
					reason = KeptInvalid
				}
				stuck[name] = true
				b.keep(k.Name, e.rec, h.ID, name, reason)
				continue
			}
			cells[f.Pos].Set(was)
			if both {
				why[name], e.decisions[name] = decided[0], decided[0]
			} else if f.Type == record.Category {
				why[name], e.decisions[name] = record.Decision{}, record.Decision{} // an entry of before decisions were kept: to be decided anew
			}
		}
	}
	if then := record.Time(e.before[record.PosDeletedAt].N); (h.DeletedAt == 0) == (then == 0) {
		h.DeletedAt, e.op = then, record.OpUpdate // in and out again
	}
	e.diff()
	return e.op != record.OpUpdate || len(e.body) > 0 || len(e.decisions) > 0
}

// holds reports whether a field's value is what an entry says.
func holds(f *record.Field, v record.Value, raw json.RawMessage) bool {
	if then, err := f.Parse(raw); err == nil && (then == v || then.Null && v.Null) {
		return true
	}
	var a, b bytes.Buffer
	if json.Compact(&a, f.JSON(v)) != nil || json.Compact(&b, raw) != nil {
		return false
	}
	return bytes.Equal(a.Bytes(), b.Bytes())
}

// allowed leaves out the edits that would not be accepted: what was is invalid now, or another has the unique value.
func (b *undoing) allowed(ctx context.Context, k *record.Kind, edits []edit) ([]edit, error) {
	out := edits[:0]
	for _, e := range edits {
		if e.op != record.OpDelete || len(e.body) > 0 {
			title := e.rec.Head().Title
			if err := b.tx.prepare(ctx, k, e.rec, e.before); err != nil {
				if !record.Is(err, record.Invalid) {
					return nil, err
				}
				e.rec.Head().Title = title
				b.keep(k.Name, e.rec, e.rec.Head().ID, "", KeptInvalid)
				continue
			}
			e.diff() // with what was derived
		}
		out = append(out, e)
	}
	for i := range k.Fields {
		f := &k.Fields[i]
		if !f.IsUnique() || f.Retired || f.IsSecret() {
			continue
		}
		want, values := map[string]record.ID{}, []string{}
		for _, e := range out {
			v := k.Values(e.rec)[i]
			if e.rec.Head().DeletedAt == 0 && !v.Null && (v != e.before[i] || e.op == record.OpRestore) {
				want[v.S] = e.rec.Head().ID
				values = append(values, v.S)
			}
		}
		taken := map[record.ID]bool{}
		if err := b.tx.Holders(ctx, k.Name, f.Name, values, false, func(v string, holder record.ID) { taken[want[v]] = want[v] != holder }); err != nil {
			return nil, err
		}
		out = slices.DeleteFunc(out, func(e edit) bool {
			id := e.rec.Head().ID
			if taken[id] {
				b.keep(k.Name, e.rec, id, f.Name, KeptTaken)
			}
			return taken[id]
		})
	}
	return out, nil
}

// Touched counts the records that an undo would look at, and parts them into spans of about as many: each but the last ends with the record named.
func (r reader) Touched(ctx context.Context, u Undo, spans int) (total int64, ends []record.ID, err error) {
	where, arg := "c.root = ?", u.Root
	if u.Root == "" {
		where, arg = "c.cause_id = ?", u.Cause
	}
	if err := r.one(ctx, "SELECT count(DISTINCT c.rec) FROM changes c WHERE "+where, []any{arg}, &total); err != nil {
		return 0, nil, err
	}
	for i := 1; i < spans && total >= int64(spans); i++ {
		var id string
		at := total*int64(i)/int64(spans) - 1
		if err := r.one(ctx, fmt.Sprintf("SELECT DISTINCT c.rec FROM changes c WHERE %s ORDER BY c.rec LIMIT 1 OFFSET %d", where, at), []any{arg}, &id); err != nil {
			return 0, nil, err
		}
		ends = append(ends, record.ID(id))
	}
	return total, ends, nil
}
