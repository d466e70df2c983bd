package guike_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// rooms says who may import whom, besides fold and font, which everyone may. A verb never imports a verb.
var rooms = map[string][]string{
	"guike":                  {"record"},
	"guike/record":           {},
	"guike/fold":             {},
	"guike/font":             {},
	"guike/paper":            {},
	"guike/paper/papertest":  {"demo"},
	"guike/paper/workertest": {"paper"},
	"guike/store":            {"record"},
	"guike/store/storetest":  {"guike", "record", "store"},
	"guike/blob":             {"record"},
	"guike/queue":            {"record", "store"},
	"guike/access":           {"guike", "record", "store", "queue"},
	"guike/ingest":           {"guike", "record", "store", "queue", "blob", "paper"},
	"guike/demo":             {"guike", "record", "store", "classify"}, // an invented day's work uses the verbs
	"guike/web":              {},
	"guike/api":              nil, // anything below it
	"guike/cmd/guike":        nil,
}

// verb is what rooms not named above may import.
var verb = []string{"guike", "record", "store", "queue", "blob"}

type pkg struct {
	ImportPath string
	Imports    []string
	GoFiles    []string
	Dir        string
}

func packages(t *testing.T) []pkg {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports,GoFiles,Dir", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	var ps []pkg
	for d := json.NewDecoder(strings.NewReader(string(out))); d.More(); {
		var p pkg
		if err := d.Decode(&p); err != nil {
			t.Fatal(err)
		}
		ps = append(ps, p)
	}
	return ps
}

func TestWhoImportsWhom(t *testing.T) {
	only := map[string][]string{
		"database/sql": {"guike/store"}, "github.com/jackc/pgx/v5": {"guike/store"}, "modernc.org/sqlite": {"guike/store"},
		"flag": {}, "github.com/alecthomas/kong": {"guike/cmd/guike"},
	}
	for _, p := range packages(t) {
		may, named := rooms[p.ImportPath]
		if !named {
			may = verb
		}
		for _, i := range p.Imports {
			if at, ok := only[i]; ok && !slices.Contains(at, p.ImportPath) {
				t.Errorf("%s imports %s", p.ImportPath, i)
			}
			short, ours := strings.CutPrefix(i, "guike/")
			if i != "guike" && !ours || named && may == nil || short == "fold" || short == "font" {
				continue
			}
			if !slices.Contains(may, short) {
				t.Errorf("%s imports %s; it may import %v", p.ImportPath, i, may)
			}
			if p.ImportPath != "guike/cmd/guike" && i == "guike/api" {
				t.Errorf("%s imports api", p.ImportPath)
			}
		}
	}
}

func TestHabits(t *testing.T) {
	star := regexp.MustCompile(`(?i)select\s+\*\s+from`)
	for _, p := range packages(t) {
		for _, name := range p.GoFiles {
			b, err := os.ReadFile(filepath.Join(p.Dir, name))
			if err != nil {
				t.Fatal(err)
			}
			if n := strings.Count(string(b), "\n"); n > 600 {
				t.Errorf("%s/%s has %d lines: probably two ideas", p.ImportPath, name, n)
			}
			if star.Match(b) {
				t.Errorf("%s/%s selects *: columns are named, so that a new one breaks nobody", p.ImportPath, name)
			}
			if p.ImportPath != "guike/cmd/guike" && strings.Contains(string(b), "os.Getenv(") && !strings.HasSuffix(p.ImportPath, "test") {
				t.Errorf("%s/%s reads the environment; cmd does that", p.ImportPath, name)
			}
		}
	}
}
