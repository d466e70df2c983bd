package ingest_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"guike"
	"guike/blob"
	"guike/demo"
	"guike/ingest"
	"guike/paper"
	"guike/paper/workertest"
	"guike/queue"
	"guike/record"
	"guike/store"
	"guike/store/storetest"
)

// A counter is a desk with all it needs on a workspace of the test's own.
type counter struct {
	*testing.T
	db   *store.DB
	desk *ingest.Desk
	run  *queue.Runner
	sc   record.Scope
	rng  *rand.Rand
}

// nobody links nothing: linking has tests of its own in room match.
type nobody struct{}

func (nobody) Customer(context.Context, *store.Tx, ingest.Party) (ingest.Link, error) {
	return ingest.Link{}, nil
}
func (nobody) Address(ctx context.Context, tx *store.Tx, address string) (customer, contact record.ID, err error) {
	err = tx.Each(ctx, "SELECT id FROM customers WHERE email = ?", []any{address}, func(rows store.Rows) error { return rows.Scan((*string)(&customer)) })
	return customer, "", err
}
func (nobody) Learn(context.Context, *store.Tx, record.ID, ingest.Party) error { return nil }

func openDesk(t *testing.T, db *store.DB) *counter {
	t.Helper()
	blobs, err := blob.Open(context.Background(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	c := &counter{T: t, db: db, rng: rand.New(rand.NewPCG(3, 3)), sc: record.SystemScope("test")}
	c.desk = &ingest.Desk{DB: db, Blobs: blobs, Pool: workertest.Pool(t, paper.OCR{}), Matcher: nobody{}, Uploads: t.TempDir()}
	c.run = queue.NewRunner(db, 1)
	c.run.Handle(ingest.ReadQueue, 1, c.desk.Handler())
	c.run.Handle(ingest.LearnQueue, 1, c.desk.LearnHandler())
	if err := db.Tx(t.Context(), c.sc, func(tx *store.Tx) error {
		for _, a := range demo.Accounts {
			if err := tx.Create(t.Context(), &guike.Account{Number: a.Number, Holder: demo.Company, Bank: a.Bank, Own: true}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *counter) slip(no int, amount int64) []byte {
	c.Helper()
	r := &guike.Receipt{Type: "slip", Direction: "in", Bank: "招商银行", PaidOn: "2026-08-31", Amount: record.Money{Minor: amount, Currency: "CNY"},
		SlipNo: fmt.Sprint(470174681453840000 + no), Serial: fmt.Sprint(610033076000000 + no), PayerName: "上海恒泰贸易有限公司", PayerAccount: "6222021001112223334", PayerBank: "交通银行上海张江支行",
		PayeeName: demo.Company, PayeeAccount: demo.Accounts[2].Number, PayeeBank: demo.Accounts[2].Bank, Purpose: "年费"}
	_, data, err := demo.PaperFor(c.rng, r)
	if err != nil {
		c.Fatal(err)
	}
	return data
}

func (c *counter) keep(name string, data []byte) (record.ID, bool) {
	c.Helper()
	id, already, err := c.desk.Keep(c.Context(), c.sc, name, "test", bytes.NewReader(data))
	if err != nil {
		c.Fatal(err)
	}
	if _, err := c.run.Drain(c.Context()); err != nil {
		c.Fatal(err)
	}
	return id, already
}

func (c *counter) doc(id record.ID) (*guike.Document, ingest.Stored) {
	c.Helper()
	r, err := c.db.Get(c.Context(), c.sc, "document", id)
	if err != nil {
		c.Fatal(err)
	}
	st, err := c.desk.Reading(c.Context(), c.sc, id)
	if err != nil {
		c.Fatal(err)
	}
	return r.(*guike.Document), st
}

func (c *counter) receipts() int {
	c.Helper()
	n, _, err := c.db.Count(c.Context(), c.sc, store.Query{Kind: "receipt"}, nil)
	if err != nil {
		c.Fatal(err)
	}
	return int(n)
}

func TestPaperBecomesReceipt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := openDesk(t, db)
		data := c.slip(1, 491_300_00)
		id, already := c.keep("回单.pdf", data)
		if already {
			t.Error("the first arrival is called known")
		}
		doc, st := c.doc(id)
		if doc.State != guike.DocFiled || len(st.Papers) != 1 || st.Papers[0].State != ingest.PaperFiled {
			b, _ := json.MarshalIndent(st, "", " ")
			t.Fatalf("state %s (%s %s)\n%s", doc.State, doc.Reason, doc.Detail, b)
		}
		if want := "上海恒泰贸易有限公司/2026/2026-08-31_回单_491300.00_470174681453840001.pdf"; doc.Path != want {
			t.Errorf("path %q, want %q", doc.Path, want)
		}
		// The same bytes: one document, the arrival counted.
		again, already := c.keep("又一份.pdf", data)
		if doc, _ := c.doc(id); again != id || !already || doc.Arrivals != 2 {
			t.Errorf("the same bytes again: %s already=%t arrivals=%d", again, already, doc.Arrivals)
		}
		// The same paper in other bytes: a duplicate, no second receipt.
		dup, _ := c.keep("同一张.pdf", append(bytes.Clone(data), "\n% copy\n"...))
		if doc, st := c.doc(dup); doc.State != guike.DocFiled || st.Papers[0].State != ingest.PaperDuplicate || st.Papers[0].Other == "" {
			t.Errorf("duplicate: %s %+v", doc.State, st.Papers[0])
		}
		// The same number with another amount: a person must look.
		con, _ := c.keep("冲突.pdf", c.slip(1, 491_300_01))
		if doc, st := c.doc(con); doc.State != guike.DocWaiting || st.Papers[0].State != ingest.PaperConflict {
			t.Errorf("conflict: %s %+v", doc.State, st.Papers[0])
		}
		if err := c.desk.Accept(t.Context(), c.sc, con, 1, nil, "", nil); !record.Is(err, record.Conflict) {
			t.Errorf("accepting a conflict as it is: %v", err)
		}
		if err := c.desk.Accept(t.Context(), c.sc, con, 1, map[string]string{"slip_no": "99"}, "", nil); err != nil {
			t.Errorf("accepting it under another number: %v", err)
		}
		if n := c.receipts(); n != 2 {
			t.Errorf("%d receipts, want 2", n)
		}
	})
}

func TestDoubtWaits(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := openDesk(t, db)
		for name, bad := range map[string]string{"坏.pdf": "%PDF-1.7\nnothing", "旧.doc": "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 old", "怪.txt": "\x00\x01\x02\xff\xfe\x00", "图.jpg": "\xff\xd8\xff\xe0\x00\x10JFIF\x00"} {
			id, _ := c.keep(name, []byte(bad))
			if doc, _ := c.doc(id); doc.State != guike.DocFailed || doc.Reason == "" || doc.Detail == "" {
				t.Errorf("%s: %s %q %q, want failed with a reason", name, doc.State, doc.Reason, doc.Detail)
			}
		}
		if _, _, err := c.desk.Keep(t.Context(), c.sc, "空.pdf", "test", strings.NewReader("")); !record.Is(err, record.Invalid) {
			t.Errorf("an empty file: %v", err)
		}
		if _, _, err := c.desk.Keep(t.Context(), c.sc, "大.pdf", "test", io.LimitReader(zeros{}, paper.MaxFile+10)); !record.Is(err, record.TooLarge) {
			t.Errorf("a huge file: %v", err)
		}
		id, _ := c.keep("回单.pdf", c.slip(7, 100_00))
		if err := c.desk.Reopen(t.Context(), c.sc, id, 1); err != nil {
			t.Fatal(err)
		}
		if doc, _ := c.doc(id); doc.State != guike.DocWaiting {
			t.Errorf("reopened: %s", doc.State)
		}
		if err := c.desk.Reject(t.Context(), c.sc, id, 1, "不是我们的"); err != nil {
			t.Fatal(err)
		}
		if n := c.receipts(); n != 0 {
			t.Errorf("%d receipts of a rejected paper", n)
		}
		if err := c.desk.Reopen(t.Context(), c.sc, id, 1); err != nil {
			t.Fatal(err)
		}
		made := ingest.NewCustomer
		if err := c.desk.Accept(t.Context(), c.sc, id, 1, map[string]string{"purpose": "服务费", "payer_name": "新来的贸易有限公司"}, "", &made); err != nil {
			t.Fatal(err)
		}
		_, st := c.doc(id)
		r, err := db.Get(t.Context(), c.sc, "receipt", st.Papers[0].Receipt)
		if err != nil {
			t.Fatal(err)
		}
		if rc := r.(*guike.Receipt); rc.Purpose != "服务费" || rc.Status != record.Active || rc.DeletedAt != 0 {
			t.Errorf("accepted: %+v", rc)
		} else if cus, err := db.Get(t.Context(), c.sc, "customer", rc.Customer); err != nil || cus.(*guike.Customer).Name != "新来的贸易有限公司" {
			t.Errorf("the customer made from the paper: %v, %v", cus, err)
		} else if n, _, err := db.Count(t.Context(), c.sc, store.Query{Kind: "account", Filter: record.Where("customer", "eq", rc.Customer)}, nil); err != nil || n != 1 {
			t.Errorf("%d accounts of his, %v", n, err)
		}
	})
}

// A letter is a document with words: it is found, shown and no paper waits in it.
func TestLetterIsNoPaper(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := openDesk(t, db)
		id, _ := c.keep("会谈 纪要.txt", []byte("与文佳然会谈\n金额 100.00 元\f第二页"))
		doc, st := c.doc(id)
		if doc.State != guike.DocFiled || doc.Reason != "" || doc.Pages != 2 || len(st.Papers) != 0 || st.Pages[1].Text != "第二页" || !strings.HasSuffix(doc.Path, "_会谈 纪要.txt") {
			t.Errorf("%s %s %q %+v", doc.State, doc.Reason, doc.Path, st)
		}
		list, err := db.Search(t.Context(), c.sc, "佳然会谈", 10)
		if err != nil || len(list) == 0 {
			t.Errorf("search: %v %v", list, err)
		}
	})
}

func pack(t *testing.T, files map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		e, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := e.Write(files[name]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (c *counter) count(kind string, f record.Filter) int {
	c.Helper()
	n, _, err := c.db.Count(c.Context(), c.sc, store.Query{Kind: kind, Filter: f}, nil)
	if err != nil {
		c.Fatal(err)
	}
	return int(n)
}

// What an archive holds is filed as if it had been sent alone; sent again, or read again, nothing is there twice.
func TestArchiveIsUnpacked(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := openDesk(t, db)
		inner := pack(t, map[string][]byte{"深.txt": []byte("里面")})
		data := pack(t, map[string][]byte{"回单/一.pdf": c.slip(1, 100_00), "二.txt": []byte("说明"), "内.zip": inner, "../恶.txt": []byte("x")})
		id, _ := c.keep("包.zip", data)
		doc, st := c.doc(id)
		if doc.State != guike.DocFiled || len(st.Parts) != 4 || st.Parts[0].Reason != "bad_name" || st.Parts[3].Document == "" || !strings.Contains(st.Pages[0].Text, "回单/一.pdf") {
			t.Fatalf("%s %s %+v", doc.State, doc.Reason, st)
		}
		in := record.Where("container", "eq", id)
		if n := c.count("document", in); n != 3 {
			t.Errorf("%d parts, want 3", n)
		}
		if n, r := c.count("document", record.Filter{}), c.receipts(); n != 5 || r != 1 {
			t.Errorf("%d documents and %d receipts, want 5 and 1", n, r)
		}
		again, already := c.keep("又.zip", data)
		if n := c.count("document", record.Filter{}); again != id || !already || n != 5 {
			t.Errorf("again: %s %t, %d documents", again, already, n)
		}
		// The same file in another archive stays where it is, and is named there.
		other, _ := c.keep("别.zip", pack(t, map[string][]byte{"二.txt": []byte("说明")}))
		if _, st := c.doc(other); len(st.Parts) != 1 || !st.Parts[0].Already || st.Parts[0].Document == "" || c.count("document", record.Filter{}) != 6 {
			t.Errorf("in another: %+v", st.Parts)
		}
		nest := []byte("最里面")
		for i := range 7 {
			nest = pack(t, map[string][]byte{fmt.Sprintf("%d.zip", i): nest})
		}
		before := c.count("document", record.Filter{})
		c.keep("套娃.zip", nest)
		if n := c.count("document", record.Filter{}) - before; n != 5 {
			t.Errorf("%d documents of seven nested archives, want 5", n)
		}
		if n := c.count("document", record.All(record.Where("reason", "eq", "nested"), record.Where("state", "eq", guike.DocFailed))); n != 1 {
			t.Errorf("%d say that they lie too deep", n)
		}
	})
}

// A mail of a known address is on his timeline once, however often and in whatever bytes it comes; its attachments are documents.
func TestMailOnTimeline(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := openDesk(t, db)
		cus := &guike.Customer{Name: "文佳然", Email: "wen@client.example"}
		if err := db.Tx(t.Context(), c.sc, func(tx *store.Tx) error { return tx.Create(t.Context(), cus) }); err != nil {
			t.Fatal(err)
		}
		body := "Message-ID: <1@client.example>\r\nDate: Mon, 2 Mar 2026 10:00:00 +0800\r\nSubject: 续签\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n请续签\r\n--b\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\nprice\r\n--b--\r\n"
		in := "Received: x\r\nFrom: wen@client.example\r\nTo: us@ours.example\r\n" + body
		id, _ := c.keep("来信.eml", []byte(in))
		doc, st := c.doc(id)
		if doc.State != guike.DocFiled || doc.Customer != cus.ID || doc.Message != "1@client.example" || len(st.Parts) != 1 || c.count("document", record.Where("container", "eq", id)) != 1 {
			t.Errorf("%+v %+v", doc, st)
		}
		page, err := db.List(t.Context(), c.sc, store.Query{Kind: "activity"})
		if err != nil || len(page.Records) != 1 {
			t.Fatalf("%d activities, %v", len(page.Records), err)
		}
		a := page.Records[0].(*guike.Activity)
		if a.Type != "mail" || a.Subject != "续签" || a.Customer != cus.ID || a.Document != id || a.Direction != "in" || !strings.Contains(a.Body, "请续签") || a.HappenedAt.String() != "2026-03-02T02:00:00.000000Z" {
			t.Errorf("%+v", a)
		}
		c.keep("同信.eml", []byte("Received: y\r\n"+in))
		c.keep("旁信.eml", []byte("Received: x\r\nFrom: stranger@else.example\r\nTo: wen@client.example\r\nDate: Mon, 2 Mar 2026 10:00:00 +0800\r\nSubject: x\r\n\r\nx"))
		if n := c.count("activity", record.Filter{}); n != 1 {
			t.Errorf("%d activities of one mail", n)
		}
		c.keep("去信.eml", []byte("From: us@ours.example\r\nTo: Wen <wen@client.example>\r\nDate: Tue, 3 Mar 2026 10:00:00 +0800\r\nSubject: 回复\r\n\r\n好"))
		if n := c.count("activity", record.Where("direction", "eq", "out")); n != 1 {
			t.Errorf("%d mails of ours", n)
		}
	})
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); p[0] = 'x'; return len(p), nil }

func TestUploadResumes(t *testing.T) {
	c := openDesk(t, storetest.SQLite(t))
	data := c.slip(3, 5_00)
	u, err := c.desk.Begin(t.Context(), c.sc, `C:\x\..\回单.pdf`, int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	if u.Name != "回单.pdf" {
		t.Errorf("name %q", u.Name)
	}
	half := len(data) / 2
	broken := io.MultiReader(bytes.NewReader(data[:half]), errReader{})
	if _, _, _, _, err := c.desk.Append(t.Context(), c.sc, u.ID, 0, broken); err == nil {
		t.Error("a broken connection was taken for an end")
	}
	list, err := c.desk.Unfinished(t.Context(), c.sc)
	if err != nil || len(list) != 1 || list[0].Offset != int64(half) {
		t.Fatalf("unfinished: %+v %v", list, err)
	}
	if _, _, _, _, err := c.desk.Append(t.Context(), c.sc, u.ID, 0, bytes.NewReader(data)); !record.Is(err, record.Conflict) {
		t.Errorf("a wrong offset: %v", err)
	}
	sum := sha256.Sum256(data[:half])
	if got, err := c.desk.Arrived(t.Context(), c.sc, u.ID); err != nil || got.Offset != int64(half) || got.SHA256 != hex.EncodeToString(sum[:]) {
		t.Errorf("arrived: %+v, %v", got, err)
	}
	_, doc, _, done, err := c.desk.Append(t.Context(), c.sc, u.ID, int64(half), bytes.NewReader(data[half:]))
	if err != nil || !done || doc == "" {
		t.Fatalf("resumed: done=%t doc=%q %v", done, doc, err)
	}
	if list, _ := c.desk.Unfinished(t.Context(), c.sc); len(list) != 0 {
		t.Errorf("still unfinished: %+v", list)
	}
}

type errReader struct{}

func (errReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// An invoice that is XML becomes a receipt as a PDF does; the same invoice as a PDF is met as a duplicate; a sum that is wrong waits, and what is hostile says why.
func TestXMLBecomesReceipt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := openDesk(t, db)
		text := func(no, total string) []byte {
			return []byte(`<EInvoice><EInvoiceData><SellerInformation><SellerIdNum>91110108690017781B</SellerIdNum><SellerName>北京恒泰信息技术有限公司</SellerName></SellerInformation><BuyerInformation><BuyerName>` + demo.Company +
				`</BuyerName></BuyerInformation><BasicInformation><TotalAmWithoutTax>100</TotalAmWithoutTax><TotalTaxAm>6</TotalTaxAm><TotalTax-includedAmount>` + total + `</TotalTax-includedAmount></BasicInformation></EInvoiceData><TaxSupervisionInfo><InvoiceNumber>` +
				no + `</InvoiceNumber><IssueTime>2026-01-09 10:00:00</IssueTime></TaxSupervisionInfo></EInvoice>`)
		}
		const no = "24112000000048542163"
		id, _ := c.keep("x.xml", text(no, "106"))
		doc, st := c.doc(id)
		if doc.State != guike.DocFiled || doc.Mime != "application/xml" || len(st.Papers) != 1 || st.Papers[0].Receipt == "" || st.Papers[0].Facts[0].By != "xml" {
			t.Fatalf("%s %s %+v", doc.State, doc.Mime, st)
		}
		r, err := db.Get(t.Context(), c.sc, "receipt", st.Papers[0].Receipt)
		if err != nil {
			t.Fatal(err)
		}
		if r := r.(*guike.Receipt); r.Type != "invoice" || r.Amount.Minor != 10600 || r.Tax.Minor != 600 || r.Direction != "in" || r.IssuedOn != "2026-01-09" || r.Status != record.Active {
			t.Errorf("%+v", r)
		}
		pdf, _, err := demo.InvoicePDF(demo.Invoice{No: no, IssuedOn: time.Date(2026, 1, 9, 0, 0, 0, 0, time.UTC), Seller: "北京恒泰信息技术有限公司", SellerTax: "91110108690017781B", Buyer: demo.Company, Item: "年费", Net: 10000, Tax: 600, Total: 10600, Rate: 6})
		if err != nil {
			t.Fatal(err)
		}
		id, _ = c.keep("x.pdf", pdf)
		if _, st := c.doc(id); st.Papers[0].State != ingest.PaperDuplicate {
			t.Errorf("%+v", st.Papers[0])
		}
		id, _ = c.keep("wrong.xml", text("24112000000048542164", "107"))
		if doc, _ := c.doc(id); doc.State != guike.DocWaiting || doc.Reason != "check_failed" {
			t.Errorf("%s %s", doc.State, doc.Reason)
		}
		id, _ = c.keep("hostile.xml", append([]byte(`<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>`), text("24112000000048542165", "&x;")...))
		if doc, _ := c.doc(id); doc.State != guike.DocFailed || doc.Reason != "damaged" || !strings.Contains(doc.Detail, "DTD") {
			t.Errorf("%s %s %s", doc.State, doc.Reason, doc.Detail)
		}
		if n := c.receipts(); n != 2 {
			t.Errorf("%d receipts", n)
		}
	})
}
