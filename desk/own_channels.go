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
	"candor/reach"
	"candor/store"
)

// An OwnChannel is one of the addresses we reach an owner's accounts at, and how it stands.
type OwnChannel struct {
	audience.Contact
	Stop      audience.SuppressionReason // why nothing goes there; empty if something may
	This      bool                       // the link was sent there
	MayStop   bool
	MayResume bool
	owned     bool // by nobody but the owner of the page
}

const (
	actStop     = "channel stop"
	actResume   = "channel resume"
	actLanguage = "contact language"
	// mostOwned is how many accounts are looked at for their addresses; a reseller's page would never end.
	mostOwned = 25
)

// OwnChannels are the addresses of an owner's accounts, in their order of preference. An address that somebody else's account has too is
// shown and left alone. What was stopped is resumed by who reads it, or on the page it was stopped on: nobody lifts another person's STOP.
func OwnChannels(ctx context.Context, tx *store.Tx, o Owner) (all []OwnChannel, err error) {
	seen := map[id.Contact]bool{}
	for _, account := range o.Accounts[:min(len(o.Accounts), mostOwned)] {
		contacts, err := tx.Customers.ContactsOf(ctx, account)
		if err != nil {
			return nil, err
		}
		for _, c := range contacts {
			if seen[c.ID] {
				continue
			}
			seen[c.ID] = true
			own, err := o.channel(ctx, tx, c)
			if err != nil {
				return nil, err
			}
			all = append(all, own)
		}
	}
	return all, nil
}

func (o Owner) channel(ctx context.Context, tx *store.Tx, c audience.Contact) (own OwnChannel, err error) {
	own = OwnChannel{Contact: c, This: c.ID == o.Contact.ID}
	sharing, err := tx.Customers.Sharing(ctx, c.ID)
	if err != nil {
		return own, err
	}
	own.owned = own.This || !slices.ContainsFunc(sharing, func(x id.Customer) bool { return !slices.Contains(o.Accounts, x) })
	own.Stop, err = tx.Suppressions.Of(ctx, c.Channel, c.Address.Key())
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return own, err
	}
	if own.Stop == "" && !c.EndedAt.IsZero() {
		own.Stop = audience.OptedOut
	}
	own.MayStop = own.owned && own.Stop == ""
	own.MayResume = own.This && own.Stop == audience.OptedOut
	if own.owned && own.Stop == audience.OptedOut && !own.This && c.EndedAt.IsZero() {
		own.MayResume, err = stoppedHere(ctx, tx, c.ID)
		return own, err
	}
	return own, nil
}

// stoppedHere reports whether a channel was last stopped on a page of one's own, and not by who reads it.
func stoppedHere(ctx context.Context, tx *store.Tx, x id.Contact) (bool, error) {
	lines, err := tx.Audit.Of(ctx, string(x), store.AuditLine{}, 20)
	for _, l := range lines {
		if l.Act != actLanguage {
			return l.Act == actStop, err
		}
	}
	return false, err
}

// StopChannel ends what we send to one of an owner's addresses; safe to repeat.
func (d *Desk) StopChannel(ctx context.Context, token string, code id.Code) (err error) {
	defer wrap(&err, "stop a channel")
	return d.byOwner(ctx, token, func(tx *store.Tx, o Owner, at time.Time) error {
		c, err := o.ownChannel(ctx, tx, code)
		if err != nil || c.Stop != "" {
			return err
		}
		if !c.MayStop {
			return wrongLink
		}
		if err := tx.Suppressions.Add(ctx, c.Channel, c.Address.Key(), audience.OptedOut, at); err != nil {
			return err
		}
		if err := o.rouse(ctx, tx, at); err != nil {
			return err
		}
		return d.audit(ctx, tx, at, actStop, string(c.ID), nil, by{o.Contact.ID})
	})
}

// ResumeChannel undoes it. A subscription that had ended stays ended: what resumes is what we owe a customer.
func (d *Desk) ResumeChannel(ctx context.Context, token string, code id.Code) (err error) {
	defer wrap(&err, "resume a channel")
	return d.byOwner(ctx, token, func(tx *store.Tx, o Owner, at time.Time) error {
		c, err := o.ownChannel(ctx, tx, code)
		if err != nil || c.Stop == "" {
			return err
		}
		if !c.MayResume {
			return problem.New(problem.Conflict, "problem.channel.resume")
		}
		if err := tx.Suppressions.Lift(ctx, c.Channel, c.Address.Key(), audience.OptedOut); err != nil {
			return err
		}
		if !c.EndedAt.IsZero() {
			whole, err := tx.Contacts.ByID(ctx, c.ID) // with the components it chose
			if err != nil {
				return err
			}
			whole.EndedAt, whole.ConfirmedAt, whole.LastAskedAt, whole.Asked = time.Time{}, time.Time{}, time.Time{}, 0
			if err := tx.Contacts.Save(ctx, whole); err != nil {
				return err
			}
		}
		if err := o.rouse(ctx, tx, at); err != nil {
			return err
		}
		return d.audit(ctx, tx, at, actResume, string(c.ID), nil, by{o.Contact.ID})
	})
}

// by names in the audit whose link was used.
type by struct {
	By id.Contact `json:"by"`
}

func (o Owner) ownChannel(ctx context.Context, tx *store.Tx, code id.Code) (OwnChannel, error) {
	all, err := OwnChannels(ctx, tx, o)
	if err != nil {
		return OwnChannel{}, err
	}
	at := slices.IndexFunc(all, func(c OwnChannel) bool { return c.Code == code })
	if at < 0 {
		return OwnChannel{}, wrongLink
	}
	return all[at], nil
}

// rouse makes it time to decide again about the accounts: there is a way less to reach them, or one more.
func (o Owner) rouse(ctx context.Context, tx *store.Tx, at time.Time) error {
	for _, c := range o.Accounts[:min(len(o.Accounts), mostOwned)] {
		all, err := tx.Affected.OfCustomer(ctx, c)
		if err != nil {
			return err
		}
		for _, x := range all {
			if x.NextAt.IsZero() && x.Ended != reach.EndOptedOut {
				continue
			}
			x.NextAt = at
			if err := tx.Affected.Save(ctx, x); err != nil {
				return err
			}
		}
	}
	return nil
}

// Speak changes the language of what we send to an owner: to the address the link was sent to, to those that are nobody else's, and to the
// accounts that name it first.
func (d *Desk) Speak(ctx context.Context, token string, language lang.Tag) (err error) {
	defer wrap(&err, "change an owner's language")
	if !language.Known() {
		return problem.Field("language", "problem.choice")
	}
	return d.byOwner(ctx, token, func(tx *store.Tx, o Owner, at time.Time) error {
		s, _, err := tx.Settings.Load(ctx)
		if err != nil {
			return err
		}
		if !slices.Contains(s.Languages, language) {
			return problem.Field("language", "problem.choice")
		}
		channels, err := OwnChannels(ctx, tx, o)
		if err != nil {
			return err
		}
		changed := false
		for _, c := range channels {
			if !c.owned || c.Language == language {
				continue
			}
			changed = true
			whole, err := tx.Contacts.ByID(ctx, c.ID) // with the components it chose
			if err != nil {
				return err
			}
			whole.Language = language
			if err := tx.Contacts.Save(ctx, whole); err != nil {
				return err
			}
		}
		for _, x := range o.Accounts {
			contacts, err := tx.Customers.ContactsOf(ctx, x)
			if err != nil {
				return err
			}
			if len(contacts) == 0 || contacts[0].ID != o.Contact.ID {
				continue
			}
			another, err := tx.Customers.Speak(ctx, x, language, at)
			if err != nil {
				return err
			}
			changed = changed || another
		}
		if !changed {
			return nil
		}
		return d.audit(ctx, tx, at, actLanguage, string(o.Contact.ID), o.Contact.Language, language)
	})
}
