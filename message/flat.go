package message

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"guike/record"
)

// Bounds of one delivery of records.
const (
	MaxJSON    = 1 << 20 // bytes
	MaxRows    = 1000
	maxDepth   = 8
	maxColumns = 300
	maxColumn  = 200 // bytes of a column's name
)

// A member is one of an object, in the order in which it was written.
type member struct {
	name  string
	value any // string, json.Number, bool, nil, []member, []any
}

// linesNamed are names that lists of an order's lines go by, where an object holds several lists.
var linesNamed = []string{"lines", "line_items", "lineitems", "items", "order_items", "orderitems", "details", "goods", "products", "skus", "entries", "data"}

// table makes a table of JSON: an object, or a list of them. An object in an object becomes columns a.b. A list of objects in one becomes rows that say the rest
// again, as tables of orders with lines do; of several lists the one named like lines, and the others stand as JSON in a cell, so that nothing is dropped.
func table(body []byte) (csv_ []byte, rows int, err error) {
	bad := func(why string) ([]byte, int, error) {
		return nil, 0, &record.Error{Code: record.Invalid, Message: why}
	}
	if !utf8.Valid(body) {
		return bad("error.hook_json")
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	v, why := value(d, 0)
	if _, err := d.Token(); why == "" && err != io.EOF {
		why = "error.hook_json"
	}
	if why != "" {
		return bad(why)
	}
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	f := &flat{at: map[string]int{}}
	for _, x := range list {
		ms, ok := x.([]member)
		if !ok {
			return bad("error.hook_objects")
		}
		f.rows = append(f.rows, f.spread("", ms)...)
		if f.why != "" {
			return bad(f.why)
		}
		if len(f.rows) > MaxRows {
			return bad("error.hook_rows")
		}
	}
	if len(f.rows) == 0 || len(f.names) == 0 {
		return bad("error.hook_empty")
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	cells := make([]string, len(f.names))
	if err := w.Write(f.names); err != nil {
		return nil, 0, err
	}
	for _, r := range f.rows {
		for i := range cells {
			cells[i] = r[i]
		}
		if err := w.Write(cells); err != nil {
			return nil, 0, err
		}
	}
	w.Flush()
	return b.Bytes(), len(f.rows), w.Error()
}

// value reads one value, keeping the order of members.
func value(d *json.Decoder, depth int) (any, string) {
	t, err := d.Token()
	if err != nil {
		return nil, "error.hook_json"
	}
	open, ok := t.(json.Delim)
	if !ok {
		return t, ""
	}
	if depth == maxDepth {
		return nil, "error.hook_deep"
	}
	var ms []member
	list := []any{}
	for d.More() {
		name := ""
		if open == '{' {
			t, err := d.Token()
			if err != nil {
				return nil, "error.hook_json"
			}
			name, _ = t.(string)
		}
		v, why := value(d, depth+1)
		if why != "" {
			return nil, why
		}
		if open == '[' {
			list = append(list, v)
		} else if i := slices.IndexFunc(ms, func(m member) bool { return m.name == name }); i >= 0 {
			ms[i].value = v // said twice: the last holds, as everywhere
		} else {
			ms = append(ms, member{name, v})
		}
	}
	if _, err := d.Token(); err != nil {
		return nil, "error.hook_json"
	}
	if open == '[' {
		return list, ""
	}
	return ms, ""
}

// flat collects rows, each by the number of its columns.
type flat struct {
	names []string
	at    map[string]int
	rows  []map[int]string
	why   string
}

func (f *flat) column(name string) int {
	i, ok := f.at[name]
	if !ok {
		i = len(f.names)
		f.at[name] = i
		f.names = append(f.names, name)
		if i >= maxColumns || len(name) > maxColumn {
			f.why = "error.hook_columns"
		}
	}
	return i
}

// spread makes rows of an object: what it says itself, then what the objects in it say, then its lines.
func (f *flat) spread(prefix string, ms []member) []map[int]string {
	own := map[int]string{}
	lines := spreading(ms)
	for i, m := range ms {
		name := prefix + clean(m.name)
		switch v := m.value.(type) {
		case []member:
		case []any:
			if i != lines {
				own[f.column(name)] = joined(v)
			}
		default:
			own[f.column(name)] = text(v)
		}
	}
	out := []map[int]string{own}
	for _, m := range ms {
		if v, ok := m.value.([]member); ok && f.why == "" {
			out = f.times(out, f.spread(prefix+clean(m.name)+".", v))
		}
	}
	if lines >= 0 {
		var below []map[int]string
		for _, x := range ms[lines].value.([]any) {
			if f.why == "" && len(below) <= MaxRows {
				below = append(below, f.spread(prefix+clean(ms[lines].name)+".", x.([]member))...)
			}
		}
		out = f.times(out, below)
	}
	return out
}

// times says each row of below with each of above.
func (f *flat) times(above, below []map[int]string) []map[int]string {
	if len(below) == 0 {
		return above
	}
	if len(above)*len(below) > MaxRows {
		f.why = "error.hook_rows"
		return nil
	}
	var out []map[int]string
	for _, a := range above {
		for _, b := range below {
			r := maps.Clone(a)
			maps.Copy(r, b)
			out = append(out, r)
		}
	}
	return out
}

// spreading is which member is a list of objects that becomes rows, -1 where none does.
func spreading(ms []member) int {
	found, named := []int{}, -1
	for i, m := range ms {
		list, ok := m.value.([]any)
		if !ok || len(list) == 0 || slices.ContainsFunc(list, func(x any) bool { _, ok := x.([]member); return !ok }) {
			continue
		}
		found = append(found, i)
		if named < 0 && slices.Contains(linesNamed, strings.ToLower(m.name)) {
			named = i
		}
	}
	if len(found) == 1 {
		return found[0]
	}
	return named
}

// joined is a list in a cell: words with a semicolon between them, anything else as JSON.
func joined(list []any) string {
	var words []string
	for _, x := range list {
		switch x.(type) {
		case []member, []any:
			b, err := json.Marshal(plain(list))
			if err != nil {
				return "" // of plain values: cannot fail
			}
			return string(b)
		}
		words = append(words, text(x))
	}
	return strings.Join(words, ";")
}

// plain gives members back as maps, for JSON.
func plain(v any) any {
	switch v := v.(type) {
	case []member:
		m := map[string]any{}
		for _, x := range v {
			m[x.name] = plain(x.value)
		}
		return m
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = plain(x)
		}
		return out
	}
	return v
}

func text(v any) string {
	switch v := v.(type) {
	case string:
		return clean(v)
	case json.Number:
		return v.String()
	case bool:
		if v {
			return "true"
		}
		return "false"
	}
	return ""
}

// clean leaves out what no database keeps.
func clean(s string) string { return strings.ReplaceAll(s, "\x00", "") }
