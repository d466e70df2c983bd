package message

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"time"
	"unicode/utf8"

	"guike"
	"guike/blob"
	"guike/queue"
	"guike/record"
	"guike/store"
)

// HookQueue is the queue of deliveries that were received and not yet taken in.
const HookQueue = "hook"

// Kept is how long it is remembered what was delivered.
const Kept = 30 * 24 * time.Hour

// maxWaiting bounds the deliveries of one hook that wait; its sender is told to come again.
const maxWaiting = 5000

// maxTries is how often what nobody is to blame for is tried by itself: over a minute.
const maxTries = 6

// States of a delivery. Of rows, the import says what became of them.
const (
	received = "received" // waits to be taken in
	taken    = "taken"
	refused  = "refused"
)

// Sent is one delivery as it came.
type Sent struct {
	Header http.Header
	Name   string // of the file
	Body   []byte
}

// An Answer is what the sender is told: the same each time that it sends the same.
type Answer struct {
	ID     record.ID
	Status int64  // of HTTP
	Reason string // why it was refused
}

// errUnsigned is all that who cannot sign is told: not whether the hook is there.
var errUnsigned = &record.Error{Code: record.Unauthenticated, Message: "error.hook_signature"}

// ErrPaused says that a hook takes nothing in for now; its sender keeps what it has.
var ErrPaused = &record.Error{Code: record.Busy, Message: "error.hook_paused"}

// Receive keeps a delivery that is signed as its hook wants, and has it taken in. It fails with Unauthenticated where it is not, or the hook is not there.
func (h *Hooks) Receive(ctx context.Context, id record.ID, in Sent) (Answer, error) {
	hook, err := h.live(ctx, id)
	if err != nil && !record.Is(err, record.NotFound) {
		return Answer{}, err
	}
	message, ok := verify(hook, in.Header, in.Body, h.DB.Now())
	if !ok {
		return Answer{}, errUnsigned
	}
	if hook.Paused {
		return Answer{}, ErrPaused
	}
	return h.receive(ctx, hook, message, in, false)
}

// Try sends a hook something in an administrator's name: rows are judged and none is written, a file is kept.
func (h *Hooks) Try(ctx context.Context, sc record.Scope, id record.ID, in Sent) (Answer, error) {
	if !sc.Admin {
		return Answer{}, record.Errorf(record.Denied, "error.denied")
	}
	hook, err := h.live(ctx, id)
	if err != nil {
		return Answer{}, err
	}
	return h.receive(ctx, hook, string(record.NewID("try")), in, true)
}

// Known reports whether a hook is there: worth asking before much is read of what is sent to it.
func (h *Hooks) Known(ctx context.Context, id record.ID) bool {
	_, err := h.live(ctx, id)
	return err == nil
}

// live answers a hook that was not removed.
func (h *Hooks) live(ctx context.Context, id record.ID) (*guike.Hook, error) {
	if !id.Valid() {
		return nil, record.Errorf(record.NotFound, "error.not_found")
	}
	r, err := h.DB.Get(ctx, record.SystemScope("hook"), "hook", id)
	if err != nil {
		return nil, err
	}
	hook := r.(*guike.Hook)
	if hook.DeletedAt != 0 || hook.Secret == "" {
		return nil, record.Errorf(record.NotFound, "error.not_found")
	}
	return hook, nil
}

func (h *Hooks) receive(ctx context.Context, hook *guike.Hook, message string, in Sent, trial bool) (Answer, error) {
	before := func(one func(context.Context, string, []any, ...any) error) (a Answer, err error) {
		err = one(ctx, "SELECT id, status, reason FROM deliveries WHERE hook = ? AND message = ?", []any{string(hook.ID), message}, (*string)(&a.ID), &a.Status, &a.Reason)
		return a, err
	}
	if a, err := before(h.DB.One); !record.Is(err, record.NotFound) {
		return a, err
	}
	a := Answer{ID: record.NewID("dlv"), Status: http.StatusAccepted}
	state, body, sum := received, "", ""
	size := int64(len(in.Body))
	refuse := func(status int64, reason string) { state, a.Status, a.Reason = refused, status, reason }
	switch {
	case size == 0:
		refuse(http.StatusUnprocessableEntity, "error.empty_file")
	case hook.Target == guike.HookDocuments && size > h.Intake.Limit(), hook.Target == guike.HookRecords && size > MaxJSON:
		refuse(http.StatusRequestEntityTooLarge, "error.file_too_large")
	case hook.Target == guike.HookDocuments:
		var err error
		if sum, _, err = h.Blobs.Put(ctx, bytes.NewReader(in.Body)); err != nil {
			return Answer{}, err
		}
	default:
		if _, _, err := table(in.Body); err != nil {
			refuse(http.StatusUnprocessableEntity, words(err))
		}
		if utf8.Valid(in.Body) && bytes.IndexByte(in.Body, 0) < 0 {
			body = string(in.Body)
		}
	}
	again := false
	err := h.DB.Tx(ctx, record.SystemScope("hook"), func(tx *store.Tx) error {
		again = false
		if _, err := tx.Exec(ctx, "DELETE FROM deliveries WHERE at < ?", int64(tx.At())-Kept.Microseconds()); err != nil {
			return err
		}
		var waiting int64
		if err := tx.One(ctx, "SELECT count(*) FROM deliveries WHERE hook = ? AND state = ?", []any{string(hook.ID), received}, &waiting); err != nil {
			return err
		}
		if waiting >= maxWaiting {
			return record.Errorf(record.Busy, "error.hook_full")
		}
		n, err := tx.Exec(ctx, `INSERT INTO deliveries (id, hook, message, at, state, status, reason, trial, name, size, sha256, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (hook, message) DO NOTHING`, string(a.ID), string(hook.ID), message, int64(tx.At()), state, a.Status, a.Reason, number(trial), clean(in.Name), size, sum, body)
		if err != nil {
			return err
		}
		if again = n == 0; again || state == refused {
			return nil
		}
		return add(ctx, tx, a.ID)
	})
	if err == nil && again {
		return before(h.DB.One) // the same came at the same moment
	}
	return a, err
}

func number(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

type deliver struct {
	Delivery record.ID `json:"delivery"`
}

func add(ctx context.Context, tx *store.Tx, id record.ID) error {
	_, err := queue.Add(ctx, tx, queue.New{Queue: HookQueue, Title: "job.hook", Args: deliver{id}, Once: "delivery " + string(id)})
	return err
}

// Handler takes deliveries in. What a person has to mend is said of the delivery; anything else is tried again.
func (h *Hooks) Handler() queue.Handler {
	return func(ctx context.Context, t *queue.Task) error {
		var j deliver
		if err := json.Unmarshal(t.Args, &j); err != nil {
			return err
		}
		d := &row{id: j.Delivery}
		err := h.DB.One(ctx, "SELECT hook, state, trial, name, sha256, body, import FROM deliveries WHERE id = ?", []any{string(d.id)},
			(*string)(&d.hook), &d.state, &d.trial, &d.name, &d.sha256, &d.body, (*string)(&d.imp))
		if record.Is(err, record.NotFound) || err == nil && d.state != received {
			return nil // swept, or done before its job's end was written
		}
		if err != nil {
			return err
		}
		err = h.take(ctx, d)
		var e *record.Error
		if err != nil && ctx.Err() == nil && errors.As(err, &e) && e.Code != record.Busy && e.Code != record.Internal {
			reason, detail := e.Message, ""
			for _, f := range slices.Sorted(maps.Keys(e.Fields)) {
				reason, detail = e.Fields[f], f
				break
			}
			return h.end(ctx, d.id, refused, reason, detail)
		}
		if err != nil && ctx.Err() == nil && t.Attempt >= maxTries {
			slog.Error("delivery", "id", d.id, "err", err)
			return h.end(ctx, d.id, refused, "error.internal", "") // it stands where somebody sees it and can try again
		}
		return err
	}
}

type row struct {
	id, hook     record.ID
	state        string
	trial        int64
	name, sha256 string
	body         string
	imp          record.ID
}

// end says what became of a delivery.
func (h *Hooks) end(ctx context.Context, id record.ID, state, reason, detail string) error {
	return h.DB.Tx(ctx, record.SystemScope("hook"), func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE deliveries SET state = ?, reason = ?, detail = ?, tries = tries + 1 WHERE id = ?", state, reason, detail, string(id))
		return err
	})
}

func (h *Hooks) take(ctx context.Context, d *row) error {
	hook, err := h.live(ctx, d.hook)
	if record.Is(err, record.NotFound) {
		return record.Errorf(record.NotFound, "error.hook_gone")
	}
	if err != nil {
		return err
	}
	sc, err := h.Scope(ctx, hook.User, record.Cause{Kind: "hook", ID: string(d.id), Root: string(d.id)})
	if record.Is(err, record.NotFound) || record.Is(err, record.Unauthenticated) {
		return record.Errorf(record.Denied, "error.hook_user")
	}
	if err != nil {
		return err
	}
	if hook.Target == guike.HookDocuments {
		body, err := blob.ReadAll(ctx, h.Blobs, d.sha256, h.Intake.Limit())
		if err != nil {
			return err
		}
		name := d.name
		if name == "" {
			name = hook.Name // its sender did not say
		}
		doc, err := h.Intake.Keep(ctx, sc, name, hook.Customer, body)
		if err != nil {
			return err
		}
		return h.note(ctx, d.id, "document", doc, taken)
	}
	ready := true
	if d.imp == "" {
		csv, _, err := table([]byte(d.body))
		if err != nil {
			return err
		}
		if d.imp, ready, err = h.Intake.Open(ctx, sc, hook.Of, hook.Name+".csv", hook.Profile, csv); err != nil {
			return err
		}
		state := received
		if !ready {
			state = taken // a person says on the import's page where its columns go
		}
		// Written down before it runs: killed in between, the same import goes on, and no row is taken in twice.
		if err := h.note(ctx, d.id, "import", d.imp, state); err != nil || !ready {
			return err
		}
	}
	do := h.Intake.Run
	if d.trial != 0 {
		do = h.Intake.Check
	}
	if err := do(ctx, sc, d.imp); err != nil && !record.Is(err, record.Conflict) { // it runs already
		return err
	}
	return h.end(ctx, d.id, taken, "", "")
}

// note writes down what a delivery became.
func (h *Hooks) note(ctx context.Context, id record.ID, what string, made record.ID, state string) error {
	sql := "UPDATE deliveries SET import = ?, state = ?, reason = '', detail = '' WHERE id = ?"
	if what == "document" {
		sql = "UPDATE deliveries SET document = ?, state = ?, reason = '', detail = '', tries = tries + 1 WHERE id = ?"
	}
	return h.DB.Tx(ctx, record.SystemScope("hook"), func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, sql, string(made), state, string(id))
		return err
	})
}

// Sweep forgets what was delivered long ago.
func (h *Hooks) Sweep(ctx context.Context) error {
	return h.DB.Tx(ctx, record.SystemScope("hook"), func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, "DELETE FROM deliveries WHERE at < ?", int64(tx.At())-Kept.Microseconds())
		return err
	})
}
