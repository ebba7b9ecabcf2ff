package store

import (
	"context"

	"candor/id"
	"candor/reach"
)

// A Sent is a delivery, with what it carried.
type Sent struct {
	reach.Delivery
	Kind   reach.Kind
	Update id.Update
}

// SentTo are the deliveries of an incident's words to a customer's contacts, oldest first.
func (d Deliveries) SentTo(ctx context.Context, i id.Incident, c id.Customer) (_ []Sent, err error) {
	defer wrap(&err, "read what was sent to %s about %s", c, i)
	return many(ctx, d.tx, func(scan scan) (s Sent, err error) {
		err = scan(&s.ID, &s.Channel, &s.Address, &s.Contact, &s.Climb, &s.State, &s.Attempt, (*instant)(&s.NextAt), (*instant)(&s.FirstTriedAt),
			(*instant)(&s.PlannedAt), (*instant)(&s.UpdatedAt), &s.Code, &s.Reason, &s.Kind, &s.Update)
		s.NextAt = due(s.NextAt)
		return s, err
	}, `SELECT d.id, d.channel, d.address, d.contact, d.climb, d.state, d.attempt, d.next_at, d.first_tried_at,
			d.planned_at, d.updated_at, d.code, d.reason, a.kind, a.update_id
		FROM customer_contacts l
		JOIN deliveries d ON d.contact = l.contact AND d.contact <> ''
		JOIN announcements a ON a.id = d.announcement
		WHERE l.customer = $1 AND a.incident = $2
		ORDER BY d.planned_at, d.id
		LIMIT 500`, c, i)
}

// OfCustomer are the receipts of an incident's deliveries to a customer's contacts, oldest first.
func (v Receipts) OfCustomer(ctx context.Context, i id.Incident, c id.Customer) (_ []reach.Receipt, err error) {
	defer wrap(&err, "read what came back from %s about %s", c, i)
	return many(ctx, v.tx, readReceipt, `SELECT r.id, r.delivery, r.kind, r.source, r.machine, r.code, r.reason, r.body, r.at
		FROM customer_contacts l
		JOIN deliveries d ON d.contact = l.contact AND d.contact <> ''
		JOIN announcements a ON a.id = d.announcement
		JOIN receipts r ON r.delivery = d.id AND r.delivery <> ''
		WHERE l.customer = $1 AND a.incident = $2
		ORDER BY r.at, r.id
		LIMIT 500`, c, i)
}

// OfCustomer are a customer's requests to be called about an incident, answered or not, oldest first.
func (v CallRequests) OfCustomer(ctx context.Context, i id.Incident, c id.Customer) (_ []CallRequest, err error) {
	defer wrap(&err, "read when %s asked for a call", c)
	return many(ctx, v.tx, readCallRequest, `SELECT `+callRequestColumns+` FROM call_requests
		WHERE incident = $1 AND customer = $2
		ORDER BY at, id
		LIMIT 200`, i, c)
}

// Ways are a customer's acknowledgements in an incident with the contact each came by, oldest first.
func (v Acknowledgements) Ways(ctx context.Context, i id.Incident, c id.Customer) (_ []Acknowledged, err error) {
	defer wrap(&err, "read how %s said that they know of %s", c, i)
	return many(ctx, v.tx, func(scan scan) (a Acknowledged, err error) {
		err = scan((*instant)(&a.At), &a.By, &a.Contact)
		return a, err
	}, `SELECT at, how, contact FROM acknowledgements WHERE incident = $1 AND customer = $2 ORDER BY at, how LIMIT 200`, i, c)
}

// An Acknowledged is an acknowledgement with the contact it came by.
type Acknowledged struct {
	reach.Ack
	Contact id.Contact
}
