package store

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"guike/record"
)

// A columnSet keeps what a kind's filters and facets ask most — categories, choices, references, days, yes or no, and whether something is claimed of an
// amount — in memory, two bytes a value: counts over millions of rows then take milliseconds where SQL takes seconds. It follows the change log; SQL answers
// until it is built, and what it does not hold.
//
// There is no third reader of the filter here: a condition's leaf is asked once for each distinct value by record.Cond.Eval, the answers stand in a table
// by code, and a row costs one look into it.
type columnSet struct {
	kind   string
	fields string // what was kept, to notice that the kind has changed

	follow sync.Mutex // one brings it up to date at a time; rows are read under it, so that an older reading never overwrites a newer

	mu   sync.RWMutex
	cols []*coded  // by field position; nil: not kept
	gone *coded    // deleted_at; its code 0 says that there is no such row
	seq  int64     // changes up to here are in
	at   time.Time // when that was so
	used time.Time
}

// A coded column is one field's values by row number. Code 0 is a row number without a row.
type coded struct {
	f      *record.Field
	codes  []uint16
	values []record.Value // by code
	byVal  map[record.Value]uint16
}

const (
	maxCodes = 1 << 16
	// buildFrom is how many rows SQL must have counted before the columns are worth their memory.
	buildFrom = 20_000
	// catchUp is how many changes a reader waits for; what lies beyond is followed in the background, and the answer says as of when it is.
	catchUp = 20_000
	// idle is how long an unused set stays.
	idle = 30 * time.Minute
)

// columnCache is the sets of one workspace, bounded in memory.
type columnCache struct {
	db    *DB
	limit int64 // bytes
	wait  int   // catchUp, but in tests

	mu    sync.Mutex
	sets  map[string]*columnSet
	busy  map[string]bool // being built
	built sync.WaitGroup
	stop  context.CancelFunc
	ctx   context.Context
}

func newColumnCache(db *DB, limit int64) *columnCache {
	c := &columnCache{db: db, limit: limit, wait: catchUp, sets: map[string]*columnSet{}, busy: map[string]bool{}}
	c.ctx, c.stop = context.WithCancel(context.Background())
	return c
}

func (c *columnCache) close() {
	c.stop()
	c.built.Wait()
}

func kept(k *record.Kind) []*record.Field {
	var out []*record.Field
	for i := range k.Fields {
		if f := &k.Fields[i]; keeps(f) {
			out = append(out, f)
		}
	}
	return out
}

// keeps reports whether a field has few enough values to be kept: see maxCodes for those that prove otherwise.
func keeps(f *record.Field) bool {
	switch f.Type {
	case record.Category, record.Choice, record.Choices, record.Bool, record.Ref, record.Date_:
		return !f.IsSecret() && !f.Retired
	}
	return bare(f)
}

// bare reports whether of a field only presence is kept: its values are too many, but whether there is one is asked often (what is gone, what is claimed of an
// amount).
func bare(f *record.Field) bool {
	return f.Type == record.MoneyType && f.IsSystem() || f.Pos == record.PosDeletedAt && f.Name == "deleted_at"
}

func fieldNames(fs []*record.Field) string {
	var b strings.Builder
	for _, f := range fs {
		fmt.Fprintf(&b, "%s:%d,", f.Name, f.Pos)
	}
	return b.String()
}

// get answers a kind's set, brought up to date; nil where there is none, or it is of another shape than the kind. behind says that so much was written that
// it is of a while ago.
func (c *columnCache) get(ctx context.Context, k *record.Kind) (s *columnSet, behind bool, err error) {
	c.mu.Lock()
	s = c.sets[k.Name]
	c.mu.Unlock()
	if s == nil {
		return nil, false, nil
	}
	if s.fields != fieldNames(kept(k)) {
		c.drop(s)
		return nil, false, nil
	}
	if behind, err = s.catch(ctx, c.db, k, c.wait); err != nil {
		return nil, false, err
	}
	if behind {
		c.run(k.Name, func() error { _, err := s.catch(c.ctx, c.db, k, 1<<40); return err })
	}
	s.mu.Lock()
	s.used = time.Now()
	s.mu.Unlock()
	return s, behind, nil
}

func (c *columnCache) drop(s *columnSet) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.sets[s.kind] == s {
		delete(c.sets, s.kind)
	}
}

// run does one thing at a time for a kind, in the background.
func (c *columnCache) run(kind string, do func() error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.busy[kind] || c.ctx.Err() != nil {
		return
	}
	c.busy[kind] = true
	c.built.Add(1)
	go func() {
		defer c.built.Done()
		// What fails here is only speed: SQL answers, and the next question tries again.
		if err := do(); err != nil && c.ctx.Err() == nil {
			slog.Warn("column cache", "kind", kind, "err", err)
		}
		c.mu.Lock()
		delete(c.busy, kind)
		c.mu.Unlock()
	}()
}

// want begins to build a kind's set where there is room for it.
func (c *columnCache) want(k *record.Kind) {
	c.run(k.Name, func() error {
		c.mu.Lock()
		for name, s := range c.sets {
			s.mu.RLock()
			if time.Since(s.used) > idle {
				delete(c.sets, name)
			}
			s.mu.RUnlock()
		}
		have := c.sets[k.Name]
		c.mu.Unlock()
		if have != nil {
			return nil
		}
		s, err := buildColumns(c.ctx, c.db, k, c.limit)
		if err != nil || s == nil {
			return err
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.sets[k.Name] = s
		total := int64(0)
		for _, s := range c.sets {
			total += s.bytes()
		}
		for name, old := range c.sets {
			if total > c.limit && old != s {
				total -= old.bytes()
				delete(c.sets, name)
			}
		}
		return nil
	})
}

func (s *columnSet) bytes() int64 {
	s.mu.RLock()
	defer s.mu.RUnlock()
	n := int64(0)
	for _, c := range s.cols {
		if c != nil {
			n += int64(cap(c.codes))*2 + int64(len(c.values))*64
		}
	}
	return n
}

// buildColumns reads a kind once. It answers nil where that would need more memory than the limit.
func buildColumns(ctx context.Context, db *DB, k *record.Kind, limit int64) (*columnSet, error) {
	fs := kept(k)
	s := &columnSet{kind: k.Name, fields: fieldNames(fs), cols: make([]*coded, len(k.Fields)), used: time.Now()}
	var top int64
	if err := db.one(ctx, "SELECT coalesce(max(n), 0) FROM "+k.Plural, nil, &top); err != nil {
		return nil, err
	}
	if (top+top/8)*2*int64(len(fs)) > limit {
		return nil, nil
	}
	// The number first: what is written while the rows are read is read again.
	var err error
	if s.seq, err = db.Newest(ctx); err != nil {
		return nil, err
	}
	s.at = db.now()
	for _, f := range fs {
		s.cols[f.Pos] = &coded{f: f, codes: make([]uint16, top+1, top+top/8+1024), values: []record.Value{record.Absent}, byVal: map[record.Value]uint16{}}
	}
	s.gone = s.cols[record.PosDeletedAt]
	const page = 20_000
	for after := int64(0); ; {
		n, last := 0, after
		if err := s.read(ctx, db, k, fmt.Sprintf("t.n > ? ORDER BY t.n LIMIT %d", page), []any{after}, func(row int64) { n++; last = row }); err != nil {
			return nil, err
		}
		if after = last; n < page {
			return s, nil
		}
	}
}

// read puts rows into the columns. The caller holds the lock, or is alone.
func (s *columnSet) read(ctx context.Context, db *DB, k *record.Kind, where string, args []any, each func(n int64)) error {
	var cols []*coded
	names := "t.n"
	for _, c := range s.cols {
		if c != nil {
			cols = append(cols, c)
			names += ", t." + quote(c.f.Name)
		}
	}
	cells := make([]cell, len(cols))
	var n int64
	dst := []any{&n}
	for i := range cells {
		dst = append(dst, &cells[i])
	}
	return db.each(ctx, fmt.Sprintf("SELECT %s FROM %s t WHERE %s", names, k.Plural, where), args, func(rows Rows) error {
		if err := rows.Scan(dst...); err != nil {
			return err
		}
		for i, c := range cols {
			v := record.Value{S: cells[i].s, N: cells[i].n, Null: cells[i].null}
			switch {
			case bare(c.f) && !v.Null:
				v = record.NumberValue(1)
			case v.Null || c.f.Textual() && v.S == "":
				v = record.Absent
			}
			if !c.set(n, v) {
				s.cols[c.f.Pos] = nil // more distinct values than codes
			}
		}
		if each != nil {
			each(n)
		}
		return nil
	})
}

// set keeps one value; false where it has no code left.
func (c *coded) set(n int64, v record.Value) bool {
	code, ok := c.byVal[v]
	if !ok {
		if len(c.values) >= maxCodes {
			return false
		}
		code = uint16(len(c.values))
		c.values = append(c.values, v)
		c.byVal[v] = code
	}
	if n >= int64(cap(c.codes)) {
		grown := make([]uint16, n+1, n+n/8+1024)
		copy(grown, c.codes)
		c.codes = grown
	}
	if n >= int64(len(c.codes)) {
		c.codes = c.codes[:n+1]
	}
	c.codes[n] = code
	return true
}

// catch follows the change log, at most limit changes; more says that there are others.
func (s *columnSet) catch(ctx context.Context, db *DB, k *record.Kind, limit int) (more bool, err error) {
	s.follow.Lock()
	defer s.follow.Unlock()
	for done := 0; ; {
		now := db.now()
		newest, err := db.Newest(ctx)
		if err != nil {
			return false, err
		}
		if newest == s.seq {
			s.mu.Lock()
			s.at = now
			s.mu.Unlock()
			return false, nil
		}
		if done >= limit {
			return true, nil
		}
		const step = 5000
		ids := map[record.ID]bool{}
		var purged []int64
		seen, last := 0, newest
		if err := db.each(ctx, fmt.Sprintf(`SELECT s.seq, c.rec, c.op, CASE WHEN c.op = '%s' THEN c.body ELSE '' END FROM sequence s JOIN changes c ON c.id = s.change
			WHERE s.seq > ? AND s.seq <= ? AND c.kind = ? ORDER BY s.seq LIMIT %d`, record.OpPurge, step), []any{s.seq, newest, s.kind}, func(rows Rows) error {
			var seq int64
			var rec, op, body string
			if err := rows.Scan(&seq, &rec, &op, &body); err != nil {
				return err
			}
			if seen++; seen == step {
				last = seq
			}
			if op != record.OpPurge {
				ids[record.ID(rec)] = true
				return nil
			}
			var was struct{ N []int64 }
			if err := json.Unmarshal([]byte(body), &was); err != nil || len(was.N) == 0 {
				return nil // n of a purged record unknown: nothing to forget
			}
			purged = append(purged, was.N[0])
			return nil
		}); err != nil {
			return false, err
		}
		done += seen
		if err := s.reload(ctx, db, k, ids, purged, last); err != nil {
			return false, err
		}
	}
}

func (s *columnSet) reload(ctx context.Context, db *DB, k *record.Kind, ids map[record.ID]bool, purged []int64, seq int64) error {
	list := make([]record.ID, 0, len(ids))
	for id := range ids {
		list = append(list, id)
	}
	d := db.eng.dialect()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range purged {
		for _, c := range s.cols {
			if c != nil && n < int64(len(c.codes)) {
				c.codes[n] = 0
			}
		}
	}
	if len(list) > 0 {
		if err := s.read(ctx, db, k, fmt.Sprintf(d.list, "t.id"), []any{texts(d, list, func(id record.ID) string { return string(id) })}, nil); err != nil {
			return err
		}
	}
	s.seq = seq
	return nil
}
