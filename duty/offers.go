package duty

import (
	"context"
	"errors"
	"time"

	"candor/amends"
	"candor/audience"
	"candor/id"
	"candor/reach"
	"candor/store"
)

// Offer does what is due about the runs that are offered: makes the offers some at a time, sends their letters, reminds, and ends them.
func (d *Duty) Offer(ctx context.Context) (more bool, err error) {
	defer wrap(&err, "offer credits")
	var open []amends.Offering
	err = d.DB.Read(ctx, func(tx *store.Tx) (err error) {
		open, err = tx.Offerings.Open(ctx)
		return err
	})
	var faults []error
	for _, o := range open {
		again, err := d.offer(ctx, o)
		if err != nil {
			faults = append(faults, err)
		}
		more = more || again
	}
	return more, errors.Join(append(faults, err)...)
}

// offer takes one step with one run. Each step's transaction begins by taking the offering as it was read: of two nodes one finds it changed.
func (d *Duty) offer(ctx context.Context, o amends.Offering) (more bool, err error) {
	at := now()
	switch {
	case o.State == amends.Halted:
		return false, nil
	case o.MadeAt.IsZero():
		return d.makeOffers(ctx, o, at)
	case !o.LookAt.IsZero() && !o.LookAt.After(at):
		return d.lookAtOffers(ctx, o, at)
	case o.ToldAt.IsZero():
		return false, d.noteTold(ctx, o, at)
	}
	return false, d.closeOffering(ctx, o, at)
}

// makeOffers makes the next offers of a run; with the last of them their letters are announced, to all at once.
func (d *Duty) makeOffers(ctx context.Context, o amends.Offering, at time.Time) (more bool, err error) {
	err = d.DB.Batch(ctx, func(tx *store.Tx) error {
		more = false
		made := 0
		if o.State == amends.OnTrial && o.Policy.Redeeming == amends.ByItself {
			if made, err = tx.Offers.Made(ctx, o.Run); err != nil {
				return err
			}
		}
		limit := o.Makes(made, chunk)
		if limit == 0 {
			return nil // until the first few stand in the book
		}
		owed, err := tx.Credits.Owed(ctx, o.Run, o.Cursor, limit)
		if err != nil {
			return err
		}
		cursor := o.Cursor
		if len(owed) > 0 {
			cursor = owed[len(owed)-1].Customer
		}
		mine, err := tx.Offerings.Take(ctx, o, cursor)
		if err != nil || !mine {
			return err
		}
		secret, err := tx.Instance.Secret(ctx, store.LinkSecret)
		if err != nil {
			return err
		}
		offers := make([]amends.Offer, len(owed))
		for i, x := range owed {
			offers[i] = o.Make(secret, x.Customer, x.Amount, "", at)
		}
		if _, err := tx.Offers.Make(ctx, offers); err != nil {
			return err
		}
		d.Failpoint("offer")
		if more = len(owed) == limit; more {
			return nil
		}
		return announceOffers(ctx, tx, o, at)
	})
	if err == nil {
		d.Wake()
	}
	return more, err
}

func announceOffers(ctx context.Context, tx *store.Tx, o amends.Offering, at time.Time) error {
	a := offerAnnouncement(o, reach.OnOffer, at)
	if err := tx.Announcements.Add(ctx, a); err != nil {
		return err
	}
	run, err := tx.CreditRuns.ByID(ctx, o.Run)
	if err != nil {
		return err
	}
	if was := run.State; was.May(amends.Offered) {
		run.State, run.OfferedAt = amends.Offered, at
		if _, err := tx.CreditRuns.Decide(ctx, run, was); err != nil {
			return err
		}
	}
	return tx.Offerings.Made(ctx, o.Run, a.ID, at)
}

// offerAnnouncement has no incident: these letters are about money and count for nobody as told of the outage.
func offerAnnouncement(o amends.Offering, k reach.Kind, at time.Time) reach.Announcement {
	return reach.Announcement{
		ID: id.New[id.Announcement](at), Kind: k, Target: audience.Target{Offered: o.Run, Unredeemed: k == reach.OnOfferEnds}, Priority: reach.Quiet, AsOf: at,
	}
}

// lookAtOffers reminds who has not redeemed, or ends what nobody redeemed: credited anyway, unless the company decided otherwise.
func (d *Duty) lookAtOffers(ctx context.Context, o amends.Offering, at time.Time) (more bool, err error) {
	err = d.DB.Batch(ctx, func(tx *store.Tx) error {
		more = false
		next, reminders := o.NextLook(at)
		if at.Before(o.ExpiresAt) {
			mine, err := tx.Offerings.Look(ctx, o, next, reminders)
			if err != nil || !mine || reminders == o.Reminded {
				return err
			}
			return tx.Announcements.Add(ctx, offerAnnouncement(o, reach.OnOfferEnds, at)) // one, however many were due while nothing ran
		}
		to := amends.OfferRedeemed
		if o.Policy.Silence == amends.Lapse {
			to = amends.OfferLapsed
		}
		ended, err := tx.Offers.End(ctx, o.Run, to, at, chunk)
		if err != nil {
			return err
		}
		if more = ended == chunk; more {
			return nil
		}
		_, err = tx.Offerings.Look(ctx, o, time.Time{}, reminders)
		return err
	})
	if err == nil {
		d.Wake()
	}
	return more, err
}

// noteTold keeps the promise that the credits are there by a time, once no letter of the announcement waits any more.
func (d *Duty) noteTold(ctx context.Context, o amends.Offering, at time.Time) error {
	waiting := true
	err := d.DB.Read(ctx, func(tx *store.Tx) error {
		a, err := tx.Announcements.ByID(ctx, o.Announcement)
		if err != nil || a.PlannedAt.IsZero() {
			return err
		}
		c, err := tx.Announcements.Counts(ctx, o.Announcement)
		waiting = c[reach.Planned]+c[reach.Claimed]+c[reach.RetryAt] > 0
		return err
	})
	if err != nil || waiting {
		return err
	}
	return d.DB.Batch(ctx, func(tx *store.Tx) error {
		mine, err := tx.Offerings.Told(ctx, o.Run, at)
		if err != nil || !mine || o.Promise == "" {
			return err
		}
		if err := tx.Promises.KeepOne(ctx, o.Promise, at); err != nil {
			return err
		}
		return tx.Changes.Add(ctx, "incident:"+string(o.Incident), at)
	})
}

// closeOffering ends a run of which nothing is on its way any more.
func (d *Duty) closeOffering(ctx context.Context, o amends.Offering, at time.Time) error {
	if at.Before(o.ExpiresAt) && o.Policy.Redeeming == amends.ByButton {
		return nil
	}
	return d.DB.Batch(ctx, func(tx *store.Tx) error {
		waiting, err := tx.Offers.Waiting(ctx, o.Run)
		if err != nil || waiting {
			return err
		}
		_, err = tx.Offerings.Turn(ctx, o.Run, o.State, amends.Closed, "", at)
		return err
	})
}

// planOffered plans the next customers of a run who are offered something: of each the mail address they prefer, else the mobile. Who has
// several accounts there is written to once.
func planOffered(ctx context.Context, tx *store.Tx, a reach.Announcement, at time.Time) (next portion, err error) {
	customers, err := tx.Offers.Customers(ctx, a.Target.Offered, id.Customer(a.Cursor), a.Target.Unredeemed, chunk)
	if err != nil || len(customers) == 0 {
		return portion{cursor: a.Cursor, done: true}, err
	}
	contacts, err := tx.Customers.Addressees(ctx, customers)
	if err != nil {
		return next, err
	}
	for _, c := range contacts {
		next.rows = append(next.rows, planned(a, c.Channel, c.Address, at, func(x *reach.Delivery) { x.Contact, x.Language = c.ID, c.Language }))
	}
	next.cursor, next.done = string(customers[len(customers)-1]), len(customers) < chunk
	return next, nil
}
