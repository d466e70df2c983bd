package exchange

import (
	"context"
	"errors"
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
	said, several := p.word, ""
	if f.reason == issueManyRefs {
		said += " → " + f.said
		if p.c != nil {
			several = p.c.Several
		}
		if several == OrFirst && !p.silent {
			f.id = f.oldest
			d.issue(severeWarn, name, issueFirst, said)
		}
	}
	switch {
	case f.id == "" && p.line >= 0 && d.lines[p.line]["name"].S == "":
		d.lines[p.line]["name"] = record.TextValue(p.word) // a line names what was sold in words too
	case f.id != "" && p.line >= 0:
		d.lines[p.line][p.f.Name] = record.TextValue(string(f.id))
	case f.id != "":
		d.set[p.f.Pos] = record.TextValue(string(f.id))
	case p.silent:
	case several == OrReject || several == "" && p.missing == OrReject || p.f.IsRequired() && p.line < 0:
		d.reject(name, f.reason, said)
	case p.c != nil && p.c.part == "id":
		d.issue(severeWarn, name, f.reason, said) // an id says nothing to people
	default:
		d.issue(severeWarn, name, f.reason, said)
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
		// A note without a title is called by its first line.
		if f, body := b.k.NamedField(), b.k.Field("body"); f != nil && body != nil && cells[f.Pos].Get().Null && !cells[body.Pos].Get().Null {
			line, _, _ := strings.Cut(cells[body.Pos].Get().S, "\n")
			rs := []rune(strings.TrimSpace(line))
			cells[f.Pos].Set(record.TextValue(string(rs[:min(len(rs), 60)])))
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
			d.skip(b.header(b.m.Key), issueRequired, "")
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
