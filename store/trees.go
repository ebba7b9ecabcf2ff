package store

import (
	"context"
	"errors"
	"time"

	"candor/record"
)

// Trees are the Merkle trees over the public record and over the audit: tiles, and the heads that were signed.
type Trees struct{ tx *Tx }

// A Log is one of the two.
type Log string

const (
	PublicLog Log = "public"
	AuditLog  Log = "audit"
)

// Waits reports whether anything has no number yet.
func (v Trees) Waits(ctx context.Context, log Log) (_ bool, err error) {
	defer wrap(&err, "look what the %s log waits for", log)
	if log == AuditLog {
		return one(ctx, v.tx, value[bool], `SELECT EXISTS (SELECT 1 FROM audit WHERE number IS NULL)`)
	}
	return one(ctx, v.tx, value[bool], `SELECT EXISTS (SELECT 1 FROM leaves WHERE number IS NULL)`)
}

// Size is how many entries the newest signed head has; 0 before the first.
func (v Trees) Size(ctx context.Context, log Log) (_ int64, err error) {
	defer wrap(&err, "read the size of the %s log", log)
	return one(ctx, v.tx, value[int64], `SELECT CAST(coalesce(max(size), 0) AS BIGINT) FROM heads WHERE log = $1`, log)
}

// Head is the newest checkpoint of at most that many entries, or ErrNotFound.
func (v Trees) Head(ctx context.Context, log Log, most int64) (_ string, err error) {
	defer wrap(&err, "read the head of the %s log", log)
	return one(ctx, v.tx, value[string], `SELECT checkpoint FROM heads WHERE log = $1 AND size <= $2 ORDER BY size DESC LIMIT 1`, log, most)
}

// AddHead appends a signed head.
func (v Trees) AddHead(ctx context.Context, log Log, size int64, checkpoint string, at time.Time) (err error) {
	defer wrap(&err, "keep the head of %d entries of the %s log", size, log)
	return exec(ctx, v.tx, `INSERT INTO heads (log, size, checkpoint, at) VALUES ($1, $2, $3, $4)`, log, size, checkpoint, instant(at))
}

// Tile is one of hashes, or ErrNotFound.
func (v Trees) Tile(ctx context.Context, log Log, level int, n int64) (_ record.Tile, err error) {
	defer wrap(&err, "read tile %d of level %d of the %s log", n, level, log)
	hashes, err := one(ctx, v.tx, value[[]byte], `SELECT hashes FROM tiles WHERE log = $1 AND level = $2 AND n = $3`, log, level, n)
	return record.Tile{Level: level, N: n, Hashes: hashes}, err
}

// Grow reads what it takes to append to a log.
func (v Trees) Grow(ctx context.Context, log Log) (_ *record.Tree, err error) {
	defer wrap(&err, "read the edge of the %s log", log)
	size, err := v.Size(ctx, log)
	if err != nil {
		return nil, err
	}
	edge := record.Edge(size)
	for i, t := range edge {
		if edge[i], err = v.Tile(ctx, log, t.Level, t.N); err != nil && !errors.Is(err, ErrNotFound) {
			return nil, err
		}
	}
	return record.Grow(size, edge)
}

// Save keeps what a tree has grown.
func (v Trees) Save(ctx context.Context, log Log, tiles []record.Tile) (err error) {
	defer wrap(&err, "save %d tiles of the %s log", len(tiles), log)
	for _, t := range tiles {
		err := exec(ctx, v.tx, `INSERT INTO tiles (log, level, n, hashes) VALUES ($1, $2, $3, $4)
			ON CONFLICT (log, level, n) DO UPDATE SET hashes = excluded.hashes`, log, t.Level, t.N, t.Hashes)
		if err != nil {
			return err
		}
	}
	return nil
}

// Number gives the oldest leaves without a number theirs, from first on, and answers their entries in order. Only who holds the lease may.
// The plus keeps SQLite from looking for each picked row among all that wait, of which there are very many when the past is written down.
func (r Record) Number(ctx context.Context, first int64, most int) (entries [][]byte, err error) {
	defer wrap(&err, "number the leaves from %d", first)
	rows, err := many(ctx, r.tx, func(scan scan) (l Leaf, err error) {
		err = scan(&l.Number, &l.Entry)
		return l, err
	}, `WITH picked AS MATERIALIZED (
			SELECT id, row_number() OVER (ORDER BY id) AS place FROM leaves WHERE number IS NULL ORDER BY id LIMIT $2)
		UPDATE leaves SET number = CAST($1 AS BIGINT) + picked.place - 1
		FROM picked
		WHERE leaves.id = picked.id AND +leaves.number IS NULL
		RETURNING leaves.number, leaves.entry`, first, most)
	return inOrder(rows, first, err)
}

// inOrder sorts what a RETURNING gave, which has no order, and insists that no number is missing.
func inOrder(rows []Leaf, first int64, err error) ([][]byte, error) {
	if err != nil {
		return nil, err
	}
	entries := make([][]byte, len(rows))
	for _, l := range rows {
		at := l.Number - first
		if at < 0 || at >= int64(len(rows)) || entries[at] != nil {
			return nil, errors.New("the numbers have a gap")
		}
		entries[at] = l.Entry
	}
	return entries, nil
}
