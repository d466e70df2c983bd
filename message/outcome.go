package message

import (
	"context"
	"strconv"
	"strings"

	"guike"
	"guike/record"
	"guike/store"
)

// What became of a delivery, as people are told.
const (
	OutWaiting = "waiting" // to be taken in, or its import runs
	OutApplied = "applied"
	OutPartly  = "partly" // some of its rows were refused
	OutRefused = "refused"
	OutMapping = "mapping" // somebody has to say where its columns go
	OutUndone  = "undone"
	OutTried   = "tried" // judged, nothing was written
)

// A Delivery is one, with what became of it.
type Delivery struct {
	ID, Hook              record.ID
	At                    record.Time
	Outcome               string
	Reason, Detail        string // message key, and the field that it is about
	Trial                 bool
	Tries                 int64
	Name                  string
	Size                  int64
	Import, Document      record.ID
	Rows, Rejected        int64
	Created, Updated      int64
	Message, Body, SHA256 string
	Again                 bool // it may be tried again
}

const deliveryColumns = `d.id, d.hook, d.at, d.state, d.reason, d.detail, d.trial, d.tries, d.name, d.size, d.import, d.document, d.message, d.sha256, d.body <> '',
	coalesce(i.state, ''), coalesce(i.reason, ''), coalesce(i.detail, ''), coalesce(i.rows, 0), coalesce(i.rejected, 0), coalesce(i.created, 0), coalesce(i.updated, 0), coalesce(i.unchanged, 0)`

// outcome is the SQL of what became of a delivery d with its import i, said once for lists and counts.
const outcome = `CASE WHEN d.state = 'received' THEN 'waiting' WHEN d.state = 'refused' THEN 'refused' WHEN d.import = '' THEN 'applied'
	WHEN i.state IN ('checking', 'running') THEN 'waiting' WHEN d.trial = 1 AND i.state = 'mapping' AND i.ended_at IS NOT NULL AND i.reason = '' THEN 'tried' WHEN i.state = 'mapping' THEN 'mapping'
	WHEN i.state IN ('undoing', 'undone') THEN 'undone' WHEN i.state = 'done' AND i.rejected = 0 THEN 'applied'
	WHEN i.state = 'done' AND i.created + i.updated + i.unchanged > 0 THEN 'partly' ELSE 'refused' END`

// MaxDeliveries bounds a page of deliveries.
const MaxDeliveries = 100

// Deliveries answers a hook's, newest first, before a place; those with one outcome where it is named.
func (h *Hooks) Deliveries(ctx context.Context, sc record.Scope, hook record.ID, of, cursor string, limit int) (list []Delivery, next string, err error) {
	if !sc.Admin {
		return nil, "", record.Errorf(record.Denied, "error.denied")
	}
	if _, err := h.DB.Get(ctx, sc, "hook", hook); err != nil {
		return nil, "", err
	}
	where, args := "d.hook = ? AND d.at > ?", []any{string(hook), h.DB.Now().Add(-Kept).UnixMicro()}
	if cursor != "" {
		at, id, ok := strings.Cut(cursor, "-")
		n, err := strconv.ParseInt(at, 10, 64)
		if !ok || err != nil {
			return nil, "", record.FieldError("cursor", "error.cursor")
		}
		where, args = where+" AND (d.at < ? OR d.at = ? AND d.id < ?)", append(args, n, n, id)
	}
	if of != "" {
		where, args = where+" AND "+outcome+" = ?", append(args, of)
	}
	limit = max(1, min(limit, MaxDeliveries))
	list, err = h.list(ctx, where+" ORDER BY d.at DESC, d.id DESC LIMIT ?", append(args, int64(limit+1)))
	if len(list) > limit {
		list = list[:limit]
		last := list[limit-1]
		next = strconv.FormatInt(int64(last.At), 10) + "-" + string(last.ID)
	}
	return list, next, err
}

func (h *Hooks) list(ctx context.Context, where string, args []any) ([]Delivery, error) {
	out := []Delivery{}
	err := h.DB.Each(ctx, "SELECT "+deliveryColumns+", "+outcome+" FROM deliveries d LEFT JOIN imports i ON i.id = d.import WHERE "+where, args, func(rows store.Rows) error {
		var d Delivery
		var at, trial, unchanged int64
		var body bool
		var state, istate, ireason, idetail string
		if err := rows.Scan((*string)(&d.ID), (*string)(&d.Hook), &at, &state, &d.Reason, &d.Detail, &trial, &d.Tries, &d.Name, &d.Size, (*string)(&d.Import), (*string)(&d.Document), &d.Message, &d.SHA256, &body,
			&istate, &ireason, &idetail, &d.Rows, &d.Rejected, &d.Created, &d.Updated, &unchanged, &d.Outcome); err != nil {
			return err
		}
		d.At, d.Trial = record.Time(at), trial != 0
		if d.Reason == "" {
			d.Reason, d.Detail = ireason, idetail
		}
		bad := d.Outcome == OutRefused || d.Outcome == OutPartly || d.Outcome == OutMapping
		d.Again = bad && (body || d.SHA256 != "")
		out = append(out, d)
		return nil
	})
	return out, err
}

// Delivery answers one of a hook's deliveries with its body, where that is text.
func (h *Hooks) Delivery(ctx context.Context, sc record.Scope, hook, id record.ID) (Delivery, error) {
	if !sc.Admin {
		return Delivery{}, record.Errorf(record.Denied, "error.denied")
	}
	list, err := h.list(ctx, "d.id = ? AND d.hook = ?", []any{string(id), string(hook)})
	if err != nil {
		return Delivery{}, err
	}
	if len(list) == 0 {
		return Delivery{}, record.Errorf(record.NotFound, "error.not_found")
	}
	d := list[0]
	err = h.DB.One(ctx, "SELECT body FROM deliveries WHERE id = ?", []any{string(id)}, &d.Body)
	return d, err
}

// Retry has a delivery taken in again that was refused, or some of whose rows were: by the hook's profile as it is now. Its import that nobody ran is set aside.
func (h *Hooks) Retry(ctx context.Context, sc record.Scope, hook, id record.ID) error {
	d, err := h.Delivery(ctx, sc, hook, id)
	if err != nil {
		return err
	}
	if !d.Again {
		return record.Errorf(record.Conflict, "error.hook_again")
	}
	if d.Outcome == OutMapping {
		if err := h.Intake.Drop(ctx, sc, d.Import); err != nil && !record.Is(err, record.NotFound) {
			return err
		}
	}
	return h.DB.Tx(ctx, sc, func(tx *store.Tx) error {
		n, err := tx.Exec(ctx, "UPDATE deliveries SET state = ?, reason = '', detail = '', import = '' WHERE id = ? AND state <> ? AND import = ?", received, string(id), received, string(d.Import))
		if err != nil || n == 0 {
			return err // somebody else was quicker
		}
		return add(ctx, tx, id)
	})
}

// Forget takes a delivery off the list that nobody can or will mend.
func (h *Hooks) Forget(ctx context.Context, sc record.Scope, hook, id record.ID) error {
	d, err := h.Delivery(ctx, sc, hook, id)
	if err != nil {
		return err
	}
	if d.Outcome == OutWaiting {
		return record.Errorf(record.Conflict, "error.hook_waits")
	}
	if d.Outcome == OutMapping {
		if err := h.Intake.Drop(ctx, sc, d.Import); err != nil && !record.Is(err, record.NotFound) {
			return err
		}
	}
	return h.DB.Tx(ctx, sc, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, "DELETE FROM deliveries WHERE id = ?", string(id))
		return err
	})
}

// A Standing is how a hook fares, over the time that deliveries are kept.
type Standing struct {
	Hook            *guike.Hook
	Last            record.Time
	All, Bad, Waits int64
}

// Stand answers how hooks fare: all that are there.
func (h *Hooks) Stand(ctx context.Context, sc record.Scope) ([]Standing, error) {
	if !sc.Admin {
		return nil, record.Errorf(record.Denied, "error.denied")
	}
	p, err := h.DB.List(ctx, sc, store.Query{Kind: "hook", Limit: store.MaxPage})
	if err != nil {
		return nil, err
	}
	out := make([]Standing, len(p.Records))
	at := map[string]*Standing{}
	for i, r := range p.Records {
		out[i].Hook = r.(*guike.Hook)
		at[string(r.Head().ID)] = &out[i]
	}
	err = h.DB.Each(ctx, "SELECT x.hook, max(x.at), count(*), sum(CASE WHEN x.o IN ('refused', 'partly', 'mapping') THEN 1 ELSE 0 END), sum(CASE WHEN x.o = 'waiting' THEN 1 ELSE 0 END) FROM (SELECT d.hook, d.at, "+
		outcome+" AS o FROM deliveries d LEFT JOIN imports i ON i.id = d.import WHERE d.at > ? AND d.trial = 0) x GROUP BY x.hook", []any{h.DB.Now().Add(-Kept).UnixMicro()}, func(rows store.Rows) error {
		var id string
		var s Standing
		var last int64
		if err := rows.Scan(&id, &last, &s.All, &s.Bad, &s.Waits); err != nil {
			return err
		}
		if x := at[id]; x != nil {
			x.Last, x.All, x.Bad, x.Waits = record.Time(last), s.All, s.Bad, s.Waits
		}
		return nil
	})
	return out, err
}

// Bad counts the deliveries of all hooks that somebody should see to.
func Bad(ctx context.Context, db *store.DB) (n int64, err error) {
	err = db.One(ctx, "SELECT count(*) FROM deliveries d JOIN hooks h ON h.id = d.hook LEFT JOIN imports i ON i.id = d.import WHERE h.deleted_at IS NULL AND d.trial = 0 AND d.at > ? AND "+outcome+
		" IN ('refused', 'partly', 'mapping')", []any{db.Now().Add(-Kept).UnixMicro()}, &n)
	return n, err
}
