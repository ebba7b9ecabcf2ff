package desk

import (
	"context"
	"errors"
	"time"

	"candor/audience"
	"candor/id"
	"candor/problem"
	"candor/reach"
	"candor/store"
)

// An Owner is whoever holds a contact's own link: one person, with all the accounts that the contact belongs to.
type Owner struct {
	Contact  audience.Contact
	Accounts []id.Customer
}

// wrongLink is the one answer to a forged token, to one that was never given out, and to what belongs to somebody else (B9).
var wrongLink = problem.New(problem.NotFound, "problem.link")

// OwnerByToken finds whose page a token opens; it changes nothing (B5).
func (d *Desk) OwnerByToken(ctx context.Context, token string) (o Owner, err error) {
	defer wrap(&err, "open a page of one's own")
	secret, err := d.linkSecret(ctx)
	if err != nil {
		return o, err
	}
	if _, ok := audience.Open(secret, audience.ToReach, token); !ok {
		return o, wrongLink
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		o, err = ownerOf(ctx, tx, token)
		return err
	})
	return o, err
}

func ownerOf(ctx context.Context, tx *store.Tx, token string) (o Owner, err error) {
	secret, err := tx.Instance.Secret(ctx, store.LinkSecret)
	if err != nil {
		return o, err
	}
	if o.Contact, err = byToken(ctx, tx, secret, audience.ToReach, token); err != nil {
		return o, err
	}
	if o.Accounts, err = tx.Customers.Sharing(ctx, o.Contact.ID); err == nil && len(o.Accounts) == 0 {
		err = wrongLink
	}
	return o, err
}

// perOwner is how often a page of one's own can be made to act: more than any person presses, few enough that nothing else waits.
var perOwner = limit{"own page", time.Hour, 60}

// byOwner is the one way a page of one's own acts. A wrong token is refused before anything is counted or written.
func (d *Desk) byOwner(ctx context.Context, token string, act func(*store.Tx, Owner, time.Time) error) error {
	at := now()
	o, err := d.OwnerByToken(ctx, token)
	if err != nil {
		return err
	}
	allowed, err := d.take(ctx, perOwner, string(o.Contact.Code), at)
	if err != nil {
		return err
	}
	if !allowed {
		return problem.New(problem.TooMany, "problem.busy")
	}
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		o, err := ownerOf(ctx, tx, token)
		if err != nil {
			return err
		}
		return act(tx, o, at)
	})
	if err == nil {
		d.wake()
	}
	return err
}

// concerned are the owner's accounts that a public incident affects.
func (o Owner) concerned(ctx context.Context, tx *store.Tx, i id.Incident) (all []reach.Affected, err error) {
	for _, c := range o.Accounts {
		x, err := tx.Affected.Of(ctx, i, c)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		all = append(all, x)
	}
	if len(all) == 0 {
		return nil, wrongLink
	}
	return all, nil
}
