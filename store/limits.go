package store

import (
	"context"
	"errors"
	"time"
)

// Limits count what strangers may do only so often: guess passwords, ask for mail.
type Limits struct{ tx *Tx }

// Take takes one of max in a window that begins with its first taking, or reports that they are used up. One statement decides and counts,
// so however many ask at once, exactly max are allowed. Give a limit a Batch of its own: in the transaction it guards it would be rolled
// back with a refusal, and as a serializable one a crowd would only make it run again.
func (v Limits) Take(ctx context.Context, name string, window time.Duration, max int64, now time.Time) (allowed bool, err error) {
	return v.TakeSome(ctx, name, 1, window, max, now)
}

// TakeSome is Take for an amount, all of it or nothing: money, say.
func (v Limits) TakeSome(ctx context.Context, name string, amount int64, window time.Duration, max int64, now time.Time) (allowed bool, err error) {
	defer wrap(&err, "count against the limit %.64s", name)
	if amount <= 0 || amount > max {
		return false, nil
	}
	n, err := execCount(ctx, v.tx, `INSERT INTO limits (name, since, amount) VALUES ($1, $2, $5)
ON CONFLICT (name) DO UPDATE SET
	amount = CASE WHEN limits.since <= $3 THEN excluded.amount ELSE limits.amount + excluded.amount END,
	since = CASE WHEN limits.since <= $3 THEN excluded.since ELSE limits.since END
WHERE limits.since <= $3 OR limits.amount + excluded.amount <= $4`, name, instant(now), instant(now.Add(-window)), max, amount)
	return n == 1, err
}

// Taken is how much of a limit was taken in the window that is running.
func (v Limits) Taken(ctx context.Context, name string, window time.Duration, now time.Time) (_ int64, err error) {
	defer wrap(&err, "look at the limit %.64s", name)
	n, err := one(ctx, v.tx, value[int64], `SELECT amount FROM limits WHERE name = $1 AND since > $2`, name, instant(now.Add(-window)))
	if errors.Is(err, ErrNotFound) {
		return 0, nil
	}
	return n, err
}

// GiveBack returns one that was taken: what turned out well is not counted.
func (v Limits) GiveBack(ctx context.Context, name string) (err error) {
	return v.GiveBackSome(ctx, name, 1)
}

// GiveBackSome returns an amount.
func (v Limits) GiveBackSome(ctx context.Context, name string, amount int64) (err error) {
	defer wrap(&err, "give back to the limit %.64s", name)
	return exec(ctx, v.tx, `UPDATE limits SET amount = amount - $2 WHERE name = $1 AND amount >= $2`, name, amount)
}

// Sweep forgets windows that began before an instant; it lies further back than the longest window.
func (v Limits) Sweep(ctx context.Context, before time.Time) (err error) {
	defer wrap(&err, "sweep the limits")
	return exec(ctx, v.tx, `DELETE FROM limits WHERE since < $1`, instant(before))
}
