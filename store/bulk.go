package store

import (
	"context"
	"strconv"
	"strings"
)

// bulkRows is how many rows one statement carries. On PostgreSQL each statement
// is a round trip; with a hundred rows the trips no longer count, and what is
// sent stays far below the number of arguments that either database takes.
const bulkRows = 100

// execRows runs a statement for many rows and answers how many it touched: head,
// VALUES with all the rows, tail. An UPDATE needs the type of each column; for an
// INSERT the table knows them:
//
//	execRows(ctx, tx, `INSERT INTO deliveries (id, state)`, rows, `ON CONFLICT DO NOTHING`)
//	execRows(ctx, tx, `UPDATE deliveries SET state = column2 FROM (`, rows,
//		`) AS v WHERE id = column1 AND …`, "TEXT", "TEXT")
func execRows(ctx context.Context, tx *Tx, head string, rows [][]any, tail string, types ...string) (touched int, err error) {
	for len(rows) > 0 {
		some := rows[:min(bulkRows, len(rows))]
		rows = rows[len(some):]
		var args []any
		for _, row := range some {
			args = append(args, row...)
		}
		n, err := execCount(ctx, tx, head+" "+valuesOf(len(some), len(some[0]), types)+" "+tail, args...)
		if err != nil {
			return touched, err
		}
		touched += n
	}
	return touched, nil
}

// valuesOf spells VALUES ($1, $2), ($3, $4).
func valuesOf(rows, columns int, types []string) string {
	var b strings.Builder
	b.WriteString("VALUES ")
	for n := range rows * columns {
		column := n % columns
		switch {
		case column > 0:
			b.WriteString(", ")
		case n > 0:
			b.WriteString("), (")
		default:
			b.WriteString("(")
		}
		argument := "$" + strconv.Itoa(n+1)
		if len(types) > 0 {
			argument = "CAST(" + argument + " AS " + types[column] + ")"
		}
		b.WriteString(argument)
	}
	b.WriteString(")")
	return b.String()
}
