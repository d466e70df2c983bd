// Package message takes in what the world sends: it reads mailboxes over IMAP (RFC 9051) and hands each mail in as a document, and receives what other systems
// push to hooks, signed, as files or rows. What a mail or a file says is ingest's, how rows become records exchange's.
//
// Read this file for the verbs by which mailboxes are made; imap.go is the conversation with a server, follow.go the standing job that holds it. hook.go makes
// hooks; sign.go judges signatures, delivery.go receives and takes in, flat.go makes a table of JSON, outcome.go says what became of each.
package message

import (
	"context"
	"net"
	"strconv"
	"strings"
	"time"

	"guike"
	"guike/queue"
	"guike/record"
	"guike/store"
)

// Queue is the name of the standing jobs, one a mailbox.
const Queue = "mailbox"

// Access is what is needed to reach a mailbox. A password left out keeps the one that is there.
type Access struct {
	Name, Host      string
	Port            int64
	Security        string
	Login, Password string
	Folder          string
	User            record.ID
	Paused          bool
}

func (a *Access) check() error {
	a.Name, a.Host, a.Login, a.Folder = strings.TrimSpace(a.Name), strings.TrimSpace(a.Host), strings.TrimSpace(a.Login), strings.TrimSpace(a.Folder)
	if a.Name == "" {
		a.Name = a.Login
	}
	if a.Security == "" {
		a.Security = "tls"
	}
	if a.Port == 0 {
		a.Port = map[string]int64{"tls": 993}[a.Security]
		if a.Port == 0 {
			a.Port = 143
		}
	}
	for name, v := range map[string]string{"host": a.Host, "login": a.Login} {
		if v == "" {
			return record.FieldError(name, "error.required")
		}
		if len(v) > 255 {
			return record.FieldError(name, "error.too_long")
		}
	}
	switch {
	case strings.ContainsAny(a.Host, " /:@"):
		return record.FieldError("host", "error.mail_host")
	case a.Port < 1 || a.Port > 65535:
		return record.FieldError("port", "error.mail_port")
	case a.Security != "tls" && a.Security != "starttls" && a.Security != "none":
		return record.FieldError("security", "error.no_such_choice")
	case a.Security == "none" && !loopback(a.Host):
		return record.FieldError("security", "error.mail_plain") // a password never goes over a network in clear
	case len(a.Password) > 500:
		return record.FieldError("password", "error.too_long")
	}
	return nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func (a Access) values() map[string]record.Value {
	v := map[string]record.Value{"name": record.TextValue(a.Name), "host": record.TextValue(a.Host), "port": record.NumberValue(a.Port), "security": record.TextValue(a.Security),
		"login": record.TextValue(a.Login), "folder": record.TextValue(a.Folder), "user": record.TextValue(string(a.User)), "paused": record.NumberValue(0)}
	if a.Paused {
		v["paused"] = record.NumberValue(1)
	}
	if a.Password != "" {
		v["password"] = record.TextValue(a.Password)
	}
	return v
}

// house writes mailboxes for an administrator; the history shows him.
func house(sc record.Scope) record.Scope {
	sc = sc.House()
	sc.System = true
	return sc
}

// Add makes a mailbox and begins to follow it.
func Add(ctx context.Context, db *store.DB, sc record.Scope, a Access) (record.ID, error) {
	if !sc.Admin {
		return "", record.Errorf(record.Denied, "error.denied")
	}
	if a.User == "" {
		a.User = sc.User
	}
	if err := a.check(); err != nil {
		return "", err
	}
	if a.Password == "" {
		return "", record.FieldError("password", "error.required")
	}
	m := &guike.Mailbox{Name: a.Name, Host: a.Host, Port: a.Port, Security: a.Security, Login: a.Login, Password: a.Password, Folder: a.Folder, User: a.User, Paused: a.Paused, State: guike.MailboxNew}
	err := db.Tx(ctx, house(sc), func(tx *store.Tx) error {
		m.ID = ""
		if err := user(ctx, tx, a.User); err != nil {
			return err
		}
		if err := tx.Create(ctx, m); err != nil {
			return err
		}
		return begin(ctx, tx, m)
	})
	return m.ID, err
}

func user(ctx context.Context, tx *store.Tx, id record.ID) error {
	rec, err := tx.Get(ctx, record.SystemScope("message"), "user", id)
	if err != nil || rec.(*guike.User).Disabled {
		return record.FieldError("user", "error.no_such_record")
	}
	return nil
}

// begin adds the job that follows a mailbox, unless it is there.
func begin(ctx context.Context, tx *store.Tx, m *guike.Mailbox) error {
	if m.Paused {
		return nil
	}
	_, err := queue.Add(ctx, tx, queue.New{Queue: Queue, Title: "job.mailbox", Args: follow{m.ID}, Once: once(m.ID)})
	return err
}

func once(id record.ID) string { return "mailbox " + string(id) }

// Change changes how a mailbox is reached, pauses it or lets it go on. What another server or folder is, is read from its newest mail on.
func Change(ctx context.Context, db *store.DB, sc record.Scope, id record.ID, a Access) error {
	if !sc.Admin {
		return record.Errorf(record.Denied, "error.denied")
	}
	if err := a.check(); err != nil {
		return err
	}
	return db.Tx(ctx, house(sc), func(tx *store.Tx) error {
		held, err := tx.Lock(ctx, "mailbox", []record.ID{id})
		if err != nil {
			return err
		}
		if len(held) == 0 {
			return record.Errorf(record.NotFound, "error.not_found")
		}
		m := held[0].(*guike.Mailbox)
		if a.User == "" {
			a.User = m.User
		}
		if err := user(ctx, tx, a.User); err != nil {
			return err
		}
		if a.Password == "" && a.Host != m.Host {
			return record.FieldError("password", "error.required") // a password is not sent to another server than it was given for
		}
		v := a.values()
		if a.Host != m.Host || a.Login != m.Login || a.Folder != m.Folder {
			v["validity"], v["last"] = record.Absent, record.Absent
		}
		v["state"], v["reason"] = record.TextValue(guike.MailboxNew), record.Absent
		if a.Paused {
			v["state"] = record.TextValue(guike.MailboxPaused)
		}
		r, err := tx.Update(ctx, "mailbox", id, store.Patch{Values: v})
		if err != nil {
			return err
		}
		// The conversation in course ends, and another begins with what is true now.
		if err := queue.CancelOnce(ctx, tx, once(id)); err != nil {
			return err
		}
		return begin(ctx, tx, r.(*guike.Mailbox))
	})
}

// Remove ends a mailbox. Mails that were taken in stay.
func Remove(ctx context.Context, db *store.DB, sc record.Scope, id record.ID) error {
	if !sc.Admin {
		return record.Errorf(record.Denied, "error.denied")
	}
	return db.Tx(ctx, house(sc), func(tx *store.Tx) error {
		if _, err := tx.Update(ctx, "mailbox", id, store.Patch{Values: map[string]record.Value{"password": record.Absent}}); err != nil {
			return err
		}
		if _, err := tx.Delete(ctx, "mailbox", id); err != nil {
			return err
		}
		return queue.CancelOnce(ctx, tx, once(id))
	})
}

// Try reaches for a mailbox and answers how many mails its folder holds; nothing is taken in. Without a password, that of the mailbox named is used, and only at
// its own server.
func Try(ctx context.Context, db *store.DB, sc record.Scope, id record.ID, a Access) (int64, error) {
	if !sc.Admin {
		return 0, record.Errorf(record.Denied, "error.denied")
	}
	if err := a.check(); err != nil {
		return 0, err
	}
	if a.Password == "" && id != "" {
		rec, err := db.Get(ctx, record.SystemScope("message"), "mailbox", id)
		if err != nil {
			return 0, err
		}
		if m := rec.(*guike.Mailbox); m.Host == a.Host {
			a.Password = m.Password
		}
	}
	if a.Password == "" {
		return 0, record.FieldError("password", "error.required")
	}
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	s, err := dial(ctx, a, nil)
	if err != nil {
		return 0, err
	}
	defer s.close()
	box, err := s.open(a.Folder)
	if err != nil {
		return 0, err
	}
	return int64(box.NumMessages), nil
}

func (a Access) address() string { return net.JoinHostPort(a.Host, strconv.FormatInt(a.Port, 10)) }
