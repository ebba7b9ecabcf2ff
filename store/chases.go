package store

import (
	"context"

	"candor/audience"
	"candor/id"
	"candor/reach"
)

// Chase reads everything known of one customer in one incident but what is the same for all of them: what the incident says, what is set
// up here and what may be spent.
func (v Affected) Chase(ctx context.Context, x reach.Affected) (c reach.Chase, err error) {
	defer wrap(&err, "read what was tried with %s in %s", x.Customer, x.Incident)
	c.Since = x.Since
	if c.Ways, err = v.ways(ctx, x.Customer); err != nil {
		return c, err
	}
	if c.Tries, err = v.tries(ctx, x); err != nil {
		return c, err
	}
	if c.Acks, err = v.tx.Acknowledgements.Of(ctx, x.Incident, x.Customer); err != nil {
		return c, err
	}
	calls, err := v.tx.Calls.Of(ctx, x.Incident, x.Customer)
	for _, k := range calls {
		c.Calls = append(c.Calls, k.Call)
	}
	if err != nil {
		return c, err
	}
	c.Asked, err = v.tx.CallRequests.Waiting(ctx, x.Incident, x.Customer)
	return c, err
}

// ways are a customer's contacts in their order of preference, with why nothing may go there.
func (v Affected) ways(ctx context.Context, x id.Customer) (ways []reach.Way, err error) {
	contacts, err := v.tx.Customers.ContactsOf(ctx, x)
	if err != nil {
		return nil, err
	}
	byChannel := map[string][]string{}
	for _, c := range contacts {
		byChannel[c.Channel] = append(byChannel[c.Channel], c.Address.Key())
	}
	stops := map[string]map[string]audience.SuppressionReason{}
	for channel, keys := range byChannel {
		if stops[channel], err = v.tx.Suppressions.among(ctx, channel, keys); err != nil {
			return nil, err
		}
	}
	for _, c := range contacts {
		w := reach.Way{Contact: c.ID, Channel: c.Channel, Number: c.Address.Key(), Stop: stops[c.Channel][c.Address.Key()]}
		if w.Stop == "" && !c.EndedAt.IsZero() {
			w.Stop = audience.OptedOut
		}
		ways = append(ways, w)
	}
	return ways, nil
}

// tries are the deliveries of an incident's words to a customer's contacts, oldest first. What lies in the outbox, for want of a mail
// server, has neither failed nor told anybody: it is as if it were still planned.
func (v Affected) tries(ctx context.Context, x reach.Affected) (_ []reach.Try, err error) {
	return many(ctx, v.tx, func(scan scan) (t reach.Try, err error) {
		err = scan(&t.Channel, &t.Contact, &t.Attempt, (*instant)(&t.PlannedAt), (*instant)(&t.UpdatedAt), &t.State, &t.Reason)
		return t, err
	}, `SELECT d.channel, d.contact, d.climb, d.planned_at, d.updated_at,
			CASE WHEN d.state = 'suppressed' AND d.reason = 'outbox' THEN 'planned' ELSE d.state END, d.reason
		FROM customer_contacts l
		JOIN deliveries d ON d.contact = l.contact AND d.contact <> ''
		JOIN announcements a ON a.id = d.announcement
		WHERE l.customer = $1 AND a.incident = $2
		ORDER BY d.planned_at, d.id
		LIMIT 500`, x.Customer, x.Incident)
}

// Acknowledgements are customers saying that they know.
type Acknowledgements struct{ tx *Tx }

// Add notes one; the same at the same instant is one.
func (v Acknowledgements) Add(ctx context.Context, i id.Incident, c id.Customer, contact id.Contact, a reach.Ack) (err error) {
	defer wrap(&err, "note that %s knows of %s", c, i)
	return exec(ctx, v.tx, `INSERT INTO acknowledgements (incident, customer, contact, how, at)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT DO NOTHING`, i, c, contact, a.By, instant(a.At))
}

// Of are a customer's in an incident, oldest first.
func (v Acknowledgements) Of(ctx context.Context, i id.Incident, c id.Customer) (_ []reach.Ack, err error) {
	defer wrap(&err, "read whether %s knows of %s", c, i)
	return many(ctx, v.tx, func(scan scan) (a reach.Ack, err error) {
		err = scan((*instant)(&a.At), &a.By)
		return a, err
	}, `SELECT at, how FROM acknowledgements WHERE incident = $1 AND customer = $2 ORDER BY at, how LIMIT 200`, i, c)
}
