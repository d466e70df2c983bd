package classify_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"guike"
	"guike/classify"
	"guike/record"
	"guike/store"
	"guike/store/storetest"
)

// stand is what a record's dimension holds, and who decided it.
type stand struct {
	value record.Value
	why   record.Decision
}

func (w *world) stands(field string, ids []record.ID) map[record.ID]stand {
	w.Helper()
	ctx := context.Background()
	cat, err := w.db.Catalogue(ctx, false)
	if err != nil {
		w.Fatal(err)
	}
	ds, err := w.db.Decisions(ctx, ids...)
	if err != nil {
		w.Fatal(err)
	}
	recs, err := w.db.GetAll(ctx, record.SystemScope("test"), "receipt", ids, record.Everything, "")
	if err != nil {
		w.Fatal(err)
	}
	out := map[record.ID]stand{}
	for _, r := range recs {
		d := ds[r.Head().ID][field]
		d.At = 0
		out[r.Head().ID] = stand{cat.Kind("receipt").Get(r, field), d}
	}
	return out
}

// dimension adds one with categories named by words.
func (w *world) dimension(multi bool, words []string) (record.ID, string, []record.ID) {
	w.Helper()
	ctx, sys := context.Background(), record.SystemScope("test")
	dim, err := classify.AddDimension(ctx, w.db, sys, guike.Dimension{Of: "receipt", Label: "题", Multi: multi})
	if err != nil {
		w.Fatal(err)
	}
	var cats []record.ID
	for _, name := range words {
		id, err := classify.AddCategory(ctx, w.db, sys, guike.Category{Dimension: dim, Name: name})
		if err != nil {
			w.Fatal(err)
		}
		cats = append(cats, id)
	}
	d, err := w.db.Get(ctx, sys, "dimension", dim)
	if err != nil {
		w.Fatal(err)
	}
	return dim, d.(*guike.Dimension).Name, cats
}

// What the preview says is what the application does, and an undo gives every record back its value and who decided it; what a person decided since stays
// and is named. Rules are drawn at random, for dimensions of one value and of several.
func TestRevisionRoundTrip(t *testing.T) {
	words := []string{"年费", "服务", "货款", "押金"}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, ctx, sys := start(t, db), context.Background(), record.SystemScope("test")
		rng := rand.New(rand.NewPCG(3, 9))
		var recs []record.Record
		for range 120 {
			recs = append(recs, &guike.Receipt{Type: "slip", Purpose: words[rng.IntN(4)] + words[rng.IntN(4)], Memo: words[rng.IntN(4)], Amount: record.Money{Minor: rng.Int64N(3_000_000), Currency: "CNY"}})
		}
		w.create(recs...)
		var ids []record.ID
		for _, r := range recs {
			ids = append(ids, r.Head().ID)
		}
		for _, multi := range []bool{false, true} {
			dim, field, cats := w.dimension(multi, words)
			draw := func() classify.Setup {
				var s classify.Setup
				for range 1 + rng.IntN(5) {
					f := record.Where([]string{"purpose", "memo"}[rng.IntN(2)], "contains", words[rng.IntN(4)])
					if rng.IntN(3) == 0 {
						f = record.All(f, record.Where("amount", "ge", record.Money{Minor: 1_000_000, Currency: "CNY"}))
					}
					s.Rules = append(s.Rules, classify.RuleText{Category: cats[rng.IntN(len(cats))], Filter: f, Disabled: rng.IntN(6) == 0})
				}
				return s
			}
			apply := func(s classify.Setup) (record.ID, *classify.Preview) {
				t.Helper()
				p, err := classify.PreviewOf(ctx, db, sys, dim, s)
				if err != nil {
					t.Fatal(err)
				}
				before := w.stands(field, ids)
				id, err := classify.Draft(ctx, db, sys, "", dim, "试", s)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := classify.Publish(ctx, db, sys, id, 0); err != nil {
					t.Fatal(err)
				}
				w.settle()
				moves := map[string]int64{}
				for id, now := range w.stands(field, ids) {
					if was := before[id]; was.value != now.value && !(was.value.Null && now.value.Null) {
						moves[fmt.Sprint(was.value.Numbers(multi), now.value.Numbers(multi))]++
					}
				}
				want := map[string]int64{}
				for _, m := range p.Moves {
					want[fmt.Sprint(m.From, m.To)] = m.Count
				}
				if !reflect.DeepEqual(moves, want) {
					t.Fatalf("multi %v: preview %v, applied %v", multi, want, moves)
				}
				if r, err := db.Get(ctx, sys, "revision", id); err != nil || r.(*guike.Revision).Moved != p.Moved {
					t.Fatalf("the preview said %d, the revision says it moved %d, %v", p.Moved, r.(*guike.Revision).Moved, err)
				}
				if again, err := classify.PreviewOf(ctx, db, sys, dim, s); err != nil || again.Moved != 0 {
					t.Fatalf("after it was applied it would move %d, %v", again.Moved, err)
				}
				return id, p
			}
			apply(draw())
			for range 4 {
				before := w.stands(field, ids)
				rev, p := apply(draw())
				// What arrives meanwhile is classified by the rules that are taken back then.
				late := &guike.Receipt{Type: "slip", Purpose: words[rng.IntN(4)], Memo: words[rng.IntN(4)], Amount: record.Money{Minor: rng.Int64N(3_000_000), Currency: "CNY"}}
				w.create(late)
				w.settle()
				var edited record.ID
				if p.Moved > 0 && !multi {
					after := w.stands(field, ids)
					for _, id := range ids {
						if after[id].value != before[id].value {
							edited = id
							break
						}
					}
					if _, err := classify.Set(ctx, db, sys, "receipt", edited, map[string][]string{field: {string(cats[0])}}, nil); err != nil {
						t.Fatal(err)
					}
					w.settle()
				}
				if _, err := classify.UndoRevision(ctx, db, sys, rev); err != nil {
					t.Fatal(err)
				}
				w.settle()
				r, err := db.Get(ctx, sys, "revision", rev)
				if err != nil {
					t.Fatal(err)
				}
				if got := r.(*guike.Revision); got.State != guike.RevisionUndone || (got.Kept > 0) != (edited != "") {
					t.Fatalf("undone: %s, kept %d, edited %q", got.State, got.Kept, edited)
				}
				for id, now := range w.stands(field, ids) {
					if id == edited {
						if now.why.Origin != "person" {
							t.Errorf("what a person decided since was taken back")
						}
						if _, err := classify.Set(ctx, db, sys, "receipt", id, nil, []string{field}); err != nil {
							t.Fatal(err)
						}
						continue
					}
					if now != before[id] {
						t.Fatalf("multi %v: after undo %s is %+v, was %+v", multi, id, now, before[id])
					}
				}
				w.settle()
				now := w.stands(field, []record.ID{late.ID})[late.ID]
				if _, err := classify.Set(ctx, db, sys, "receipt", late.ID, map[string][]string{field: {string(cats[0])}}, nil); err != nil {
					t.Fatal(err)
				}
				if _, err := classify.Set(ctx, db, sys, "receipt", late.ID, nil, []string{field}); err != nil {
					t.Fatal(err)
				}
				w.settle() // handed back, it is decided by the rules in force
				if want := w.stands(field, []record.ID{late.ID})[late.ID]; now != want {
					t.Fatalf("multi %v: what came meanwhile is %+v after the undo, the rules say %+v", multi, now, want)
				}
				if err := db.Tx(ctx, sys, func(tx *store.Tx) error { _, err := tx.Delete(ctx, "receipt", late.ID); return err }); err != nil {
					t.Fatal(err)
				}
				w.settle()
			}
		}
	})
}

// A preview shows which rules never win: provably, where the conditions allow, else from the data.
func TestShadowedRules(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, ctx, sys := start(t, db), context.Background(), record.SystemScope("test")
		for i := range 9 {
			w.create(&guike.Receipt{Type: "slip", Purpose: []string{"企业版年费", "个人版年费", "货款"}[i%3], Memo: "x", Amount: record.Money{Minor: 1, Currency: "CNY"}})
		}
		dim, _, cats := w.dimension(false, []string{"甲", "乙"})
		p, err := classify.PreviewOf(ctx, db, sys, dim, classify.Setup{Rules: []classify.RuleText{
			{Category: cats[0], Filter: record.Where("purpose", "contains", "年费")},
			{Category: cats[1], Filter: record.All(record.Where("purpose", "contains", "企业版年费"), record.Where("type", "eq", "slip"))},
			{Category: cats[1], Filter: record.Where("memo", "eq", "x")},
			{Category: cats[0], Filter: record.Where("purpose", "eq", "货款")},
		}})
		if err != nil {
			t.Fatal(err)
		}
		r := p.Rules
		if p.Moved != 9 || r[0].Wins != 6 || r[1].Wins != 0 || r[1].Behind != 0 || r[1].Taken[0] != 3 || r[2].Wins != 3 || r[3].Wins != 0 || r[3].Behind != -1 || r[3].Taken[2] != 3 || r[0].Overlap[2] != 6 {
			t.Errorf("%+v", p)
		}
		if len(p.Moves) != 2 || len(p.Moves[0].Sample) == 0 {
			t.Errorf("moves %+v", p.Moves)
		}
	})
}

// A preview's examples are of the move that they stand at, each once, and none that its asker may not read.
func TestPreviewSamples(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, ctx, sys := start(t, db), context.Background(), record.SystemScope("test")
		u := &guike.User{Name: "我", Login: "me", Role: "member"}
		w.create(u)
		for i := range 40 {
			r := &guike.Receipt{Type: "slip", Purpose: []string{"年费", "货款"}[i%2], Amount: record.Money{Minor: 1, Currency: "CNY"}}
			if i%10 > 7 {
				r.Owner = u.ID
			}
			w.create(r)
		}
		dim, _, cats := w.dimension(false, []string{"甲", "乙"})
		s := classify.Setup{Rules: []classify.RuleText{{Category: cats[0], Filter: record.Where("purpose", "contains", "年费")}, {Category: cats[1], Filter: record.Where("purpose", "contains", "货款")}}}
		cat, err := db.Catalogue(ctx, true)
		if err != nil {
			t.Fatal(err)
		}
		first := cat.Category(dim, string(cats[0]))
		me := record.Scope{User: u.ID, Rules: true, Grants: map[string]record.Grant{"receipt": {Read: record.Own}}}
		for _, asker := range []record.Scope{sys, me} {
			p, err := classify.PreviewOf(ctx, db, asker, dim, s)
			if err != nil {
				t.Fatal(err)
			}
			if p.Moved != 40 || len(p.Moves) != 2 {
				t.Fatalf("%+v", p)
			}
			shown := map[record.ID]bool{}
			for _, m := range p.Moves {
				purpose := "年费"
				if m.To[0] != first.N {
					purpose = "货款"
				}
				if asker.User == "" && len(m.Sample) != 5 {
					t.Errorf("%d examples of %d", len(m.Sample), m.Count)
				}
				for _, r := range m.Sample {
					x := r.(*guike.Receipt)
					if x.Purpose != purpose || shown[x.ID] || asker.User != "" && x.Owner != asker.User {
						t.Errorf("%s of %s at the move of %s", x.Purpose, x.Owner, purpose)
					}
					shown[x.ID] = true
				}
			}
			if len(shown) == 0 {
				t.Error("no examples")
			}
		}
	})
}

// Categories are merged with what persons decided, which stays theirs, and come apart again.
func TestMerge(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, ctx, sys := start(t, db), context.Background(), record.SystemScope("test")
		var recs []record.Record
		for i := range 6 {
			recs = append(recs, &guike.Receipt{Type: "slip", Purpose: []string{"年费", "货款", "押金"}[i%3], Amount: record.Money{Minor: 1, Currency: "CNY"}})
		}
		w.create(recs...)
		dim, field, cats := w.dimension(false, []string{"软件", "服务", "其他"})
		rules := []classify.RuleText{{Category: cats[0], Filter: record.Where("purpose", "contains", "年费")}, {Category: cats[1], Filter: record.Where("purpose", "contains", "货款")}}
		publish := func(s classify.Setup) (record.ID, *classify.Preview) {
			t.Helper()
			p, err := classify.PreviewOf(ctx, db, sys, dim, s)
			if err != nil {
				t.Fatal(err)
			}
			id, err := classify.Draft(ctx, db, sys, "", dim, "", s)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := classify.Publish(ctx, db, sys, id, 0); err != nil {
				t.Fatal(err)
			}
			w.settle()
			return id, p
		}
		first, _ := publish(classify.Setup{Rules: rules})
		r, err := db.Get(ctx, sys, "revision", first)
		if err != nil {
			t.Fatal(err)
		}
		var now classify.Setup
		if err := json.Unmarshal([]byte(r.(*guike.Revision).After), &now); err != nil {
			t.Fatal(err)
		}
		var ids []record.ID
		for _, r := range recs {
			ids = append(ids, r.Head().ID)
		}
		if _, err := classify.Set(ctx, db, record.SystemScope("clerk"), "receipt", ids[2], map[string][]string{field: {string(cats[0])}}, nil); err != nil {
			t.Fatal(err)
		}
		before := w.stands(field, ids)
		now.Merge = []classify.Merge{{From: cats[0], To: cats[1]}}
		id, p := publish(now)
		if p.Moved != 3 || p.Held != 0 {
			t.Errorf("preview of a merge: %+v", p)
		}
		w.want("receipt", ids[0], field, "服务", "rule")
		w.want("receipt", ids[2], field, "服务", "person")
		cat, err := db.Catalogue(ctx, false)
		if err != nil {
			t.Fatal(err)
		}
		if c := cat.Category(dim, string(cats[0])); !c.Retired {
			t.Error("what was merged is still offered")
		}
		if _, err := classify.UndoRevision(ctx, db, sys, id); err != nil {
			t.Fatal(err)
		}
		w.settle()
		for id, s := range w.stands(field, ids) {
			if s != before[id] {
				t.Errorf("%s is %+v, was %+v", id, s, before[id])
			}
		}
		if cat, _ := db.Catalogue(ctx, false); cat.Category(dim, string(cats[0])).Retired {
			t.Error("what was merged is not in use again")
		}
	})
}

// Bounds of bands are changed, previewed and taken back in the same way.
func TestBounds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, ctx, sys := start(t, db), context.Background(), record.SystemScope("test")
		r := &guike.Receipt{Type: "slip", Amount: record.Money{Minor: 20_000_00, Currency: "CNY"}}
		w.create(r)
		w.want("receipt", r.ID, "d_amount", "1万–10万", "computed")
		cat, err := db.Catalogue(ctx, false)
		if err != nil {
			t.Fatal(err)
		}
		dim := cat.Kind("receipt").Field("d_amount").Dimension
		p, err := classify.PreviewOf(ctx, db, sys, dim, classify.Setup{Bounds: []string{"5000", "15000", "30000", "90000", "200000", "500000", "9000000"}})
		if err != nil || p.Moved != 1 {
			t.Fatalf("preview %+v, %v", p, err)
		}
		if _, err := classify.EditDimension(ctx, db, sys, dim, nil, []string{"15000", "30000"}, 0); err != nil {
			t.Fatal(err)
		}
		w.settle()
		w.want("receipt", r.ID, "d_amount", "15000–3万", "computed")
	})
}
