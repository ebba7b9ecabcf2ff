package desk

import (
	"context"
	"errors"

	"candor/audience"
	"candor/problem"
	"candor/store"
)

// ContactByToken finds whom a mailed link belongs to, for the page it opens; it changes nothing (B5).
func (d *Desk) ContactByToken(ctx context.Context, p audience.Purpose, token string) (c audience.Contact, err error) {
	defer wrap(&err, "open a link to %s", p)
	secret, err := d.linkSecret(ctx)
	if err != nil {
		return c, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		c, err = byToken(ctx, tx, secret, p, token)
		return err
	})
	return c, err
}

// byToken answers the same for a forged token and for a contact that never was (B9).
func byToken(ctx context.Context, tx *store.Tx, secret []byte, p audience.Purpose, token string) (audience.Contact, error) {
	code, ok := audience.Open(secret, p, token)
	if !ok {
		return audience.Contact{}, problem.New(problem.NotFound, "problem.link")
	}
	c, err := tx.Contacts.ByCode(ctx, code)
	if errors.Is(err, store.ErrNotFound) {
		return c, problem.New(problem.NotFound, "problem.link")
	}
	return c, err
}

// Confirm makes a subscription active. It is the double opt-in: whoever reads the mailbox has said so themselves, so an earlier opt-out of
// the address ends. Safe to repeat.
func (d *Desk) Confirm(ctx context.Context, token string) (c audience.Contact, err error) {
	defer wrap(&err, "confirm a subscription")
	return d.byLink(ctx, audience.ToConfirm, token, "confirm subscription", func(tx *store.Tx, c *audience.Contact) (changed bool, err error) {
		if !c.EndedAt.IsZero() {
			return false, problem.New(problem.Gone, "problem.link.ended")
		}
		if !c.ConfirmedAt.IsZero() {
			return false, nil
		}
		c.ConfirmedAt, c.Asked = now(), 0
		return true, tx.Suppressions.Lift(ctx, c.Channel, c.Address.Key(), audience.OptedOut)
	})
}

// ChangeSubscription by the holder of a manage link.
func (d *Desk) ChangeSubscription(ctx context.Context, token string, in Subscription) (c audience.Contact, err error) {
	defer wrap(&err, "change a subscription")
	if !in.Language.Known() {
		return c, problem.Field("language", "problem.choice")
	}
	return d.byLink(ctx, audience.ToManage, token, "change subscription", func(tx *store.Tx, c *audience.Contact) (changed bool, err error) {
		if c.State() != "active" {
			return false, problem.New(problem.Gone, "problem.link.ended")
		}
		if err := in.known(ctx, tx); err != nil {
			return false, err
		}
		c.Language, c.Components, c.EveryUpdate = in.Language, in.Components, in.EveryUpdate
		return true, nil
	})
}

// Unsubscribe by a mailed link or a one-click POST (RFC 8058); safe to repeat. The holder of a manage link may, too. The opt-out is kept by
// address, so that no import brings it back.
func (d *Desk) Unsubscribe(ctx context.Context, token string) (c audience.Contact, err error) {
	defer wrap(&err, "unsubscribe")
	end := func(tx *store.Tx, c *audience.Contact) (changed bool, err error) {
		if !c.EndedAt.IsZero() {
			return false, nil
		}
		c.EndedAt = now()
		return true, tx.Suppressions.Add(ctx, c.Channel, c.Address.Key(), audience.OptedOut, c.EndedAt)
	}
	c, err = d.byLink(ctx, audience.ToUnsubscribe, token, "unsubscribe", end)
	if problem.Is(err, problem.NotFound) {
		c, err = d.byLink(ctx, audience.ToManage, token, "unsubscribe", end)
	}
	return c, err
}

// byLink is the one way a mailed link changes its own contact.
func (d *Desk) byLink(ctx context.Context, p audience.Purpose, token, act string, change func(*store.Tx, *audience.Contact) (bool, error)) (c audience.Contact, err error) {
	at := now()
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		secret, err := tx.Instance.Secret(ctx, store.LinkSecret)
		if err != nil {
			return err
		}
		if c, err = byToken(ctx, tx, secret, p, token); err != nil {
			return err
		}
		before := c
		changed, err := change(tx, &c)
		if err != nil || !changed {
			return err
		}
		if err := tx.Contacts.Save(ctx, c); err != nil {
			return err
		}
		return d.audit(ctx, tx, at, act, string(c.ID), choice(before), choice(c))
	})
	return c, err
}

// choice is what the audit keeps of a contact: no address, which could never be erased from there.
func choice(c audience.Contact) any {
	return struct {
		State       string `json:"state"`
		Language    string `json:"language"`
		Components  any    `json:"components,omitempty"`
		EveryUpdate bool   `json:"every_update"`
	}{c.State(), string(c.Language), c.Components, c.EveryUpdate}
}
