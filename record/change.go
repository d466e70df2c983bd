package record

import "encoding/json"

// Operations of a change.
const (
	OpCreate  = "create"
	OpUpdate  = "update"
	OpDelete  = "delete" // into the trash
	OpRestore = "restore"
	OpPurge   = "purge"
)

// A Change is one entry of the log: what one write did to one record. Fields keeps each field's old and new value apart, in canonical typed JSON;
// for a dimension both hold the value and its decision.
type Change struct {
	ID      int64
	Seq     int64
	Kind    string
	Rec     ID
	Op      string
	Version int64 // of the record, after
	At      Time
	By      ID
	Name    string // who, in words, also where no user did it
	Cause   Cause
	Fields  map[string][2]json.RawMessage
	// Why holds, for each dimension in Fields, its decision before and after; without an origin it was undecided. Undo puts both back.
	Why map[string][2]Decision
}

// A Decision is where a category's value comes from and why.
type Decision struct {
	Origin     string  `json:"origin"` // rule, model, person, computed, lookup, import, none
	Rule       ID      `json:"rule,omitempty"`
	Version    int64   `json:"version,omitempty"`
	Confidence float64 `json:"confidence,omitempty"`
	Reason     string  `json:"reason,omitempty"`
	By         ID      `json:"by,omitempty"`
	At         Time    `json:"at,omitempty"`
}

// Same reports whether the same judge decided: a person, a rule, the house itself. How sure he was, when and in which words may differ.
func (d Decision) Same(o Decision) bool {
	for _, x := range []*Decision{&d, &o} {
		if x.Origin == "" {
			x.Origin = "none"
		}
	}
	return d.Origin == o.Origin && d.Rule == o.Rule && d.By == o.By
}
