package record

import (
	"strings"
	"testing"
)

// What is wrong with a value is said by a key, which each language has a sentence for.
func TestWrongValues(t *testing.T) {
	for want, c := range map[string]struct {
		field Field
		value string
	}{
		"error.date":     {Field{Type: Date_}, "2026-02-30"},
		"error.email":    {Field{Type: Email}, "nobody"},
		"error.too_long": {Field{Type: Text}, strings.Repeat("长", maxText+1)},
	} {
		if _, err := c.field.Check(TextValue(c.value)); err == nil || err.Error() != want {
			t.Errorf("%.20s: %v, want %s", c.value, err, want)
		}
	}
}
