package store

import (
	"context"
	"errors"
	"math"
	"time"

	"candor/audience"
	"candor/id"
	"candor/reach"
)

// AskRation notes that the customers of an incident are known up to an instant, so that the budget is to be handed out among them.
func (v Affected) AskRation(ctx context.Context, i id.Incident, at time.Time) (err error) {
	defer wrap(&err, "ask to ration %s", i)
	return exec(ctx, v.tx, `INSERT INTO rations (incident, asked_at, done_at) VALUES ($1, $2, 0)
		ON CONFLICT (incident) DO UPDATE SET asked_at = excluded.asked_at`, i, instant(at))
}

// NextRation is the incident that waits longest for its budget to be handed out, and since when; empty if none does.
func (v Affected) NextRation(ctx context.Context) (i id.Incident, asked time.Time, err error) {
	defer wrap(&err, "find what is to be rationed")
	_, err = one(ctx, v.tx, func(scan scan) (struct{}, error) {
		return struct{}{}, scan(&i, (*instant)(&asked))
	}, `SELECT incident, asked_at FROM rations WHERE asked_at > done_at ORDER BY asked_at LIMIT 1`)
	if errors.Is(err, ErrNotFound) {
		err = nil
	}
	return i, asked, err
}

// RationDone notes that the budget was handed out among those known at an instant.
func (v Affected) RationDone(ctx context.Context, i id.Incident, asked time.Time) (err error) {
	defer wrap(&err, "note that %s is rationed", i)
	return exec(ctx, v.tx, `UPDATE rations SET done_at = $2 WHERE incident = $1 AND done_at < $2`, i, instant(asked))
}

// Rationed reports whether the budget was handed out among all who are known.
func (v Affected) Rationed(ctx context.Context, i id.Incident) (_ bool, err error) {
	defer wrap(&err, "read whether %s is rationed", i)
	open, err := one(ctx, v.tx, value[int64], `SELECT count(*) FROM rations WHERE incident = $1 AND asked_at > done_at`, i)
	return open == 0, err
}

// Climbers goes through the customers of an incident for whom the climb may still cost something, in the order of reach.Worth, those
// first for whom it has cost already. They come one at a time, so that a million need no memory; number is the mobile they would be
// texted at, empty without. With beyond only those come for whom the budget did not go far enough before.
func (v Affected) Climbers(ctx context.Context, i id.Incident, beyond bool, each func(c reach.Climber, number audience.Address, was bool) error) (err error) {
	defer wrap(&err, "read who climbs in %s", i)
	rows, err := v.tx.rows(ctx, `SELECT a.customer, a.told_at IS NOT NULL, a.since_at, c.fee, a.beyond_at IS NOT NULL,
			coalesce((SELECT x.address FROM customer_contacts l JOIN contacts x ON x.id = l.contact
				WHERE l.customer = a.customer AND x.channel = 'sms' AND x.ended_at IS NULL
				ORDER BY l.rank, x.id LIMIT 1), '') AS mobile,
			EXISTS (SELECT 1 FROM customer_contacts l JOIN contacts x ON x.id = l.contact
				WHERE l.customer = a.customer AND x.channel IN ('sms', 'voice') AND x.ended_at IS NULL) AS telephone,
			coalesce((SELECT min(r.at) FROM call_requests r
				WHERE r.incident = a.incident AND r.customer = a.customer AND r.done_at IS NULL), $2) AS asked
		FROM affected a JOIN customers c ON c.id = a.customer
		WHERE a.incident = $1 AND (a.closed_at IS NULL OR a.channel IN ('sms', 'voice', 'person'))
			AND (a.beyond_at IS NOT NULL OR NOT $3)
		ORDER BY CASE WHEN a.channel IN ('sms', 'voice', 'person') THEN 0 ELSE 1 END, asked,
			CASE WHEN a.told_at IS NULL THEN 0 ELSE 1 END, c.fee DESC, a.since_at, a.customer`, []any{i, int64(math.MaxInt64), beyond})
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var c reach.Climber
		var number audience.Address
		var was bool
		var asked int64
		if err := rows.Scan(&c.Customer, &c.Told, (*instant)(&c.Since), &c.Fee, &was, &number, &c.Telephone, &asked); err != nil {
			return err
		}
		if asked != math.MaxInt64 {
			c.AskedAt = time.UnixMicro(asked).UTC()
		}
		if err := each(c, number, was); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Beyond notes customers for whom the budget does not go further, or, with a zero at, for whom it does again: it is time to decide about
// these.
func (v Affected) Beyond(ctx context.Context, i id.Incident, customers []id.Customer, at time.Time) (err error) {
	defer wrap(&err, "note whom the budget of %s carries", i)
	for part := range padded(v.tx, customers, 2) {
		list, args := in(part)
		n := len(args)
		if err := exec(ctx, v.tx, `UPDATE affected SET beyond_at = CAST(`+placeholder(true, n+1)+` AS BIGINT)
			WHERE customer IN `+list+` AND incident = `+placeholder(true, n+2), append(args, instant(at), i)...); err != nil {
			return err
		}
	}
	return nil
}

// HowMany customers an incident affects.
func (v Affected) HowMany(ctx context.Context, i id.Incident) (_ int64, err error) {
	defer wrap(&err, "count the customers of %s", i)
	return one(ctx, v.tx, value[int64], `SELECT count(*) FROM affected WHERE incident = $1`, i)
}
