package store

import (
	"context"
	"time"

	"candor/id"
	"candor/reach"
)

// Deliveries are one message to one address each. A row is never deleted, and ends once.
type Deliveries struct{ tx *Tx }

const deliveryColumns = `id, announcement, channel, address, contact, language, cycle, climb, priority, state, attempt, fence, next_at,
	first_tried_at, planned_at, updated_at, provider_id, code, reason`

// ByID finds one.
func (d Deliveries) ByID(ctx context.Context, x id.Delivery) (_ reach.Delivery, err error) {
	defer wrap(&err, "read delivery %s", x)
	return one(ctx, d.tx, readDelivery, `SELECT `+deliveryColumns+` FROM deliveries WHERE id = $1`, x)
}

// Page are the deliveries of one announcement in one state (empty: in any), in the order of their ids. Each kind of state has an index of its own.
func (d Deliveries) Page(ctx context.Context, a id.Announcement, state reach.State, after id.Delivery, limit int) (_ []reach.Delivery, err error) {
	defer wrap(&err, "read the deliveries of %s", a)
	where := ofAnnouncement + ` AND state = $4`
	switch {
	case state == "":
		where = ofAnnouncement + ` AND '' = $4`
	case !state.Final():
		where = openOf + ` AND state = $4`
	case state != reach.Accepted:
		where = ofAnnouncement + exceptional + ` AND state = $4`
	}
	return many(ctx, d.tx, readDelivery, `SELECT `+deliveryColumns+` FROM deliveries
		WHERE `+where+` AND id > $2
		ORDER BY id
		LIMIT $3`, a, after, limit, state)
}

// These conditions are spelt as the indexes spell them, or the indexes would not be found. openOf keeps the databases from going through
// everything of an announcement for the few that are open.
const (
	ofAnnouncement = `announcement = $1`
	openOf         = `announcement || '' = $1 AND (state IN ('planned', 'claimed') OR state = 'retry_at')`
	exceptional    = ` AND state NOT IN ('planned', 'claimed') AND state NOT IN ('retry_at', 'accepted')`
)

// Told are the deliveries after one by which an update was told, or is being told right now, in the order of their ids. What lies in the
// outbox was read there.
func (d Deliveries) Told(ctx context.Context, u id.Update, after id.Delivery, limit int) (_ []reach.Delivery, err error) {
	defer wrap(&err, "read who was told %s", u)
	return many(ctx, d.tx, readDelivery, `SELECT `+deliveryColumns+` FROM deliveries
		WHERE announcement IN (SELECT id FROM announcements WHERE update_id = $1 AND kind = 'update') AND id > $2
			AND (state IN ('accepted', 'delivered', 'acknowledged', 'complained', 'claimed') OR state = 'suppressed' AND reason = 'outbox')
		ORDER BY id
		LIMIT $3`, u, after, limit)
}

// Supersede ends what a climb had planned for a customer and nobody has sent yet: they have answered, or it is over. A mail is left
// alone, because it carries the word itself.
func (d Deliveries) Supersede(ctx context.Context, i id.Incident, c id.Customer, at time.Time) (err error) {
	defer wrap(&err, "call off what was planned for %s", c)
	return exec(ctx, d.tx, `UPDATE deliveries
		SET state = 'superseded', reason = 'closed', updated_at = $3
		WHERE contact IN (SELECT contact FROM customer_contacts WHERE customer = $2) AND contact <> ''
			AND announcement IN (SELECT id FROM announcements WHERE incident = $1)
			AND channel IN ('sms', 'voice') AND state IN ('planned', 'retry_at')`, i, c, instant(at))
}

// AnyTold reports whether a channel has taken a message of an announcement since an instant.
func (d Deliveries) AnyTold(ctx context.Context, a id.Announcement, since time.Time) (_ bool, err error) {
	defer wrap(&err, "look for what was told of %s", a)
	found, err := many(ctx, d.tx, value[int64], `SELECT 1 FROM deliveries
		WHERE announcement = $1 AND (state IN ('accepted', 'delivered') OR state IN ('acknowledged', 'complained')) AND updated_at >= $2
		LIMIT 1`, a, instant(since))
	return len(found) > 0, err
}

// InFlight counts what is not at its end, of all announcements.
func (d Deliveries) InFlight(ctx context.Context) (_ reach.Counts, err error) {
	defer wrap(&err, "count the deliveries in flight")
	return counts(ctx, d.tx, `SELECT state, count(*) FROM deliveries
		WHERE (state IN ('planned', 'claimed') OR state = 'retry_at')
		GROUP BY state
		ORDER BY state`)
}

// A Trouble is why deliveries wait, and how many.
type Trouble struct {
	Reason string
	Code   string
	N      int64
}

// Reasons are why deliveries of one announcement are in a state, the most frequent first.
func (d Deliveries) Reasons(ctx context.Context, a id.Announcement, state reach.State) (_ []Trouble, err error) {
	defer wrap(&err, "read why deliveries of %s are %s", a, state)
	return many(ctx, d.tx, readTrouble, `SELECT reason, code, count(*) FROM deliveries
		WHERE announcement = $1 AND state = $2
		GROUP BY reason, code
		ORDER BY count(*) DESC, reason, code
		LIMIT 50`, a, state)
}

func readTrouble(scan scan) (t Trouble, err error) {
	err = scan(&t.Reason, &t.Code, &t.N)
	return t, err
}

// LastCycle is the newest cycle of an announcement to an address, and the state it is in.
func (d Deliveries) LastCycle(ctx context.Context, of reach.Delivery) (_ reach.Delivery, err error) {
	defer wrap(&err, "read the last cycle of %s", of.ID)
	if of.Contact != "" {
		return one(ctx, d.tx, readDelivery, `SELECT `+deliveryColumns+` FROM deliveries
			WHERE announcement = $1 AND channel = $2 AND contact = $3 AND contact <> ''
			ORDER BY cycle DESC
			LIMIT 1`, of.Announcement, of.Channel, of.Contact)
	}
	return one(ctx, d.tx, readDelivery, `SELECT `+deliveryColumns+` FROM deliveries
		WHERE announcement = $1 AND channel = $2 AND address_key = $3 AND contact = ''
		ORDER BY cycle DESC
		LIMIT 1`, of.Announcement, of.Channel, of.Address.Key())
}

// Hasten makes a waiting delivery due now.
func (d Deliveries) Hasten(ctx context.Context, x id.Delivery, at time.Time) (err error) {
	defer wrap(&err, "hasten delivery %s", x)
	return execOne(ctx, d.tx, `UPDATE deliveries
		SET next_at = $2, updated_at = $2
		WHERE id = $1 AND state IN ('planned', 'retry_at')`, x, instant(at))
}

func readDelivery(scan scan) (x reach.Delivery, err error) {
	err = scan(&x.ID, &x.Announcement, &x.Channel, &x.Address, &x.Contact, &x.Language, &x.Cycle, &x.Climb, &x.Priority, &x.State, &x.Attempt,
		&x.Fence, (*instant)(&x.NextAt), (*instant)(&x.FirstTriedAt), (*instant)(&x.PlannedAt), (*instant)(&x.UpdatedAt),
		&x.ProviderID, &x.Code, &x.Reason)
	x.NextAt = due(x.NextAt)
	return x, err
}
