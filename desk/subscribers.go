package desk

import (
	"context"
	"errors"

	"candor/audience"
	"candor/id"
	"candor/problem"
	"candor/staff"
	"candor/store"
)

// AddSubscriber by staff or API; unconfirmed unless consent is stated, and then asked to confirm like everybody. An address that opted out
// stays silent until its owner confirms again, whatever consent is stated (T19).
func (d *Desk) AddSubscriber(ctx context.Context, in Subscription, confirmed bool) (c audience.Contact, err error) {
	defer wrap(&err, "add a subscriber")
	if err := need(ctx, staff.Reach); err != nil {
		return c, err
	}
	at := now()
	wish, err := in.wish(at)
	if err != nil {
		return c, err
	}
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		if err := in.known(ctx, tx); err != nil {
			return err
		}
		before, err := tx.Contacts.ByAddress(ctx, wish.Channel, wish.Address.Key())
		if err == nil && before.State() == "active" {
			return problem.New(problem.Conflict, "problem.subscriber.active")
		}
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if !confirmed {
			if err := d.ask(ctx, tx, wish, at); err != nil {
				return err
			}
		} else if err := enrol(ctx, tx, before, wish); err != nil {
			return err
		}
		if c, err = tx.Contacts.ByAddress(ctx, wish.Channel, wish.Address.Key()); err != nil {
			return err
		}
		return d.audit(ctx, tx, at, "add subscriber", string(c.ID), nil, choice(c))
	})
	d.wake()
	return c, err
}

// enrol makes a contact active at once, or an old one again.
func enrol(ctx context.Context, tx *store.Tx, before, wish audience.Contact) error {
	wish.ConfirmedAt = wish.CreatedAt
	if before.ID == "" {
		wish.ID, wish.Code = id.New[id.Contact](wish.CreatedAt), id.NewCode()
		return tx.Contacts.Add(ctx, wish)
	}
	before.Language, before.Components, before.EveryUpdate = wish.Language, wish.Components, wish.EveryUpdate
	before.ConfirmedAt, before.EndedAt = wish.ConfirmedAt, wish.EndedAt
	return tx.Contacts.Save(ctx, before)
}

// EndSubscription by staff or API: somebody asked us to stop in another way than by the link.
func (d *Desk) EndSubscription(ctx context.Context, x id.Contact) (err error) {
	defer wrap(&err, "end the subscription of %s", x)
	if err := need(ctx, staff.Reach); err != nil {
		return err
	}
	at := now()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		c, err := tx.Contacts.ByID(ctx, x)
		if errors.Is(err, store.ErrNotFound) {
			return problem.New(problem.NotFound, "problem.not_found")
		}
		if err != nil || !c.EndedAt.IsZero() {
			return err
		}
		before := choice(c)
		c.EndedAt = at
		if err := tx.Contacts.Save(ctx, c); err != nil {
			return err
		}
		if err := tx.Suppressions.Add(ctx, c.Channel, c.Address.Key(), audience.OptedOut, at); err != nil {
			return err
		}
		return d.audit(ctx, tx, at, "end subscription", string(c.ID), before, choice(c))
	})
}
