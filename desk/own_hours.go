package desk

import (
	"context"
	"time"

	"candor/audience"
	"candor/id"
	"candor/lang"
	"candor/store"
)

const (
	actAnyHour = "any hour"
	actNights  = "quiet nights"
)

// AnyHour keeps that an owner wants to be rung at night too, for all their accounts, with the sentence they were shown as the proof of it. The
// company's ladder decides whether it heeds that.
func (d *Desk) AnyHour(ctx context.Context, token string, shown lang.Tag) (err error) {
	defer wrap(&err, "let an owner be rung at any hour")
	return d.byOwner(ctx, token, func(tx *store.Tx, o Owner, at time.Time) error {
		changed, err := o.hours(ctx, tx, at, at)
		if err != nil || len(changed) == 0 {
			return err
		}
		var agreed []audience.Consent
		for _, x := range changed {
			agreed = append(agreed, audience.Consent{Customer: x, Contact: o.Contact.ID, Text: lang.For(shown).T("site.me.hours.consent"), How: "own page", At: at})
		}
		if err := tx.Customers.Consent(ctx, agreed); err != nil {
			return err
		}
		return d.auditHours(ctx, tx, actAnyHour, o, changed, at)
	})
}

// QuietNights takes it back.
func (d *Desk) QuietNights(ctx context.Context, token string) (err error) {
	defer wrap(&err, "let an owner sleep")
	return d.byOwner(ctx, token, func(tx *store.Tx, o Owner, at time.Time) error {
		changed, err := o.hours(ctx, tx, time.Time{}, at)
		if err != nil {
			return err
		}
		return d.auditHours(ctx, tx, actNights, o, changed, at)
	})
}

// hours keeps since when the owner may be rung at night, and makes it time to decide again: a text may wait for the morning. It answers the
// accounts for which that is new.
func (o Owner) hours(ctx context.Context, tx *store.Tx, since, at time.Time) (changed []id.Customer, err error) {
	for _, x := range o.Accounts[:min(len(o.Accounts), mostOwned)] {
		another, err := tx.Customers.AnyHour(ctx, x, since, at)
		if err != nil {
			return nil, err
		}
		if another {
			changed = append(changed, x)
		}
	}
	if len(changed) == 0 {
		return nil, nil
	}
	return changed, o.rouse(ctx, tx, at)
}

func (d *Desk) auditHours(ctx context.Context, tx *store.Tx, act string, o Owner, changed []id.Customer, at time.Time) error {
	for _, x := range changed {
		if err := d.audit(ctx, tx, at, act, string(x), nil, by{o.Contact.ID}); err != nil {
			return err
		}
	}
	return nil
}
