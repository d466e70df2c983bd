package exchange

import (
	_ "embed"
	"encoding/json"
	"slices"
	"strings"
	"sync"

	"guike/fold"
	"guike/record"
)

// words.json holds how tables call fields and choices: the first word is the Chinese label, the second the English one, the rest are met in other systems'
// exports. profiles.json holds whole tables of other systems. A new kind or system is added there, without code.
var (
	//go:embed words.json
	wordsJSON []byte
	//go:embed profiles.json
	profilesJSON []byte
)

// A profile is how one system's export of one kind is read.
type profile struct {
	Name    string                       `json:"name"`
	Kind    string                       `json:"kind"`
	Columns map[string]string            `json:"columns"` // header → target, "" is left out
	Values  map[string]map[string]string `json:"values"`  // target → word → choice
	Key     string                       `json:"key"`
	Missing map[string]string            `json:"missing"` // target → what becomes of a word that nothing is called by
	// Constants are values that the system's export does not say: all its notes are notes.
	Constants map[string]string `json:"constants"`
}

type lexiconFile struct {
	Fields  map[string]map[string][]string `json:"fields"`
	Choices map[string]map[string][]string `json:"choices"`
	Footers []string                       `json:"footers"`
}

var lexicon = sync.OnceValue(func() *lexiconFile {
	var l lexiconFile
	if err := json.Unmarshal(wordsJSON, &l); err != nil {
		panic(err) // embedded, and read by every test
	}
	return &l
})

var profiles = sync.OnceValue(func() []profile {
	var ps []profile
	if err := json.Unmarshal(profilesJSON, &ps); err != nil {
		panic(err) // embedded, and read by every test
	}
	return ps
})

// Profiles names the ready profiles of a kind.
func Profiles(kind string) []string {
	var out []string
	for _, p := range profiles() {
		if p.Kind == kind {
			out = append(out, p.Name)
		}
	}
	return out
}

func profileOf(kind, name string) *profile {
	for _, p := range profiles() {
		if p.Kind == kind && strings.EqualFold(p.Name, name) {
			return &p
		}
	}
	return nil
}

// targets maps folded words to what a column of a kind may be: fields by their own name, by what people call them, by the label of a custom field.
func targets(k *record.Kind) map[string]string {
	out := map[string]string{}
	put := func(word, target string) {
		if w := fold.Name(word); w != "" && out[w] == "" {
			out[w] = target
		}
	}
	may := func(name string) bool { return targetField(k, name) != nil }
	for i := range k.Fields {
		if f := &k.Fields[i]; writable(f) {
			put(f.Name, f.Name)
		}
	}
	l := lexicon()
	for rank := 0; rank < 64; rank++ { // first words first: a label wins over another field's alias
		more := false
		for _, kind := range []string{k.Name, "any"} {
			names := make([]string, 0, len(l.Fields[kind]))
			for name := range l.Fields[kind] {
				names = append(names, name)
			}
			slices.Sort(names)
			for _, name := range names {
				words := l.Fields[kind][name]
				if rank >= len(words) {
					continue
				}
				more = true
				target := name
				if !may(target) {
					if target = "d_" + name; !may(target) {
						continue
					}
				}
				put(words[rank], target)
			}
		}
		if !more {
			break
		}
	}
	for i := range k.Fields {
		if f := &k.Fields[i]; f.Dynamic && writable(f) {
			put(f.Label, f.Name)
		}
	}
	return out
}

// writable reports whether a table may set a field.
func writable(f *record.Field) bool {
	if f.IsSecret() || f.Retired || f.Formula != nil {
		return false
	}
	return !f.IsSystem() || f.Name == "status" || f.Name == "id"
}

// targetField finds the field that a target writes: a field's name, lines.quantity, amount.in, name.first, address.city, contact.phone.
func targetField(k *record.Kind, target string) *record.Field {
	if f := linkedField(k, target); f != nil {
		return f
	}
	head, rest, hop := strings.Cut(target, ".")
	f := k.Field(head)
	if f == nil || !writable(f) {
		return nil
	}
	if !hop {
		return f
	}
	switch {
	case f.Type == record.Ref && rest == "id":
		return f
	case f.Type == record.Lines:
		for i := range f.Of {
			if f.Of[i].Name == rest {
				return &f.Of[i]
			}
		}
	case f.Type == record.MoneyType && (rest == "in" || rest == "out"):
		if d := k.Field("direction"); d != nil && slices.Contains(d.Choices, "in") {
			return f
		}
	case f.Type == record.MoneyType && rest == "currency":
		return f
	case f.IsNamed() && (rest == "first" || rest == "last"):
		return f
	case f.Name == "address" && f.Type == record.Text && slices.Contains(addressParts, rest):
		return f
	}
	return nil
}

// addressParts are the columns in which shops export what stands before the street and the number, from the widest.
var addressParts = []string{"province", "city", "district", "town"}

// choiceWords maps folded words to a field's choices.
func choiceWords(kind string, f *record.Field) map[string]string {
	out := map[string]string{}
	for _, key := range []string{kind + "." + f.Name, "any." + f.Name} {
		for choice, words := range lexicon().Choices[key] {
			if !slices.Contains(f.Choices, choice) {
				continue
			}
			for _, w := range words {
				if _, ok := out[fold.Name(w)]; !ok && fold.Name(w) != "" {
					out[fold.Name(w)] = choice
				}
			}
		}
	}
	for _, o := range f.Options {
		if _, ok := out[fold.Name(o.Label)]; !ok && fold.Name(o.Label) != "" {
			out[fold.Name(o.Label)] = o.Value
		}
	}
	for _, c := range f.Choices {
		out[fold.Name(c)] = c
	}
	return out
}

// label is what people call a field in a language; the field's own name where nothing is known.
func label(kind string, f *record.Field, lang string) string {
	if f.Dynamic && f.Label != "" {
		return f.Label
	}
	for _, k := range []string{kind, "any"} {
		if ws := lexicon().Fields[k][f.Name]; len(ws) > 1 {
			if lang == "en" {
				return ws[1]
			}
			return ws[0]
		}
	}
	return f.Name
}
