package queue

import (
	"context"

	"guike/record"
	"guike/store"
)

// Standing is how the work after the commit gets on.
type Standing struct {
	Waiting int64       // jobs
	Running int64       // jobs
	Dead    int64       // jobs that gave up, and that a person may try again
	Late    record.Time // since when the oldest job waits that nothing keeps from being done; zero: none
	Behind  []Behind
}

// Behind is how many changes a follower has still to see.
type Behind struct {
	Name    string
	Changes int64
}

// Stands looks at all jobs and followers.
func Stands(ctx context.Context, db *store.DB) (Standing, error) {
	var s Standing
	now := int64(record.At(db.Now()))
	err := db.Each(ctx, "SELECT state, count(*), min(run_at) FROM jobs WHERE state IN ('waiting', 'running', 'dead') GROUP BY state", nil, func(rows store.Rows) error {
		var state string
		var n, oldest int64
		if err := rows.Scan(&state, &n, &oldest); err != nil {
			return err
		}
		switch state {
		case "waiting":
			s.Waiting = n
			if oldest <= now {
				s.Late = record.Time(oldest)
			}
		case "running":
			s.Running = n
		case "dead":
			s.Dead = n
		}
		return nil
	})
	if err != nil {
		return s, err
	}
	// What is not numbered yet is behind too.
	if _, err := db.Sequence(ctx); err != nil {
		return s, err
	}
	newest, err := db.Newest(ctx)
	if err != nil {
		return s, err
	}
	return s, db.Each(ctx, "SELECT name, cursor FROM followers ORDER BY name", nil, func(rows store.Rows) error {
		var b Behind
		var at int64
		if err := rows.Scan(&b.Name, &at); err != nil {
			return err
		}
		b.Changes = max(newest-at, 0)
		s.Behind = append(s.Behind, b)
		return nil
	})
}

// Ended is when a job of a queue last ended well; zero: never, or so long ago that it is no longer kept.
func Ended(ctx context.Context, db *store.DB, queue string) (record.Time, error) {
	var at int64
	err := db.One(ctx, "SELECT coalesce(max(ended_at), 0) FROM jobs WHERE queue = ? AND state = 'done'", []any{queue}, &at)
	return record.Time(at), err
}
