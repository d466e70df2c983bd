package ingest_test

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"guike"
	"guike/blob"
	"guike/ingest"
	"guike/paper"
	"guike/queue"
	"guike/record"
	"guike/store"
	"guike/store/storetest"
)

func (c *counter) replace(id record.ID, name string, data []byte, note string) error {
	c.Helper()
	r, err := c.desk.Lay(c.Context(), c.sc, id, name, bytes.NewReader(data))
	if err != nil {
		return err
	}
	r.Note = note
	if err := c.desk.Replace(c.Context(), c.sc, id, r); err != nil {
		return err
	}
	_, err = c.run.Drain(c.Context())
	return err
}

func (c *counter) receipt(id record.ID) *guike.Receipt {
	c.Helper()
	r, err := c.db.Get(c.Context(), c.sc, "receipt", id)
	if err != nil {
		c.Fatal(err)
	}
	return r.(*guike.Receipt)
}

func (c *counter) must(err error) {
	c.Helper()
	if err != nil {
		c.Fatal(err)
	}
}

// A slip is scanned again with another amount: what is on file stays until a person takes the new one, and what he wrote himself stays then too.
func TestReplaceProposes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := openDesk(t, db)
		one, two := c.slip(1, 100_00), c.slip(1, 250_00)
		id, _ := c.keep("回单.pdf", one)
		doc, st := c.doc(id)
		if doc.State != guike.DocFiled || doc.Edition != 1 {
			t.Fatalf("first file: %s, edition %d", doc.State, doc.Edition)
		}
		rc := st.Papers[0].Receipt
		c.must(c.db.Tx(t.Context(), c.sc, func(tx *store.Tx) error {
			_, err := tx.Update(t.Context(), "receipt", rc, store.Patch{Values: map[string]record.Value{"memo": record.TextValue("经理核过"), "serial": record.TextValue("改过的流水")}})
			return err
		}))
		path := doc.Path

		c.must(c.replace(id, "重扫.pdf", two, "重新扫描"))
		doc, st = c.doc(id)
		if doc.Edition != 2 || doc.Name != "回单.pdf" || doc.Path != path || doc.State != guike.DocWaiting || doc.Reason != "version" {
			t.Fatalf("replaced: %+v", doc)
		}
		if r := c.receipt(rc); r.Amount.Minor != 100_00 || r.Status != record.Active || r.DeletedAt != 0 || c.receipts() != 1 {
			t.Fatalf("on file: %+v of %d", r, c.receipts())
		}
		if d := st.Papers[0].Differs(nil); len(d) < 1 || d[0].Name != "amount" && d[len(d)-1].Name != "amount" && len(d) > 3 {
			t.Errorf("differs in %+v", d)
		}
		// Left as it is, then told otherwise: the paper is decided until the next file.
		c.must(c.desk.Reject(t.Context(), c.sc, id, 1, ""))
		if doc, _ := c.doc(id); doc.State != guike.DocFiled || c.receipt(rc).Amount.Minor != 100_00 || c.receipt(rc).DeletedAt != 0 {
			t.Fatalf("left: %s", doc.State)
		}

		// The first put back says what is on file: nothing waits. Its bytes are the first file's, as one more version.
		c.must(c.desk.PutBack(t.Context(), c.sc, id, 1, "", 0, false))
		if _, err := c.run.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if doc, _ := c.doc(id); doc.State != guike.DocFiled || doc.Edition != 3 {
			t.Fatalf("put back: %s %s, edition %d", doc.State, doc.Reason, doc.Edition)
		}
		c.must(c.desk.PutBack(t.Context(), c.sc, id, 2, "", 0, false))
		if _, err := c.run.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		c.must(c.desk.Accept(t.Context(), c.sc, id, 1, nil, "", nil))
		if r := c.receipt(rc); r.Amount.Minor != 250_00 || r.Memo != "经理核过" || r.Serial != "改过的流水" || c.receipts() != 1 {
			t.Fatalf("taken: %+v", r)
		}

		// Undone, it is as it was before, and asked again; so is what was left.
		c.must(c.desk.Reopen(t.Context(), c.sc, id, 1))
		if doc, _ := c.doc(id); doc.Reason != "version" || c.receipt(rc).Amount.Minor != 100_00 || c.receipt(rc).Status != record.Active || c.receipt(rc).Serial != "改过的流水" {
			t.Fatalf("undone: %s %+v", doc.Reason, c.receipt(rc))
		}
		c.must(c.desk.Reject(t.Context(), c.sc, id, 1, ""))
		c.must(c.desk.Reopen(t.Context(), c.sc, id, 1))
		c.must(c.desk.Accept(t.Context(), c.sc, id, 1, nil, "", nil))
		if r := c.receipt(rc); r.Amount.Minor != 250_00 || c.receipts() != 1 {
			t.Fatalf("taken again: %+v", r)
		}

		vs, err := c.desk.Versions(t.Context(), c.sc, id)
		c.must(err)
		if len(vs) != 4 || vs[3].Name != "回单.pdf" || vs[2].Note != "重新扫描" || vs[1].Of != 1 || vs[0].Of != 2 {
			t.Fatalf("versions: %+v", vs)
		}
		for _, v := range vs {
			b, err := blob.ReadAll(t.Context(), c.desk.Blobs, v.SHA256, paper.MaxFile)
			if err != nil || !bytes.Equal(b, map[int64][]byte{1: one, 2: two, 3: one, 4: two}[v.No]) {
				t.Errorf("version %d is not its bytes: %v", v.No, err)
			}
		}
		cmp, err := c.desk.Compare(t.Context(), c.sc, id, 1, 2)
		c.must(err)
		found := false
		for _, f := range cmp.Facts {
			found = found || f.Name == "amount" && f.Before == "100.00" && f.After == "250.00"
		}
		if !found || cmp.Same {
			t.Errorf("compared: %+v", cmp.Facts)
		}

		// The bytes of an earlier version are no new document; nor may another document become them.
		again, already := c.keep("又.pdf", one)
		if !already || again != id {
			t.Errorf("an earlier version came as %s, %v", again, already)
		}
		other, _ := c.keep("别.txt", []byte("别的文件"))
		for _, data := range [][]byte{one, two} {
			if err := c.replace(other, "x.pdf", data, ""); !record.Is(err, record.Conflict) {
				t.Errorf("another document's file: %v", err)
			}
		}
		if err := c.replace(id, "x.pdf", two, ""); !record.Is(err, record.Conflict) {
			t.Errorf("the same file: %v", err)
		}

		// A file without the paper asks whether what is on file goes.
		c.must(c.replace(id, "说明.txt", []byte("没有回单了"), ""))
		doc, st = c.doc(id)
		if doc.Name != "回单.txt" || !strings.HasSuffix(doc.Path, ".txt") || doc.Reason != "version_gone" || len(st.Papers) != 1 || c.receipt(rc).DeletedAt != 0 {
			t.Fatalf("without it: %+v, %d papers", doc, len(st.Papers))
		}
		c.must(c.desk.Reject(t.Context(), c.sc, id, 1, ""))
		if doc, _ := c.doc(id); doc.State != guike.DocFiled || c.receipt(rc).DeletedAt == 0 {
			t.Errorf("set aside: %s", doc.State)
		}
		c.must(c.desk.Reopen(t.Context(), c.sc, id, 1))
		if doc, _ := c.doc(id); doc.Reason != "version_gone" || c.receipt(rc).DeletedAt != 0 || c.receipt(rc).Status != record.Active {
			t.Errorf("brought back: %s", doc.Reason)
		}
		c.must(c.desk.Accept(t.Context(), c.sc, id, 1, nil, "", nil))
		if doc, _ := c.doc(id); doc.State != guike.DocFiled || c.receipt(rc).Amount.Minor != 250_00 {
			t.Errorf("kept: %s", doc.State)
		}
		c.must(c.desk.PutBack(t.Context(), c.sc, id, 2, "", 0, false))
		if _, err := c.run.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if doc, st := c.doc(id); doc.State != guike.DocFiled || len(st.Papers) != 1 || st.Papers[0].Receipt != rc || st.Papers[0].Gone {
			t.Errorf("back again: %s %s %+v", doc.State, doc.Reason, st.Papers)
		}

		// Purged, nothing of its files is left to find; the bytes may come again.
		c.run.Follow("versions", ingest.Follow)
		c.must(c.db.Tx(t.Context(), c.sc, func(tx *store.Tx) error {
			if _, err := tx.Delete(t.Context(), "document", id); err != nil {
				return err
			}
			_, err := tx.Purge(t.Context(), "document", id)
			return err
		}))
		c.must(c.run.CatchUp(t.Context()))
		var n int64
		c.must(c.db.One(t.Context(), "SELECT count(*) FROM editions", nil, &n))
		if n != 0 {
			t.Errorf("%d versions left", n)
		}
		if fresh, already := c.keep("再来.pdf", one); already || fresh == "" {
			t.Errorf("came again: %s, %v", fresh, already)
		}
	})
}

// A file replaced before it was read is read when somebody compares it; the reading of one that gave way in the meantime writes nothing.
func TestReplaceUnread(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := openDesk(t, db)
		id, _, err := c.desk.Keep(t.Context(), c.sc, "合同.txt", "test", strings.NewReader("买卖合同\n合同金额 120,000.00 元\n付款日 2026-01-31"))
		c.must(err)
		c.must(c.replace(id, "合同.txt", []byte("买卖合同\n合同金额 135,000.00 元\n付款日 2026-01-31"), ""))
		if doc, st := c.doc(id); doc.State != guike.DocFiled || !strings.Contains(st.Pages[0].Text, "135,000") {
			t.Fatalf("read: %s %+v", doc.State, st)
		}
		cmp, err := c.desk.Compare(t.Context(), c.sc, id, 1, 2)
		c.must(err)
		if len(cmp.Figures) != 1 || cmp.Figures[0] != (ingest.FactChange{Name: "合同金额", Before: "120,000.00", After: "135,000.00"}) || len(cmp.Rows) != 3 {
			t.Errorf("compared: %+v", cmp)
		}
		if _, err := c.desk.Compare(t.Context(), c.sc, id, 1, 9); !record.Is(err, record.NotFound) {
			t.Errorf("no such version: %v", err)
		}
	})
}

// A note that somebody works on it warns others, and ends with his file, with his word or with its day.
func TestCheckOut(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := openDesk(t, db)
		id, _ := c.keep("合同.txt", []byte("一"))
		us := []record.Scope{c.sc, c.sc}
		c.must(db.Tx(t.Context(), c.sc, func(tx *store.Tx) error {
			for i, name := range []string{"anna", "bert"} {
				u := &guike.User{Login: name, Name: name, Role: "member"}
				if err := tx.Create(t.Context(), u); err != nil {
					return err
				}
				us[i].User, us[i].Admin = u.ID, false
			}
			return nil
		}))
		today := record.DateOf(db.Now(), time.UTC)
		put := func(sc record.Scope, text string, force bool) error {
			r, err := c.desk.Lay(t.Context(), sc, id, "合同.txt", strings.NewReader(text))
			c.must(err)
			r.Force = force
			return c.desk.Replace(t.Context(), sc, id, r)
		}
		soon := record.DateOf(db.Now().AddDate(0, 0, 2), time.UTC)
		if err := c.desk.Take(t.Context(), us[0], id, "2020-01-01", "", false); !record.Is(err, record.Invalid) {
			t.Errorf("until a day gone by: %v", err)
		}
		c.must(c.desk.Take(t.Context(), us[0], id, soon, "改第三条", false))
		if err := c.desk.Take(t.Context(), us[1], id, soon, "", false); !record.Is(err, record.Conflict) {
			t.Errorf("taken twice: %v", err)
		}
		if err := put(us[1], "二", false); !record.Is(err, record.Conflict) || err.(*record.Error).Fields["taken_by"] != "anna" || err.(*record.Error).Fields["taken_for"] != "改第三条" {
			t.Errorf("replaced under her hands: %v", err)
		}
		c.must(put(us[1], "三", true))
		if doc, _ := c.doc(id); doc.TakenBy != us[0].User || doc.Edition != 2 {
			t.Errorf("forced: %+v", doc)
		}
		if err := c.desk.Return(t.Context(), us[1], id); !record.Is(err, record.Denied) {
			t.Errorf("returned by another: %v", err)
		}
		c.must(put(us[0], "四", false))
		if doc, _ := c.doc(id); doc.TakenBy != "" || doc.TakenUntil != "" || doc.Edition != 3 {
			t.Errorf("done: %+v", doc)
		}
		c.must(c.desk.Take(t.Context(), us[0], id, soon, "", false))
		boss := us[1]
		boss.Admin = true
		c.must(c.desk.Return(t.Context(), boss, id))
		c.must(c.desk.Return(t.Context(), boss, id))
		// A day that passed ends it.
		c.must(db.Tx(t.Context(), c.sc, func(tx *store.Tx) error {
			_, err := tx.Update(t.Context(), "document", id, store.Patch{Values: map[string]record.Value{"taken_by": record.TextValue(string(us[0].User)), "taken_until": record.TextValue("2020-01-01")}})
			return err
		}))
		c.must(put(us[1], "五", false))
		if doc, _ := c.doc(id); doc.TakenBy != "" || doc.Taken(today) {
			t.Errorf("its day passed: %+v", doc)
		}
	})
}

// An archive says which of its files need a password; given once, they are documents for good, and the password is kept nowhere.
func TestLockedParts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := openDesk(t, db)
		for _, name := range []string{"aes256", "infozip", "two"} {
			data, err := os.ReadFile("../paper/testdata/zip/" + name + ".zip")
			c.must(err)
			id, _ := c.keep(name+".zip", data)
			doc, st := c.doc(id)
			locked := 0
			for _, p := range st.Parts {
				if p.Reason == "locked_part" && p.Document == "" {
					locked++
				}
			}
			if locked != 2 || doc.State != map[string]string{"aes256": guike.DocFiled, "infozip": guike.DocFailed, "two": guike.DocFailed}[name] {
				t.Fatalf("%s: %s %s, %+v", name, doc.State, doc.Reason, st.Parts)
			}
			err = c.desk.Retry(t.Context(), c.sc, id, "falsch")
			if e, ok := err.(*record.Error); !ok || e.Fields["password"] != "error.wrong_password" {
				t.Fatalf("%s by a wrong password: %v", name, err)
			}
			passwords := []string{"guike-2026"}
			if name == "two" {
				passwords = []string{"jia", "yi"}
			}
			for _, p := range passwords {
				c.must(c.desk.Retry(t.Context(), c.sc, id, p))
			}
			_, st = c.doc(id)
			for _, p := range st.Parts {
				if p.Document == "" || p.Reason != "" {
					t.Errorf("%s opened: %+v", name, p)
				}
			}
			if doc, _ := c.doc(id); doc.State != guike.DocFiled {
				t.Errorf("%s: %s %s", name, doc.State, doc.Reason)
			}
			if err := c.desk.Retry(t.Context(), c.sc, id, "jia"); !record.Is(err, record.Conflict) {
				t.Errorf("%s opened again: %v", name, err)
			}
			// Read by a newer reader, what was opened once stays told.
			c.must(db.Tx(t.Context(), c.sc, func(tx *store.Tx) error {
				if _, err := tx.Update(t.Context(), "document", id, store.Patch{Values: map[string]record.Value{"step": record.NumberValue(0)}}); err != nil {
					return err
				}
				_, err := queue.Add(t.Context(), tx, queue.New{Queue: ingest.ReadQueue, Title: "job.read", Args: map[string]any{"document": id}})
				return err
			}))
			if _, err := c.run.Drain(t.Context()); err != nil {
				t.Fatal(err)
			}
			_, again := c.doc(id)
			for i, p := range again.Parts {
				if p != st.Parts[i] && p.Document != st.Parts[i].Document {
					t.Errorf("%s read again: %+v, was %+v", name, p, st.Parts[i])
				}
			}
		}
	})
}
