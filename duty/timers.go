package duty

import (
	"context"
	"errors"
	"time"

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
	reminded, err := d.remind(ctx, now())
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
