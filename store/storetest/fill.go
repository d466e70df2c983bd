package storetest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"guike"
	"guike/record"
	"guike/store"
)

// Filled is what Fill made.
type Filled struct {
	Categories map[string][]string // of the dimensions d_a … d_h
	Clerk      record.Scope        // reads three of ten departments
	Chief      record.Scope        // reads four of them
}

// Fill makes n receipts whose dimensions keep 10 to 30 % each, in ten departments, three years, one text in three with a common word: what the
// benchmarks look for.
func Fill(ctx context.Context, db *store.DB, n int) (Filled, error) {
	w := Filled{Categories: map[string][]string{}}
	system := record.SystemScope("fill")
	numbers := map[string][]int64{}
	var deps []record.ID
	if err := db.Tx(ctx, system, func(tx *store.Tx) error {
		for _, d := range []string{"d_a", "d_b", "d_c", "d_d", "d_e", "d_f", "d_g", "d_h"} {
			dim := &guike.Dimension{Of: "receipt", Name: d, Label: d, By: guike.ByRules}
			if err := tx.Create(ctx, dim); err != nil {
				return err
			}
			f := record.Field{Name: d, Type: record.Category, Dimension: dim.ID}
			if err := tx.AddField(ctx, "receipt", f); err != nil {
				return err
			}
			for i := range 5 {
				c := &guike.Category{Dimension: dim.ID, Name: fmt.Sprint(d, i)}
				if err := tx.Create(ctx, c); err != nil {
					return err
				}
				numbers[d] = append(numbers[d], c.N)
				w.Categories[d] = append(w.Categories[d], string(c.ID))
			}
		}
		for i := range 10 {
			dep := &guike.Department{Name: fmt.Sprint("部", i)}
			if err := tx.Create(ctx, dep); err != nil {
				return err
			}
			deps = append(deps, dep.ID)
		}
		return nil
	}); err != nil {
		return w, err
	}
	rng := rand.New(rand.NewPCG(1, 2))
	w.Clerk = record.Scope{Name: "clerk", User: "usr_none", Departments: deps[:3], Other: record.Grant{Read: record.Department}}
	w.Chief = record.Scope{Name: "chief", User: "usr_none", Departments: deps[:4], Other: record.Grant{Read: record.Department}}
	cat, err := db.Catalogue(ctx, false)
	if err != nil {
		return w, err
	}
	k := cat.Kind("receipt") // with the dimensions
	for made := 0; made < n; {
		var recs []record.Record
		for range min(1000, n-made) {
			r := &guike.Receipt{Type: "slip", PaidOn: record.Date(time.Date(2024, 1, 1+rng.IntN(1000), 0, 0, 0, 0, time.UTC).Format(time.DateOnly)),
				Amount: record.Money{Minor: int64(rng.IntN(1e8)), Currency: "CNY"}, PayerName: fmt.Sprintf("客户%d恒泰", rng.IntN(50000)), SlipNo: strconv.Itoa(made + len(recs) + 1e9), Bank: "行",
				Purpose: []string{"企业版年费", "货款", "服务费"}[rng.IntN(3)], Memo: fmt.Sprintf("订单%d", rng.IntN(1e6))}
			if rng.IntN(30000) == 0 {
				r.Purpose = "稀有词语"
			}
			r.Department = deps[rng.IntN(10)]
			for _, d := range []string{"d_a", "d_b", "d_c", "d_d", "d_e", "d_f", "d_g", "d_h"} {
				k.Set(r, d, record.NumberValue(numbers[d][min(rng.IntN(7), 4)]))
			}
			recs = append(recs, r)
		}
		if err := db.Tx(ctx, system, func(tx *store.Tx) error { return tx.Create(ctx, recs...) }); err != nil {
			return w, err
		}
		made += len(recs)
	}
	return w, db.Analyze(ctx, "receipt")
}
