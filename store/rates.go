package store

import (
	"context"
	"strings"
	"time"
)

// A Rate is how fast all nodes together may do something: one each Every, after at most Burst at once.
type Rate struct {
	Every time.Duration
	Burst int64
}

// Room answers how many of a rate may be taken now, and holds the answer against other nodes until the transaction ends. Spend what was
// used of it in the same transaction. The row keeps the instant up to which everything is spent, so nothing has to be filled up again.
func (v Limits) Room(ctx context.Context, name string, r Rate, now time.Time) (room int64, err error) {
	defer wrap(&err, "look at the rate %.64s", name)
	// Written before it is read, so that the row is this transaction's.
	spent, err := one(ctx, v.tx, value[int64], `INSERT INTO limits (name, since, amount) VALUES ($1, $2, 0)
ON CONFLICT (name) DO UPDATE SET amount = limits.amount
RETURNING since`, name, instant(now.Add(-time.Duration(r.Burst)*r.Every)))
	if err != nil {
		return 0, err
	}
	saved := now.Sub(time.UnixMicro(spent)) // negative while other nodes' clocks are ahead
	return min(max(int64(saved/r.Every), 0), r.Burst), nil
}

// Spend takes n of what Room answered.
func (v Limits) Spend(ctx context.Context, name string, r Rate, n int64, now time.Time) (err error) {
	defer wrap(&err, "spend %d of the rate %.64s", n, name)
	floor := now.Add(-time.Duration(r.Burst) * r.Every) // what was not used long ago is not saved up
	return execOne(ctx, v.tx, `UPDATE limits
		SET since = CASE WHEN since < $2 THEN $2 ELSE since END + $3
		WHERE name = $1`, name, instant(floor), n*r.Every.Microseconds())
}

// Rest notes that a receiver asked all of us to wait.
func (v Limits) Rest(ctx context.Context, name string, until time.Time) (err error) {
	defer wrap(&err, "leave %.64s alone", name)
	return exec(ctx, v.tx, `INSERT INTO limits (name, since, amount) VALUES ($1, $2, 0)
ON CONFLICT (name) DO UPDATE SET since = excluded.since
WHERE limits.since < excluded.since`, name, instant(until))
}

// Resting are the names that begin with prefix and are to be left alone now, without the prefix. Of more than limit those are answered that
// rest longest.
func (v Limits) Resting(ctx context.Context, prefix string, now time.Time, limit int) (names []string, err error) {
	defer wrap(&err, "read who is left alone")
	names, err = many(ctx, v.tx, value[string], `SELECT name FROM limits
		WHERE name >= $1 AND name < $2 AND since > $3
		ORDER BY since DESC, name
		LIMIT $4`, prefix, prefix+"\U0010FFFF", instant(now), limit)
	for i := range names {
		names[i] = strings.TrimPrefix(names[i], prefix)
	}
	return names, err
}
