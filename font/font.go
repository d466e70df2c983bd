// Package font holds the characters that the server itself draws: on invented papers and over pages that are shared. They are never served to browsers, which
// have better ones. See README.md for where they come from.
package font

import (
	_ "embed"
	"sync"

	"golang.org/x/image/font/sfnt"
)

// Han has the characters of GB 2312 and some that names use; it has no Latin.
//
//go:embed DroidSansFallback-subset.ttf
var Han []byte

// Latin has what lies below U+0100.
//
//go:embed Roboto-subset.ttf
var Latin []byte

// Parsed is the two of them, open: Latin, then Han. They may be read at once by many.
var Parsed = sync.OnceValues(func() ([2]*sfnt.Font, error) {
	latin, err := sfnt.Parse(Latin)
	if err != nil {
		return [2]*sfnt.Font{}, err
	}
	han, err := sfnt.Parse(Han)
	return [2]*sfnt.Font{latin, han}, err
})
