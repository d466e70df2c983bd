package guike

import "guike/record"

// KindIcons are what a custom kind may be shown by; "" is the house's own choice. Interfaces draw them.
var KindIcons = []string{
	"box", "wrench", "laptop", "server", "cpu", "gauge", "car", "truck", "ship", "plane", "building", "factory", "store", "warehouse", "landmark", "house",
	"briefcase", "handshake", "users", "user", "graduation", "heart", "star", "flag", "tag", "gift", "key", "shield", "coins", "calendar", "clipboard", "file", "book", "phone", "mail", "map", "camera", "leaf",
}

// A CustomKind is a kind that a workspace added: a table of its own, x_…, whose records have a name and the fields that people give it.
type CustomKind struct {
	record.Base
	Name    string // x_device
	Plural  string // x_devices: table and URL
	Prefix  string // of its ids
	Label   string
	Icon    string
	Retired bool
}

func (*CustomKind) Kind() string { return "custom_kind" }

// Heading is the label.
func (k *CustomKind) Heading() string { return k.Label }

func (k *CustomKind) Fields(f *record.Fields) {
	k.Base.Fields(f)
	f.Text("name", &k.Name).Required().Unique()
	f.Text("plural", &k.Plural).Required().Unique()
	f.Text("prefix", &k.Prefix).Required().Unique()
	f.Text("label", &k.Label).Required()
	f.Choice("icon", &k.Icon, KindIcons...)
	f.Bool("retired", &k.Retired)
}

// A CustomField is a field that a workspace added (x_…), or what it wants of a field that was there: how forms show it, what they ask of it.
type CustomField struct {
	record.Base
	Of       string // the kind
	Name     string
	Added    bool   // a column of the workspace's own; else only wishes about a field that was there
	Label    string // "" leaves what it was called
	Type     string // record.Type, of an added one
	Ref      string // the kind that an added reference names
	Options  string // JSON []record.Option: what a choice may be
	Formula  string // an added field computed from others
	Searched bool   // feeds full text
	Retired  bool

	Section      string
	Position     int64
	Help         string
	Required     bool
	RequiredWhen string // JSON record.Filter
	Default      string // JSON, as the API writes the field
	Pattern      string // RE2 that the whole text must match
	PatternHelp  string
	Reviewer     record.ID // who must agree to a change
}

func (*CustomField) Kind() string { return "custom_field" }

// Heading is the label, or the name.
func (c *CustomField) Heading() string {
	if c.Label != "" {
		return c.Label
	}
	return c.Of + "." + c.Name
}

func (c *CustomField) Fields(f *record.Fields) {
	c.Base.Fields(f)
	f.Text("of", &c.Of).Required().Indexed()
	f.Text("name", &c.Name).Required()
	f.Bool("added", &c.Added)
	f.Text("label", &c.Label)
	f.Text("type", &c.Type)
	f.Text("ref", &c.Ref)
	f.JSON("options", &c.Options)
	f.Text("formula", &c.Formula)
	f.Bool("searched", &c.Searched)
	f.Bool("retired", &c.Retired)
	f.Text("section", &c.Section)
	f.Int("position", &c.Position)
	f.Text("help", &c.Help)
	f.Bool("required", &c.Required)
	f.JSON("required_when", &c.RequiredWhen)
	f.JSON("default", &c.Default)
	f.Text("pattern", &c.Pattern)
	f.Text("pattern_help", &c.PatternHelp)
	f.Ref("reviewer", "user", &c.Reviewer)
}
