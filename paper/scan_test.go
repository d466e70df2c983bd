package paper_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guike/paper"
	"guike/paper/workertest"
)

type sampleSide struct{ Name, Account, Bank string }

type sampleSlip struct {
	SlipNo    string `json:"slip_no"`
	Serial    string
	Date      string
	Payer     sampleSide
	Payee     sampleSide
	Direction string
	AmountFen int64 `json:"amount_fen"`
	Purpose   string
	Memo      string
}

// Scans are read; what is read wrong of an amount is flagged.
func TestSampleScans(t *testing.T) {
	dir := os.Getenv("GUIKE_SAMPLES")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "samples")
	}
	files, err := filepath.Glob(filepath.Join(dir, "scans", "*.jpg"))
	if err != nil || len(files) == 0 {
		t.Skip("no samples: set GUIKE_SAMPLES to their folder")
	}
	pool := workertest.Pool(t, paper.OCR{})
	facts, right := 0, 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var truth []sampleSlip
		b, err := os.ReadFile(strings.TrimSuffix(file, ".jpg") + ".json")
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(b, &truth); err != nil {
			t.Fatal(err)
		}
		r, err := pool.Read(t.Context(), file, data, "", ours)
		if err != nil {
			t.Fatal(err)
		}
		if os.Getenv("SHOW") != "" {
			fmt.Println(r.Pages[0].Text)
		}
		if len(r.Papers) != len(truth) {
			t.Errorf("%s: %d papers, want %d", file, len(r.Papers), len(truth))
			continue
		}
		for i, w := range truth {
			p := r.Papers[i]
			amount := fmt.Sprintf("%d.%02d", w.AmountFen/100, w.AmountFen%100)
			for _, x := range [][2]string{{"slip_no", w.SlipNo}, {"serial", w.Serial}, {"paid_on", w.Date}, {"payer_name", w.Payer.Name}, {"payer_account", w.Payer.Account}, {"payer_bank", w.Payer.Bank},
				{"payee_name", w.Payee.Name}, {"payee_account", w.Payee.Account}, {"payee_bank", w.Payee.Bank}, {"amount", amount}, {"purpose", w.Purpose}} {
				if x[1] == "" {
					continue
				}
				facts++
				if got := p.Fact(x[0]); got == x[1] || x[0] == "purpose" && strings.HasPrefix(got, x[1]) {
					right++
				} else {
					t.Logf("%s: %s %q, want %q", filepath.Base(file), x[0], got, x[1])
				}
			}
			flagged := false
			for _, c := range p.Checks {
				flagged = flagged || c.Result == "fail"
				t.Logf("%s: %s %s %s", filepath.Base(file), c.Check, c.Result, c.Reason)
			}
			if p.Fact("amount") != amount && !flagged {
				t.Errorf("%s: amount %s, want %s, and nobody is told", file, p.Fact("amount"), amount)
			}
		}
	}
	t.Logf("%d of %d facts", right, facts)
	if right*100 < facts*95 {
		t.Errorf("%d of %d facts are right: fewer than 95 %%", right, facts)
	}
}
