package exchange

import (
	"io"
	"regexp"
	"strings"

	"guike/fold"
)

// heads is how many rows are looked at for the header and for samples.
const heads = 200

// peek reads the first rows of a table, blank ones left out.
func peek(t table, most int) ([]row, error) {
	var out []row
	for len(out) < most {
		r, err := t.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		if !r.blank() {
			out = append(out, r)
		}
	}
	return out, nil
}

var looksTyped = regexp.MustCompile(`^[+-]?[\d,.:/¥￥$%()年月日 \-]+(元|万)?$`)

// headerOf finds the header among the first rows: the row with most names that are known, no numbers among its cells, as wide as what follows. It answers its
// index; -1 where the table has none.
func headerOf(rows []row, known func(string) bool) int {
	best, most := -1, 0
	for i, r := range rows[:min(len(rows), 40)] {
		n, typed, matched := 0, 0, 0
		seen := map[string]bool{}
		for _, c := range r.cells {
			c = narrow(c)
			if c == "" {
				continue
			}
			n++
			if seen[c] && !strings.ContainsRune(c, '\uFFFD') || looksTyped.MatchString(c) || strings.ContainsAny(c, "：") || len(c) > 120 {
				typed++
			}
			seen[c] = true
			if known(c) {
				matched++
			}
		}
		if n == 0 {
			continue
		}
		width := 0
		for _, next := range rows[i+1 : min(len(rows), i+12)] {
			for _, c := range next.cells {
				if strings.TrimSpace(c) != "" {
					width++
				}
			}
		}
		if k := min(len(rows), i+12) - i - 1; k > 0 {
			width /= k
		}
		score := matched*6 + n - typed*5
		if n*2 < width || n == 1 && width > 1 {
			score -= 20
		}
		if score > most && (matched > 0 || typed == 0) {
			best, most = i, score
		}
	}
	return best
}

var counted = regexp.MustCompile(`^(共|总共|合计)?\s*\d+\s*(条|笔|行|records?|rows?)`)

// footer reports whether a row closes a table: a total, a count, a signature.
func footer(r row, width int) bool {
	n, first := 0, ""
	for _, c := range r.cells {
		if c = strings.TrimSpace(c); c == "" {
			continue
		}
		if n++; first == "" {
			first = strings.ToLower(narrow(c))
		}
	}
	few := n <= max(2, width/3)
	if counted.MatchString(first) && n <= 2 {
		return true
	}
	for _, w := range lexicon().Footers {
		rest, ok := strings.CutPrefix(first, w)
		if !ok {
			continue
		}
		if rest = strings.TrimLeft(rest, " "); rest == "" || strings.HasPrefix(rest, ":") || few && n == 1 || few && strings.HasPrefix(rest, "(") {
			return rest != "" || n < width || few
		}
	}
	return false
}

// preambleFacts reads "账号：1202…" pairs out of what stands before the header.
func preambleFacts(rows []row) map[string]string {
	out := map[string]string{}
	put := func(name, value string) {
		name, value = fold.Name(name), strings.TrimSpace(value)
		if name != "" && value != "" && out[name] == "" {
			out[name] = value
		}
	}
	for _, r := range rows {
		for i, c := range r.cells {
			c = strings.TrimSpace(strings.ReplaceAll(c, "：", ":"))
			name, value, ok := strings.Cut(c, ":")
			if !ok {
				continue
			}
			if strings.TrimSpace(value) == "" && i+1 < len(r.cells) {
				value = r.cells[i+1] // the value stands in the next cell
			}
			put(name, value)
		}
	}
	return out
}
