package store

import (
	"context"
	"fmt"

	"guike/record"
)

// Sequence gives numbers to committed changes, so that a follower who has seen number n has seen all before it. On SQLite a change has its number from
// its transaction and there is nothing to do. On PostgreSQL one server at a time numbers what has committed; who finds another at it leaves it to him.
// It answers how many changes it numbered.
func (db *DB) Sequence(ctx context.Context) (int64, error) {
	if db.Dialect() == "sqlite" {
		return 0, nil
	}
	var total int64
	for {
		var n int64
		err := db.eng.write(ctx, func(q execer) error {
			r := reader{db: db, q: q}
			var mine bool
			if err := r.one(ctx, "SELECT pg_try_advisory_xact_lock(hashtext('guike sequence'), hashtext(current_schema()))", nil, &mine); err != nil || !mine {
				return err
			}
			// Ids are drawn before they commit. Every transaction that drew one up to high held a lock on the table then; if nobody holds one now, they
			// have all ended, and what they wrote is seen by the next statement. Only then may the mark, below which nobody looks again, move up to high.
			var high, open int64
			if err := r.one(ctx, "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM changes_id_seq", nil, &high); err != nil {
				return err
			}
			if err := r.one(ctx, "SELECT count(*) FROM pg_locks WHERE relation = 'changes'::regclass AND mode = 'RowExclusiveLock'", nil, &open); err != nil {
				return err
			}
			var err error
			n, err = q.exec(ctx, `INSERT INTO sequence (seq, change)
				SELECT (SELECT coalesce(max(seq), 0) FROM sequence) + row_number() OVER (ORDER BY id), id FROM (
					SELECT c.id FROM changes c WHERE c.id > (SELECT number FROM meta WHERE name = 'sequenced') AND NOT EXISTS (
						SELECT 1 FROM sequence s WHERE s.change = c.id) ORDER BY c.id LIMIT 5000) c`, nil)
			if err != nil || n == 5000 || open > 0 {
				return err
			}
			_, err = q.exec(ctx, "UPDATE meta SET number = ? WHERE name = 'sequenced' AND number < ?", []any{high, high})
			return err
		})
		if err != nil {
			return total, fmt.Errorf("number changes: %w", err)
		}
		total += n
		if n < 5000 {
			return total, nil
		}
	}
}

// Changes answers numbered changes after a number, in order.
func (r reader) Changes(ctx context.Context, after int64, limit int) ([]record.Change, error) {
	var out []record.Change
	err := r.each(ctx, fmt.Sprintf("SELECT %s, s.seq FROM sequence s JOIN changes c ON c.id = s.change WHERE s.seq > ? ORDER BY s.seq LIMIT %d", changeColumns, limit),
		[]any{after}, func(rows Rows) error {
			var seq int64
			c, err := scanChange(rows, &seq)
			if err != nil {
				return err
			}
			c.Seq = seq
			out = append(out, c)
			return nil
		})
	return out, err
}

// Newest is the number of the newest numbered change.
func (r reader) Newest(ctx context.Context) (int64, error) {
	var n int64
	err := r.one(ctx, "SELECT coalesce(max(seq), 0) FROM sequence", nil, &n)
	return n, err
}

// Cursor answers where a follower stands, holding it until the transaction ends; ok is false where another server is at it.
func (tx *Tx) Cursor(ctx context.Context, follower string) (n int64, ok bool, err error) {
	if _, err := tx.q.exec(ctx, "INSERT INTO followers (name, cursor) VALUES (?, 0) ON CONFLICT (name) DO NOTHING", []any{follower}); err != nil {
		return 0, false, err
	}
	err = tx.one(ctx, "SELECT cursor FROM followers WHERE name = ?"+tx.db.eng.dialect().skip, []any{follower}, &n)
	if record.Is(err, record.NotFound) {
		return 0, false, nil
	}
	return n, err == nil, err
}

// Advance moves a follower's cursor.
func (tx *Tx) Advance(ctx context.Context, follower string, n int64) error {
	_, err := tx.q.exec(ctx, "UPDATE followers SET cursor = ? WHERE name = ?", []any{n, follower})
	return err
}

// Unseen is when the oldest change was made that some follower has still to see; zero: they have seen all.
func (db *DB) Unseen(ctx context.Context) (record.Time, error) {
	var at int64
	err := db.One(ctx, "SELECT coalesce(min(at), 0) FROM changes WHERE id = (SELECT change FROM sequence WHERE seq > (SELECT coalesce(min(cursor), 0) FROM followers) ORDER BY seq LIMIT 1)", nil, &at)
	return record.Time(at), err
}
