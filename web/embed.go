// Package web holds the browser's half of Guike: its source (src), what a build made of it (dist, committed, so that a machine
// needs only Go) and the few lines that hand dist to api. Nothing here serves HTTP. Read src/app/router.tsx first: it is the map.
package web

import (
	"embed"
	"encoding/json"
	"io/fs"
	"strings"
	"sync"
)

//go:embed all:dist
var files embed.FS

// Dist returns the built files, index.html at its root. Names under assets/ carry a hash of their content and may be cached for ever.
func Dist() fs.FS {
	dist, err := fs.Sub(files, "dist")
	if err != nil {
		panic(err) // the folder is embedded, so this cannot be
	}
	return dist
}

// Build names the source that dist was built from (the first 12 digits of its SHA-256), or "" when dist has never been built.
func Build() string {
	text, err := fs.ReadFile(files, "dist/source.txt")
	if err != nil || len(text) < 12 {
		return ""
	}
	return strings.TrimSpace(string(text))[:12]
}

//go:embed src/locale/zh-CN.json src/locale/en.json
var locale embed.FS

// texts holds a language's texts by key.
var texts = map[string]func() map[string]string{"zh-CN": textsOf("zh-CN"), "en": textsOf("en")}

func textsOf(lang string) func() map[string]string {
	return sync.OnceValue(func() map[string]string {
		var m map[string]string
		b, err := fs.ReadFile(locale, "src/locale/"+lang+".json")
		if err == nil {
			err = json.Unmarshal(b, &m)
		}
		if err != nil {
			panic(err) // the file is embedded and read by tests
		}
		return m
	})
}

// Say puts a message's key, with "|" and what it is about where there is that, into zh-CN or en: the words the browser shows, also for a terminal. A key without
// a text, and what is no key, comes back as it is.
func Say(lang, key string) string {
	name, what, _ := strings.Cut(key, "|")
	say, ok := texts[lang]
	if !ok {
		return key
	}
	text, ok := say()[name]
	if !ok {
		return key
	}
	return strings.ReplaceAll(text, "{{what}}", what)
}

// Word answers a key's text in zh-CN or en with the values, in pairs of name and value, that it speaks of; "" where there is no such key.
func Word(lang, key string, values ...string) string {
	say, ok := texts[lang]
	if !ok {
		return ""
	}
	text := say()[key]
	for i := 0; i+1 < len(values); i += 2 {
		text = strings.ReplaceAll(text, "{{"+values[i]+"}}", values[i+1])
	}
	return text
}
