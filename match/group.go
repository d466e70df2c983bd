package match

import (
	"slices"
	"strings"

	"guike"
	"guike/fold"
	"guike/record"
)

// Bounds of the search for sums: 12 candidates and four at a time are at most 781 sums.
const (
	grouped = 4
	amongst = 12
)

// combine finds one slip that pays several orders of a customer, and several slips that pay one; and gives the order that is the customer's only one its due.
func (c *claim) combine(s *slip, cs []candidate, named []record.ID, open int64) {
	var of []int // the payer's open orders
	for i := range cs {
		f := cs[i].facts
		if f["account"]+f["name"]+f["short"]+f["number"]+f["linked"] > 0 && f["early"] == 0 {
			of = append(of, i)
		}
	}
	if len(of) == 1 && cs[of[0]].facts["over"] == 0 {
		cs[of[0]].facts["only"] = 1
	}
	fits := slices.ContainsFunc(of, func(i int) bool {
		f := cs[i].facts
		return f["equal"] > 0 && (len(named) == 0 || f["number"] > 0)
	})
	if fits || s.Order != "" {
		return // one alone explains it
	}
	of = of[:min(len(of), amongst)]
	amounts := make([]int64, len(of))
	must := make([]bool, len(of))
	for k, i := range of {
		amounts[k], must[k] = c.open(guike.MatchOrder, cs[i].id), cs[i].facts["number"] > 0
	}
	if set := only(amounts, must, open, 2); set != nil {
		var ids []record.ID
		for _, k := range set {
			ids = append(ids, cs[of[k]].id)
		}
		for _, k := range set {
			x := &cs[of[k]]
			delete(x.facts, "part")
			delete(x.facts, "over")
			delete(x.facts, "fee")
			if x.facts["number"] == 0 {
				delete(x.facts, "elsewhere")
			}
			x.facts["combined"], x.minor, x.group = 1, amounts[k], slices.DeleteFunc(slices.Clone(ids), func(id record.ID) bool { return id == x.id })
		}
		return
	}
	for _, i := range of {
		x := &cs[i]
		if x.facts["part"] == 0 || len(named) > 0 && x.facts["number"] == 0 {
			continue
		}
		amounts, ids := []int64{open}, []record.ID{s.ID}
		for _, id := range s.siblings {
			r := c.receipts[id]
			if r == nil {
				continue
			}
			d, ok := between(c.orders[x.id].OrderedOn, r.PaidOn)
			if isSlip(r) && r.Direction != "out" && r.Order == "" && r.Amount.Currency == s.Amount.Currency && ok && d >= -3 && c.open(guike.MatchOrder, id) > 0 && !c.refused(id, x.id) {
				amounts, ids = append(amounts, c.open(guike.MatchOrder, id)), append(ids, id)
			}
		}
		must := make([]bool, len(ids))
		must[0] = true
		if set := only(amounts, must, c.open(guike.MatchOrder, x.id), 2); set != nil {
			x.facts["sum"] = 1
			delete(x.facts, "part")
			for _, k := range set[1:] {
				x.group = append(x.group, ids[k])
			}
		}
	}
}

// refused reports whether a person said that these two do not belong together.
func (c *claim) refused(slip, target record.ID) bool {
	m := c.matches[string(slip)+"|"+string(target)]
	return m != nil && m.State == guike.MatchRejected
}

// only answers the one set of at least least amounts, at most grouped, that holds all it must and makes the sum; nil where there is none, or several.
func only(amounts []int64, must []bool, sum int64, least int) []int {
	var found [][]int
	var walk func(from int, left int64, set []int)
	walk = func(from int, left int64, set []int) {
		if len(found) > 1 {
			return
		}
		if left == 0 && len(set) >= least {
			for k, m := range must {
				if m && !slices.Contains(set, k) {
					return
				}
			}
			found = append(found, slices.Clone(set))
			return
		}
		for k := from; k < len(amounts) && len(set) < grouped && left > 0; k++ {
			walk(k+1, left-amounts[k], append(set, k))
		}
	}
	walk(0, sum, nil)
	if len(found) != 1 {
		return nil
	}
	return found[0]
}

// near reports whether one of the tokens is a number but for one slip of the pen, or its end.
func near(tokens []string, number string) bool {
	n := fold.Text(number)
	for _, t := range tokens {
		if t = fold.Text(t); len(n) >= 6 && (edits(t, n) || len(t) >= 5 && len(t) < len(n) && strings.HasSuffix(n, t)) {
			return true
		}
	}
	return false
}

// edits reports whether a becomes b by one character changed, added, left out, or swapped with its neighbour (Damerau 1964).
func edits(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 || a == b {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	return a[i+1:] == b[i+1:] || i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}
