package match_test

import (
	"context"
	"testing"

	"guike"
	"guike/match"
	"guike/record"
	"guike/store"
	"guike/store/storetest"
)

func TestCustomer(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, sys := context.Background(), record.SystemScope("test")
		hengtai := &guike.Customer{Name: "上海恒泰贸易有限公司", TaxID: "91310104MA1FR0001X"}
		wang1, wang2 := &guike.Customer{Name: "王敏"}, &guike.Customer{Name: "王敏"}
		if err := db.Tx(ctx, sys, func(tx *store.Tx) error {
			return tx.Create(ctx, hengtai, wang1, wang2, &guike.Customer{Name: "上海恒泰物流有限公司"})
		}); err != nil {
			t.Fatal(err)
		}
		ask := func(p match.Party) match.Link {
			t.Helper()
			var l match.Link
			if err := db.Tx(ctx, sys, func(tx *store.Tx) error {
				var err error
				l, err = match.Customer(ctx, tx, p)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return l
		}
		for _, c := range []struct {
			p  match.Party
			by string
		}{
			{match.Party{Name: "别的名字", TaxID: hengtai.TaxID}, "tax_id"},
			{match.Party{Name: "上海恒泰贸易有限公司"}, "name"},
			{match.Party{Name: "上海恒泰貿易有限公司"}, "fold"},
			{match.Party{Name: "上海 恒泰贸易（有限公司）"}, "fold"},
		} {
			if l := ask(c.p); l.Customer != hengtai.ID || l.By != c.by {
				t.Errorf("%+v: %+v, want by %s", c.p, l, c.by)
			}
		}
		if l := ask(match.Party{Name: "王敏"}); l.Customer != "" || len(l.Proposals) != 2 {
			t.Errorf("namesakes: %+v, want two proposals and no link", l)
		}
		if l := ask(match.Party{Name: "上海恒泰科技"}); l.Customer != "" || len(l.Proposals) == 0 {
			t.Errorf("a similar name: %+v, want proposals and no link", l)
		}
		p := match.Party{Name: "恒泰", Account: "6222021001112223334", Bank: "交通银行"}
		if l := ask(p); l.Customer != "" {
			t.Errorf("before it is learnt: %+v", l)
		}
		if err := db.Tx(ctx, sys, func(tx *store.Tx) error { return match.Learn(ctx, tx, hengtai.ID, p) }); err != nil {
			t.Fatal(err)
		}
		if l := ask(p); l.Customer != hengtai.ID || l.By != "account" {
			t.Errorf("after it is learnt: %+v", l)
		}
		// Who is in the trash is nobody.
		if err := db.Tx(ctx, sys, func(tx *store.Tx) error { _, err := tx.Delete(ctx, "customer", hengtai.ID); return err }); err != nil {
			t.Fatal(err)
		}
		if l := ask(match.Party{TaxID: hengtai.TaxID}); l.Customer != "" {
			t.Errorf("from the trash: %+v", l)
		}
	})
}

// An address is his whose contact has it, before whoever else has it; one of two customers is nobody's.
func TestAddress(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		sc := record.SystemScope("test")
		a, b, c := &guike.Customer{Name: "甲", Email: "a@x.example"}, &guike.Customer{Name: "乙", Email: "both@x.example"}, &guike.Customer{Name: "丙", Email: "both@x.example"}
		var p *guike.Contact
		if err := db.Tx(t.Context(), sc, func(tx *store.Tx) error {
			if err := tx.Create(t.Context(), a, b, c); err != nil {
				return err
			}
			p = &guike.Contact{Name: "小丙", Customer: c.ID, Email: "P@X.example"}
			return tx.Create(t.Context(), p)
		}); err != nil {
			t.Fatal(err)
		}
		for address, want := range map[string][2]record.ID{"A@x.example": {a.ID}, "both@x.example": {}, "p@x.example": {c.ID, p.ID}, "": {}, "no@x.example": {}} {
			if err := db.Tx(t.Context(), sc, func(tx *store.Tx) error {
				cus, con, err := match.Address(t.Context(), tx, address)
				if err == nil && (cus != want[0] || con != want[1]) {
					t.Errorf("%s: %s %s, want %s", address, cus, con, want)
				}
				return err
			}); err != nil {
				t.Error(err)
			}
		}
	})
}
