package duty

import (
	"context"
	"errors"
	"slices"
	"time"

	"candor/audience"
	"candor/id"
	"candor/promise"
	"candor/reach"
	"candor/staff"
	"candor/store"
)

// timersAtOnce bounds one transaction: after a long night down, acts still get in between.
const timersAtOnce = 200

// FireTimers does everything whose time has come: reminds of promises, begins and ends maintenances. A timer fires in the transaction of its
// effect, so once on however many nodes; never early; and after a night down, at the start.
func (d *Duty) FireTimers(ctx context.Context) (more bool, err error) {
	defer wrap(&err, "fire timers")
	if waiting, err := d.timersWait(ctx); err != nil || waiting {
		return false, err
	}
	reminded, err := d.remind(ctx)
	if err != nil {
		return false, err
	}
	moved, err := d.moveMaintenances(ctx)
	if reminded+moved > 0 {
		d.Wake() // there are announcements to plan
	}
	return reminded == timersAtOnce, err
}

// timersWait looks, without getting in any writer's way, whether nothing is due yet: most seconds of most days.
func (d *Duty) timersWait(ctx context.Context) (waiting bool, err error) {
	err = d.DB.Read(ctx, func(tx *store.Tx) error {
		next, err := tx.Timers.Next(ctx)
		waiting = next.IsZero() || next.After(now())
		return err
	})
	return waiting, err
}

// remind turns due reminders of promises into announcements to the people who made them.
func (d *Duty) remind(ctx context.Context) (fired int, err error) {
	at := now()
	err = d.DB.Batch(ctx, func(tx *store.Tx) error {
		timers, err := tx.Timers.Claim(ctx, at, string(promise.Before), string(promise.AtDue), timersAtOnce)
		if err != nil {
			return err
		}
		fired = len(timers)
		for _, t := range timers {
			reason, err := remindOf(ctx, tx, id.Promise(t.Object), promise.Step(t.Step), at)
			if err != nil {
				return err
			}
			if err := tx.Timers.Reason(ctx, t, reason); err != nil {
				return err
			}
		}
		return nil
	})
	return fired, err
}

// remindOf says to the promiser, and at the deadline to the incident's lead too, what is due.
func remindOf(ctx context.Context, tx *store.Tx, x id.Promise, step promise.Step, at time.Time) (reason string, err error) {
	p, err := tx.Promises.ByID(ctx, x)
	if err != nil {
		return "", err
	}
	fire, reason := promise.Fire(p, step, at)
	if !fire {
		return reason, nil
	}
	i, err := tx.Incidents.ByID(ctx, p.Incident)
	if err != nil {
		return "", err
	}
	kind, people := reach.OnDueSoon, []id.Person{p.Promiser}
	if step == promise.AtDue {
		kind, people = reach.OnDue, []id.Person{p.Promiser, i.Lead}
	}
	slices.Sort(people)
	for _, person := range slices.Compact(people) {
		if person == "" {
			continue
		}
		if err := tx.Announcements.Add(ctx, reach.Announcement{
			ID: id.New[id.Announcement](at), Kind: kind, Incident: p.Incident, Update: p.Update, Promise: p.ID,
			Target: audience.Target{Person: person}, Priority: reach.Urgent, AsOf: at,
		}); err != nil {
			return "", err
		}
	}
	return reason, nil
}

// A rest is how long a timer whose act failed is left alone: a second at first, a minute at most, so that what cannot be done fills no log.
type rest struct {
	until time.Time
	wait  time.Duration
}

func (r rest) after(at time.Time) bool { return r.until.After(at) }

func (r rest) longer(at time.Time) rest {
	wait := min(max(time.Second, 2*r.wait), time.Minute)
	return rest{at.Add(wait), wait}
}

// moveMaintenances hands each due timer of a maintenance to the desk, one transaction each: one that cannot be done does not stop the rest.
func (d *Duty) moveMaintenances(ctx context.Context) (moved int, err error) {
	var due []store.Timer
	err = d.DB.Read(ctx, func(tx *store.Tx) (err error) {
		due, err = tx.Timers.Due(ctx, now(), timersAtOnce)
		return err
	})
	if err != nil {
		return 0, err
	}
	var faults []error
	ctx = staff.As(ctx, staff.Actor{System: "duty"})
	for _, t := range due {
		if t.Step == string(promise.Before) || t.Step == string(promise.AtDue) {
			continue // another node has it, or it came due since
		}
		if d.rested[t.Object+t.Step].after(now()) {
			continue
		}
		if err := d.Desk.ByTheClock(ctx, t); err != nil {
			d.rested[t.Object+t.Step] = d.rested[t.Object+t.Step].longer(now())
			faults = append(faults, err)
			continue
		}
		delete(d.rested, t.Object+t.Step)
		moved++
	}
	return moved, errors.Join(faults...)
}
