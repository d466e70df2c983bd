package api

import (
	"encoding/json"
	"net/http"
	"slices"

	"guike"
	"guike/record"
	"guike/shape"
)

// newKind and newField are the bodies that add to a workspace's shape; members of the latter that forms ask may be given at once.
type newKind struct {
	Label string `json:"label" doc:"what people call it"`
	Name  string `json:"name,omitempty" doc:"x_…; made from the label where left out"`
	Icon  string `json:"icon,omitempty"`
}

type madeKind struct {
	Kind   string `json:"kind"`
	Plural string `json:"plural"`
}

type editKind struct {
	Label   *string `json:"label,omitempty"`
	Icon    *string `json:"icon,omitempty"`
	Retired *bool   `json:"retired,omitempty" doc:"taken away; its records stay and come back with it"`
}

type newField struct {
	Label    string          `json:"label"`
	Name     string          `json:"name,omitempty" doc:"x_…; made from the label where left out"`
	Type     string          `json:"type" enum:"text,longtext,int,float,money,date,time,bool,choice,choices,ref,phone,email,url"`
	Ref      string          `json:"ref,omitempty" doc:"the kind that a reference names"`
	Searched bool            `json:"searched,omitempty" doc:"found by full text"`
	Options  []record.Option `json:"options,omitempty"`
	Formula  string          `json:"formula,omitempty" doc:"computed from other fields of the record: see docs/api.md"`
	editForm
}

type editForm struct {
	Section      *string          `json:"section,omitempty"`
	Position     *int64           `json:"position,omitempty"`
	Help         *string          `json:"help,omitempty"`
	Required     *bool            `json:"required,omitempty"`
	RequiredWhen *record.Filter   `json:"required_when,omitempty"`
	Default      *json.RawMessage `json:"default,omitempty" doc:"as the API writes the field"`
	Pattern      *string          `json:"pattern,omitempty" doc:"RE2 that the whole text must match"`
	PatternHelp  *string          `json:"pattern_help,omitempty"`
}

type editField struct {
	Label   *string         `json:"label,omitempty"`
	Retired *bool           `json:"retired,omitempty"`
	Options []record.Option `json:"options,omitempty" doc:"those left out are retired"`
	Formula *string         `json:"formula,omitempty"`
	editForm
}

type formulaBody struct {
	Name    string `json:"name,omitempty" doc:"of the field that it is to compute; left out for a new one"`
	Type    string `json:"type"`
	Formula string `json:"formula"`
}

type formulaFault struct {
	Fault string `json:"fault" doc:"a message key, with what it speaks of behind |; empty where nothing is wrong"`
}

type madeField struct {
	Kind string `json:"kind"`
	Name string `json:"name"`
}

// shapes adds the routes that change what records look like.
func (s *Server) shapes() {
	s.reviews()
	s.add(route{method: "POST", path: "/kinds", summary: "Add a kind", in: schema[newKind](s), out: schema[madeKind](s), status: http.StatusCreated, do: (*call).addKind})
	s.add(route{method: "PATCH", path: "/kinds/{id}", summary: "Rename a kind that was added, or take it away", in: schema[editKind](s), do: func(c *call) (any, error) {
		vs, err := c.members("custom_kind")
		if err != nil {
			return nil, err
		}
		return nil, shape.EditKind(c, c.s.db, c.scope, c.r.PathValue("id"), vs)
	}})
	s.add(route{method: "POST", path: "/kinds/{id}/fields", summary: "Add a field", in: schema[newField](s), out: schema[madeField](s), status: http.StatusCreated, do: (*call).addField})
	s.add(route{method: "POST", path: "/kinds/{id}/formula", summary: "What is wrong with a formula", in: schema[formulaBody](s), out: schema[formulaFault](s), do: func(c *call) (any, error) {
		in, err := decode[formulaBody](c)
		if err != nil {
			return nil, err
		}
		fault, err := shape.Fault(c, c.s.db, c.scope, c.r.PathValue("id"), in.Name, in.Type, in.Formula)
		return formulaFault{fault}, err
	}})
	s.add(route{method: "PATCH", path: "/kinds/{id}/fields/{field}", summary: "Rename or retire an added field; say what forms ask of any", in: schema[editField](s), do: func(c *call) (any, error) {
		vs, err := c.members("custom_field")
		if err != nil {
			return nil, err
		}
		return nil, shape.EditField(c, c.s.db, c.scope, c.r.PathValue("id"), c.r.PathValue("field"), vs)
	}})
}

// A proposedChange is a change that waits for a reviewer, with names for people.
type proposedChange struct {
	ID       string `json:"id"`
	Kind     string `json:"kind"`
	Record   ref    `json:"record"`
	Field    string `json:"field"`
	Before   any    `json:"before" doc:"references with their titles"`
	Value    any    `json:"value"`
	State    string `json:"state" enum:"waiting,accepted,refused,withdrawn"`
	By       *ref   `json:"by"`
	Reviewer *ref   `json:"reviewer"`
	Mine     bool   `json:"mine" doc:"the caller may decide it"`
	Note     string `json:"note"`
	At       string `json:"at"`
}

type proposedChanges struct {
	Data []proposedChange `json:"data"`
	Next string           `json:"next_cursor"`
	More bool             `json:"has_more"`
}

type reviewed struct {
	Note   string `json:"note,omitempty"`
	Anyway bool   `json:"anyway,omitempty" doc:"accept though the field was changed meanwhile"`
}

// reviews adds the routes by which changes of reviewed fields are decided.
func (s *Server) reviews() {
	s.add(route{method: "GET", path: "/proposals", summary: "Changes that wait for a reviewer: mine to decide, or made by me", out: schema[proposedChanges](s), query: []string{"rec", "state", "cursor"}, do: (*call).proposals})
	for verb, state := range map[string]string{"accept": guike.ProposalAccepted, "refuse": guike.ProposalRefused, "withdraw": guike.ProposalWithdrawn} {
		s.add(route{method: "POST", path: "/proposals/{id}/" + verb, summary: "Decide a change: " + verb, in: schema[reviewed](s), do: func(c *call) (any, error) {
			in, err := decode[reviewed](c)
			if err != nil {
				return nil, err
			}
			return nil, shape.Review(c, c.s.db, c.scope, c.id(), state, in.Note, in.Anyway)
		}})
	}
}

func (c *call) proposals() (any, error) {
	q := c.r.URL.Query()
	p, err := shape.Proposals(c, c.s.db, c.scope, record.ID(q.Get("rec")), q.Get("state"), q.Get("cursor"))
	if err != nil {
		return nil, err
	}
	rd, err := c.renderer()
	if err != nil {
		return nil, err
	}
	want := map[string][]record.ID{}
	for _, r := range p.Records {
		x := r.(*guike.Proposal)
		want["user"] = append(want["user"], x.Owner, x.Reviewer)
		want[x.Of] = append(want[x.Of], x.Rec)
		k := rd.cat.Kind(x.Of)
		if k == nil {
			continue // taken away meanwhile
		}
		if f := k.Field(x.Field); f != nil && f.Type == record.Ref {
			for _, raw := range []string{x.Before, x.Value} {
				var id record.ID
				if json.Unmarshal(rawOr(raw), &id) == nil && id != "" {
					want[f.Ref] = append(want[f.Ref], id)
				}
			}
		}
	}
	// A reviewer reads what he is to judge, also where he may not read the record.
	all := c.scope
	all.Other, all.Grants = record.SystemScope("").Other, nil
	if err := (&renderer{c: &call{Context: c, s: c.s, scope: all}, cat: rd.cat, titles: rd.titles}).learn(want); err != nil {
		return nil, err
	}
	out := proposedChanges{Data: []proposedChange{}, Next: p.Next, More: p.Next != ""}
	for _, r := range p.Records {
		x := r.(*guike.Proposal)
		out.Data = append(out.Data, proposedChange{ID: string(x.ID), Kind: x.Of, Record: *rd.ref(x.Of, x.Rec), Field: x.Field, Before: rd.proposed(x, x.Before), Value: rd.proposed(x, x.Value), State: x.State,
			By: rd.ref("user", x.Owner), Reviewer: rd.ref("user", x.Reviewer), Mine: x.State == guike.ProposalWaiting && (x.Reviewer == c.scope.User || c.scope.Admin), Note: x.Note, At: x.CreatedAt.String()})
	}
	return out, nil
}

// proposed writes a value of a proposal as people read it.
func (rd *renderer) proposed(x *guike.Proposal, raw string) any {
	k := rd.cat.Kind(x.Of)
	if k == nil {
		return rawOr(raw)
	}
	return rd.changed(k, x.Field, rawOr(raw))
}

func rawOr(s string) json.RawMessage {
	if s == "" {
		return json.RawMessage("null")
	}
	return json.RawMessage(s)
}

// members reads a body whose members are fields of a kind that verbs write.
func (c *call) members(kind string) (map[string]record.Value, error) {
	k, err := c.kind(kind)
	if err != nil {
		return nil, err
	}
	m, err := decode[map[string]json.RawMessage](c)
	if err != nil {
		return nil, err
	}
	out, bad := map[string]record.Value{}, map[string]string{}
	for name, raw := range m {
		f := k.Field(name)
		if f == nil || f.IsSystem() {
			bad[name] = "error.no_such_field"
			continue
		}
		v, err := f.Parse(raw)
		if err != nil {
			bad[name] = err.Error()
		}
		out[name] = v
	}
	if len(bad) > 0 {
		return nil, &record.Error{Code: record.Invalid, Message: "error.invalid", Fields: bad}
	}
	return out, nil
}

func (c *call) addKind() (any, error) {
	b, err := decode[newKind](c)
	if err != nil {
		return nil, err
	}
	k, err := shape.AddKind(c, c.s.db, c.scope, guike.CustomKind{Label: b.Label, Name: b.Name, Icon: b.Icon})
	return madeKind{k.Name, k.Plural}, err
}

func (c *call) addField() (any, error) {
	k, err := c.kind("custom_field")
	if err != nil {
		return nil, err
	}
	vs, err := c.members("custom_field")
	if err != nil {
		return nil, err
	}
	f := new(guike.CustomField)
	for name, v := range vs {
		if slices.Contains([]string{"of", "added", "retired", "owner", "department"}, name) {
			return nil, record.FieldError(name, "error.read_only")
		}
		k.Set(f, name, v)
	}
	f.Of = c.r.PathValue("id")
	made, err := shape.AddField(c, c.s.db, c.scope, *f)
	return madeField{made.Of, made.Name}, err
}
