package queue

import (
	"context"
	"encoding/json"

	"guike/store"
)

// Index has the index made by which lists are ordered by a dynamic field. It reads the whole table, so it comes after the commit that added the field. It is
// the one job that every runner knows by itself.
func Index(ctx context.Context, tx *store.Tx, kind, field string) error {
	_, err := Add(ctx, tx, New{Queue: indexQueue, Title: "job.index", Args: indexed{kind, field}, Once: "index:" + kind + "." + field})
	return err
}

const indexQueue = "index"

type indexed struct {
	Kind  string `json:"kind"`
	Field string `json:"field"`
}

func index(ctx context.Context, t *Task) error {
	var j indexed
	if err := json.Unmarshal(t.Args, &j); err != nil {
		return err
	}
	return t.r.db.IndexField(ctx, j.Kind, j.Field)
}
