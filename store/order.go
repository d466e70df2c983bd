package store

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"strings"

	"guike/fold"
	"guike/record"
)

// An order is the sort of a list: by one column (or n alone), n breaking ties in the same direction.
type order struct {
	f    *record.Field // nil: by n alone
	desc bool
	cols []string // before n
}

func (s *selection) order(sc *record.Scope, sort string) (order, error) {
	o := order{desc: true}
	if sort == "" || sort == "-created_at" {
		return o, nil
	}
	name, desc := strings.CutPrefix(sort, "-")
	o.desc = desc
	if name == "created_at" {
		return o, nil
	}
	f := s.k.Field(name)
	if name == "title" && s.k.NamedField() != nil {
		f = s.k.NamedField()
	}
	if f == nil || !sc.Sees(s.k.Name, f) {
		return o, record.FieldError("sort", "error.no_such_field")
	}
	if !f.Sortable() {
		return o, record.FieldError("sort", "error.not_sortable")
	}
	o.f = f
	switch {
	case f.IsNamed():
		o.cols = []string{f.Name + "_key"}
	case f.Type == record.MoneyType:
		o.cols = []string{f.Name + "_cur", f.Name}
	default:
		o.cols = []string{f.Name}
	}
	return o, nil
}

// cursor is what a page's cursor keeps: where it ended and what it belongs to.
type cursor struct {
	Hash string `json:"h"`
	Tail bool   `json:"t,omitempty"` // among the empties
	Keys []any  `json:"k,omitempty"`
	N    int64  `json:"n"`
}

func (q Query) hash() string {
	b, err := json.Marshal([]any{q.Kind, q.Filter, q.Words, q.Sort, q.Trash})
	if err != nil {
		panic(err) // RawMessages that were parsed before
	}
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:6])
}

func (q Query) cursor() (*cursor, error) {
	if q.Cursor == "" {
		return nil, nil
	}
	var c cursor
	b, err := base64.RawURLEncoding.DecodeString(q.Cursor)
	if err == nil {
		d := json.NewDecoder(strings.NewReader(string(b)))
		d.UseNumber()
		err = d.Decode(&c)
	}
	if err != nil || c.Hash != q.hash() {
		return nil, record.FieldError("cursor", "error.cursor")
	}
	for i, k := range c.Keys {
		if num, ok := k.(json.Number); ok {
			n, err := num.Int64()
			if err != nil {
				return nil, record.FieldError("cursor", "error.cursor")
			}
			c.Keys[i] = n
		}
	}
	return &c, nil
}

func (c cursor) String() string {
	b, err := json.Marshal(c)
	if err != nil {
		panic(err) // texts and whole numbers
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// keys are the order's column values of a record.
func (o order) keys(v record.Value) []any {
	switch {
	case o.f.IsNamed():
		return []any{fold.SortKey(v.S)}
	case o.f.Type == record.MoneyType:
		return []any{v.S, v.N}
	case o.f.Textual():
		return []any{v.S}
	}
	return []any{v.N}
}

// present is the condition that the order's column is not empty.
func (o order) present() string {
	col := "t." + quote(o.cols[0])
	switch {
	case o.f.Textual() || o.f.Type == record.MoneyType:
		return col + " <> ''"
	case o.f.Nullable():
		return col + " IS NOT NULL"
	}
	return "1 = 1"
}
