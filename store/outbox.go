package store

import (
	"context"
	"time"

	"candor/audience"
	"candor/id"
	"candor/reach"
)

// Outbox holds letters while no mail server is configured: read in the console, sent to nobody.
type Outbox struct{ tx *Tx }

// A Kept letter lies in the outbox.
type Kept struct {
	Delivery   id.Delivery
	Kind       reach.Kind
	Incident   id.Incident
	At         time.Time
	Sender     string
	Address    audience.Address
	Subject    string
	Text, HTML string // empty in a Page
}

// Add keeps a letter; a second one for the delivery is the same one.
func (o Outbox) Add(ctx context.Context, k Kept) (err error) {
	defer wrap(&err, "keep the letter of %s", k.Delivery)
	return exec(ctx, o.tx, `INSERT INTO outbox (delivery, at, sender, address, subject, text, html)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT DO NOTHING`, k.Delivery, instant(k.At), k.Sender, k.Address, k.Subject, k.Text, k.HTML)
}

// Page are the newest letters after one, without their bodies; after the zero Kept it is the first page.
func (o Outbox) Page(ctx context.Context, after Kept, limit int) (_ []Kept, err error) {
	defer wrap(&err, "read the outbox")
	before, last := int64(1<<62), id.Delivery("z")
	if after.Delivery != "" {
		before, last = after.At.UnixMicro(), after.Delivery
	}
	return many(ctx, o.tx, readKept, `SELECT o.delivery, a.kind, a.incident, o.at, o.sender, o.address, o.subject, '', ''
		FROM outbox o JOIN deliveries d ON d.id = o.delivery JOIN announcements a ON a.id = d.announcement
		WHERE (o.at, o.delivery) < ($1, $2)
		ORDER BY o.at DESC, o.delivery DESC
		LIMIT $3`, before, last, limit)
}

// ByDelivery is one letter with its bodies.
func (o Outbox) ByDelivery(ctx context.Context, x id.Delivery) (_ Kept, err error) {
	defer wrap(&err, "read the letter of %s", x)
	return one(ctx, o.tx, readKept, `SELECT o.delivery, a.kind, a.incident, o.at, o.sender, o.address, o.subject, o.text, o.html
		FROM outbox o JOIN deliveries d ON d.id = o.delivery JOIN announcements a ON a.id = d.announcement
		WHERE o.delivery = $1`, x)
}

// Count is how many letters lie there.
func (o Outbox) Count(ctx context.Context) (_ int64, err error) {
	defer wrap(&err, "count the outbox")
	return one(ctx, o.tx, value[int64], `SELECT count(*) FROM outbox`)
}

func readKept(scan scan) (k Kept, err error) {
	err = scan(&k.Delivery, &k.Kind, &k.Incident, (*instant)(&k.At), &k.Sender, &k.Address, &k.Subject, &k.Text, &k.HTML)
	return k, err
}
