package exchange

import (
	"slices"
	"strings"

	"guike/fold"
	"guike/record"
	"guike/store"
)

// categories maps what people call a dimension's categories: name, path, aliases, code.
func categories(cat *store.Catalogue, f *record.Field) map[string]*store.Category {
	out := map[string]*store.Category{}
	put := func(w string, c *store.Category) {
		if w = fold.Name(w); w != "" {
			if _, ok := out[w]; !ok {
				out[w] = c
			}
		}
	}
	all := cat.Categories(f.Dimension)
	for _, c := range all {
		if c.Retired {
			continue
		}
		path := ""
		for _, up := range cat.Ancestors(c.N) {
			path = up.Name + "/" + path
		}
		put(strings.TrimSuffix(path, "/"), c)
		out[string(c.ID)] = c
	}
	for _, c := range all {
		if !c.Retired {
			put(c.Name, c)
		}
	}
	for _, c := range all {
		if c.Retired {
			continue
		}
		for w := range strings.SplitSeq(strings.ReplaceAll(c.Aliases, "，", ","), ",") {
			put(w, c)
		}
		put(c.Code, c)
	}
	for _, c := range all { // a retired one only where nothing else is called so: for what still holds it
		path := ""
		for _, up := range cat.Ancestors(c.N) {
			path = up.Name + "/" + path
		}
		put(strings.TrimSuffix(path, "/"), c)
		put(c.Name, c)
	}
	return out
}

// category reads the words of a dimension's cell. Whoever imported it decided it.
func (e *env) category(d *reading, c *column, cell string) {
	var ns []int64
	words := []string{cell}
	if c.f.Multi {
		words = strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune(",，;；、|", r) })
	}
	for _, w := range words {
		if v, ok := c.word(w); ok {
			w = v
		}
		cat := c.set[strings.TrimSpace(w)]
		if cat == nil {
			cat = c.set[fold.Name(w)]
		}
		if cat == nil {
			if c.Missing == OrReject {
				d.reject(c.Name, issueCategory, w)
				return
			}
			d.issue(severeWarn, c.Name, issueCategory, w)
			d.notes = append(d.notes, c.Name+"："+strings.TrimSpace(cell))
			continue
		}
		ns = append(ns, cat.N)
	}
	if len(ns) == 0 {
		return
	}
	v := record.NumberValue(ns[0])
	if c.f.Multi {
		slices.Sort(ns)
		v = record.Several(slices.Compact(ns))
	}
	d.set[c.f.Pos] = v
	if d.why == nil {
		d.why = map[string]record.Decision{}
	}
	d.why[c.f.Name] = record.Decision{Origin: "import", Confidence: 1, Reason: c.Name}
}
