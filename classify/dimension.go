package classify

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"guike"
	"guike/queue"
	"guike/record"
	"guike/store"
)

// may fails unless the caller keeps rules and dimensions.
func may(sc record.Scope) error {
	if !sc.Rules && !sc.System {
		return record.Errorf(record.Denied, "error.denied")
	}
	return nil
}

var dimensionName = regexp.MustCompile(`^d_[a-z][a-z0-9_]{0,40}$`)

// AddDimension makes a dimension and its column. Name may be left empty: then it is made from the kind's count.
func AddDimension(ctx context.Context, db *store.DB, sc record.Scope, d guike.Dimension) (record.ID, error) {
	if err := may(sc); err != nil {
		return "", err
	}
	var id record.ID
	err := db.Tx(ctx, sc.House(), func(tx *store.Tx) error {
		c := d
		err := addDimension(ctx, tx, &c)
		id = c.ID
		return err
	})
	return id, err
}

func addDimension(ctx context.Context, tx *store.Tx, d *guike.Dimension) error {
	k := tx.Catalogue().Kind(d.Of)
	if k == nil || k.Verbs {
		return record.FieldError("kind", "error.no_such_kind")
	}
	if d.Name == "" {
		d.Name = fmt.Sprintf("d_%d", len(k.Fields)-k.Static+1)
		if d.Name = "d_n" + d.Name[2:]; k.Field(d.Name) != nil {
			d.Name += "x"
		}
	}
	if !dimensionName.MatchString(d.Name) {
		return record.FieldError("name", "error.field_name")
	}
	if d.By == "" {
		d.By = guike.ByRules
	}
	of := record.ID("")
	switch d.By {
	case guike.ByLookup:
		ref, name, _ := strings.Cut(d.Source, ".")
		f := k.Field(ref)
		if f == nil || f.Type != record.Ref {
			return record.FieldError("source", "error.no_such_field")
		}
		t := tx.Catalogue().Kind(f.Ref).Field(name)
		if t == nil || t.Type != record.Category || t.Multi != d.Multi {
			return record.FieldError("source", "error.no_such_field")
		}
		if at := k.Field(d.AsOf); d.AsOf != "" && (at == nil || at.Type != record.Date_ && at.Pos != record.PosCreatedAt) {
			return record.FieldError("as_of", "error.no_such_field")
		}
		of = t.Dimension // the same categories
	case guike.ByBands, guike.ByField, guike.ByPeriod:
		want := map[string]record.Type{guike.ByBands: record.MoneyType, guike.ByPeriod: record.Date_}[d.By]
		for name := range strings.SplitSeq(d.Source, ",") {
			f := k.Field(name)
			if f == nil || want != "" && f.Type != want || want == "" && !f.Textual() {
				return record.FieldError("source", "error.no_such_field")
			}
		}
	}
	if d.By == guike.ByBands {
		if _, err := parseBounds(d.Bounds, tx.Catalogue().Currency); err != nil {
			return record.FieldError("bounds", err.Error())
		}
	}
	if err := tx.Create(ctx, d); err != nil {
		return err
	}
	if of == "" {
		of = d.ID
	}
	f := record.Field{Name: d.Name, Type: record.Category, Multi: d.Multi, Dimension: of, Label: d.Label}
	if err := tx.AddField(ctx, d.Of, f); err != nil {
		return err
	}
	if !d.Multi {
		if err := queue.Index(ctx, tx, d.Of, d.Name); err != nil {
			return err
		}
	}
	if d.By == guike.ByRules {
		return nil
	}
	if err := bands(ctx, tx, d); err != nil {
		return err
	}
	return again(ctx, tx, d.Of)
}

// parseBounds reads the lower bounds of bands: decimals, ascending.
func parseBounds(text, currency string) ([]record.Money, error) {
	var list []string
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return nil, fmt.Errorf("error.bounds")
	}
	if len(list) == 0 || len(list) > 20 {
		return nil, fmt.Errorf("error.bounds")
	}
	var out []record.Money
	for i, s := range list {
		m, err := record.ParseMoney(s, currency)
		if err != nil || i > 0 && m.Minor <= out[i-1].Minor {
			return nil, fmt.Errorf("error.bounds")
		}
		out = append(out, m)
	}
	return out, nil
}

// bands makes a category for each band that has none: its code is its number from below. Bands that are no longer there are retired.
func bands(ctx context.Context, tx *store.Tx, d *guike.Dimension) error {
	if d.By != guike.ByBands {
		return nil
	}
	bounds, err := parseBounds(d.Bounds, tx.Catalogue().Currency)
	if err != nil {
		return record.FieldError("bounds", err.Error())
	}
	have := map[string]record.ID{}
	names := map[string]string{}
	if err := tx.Each(ctx, "SELECT code, id, name FROM categories WHERE dimension = ? AND deleted_at IS NULL", []any{string(d.ID)}, func(rows store.Rows) error {
		var code, id, name string
		err := rows.Scan(&code, &id, &name)
		have[code], names[code] = record.ID(id), name
		return err
	}); err != nil {
		return err
	}
	for i := 0; i <= len(bounds); i++ {
		code := fmt.Sprint(i)
		name := bandName(bounds, i)
		if id, ok := have[code]; ok {
			p := store.Patch{Values: map[string]record.Value{"retired": record.NumberValue(0)}}
			if automatic(names[code]) {
				p.Values["name"] = record.TextValue(name)
			}
			if _, err := tx.Update(ctx, "category", id, p); err != nil {
				return err
			}
			delete(have, code)
			continue
		}
		if err := tx.Create(ctx, &guike.Category{Dimension: d.ID, Name: name, Code: code, Position: -int64(i)}); err != nil {
			return err
		}
	}
	for _, id := range have {
		if _, err := tx.Update(ctx, "category", id, store.Patch{Values: map[string]record.Value{"retired": record.NumberValue(1)}}); err != nil {
			return err
		}
	}
	return nil
}

// automatic reports whether a band's name is one made from bounds, so that it may follow them.
func automatic(name string) bool { return automaticName.MatchString(name) }

var automaticName = regexp.MustCompile(`^(≥ |< )[-\d.]+万?$|^[-\d.]+万?–[-\d.]+万?$`)

// BandName is what a band of some bounds will be called, by its number from below.
func BandName(bounds []string, i int) string {
	ms, err := parseBounds(boundsText(bounds), "CNY")
	if err != nil || i < 0 || i > len(ms) {
		return ""
	}
	return bandName(ms, i)
}

// bandName is what a band is called until somebody calls it otherwise: < 1万, 1万–10万, ≥ 10万.
func bandName(bounds []record.Money, i int) string {
	short := func(m record.Money) string {
		s := strings.TrimSuffix(m.Decimal(), ".00")
		if n, ok := strings.CutSuffix(s, "0000"); ok && n != "" && n != "-" {
			return n + "万"
		}
		return s
	}
	switch {
	case i == 0:
		return "< " + short(bounds[0])
	case i == len(bounds):
		return "≥ " + short(bounds[i-1])
	}
	return short(bounds[i-1]) + "–" + short(bounds[i])
}

// EditDimension changes a dimension's label and, for bands, bounds; it answers the job that classifies anew, "" where none is needed.
func EditDimension(ctx context.Context, db *store.DB, sc record.Scope, id record.ID, label *string, bounds []string, confirm int64) (string, error) {
	if err := may(sc); err != nil {
		return "", err
	}
	if label != nil {
		if err := db.Tx(ctx, sc.House(), func(tx *store.Tx) error {
			rec, err := tx.Update(ctx, "dimension", id, store.Patch{Values: map[string]record.Value{"label": record.TextValue(*label)}})
			if err != nil {
				return err
			}
			return tx.RelabelField(ctx, rec.(*guike.Dimension).Of, rec.(*guike.Dimension).Name, *label)
		}); err != nil {
			return "", err
		}
	}
	if bounds == nil {
		return "", nil
	}
	_, job, err := change(ctx, db, sc, id, "", confirm, func(Setup) (Setup, error) { return Setup{Bounds: bounds}, nil })
	return job, err
}

// AddCategory adds a category to a dimension that people fill.
func AddCategory(ctx context.Context, db *store.DB, sc record.Scope, c guike.Category) (record.ID, error) {
	if err := may(sc); err != nil {
		return "", err
	}
	var id record.ID
	err := db.Tx(ctx, sc.House(), func(tx *store.Tx) error {
		n := c
		if err := parentFits(ctx, tx, "", n.Dimension, n.Parent); err != nil {
			return err
		}
		if n.Position == 0 {
			if err := tx.One(ctx, "SELECT coalesce(max(position), 0) + 1 FROM categories WHERE dimension = ?", []any{string(n.Dimension)}, &n.Position); err != nil {
				return err
			}
		}
		err := tx.Create(ctx, &n)
		id = n.ID
		return err
	})
	return id, err
}

// parentFits fails unless the parent is of the same dimension and not below the category itself.
func parentFits(ctx context.Context, tx *store.Tx, self, dim, parent record.ID) error {
	cat := tx.Catalogue()
	for p, hops := parent, 0; p != ""; hops++ {
		up := cat.Category(dim, string(p))
		if up == nil || p == self || hops > 16 {
			return record.FieldError("parent", "error.no_such_category")
		}
		p = up.Parent
	}
	return nil
}

// EditCategory renames, moves or retires a category.
func EditCategory(ctx context.Context, db *store.DB, sc record.Scope, id record.ID, values map[string]record.Value) error {
	if err := may(sc); err != nil {
		return err
	}
	return db.Tx(ctx, sc.House(), func(tx *store.Tx) error {
		if p, ok := values["parent"]; ok {
			c := tx.Catalogue().Category("", string(id))
			if c == nil {
				return &record.Error{Code: record.NotFound, Message: "error.not_found"}
			}
			if err := parentFits(ctx, tx, id, c.Dimension, record.ID(p.S)); err != nil {
				return err
			}
		}
		_, err := tx.Update(ctx, "category", id, store.Patch{Values: values})
		return err
	})
}

// DeleteCategory deletes a category that nothing uses: no category below it, no rule, no record. What uses it is named.
func DeleteCategory(ctx context.Context, db *store.DB, sc record.Scope, id record.ID) error {
	if err := may(sc); err != nil {
		return err
	}
	return db.Tx(ctx, sc.House(), func(tx *store.Tx) error {
		cat := tx.Catalogue()
		c := cat.Category("", string(id))
		if c == nil {
			return &record.Error{Code: record.NotFound, Message: "error.not_found"}
		}
		used := map[string]string{}
		if len(cat.Below(c.N)) > 0 {
			used["categories"] = fmt.Sprint(len(cat.Below(c.N)))
		}
		rules, err := all[*guike.Rule](ctx, tx, "rule")
		if err != nil {
			return err
		}
		for _, r := range rules {
			if r.Category == id || strings.Contains(r.Filter, `"`+string(id)+`"`) {
				used["rules"] = strings.TrimPrefix(used["rules"]+", "+fmt.Sprint(r.Number), ", ")
			}
		}
		for _, k := range cat.Kinds() {
			for i := range k.Fields {
				f := &k.Fields[i]
				if f.Type != record.Category || f.Dimension != c.Dimension {
					continue
				}
				page, err := tx.List(ctx, record.SystemScope("classify"), store.Query{Kind: k.Name, Filter: record.Where(f.Name, "eq", id), Limit: 1})
				if err != nil {
					return err
				}
				if len(page.Records) > 0 {
					used[k.Plural] = f.Name
				}
			}
		}
		if len(used) > 0 {
			return &record.Error{Code: record.Conflict, Message: "error.category_in_use", Fields: used}
		}
		_, err = tx.Delete(ctx, "category", id)
		return err
	})
}
