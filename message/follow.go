package message

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"sync"
	"time"

	"guike"
	"guike/queue"
	"guike/record"
	"guike/store"

	"github.com/emersion/go-imap/v2"
)

// Times of a conversation. Servers may end an IDLE after half an hour (RFC 2177), and some say nothing of new mail.
const (
	idle    = 9 * time.Minute
	poll    = time.Minute // where a server knows no IDLE
	turn    = 25 * time.Minute
	first   = time.Second // before a server is tried again; twice as long each time
	longest = 15 * time.Minute
)

// A Desk takes a mail in as a document in somebody's name; already says that it is on file.
type Desk interface {
	Mail(ctx context.Context, user record.ID, name string, data []byte) (already bool, err error)
	Limit() int64 // the largest file, in bytes
}

type follow struct {
	Mailbox record.ID `json:"mailbox"`
}

// Handler follows a mailbox for a while: it takes in what is new, then waits for more. It comes back by itself, on this server or another, until the mailbox is paused
// or removed; what fails is said of the mailbox and tried again.
func Handler(db *store.DB, desk Desk) queue.Handler {
	var mu sync.Mutex
	failed := map[record.ID]time.Duration{} // for the pace of another try
	return func(ctx context.Context, t *queue.Task) error {
		var a follow
		if err := json.Unmarshal(t.Args, &a); err != nil {
			return err
		}
		h := &hand{db: db, desk: desk, t: t, id: a.Mailbox}
		err := h.follow(ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err == nil {
			mu.Lock()
			delete(failed, a.Mailbox)
			mu.Unlock()
			if h.ended {
				return nil
			}
			return queue.Snooze(0)
		}
		slog.Warn("mailbox", "id", a.Mailbox, "err", err)
		if err := h.say(ctx, guike.MailboxFailing, words(err)); err != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		wait := max(first, min(2*failed[a.Mailbox], longest))
		failed[a.Mailbox] = wait
		return queue.Snooze(wait)
	}
}

// words is the message key of a failure.
func words(err error) string {
	var e *record.Error
	if errors.As(err, &e) && e.Code == record.Invalid {
		return e.Message
	}
	return "error.internal"
}

type hand struct {
	db    *store.DB
	desk  Desk
	t     *queue.Task
	id    record.ID
	ended bool
}

func (h *hand) mailbox(ctx context.Context) (*guike.Mailbox, error) {
	rec, err := h.db.Get(ctx, record.SystemScope("message"), "mailbox", h.id)
	if err != nil {
		return nil, err
	}
	return rec.(*guike.Mailbox), nil
}

// set writes what the house knows of the mailbox.
func (h *hand) set(ctx context.Context, v map[string]record.Value) error {
	sc := record.SystemScope("message")
	sc.Cause = record.Cause{Kind: "job", ID: h.t.ID, Root: h.t.ID}
	return h.db.Tx(ctx, sc, func(tx *store.Tx) error {
		_, err := tx.Update(ctx, "mailbox", h.id, store.Patch{Values: v})
		return err
	})
}

// say writes a state that is another than before.
func (h *hand) say(ctx context.Context, state, reason string) error {
	m, err := h.mailbox(ctx)
	if record.Is(err, record.NotFound) || err == nil && (m.State == state && m.Reason == reason || m.Paused) {
		return nil
	}
	if err != nil {
		return err
	}
	return h.set(ctx, map[string]record.Value{"state": record.TextValue(state), "reason": record.TextValue(reason), "checked_at": record.NumberValue(int64(record.At(h.db.Now())))})
}

func (h *hand) follow(ctx context.Context) error {
	m, err := h.mailbox(ctx)
	if record.Is(err, record.NotFound) || err == nil && (m.Paused || m.DeletedAt != 0) {
		h.ended = true
		return nil
	}
	if err != nil {
		return err
	}
	grown := make(chan struct{}, 1)
	s, err := dial(ctx, Access{Host: m.Host, Port: m.Port, Security: m.Security, Login: m.Login, Password: m.Password}, func() {
		select {
		case grown <- struct{}{}:
		default:
		}
	})
	if err != nil {
		return err
	}
	defer s.close()
	box, err := s.open(m.Folder)
	if err != nil {
		return err
	}
	switch {
	case m.Validity == 0:
		// The first time: what arrives from now on. What lies there already was dealt with by people.
		m.Validity, m.Last = int64(box.UIDValidity), int64(box.UIDNext)-1
		err = h.set(ctx, map[string]record.Value{"validity": record.NumberValue(m.Validity), "last": record.NumberValue(m.Last)})
	case m.Validity != int64(box.UIDValidity):
		// The folder was made anew: its numbers mean other mails. All are looked at; those on file are known by their bytes.
		m.Validity, m.Last = int64(box.UIDValidity), 0
		err = h.set(ctx, map[string]record.Value{"validity": record.NumberValue(m.Validity), "last": record.NumberValue(0)})
	}
	if err != nil {
		return err
	}
	for until := h.db.Now().Add(turn); h.db.Now().Before(until) && ctx.Err() == nil; {
		if err := h.take(ctx, s, m); err != nil {
			return err
		}
		if err := h.say(ctx, guike.MailboxFollowing, ""); err != nil {
			return err
		}
		if err := wait(ctx, s, grown); err != nil {
			return err
		}
	}
	return nil
}

// wait ends when mail has come, or it is time to look all the same.
func wait(ctx context.Context, s *session, grown <-chan struct{}) error {
	if !s.Caps().Has(imap.CapIdle) {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(poll):
		}
		return s.Noop().Wait()
	}
	c, err := s.Idle()
	if err != nil {
		return reached(err)
	}
	gone := make(chan error, 1)
	go func() { gone <- c.Wait() }()
	select {
	case <-ctx.Done():
		return nil // the connection ends with it
	case <-grown:
	case <-time.After(idle):
	case err := <-gone:
		if err == nil {
			err = errors.New("the server ended the wait")
		}
		return reached(err)
	}
	if err := c.Close(); err != nil {
		return reached(err)
	}
	if err := <-gone; err != nil {
		return reached(err)
	}
	return nil
}

// take hands in all mails above the last, in order. Killed in between, it meets the same mail again, whose bytes are on file then.
func (h *hand) take(ctx context.Context, s *session, m *guike.Mailbox) error {
	for {
		mails, more, err := s.after(imap.UID(m.Last))
		if err != nil {
			return err
		}
		for _, x := range mails {
			v := map[string]record.Value{}
			if x.Size > h.desk.Limit() {
				m.Skipped++
				v["skipped"], v["reason"] = record.NumberValue(m.Skipped), record.TextValue("error.mail_too_large|"+x.Subject)
			} else if err := h.one(ctx, s, m, x); err != nil {
				return err
			}
			m.Last = int64(x.UID)
			v["last"], v["taken"], v["checked_at"] = record.NumberValue(m.Last), record.NumberValue(m.Taken), record.NumberValue(int64(record.At(h.db.Now())))
			if err := h.set(ctx, v); err != nil {
				return err
			}
			if err := h.t.Progress(ctx, m.Taken, 0); err != nil {
				return err
			}
		}
		if !more {
			return nil
		}
	}
}

func (h *hand) one(ctx context.Context, s *session, m *guike.Mailbox, x mail) error {
	data, err := s.body(x.UID)
	if err != nil || len(data) == 0 {
		return err
	}
	already, err := h.desk.Mail(ctx, m.User, x.name(), bytes.Clone(data))
	if err != nil {
		return err
	}
	if !already {
		m.Taken++
	}
	return nil
}
