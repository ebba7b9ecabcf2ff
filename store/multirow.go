package store

import (
	"iter"
	"strconv"
)

// A statement for many rows costs a round trip once. Its text depends on how many rows it has, and compiling a text costs more than running
// it, so rows go in parts of a few fixed sizes, whose statements are found again. About two hundred arguments are the most that pay: SQLite's
// driver looks each of them up among all (with 4,000 that was a fifth of the whole work of a mail).
// PostgreSQL answers over a wire: there, what pays is fewer questions.
func (tx *Tx) mostArgs() int {
	if tx.dialect == onPostgres {
		return 2000
	}
	return 200
}

// parts cuts rows into parts for statements that take so many arguments per row.
func parts[T any](tx *Tx, all []T, argsPerRow int) iter.Seq[[]T] {
	return partsOf(all, tx.mostArgs()/argsPerRow)
}

// wide is parts for statements whose arguments come in order, each once: nobody looks those up (see nameless), so more of them pay.
func wide[T any](all []T, argsPerRow int) iter.Seq[[]T] { return partsOf(all, 1000/argsPerRow) }

func partsOf[T any](all []T, most int) iter.Seq[[]T] {
	return func(yield func([]T) bool) {
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

// padded is parts for lists in which a zero value is looked for in vain: the last part is filled up with them, because a row that finds
// nothing costs less than another statement.
func padded[T any](tx *Tx, all []T, argsPerRow int) iter.Seq[[]T] {
	return func(yield func([]T) bool) {
		most := tx.mostArgs() / argsPerRow
		for len(all) > 0 {
			size := 1
			for _, s := range [...]int{most / 10, most / 4, most / 2, most} {
				if size < len(all) {
					size = max(s, size)
				}
			}
			part := all[:min(size, len(all))]
			if len(part) < size {
				part = append(make([]T, 0, size), part...)[:size]
			}
			if !yield(part) {
				return
			}
			all = all[min(size, len(all)):]
		}
	}
}

// rowsOf is "($1, $2), ($3, $4)" for two rows of two.
func rowsOf(rows, columns int) string { return rowsEnding(rows, columns, "") }

// rowsEnding is rowsOf where each row ends with the same constants.
func rowsEnding(rows, columns int, tail string) string {
	b := make([]byte, 0, rows*(columns*len(", $1000")+len(tail)+len(", ()"))) // a thousand texts of this are made for each second of an import
	n := 0
	for row := range rows {
		if row > 0 {
			b = append(b, ", "...)
		}
		b = append(b, '(')
		for column := range columns {
			n++
			if column > 0 {
				b = append(b, ", "...)
			}
			b = strconv.AppendInt(append(b, '$'), int64(n), 10)
		}
		b = append(append(b, tail...), ')')
	}
	return string(b)
}

func placeholder(first bool, n int) string {
	if first {
		return "$" + strconv.Itoa(n)
	}
	return ", $" + strconv.Itoa(n)
}

// next is the number of the placeholder after args.
func next(args []any) string { return strconv.Itoa(len(args) + 1) }
