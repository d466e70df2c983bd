package exchange

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"regexp"
	"slices"
	"strings"

	"guike/fold"
	"guike/record"
)

// A Mapping says how a file becomes records. It is kept with its import, and proposed again for the next file with the same header.
type Mapping struct {
	Form      form       `json:"form"`
	Header    int        `json:"header"` // row of the file, 0 where it has none
	Columns   []Column   `json:"columns"`
	Constants []Constant `json:"constants"` // what all rows share: an account number above the table
	Key       string     `json:"key"`       // the field by which a record is found again, "" for none
	Mode      string     `json:"mode"`      // create, update, upsert
	Twice     string     `json:"twice"`     // a key that stands in an earlier row: skip, update, reject
	Clear     bool       `json:"clear"`     // an empty cell empties the field of a record that is there
	Profile   string     `json:"profile"`
	Like      string     `json:"like"` // the kind that the table fits, where required fields of this one find no column and all of that one's do
}

// A Column is one column of the file and where it goes.
type Column struct {
	Name    string            `json:"name"`
	Field   string            `json:"field"`   // a field, lines.quantity, amount.in, amount.out, name.first, name.last, contact.name; Note; New; "" is left out
	Why     string            `json:"why"`     // person, profile, name, contents, before
	Values  map[string]string `json:"values"`  // word in the file → choice
	Missing string            `json:"missing"` // a reference or category that is not found: reject, empty, create
	Several string            `json:"several"` // a word that several records are called by: reject, empty, first (the oldest of them)
	Bad     string            `json:"bad"`     // a cell that cannot be read: reject, empty
	Day     string            `json:"day"`     // 05/04/2025 is the 5th of April (dm) or the 4th of May (md)
	Samples []string          `json:"samples"`
}

// A Constant is a value for all rows.
type Constant struct {
	Field   string `json:"field"`
	Value   string `json:"value"`
	Missing string `json:"missing"`
}

// Targets that are no fields.
const (
	Note = "+note"  // "header：cell" goes into the note
	New  = "+field" // a custom text field is made for it
)

// Policies.
const (
	ModeCreate, ModeUpdate, ModeUpsert = "create", "update", "upsert"
	TwiceSkip, TwiceUpdate             = "skip", "update"
	OrReject, OrEmpty, OrCreate        = "reject", "empty", "create"
	OrFirst                            = "first"
)

// fingerprint names a header, however its words are spaced.
func fingerprint(kind string, header []string) string {
	h := sha256.New()
	h.Write([]byte(kind))
	for _, c := range header {
		h.Write([]byte("\x00" + fold.Name(c)))
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

var parenthesis = regexp.MustCompile(`[（(【\[].*?[)）】\]]|[*＊]`)

// propose maps the columns of a header: by a profile, by names, by what stands in them.
func propose(k *record.Kind, header []string, rows []row, p *profile) Mapping {
	m := Mapping{Mode: ModeUpsert, Twice: TwiceSkip, Columns: make([]Column, len(header))}
	known := targets(k)
	used := map[string]bool{}
	take := func(i int, target, why string) bool {
		c := &m.Columns[i]
		if c.Field != "" || used[target] || targetField(k, target) == nil {
			return false
		}
		c.Field, c.Why, used[target] = target, why, true
		return true
	}
	for i, name := range header {
		m.Columns[i] = Column{Name: name, Bad: OrReject, Samples: samples(rows, i)}
	}
	if p == nil {
		p = bestProfile(k, header)
	}
	left := map[int]bool{}
	ours := isOurs(k, m.Columns)
	for i, name := range header {
		// What the house exports beside what it takes back: its own stamps, and titles whose ids stand in the next column.
		if closed(k, strings.TrimSpace(name)) || ours && stamp(k, name) {
			left[i] = true
		}
		if ref, ok := strings.CutSuffix(strings.TrimSpace(name), ".id"); ok {
			if target := known[fold.Name(ref)]; target != "" && take(i, target+".id", "name") {
				used[target] = true
				for j := range header {
					left[j] = left[j] || header[j] == ref
				}
			}
		}
	}
	if p != nil {
		m.Profile, m.Key = p.Name, p.Key
		for i, name := range header {
			for word, target := range p.Columns {
				if fold.Name(word) == fold.Name(name) {
					if target == "" {
						left[i] = true
					} else if target == Note && k.Field("note") != nil {
						m.Columns[i].Field, m.Columns[i].Why = Note, "profile"
					} else if !take(i, target, "profile") {
						take(i, "d_"+strings.TrimPrefix(target, "d_"), "profile")
					}
				}
			}
		}
	}
	for _, name := range []func(string) string{func(s string) string { return s }, func(s string) string { return parenthesis.ReplaceAllString(s, "") }} {
		for i := range header {
			target := known[fold.Name(name(header[i]))]
			if target == "id" && !ids(k, m.Columns[i].Samples) {
				for _, other := range []string{"number", "code"} { // 编号 is the business's own number
					if targetField(k, other) != nil {
						target = other
						break
					}
				}
			}
			if target != "" && target != "id" && !left[i] || target == "id" && ours {
				take(i, target, "name")
			}
		}
	}
	if used["name"] && used["name.first"] {
		for i := range m.Columns {
			if strings.HasPrefix(m.Columns[i].Field, "name.") {
				m.Columns[i].Field, left[i] = "", true // the whole name stands there too
			}
		}
	}
	for i := range header {
		if m.Columns[i].Field == "" && !left[i] {
			if target := guess(k, m.Columns[i].Samples); target != "" {
				take(i, target, "contents")
			}
		}
	}
	guessTyped(k, &m, rows, take)
	rest := 0
	for i := range m.Columns {
		left[i] = left[i] || strings.ContainsRune(m.Columns[i].Name+strings.Join(m.Columns[i].Samples, ""), '\uFFFD')
		if m.Columns[i].Field == "" && !left[i] {
			rest++
		}
	}
	note := k.Field("note")
	for i := range m.Columns {
		c := &m.Columns[i]
		if c.Field == "" && !left[i] && note != nil && note.Type == record.Long && rest <= 20 && len(c.Samples) > 0 && c.Name != "" {
			c.Field, c.Why = Note, "rest" // nothing is lost
		}
		f := targetField(k, c.Field)
		if f == nil {
			continue
		}
		if f.Type == record.Ref || f.Type == record.Category {
			c.Missing = OrEmpty
		}
		if f.Type == record.Ref {
			c.Several = OrEmpty
		}
		if p != nil && p.Missing[c.Field] != "" {
			c.Missing = p.Missing[c.Field]
		}
		if f.Type == record.Choice || f.Type == record.Choices {
			c.Values = map[string]string{}
			if p != nil {
				for w, v := range p.Values[c.Field] {
					c.Values[w] = v
				}
			}
		}
		if f.Type == record.Date_ || f.Type == record.Time_ {
			c.Day = dayOrderOf(rows, i)
		}
	}
	if p != nil {
		for _, field := range slices.Sorted(maps.Keys(p.Constants)) {
			if !used[field] && targetField(k, field) != nil {
				m.Constants = append(m.Constants, Constant{Field: field, Value: p.Constants[field]})
			}
		}
	}
	if m.Key != "" && !used[m.Key] {
		m.Key = ""
	}
	if m.Key == "" {
		m.Key = defaultKey(k, used)
	}
	if m.Key == "" {
		m.Mode = ModeCreate
	}
	return m
}

// fits counts the columns whose name or contents say where they go; ok where every required field has one.
func (m Mapping) fits(k *record.Kind) (n int, ok bool) {
	found := map[string]bool{}
	for _, c := range m.Columns {
		if targetField(k, c.Field) != nil {
			head, _, _ := strings.Cut(c.Field, ".")
			found[head] = true
			n++
		}
	}
	for _, c := range m.Constants {
		found[c.Field] = true
	}
	if found["amount"] {
		found["direction"] = true // its sign or its column says it
	}
	for i := range k.Fields {
		if f := &k.Fields[i]; f.IsRequired() && writable(f) && !f.IsSystem() && !f.Retired && !found[f.Name] {
			return n, false
		}
	}
	return n, true
}

// ids reports whether samples are ids of a kind.
func ids(k *record.Kind, samples []string) bool {
	for _, s := range samples {
		if id := record.ID(s); !id.Valid() || id.Prefix() != k.Prefix {
			return false
		}
	}
	return len(samples) > 0
}

// isOurs reports whether a file looks like an export of the house: a column of the kind's own ids.
func isOurs(k *record.Kind, cols []Column) bool {
	return slices.ContainsFunc(cols, func(c Column) bool { return ids(k, c.Samples) })
}

// closed reports whether a header is the name of a field that a table may not write: a stamp, a dimension that the house computes.
func closed(k *record.Kind, name string) bool {
	return slices.ContainsFunc(k.Fields, func(f record.Field) bool { return f.Name == name && !writable(&f) })
}

// stamp reports whether a header is the label of a field that only the house writes.
func stamp(k *record.Kind, name string) bool {
	for i := range k.Fields {
		if f := &k.Fields[i]; !writable(f) && (label(k.Name, f, "zh-CN") == name || label(k.Name, f, "en") == name) {
			return true
		}
	}
	return false
}

// defaultKey is a unique field that the file has, or one that is derived from what it has.
func defaultKey(k *record.Kind, used map[string]bool) string {
	if used["id"] {
		return "id"
	}
	for i := range k.Fields {
		if f := &k.Fields[i]; f.IsUnique() && !f.IsSystem() && used[f.Name] {
			return f.Name
		}
	}
	if f := k.Field("business_key"); f != nil && f.IsUnique() && (used["serial"] || used["slip_no"] || used["invoice_no"]) {
		return f.Name
	}
	return ""
}

// bestProfile finds the system whose export this is: most of its columns are known, three at least.
func bestProfile(k *record.Kind, header []string) *profile {
	var best *profile
	most := 0
	for _, p := range profiles() {
		if p.Kind != k.Name {
			continue
		}
		have := map[string]bool{}
		for word := range p.Columns {
			have[fold.Name(word)] = true
		}
		n := 0
		for _, c := range header {
			if have[fold.Name(c)] {
				n++
			}
		}
		if n >= 3 && n*10 >= len(header)*6 && n > most {
			best, most = &p, n
		}
	}
	// House words beat a profile that knows no more than they do.
	if best != nil {
		known, n := targets(k), 0
		for _, c := range header {
			if known[fold.Name(c)] != "" {
				n++
			}
		}
		if n > most {
			return nil
		}
	}
	return best
}

func samples(rows []row, i int) []string {
	var out []string
	for _, r := range rows {
		if i >= len(r.cells) {
			continue
		}
		s := strings.TrimSpace(r.cells[i])
		if s == "" || slices.Contains(out, s) {
			continue
		}
		if rs := []rune(s); len(rs) > 60 {
			s = string(rs[:60]) + "…"
		}
		if out = append(out, s); len(out) == 5 {
			break
		}
	}
	return out
}

// dayOrderOf finds whether 05/04/2025 is day first: one cell with more than 12 in front decides.
func dayOrderOf(rows []row, i int) string {
	for _, r := range rows {
		if i >= len(r.cells) {
			continue
		}
		if g := shortDay.FindStringSubmatch(strings.ToLower(narrow(r.cells[i]))); g != nil {
			if atoi(g[1]) > 12 {
				return "dm"
			}
			if atoi(g[3]) > 12 {
				return "md"
			}
		}
	}
	return ""
}
