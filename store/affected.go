package store

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"candor/id"
	"candor/incident"
	"candor/reach"
)

// Affected are the customers of each incident, and how far we are with reaching them.
type Affected struct{ tx *Tx }

const affectedColumns = `incident, customer, why, component, language, channel, since_at, told_at, reached_at, closed_at, ended, reason, call_at, next_at, beyond_at`

// An Assessment says which customers an incident affects.
type Assessment struct {
	Incident   id.Incident
	Audience   incident.Audience
	Components []id.Component // by use: those that are broken and what depends on them
	From       time.Time      // by use: since when it is broken
	AsOf       time.Time      // who became a customer later is not affected
	NextAt     time.Time      // when to decide about them; about those with nothing but a telephone, or nothing at all, at once
}

// Assess goes through at most limit customers after one, in the order of their ids, and notes those the incident affects; who is noted
// already stays as they are. It answers how far it went, and whether that was the end.
func (v Affected) Assess(ctx context.Context, a Assessment, after id.Customer, limit int) (last id.Customer, done bool, err error) {
	defer wrap(&err, "assess who is affected by %s", a.Incident)
	last, err = one(ctx, v.tx, value[id.Customer], `SELECT id FROM customers WHERE id > $1 ORDER BY id LIMIT 1 OFFSET $2`, after, limit-1)
	if errors.Is(err, ErrNotFound) {
		last, done, err = "cus_~", true, nil
	}
	if err != nil {
		return after, false, err
	}
	args := []any{a.Incident, instant(a.AsOf), instant(a.NextAt), after, last, a.Audience, instant(a.From)}
	var list strings.Builder
	for i, x := range append(slices.Clone(a.Components), "") { // the empty one finds nothing and keeps the list from being empty
		args = append(args, x)
		list.WriteString(placeholder(i == 0, len(args)))
	}
	// MATERIALIZED, because both databases would otherwise look for what a customer uses once for every mention of it; and a component with
	// nothing after it, because SQLite would look for each of the list in turn, where most customers use one or two.
	return last, done, exec(ctx, v.tx, `WITH looked AS MATERIALIZED (
			SELECT c.id, c.language, (SELECT min(u.component) FROM customer_components u
				WHERE u.customer = c.id AND u.component || '' IN (`+list.String()+`)
					AND (u.until_at IS NULL OR u.until_at > $7) AND (u.since_at IS NULL OR u.since_at <= $2)) AS used
			FROM customers c
			WHERE c.id > $4 AND c.id <= $5 AND c.created_at <= $2 AND c.erased_at IS NULL)
		INSERT INTO affected (`+affectedColumns+`)
		SELECT $1, id, $6, coalesce(used, ''), language, '', $2, NULL, NULL, NULL, '', 'first_word', NULL,
			CASE WHEN EXISTS (SELECT 1 FROM customer_contacts l
				WHERE l.customer = looked.id AND l.by_channel NOT IN ('sms', 'voice')) THEN CAST($3 AS BIGINT) ELSE $2 END, NULL
		FROM looked
		WHERE CASE CAST($6 AS TEXT) WHEN 'everyone' THEN TRUE
			WHEN 'listed' THEN EXISTS (SELECT 1 FROM incident_customers l WHERE l.incident = $1 AND l.customer = looked.id)
			ELSE used IS NOT NULL OR NOT EXISTS (SELECT 1 FROM customer_components u WHERE u.customer = looked.id) END
		ON CONFLICT DO NOTHING`, args...)
}

// Of is one customer's place in an incident.
func (v Affected) Of(ctx context.Context, i id.Incident, c id.Customer) (_ reach.Affected, err error) {
	defer wrap(&err, "read how far we are with %s in %s", c, i)
	return one(ctx, v.tx, readAffected, `SELECT `+affectedColumns+` FROM affected WHERE incident = $1 AND customer = $2`, i, c)
}

// OfCustomer are the incidents that affected a customer, newest first.
func (v Affected) OfCustomer(ctx context.Context, c id.Customer) (_ []reach.Affected, err error) {
	defer wrap(&err, "read what affected %s", c)
	return many(ctx, v.tx, readAffected, `SELECT `+affectedColumns+` FROM affected
		WHERE customer = $1 AND incident IN (SELECT id FROM incidents)
		ORDER BY incident DESC
		LIMIT 200`, c)
}

// Page are the customers of an incident after one, in the order of their ids.
func (v Affected) Page(ctx context.Context, i id.Incident, after id.Customer, limit int) (_ []reach.Affected, err error) {
	defer wrap(&err, "read the customers of %s", i)
	return many(ctx, v.tx, readAffected, `SELECT `+affectedColumns+` FROM affected
		WHERE incident = $1 AND customer > $2
		ORDER BY customer
		LIMIT $3`, i, after, min(max(limit, 1), 1000))
}

// Stretch answers how far at most limit customers of an incident after one reach, and whether those are the last.
func (v Affected) Stretch(ctx context.Context, i id.Incident, after id.Customer, limit int) (last id.Customer, done bool, err error) {
	defer wrap(&err, "find the next customers of %s", i)
	last, err = one(ctx, v.tx, value[id.Customer], `SELECT customer FROM affected
		WHERE incident = $1 AND customer > $2
		ORDER BY customer
		LIMIT 1 OFFSET $3`, i, after, limit-1)
	if errors.Is(err, ErrNotFound) {
		last, done, err = "cus_~", true, nil
	}
	return last, done, err
}

// Next is when the first decision is due; zero if none is.
func (v Affected) Next(ctx context.Context) (at time.Time, err error) {
	defer wrap(&err, "find when somebody is to be reached next")
	next, err := many(ctx, v.tx, value[instant], `SELECT next_at FROM affected WHERE next_at IS NOT NULL ORDER BY next_at, incident, customer LIMIT 1`)
	if len(next) == 1 {
		at = time.Time(next[0])
	}
	return at, err
}

// Due are customers about whom something is to be decided, the longest waiting first; they are this transaction's until it ends.
func (v Affected) Due(ctx context.Context, now time.Time, limit int) (_ []reach.Affected, err error) {
	defer wrap(&err, "find whom to reach next")
	return many(ctx, v.tx, readAffected, `SELECT `+affectedColumns+` FROM affected
		WHERE next_at IS NOT NULL AND next_at <= $1
		ORDER BY next_at, incident, customer
		LIMIT $2`+v.tx.skipLocked(), instant(now), limit)
}

// Save keeps what was decided about one.
func (v Affected) Save(ctx context.Context, x reach.Affected) (err error) {
	defer wrap(&err, "note how far we are with %s in %s", x.Customer, x.Incident)
	return execOne(ctx, v.tx, `UPDATE affected
		SET channel = $3, told_at = $4, reached_at = $5, closed_at = $6, ended = $7, reason = $8, call_at = $9, next_at = $10
		WHERE incident = $1 AND customer = $2`, x.Incident, x.Customer, x.Channel, instant(x.ToldAt), instant(x.ReachedAt), instant(x.ClosedAt),
		x.Ended, x.Reason, instant(x.CallAt), instant(x.NextAt))
}

// Rouse makes it time to decide about the customers behind a contact whom an incident still affects: a message to it has failed.
func (v Affected) Rouse(ctx context.Context, i id.Incident, contact id.Contact, now time.Time) (err error) {
	defer wrap(&err, "rouse the customers of %s", contact)
	return exec(ctx, v.tx, `UPDATE affected SET next_at = $3
		WHERE incident = $1 AND customer IN (SELECT customer FROM customer_contacts WHERE contact = $2)
			AND next_at IS NOT NULL AND next_at > $3`, i, contact, instant(now))
}

// RouseAll makes it time to decide about every customer of an incident after one and up to another who is not closed: it is over.
func (v Affected) RouseAll(ctx context.Context, i id.Incident, now time.Time, after, upTo id.Customer) (err error) {
	defer wrap(&err, "rouse the customers of %s", i)
	return exec(ctx, v.tx, `UPDATE affected SET next_at = $4
		WHERE incident = $1 AND customer > $2 AND customer <= $3 AND next_at IS NOT NULL AND next_at > $4`, i, after, upTo, instant(now))
}

// RousePaused makes it time to decide about those of the next customers of an incident for whom a paused announcement was waited for; the
// answer is how far it came, and empty when it has been past all.
func (v Affected) RousePaused(ctx context.Context, i id.Incident, now time.Time, after id.Customer, limit int) (last id.Customer, err error) {
	defer wrap(&err, "rouse the customers of %s", i)
	found, err := many(ctx, v.tx, value[id.Customer], `SELECT customer FROM affected
		WHERE incident = $1 AND customer > $2
		ORDER BY customer
		LIMIT $3`, i, after, limit)
	if err != nil || len(found) == 0 {
		return "", err
	}
	last = found[len(found)-1]
	return last, exec(ctx, v.tx, `UPDATE affected SET next_at = $4
		WHERE incident = $1 AND customer > $2 AND customer <= $3 AND next_at > $4 AND reason = 'paused'`, i, after, last, instant(now))
}

// Reopen makes it time again to decide about the customers of an incident after one and up to another, closed or not: something was said
// that changes what they must do. Who does not want to hear from us stays closed.
func (v Affected) Reopen(ctx context.Context, i id.Incident, next time.Time, after, upTo id.Customer) (err error) {
	defer wrap(&err, "decide again about the customers of %s", i)
	return exec(ctx, v.tx, `UPDATE affected
		SET next_at = $4, closed_at = NULL, ended = ''
		WHERE incident = $1 AND customer > $2 AND customer <= $3 AND ended <> 'opted_out'`, i, after, upTo, instant(next))
}

// Heard lets the word count for those of a range, noted at an instant, whom it reached before at an address they share with somebody: they are
// as affected as those, and it is decided about them at once.
func (v Affected) Heard(ctx context.Context, r AffectedRange, before reach.Announcement) (err error) {
	defer wrap(&err, "find who of %s has heard %s", r.Incident, before.ID)
	return exec(ctx, v.tx, `UPDATE affected
		SET since_at = $5, next_at = $4
		WHERE incident = $1 AND customer > $2 AND customer <= $3 AND since_at = $4 AND EXISTS (
			SELECT 1 FROM customer_contacts l JOIN deliveries d ON d.contact = l.contact
			WHERE l.customer = affected.customer AND d.announcement = $6 AND d.contact <> ''
				AND d.state NOT IN ('failed', 'bounced', 'suppressed', 'poison', 'superseded'))`,
		r.Incident, r.After, r.UpTo, instant(r.Since), instant(before.AsOf), before.ID)
}

// Tell notes as told the customers for whom a channel has taken a message of an announcement since an instant.
func (v Affected) Tell(ctx context.Context, a id.Announcement, i id.Incident, since, now time.Time) (told int, err error) {
	defer wrap(&err, "note who was told by %s", a)
	return execCount(ctx, v.tx, `UPDATE affected
		SET told_at = $4
		WHERE incident = $2 AND told_at IS NULL AND customer IN (
			SELECT l.customer FROM deliveries d JOIN customer_contacts l ON l.contact = d.contact
			WHERE d.announcement = $1 AND (d.state IN ('accepted', 'delivered') OR d.state IN ('acknowledged', 'complained')) AND d.updated_at >= $3)`,
		a, i, instant(since), instant(now))
}

func readAffected(scan scan) (x reach.Affected, err error) {
	err = scan(&x.Incident, &x.Customer, &x.Why, &x.Component, &x.Language, &x.Channel, (*instant)(&x.Since), (*instant)(&x.ToldAt),
		(*instant)(&x.ReachedAt), (*instant)(&x.ClosedAt), &x.Ended, &x.Reason, (*instant)(&x.CallAt), (*instant)(&x.NextAt), (*instant)(&x.BeyondAt))
	return x, err
}
