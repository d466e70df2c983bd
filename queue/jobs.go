package queue

import (
	"context"
	"encoding/json"
	"fmt"

	"guike/record"
	"guike/store"
)

const jobColumns = "id, queue, title, args, state, attempt, done, total, error, by_user, created_at, run_at, ended_at, result"

func scanJob(rows store.Rows) (*Job, error) {
	var j Job
	var args string
	err := rows.Scan(&j.ID, &j.Queue, &j.Title, &args, &j.State, &j.Attempt, &j.Done, &j.Total, &j.Error, (*string)(&j.By), (*int64)(&j.CreatedAt), (*int64)(&j.RunAt), (*int64)(&j.EndedAt), &j.Result)
	j.Args = json.RawMessage(args)
	return &j, err
}

// A Result is what a job made.
type Result struct {
	File  string `json:"file,omitempty" doc:"below the data folder of the server that did it"`
	Bytes int64  `json:"bytes,omitempty"`
	Count int64  `json:"count,omitempty" doc:"records"`
}

// Outcome reads what a job made; nothing is an empty Result.
func (j *Job) Outcome() Result {
	var r Result
	if j.Result != "" && json.Unmarshal([]byte(j.Result), &r) != nil {
		return Result{}
	}
	return r
}

// List answers jobs, newest first, those of one user where by is set.
func List(ctx context.Context, db *store.DB, by record.ID, state string, limit int) ([]*Job, error) {
	where, args := " WHERE (? = '' OR by_user = ?) AND (? = '' OR state = ?)", []any{string(by), string(by), state, state}
	var out []*Job
	err := db.Each(ctx, fmt.Sprintf("SELECT %s FROM jobs%s ORDER BY created_at DESC, id DESC LIMIT %d", jobColumns, where, limit), args, func(rows store.Rows) error {
		j, err := scanJob(rows)
		out = append(out, j)
		return err
	})
	return out, err
}

// Get answers one job.
func Get(ctx context.Context, db *store.DB, id string) (*Job, error) {
	var j *Job
	err := db.Each(ctx, "SELECT "+jobColumns+" FROM jobs WHERE id = ?", []any{id}, func(rows store.Rows) error {
		var err error
		j, err = scanJob(rows)
		return err
	})
	if err == nil && j == nil {
		err = &record.Error{Code: record.NotFound, Message: "error.not_found"}
	}
	return j, err
}

// Retry puts a dead or cancelled job, or one that waits for its next try, first in line.
func Retry(ctx context.Context, tx *store.Tx, id string) error {
	n, err := tx.Exec(ctx, "UPDATE jobs SET state = 'waiting', attempt = 0, run_at = ?, ended_at = 0 WHERE id = ? AND state IN ('dead', 'cancelled', 'waiting')", int64(tx.At()), id)
	if err == nil && n == 0 {
		return record.Errorf(record.Conflict, "error.job_state")
	}
	tx.Wrote()
	return err
}

// Cancel ends a job that waits or runs; a running one learns of it within seconds.
func Cancel(ctx context.Context, tx *store.Tx, id string) error {
	n, err := tx.Exec(ctx, "UPDATE jobs SET state = 'cancelled', ended_at = ? WHERE id = ? AND state IN ('waiting', 'running')", int64(tx.At()), id)
	if err == nil && n == 0 {
		return record.Errorf(record.Conflict, "error.job_state")
	}
	return err
}

// CancelOnce ends the job with a Once key, where one waits or runs.
func CancelOnce(ctx context.Context, tx *store.Tx, once string) error {
	_, err := tx.Exec(ctx, "UPDATE jobs SET state = 'cancelled', ended_at = ? WHERE once = ? AND state IN ('waiting', 'running')", int64(tx.At()), once)
	return err
}
