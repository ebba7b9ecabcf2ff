package duty

import (
	"context"
	"time"

	"candor/component"
	"candor/id"
	"candor/reach"
	"candor/settings"
	"candor/store"
)

// startOfContacts is the cursor between the two halves of planning: every customer has been looked at, no subscriber has.
const startOfContacts = "con_"

// startOfDeliveries is the same for a correction, which goes to those who were told.
const startOfDeliveries = "dlv_"

// assess notes which of the next customers the incident affects, and answers after whom it looked and how far. A later word about more
// components adds customers; nobody is taken off, because they were affected.
func (d *Duty) assess(ctx context.Context, tx *store.Tx, a reach.Announcement) (after, last id.Customer, done bool, err error) {
	after = id.Customer(a.Cursor)
	i, err := tx.Incidents.ByID(ctx, a.Incident)
	if err != nil {
		return after, "", false, err
	}
	all, err := tx.Components.All(ctx)
	if err != nil {
		return after, "", false, err
	}
	ladder, err := ladderOf(ctx, tx, a.Incident)
	if err != nil {
		return after, "", false, err
	}
	var broken []id.Component
	for _, x := range i.Affected {
		if x.Status != component.Operational {
			broken = append(broken, x.Component)
		}
	}
	last, done, err = tx.Affected.Assess(ctx, store.Assessment{
		Incident: a.Incident, Audience: i.Audience, Components: component.Touched(all, broken),
		From: i.StartedAt, AsOf: a.AsOf, NextAt: a.AsOf.Add(firstLook(ladder)),
	}, after, chunk)
	if err == nil && a.Target.Reopens {
		err = tx.Affected.Reopen(ctx, a.Incident, a.AsOf.Add(firstLook(ladder)), after, last)
	}
	if err == nil && done {
		err = askRation(ctx, tx, a.Incident)
	}
	if err == nil && !i.Open() {
		err = tx.Affected.RouseAll(ctx, a.Incident, now(), after, last)
	}
	return after, last, done, err
}

// askRation has the budget handed out once everybody whom the incident affects is known; without a budget there is nothing to hand out.
func askRation(ctx context.Context, tx *store.Tx, x id.Incident) error {
	s, _, err := tx.Settings.Load(ctx)
	if _, limited := reach.BudgetOf(s); err != nil || !limited {
		return err
	}
	return tx.Affected.AskRation(ctx, x, now())
}

// reopen makes it time, chunk by chunk, to climb again for everybody whom the incident affects: what they acknowledged was wrong.
func (d *Duty) reopen(ctx context.Context, tx *store.Tx, a reach.Announcement) (cursor string, err error) {
	ladder, err := ladderOf(ctx, tx, a.Incident)
	if err != nil {
		return "", err
	}
	page, err := tx.Affected.Page(ctx, a.Incident, id.Customer(a.Cursor), chunk)
	if err != nil || len(page) == 0 {
		return startOfDeliveries, err
	}
	last := page[len(page)-1].Customer
	return string(last), tx.Affected.Reopen(ctx, a.Incident, a.AsOf.Add(firstLook(ladder)), id.Customer(a.Cursor), last)
}

func ladderOf(ctx context.Context, tx *store.Tx, x id.Incident) (settings.Ladder, error) {
	i, err := tx.Incidents.ByID(ctx, x)
	if err != nil {
		return settings.Ladder{}, err
	}
	s, _, err := tx.Settings.Load(ctx)
	return s.Ladder(i.Kind, i.Impact), err
}

// firstLook is when the second rung may begin; until then there is nothing to decide about anybody but those whose mail came back.
func firstLook(l settings.Ladder) time.Duration {
	for _, r := range l.Rungs {
		if r.After > 0 {
			return r.After
		}
	}
	return time.Minute
}

// firstRung are the channels that go at once.
func (d *Duty) firstRung(ctx context.Context, tx *store.Tx, a reach.Announcement) (channels []string, err error) {
	if !a.Target.Customers {
		return nil, nil
	}
	ladder, err := ladderOf(ctx, tx, a.Incident)
	for n, r := range ladder.Rungs {
		if n > 0 && r.After > 0 {
			break
		}
		channels = append(channels, r.Channel)
	}
	return channels, err
}
