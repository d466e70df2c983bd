package paper

import (
	"path"
	"strings"
	"unicode/utf8"
)

// CleanName keeps of a file's name what is a name: no path, no control characters, valid text.
func CleanName(name string) string {
	name = strings.ToValidUTF8(strings.ReplaceAll(name, `\`, "/"), "�")
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 { // direction overrides disguise endings
			return -1
		}
		return r
	}, path.Base(name))
	for utf8.RuneCountInString(name) > 200 {
		_, n := utf8.DecodeRuneInString(name)
		name = name[n:]
	}
	if name == "" || name == "." || name == "/" || name == ".." {
		return "file"
	}
	return name
}

// Clip keeps of a text what a database takes and a person reads: valid, without NUL, no more than n characters.
func Clip(s string, n int) string {
	s = strings.Map(func(r rune) rune {
		if r == 0 {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "�"))
	rs := []rune(s)
	return string(rs[:min(len(rs), n)])
}
