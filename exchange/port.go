package exchange

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"guike"
	"guike/blob"
	"guike/fold"
	"guike/record"
	"guike/store"
)

// A Port takes tables in and gives them out.
type Port struct {
	DB      *store.DB
	Blobs   blob.Store
	Scratch string // a folder for files being read
	Folder  string // the data folder: below it lies what is written by the clock
	Version string // of the program, for backups

	// Scope makes the scope of a user as he is now, for what is done in his name later.
	Scope func(ctx context.Context, user record.ID, cause record.Cause) (record.Scope, error)
}

// Queue is the queue of runs and undos.
const Queue = "import"

// house lets a verb write the import's own record, which nobody writes directly; the history shows who asked.
func house(sc record.Scope) record.Scope {
	h := record.SystemScope("import")
	h.User, h.Name, h.Home, h.Cause = sc.User, sc.Name, sc.Home, sc.Cause
	return h
}

// Begin keeps a file and proposes how to read it. A profile may be named: a ready one, or that of an earlier import.
func (p *Port) Begin(ctx context.Context, sc record.Scope, kind, name, profile string, r io.Reader) (*guike.Import, error) {
	cat, err := p.DB.Catalogue(ctx, false)
	if err != nil {
		return nil, err
	}
	k, err := p.kind(ctx, cat, kind)
	if err != nil {
		return nil, err
	}
	if k == nil || sc.For(kind).Read == record.None {
		return nil, record.FieldError("kind", "error.no_such_kind")
	}
	if g := sc.For(kind); k.Verbs || g.Create == record.None && g.Update == record.None {
		return nil, record.Errorf(record.Denied, "error.denied")
	}
	sum, size, err := p.Blobs.Put(ctx, &limited{r: r, left: MaxTable})
	if err != nil {
		return nil, err
	}
	imp := &guike.Import{Of: kind, Name: fileName(name), SHA256: sum, Size: size, State: guike.ImportMapping}
	if size == 0 {
		return nil, record.FieldError("file", "error.empty_file")
	}
	f, err := p.file(ctx, sum)
	if err != nil {
		return nil, err
	}
	defer f.close()
	m, print, err := p.propose(ctx, sc, k, f.File, profile)
	if err != nil {
		return nil, err
	}
	if m.Like, err = p.like(ctx, sc, cat, k, m, f.File); err != nil {
		return nil, err
	}
	if imp.Mapping, err = encode(m); err != nil {
		return nil, err
	}
	imp.Fingerprint, imp.Profile = print, m.Profile
	err = p.DB.Tx(ctx, house(sc), func(tx *store.Tx) error { imp.ID = ""; return tx.Create(ctx, imp) })
	return imp, err
}

// like finds the kind that a table was rather meant for: a bank's statement given as receipts would be refused row by row.
func (p *Port) like(ctx context.Context, sc record.Scope, cat *store.Catalogue, k *record.Kind, m Mapping, f *os.File) (string, error) {
	most, ok := m.fits(k)
	if ok {
		return "", nil
	}
	best := ""
	for _, other := range cat.Kinds() {
		if other.Verbs || other.Name == k.Name || sc.For(other.Name).Create == record.None {
			continue
		}
		kind, err := p.kind(ctx, cat, other.Name)
		if err != nil {
			return "", err
		}
		om, _, err := p.propose(ctx, sc, kind, f, "")
		if err != nil {
			return "", err
		}
		if n, all := om.fits(kind); all && n > most {
			best, most = other.Name, n
		}
	}
	return best, nil
}

// kind is a kind as a table may write it: dimensions that the house computes (bands, periods, what another record says) are as if they were not there.
func (p *Port) kind(ctx context.Context, cat *store.Catalogue, name string) (*record.Kind, error) {
	k := cat.Kind(name)
	if k == nil {
		return nil, nil
	}
	computed := map[record.ID]bool{}
	if err := p.DB.Each(ctx, "SELECT id FROM dimensions WHERE of = ? AND by <> ?", []any{name, guike.ByRules}, func(rows store.Rows) error {
		var id string
		err := rows.Scan(&id)
		computed[record.ID(id)] = true
		return err
	}); err != nil {
		return nil, fmt.Errorf("dimensions of %s: %w", name, err)
	}
	dynamic := slices.Clone(k.Fields[k.Static:])
	for i := range dynamic {
		dynamic[i].Retired = dynamic[i].Retired || dynamic[i].Type == record.Category && computed[dynamic[i].Dimension]
	}
	return k.With(dynamic), nil
}

func fileName(name string) string {
	name = strings.TrimSpace(filepath.Base(strings.ReplaceAll(name, `\`, "/")))
	if name == "" || name == "." || name == "/" {
		name = "table"
	}
	if rs := []rune(name); len(rs) > 200 {
		name = string(rs[len(rs)-200:])
	}
	return name
}

func encode(m Mapping) (string, error) {
	b, err := json.Marshal(m)
	return string(b), err
}

// Decode reads an import's mapping.
func Decode(imp *guike.Import) (Mapping, error) {
	var m Mapping
	err := json.Unmarshal([]byte(imp.Mapping), &m)
	return m, err
}

// propose looks into a file.
func (p *Port) propose(ctx context.Context, sc record.Scope, k *record.Kind, f *os.File, name string) (Mapping, string, error) {
	fm, err := formOf(f)
	if err != nil {
		return Mapping{}, "", err
	}
	return p.proposeAs(ctx, sc, k, f, fm, headerOf, name)
}

// proposeAs is propose where it is known how the file is written and how its header is found.
func (p *Port) proposeAs(ctx context.Context, sc record.Scope, k *record.Kind, f *os.File, fm form, headed func([]row, func(string) bool) int, name string) (Mapping, string, error) {
	t, err := openTable(f, fm)
	if err != nil {
		return Mapping{}, "", err
	}
	defer t.close()
	rows, err := peek(t, heads)
	if err != nil {
		return Mapping{}, "", err
	}
	if len(rows) == 0 {
		return Mapping{}, "", record.FieldError("file", "error.empty_file")
	}
	known := targets(k)
	prof := profileOf(k.Name, name)
	if prof != nil {
		for w := range prof.Columns {
			known[fold.Name(w)] = w
		}
	}
	at := headed(rows, func(s string) bool { return known[fold.Name(s)] != "" })
	var header []string
	data := rows
	if at >= 0 {
		header = trimHeader(rows[at].cells)
		data = rows[at+1:]
	} else {
		width := 0
		for _, r := range rows {
			width = max(width, len(r.cells))
		}
		header = make([]string, width)
	}
	if len(header) > 2000 {
		return Mapping{}, "", record.FieldError("file", "error.too_many_columns")
	}
	for i := range header {
		if header[i] = strings.TrimSpace(header[i]); header[i] == "" {
			header[i] = fmt.Sprintf("#%d", i+1)
		}
	}
	print := fingerprint(k.Name, header)
	m := propose(k, header, data, prof)
	m.Form = fm
	if at >= 0 {
		m.Header = rows[at].no
		m.Constants = append(m.Constants, constants(k, m, preambleFacts(rows[:at]))...)
	}
	if fm.statement() {
		m.owned()
	}
	if prof != nil {
		return m, print, nil
	}
	old, err := p.before(ctx, sc, k.Name, print, name)
	if err != nil {
		return Mapping{}, "", err
	}
	if old == nil && name != "" {
		return Mapping{}, "", record.FieldError("profile", "error.no_such_profile")
	}
	if old != nil {
		was, err := Decode(old)
		if err != nil {
			return Mapping{}, "", err
		}
		again(&m, was)
	}
	return m, print, nil
}

// trimHeader drops empty cells behind the last name.
func trimHeader(cells []string) []string {
	n := len(cells)
	for n > 0 && strings.TrimSpace(cells[n-1]) == "" {
		n--
	}
	return slices.Clone(cells[:n])
}

// before finds an earlier import with the same header, or with a profile's name, the newest that ran.
func (p *Port) before(ctx context.Context, sc record.Scope, kind, print, name string) (*guike.Import, error) {
	what := record.Where("fingerprint", "eq", print)
	if name != "" {
		what = record.Where("profile", "eq", name)
	}
	page, err := p.DB.List(ctx, sc, store.Query{Kind: "import", Limit: 1, Filter: record.All(record.Where("of", "eq", kind), what, ran())})
	if err != nil || len(page.Records) == 0 {
		if record.Is(err, record.NotFound) {
			err = nil
		}
		return nil, err
	}
	r, err := p.DB.Get(ctx, sc, "import", page.Records[0].Head().ID) // whole: a page's records lack the mapping
	if err != nil {
		return nil, err
	}
	return r.(*guike.Import), nil
}

// again puts an earlier mapping over a proposal, column by column.
func again(m *Mapping, was Mapping) {
	by := map[string]Column{}
	for _, c := range was.Columns {
		by[fold.Name(c.Name)] = c
	}
	for i := range m.Columns {
		if c, ok := by[fold.Name(m.Columns[i].Name)]; ok {
			c.Name, c.Samples, c.Why = m.Columns[i].Name, m.Columns[i].Samples, "before"
			m.Columns[i] = c
		}
	}
	m.Key, m.Mode, m.Twice, m.Clear, m.Profile = was.Key, was.Mode, was.Twice, was.Clear, was.Profile
}

// constants takes what stands above a statement: whose account it is, in which currency.
func constants(k *record.Kind, m Mapping, facts map[string]string) []Constant {
	var out []Constant
	used := map[string]bool{}
	for _, c := range m.Columns {
		used[c.Field] = true
	}
	for _, w := range []string{"账号", "帐号", "账户", "银行账号", "账户号码", "卡号", "本方账号", "查询账号", "account", "accountnumber", "accountno"} {
		v := strings.NewReplacer(" ", "", "-", "", "\t", "").Replace(facts[fold.Name(w)])
		if f := k.Field("account"); f != nil && f.Ref == "account" && !used["account"] && len(v) >= 6 && strings.Trim(v, "0123456789*") == "" {
			out = append(out, Constant{Field: "account", Value: v, Missing: OrCreate})
			if h := facts[fold.Name("户名")] + facts[fold.Name("账户名称")]; h != "" {
				out = append(out, Constant{Field: "holder", Value: h})
			}
			break
		}
	}
	for _, w := range []string{"币种", "货币", "currency"} {
		if c := currencyOf(facts[fold.Name(w)]); c != "" {
			out = append(out, Constant{Field: "currency", Value: c})
		}
	}
	return out
}

// Map changes how a file is understood. Only an import that has not run can be mapped anew.
func (p *Port) Map(ctx context.Context, sc record.Scope, id record.ID, m Mapping) (*guike.Import, error) {
	imp, err := p.Mine(ctx, sc, id)
	if err != nil {
		return nil, err
	}
	was, err := Decode(imp)
	if err != nil {
		return nil, err
	}
	if len(m.Columns) != len(was.Columns) {
		return nil, record.FieldError("columns", "error.columns")
	}
	m.Form, m.Header = was.Form, was.Header
	for i := range m.Columns {
		if m.Columns[i].Name != was.Columns[i].Name {
			return nil, record.FieldError("columns", "error.columns")
		}
		m.Columns[i].Samples = was.Columns[i].Samples
	}
	cat, err := p.DB.Catalogue(ctx, false)
	if err != nil {
		return nil, err
	}
	if !slices.Contains([]string{ModeCreate, ModeUpdate, ModeUpsert}, m.Mode) || !slices.Contains([]string{TwiceSkip, TwiceUpdate, OrReject}, m.Twice) {
		return nil, record.FieldError("mode", "error.choice")
	}
	bare := m
	bare.Columns = slices.Clone(m.Columns)
	for i := range bare.Columns {
		if bare.Columns[i].Field == New {
			bare.Columns[i].Field = "" // made when it runs
			if bare.Key == bare.Columns[i].Name {
				bare.Key, bare.Mode = "", ModeCreate
			}
		}
	}
	k, err := p.kind(ctx, cat, imp.Of)
	if err != nil {
		return nil, err
	}
	if _, err := newEnv(cat, k, &bare); err != nil {
		return nil, err
	}
	text, err := encode(m)
	if err != nil {
		return nil, err
	}
	return p.set(ctx, sc, id, guike.ImportMapping, map[string]record.Value{"mapping": record.TextValue(text), "profile": record.TextValue(m.Profile)}, guike.ImportMapping, guike.ImportFailed)
}

// Mine reads an import that the caller may work on: his own, or any where he may change imports.
func (p *Port) Mine(ctx context.Context, sc record.Scope, id record.ID) (*guike.Import, error) {
	r, err := p.DB.Get(ctx, sc, "import", id)
	if err != nil {
		return nil, err
	}
	if r.Head().Owner != sc.User && !sc.Covers(sc.For("import").Update, r.Head()) {
		return nil, record.Errorf(record.Denied, "error.denied")
	}
	return r.(*guike.Import), nil
}

// set moves an import to a state, from one of some others only, with values that go with it.
func (p *Port) set(ctx context.Context, sc record.Scope, id record.ID, state string, values map[string]record.Value, from ...string) (*guike.Import, error) {
	var out *guike.Import
	err := p.DB.Tx(ctx, house(sc), func(tx *store.Tx) error {
		r, err := p.move(ctx, tx, id, state, values, from...)
		out = r
		return err
	})
	return out, err
}

func (p *Port) move(ctx context.Context, tx *store.Tx, id record.ID, state string, values map[string]record.Value, from ...string) (*guike.Import, error) {
	recs, err := tx.UpdateAll(ctx, "import", []record.ID{id}, func(r record.Record) (store.Patch, error) {
		if !slices.Contains(from, r.(*guike.Import).State) {
			return store.Patch{}, record.Errorf(record.Conflict, "error.import_state")
		}
		vs := map[string]record.Value{"state": record.TextValue(state)}
		for name, v := range values {
			vs[name] = v
		}
		return store.Patch{Values: vs}, nil
	})
	if err != nil {
		return nil, err
	}
	if len(recs) == 0 {
		return nil, &record.Error{Code: record.NotFound, Message: "error.not_found"}
	}
	return recs[0].(*guike.Import), nil
}
