package exchange

import (
	"context"

	"guike"
	"guike/queue"
	"guike/record"
	"guike/store"
)

// Job is what the queue keeps of a run or an undo: on whose behalf, with the rights he had when he asked.
type Job struct {
	Import record.ID    `json:"import"`
	Do     string       `json:"do"` // check, run, undo, redo
	Scope  record.Scope `json:"scope"`
	Cause  string       `json:"cause,omitempty"`
	Root   string       `json:"root,omitempty"` // what an undo takes back
	Anyway bool         `json:"anyway,omitempty"`
	Only   []record.ID  `json:"only,omitempty"`
}

// What a job does.
const (
	doCheck = "check"
	doRun   = "run"
	doUndo  = "undo"
	doRedo  = "redo"
)

// Check begins a dry run: every row is read and judged, nothing is written.
func (p *Port) Check(ctx context.Context, sc record.Scope, id record.ID) (*guike.Import, string, error) {
	return p.begin(ctx, sc, id, Job{Do: doCheck}, guike.ImportChecking, "job.import_check", guike.ImportMapping, guike.ImportFailed, guike.ImportChecking)
}

// Run begins to take the rows in.
func (p *Port) Run(ctx context.Context, sc record.Scope, id record.ID) (*guike.Import, string, error) {
	return p.begin(ctx, sc, id, Job{Do: doRun, Cause: string(id)}, guike.ImportRunning, "job.import", guike.ImportMapping, guike.ImportFailed, guike.ImportChecking)
}

// Undo begins to take back what an import did: of all records, or of those named with anyway, also what was changed since. Undone, it can be done again by Redo.
func (p *Port) Undo(ctx context.Context, sc record.Scope, id record.ID, anyway bool, only []record.ID) (*guike.Import, string, error) {
	imp, err := p.Mine(ctx, sc, id)
	if err != nil {
		return nil, "", err
	}
	from := []string{guike.ImportDone, guike.ImportFailed, guike.ImportRunning}
	cause := string(record.NewID("und"))
	if imp.State == guike.ImportUndone && anyway || imp.State == guike.ImportUndoing {
		// What the first undo left belongs to it: both are redone together.
		cause = imp.Undo
		from = append(from, guike.ImportUndone)
	}
	return p.begin(ctx, sc, id, Job{Do: doUndo, Cause: cause, Root: string(id), Anyway: anyway, Only: only}, guike.ImportUndoing, "job.import_undo", from...)
}

// Redo takes the last undo back.
func (p *Port) Redo(ctx context.Context, sc record.Scope, id record.ID) (*guike.Import, string, error) {
	imp, err := p.Mine(ctx, sc, id)
	if err != nil {
		return nil, "", err
	}
	return p.begin(ctx, sc, id, Job{Do: doRedo, Cause: string(record.NewID("und")), Root: imp.Undo}, guike.ImportUndoing, "job.import_redo", guike.ImportUndone)
}

// begin moves an import to a state and adds its job. An import whose job was cancelled, or failed for good, is still in the state of its work: asked again, the
// work goes on from its cursor. A file that was partly taken in is never begun anew.
func (p *Port) begin(ctx context.Context, sc record.Scope, id record.ID, j Job, state, title string, from ...string) (*guike.Import, string, error) {
	if _, err := p.Mine(ctx, sc, id); err != nil {
		return nil, "", err
	}
	j.Import, j.Scope = id, sc
	once := "import:" + string(id)
	var imp *guike.Import
	var job string
	err := p.DB.Tx(ctx, house(sc), func(tx *store.Tx) error {
		var active, taken int64
		if err := tx.One(ctx, "SELECT count(*) FROM jobs WHERE once = ? AND state IN ('waiting', 'running')", []any{once}, &active); err != nil {
			return err
		}
		if err := tx.One(ctx, "SELECT count(*) FROM import_runs WHERE import = ? AND mode = ?", []any{string(id), doRun}, &taken); err != nil {
			return err
		}
		if active > 0 || taken > 0 && j.Do == doCheck {
			return record.Errorf(record.Conflict, "error.import_state")
		}
		r, err := tx.Get(ctx, house(sc), "import", id)
		if err != nil {
			return err
		}
		values := map[string]record.Value{"ended_at": record.Absent, "reason": record.Absent, "detail": record.Absent}
		if was := r.(*guike.Import).State; was != state {
			values["started_at"] = record.NumberValue(int64(tx.At()))
		} else {
			from = []string{was}
		}
		if j.Do == doUndo {
			values["undo"] = record.TextValue(j.Cause)
		}
		if imp, err = p.move(ctx, tx, id, state, values, from...); err != nil {
			return err
		}
		job, err = queue.Add(ctx, tx, queue.New{Queue: Queue, Title: title, Args: j, Once: once})
		return err
	})
	return imp, job, err
}
