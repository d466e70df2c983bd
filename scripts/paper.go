//go:build ignore

// Writes a slip whose digits contradict its capitals to the file named: what the browser walks correct.
package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"time"

	"guike/demo"
)

func main() {
	rng := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1))
	own := demo.Accounts[2]
	slip := demo.Slip{SlipNo: fmt.Sprint(470174681453000000 + rng.Int64N(999999999)), Serial: fmt.Sprint(610033076000000 + rng.Int64N(999999999)),
		PaidOn: time.Now().Add(-48 * time.Hour), Payer: demo.Side{Name: "上海恒泰贸易有限公司", Account: "6222021001112223334", Bank: "交通银行上海张江支行"},
		Payee: demo.Side{Name: demo.Company, Account: own.Number, Bank: own.Bank}, Fen: 5156_60, Upper: demo.Upper(5156_60), Purpose: "年费", In: true}
	data, _, err := demo.Slips(rng, 0, 1, []demo.Slip{slip.Contradict(rng)})
	if err == nil {
		err = os.WriteFile(os.Args[1], data, 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
