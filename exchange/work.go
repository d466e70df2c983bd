package exchange

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/maphash"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"strings"

	"guike"
	"guike/fold"
	"guike/queue"
	"guike/record"
	"guike/store"
)

// Handler does the queue's jobs: dry runs, runs, undos. Each batch moves the job's cursor in its own transaction, so that a killed job goes on where it was.
func (p *Port) Handler() queue.Handler {
	return func(ctx context.Context, t *queue.Task) error {
		var j Job
		if err := json.Unmarshal(t.Args, &j); err != nil {
			return err
		}
		r, err := p.DB.Get(ctx, house(j.Scope), "import", j.Import)
		if err != nil {
			return err
		}
		imp := r.(*guike.Import)
		if j.Do == doCheck || j.Do == doRun {
			err = p.take(ctx, t, imp, j)
		} else {
			err = p.takeBack(ctx, t, imp, j)
		}
		// What trying again cannot mend is said on the import, where its owner looks.
		var re *record.Error
		if err != nil && errors.As(err, &re) && re.Code != record.Busy && re.Code != record.Internal && ctx.Err() == nil {
			state := guike.ImportFailed
			if j.Do == doCheck {
				state = guike.ImportMapping
			}
			reason, detail := re.Message, ""
			for _, f := range slices.Sorted(maps.Keys(re.Fields)) { // the first thing to mend says more than that there is one
				reason, detail = re.Fields[f], strings.TrimPrefix(f, "columns")
				break
			}
			_, serr := p.set(ctx, j.Scope, imp.ID, state, map[string]record.Value{"reason": record.TextValue(reason), "detail": record.TextValue(detail)},
				guike.ImportChecking, guike.ImportRunning, guike.ImportUndoing)
			if serr == nil {
				return &record.Error{Code: record.Invalid, Message: re.Message, Fields: re.Fields, Err: err}
			}
			err = errors.Join(err, serr)
		}
		return err
	}
}

// A progress is where a job stands.
type progress struct {
	cursor string
	counts Counts
}

// start finds where a job stands, or begins it.
func (p *Port) start(ctx context.Context, sc record.Scope, id record.ID, mode string) (progress, error) {
	var at progress
	err := p.DB.Tx(ctx, house(sc), func(tx *store.Tx) error {
		at = progress{}
		var was, counts string
		err := tx.One(ctx, "SELECT mode, cursor, counts FROM import_runs WHERE import = ?", []any{string(id)}, &was, &at.cursor, &counts)
		if err == nil && was == mode {
			return json.Unmarshal([]byte(counts), &at.counts)
		}
		if err != nil && !record.Is(err, record.NotFound) {
			return err
		}
		at = progress{}
		for _, sql := range []string{"DELETE FROM import_runs WHERE import = ?", "DELETE FROM import_issues WHERE import = ? AND (severity = 'kept' OR ? <> 'undo')"} {
			args := []any{string(id)}
			if strings.Contains(sql, "severity") {
				kind, _, _ := strings.Cut(mode, ":")
				args = append(args, kind)
			}
			if _, err := tx.Exec(ctx, sql, args...); err != nil {
				return err
			}
		}
		_, err = tx.Exec(ctx, "INSERT INTO import_runs (import, mode) VALUES (?, ?)", string(id), mode)
		return err
	})
	return at, err
}

func (p *Port) step(ctx context.Context, tx *store.Tx, id record.ID, at progress, issues []Issue) error {
	counts, err := json.Marshal(at.counts)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "UPDATE import_runs SET cursor = ?, counts = ? WHERE import = ?", at.cursor, string(counts), string(id)); err != nil {
		return err
	}
	const most = 50 // rows of one statement
	for len(issues) > 0 {
		n := min(len(issues), most)
		args := make([]any, 0, n*6)
		for _, i := range issues[:n] {
			args = append(args, string(id), int64(i.Row), i.Severity, i.Column, i.Reason, i.Value)
		}
		if _, err := tx.Exec(ctx, "INSERT INTO import_issues (import, n, severity, col, reason, value) VALUES (?, ?, ?, ?, ?, ?)"+strings.Repeat(", (?, ?, ?, ?, ?, ?)", n-1), args...); err != nil {
			return err
		}
		issues = issues[n:]
	}
	return nil
}

// take reads the file and judges or takes its rows.
func (p *Port) take(ctx context.Context, t *queue.Task, imp *guike.Import, j Job) error {
	if want := map[string]string{doCheck: guike.ImportChecking, doRun: guike.ImportRunning}[j.Do]; imp.State != want {
		return nil // ended before the job's own end was written
	}
	sc := j.Scope
	if j.Do == doRun {
		sc.Cause = record.Cause{Kind: "import", ID: j.Cause, Root: j.Cause}
		if err := p.newFields(ctx, sc, imp); err != nil {
			return err
		}
	}
	mode := doRun
	if j.Do == doCheck {
		mode = doCheck + ":" + strconv.FormatInt(int64(imp.StartedAt), 10)
	}
	at, err := p.start(ctx, sc, imp.ID, mode)
	if err != nil {
		return err
	}
	f, err := p.file(ctx, imp.SHA256)
	if err != nil {
		return err
	}
	defer f.close()
	r, err := p.newRun(ctx, sc, imp, j.Do == doCheck)
	if err != nil {
		return err
	}
	src, err := r.open(f.File)
	if err != nil {
		return err
	}
	defer src.t.close()
	done, err := strconv.Atoi("0" + at.cursor)
	if err != nil {
		return err
	}
	for n := 0; ; n++ {
		groups, preamble, err := src.batch(queue.Batch(p.DB), done)
		if err != nil {
			return err
		}
		if len(groups) == 0 && len(preamble) == 0 {
			break
		}
		var b *batch
		next := at
		if err := p.DB.Tx(ctx, sc, func(tx *store.Tx) error {
			next = at
			var err error
			if b, err = r.do(ctx, tx, groups); err != nil {
				return err
			}
			var issues []Issue
			for _, x := range preamble {
				issues = append(issues, Issue{Row: x.no, Severity: severeSkip, Reason: issuePreamble, Value: strings.TrimSpace(strings.Join(x.cells, " "))})
			}
			next.counts.Rows += int64(len(preamble))
			next.counts.Skipped += int64(len(preamble))
			for _, d := range b.rows {
				issues = append(issues, d.issues...)
			}
			next.counts.add(b.counts)
			next.cursor = strconv.Itoa(src.last)
			return p.step(ctx, tx.As(house(sc)), imp.ID, next, issues)
		}); err != nil {
			return fmt.Errorf("rows up to %d: %w", src.last, err)
		}
		b.committed()
		at = next
		if n%10 == 9 && t != nil {
			if err := t.Progress(ctx, src.pos(), imp.Size); err != nil {
				return err
			}
		}
	}
	state, from := guike.ImportDone, guike.ImportRunning
	if j.Do == doCheck {
		state, from = guike.ImportMapping, guike.ImportChecking
	}
	return p.finish(ctx, sc, imp.ID, at.counts, state, from)
}

// finish writes the counts on the import.
func (p *Port) finish(ctx context.Context, sc record.Scope, id record.ID, c Counts, state, from string) error {
	values := map[string]record.Value{}
	for name, n := range map[string]int64{"rows": c.Rows, "created": c.Created, "updated": c.Updated, "unchanged": c.Unchanged, "rejected": c.Rejected, "skipped": c.Skipped, "warned": c.Warned} {
		values[name] = record.NumberValue(n)
	}
	if c.Created+c.Updated > 1000 {
		// The import is done whatever becomes of this; the database would come round to it by itself, later.
		if r, err := p.DB.Get(ctx, house(sc), "import", id); err == nil {
			if err := p.DB.Analyze(ctx, r.(*guike.Import).Of); err != nil {
				slog.Warn("analyse after an import", "err", err)
			}
		}
	}
	values["ended_at"] = record.NumberValue(p.DB.Now().UnixMicro())
	_, err := p.set(ctx, sc, id, state, values, from)
	return err
}

// newFields makes the custom fields that the mapping wants, once.
func (p *Port) newFields(ctx context.Context, sc record.Scope, imp *guike.Import) error {
	m, err := Decode(imp)
	if err != nil {
		return err
	}
	want := false
	for _, c := range m.Columns {
		want = want || c.Field == New
	}
	if !want {
		return nil
	}
	if !sc.Admin && !sc.Rules {
		return record.Errorf(record.Denied, "error.denied")
	}
	return p.DB.Tx(ctx, house(sc), func(tx *store.Tx) error {
		for i := range m.Columns {
			c := &m.Columns[i]
			if c.Field != New {
				continue
			}
			k := tx.Catalogue().Kind(imp.Of)
			name := fieldName(k, c.Name)
			f := record.Field{Name: name, Type: record.Text, Label: c.Name}
			f.Indexed()
			if err := tx.AddField(ctx, imp.Of, f); err != nil {
				return err
			}
			if m.Key == c.Name {
				m.Key = name
			}
			c.Field = name
		}
		text, err := encode(m)
		if err != nil {
			return err
		}
		_, err = p.move(ctx, tx, imp.ID, guike.ImportRunning, map[string]record.Value{"mapping": record.TextValue(text)}, guike.ImportRunning)
		imp.Mapping = text
		return err
	})
}

// fieldName makes a free x_ name out of what people call a column.
func fieldName(k *record.Kind, label string) string {
	base := fold.Initials(label)
	if base == "" {
		base = strings.ToLower(label)
	}
	base = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, base)
	if base = strings.Trim(base, "_"); base == "" || base[0] < 'a' {
		base = "f" + base
	}
	base = "x_" + base[:min(len(base), 36)]
	name := base
	for i := 2; ; i++ {
		free := true
		for j := range k.Fields {
			free = free && k.Fields[j].Name != name
		}
		if free {
			return name
		}
		name = base + strconv.Itoa(i)
	}
}

// newRun makes an import's mapping ready under the newest catalogue.
func (p *Port) newRun(ctx context.Context, sc record.Scope, imp *guike.Import, check bool) (*run, error) {
	m, err := Decode(imp)
	if err != nil {
		return nil, err
	}
	cat, err := p.DB.Catalogue(ctx, false)
	if err != nil {
		return nil, err
	}
	k, err := p.kind(ctx, cat, imp.Of)
	if err != nil {
		return nil, err
	}
	if k == nil {
		return nil, record.Errorf(record.NotFound, "error.no_such_kind")
	}
	for i := range m.Columns {
		if m.Columns[i].Field == New { // a dry run makes no fields
			if m.Columns[i].Field = ""; m.Key == m.Columns[i].Name {
				m.Key, m.Mode = "", ModeCreate
			}
		}
	}
	e, err := newEnv(cat, k, &m)
	if err != nil {
		return nil, err
	}
	if e.linked && sc.For(linkedKind).Create == record.None {
		return nil, record.Errorf(record.Denied, "error.denied")
	}
	r := &run{env: e, sc: sc, check: check, refs: newRefs(), seed: maphash.MakeSeed(), seen: map[uint64]int{}}
	if e.key != nil && e.key.Name != "id" && !e.key.Sortable() && !e.key.IsUnique() && !e.key.IsNamed() {
		err = r.loadKeys(ctx, p.DB)
	}
	return r, err
}

// loadKeys reads all values of a key that has no index, once, instead of searching the table for each batch.
func (r *run) loadKeys(ctx context.Context, db *store.DB) error {
	r.all = map[string][]record.ID{}
	q := store.Query{Kind: r.k.Name, Limit: store.MaxPage, Sort: "created_at", Filter: record.Where(r.key.Name, "present", nil)}
	for {
		page, err := db.List(ctx, r.sc, q)
		if err != nil {
			return err
		}
		for _, rec := range page.Records {
			v := r.k.Get(rec, r.key.Name).S
			r.all[v] = append(r.all[v], rec.Head().ID)
		}
		if page.Next == "" {
			return nil
		}
		q.Cursor = page.Next
	}
}
