package paper

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// A block is the lines of one value.
type block struct {
	pieces []*piece
	box    rect
	owner  *piece
}

// A match is a label with its value.
type match struct {
	label *piece
	tag   tag
	block *block
	value string
	trust float64
}

var title = regexp.MustCompile(`(回单|凭证|凭单|回执|通知书|通知单|收据|证明书|缴款书|发票|交易明细|账单)(\([^)]*\)|[（(].*|第.联|打印|补打)?$`)
var notTitle = regexp.MustCompile(`专用章|请|仅|如|重复|提示|业务章|^第|本回单|本凭证|此回单|[，。；,;]`)

// isTitle says whether a piece heads a paper: "… 电子回单" by itself.
func (p *piece) isTitle() bool {
	if p.label != nil || len(p.chars) < 2 || len(p.chars) > 40 {
		return false
	}
	s := Fold(p.words())
	return title.MatchString(s) && !notTitle.MatchString(s)
}

// papers finds each paper of a page and its facts.
func papers(p *page, c Company, lore Lore) []Paper {
	var out []Paper
	for _, ps := range split(p, lore) {
		f := form(ps, c)
		x := paper(p, p.teach(ps, f, lore), c)
		x.Form = f
		for _, q := range lore.Ask {
			if q.Page == p.no && q.Box == x.Box {
				x.Answers = p.learn(ps, f, q, c)
			}
		}
		out = append(out, x)
	}
	return out
}

// blocks joins the lines of wrapped values.
func blocks(ps []*piece) []*block {
	var out []*block
	of := map[*piece]*block{}
	for _, x := range ps {
		if x.label != nil || x.isTitle() && len(x.chars) > 5 {
			continue
		}
		var home *block
		for _, b := range out {
			last := b.pieces[len(b.pieces)-1]
			gap := x.box.y0 - last.box.y1
			if x.cell != nil && last.cell != nil {
				if !same(x, last) {
					continue
				}
				// A cell without labels is one value, however its lines are set.
				if pure := !slices.ContainsFunc(ps, func(l *piece) bool { return l.label != nil && same(l, x) }); pure && gap > -0.5*x.em && gap < 1.5*x.em && x.box.cy() > last.box.cy() {
					home = b
					break
				}
			}
			if gap < -0.5*x.em || gap > 0.75*x.em || x.box.cy() <= last.box.cy() || math.Abs(x.em-last.em) > 0.25*last.em {
				continue
			}
			left := math.Abs(x.box.x0-b.box.x0) < 0.8*x.em || math.Abs(x.box.cx()-last.box.cx()) < 0.6*x.em && x.box.x1-x.box.x0 < last.box.x1-last.box.x0+x.em
			// A value that ran to the margin goes on under its label.
			l := leftLabel(ps, b.pieces[0])
			under := l != nil && l.colon && math.Abs(x.box.x0-l.box.x0) < 1.2*x.em && last.box.x1 > x.box.x1-x.em && last.box.x1-last.box.x0 > 8*x.em
			if !left && !under {
				continue
			}
			if mine := leftLabel(ps, x); mine != nil && (mine != l || mine.box.down(last.box) < 0.1*mine.em) && !centred(ps, mine, l, last, x) {
				continue
			}
			home = b
			break
		}
		if home == nil {
			home = &block{}
			out = append(out, home)
		}
		home.pieces = append(home.pieces, x)
		home.box = home.box.with(x.box)
		of[x] = home
	}
	return out
}

// centred says whether a label stands in the vertical middle of a value's lines: the lines above it have no label of their own.
func centred(ps []*piece, mine, l, last, x *piece) bool {
	if l != nil && l != mine || x.box.y0-last.box.y1 > 0.6*x.em || mine.box.cy() > x.box.cy()+0.2*x.em {
		return false
	}
	return !slices.ContainsFunc(ps, func(o *piece) bool {
		return o.label != nil && o.box.across(last.box) > 0 && o.box.cy() < last.box.cy() && last.box.y0-o.box.y1 < 0.8*last.em
	})
}

// leftLabel is the label next to the left of a piece on its row, with nothing between.
func leftLabel(ps []*piece, v *piece) *piece {
	var best *piece
	for _, x := range ps {
		if x == v || x.box.x0 >= v.box.x0 || x.box.down(v.box) < 0.12*min(x.box.h(), v.box.h()) {
			continue
		}
		if best == nil || x.box.x1 > best.box.x1 {
			best = x
		}
	}
	if best == nil || best.label == nil {
		return nil
	}
	return best
}

// text joins a block's lines: Han without a separator, Latin words with a space, a number that wraps as one.
func (b *block) text() string {
	s := ""
	for _, x := range b.pieces {
		w := x.words()
		if s != "" {
			a, z := []rune(s)[len([]rune(s))-1], []rune(w)[0]
			if latin(a) && unicode.IsLetter(z) && latin(z) && !digit(a) {
				s += " "
			}
		}
		s += w
	}
	return s
}

func latin(r rune) bool { return r < 0x250 && r > ' ' && r != '-' && r != '(' && r != ')' }
func digit(r rune) bool { return r >= '0' && r <= '9' }

// right finds the value beside a label, below the one under it.
func right(ps []*piece, bs []*block, l *piece) *block {
	var best *block
	for _, b := range bs {
		x0 := b.pieces[0].box.x0 // further lines may go on under the label
		if b.owner != nil || x0 < l.box.x1-0.4*l.em {
			continue
		}
		// Several lines may stand around their label's middle.
		near := len(b.pieces) > 1 && l.box.cy() > b.box.y0 && l.box.cy() < b.box.y1
		for _, x := range b.pieces {
			near = near || x.box.down(l.box) > 0.2*min(x.box.h(), l.box.h())
		}
		if near && (best == nil || x0 < best.pieces[0].box.x0) {
			best = b
		}
	}
	if best == nil || apart(l, best.pieces[0]) {
		return nil
	}
	for _, x := range ps {
		if x.label != nil && x != l && x.box.x0 >= l.box.x1-0.4*l.em && x.box.x1 <= best.pieces[0].box.x0+0.4*l.em && x.box.down(best.box) > 0.2*min(x.box.h(), best.box.h()) {
			return nil
		}
	}
	return best
}

func below(ps []*piece, bs []*block, l *piece) *block {
	var best *block
	for _, b := range bs {
		gap := b.box.y0 - l.box.y1
		if b.owner != nil || gap < -0.3*l.em || gap > 2.6*l.em && !headed(l, b.pieces[0]) || b.box.across(l.box) <= 0 && math.Abs(b.box.x0-l.box.x0) > l.em && !headed(l, b.pieces[0]) {
			continue
		}
		if best == nil || b.box.y0 < best.box.y0-0.3*l.em || b.box.y0 < best.box.y0+0.3*l.em && math.Abs(b.box.x0-l.box.x0) < math.Abs(best.box.x0-l.box.x0) {
			best = b
		}
	}
	if best == nil || notUnder(l, best.pieces[0]) {
		return nil
	}
	for _, x := range ps {
		if x.label == nil || x == l {
			continue
		}
		between := x.box.y0 >= l.box.y1-0.3*l.em && x.box.y1 <= best.box.y0+0.3*l.em && x.box.across(best.box) > 0
		// Another heading of the same row stands nearer over this value.
		rival := math.Abs(x.box.cy()-l.box.cy()) < 0.5*l.em && math.Min(math.Abs(x.box.cx()-best.box.cx()), math.Abs(x.box.x0-best.box.x0)) < math.Min(math.Abs(l.box.cx()-best.box.cx()), math.Abs(l.box.x0-best.box.x0))-0.1*l.em
		if between || rival && (!headed(l, best.pieces[0]) || headed(x, best.pieces[0])) {
			return nil
		}
	}
	if mine := leftLabel(ps, best.pieces[0]); mine != nil && mine != l && mine.box.x1 > l.box.x0 {
		return nil
	}
	return best
}

// headed says whether a value's cell is the one right under its label's: however low it stands there, it is that label's.
func headed(l, v *piece) bool {
	return l.cell != nil && v.cell != nil && math.Abs(v.cell.y0-l.cell.y1) < 0.5*l.em && v.cell.across(*l.cell) > 0
}

// margin finds the value of a label that ends its row, where running text goes on at the row's left edge.
func margin(ps []*piece, bs []*block, l *piece) *block {
	left := l.box.x0
	for _, x := range ps {
		if math.Abs(x.box.cy()-l.box.cy()) > 0.5*l.em {
			continue
		}
		if x.box.x0 > l.box.x1 {
			return nil
		}
		left = min(left, x.box.x0)
	}
	for _, b := range bs {
		gap := b.box.y0 - l.box.y1
		if b.owner == nil && gap > -0.3*l.em && gap < max(l.em, l.box.h()) && math.Abs(b.box.x0-left) < l.em && leftLabel(ps, b.pieces[0]) == nil {
			return b
		}
	}
	return nil
}

// matches gives every label its value: first beside it, then under it, each value to one label.
func matches(ps []*piece) []match {
	bs := blocks(ps)
	var ls []*piece
	for _, x := range ps {
		if x.label != nil {
			ls = append(ls, x)
		}
	}
	slices.SortStableFunc(ls, func(a, b *piece) int {
		return cmp.Or(cmpf(math.Round(a.box.cy()), math.Round(b.box.cy())), cmpf(b.box.x0, a.box.x0))
	})
	var out []match
	done := map[*piece]bool{}
	take := func(l *piece, find func([]*piece, []*block, *piece) *block, trust float64) {
		b := find(ps, bs, l)
		if done[l] || b == nil {
			return
		}
		t := *l.label
		v, ok := value(t.field, b.text())
		if !ok && t.field == "amount" {
			if v, ok = value("amount_upper", b.text()); ok {
				t.field = "amount_upper"
			}
		} else if !ok && t.field == "amount_upper" {
			if v, ok = value("amount", b.text()); ok {
				t.field = "amount"
			}
		}
		if !ok {
			return
		}
		b.owner, done[l] = l, true
		for _, x := range b.pieces {
			x.taken = !l.peer
		}
		if l.colon {
			trust += 0.02
		}
		out = append(out, match{l, t, b, v, trust})
	}
	// What people taught comes first: it says where its value stands, and nowhere else.
	for _, l := range ls {
		if l.lesson != nil {
			take(l, ways[l.lesson.Way], 0.97)
		}
	}
	ls = slices.DeleteFunc(ls, func(l *piece) bool { return l.lesson != nil })
	// A heading that spans rows comes last: what stands beside it is its rows' labels and values.
	spans := func(l *piece) bool { return l.label.group && l.box.h() > 1.8*l.em }
	for _, late := range []bool{false, true} {
		for _, l := range ls {
			if spans(l) == late {
				take(l, right, 0.97)
			}
		}
		for _, l := range ls {
			if !done[l] && spans(l) == late {
				take(l, below, 0.92)
			}
		}
		for _, l := range ls {
			if !done[l] && l.colon && !late {
				take(l, margin, 0.85)
			}
		}
	}
	out = append(out, rowed(ps, bs, out)...)
	slices.SortStableFunc(out, func(a, b match) int {
		return cmp.Or(cmpf(a.label.box.y0, b.label.box.y0), cmpf(a.label.box.x0, b.label.box.x0))
	})
	return out
}

// rowed gives a heading's value the party at the head of its row, and finds what stands further down under it in rows of other parties: 名称 账号 开户行
// over the rows 付款人 and 收款人.
func rowed(ps []*piece, bs []*block, ms []match) (out []match) {
	head := func(b *block) *piece {
		var best *piece
		for _, x := range ps {
			if x.label != nil && x.label.group && x.label.party != "" && x.box.x1 <= b.box.x0 && x.box.down(b.box) > 0.2*min(x.box.h(), b.box.h()) && (best == nil || x.box.x1 > best.box.x1) {
				best = x
			}
		}
		return best
	}
	for i, m := range ms {
		first := head(m.block)
		if m.tag.party != "" || m.tag.field != "name" && m.tag.field != "account" && m.tag.field != "bank" || m.label.box.y1 > m.block.box.cy() || first == nil {
			continue
		}
		ms[i].tag.party = first.label.party
		for _, b := range bs {
			who := head(b)
			if b.owner != nil || b.box.y0 < m.block.box.y1 || b.box.across(m.block.box) <= 0 || who == nil || who.label.party == first.label.party {
				continue
			}
			if v, ok := value(m.tag.field, b.text()); ok {
				t := m.tag
				t.party = who.label.party
				b.owner = m.label
				for _, x := range b.pieces {
					x.taken = true
				}
				out = append(out, match{m.label, t, b, v, m.trust})
			}
		}
	}
	return out
}

// party tells whose name, account or bank a label without a 付款人 or 收款人 of its own asks for: the heading beside, over or before it.
func party(ps []*piece, m match) (string, float64) {
	l := m.label
	pair := l.box.with(m.block.box)
	best, who := math.Inf(1), ""
	for _, x := range ps {
		if x == l || x.label == nil || x.label.party == "" {
			continue
		}
		d := math.Inf(1)
		switch {
		case x.cell != nil && l.cell != nil && near(x.cell.x1, l.cell.x0) && x.cell.y0-hair < l.box.cy() && x.cell.y1+hair > l.box.cy() && x.label.group && !slices.ContainsFunc(ps, func(o *piece) bool { return o != x && o.label != nil && same(o, x) }):
			d = -1 // a ruled cell of its own that spans this row
		case x.box.x1 <= l.box.x0+0.5*l.em && x.box.down(l.box) > -1.2*l.em && x.label.group:
			d = (l.box.x0 - x.box.x1) + 0.5*math.Max(0, -x.box.down(l.box))
		case x.box.cy() < l.box.cy():
			side := math.Min(math.Abs(x.box.cx()-pair.cx()), math.Abs(x.box.x0-l.box.x0))
			d = (l.box.y0 - x.box.y1) + 3*side + 20
		case x.box.x1 <= l.box.x0+0.5*l.em && math.Abs(x.box.cy()-l.box.cy()) < 0.5*l.em:
			d = l.box.x0 - x.box.x1
		}
		if d < best {
			best, who = d, x.label.party
		}
	}
	return who, best
}

// joinWords drops the white space between Han characters of names.
func joinWords(s string) string {
	rs := []rune(s)
	var b strings.Builder
	for i, r := range rs {
		if r == ' ' && i > 0 && i+1 < len(rs) && (wide(rs[i-1]) || wide(rs[i+1])) {
			continue
		}
		b.WriteRune(r)
	}
	return strings.TrimSpace(b.String())
}
