package api

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"guike"
	"guike/record"
	"guike/store"
	"guike/talk"
)

// timeline is what happened about a record, newest first: what was said, what was changed, and the records of every kind that name it.
type timeline struct {
	Data []happening `json:"data"`
	Next string      `json:"next_cursor"`
	More bool        `json:"has_more"`
}

type happening struct {
	What    string   `json:"what" enum:"comment,change,record"`
	At      string   `json:"at" doc:"the moment; of records that bear a day, the first of that day"`
	On      string   `json:"on,omitempty" doc:"the day, where only that is known"`
	Kind    string   `json:"kind,omitempty" doc:"of a record"`
	Comment *comment `json:"comment,omitempty"`
	Change  *entry   `json:"change,omitempty"`
	Record  any      `json:"record,omitempty"`
}

// A strand is one of the lists that a timeline is merged of, each of which ends where its own cursor says.
type strand struct {
	name string // comment, change, or a kind
	at   []int64
	next func(i int) string // the cursor behind its i-th
	more bool               // than were fetched
	put  func(i int, h *happening)
	used int
}

// maxTimeline is the most of one page of a timeline.
const maxTimeline = 100

// naming lists the kinds whose records may name one of a kind, each with the fields that do, as the caller sees them.
func (c *call) naming(cat *store.Catalogue, kind string) map[*record.Kind][]string {
	out := map[*record.Kind][]string{}
	for _, k := range cat.Kinds() {
		if k.Verbs || c.scope.For(k.Name).Read == record.None {
			continue
		}
		for i := range k.Fields {
			if f := &k.Fields[i]; f.Type == record.Ref && f.Ref == kind && !f.IsSystem() && i > record.PosDeletedAt && c.scope.Sees(k.Name, f) {
				out[k] = append(out[k], f.Name)
			}
		}
	}
	return out
}

func dated(k *record.Kind) *record.Field {
	for i := range k.Fields {
		if k.Fields[i].IsDated() {
			return &k.Fields[i]
		}
	}
	return nil
}

// byFields keeps what names a record in one of some fields.
func byFields(fields []string, id record.ID) record.Filter {
	fs := make([]record.Filter, len(fields))
	for i, f := range fields {
		fs[i] = record.Where(f, "eq", string(id))
	}
	if len(fs) == 1 {
		return fs[0]
	}
	return record.Filter{Or: fs}
}

func (c *call) timeline(kind string) (any, error) {
	limit := c.int("limit", 30, maxTimeline)
	from := map[string]string{}
	if s := c.r.URL.Query().Get("cursor"); s != "" {
		b, err := base64.RawURLEncoding.DecodeString(s)
		if err != nil || json.Unmarshal(b, &from) != nil {
			return nil, record.FieldError("cursor", "error.cursor")
		}
	}
	rec, err := c.s.db.Get(c, c.scope, kind, c.id())
	if err != nil {
		return nil, err
	}
	cat, err := c.s.db.Catalogue(c, false)
	if err != nil {
		return nil, err
	}
	rd, err := c.renderer()
	if err != nil {
		return nil, err
	}
	var only []string
	if s := c.r.URL.Query().Get("what"); s != "" {
		only = strings.Split(s, ",")
	}
	ended := from["*"] != "" // every strand that is not named in the cursor came to its end
	wanted := func(name string) bool {
		_, goes := from[name]
		return (len(only) == 0 || slices.Contains(only, name)) && (!ended || goes)
	}
	var strands []*strand
	if wanted("comment") {
		s, err := c.commentStrand(kind, rec, limit, from["comment"])
		if err != nil {
			return nil, err
		}
		strands = append(strands, s)
	}
	if wanted("change") {
		s, err := c.changeStrand(cat.Kind(kind), rec, limit, from["change"])
		if err != nil {
			return nil, err
		}
		strands = append(strands, s)
	}
	naming := c.naming(cat, kind)
	kinds := make([]*record.Kind, 0, len(naming))
	for k := range naming {
		kinds = append(kinds, k)
	}
	slices.SortFunc(kinds, func(a, b *record.Kind) int { return strings.Compare(a.Name, b.Name) })
	for _, k := range kinds {
		if !wanted(k.Name) {
			continue
		}
		s, err := c.recordStrand(rd, cat, k, byFields(naming[k], rec.Head().ID), limit, from[k.Name])
		if err != nil {
			return nil, err
		}
		strands = append(strands, s)
	}
	return merge(strands, limit), nil
}

// merge takes of each strand its newest in turn. Strands that are used up are left out of the cursor.
func merge(strands []*strand, limit int) timeline {
	out := timeline{Data: []happening{}}
	for len(out.Data) < limit {
		var newest *strand
		for _, s := range strands {
			if s.used < len(s.at) && (newest == nil || s.at[s.used] > newest.at[newest.used]) {
				newest = s
			}
		}
		if newest == nil {
			break
		}
		h := happening{At: record.Time(newest.at[newest.used]).String()}
		newest.put(newest.used, &h)
		out.Data = append(out.Data, h)
		newest.used++
	}
	to := map[string]string{}
	for _, s := range strands {
		if s.used < len(s.at) || s.more {
			to[s.name] = s.next(s.used - 1)
		}
	}
	if len(to) > 0 {
		to["*"] = "1"
		b, _ := json.Marshal(to) // a map of texts
		out.Next, out.More = base64.RawURLEncoding.EncodeToString(b), true
	}
	return out
}

// falling makes the moments of a list that is ordered otherwise in passing (a day's records by their number, empties last) never rise, so that lists merge.
func falling(at []int64) []int64 {
	for i := 1; i < len(at); i++ {
		at[i] = min(at[i], at[i-1])
	}
	return at
}

func (c *call) commentStrand(kind string, rec record.Record, limit int, from string) (*strand, error) {
	p, err := talk.About(c, c.s.db, c.scope, kind, rec.Head().ID, limit, from)
	if err != nil {
		return nil, err
	}
	xs := make([]*guike.Comment, len(p.Records))
	at := make([]int64, len(xs))
	for i, r := range p.Records {
		xs[i] = r.(*guike.Comment)
		at[i] = int64(xs[i].CreatedAt)
	}
	said, err := c.said(xs)
	return &strand{name: "comment", at: falling(at), more: p.Next != "", next: behind(from, p.After), put: func(i int, h *happening) {
		h.What, h.Comment = "comment", &said[i]
	}}, err
}

func (c *call) changeStrand(k *record.Kind, rec record.Record, limit int, from string) (*strand, error) {
	before, _ := strconv.ParseInt(from, 10, 64) // no number means from the newest
	cs, err := c.s.db.History(c, c.scope, k.Name, rec.Head().ID, before, limit+1)
	if err != nil {
		return nil, err
	}
	more := len(cs) > limit
	cs = cs[:min(len(cs), limit)]
	at := make([]int64, len(cs))
	for i, x := range cs {
		at[i] = int64(x.At)
	}
	es, err := c.changes(k, cs)
	return &strand{name: "change", at: falling(at), more: more, next: behind(from, func(i int) string { return strconv.FormatInt(cs[i].ID, 10) }), put: func(i int, h *happening) {
		h.What, h.Change = "change", &es[i]
	}}, err
}

func (c *call) recordStrand(rd *renderer, cat *store.Catalogue, k *record.Kind, f record.Filter, limit int, from string) (*strand, error) {
	q := store.Query{Kind: k.Name, Filter: f, Limit: limit, Cursor: from}
	day := dated(k)
	if day != nil && c.scope.Sees(k.Name, day) {
		q.Sort = "-" + day.Name
	} else {
		day = nil
	}
	p, err := c.s.db.List(c, c.scope, q)
	if err != nil {
		return nil, err
	}
	if err := rd.fetch(k, p.Records); err != nil {
		return nil, err
	}
	at := make([]int64, len(p.Records))
	on := make([]string, len(p.Records))
	for i, r := range p.Records {
		at[i] = int64(r.Head().CreatedAt)
		if day == nil {
			continue
		}
		switch v := k.Get(r, day.Name); {
		case v.Null:
			at[i] = 0 // last, as in its list
		case day.Type == record.Date_:
			on[i] = v.S
			if t, err := time.Parse(time.DateOnly, v.S); err == nil {
				at[i] = int64(record.At(record.StartOfDay(t.Year(), t.Month(), t.Day(), cat.Zone)))
			}
		default:
			at[i] = v.N
		}
	}
	return &strand{name: k.Name, at: falling(at), more: p.Next != "", next: behind(from, p.After), put: func(i int, h *happening) {
		h.What, h.Kind, h.On, h.Record = "record", k.Name, on[i], rd.record(k, p.Records[i])
		if at[i] == 0 {
			h.At = ""
		}
	}}, nil
}

// behind answers the cursor behind a strand's i-th, and where it began before its first.
func behind(from string, after func(int) string) func(int) string {
	return func(i int) string {
		if i < 0 {
			return from
		}
		return after(i)
	}
}

// related is what names a record, kind by kind.
type related struct {
	Data []relation `json:"data"`
}

type relation struct {
	Kind   string        `json:"kind"`
	Fields []string      `json:"fields" doc:"by which it names the record"`
	Filter record.Filter `json:"filter" doc:"lists them all"`
	Count  int64         `json:"count"`
	Sums   []sum         `json:"sums" doc:"of kinds whose amounts all flow one way"`
	Newest []any         `json:"newest" doc:"up to five"`
}

const newestOf = 5

func (c *call) related(kind string) (any, error) {
	rec, err := c.s.db.Get(c, c.scope, kind, c.id())
	if err != nil {
		return nil, err
	}
	cat, err := c.s.db.Catalogue(c, false)
	if err != nil {
		return nil, err
	}
	rd, err := c.renderer()
	if err != nil {
		return nil, err
	}
	out := related{Data: []relation{}}
	for k, fields := range c.naming(cat, kind) {
		q := store.Query{Kind: k.Name, Filter: byFields(fields, rec.Head().ID), Limit: newestOf}
		if day := dated(k); day != nil && c.scope.Sees(k.Name, day) {
			q.Sort = "-" + day.Name
		}
		p, err := c.s.db.List(c, c.scope, q)
		if err != nil {
			return nil, err
		}
		if err := rd.fetch(k, p.Records); err != nil {
			return nil, err
		}
		r := relation{Kind: k.Name, Fields: fields, Filter: q.Filter, Count: int64(len(p.Records)), Sums: []sum{}, Newest: []any{}}
		for _, x := range p.Records {
			r.Newest = append(r.Newest, rd.record(k, x))
		}
		if len(p.Records) > 0 {
			var money []string
			if f := k.Field("amount"); f != nil && f.Type == record.MoneyType && k.Field("direction") == nil && c.scope.Sees(k.Name, f) {
				money = []string{f.Name}
			}
			n, sums, err := c.s.db.Count(c, c.scope, store.Query{Kind: k.Name, Filter: q.Filter}, money)
			if err != nil {
				return nil, err
			}
			r.Count = n
			for _, s := range sums {
				r.Sums = append(r.Sums, sum{s.Field, s.Money.Currency, s.Money.Decimal()})
			}
		}
		out.Data = append(out.Data, r)
	}
	slices.SortFunc(out.Data, func(a, b relation) int { return strings.Compare(a.Kind, b.Kind) })
	return out, nil
}
