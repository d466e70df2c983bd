package paper

import (
	"math"
	"slices"
	"strings"
	"unicode"
)

// A Lesson is what people's corrections taught of a form: at which label it says a fact.
type Lesson struct {
	ID     string  `json:"id"`
	Fact   string  `json:"fact"`
	Label  string  `json:"label"`
	Way    string  `json:"way"`    // where the value stands, seen from the label: right or below
	Place  int     `json:"place"`  // which of the form's labels of these words it is, in reading order from 1
	Places int     `json:"places"` // how many there are
	Trust  float64 `json:"trust"`  // 0–1, by how often people found it right
}

// Taught are the lessons of one form.
type Taught struct {
	Form    Form     `json:"form"`
	Lessons []Lesson `json:"lessons"`
}

// A Question asks at which labels a paper says what a person says that it says.
type Question struct {
	Page  int               `json:"page"`
	Box   Box               `json:"box"` // of the paper
	Facts map[string]string `json:"facts"`

	Others [][]string `json:"others,omitempty"` // the words of other papers of its form
}

// Lore is what a reader is told beside the paper.
type Lore struct {
	Taught []Taught   `json:"taught,omitempty"`
	Ask    []Question `json:"ask,omitempty"`
	Cuts   []Cut      `json:"cuts,omitempty"`
}

// Learnable reports whether a fact of this name may stand at a label.
func Learnable(fact string) bool { _, ok := learnable[fact]; return ok }

// learnable are the facts that may stand at a label, and what one asks for.
var learnable = map[string]tag{
	"payer_name": {field: "name", party: "payer"}, "payer_account": {field: "account", party: "payer"}, "payer_bank": {field: "bank", party: "payer"},
	"payee_name": {field: "name", party: "payee"}, "payee_account": {field: "account", party: "payee"}, "payee_bank": {field: "bank", party: "payee"},
	"buyer_name": {field: "name", party: "buyer"}, "buyer_tax_id": {field: "tax_id", party: "buyer"},
	"seller_name": {field: "name", party: "seller"}, "seller_tax_id": {field: "tax_id", party: "seller"},
	"slip_no": {field: "slip_no"}, "serial": {field: "serial"}, "paid_on": {field: "paid_on"}, "amount": {field: "amount"}, "amount_upper": {field: "amount_upper"}, "currency": {field: "currency"},
	"purpose": {field: "purpose"}, "memo": {field: "memo"}, "invoice_no": {field: "invoice_no"}, "invoice_code": {field: "invoice_code"}, "issued_on": {field: "issued_on"},
	"net": {field: "net"}, "tax": {field: "tax"}, "total": {field: "total"},
}

// ways are how a value is found from its label.
var ways = map[string]func([]*piece, []*block, *piece) *block{"right": right, "below": below}

// teach marks on a paper the labels that its form's lessons name. A label that is not there as often as the lesson knows it is left alone.
func (p *page) teach(ps []*piece, f Form, lore Lore) []*piece {
	var ls []Lesson
	for _, t := range lore.Taught {
		if t.Form.Like(f, p.scanned) {
			ls = append(ls, t.Lessons...)
		}
	}
	slices.SortStableFunc(ls, func(a, b Lesson) int { return cmpf(b.Trust, a.Trust) })
	for _, l := range ls {
		ps = p.mark(ps, l)
	}
	for _, x := range ps {
		if x.lesson != nil {
			ps = peers(ps, x, x.lesson.Way, f.Words)
		}
	}
	return ps
}

// peers makes labels, of nothing that is asked for, of the form's words that stand in one column with a label whose value is beside it, or in one row with
// one whose value is below: so each row and column has its own values.
func peers(ps []*piece, at *piece, way string, words []string) []*piece {
	out := ps
	for _, x := range ps {
		if x.label != nil || len(x.chars) > longLabel || !slices.Contains(words, Plain(x.words())) {
			continue
		}
		aligned := math.Abs(x.box.x0-at.box.x0) < 0.6*at.em || math.Abs(x.box.cx()-at.box.cx()) < 0.6*at.em
		if way == "below" {
			aligned = math.Abs(x.box.cy()-at.box.cy()) < 0.5*at.em
		}
		if aligned {
			y := *x
			y.label, y.said, y.peer = &tag{}, x.words(), true
			out = swap(out, x, &y)
		}
	}
	return out
}

// A span is the part of a piece that is a label's words.
type span struct {
	at       *piece
	from, to int
}

// mark makes the label that a lesson names one that asks for the lesson's fact.
func (p *page) mark(ps []*piece, l Lesson) []*piece {
	t, ok := learnable[l.Fact]
	if !ok || ways[l.Way] == nil {
		return ps
	}
	t.weight = 20 + int(10*l.Trust)
	found := p.spans(ps, l.Label)
	if len(found) != l.Places || l.Place < 1 || l.Place > len(found) {
		return ps
	}
	s := found[l.Place-1]
	if s.at.lesson != nil {
		return ps // a lesson more trusted has it
	}
	out, at := p.part(ps, s)
	at.label, at.lesson = &t, &l
	return out
}

// spans finds where a label's words stand, in reading order. In a scan that has them nowhere to the letter, what is nearly spelt so counts.
func (p *page) spans(ps []*piece, label string) []span {
	want := []rune(strings.Trim(Fold(label), ":"))
	if len(want) < 2 {
		return nil
	}
	out := spans(ps, want, false)
	if len(out) == 0 && p.scanned {
		out = spans(ps, want, true)
	}
	return out
}

func spans(ps []*piece, want []rune, loosely bool) (out []span) {
	for _, x := range rows(ps) {
		if x.label != nil {
			if spelt(strings.Trim(Fold(x.said), ":"), string(want), loosely && x.label.field == "") {
				out = append(out, span{x, 0, len(x.chars)})
			}
			continue
		}
		for i := 0; i+len(want) <= len(x.chars); i++ {
			if x.starts(i) && x.ends(i+len(want)) && x.reads(i, want, loosely) {
				out = append(out, span{x, i, i + len(want)})
			}
		}
	}
	return out
}

// starts says whether a label may begin at a piece's character, ends whether one may end before it.
func (x *piece) starts(i int) bool {
	return i == 0 || x.chars[i].gap > 0.2 || strings.ContainsRune(":;,|)", fold(x.chars[i-1].r))
}

func (x *piece) ends(i int) bool {
	return i == len(x.chars) || x.chars[i].gap > 0.2 || fold(x.chars[i].r) == ':'
}

func (x *piece) reads(i int, want []rune, loosely bool) bool {
	off := 0
	for k, r := range want {
		if fold(x.chars[i+k].r) != r {
			off++
		}
	}
	return off == 0 || loosely && len(want) >= 4 && off <= (len(want)+1)/5
}

// part cuts a label's words out of the piece that they stand in, so that they are a piece of their own.
func (p *page) part(ps []*piece, s span) ([]*piece, *piece) {
	x := s.at
	if x.label != nil {
		y := *x
		return swap(ps, x, &y), &y
	}
	l := p.piece(x.chars[s.from:s.to], x.em)
	l.said = l.words()
	out := []*piece{l}
	if s.from > 0 {
		out = slices.Insert(out, 0, p.piece(x.chars[:s.from], x.em))
	}
	if s.to < len(x.chars) && fold(x.chars[s.to].r) == ':' {
		l.colon = true
		s.to++
	}
	if s.to < len(x.chars) {
		out = append(out, p.piece(x.chars[s.to:], x.em))
	}
	return swap(ps, x, out...), l
}

// piece is newPiece with its ruled box.
func (p *page) piece(chars []char, em float64) *piece {
	x := newPiece(slices.Clone(chars), em)
	if c, ok := p.rules.cell(x.box); ok {
		x.cell = &c
	}
	return x
}

// swap puts pieces into the place of one; the page's own list stays as it is.
func swap(ps []*piece, x *piece, by ...*piece) []*piece {
	out := make([]*piece, 0, len(ps)+len(by))
	for _, y := range ps {
		if y == x {
			out = append(out, by...)
		} else {
			out = append(out, y)
		}
	}
	return out
}

const (
	mostPieces = 400 // of a paper on which lessons are looked for
	mostWays   = 4   // labels that are tried for one fact
)

// A reply is a label that reads a fact, and how unlikely it is.
type reply struct {
	Lesson
	cost float64
}

// learn looks for the labels at which a paper says facts, one a fact. A label is kept where the paper, read by it and those kept before, says what it should
// and says nothing else otherwise than it did. Where a value stands at no label there is none.
func (p *page) learn(ps []*piece, f Form, q Question, c Company) (out []Lesson) {
	if len(ps) > mostPieces {
		return nil
	}
	found := p.answers(ps, f, q.Facts)
	was := paper(p, ps, c)
	by := func(ls []Lesson) Paper {
		return paper(p, p.teach(ps, f, Lore{Taught: []Taught{{f, ls}}}), c)
	}
	for _, name := range order {
		for _, a := range found[name] {
			if !q.printed(a.Label) {
				continue
			}
			a.Trust = 1
			ls := append(slices.Clone(out), a.Lesson)
			now := by(ls)
			ok := now.Kind == "other" || p.says(now.Fact(name), q.Facts[name])
			for _, x := range was.Facts {
				_, asked := q.Facts[x.Name]
				ok = ok && (asked || x.Name == "direction" || now.Kind == "other" || now.Fact(x.Name) == x.Value)
			}
			if ok {
				out = ls
				break
			}
		}
	}
	now := by(out)
	return slices.DeleteFunc(out, func(l Lesson) bool { return now.Kind != "other" && !p.says(now.Fact(l.Fact), q.Facts[l.Fact]) })
}

// printed says whether a label stands on most of the other papers of the form that are known. A word that is on one paper alone is no label.
func (q Question) printed(label string) bool {
	n := 0
	for _, words := range q.Others {
		if slices.Contains(words, Plain(label)) {
			n++
		}
	}
	return 2*n >= len(q.Others)
}

// answers tries each part of a paper that may be a label as one, by the reader's own means: what then reads a fact is an answer, the likeliest first.
func (p *page) answers(ps []*piece, f Form, facts map[string]string) map[string][]reply {
	said := map[string]bool{} // what facts say is no label
	for _, v := range facts {
		said[Plain(v)] = true
	}
	words := slices.DeleteFunc(slices.Clone(f.Words), func(w string) bool { return said[w] })
	found := map[string][]reply{}
	for _, x := range rows(ps) {
		for _, s := range x.candidates() {
			label := strings.Trim(Fold(newPiece(x.chars[s.from:s.to], x.em).words()), ":")
			if x.label != nil {
				label = strings.Trim(Fold(x.said), ":")
			}
			if !LabelLike(label) || said[Plain(label)] {
				continue
			}
			places := p.spans(ps, label)
			place := slices.IndexFunc(places, func(o span) bool { return o.at == x && o.from == s.from }) + 1
			if place == 0 {
				continue
			}
			trial, at := p.part(ps, s)
			at.label = &tag{}
			for way, find := range ways {
				trial := peers(trial, at, way, words)
				b := find(trial, blocks(trial), at)
				if b == nil {
					continue
				}
				// A label as such, beside its value and near it, is the likeliest.
				cost := at.box.distance(b.box) / at.em
				if x.label == nil && !at.colon {
					cost += 2
				}
				if way == "below" {
					cost++
				}
				text := b.text()
				for name, want := range facts {
					t, ok := learnable[name]
					if !ok || want == "" {
						continue
					}
					if got, ok := value(t.field, text); ok && p.says(got, want) {
						found[name] = append(found[name], reply{Lesson{Fact: name, Label: label, Way: way, Place: place, Places: len(places)}, cost})
					}
				}
			}
		}
	}
	for name, as := range found {
		slices.SortStableFunc(as, func(a, b reply) int { return cmpf(a.cost, b.cost) })
		found[name] = as[:min(len(as), mostWays)]
	}
	return found
}

// distance is the white between two boxes.
func (a rect) distance(b rect) float64 { return max(0, -a.across(b)) + max(0, -a.down(b)) }

// candidates are the parts of a piece that may be a label: all of one that is, and the beginnings of a text up to white space or a colon.
func (x *piece) candidates() (out []span) {
	if x.label != nil {
		return []span{{x, 0, len(x.chars)}}
	}
	if x.isTitle() {
		return nil
	}
	for i := 2; i <= min(len(x.chars), longLabel); i++ {
		if x.ends(i) {
			out = append(out, span{x, 0, i})
		}
	}
	return out
}

// LabelLike says whether a text may be a label of a form: words, no figures.
func LabelLike(s string) bool {
	rs := []rune(s)
	if len(rs) < 2 || len(rs) > longLabel || upperIn.MatchString(s) {
		return false
	}
	han := 0
	for _, r := range rs {
		if unicode.IsDigit(r) || strings.ContainsRune("¥￥*,，。;", r) {
			return false
		}
		if unicode.Is(unicode.Han, r) {
			han++
		}
	}
	return han >= 2 || han == 0 && unicode.IsLetter(rs[0])
}

// says is SayAlike, of a scan with some characters not made out: its label is the same.
func (p *page) says(read, meant string) bool {
	return SayAlike(read, meant) || p.scanned && spelt(Fold(read), Fold(meant), true)
}

// SayAlike says whether what is read is what a person means: letters' case and white space do not count.
func SayAlike(read, meant string) bool {
	f := func(s string) string { return strings.ToLower(Fold(s)) }
	return f(read) == f(meant)
}

// characters is how sure a fact's characters are, whatever its lesson is worth.
func (f Fact) characters() float64 {
	if f.Trust > 0 {
		return f.Confidence / f.Trust
	}
	return f.Confidence
}
