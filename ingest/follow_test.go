package ingest_test

import (
	"testing"

	"guike"
	"guike/ingest"
	"guike/record"
	"guike/store"
	"guike/store/storetest"
)

// A document's day, customer and paper go by its first receipt also when that is edited later; what a person wrote on the document stays.
func TestDocumentGoesByItsReceipt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := openDesk(t, db)
		c.run.Follow("documents", ingest.Follow)
		id, _ := c.keep("回单.pdf", c.slip(1, 100_00))
		c.must(c.run.CatchUp(t.Context()))
		doc, st := c.doc(id)
		rc := st.Papers[0].Receipt
		if doc.DatedOn != "2026-08-31" || doc.Customer != "" || doc.Paper != "slip" {
			t.Fatalf("as read: %s %s %s", doc.DatedOn, doc.Customer, doc.Paper)
		}
		var one, two guike.Customer
		one.Name, two.Name = "甲公司", "乙公司"
		edit := func(kind string, id record.ID, values map[string]string) {
			t.Helper()
			p := store.Patch{Values: map[string]record.Value{}}
			for k, v := range values {
				p.Values[k] = record.TextValue(v)
			}
			c.must(db.Tx(t.Context(), c.sc, func(tx *store.Tx) error {
				_, err := tx.Update(t.Context(), kind, id, p)
				return err
			}))
		}
		c.must(db.Tx(t.Context(), c.sc, func(tx *store.Tx) error { return tx.Create(t.Context(), &one, &two) }))

		// Two edits between two looks are as one.
		edit("receipt", rc, map[string]string{"paid_on": "2026-09-01", "customer": string(two.ID)})
		edit("receipt", rc, map[string]string{"paid_on": "2026-09-02", "customer": string(one.ID), "type": "voucher"})
		c.must(c.run.CatchUp(t.Context()))
		doc, _ = c.doc(id)
		if doc.DatedOn != "2026-09-02" || doc.Customer != one.ID || doc.Paper != "voucher" {
			t.Errorf("edited: %s %s %s", doc.DatedOn, doc.Customer, doc.Paper)
		}
		version := doc.Version
		c.must(c.run.CatchUp(t.Context()))
		if doc, _ = c.doc(id); doc.Version != version {
			t.Error("written where nothing changed")
		}
		// A person's own day stays; the customer still goes along, also away.
		edit("document", id, map[string]string{"dated_on": "2026-01-01"})
		edit("receipt", rc, map[string]string{"paid_on": "2026-09-03", "customer": ""})
		c.must(c.run.CatchUp(t.Context()))
		if doc, _ = c.doc(id); doc.DatedOn != "2026-01-01" || doc.Customer != "" {
			t.Errorf("with a day of its own: %s %s", doc.DatedOn, doc.Customer)
		}
		edit("document", id, map[string]string{"customer": string(two.ID)})
		edit("receipt", rc, map[string]string{"customer": string(one.ID)})
		c.must(c.run.CatchUp(t.Context()))
		if doc, _ = c.doc(id); doc.Customer != two.ID {
			t.Errorf("with a customer of its own: %s", doc.Customer)
		}
		// A receipt that is not the document's first says nothing of it.
		other := &guike.Receipt{Type: "slip", Document: id, Paper: 2, PaidOn: "2026-05-05", Amount: record.Money{Minor: 1, Currency: "CNY"}}
		c.must(db.Tx(t.Context(), c.sc, func(tx *store.Tx) error { return tx.Create(t.Context(), other) }))
		edit("document", id, map[string]string{"dated_on": "2026-05-05"})
		edit("receipt", other.ID, map[string]string{"paid_on": "2026-06-06"})
		c.must(c.run.CatchUp(t.Context()))
		if doc, _ = c.doc(id); doc.DatedOn != "2026-05-05" {
			t.Errorf("by another receipt: %s", doc.DatedOn)
		}
	})
}
