package ingest

import (
	"context"
	"strings"
	"unicode/utf8"

	"guike"
	"guike/record"
	"guike/store"
)

// Whoever works on a document says so, that nobody else does at the same time. It is a note, not a lock: who replaces the file all the same is told first.

const mostTaken = 366 // days that a document is worked on at most

func (d *Desk) today(tx *store.Tx) record.Date {
	return record.DateOf(d.DB.Now(), tx.Catalogue().Zone)
}

// free fails with Conflict where somebody else is working on a document, and says who.
func (d *Desk) free(ctx context.Context, tx *store.Tx, doc *guike.Document, force bool) error {
	if force || doc.TakenBy == tx.Scope().User || !doc.Taken(d.today(tx)) {
		return nil
	}
	names, err := tx.Titles(ctx, record.SystemScope("taken"), "user", []record.ID{doc.TakenBy})
	if err != nil {
		return err
	}
	return &record.Error{Code: record.Conflict, Message: "error.taken", Fields: map[string]string{
		"taken_by": names[doc.TakenBy], "taken_until": string(doc.TakenUntil), "taken_for": doc.TakenFor}}
}

// Take notes that the caller works on a document until the end of a day. Said again, the day and what for are others.
func (d *Desk) Take(ctx context.Context, sc record.Scope, id record.ID, until record.Date, why string, force bool) error {
	why = strings.TrimSpace(why)
	switch {
	case sc.User == "":
		return record.Errorf(record.Denied, "error.denied")
	case utf8.RuneCountInString(why) > mostNote:
		return record.FieldError("reason", "error.too_long")
	}
	return d.DB.Tx(ctx, sc, func(tx *store.Tx) error {
		last := record.DateOf(d.DB.Now().AddDate(0, 0, mostTaken), tx.Catalogue().Zone)
		if !until.Valid() || until < d.today(tx) || until > last {
			return record.FieldError("until", "error.taken_until")
		}
		rec, err := tx.Update(ctx, "document", id, store.Patch{})
		if err != nil {
			return err
		}
		if err := d.free(ctx, tx, rec.(*guike.Document), force); err != nil {
			return err
		}
		_, err = tx.Update(ctx, "document", id, store.Patch{Values: map[string]record.Value{
			"taken_by": record.TextValue(string(sc.User)), "taken_until": record.TextValue(string(until)), "taken_for": record.TextValue(why)}})
		return err
	})
}

// Return ends the caller's note that he works on a document; who administers may end anybody's. Where there is none, nothing happens.
func (d *Desk) Return(ctx context.Context, sc record.Scope, id record.ID) error {
	return d.DB.Tx(ctx, sc, func(tx *store.Tx) error {
		rec, err := tx.Get(ctx, sc, "document", id)
		if err != nil {
			return err
		}
		doc := rec.(*guike.Document)
		if doc.TakenBy == "" {
			return nil
		}
		if doc.TakenBy != sc.User && !sc.Admin && doc.Taken(d.today(tx)) {
			return record.Errorf(record.Denied, "error.denied")
		}
		values := map[string]record.Value{}
		back(values)
		_, err = tx.Update(ctx, "document", id, store.Patch{Values: values})
		return err
	})
}

// back ends the note that somebody works on a document.
func back(values map[string]record.Value) {
	values["taken_by"], values["taken_until"], values["taken_for"] = record.TextValue(""), record.TextValue(""), record.TextValue("")
}
