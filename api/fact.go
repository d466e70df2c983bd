package api

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"guike/record"
)

// A said fact is one field of a record in words, for people who do not have the app: on a shared page.
type said struct {
	Label, Value string
	Long         bool
	Head         []string   // of lines
	Rows         [][]string // and their cells
	Right        []bool     // the columns of figures
}

// facts writes the fields of a record that are named and that the call's scope sees, those with a value, in the kind's own order.
func (c *call) facts(k *record.Kind, r record.Record, names []string) ([]said, error) {
	rd, err := c.renderer()
	if err != nil {
		return nil, err
	}
	if err := rd.fetch(k, []record.Record{r}); err != nil {
		return nil, err
	}
	vs := k.Values(r)
	var out []said
	for i := range k.Fields {
		f := &k.Fields[i]
		if !slices.Contains(names, f.Name) || !c.scope.Sees(k.Name, f) || vs[i].Null {
			continue
		}
		x := said{Label: c.fieldWord(k.Name, f), Long: f.Type == record.Long}
		if f.Type == record.Lines {
			if x.Head, x.Right, x.Rows = c.lines(k.Name, f, vs[i].S); len(x.Rows) > 0 {
				out = append(out, x)
			}
			continue
		}
		if x.Value = rd.say(k, r, f, vs[i]); x.Value != "" {
			out = append(out, x)
		}
	}
	return out, nil
}

func (c *call) word(key string, values ...string) string { return c.s.Words(c.lang, key, values...) }

// first answers the words of the first key that has some.
func (c *call) first(keys ...string) string {
	for _, key := range keys {
		if w := c.word(key); w != "" {
			return w
		}
	}
	return ""
}

func (c *call) fieldWord(kind string, f *record.Field) string {
	if f.Label != "" {
		return f.Label
	}
	if w := c.first("field."+kind+"."+f.Name, "field.any."+f.Name); w != "" {
		return w
	}
	return f.Name
}

func (c *call) choiceWord(kind string, f *record.Field, value string, r record.Record) string {
	for _, o := range f.Options {
		if o.Value == value && o.Label != "" {
			return o.Label
		}
	}
	key := value
	if k := c.s.kindOf(c, kind); kind == "receipt" && f.Name == "direction" && k != nil && k.Get(r, "type").S == "invoice" {
		key = "billed_" + value // an invoice is issued or received; the same word of a slip means paid
	}
	if w := c.first("choice."+kind+"."+f.Name+"."+key, "choice.any."+f.Name+"."+key); w != "" {
		return w
	}
	return value
}

func (s *Server) kindOf(c *call, name string) *record.Kind {
	cat, err := s.db.Catalogue(c, false)
	if err != nil {
		return nil
	}
	return cat.Kind(name)
}

// say writes a value in words; "" where there is nothing to say, or nothing that the scope may.
func (rd *renderer) say(k *record.Kind, r record.Record, f *record.Field, v record.Value) string {
	c := rd.c
	switch f.Type {
	case record.Ref:
		if x := rd.ref(f.Ref, record.ID(v.S)); x != nil && !x.Gone {
			return x.Title
		}
		return ""
	case record.Category:
		var names []string
		for _, n := range v.Numbers(f.Multi) {
			if x := rd.cat.Numbered(n); x != nil {
				names = append(names, x.Name)
			}
		}
		return strings.Join(names, c.word("mark.comma"))
	case record.MoneyType:
		return cash(v.Money())
	case record.Choice:
		if v.S == "" {
			return ""
		}
		return c.choiceWord(k.Name, f, v.S, r)
	case record.Choices:
		var names []string
		for _, w := range v.Words() {
			names = append(names, c.choiceWord(k.Name, f, w, r))
		}
		return strings.Join(names, c.word("mark.comma"))
	case record.Bool:
		if v.N != 0 {
			return c.word("mark.yes")
		}
		return c.word("mark.no")
	case record.Time_:
		return time.UnixMicro(v.N).In(rd.cat.Zone).Format("2006-01-02 15:04")
	case record.Int:
		if f.Name == "size" {
			return bytesWord(v.N)
		}
		return strconv.FormatInt(v.N, 10)
	case record.Float:
		return strconv.FormatFloat(v.Float(), 'f', -1, 64)
	}
	return v.S
}

// lines writes what stands below one another: columns that have values, with their heads.
func (c *call) lines(kind string, f *record.Field, text string) (head []string, right []bool, rows [][]string) {
	var raw []map[string]json.RawMessage
	if json.Unmarshal([]byte(text), &raw) != nil {
		return nil, nil, nil
	}
	for i := range f.Of {
		of := &f.Of[i]
		if of.Type == record.Ref {
			continue // an id; the line has its words
		}
		var cells []string
		some := false
		for _, line := range raw {
			cell := ""
			if v, err := of.Parse(line[of.Name]); err == nil && len(line[of.Name]) > 0 && !v.Null {
				switch of.Type {
				case record.MoneyType:
					cell = cash(v.Money())
				case record.Float:
					cell = strconv.FormatFloat(v.Float(), 'f', -1, 64)
				case record.Int:
					cell = strconv.FormatInt(v.N, 10)
				default:
					cell = v.S
				}
			}
			some = some || cell != ""
			cells = append(cells, cell)
		}
		if !some {
			continue
		}
		head, right = append(head, c.first("field."+kind+".lines."+of.Name, "field.line."+of.Name, "field."+kind+"."+of.Name, "field.any."+of.Name)), append(right, of.Type != record.Text)
		if rows == nil {
			rows = make([][]string, len(raw))
		}
		for n, cell := range cells {
			rows[n] = append(rows[n], cell)
		}
	}
	return head, right, rows
}

// cash writes money for people: ¥491,300.00, USD 12.50.
func cash(m record.Money) string {
	whole, rest, _ := strings.Cut(m.Decimal(), ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if rest != "" {
		whole += "." + rest
	}
	if m.Currency == "CNY" {
		return sign + "¥" + whole
	}
	return strings.TrimSpace(m.Currency + " " + sign + whole)
}

func bytesWord(n int64) string {
	switch {
	case n >= 1<<20:
		return strconv.FormatFloat(float64(n)/(1<<20), 'f', 1, 64) + " MB"
	case n >= 1<<10:
		return strconv.FormatInt(n>>10, 10) + " KB"
	}
	return strconv.FormatInt(n, 10) + " B"
}
