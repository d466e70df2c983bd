//go:build unix

package paper_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"guike/demo"
	"guike/paper"
	"guike/paper/papertest"
	"guike/paper/workertest"
)

// A tally counts what a set of papers should say and what of it was read to the letter.
type tally struct{ pages, facts, right, amounts, exact int }

func (y *tally) paper(got, want map[string]string) {
	for k, v := range want {
		y.facts++
		same := got[k] == v
		if same {
			y.right++
		}
		if k == "amount" || k == "total" {
			y.amounts++
			if same {
				y.exact++
			}
		}
	}
}

// cpu is what children that ended have used, and their children.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkCorpus reads our own generators' papers and the samples, where they are, and says how many facts and amounts are exact, and the CPU time of a page.
// It measures; the corpus tests hold the line.
func BenchmarkCorpus(b *testing.B) {
	read := func(b *testing.B, p *paper.Pool, y *tally, c paper.Company, name string, data []byte, want []map[string]string) {
		r, err := p.Read(b.Context(), name, data, "", c)
		if err != nil {
			b.Fatalf("%s: %v", name, err)
		}
		y.pages += len(r.Pages)
		for i, w := range want {
			got := map[string]string{}
			if i < len(r.Papers) {
				got = r.Papers[i].Map()
			}
			y.paper(got, w)
		}
	}
	slips := func(b *testing.B, rounds int, use func(rng *rand.Rand, data []byte, want []map[string]string)) {
		for look := range demo.Layouts() {
			for seed := range rounds {
				rng := rand.New(rand.NewPCG(uint64(look), uint64(5000+seed)))
				data, truths, err := demo.Slips(rng, look, 2, []demo.Slip{papertest.AnySlip(rng), papertest.AnySlip(rng)})
				if err != nil {
					b.Fatal(err)
				}
				var want []map[string]string
				for _, t := range truths {
					want = append(want, t.Facts)
				}
				use(rng, data, want)
			}
		}
	}
	for _, set := range []struct {
		name string
		run  func(b *testing.B, p *paper.Pool, y *tally)
	}{
		{"own slips", func(b *testing.B, p *paper.Pool, y *tally) {
			slips(b, 4, func(_ *rand.Rand, data []byte, want []map[string]string) { read(b, p, y, ours, "slip.pdf", data, want) })
		}},
		{"own invoices", func(b *testing.B, p *paper.Pool, y *tally) {
			for seed := range 20 {
				rng := rand.New(rand.NewPCG(78, uint64(seed)))
				net := int64(1 + rng.IntN(100_000_000))
				v := demo.Invoice{No: papertest.Digits(rng, 20), IssuedOn: time.Date(2025, 3, 1+seed, 0, 0, 0, 0, time.UTC), Seller: demo.Company, SellerTax: "91460300MAA92DJN95", Buyer: papertest.Names[rng.IntN(len(papertest.Names))],
					BuyerTax: "91110108690017781B", Item: "软件服务费", Net: net, Tax: net * 6 / 100, Total: net + net*6/100, Rate: 6, Drawer: "王五"}
				for _, draw := range []func(demo.Invoice) ([]byte, demo.Truth, error){demo.InvoicePDF, demo.InvoiceOFD} {
					data, truth, err := draw(v)
					if err != nil {
						b.Fatal(err)
					}
					read(b, p, y, ours, "invoice", data, []map[string]string{truth.Facts})
				}
			}
		}},
		{"own scans", func(b *testing.B, p *paper.Pool, y *tally) {
			drawn := workertest.Pool(b, paper.OCR{}) // ends after the measure: what is drawn for the scanner is no reading
			slips(b, 1, func(rng *rand.Rand, data []byte, want []map[string]string) {
				page, err := drawn.Render(b.Context(), data, "", 1, 2480)
				if err != nil {
					b.Fatal(err)
				}
				for _, w := range want {
					delete(w, "amount_upper") // no scan's is read to the letter
				}
				read(b, p, y, ours, "scan.jpg", papertest.Scanned(b, rng, page), want)
			})
		}},
		{"unseen forms", func(b *testing.B, p *paper.Pool, y *tally) { unseen(b, p, y, false) }},
		{"unseen forms after a correction", func(b *testing.B, p *paper.Pool, y *tally) { unseen(b, p, y, true) }},
		{"sample slips", func(b *testing.B, p *paper.Pool, y *tally) {
			samplePapers(b, "slips", ".pdf", func(c paper.Company, name string, data []byte, want []map[string]string) {
				read(b, p, y, c, name, data, want)
			})
		}},
		{"sample scans", func(b *testing.B, p *paper.Pool, y *tally) {
			samplePapers(b, "scans", ".jpg", func(c paper.Company, name string, data []byte, want []map[string]string) {
				read(b, p, y, c, name, data, want)
			})
		}},
	} {
		b.Run(set.name, func(b *testing.B) {
			var y tally
			var used time.Duration
			for b.Loop() {
				p := workertest.Pool(b, paper.OCR{})
				before := cpu(b)
				set.run(b, p, &y)
				if err := p.Close(); err != nil {
					b.Fatal(err)
				}
				used += cpu(b) - before
			}
			b.ReportMetric(100*float64(y.right)/float64(max(y.facts, 1)), "facts%")
			b.ReportMetric(100*float64(y.exact)/float64(max(y.amounts, 1)), "amounts%")
			b.ReportMetric(float64(used.Milliseconds())/float64(max(y.pages, 1)), "cpu-ms/page")
		})
	}
}

// unseen reads twenty papers of each form that the general reader does not know, before or after what one correction of another teaches.
func unseen(b *testing.B, p *paper.Pool, y *tally, taught bool) {
	for i, u := range papertest.Unseens {
		rng := rand.New(rand.NewPCG(5, uint64(i)))
		var lore paper.Lore
		if data, want := u.PDF(b, rng, ours.Name, ours.Accounts[0]); taught {
			lore = workertest.Teach(b, p, ours, data, want)
		}
		for range 20 {
			data, want := u.PDF(b, rng, ours.Name, ours.Accounts[0])
			r, err := p.ReadBy(b.Context(), u.Name, data, "", ours, lore)
			if err != nil {
				b.Fatal(err)
			}
			y.pages++
			y.paper(r.Papers[0].Map(), want)
		}
	}
}

// samplePapers gives the samples of a folder with what they say; absent, it skips.
func samplePapers(b *testing.B, sub, ext string, use func(c paper.Company, name string, data []byte, want []map[string]string)) {
	dir := os.Getenv("GUIKE_SAMPLES")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "samples")
	}
	files, err := filepath.Glob(filepath.Join(dir, sub, "*"+ext))
	if err != nil || len(files) == 0 {
		b.Skip("no samples: set GUIKE_SAMPLES")
	}
	load := func(name string, into any) {
		data, err := os.ReadFile(name)
		if err = errors.Join(err, json.NewDecoder(bytes.NewReader(data)).Decode(into)); err != nil {
			b.Fatal(err)
		}
	}
	var c paper.Company
	load(filepath.Join(dir, sub, "company.json"), &c)
	for _, f := range files {
		var truths []struct {
			Slip         string `json:"slip_no"`
			Serial, Date string
			Payer, Payee struct{ Name, Account, Bank string }
			Amount       int64 `json:"amount_fen"`
		}
		load(strings.TrimSuffix(f, ext)+".json", &truths)
		data, err := os.ReadFile(f)
		if err != nil {
			b.Fatal(err)
		}
		var want []map[string]string
		for _, t := range truths {
			want = append(want, map[string]string{"slip_no": t.Slip, "serial": t.Serial, "paid_on": t.Date, "payer_name": t.Payer.Name, "payer_account": t.Payer.Account, "payer_bank": t.Payer.Bank,
				"payee_name": t.Payee.Name, "payee_account": t.Payee.Account, "payee_bank": t.Payee.Bank, "amount": fmt.Sprintf("%d.%02d", t.Amount/100, t.Amount%100)})
		}
		use(c, filepath.Base(f), data, want)
	}
}
