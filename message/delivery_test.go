package message

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"testing"

	"guike"
	"guike/blob"
	"guike/queue"
	"guike/record"
	"guike/store"
	"guike/store/storetest"
)

// broken is an intake of a house where something is wrong that no sender is to blame for.
type broken struct {
	Intake
	err error
}

func (broken) Limit() int64 { return 100 }
func (b broken) Keep(context.Context, record.Scope, string, record.ID, []byte) (record.ID, error) {
	return "doc_1", b.err
}

// What fails within the house is tried again by itself, then stands refused, and is taken in by a retry; nothing is done twice that was done.
func TestDeliveryFails(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		blobs, err := blob.Open(t.Context(), t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		boss := record.SystemScope("test")
		boss.Admin = true
		who := &guike.User{Name: "陈", Login: "chen", Role: "owner"}
		if err := db.Tx(t.Context(), boss, func(tx *store.Tx) error { return tx.Create(t.Context(), who) }); err != nil {
			t.Fatal(err)
		}
		h := &Hooks{DB: db, Blobs: blobs, Intake: broken{err: errors.New("disk")}, Scope: func(context.Context, record.ID, record.Cause) (record.Scope, error) { return boss, nil }}
		hook, _, err := h.Add(t.Context(), boss, HookSetting{Name: "x", Target: guike.HookDocuments, User: who.ID})
		if err != nil {
			t.Fatal(err)
		}
		a, err := h.Try(t.Context(), boss, hook.ID, Sent{Header: http.Header{}, Body: []byte("text")})
		if err != nil {
			t.Fatal(err)
		}
		args, err := json.Marshal(deliver{a.ID})
		if err != nil {
			t.Fatal(err)
		}
		do := func(attempt int64) error {
			return h.Handler()(t.Context(), &queue.Task{Job: queue.Job{Args: args, Attempt: attempt}})
		}
		for i := int64(1); i < maxTries; i++ {
			if err := do(i); err == nil {
				t.Fatal("a failure is taken for done")
			}
		}
		if err := do(maxTries); err != nil {
			t.Fatal(err)
		}
		d, err := h.Delivery(t.Context(), boss, hook.ID, a.ID)
		if err != nil || d.Outcome != OutRefused || d.Reason != "error.internal" || !d.Again {
			t.Fatalf("%+v, %v", d, err)
		}
		h.Intake = broken{}
		if err := h.Retry(t.Context(), boss, hook.ID, a.ID); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := do(1); err != nil {
				t.Fatal(err)
			}
		}
		if d, err = h.Delivery(t.Context(), boss, hook.ID, a.ID); err != nil || d.Outcome != OutApplied || d.Document != "doc_1" || d.Tries != 2 {
			t.Fatalf("%+v, %v", d, err)
		}
		if err := h.Retry(t.Context(), boss, hook.ID, a.ID); !record.Is(err, record.Conflict) {
			t.Errorf("%v", err)
		}
		// One too large is refused at the door, each time alike.
		for range 2 {
			big, err := h.receive(t.Context(), hook, "big", Sent{Body: make([]byte, 101)}, false)
			if err != nil || big.Status != http.StatusRequestEntityTooLarge {
				t.Errorf("%+v, %v", big, err)
			}
		}
	})
}
