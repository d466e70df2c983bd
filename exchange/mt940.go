package exchange

import (
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"guike/record"
)

func itoa(n int) string { return strconv.Itoa(n) }

// mtBegins: a message begins with its reference, inside SWIFT's envelope or without one, and names its account soon.
var mtBegins = regexp.MustCompile(`(?s)^(?:\{1:[^\n]{0,500}\{4:\s*)?:20:.{0,900}?\n:25P?:`)

var (
	mtTag     = regexp.MustCompile(`^:(\d{2}[A-Z]?):`)
	mtBalance = regexp.MustCompile(`^([CD])(\d{6})([A-Z]{3})(\d{1,15}(?:[,.]\d{0,3})?)$`)
	// Field 61 of MT940 and MT942: value date, entry date, mark, funds code, amount, type, reference, the bank's reference. What is missing is passed over.
	mtLine = regexp.MustCompile(`^(\d{6})?(\d{4})?(R[CD]|E[CD]|[CD])([A-Z])?([0-9][0-9,.]*)?([NSF][A-Z0-9]{3})?(.*)$`)
	mtSum  = regexp.MustCompile(`^\d{1,15}(?:[,.]\d{0,3})?$`)
)

// mtMost is how many lines one field's text goes on for at most; SWIFT has six.
const mtMost = 200

// An mt reads MT940 and MT942, field by field.
type mt struct {
	l     *liner
	s     *statement
	p     *posting
	ahead *field
	begun bool // a statement, which has not ended
}

// A field is a tag and its lines.
type field struct {
	no    int
	tag   string
	lines []string
	odd   string
	close bool // the message ends behind it
}

func openMT940(l *liner) table {
	m := &mt{l: l, s: &statement{}}
	return &messages{read: m.read}
}

// read answers the next posting, or nil at the end of a statement.
func (m *mt) read() (*statement, *posting, error) {
	for {
		f, err := m.field()
		if p := m.p; err == io.EOF && p != nil {
			m.p = nil
			return m.s, p, nil
		}
		if err == io.EOF && m.begun {
			m.begun = false
			return m.s, nil, nil
		}
		if err != nil {
			return nil, nil, err
		}
		switch f.tag {
		case "61":
			p := m.p
			m.p = m.posting(f)
			if p != nil {
				return m.s, p, nil
			}
		case "86":
			if m.p != nil {
				m.p.told(f.lines)
				if m.p.odd == "" {
					m.p.odd = f.odd
				}
				p := m.p
				m.p = nil
				return m.s, p, nil
			}
		case "20":
			if p := m.p; p != nil {
				m.p, m.ahead = nil, &f
				return m.s, p, nil
			}
			if m.begun { // the next statement
				s := m.s
				m.s, m.begun, m.ahead = &statement{}, false, &f
				return s, nil, nil
			}
			m.begun = true
		default:
			if p := m.p; p != nil {
				m.p, m.ahead = nil, &f
				return m.s, p, nil
			}
			m.head(f)
		}
	}
}

// head takes what a statement says of itself.
func (m *mt) head(f field) {
	text := strings.TrimSpace(strings.Join(f.lines, ""))
	switch f.tag {
	case "25", "25P":
		if f.tag == "25P" {
			text = strings.TrimSpace(f.lines[0])
		}
		// A bank's code may stand before the number, and the currency behind it.
		text = text[strings.LastIndexByte(text, '/')+1:]
		if n := len(text); n > 10 && mtCurrency.MatchString(text) && !iban.MatchString(text) {
			text, m.s.currency = strings.TrimSpace(text[:n-3]), text[n-3:]
		}
		m.s.account = text
	case "28C", "28":
		m.s.id = text
	case "13D", "13":
		if len(text) >= 10 && m.s.id != "" {
			m.s.id = text[:10] + "/" + m.s.id
		}
	case "34F":
		if len(text) >= 3 {
			m.s.currency = text[:3]
		}
	case "60F", "60M":
		if b, day, ok := balance(text); ok {
			m.s.balance, m.s.currency, m.s.opened, m.s.closes = &b, b.Currency, true, true
			if m.s.id != "" {
				m.s.id = day + "/" + m.s.id // numbers begin anew each year
			}
		}
	case "62F", "62M":
		if b, _, ok := balance(text); ok {
			m.s.closing = &b
		}
	}
}

var (
	mtCurrency = regexp.MustCompile(`\d ?[A-Z]{3}$`)
	iban       = regexp.MustCompile(`^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$`)
)

func balance(text string) (b record.Money, day string, ok bool) {
	g := mtBalance.FindStringSubmatch(text)
	if g == nil {
		return b, "", false
	}
	b, err := record.ParseMoney(point(g[4]), g[3])
	if g[1] == "D" {
		b.Minor = -b.Minor
	}
	return b, g[2], err == nil
}

// point writes a SWIFT amount as a plain decimal: "12," is 12.
func point(s string) string {
	return strings.TrimSuffix(strings.Replace(s, ",", ".", 1), ".")
}

// posting reads field 61.
func (m *mt) posting(f field) *posting {
	p := &posting{no: f.no, odd: f.odd}
	g := mtLine.FindStringSubmatch(strings.TrimSpace(f.lines[0]))
	if g == nil {
		p.day, p.amount, p.purpose = f.lines[0], f.lines[0], f.lines[0]
		return p
	}
	p.day = g[1] + g[2]
	if t, err := time.Parse("060102", g[1]); err == nil {
		p.day = t.Format(time.DateOnly)
		if g[2] != "" {
			p.day = entered(t, g[2])
		}
	}
	// A credit that is taken back goes out, a debit that is taken back comes in.
	p.out = g[3] == "D" || g[3] == "RC" || g[3] == "ED"
	if g[3][0] == 'E' {
		p.odd = issuePending
	}
	if p.amount = g[5]; p.amount == "" {
		p.amount = f.lines[0] // none is found: the line is shown
	}
	if mtSum.MatchString(g[5]) {
		p.amount = point(g[5])
	}
	p.summary = g[6]
	if g[3][0] == 'R' {
		p.summary = strings.TrimSpace("冲正 " + p.summary)
	}
	own, bank, _ := strings.Cut(g[7], "//")
	if own = strings.TrimSpace(own); own == "NONREF" || own == "NOTPROVIDED" {
		own = ""
	}
	if p.serial = strings.TrimSpace(bank); p.serial == "" || p.serial == "NONREF" {
		p.serial = own
	}
	if len(f.lines) > 1 {
		p.summary = strings.TrimSpace(p.summary + " " + strings.Join(f.lines[1:], " "))
	}
	return p
}

// entered gives the day of entry, which has no year, the year that puts it next to the value date.
func entered(value time.Time, md string) string {
	best := value.Year() // where the day exists in no year, it is shown as it stands
	least := time.Duration(1 << 62)
	for y := value.Year() - 1; y <= value.Year()+1; y++ {
		t, err := time.Parse("20060102", strconv.Itoa(y)+md)
		if err != nil {
			continue
		}
		if d := t.Sub(value).Abs(); d < least {
			best, least = y, d
		}
	}
	return strconv.Itoa(best) + "-" + md[:2] + "-" + md[2:]
}

// field reads the next field: its tag's line and those behind it up to the next tag.
func (m *mt) field() (field, error) {
	if f := m.ahead; f != nil {
		m.ahead = nil
		return *f, nil
	}
	var f field
	for {
		x, err := m.l.next()
		if errors.Is(err, io.EOF) && f.tag != "" {
			return f, nil
		}
		if err != nil {
			return f, err
		}
		text := x.text
		if strings.HasPrefix(text, "{") {
			// SWIFT's envelope. Block 4 is the message.
			i := strings.Index(text, "{4:")
			if i < 0 {
				continue
			}
			text = strings.TrimSpace(text[i+3:])
		}
		g := mtTag.FindStringSubmatch(text)
		end := text == "-" || strings.HasPrefix(text, "-}")
		if f.tag != "" && (g != nil || end) {
			if !end {
				m.l.back = append(m.l.back, line{no: x.no, text: text, cr: x.cr, odd: x.odd})
			}
			return f, nil
		}
		switch {
		case g != nil:
			f = field{no: x.no, tag: g[1], lines: []string{text[len(g[0]):]}, odd: x.odd}
		case f.tag != "" && len(f.lines) < mtMost:
			f.lines = append(f.lines, text)
			if f.odd == "" {
				f.odd = x.odd
			}
		}
	}
}

var (
	told86 = regexp.MustCompile(`\?(\d{2})`)
	said86 = regexp.MustCompile(`(对方户名|对方名称|对方账号|对方帐号|对方账户|对方行名|对方开户行|用途|摘要|附言|备注)\s*[:：]`)
)

// told reads field 86, which says who the other side is and what for. SWIFT leaves its form to the bank: ?-subfields (?20 to ?33), /NAME/-codes, labels in
// Chinese, or words.
func (p *posting) told(lines []string) {
	text := strings.Join(lines, "")
	put := func(to *string, s string) {
		if s = strings.TrimSpace(s); s != "" && !strings.Contains(*to, s) {
			*to = strings.TrimSpace(*to + s)
		}
	}
	if at := told86.FindAllStringSubmatchIndex(text, -1); len(at) > 1 && at[0][0] <= 4 {
		for i, a := range at {
			end := len(text)
			if i+1 < len(at) {
				end = at[i+1][0]
			}
			s := text[a[1]:end]
			switch n, err := strconv.Atoi(text[a[2]:a[3]]); {
			case err != nil:
			case n == 0:
				p.summary = strings.TrimSpace(p.summary + " " + s)
			case n >= 20 && n <= 29 || n >= 60 && n <= 63:
				p.purpose += s
			case n == 30:
				put(&p.bank, s)
			case n == 31:
				put(&p.number, s)
			case n == 32 || n == 33:
				p.name += s
			}
		}
		return
	}
	if strings.HasPrefix(text, "/") {
		code := ""
		for _, s := range strings.Split(text[1:], "/") {
			if codes86[s] {
				code = s
				continue
			}
			switch code {
			case "NAME", "BENM", "ORDP":
				put(&p.name, s)
			case "CNTP": // account, bank, name
				switch {
				case p.number == "":
					put(&p.number, s)
				case p.bank == "":
					put(&p.bank, s)
				case p.name == "":
					put(&p.name, s)
				}
			case "IBAN", "ACCT":
				put(&p.number, s)
			case "BIC":
				put(&p.bank, s)
			case "REMI", "USTD", "EREF", "PREF", "ADDR", "":
				if s = strings.TrimSpace(s); s != "" {
					p.purpose = strings.TrimSpace(p.purpose + " " + s)
				}
			}
		}
		return
	}
	if at := said86.FindAllStringSubmatchIndex(text, -1); len(at) > 0 {
		put(&p.purpose, text[:at[0][0]])
		for i, a := range at {
			end := len(text)
			if i+1 < len(at) {
				end = at[i+1][0]
			}
			s := strings.Trim(strings.TrimSpace(text[a[1]:end]), ",;，；|")
			switch text[a[2]:a[3]] {
			case "对方户名", "对方名称":
				put(&p.name, s)
			case "对方账号", "对方帐号", "对方账户":
				put(&p.number, s)
			case "对方行名", "对方开户行":
				put(&p.bank, s)
			case "摘要":
				p.summary = strings.TrimSpace(p.summary + " " + s)
			default:
				put(&p.purpose, s)
			}
		}
		return
	}
	p.purpose = strings.TrimSpace(strings.Join(lines, " "))
}

var codes86 = map[string]bool{"NAME": true, "BENM": true, "ORDP": true, "CNTP": true, "IBAN": true, "ACCT": true, "BIC": true, "REMI": true, "USTD": true, "EREF": true, "PREF": true, "ADDR": true,
	"TRCD": true, "TRTP": true, "PURP": true, "CSID": true, "MARF": true, "ISDT": true, "CITY": true, "STRD": true, "ID": true, "RTRN": true, "SVCL": true, "ULTC": true, "ULTD": true, "CD": true}
