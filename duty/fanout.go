package duty

import (
	"context"
	"errors"
	"time"

	"candor/audience"
	"candor/id"
	"candor/reach"
	"candor/store"
)

// chunk is how many contacts are planned in one transaction: 5,000 rows would hold SQLite's only writer for 120 ms, with 1,000 acts and
// results still get through.
const chunk = 1000

// FanOut plans one chunk of the most urgent announcement: its rows and the cursor behind them are one transaction, so a kill at any
// instant repeats a chunk that left nothing behind. The next chunk looks again what is most urgent: a first word overtakes the planning of
// a bulk announcement, too.
func (d *Duty) FanOut(ctx context.Context) (more bool, err error) {
	defer wrap(&err, "plan announcements")
	added := 0
	err = d.DB.Batch(ctx, func(tx *store.Tx) error {
		more, added = false, 0
		a, err := tx.Announcements.TakeUnplanned(ctx)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		more = true
		at := now()
		rows, cursor, done, err := d.plan(ctx, tx, a, at)
		if err != nil {
			return err
		}
		if added, err = tx.Deliveries.Plan(ctx, rows); err != nil {
			return err
		}
		d.Failpoint("plan")
		if !done {
			return tx.Announcements.Advance(ctx, a, cursor, time.Time{})
		}
		return tx.Announcements.Advance(ctx, a, cursor, at)
	})
	if err == nil && added > 0 {
		d.deliverer.wake()
	}
	return more, err
}

// plan answers the next rows of an announcement and how far they reach.
func (d *Duty) plan(ctx context.Context, tx *store.Tx, a reach.Announcement, at time.Time) (rows []reach.Delivery, cursor id.Contact, done bool, err error) {
	if !a.Target.Everyone {
		rows, err := d.planOne(ctx, tx, a, at)
		return rows, "", true, err
	}
	contacts, err := tx.Contacts.Chunk(ctx, a.Cursor, a.AsOf, chunk)
	if err != nil || len(contacts) == 0 {
		return nil, a.Cursor, true, err
	}
	groups, err := groupsOf(ctx, tx, a.Target)
	if err != nil {
		return nil, "", false, err
	}
	for _, c := range contacts {
		if a.Target.Includes(c, groups) {
			rows = append(rows, planned(a, c.Channel, c.Address, at, func(x *reach.Delivery) { x.Contact, x.Language = c.ID, c.Language }))
		}
	}
	return rows, contacts[len(contacts)-1].ID, len(contacts) < chunk, nil
}

func groupsOf(ctx context.Context, tx *store.Tx, t audience.Target) (map[id.Component]id.Component, error) {
	groups := map[id.Component]id.Component{}
	for _, x := range t.Components {
		c, err := tx.Components.ByID(ctx, x)
		if err != nil {
			return nil, err
		}
		if c.GroupID != "" {
			groups[x] = c.GroupID
		}
	}
	return groups, nil
}

// planOne plans an audience of one: a contact, one of us, or a bare address.
func (d *Duty) planOne(ctx context.Context, tx *store.Tx, a reach.Announcement, at time.Time) ([]reach.Delivery, error) {
	t := a.Target
	switch {
	case t.Contact != "":
		c, err := tx.Contacts.ByID(ctx, t.Contact)
		if err != nil {
			return d.nobody(a, err)
		}
		return []reach.Delivery{planned(a, c.Channel, c.Address, at, func(x *reach.Delivery) { x.Contact, x.Language = c.ID, c.Language })}, nil
	case t.Person != "":
		p, err := tx.People.ByID(ctx, t.Person)
		if err != nil {
			return d.nobody(a, err)
		}
		if !p.Active() || p.Mail == "" {
			return nil, nil
		}
		return []reach.Delivery{planned(a, "email", audience.Address(p.Mail), at, func(x *reach.Delivery) { x.Language = p.Language })}, nil
	case t.Address != "":
		return []reach.Delivery{planned(a, "email", t.Address, at, func(x *reach.Delivery) { x.Language = t.Language })}, nil
	}
	return nil, nil
}

// nobody ends an announcement to somebody who is not there, so that it does not stop the ones behind it.
func (d *Duty) nobody(a reach.Announcement, err error) ([]reach.Delivery, error) {
	if errors.Is(err, store.ErrNotFound) {
		d.Log.Warn("an announcement is for nobody we know", "announcement", a.ID)
		return nil, nil
	}
	return nil, err
}

func planned(a reach.Announcement, channel string, to audience.Address, at time.Time, who func(*reach.Delivery)) reach.Delivery {
	x := reach.Delivery{ID: id.New[id.Delivery](at), Announcement: a.ID, Channel: channel, Address: to, Priority: a.Priority, State: reach.Planned, PlannedAt: at}
	who(&x)
	return x
}
