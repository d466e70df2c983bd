package guike

import "guike/record"

// A Dimension is one way of classifying a kind: a column d_… whose values are its categories.
type Dimension struct {
	record.Base
	Of     string // the kind classified
	Name   string // the column: d_type
	Label  string
	Multi  bool
	By     string // what decides: rules, bands, period, lookup, field
	Source string // bands, period, field: the field read; lookup: reference.dimension ("customer.d_level")
	Bounds string // JSON, bands: lower bounds of all but the first band, in decimals
	AsOf   string // lookup: the date field whose day the value is taken of, or created_at; "" follows the present value
}

// What decides a dimension's values.
const (
	ByRules  = "rules"  // ordered rules; the first that holds wins
	ByBands  = "bands"  // an amount's band
	ByPeriod = "period" // year, quarter, month of a day
	ByLookup = "lookup" // the category of the record referred to
	ByField  = "field"  // a category for each text that a field holds
)

func (*Dimension) Kind() string { return "dimension" }

// Heading is the label.
func (d *Dimension) Heading() string { return d.Label }

func (d *Dimension) Fields(f *record.Fields) {
	d.Base.Fields(f)
	f.Text("of", &d.Of).Required().Indexed()
	f.Text("name", &d.Name).Required()
	f.Text("label", &d.Label).Required()
	f.Bool("multi", &d.Multi)
	f.Choice("by", &d.By, ByRules, ByBands, ByPeriod, ByLookup, ByField).Required()
	f.Text("source", &d.Source)
	f.JSON("bounds", &d.Bounds)
	f.Text("as_of", &d.AsOf)
}

// A Category is one value of a dimension; categories form a tree.
type Category struct {
	record.Base
	Dimension record.ID
	Parent    record.ID
	Name      string
	Position  int64
	Aliases   string // other words for it, separated by commas
	Code      string // made by the house: "2026-Q3", the band's lower bound, the field's text
	Retired   bool
}

func (*Category) Kind() string { return "category" }

// Heading is the name.
func (c *Category) Heading() string { return c.Name }

func (c *Category) Fields(f *record.Fields) {
	c.Base.Fields(f)
	f.Ref("dimension", "dimension", &c.Dimension).Required().Indexed()
	f.Ref("parent", "category", &c.Parent)
	f.Text("name", &c.Name).Named().Required().Indexed()
	f.Int("position", &c.Position)
	f.Text("aliases", &c.Aliases).Searched()
	f.Text("code", &c.Code).System()
	f.Bool("retired", &c.Retired)
}

// A Rule puts records that satisfy its condition into a category. Within a dimension rules stand in order.
type Rule struct {
	record.Base
	Number    int64 // by which people call it; never reused
	Dimension record.ID
	Category  record.ID
	Name      string
	Filter    string // JSON record.Filter
	Position  int64
	Revision  int64 // raised by each change of what it says
	Latest    int64 // the highest revision it ever had: one that was taken back is not given again
	Disabled  bool
}

func (*Rule) Kind() string { return "rule" }

// Heading is the name.
func (r *Rule) Heading() string { return r.Name }

func (r *Rule) Fields(f *record.Fields) {
	r.Base.Fields(f)
	f.Int("number", &r.Number).System()
	f.Ref("dimension", "dimension", &r.Dimension).Required().Indexed()
	f.Ref("category", "category", &r.Category).Required().Indexed()
	f.Text("name", &r.Name).Searched()
	f.JSON("filter", &r.Filter).Required()
	f.Int("position", &r.Position)
	f.Int("revision", &r.Revision).System()
	f.Bool("disabled", &r.Disabled)
	f.Int("latest", &r.Latest).System()
}

// A Revision is one change of how a dimension decides: its rules and bounds as a whole, drafted, previewed, published, applied to what is there, and perhaps
// taken back. Its id is the root of all that its application wrote.
type Revision struct {
	record.Base
	Dimension   record.ID
	Of          string // the kind
	Number      int64  // within the dimension, by publishing; 0 while a draft
	Note        string
	State       string
	Before      string // JSON: how the dimension decided until then
	After       string // JSON: how it decides from then on
	Expected    int64  // records that the preview at publishing said would move
	Moved       int64  // records that were written when it was applied, with what followed from it
	Kept        int64  // parts that its undo left
	Left        string // JSON: what those are, the first of them
	PublishedAt record.Time
	Job         string // that applies it or takes it back
	Undo        string // cause of its undo
}

// States of a revision.
const (
	RevisionDraft   = "draft"
	RevisionRunning = "running"
	RevisionDone    = "done"
	RevisionUndoing = "undoing"
	RevisionUndone  = "undone"
)

func (*Revision) Kind() string { return "revision" }

// Heading is the note.
func (r *Revision) Heading() string { return r.Note }

func (r *Revision) Fields(f *record.Fields) {
	r.Base.Fields(f)
	f.Ref("dimension", "dimension", &r.Dimension).Required().Indexed()
	f.Text("of", &r.Of)
	f.Int("number", &r.Number)
	f.Text("note", &r.Note)
	f.Choice("state", &r.State, RevisionDraft, RevisionRunning, RevisionDone, RevisionUndoing, RevisionUndone).Indexed()
	f.JSON("before", &r.Before)
	f.JSON("after", &r.After)
	f.Int("expected", &r.Expected)
	f.Int("moved", &r.Moved)
	f.Int("kept", &r.Kept)
	f.JSON("left", &r.Left)
	f.Time("published_at", &r.PublishedAt)
	f.Text("job", &r.Job)
	f.Text("undo", &r.Undo)
}
