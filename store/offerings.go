package store

import (
	"context"
	"time"

	"candor/amends"
	"candor/id"
	"candor/money"
)

// Offerings are how approved runs are offered.
type Offerings struct{ tx *Tx }

const offeringColumns = `run, incident, policy, words, signer, promise, announcement, state, reason, cursor, began_by, began_at, made_at, told_at, look_at, reminded,
	expires_at, closed_at`

// Begin appends one; ErrExists if the run is offered already.
func (v Offerings) Begin(ctx context.Context, o amends.Offering) (err error) {
	defer wrap(&err, "offer %s", o.Run)
	return exec(ctx, v.tx, `INSERT INTO offerings (`+offeringColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
		o.Run, o.Incident, asJSON(&o.Policy), asJSON(&o.Words), o.Signer, o.Promise, o.Announcement, o.State, o.Reason, o.Cursor, o.BeganBy,
		instant(o.BeganAt), instant(o.MadeAt), instant(o.ToldAt), instant(o.LookAt), o.Reminded, instant(o.ExpiresAt), instant(o.ClosedAt))
}

// Of is how a run is offered, or ErrNotFound.
func (v Offerings) Of(ctx context.Context, run id.CreditRun) (_ amends.Offering, err error) {
	defer wrap(&err, "read how %s is offered", run)
	return one(ctx, v.tx, readOffering, `SELECT `+offeringColumns+` FROM offerings WHERE run = $1`, run)
}

// Open are those that are not closed, oldest first.
func (v Offerings) Open(ctx context.Context) (_ []amends.Offering, err error) {
	defer wrap(&err, "read what is offered")
	return many(ctx, v.tx, readOffering, `SELECT `+offeringColumns+` FROM offerings
		WHERE state IN ('trial', 'open', 'halted')
		ORDER BY began_at, run
		LIMIT 200`)
}

// Take locks an offering for this transaction, as far as it stands as it did; the answer is whether it does. Who comes second finds that it
// does not.
func (v Offerings) Take(ctx context.Context, o amends.Offering, cursor id.Customer) (mine bool, err error) {
	defer wrap(&err, "take the offering of %s", o.Run)
	n, err := execCount(ctx, v.tx, `UPDATE offerings SET cursor = $4 WHERE run = $1 AND cursor = $2 AND state = $3 AND made_at IS NULL`,
		o.Run, o.Cursor, o.State, cursor)
	return n == 1, err
}

// Lock keeps everybody else from booking a run in this transaction, and answers how it stands; false if it is in another state.
func (v Offerings) Lock(ctx context.Context, run id.CreditRun, state amends.OfferingState) (mine bool, err error) {
	defer wrap(&err, "lock the offering of %s", run)
	n, err := execCount(ctx, v.tx, `UPDATE offerings SET reminded = reminded WHERE run = $1 AND state = $2`, run, state)
	return n == 1, err
}

// Made notes that every customer has their offer, and by which announcement they are told.
func (v Offerings) Made(ctx context.Context, run id.CreditRun, a id.Announcement, at time.Time) (err error) {
	defer wrap(&err, "note that %s is offered", run)
	return exec(ctx, v.tx, `UPDATE offerings SET made_at = $2, announcement = $3 WHERE run = $1 AND made_at IS NULL`, run, instant(at), a)
}

// Told notes that every letter has gone; the answer is whether nobody had noted it before.
func (v Offerings) Told(ctx context.Context, run id.CreditRun, at time.Time) (now bool, err error) {
	defer wrap(&err, "note that the letters of %s have gone", run)
	n, err := execCount(ctx, v.tx, `UPDATE offerings SET told_at = $2 WHERE run = $1 AND told_at IS NULL`, run, instant(at))
	return n == 1, err
}

// Look notes when to look next, and how many reminders have gone; false if somebody else did.
func (v Offerings) Look(ctx context.Context, o amends.Offering, next time.Time, reminded int) (mine bool, err error) {
	defer wrap(&err, "note when to look at the offers of %s", o.Run)
	n, err := execCount(ctx, v.tx, `UPDATE offerings SET look_at = $3, reminded = $4 WHERE run = $1 AND look_at = $2`, o.Run, instant(o.LookAt), instant(next), reminded)
	return n == 1, err
}

// Turn brings an offering from one state to another, and answers whether it was in the first.
func (v Offerings) Turn(ctx context.Context, run id.CreditRun, from, to amends.OfferingState, reason amends.HaltReason, at time.Time) (mine bool, err error) {
	defer wrap(&err, "turn the offering of %s from %s to %s", run, from, to)
	var closed time.Time
	if to == amends.Closed {
		closed = at
	}
	n, err := execCount(ctx, v.tx, `UPDATE offerings SET state = $3, reason = $4, closed_at = $5 WHERE run = $1 AND state = $2`, run, from, to, reason, instant(closed))
	return n == 1, err
}

// Owed are the next customers of a run who are owed something, in the order of their ids.
func (c Credits) Owed(ctx context.Context, run id.CreditRun, after id.Customer, limit int) (_ []amends.Owed, err error) {
	defer wrap(&err, "read whom %s owes after %s", run, after)
	return many(ctx, c.tx, func(scan scan) (o amends.Owed, err error) {
		err = scan(&o.Customer, &o.Amount.Currency, &o.Amount.Minor)
		return o, err
	}, `SELECT customer, currency, minor FROM credits WHERE run = $1 AND customer > $2 AND minor > 0 ORDER BY customer LIMIT $3`, run, after, limit)
}

// Sums are what a run comes to, by currency.
func (c Credits) Sums(ctx context.Context, run id.CreditRun) (_ []money.Amount, err error) {
	defer wrap(&err, "add up %s", run)
	return many(ctx, c.tx, func(scan scan) (a money.Amount, err error) {
		err = scan(&a.Currency, &a.Minor)
		return a, err
	}, `SELECT currency, CAST(sum(minor) AS BIGINT) FROM credits WHERE run = $1 AND minor > 0 GROUP BY currency ORDER BY currency LIMIT 200`, run)
}

func readOffering(scan scan) (o amends.Offering, err error) {
	err = scan(&o.Run, &o.Incident, asJSON(&o.Policy), asJSON(&o.Words), &o.Signer, &o.Promise, &o.Announcement, &o.State, &o.Reason, &o.Cursor, &o.BeganBy,
		(*instant)(&o.BeganAt), (*instant)(&o.MadeAt), (*instant)(&o.ToldAt), (*instant)(&o.LookAt), &o.Reminded, (*instant)(&o.ExpiresAt), (*instant)(&o.ClosedAt))
	return o, err
}
