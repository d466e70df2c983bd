package store

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"guike/record"
)

const changeColumns = "c.id, c.kind, c.rec, c.op, c.version, c.at, c.by_user, c.name, c.cause, c.cause_id, c.root, c.depth, c.body"

func scanChange(rows Rows, extra ...any) (record.Change, error) {
	var c record.Change
	var at int64
	var depth int64
	var body string
	if err := rows.Scan(append([]any{&c.ID, &c.Kind, (*string)(&c.Rec), &c.Op, &c.Version, &at, (*string)(&c.By), &c.Name, &c.Cause.Kind, &c.Cause.ID,
		&c.Cause.Root, &depth, &body}, extra...)...); err != nil {
		return c, err
	}
	c.At, c.Cause.Depth = record.Time(at), int(depth)
	return c, readBody(body, &c)
}

// json writes an entry's body: {"field":[before, after]}, and for a dimension {"d_…":[before, after, decision before, decision after]}. Who asks only for
// values finds them in the same place. The text stays as the field has it: what is put back must be the same to the byte.
func (e *edit) json() (string, error) {
	if len(e.body) == 0 {
		return "{}", nil
	}
	body := make(map[string][]any, len(e.body))
	for name, pair := range e.body {
		body[name] = []any{pair[0], pair[1]}
		if why, ok := e.why[name]; ok {
			body[name] = append(body[name], why[0], why[1])
		}
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(body)
	return string(bytes.TrimSuffix(b.Bytes(), []byte("\n"))), err
}

func readBody(body string, c *record.Change) error {
	var parts map[string][]json.RawMessage
	if err := json.Unmarshal([]byte(body), &parts); err != nil {
		return err
	}
	c.Fields = make(map[string][2]json.RawMessage, len(parts))
	for name, p := range parts {
		if len(p) < 2 {
			return fmt.Errorf("change %d: %s has no two values", c.ID, name)
		}
		c.Fields[name] = [2]json.RawMessage{p[0], p[1]}
		if len(p) < 4 {
			continue
		}
		var why [2]record.Decision
		for i := range why {
			if err := json.Unmarshal(p[2+i], &why[i]); err != nil {
				return fmt.Errorf("change %d: %s: %w", c.ID, name, err)
			}
		}
		if c.Why == nil {
			c.Why = map[string][2]record.Decision{}
		}
		c.Why[name] = why
	}
	return nil
}

// whys completes the entries of edits that decide: the decision before and after stands beside the value. A value that stays while another judge decides
// it is a change too, or undo could not give it back to the first.
func (tx *Tx) whys(ctx context.Context, edits []edit) error {
	var ids []record.ID
	for i := range edits {
		if e := &edits[i]; e.before != nil && e.op != record.OpPurge && (len(e.decisions) > 0 || e.categorised()) {
			ids = append(ids, e.rec.Head().ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	had, err := tx.Decisions(ctx, ids...)
	if err != nil {
		return err
	}
	for i := range edits {
		e := &edits[i]
		if e.before == nil || e.op == record.OpPurge {
			continue
		}
		was := had[e.rec.Head().ID]
		e.why = map[string][2]record.Decision{}
		for name, d := range e.decisions {
			f := e.k.Field(name)
			if f == nil {
				continue
			}
			if d.At == 0 && d.Origin != "" {
				d.At = tx.at
				e.decisions[name] = d
			}
			if _, moved := e.body[name]; !moved {
				if was[name].Same(d) {
					continue
				}
				v := f.JSON(e.before[f.Pos])
				if e.body == nil {
					e.body = map[string][2]json.RawMessage{}
				}
				e.body[name] = [2]json.RawMessage{v, v}
			}
			e.why[name] = [2]record.Decision{was[name], d}
		}
		for name := range e.body {
			if f := e.k.Field(name); f != nil && f.Type == record.Category {
				if _, told := e.decisions[name]; !told {
					e.why[name] = [2]record.Decision{was[name], was[name]}
				}
			}
		}
	}
	return nil
}

func (e *edit) categorised() bool {
	for name := range e.body {
		if f := e.k.Field(name); f != nil && f.Type == record.Category {
			return true
		}
	}
	return false
}

// History answers what was changed of one record, newest first, before an entry id (0: from the newest). Fields that the scope cannot see are left out.
func (r reader) History(ctx context.Context, sc record.Scope, kind string, id record.ID, before int64, limit int) ([]record.Change, error) {
	rec, err := r.Get(ctx, sc, kind, id)
	if err != nil {
		return nil, err
	}
	cat, err := r.catalogue(ctx)
	if err != nil {
		return nil, err
	}
	k := cat.Kind(kind)
	if before <= 0 {
		before = 1 << 62
	}
	var out []record.Change
	err = r.each(ctx, fmt.Sprintf("SELECT %s FROM changes c WHERE c.rec = ? AND c.id < ? ORDER BY c.id DESC LIMIT %d", changeColumns, limit),
		[]any{string(rec.Head().ID), before}, func(rows Rows) error {
			c, err := scanChange(rows)
			if err != nil {
				return err
			}
			for name := range c.Fields {
				if f := k.Field(name); f == nil || !sc.Sees(kind, f) {
					delete(c.Fields, name)
				}
			}
			out = append(out, c)
			return nil
		})
	return out, err
}

// A Past is what a field was until a moment.
type Past struct {
	At  record.Time
	Was record.Value
}

// Past answers what one field of some records was before each of its changes, newest first.
func (r reader) Past(ctx context.Context, f *record.Field, ids []record.ID) (map[record.ID][]Past, error) {
	out := make(map[record.ID][]Past, len(ids))
	for _, id := range ids {
		out[id] = nil
	}
	d := r.db.eng.dialect()
	name, err := json.Marshal(f.Name)
	if err != nil {
		return nil, err
	}
	err = r.each(ctx, fmt.Sprintf("SELECT %s FROM changes c WHERE %s AND %s > 0 ORDER BY c.id DESC", changeColumns, fmt.Sprintf(d.list, "c.rec"), fmt.Sprintf(d.find, "c.body")),
		[]any{texts(d, ids, func(id record.ID) string { return string(id) }), string(name) + ":"}, func(rows Rows) error {
			c, err := scanChange(rows)
			if err != nil {
				return err
			}
			pair, ok := c.Fields[f.Name]
			if !ok {
				return nil // a text holds the name
			}
			was, err := f.Parse(pair[0])
			if err != nil {
				return nil // of before the field was what it is
			}
			out[c.Rec] = append(out[c.Rec], Past{c.At, was})
			return nil
		})
	return out, err
}

// Decisions answers where the values of one record's dimensions come from, by field.
func (r reader) Decisions(ctx context.Context, ids ...record.ID) (map[record.ID]map[string]record.Decision, error) {
	out := map[record.ID]map[string]record.Decision{}
	d := r.db.eng.dialect()
	err := r.each(ctx, fmt.Sprintf("SELECT rec, field, origin, rule, version, confidence, reason, by_user, at FROM decisions WHERE %s", fmt.Sprintf(d.list, "rec")),
		[]any{texts(d, ids, func(id record.ID) string { return string(id) })}, func(rows Rows) error {
			var rec, field string
			var x record.Decision
			var at int64
			if err := rows.Scan(&rec, &field, &x.Origin, (*string)(&x.Rule), &x.Version, &x.Confidence, &x.Reason, (*string)(&x.By), &at); err != nil {
				return err
			}
			x.At = record.Time(at)
			if out[record.ID(rec)] == nil {
				out[record.ID(rec)] = map[string]record.Decision{}
			}
			out[record.ID(rec)][field] = x
			return nil
		})
	return out, err
}
