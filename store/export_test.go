package store

import (
	"context"
	"database/sql"
	"io/fs"
)

var Migrations = migrations

// OpenWith opens url with other migrations than Candor's own.
func OpenWith(ctx context.Context, url string, migrations fs.FS, step func()) (*DB, error) {
	return open(ctx, url, migrations, step)
}

func Exec(ctx context.Context, tx *Tx, query string, args ...any) error {
	return exec(ctx, tx, query, args...)
}

func ExecOne(ctx context.Context, tx *Tx, query string, args ...any) error {
	return execOne(ctx, tx, query, args...)
}

func Value[T any](ctx context.Context, tx *Tx, query string, args ...any) (T, error) {
	return one(ctx, tx, value[T], query, args...)
}

func Values[T any](ctx context.Context, tx *Tx, query string, args ...any) ([]T, error) {
	return many(ctx, tx, value[T], query, args...)
}

func JSON[T any](at *T) jsonText[T] { return asJSON(at) }

type Instant = instant

func Split(text string) ([]string, error) { return split(text) }

func (db *DB) Writer() *sql.DB { return db.writer }

func (db *DB) Postgres() bool { return db.dialect == onPostgres }

func SkipLocked(tx *Tx) string { return tx.skipLocked() }
