package desk

import (
	"context"
	"errors"
	"slices"
	"time"

	"candor/audience"
	"candor/id"
	"candor/lang"
	"candor/problem"
	"candor/store"
)

// An owner may name a mobile to be texted at. Who types numbers can make us write to strangers, so nothing but a code is sent there until
// somebody who reads it has typed it back here.

const actMobile = "channel add"

// AskMobile texts a code to a number that an owner says is theirs, and answers the name by which AddMobile knows it.
func (d *Desk) AskMobile(ctx context.Context, token string, in CodeRequest) (sent id.Announcement, err error) {
	defer wrap(&err, "ask whether a mobile is an owner's")
	o, err := d.OwnerByToken(ctx, token)
	if err != nil {
		return "", err
	}
	allowed, err := d.take(ctx, perOwner, string(o.Contact.Code), now())
	if err != nil {
		return "", err
	}
	if !allowed {
		return "", problem.New(problem.TooMany, "problem.busy")
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		s, _, err := tx.Settings.Load(ctx)
		if err != nil {
			return err
		}
		phone, err := d.mayText(s, in)
		if err != nil {
			return err
		}
		return o.mayAdd(ctx, tx, phone)
	})
	if err != nil {
		return "", err
	}
	in.Language = o.Contact.Language
	return d.SendCode(ctx, in)
}

// mayAdd refuses what is theirs already, and what nothing is sent to. Of a number that is not theirs it says no more than that no code goes
// there: whether its reader told us to stop is not for others to know.
func (o Owner) mayAdd(ctx context.Context, tx *store.Tx, phone audience.Address) error {
	channels, err := OwnChannels(ctx, tx, o)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(channels, func(c OwnChannel) bool { return c.Channel == audience.SMS && c.Address.Key() == phone.Key() })
	if at >= 0 && channels[at].Stop == audience.OptedOut {
		return problem.New(problem.Conflict, "problem.channel.resume")
	}
	if at >= 0 && channels[at].Stop == "" {
		return problem.Field("phone", "problem.number.yours")
	}
	if _, err := tx.Suppressions.Of(ctx, audience.SMS, phone.Key()); !errors.Is(err, store.ErrNotFound) {
		if err == nil {
			err = codeLimit
		}
		return err
	}
	_, err = o.withRoom(ctx, tx, phone)
	return err
}

// AddMobile keeps the number that a code proves, for every account of the owner's, with what they agreed to.
func (d *Desk) AddMobile(ctx context.Context, token string, sent id.Announcement, code string, shown lang.Tag) (err error) {
	defer wrap(&err, "add an owner's mobile")
	if _, err := d.OwnerByToken(ctx, token); err != nil {
		return err // before a code is used up
	}
	phone, err := d.CheckCode(ctx, sent, code)
	if err != nil {
		return err
	}
	return d.byOwner(ctx, token, func(tx *store.Tx, o Owner, at time.Time) error {
		accounts, err := o.withRoom(ctx, tx, phone)
		if err != nil || len(accounts) == 0 {
			return err
		}
		kept, err := tx.Contacts.Ensure(ctx, []audience.Contact{{Channel: audience.SMS, Address: phone, Language: o.Contact.Language, CreatedAt: at}})
		if err != nil {
			return err
		}
		var agreed []audience.Consent
		for _, c := range accounts {
			c.Contacts, c.UpdatedAt = append(c.Contacts, kept[0]), at
			if err := tx.Customers.Save(ctx, c); err != nil {
				return err
			}
			agreed = append(agreed, audience.Consent{Customer: c.ID, Contact: kept[0].ID, Text: lang.For(shown).T("site.me.mobile.consent"), How: "own page", At: at})
		}
		if err := tx.Customers.Consent(ctx, agreed); err != nil {
			return err
		}
		if err := o.rouse(ctx, tx, at); err != nil {
			return err
		}
		return d.audit(ctx, tx, at, actMobile, string(kept[0].ID), nil, by{o.Contact.ID})
	})
}

// withRoom are the owner's accounts that do not have the number yet and have room for one more address; none of either is a refusal only where
// all are full.
func (o Owner) withRoom(ctx context.Context, tx *store.Tx, phone audience.Address) (all []audience.Customer, err error) {
	full := 0
	accounts := o.Accounts[:min(len(o.Accounts), mostOwned)]
	for _, x := range accounts {
		c, err := tx.Customers.ByID(ctx, x)
		if err != nil {
			return nil, err
		}
		switch {
		case slices.ContainsFunc(c.Contacts, func(k audience.Contact) bool { return k.Channel == audience.SMS && k.Address.Key() == phone.Key() }):
		case len(c.Contacts) >= mostNumbers:
			full++
		default:
			all = append(all, c)
		}
	}
	if full == len(accounts) {
		return nil, problem.Field("phone", "problem.number.full", "most", mostNumbers)
	}
	return all, nil
}
