package exchange

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"guike/record"
)

var shapes = []struct {
	form   *regexp.Regexp
	fields []string
}{
	{regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[a-zA-Z]{2,}$`), []string{"email"}},
	{regexp.MustCompile(`^(\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}$`), []string{"phone"}},
	{regexp.MustCompile(`^[1-9A-HJ-NPQRTUWXY][1-9]\d{6}[0-9A-HJ-NPQRTUWXY]{10}$`), []string{"tax_id", "buyer_tax_id"}},
}

// guess reads what a column is from its contents; only forms that leave no doubt count.
func guess(k *record.Kind, samples []string) string {
	if len(samples) < 2 {
		return ""
	}
	for _, s := range shapes {
		all := true
		for _, v := range samples {
			all = all && s.form.MatchString(narrow(v))
		}
		if !all {
			continue
		}
		for _, f := range s.fields {
			if k.Field(f) != nil {
				return f
			}
		}
	}
	return ""
}

// unnamed reports whether a column's header is none, or was destroyed by a wrong character set.
func unnamed(name string) bool {
	return strings.HasPrefix(name, "#") || strings.ContainsRune(name, '\uFFFD')
}

// guessTyped maps columns whose headers say nothing by what stands in them: the one that is a×b of two others is the amount of so many at such a price; days
// are the kind's day; numbers that never come twice are its number.
func guessTyped(k *record.Kind, m *Mapping, rows []row, take func(int, string, string) bool) {
	var open []int
	for i := range m.Columns {
		if m.Columns[i].Field == "" && unnamed(m.Columns[i].Name) {
			open = append(open, i)
		}
	}
	if len(open) == 0 || len(rows) < 3 {
		return
	}
	nums, days := map[int][]float64{}, map[int]bool{}
	once := map[int]bool{}
	for _, i := range open {
		seen := map[string]bool{}
		n, d, total := 0, 0, 0
		xs := make([]float64, len(rows))
		for j, r := range rows {
			if i >= len(r.cells) || strings.TrimSpace(r.cells[i]) == "" {
				continue
			}
			total++
			seen[r.cells[i]] = true
			if s, _, ok := number(r.cells[i]); ok {
				if x, err := strconv.ParseFloat(s, 64); err == nil {
					xs[j] = x
					n++
				}
			}
			if _, _, ok := day(r.cells[i], monthFirst); ok {
				d++
			}
		}
		days[i] = d*10 >= total*9 && total > 0
		once[i] = len(seen) == len(rows) && n == len(rows)
		if n*10 >= total*9 && total > 0 && !days[i] {
			nums[i] = xs
		}
	}
	if f := targetField(k, "lines.quantity"); f != nil {
		for _, a := range open {
			for _, b := range open {
				for _, c := range open {
					if a != b && b != c && a != c && nums[a] != nil && nums[b] != nil && nums[c] != nil && product(nums[a], nums[b], nums[c]) && mean(nums[a]) <= mean(nums[b]) {
						take(a, "lines.quantity", "contents")
						take(b, "lines.price", "contents")
						take(c, "amount", "contents")
						nums[a], nums[b], nums[c] = nil, nil, nil
					}
				}
			}
		}
	}
	for i := range k.Fields {
		f := &k.Fields[i]
		for _, c := range open {
			switch {
			case f.Type == record.Date_ && f.Sortable() && days[c], f.IsUnique() && !f.IsSystem() && f.Type == record.Text && once[c] && nums[c] != nil:
				if take(c, f.Name, "contents") {
					days[c], once[c] = false, false
				}
			}
		}
	}
}

// product reports whether c is a×b in most rows; where it is not, that is what the import will say.
func product(a, b, c []float64) bool {
	n, same := 0, 0
	distinct := map[float64]bool{}
	for i := range c {
		if a[i] == 0 || b[i] == 0 || c[i] == 0 {
			continue
		}
		n++
		distinct[a[i]] = true
		if d := a[i]*b[i] - c[i]; d < 0.01 && d > -0.01 {
			same++
		}
	}
	return n >= 3 && same*10 >= n*6 && len(distinct) > 1
}

func mean(xs []float64) float64 {
	s := slices.Clone(xs)
	slices.Sort(s)
	return s[len(s)/2]
}
