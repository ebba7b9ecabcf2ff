package duty

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"candor/audience"
	"candor/id"
	"candor/incident"
	"candor/reach"
	"candor/store"
)

// chunk is how many contacts are planned in one transaction: 5,000 rows would hold SQLite's only writer for 120 ms, with 2,000 acts and
// results still get through.
const chunk = 2000

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
		next, err := d.plan(ctx, tx, a, at)
		if err != nil {
			return err
		}
		rooms, err := planRooms(ctx, tx, a, at)
		if err != nil {
			return err
		}
		if added, err = planAll(ctx, tx, append(next.rows, rooms...)); err != nil {
			return err
		}
		added += next.added
		d.Failpoint("plan")
		if !next.done {
			return tx.Announcements.Advance(ctx, a, next.cursor, time.Time{})
		}
		return tx.Announcements.Advance(ctx, a, next.cursor, at)
	})
	if err == nil && added > 0 {
		d.deliverer.wake()
	}
	return more, err
}

// A portion is the next part of an announcement's audience.
type portion struct {
	rows   []reach.Delivery // to be added
	added  int              // that the store has made already
	cursor string           // how far they reach
	done   bool
}

// plan answers the next portion of an announcement.
func (d *Duty) plan(ctx context.Context, tx *store.Tx, a reach.Announcement, at time.Time) (next portion, err error) {
	switch {
	case a.Target.Heard != "" && !strings.HasPrefix(a.Cursor, "dlv_"):
		next.cursor, err = d.reopen(ctx, tx, a)
		return next, err
	case a.Target.Heard != "":
		return d.planHeard(ctx, tx, a, at)
	case a.Target.Asked != "":
		rows, err := planAsked(ctx, tx, a, at)
		return portion{rows: rows, done: true}, err
	case a.Target.Offered != "":
		return planOffered(ctx, tx, a, at)
	case !a.Target.Everyone:
		rows, err := d.planOne(ctx, tx, a, at)
		return portion{rows: rows, done: true}, err
	case a.Target.Customers && !strings.HasPrefix(a.Cursor, startOfContacts):
		next, err = d.planCustomers(ctx, tx, a, at)
		next.done = a.Target.Added && next.cursor == startOfContacts
		return next, err
	}
	return d.planSubscribers(ctx, tx, a, at)
}

// planSubscribers plans who subscribed. A customer's address that subscribes too has its message already, and keeps it.
func (d *Duty) planSubscribers(ctx context.Context, tx *store.Tx, a reach.Announcement, at time.Time) (next portion, err error) {
	contacts, last, done, err := tx.Contacts.Subscribers(ctx, id.Contact(a.Cursor), a.AsOf, chunk)
	next.cursor, next.done = string(last), done
	if err != nil || len(contacts) == 0 {
		return next, err
	}
	groups, err := groupsOf(ctx, tx, a.Target)
	if err != nil {
		return next, err
	}
	for _, c := range contacts {
		if a.Target.Includes(c, groups) {
			next.rows = append(next.rows, planned(a, c.Channel, c.Address, at, func(x *reach.Delivery) {
				x.Contact, x.Language = c.ID, c.Language
				if a.Target.Customers {
					x.Climb = 1 // as with customers, whose first rung it is
				}
			}))
		}
	}
	return next, nil
}

// planCustomers notes which of the next customers the incident affects, and plans for each their first contact on every channel of the
// ladder's first rung. Customers come before subscribers: they are owed the word.
func (d *Duty) planCustomers(ctx context.Context, tx *store.Tx, a reach.Announcement, at time.Time) (next portion, err error) {
	look := d.assess
	if a.Target.Noted {
		look = d.planNoted
	}
	after, last, done, err := look(ctx, tx, a)
	if err != nil {
		return next, err
	}
	first, err := d.firstRung(ctx, tx, a)
	if err != nil {
		return next, err
	}
	if a.Target.Noted {
		first = unhurried(first)
	}
	var noted time.Time // Assess notes with AsOf
	if a.Target.Added {
		noted = a.AsOf
		if err := heardAlready(ctx, tx, a, after, last); err != nil {
			return next, err
		}
	}
	next.cursor = string(last)
	if done {
		next.cursor = startOfContacts
	}
	next.added, err = tx.Deliveries.PlanAffected(ctx, a, store.AffectedRange{Incident: a.Incident, After: after, UpTo: last, Since: noted}, first, at)
	return next, err
}

// heardAlready leaves out whom the word reached under another of their accounts: one person is told once. Where a list names accounts, that
// this one is on it is news by itself, and they are told that.
func heardAlready(ctx context.Context, tx *store.Tx, a reach.Announcement, after, last id.Customer) error {
	i, err := tx.Incidents.ByID(ctx, a.Incident)
	if err != nil || i.Audience == incident.Listed {
		return err
	}
	said, err := tx.Announcements.OfIncident(ctx, a.Incident)
	if err != nil {
		return err
	}
	for _, before := range said {
		if before.Update != a.Update || before.ID == a.ID || !before.Target.Customers || before.AsOf.After(a.AsOf) {
			continue
		}
		if err := tx.Affected.Heard(ctx, store.AffectedRange{Incident: a.Incident, After: after, UpTo: last, Since: a.AsOf}, before); err != nil {
			return err
		}
	}
	return nil
}

// planHeard plans those who were told the update, by the way they were told it: who did not get the wrong word needs no right one.
func (d *Duty) planHeard(ctx context.Context, tx *store.Tx, a reach.Announcement, at time.Time) (next portion, err error) {
	told, err := tx.Deliveries.Told(ctx, a.Target.Heard, id.Delivery(a.Cursor), chunk)
	if err != nil || len(told) == 0 {
		return portion{cursor: a.Cursor, done: true}, err
	}
	for _, t := range told {
		next.rows = append(next.rows, planned(a, t.Channel, t.Address, at, func(x *reach.Delivery) { x.Contact, x.Language = t.Contact, t.Language }))
	}
	next.cursor, next.done = string(told[len(told)-1].ID), len(told) < chunk
	return next, nil
}

// planAll names and appends rows, the channels one after another.
func planAll(ctx context.Context, tx *store.Tx, rows []reach.Delivery) (added int, err error) {
	if len(rows) == 0 {
		return 0, nil
	}
	for i, x := range id.Ascending[id.Delivery](rows[0].PlannedAt, len(rows)) {
		rows[i].ID = x
	}
	slices.SortStableFunc(rows, func(a, b reach.Delivery) int { return strings.Compare(a.Channel, b.Channel) })
	for len(rows) > 0 {
		end := slices.IndexFunc(rows, func(x reach.Delivery) bool { return x.Channel != rows[0].Channel })
		if end < 0 {
			end = len(rows)
		}
		n, err := tx.Deliveries.Plan(ctx, rows[:end])
		if err != nil {
			return added, err
		}
		added, rows = added+n, rows[end:]
	}
	return added, nil
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
	case t.Customer != "":
		contacts, err := tx.Customers.Addressees(ctx, []id.Customer{t.Customer})
		if err != nil || len(contacts) == 0 {
			return nil, err
		}
		c := contacts[0]
		return []reach.Delivery{planned(a, c.Channel, c.Address, at, func(x *reach.Delivery) { x.Contact, x.Language = c.ID, c.Language })}, nil
	case t.Contact != "":
		c, err := tx.Contacts.ByID(ctx, t.Contact)
		if err != nil {
			return d.nobody(a, err)
		}
		return []reach.Delivery{planned(a, c.Channel, c.Address, at, func(x *reach.Delivery) { x.Contact, x.Language = c.ID, cmp.Or(t.Language, c.Language) })}, nil
	case t.Person != "":
		p, err := tx.People.ByID(ctx, t.Person)
		if err != nil {
			return d.nobody(a, err)
		}
		if !p.Active() || p.Mail == "" {
			return nil, nil
		}
		rows := []reach.Delivery{planned(a, audience.Email, audience.Address(p.Mail), at, func(x *reach.Delivery) { x.Language = p.Language })}
		if (a.Kind == reach.OnCallIn || slices.Contains(t.Also, audience.SMS)) && p.Mobile != "" { // who is needed is asked by every way we have
			s, _, err := tx.Settings.Load(ctx)
			if err != nil {
				return nil, err
			}
			if slices.Contains(s.Channels(), audience.SMS) {
				rows = append(rows, planned(a, audience.SMS, audience.Address(p.Mobile), at, func(x *reach.Delivery) { x.Language = p.Language }))
			}
		}
		return rows, nil
	case t.Address != "":
		channel := audience.Email
		if t.Address.IsPhone() {
			channel = audience.SMS
		}
		return []reach.Delivery{planned(a, channel, t.Address, at, func(x *reach.Delivery) { x.Language = t.Language })}, nil
	}
	return nil, nil
}

// planAsked plans a sample, which is small enough for one transaction.
func planAsked(ctx context.Context, tx *store.Tx, a reach.Announcement, at time.Time) (rows []reach.Delivery, err error) {
	contacts, err := tx.Effects.Addressees(ctx, a.Target.Asked)
	for _, c := range contacts {
		rows = append(rows, planned(a, c.Channel, c.Address, at, func(x *reach.Delivery) { x.Contact, x.Language = c.ID, c.Language }))
	}
	return rows, err
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
	x := reach.Delivery{Announcement: a.ID, Channel: channel, Address: to, Priority: a.Priority, State: reach.Planned, PlannedAt: at}
	who(&x)
	return x
}
