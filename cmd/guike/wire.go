package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"guike"
	"guike/access"
	"guike/api"
	"guike/blob"
	"guike/bulk"
	"guike/cabinet"
	"guike/classify"
	"guike/exchange"
	"guike/ingest"
	"guike/match"
	"guike/message"
	"guike/notice"
	"guike/paper"
	"guike/queue"
	"guike/record"
	"guike/shape"
	"guike/share"
	"guike/store"
	"guike/talk"
	"guike/web"

	"github.com/gofrs/flock"
)

// place is where a workspace lies.
type place struct {
	Data     string `help:"The folder that holds the workspace." default:"guike-data" env:"GUIKE_DATA" type:"path"`
	Database string `help:"postgres://… instead of the SQLite file in the folder." env:"GUIKE_DATABASE"`
	Blob     string `help:"s3://KEY:SECRET@HOST/BUCKET instead of the folder for originals." env:"GUIKE_BLOB"`
	ocr
}

// ocr says by what scans and photos are read.
type ocr struct {
	Program  string `name:"ocr-program" help:"The tesseract program that reads scans and photos." default:"tesseract" env:"GUIKE_OCR_PROGRAM"`
	Models   string `name:"ocr-models" help:"The folder of its models; its own where empty." env:"GUIKE_OCR_MODELS" type:"path"`
	URL      string `name:"ocr-url" help:"An OCR service that is asked instead: it gets a PNG and answers hOCR." env:"GUIKE_OCR_URL"`
	Token    string `name:"ocr-token" help:"The token that the service asks for." env:"GUIKE_OCR_TOKEN"`
	Language string `name:"ocr-language" help:"The model it reads with." default:"HanS" env:"GUIKE_OCR_LANGUAGE"`
}

func (o ocr) options() paper.OCR {
	return paper.OCR{URL: o.URL, Token: o.Token, Program: o.Program, Models: o.Models, Language: o.Language}
}

// A workspace is an opened folder with its rooms.
type workspace struct {
	place
	db     *store.DB
	blobs  blob.Store
	runner *queue.Runner
	desk   *ingest.Desk
	port   *exchange.Port
	hooks  *message.Hooks
	lock   *flock.Flock
	secret string // lets the command line in, through the file server.json
	mark   mark
}

// mark is what a data folder says of itself.
type mark struct {
	Guike    int    `json:"guike"` // version of the folder's layout
	Demo     bool   `json:"demo,omitempty"`
	Database string `json:"database,omitempty"` // postgres, where the records are not in the folder
	Blob     string `json:"blob,omitempty"`     // s3, where the originals are not
}

// elsewhere is the kind of place that an address names; never the address, which holds a password.
func elsewhere(url string) string {
	scheme, _, _ := strings.Cut(url, "://")
	return scheme
}

// complete tells whether the flags say where everything is. Without one there would be an empty workspace beside the real one, and nobody would be told.
func (p place) complete(m mark) error {
	if m.Database != "" && p.Database == "" {
		return fmt.Errorf("the records of %s are in %s: say where with --database or GUIKE_DATABASE", p.Data, m.Database)
	}
	if m.Blob != "" && p.Blob == "" {
		return fmt.Errorf("the originals of %s are in %s: say where with --blob or GUIKE_BLOB", p.Data, m.Blob)
	}
	return nil
}

func (p place) file(name string) string { return filepath.Join(p.Data, name) }

// errHeld says that another program has the folder.
var errHeld = errors.New("another guike has this folder open")

// claim takes the folder for this program. An empty or missing folder becomes one of ours; a foreign one is refused.
func (p place) claim(demo bool) (*flock.Flock, mark, error) {
	var m mark
	b, err := os.ReadFile(p.file("guike.json"))
	switch {
	case err == nil:
		if err := json.Unmarshal(b, &m); err != nil || m.Guike == 0 {
			return nil, m, fmt.Errorf("%s: guike.json is not a workspace's", p.Data)
		}
		if demo && !m.Demo {
			return nil, m, fmt.Errorf("%s holds a workspace that is no demo; choose another folder with --data", p.Data)
		}
	case errors.Is(err, os.ErrNotExist):
		entries, err := os.ReadDir(p.Data)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, m, err
		}
		if len(entries) > 0 {
			return nil, m, fmt.Errorf("%s is not empty and holds no workspace; choose another folder with --data", p.Data)
		}
		m = mark{Guike: 1, Demo: demo, Database: elsewhere(p.Database), Blob: elsewhere(p.Blob)}
	default:
		return nil, m, err
	}
	if err := os.MkdirAll(p.file("uploads"), 0o700); err != nil {
		return nil, m, err
	}
	l := flock.New(p.file("lock"))
	ok, err := l.TryLock()
	if err != nil {
		return nil, m, err
	}
	if !ok {
		return nil, m, errHeld
	}
	if err := p.complete(m); err != nil {
		return nil, m, errors.Join(err, l.Unlock())
	}
	if b == nil {
		if b, err = json.Marshal(m); err == nil {
			err = os.WriteFile(p.file("guike.json"), append(b, '\n'), 0o600)
		}
		if err != nil {
			return nil, m, errors.Join(err, l.Unlock())
		}
	}
	return l, m, nil
}

// open claims the folder and wires the rooms together. Nothing runs yet.
func (p place) open(ctx context.Context, demo bool) (*workspace, error) {
	l, m, err := p.claim(demo)
	if err != nil {
		return nil, err
	}
	w := &workspace{place: p, lock: l, mark: m}
	url := p.Database
	if url == "" {
		url = p.file("guike.db")
	}
	if w.db, err = store.Open(ctx, url, guike.Kinds, store.Options{}); err != nil {
		return nil, errors.Join(err, l.Unlock())
	}
	addr := p.Blob
	if addr == "" {
		addr = p.file("originals")
	}
	if w.blobs, err = blob.Open(ctx, addr); err != nil {
		return nil, errors.Join(err, w.close())
	}
	key := make([]byte, 24)
	if _, err := rand.Read(key); err != nil {
		return nil, errors.Join(err, w.close())
	}
	w.secret = base64.RawURLEncoding.EncodeToString(key)
	w.runner = queue.NewRunner(w.db, 3)
	if w.db.Dialect() == "sqlite" {
		if err := w.runner.Reclaim(ctx); err != nil {
			return nil, errors.Join(err, w.close())
		}
	}
	w.runner.Follow("classify", classify.Follow)
	w.runner.Follow("match", match.Follow)
	tell := notice.Follow(w.scopeAs)
	w.runner.Follow("people", func(ctx context.Context, tx *store.Tx, changes []record.Change) error {
		return errors.Join(talk.Follow(ctx, tx, changes), ingest.Follow(ctx, tx, changes), share.Follow(ctx, tx, changes), tell(ctx, tx, changes)) // one reading of the log for all
	})
	w.runner.Handle(classify.Queue, 1, classify.Handler(w.db))
	w.runner.Handle(match.Queue, 1, match.Handler(w.db))
	w.runner.Handle(bulk.Queue, 1, bulk.Handler(w.db))
	w.runner.Handle(cabinet.Queue, 1, cabinet.Handler(w.db, namer))
	w.runner.Handle(classify.ReviseQueue, 1, classify.ReviseHandler(w.db))
	w.runner.Handle(shape.ComputeQueue, 1, shape.ComputeHandler(w.db))
	self, err := os.Executable()
	if err != nil {
		return nil, errors.Join(err, w.close())
	}
	pool := paper.NewPool(paper.PoolOptions{Size: 1, Command: []string{self, "worker", "read"}, Timeout: 30 * time.Second, CacheDir: p.file("cache"), OCR: p.options()})
	w.desk = &ingest.Desk{DB: w.db, Blobs: w.blobs, Pool: pool, Matcher: matcher{}, Uploads: p.file("uploads")}
	w.runner.Handle(ingest.ReadQueue, 1, w.desk.Handler())
	w.runner.Handle(ingest.LearnQueue, 1, w.desk.LearnHandler())
	w.runner.Stand(message.Queue, message.Handler(w.db, mailDesk{w}))
	w.port = &exchange.Port{DB: w.db, Blobs: w.blobs, Scratch: p.file("uploads"), Folder: p.Data, Version: buildVersion(), Scope: w.scopeAs}
	w.runner.Handle(exchange.Queue, 1, w.port.Handler())
	w.hooks = &message.Hooks{DB: w.db, Blobs: w.blobs, Intake: intake{w.desk, w.port}, Scope: w.scopeAs}
	w.runner.Handle(message.HookQueue, 1, w.hooks.Handler())
	w.runner.Handle(exchange.BackupQueue, 1, w.port.BackupHandler())
	w.runner.Handle(exchange.ExportQueue, 1, w.port.ExportHandler())
	w.runner.Handle(bulk.PurgeQueue, 1, bulk.PurgeHandler(w.db, w.scopeAs))
	for name, work := range w.works() {
		w.runner.Offer(name, work)
	}
	return w, nil
}

// works are what schedules may have done.
func (w *workspace) works() map[string]queue.Work {
	return map[string]queue.Work{"backup": w.port.BackupWork(), "export": w.port.ExportWork(), "purge": bulk.PurgeWork(w.db)}
}

// scopeAs makes the scope of a user for what is done in his name while he is away.
func (w *workspace) scopeAs(ctx context.Context, user record.ID, cause record.Cause) (record.Scope, error) {
	sc, _, err := access.Scope(ctx, w.db, user, "", cause)
	return sc, err
}

func (w *workspace) close() error {
	var err error
	if w.desk != nil {
		err = w.desk.Pool.Close()
	}
	return errors.Join(err, w.db.Close(), w.lock.Unlock())
}

// mailDesk lets message hand mails in.
type mailDesk struct{ w *workspace }

func (d mailDesk) Limit() int64 { return paper.MaxFile }

func (d mailDesk) Mail(ctx context.Context, user record.ID, name string, data []byte) (already bool, err error) {
	cause := string(record.NewID("mbx"))
	sc, err := d.w.scopeAs(ctx, user, record.Cause{Kind: "mailbox", ID: cause, Root: cause})
	if err != nil {
		return false, err
	}
	_, already, err = d.w.desk.Keep(ctx, sc, name, "mail", bytes.NewReader(data))
	return already, err
}

// matcher lets ingest ask match.
type matcher struct{}

func (matcher) Customer(ctx context.Context, tx *store.Tx, p ingest.Party) (ingest.Link, error) {
	l, err := match.Customer(ctx, tx, match.Party(p))
	out := ingest.Link{Customer: l.Customer, By: l.By}
	for _, x := range l.Proposals {
		out.Proposals = append(out.Proposals, ingest.Proposal(x))
	}
	return out, err
}

func (matcher) Learn(ctx context.Context, tx *store.Tx, customer record.ID, p ingest.Party) error {
	return match.Learn(ctx, tx, customer, match.Party(p))
}

func (matcher) Address(ctx context.Context, tx *store.Tx, address string) (customer, contact record.ID, err error) {
	return match.Address(ctx, tx, address)
}

// server makes the HTTP surface.
func (w *workspace) server(c api.Config) *api.Server {
	c.DB, c.Desk, c.Port, c.Works, c.Web, c.Words, c.Share, c.Hooks, c.Version, c.Demo, c.Secret = w.db, w.desk, w.port, w.works(), web.Dist(), web.Word, w.share(), w.hooks, buildVersion(), w.mark.Demo, w.secret
	c.Space, c.Roles, c.Namer = space(w.Data), w.roles, namer
	return api.New(c)
}

// share makes the desk where records are handed to people outside.
func (w *workspace) share() *share.Desk {
	return &share.Desk{DB: w.db, Scope: w.scopeAs, Hash: access.Hash, Verify: access.Verify}
}

// namer lets the cabinet name documents as ingest does.
var namer = cabinet.Namer{Setting: ingest.NamingSetting, Usual: ingest.DefaultNaming, Check: ingest.CheckNaming,
	Rename: func(ctx context.Context, r cabinet.Reader, zone *time.Location, template string, docs []*guike.Document, take func(*guike.Document, string) (bool, error)) error {
		return ingest.Rename(ctx, r, zone, template, docs, take)
	}}

// roles lets the cabinet know who reads documents.
func (w *workspace) roles(ctx context.Context) ([]cabinet.Role, error) {
	held, err := access.HeldRoles(ctx, w.db, "document")
	out := make([]cabinet.Role, len(held))
	for i, h := range held {
		out[i] = cabinet.Role{Name: h.Name, Label: h.Label, All: h.Reads == record.Everything}
	}
	return out, err
}

// errNoOwner says that nobody can act in the workspace yet.
var errNoOwner = errors.New("the workspace has no owner yet: open it in a browser, or run guike init --owner")

// owner finds the workspace's first owner.
func owner(ctx context.Context, db *store.DB) (record.ID, error) {
	var id record.ID
	err := db.One(ctx, "SELECT id FROM users WHERE role = 'owner' AND deleted_at IS NULL ORDER BY n LIMIT 1", nil, (*string)(&id))
	if record.Is(err, record.NotFound) {
		return "", errNoOwner
	}
	return id, err
}

// ready reports whether somebody can log in.
func (w *workspace) ready(ctx context.Context) (bool, error) { return access.Ready(ctx, w.db) }

func setupCode() (string, error) {
	b := make([]byte, 8)
	if _, err := rand.Read(b); err != nil {
		return "", err
	}
	const letters = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
	for i := range b {
		b[i] = letters[int(b[i])%len(letters)]
	}
	return string(b[:4]) + "-" + string(b[4:]), nil
}
