package store

import (
	"context"
	"time"

	"candor/audience"
	"candor/id"
	"candor/lang"
)

// Acknowledge notes that whoever reads a contact's messages has answered the newest that was taken there about an incident. It is one
// event however often it is noted.
func (d Deliveries) Acknowledge(ctx context.Context, i id.Incident, contact id.Contact, at time.Time) (err error) {
	defer wrap(&err, "note that %s has answered about %s", contact, i)
	return exec(ctx, d.tx, `UPDATE deliveries
		SET state = 'acknowledged', updated_at = $3
		WHERE state IN ('accepted', 'delivered') AND id = (SELECT d.id FROM deliveries d JOIN announcements a ON a.id = d.announcement
			WHERE d.contact = $2 AND d.contact <> '' AND a.incident = $1 AND d.state IN ('accepted', 'delivered', 'acknowledged')
			ORDER BY d.planned_at DESC, d.id DESC
			LIMIT 1)`, i, contact, instant(at))
}

// OpenOf is a customer's request for a call that nobody has answered, or ErrNotFound.
func (v CallRequests) OpenOf(ctx context.Context, i id.Incident, c id.Customer) (_ CallRequest, err error) {
	defer wrap(&err, "read what call %s waits for", c)
	return one(ctx, v.tx, readCallRequest, `SELECT `+callRequestColumns+` FROM call_requests
		WHERE incident = $1 AND customer = $2 AND done_at IS NULL
		ORDER BY at, id
		LIMIT 1`, i, c)
}

// Place is how many wait to be called before a request and with it: 1 is next.
func (v CallRequests) Place(ctx context.Context, r CallRequest) (_ int64, err error) {
	defer wrap(&err, "count who is called before %s", r.ID)
	return one(ctx, v.tx, value[int64], `SELECT count(*) FROM call_requests WHERE done_at IS NULL AND (at, id) <= ($1, $2)`, instant(r.At), r.ID)
}

// Waits reports whether a number is on the list about an incident already.
func (v CallRequests) Waits(ctx context.Context, i id.Incident, number audience.Address) (_ bool, err error) {
	defer wrap(&err, "read whether a number waits for a call")
	found, err := many(ctx, v.tx, value[id.CallRequest], `SELECT id FROM call_requests
		WHERE incident = $1 AND number = $2 AND done_at IS NULL
		ORDER BY at, id
		LIMIT 1`, i, number)
	return len(found) > 0, err
}

// Speak changes the language a customer is spoken to in, and answers whether it was another.
func (c Customers) Speak(ctx context.Context, x id.Customer, language lang.Tag, at time.Time) (changed bool, err error) {
	defer wrap(&err, "change the language of %s", x)
	n, err := execCount(ctx, c.tx, `UPDATE customers SET language = $2, updated_at = $3 WHERE id = $1 AND language <> $2`, x, language, instant(at))
	return n == 1, err
}

// AnyHour keeps since when a customer may be rung at night, zero for not at all, and answers whether that is another answer than before.
func (c Customers) AnyHour(ctx context.Context, x id.Customer, since, at time.Time) (changed bool, err error) {
	defer wrap(&err, "note when %s may be rung", x)
	n, err := execCount(ctx, c.tx, `UPDATE customers
		SET any_hour_at = $2, updated_at = $3
		WHERE id = $1 AND erased_at IS NULL AND (any_hour_at IS NULL) <> (CAST($2 AS BIGINT) IS NULL)`, x, instant(since), instant(at))
	return n == 1, err
}
