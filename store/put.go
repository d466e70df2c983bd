package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"guike/record"
)

// An edit is one record's write made ready: what it was, what it becomes, where its categories' values come from.
type edit struct {
	op        string
	k         *record.Kind
	before    []record.Value // nil when created
	rec       record.Record  // as it becomes
	after     []record.Value // its values, once it is ready to be written
	decisions map[string]record.Decision
	body      map[string][2]json.RawMessage
	why       map[string][2]record.Decision // of the dimensions in body
}

// A deriver sets fields of its own from others before each write.
type deriver interface{ Derive() }

// A Patch is what a caller wants changed: values by field name, and for dimensions the decision that goes with each.
type Patch struct {
	Values    map[string]record.Value
	Decisions map[string]record.Decision
	// Since is the version the caller saw: a field that he sends and that was changed since is a conflict. 0 does not ask.
	Since int64
}

// Create writes new records of one kind: checked, titled, logged and searchable, in one batch. Ids, owner and department are filled in where empty.
func (tx *Tx) Create(ctx context.Context, recs ...record.Record) error {
	return tx.CreateDecided(ctx, recs, nil)
}

// CreateDecided creates records whose dimensions already have values; decisions[i] says where those of recs[i] come from.
func (tx *Tx) CreateDecided(ctx context.Context, recs []record.Record, decisions []map[string]record.Decision) error {
	if len(recs) == 0 {
		return nil
	}
	k := tx.st.cat.Kind(recs[0].Kind())
	if k == nil {
		return record.Errorf(record.NotFound, "error.no_such_kind")
	}
	may := tx.sc.For(k.Name).Create
	ns, err := tx.numbers(ctx, k, len(recs))
	if err != nil {
		return err
	}
	edits := make([]edit, len(recs))
	for i, rec := range recs {
		b := rec.Head()
		if b.ID == "" {
			b.ID = record.NewID(k.Prefix)
		}
		tx.complete(b)
		b.N, b.Version, b.CreatedAt, b.UpdatedAt, b.DeletedAt = ns[i], 1, tx.at, tx.at, 0
		if !tx.sc.Covers(may, b) {
			return record.Errorf(record.Denied, "error.denied")
		}
		if err := tx.prepare(ctx, k, rec, nil); err != nil {
			return err
		}
		edits[i] = edit{op: record.OpCreate, k: k, rec: rec, after: k.Values(rec)}
		if decisions != nil {
			edits[i].decisions = decisions[i]
		}
	}
	if err := tx.checkRefs(ctx, k, edits); err != nil {
		return err
	}
	return tx.apply(ctx, edits)
}

// Update changes one record within the scope and answers it as it is afterwards. Nothing is written where nothing differs.
func (tx *Tx) Update(ctx context.Context, kind string, id record.ID, p Patch) (record.Record, error) {
	rs, err := tx.UpdateAll(ctx, kind, []record.ID{id}, func(record.Record) (Patch, error) { return p, nil })
	if err != nil {
		return nil, err
	}
	if len(rs) == 0 {
		// Seen but not to be changed is "denied"; unseen is "not found".
		if _, err := tx.Get(ctx, tx.sc, kind, id); err != nil {
			return nil, err
		}
		return nil, record.Errorf(record.Denied, "error.denied")
	}
	return rs[0], nil
}

// UpdateAll locks records of one kind in id order, asks fn for each one's patch and writes them as one batch. Records beyond the scope's reach and those
// in the trash are passed over; the answer holds those met, as they are afterwards.
func (tx *Tx) UpdateAll(ctx context.Context, kind string, ids []record.ID, fn func(record.Record) (Patch, error)) ([]record.Record, error) {
	recs, err := tx.Lock(ctx, kind, ids)
	if err != nil {
		return nil, err
	}
	return tx.UpdateLocked(ctx, kind, recs, fn)
}

// Lock locks those records of one kind that the scope may change, in id order, and answers them.
func (tx *Tx) Lock(ctx context.Context, kind string, ids []record.ID) ([]record.Record, error) {
	return tx.GetAll(ctx, tx.sc, kind, ids, tx.sc.For(kind).Update, tx.db.eng.dialect().lock)
}

// UpdateLocked writes patches of records that Lock answered, as one batch.
func (tx *Tx) UpdateLocked(ctx context.Context, kind string, recs []record.Record, fn func(record.Record) (Patch, error)) ([]record.Record, error) {
	k := tx.st.cat.Kind(kind)
	var edits []edit
	var out []record.Record
	for _, rec := range recs {
		if rec.Head().DeletedAt != 0 {
			continue
		}
		p, err := fn(rec)
		if err != nil {
			return nil, err
		}
		e := edit{op: record.OpUpdate, k: k, before: k.Values(rec), rec: rec, decisions: p.Decisions}
		if err := tx.merge(ctx, k, rec, e.before, p); err != nil {
			return nil, err
		}
		e.diff()
		// A decision without another value is written too: its reason may be new. It makes no change entry of its own.
		if len(e.body) > 0 || len(e.decisions) > 0 {
			edits = append(edits, e)
		}
		out = append(out, rec)
	}
	if err := tx.checkRefs(ctx, k, edits); err != nil {
		return nil, err
	}
	return out, tx.apply(ctx, edits)
}

// merge puts a patch into a record after asking whether it may.
func (tx *Tx) merge(ctx context.Context, k *record.Kind, rec record.Record, before []record.Value, p Patch) error {
	b := rec.Head()
	if p.Since > 0 && p.Since < b.Version {
		changed, err := tx.changedSince(ctx, b.ID, p.Since)
		if err != nil {
			return err
		}
		stale := map[string]string{}
		for name := range p.Values {
			if changed[name] {
				stale[name] = "error.changed_since"
			}
		}
		if len(stale) > 0 {
			return &record.Error{Code: record.Conflict, Message: "error.changed_since", Fields: stale}
		}
	}
	for name, v := range p.Values {
		k.Set(rec, name, v)
	}
	if !tx.sc.Covers(tx.sc.For(k.Name).Update, b) {
		return record.Errorf(record.Denied, "error.denied") // handed to somebody beyond the caller's reach
	}
	return tx.prepare(ctx, k, rec, before)
}

// changedSince lists the fields of a record that were changed after a version.
func (tx *Tx) changedSince(ctx context.Context, id record.ID, version int64) (map[string]bool, error) {
	changed := map[string]bool{}
	err := tx.each(ctx, "SELECT body FROM changes WHERE rec = ? AND version > ?", []any{string(id), version}, func(rows Rows) error {
		var body string
		if err := rows.Scan(&body); err != nil {
			return err
		}
		var fields map[string]json.RawMessage
		if err := json.Unmarshal([]byte(body), &fields); err != nil {
			return err
		}
		for name := range fields {
			changed[name] = true
		}
		return nil
	})
	return changed, err
}

// Check says whether a record would be accepted as it is: who may, what is required, what each field holds. It derives what follows from the fields and fills
// in what Create would, and writes nothing. References and unique values are the write's to refuse. was are the values of a
// record that is there, nil for a new one.
func (tx *Tx) Check(ctx context.Context, rec record.Record, was []record.Value) error {
	k := tx.st.cat.Kind(rec.Kind())
	if k == nil {
		return record.Errorf(record.NotFound, "error.no_such_kind")
	}
	b, may := rec.Head(), tx.sc.For(rec.Kind()).Update
	if b.ID == "" {
		may = tx.sc.For(rec.Kind()).Create
		tx.complete(b)
	}
	if !tx.sc.Covers(may, b) {
		return record.Errorf(record.Denied, "error.denied")
	}
	return tx.prepare(ctx, k, rec, was)
}

// complete fills in who owns a new record where nothing is said.
func (tx *Tx) complete(b *record.Base) {
	if b.Status == "" {
		b.Status = record.Active
	}
	if b.Owner == "" {
		b.Owner = tx.sc.User
	}
	if b.Department == "" {
		b.Department = tx.sc.Home
	}
}

// numbers draws row numbers for new records.
func (tx *Tx) numbers(ctx context.Context, k *record.Kind, count int) ([]int64, error) {
	ns := make([]int64, count)
	if !tx.db.eng.dialect().numbered {
		// The writer is alone. Numbers of purged last rows may come again; nothing refers to a purged row.
		var top int64
		if err := tx.one(ctx, fmt.Sprintf("SELECT coalesce(max(n), 0) FROM %s", k.Plural), nil, &top); err != nil {
			return nil, err
		}
		for i := range ns {
			ns[i] = top + int64(i) + 1
		}
		return ns, nil
	}
	i := 0
	err := tx.each(ctx, fmt.Sprintf("SELECT nextval(pg_get_serial_sequence('%s', 'n')) FROM generate_series(1, %d)", k.Plural, count), nil, func(rows Rows) error {
		err := rows.Scan(&ns[i])
		i++
		return err
	})
	return ns, err
}

// checkRefs makes sure that what the edits newly refer to exists and is seen. Rows with dangling references from before may still be written.
func (tx *Tx) checkRefs(ctx context.Context, k *record.Kind, edits []edit) error {
	for i := range k.Fields {
		f := &k.Fields[i]
		if f.Type != record.Ref || f.Retired {
			continue
		}
		want := map[record.ID]bool{}
		for _, e := range edits {
			v := e.after[i]
			if !v.Null && (e.before == nil || e.before[i] != v) && !(i == record.PosOwner && record.ID(v.S) == tx.sc.User) &&
				!(i == record.PosDepartment && record.ID(v.S) == tx.sc.Home) {
				want[record.ID(v.S)] = true
			}
		}
		if len(want) == 0 {
			continue
		}
		ids := make([]record.ID, 0, len(want))
		for id := range want {
			ids = append(ids, id)
		}
		have, err := tx.Titles(ctx, tx.sc, f.Ref, ids)
		if err != nil {
			return err
		}
		if len(have) < len(want) {
			return record.FieldError(f.Name, "error.no_such_record")
		}
		if f.IsTree() {
			if err := tx.rooted(ctx, k, f, edits); err != nil {
				return err
			}
		}
	}
	return nil
}

// deepest bounds how many records may lie above one in a tree.
const deepest = 32

// rooted makes sure that what was put below another record leads up to a top.
func (tx *Tx) rooted(ctx context.Context, k *record.Kind, f *record.Field, edits []edit) error {
	above := map[string]string{}
	for _, e := range edits {
		above[string(e.rec.Head().ID)] = e.after[f.Pos].S
	}
	for _, e := range edits {
		at := e.after[f.Pos].S
		for steps := 0; at != ""; steps++ {
			if steps == deepest || at == string(e.rec.Head().ID) {
				return record.FieldError(f.Name, "error.circle")
			}
			up, mine := above[at]
			if !mine {
				if err := tx.one(ctx, fmt.Sprintf("SELECT %s FROM %s WHERE id = ?", quote(f.Name), k.Plural), []any{at}, &up); err != nil && !record.Is(err, record.NotFound) {
					return err
				}
			}
			at = up
		}
	}
	return nil
}

// apply writes a batch: rows, decisions, search tokens, change entries. It is the only place where a record's row is written.
func (tx *Tx) apply(ctx context.Context, edits []edit) error {
	if len(edits) == 0 {
		return nil
	}
	tx.st.wrote = true
	if err := tx.whys(ctx, edits); err != nil {
		return err
	}
	var rows, changes []stmt
	catalogue := false
	for i := range edits {
		e := &edits[i]
		row, err := tx.row(e)
		if err != nil {
			return err
		}
		rows = append(rows, row...)
		rows = append(rows, tx.decide(e)...)
		if e.op == record.OpUpdate && len(e.body) == 0 {
			continue
		}
		c, err := tx.entry(e)
		if err != nil {
			return err
		}
		changes = append(changes, c)
		catalogue = catalogue || slices.Contains(shaping, e.k.Name)
	}
	// Change entries come after all rows are locked and written, so that each record's versions appear in order whatever the interleaving.
	if err := tx.q.batch(ctx, append(together(rows), together(changes)...)); err != nil || !catalogue {
		return err
	}
	return tx.reshaped(ctx)
}
