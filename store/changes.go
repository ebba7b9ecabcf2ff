package store

import (
	"context"
	"time"
)

// Changes number everything that changed on the public page, so that every node knows what to render again by looking at one number.
type Changes struct{ tx *Tx }

// A Change is one of them. Topics: "settings", "people", "components", "incident:inc_…", "coverage:inc_…".
type Change struct {
	Version int64
	Topic   string
	At      time.Time
}

// Add appends a change with the next version. Versions become visible in their order and without gaps: whoever draws the number an open
// transaction has drawn waits for it, then draws the next (READ COMMITTED) or is run again (serializable).
func (v Changes) Add(ctx context.Context, topic string, at time.Time) (err error) {
	defer wrap(&err, "note a change of %s", topic)
	for {
		n, err := execCount(ctx, v.tx, `INSERT INTO changes (version, topic, at)
SELECT coalesce(max(version), 0) + 1, CAST($1 AS TEXT), CAST($2 AS BIGINT) FROM changes WHERE TRUE
ON CONFLICT (version) DO NOTHING`, topic, instant(at))
		if err != nil || n == 1 {
			return err
		}
	}
}

// Newest is the version of the last change, 0 before the first.
func (v Changes) Newest(ctx context.Context) (version int64, err error) {
	defer wrap(&err, "read the newest change")
	return one(ctx, v.tx, value[int64], `SELECT coalesce(max(version), 0) FROM changes`)
}

// Since are the changes after a version, oldest first, a thousand at most.
func (v Changes) Since(ctx context.Context, version int64) (all []Change, err error) {
	defer wrap(&err, "read the changes since %d", version)
	read := func(scan scan) (c Change, err error) {
		err = scan(&c.Version, &c.Topic, (*instant)(&c.At))
		return c, err
	}
	return many(ctx, v.tx, read, `SELECT version, topic, at FROM changes WHERE version > $1 ORDER BY version LIMIT 1000`, version)
}

// Sweep forgets the changes before an instant, but never the newest: its number is what every node compares with.
func (v Changes) Sweep(ctx context.Context, before time.Time) (err error) {
	defer wrap(&err, "sweep the changes")
	return exec(ctx, v.tx, `DELETE FROM changes WHERE at < $1 AND version < (SELECT max(version) FROM changes)`, instant(before))
}
