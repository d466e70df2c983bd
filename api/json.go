package api

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"guike/record"
	"guike/store"
)

// object writes members in the order given.
type object struct {
	keys []string
	vals []any
}

func (o *object) set(key string, v any) {
	o.keys, o.vals = append(o.keys, key), append(o.vals, v)
}

func (o object) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, k := range o.keys {
		if i > 0 {
			b = append(b, ',')
		}
		kb, err := json.Marshal(k)
		if err != nil {
			return nil, err
		}
		vb, err := json.Marshal(o.vals[i])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", k, err)
		}
		b = append(append(append(b, kb...), ':'), vb...)
	}
	return append(b, '}'), nil
}

// A ref is a reference as it is answered.
type ref struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Gone  bool   `json:"gone,omitempty"` // in the trash, purged, or unseen
}

// renderer writes records with the titles of what they refer to, fetched once for a whole page.
type renderer struct {
	c      *call
	cat    *store.Catalogue
	titles map[string]map[record.ID]string // by kind
}

func (c *call) renderer() (*renderer, error) {
	cat, err := c.s.db.Catalogue(c, false)
	return &renderer{c: c, cat: cat, titles: map[string]map[record.ID]string{}}, err
}

// fetch learns the titles of all that the records refer to, one query a kind.
func (rd *renderer) fetch(k *record.Kind, recs []record.Record) error {
	want := map[string][]record.ID{}
	for _, r := range recs {
		vs := k.Values(r)
		for i := range k.Fields {
			if kind := k.RefKind(&k.Fields[i], vs); kind != "" {
				want[kind] = append(want[kind], record.ID(vs[i].S))
			}
		}
	}
	return rd.learn(want)
}

func (rd *renderer) learn(want map[string][]record.ID) error {
	for kind, ids := range want {
		slices.Sort(ids)
		ids = slices.Compact(ids)
		have, err := rd.c.s.db.Titles(rd.c, rd.c.scope, kind, ids)
		if err != nil {
			return err
		}
		if rd.titles[kind] == nil {
			rd.titles[kind] = map[record.ID]string{}
		}
		for id, t := range have {
			rd.titles[kind][id] = t
		}
	}
	return nil
}

func (rd *renderer) ref(kind string, id record.ID) *ref {
	if id == "" {
		return nil
	}
	t, ok := rd.titles[kind][id]
	return &ref{string(id), t, !ok}
}

func (rd *renderer) categories(f *record.Field, v record.Value) any {
	var out []ref
	for _, n := range v.Numbers(f.Multi) {
		if c := rd.cat.Numbered(n); c != nil {
			out = append(out, ref{ID: string(c.ID), Title: c.Name})
		}
	}
	if f.Multi {
		if out == nil {
			out = []ref{}
		}
		return out
	}
	if len(out) == 0 {
		return nil
	}
	return out[0]
}

func (rd *renderer) record(k *record.Kind, r record.Record) object {
	var o object
	vs := k.Values(r)
	o.set("id", string(r.Head().ID))
	o.set("kind", k.Name)
	for i := range k.Fields {
		f := &k.Fields[i]
		if i == record.PosID || !rd.c.scope.Sees(k.Name, f) {
			continue
		}
		if i == record.PosTitle {
			o.set(f.Name, rd.c.scope.Title(k, r))
			continue
		}
		if f.RefBy != "" {
			o.set(f.Name, rd.ref(k.RefKind(f, vs), record.ID(vs[i].S)))
			continue
		}
		o.set(f.Name, rd.value(f, vs[i]))
	}
	return o
}

// value writes one field's value as the API answers it.
func (rd *renderer) value(f *record.Field, v record.Value) any {
	switch f.Type {
	case record.Category:
		return rd.categories(f, v)
	case record.Ref:
		if v.Null {
			return nil
		}
		return rd.ref(f.Ref, record.ID(v.S))
	case record.Choices:
		return append([]string{}, v.Words()...)
	case record.Lines:
		if v.Null {
			return []any{}
		}
		return json.RawMessage(v.S)
	case record.Text, record.Long, record.Phone, record.Email, record.URL, record.Choice:
		return v.S
	}
	return f.JSON(v)
}

// change writes one field's old or new value of a change entry, categories by name.
func (rd *renderer) changed(k *record.Kind, name string, raw json.RawMessage) any {
	f := k.Field(name)
	if f == nil || string(raw) == "null" {
		return raw
	}
	switch f.Type {
	case record.Category:
		v, err := f.Parse(raw)
		if err != nil {
			return raw
		}
		return rd.categories(f, v)
	case record.Ref:
		var id string
		if json.Unmarshal(raw, &id) == nil {
			return rd.ref(f.Ref, record.ID(id))
		}
	}
	return raw
}

// read parses a record's members into values. Fields that only the house writes, and dimensions, are refused: those have verbs of their own.
func (c *call) read(k *record.Kind) (map[string]record.Value, error) {
	m, err := decode[map[string]json.RawMessage](c)
	if err != nil {
		return nil, err
	}
	out := map[string]record.Value{}
	bad := map[string]string{}
	for name, raw := range m {
		f := k.Field(name)
		switch {
		case f == nil || !c.scope.Sees(k.Name, f):
			bad[name] = "error.no_such_field"
		case f.Type == record.Category:
			bad[name] = "error.use_classify"
		case f.IsSystem() && name != "status":
			bad[name] = "error.read_only"
		default:
			v, err := f.Parse(raw)
			if err != nil {
				bad[name] = err.Error()
			}
			out[name] = v
		}
	}
	if len(bad) > 0 {
		return nil, &record.Error{Code: record.Invalid, Message: "error.invalid", Fields: bad}
	}
	return out, nil
}

// etag and ifMatch write and read a version as HTTP does.
func etag(r record.Record) string { return fmt.Sprintf(`"%d"`, r.Head().Version) }

func (c *call) ifMatch() (int64, error) {
	h := strings.TrimPrefix(c.r.Header.Get("If-Match"), "W/")
	if h == "" || h == "*" {
		return 0, nil
	}
	var n int64
	if _, err := fmt.Sscanf(h, `"%d"`, &n); err != nil {
		return 0, record.FieldError("If-Match", "error.version")
	}
	return n, nil
}
