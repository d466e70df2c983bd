package ingest

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"

	"guike"
	"guike/record"
	"guike/store"
)

// maxDepth ends chains of followers that feed each other.
const maxDepth = 4

// Follow lets documents go by what becomes of their receipts, and forgets the files that a document was when it is removed for ever. It is a follower of the
// change log.
func Follow(ctx context.Context, tx *store.Tx, changes []record.Change) error {
	// What follows from one cause is that cause's, or undoing one would take back what another brought about.
	for len(changes) > 0 {
		n := 1
		for n < len(changes) && changes[n].Cause.Root == changes[0].Cause.Root {
			n++
		}
		if err := follow(ctx, tx, changes[:n]); err != nil {
			return fmt.Errorf("documents: %w", err)
		}
		changes = changes[n:]
	}
	return nil
}

// went is what a document's fields held where they went by its receipt: as that was before each change.
type went map[string][]string

func follow(ctx context.Context, tx *store.Tx, changes []record.Change) error {
	moved := map[record.ID]went{}
	var cause record.Cause
	for _, c := range changes {
		switch {
		case c.Kind == "document" && c.Op == record.OpPurge:
			if _, err := tx.Exec(ctx, "DELETE FROM editions WHERE document = ?", string(c.Rec)); err != nil {
				return err
			}
		case c.Kind == "receipt" && c.Op == record.OpUpdate:
			for _, name := range []string{"type", "dated_on", "customer"} {
				v, ok := c.Fields[name]
				if !ok {
					continue
				}
				if c.Cause.Depth >= maxDepth {
					slog.Warn("followers feed each other: the chain ends here", "kind", c.Kind, "record", c.Rec, "root", c.Cause.Root)
					break
				}
				var was string
				if json.Unmarshal(v[0], &was) != nil {
					was = "" // null: it held nothing
				}
				if moved[c.Rec] == nil {
					moved[c.Rec] = went{}
				}
				moved[c.Rec][name] = append(moved[c.Rec][name], was)
				cause = record.Cause{Kind: "receipt", ID: string(c.Rec), Root: c.Cause.Root, Depth: max(cause.Depth, c.Cause.Depth+1)}
			}
		}
	}
	if len(moved) == 0 {
		return nil
	}
	sc := record.SystemScope("receipt")
	sc.Cause = cause
	return carry(ctx, tx.As(sc), moved)
}

// carry writes to documents what their first receipts say now, where they still hold what those said before: what a person wrote there himself stays.
func carry(ctx context.Context, tx *store.Tx, moved map[record.ID]went) error {
	ids := make([]record.ID, 0, len(moved))
	for id := range moved {
		ids = append(ids, id)
	}
	recs, err := tx.GetAll(ctx, tx.Scope(), "receipt", ids, record.Everything, "")
	if err != nil {
		return err
	}
	first := map[record.ID]*guike.Receipt{}
	var docs []record.ID
	for _, r := range recs {
		rc := r.(*guike.Receipt)
		if rc.Document == "" || rc.DeletedAt != 0 {
			continue
		}
		var head string
		if err := tx.One(ctx, "SELECT id FROM receipts WHERE document = ? AND deleted_at IS NULL ORDER BY paper, n LIMIT 1", []any{string(rc.Document)}, &head); err != nil {
			return err
		}
		if head == string(rc.ID) {
			first[rc.Document] = rc
			docs = append(docs, rc.Document)
		}
	}
	if len(docs) == 0 {
		return nil
	}
	_, err = tx.UpdateAll(ctx, "document", docs, func(r record.Record) (store.Patch, error) {
		doc := r.(*guike.Document)
		rc := first[doc.ID]
		was, values := moved[rc.ID], map[string]record.Value{}
		if was["type"] != nil {
			values["paper"] = record.TextValue(rc.Type)
		}
		if w := was["dated_on"]; w != nil && (doc.DatedOn == "" || slices.Contains(w, string(doc.DatedOn))) {
			values["dated_on"] = record.TextValue(string(rc.DatedOn))
		}
		if w := was["customer"]; w != nil && (doc.Customer == "" || slices.Contains(w, string(doc.Customer))) {
			values["customer"] = record.TextValue(string(rc.Customer))
		}
		return store.Patch{Values: values}, nil
	})
	return err
}
