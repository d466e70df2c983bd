package exchange

import (
	"bytes"
	"context"

	"guike"
	"guike/record"
	"guike/store"
)

// Take makes an import of a table that another program wrote: UTF-8, commas, its header in the first row, so that nothing has to be guessed. ready says that it
// can run without a person: a profile says how it is read, a table like it was taken in
// before, or every column is called as a field and none that is required is wanting. A guess is for somebody to look at.
func (p *Port) Take(ctx context.Context, sc record.Scope, kind, name, profile string, table []byte) (imp record.ID, ready bool, err error) {
	cat, err := p.DB.Catalogue(ctx, false)
	if err != nil {
		return "", false, err
	}
	k, err := p.kind(ctx, cat, kind)
	if err != nil {
		return "", false, err
	}
	g := sc.For(kind)
	if k == nil || k.Verbs || g.Read == record.None || g.Create == record.None && g.Update == record.None {
		return "", false, record.Errorf(record.Denied, "error.denied")
	}
	sum, size, err := p.Blobs.Put(ctx, bytes.NewReader(table))
	if err != nil {
		return "", false, err
	}
	f, err := p.file(ctx, sum)
	if err != nil {
		return "", false, err
	}
	defer f.close()
	first := func([]row, func(string) bool) int { return 0 }
	m, print, err := p.proposeAs(ctx, sc, k, f.File, form{Format: "csv", Charset: utf8Set, Comma: ","}, first, profile)
	if err != nil {
		return "", false, err
	}
	_, ready = m.fits(k)
	for _, c := range m.Columns {
		ready = ready && c.Why == "name" || c.Why == "before"
	}
	ready = ready || profile != ""
	// It bears no profile's name: the newest import that does says how others are read, and that is to be one that a person mapped.
	i := &guike.Import{Of: kind, Name: fileName(name), SHA256: sum, Size: size, State: guike.ImportMapping, Fingerprint: print}
	if i.Mapping, err = encode(m); err != nil {
		return "", false, err
	}
	err = p.DB.Tx(ctx, house(sc), func(tx *store.Tx) error { i.ID = ""; return tx.Create(ctx, i) })
	return i.ID, ready, err
}

// Drop sets an import aside that was never run.
func (p *Port) Drop(ctx context.Context, sc record.Scope, id record.ID) error {
	if _, err := p.Mine(ctx, sc, id); err != nil {
		return err
	}
	return p.DB.Tx(ctx, house(sc), func(tx *store.Tx) error {
		held, err := tx.Lock(ctx, "import", []record.ID{id})
		if err != nil || len(held) == 0 || held[0].(*guike.Import).State != guike.ImportMapping {
			return err
		}
		_, err = tx.Delete(ctx, "import", id)
		return err
	})
}
