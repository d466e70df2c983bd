package ingest

import (
	"strings"
	"testing"

	"guike/record"
)

func TestRefusal(t *testing.T) {
	for want, err := range map[string]error{
		"文件是空的":      record.Errorf(record.Invalid, "error.empty_file"),
		"文件超过 64 MB": record.Errorf(record.TooLarge, "error.file_too_large"),
	} {
		if got := refusal(err); !strings.HasPrefix(got, want+" / ") {
			t.Errorf("%q, want %s in both languages", got, want)
		}
	}
}
