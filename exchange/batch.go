package exchange

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"maps"
	"slices"
	"strings"

	"guike/fold"
	"guike/record"
	"guike/store"
)

// A run is one import being checked or done: what all its batches share.
type run struct {
	*env
	sc    record.Scope
	check bool
	refs  *refs
	seed  maphash.Seed
	seen  map[uint64]int         // hash of field and value → row that has it
	all   map[string][]record.ID // by key, where no index serves it
}

// A batch is a few hundred rows in one transaction.
type batch struct {
	*run
	ctx    context.Context
	tx     *store.Tx
	rows   []*reading
	mine   map[uint64]int
	counts Counts
}

// Counts say what became of rows. The five parts add up to Rows.
type Counts struct {
	Rows      int64 `json:"rows"`
	Created   int64 `json:"created"`
	Updated   int64 `json:"updated"`
	Unchanged int64 `json:"unchanged"`
	Rejected  int64 `json:"rejected"`
	Skipped   int64 `json:"skipped"`
	Warned    int64 `json:"warned"`
	Kept      int64 `json:"kept"`
}

func (c *Counts) add(o Counts) {
	c.Rows += o.Rows
	c.Created += o.Created
	c.Updated += o.Updated
	c.Unchanged += o.Unchanged
	c.Rejected += o.Rejected
	c.Skipped += o.Skipped
	c.Warned += o.Warned
	c.Kept += o.Kept
}

// do plans and writes one batch. It may be run again: what it learns is kept only when it commits.
func (r *run) do(ctx context.Context, tx *store.Tx, raw [][]row) (*batch, error) {
	b := &batch{run: r, ctx: ctx, tx: tx, mine: map[uint64]int{}}
	r.refs.begin()
	for _, group := range raw {
		b.rows = append(b.rows, r.group(group))
	}
	if err := errors.Join(b.refer(), b.build()); err != nil {
		return nil, err
	}
	all := b.rows
	for rest := all; len(rest) > 0; {
		b.rows, rest = b.chunk(rest)
		for _, step := range []func() error{b.find, b.unique, b.write} {
			if err := step(); err != nil {
				return nil, err
			}
		}
	}
	b.rows = all
	for _, d := range b.rows {
		n := int64(len(d.rows))
		b.counts.Rows += n
		switch d.outcome {
		case outCreated:
			b.counts.Created += n
		case outUpdated:
			b.counts.Updated += n
		case outUnchanged:
			b.counts.Unchanged += n
		case outSkipped:
			b.counts.Skipped += n
		default:
			b.counts.Rejected += n
		}
		if d.outcome != outRejected && d.outcome != outSkipped && len(d.issues) > 0 {
			b.counts.Warned += n
		}
	}
	return b, nil
}

// chunk cuts off the rows before a key comes again, where the later row is to change what the earlier one made.
func (b *batch) chunk(rows []*reading) (now, later []*reading) {
	if b.m.Twice != TwiceUpdate {
		return rows, nil
	}
	have := map[string]bool{}
	for i, d := range rows {
		if d.outcome == "" && d.key != "" && have[d.key] {
			return rows[:i], rows[i:]
		}
		have[d.key] = true
	}
	return rows, nil
}

// committed keeps what the batch learnt.
func (b *batch) committed() {
	b.run.refs.commit()
	maps.Copy(b.run.seen, b.mine)
}

// group reads rows that make one record: several rows of an order, one for each line.
func (r *run) group(rows []row) *reading {
	d := r.read(rows[0])
	for _, more := range rows[1:] {
		x := r.read(more)
		d.rows = append(d.rows, more.no)
		for i := range x.issues {
			d.issues = append(d.issues, x.issues[i])
		}
		if x.outcome != "" && d.outcome == "" {
			d.outcome = x.outcome
		}
		for _, p := range x.refs {
			if p.line >= 0 {
				p.line = len(d.lines)
				d.refs = append(d.refs, p)
			}
		}
		d.lines, d.sums = append(d.lines, x.lines...), append(d.sums, x.sums...)
	}
	return d
}

// refer finds what words refer to, one query a kind.
func (b *batch) refer() error {
	want := map[string][]string{}
	product := (*record.Field)(nil)
	if b.lines != nil {
		for i := range b.lines.Of {
			if f := &b.lines.Of[i]; f.Type == record.Ref {
				product = f
			}
		}
	}
	for _, d := range b.rows {
		if d.outcome != "" {
			continue
		}
		if product != nil {
			for i, l := range d.lines {
				if _, ok := l[product.Name]; !ok && !l["name"].Null && l["name"].S != "" {
					d.refs = append(d.refs, pending{f: product, word: l["name"].S, line: i, silent: true})
				}
			}
		}
		for _, p := range d.refs {
			want[p.f.Ref] = append(want[p.f.Ref], p.word)
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(want)) {
		if err := b.refs.resolve(b.ctx, b.tx, kind, want[kind]); err != nil {
			return err
		}
	}
	for _, d := range b.rows {
		if d.outcome != "" {
			continue
		}
		for _, p := range d.refs {
			if err := b.referred(d, p); err != nil {
				return err
			}
		}
		b.settle(d)
	}
	return nil
}

func (b *batch) referred(d *reading, p pending) error {
	f, _ := b.refs.get(p.f.Ref, p.word)
	if f.reason == issueNoRef && p.missing == OrCreate {
		if b.check {
			f = found{id: record.NewID("new")}
			b.refs.put(p.f.Ref, p.word, f)
		} else {
			var err error
			if f, err = b.refs.make(b.ctx, b.tx, p.f.Ref, p.word, b.more(p)); err != nil {
				return err
			}
		}
	}
	name := p.f.Name
	if p.c != nil {
		name = p.c.Name
	}
	switch {
	case f.id == "" && p.line >= 0 && d.lines[p.line]["name"].S == "":
		d.lines[p.line]["name"] = record.TextValue(p.word) // a line names what was sold in words too
	case f.id != "" && p.line >= 0:
		d.lines[p.line][p.f.Name] = record.TextValue(string(f.id))
	case f.id != "":
		d.set[p.f.Pos] = record.TextValue(string(f.id))
	case p.silent:
	case p.missing == OrReject || p.f.IsRequired() && p.line < 0:
		d.reject(name, f.reason, p.word)
	case p.c != nil && p.c.part == "id":
		d.issue(severeWarn, name, f.reason, p.word) // an id says nothing to people
	default:
		d.issue(severeWarn, name, f.reason, p.word)
		d.notes = append(d.notes, name+"："+p.word)
	}
	return nil
}

// more is what is known of a record that is made for a word: a statement's account is the company's own.
func (b *batch) more(p pending) map[string]record.Value {
	out := map[string]record.Value{}
	if k := b.cat.Kind(p.f.Ref); k != nil && k.Name == "account" && p.c == nil {
		out["own"] = record.NumberValue(1)
		out["holder"] = record.TextValue(b.holder)
		out["currency"] = record.TextValue(b.currency)
	}
	return out
}

// build makes a record of each row, as it would be created, and its key.
func (b *batch) build() error {
	for _, d := range b.rows {
		if d.outcome != "" {
			continue
		}
		d.rec = b.k.New()
		var buf record.Fields
		cells := b.k.Bind(d.rec, &buf)
		for pos, v := range d.set {
			if pos != record.PosID {
				cells[pos].Set(v)
			}
		}
		if b.note != nil && len(d.notes) > 0 {
			cells[b.note.Pos].Set(record.TextValue(join(cells[b.note.Pos].Get().S, d.notes)))
		}
		if b.key == nil {
			continue
		}
		if b.key.IsSystem() && b.key.Name != "id" {
			if x, ok := d.rec.(interface{ Derive() }); ok {
				x.Derive()
			}
		}
		if d.key = b.keyText(cells[b.key.Pos].Get()); b.key.Name == "id" {
			d.key = d.set[record.PosID].S
		}
		if d.key == "" && b.m.Mode == ModeUpdate {
			d.skip(b.m.Key, issueRequired, "")
		}
	}
	return nil
}

// keyText is the text by which a key is compared: a name by its fold.
func (e *env) keyText(v record.Value) string {
	if e.key.IsNamed() {
		return fold.Name(v.S)
	}
	return strings.TrimSpace(v.S)
}

// join adds lines to a note that are not in it.
func join(note string, lines []string) string {
	for _, l := range lines {
		if !strings.Contains(note, l) {
			note = strings.TrimSpace(note + "\n" + l)
		}
	}
	return note
}

func (r *run) hash(field, value string) uint64 {
	var h maphash.Hash
	h.SetSeed(r.seed)
	h.WriteString(field)
	h.WriteByte(0)
	h.WriteString(value)
	return h.Sum64()
}

// earlier answers the row that has a value already, in this file.
func (b *batch) earlier(h uint64) (int, bool) {
	if n, ok := b.mine[h]; ok {
		return n, true
	}
	n, ok := b.seen[h]
	return n, ok
}

// find looks for the records that the keys name, and decides what each row is: new, a change, the same, passed over.
func (b *batch) find() error {
	if b.key == nil {
		for _, d := range b.rows {
			if d.outcome == "" {
				d.outcome = outCreated
			}
		}
		return nil
	}
	byKey, err := b.holders()
	if err != nil {
		return err
	}
	var ids []record.ID
	for _, d := range b.rows {
		if d.outcome != "" || d.key == "" {
			continue
		}
		h := b.hash(b.key.Name, d.key)
		if n, twice := b.earlier(h); twice && b.m.Twice != TwiceUpdate {
			if b.m.Twice == OrReject {
				d.reject(b.m.Key, issueTwice, fmt.Sprint(n))
			} else {
				d.skip(b.m.Key, issueTwice, fmt.Sprint(n))
			}
			continue
		} else if twice && byKey[d.key] == nil {
			d.outcome = outUpdated // a dry run has made nothing that could be found
			continue
		}
		b.mine[h] = d.row.no
		switch have := byKey[d.key]; {
		case len(have) > 1:
			d.reject(b.m.Key, issueSeveral, d.key)
		case len(have) == 1:
			d.id = have[0]
			ids = append(ids, d.id)
		}
	}
	recs, err := b.there(ids)
	if err != nil {
		return err
	}
	sc := b.sc
	for _, d := range b.rows {
		if d.outcome != "" {
			continue
		}
		old := recs[d.id]
		switch {
		case d.id == "" && b.m.Mode == ModeUpdate:
			d.skip(b.m.Key, issueMissing, d.key)
		case d.id == "":
			d.outcome = outCreated
		case b.m.Mode == ModeCreate:
			d.skip(b.m.Key, issueExists, d.key)
		case old == nil || !sc.Covers(sc.For(b.k.Name).Update, old.Head()):
			d.reject(b.m.Key, issueDenied, d.key)
		default:
			b.differ(d, old)
		}
	}
	return nil
}

func (b *batch) there(ids []record.ID) (map[record.ID]record.Record, error) {
	out := map[record.ID]record.Record{}
	if len(ids) == 0 {
		return out, nil
	}
	sc := b.sc
	recs, err := b.tx.GetAll(b.ctx, sc, b.k.Name, ids, sc.For(b.k.Name).Read, "")
	for _, r := range recs {
		if r.Head().DeletedAt == 0 {
			out[r.Head().ID] = r
		}
	}
	return out, err
}

// differ makes the patch of a record that is there.
func (b *batch) differ(d *reading, old record.Record) {
	d.patch = map[string]record.Value{}
	have := b.k.Values(old)
	for pos, v := range d.set {
		f := &b.k.Fields[pos]
		if pos == record.PosID || f == b.note {
			continue
		}
		if f == b.lines {
			v = b.merged(have[pos].S, v)
		}
		if v, err := f.Check(v); err == nil && v != have[pos] && !(v.Null && have[pos].Null) {
			d.patch[f.Name] = v
		}
	}
	if b.note != nil {
		note := have[b.note.Pos].S
		if v, ok := d.set[b.note.Pos]; ok {
			note = v.S
		}
		if note = strings.TrimSpace(join(note, d.notes)); note != have[b.note.Pos].S {
			d.patch[b.note.Name] = record.TextValue(note)
		}
	}
	for name := range d.why {
		if _, moved := d.patch[name]; !moved {
			delete(d.why, name)
		}
	}
	d.outcome = outUnchanged
	if len(d.patch) > 0 {
		d.outcome = outUpdated
		// As it becomes, for the checks that follow.
		d.rec = b.k.Clone(old)
		for name, v := range d.patch {
			b.k.Set(d.rec, name, v)
		}
	}
}

// holders finds which living records have the batch's keys.
func (b *batch) holders() (map[string][]record.ID, error) {
	out := map[string][]record.ID{}
	var keys []string
	for _, d := range b.rows {
		if d.outcome == "" && d.key != "" {
			keys = append(keys, d.key)
		}
	}
	if b.key.Name == "id" {
		for _, k := range keys {
			out[k] = []record.ID{record.ID(k)}
		}
		recs, err := b.there(b.ids(keys))
		for _, k := range keys {
			if recs[record.ID(k)] == nil {
				delete(out, k)
			}
		}
		return out, err
	}
	if b.all == nil && (b.key.Sortable() || b.key.IsUnique() || b.key.IsNamed()) {
		err := b.tx.Holders(b.ctx, b.k.Name, b.key.Name, keys, true, func(v string, id record.ID) { out[v] = append(out[v], id) })
		return out, err
	}
	for _, k := range keys {
		out[k] = b.all[k]
	}
	return out, nil
}

func (b *batch) ids(keys []string) []record.ID {
	out := make([]record.ID, len(keys))
	for i, k := range keys {
		out[i] = record.ID(k)
	}
	return out
}
