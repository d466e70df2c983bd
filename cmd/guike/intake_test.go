package main

import (
	"testing"

	"guike"
	"guike/blob"
	"guike/ingest"
	"guike/record"
	"guike/store"
	"guike/store/storetest"
)

// A file that a hook brings becomes its customer's, unless somebody said whose it is; one beyond the reach of who takes it in is not told of.
func TestIntakeKeep(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		blobs, err := blob.Open(t.Context(), t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		in := intake{desk: &ingest.Desk{DB: db, Blobs: blobs}}
		boss := record.SystemScope("test")
		one, two := &guike.Customer{Name: "一"}, &guike.Customer{Name: "二"}
		if err := db.Tx(t.Context(), boss, func(tx *store.Tx) error { return tx.Create(t.Context(), one, two) }); err != nil {
			t.Fatal(err)
		}
		keep := func(sc record.Scope, customer record.ID) record.ID {
			id, err := in.Keep(t.Context(), sc, "x.txt", customer, []byte("text"))
			if err != nil {
				t.Fatal(err)
			}
			return id
		}
		id := keep(boss, one.ID)
		if again := keep(boss, two.ID); again != id {
			t.Errorf("the same bytes made %s beside %s", again, id)
		}
		r, err := db.Get(t.Context(), boss, "document", id)
		if d := r.(*guike.Document); err != nil || d.Customer != one.ID || d.Source != "hook" || d.Arrivals != 2 {
			t.Errorf("%+v, %v", d, err)
		}
		far := record.Scope{Name: "far", User: "usr_far", Other: record.Grant{Read: record.Own, Create: record.Own, Update: record.Own}}
		if told := keep(far, two.ID); told != "" {
			t.Errorf("%s is told beyond its reach", told)
		}
	})
}
