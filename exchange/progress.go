package exchange

import (
	"context"
	"encoding/json"
	"strings"

	"guike/record"
)

// A Target is where a column may go.
type Target struct {
	Field    string            `json:"field"`
	Label    map[string]string `json:"label"` // by language
	Type     string            `json:"type"`
	Ref      string            `json:"ref"`
	Choices  []string          `json:"choices"`
	Required bool              `json:"required"`
	Key      bool              `json:"key"` // records can be found again by it
}

// Targets lists where the columns of a kind's table may go, for the screen that maps them.
func (p *Port) Targets(ctx context.Context, sc record.Scope, kind string) ([]Target, error) {
	cat, err := p.DB.Catalogue(ctx, false)
	if err != nil {
		return nil, err
	}
	k, err := p.kind(ctx, cat, kind)
	if err != nil {
		return nil, err
	}
	if k == nil || sc.For(kind).Read == record.None {
		return nil, record.Errorf(record.NotFound, "error.no_such_kind")
	}
	var out []Target
	add := func(name string, f *record.Field) {
		t := Target{Field: name, Type: string(f.Type), Ref: f.Ref, Choices: f.Choices, Required: f.IsRequired() && !strings.Contains(name, "."), Label: map[string]string{}}
		for i, lang := range []string{"zh-CN", "en"} {
			t.Label[lang] = label(k.Name, f, lang)
			if ws := lexicon().Fields[k.Name][name]; strings.Contains(name, ".") && len(ws) > i {
				t.Label[lang] = ws[i]
			}
		}
		t.Key = !strings.Contains(name, ".") && f.Textual() && (f.IsUnique() || f.IsNamed() || f.Type == record.Text || f.Type == record.Phone || f.Type == record.Email)
		out = append(out, t)
	}
	for i := range k.Fields {
		f := &k.Fields[i]
		if !sc.Sees(kind, f) || !writable(f) && !(f.IsUnique() && f.Name == "business_key") {
			continue
		}
		if !f.IsSystem() || f.Name == "id" || f.Name == "status" {
			add(f.Name, f)
		}
		switch {
		case f.Type == record.Lines:
			for j := range f.Of {
				add(f.Name+"."+f.Of[j].Name, &f.Of[j])
			}
		case f.Type == record.MoneyType && targetField(k, f.Name+".in") != nil:
			add(f.Name+".in", f)
			add(f.Name+".out", f)
		case f.Name == "address":
			for _, part := range addressParts {
				if targetField(k, f.Name+"."+part) != nil && lexicon().Fields[k.Name][f.Name+"."+part] != nil {
					add(f.Name+"."+part, f)
				}
			}
		case f.IsNamed():
			if kind == "contact" {
				add(f.Name+".first", f)
				add(f.Name+".last", f)
			}
		}
	}
	if sc.For(linkedKind).Create > record.None {
		for _, name := range linkedFields {
			if f := linkedField(k, linkedPrefix+name); f != nil {
				add(linkedPrefix+name, f)
			}
		}
	}
	return out, nil
}

// Progress says where a running import or undo stands.
func (p *Port) Progress(ctx context.Context, sc record.Scope, id record.ID) (Counts, error) {
	var c Counts
	if _, err := p.DB.Get(ctx, sc, "import", id); err != nil {
		return c, err
	}
	var counts string
	err := p.DB.One(ctx, "SELECT counts FROM import_runs WHERE import = ?", []any{string(id)}, &counts)
	if record.Is(err, record.NotFound) {
		return c, nil
	}
	if err != nil {
		return c, err
	}
	return c, json.Unmarshal([]byte(counts), &c)
}
