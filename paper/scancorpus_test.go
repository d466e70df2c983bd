package paper_test

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"guike/demo"
	"guike/paper"
	"guike/paper/papertest"
	"guike/paper/workertest"
)

// Slips of every look are read from noisy scans; an amount that is read wrong never goes unnoticed.
func TestScannedCorpus(t *testing.T) {
	pool := workertest.Pool(t, paper.OCR{})
	rounds := 1
	facts, right, amounts, flagged, papers := 0, 0, 0, 0, 0
	for look := range demo.Layouts() {
		for seed := range rounds {
			rng := rand.New(rand.NewPCG(uint64(look), uint64(1000+seed)))
			slips := []demo.Slip{papertest.AnySlip(rng), papertest.AnySlip(rng)}
			data, truths, err := demo.Slips(rng, look, 2, slips)
			if err != nil {
				t.Fatal(err)
			}
			page, err := pool.Render(t.Context(), data, "", 1, 2480)
			if err != nil {
				t.Fatal(err)
			}
			name := fmt.Sprintf("%s-%d", truths[0].Layout, seed)
			r, err := pool.Read(t.Context(), name+".jpg", papertest.Scanned(t, rng, page), "", ours)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if len(r.Papers) == 0 {
				t.Logf("%s: no papers", name)
			}
			for i, want := range truths {
				if want.Page > 1 {
					continue
				}
				papers++
				got, failed := map[string]string{}, true
				if i < len(r.Papers) {
					got, failed = r.Papers[i].Map(), slices.ContainsFunc(r.Papers[i].Checks, func(c paper.Check) bool { return c.Result == "fail" })
				}
				if failed {
					flagged++
				}
				for _, k := range slices.Sorted(maps.Keys(want.Facts)) {
					if k == "amount_upper" {
						continue
					}
					facts++
					same := got[k] == want.Facts[k]
					if same {
						right++
					} else {
						t.Logf("%s paper %d: %s %q, want %q", name, i+1, k, got[k], want.Facts[k])
					}
					if k == "amount" {
						amounts++
						if !same && !failed {
							t.Errorf("%s paper %d: amount %q, want %q, and nobody is told", name, i+1, got[k], want.Facts[k])
						}
					}
				}
			}
		}
	}
	t.Logf("%d papers, %d of %d facts right, %d amounts, %d papers wait for a look", papers, right, facts, amounts, flagged)
	if right*100 < facts*93 {
		t.Errorf("%d of %d facts are right", right, facts)
	}
}

// A page that lay in the scanner on its side or on its head is read as one that lay right, and its facts stand where they are on the page as it lies.
func TestTurnedScan(t *testing.T) {
	pool := workertest.Pool(t, paper.OCR{})
	rng := rand.New(rand.NewPCG(2, 1000))
	slip := papertest.AnySlip(rng)
	data, truths, err := demo.Slips(rng, 0, 1, []demo.Slip{slip})
	if err != nil {
		t.Fatal(err)
	}
	page, err := pool.Render(t.Context(), data, "", 1, 2480)
	if err != nil {
		t.Fatal(err)
	}
	img, err := jpeg.Decode(bytes.NewReader(papertest.Scanned(t, rng, page)))
	if err != nil {
		t.Fatal(err)
	}
	for n, turn := range []func(x, y, w, h int) (int, int){1: func(x, y, _, h int) (int, int) { return h - 1 - y, x }, 2: func(x, y, w, h int) (int, int) { return w - 1 - x, h - 1 - y }, 3: func(x, y, w, _ int) (int, int) { return y, w - 1 - x }} {
		if turn == nil {
			continue
		}
		w, h := img.Bounds().Dx(), img.Bounds().Dy()
		out := image.NewGray(image.Rect(0, 0, w, h))
		if n != 2 {
			out = image.NewGray(image.Rect(0, 0, h, w))
		}
		for y := range h {
			for x := range w {
				ox, oy := turn(x, y, w, h)
				out.Set(ox, oy, img.At(x, y))
			}
		}
		var b bytes.Buffer
		if err := jpeg.Encode(&b, out, &jpeg.Options{Quality: 85}); err != nil {
			t.Fatal(err)
		}
		r, err := pool.Read(t.Context(), "turned.jpg", b.Bytes(), "", ours)
		if err != nil || len(r.Papers) != 1 {
			t.Fatalf("%d quarters: %v, %d papers", n, err, len(r.Papers))
		}
		right := 0
		for k, want := range truths[0].Facts {
			if r.Papers[0].Fact(k) == want {
				right++
			}
		}
		if right*10 < len(truths[0].Facts)*8 {
			t.Errorf("%d quarters: %d of %d facts", n, right, len(truths[0].Facts))
		}
		// The title's line is at the page's top, wherever that lies.
		f := r.Papers[0].Facts[0].Box
		if far := map[int]bool{1: f[0] > 0.5, 2: f[1] > 0.5, 3: f[0] < 0.5}[n]; !far {
			t.Errorf("%d quarters: the first fact is at %v", n, f)
		}
	}
}
