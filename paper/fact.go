package paper

import (
	"math"
	"regexp"
	"slices"
	"strings"
)

// order is how a paper's facts are listed.
var order = words("slip_no serial paid_on payer_name payer_account payer_bank payee_name payee_account payee_bank amount currency amount_upper purpose memo direction invoice_code invoice_no issued_on seller_name seller_tax_id buyer_name buyer_tax_id net tax total check_code")

// gathered is the best candidate of each fact so far.
type gathered struct {
	page  *page
	facts map[string]Fact
	rank  map[string]float64
}

func (g *gathered) put(name, v string, m match, weight float64) {
	if old, ok := g.rank[name]; ok && old >= weight || v == "" {
		return
	}
	g.rank[name] = weight
	f := Fact{Name: name, Value: v, Page: g.page.no, Box: g.page.frac(m.block.box), Label: m.label.said, Source: m.block.text(), Confidence: math.Round(g.page.trust(name, m)*100) / 100, By: "reader"}
	if l := m.label.lesson; l != nil && l.Fact == name {
		f.Lesson, f.Trust, f.Confidence = l.ID, l.Trust, math.Round(f.Confidence*l.Trust*100)/100
	}
	g.facts[name] = f
}

// trust is how sure a value is: by its label and place, and in a scan by its characters; of one whose every character counts, by the worst.
func (p *page) trust(name string, m match) float64 {
	if !p.scanned {
		return m.trust
	}
	sum, least, n := 0.0, 1.0, 0.0
	for _, x := range m.block.pieces {
		for _, c := range x.chars {
			sum, least, n = sum+c.conf, min(least, c.conf), n+1
		}
	}
	if n == 0 {
		return 0
	}
	if exact[name] {
		return m.trust * least
	}
	return m.trust * sum / n
}

// Exact reports whether one wrong character makes another value of a fact of this name.
func Exact(fact string) bool { return exact[fact] }

// exact are the facts in which one wrong character is another value.
var exact = map[string]bool{"amount": true, "paid_on": true, "payer_account": true, "payee_account": true, "total": true, "net": true, "tax": true, "invoice_no": true, "issued_on": true, "slip_no": true, "serial": true}

func (g *gathered) list() []Fact {
	out := []Fact{}
	for _, n := range order {
		if f, ok := g.facts[n]; ok {
			out = append(out, f)
		}
	}
	return out
}

// paper reads one paper's pieces.
func paper(p *page, ps []*piece, c Company) Paper {
	out := Paper{Page: p.no, Kind: "other", Facts: []Fact{}}
	heading, invoice := "", false
	var box rect
	for _, x := range ps {
		box = box.with(x.box)
		if x.isTitle() {
			heading += Fold(x.words()) + " "
		}
		invoice = invoice || x.label != nil && (x.label.field == "invoice_no" || x.label.field == "issued_on")
	}
	out.Box = p.frac(box)
	ms := matches(ps)
	g := &gathered{p, map[string]Fact{}, map[string]float64{}}
	// A slip may name an invoice in its purpose.
	if invoice && !slipHeading.MatchString(heading) || strings.Contains(heading, "发票") {
		g.invoice(ps, ms)
		if _, ok := g.facts["invoice_no"]; ok || len(g.facts) >= 4 {
			out.Kind, out.Facts = "invoice", g.list()
			return out
		}
		g = &gathered{p, map[string]Fact{}, map[string]float64{}}
	}
	g.slip(ps, ms, heading)
	_, a := g.facts["amount"]
	_, u := g.facts["amount_upper"]
	n := 0
	for _, k := range words("slip_no serial payer_name payer_account payee_name payee_account paid_on") {
		if _, ok := g.facts[k]; ok {
			n++
		}
	}
	if (a || u) && n >= 2 || n >= 5 || strings.Contains(heading, "回单") && n+len(g.facts) >= 2 {
		out.Kind = "slip"
		g.direct(c)
		out.Facts = g.list()
	}
	return out
}

func (g *gathered) slip(ps []*piece, ms []match, heading string) {
	whose(ps, ms, heading)
	if g.page.scanned {
		ms = append(ms, orphans(ps, ms)...)
	}
	for _, m := range ms {
		w := float64(m.tag.weight) * m.trust
		switch m.tag.field {
		case "name", "account", "bank":
			if m.tag.party == "payer" || m.tag.party == "payee" {
				g.put(m.tag.party+"_"+m.tag.field, m.value, m, w)
			}
		case "slip_no", "serial", "paid_on", "currency", "amount_upper", "amount", "purpose", "memo":
			g.put(m.tag.field, m.value, m, w)
		case "total", "net", "sum":
			if v, ok := amount(m.block.text()); ok {
				g.put("amount", v, m, 3)
			}
		}
	}
	for _, m := range ms {
		switch m.tag.field {
		case "summary": // 用途 is the purpose, and 摘要 where there is none
			if _, ok := g.facts["purpose"]; ok {
				g.put("memo", m.value, m, 1)
			} else {
				g.put("purpose", m.value, m, 1)
			}
		case "amount", "amount_upper":
			g.both(m)
		}
	}
	g.unlabelled(ps)
	if f, ok := g.facts["amount"]; ok {
		if _, has := g.facts["currency"]; !has {
			for _, s := range []string{f.Source, f.Label, g.facts["amount_upper"].Label, g.facts["amount_upper"].Source} {
				if cur := mark(s); cur != "" {
					f.Name, f.Value, f.Lesson, f.Trust = "currency", cur, "", 0
					g.facts["currency"] = f
					break
				}
			}
		}
	}
}

var bankName = regexp.MustCompile(`(银行|支行|分行|营业部|信用社|储蓄所|分理处)$`)

// orphans gives a scan's cells whose label was not made out to the side that the cell over or under them belongs to: a bank by what it is called, a name where
// account and bank are there.
func orphans(ps []*piece, ms []match) (out []match) {
	have := map[string]bool{}
	for _, m := range ms {
		have[m.tag.party+m.tag.field] = true
	}
	for _, m := range ms {
		who, v := m.tag.party, m.block.pieces[0]
		if who != "payer" && who != "payee" || v.cell == nil || m.label.box.x1 > v.box.x0 {
			continue
		}
		b := &block{}
		for _, x := range ps {
			if x.label == nil && !x.taken && x.cell != nil && near(x.cell.x0, v.cell.x0) && (near(x.cell.y0, v.cell.y1) || near(x.cell.y1, v.cell.y0)) &&
				(len(b.pieces) == 0 || same(x, b.pieces[0])) {
				b.pieces, b.box = append(b.pieces, x), b.box.with(x.box)
			}
		}
		if len(b.pieces) == 0 {
			continue
		}
		field := ""
		switch text := Fold(b.text()); {
		case bankName.MatchString(text):
			field = "bank"
		case have[who+"account"] && have[who+"bank"]:
			field = "name"
		}
		if text, ok := value(field, b.text()); ok && field != "" && !have[who+field] {
			have[who+field] = true
			for _, x := range b.pieces {
				x.taken = true
			}
			out = append(out, match{&piece{em: v.em}, tag{field: field, party: who, weight: 2}, b, text, 0.8})
		}
	}
	return out
}

// mark finds the currency printed with an amount.
func mark(s string) string {
	s = strings.ToUpper(Fold(s))
	for _, c := range currencies {
		for _, m := range words(c.marks) {
			if m != "156" && strings.Contains(s, m) {
				return c.code
			}
		}
	}
	return ""
}

// both finds digits and 大写 in one cell.
func (g *gathered) both(m match) {
	s := strings.ReplaceAll(Fold(m.block.text()), "￥", "¥")
	if _, ok := g.facts["amount_upper"]; !ok {
		if u := upperIn.FindString(s); u != "" {
			g.put("amount_upper", u, m, 1)
		}
	}
	if _, ok := g.facts["amount"]; !ok {
		if d := moneyIn.FindString(s); d != "" {
			v, _ := amount(d)
			g.put("amount", v, m, 1)
		}
	}
}

// wholeDate is a text that is a day and nothing else, as vouchers print it under their title.
var wholeDate = regexp.MustCompile(`^(?:\d{4}年\d{1,2}月\d{1,2}日|\d{4}[-/.]\d{1,2}[-/.]\d{1,2})$`)

var slipHeading = regexp.MustCompile(`回单|回执|凭证|通知|收据`)

// unlabelled takes what only its form tells: a run of Han numerals, digits after ¥, a day that answers no label.
func (g *gathered) unlabelled(ps []*piece) {
	for _, x := range ps {
		if x.label != nil {
			continue
		}
		s := Fold(x.words())
		m := match{label: &piece{}, block: &block{pieces: []*piece{x}, box: x.box}, trust: 0.7}
		if v, ok := date(x.words()); ok && !x.taken && wholeDate.MatchString(s) {
			g.put("paid_on", v, m, 0.5)
		}
		if u := upperIn.FindString(s); u != "" && numeral.MatchString(u) && len([]rune(u))+8 >= len([]rune(s)) {
			g.put("amount_upper", u, m, 0.5)
		} else if v, ok := amount(s); ok && (strings.HasPrefix(s, "¥") || strings.HasPrefix(s, "￥") || strings.HasPrefix(s, "CNY") || strings.HasPrefix(s, "RMB")) {
			g.put("amount", v, m, 0.5)
		}
	}
}

// whose settles for each name, account and bank whether it is the payer's or the payee's.
func whose(ps []*piece, ms []match, heading string) {
	sign, others := "", false
	for _, m := range ms {
		if m.tag.field == "sign" {
			sign = Fold(m.value)
		}
		others = others || m.tag.party == "other"
	}
	if sign == "" {
		sign = heading
	}
	me, them := "", ""
	switch {
	case strings.ContainsAny(sign, "借支出付"):
		me, them = "payer", "payee"
	case strings.ContainsAny(sign, "贷收入"):
		me, them = "payee", "payer"
	}
	rows := map[string][]int{}
	for i := range ms {
		t := &ms[i].tag
		if t.field != "name" && t.field != "account" && t.field != "bank" {
			continue
		}
		if t.party == "" {
			t.party, _ = party(ps, ms[i])
			if t.party == "" && others {
				t.party = "own"
			}
		}
		switch t.party {
		case "own":
			t.party = me
		case "other":
			t.party = them
		case "":
			rows[t.field] = append(rows[t.field], i)
		}
	}
	// Two of a kind and no word who: money goes from left to right, or from top to bottom.
	for _, is := range rows {
		if len(is) == 2 {
			a, b := is[0], is[1]
			if math.Abs(ms[a].label.box.cy()-ms[b].label.box.cy()) < ms[a].label.em && ms[a].label.box.x0 > ms[b].label.box.x0 {
				a, b = b, a
			}
			ms[a].tag.party, ms[b].tag.party = "payer", "payee"
			ms[a].trust, ms[b].trust = 0.6, 0.6
		}
	}
}

// direct says whether the money came in or went out, where only one side is the company's.
func (g *gathered) direct(c Company) {
	payer := own(c, g.facts["payer_name"].Value, g.facts["payer_account"].Value)
	payee := own(c, g.facts["payee_name"].Value, g.facts["payee_account"].Value)
	if payer == payee {
		return
	}
	side, v := "payee", "in"
	if payer {
		side, v = "payer", "out"
	}
	f, ok := g.facts[side+"_account"]
	if !ok || !ownAccount(c, f.Value) {
		f = g.facts[side+"_name"]
	}
	f.Name, f.Value, f.Lesson, f.Trust = "direction", v, "", 0
	g.facts["direction"] = f
}

func own(c Company, name, account string) bool {
	return ownAccount(c, account) || name != "" && sameName(name, c.Name)
}

func sameName(a, b string) bool {
	f := func(s string) string { return strings.ToLower(Fold(s)) }
	return b != "" && f(a) == f(b)
}

// ownAccount compares digits; stars of a masked account stand for any.
func ownAccount(c Company, account string) bool {
	clean := func(s string) string {
		return strings.Map(func(r rune) rune {
			switch r = fold(r); {
			case r == '•' || r == '×':
				return '*'
			case r == ' ' || r == '-' || r == '.':
				return -1
			}
			return r
		}, s)
	}
	a := clean(account)
	if len(a) < 4 {
		return false
	}
	return slices.ContainsFunc(c.Accounts, func(o string) bool {
		o = clean(o)
		if i := strings.IndexByte(a, '*'); i >= 0 {
			head, tail := a[:i], a[strings.LastIndexByte(a, '*')+1:]
			return len(tail) >= 4 && len(head)+len(tail) >= 6 && strings.HasPrefix(o, head) && strings.HasSuffix(o, tail)
		}
		return o == a
	})
}
