package paper

import "slices"

// Where one paper ends and the next begins: found by titles and labels that come again, or said by a person.

// A Cut says where a page is parted into papers, instead of where the reader would.
type Cut struct {
	Page int       `json:"page"`
	At   []float64 `json:"at"` // heights as fractions 0–1 of the page from its top; none where the page is one paper
}

func (l Lore) cuts(page int) ([]float64, bool) {
	for _, c := range l.Cuts {
		if c.Page == page {
			return c.At, true
		}
	}
	return nil, false
}

// cutAt parts a page's pieces at heights of the page as it is shown.
func (p *page) cutAt(at []float64) [][]*piece {
	out := make([][]*piece, len(at)+1)
	for _, x := range p.pieces {
		b := p.frac(x.box)
		k := 0
		for k < len(at) && (b[1]+b[3])/2 > at[k] {
			k++
		}
		out[k] = append(out[k], x)
	}
	return slices.DeleteFunc(out, func(ps []*piece) bool { return len(ps) == 0 })
}

// split parts a page's pieces into papers, top to bottom: by titles, else by a label that comes again.
func split(p *page, lore Lore) [][]*piece {
	if at, ok := lore.cuts(p.no); ok {
		return p.cutAt(at)
	}
	var tops []float64
	var said []string
	times := map[string]int{}
	for _, x := range p.pieces {
		if x.isTitle() && (len(tops) == 0 || x.box.y0-tops[len(tops)-1] > 6*x.em) {
			s := Fold(x.words())
			tops, said = append(tops, x.box.y0), append(said, s)
			times[s]++
		}
	}
	// A title counts only where labels with facts follow it before the next, or where it comes again itself: of a form nobody knows the labels say nothing.
	useful := func(y0, y1 float64) bool {
		fields := map[string]bool{}
		for _, x := range p.pieces {
			if x.label != nil && x.box.cy() >= y0 && x.box.cy() < y1 {
				switch x.label.field {
				case "amount", "amount_upper", "slip_no", "serial", "name", "account", "total", "invoice_no":
					fields[x.label.field] = true
				}
			}
		}
		return len(fields) >= 3
	}
	var heads []float64
	for i, y := range tops {
		next := p.h
		if i+1 < len(tops) {
			next = tops[i+1]
		}
		if useful(y, next) || times[said[i]] > 1 && p.between(y, next) >= 8 {
			heads = append(heads, y)
		}
	}
	if again := recurring(p); len(again) > len(heads) {
		heads = again
	}
	if len(heads) < 2 {
		return [][]*piece{p.pieces}
	}
	out := make([][]*piece, len(heads))
	var cuts []float64
	for _, y := range heads[1:] {
		cuts = append(cuts, gapAbove(p, y))
	}
	for _, x := range p.pieces {
		k := 0
		for k < len(cuts) && x.box.cy() > cuts[k] {
			k++
		}
		out[k] = append(out[k], x)
	}
	return out
}

// between counts the pieces from one height to another.
func (p *page) between(y0, y1 float64) (n int) {
	for _, x := range p.pieces {
		if x.box.cy() >= y0 && x.box.cy() < y1 {
			n++
		}
	}
	return n
}

// recurring gives the tops of papers by the topmost label that comes again as often as the 大写 or the amount does.
func recurring(p *page) []float64 {
	rows := map[string][]float64{}
	for _, x := range p.pieces {
		if x.label == nil {
			continue
		}
		key := Fold(x.said)
		if ys := rows[key]; len(ys) == 0 || x.box.y0-ys[len(ys)-1] > 2*x.em {
			rows[key] = append(ys, x.box.y0)
		}
	}
	n := 0
	for k, ys := range rows {
		if t, _ := known(k); t.field == "amount_upper" || t.field == "slip_no" || t.field == "amount" && t.weight >= 8 {
			n = max(n, len(ys))
		}
	}
	if n < 2 {
		return nil
	}
	var best []float64
	for _, ys := range rows {
		if len(ys) == n && (best == nil || ys[0] < best[0]) {
			best = ys
		}
	}
	return best
}

// gapAbove finds the widest white band among the few lines above y, where one paper ends and the next begins.
func gapAbove(p *page, y float64) float64 {
	best, at := 0.0, y-1
	bottom, seen := y, 0
	for i := len(p.lines) - 1; i >= 0 && seen < 4; i-- {
		l := p.lines[i]
		if l.box.cy() >= y {
			continue
		}
		if gap := bottom - l.box.y1; gap > best+0.3*l.em {
			best, at = gap, bottom-gap/2
		}
		bottom = min(bottom, l.box.y0)
		seen++
	}
	return at
}

// Join puts papers together that go on over a page's end: the first paper of each of the pages belongs to the last of the page before, which says what they
// are; the next says what it leaves open.
func Join(ps []Paper, pages []int, us Company) []Paper {
	var out []Paper
	for i, p := range ps {
		first := i == 0 || ps[i-1].Page != p.Page
		if n := len(out); n > 0 && first && slices.Contains(pages, p.Page) {
			o := &out[n-1]
			if o.Kind == "other" {
				o.Kind, o.Form = p.Kind, p.Form
			}
			o.Pages++
			o.Scan = o.Scan || p.Scan
			o.settle(append(o.Facts, p.Facts...), append(o.Others, p.Others...))
			o.Checks = CheckPaper(*o, us)
			continue
		}
		out = append(out, p)
	}
	return out
}
