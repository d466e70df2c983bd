package exchange

import (
	"fmt"
	"hash/maphash"
	"strings"

	"guike/record"
)

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
				d.reject(b.header(b.m.Key), issueTwice, fmt.Sprint(n))
			} else {
				d.skip(b.header(b.m.Key), issueTwice, fmt.Sprint(n))
			}
			continue
		} else if twice && byKey[d.key] == nil {
			d.outcome = outUpdated // a dry run has made nothing that could be found
			continue
		}
		b.mine[h] = d.row.no
		switch have := byKey[d.key]; {
		case len(have) > 1:
			d.reject(b.header(b.m.Key), issueSeveral, d.key)
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
			d.skip(b.header(b.m.Key), issueMissing, d.key)
		case d.id == "":
			d.outcome = outCreated
		case b.m.Mode == ModeCreate:
			d.skip(b.header(b.m.Key), issueExists, d.key)
		case old == nil || !sc.Covers(sc.For(b.k.Name).Update, old.Head()):
			d.reject(b.header(b.m.Key), issueDenied, d.key)
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
	d.was = have
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
