package store

import (
	"context"
	"time"
)

// Limits count what strangers may do only so often: guess passwords, ask for mail.
type Limits struct{ tx *Tx }

// Take takes one of max in a window that begins with its first taking, or reports that they are used up. One statement decides and counts,
// so however many ask at once, exactly max are allowed. Give a limit a Batch of its own: in the transaction it guards it would be rolled
// back with a refusal, and as a serializable one a crowd would only make it run again.
func (v Limits) Take(ctx context.Context, name string, window time.Duration, max int64, now time.Time) (allowed bool, err error) {
	defer wrap(&err, "count against the limit %.64s", name)
	if max <= 0 {
		return false, nil
	}
	n, err := execCount(ctx, v.tx, `INSERT INTO limits (name, since, amount) VALUES ($1, $2, 1)
ON CONFLICT (name) DO UPDATE SET
	amount = CASE WHEN limits.since <= $3 THEN 1 ELSE limits.amount + 1 END,
	since = CASE WHEN limits.since <= $3 THEN excluded.since ELSE limits.since END
WHERE limits.since <= $3 OR limits.amount < $4`, name, instant(now), instant(now.Add(-window)), max)
	return n == 1, err
}

// GiveBack returns one that was taken: what turned out well is not counted.
func (v Limits) GiveBack(ctx context.Context, name string) (err error) {
	defer wrap(&err, "give back to the limit %.64s", name)
	return exec(ctx, v.tx, `UPDATE limits SET amount = amount - 1 WHERE name = $1 AND amount > 0`, name)
}

// Sweep forgets windows that began before an instant; it lies further back than the longest window.
func (v Limits) Sweep(ctx context.Context, before time.Time) (err error) {
	defer wrap(&err, "sweep the limits")
	return exec(ctx, v.tx, `DELETE FROM limits WHERE since < $1`, instant(before))
}
