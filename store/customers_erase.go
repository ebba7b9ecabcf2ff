package store

import (
	"context"
	"time"

	"candor/audience"
	"candor/id"
	"candor/reach"
)

// Erase forgets a customer (GDPR, Art. 17): whatever says who they are is emptied in every table, in its own row, so that every count stays
// what it was. A contact that another customer has, too, is that customer's and stays. Each step finds its rows by an index: a million
// customers beside this one cost nothing.
//
// A table that learns something personal gets its line here, and the test puts a canary into it.
func (c Customers) Erase(ctx context.Context, x audience.Customer, at time.Time) (err error) {
	defer wrap(&err, "erase customer %s", x.ID)
	for _, contact := range x.Contacts {
		sharing, err := c.Sharing(ctx, contact.ID)
		if err != nil {
			return err
		}
		if len(sharing) > 1 {
			err = exec(ctx, c.tx, `DELETE FROM customer_contacts WHERE customer = $1 AND contact = $2`, x.ID, contact.ID)
		} else {
			err = c.tx.Contacts.erase(ctx, contact, at)
		}
		if err != nil {
			return err
		}
	}
	if x.External != "" { // no file brings them back
		if err := c.tx.Suppressions.Add(ctx, erasedChannel, x.External, audience.Erased, at); err != nil {
			return err
		}
	}
	for _, step := range [...]string{
		`UPDATE consents SET how = '' WHERE customer = $1`,
		`UPDATE call_notes SET note = '' WHERE who = $1`,
		`UPDATE calls SET note = '' WHERE customer = $1 AND incident IN (SELECT id FROM incidents)`,
		`UPDATE call_requests SET name = '', number = '', note = '' WHERE customer = $1 AND incident IN (SELECT id FROM incidents)`,
	} {
		if err := exec(ctx, c.tx, step, x.ID); err != nil {
			return err
		}
	}
	// Whoever waits to be reached is decided about at once: there is no way to them any more.
	if err := exec(ctx, c.tx, `UPDATE affected SET next_at = $2
		WHERE customer = $1 AND incident IN (SELECT id FROM incidents) AND next_at IS NOT NULL AND next_at > $2`, x.ID, instant(at)); err != nil {
		return err
	}
	return execOne(ctx, c.tx, `UPDATE customers
		SET external = '', name = '', name_key = $2, zone = '', plan = '', fee = 0, currency = '', any_hour_at = NULL, updated_at = $3, erased_at = $3
		WHERE id = $1`, x.ID, []byte{}, instant(at))
}

// erase forgets an address, everywhere it was written to. Its hash stays among the suppressions, so that nobody is written to again by an
// import. What is on its way at this moment arrives; what was still to go does not.
func (c Contacts) erase(ctx context.Context, x audience.Contact, at time.Time) (err error) {
	defer wrap(&err, "erase contact %s", x.ID)
	if err := c.tx.Suppressions.Add(ctx, x.Channel, x.Address.Key(), audience.OptedOut, at); err != nil {
		return err
	}
	if err := exec(ctx, c.tx, `UPDATE contacts
		SET address = '', address_key = id, domain = '', keys = '', ended_at = coalesce(ended_at, $2)
		WHERE id = $1`, x.ID, instant(at)); err != nil {
		return err
	}
	for _, step := range [...]string{
		`UPDATE outbox SET address = '', subject = '', text = '', html = '' WHERE delivery IN (SELECT id FROM deliveries WHERE contact = $1 AND contact <> '')`,
		`UPDATE replies SET message_id = '', sender = '', subject = '', answer = '' WHERE contact = $1 AND contact <> ''`,
		`UPDATE receipts SET body = '', reason = '' WHERE delivery <> '' AND delivery IN (SELECT id FROM deliveries WHERE contact = $1 AND contact <> '')`,
	} {
		if err := exec(ctx, c.tx, step, x.ID); err != nil {
			return err
		}
	}
	// A server's answer often names the mailbox, so a reason stays only where it is one of ours.
	return exec(ctx, c.tx, `UPDATE deliveries
		SET address = '', address_key = id, domain = '', provider_id = '', updated_at = CASE WHEN state IN ('planned', 'retry_at') THEN $2 ELSE updated_at END,
			reason = CASE WHEN state IN ('planned', 'retry_at') THEN 'erased' WHEN state IN ('suppressed', 'superseded') THEN reason ELSE '' END,
			state = CASE WHEN state IN ('planned', 'retry_at') THEN 'suppressed' ELSE state END
		WHERE contact = $1 AND contact <> ''`, x.ID, instant(at))
}

// OfContact are the deliveries to a contact after one, in the order of their ids.
func (d Deliveries) OfContact(ctx context.Context, x id.Contact, after id.Delivery, limit int) (_ []reach.Delivery, err error) {
	defer wrap(&err, "read the deliveries to %s", x)
	return many(ctx, d.tx, readDelivery, `SELECT `+deliveryColumns+` FROM deliveries
		WHERE contact = $1 AND contact <> '' AND id > $2
		ORDER BY id
		LIMIT $3`, x, after, limit)
}

// A Received is what came back about one delivery.
type Received struct {
	Delivery id.Delivery `json:"delivery"`
	Kind     string      `json:"kind"`
	Code     string      `json:"code,omitempty"`
	Reason   string      `json:"reason,omitempty"`
	Sender   string      `json:"sender,omitempty"`
	Subject  string      `json:"subject,omitempty"`
	Body     string      `json:"body,omitempty"`
	Answer   string      `json:"answer,omitempty"`
	At       time.Time   `json:"at"`
}

// ReceivedFrom is what came back about the deliveries to a contact.
func (c Contacts) ReceivedFrom(ctx context.Context, x id.Contact) (_ []Received, err error) {
	defer wrap(&err, "read what came back from %s", x)
	return many(ctx, c.tx, func(scan scan) (r Received, err error) {
		err = scan(&r.Delivery, &r.Kind, &r.Code, &r.Reason, &r.Sender, &r.Subject, &r.Body, &r.Answer, (*instant)(&r.At))
		return r, err
	}, `SELECT r.delivery, r.kind, r.code, r.reason, coalesce(p.sender, ''), coalesce(p.subject, ''), r.body, coalesce(p.answer, ''), r.at
		FROM receipts r LEFT JOIN replies p ON p.receipt = r.id
		WHERE r.delivery <> '' AND r.delivery IN (SELECT id FROM deliveries WHERE contact = $1 AND contact <> '')
		ORDER BY r.at, r.id
		LIMIT 10000`, x)
}

// A Spoken is a call with a customer, or one they asked for.
type Spoken struct {
	Incident id.Incident `json:"incident"`
	Name     string      `json:"name,omitempty"`
	Number   string      `json:"number,omitempty"`
	Outcome  string      `json:"outcome"`
	Note     string      `json:"note,omitempty"`
	At       time.Time   `json:"at"`
}

// SpokenWith are the calls with a customer and the calls they asked for, oldest first.
func (c Customers) SpokenWith(ctx context.Context, x id.Customer) (_ []Spoken, err error) {
	defer wrap(&err, "read the calls with %s", x)
	return many(ctx, c.tx, func(scan scan) (s Spoken, err error) {
		err = scan(&s.Incident, &s.Name, &s.Number, &s.Outcome, &s.Note, (*instant)(&s.At))
		return s, err
	}, `SELECT incident, name, number, outcome, note, at FROM (
			SELECT incident, '' AS name, '' AS number, outcome, note, at, id FROM calls
			WHERE customer = $1 AND incident IN (SELECT id FROM incidents)
			UNION ALL
			SELECT incident, name, number, 'asked' AS outcome, note, at, id FROM call_requests
			WHERE customer = $1 AND incident IN (SELECT id FROM incidents)
			UNION ALL
			SELECT '' AS incident, '' AS name, '' AS number, 'given_back' AS outcome, note, at, person AS id FROM call_notes
			WHERE who = $1) AS calls
		ORDER BY at, id
		LIMIT 1000`, x)
}

// LettersTo are the texts of letters that were kept because there was no mail server.
func (c Contacts) LettersTo(ctx context.Context, x id.Contact) (_ []string, err error) {
	defer wrap(&err, "read the letters to %s", x)
	return many(ctx, c.tx, value[string], `SELECT text FROM outbox
		WHERE delivery IN (SELECT id FROM deliveries WHERE contact = $1 AND contact <> '')
		ORDER BY at, delivery
		LIMIT 10000`, x)
}
