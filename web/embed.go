// Package web holds the browser's half of Guike: its source (src), what a build made of it (dist, committed, so that a machine
// needs only Go) and the few lines that hand dist to api. Nothing here serves HTTP. Read src/app/router.tsx first: it is the map.
package web

import (
	"embed"
	"io/fs"
	"strings"
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
