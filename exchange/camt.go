package exchange

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"regexp"
	"strings"

	"guike/record"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Bounds on an untrusted message.
const (
	camtEntry = 4 << 20 // bytes of one entry
	camtDepth = 64
	camtParts = 10_000 // transactions of one entry
)

var camtRoot = regexp.MustCompile(`<(?:[\w.-]+:)?(?:BkToCstmrStmt|BkToCstmrAcctRpt)[\s>]`)

// camtForm knows camt.053 and camt.052 by the element that every version of them has.
func camtForm(head string) (string, error) {
	if !camtRoot.MatchString(head) {
		return "", nil
	}
	if strings.Contains(head, "<!DOCTYPE") || strings.Contains(head, "<!ENTITY") {
		return "", record.FieldError("file", "error.xml_entities")
	}
	return formCAMT, nil
}

type camtAccount struct {
	IBAN  string `xml:"IBAN"`
	Other string `xml:"Othr>Id"`
}

func (a camtAccount) number() string { return strings.TrimSpace(a.IBAN + a.Other) }

type camtParty struct {
	Name string `xml:"Nm"`
	Deep string `xml:"Pty>Nm"` // since version 8
}

func (p camtParty) name() string { return strings.TrimSpace(p.Name + p.Deep) }

type camtAmount struct {
	Value    string `xml:",chardata"`
	Currency string `xml:"Ccy,attr"`
}

type camtDay struct {
	Day  string `xml:"Dt"`
	Time string `xml:"DtTm"`
}

func (d camtDay) day() string { return (strings.TrimSpace(d.Day+d.Time) + "          ")[:10] }

type camtBalance struct {
	Code   string     `xml:"Tp>CdOrPrtry>Cd"`
	Amount camtAmount `xml:"Amt"`
	Side   string     `xml:"CdtDbtInd"`
}

// camtTx is a transaction inside an entry: a salary run is one entry of many.
type camtTx struct {
	End      string      `xml:"Refs>EndToEndId"`
	Bank     string      `xml:"Refs>AcctSvcrRef"`
	ID       string      `xml:"Refs>TxId"`
	Amount   camtAmount  `xml:"Amt"`
	Inner    camtAmount  `xml:"AmtDtls>TxAmt>Amt"`
	Side     string      `xml:"CdtDbtInd"`
	Debtor   camtParty   `xml:"RltdPties>Dbtr"`
	From     camtAccount `xml:"RltdPties>DbtrAcct>Id"`
	Creditor camtParty   `xml:"RltdPties>Cdtr"`
	To       camtAccount `xml:"RltdPties>CdtrAcct>Id"`
	FromBank string      `xml:"RltdAgts>DbtrAgt>FinInstnId>Nm"`
	ToBank   string      `xml:"RltdAgts>CdtrAgt>FinInstnId>Nm"`
	Words    []string    `xml:"RmtInf>Ustrd"`
	More     string      `xml:"AddtlTxInf"`
}

func (t camtTx) amount() camtAmount {
	if strings.TrimSpace(t.Amount.Value) != "" {
		return t.Amount
	}
	return t.Inner
}

type camtEntryXML struct {
	Ref      string     `xml:"NtryRef"`
	Amount   camtAmount `xml:"Amt"`
	Side     string     `xml:"CdtDbtInd"`
	Reversal string     `xml:"RvslInd"`
	Status   struct {
		Text string `xml:",chardata"`
		Code string `xml:"Cd"` // since version 8
	} `xml:"Sts"`
	Booked camtDay  `xml:"BookgDt"`
	Value  camtDay  `xml:"ValDt"`
	Bank   string   `xml:"AcctSvcrRef"`
	Code   string   `xml:"BkTxCd>Prtry>Cd"`
	Txs    []camtTx `xml:"NtryDtls>TxDtls"`
	More   string   `xml:"AddtlNtryInf"`
}

// camt reads a message entry by entry; no entity is looked up, and what is said in a document type is refused.
type camt struct {
	d     *xml.Decoder
	in    *bounded
	depth int
	path  []string
	s     *statement
	n     int
	queue []posting
	ended bool
}

func openCAMT(f *os.File, set string) (table, error) {
	var r io.Reader = f
	switch set {
	case gbSet:
		r = transform.NewReader(f, simplifiedchinese.GB18030.NewDecoder())
	case utf16le, utf16be:
		r = transform.NewReader(f, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder())
	}
	c := &camt{in: &bounded{r, camtEntry}, s: &statement{}, n: 1}
	c.d = xml.NewDecoder(c.in)
	c.d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // the bytes say what they are, not the declaration
	return &messages{read: c.read}, nil
}

func (c *camt) read() (*statement, *posting, error) {
	for {
		if len(c.queue) > 0 {
			p := c.queue[0]
			c.queue = c.queue[1:]
			return c.s, &p, nil
		}
		if c.ended {
			return nil, nil, io.EOF
		}
		s, done, err := c.step()
		if err == io.EOF && len(c.path) == 0 {
			return nil, nil, io.EOF
		}
		if err != nil {
			// The rest of the file cannot be read: a row says so, and those before it stand.
			c.ended = true
			c.n++
			return c.s, &posting{no: c.n, odd: issueBroken, purpose: "camt"}, nil
		}
		if done {
			return s, nil, nil
		}
	}
}

var errCAMT = errors.New("camt")

// step reads up to the next element that matters; done where a statement ends, which is then answered.
func (c *camt) step() (s *statement, done bool, err error) {
	t, err := c.d.Token()
	if err != nil {
		return nil, false, err
	}
	switch e := t.(type) {
	case xml.Directive:
		return nil, false, errCAMT
	case xml.EndElement:
		c.path = c.path[:len(c.path)-1]
		if e.Name.Local == "Stmt" || e.Name.Local == "Rpt" {
			s, c.s = c.s, &statement{}
			return s, true, nil
		}
	case xml.StartElement:
		c.in.left = camtEntry
		switch in := c.inside(); {
		case !in && len(c.path) >= camtDepth:
			return nil, false, errCAMT
		case !in:
			c.path = append(c.path, e.Name.Local)
		case e.Name.Local == "Id" || e.Name.Local == "ElctrncSeqNb":
			var text string
			if err = c.d.DecodeElement(&text, &e); err == nil && (c.s.id == "" || e.Name.Local == "Id") {
				c.s.id = strings.TrimSpace(text)
			}
		case e.Name.Local == "Acct":
			var a struct {
				ID       camtAccount `xml:"Id"`
				Currency string      `xml:"Ccy"`
			}
			if err = c.d.DecodeElement(&a, &e); err == nil {
				c.s.account, c.s.currency = a.ID.number(), strings.TrimSpace(a.Currency)
			}
		case e.Name.Local == "Bal":
			var b camtBalance
			if err = c.d.DecodeElement(&b, &e); err == nil {
				c.balance(b)
			}
		case e.Name.Local == "Ntry":
			var n camtEntryXML
			if err = c.d.DecodeElement(&n, &e); err == nil {
				c.entry(n)
			}
		default:
			err = c.d.Skip()
		}
	}
	return nil, false, err
}

// inside says whether what begins now is a part of a statement.
func (c *camt) inside() bool {
	return len(c.path) > 0 && (c.path[len(c.path)-1] == "Stmt" || c.path[len(c.path)-1] == "Rpt")
}

func (c *camt) balance(b camtBalance) {
	m, err := record.ParseMoney(strings.TrimSpace(b.Amount.Value), b.Amount.Currency)
	if err != nil {
		return
	}
	if b.Side == "DBIT" {
		m.Minor = -m.Minor
	}
	switch b.Code {
	case "OPBD", "PRCD":
		if c.s.balance == nil || b.Code == "OPBD" {
			c.s.balance, c.s.opened = &m, true
		}
	case "CLBD":
		c.s.closing = &m
	}
}

// entry makes postings of an entry: one, or one of each of its transactions where they add up to it.
func (c *camt) entry(n camtEntryXML) {
	p := posting{day: strings.TrimSpace(n.Booked.day()), amount: strings.TrimSpace(n.Amount.Value), currency: n.Amount.Currency, out: n.Side == "DBIT", serial: first(n.Bank, n.Ref),
		summary: strings.TrimSpace(n.More)}
	if p.day == "" {
		p.day = strings.TrimSpace(n.Value.day())
	}
	if n.Side != "DBIT" && n.Side != "CRDT" {
		p.odd = issueBroken
	}
	if p.summary == "" {
		p.summary = strings.TrimSpace(n.Code)
	}
	if n.Reversal == "true" || n.Reversal == "1" {
		p.summary = strings.TrimSpace("冲正 " + p.summary)
	}
	if status := first(n.Status.Code, n.Status.Text); status != "" && status != "BOOK" {
		p.odd = issuePending
	}
	txs := n.Txs
	if !c.sums(n) {
		txs = txs[:min(len(txs), 1)]
	}
	if len(txs) == 0 {
		txs = []camtTx{{}}
	}
	for _, t := range txs {
		q := p
		if len(txs) > 1 {
			q.amount, q.currency = strings.TrimSpace(t.amount().Value), t.amount().Currency
			q.serial = first(t.Bank, t.ID, t.End, q.serial)
		}
		if q.serial == "" {
			q.serial = first(t.Bank, t.ID, t.End)
		}
		other, number, bank := t.Creditor, t.To, t.ToBank
		if !q.out {
			other, number, bank = t.Debtor, t.From, t.FromBank
		}
		q.name, q.number, q.bank = other.name(), number.number(), strings.TrimSpace(bank)
		q.purpose = strings.Join(strings.Fields(strings.Join(append(t.Words, t.More), " ")), " ")
		c.n++
		q.no = c.n
		c.queue = append(c.queue, q)
	}
}

// sums says whether an entry's transactions, all on its side, make up its amount.
func (c *camt) sums(n camtEntryXML) bool {
	if len(n.Txs) < 2 || len(n.Txs) > camtParts {
		return false
	}
	whole, err := record.ParseMoney(strings.TrimSpace(n.Amount.Value), n.Amount.Currency)
	if err != nil {
		return false
	}
	for _, t := range n.Txs {
		m, err := record.ParseMoney(strings.TrimSpace(t.amount().Value), t.amount().Currency)
		if err != nil || m.Currency != whole.Currency || t.Side != "" && t.Side != n.Side {
			return false
		}
		whole.Minor -= m.Minor
	}
	return whole.Minor == 0
}

// first is the first text that says something; "NOTPROVIDED" is ISO 20022's word for nothing.
func first(ss ...string) string {
	for _, s := range ss {
		if s = strings.TrimSpace(s); s != "" && s != "NOTPROVIDED" && s != "NONREF" {
			return s
		}
	}
	return ""
}
