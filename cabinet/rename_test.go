package cabinet_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"guike"
	"guike/bulk"
	"guike/cabinet"
	"guike/ingest"
	"guike/queue"
	"guike/record"
	"guike/store"
	"guike/store/storetest"
)

var namer = cabinet.Namer{Setting: ingest.NamingSetting, Usual: ingest.DefaultNaming, Check: ingest.CheckNaming,
	Rename: func(ctx context.Context, r cabinet.Reader, zone *time.Location, template string, docs []*guike.Document, take func(*guike.Document, string) (bool, error)) error {
		return ingest.Rename(ctx, r, zone, template, docs, take)
	}}

func (r *room) paths() map[record.ID]string {
	r.Helper()
	out := map[record.ID]string{}
	if err := r.db.Each(r.ctx, "SELECT id, path FROM documents WHERE deleted_at IS NULL", nil, func(rows store.Rows) error {
		var id, path string
		err := rows.Scan(&id, &path)
		out[record.ID(id)] = path
		return err
	}); err != nil {
		r.Fatal(err)
	}
	return out
}

// What the preview says is what the job does, document by document; its undo puts every name back, and the template.
func TestRename(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := furnish(t, db)
		jobs := queue.NewRunner(db, 1)
		jobs.Handle(cabinet.Queue, 1, cabinet.Handler(db, namer))
		jobs.Handle(bulk.Queue, 1, bulk.Handler(db))
		settle := func() {
			t.Helper()
			for n := 1; n > 0; {
				var err error
				if n, err = jobs.Drain(r.ctx); err != nil {
					t.Fatal(err)
				}
			}
		}
		var u guike.User
		r.do(func(tx *store.Tx) error {
			u = guike.User{Name: "主", Login: "own", Role: "owner"}
			return tx.Create(r.ctx, &u)
		})
		sc := r.sys
		sc.User, sc.System = u.ID, false
		r.customer("上海恒泰", "", "")
		for i := range 250 { // more than a batch
			r.document(fmt.Sprintf("单据%d.PDF", i), map[bool]string{true: "上海恒泰"}[i%2 == 0], "", record.Date(fmt.Sprintf("2026-%02d-01", 1+i%12)))
		}
		r.do(func(tx *store.Tx) error {
			rc := &guike.Receipt{Type: "slip", Amount: record.Money{Minor: 491300_00, Currency: "CNY"}, PaidOn: "2025-12-31", SlipNo: "88/1", Document: r.docs["单据0.PDF"], Customer: r.cus["上海恒泰"]}
			late := &guike.Receipt{Type: "invoice", Amount: record.Money{Minor: 1, Currency: "CNY"}, Document: r.docs["单据0.PDF"], Paper: 2}
			return tx.Create(r.ctx, rc, late)
		})
		before := r.paths()
		template := "{customer}/{month}"
		p, err := cabinet.PreviewNames(r.ctx, db, sc, namer, template, 0)
		if err != nil || p.Total != 250 || p.Changed != 250 || p.Looked != 250 || len(p.Rows) != 50 {
			t.Fatalf("preview: %+v %v", p, err)
		}
		if p.Clashes != 250-13 { // six months of hers, six of nobody's, and that of the slip
			t.Errorf("%d clashes", p.Clashes)
		}
		if got := r.paths(); got[r.docs["单据1.PDF"]] != "单据1.PDF" {
			t.Error("a preview writes")
		}
		o, err := cabinet.RenameAll(r.ctx, db, sc, namer, template)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := cabinet.RenameAll(r.ctx, db, sc, namer, template); !record.Is(err, record.Conflict) {
			t.Errorf("two at once: %v", err)
		}
		settle()
		after := r.paths()
		if got := after[r.docs["单据0.PDF"]]; got != "上海恒泰/2025-12.pdf" {
			t.Errorf("by its first receipt: %s", got)
		}
		if got := after[r.docs["单据3.PDF"]]; got != "未归客户/2026-04.pdf" {
			t.Errorf("without a receipt: %s", got)
		}
		unique := map[string]bool{}
		for id, path := range after {
			if unique[path] || path == before[id] {
				t.Errorf("%s twice, or as it was", path)
			}
			unique[path] = true
		}
		for _, row := range p.Rows {
			if after[row.Document] != row.New || before[row.Document] != row.Old {
				t.Errorf("said %s, is %s", row.New, after[row.Document])
			}
		}
		again, err := cabinet.PreviewNames(r.ctx, db, sc, namer, template, 0)
		if err != nil || again.Changed != 0 {
			t.Errorf("the same template renames again: %+v %v", again, err)
		}
		if cat, err := db.Catalogue(r.ctx, true); err != nil || cat.Settings[ingest.NamingSetting] != template {
			t.Errorf("the template is not set: %v", err)
		}
		rec, err := db.Get(r.ctx, r.sys, "operation", o.ID)
		if err != nil || rec.(*guike.Operation).State != guike.OperationDone || rec.(*guike.Operation).Done != 250 {
			t.Errorf("operation: %+v %v", rec, err)
		}
		if _, err := bulk.Undo(r.ctx, db, sc, o.ID); err != nil {
			t.Fatal(err)
		}
		settle()
		for id, path := range r.paths() {
			if path != before[id] {
				t.Errorf("back at %s, was %s", path, before[id])
			}
		}
		if cat, err := db.Catalogue(r.ctx, true); err != nil || cat.Settings[ingest.NamingSetting] != ingest.DefaultNaming {
			t.Errorf("the template is not back: %v", err)
		}
		for _, bad := range []string{"", "{nosuch}", "../{name}", "/{name}"} {
			if _, err := cabinet.RenameAll(r.ctx, db, sc, namer, bad); !record.Is(err, record.Invalid) {
				t.Errorf("%q: %v", bad, err)
			}
		}
		sc.Admin = false
		if _, err := cabinet.RenameAll(r.ctx, db, sc, namer, template); !record.Is(err, record.Denied) {
			t.Errorf("anybody renames: %v", err)
		}
	})
}
