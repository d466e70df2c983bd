package ingest

import (
	"context"

	"guike"
	"guike/paper"
	"guike/record"
	"guike/store"
)

// A document's file gives way to another, and papers of the earlier one are on file. What the new one says otherwise changes nothing by itself: it waits beside
// what is on file, until a person takes it or leaves it.

// of reports whether a reading is of the file that the document is now.
func (st Stored) of(doc *guike.Document) bool {
	return len(st.Pages)+len(st.Papers) == 0 || max(1, st.Edition) == max(1, doc.Edition)
}

// still locks a document and answers it, nil where it is not the file any more that was read.
func still(ctx context.Context, tx *store.Tx, read *guike.Document) (*guike.Document, error) {
	rec, err := tx.Update(ctx, "document", read.ID, store.Patch{})
	if err != nil {
		return nil, err
	}
	if doc := rec.(*guike.Document); doc.SHA256 == read.SHA256 && doc.Edition == max(1, read.Edition) {
		return doc, nil
	}
	return nil, nil
}

// filled is a receipt with what a paper says, and nothing else.
func filled(p paper.Paper, c paper.Company) *guike.Receipt {
	rc := &guike.Receipt{}
	fill(rc, p, c)
	rc.Derive()
	return rc
}

// equal reports whether two papers say the same.
func equal(a, b paper.Paper) bool {
	if a.Kind != b.Kind || len(a.Facts) != len(b.Facts) {
		return false
	}
	for _, f := range a.Facts {
		if b.Fact(f.Name) != f.Value {
			return false
		}
	}
	return true
}

// refill puts into a receipt what one paper says otherwise than another: what a person wrote there himself stays, where the paper did not change.
func refill(k *record.Kind, rc *guike.Receipt, from, to paper.Paper, c paper.Company) {
	before, after := k.Values(filled(from, c)), k.Values(filled(to, c))
	for i := range k.Fields {
		if before[i] != after[i] {
			k.Set(rc, k.Fields[i].Name, after[i])
		}
	}
}

// pair finds for each paper the one on file that it is: by its business key, else by its place, else where only one of each is left. gone are those on file
// that no paper is.
func pair(before []Filed, papers []paper.Paper, c paper.Company) (pairs []*Filed, gone []Filed) {
	pairs = make([]*Filed, len(papers))
	used := make([]bool, len(before))
	match := func(is func(a *Filed, p paper.Paper) bool) {
		for i, p := range papers {
			for j := range before {
				if pairs[i] == nil && !used[j] && is(&before[j], p) {
					pairs[i], used[j] = &before[j], true
				}
			}
		}
	}
	match(func(a *Filed, p paper.Paper) bool {
		key := filled(p, c).BusinessKey
		return key != "" && key == filled(a.Paper, c).BusinessKey
	})
	match(func(a *Filed, p paper.Paper) bool { return a.Kind == p.Kind && a.place() == (&Filed{Paper: p}).place() })
	if len(before) == 1 && len(papers) == 1 {
		match(func(a *Filed, p paper.Paper) bool { return a.Kind == p.Kind })
	}
	for j := range before {
		if !used[j] && (before[j].Receipt != "" || before[j].Gone) {
			gone = append(gone, before[j])
		}
	}
	return pairs, gone
}

// renew makes a paper of a new file from what is on file of it: decided as that is where it says the same, else waiting beside it.
func renew(ctx context.Context, tx *store.Tx, f *Filed, was Filed) error {
	p, no := f.Paper, f.No
	if equal(was.Paper, p) {
		*f = was
		f.Paper, f.Was, f.Said, f.Open, f.Gone = p, nil, nil, nil, false
	} else {
		f.State, f.Reason, f.Receipt, f.Linked, f.Was = PaperWaiting, "version", was.Receipt, was.Linked, &was
		f.Was.Was, f.Was.Open = nil, nil
	}
	f.No = no
	if was.Receipt == "" {
		return nil
	}
	_, err := tx.UpdateAll(ctx, "receipt", []record.ID{was.Receipt}, func(record.Record) (store.Patch, error) {
		return store.Patch{Values: map[string]record.Value{"paper": record.NumberValue(int64(no)), "page": record.NumberValue(int64(p.Page))}}, nil
	})
	return err
}

// missed keeps what is on file of a paper that the new file does not hold. A person says whether it stays; once he has, he is not asked again.
func missed(was Filed, no int) Filed {
	f := was
	f.No, f.Box = no, paper.Box{}
	f.Facts = nowhere(was.Facts)
	if !was.Gone {
		w := was
		w.Open, f.Open = nil, nil
		f.Gone, f.State, f.Reason, f.Was = true, PaperWaiting, "version_gone", &w
	}
	return f
}

// restore leaves what is on file as it is, in the place of the paper that says otherwise.
func (f *Filed) restore() {
	p, no, open := f.Paper, f.No, *f
	*f = *f.Was
	f.No, f.Open = no, &open
	f.Page, f.Box, f.Pages, f.Form = p.Page, p.Box, p.Pages, p.Form
	f.Facts, f.Said = nowhere(f.Facts), p.Facts
}

// reopen undoes what a person decided of a paper of a new version: what is on file is as it was before that, and the paper waits beside it again.
func (f *Filed) reopen(ctx context.Context, tx *store.Tx, c paper.Company) error {
	open := *f.Open
	rec, err := tx.Restore(ctx, "receipt", open.Receipt)
	if err != nil {
		return err
	}
	was := *rec.(*guike.Receipt)
	rc := was
	if f.Person && f.State == PaperFiled {
		refill(tx.Catalogue().Kind("receipt"), &rc, f.Paper, open.Was.Paper, c)
	}
	if err := replace(ctx, tx, &was, &rc); err != nil {
		return err
	}
	open.No = f.No
	*f = open
	return nil
}

// nowhere are facts without their places: those were on the pages of another file.
func nowhere(fs []paper.Fact) []paper.Fact {
	out := make([]paper.Fact, len(fs))
	for i, x := range fs {
		x.Box = paper.Box{}
		out[i] = x
	}
	return out
}
