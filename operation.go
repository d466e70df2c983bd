package guike

import "guike/record"

// An Operation is one change of many records at once: which, what, how far, and what became of it. Its id is the root of all that it wrote, by which it is
// taken back. Written only by the verbs of bulk.
type Operation struct {
	record.Base
	Of     string // the kind
	Verb   string
	Filter string // JSON record.Filter: which records
	Words  string
	What   string // JSON: the values
	State  string
	Total  int64  // records that the filter kept when it began
	Done   int64  // changed
	Same   int64  // that were so already
	Failed int64  // that could not be changed
	Faults string // JSON: which those are and why, the first of them
	Kept   int64  // parts that its undo left
	Left   string // JSON: what those are, the first of them
	Job    string
	Undo   string // cause of its undo
}

// What an operation does.
const (
	OperationEdit     = "edit"
	OperationClassify = "classify"
	OperationTrash    = "trash"
	OperationRestore  = "restore"
	OperationCells    = "cells"  // each record values of its own
	OperationRename   = "rename" // documents, by another template
)

// A SettingChange is what an operation says in What where it changed a setting of the workspace too: its undo puts that back.
type SettingChange struct {
	Setting string `json:"setting"`
	From    string `json:"from"`
	To      string `json:"to"`
}

// States of an operation.
const (
	OperationRunning = "running"
	OperationDone    = "done"
	OperationUndoing = "undoing"
	OperationUndone  = "undone"
)

func (*Operation) Kind() string { return "operation" }

// Heading is the verb and the kind.
func (o *Operation) Heading() string { return o.Verb + " " + o.Of }

func (o *Operation) Fields(f *record.Fields) {
	o.Base.Fields(f)
	f.Text("of", &o.Of).Required().Indexed()
	f.Choice("verb", &o.Verb, OperationEdit, OperationClassify, OperationTrash, OperationRestore, OperationCells, OperationRename).Required()
	f.JSON("filter", &o.Filter)
	f.Text("words", &o.Words)
	f.JSON("what", &o.What)
	f.Choice("state", &o.State, OperationRunning, OperationDone, OperationUndoing, OperationUndone).Indexed()
	f.Int("total", &o.Total)
	f.Int("done", &o.Done)
	f.Int("same", &o.Same)
	f.Int("failed", &o.Failed)
	f.JSON("faults", &o.Faults)
	f.Int("kept", &o.Kept)
	f.JSON("left", &o.Left)
	f.Text("job", &o.Job)
	f.Text("undo", &o.Undo)
}
