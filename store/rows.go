package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// scan is (*sql.Row).Scan or (*sql.Rows).Scan.
type scan func(dest ...any) error

// one reads one row, or answers ErrNotFound.
func one[T any](ctx context.Context, tx *Tx, read func(scan) (T, error), query string, args ...any) (T, error) {
	v, err := read(tx.row(ctx, query, args).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	return v, err
}

// many reads every row; the query has the limit and the order.
func many[T any](ctx context.Context, tx *Tx, read func(scan) (T, error), query string, args ...any) ([]T, error) {
	rows, err := tx.rows(ctx, query, args)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		v, err := read(rows.Scan)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

// exec runs a statement. A row that is there already is ErrExists, one that
// refers to a row that is not there is ErrNotFound; either way PostgreSQL has
// given the transaction up, so the caller must too.
func exec(ctx context.Context, tx *Tx, query string, args ...any) error {
	_, err := execCount(ctx, tx, query, args...)
	return err
}

// execCount is exec, and answers how many rows it touched.
func execCount(ctx context.Context, tx *Tx, query string, args ...any) (int, error) {
	var result sql.Result
	var err error
	if stmt := tx.stmt(ctx, query); stmt != nil {
		result, err = stmt.ExecContext(ctx, args...)
	} else {
		result, err = tx.sql.ExecContext(ctx, query, args...)
	}
	switch faultOf(err) {
	case duplicate:
		return 0, fmt.Errorf("%w: %w", ErrExists, err)
	case dangling:
		return 0, fmt.Errorf("%w: %w", ErrNotFound, err)
	}
	if err != nil {
		return 0, err
	}
	n, err := result.RowsAffected()
	return int(n), err
}

// execOne is exec for a statement that must touch a row: none is ErrNotFound.
func execOne(ctx context.Context, tx *Tx, query string, args ...any) error {
	n, err := execCount(ctx, tx, query, args...)
	if err == nil && n == 0 {
		return ErrNotFound
	}
	return err
}

func (tx *Tx) row(ctx context.Context, query string, args []any) *sql.Row {
	if stmt := tx.stmt(ctx, query); stmt != nil {
		return stmt.QueryRowContext(ctx, args...)
	}
	return tx.sql.QueryRowContext(ctx, query, args...)
}

func (tx *Tx) rows(ctx context.Context, query string, args []any) (*sql.Rows, error) {
	if stmt := tx.stmt(ctx, query); stmt != nil {
		return stmt.QueryContext(ctx, args...)
	}
	return tx.sql.QueryContext(ctx, query, args...)
}

func (tx *Tx) stmt(ctx context.Context, query string) *sql.Stmt {
	if tx.stmts == nil {
		return nil
	}
	if stmt := tx.stmts.find(query); stmt != nil {
		return tx.sql.StmtContext(ctx, stmt)
	}
	return nil
}

// value reads a row of one column, such as a count or an id.
func value[T any](scan scan) (v T, err error) {
	err = scan(&v)
	return v, err
}

// instant is a time.Time at rest: microseconds since 1970 UTC, NULL when zero.
// A whole number means the same to both databases, and max, order and backoff
// work on it without a date function.
type instant time.Time

func (t instant) Value() (driver.Value, error) {
	if time.Time(t).IsZero() {
		return nil, nil
	}
	return time.Time(t).UnixMicro(), nil
}

func (t *instant) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*t = instant{}
	case int64:
		*t = instant(time.UnixMicro(v).UTC())
	default:
		return fmt.Errorf("instant from %T", v)
	}
	return nil
}

// jsonText is a T in a TEXT column. The database never looks inside: the two do
// not agree on how. asJSON(&v) both writes and reads.
type jsonText[T any] struct{ at *T }

func asJSON[T any](at *T) jsonText[T] { return jsonText[T]{at} }

func (j jsonText[T]) Value() (driver.Value, error) {
	b, err := json.Marshal(j.at)
	return string(b), err
}

func (j jsonText[T]) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*j.at = *new(T)
		return nil
	case string:
		return json.Unmarshal([]byte(v), j.at)
	case []byte:
		return json.Unmarshal(v, j.at)
	}
	return fmt.Errorf("JSON from %T", v)
}

// wrap names the act and its ids on the way out; exported functions defer it.
func wrap(err *error, format string, args ...any) {
	if *err != nil {
		*err = fmt.Errorf(format+": %w", append(args, *err)...)
	}
}
