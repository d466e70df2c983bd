package exchange

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"guike"
	"guike/record"
	"guike/store"
)

// A Profile is how tables of one look are read: ready made, or named by a person with an import.
type Profile struct {
	Name    string          `json:"name"`
	Of      string          `json:"of" doc:"the kind that its rows are"`
	Ready   bool            `json:"ready" doc:"comes with the house"`
	Columns []ProfileColumn `json:"columns"`
	Key     string          `json:"key" doc:"the field by which a record is found again"`
	Imports int             `json:"imports" doc:"by which it was used, of the newest"`
	Used    string          `json:"used_at" doc:"last; empty: never"`
}

// A ProfileColumn says where a column goes.
type ProfileColumn struct {
	Name  string `json:"name"`
	Field string `json:"field"`
}

// profiled is how many imports are looked at for the profiles that people made, and maxProfile how long a name may be, in characters.
const (
	profiled   = 2000
	maxProfile = 60
)

// Kept lists the profiles that people made, the newest first, and then the ready ones, of the kinds that the caller may take in.
func (p *Port) Kept(ctx context.Context, sc record.Scope) ([]Profile, error) {
	out := []Profile{}
	at := map[[2]string]int{}
	err := p.named(ctx, sc, []record.Filter{ran()}, func(i *guike.Import) error {
		if sc.For(i.Of).Create == record.None || profileOf(i.Of, i.Profile) != nil {
			return nil
		}
		key := [2]string{i.Of, i.Profile}
		n, ok := at[key]
		if !ok {
			r, err := p.DB.Get(ctx, sc, "import", i.ID) // whole: a page's records lack the mapping
			if err != nil {
				return err
			}
			m, err := Decode(r.(*guike.Import))
			if err != nil {
				return err
			}
			n = len(out)
			at[key] = n
			x := Profile{Name: i.Profile, Of: i.Of, Key: m.Key, Used: i.CreatedAt.String(), Columns: []ProfileColumn{}}
			for _, c := range m.Columns {
				if c.Field != "" {
					x.Columns = append(x.Columns, ProfileColumn{c.Name, c.Field})
				}
			}
			out = append(out, x)
		}
		out[n].Imports++
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, r := range profiles() {
		if sc.For(r.Kind).Create == record.None {
			continue
		}
		x := Profile{Name: r.Name, Of: r.Kind, Ready: true, Key: r.Key, Columns: []ProfileColumn{}}
		for name, field := range r.Columns {
			if field != "" {
				x.Columns = append(x.Columns, ProfileColumn{name, field})
			}
		}
		slices.SortFunc(x.Columns, func(a, b ProfileColumn) int { return strings.Compare(a.Field+a.Name, b.Field+b.Name) })
		out = append(out, x)
	}
	return out, nil
}

// ran keeps the imports by whose mappings others are read.
func ran() record.Filter {
	return record.Where("state", "in", []string{guike.ImportDone, guike.ImportUndone, guike.ImportRunning})
}

// named walks the imports that have a profile, the newest first.
func (p *Port) named(ctx context.Context, sc record.Scope, fs []record.Filter, each func(*guike.Import) error) error {
	q := store.Query{Kind: "import", Limit: store.MaxPage, Filter: record.All(append(fs, record.Where("profile", "present", nil))...)}
	for n := 0; n < profiled; {
		page, err := p.DB.List(ctx, sc, q)
		if err != nil {
			return err
		}
		for _, r := range page.Records {
			if err := each(r.(*guike.Import)); err != nil {
				return err
			}
		}
		if n += len(page.Records); page.Next == "" {
			break
		}
		q.Cursor = page.Next
	}
	return nil
}

// Rename gives a profile that people made another name, or forgets it where the name is "": the imports stay, and what they were read by is proposed by its
// name no more.
func (p *Port) Rename(ctx context.Context, sc record.Scope, of, from, to string) error {
	to = strings.TrimSpace(to)
	switch {
	case sc.For(of).Create == record.None || from == "":
		return record.Errorf(record.NotFound, "error.not_found")
	case profileOf(of, from) != nil:
		return record.FieldError("name", "error.profile_ready")
	case to != "" && profileOf(of, to) != nil:
		return record.FieldError("to", "error.profile_taken")
	case utf8.RuneCountInString(to) > maxProfile:
		return record.FieldError("to", "error.too_long")
	}
	same := func(name string) []record.Filter {
		return []record.Filter{record.Where("of", "eq", of), record.Where("profile", "eq", name)}
	}
	var ids []record.ID
	if err := p.named(ctx, sc, same(from), func(i *guike.Import) error { ids = append(ids, i.ID); return nil }); err != nil {
		return err
	}
	if len(ids) == 0 {
		return record.Errorf(record.NotFound, "error.not_found")
	}
	if to != "" && to != from {
		taken := false
		if err := p.named(ctx, sc, same(to), func(*guike.Import) error { taken = true; return nil }); err != nil {
			return err
		}
		if taken {
			return record.FieldError("to", "error.profile_taken")
		}
	}
	return p.DB.Tx(ctx, house(sc), func(tx *store.Tx) error {
		_, err := tx.UpdateAll(ctx, "import", ids, func(r record.Record) (store.Patch, error) {
			i := r.(*guike.Import)
			m, err := Decode(i)
			if err != nil {
				return store.Patch{}, err
			}
			m.Profile = to
			b, err := json.Marshal(m)
			if err != nil {
				return store.Patch{}, err
			}
			return store.Patch{Values: map[string]record.Value{"profile": record.TextValue(to), "mapping": record.TextValue(string(b))}}, nil
		})
		return err
	})
}
