package paper

import (
	"math"
	"slices"
	"strings"
	"unicode"
)

// A piece is part of a line: a label, or a run of text that may be a value.
type piece struct {
	chars []char
	box   rect
	em    float64
	label *tag
	said  string // the label as printed
	colon bool
	taken bool  // it is a label's value
	cell  *rect // the ruled box around it, if there is one

	lesson *Lesson // by which it is a label
	peer   bool    // it is one for standing among those; what it says is not known
}

func newPiece(chars []char, em float64) *piece {
	p := &piece{chars: chars, em: em}
	for _, c := range chars {
		p.box = p.box.with(rect{c.x0, c.y0, c.x1, c.y1})
	}
	return p
}

// words gives the text with one space where the paper has white space.
func (p *piece) words() string {
	var b strings.Builder
	for i, c := range p.chars {
		if i > 0 && c.gap > 0.2 {
			b.WriteByte(' ')
		}
		b.WriteRune(c.r)
	}
	return b.String()
}

const column = 1.25 // ems of white space that part two columns

// cut parts a line at its labels, and at white space too wide for a word's.
func (l *line) cut() (out []*piece) {
	from, n := 0, len(l.chars)
	flush := func(to int) {
		if to > from {
			out = append(out, newPiece(l.chars[from:to], l.em))
		}
		from = to
	}
	for i := 0; i < n; {
		if i > from && l.chars[i].gap > column {
			flush(i)
		}
		if i == from || l.chars[i].gap > 0.2 || strings.ContainsRune(":;,|)", fold(l.chars[i-1].r)) {
			if t, end, ok := l.label(i); ok && !(t.rare() && l.within(out, from, i, end)) {
				flush(i)
				p := newPiece(l.chars[i:end], l.em)
				p.label, p.said = &t, p.words()
				out = append(out, p)
				if end < n && fold(l.chars[end].r) == ':' {
					p.colon = true
					end++
				}
				i, from = end, end
				continue
			}
		}
		i++
	}
	flush(n)
	return out
}

// rare says whether a label is of nothing that a slip is asked for: as a word in a value it is likelier.
func (t tag) rare() bool {
	switch t.field {
	case "", "invoice_no", "invoice_code", "issued_on", "check_code", "issuer", "total", "net", "tax", "tax_id", "tax_column", "sum":
		return true
	}
	return false
}

// within says whether a word that could be a label nobody asks for is part of a value: no colon follows it, and a value's text or its label's colon
// stands just before. 用途：年费 合同号 8812 has no 合同号 of its own.
func (l *line) within(out []*piece, from, i, end int) bool {
	if end < len(l.chars) && fold(l.chars[end].r) == ':' || l.chars[i].gap > column {
		return false
	}
	return i > from || i > 0 && len(out) > 0 && out[len(out)-1].colon
}

// label finds the longest label that begins at i and ends where a label may: before a colon, white space, or the line's end.
func (l *line) label(i int) (tag, int, bool) {
	var text []rune
	var found tag
	end := 0
	lo, hi := math.Inf(1), 0.0
	for k := i; k < len(l.chars) && len(text) < longest; k++ {
		c := l.chars[k]
		if k > i {
			lo, hi = min(lo, c.gap), max(hi, c.gap)
			// 户　　名: a short label is often spread over its cell, evenly.
			if hi > 0.6 && (hi > 4.6 || hi-lo > 0.8) {
				break
			}
		}
		text = append(text, fold(c.r))
		t, ok := labels[string(text)]
		if !ok || len(text) < 2 {
			continue
		}
		if k+1 == len(l.chars) || l.chars[k+1].gap > 0.2 || fold(l.chars[k+1].r) == ':' || fold(c.r) == ')' && t.field != "" && t.field != "wrap" {
			found, end = t, k+1
		}
	}
	// Any short Han text before a colon is a label, of something we may not know.
	han := false
	for k := i; k < len(l.chars) && k < i+18; k++ {
		r := fold(l.chars[k].r)
		if r == ':' {
			if k-i >= 2 && han && k > end && !l.later(i, k) {
				t, _ := known(newPiece(l.chars[i:k], l.em).words())
				if end > 0 && l.gloss(end) == k {
					t = found
				}
				return t, k, true
			}
			break
		}
		if unicode.IsDigit(r) || strings.ContainsRune(",。;", r) || k > i && l.chars[k].gap > column {
			break
		}
		han = han || unicode.Is(unicode.Han, r)
	}
	if end == 0 && i == 0 && l.gloss(0) > 2 {
		return tag{}, l.gloss(0), true // a line of English under a label
	}
	if end > 0 && end < len(l.chars) && l.chars[end].gap <= column {
		end = l.gloss(end)
	}
	return found, end, end > 0
}

// later says whether a known label begins after white space between i and the colon at end: 购 is the heading's, 名称 the label.
func (l *line) later(i, end int) bool {
	var whole, part []rune
	hit := false
	for k := i; k < end; k++ {
		r := fold(l.chars[k].r)
		if whole = append(whole, r); k > i && l.chars[k].gap > 0.2 {
			part = part[:0]
		}
		part = append(part, r)
	}
	if len(part) < len(whole) {
		_, hit = labels[string(part)]
	}
	_, all := labels[string(whole)]
	return hit && !all
}

// join puts labels together that stand on several lines: 付/款/人 down a narrow cell, 开户/银行 in a low one.
func (p *page) join() {
	p.stack()
	p.columns()
	for i := 0; i < len(p.pieces); i++ {
		a := p.pieces[i]
		if a.label == nil && len(a.chars) >= 2 && len(a.chars) <= 9 {
			a.said = a.words() // a text may turn out to be a label's head
		} else if a.label == nil || a.colon {
			continue
		}
		if b, chars := p.tail(a); b != nil {
			// A label that is whole by itself goes on below only to say the same more fully: 收款行 / 名称. A heading, such as 汇款人, goes on in its own
			// cell alone, for below it stand its rows' labels.
			if l := a.label; l != nil && l.field != "wrap" && l.field != "" && l.weight > 5 {
				t := labels[Fold(a.said+newPiece(chars, a.em).words())]
				if t.party != l.party || !l.group && t.field != l.field || chars[0].y0-a.box.y1 > 0.5*a.em || l.group && (!p.together(a.box, newPiece(chars, a.em).box) || p.heads(b)) {
					continue
				}
			}
			b.chars = b.chars[len(chars):]
			if len(b.chars) == 0 {
				p.pieces = slices.DeleteFunc(p.pieces, func(x *piece) bool { return x == b })
			} else {
				*b = *newPiece(b.chars, b.em)
			}
			if len(chars) > 0 && fold(chars[len(chars)-1].r) == ':' {
				chars = chars[:len(chars)-1]
				a.colon = true
			}
			tail := newPiece(chars, a.em)
			t, _ := known(a.said + tail.words())
			a.label, a.said, a.box = &t, a.said+tail.words(), a.box.with(tail.box)
		}
	}
	// The head of a wrapped label that found no tail is text, unless it is a word we know by itself.
	for _, a := range p.pieces {
		if a.label != nil && a.label.field == "wrap" {
			if t, ok := known(a.said); ok {
				a.label = &t
			} else {
				a.label = nil
			}
		}
	}
}

// heads says whether a label is the first of a list of them: under it stands another, as under 户名 do 账号 and 开户行.
func (p *page) heads(b *piece) bool {
	return b.label != nil && slices.ContainsFunc(p.pieces, func(y *piece) bool {
		return y != b && y.label != nil && y.label.party == "" && slices.Contains([]string{"name", "account", "bank"}, y.label.field) &&
			y.box.y0 > b.box.cy() && y.box.y0-b.box.y1 < 2*b.em && math.Abs(y.box.x0-b.box.x0) < 0.6*b.em
	})
}

// columns parts two cells of a table that nearly touch, where the second begins as a heading above it does.
func (p *page) columns() {
	for i := 0; i < len(p.pieces); i++ {
		x := p.pieces[i]
		for k := 1; k < len(x.chars) && x.label == nil; k++ {
			c := x.chars[k]
			if c.gap > 0.45 && slices.ContainsFunc(p.pieces, func(l *piece) bool {
				return l.label != nil && !l.colon && l.box.y1 <= x.box.cy() && x.box.y0-l.box.y1 < 4*x.em && math.Abs(l.box.x0-c.x0) < 0.25*x.em
			}) {
				p.pieces = slices.Insert(p.pieces, i+1, newPiece(x.chars[k:], x.em))
				*x = *newPiece(x.chars[:k], x.em)
				break
			}
		}
	}
}

// tail finds the rest of a wrapped label just below its head.
func (p *page) tail(a *piece) (*piece, []char) {
	for _, b := range p.pieces {
		gap := b.box.y0 - a.box.y1
		if b == a || gap < -0.5*a.em || gap > 0.9*a.em || b.box.across(a.box) < 0.5*a.em {
			continue
		}
		for n := len(b.chars); n > 0; n-- {
			part := newPiece(b.chars[:n], b.em)
			if math.Abs(part.box.x0-a.box.x0) > 0.6*a.em && math.Abs(part.box.cx()-a.box.cx()) > 0.6*a.em {
				continue
			}
			if t, ok := labels[Fold(a.said+part.words())]; ok && t.field != "wrap" && (b.label == nil || n == len(b.chars)) {
				if b.label != nil && b.label.field != "" && b.label.field != "wrap" && b.label.weight > 0 && t.field == "" {
					continue
				}
				if b.label != nil && b.colon {
					a.colon = true
				}
				return b, b.chars[:n]
			}
		}
	}
	return nil, nil
}

// free cuts off a single character that ends a value's run, though it stands in the column of a heading written downwards.
func (p *page) free() {
	const parts = "付款人收方单位购买销售汇"
	for i := 0; i < len(p.pieces); i++ {
		x := p.pieces[i]
		n := len(x.chars)
		if x.label != nil || n < 2 || x.chars[n-1].gap < 0.15 || !strings.ContainsRune(parts, x.chars[n-1].r) {
			continue
		}
		end := newPiece(x.chars[n-1:], x.em)
		if slices.ContainsFunc(p.pieces, func(y *piece) bool {
			return len(y.chars) == 1 && strings.ContainsRune(parts, y.chars[0].r) && math.Abs(y.box.cx()-end.box.cx()) < 0.3*x.em && math.Abs(y.box.cy()-end.box.cy()) < 5*x.em
		}) {
			*x = *newPiece(x.chars[:n-1], x.em)
			p.pieces = slices.Insert(p.pieces, i+1, end)
		}
	}
}

// stack finds labels written downwards, one character a line, and the headings 付 and 收 by themselves.
func (p *page) stack() {
	p.free()
	var singles []*piece
	for _, x := range p.pieces {
		if x.label == nil && len(x.chars) == 1 && unicode.Is(unicode.Han, x.chars[0].r) {
			singles = append(singles, x)
		}
	}
	gone := map[*piece]bool{}
	for _, head := range singles {
		if gone[head] {
			continue
		}
		run := []*piece{head}
		for {
			last := run[len(run)-1]
			var next *piece
			for _, x := range singles {
				if !gone[x] && math.Abs(x.box.cx()-head.box.cx()) < 0.5*head.em && x.box.y0 > last.box.cy() && x.box.y0-last.box.y1 < 4*head.em && (next == nil || x.box.y0 < next.box.y0) {
					next = x
				}
			}
			if next == nil {
				break
			}
			run = append(run, next)
		}
		for n := len(run); n >= 1; n-- {
			text := ""
			for _, x := range run[:n] {
				text += string(x.chars[0].r)
			}
			t, ok := labels[Fold(text)]
			if n == 1 {
				t, ok = map[string]tag{"付": {"name", "payer", 4, true}, "收": {"name", "payee", 4, true}, "购": {"name", "buyer", 4, true}, "销": {"name", "seller", 4, true}}[text]
			}
			if !ok || t.field == "wrap" {
				continue
			}
			head.label, head.said = &t, text
			for _, x := range run[1:n] {
				head.box = head.box.with(x.box)
				gone[x] = true
			}
			break
		}
	}
	p.pieces = slices.DeleteFunc(p.pieces, func(x *piece) bool { return gone[x] })
}
