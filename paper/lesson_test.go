package paper

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"guike/paper/papertest"
)

// drawn are an unseen form's cells, and what they say.
func drawn(u papertest.Unseen, rng *rand.Rand) ([]cell, map[string]string) {
	cells, want := u.Cells(rng, us.Name, us.Accounts[0])
	own := make([]cell, len(cells))
	for i, c := range cells {
		own[i] = cell{c.X, c.Y, c.Text}
	}
	return own, want
}

func readSet(cells []cell, lore Lore) Paper {
	return understand("application/pdf", []*page{set(cells...)}, stated{}, us, lore).Papers[0]
}

// One correction teaches a form of which the general reader knows no word; the next twenty papers are read right, and other forms are read as before.
func TestOneCorrectionTeaches(t *testing.T) {
	var lore Lore
	for i, u := range papertest.Unseens {
		t.Run(u.Name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(1, uint64(i)))
			cells, want := drawn(u, rng)
			first := readSet(cells, Lore{})
			asked := map[string]string{}
			for k, v := range want {
				if first.Fact(k) != v && k != "direction" {
					asked[k] = v
				}
			}
			if len(asked) < 5 {
				t.Fatalf("the general reader gets all but %v right: no test", asked)
			}
			first = readSet(cells, Lore{Ask: []Question{{Page: 1, Box: first.Box, Facts: asked}}})
			if !first.Form.Known() {
				t.Fatalf("form %+v", first.Form)
			}
			taught := Taught{Form: first.Form}
			for _, a := range first.Answers {
				a.ID, a.Trust = "lsn_"+a.Fact, 2.0/3
				taught.Lessons = append(taught.Lessons, a)
			}
			lore.Taught = append(lore.Taught, taught)
			before, right, all := 0, 0, 0
			for range 20 {
				cells, want := drawn(u, rng)
				untaught, got := readSet(cells, Lore{}), readSet(cells, lore)
				for k, v := range want {
					all++
					if untaught.Fact(k) == v {
						before++
					}
					if got.Fact(k) == v {
						right++
					} else {
						t.Errorf("%s = %q, want %q (by %+v)", k, got.Fact(k), v, taught.Lessons)
					}
				}
				for _, f := range got.Facts {
					if _, ok := want[f.Name]; !ok && f.Name != "currency" {
						t.Errorf("%s = %q is not printed", f.Name, f.Value)
					}
				}
			}
			t.Logf("%d of %d facts right before, %d after one correction", before, all, right)
		})
	}
	// What was learnt of them changes no other form.
	for name, l := range layouts {
		a, b := readSet(l.cells, Lore{}), readSet(l.cells, lore)
		if fmt.Sprint(a.Facts) != fmt.Sprint(b.Facts) {
			t.Errorf("%s: %v, untaught %v", name, b.Facts, a.Facts)
		}
	}
}

// Two papers of one unseen form on a page are two where the form has a title that comes again, and what was learnt reads both.
func TestUnseenTwoOnAPage(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	u := papertest.Unseens[1]
	one, want := drawn(u, rng)
	asked := map[string]string{}
	for k, v := range want {
		if k != "direction" {
			asked[k] = v
		}
	}
	first := readSet(one, Lore{})
	first = readSet(one, Lore{Ask: []Question{{Page: 1, Box: first.Box, Facts: asked}}})
	lore := Lore{Taught: []Taught{{first.Form, first.Answers}}}
	top, wantTop := drawn(u, rng)
	low, wantLow := drawn(u, rng)
	for _, c := range low {
		c.y += 400
		top = append(top, c)
	}
	ps := understand("application/pdf", []*page{set(top...)}, stated{}, us, lore).Papers
	if len(ps) != 2 {
		t.Fatalf("%d papers", len(ps))
	}
	for i, want := range []map[string]string{wantTop, wantLow} {
		for k, v := range want {
			if ps[i].Fact(k) != v {
				t.Errorf("paper %d: %s = %q, want %q", i+1, k, ps[i].Fact(k), v)
			}
		}
	}
}
