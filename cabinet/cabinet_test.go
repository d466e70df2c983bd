package cabinet_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"guike"
	"guike/cabinet"
	"guike/record"
	"guike/store"
	"guike/store/storetest"
)

// A room is a workspace with customers in stages and documents of kinds, made by hand.
type room struct {
	*testing.T
	db    *store.DB
	ctx   context.Context
	sys   record.Scope
	kinds map[string]*guike.Category
	stage map[string]*guike.Category
	cus   map[string]record.ID
	docs  map[string]record.ID
}

func (r *room) do(fn func(tx *store.Tx) error) {
	r.Helper()
	if err := r.db.Tx(r.ctx, r.sys, fn); err != nil {
		r.Fatal(err)
	}
}

func (r *room) dimension(of, name string, into map[string]*guike.Category, names ...string) {
	r.Helper()
	r.do(func(tx *store.Tx) error {
		d := &guike.Dimension{Of: of, Name: name, Label: name, By: guike.ByRules}
		if err := tx.Create(r.ctx, d); err != nil {
			return err
		}
		for i, n := range names {
			n, up, _ := strings.Cut(n, " below ")
			c := &guike.Category{Dimension: d.ID, Name: n, Position: int64(i)}
			if up != "" {
				c.Parent = into[up].ID
			}
			if err := tx.Create(r.ctx, c); err != nil {
				return err
			}
			into[n] = c
		}
		return tx.AddField(r.ctx, of, record.Field{Name: name, Type: record.Category, Dimension: d.ID})
	})
}

func (r *room) customer(name, stage string, owner record.ID) {
	r.Helper()
	c := &guike.Customer{Name: name}
	c.Owner = owner
	r.do(func(tx *store.Tx) error {
		c.ID = ""
		if stage != "" {
			tx.Catalogue().Kind("customer").Set(c, "d_stage", record.NumberValue(r.stage[stage].N))
		}
		return tx.Create(r.ctx, c)
	})
	r.cus[name] = c.ID
}

func (r *room) document(name, customer, kind string, day record.Date) {
	r.Helper()
	d := &guike.Document{Name: name, Path: name, SHA256: name, Customer: r.cus[customer], DatedOn: day}
	r.do(func(tx *store.Tx) error {
		d.ID = ""
		if kind != "" {
			tx.Catalogue().Kind("document").Set(d, "d_kind", record.NumberValue(r.kinds[kind].N))
		}
		return tx.Create(r.ctx, d)
	})
	r.docs[name] = d.ID
}

func furnish(t *testing.T, db *store.DB) *room {
	r := &room{T: t, db: db, ctx: t.Context(), sys: record.SystemScope("test"), kinds: map[string]*guike.Category{}, stage: map[string]*guike.Category{},
		cus: map[string]record.ID{}, docs: map[string]record.ID{}}
	r.sys.Admin, r.sys.Rules = true, true
	r.dimension("customer", "d_stage", r.stage, "接触", "签约", "大额签约 below 签约", "流失")
	r.dimension("document", "d_kind", r.kinds, "资料", "执照 below 资料", "合同", "发票")
	return r
}

func (r *room) name(id record.ID) string {
	for _, m := range []map[string]record.ID{r.cus, r.docs} {
		for n, x := range m {
			if x == id {
				return n
			}
		}
	}
	for n, c := range r.kinds {
		if c.ID == id {
			return n
		}
	}
	return "?" + string(id)
}

// kind answers ids of kinds.
func (r *room) kind(names ...string) (ids []record.ID) {
	for _, n := range names {
		ids = append(ids, r.kinds[n].ID)
	}
	return ids
}

// lists writes what is missing and outdated, as by hand: "乙 合同".
func (r *room) lists(sc record.Scope) (missing, stale []string) {
	r.Helper()
	m, err := cabinet.FindMissing(r.ctx, r.db, sc, "", 0)
	if err != nil {
		r.Fatal(err)
	}
	total, of, err := cabinet.CountMissing(r.ctx, r.db, sc, "")
	if err != nil || int(total) != len(m.Lacks) {
		r.Errorf("%d customers, %d said: %v", len(m.Lacks), total, err)
	}
	counted := map[record.ID]int64{}
	for _, l := range m.Lacks {
		for _, k := range l.Kinds {
			missing = append(missing, r.name(l.Customer)+" "+r.name(k))
			counted[k]++
		}
	}
	for k, n := range of {
		if counted[k] != n {
			r.Errorf("%s: %d said, %d listed", r.name(k), n, counted[k])
		}
	}
	s, err := cabinet.FindStale(r.ctx, r.db, sc, 0)
	if err != nil {
		r.Fatal(err)
	}
	if n, err := cabinet.CountStale(r.ctx, r.db, sc); err != nil || int(n) != len(s.Stale) {
		r.Errorf("%d outdated, %d said: %v", len(s.Stale), n, err)
	}
	for _, x := range s.Stale {
		stale = append(stale, r.name(x.Document)+" "+r.name(x.Customer)+" "+r.name(x.Kind))
	}
	slices.Sort(missing)
	slices.Sort(stale)
	return missing, stale
}

// What is missing and outdated is what a person finds by hand, customer by customer; who has everything is in no list. Each customer's own papers say the same.
func TestMissingAndOutdated(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := furnish(t, db)
		var me record.ID
		r.do(func(tx *store.Tx) error {
			u := &guike.User{Name: "我", Login: "me", Role: "member"}
			err := tx.Create(r.ctx, u)
			me = u.ID
			return err
		})
		day := func(ago int) record.Date {
			return record.DateOf(db.Now().AddDate(0, 0, -ago), time.FixedZone("", 8*3600))
		}
		r.customer("甲", "签约", me) // has everything
		r.document("甲执照", "甲", "执照", day(10))
		r.document("甲合同", "甲", "合同", "")
		r.customer("乙", "大额签约", "") // below 签约; lacks the contract, and the licence is old
		r.document("乙执照", "乙", "执照", day(400))
		r.document("乙发票", "乙", "发票", day(4000))
		r.customer("丙", "接触", "") // needs the basics alone; has two, one old
		r.document("丙旧", "丙", "资料", day(500))
		r.document("丙新", "丙", "执照", "")
		r.customer("丁", "接触", me) // has a file of no kind, and one in the trash
		r.document("丁杂", "丁", "", "")
		r.document("丁废", "丁", "资料", "")
		r.customer("戊", "流失", "") // nothing is asked of who is lost …
		r.customer("己", "", "")   // … nor of whom nobody has said
		r.document("己旧", "己", "资料", day(366))
		r.document("己更旧", "己", "资料", day(3660))
		r.document("无主", "", "资料", day(3660))
		r.customer("庚", "签约", "") // in the trash
		r.document("庚旧", "庚", "资料", day(3660))
		r.do(func(tx *store.Tx) error {
			if _, err := tx.Delete(r.ctx, "document", r.docs["丁废"]); err != nil {
				return err
			}
			_, err := tx.Delete(r.ctx, "customer", r.cus["庚"])
			return err
		})
		l := cabinet.Checklist{By: "d_stage", Needs: []cabinet.Need{{Value: string(r.stage["接触"].ID), Kinds: r.kind("资料")}, {Value: string(r.stage["签约"].ID), Kinds: r.kind("资料", "合同")}},
			Fresh: []cabinet.Fresh{{Kind: r.kinds["资料"].ID, Days: 365}}}
		if err := cabinet.Save(r.ctx, db, r.sys, l); err != nil {
			t.Fatal(err)
		}
		missing, stale := r.lists(r.sys)
		if want := []string{"丁 资料", "乙 合同"}; !slices.Equal(missing, want) {
			t.Errorf("missing: %v, want %v", missing, want)
		}
		if want := []string{"乙执照 乙 资料", "己更旧 己 资料"}; !slices.Equal(stale, want) {
			t.Errorf("outdated: %v, want %v", stale, want)
		}
		for name, want := range map[string]string{"甲": "资料 here 甲执照 合同 here 甲合同 ", "乙": "资料 outdated 乙执照 合同 missing ? ", "丙": "资料 here 丙新 ", "丁": "资料 missing ? ", "戊": "",
			"己": "资料 outdated 己更旧 "} {
			ps, err := cabinet.Papers(r.ctx, db, r.sys, r.cus[name])
			if err != nil {
				t.Fatal(err)
			}
			have := ""
			for _, p := range ps {
				have += fmt.Sprint(r.name(p.Kind), " ", p.State, " ", r.name(p.Document), " ")
			}
			if have != want {
				t.Errorf("%s: %s, want %s", name, have, want)
			}
		}
		one, err := cabinet.FindMissing(r.ctx, db, r.sys, r.kinds["合同"].ID, 0)
		if err != nil || len(one.Lacks) != 1 || r.name(one.Lacks[0].Customer) != "乙" || one.Lacks[0].Stage != "大额签约" {
			t.Errorf("who lacks a contract: %v %v", one, err)
		}
		if n, _, err := cabinet.CountMissing(r.ctx, db, r.sys, r.kinds["合同"].ID); err != nil || n != 1 {
			t.Errorf("%d are said to lack a contract: %v", n, err)
		}

		if one, err = cabinet.FindMissing(r.ctx, db, r.sys, r.kinds["发票"].ID, 0); err != nil || len(one.Lacks) != 0 {
			t.Errorf("who lacks what nobody is asked for: %v %v", one, err)
		}

		// What everybody needs, everybody is asked for.
		l.Every, l.Needs = r.kind("发票"), nil
		if err := cabinet.Save(r.ctx, db, r.sys, l); err != nil {
			t.Fatal(err)
		}
		missing, _ = r.lists(r.sys)
		if want := []string{"丁 发票", "丙 发票", "己 发票", "戊 发票", "甲 发票"}; !slices.Equal(missing, want) {
			t.Errorf("of everybody: %v, want %v", missing, want)
		}

		// Who sees his own customers is told of those, by the documents that he sees.
		own := record.Scope{User: me, Other: record.Grant{Read: record.Everything}, Grants: map[string]record.Grant{"customer": {Read: record.Own}}}
		missing, stale = r.lists(own)
		if want := []string{"丁 发票", "甲 发票"}; !slices.Equal(missing, want) || len(stale) > 0 {
			t.Errorf("his own: %v %v", missing, stale)
		}
		if _, err := cabinet.Papers(r.ctx, db, own, r.cus["乙"]); !record.Is(err, record.NotFound) {
			t.Errorf("another's papers: %v", err)
		}
		own.Masked = map[string][]string{"document": {"d_kind"}}
		if missing, stale = r.lists(own); len(missing)+len(stale) > 0 {
			t.Errorf("by what he does not see: %v %v", missing, stale)
		}
		if err := cabinet.Save(r.ctx, db, own, l); !record.Is(err, record.Denied) {
			t.Errorf("anybody changes the list: %v", err)
		}
		for name, bad := range map[string]cabinet.Checklist{
			"a field that is not there": {By: "d_nosuch"}, "needs of nothing": {Needs: l.Needs, By: "name"}, "a stage that is none": {By: "d_stage", Needs: []cabinet.Need{{Value: "x"}}},
			"a kind that is none": {Every: []record.ID{"cat_x"}}, "no day": {Fresh: []cabinet.Fresh{{Kind: r.kinds["资料"].ID}}}, "a kind twice": {Every: r.kind("资料", "资料")},
			"too long": {ShareDays: 9999},
		} {
			if err := cabinet.Save(r.ctx, db, r.sys, bad); !record.Is(err, record.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// Pages follow each other without a gap or a customer twice.
func TestMissingByPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := furnish(t, db)
		for i := range 2*cabinet.PageSize + 7 {
			r.customer(fmt.Sprint("c", i), "签约", "")
			r.document(fmt.Sprint("d", i), fmt.Sprint("c", i), "执照", "2020-01-01")
		}
		if err := cabinet.Save(r.ctx, db, r.sys, cabinet.Checklist{By: "d_stage", Needs: []cabinet.Need{{Value: string(r.stage["签约"].ID), Kinds: r.kind("合同")}},
			Fresh: []cabinet.Fresh{{Kind: r.kinds["资料"].ID, Days: 1}}}); err != nil {
			t.Fatal(err)
		}
		seen := map[record.ID]bool{}
		pages := 0
		for after := int64(0); pages == 0 || after > 0; pages++ {
			m, err := cabinet.FindMissing(r.ctx, db, r.sys, "", after)
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range m.Lacks {
				seen[l.Customer] = true
			}
			after = m.Next
		}
		stale := map[record.ID]bool{}
		for after, first := int64(0), true; first || after > 0; first = false {
			s, err := cabinet.FindStale(r.ctx, db, r.sys, after)
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range s.Stale {
				stale[x.Document] = true
			}
			after = s.Next
		}
		if len(seen) != 2*cabinet.PageSize+7 || len(stale) != len(seen) || pages != 3 {
			t.Errorf("%d customers and %d documents on %d pages", len(seen), len(stale), pages)
		}
	})
}

// Shares that are wider than allowed are named with why; what is tight is in no list. Confidential documents that everybody reads are, until roles are trusted.
func TestExposed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := furnish(t, db)
		r.document("合同", "", "合同", "")
		r.document("发票", "", "发票", "")
		now := record.At(db.Now())
		days := func(n int64) record.Time { return now + record.Time(n*24*3600*1_000_000) }
		share := func(name, doc string, fn func(*guike.Share)) {
			t.Helper()
			s := &guike.Share{About: "document", Rec: r.docs[doc], Name: name, Hash: name, Guarded: true, ExpiresAt: days(7)}
			fn(s)
			r.do(func(tx *store.Tx) error { s.ID = ""; return tx.Create(r.ctx, s) })
		}
		share("tight", "发票", func(s *guike.Share) {})
		share("unguarded", "发票", func(s *guike.Share) { s.Guarded = false })
		share("long", "发票", func(s *guike.Share) { s.ExpiresAt = days(90) })
		share("confidential", "合同", func(s *guike.Share) {})
		share("everything", "合同", func(s *guike.Share) { s.Guarded, s.ExpiresAt = false, days(90) })
		share("revoked", "合同", func(s *guike.Share) { s.Guarded, s.RevokedAt = false, now })
		share("expired", "合同", func(s *guike.Share) { s.Guarded, s.ExpiresAt = false, now-1 })
		share("used", "合同", func(s *guike.Share) { s.Guarded, s.Most, s.Opened = false, 1, 1 })
		l := cabinet.Checklist{ShareDays: 30, Password: true, Confidential: r.kind("合同"), Trusted: []string{"owner"}}
		if err := cabinet.Save(r.ctx, db, r.sys, l); err != nil {
			t.Fatal(err)
		}
		found := func() string {
			p, err := cabinet.FindShares(r.ctx, db, r.sys, 0)
			if err != nil {
				t.Fatal(err)
			}
			if int(p.Total) != len(p.Open) {
				t.Errorf("%d shares, %d said", len(p.Open), p.Total)
			}
			out := []string{}
			for _, o := range p.Open {
				out = append(out, fmt.Sprint(o.Name, o.Why))
			}
			slices.Sort(out)
			return strings.Join(out, " ")
		}
		if have, want := found(), "confidential[confidential] everything[password long confidential] long[long] unguarded[password]"; have != want {
			t.Errorf("%s, want %s", have, want)
		}
		if err := cabinet.Save(r.ctx, db, r.sys, cabinet.Checklist{}); err != nil {
			t.Fatal(err)
		}
		if have := found(); have != "" {
			t.Errorf("where all is allowed: %s", have)
		}
		if err := cabinet.Save(r.ctx, db, r.sys, l); err != nil {
			t.Fatal(err)
		}
		roles := func(context.Context) ([]cabinet.Role, error) {
			return []cabinet.Role{{Name: "owner", All: true}, {Name: "viewer", Label: "只读", All: true}, {Name: "member"}}, nil
		}
		w, err := cabinet.FindWide(r.ctx, db, r.sys, roles)
		if err != nil || w.Total != 1 || len(w.Readers) != 1 || w.Readers[0].Name != "viewer" {
			t.Errorf("read by too many: %v %v", w, err)
		}
		l.Trusted = []string{"owner", "viewer"}
		if err := cabinet.Save(r.ctx, db, r.sys, l); err != nil {
			t.Fatal(err)
		}
		if w, err = cabinet.FindWide(r.ctx, db, r.sys, roles); err != nil || w.Total != 0 || len(w.Readers) != 0 {
			t.Errorf("read by who is trusted: %v %v", w, err)
		}
	})
}
