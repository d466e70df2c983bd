package store

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"guike/record"
)

// What a workspace adds to the shape of its records while people work: kinds (tables), fields (columns), their indexes, and what forms ask of a field.
// Columns are nullable or have a default, so that servers that do not know them yet write on; nothing is dropped and no type changes, ever.

var dynamicName = regexp.MustCompile(`^[xd]_[a-z][a-z0-9_]{0,40}$`)

// maxDynamic bounds a kind's dynamic columns (databases: 2,000 and 1,600, dropped ones counted); maxCustom the kinds a workspace may add.
const (
	maxDynamic = 500
	maxCustom  = 100
)

// shaping are the kinds whose records say what others look like: a write of one makes a new version of the catalogue.
var shaping = []string{"category", "custom_kind", "custom_field", "setting"}

func (tx *Tx) catalogueChanged(ctx context.Context) error {
	if tx.st.changed {
		return nil
	}
	tx.st.changed, tx.st.wrote = true, true
	_, err := tx.q.exec(ctx, "UPDATE meta SET number = number + 1 WHERE name = 'catalogue'", nil)
	return err
}

// reshaped makes the transaction write under the new shape.
func (tx *Tx) reshaped(ctx context.Context) error {
	if err := tx.catalogueChanged(ctx); err != nil {
		return err
	}
	cat, err := tx.loadCatalogue(ctx)
	if err != nil {
		return err
	}
	cat.Version = tx.st.cat.Version
	tx.st.cat = cat
	return nil
}

// alter runs statements that change tables. On PostgreSQL these queue behind long reads and everything queues behind them: so they give up soon, and the
// transaction is tried again.
func (tx *Tx) alter(ctx context.Context, stmts ...string) error {
	d := tx.db.eng.dialect()
	if d.numbered {
		if _, err := tx.q.exec(ctx, "SET LOCAL lock_timeout = '400ms'", nil); err != nil {
			return err
		}
	}
	for _, s := range stmts {
		if _, err := tx.q.exec(ctx, d.expand(s), nil); err != nil {
			return err
		}
	}
	return nil
}

// AddKind makes the table of a custom kind. Its record (custom_kind) is the caller's, written in the same transaction, afterwards.
func (tx *Tx) AddKind(ctx context.Context, k *record.Kind) error {
	if !dynamicName.MatchString(k.Name) || !strings.HasPrefix(k.Name, "x_") || !dynamicName.MatchString(k.Plural) {
		return record.FieldError("name", "error.kind_name")
	}
	custom := 0
	for _, have := range tx.st.cat.kinds {
		if have.Name == k.Name || have.Plural == k.Plural || have.Prefix == k.Prefix {
			return &record.Error{Code: record.Conflict, Message: "error.not_unique", Fields: map[string]string{"name": "error.not_unique"}}
		}
		if have.Custom {
			custom++
		}
	}
	if custom >= maxCustom {
		return record.Errorf(record.Invalid, "error.too_many_kinds")
	}
	return tx.alter(ctx, ddl(k)...)
}

// ddl is the table of a kind with its indexes and full text: the same text that migrations hold for the kinds of the house.
func ddl(k *record.Kind) []string {
	var cols, after []string
	for i := range k.Fields {
		f := &k.Fields[i]
		cols = append(cols, columnTypes(f)...)
		switch {
		case i == record.PosDepartment:
			after = append(after, fmt.Sprintf("CREATE INDEX %[1]s_department ON %[1]s (\"department\", \"n\")", k.Plural))
		case f.IsUnique():
			after = append(after, fmt.Sprintf("CREATE UNIQUE INDEX %[1]s_%[2]s_once ON %[1]s (\"%[2]s\") WHERE \"%[2]s\" <> '' AND deleted_at IS NULL", k.Plural, f.Name))
		}
		if f.IsIndexed() {
			after = append(after, indexDDL(k.Plural, f))
		}
		if f.IsNamed() {
			after = append(after, fmt.Sprintf("CREATE INDEX %[1]s_%[2]s_fold ON %[1]s (\"%[2]s_fold\")", k.Plural, f.Name))
		}
	}
	out := append([]string{fmt.Sprintf("CREATE TABLE %s (\n\t%s\n)", k.Plural, strings.Join(cols, ",\n\t"))}, after...)
	return append(out, fmt.Sprintf("{search %s};", k.Plural))
}

func indexDDL(plural string, f *record.Field) string {
	on := quote(f.Name)
	switch {
	case f.IsNamed():
		on = quote(f.Name + "_key")
	case f.Type == record.MoneyType:
		on = quote(f.Name+"_cur") + ", " + on
	}
	return fmt.Sprintf("CREATE INDEX IF NOT EXISTS %[1]s_%[2]s ON %[1]s (%[3]s, \"n\")", plural, f.Name, on)
}

// columnTypes are a field's columns as a table's definition names them.
func columnTypes(f *record.Field) []string {
	typ := "bigint"
	switch {
	case f.Name == "id" && f.Pos == record.PosID:
		return []string{`"id" {text} NOT NULL UNIQUE`}
	case f.Name == "n" && f.Pos == record.PosN:
		return []string{`"n" {n}`}
	case f.Textual():
		typ = "{text} NOT NULL DEFAULT ''"
	case f.Type == record.Float:
		typ = "{float}"
	}
	if !f.Textual() && !f.Nullable() {
		typ += " NOT NULL DEFAULT 0"
	}
	out := []string{quote(f.Name) + " " + typ}
	if f.Type == record.MoneyType {
		out = append(out, quote(f.Name+"_cur")+" {text} NOT NULL DEFAULT ''")
	}
	if f.IsNamed() {
		out = append(out, quote(f.Name+"_key")+" {text} NOT NULL DEFAULT ''", quote(f.Name+"_fold")+" {text} NOT NULL DEFAULT ''")
	}
	return out
}

// AddField adds a dynamic field to a kind while people work: the column, and its line in the catalogue. The field's name must begin with x_ or d_. The
// index that orders by it need is made by IndexField, later: it reads the table.
func (tx *Tx) AddField(ctx context.Context, kind string, f record.Field) error {
	k := tx.st.cat.Kind(kind)
	if k == nil {
		return record.FieldError("of", "error.no_such_kind")
	}
	if !dynamicName.MatchString(f.Name) {
		return record.FieldError("name", "error.field_name")
	}
	for i := range k.Fields {
		if k.Fields[i].Name == f.Name {
			return &record.Error{Code: record.Conflict, Message: "error.not_unique", Fields: map[string]string{"name": "error.not_unique"}}
		}
	}
	pos := len(k.Fields) - k.Static
	if pos >= maxDynamic {
		return record.Errorf(record.Invalid, "error.too_many_fields")
	}
	f.Dynamic, f.Pos = true, len(k.Fields)
	var stmts []string
	for _, col := range columnTypes(&f) {
		stmts = append(stmts, fmt.Sprintf("ALTER TABLE %s ADD COLUMN %s", k.Plural, col))
	}
	if err := tx.alter(ctx, stmts...); err != nil {
		return err
	}
	if _, err := tx.q.exec(ctx, "INSERT INTO fields (kind, pos, name, type, multi, dimension, label, indexed) VALUES (?, ?, ?, ?, ?, ?, ?, 0)",
		[]any{kind, int64(pos), f.Name, string(f.Type), number01(f.Multi), string(f.Dimension), f.Label}); err != nil {
		return err
	}
	return tx.reshaped(ctx)
}

// IndexField makes the index by which lists are ordered by a dynamic field, and says so in the catalogue. On PostgreSQL it is built while others write; on
// SQLite it holds the writer for about half a second a million rows. A field that has it already is left alone.
func (db *DB) IndexField(ctx context.Context, kind, field string) error {
	cat, err := db.Catalogue(ctx, false)
	if err != nil {
		return err
	}
	k := cat.Kind(kind)
	if k == nil || k.Field(field) == nil || !k.Field(field).Dynamic || k.Field(field).IsIndexed() {
		return nil
	}
	f := k.Field(field)
	if err := db.eng.index(ctx, indexDDL(k.Plural, f), fmt.Sprintf("%s_%s", k.Plural, f.Name)); err != nil {
		return fmt.Errorf("index %s of %s: %w", field, k.Plural, err)
	}
	return db.Tx(ctx, record.SystemScope("index"), func(tx *Tx) error {
		if _, err := tx.q.exec(ctx, "UPDATE fields SET indexed = 1 WHERE kind = ? AND name = ?", []any{kind, field}); err != nil {
			return err
		}
		return tx.reshaped(ctx)
	})
}

// RelabelField calls a dynamic field otherwise; RetireField takes it away, or brings it back. Its column and values stay.
func (tx *Tx) RelabelField(ctx context.Context, kind, field, label string) error {
	if _, err := tx.q.exec(ctx, "UPDATE fields SET label = ? WHERE kind = ? AND name = ?", []any{label, kind, field}); err != nil {
		return err
	}
	return tx.reshaped(ctx)
}

// RetireField takes a dynamic field away, or brings it back with what it held.
func (tx *Tx) RetireField(ctx context.Context, kind, field string, retired bool) error {
	if _, err := tx.q.exec(ctx, "UPDATE fields SET retired = ? WHERE kind = ? AND name = ?", []any{number01(retired), kind, field}); err != nil {
		return err
	}
	return tx.reshaped(ctx)
}

// Set writes a setting of the workspace.
func (tx *Tx) Set(ctx context.Context, name, value string) error {
	k := tx.st.cat.Kind("setting")
	var id string
	err := tx.one(ctx, "SELECT id FROM settings WHERE name = ? AND deleted_at IS NULL", []any{name}, &id)
	if err == nil {
		_, err = tx.Update(ctx, "setting", record.ID(id), Patch{Values: map[string]record.Value{"value": record.TextValue(value)}})
		return err
	}
	if !record.Is(err, record.NotFound) {
		return err
	}
	r := k.New()
	k.Set(r, "name", record.TextValue(name))
	k.Set(r, "value", record.TextValue(value))
	return tx.Create(ctx, r)
}

// loadShape puts the custom kinds and fields, and what forms ask, into a catalogue that has its settings.
func (r reader) loadShape(ctx context.Context, c *Catalogue, dynamic map[string][]record.Field) error {
	all := slices.Clone(r.db.kinds)
	if err := r.each(ctx, "SELECT name, plural, prefix, label, icon FROM custom_kinds WHERE deleted_at IS NULL AND retired = 0 ORDER BY n", nil, func(rows Rows) error {
		var name, plural, prefix, label, icon string
		err := rows.Scan(&name, &plural, &prefix, &label, &icon)
		k := record.NewCustomKind(name, plural, prefix, label)
		k.Icon = icon
		all = append(all, k)
		return err
	}); err != nil {
		return err
	}
	wishes := map[string][]wish{}
	if err := r.each(ctx, `SELECT of, name, added, label, ref, options, formula, searched, section, position, help, required, required_when, "default", pattern, pattern_help, reviewer
		FROM custom_fields WHERE deleted_at IS NULL ORDER BY n`, nil, func(rows Rows) error {
		var w wish
		var of string
		if err := rows.Scan(&of, &w.name, &w.added, &w.form.Label, &w.ref, &w.options, &w.formula, &w.searched, &w.form.Section, &w.form.Position, &w.form.Help, &w.required, &w.when,
			&w.def, &w.form.Pattern, &w.form.PatternHelp, (*string)(&w.form.Reviewer)); err != nil {
			return err
		}
		wishes[of] = append(wishes[of], w)
		return nil
	}); err != nil {
		return err
	}
	for _, k := range all {
		fields := dynamic[k.Name]
		k = k.With(fields)
		formulas := false
		for i := range wishes[k.Name] {
			w := &wishes[k.Name][i]
			if j := slices.IndexFunc(k.Fields, func(f record.Field) bool { return f.Name == w.name }); j >= 0 {
				if err := w.grant(&k.Fields[j]); err != nil {
					return fmt.Errorf("custom field %s of %s: %w", w.name, k.Name, err)
				}
				formulas = formulas || w.formula != ""
			}
		}
		if formulas {
			// Once all types are known. A formula that no longer fits, because a field it reads was retired, computes nothing.
			for i := range wishes[k.Name] {
				w := &wishes[k.Name][i]
				f := k.Field(w.name)
				if f == nil || w.formula == "" {
					continue
				}
				if parsed, err := record.ParseFormula(w.formula, k, f.Type); err == nil {
					f.Formula = parsed
					f.System()
				}
			}
		}
		k.Settle()
		c.kinds = append(c.kinds, k)
		c.byName[k.Name] = k
	}
	c.nameKinds()
	return nil
}

// nameKinds tells the fields that name kinds which there are, and what people call those of their own.
func (c *Catalogue) nameKinds() {
	var options []record.Option
	var names []string
	for _, k := range c.kinds {
		if !k.Verbs {
			names = append(names, k.Name)
			if k.Custom {
				options = append(options, record.Option{Value: k.Name, Label: k.Label})
			}
		}
	}
	for _, k := range c.kinds {
		for i := range k.Fields {
			if f := &k.Fields[i]; f.Kinds {
				f.Choices, f.Options = names, options
			}
		}
	}
}

// A wish is a custom_field record as the catalogue reads it.
type wish struct {
	name, ref, options, formula, when, def string
	added, searched, required              int64
	form                                   record.Form
}

// grant puts a wish on its field.
func (w *wish) grant(f *record.Field) error {
	if w.added != 0 {
		f.Ref = w.ref
		if w.options != "" {
			if err := json.Unmarshal([]byte(w.options), &f.Options); err != nil {
				return err
			}
			for _, o := range f.Options {
				f.Choices = append(f.Choices, o.Value)
			}
		}
		if w.searched != 0 {
			f.Searched()
		}
	}
	w.form.Required = w.required != 0
	if w.when != "" {
		if err := json.Unmarshal([]byte(w.when), &w.form.When); err != nil {
			return err
		}
	}
	w.form.Default = record.Absent
	if w.def != "" {
		// A default that no longer fits its field (an option was taken away) is none.
		if v, err := f.Parse(json.RawMessage(w.def)); err == nil {
			w.form.Default = v
		}
	}
	f.Form = &w.form
	if w.form.Label != "" {
		f.Label = w.form.Label
	}
	return nil
}
