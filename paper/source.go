package paper

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// whole joins what belongs to one invoice: what the file states as data first, then what its pages say; and the further pages of the same invoice.
func whole(ps []Paper, given stated) []Paper {
	var groups [][]Fact
	for _, g := range given.invoices {
		no := numberOf(g)
		if no == "" {
			continue
		}
		if i := slices.IndexFunc(groups, func(x []Fact) bool { return numberOf(x) == no }); i >= 0 {
			groups[i] = append(groups[i], g...)
		} else {
			groups = append(groups, g)
		}
	}
	numbers := map[string]bool{}
	printed := false
	for _, p := range ps {
		if p.Kind == "invoice" {
			printed = true
			numbers[p.Fact("invoice_no")] = true
		}
	}
	delete(numbers, "")
	for _, g := range groups {
		alone := len(groups) == 1
		// A number that is printed otherwise is a contradiction to be shown, not another invoice, where there is one of each.
		mine := func(p Paper) bool {
			switch no := p.Fact("invoice_no"); {
			case p.Kind == "invoice":
				return no == numberOf(g) || alone && (no == "" || len(numbers) == 1)
			case p.Kind == "other":
				return alone
			}
			return alone && !printed && p.Page == 1
		}
		first := Paper{Page: 1, Kind: "invoice", Box: Box{0, 0, 1, 1}}
		facts, found := g, -1
		var rest []Paper
		for _, p := range ps {
			if !mine(p) {
				rest = append(rest, p)
				continue
			}
			if found < 0 || first.Page == p.Page && p.Kind == "invoice" {
				first.Page, first.Box = p.Page, p.Box
			}
			if found < 0 {
				found = len(rest)
				first.Form, first.Answers = p.Form, p.Answers
			}
			first.Scan = first.Scan || p.Scan
			facts = slices.Concat(facts, p.Facts, p.Others)
		}
		first.settle(facts, nil)
		if found < 0 {
			found = len(rest)
		}
		ps = slices.Insert(rest, found, first)
	}
	out := []Paper{}
	for _, p := range ps {
		if n := len(out); n > 0 && p.Kind == "invoice" && out[n-1].Kind == "invoice" && p.Page > out[n-1].Page && p.Fact("invoice_no") != "" && p.Fact("invoice_no") == out[n-1].Fact("invoice_no") {
			out[n-1].settle(append(out[n-1].Facts, p.Facts...), append(out[n-1].Others, p.Others...))
			continue
		}
		out = append(out, p)
	}
	if i := slices.IndexFunc(out, func(p Paper) bool { return p.Kind == "invoice" }); i >= 0 {
		out[i].Unread = append(out[i].Unread, given.unread...)
	}
	return out
}

// rejoin joins papers that were read one by one, of which some are known only from what the file states.
func rejoin(ps []Paper) []Paper {
	var given stated
	ps = slices.DeleteFunc(ps, func(p Paper) bool {
		only := len(p.Facts) > 0 && len(p.Others) == 0 && !slices.ContainsFunc(p.Facts, func(f Fact) bool { return f.By != byXML })
		if only {
			given.invoices, given.unread = append(given.invoices, p.Facts), append(given.unread, p.Unread...)
		}
		return only
	})
	return whole(ps, given)
}

// trusted is which source is believed: what the issuer states as data, then what is printed, then the small code beside it.
var trusted = map[string]int{"person": 0, byXML: 1, byReader: 2, byQR: 3}

// settle keeps the first of each fact from the source that is believed most, with its place on the page from one that says the same; what other sources say
// is kept beside it, and makes it surer where they agree.
func (p *Paper) settle(facts, others []Fact) {
	fs := slices.Concat(facts, others)
	for i := range fs {
		// Programs differ in which amount their code states: it is the one that it is.
		if f := &fs[i]; f.By == byQR && (f.Name == "net" || f.Name == "total") {
			for _, o := range fs {
				if o.By != byQR && (o.Name == "net" || o.Name == "total") && o.Value == f.Value {
					f.Name = o.Name
				}
			}
		}
	}
	slices.SortStableFunc(fs, func(a, b Fact) int { return trusted[a.By] - trusted[b.By] })
	p.Facts, p.Others = []Fact{}, nil
	for _, name := range order {
		var hit *Fact
		said := map[string]bool{}
		for i, f := range fs {
			switch {
			case f.Name != name:
			case hit == nil:
				hit = &fs[i]
				said[f.By] = true
			default:
				if hit.Box == (Box{}) && f.Box != (Box{}) && f.Value == hit.Value {
					hit.Box, hit.Page = f.Box, f.Page
				}
				if !said[f.By] {
					said[f.By] = true
					p.Others = append(p.Others, f)
				}
			}
		}
		if hit != nil {
			p.Facts = append(p.Facts, *hit)
		}
	}
	for i := range p.Facts {
		f := &p.Facts[i]
		for _, o := range p.Others {
			if o.Name == f.Name && p.agrees(*f, o) == agree {
				f.Confidence = math.Round((1-(1-f.Confidence)*(1-o.Confidence))*100) / 100
			}
		}
	}
}

// How what two sources say compares.
const (
	agree  = iota
	partly // one is a part of the other
	against
)

func (p Paper) agrees(f, o Fact) int {
	a, b := strings.ToUpper(Fold(f.Value)), strings.ToUpper(Fold(o.Value))
	switch {
	case a == b:
		return agree
	case f.Name == "amount_upper":
		x, err1 := ParseUpper(f.Value)
		y, err2 := ParseUpper(o.Value)
		if err1 == nil && err2 == nil && x != y {
			return against
		}
		return agree
	case f.Name == "check_code": // old invoices print its end alone
		if strings.HasSuffix(a, b) || strings.HasSuffix(b, a) {
			return agree
		}
		return partly
	case strings.HasSuffix(f.Name, "_name") || strings.HasSuffix(f.Name, "_tax_id"):
		if strings.Contains(a, b) || strings.Contains(b, a) {
			return partly
		}
	}
	return against
}

// checkSources compares what the file states as data, what is printed and what the code says. They are made by one program at one time: where they differ
// somebody has changed one.
func checkSources(p Paper, add adder) {
	for _, u := range p.Unread {
		add("xml", "warn", "附带的 XML 无法读取：%s", u)
	}
	for _, s := range []struct{ by, check, one, other string }{{byReader, "xml", "XML", "票面文字"}, {byQR, "qr", "发票", "二维码"}} {
		n := 0
		var wrong, doubt []string
		for _, o := range p.Others {
			if o.By != s.by {
				continue
			}
			i := slices.IndexFunc(p.Facts, func(f Fact) bool { return f.Name == o.Name })
			if i < 0 {
				continue
			}
			f := p.Facts[i]
			words := fmt.Sprintf("%s %s ≠ %s", titles[f.Name], f.Value, o.Value)
			switch how := p.agrees(f, o); {
			case how == agree:
				n++
			case how == partly || f.By == "person" || p.Scan && min(o.Confidence, f.Confidence) < sure:
				doubt = append(doubt, words)
			default:
				wrong = append(wrong, words)
			}
		}
		switch {
		case len(wrong) > 0:
			add(s.check, "fail", "%s与%s不一致：%s", s.one, s.other, strings.Join(append(wrong, doubt...), "；"))
		case len(doubt) > 0:
			add(s.check, "warn", "%s与%s不尽相同，请确认：%s", s.one, s.other, strings.Join(doubt, "；"))
		case n > 0:
			add(s.check, "pass", "%s与%s一致（%d 项）", s.one, s.other, n)
		}
	}
}
