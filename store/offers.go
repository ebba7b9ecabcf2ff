package store

import (
	"context"
	"time"

	"candor/amends"
	"candor/id"
)

// Offers are what approved runs offer their customers, and what became of each.
type Offers struct{ tx *Tx }

const offerColumns = `id, run, customer, objection, hash, currency, minor, state, how, reason, export, entry, attempt, offered_at, redeemed_at, booked_at, settled_at, next_at`

// Make appends offers. One that was made before stays as it is: making them again changes nothing.
func (v Offers) Make(ctx context.Context, all []amends.Offer) (made int, err error) {
	defer wrap(&err, "make %d offers", len(all))
	for part := range parts(v.tx, all, 18) {
		var args []any
		for _, o := range part {
			args = append(args, o.ID, o.Run, o.Customer, o.Objection, o.Hash, o.Amount.Currency, o.Amount.Minor, o.State, o.How, o.Reason, o.Export, o.Entry,
				o.Attempt, instant(o.OfferedAt), instant(o.RedeemedAt), instant(o.BookedAt), instant(o.SettledAt), instant(o.NextAt))
		}
		n, err := execCount(ctx, v.tx, `INSERT INTO offers (`+offerColumns+`) VALUES `+rowsOf(len(part), 18)+`
			ON CONFLICT DO NOTHING`, args...)
		if err != nil {
			return made, err
		}
		made += n
	}
	return made, nil
}

// ByHash finds the offer that a token redeems.
func (v Offers) ByHash(ctx context.Context, hash string) (_ amends.Offer, err error) {
	defer wrap(&err, "find an offer by its link")
	return one(ctx, v.tx, readOffer, `SELECT `+offerColumns+` FROM offers WHERE hash = $1`, hash)
}

// ByID finds one.
func (v Offers) ByID(ctx context.Context, x id.Offer) (_ amends.Offer, err error) {
	defer wrap(&err, "read offer %s", x)
	return one(ctx, v.tx, readOffer, `SELECT `+offerColumns+` FROM offers WHERE id = $1`, x)
}

// OfCustomer are a customer's offers, newest first.
func (v Offers) OfCustomer(ctx context.Context, c id.Customer) (_ []amends.Offer, err error) {
	defer wrap(&err, "read the offers of %s", c)
	return many(ctx, v.tx, readOffer, `SELECT `+offerColumns+` FROM offers WHERE customer = $1 ORDER BY offered_at DESC, id DESC LIMIT 200`, c)
}

// Redeem makes an offer the customer's, once: the answer is whether it was this time.
func (v Offers) Redeem(ctx context.Context, x id.Offer, how amends.How, at time.Time) (now bool, err error) {
	defer wrap(&err, "redeem offer %s", x)
	n, err := execCount(ctx, v.tx, `UPDATE offers SET state = 'redeemed', how = $2, redeemed_at = $3 WHERE id = $1 AND state = 'offered'`, x, how, instant(at))
	return n == 1, err
}

// End ends some of a run's offers that nobody redeemed, in the order of their customers: credited anyway, or lapsed. Fewer than limit means
// that there are no more.
func (v Offers) End(ctx context.Context, run id.CreditRun, to amends.OfferState, at time.Time, limit int) (n int, err error) {
	defer wrap(&err, "end offers of %s", run)
	how, redeemed := amends.AtTheEnd, at
	if to == amends.OfferLapsed {
		how, redeemed = "", time.Time{}
	}
	return execCount(ctx, v.tx, `WITH picked AS MATERIALIZED (
			SELECT id FROM offers WHERE run = $1 AND state = 'offered' ORDER BY customer, id LIMIT $5`+v.tx.skipLocked()+`)
		UPDATE offers SET state = $2, how = $3, redeemed_at = $4
		WHERE id IN (SELECT id FROM picked) AND state = 'offered'`,
		run, to, how, instant(redeemed), limit)
}

// Made is how many offers a run has made for what it said.
func (v Offers) Made(ctx context.Context, run id.CreditRun) (_ int, err error) {
	defer wrap(&err, "count the offers of %s", run)
	return one(ctx, v.tx, value[int], `SELECT count(*) FROM offers WHERE run = $1 AND objection = ''`, run)
}

// HandedOver is how many of a run's offers are with the book, and how many of those it was read to have; both stop counting at most.
func (v Offers) HandedOver(ctx context.Context, run id.CreditRun, most int) (handed, settled int, err error) {
	defer wrap(&err, "count what of %s is booked", run)
	_, err = one(ctx, v.tx, func(scan scan) (struct{}, error) { return struct{}{}, scan(&handed, &settled) }, `SELECT count(*), CAST(coalesce(sum(done), 0) AS BIGINT)
		FROM (SELECT CASE WHEN state = 'settled' THEN 1 ELSE 0 END AS done FROM offers WHERE run = $1 AND export > 0 LIMIT $2) AS handed_over`, run, most)
	return handed, settled, err
}

// Waiting reports whether any of a run's offers is on its way still: not settled and not lapsed.
func (v Offers) Waiting(ctx context.Context, run id.CreditRun) (_ bool, err error) {
	defer wrap(&err, "look whether %s is done", run)
	found, err := many(ctx, v.tx, value[id.Offer], `SELECT id FROM offers WHERE run = $1 AND state NOT IN ('settled', 'lapsed') ORDER BY id LIMIT 1`, run)
	return len(found) > 0, err
}

// Parts is a run's money by currency, state and reason for being there.
func (v Offers) Parts(ctx context.Context, run id.CreditRun) (_ []amends.Part, err error) {
	defer wrap(&err, "add up the offers of %s", run)
	return many(ctx, v.tx, func(scan scan) (p amends.Part, err error) {
		err = scan(&p.Currency, &p.State, &p.How, &p.Objection, &p.Offers, &p.Minor)
		return p, err
	}, `SELECT currency, state, how, added, count(*), CAST(sum(minor) AS BIGINT)
		FROM (SELECT currency, state, how, minor, CASE WHEN objection = '' THEN FALSE ELSE TRUE END AS added FROM offers WHERE run = $1) AS all_of_them
		GROUP BY currency, state, how, added
		ORDER BY currency, state, how, added
		LIMIT 10000`, run)
}

// Failed are a run's offers that the book refused, oldest first.
func (v Offers) Failed(ctx context.Context, run id.CreditRun, limit int) (_ []amends.Offer, err error) {
	defer wrap(&err, "read what was refused of %s", run)
	return many(ctx, v.tx, readOffer, `SELECT `+offerColumns+` FROM offers
		WHERE run = $1 AND state IN ('redeemed', 'failed') AND export = 0 AND state = 'failed'
		ORDER BY id
		LIMIT $2`, run, limit)
}

func readOffer(scan scan) (o amends.Offer, err error) {
	err = scan(&o.ID, &o.Run, &o.Customer, &o.Objection, &o.Hash, &o.Amount.Currency, &o.Amount.Minor, &o.State, &o.How, &o.Reason, &o.Export, &o.Entry,
		&o.Attempt, (*instant)(&o.OfferedAt), (*instant)(&o.RedeemedAt), (*instant)(&o.BookedAt), (*instant)(&o.SettledAt), (*instant)(&o.NextAt))
	return o, err
}

// Customers are the next customers of a run who were offered something, in the order of their ids; unredeemed are those alone who have not
// taken it.
func (v Offers) Customers(ctx context.Context, run id.CreditRun, after id.Customer, unredeemed bool, limit int) (_ []id.Customer, err error) {
	defer wrap(&err, "read whom %s is offered to after %s", run, after)
	if unredeemed {
		return many(ctx, v.tx, value[id.Customer], `SELECT customer FROM offers
			WHERE run = $1 AND customer > $2 AND state = 'offered'
			ORDER BY customer
			LIMIT $3`, run, after, limit)
	}
	return many(ctx, v.tx, value[id.Customer], `SELECT customer FROM offers
		WHERE run = $1 AND customer > $2 AND objection = ''
		ORDER BY customer
		LIMIT $3`, run, after, limit)
}

// Behind are the offers of a run to the customers whom a contact belongs to: one letter names them all.
func (v Offers) Behind(ctx context.Context, run id.CreditRun, contact id.Contact) (_ []amends.Offer, err error) {
	defer wrap(&err, "read what %s is offered by %s", contact, run)
	customers, err := v.tx.Customers.Sharing(ctx, contact)
	if err != nil {
		return nil, err
	}
	var all []amends.Offer
	for _, c := range customers {
		found, err := many(ctx, v.tx, readOffer, `SELECT `+offerColumns+` FROM offers WHERE run = $1 AND customer = $2 AND objection = '' ORDER BY id LIMIT 1`, run, c)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// OfObjection is the offer that an objection led to, or ErrNotFound.
func (v Offers) OfObjection(ctx context.Context, o amends.Objection) (_ amends.Offer, err error) {
	defer wrap(&err, "read what objection %s led to", o.ID)
	return one(ctx, v.tx, readOffer, `SELECT `+offerColumns+` FROM offers WHERE run = $1 AND customer = $2 AND objection = $3`, o.Run, o.Customer, o.ID)
}
