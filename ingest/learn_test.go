package ingest_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"guike"
	"guike/demo"
	"guike/ingest"
	"guike/paper"
	"guike/paper/papertest"
	"guike/paper/workertest"
	"guike/record"
	"guike/store"
	"guike/store/storetest"
)

var learners = paper.Company{Name: demo.Company, Accounts: []string{demo.Accounts[0].Number}}

// arrive keeps a paper of a form that nobody knows.
func (c *counter) arrive(u papertest.Unseen, rng *rand.Rand) (record.ID, map[string]string) {
	c.Helper()
	data, want := u.PDF(c, rng, learners.Name, learners.Accounts[0])
	id, _ := c.keep(u.Name+".pdf", data)
	return id, want
}

func (c *counter) accept(id record.ID, facts map[string]string) {
	c.Helper()
	if err := c.desk.Accept(c.Context(), c.sc, id, 1, facts, "slip", nil); err != nil {
		c.Fatal(err)
	}
	if _, err := c.run.Drain(c.Context()); err != nil {
		c.Fatal(err)
	}
}

func (c *counter) lessons() []*guike.Lesson {
	c.Helper()
	page, err := c.db.List(c.Context(), c.sc, store.Query{Kind: "lesson", Limit: 100})
	if err != nil {
		c.Fatal(err)
	}
	var out []*guike.Lesson
	for _, r := range page.Records {
		out = append(out, r.(*guike.Lesson))
	}
	return out
}

// One correction on the desk teaches a form: the next waits for one look, and those after it are filed by themselves, right to the letter.
func TestDeskLearns(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := openDesk(t, db)
		for i, u := range papertest.Unseens {
			rng := rand.New(rand.NewPCG(7, uint64(i)))
			early, earlyWant := c.arrive(u, rng) // waits before anything is known of its form
			id, want := c.arrive(u, rng)
			doc, st := c.doc(id)
			if doc.State != guike.DocWaiting {
				t.Fatalf("%s: an unseen form is %s: %v", u.Name, doc.State, st.Papers[0].Facts)
			}
			c.accept(id, workertest.Mend(st.Papers[0].Paper, want))
			_, st = c.doc(id)
			if len(st.Papers[0].Taught) < 5 {
				t.Fatalf("%s taught %d lessons", u.Name, len(st.Papers[0].Taught))
			}
			for _, l := range c.lessons() {
				if strings.Contains(l.Words, `"`+want["payer_name"]+`"`) {
					t.Errorf("%s: the form's words name who paid: %s", u.Name, l.Words)
				}
			}
			// What waited was read again by what was learnt.
			_, st = c.doc(early)
			if p := st.Papers[0]; len(workertest.Mend(p.Paper, earlyWant)) > 0 || p.Reason != "learnt" {
				t.Errorf("%s: the one that waited: %s, wrong %v", u.Name, p.Reason, workertest.Mend(p.Paper, earlyWant))
			}
			c.accept(early, nil)
			for k := range 20 {
				id, want := c.arrive(u, rng)
				doc, st := c.doc(id)
				if bad := workertest.Mend(st.Papers[0].Paper, want); len(bad) > 0 || doc.State != guike.DocFiled {
					t.Errorf("%s %d: %s %s %s, wrong: %v", u.Name, k, doc.State, doc.Reason, doc.Detail, bad)
				}
			}
		}
		// Papers of forms that were known are read and filed as ever.
		id, _ := c.keep("回单.pdf", c.slip(1, 100_00))
		if doc, st := c.doc(id); doc.State != guike.DocFiled || st.Papers[0].Facts[0].Lesson != "" {
			t.Errorf("another form: %s, %+v", doc.State, st.Papers[0].Facts[0])
		}
	})
}

// A wrong lesson loses to the right one, and is let alone once it was wrong more often than right. Undoing a decision takes back what it taught and told.
func TestWrongLessonIsDropped(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := openDesk(t, db)
		u, rng := papertest.Unseens[2], rand.New(rand.NewPCG(9, 9))
		teach := func(swap bool) record.ID {
			id, want := c.arrive(u, rng)
			_, st := c.doc(id)
			if swap { // a person who takes one for the other
				want["slip_no"], want["serial"] = want["serial"], want["slip_no"]
			}
			c.accept(id, workertest.Mend(st.Papers[0].Paper, want))
			return id
		}
		find := func(fact, label string) *guike.Lesson {
			for _, l := range c.lessons() {
				if l.Fact == fact && l.Label == label {
					return l
				}
			}
			t.Fatalf("no lesson that %s is %s", label, fact)
			return nil
		}
		first := teach(true)
		if l := find("slip_no", "机器流水"); l.Confirmed != 1 || l.Contradicted != 0 || l.Document != first || l.Issuer != "远洋财务公司" || !l.Applied() {
			t.Errorf("taught: %+v", l)
		}
		// Undone, it taught nothing.
		if err := c.desk.Reopen(t.Context(), c.sc, first, 1); err != nil {
			t.Fatal(err)
		}
		if n := len(c.lessons()); n != 0 {
			t.Fatalf("%d lessons of a decision that was undone", n)
		}

		teach(true)
		second := teach(false) // the same labels, put right
		if l := find("slip_no", "机器流水"); l.Contradicted != 1 {
			t.Errorf("contradicted %d times", l.Contradicted)
		}
		if l := find("payer_name", "拨款主体"); l.Confirmed != 2 {
			t.Errorf("the payer's label is confirmed %d times", l.Confirmed)
		}
		// The right lesson is trusted more.
		id, want := c.arrive(u, rng)
		if _, st := c.doc(id); len(workertest.Mend(st.Papers[0].Paper, want)) > 0 || st.Papers[0].Reason != "learnt" {
			t.Errorf("after the wrong lesson was put right: %s, wrong %v", st.Papers[0].Reason, workertest.Mend(st.Papers[0].Paper, want))
		}
		// What the second decision told is taken back with it.
		if err := c.desk.Reopen(t.Context(), c.sc, second, 1); err != nil {
			t.Fatal(err)
		}
		if l := find("slip_no", "机器流水"); l.Contradicted != 0 || find("payer_name", "拨款主体").Confirmed != 1 {
			t.Errorf("after undo: %+v", l)
		}

		// Contradicted by values that stand at no label, twice: it is read by no more.
		for range 2 {
			id, _ := c.arrive(u, rng)
			if _, st := c.doc(id); st.Papers[0].Fact("slip_no") == "" {
				t.Error("the wrong lesson was dropped too soon")
			}
			c.accept(id, map[string]string{"slip_no": papertest.Digits(rng, 9), "serial": papertest.Digits(rng, 8)})
		}
		l := find("slip_no", "机器流水")
		if l.Contradicted != 2 || l.Applied() {
			t.Errorf("contradicted %d times, applied %t", l.Contradicted, l.Applied())
		}
		id, _ = c.arrive(u, rng)
		if _, st := c.doc(id); st.Papers[0].Fact("slip_no") != "" || st.Papers[0].Fact("payer_name") == "" {
			t.Errorf("a dropped lesson is applied: %v", st.Papers[0].Map())
		}
	})
}

// A lesson is tried on what is on file, against what people confirmed, and nothing is written by it.
func TestTryLesson(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := openDesk(t, db)
		u, rng := papertest.Unseens[1], rand.New(rand.NewPCG(11, 3)) // whose two sides stand under one word
		for i := range 23 {
			id, want := c.arrive(u, rng)
			_, st := c.doc(id)
			if i < 2 {
				c.accept(id, workertest.Mend(st.Papers[0].Paper, want))
			}
		}
		var payee *guike.Lesson
		for _, l := range c.lessons() {
			if l.Fact == "payee_name" {
				payee = l
			}
		}
		if payee == nil || payee.Label != "主体" || payee.Way != "below" || payee.Place != 2 || payee.Places != 2 {
			t.Fatalf("lesson of the payee: %+v", payee)
		}
		try := func(sc record.Scope, label string) (out []ingest.Tried) {
			mark, answers := "", 0
			for {
				some, next, of, err := c.desk.TryLesson(t.Context(), sc, payee.ID, label, mark)
				if err != nil || of != 23 {
					t.Fatalf("%v, of %d", err, of)
				}
				out, answers = append(out, some...), answers+1
				if mark = next; mark == "" {
					break
				}
			}
			if answers < 2 {
				t.Errorf("all in %d answers", answers)
			}
			return out
		}
		right, confirmed := 0, 0
		for _, x := range try(c.sc, "") {
			if x.Right && x.Found && x.Value == demo.Company {
				right++
			}
			if x.Person {
				confirmed++
			}
		}
		if right != 23 || confirmed != 2 {
			t.Errorf("%d right, %d confirmed by a person", right, confirmed)
		}
		for _, x := range try(c.sc, "簿记号") {
			if x.Found && x.Right {
				t.Errorf("under another label it reads %q", x.Value)
			}
		}
		// Who does not see the documents is answered none of them; who may not see the fact is refused.
		own := c.sc
		own.Other, own.Grants = record.Grant{}, map[string]record.Grant{"document": {Read: record.Own, Update: record.Everything}}
		if n := len(try(own, "")); n != 0 {
			t.Errorf("%d documents that the caller does not see", n)
		}
		blind := c.sc
		blind.Masked = map[string][]string{"receipt": {"payee_name"}}
		if _, _, _, err := c.desk.TryLesson(t.Context(), blind, payee.ID, "", ""); !record.Is(err, record.Denied) {
			t.Errorf("a masked fact: %v", err)
		}
		if got := c.lessons(); len(got) == 0 || got[0].Contradicted != 0 {
			t.Errorf("trying wrote something")
		}
	})
}

// A scan teaches too, though its characters are not all made out.
func TestScanTeaches(t *testing.T) {
	p := workertest.Pool(t, paper.OCR{})
	before, after, all := 0, 0, 0
	for i, u := range papertest.Unseens {
		rng := rand.New(rand.NewPCG(21, uint64(i)))
		scan := func() ([]byte, map[string]string) {
			data, want := u.PDF(t, rng, learners.Name, learners.Accounts[0])
			page, err := p.Render(t.Context(), data, "", 1, 2480)
			if err != nil {
				t.Fatal(err)
			}
			delete(want, "amount_upper") // no scan's is read to the letter
			delete(want, "direction")
			return papertest.Scanned(t, rng, page), want
		}
		data, want := scan()
		lore := workertest.Teach(t, p, learners, data, want)
		for range 2 {
			data, want := scan()
			was, err := p.Read(t.Context(), "scan.jpg", data, "", learners)
			if err != nil {
				t.Fatal(err)
			}
			now, err := p.ReadBy(t.Context(), "scan.jpg", data, "", learners, lore)
			if err != nil {
				t.Fatal(err)
			}
			b, a := len(want)-len(workertest.Mend(was.Papers[0], want)), len(want)-len(workertest.Mend(now.Papers[0], want))
			before, after, all = before+b, after+a, all+len(want)
			if a < b {
				t.Errorf("%s: %d facts right before, %d after", u.Name, b, a)
			}
		}
	}
	t.Logf("scans: %d of %d facts right before, %d after one correction of each form", before, all, after)
	if 10*after < 7*all {
		t.Error("too few")
	}
}
