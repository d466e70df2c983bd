package message

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"guike/record"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// A session is a conversation with a mail server.
type session struct {
	*imapclient.Client
	stop func() bool
}

// dial connects and logs in. grown is told when the folder that is open has more mails. It fails with Invalid where a person can mend it.
func dial(ctx context.Context, a Access, grown func()) (*session, error) {
	o := &imapclient.Options{TLSConfig: &tls.Config{ServerName: a.Host, MinVersion: tls.VersionTLS12}, UnilateralDataHandler: &imapclient.UnilateralDataHandler{
		Mailbox: func(d *imapclient.UnilateralDataMailbox) {
			if grown != nil && d.NumMessages != nil {
				grown()
			}
		},
	}}
	conn, err := (&net.Dialer{Timeout: 15 * time.Second}).DialContext(ctx, "tcp", a.address())
	if err != nil {
		return nil, reached(err)
	}
	// Whatever it waits for ends with the context.
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	var c *imapclient.Client
	switch a.Security {
	case "tls":
		secure := tls.Client(conn, o.TLSConfig)
		if err := secure.HandshakeContext(ctx); err != nil {
			conn.Close()
			return nil, &record.Error{Code: record.Invalid, Message: "error.mail_tls", Err: err}
		}
		c = imapclient.New(secure, o)
	case "starttls":
		if c, err = imapclient.NewStartTLS(conn, o); err != nil {
			conn.Close()
			return nil, &record.Error{Code: record.Invalid, Message: "error.mail_tls", Err: err}
		}
	default:
		c = imapclient.New(conn, o)
	}
	s := &session{c, stop}
	if err := c.Login(a.Login, a.Password).Wait(); err != nil {
		s.close()
		if no := (*imap.Error)(nil); errors.As(err, &no) && no.Type == imap.StatusResponseTypeNo {
			return nil, &record.Error{Code: record.Invalid, Message: "error.mail_login", Err: err}
		}
		return nil, reached(err)
	}
	return s, nil
}

func reached(err error) error {
	return &record.Error{Code: record.Invalid, Message: "error.mail_reach", Err: err}
}

func (s *session) close() {
	s.stop()
	s.Client.Close()
}

// open selects a folder for reading alone: what people have not read stays unread.
func (s *session) open(folder string) (*imap.SelectData, error) {
	if folder == "" {
		folder = "INBOX"
	}
	box, err := s.Select(folder, &imap.SelectOptions{ReadOnly: true}).Wait()
	if no := (*imap.Error)(nil); errors.As(err, &no) {
		return nil, &record.Error{Code: record.Invalid, Message: "error.mail_folder", Err: err}
	}
	if err != nil {
		return nil, reached(err)
	}
	return box, nil
}

// A mail is one that waits, as its envelope says.
type mail struct {
	UID     imap.UID
	Size    int64
	Subject string
}

// atOnce is how many envelopes are asked for together.
const atOnce = 100

// after lists mails with a UID above last, in order, at most atOnce; more says whether there are others.
func (s *session) after(last imap.UID) (mails []mail, more bool, err error) {
	all, err := s.UIDSearch(&imap.SearchCriteria{UID: []imap.UIDSet{{imap.UIDRange{Start: last + 1, Stop: 0}}}}, nil).Wait()
	if err != nil {
		return nil, false, reached(err)
	}
	var set imap.UIDSet
	n := 0
	for _, uid := range all.AllUIDs() {
		if uid <= last {
			continue // "n:*" names the last mail, also where n lies beyond it
		}
		if n == atOnce {
			more = true
			break
		}
		set.AddNum(uid)
		n++
	}
	if n == 0 {
		return nil, false, nil
	}
	got, err := s.Fetch(set, &imap.FetchOptions{UID: true, RFC822Size: true, Envelope: true}).Collect()
	if err != nil {
		return nil, false, reached(err)
	}
	for _, m := range got {
		x := mail{UID: m.UID, Size: m.RFC822Size}
		if m.Envelope != nil {
			x.Subject = m.Envelope.Subject
		}
		mails = append(mails, x)
	}
	return mails, more, nil
}

// body reads a mail as it was sent, without marking it as read.
func (s *session) body(uid imap.UID) ([]byte, error) {
	part := &imap.FetchItemBodySection{Peek: true}
	got, err := s.Fetch(imap.UIDSetNum(uid), &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{part}}).Collect()
	if err != nil {
		return nil, reached(err)
	}
	if len(got) == 0 {
		return nil, nil // deleted meanwhile
	}
	return got[0].FindBodySection(part), nil
}

// name is what a mail's file is called.
func (m mail) name() string {
	subject := strings.Join(strings.Fields(m.Subject), " ")
	if r := []rune(subject); len(r) > 80 {
		subject = string(r[:80])
	}
	if subject == "" {
		subject = fmt.Sprintf("mail-%d", m.UID)
	}
	return subject + ".eml"
}
