// Package queue does what comes after the commit: jobs that are retried until they are done or dead, schedules, and followers of the change log. It knows
// no job's content; rooms register handlers by name, and cmd/guike wires them.
//
// Read Add and Run here, then follow.go and schedule.go.
package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"guike/record"
	"guike/store"
)

// States of a job.
const (
	Waiting   = "waiting"
	Running   = "running"
	Done      = "done"
	Dead      = "dead" // failed as often as it may; a person can retry it
	Cancelled = "cancelled"
)

// maxAttempts is how often a job is tried before it is dead.
const maxAttempts = 8

// hold is how long a job belongs to the server that took it; it is renewed while the job runs, so a killed server's job is taken over after this.
const hold = 30 * time.Second

// A Job is a piece of work that survives its server.
type Job struct {
	ID        string
	Queue     string
	Title     string // a locale key or words, for the jobs page
	Args      json.RawMessage
	State     string
	Attempt   int64
	Done      int64
	Total     int64
	Error     string
	By        record.ID
	CreatedAt record.Time
	RunAt     record.Time
	EndedAt   record.Time
	Result    string // a Result as JSON; "" where there is nothing to say
}

// New describes a job to add. Once keeps a second one with the same key from being added while the first waits or runs.
type New struct {
	Queue string
	Title string
	Args  any
	Once  string
	Delay time.Duration
}

// Add adds a job within a transaction: it exists if the transaction commits. It answers the id, "" where Once found the job there already.
func Add(ctx context.Context, tx *store.Tx, n New) (string, error) {
	args, err := json.Marshal(n.Args)
	if err != nil {
		return "", err
	}
	id := string(record.NewID("job"))
	got, err := tx.Exec(ctx, `INSERT INTO jobs (id, queue, title, args, state, once, by_user, created_at, run_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (once) WHERE once <> '' AND state IN ('waiting', 'running') DO NOTHING`,
		id, n.Queue, n.Title, string(args), Waiting, n.Once, string(tx.Scope().User), int64(tx.At()), int64(tx.At())+n.Delay.Microseconds())
	if err != nil {
		return "", fmt.Errorf("add job %s: %w", n.Queue, err)
	}
	if got == 0 {
		return "", nil
	}
	tx.Wrote()
	return id, nil
}

// A Handler does a job. It must be safe to run again after a kill. Progress may be told through the Task.
type Handler func(ctx context.Context, t *Task) error

// A Task is a job being done.
type Task struct {
	Job
	r    *Runner
	told time.Time // when progress was written last
}

// Progress says how far the job is; it is shown on the jobs page. Told often, it is written once a second and at the end.
func (t *Task) Progress(ctx context.Context, done, total int64) error {
	if now := t.r.db.Now(); done < total && now.Sub(t.told) < time.Second {
		return nil
	} else {
		t.told = now
	}
	return t.r.db.Tx(ctx, t.r.scope, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE jobs SET done = ?, total = ? WHERE id = ?", done, total, t.ID)
		return err
	})
}

// Checkpoint gives the job other arguments, in the transaction that did part of it: where a batch must not be done twice, what is left after a kill begins
// there.
func (t *Task) Checkpoint(ctx context.Context, tx *store.Tx, args any) error {
	b, err := json.Marshal(args)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "UPDATE jobs SET args = ? WHERE id = ?", string(b), t.ID)
	return err
}

// Made says what the job made, for the jobs page: a file, a count.
func (t *Task) Made(ctx context.Context, result Result) error {
	b, err := json.Marshal(result)
	if err != nil {
		return err
	}
	return t.r.db.Tx(ctx, t.r.scope, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE jobs SET result = ? WHERE id = ?", string(b), t.ID)
		return err
	})
}

// Snooze is returned by a handler that wants to be called again later without this counting as a failure.
type Snooze time.Duration

func (s Snooze) Error() string { return "again in " + time.Duration(s).String() }

// A Runner runs the jobs and followers of one workspace on this server.
type Runner struct {
	db       *store.DB
	scope    record.Scope
	handlers map[string]Handler
	limit    map[string]int
	follow   []follower
	standing map[string]bool // queues whose jobs last, and so take no job's place
	works    map[string]Work
	running  map[string]int
	mu       sync.Mutex
	wg       sync.WaitGroup
	stop     context.CancelFunc
	parallel int
}

// NewRunner makes a runner that does up to parallel jobs at a time.
func NewRunner(db *store.DB, parallel int) *Runner {
	return &Runner{db: db, scope: record.SystemScope("queue"), handlers: map[string]Handler{indexQueue: index}, limit: map[string]int{indexQueue: 1}, standing: map[string]bool{}, running: map[string]int{}, parallel: parallel}
}

// Handle registers a queue's handler; at most limit of its jobs run at a time on this server, 0 for no limit of its own.
func (r *Runner) Handle(queue string, limit int, h Handler) {
	r.handlers[queue], r.limit[queue] = h, limit
}

// Stand registers the handler of a queue whose jobs last as long as the workspace: each listens to something outside, and takes no other job's place.
func (r *Runner) Stand(queue string, h Handler) {
	r.Handle(queue, 0, h)
	r.standing[queue] = true
}

// Start begins to work until Stop.
func (r *Runner) Start(ctx context.Context) {
	ctx, r.stop = context.WithCancel(ctx)
	r.wg.Add(3)
	go func() { defer r.wg.Done(); r.jobs(ctx) }()
	go func() { defer r.wg.Done(); r.followers(ctx) }()
	go func() { defer r.wg.Done(); r.clock(ctx) }()
}

// Reclaim frees the jobs that a killed server held, for a workspace that only one server can have open: there is nobody to wait for.
func (r *Runner) Reclaim(ctx context.Context) error {
	return r.db.Tx(ctx, r.scope, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE jobs SET held_until = 0 WHERE state = 'running'")
		return err
	})
}

// Stop lets running jobs see that their context is done and waits for them.
func (r *Runner) Stop() {
	if r.stop != nil {
		r.stop()
		r.wg.Wait()
	}
}

func (r *Runner) jobs(ctx context.Context) {
	wake, forget := r.db.Wait()
	defer forget()
	ended := make(chan struct{}, 1)
	tick := time.NewTicker(2 * time.Second)
	defer tick.Stop()
	for {
		for ctx.Err() == nil {
			j, err := r.take(ctx)
			if err != nil && ctx.Err() == nil {
				slog.Error("take a job", "err", err)
			}
			if j == nil {
				break
			}
			r.wg.Add(1)
			go func() {
				defer r.wg.Done()
				r.do(ctx, j)
				r.mu.Lock()
				r.running[j.Queue]--
				if !r.standing[j.Queue] {
					r.running[""]--
				}
				r.mu.Unlock()
				select {
				case ended <- struct{}{}:
				default:
				}
			}()
		}
		select {
		case <-ctx.Done():
			return
		case <-wake:
		case <-ended:
		case <-tick.C:
		}
	}
}

// take takes one job that is due, or whose server has been silent past its hold.
func (r *Runner) take(ctx context.Context) (*Job, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	full := r.running[""] >= r.parallel
	var free []any
	marks := ""
	for q := range r.handlers {
		if (!full || r.standing[q]) && (r.limit[q] == 0 || r.running[q] < r.limit[q]) {
			free = append(free, q)
			marks += ", ?"
		}
	}
	if len(free) == 0 {
		return nil, nil
	}
	now := record.At(r.db.Now())
	due := "(state = 'waiting' AND run_at <= ? OR state = 'running' AND held_until < ?) AND queue IN (" + marks[2:] + ")"
	var found int64
	// Looking needs no write lock; most looks find nothing.
	if err := r.db.One(ctx, "SELECT count(*) FROM (SELECT 1 FROM jobs WHERE "+due+" LIMIT 1) x", append([]any{int64(now), int64(now)}, free...), &found); err != nil || found == 0 {
		return nil, err
	}
	var j *Job
	err := r.db.Tx(ctx, r.scope, func(tx *store.Tx) error {
		j = nil
		err := tx.Each(ctx, "SELECT "+jobColumns+" FROM jobs WHERE "+due+" ORDER BY run_at, id LIMIT 1"+tx.SkipLocked(), append([]any{int64(now), int64(now)}, free...), func(rows store.Rows) error {
			var err error
			j, err = scanJob(rows)
			return err
		})
		if err != nil || j == nil {
			return err
		}
		j.Attempt++
		_, err = tx.Exec(ctx, "UPDATE jobs SET state = 'running', attempt = ?, held_until = ? WHERE id = ?", j.Attempt, int64(now)+hold.Microseconds(), j.ID)
		return err
	})
	if err != nil || j == nil {
		return nil, err
	}
	r.running[j.Queue]++
	if !r.standing[j.Queue] {
		r.running[""]++
	}
	return j, nil
}

func (r *Runner) do(ctx context.Context, j *Job) {
	log := slog.With("job", j.ID, "queue", j.Queue, "attempt", j.Attempt)
	jctx, cancel := context.WithCancel(ctx)
	defer cancel()
	held := make(chan struct{})
	go func() {
		defer close(held)
		for {
			select {
			case <-jctx.Done():
				return
			case <-time.After(hold / 3):
			}
			err := r.db.Tx(jctx, r.scope, func(tx *store.Tx) error {
				n, err := tx.Exec(jctx, "UPDATE jobs SET held_until = ? WHERE id = ? AND state = 'running'", int64(record.At(r.db.Now()))+hold.Microseconds(), j.ID)
				if err == nil && n == 0 {
					cancel() // cancelled by a person
				}
				return err
			})
			if err != nil && jctx.Err() == nil {
				log.Warn("hold job", "err", err)
			}
		}
	}()
	err := r.call(jctx, j)
	cancel()
	<-held
	if err != nil && ctx.Err() != nil {
		// The server stops: the job waits for the next one and has lost nothing.
		err = Snooze(0)
		j.Attempt--
	}
	end := context.WithoutCancel(ctx)
	if err := r.db.Tx(end, r.scope, func(tx *store.Tx) error { tx.Wrote(); return finish(end, tx, j, err) }); err != nil {
		log.Error("end job", "err", err)
	}
	if s := Snooze(0); err != nil && !errors.As(err, &s) {
		log.Warn("job failed", "err", err)
	}
}

func finish(ctx context.Context, tx *store.Tx, j *Job, err error) error {
	now := int64(tx.At())
	var snooze Snooze
	switch {
	case err == nil:
		_, err = tx.Exec(ctx, "UPDATE jobs SET state = 'done', error = '', ended_at = ? WHERE id = ? AND state = 'running'", now, j.ID)
	case errors.As(err, &snooze):
		_, err = tx.Exec(ctx, "UPDATE jobs SET state = 'waiting', attempt = ?, held_until = 0, run_at = ? WHERE id = ? AND state = 'running'",
			max(j.Attempt-1, 0), now+time.Duration(snooze).Microseconds(), j.ID)
	case j.Attempt >= maxAttempts || record.Is(err, record.Invalid) || record.Is(err, record.NotFound):
		_, err = tx.Exec(ctx, "UPDATE jobs SET state = 'dead', error = ?, ended_at = ? WHERE id = ? AND state = 'running'", err.Error(), now, j.ID)
	default:
		wait := time.Second << min(j.Attempt, 9)
		_, err = tx.Exec(ctx, "UPDATE jobs SET state = 'waiting', held_until = 0, error = ?, run_at = ? WHERE id = ? AND state = 'running'", err.Error(), now+wait.Microseconds(), j.ID)
	}
	return err
}

// call runs the handler; a panic is a failure of the job, not of the server.
func (r *Runner) call(ctx context.Context, j *Job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
			slog.Error("job panicked", "job", j.ID, "queue", j.Queue, "panic", p)
		}
	}()
	return r.handlers[j.Queue](ctx, &Task{Job: *j, r: r})
}

// Drain does the jobs that are due, one after the other, and answers how many. One-off commands and tests call it instead of Start.
func (r *Runner) Drain(ctx context.Context) (int, error) {
	for n := 0; ; n++ {
		j, err := r.take(ctx)
		if err != nil || j == nil {
			return n, err
		}
		r.do(ctx, j)
		r.mu.Lock()
		r.running[j.Queue]--
		r.running[""]--
		r.mu.Unlock()
	}
}
