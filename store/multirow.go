package store

import (
	"iter"
	"strconv"
	"strings"
)

// A statement for many rows costs a round trip once. Its text depends on how many rows it has, and compiling a text costs more than running
// it, so rows go in parts of a few fixed sizes, whose statements are found again. About two hundred arguments are the most that pay: SQLite's
// driver looks each of them up among all (with 4,000 that was a fifth of the whole work of a mail).
const mostArgs = 200

// parts cuts rows into parts for statements that take so many arguments per row.
func parts[T any](all []T, argsPerRow int) iter.Seq[[]T] {
	return func(yield func([]T) bool) {
		most := mostArgs / argsPerRow
		for _, size := range [...]int{most, max(most/5, 1), 1} {
			for len(all) >= size {
				if !yield(all[:size]) {
					return
				}
				all = all[size:]
			}
		}
	}
}

// rowsOf is "($1, $2), ($3, $4)" for two rows of two.
func rowsOf(rows, columns int) string {
	var b strings.Builder
	n := 0
	for row := range rows {
		if row > 0 {
			b.WriteString(", ")
		}
		b.WriteByte('(')
		for column := range columns {
			n++
			b.WriteString(placeholder(column == 0, n))
		}
		b.WriteByte(')')
	}
	return b.String()
}

func placeholder(first bool, n int) string {
	if first {
		return "$" + strconv.Itoa(n)
	}
	return ", $" + strconv.Itoa(n)
}

// next is the number of the placeholder after args.
func next(args []any) string { return strconv.Itoa(len(args) + 1) }
