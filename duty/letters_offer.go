package duty

import (
	"context"
	"errors"
	"fmt"

	"candor/amends"
	"candor/audience"
	"candor/id"
	"candor/letter"
	"candor/promise"
	"candor/reach"
	"candor/store"
)

// alike reports whether all readers of a kind are written the same, but for their tokens. What says a sum is written for each.
func alike(k reach.Kind) bool {
	return k != reach.OnOffer && k != reach.OnOfferEnds && k != reach.OnObjection
}

// writtenAlike is alike for an announcement, whose kind never changes: it is read once.
func (d *deliverer) writtenAlike(ctx context.Context, x id.Announcement) (is bool, err error) {
	d.letters.mu.Lock()
	is, known := d.letters.alike[x]
	d.letters.mu.Unlock()
	if known {
		return is, nil
	}
	err = d.DB.Read(ctx, func(tx *store.Tx) error {
		a, err := tx.Announcements.ByID(ctx, x)
		is = alike(a.Kind)
		return err
	})
	if err != nil {
		return false, err
	}
	d.letters.mu.Lock()
	defer d.letters.mu.Unlock()
	if len(d.letters.alike) >= 64 {
		d.letters.alike = nil
	}
	if d.letters.alike == nil {
		d.letters.alike = map[id.Announcement]bool{}
	}
	d.letters.alike[x] = is
	return is, nil
}

// gatherOffers reads what one reader is offered, by all their accounts, or how one of us answers what they said about it.
func (m *matter) gatherOffers(ctx context.Context, tx *store.Tx, a reach.Announcement, contact id.Contact, secret []byte) (err error) {
	if a.Kind == reach.OnObjection {
		return m.gatherObjection(ctx, tx, id.Objection(a.Link), secret)
	}
	o, err := tx.Offerings.Of(ctx, a.Target.Offered)
	if err != nil {
		return err
	}
	m.offer = letter.Offer{
		Words: o.Words, Ends: o.ExpiresAt, ByItself: o.Policy.Redeeming == amends.ByItself, Lapses: o.Policy.Silence == amends.Lapse, Reminds: a.Kind == reach.OnOfferEnds,
	}
	if m.offer.Signer, err = person(ctx, tx, o.Signer); err != nil {
		return err
	}
	if err := m.gatherOutage(ctx, tx, o); err != nil {
		return err
	}
	offers, err := tx.Offers.Behind(ctx, o.Run, contact)
	if err != nil {
		return err
	}
	for _, x := range offers {
		if m.offer.Reminds && x.State != amends.OfferOpen {
			continue // this account of theirs has it
		}
		c, err := tx.Customers.ByID(ctx, x.Customer)
		if err != nil {
			return err
		}
		part, err := tx.Credits.Of(ctx, o.Run, x.Customer)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		m.offer.Sums = append(m.offer.Sums, letter.Sum{
			Account: c.Called(), Amount: x.Amount, Contract: part.Contract, Token: audience.RedeemToken(secret, x.ID, x.Customer),
		})
	}
	if len(m.offer.Sums) == 0 {
		return errNothingOffered
	}
	return nil
}

// errNothingOffered is a letter that lost its object: the account was erased, or redeemed since its reminder was planned.
var errNothingOffered = fmt.Errorf("there is nothing left to offer: %w", store.ErrNotFound)

// gatherOutage reads what happened: whether data was harmed, and when the report comes.
func (m *matter) gatherOutage(ctx context.Context, tx *store.Tx, o amends.Offering) (err error) {
	if o.Incident == "" {
		return nil
	}
	if m.offer.Incident, err = tx.Incidents.ByID(ctx, o.Incident); err != nil {
		return err
	}
	updates, err := tx.Updates.Of(ctx, o.Incident)
	if err != nil {
		return err
	}
	if n := len(updates); n > 0 {
		m.offer.Update = updates[n-1]
		if m.offer.CheckedBy, err = person(ctx, tx, m.offer.Update.Fields.Data.CheckedBy); err != nil {
			return err
		}
	}
	promises, err := tx.Promises.ToCustomers(ctx, o.Incident)
	for _, p := range promises {
		if p.Kind == promise.Report && p.Open() {
			m.offer.ReportBy = p.DueAt
		}
	}
	return err
}

func (m *matter) gatherObjection(ctx context.Context, tx *store.Tx, x id.Objection, secret []byte) error {
	o, err := tx.Objections.ByID(ctx, x)
	if err != nil {
		return err
	}
	m.objected = letter.Objected{Offer: o.Offer, Answer: o.Answer, At: o.At, More: o.More}
	if m.objected.Author, err = person(ctx, tx, o.AnsweredBy); err != nil {
		return err
	}
	offer := o.Offer
	if more, err := tx.Offers.OfObjection(ctx, o); err == nil {
		offer, m.objected.More = more.ID, more.Amount
	} else if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	m.objected.Token = audience.RedeemToken(secret, offer, o.Customer)
	return nil
}
