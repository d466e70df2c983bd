package bulk

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"guike/queue"
	"guike/record"
	"guike/store"
)

// PurgeQueue is the queue of the trash's emptying.
const PurgeQueue = "purge"

// A Purge says what leaves the trash for ever.
type Purge struct {
	Days  int      `json:"days"`            // that it has lain there
	Kinds []string `json:"kinds,omitempty"` // all that have a trash where empty
}

// Check fails with Invalid where a purge names what has no trash, or would leave no time to think again.
func (p Purge) Check(cat *store.Catalogue) error {
	if p.Days < 1 || p.Days > 3660 {
		return record.FieldError("days", "error.purge_days")
	}
	for _, name := range p.Kinds {
		if k := cat.Kind(name); k == nil || !purges(k) {
			return record.FieldError("kinds", "error.no_such_kind")
		}
	}
	return nil
}

// purges reports whether a kind's trash is emptied. Of the kinds that only their verbs write, the engine may yet need what lies there: an undo takes rules
// out again. Not so what somebody said and took back.
func purges(k *record.Kind) bool { return !k.Verbs || k.Said }

// PurgeWork is the emptying of the trash as schedules have it done.
func PurgeWork(db *store.DB) queue.Work {
	return queue.Work{Queue: PurgeQueue, Title: "job.purge", Check: func(ctx context.Context, args json.RawMessage) (any, error) {
		var p Purge
		if err := json.Unmarshal(args, &p); err != nil {
			return nil, record.Errorf(record.Invalid, "error.json")
		}
		cat, err := db.Catalogue(ctx, false)
		if err != nil {
			return nil, err
		}
		return p, p.Check(cat)
	}}
}

// A ScopeOf makes the scope of a user as he is now, for what is done in his name while he is away.
type ScopeOf func(ctx context.Context, user record.ID, cause record.Cause) (record.Scope, error)

// PurgeHandler empties the trash of what lies there longer than asked, in batches and in the rights of who asked: what he may not delete stays. Done again
// after a kill it goes on with what is left.
func PurgeHandler(db *store.DB, scope ScopeOf) queue.Handler {
	return func(ctx context.Context, t *queue.Task) error {
		var s queue.Scheduled
		var p Purge
		if err := json.Unmarshal(t.Args, &s); err != nil {
			return err
		}
		if err := json.Unmarshal(s.Args, &p); err != nil {
			return err
		}
		cat, err := db.Catalogue(ctx, false)
		if err != nil {
			return err
		}
		if err := p.Check(cat); err != nil {
			return err
		}
		sc, err := scope(ctx, t.By, record.Cause{Kind: "job", ID: t.ID, Root: t.ID})
		if record.Is(err, record.NotFound) || record.Is(err, record.Unauthenticated) || err == nil && !sc.Admin {
			return &record.Error{Code: record.Invalid, Message: "error.schedule_user", Err: err} // trying again helps nobody
		}
		if err != nil {
			return err
		}
		before := int64(record.At(db.Now().AddDate(0, 0, -p.Days)))
		var kinds []*record.Kind
		gone, total := int64(0), int64(0)
		for _, k := range cat.Kinds() {
			if !purges(k) || len(p.Kinds) > 0 && !slices.Contains(p.Kinds, k.Name) {
				continue
			}
			var n int64
			if err := db.One(ctx, fmt.Sprintf("SELECT count(*) FROM %s WHERE deleted_at < ?", k.Plural), []any{before}, &n); err != nil {
				return err
			}
			kinds, total = append(kinds, k), total+n
		}
		for _, k := range kinds {
			for after := ""; ; {
				n, last, err := purge(ctx, db, sc, k, before, after)
				if err != nil {
					return fmt.Errorf("purge %s: %w", k.Plural, err)
				}
				if last == "" {
					break
				}
				after, gone = last, gone+n
				if err := t.Progress(ctx, gone, max(gone, total)); err != nil {
					return err
				}
			}
		}
		if err := t.Progress(ctx, gone, gone); err != nil {
			return err
		}
		return t.Made(ctx, queue.Result{Count: gone})
	}
}

// purge ends one batch behind an id and answers how many it ended and where it is; "" where nothing is left. What is taken out of the trash at the same time
// is not met: it is looked for in the transaction that ends it.
func purge(ctx context.Context, db *store.DB, sc record.Scope, k *record.Kind, before int64, after string) (n int64, last string, err error) {
	err = db.Tx(ctx, sc, func(tx *store.Tx) error {
		n, last = 0, ""
		var ids []record.ID
		if err := tx.Each(ctx, fmt.Sprintf("SELECT id FROM %s WHERE deleted_at < ? AND id > ? ORDER BY id LIMIT %d%s", k.Plural, queue.Batch(db), tx.SkipLocked()), []any{before, after}, func(rows store.Rows) error {
			var id string
			err := rows.Scan(&id)
			ids = append(ids, record.ID(id))
			return err
		}); err != nil {
			return err
		}
		for _, id := range ids {
			_, err := tx.Purge(ctx, k.Name, id)
			// What is held stays, as what is not his to remove.
			if err != nil && !record.Is(err, record.Denied) && !record.Is(err, record.NotFound) && !record.Is(err, record.Conflict) {
				return err
			}
			if last = string(id); err == nil {
				n++
			}
		}
		return nil
	})
	return n, last, err
}
