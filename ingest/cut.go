package ingest

import (
	"context"
	"slices"

	"guike"
	"guike/paper"
	"guike/record"
	"guike/store"
)

// A Cutting is what a person said of a document's papers.
type Cutting struct {
	Cuts   []paper.Cut `json:"cuts,omitempty"`
	Joined []int       `json:"joined,omitempty"` // pages whose first paper goes on from the page before
}

const mostCuts = 20 // of one page

// check fails where a cutting is none of a document of so many pages, and puts it in order.
func (c *Cutting) check(pages int) error {
	slices.SortFunc(c.Cuts, func(a, b paper.Cut) int { return a.Page - b.Page })
	for i, x := range c.Cuts {
		slices.Sort(x.At)
		if x.Page < 1 || x.Page > pages || i > 0 && c.Cuts[i-1].Page == x.Page || len(x.At) > mostCuts {
			return record.FieldError("cuts", "error.cut")
		}
		for _, y := range x.At {
			if !(y > 0 && y < 1) {
				return record.FieldError("cuts", "error.cut")
			}
		}
	}
	slices.Sort(c.Joined)
	c.Joined = slices.Compact(c.Joined)
	for _, page := range c.Joined {
		if page < 2 || page > pages {
			return record.FieldError("joined", "error.cut")
		}
	}
	return nil
}

// Recut says where a document's papers begin and end, and has it read so at once. Papers that stay as they were keep what was decided of them; one that is on
// file, or set aside, is not cut: its decision is undone first. Said again as it was before, everything is as before.
func (d *Desk) Recut(ctx context.Context, sc record.Scope, id record.ID, c Cutting) error {
	// The patch is empty: this asks whether the caller may change it.
	var doc *guike.Document
	if err := d.DB.Tx(ctx, sc, func(tx *store.Tx) error {
		rec, err := tx.Update(ctx, "document", id, store.Patch{})
		if err == nil {
			doc = rec.(*guike.Document)
		}
		return err
	}); err != nil {
		return err
	}
	st, err := stored(doc)
	if err != nil {
		return err
	}
	if st.Plain || len(st.Papers) == 0 {
		return record.Errorf(record.Conflict, "error.cut_nothing")
	}
	if err := c.check(len(st.Pages)); err != nil {
		return err
	}
	by := system("cut", sc.Cause)
	by.User = sc.User
	return d.readAs(ctx, by, doc, "", &c)
}
