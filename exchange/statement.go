package exchange

import (
	"bytes"
	"io"
	"os"
	"strings"

	"guike/record"
)

// Statements that banks send as messages are tables too: a heading of our own words, then a row for each line of a statement. So everything that is done with
// a table is done with them.
const (
	formMT940 = "mt940" // SWIFT MT940 and MT942
	formCAMT  = "camt"  // ISO 20022 camt.053 and camt.052
)

// The columns of a statement. Their names are among the words that an entry's fields are known by.
const (
	colAccount = iota
	colBooked
	colOut
	colIn
	colBalance
	colName
	colNumber
	colBank
	colSummary
	colPurpose
	colSerial
	statementColumns
)

var statementHead = [statementColumns]string{"本方账号", "交易日期", "借方发生额", "贷方发生额", "余额", "对方户名", "对方账号", "对方开户行", "摘要", "用途", "交易流水号"}

func (f form) statement() bool { return f.Format == formMT940 || f.Format == formCAMT }

// A posting is one line of a statement as its message has it.
type posting struct {
	no                 int    // line of the file, or place among the entries
	day                string // 2026-01-09, or as it stands where it is no day
	amount             string // a plain decimal, or as it stands
	out                bool
	currency           string
	name, number, bank string
	summary, purpose   string
	serial             string
	odd                string // issue of the whole line
}

// A statement is the account that postings are of, and the balance as it goes.
type statement struct {
	account  string
	id       string // its number, by which a line without a reference is known again
	currency string
	balance  *record.Money // after the last posting; nil where it is not known
	closing  *record.Money
	opened   bool // the balance before the first posting is known
	closes   bool // the message always has a closing balance
	n        int
	seen     map[string]int
}

// row lays a posting out in columns. An amount or day that is none stays as it stands: the cell's reader refuses the row and shows it.
func (s *statement) row(p posting) row {
	c := make([]string, statementColumns)
	s.n++
	cur := p.currency
	if cur == "" {
		cur = s.currency
	}
	m, err := record.ParseMoney(p.amount, cur)
	good := err == nil && p.odd == ""
	text := p.amount
	if good {
		text = cur + " " + m.Decimal()
	}
	if p.out {
		c[colOut] = text
	} else {
		c[colIn] = text
	}
	if p.amount == "" && p.odd == "" {
		c[colOut] = "?" // an amount that is missing is not an empty cell
	}
	if s.balance != nil {
		if good && s.balance.Currency == cur {
			if p.out {
				s.balance.Minor -= m.Minor
			} else {
				s.balance.Minor += m.Minor
			}
			c[colBalance] = cur + " " + s.balance.Decimal()
		} else if p.odd != issuePending {
			s.balance = nil // from here on it is not known
		}
	}
	c[colAccount], c[colBooked], c[colName], c[colNumber], c[colBank] = s.account, p.day, p.name, p.number, p.bank
	c[colSummary], c[colPurpose], c[colSerial] = p.summary, p.purpose, s.serial(p)
	for i := range c {
		c[i] = strings.TrimSpace(strings.ToValidUTF8(c[i], "\uFFFD"))
	}
	return row{no: p.no, cells: c, odd: p.odd}
}

// serial is what the bank calls a posting. Without a reference it is the statement's number and the place in it, and one that comes again on the same side
// has its place behind it: else the next import of the same file would book it again, or one of two would be lost.
func (s *statement) serial(p posting) string {
	side := "+"
	if p.out {
		side = "-"
	}
	ref := p.serial
	if ref == "" {
		if s.id == "" {
			return ""
		}
		ref = s.id + "#" + itoa(s.n)
	}
	if s.seen == nil {
		s.seen = map[string]int{}
	}
	if s.seen[ref+side]++; s.seen[ref+side] > 1 {
		ref += "#" + itoa(s.seen[ref+side])
	}
	return ref
}

// sound says whether the postings lead from the opening balance to the closing one; "" where they do, or where nothing is said of it.
func (s *statement) sound() string {
	switch {
	case !s.opened, s.closing == nil && !s.closes, s.closing != nil && s.balance != nil && *s.balance == *s.closing:
		return ""
	}
	return issueBalance
}

// messages gives a statement's rows one behind the other; the last of each statement waits for its closing balance.
type messages struct {
	read  func() (*statement, *posting, error) // nil posting: the statement has ended
	head  bool
	held  *row
	queue []row
}

func (m *messages) close() error { return nil }

func (m *messages) next() (row, error) {
	if !m.head {
		m.head = true
		return row{no: 1, cells: append([]string{}, statementHead[:]...)}, nil
	}
	for {
		if len(m.queue) > 0 {
			x := m.queue[0]
			m.queue = m.queue[1:]
			return x, nil
		}
		s, p, err := m.read()
		if err == io.EOF {
			if m.held == nil {
				return row{}, io.EOF
			}
			x := *m.held
			m.held = nil
			return x, nil
		}
		if err != nil {
			return row{}, err
		}
		if p == nil {
			if m.held != nil {
				if m.held.odd == "" {
					m.held.odd = s.sound()
				}
				m.queue, m.held = append(m.queue, *m.held), nil
			}
			continue
		}
		x := s.row(*p)
		if m.held != nil {
			m.queue = append(m.queue, *m.held)
		}
		m.held = &x
	}
}

// statementForm says whether a text file is a bank's message; a form without a format where it is none.
func statementForm(f *os.File, set string) (string, error) {
	b := make([]byte, 1<<16)
	n, err := f.ReadAt(b, 0)
	if err != nil && err != io.EOF {
		return "", err
	}
	// What is looked for is ASCII in every character set.
	b = b[:n]
	if set == utf16le || set == utf16be {
		b = bytes.ReplaceAll(b, []byte{0}, nil)
	}
	head := strings.ReplaceAll(string(bytes.TrimLeft(b, "\xEF\xBB\xBF\xFF\xFE \t\r\n")), "\r", "")
	if strings.HasPrefix(head, "<") {
		return camtForm(head)
	}
	if mtBegins.MatchString(head) {
		return formMT940, nil
	}
	return "", nil
}

func openStatement(f *os.File, fm form) (table, error) {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	if fm.Format == formCAMT {
		return openCAMT(f, fm.Charset)
	}
	l, err := newLiner(f, fm.Charset)
	if err != nil {
		return nil, err
	}
	return openMT940(l), nil
}

// owned makes a mapping take the accounts that a statement names for the company's own, and make them where they are new, as for one named above a table.
func (m *Mapping) owned() {
	for i := range m.Columns {
		if m.Columns[i].Field == "account" {
			m.Columns[i].Missing = OrCreate
		}
	}
}
