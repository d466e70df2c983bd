package store

import (
	"encoding/json"

	"guike/record"
)

// diff fills the change entry's body: each field's old and new value, the house's own bookkeeping left out.
func (e *edit) diff() {
	e.body = map[string][2]json.RawMessage{}
	e.after = e.k.Values(e.rec)
	after := e.after
	for i := range e.k.Fields {
		f := &e.k.Fields[i]
		switch i {
		case record.PosN, record.PosVersion, record.PosTitle, record.PosUpdatedAt, record.PosDeletedAt, record.PosCreatedAt:
			continue
		}
		if e.before[i] != after[i] && !(e.before[i].Null && after[i].Null) {
			if f.IsSecret() {
				e.body[f.Name] = [2]json.RawMessage{json.RawMessage(`"…"`), json.RawMessage(`"…"`)}
				continue
			}
			e.body[f.Name] = [2]json.RawMessage{f.JSON(e.before[i]), f.JSON(after[i])}
		}
	}
}
