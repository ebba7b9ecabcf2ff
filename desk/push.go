package desk

import (
	"context"
	"crypto/subtle"
	"errors"
	"time"

	"candor/audience"
	"candor/id"
	"candor/problem"
	"candor/reach"
	"candor/store"
)

// PushSeed is what this installation's key to push services is made of: minted once, because every browser that subscribes is bound to it.
func (d *Desk) PushSeed(ctx context.Context) (seed []byte, err error) {
	defer wrap(&err, "read the seed of the push key")
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		seed, err = tx.Instance.Secret(ctx, "push_seed")
		return err
	})
	return seed, err
}

// SubscribePush keeps a browser that asked to be notified. It is confirmed at once: the person pressed the button and then allowed it, and
// only their browser can read what is sent. The answer is the token of the link by which the subscription is changed; safe to repeat.
func (d *Desk) SubscribePush(ctx context.Context, in Subscription, keys string) (manage string, err error) {
	defer wrap(&err, "subscribe a browser")
	at := now()
	wish, err := in.browser(keys)
	if err != nil {
		return "", err
	}
	for _, l := range []struct {
		limit
		whom string
	}{{perNetwork, block(in.IP)}, {perSite, ""}} {
		allowed, err := d.take(ctx, l.limit, l.whom, at)
		if err != nil {
			return "", err
		}
		if !allowed {
			return "", errors.Join(d.alarm(ctx, l.limit, at), problem.New(problem.TooMany, "problem.subscribe.many"))
		}
	}
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		if err := in.known(ctx, tx); err != nil {
			return err
		}
		secret, err := tx.Instance.Secret(ctx, store.LinkSecret)
		if err != nil {
			return err
		}
		c, err := tx.Contacts.ByAddress(ctx, wish.Channel, wish.Address.Key())
		before := choice(c)
		switch {
		case errors.Is(err, store.ErrNotFound):
			c = wish
			c.ID, c.Code, c.CreatedAt, c.ConfirmedAt = id.New[id.Contact](at), id.NewCode(), at, at
			err = tx.Contacts.Add(ctx, c)
		case err == nil:
			c.Keys, c.Language, c.Components, c.EveryUpdate = wish.Keys, wish.Language, wish.Components, wish.EveryUpdate
			if c.State() != "active" {
				c.ConfirmedAt, c.EndedAt = at, time.Time{}
			}
			err = tx.Contacts.Save(ctx, c)
		}
		if err != nil {
			return err
		}
		manage = audience.Sign(secret, audience.ToManage, c.Code)
		if err := tx.Suppressions.Lift(ctx, c.Channel, c.Address.Key(), audience.OptedOut); err != nil {
			return err
		}
		return d.audit(ctx, tx, at, "subscribe browser", string(c.ID), before, choice(c))
	})
	return manage, err
}

// browser is the contact a browser's subscription would be, or what is wrong with it.
func (in Subscription) browser(keys string) (audience.Contact, error) {
	address, fault := reach.ParseHook(in.Address)
	if fault != nil {
		return audience.Contact{}, fault
	}
	parsed, fault := reach.ParsePushKeys(keys)
	if fault != nil {
		return audience.Contact{}, fault
	}
	if !in.Language.Known() {
		return audience.Contact{}, problem.Field("language", "problem.choice")
	}
	return audience.Contact{
		Channel: audience.Push, Address: address, Keys: parsed.String(), Language: in.Language, Components: in.Components, EveryUpdate: in.EveryUpdate,
	}, nil
}

// EndPush ends a browser's subscription. The endpoint with its keys is the proof of whose it is: nobody else has them. What is not known is
// ended already, and so is what does not match: nothing is told.
func (d *Desk) EndPush(ctx context.Context, endpoint, keys string) (err error) {
	defer wrap(&err, "end a browser's subscription")
	address, fault := reach.ParseHook(endpoint)
	if fault != nil {
		return fault
	}
	parsed, fault := reach.ParsePushKeys(keys)
	if fault != nil {
		return fault
	}
	at := now()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		c, err := tx.Contacts.ByAddress(ctx, audience.Push, address.Key())
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil || !c.EndedAt.IsZero() || subtle.ConstantTimeCompare([]byte(c.Keys), []byte(parsed.String())) != 1 {
			return err
		}
		before := choice(c)
		c.EndedAt = at
		if err := tx.Contacts.Save(ctx, c); err != nil {
			return err
		}
		return d.audit(ctx, tx, at, "unsubscribe", string(c.ID), before, choice(c))
	})
}
