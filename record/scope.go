package record

import (
	"slices"
	"strings"
)

// A Reach says which records of a kind a scope touches.
type Reach int

// The reaches, each wider than the one before.
const (
	None Reach = iota
	Own
	Department // the caller's departments and what lies below them
	Everything
)

// Grant is what a scope may do with one kind.
type Grant struct {
	Read, Create, Update, Delete, Export Reach
}

// A Scope is who asks, which rows and which fields he touches. The store has no call without one.
type Scope struct {
	User        ID
	Name        string // for the history: "王敏", "job:classify"
	Cause       Cause
	Departments []ID // the user's, with all below
	Home        ID   // the department that new records get
	Grants      map[string]Grant
	Other       Grant               // for kinds not named in Grants
	Masked      map[string][]string // kind → fields that do not exist for this scope
	RowCap      int                 // most rows one answer may have; 0 is the house's limit
	Admin       bool                // may use the verbs on users, roles, tokens, settings
	Rules       bool                // may use the verbs on rules and dimensions
	Share       bool                // may hand what he reads to people outside
	System      bool                // a named job of the house, which the history shows
	Agreed      bool                // fields that somebody reviews may be written: he has agreed
}

// Cause is why something is written. Root is the request or job that the chain began with.
type Cause struct {
	Kind  string // request, job, rule, import, undo, system
	ID    string
	Root  string
	Depth int
}

// SystemScope is the scope of a job of the house.
func SystemScope(name string) Scope {
	all := Grant{Everything, Everything, Everything, Everything, Everything}
	return Scope{Name: name, Other: all, System: true, Cause: Cause{Kind: "system", ID: name, Root: name}}
}

// House is the scope in which a verb writes what its caller may not write directly; the history still shows the caller.
func (s Scope) House() Scope {
	s.Other = SystemScope("").Other
	s.Grants, s.Masked = nil, nil
	return s
}

// For returns what the scope may do with a kind.
func (s *Scope) For(kind string) Grant {
	if g, ok := s.Grants[kind]; ok {
		return g
	}
	return s.Other
}

// Sees reports whether a field of a kind exists for this scope.
func (s *Scope) Sees(kind string, f *Field) bool {
	return !f.secret && !f.Retired && !slices.Contains(s.Masked[kind], f.Name)
}

// Title is a record's title for this scope: where fields of its kind are masked, it is made anew without them.
func (s *Scope) Title(k *Kind, r Record) string {
	masked := s.Masked[k.Name]
	if len(masked) == 0 {
		return r.Head().Title
	}
	r = k.Clone(r)
	for _, name := range masked {
		if k.Field(name) != nil {
			k.Set(r, name, Value{Null: true})
		}
	}
	return strings.TrimSpace(r.Heading())
}

// Covers reports whether a record that is owned so lies within a reach.
func (s *Scope) Covers(r Reach, b *Base) bool {
	switch r {
	case Everything:
		return true
	case Department:
		return b.Owner == s.User && s.User != "" || b.Department != "" && slices.Contains(s.Departments, b.Department)
	case Own:
		return s.User != "" && b.Owner == s.User
	}
	return false
}

// cond compiles a reach into a condition over the kind's base fields.
func (s *Scope) cond(k *Kind, r Reach) Cond {
	owner := Cond{Op: In, Field: &k.Fields[PosOwner], Set: []Value{TextValue(string(s.User))}}
	switch {
	case r == Everything:
		return Cond{Op: True}
	case r == None || s.User == "":
		return Cond{Op: False}
	case r == Own:
		return owner
	case len(s.Departments) == 0:
		return owner
	}
	set := make([]Value, len(s.Departments))
	for i, d := range s.Departments {
		set[i] = TextValue(string(d))
	}
	return Cond{Op: Or, Kids: []Cond{{Op: In, Field: &k.Fields[PosDepartment], Set: sortValues(&k.Fields[PosDepartment], set)}, owner}}
}
