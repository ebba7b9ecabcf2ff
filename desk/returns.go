package desk

import (
	"context"
	"time"

	"candor/reach"
	"candor/staff"
	"candor/store"
)

var (
	// perReturns and perHeldBack bound how often owners are told; perHold lets Candor hold back an announcement once: a person who lets it go
	// on has decided.
	perReturns  = limit{"returns alarm", 24 * time.Hour, 1}
	perHeldBack = limit{"held back alarm", time.Hour, 1}
	perHold     = limit{"hold back", 30 * 24 * time.Hour, 1}
)

// MindReturns looks at what came back of the last day's letters. From a bounce rate of 2 % on it tells the owners, once a day; from 5 % on it
// holds back what can wait, until a person lets it go on. Complaints count the same, from far lower shares on (reach.Returns). A first word
// always goes.
func (d *Desk) MindReturns(ctx context.Context) (err error) {
	defer wrap(&err, "mind what comes back")
	if err := need(ctx, staff.Say); err != nil {
		return err
	}
	at := now()
	var r reach.Returns
	var waiting []reach.Announcement
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		if r, err = tx.Deliveries.Returned(ctx, at.Add(-reach.ReturnsWindow)); err != nil || !r.Halting() {
			return err
		}
		waiting, err = tx.Announcements.CanWait(ctx, at.Add(-reach.Patience))
		return err
	})
	if err != nil || !r.Alarming() {
		return err
	}
	if err := d.alarmed(ctx, r, at); err != nil {
		return err
	}
	return d.holdWaiting(ctx, r, waiting, at)
}

func (d *Desk) alarmed(ctx context.Context, r reach.Returns, at time.Time) error {
	first, err := d.take(ctx, perReturns, "", at)
	if err != nil || !first {
		return err
	}
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		if err := tellOwners(ctx, tx, reach.OnReturns, at); err != nil {
			return err
		}
		return d.audit(ctx, tx, at, "returns alarm", "mail", nil, r)
	})
	d.wake()
	return err
}

// holdWaiting holds back each announcement that Candor has not held back before.
func (d *Desk) holdWaiting(ctx context.Context, r reach.Returns, waiting []reach.Announcement, at time.Time) error {
	held := 0
	for _, a := range waiting {
		first, err := d.take(ctx, perHold, string(a.ID), at)
		if err != nil {
			return err
		}
		if !first {
			continue
		}
		err = d.db.Write(ctx, func(tx *store.Tx) error {
			paused, err := tx.Announcements.Pause(ctx, a.ID, at)
			if err != nil || !paused {
				return err
			}
			return d.audit(ctx, tx, at, "hold back announcement", string(a.ID), nil, r)
		})
		if err != nil {
			return err
		}
		held++
	}
	if held == 0 {
		return nil
	}
	first, err := d.take(ctx, perHeldBack, "", at)
	if err != nil || !first {
		return err
	}
	err = d.db.Write(ctx, func(tx *store.Tx) error { return tellOwners(ctx, tx, reach.OnHeldBack, at) })
	d.wake()
	return err
}
