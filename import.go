package guike

import "guike/record"

// An Import is one file of records taken in: whose rows they were, how its columns were understood, what became of them. Its file is kept by hash, so that it
// can be run again and what it rejected given back. Written only by the verbs of exchange.
type Import struct {
	record.Base
	Of          string // the kind imported
	Name        string // of the file
	SHA256      string
	Size        int64 // bytes
	State       string
	Reason      string // code: why it failed
	Detail      string // in words
	Mapping     string // JSON: form of the file, columns, key, policies
	Profile     string // by which the mapping is found again
	Fingerprint string // of the header: a file with the same one is proposed the same mapping
	Rows        int64  // that are not blank, the header not counted; the sum of the five that follow
	Created     int64
	Updated     int64
	Unchanged   int64
	Rejected    int64
	Skipped     int64
	Warned      int64       // rows taken that somebody should look at
	Kept        int64       // parts that its undo left
	Undo        string      // cause of its last undo
	StartedAt   record.Time // of the run or the undo
	EndedAt     record.Time
}

// States of an import.
const (
	ImportMapping  = "mapping"  // a person looks at the mapping
	ImportChecking = "checking" // dry run
	ImportRunning  = "running"
	ImportDone     = "done"
	ImportFailed   = "failed"
	ImportUndoing  = "undoing"
	ImportUndone   = "undone"
)

func (*Import) Kind() string { return "import" }

// Heading is the file's name.
func (i *Import) Heading() string { return i.Name }

func (i *Import) Fields(f *record.Fields) {
	i.Base.Fields(f)
	f.KindName("of", &i.Of).Required().Indexed()
	f.Text("name", &i.Name).Named().Required().Indexed()
	f.Text("sha256", &i.SHA256).Required()
	f.Int("size", &i.Size)
	f.Choice("state", &i.State, ImportMapping, ImportChecking, ImportRunning, ImportDone, ImportFailed, ImportUndoing, ImportUndone).Indexed()
	f.Text("reason", &i.Reason)
	f.Text("detail", &i.Detail)
	f.JSON("mapping", &i.Mapping).Secret() // holds samples of the file, which not everyone who sees the import may see
	f.Text("profile", &i.Profile)
	f.Text("fingerprint", &i.Fingerprint).Indexed()
	f.Int("rows", &i.Rows)
	f.Int("created", &i.Created)
	f.Int("updated", &i.Updated)
	f.Int("unchanged", &i.Unchanged)
	f.Int("rejected", &i.Rejected)
	f.Int("skipped", &i.Skipped)
	f.Int("warned", &i.Warned)
	f.Int("kept", &i.Kept)
	f.Text("undo", &i.Undo)
	f.Time("started_at", &i.StartedAt)
	f.Time("ended_at", &i.EndedAt)
}
