package message

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"guike"
	"guike/queue"
	"guike/record"
	"guike/store"
	"guike/store/storetest"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// dovecot serves mailboxes from a private folder on a free port of this machine, until the test ends. Anybody's password is "secret".
func dovecot(t *testing.T) (port int64, dir string, stop, start func()) {
	t.Helper()
	exe := "/usr/sbin/dovecot"
	if _, err := os.Stat(exe); err != nil {
		if exe, err = exec.LookPath("dovecot"); err != nil {
			t.Fatal("dovecot is wanting: apt install dovecot-imapd")
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port = int64(l.Addr().(*net.TCPAddr).Port)
	l.Close()
	dir, err = os.MkdirTemp("", "imap") // short: its sockets have long names
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	me := fmt.Sprint(os.Getuid())
	who, uid := me, os.Getuid()
	if uid == 0 {
		who, uid = "mail", 8 // dovecot refuses mail users that are root
		if err := os.Chown(dir, 8, 8); err != nil {
			t.Fatal(err)
		}
	}
	conf := filepath.Join(dir, "dovecot.conf")
	text := fmt.Sprintf(`base_dir = %[1]s/run
state_dir = %[1]s/state
log_path = %[1]s/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
mail_location = maildir:%[1]s/mail/%%u
first_valid_uid = 1
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = static
  args = uid=%[3]d gid=%[3]d home=%[1]s/mail/%%u
}
service imap-login {
  inet_listener imap {
    port = %[2]d
  }
  inet_listener imaps {
    port = 0
  }
}
`, dir, port, uid)
	if os.Getuid() != 0 {
		text += fmt.Sprintf("default_internal_user = %[1]s\ndefault_login_user = %[1]s\n", who)
	}
	if err := os.WriteFile(conf, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	var run *exec.Cmd
	start = func() {
		run = exec.Command(exe, "-F", "-c", conf)
		if err := run.Start(); err != nil {
			t.Fatal(err)
		}
		for range 100 {
			if c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
				c.Close()
				return
			}
			time.Sleep(50 * time.Millisecond)
		}
		b, _ := os.ReadFile(filepath.Join(dir, "log"))
		t.Fatalf("dovecot does not answer:\n%s", b)
	}
	stop = func() {
		if run != nil {
			run.Process.Signal(os.Interrupt)
			run.Wait()
			run = nil
		}
	}
	start()
	t.Cleanup(stop)
	return port, dir, stop, start
}

// post lays mails into a mailbox, as a delivery would.
func post(t *testing.T, port int64, login string, mails ...string) {
	t.Helper()
	c, err := imapclient.DialInsecure(fmt.Sprintf("127.0.0.1:%d", port), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Login(login, "secret").Wait(); err != nil {
		t.Fatal(err)
	}
	for _, m := range mails {
		w := c.Append("INBOX", int64(len(m)), nil)
		if _, err := w.Write([]byte(m)); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Wait(); err != nil {
			t.Fatal(err)
		}
	}
}

func letter(subject string) string {
	return "From: a@example.com\r\nTo: b@example.com\r\nSubject: " + subject + "\r\nMessage-ID: <" + subject + "@example.com>\r\n\r\nText of " + subject + "\r\n"
}

// desk remembers what was handed in.
type desk struct {
	mu    sync.Mutex
	names []string
	seen  map[string]bool
	fail  error
}

func (d *desk) Limit() int64 { return 4000 }

func (d *desk) Mail(_ context.Context, user record.ID, name string, data []byte) (bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.fail != nil {
		return false, d.fail
	}
	if user == "" || !strings.Contains(string(data), "Text of") {
		return false, fmt.Errorf("%q %s", data, user)
	}
	if d.seen[string(data)] {
		return true, nil
	}
	d.seen[string(data)] = true
	d.names = append(d.names, name)
	return false, nil
}

func (d *desk) got() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.names)
}

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for range 600 {
		if ok() {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("never: %s", what)
}

// A mailbox is followed: what arrives is handed in once, in order, over restarts of both sides; what was there before, what is read and what is too large stays.
func TestMailbox(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		port, _, stop, start := dovecot(t)
		login := "box"
		post(t, port, login, letter("old"))
		boss := record.SystemScope("test")
		boss.Admin = true
		who := &guike.User{Name: "陈", Login: "chen", Role: "owner"}
		if err := db.Tx(t.Context(), boss, func(tx *store.Tx) error { return tx.Create(t.Context(), who) }); err != nil {
			t.Fatal(err)
		}
		a := Access{Host: "127.0.0.1", Port: port, Security: "none", Login: login, Password: "secret", User: who.ID}
		if n, err := Try(t.Context(), db, boss, "", a); err != nil || n != 1 {
			t.Fatal(n, err)
		}
		wrong := a
		wrong.Password = "guess"
		if _, err := Try(t.Context(), db, boss, "", wrong); err == nil || words(err) != "error.mail_login" {
			t.Errorf("%v", err)
		}
		wrong = a
		wrong.Folder = "Nowhere"
		if _, err := Try(t.Context(), db, boss, "", wrong); words(err) != "error.mail_folder" {
			t.Errorf("%v", err)
		}
		wrong = a
		wrong.Port = 1
		if _, err := Try(t.Context(), db, boss, "", wrong); words(err) != "error.mail_reach" {
			t.Errorf("%v", err)
		}
		wrong = a
		wrong.Security = "tls"
		if _, err := Try(t.Context(), db, boss, "", wrong); words(err) != "error.mail_tls" {
			t.Errorf("%v", err)
		}
		wrong = a
		wrong.Host = "mail.example.com"
		if _, err := Add(t.Context(), db, boss, wrong); !record.Is(err, record.Invalid) {
			t.Errorf("a password would go over a network in clear: %v", err)
		}
		member := boss
		member.Admin = false
		if _, err := Add(t.Context(), db, member, a); !record.Is(err, record.Denied) {
			t.Errorf("%v", err)
		}

		id, err := Add(t.Context(), db, boss, a)
		if err != nil {
			t.Fatal(err)
		}
		d := &desk{seen: map[string]bool{}}
		serve := func() *queue.Runner {
			r := queue.NewRunner(db, 1)
			r.Stand(Queue, Handler(db, d))
			r.Start(t.Context())
			return r
		}
		box := func() *guike.Mailbox {
			rec, err := db.Get(t.Context(), record.SystemScope("test"), "mailbox", id)
			if err != nil {
				t.Fatal(err)
			}
			return rec.(*guike.Mailbox)
		}
		r := serve()
		until(t, "following", func() bool { return box().State == guike.MailboxFollowing })
		post(t, port, login, letter("one"), letter("two"))
		until(t, "two mails, told by IDLE", func() bool { return len(d.got()) == 2 })
		post(t, port, login, letter("large")+strings.Repeat("x", 5000), letter("three"))
		until(t, "the third", func() bool { return len(d.got()) == 3 })
		until(t, "the large one is told of", func() bool { m := box(); return m.Skipped == 1 && m.Taken == 3 })
		// The mail server goes away, and comes back with more.
		stop()
		until(t, "failing", func() bool { m := box(); return m.State == guike.MailboxFailing && m.Reason == "error.mail_reach" })
		start()
		post(t, port, login, letter("four"))
		until(t, "the fourth", func() bool { return len(d.got()) == 4 })
		until(t, "following again", func() bool { return box().State == guike.MailboxFollowing })
		// So does this server.
		r.Stop()
		post(t, port, login, letter("five"), letter("six"))
		r = serve()
		until(t, "the sixth", func() bool { return len(d.got()) == 6 })
		if got := strings.Join(d.got(), " "); got != "one.eml two.eml three.eml four.eml five.eml six.eml" {
			t.Error(got)
		}
		// What cannot be kept is tried again, not lost.
		d.mu.Lock()
		d.fail = record.Errorf(record.Invalid, "error.disk_full")
		d.mu.Unlock()
		post(t, port, login, letter("seven"))
		until(t, "failing for it", func() bool { return box().State == guike.MailboxFailing })
		d.mu.Lock()
		d.fail = nil
		d.mu.Unlock()
		until(t, "the seventh", func() bool { return len(d.got()) == 7 })
		// Paused it is silent; let go on it takes what came meanwhile.
		pause := a
		pause.Password, pause.Paused = "", true
		if err := Change(t.Context(), db, boss, id, pause); err != nil {
			t.Fatal(err)
		}
		r.Stop()
		r = serve()
		post(t, port, login, letter("eight"))
		time.Sleep(500 * time.Millisecond)
		if n := len(d.got()); n != 7 || box().State != guike.MailboxPaused {
			t.Errorf("paused, %d mails, %s", n, box().State)
		}
		pause.Paused = false
		if err := Change(t.Context(), db, boss, id, pause); err != nil {
			t.Fatal(err)
		}
		until(t, "the eighth", func() bool { return len(d.got()) == 8 })
		// Nothing in the mailbox is marked as read.
		c, err := imapclient.DialInsecure(fmt.Sprintf("127.0.0.1:%d", port), nil)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if err := c.Login(login, "secret").Wait(); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Select("INBOX", nil).Wait(); err != nil {
			t.Fatal(err)
		}
		if seen, err := c.Search(&imap.SearchCriteria{Flag: []imap.Flag{imap.FlagSeen}}, nil).Wait(); err != nil || len(seen.AllSeqNums()) > 0 {
			t.Errorf("%v read, %v", seen.AllSeqNums(), err)
		}
		if err := Remove(t.Context(), db, boss, id); err != nil {
			t.Fatal(err)
		}
		if box().Password != "" {
			t.Error("a removed mailbox keeps its password")
		}
		r.Stop()
	})
}
