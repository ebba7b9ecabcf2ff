package store

import (
	"context"
	"time"

	"candor/id"
	"candor/reach"
)

// AddOnce appends what came by mail. The same mail twice (the same digest for the delivery) is one receipt: then added is false.
func (v Receipts) AddOnce(ctx context.Context, r reach.Receipt, digest string) (added bool, err error) {
	defer wrap(&err, "append receipt %s (%s) of %s", r.ID, r.Kind, r.Delivery)
	n, err := execCount(ctx, v.tx, `INSERT INTO receipts (`+receiptColumns+`, digest)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT DO NOTHING`,
		r.ID, r.Delivery, r.Kind, r.Source, r.Machine, r.Code, r.Reason, r.Body, instant(r.At), digest)
	return n == 1, err
}

// Count is how many came back about a delivery.
func (v Receipts) Count(ctx context.Context, d id.Delivery) (_ int64, err error) {
	defer wrap(&err, "count the receipts of %s", d)
	return one(ctx, v.tx, value[int64], `SELECT count(*) FROM receipts WHERE delivery = $1 AND delivery <> ''`, d)
}

// Soft counts the soft bounces of a delivery's contact by its channel since an instant, by the rule of Receipt.CountsAsSoft. Staff, who are no
// contacts, have none: they would notice.
func (v Receipts) Soft(ctx context.Context, of reach.Delivery, since time.Time) (_ int64, err error) {
	defer wrap(&err, "count the soft bounces of %s", of.Contact)
	return one(ctx, v.tx, value[int64], `SELECT count(*) FROM deliveries d JOIN receipts r ON r.delivery = d.id
		WHERE d.contact = $1 AND d.contact <> '' AND d.channel = $2 AND r.delivery <> '' AND r.at > $3
			AND r.kind = 'soft' AND r.reason <> $4 AND r.reason <> $5`,
		of.Contact, of.Channel, instant(since), reach.ReasonDelayed, reach.ReasonTooLarge)
}
