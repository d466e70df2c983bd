package store

import (
	"fmt"
	"strings"
)

// A stmt is one statement of a batch. One of a row of VALUES keeps the row's placeholders apart, so that the rows of many become one statement's.
type stmt struct {
	sql  string // up to VALUES, where there is a row
	row  string // (?, ?)
	tail string // what follows the rows
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

// update writes columns of one row, in the form whose rows can be joined: UPDATE … FROM (VALUES …), whose columns both databases call column1, column2 ….
func update(d *dialect, table string, cols []string, args []any, id string) stmt {
	var set, row strings.Builder
	for i, c := range cols {
		if i > 0 {
			set.WriteString(", ")
		}
		fmt.Fprintf(&set, "%s = v.column%d", c, i+1)
		row.WriteString(d.placeholder(args[i]) + ", ")
	}
	return stmt{sql: fmt.Sprintf("UPDATE %s SET %s FROM (VALUES ", table, set.String()), row: "(" + row.String() + d.placeholder(id) + ")",
		tail: fmt.Sprintf(") AS v WHERE %s.id = v.column%d", table, len(cols)+1), args: append(args, id)}
}

// most is how many rows one statement writes at most. Fewer come in powers of four, so that few texts are to be prepared.
const most = 64

// together joins statements of one text, which else are a statement a row: their rows come in the order given, where the first of them stood. What has no
// row of its own keeps its place. A batch writes no record twice.
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
