package shape

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"guike"
	"guike/record"
	"guike/store"
)

// check refuses a wish that would not work, in words.
func check(ctx context.Context, tx *store.Tx, f, before *guike.CustomField) error {
	k := tx.Catalogue().Kind(f.Of)
	at := slices.IndexFunc(k.Fields, func(o record.Field) bool { return o.Name == f.Name })
	fd := k.Fields[at]
	if f.Added {
		switch t := record.Type(f.Type); {
		case t == record.Ref:
			if to := tx.Catalogue().Kind(f.Ref); to == nil {
				return record.FieldError("ref", "error.no_such_kind")
			}
		case f.Ref != "":
			return record.FieldError("ref", "error.not_a_reference")
		case t == record.Choice || t == record.Choices:
			if err := options(f, before); err != nil {
				return record.FieldError("options", err.Error())
			}
			var os []record.Option
			if err := json.Unmarshal([]byte(f.Options), &os); err != nil {
				return err
			}
			fd.Choices = nil
			for _, o := range os {
				fd.Choices = append(fd.Choices, o.Value)
			}
		case f.Options != "":
			return record.FieldError("options", "error.not_a_choice")
		}
		if f.Formula != "" {
			if _, err := record.ParseFormula(f.Formula, k, record.Type(f.Type)); err != nil {
				return record.FieldError("formula", err.Error())
			}
		}
	}
	if f.Pattern != "" {
		if !fd.Textual() {
			return record.FieldError("pattern", "error.not_text")
		}
		if _, err := regexp.Compile(`\A(?:` + f.Pattern + `)\z`); err != nil {
			return record.FieldError("pattern", "error.pattern_syntax")
		}
	}
	if f.Default != "" {
		v, err := fd.Parse(json.RawMessage(f.Default))
		if err != nil {
			return record.FieldError("default", err.Error())
		}
		if fd.Type == record.Category || fd.Type == record.Lines {
			return record.FieldError("default", "error.no_default")
		}
		if v.Null {
			f.Default = ""
		}
	}
	if f.RequiredWhen != "" {
		var when record.Filter
		if err := json.Unmarshal([]byte(f.RequiredWhen), &when); err != nil {
			return record.FieldError("required_when", "error.filter")
		}
		sys := record.SystemScope("shape")
		if _, err := tx.Catalogue().Env(&sys, tx.At().UTC()).Bind(k, when); err != nil {
			return record.FieldError("required_when", "error.filter")
		}
	}
	if f.Reviewer != "" {
		if have, err := tx.Titles(ctx, record.SystemScope("shape"), "user", []record.ID{f.Reviewer}); err != nil || len(have) == 0 {
			return record.FieldError("reviewer", "error.no_such_record")
		}
	}
	return nil
}

// options gives new options their values and keeps those that went as retired: records may hold them.
func options(f, before *guike.CustomField) error {
	var now, was []record.Option
	if f.Options != "" {
		if err := json.Unmarshal([]byte(f.Options), &now); err != nil {
			return fmt.Errorf("error.options")
		}
	}
	if before != nil && before.Options != "" {
		if err := json.Unmarshal([]byte(before.Options), &was); err != nil {
			return err
		}
	}
	used := map[string]bool{}
	for _, o := range was {
		used[o.Value] = true
	}
	seen, labels := map[string]bool{}, map[string]bool{}
	for i := range now {
		o := &now[i]
		o.Label = strings.TrimSpace(o.Label)
		if o.Label == "" {
			o.Label = o.Value
		}
		if o.Label == "" || len([]rune(o.Label)) > 100 || labels[o.Label] {
			return fmt.Errorf("error.options")
		}
		labels[o.Label] = true
		if o.Value == "" {
			for n := len(was) + i + 1; o.Value == "" || used[o.Value] || seen[o.Value]; n++ {
				o.Value = fmt.Sprintf("o%d", n)
			}
		}
		if strings.ContainsAny(o.Value, ";\n") || len(o.Value) > 60 || seen[o.Value] {
			return fmt.Errorf("error.options")
		}
		seen[o.Value] = true
	}
	for _, o := range was {
		if !seen[o.Value] {
			o.Retired = true
			now = append(now, o)
		}
	}
	if len(now) == 0 || len(now) > 500 {
		return fmt.Errorf("error.options")
	}
	b, err := json.Marshal(now)
	f.Options = string(b)
	return err
}
