package paper_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"guike/demo"
	"guike/paper"
	"guike/paper/papertest"
	"guike/paper/workertest"
)

var ours = paper.Company{Name: demo.Company, Accounts: []string{demo.Accounts[0].Number, demo.Accounts[1].Number, demo.Accounts[2].Number}}

// Every fact of every look is read to the letter, every slip that contradicts itself is caught, and no other is.
func TestCorpus(t *testing.T) {
	pool := workertest.Pool(t, paper.OCR{})
	rounds := 12
	if testing.Short() {
		rounds = 2
	}
	facts, wrong, caught, papers := 0, 0, 0, 0
	for look := range demo.Layouts() {
		for seed := range rounds {
			rng := rand.New(rand.NewPCG(uint64(look), uint64(seed)))
			var slips []demo.Slip
			for range 1 + rng.IntN(4) {
				slips = append(slips, papertest.AnySlip(rng))
			}
			data, truths, err := demo.Slips(rng, look, 1+rng.IntN(3), slips)
			if err != nil {
				t.Fatal(err)
			}
			name := fmt.Sprintf("%s-%d", truths[0].Layout, seed)
			reading, err := pool.Read(t.Context(), name, data, "", ours)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if len(reading.Papers) != len(truths) {
				t.Errorf("%s: %d papers, want %d", name, len(reading.Papers), len(truths))
				continue
			}
			for i, p := range reading.Papers {
				papers++
				want := truths[i].Facts
				want["direction"] = "out"
				if slips[i].In {
					want["direction"] = "in"
				}
				got := p.Map()
				for _, k := range slices.Sorted(maps.Keys(want)) {
					facts++
					if got[k] != want[k] {
						wrong++
						t.Errorf("%s paper %d: %s %q, want %q", name, i+1, k, got[k], want[k])
					}
					delete(got, k)
				}
				for k, v := range got {
					wrong++
					t.Errorf("%s paper %d: %s %q is not on the paper", name, i+1, k, v)
				}
				failed := false
				for _, c := range p.Checks {
					failed = failed || c.Result == "fail"
				}
				if failed == truths[i].Consistent {
					t.Errorf("%s paper %d: consistent %v, checks %v", name, i+1, truths[i].Consistent, p.Checks)
				} else if failed {
					caught++
				}
			}
		}
	}
	t.Logf("%d papers, %d facts, %d wrong, %d contradictions caught", papers, facts, wrong, caught)
}

// Invoices are read from PDF by label and place, from OFD by the data it carries, by its page where it carries little.
func TestCorpusInvoices(t *testing.T) {
	pool := workertest.Pool(t, paper.OCR{})
	for seed := range 20 {
		rng := rand.New(rand.NewPCG(77, uint64(seed)))
		net := int64(1 + rng.IntN(100_000_000))
		rate := []int{1, 3, 6, 9, 13}[rng.IntN(5)]
		tax := (net*int64(rate) + 50) / 100
		v := demo.Invoice{No: papertest.Digits(rng, 20), IssuedOn: time.Date(2024, time.Month(1+rng.IntN(12)), 1+rng.IntN(28), 0, 0, 0, 0, time.UTC), Seller: demo.Company, SellerTax: "91460300MAA92DJN95",
			Buyer: papertest.Names[rng.IntN(len(papertest.Names))], BuyerTax: "91110108690017781B", Item: "软件服务费", Net: net, Tax: tax, Total: net + tax, Rate: rate, Drawer: "王五"}
		v.WithoutTotal = seed%3 == 1
		if seed%4 == 3 {
			v.Total += 100 // somebody's sum is wrong
		}
		for _, draw := range []func(demo.Invoice) ([]byte, demo.Truth, error){demo.InvoicePDF, demo.InvoiceOFD} {
			data, truth, err := draw(v)
			if err != nil {
				t.Fatal(err)
			}
			name := fmt.Sprintf("%s %d", truth.Layout, seed)
			reading, err := pool.Read(t.Context(), name, data, "", ours)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if len(reading.Papers) != 1 || reading.Papers[0].Kind != "invoice" {
				t.Errorf("%s: %d papers", name, len(reading.Papers))
				continue
			}
			got := reading.Papers[0].Map()
			for k, want := range truth.Facts {
				if got[k] != want {
					t.Errorf("%s: %s %q, want %q", name, k, got[k], want)
				}
			}
			failed := false
			for _, c := range reading.Papers[0].Checks {
				failed = failed || c.Result == "fail"
			}
			if failed == truth.Consistent {
				t.Errorf("%s: consistent %v, checks %v", name, truth.Consistent, reading.Papers[0].Checks)
			}
		}
	}
}
