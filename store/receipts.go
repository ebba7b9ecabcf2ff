package store

import (
	"context"
	"time"

	"candor/id"
	"candor/reach"
)

// Receipts are what came back about deliveries. They are appended.
type Receipts struct{ tx *Tx }

const receiptColumns = `id, delivery, kind, source, machine, code, reason, body, at`

// Add appends one.
func (v Receipts) Add(ctx context.Context, r reach.Receipt) (err error) {
	defer wrap(&err, "append receipt %s", r.ID)
	return exec(ctx, v.tx, `INSERT INTO receipts (`+receiptColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		r.ID, r.Delivery, r.Kind, r.Source, r.Machine, r.Code, r.Reason, r.Body, instant(r.At))
}

// Of are the receipts of one delivery, in the order they came.
func (v Receipts) Of(ctx context.Context, d id.Delivery) (_ []reach.Receipt, err error) {
	defer wrap(&err, "read the receipts of %s", d)
	return many(ctx, v.tx, readReceipt, `SELECT `+receiptColumns+` FROM receipts
		WHERE delivery = $1 AND delivery <> ''
		ORDER BY id
		LIMIT 200`, d)
}

// Latest are the newest receipts before one, newest first.
func (v Receipts) Latest(ctx context.Context, before reach.Receipt, limit int) (_ []reach.Receipt, err error) {
	defer wrap(&err, "read the latest receipts")
	at, last := int64(1<<62), id.Receipt("z")
	if before.ID != "" {
		at, last = before.At.UnixMicro(), before.ID
	}
	return many(ctx, v.tx, readReceipt, `SELECT `+receiptColumns+` FROM receipts
		WHERE (at, id) < ($1, $2)
		ORDER BY at DESC, id DESC
		LIMIT $3`, at, last, min(max(limit, 1), 1000))
}

// Heed moves a delivery to where a receipt says it is, if it still is where x was read. Whoever holds it under a lease loses it: their
// word is older.
func (d Deliveries) Heed(ctx context.Context, x reach.Delivery, next reach.State, r reach.Receipt) (moved bool, err error) {
	defer wrap(&err, "heed a receipt for %s", x.ID)
	n, err := execCount(ctx, d.tx, `UPDATE deliveries
		SET state = $2, code = $3, reason = $4, updated_at = $5, lease_holder = '', lease_until = NULL
		WHERE id = $1 AND state = $6 AND fence = $7`, x.ID, next, r.Code, r.Reason, instant(r.At), x.State, x.Fence)
	if err != nil || n == 0 {
		return false, err
	}
	return true, d.afterFailing(ctx, r.At, []reach.Step{{Delivery: x.ID, Fence: x.Fence, State: next, Reason: r.Reason}})
}

// LastTo is the newest delivery to an address by a channel, or ErrNotFound.
func (d Deliveries) LastTo(ctx context.Context, contact id.Contact, channel string, since time.Time) (_ reach.Delivery, err error) {
	defer wrap(&err, "read what was last sent to %s", contact)
	return one(ctx, d.tx, readDelivery, `SELECT `+deliveryColumns+` FROM deliveries
		WHERE contact = $1 AND contact <> '' AND channel = $2 AND planned_at >= $3
		ORDER BY id DESC
		LIMIT 1`, contact, channel, instant(since))
}

func readReceipt(scan scan) (r reach.Receipt, err error) {
	err = scan(&r.ID, &r.Delivery, &r.Kind, &r.Source, &r.Machine, &r.Code, &r.Reason, &r.Body, (*instant)(&r.At))
	return r, err
}
