package store

import (
	"context"
	"time"
)

// Timers are everything that must happen at a time. A timer fires by its row being updated in the transaction of its effect: once, on one
// node, whatever restarts in between.
type Timers struct{ tx *Tx }

// A Timer is one step of one object: a promise's reminder, a maintenance's start.
type Timer struct {
	Object string
	Step   string
	At     time.Time
}

// A FiredTimer is one whose time has come, and what came of it.
type FiredTimer struct {
	Timer
	FiredAt time.Time
	Reason  string
}

// Fired are the timers of an object that have fired, in that order.
func (t Timers) Fired(ctx context.Context, object string) (_ []FiredTimer, err error) {
	defer wrap(&err, "read what the clock did about %s", object)
	return many(ctx, t.tx, readFiredTimer, `SELECT object, step, at, fired_at, reason FROM timers
		WHERE object = $1 AND fired_at IS NOT NULL
		ORDER BY fired_at, at, step
		LIMIT 1000`, object)
}

func readFiredTimer(scan scan) (x FiredTimer, err error) {
	err = scan(&x.Object, &x.Step, (*instant)(&x.At), (*instant)(&x.FiredAt), &x.Reason)
	return x, err
}

// Set makes a timer, or moves it and winds it up again.
func (t Timers) Set(ctx context.Context, x Timer) (err error) {
	defer wrap(&err, "set timer %s of %s", x.Step, x.Object)
	return exec(ctx, t.tx, `INSERT INTO timers (object, step, at, fired_at, reason) VALUES ($1, $2, $3, NULL, '')
		ON CONFLICT (object, step) DO UPDATE SET at = excluded.at, fired_at = NULL, reason = ''`, x.Object, x.Step, instant(x.At))
}

// Cancel fires the timers of an object that have not fired, without effect, for a reason that is kept.
func (t Timers) Cancel(ctx context.Context, object, reason string, at time.Time) (err error) {
	defer wrap(&err, "cancel the timers of %s", object)
	return exec(ctx, t.tx, `UPDATE timers SET fired_at = $2, reason = $3 WHERE object = $1 AND fired_at IS NULL`, object, instant(at), reason)
}

// Next is when the earliest waiting timer is due; zero if none waits.
func (t Timers) Next(ctx context.Context) (at time.Time, err error) {
	defer wrap(&err, "find the next timer")
	next, err := many(ctx, t.tx, value[instant], `SELECT at FROM timers WHERE fired_at IS NULL ORDER BY at, object, step LIMIT 1`)
	if len(next) == 1 {
		at = time.Time(next[0])
	}
	return at, err
}

// At is when a waiting timer of an object is due; zero if there is none.
func (t Timers) At(ctx context.Context, object, step string) (at time.Time, err error) {
	defer wrap(&err, "read timer %s of %s", step, object)
	next, err := many(ctx, t.tx, value[instant], `SELECT at FROM timers WHERE object = $1 AND step = $2 AND fired_at IS NULL`, object, step)
	if len(next) == 1 {
		at = time.Time(next[0])
	}
	return at, err
}

// Due are waiting timers whose time has come, earliest first, but for those of promises, which are claimed.
func (t Timers) Due(ctx context.Context, now time.Time, limit int) (_ []Timer, err error) {
	defer wrap(&err, "find due timers")
	return many(ctx, t.tx, readTimer, `SELECT object, step, at FROM timers
		WHERE fired_at IS NULL AND at <= $1 AND substr(object, 1, 4) <> 'prm_'
		ORDER BY at, object, step
		LIMIT $2`, instant(now), limit)
}

// ClaimPromises takes due timers of promises for this transaction: nobody else gets them.
func (t Timers) ClaimPromises(ctx context.Context, now time.Time, limit int) (_ []Timer, err error) {
	defer wrap(&err, "claim due timers")
	return many(ctx, t.tx, readTimer, `WITH picked AS MATERIALIZED (
			SELECT object, step FROM timers
			WHERE fired_at IS NULL AND at <= $1 AND substr(object, 1, 4) = 'prm_'
			ORDER BY at, object, step
			LIMIT $2`+t.tx.skipLocked()+`)
		UPDATE timers SET fired_at = $1
		WHERE (object, step) IN (SELECT object, step FROM picked) AND fired_at IS NULL AND at <= $1
		RETURNING object, step, at`, instant(now), limit)
}

// Fire takes one timer, and reports whether it was still waiting and due.
func (t Timers) Fire(ctx context.Context, x Timer, now time.Time) (mine bool, err error) {
	defer wrap(&err, "fire timer %s of %s", x.Step, x.Object)
	n, err := execCount(ctx, t.tx, `UPDATE timers SET fired_at = $3 WHERE object = $1 AND step = $2 AND fired_at IS NULL AND at <= $3`,
		x.Object, x.Step, instant(now))
	return n == 1, err
}

// Reason notes why a timer that fired did or did not say anything.
func (t Timers) Reason(ctx context.Context, x Timer, reason string) (err error) {
	defer wrap(&err, "note timer %s of %s", x.Step, x.Object)
	return execOne(ctx, t.tx, `UPDATE timers SET reason = $3 WHERE object = $1 AND step = $2`, x.Object, x.Step, reason)
}

func readTimer(scan scan) (x Timer, err error) {
	err = scan(&x.Object, &x.Step, (*instant)(&x.At))
	return x, err
}
