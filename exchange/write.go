package exchange

import (
	"errors"
	"fmt"
	"strings"

	"guike/record"
	"guike/store"
)

// unique refuses rows whose unique values another record has, or an earlier row.
func (b *batch) unique() error {
	for i := range b.k.Fields {
		f := &b.k.Fields[i]
		if !f.IsUnique() || f.IsSecret() || f.Retired || !f.Textual() {
			continue
		}
		var values []string
		at := map[string][]*reading{}
		for _, d := range b.rows {
			if d.outcome != outCreated && d.outcome != outUpdated {
				continue
			}
			if f.IsSystem() {
				if x, ok := d.rec.(interface{ Derive() }); ok {
					x.Derive()
				}
			}
			v := b.k.Get(d.rec, f.Name).S
			if v == "" || f == b.key && d.outcome == outUpdated {
				continue
			}
			if f != b.key {
				h := b.hash(f.Name, v)
				if n, twice := b.earlier(h); twice && n != d.row.no {
					d.reject(b.header(f.Name), issueTwice, fmt.Sprint(n))
					continue
				}
				b.mine[h] = d.row.no
			}
			values = append(values, v)
			at[v] = append(at[v], d)
		}
		if err := b.tx.Holders(b.ctx, b.k.Name, f.Name, values, false, func(v string, id record.ID) {
			for _, d := range at[v] {
				if d.id != id && d.outcome != outRejected {
					d.reject(b.header(f.Name), issueTaken, v)
				}
			}
		}); err != nil {
			return err
		}
	}
	return nil
}

// header is the column that a field comes from, for a reason that people understand.
func (b *batch) header(field string) string {
	for _, c := range b.cols {
		if c.f != nil && c.part == "" && c.f.Name == field {
			return c.Name
		}
	}
	return field
}

// accepted asks the record's own rules.
func (b *batch) accepted(d *reading) (bool, error) {
	err := b.tx.Check(b.ctx, d.rec, d.was)
	if err == nil && d.contact != nil {
		if err = b.tx.Check(b.ctx, b.contact(d, ""), nil); err == nil {
			return true, nil
		}
		var re *record.Error
		if errors.As(err, &re) && re.Code == record.Invalid {
			d.reject(d.contact.column, issueInvalid, d.contact.values["name"].S)
			return false, nil
		}
	}
	if err == nil {
		return true, nil
	}
	var re *record.Error
	if !errors.As(err, &re) || re.Code != record.Invalid && re.Code != record.Denied {
		return false, fmt.Errorf("row %d: %w", d.row.no, err)
	}
	if re.Code == record.Denied {
		d.reject("", issueDenied, "")
		return false, nil
	}
	for name, what := range re.Fields {
		reason := issueInvalid
		if what == "error.required" {
			reason, what = issueRequired, ""
		}
		if key, rest, ok := strings.Cut(what, "|"); ok && strings.HasPrefix(key, "error.") {
			what = rest
		} else if strings.HasPrefix(what, "error.") {
			what = ""
		}
		d.reject(b.header(name), reason, what)
	}
	return false, nil
}

// write creates and changes, through the one write path, what is left of the batch.
func (b *batch) write() error {
	var made []record.Record
	var why []map[string]record.Decision
	var ids []record.ID
	changes := map[record.ID]*reading{}
	for _, d := range b.rows {
		if d.outcome != outCreated && d.outcome != outUpdated {
			continue
		}
		ok, err := b.accepted(d)
		if err != nil {
			return err
		}
		switch {
		case !ok:
		case d.outcome == outCreated:
			made, why = append(made, d.rec), append(why, d.why)
		default:
			ids = append(ids, d.id)
			changes[d.id] = d
		}
	}
	if b.check {
		return b.link()
	}
	if err := b.tx.CreateDecided(b.ctx, made, why); err != nil {
		return err
	}
	if len(ids) == 0 {
		return b.link()
	}
	_, err := b.tx.UpdateAll(b.ctx, b.k.Name, ids, func(r record.Record) (store.Patch, error) {
		d := changes[r.Head().ID]
		return store.Patch{Values: d.patch, Decisions: d.why}, nil
	})
	if err != nil {
		return err
	}
	return b.link()
}
