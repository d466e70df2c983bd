package store

import (
	"fmt"
	"strings"
)

// A stmt is one statement of a batch. An insert keeps its row's placeholders apart, so that the rows of many become one statement's.
type stmt struct {
	sql  string // of an insert: up to VALUES
	row  string // of an insert: (?, ?)
	tail string // of an insert: what follows the rows
	args []any
}

func (s stmt) text() string {
	if s.row == "" {
		return s.sql
	}
	return s.sql + s.row + s.tail
}

// insert writes one row.
func insert(verb, table string, cols []string, tail string, args ...any) stmt {
	return stmt{sql: fmt.Sprintf("%s INTO %s (%s) VALUES ", verb, table, strings.Join(cols, ", ")), row: "(?" + strings.Repeat(", ?", len(args)-1) + ")", tail: tail, args: args}
}

// most is how many rows one statement inserts at most. Fewer come in powers of four, so that few texts are to be prepared.
const most = 64

// together joins inserts into one table, which else are a statement a row: their rows come in the order given, where the first of them stood. What is no
// insert keeps its place.
func together(stmts []stmt) []stmt {
	groups := map[string][]int{}
	for i, s := range stmts {
		if s.row != "" {
			key := s.sql + s.row + s.tail
			groups[key] = append(groups[key], i)
		}
	}
	out := make([]stmt, 0, len(stmts))
	for i, s := range stmts {
		if s.row == "" {
			out = append(out, s)
			continue
		}
		group := groups[s.sql+s.row+s.tail]
		if group[0] != i {
			continue
		}
		for len(group) > 0 {
			n := most
			for n > len(group) {
				n /= 4
			}
			args := make([]any, 0, n*len(s.args))
			for _, j := range group[:n] {
				args = append(args, stmts[j].args...)
			}
			out = append(out, stmt{sql: s.sql + s.row + strings.Repeat(", "+s.row, n-1) + s.tail, args: args})
			group = group[n:]
		}
	}
	return out
}
