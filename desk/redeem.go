package desk

import (
	"context"
	"errors"
	"time"

	"candor/amends"
	"candor/audience"
	"candor/problem"
	"candor/staff"
	"candor/store"
)

// An Offered is an offer with what its page tells: how it came about, and what was said about it.
type Offered struct {
	amends.Offer
	Offering   amends.Offering
	Customer   audience.Customer
	Run        amends.Run
	Part       amends.Kept // of the run, about this customer
	Objections []amends.Objection
}

// Over reports whether it can no longer be redeemed.
func (o Offered) Over(at time.Time) bool {
	return o.State == amends.OfferLapsed || o.State == amends.OfferOpen && o.Offering.Policy.Silence == amends.Lapse && !at.Before(o.Offering.ExpiresAt)
}

// OfferByToken finds what a letter's link is about; it changes nothing (B5). A token that is none, one that was never given out, and one of a
// customer who is no more come to the same answer (B9).
func (d *Desk) OfferByToken(ctx context.Context, token string) (o Offered, err error) {
	defer wrap(&err, "open an offer")
	hash, ok := audience.RedeemHash(token)
	if !ok {
		return o, wrongLink
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		o, err = offered(ctx, tx, hash)
		return err
	})
	return o, err
}

func offered(ctx context.Context, tx *store.Tx, hash string) (o Offered, err error) {
	if o.Offer, err = tx.Offers.ByHash(ctx, hash); err != nil {
		return o, asWrongLink(err)
	}
	if o.Customer, err = tx.Customers.ByID(ctx, o.Offer.Customer); err != nil {
		return o, asWrongLink(err)
	}
	if !o.Customer.ErasedAt.IsZero() {
		return o, wrongLink
	}
	if o.Offering, err = tx.Offerings.Of(ctx, o.Offer.Run); err != nil {
		return o, err
	}
	if o.Run, err = tx.CreditRuns.ByID(ctx, o.Offer.Run); err != nil {
		return o, err
	}
	if o.Part, err = tx.Credits.Of(ctx, o.Offer.Run, o.Offer.Customer); err != nil && !errors.Is(err, store.ErrNotFound) {
		return o, err
	}
	o.Objections, err = tx.Objections.OfOffer(ctx, o.ID)
	return o, err
}

func asWrongLink(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return wrongLink
	}
	return err
}

// Redeem makes an offer the customer's. It happens once, however often it is asked for and by however many nodes; who asks again is told so
// again: the answer is whether it was this time (B10).
func (d *Desk) Redeem(ctx context.Context, token string) (first bool, err error) {
	defer wrap(&err, "redeem an offer")
	at := now()
	o, err := d.OfferByToken(ctx, token)
	if err != nil || o.State.Theirs() {
		return false, err
	}
	if o.Over(at) {
		return false, problem.New(problem.Gone, "problem.offer.over")
	}
	ctx = staff.As(ctx, staff.Actor{IP: staff.Acting(ctx).IP})
	err = d.insist(ctx, func(tx *store.Tx) error {
		first, err = tx.Offers.Redeem(ctx, o.ID, amends.ByCustomer, at)
		if err != nil || !first {
			return err
		}
		return d.audit(ctx, tx, at, "redeem credit", string(o.ID), nil, map[string]any{"amount": o.Amount})
	})
	if err == nil && first {
		d.wake()
	}
	return first, err
}
