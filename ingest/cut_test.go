package ingest_test

import (
	"math/rand/v2"
	"testing"

	"guike"
	"guike/demo"
	"guike/ingest"
	"guike/paper"
	"guike/paper/papertest"
	"guike/record"
	"guike/store"
	"guike/store/storetest"
)

// doubtful draws slips that wait for a person, perPage a page.
func (c *counter) doubtful(n, perPage int) (record.ID, []demo.Truth) {
	c.Helper()
	rng := rand.New(rand.NewPCG(31, uint64(perPage)))
	var slips []demo.Slip
	for range n {
		sl := papertest.AnySlip(rng)
		for sl.Conflict {
			sl = papertest.AnySlip(rng)
		}
		slips = append(slips, sl.Contradict(rng))
	}
	data, truths, err := demo.Slips(rng, 0, perPage, slips)
	if err != nil {
		c.Fatal(err)
	}
	id, _ := c.keep("合并扫描.pdf", data)
	return id, truths
}

func (c *counter) recut(id record.ID, cut ingest.Cutting) error {
	c.Helper()
	return c.desk.Recut(c.Context(), c.sc, id, cut)
}

// numbersOf are the slip numbers of a document's papers in order.
func numbersOf(st ingest.Stored) (out []string) {
	for _, p := range st.Papers {
		out = append(out, p.Fact("slip_no"))
	}
	return out
}

// A person moves where papers are cut: two of a page become one and two again, and what was decided of a paper that stays is kept.
func TestRecut(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := openDesk(t, db)
		id, truths := c.doubtful(2, 2)
		_, st := c.doc(id)
		if got := numbersOf(st); len(got) != 2 || got[0] != truths[0].Facts["slip_no"] || got[1] != truths[1].Facts["slip_no"] {
			t.Fatalf("cut by itself: %v", got)
		}
		between := (st.Papers[0].Box[3] + st.Papers[1].Box[1]) / 2
		if err := c.recut(id, ingest.Cutting{Cuts: []paper.Cut{{Page: 1, At: []float64{}}}}); err != nil {
			t.Fatal(err)
		}
		if _, st := c.doc(id); len(st.Papers) != 1 || c.receipts() != 1 || len(st.Cuts) != 1 {
			t.Errorf("as one: %d papers, %d receipts", len(st.Papers), c.receipts())
		}
		if err := c.recut(id, ingest.Cutting{Cuts: []paper.Cut{{Page: 1, At: []float64{between}}}}); err != nil {
			t.Fatal(err)
		}
		_, again := c.doc(id)
		if len(again.Papers) != 2 || c.receipts() != 2 {
			t.Fatalf("cut by hand: %d papers, %d receipts", len(again.Papers), c.receipts())
		}
		for i := range again.Papers {
			for k, v := range st.Papers[i].Map() {
				if again.Papers[i].Fact(k) != v {
					t.Errorf("paper %d: %s %q, was %q", i+1, k, again.Papers[i].Fact(k), v)
				}
			}
		}
		// It is read so whenever it is read.
		if err := c.desk.Retry(t.Context(), c.sc, id, ""); err != nil {
			t.Fatal(err)
		}
		if _, err := c.run.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, st := c.doc(id); len(st.Cuts) != 1 || len(st.Papers) != 2 {
			t.Errorf("read again: %v, %d papers", st.Cuts, len(st.Papers))
		}
		// Third part: the second paper is filed; cutting it is refused, cutting elsewhere keeps it.
		if err := c.desk.Accept(t.Context(), c.sc, id, 2, nil, "", nil); err != nil {
			t.Fatal(err)
		}
		_, st = c.doc(id)
		filed := st.Papers[1]
		if err := c.recut(id, ingest.Cutting{Cuts: []paper.Cut{{Page: 1, At: []float64{}}}}); !record.Is(err, record.Conflict) {
			t.Errorf("cutting what is on file: %v", err)
		}
		third := st.Papers[0].Box[1] + 0.7*(st.Papers[0].Box[3]-st.Papers[0].Box[1])
		if err := c.recut(id, ingest.Cutting{Cuts: []paper.Cut{{Page: 1, At: []float64{third, between}}}}); err != nil {
			t.Fatal(err)
		}
		_, st = c.doc(id)
		if len(st.Papers) != 3 || st.Papers[2].State != ingest.PaperFiled || st.Papers[2].Receipt != filed.Receipt {
			t.Fatalf("three: %+v", st.Papers)
		}
		r, err := db.Get(t.Context(), c.sc, "receipt", filed.Receipt)
		if err != nil || r.(*guike.Receipt).Paper != 3 || r.Head().DeletedAt != 0 {
			t.Errorf("the receipt on file: %v %+v", err, r)
		}
		for _, bad := range []ingest.Cutting{{Cuts: []paper.Cut{{Page: 2, At: []float64{0.5}}}}, {Cuts: []paper.Cut{{Page: 1, At: []float64{1}}}}, {Joined: []int{1}}, {Cuts: []paper.Cut{{Page: 1}, {Page: 1}}}} {
			if err := c.recut(id, bad); !record.Is(err, record.Invalid) {
				t.Errorf("%v: %v", bad, err)
			}
		}
	})
}

// What goes on over a page's end is put together, and taken apart again.
func TestJoinPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := openDesk(t, db)
		id, truths := c.doubtful(3, 1)
		if _, st := c.doc(id); len(st.Papers) != 3 {
			t.Fatalf("%d papers of three pages", len(st.Papers))
		}
		if err := c.recut(id, ingest.Cutting{Joined: []int{3}}); err != nil {
			t.Fatal(err)
		}
		_, st := c.doc(id)
		if got := numbersOf(st); len(got) != 2 || got[1] != truths[1].Facts["slip_no"] || st.Papers[1].Pages != 1 || c.receipts() != 2 {
			t.Errorf("joined: %v, %d receipts", got, c.receipts())
		}
		if err := c.recut(id, ingest.Cutting{}); err != nil {
			t.Fatal(err)
		}
		if _, st := c.doc(id); len(st.Papers) != 3 || c.receipts() != 3 {
			t.Errorf("taken apart: %d papers, %d receipts", len(st.Papers), c.receipts())
		}
		// One on file is not joined to.
		if err := c.desk.Accept(t.Context(), c.sc, id, 2, nil, "", nil); err != nil {
			t.Fatal(err)
		}
		if err := c.recut(id, ingest.Cutting{Joined: []int{3}}); !record.Is(err, record.Conflict) {
			t.Errorf("joining to what is on file: %v", err)
		}
	})
}
