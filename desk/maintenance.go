package desk

import (
	"context"
	"time"

	"candor/id"
	"candor/incident"
	"candor/problem"
	"candor/reach"
	"candor/staff"
	"candor/store"
)

// setMaintenanceTimers winds up what the clock owes a maintenance, and stops it once there is nothing left to do by itself.
func (s *saying) setMaintenanceTimers(ctx context.Context) error {
	i := s.incident
	if i.Kind != incident.Maintenance {
		return nil
	}
	moved := s.isNew || s.before.Visibility == incident.Draft || !i.Window.From.Equal(s.before.Window.From) ||
		!i.Window.Until.Equal(s.before.Window.Until) || i.Window.AutoStart != s.before.Window.AutoStart || i.Window.AutoEnd != s.before.Window.AutoEnd
	if !moved && i.Open() {
		return nil
	}
	if err := s.tx.Timers.Cancel(ctx, string(i.ID), "its window changed or it is over", s.at); err != nil || !i.Open() {
		return err
	}
	for _, t := range i.Window.Timers(s.at) {
		if t.Step != incident.StepEnd && i.Status != incident.Scheduled {
			continue
		}
		if err := s.tx.Timers.Set(ctx, store.Timer{Object: string(i.ID), Step: string(t.Step), At: t.At}); err != nil {
			return err
		}
	}
	return nil
}

// ByTheClock does what a timer of a maintenance says: begins it, ends it, or reminds subscribers of it. It is duty's, and happens once
// however many nodes call it.
func (d *Desk) ByTheClock(ctx context.Context, t store.Timer) (err error) {
	defer wrap(&err, "%s %s by the clock", t.Step, t.Object)
	if staff.Acting(ctx).System == "" {
		return problem.New(problem.Forbidden, "problem.forbidden")
	}
	if t.Step == stepHold {
		return d.holdByTheClock(ctx, t)
	}
	if t.Step == stepCallIn {
		return d.callInByTheClock(ctx, t)
	}
	return d.act(ctx, func(tx *store.Tx, at time.Time) error {
		mine, err := tx.Timers.Fire(ctx, t, at)
		if err != nil || !mine {
			return err
		}
		s, err := d.startSaying(ctx, tx, onceKey(ctx, "clock", ""), at)
		if err != nil {
			return err
		}
		if err := s.about(ctx, id.Incident(t.Object)); err != nil {
			return err
		}
		reason, err := s.step(ctx, incident.Step(t.Step))
		if err != nil {
			return err
		}
		return tx.Timers.Reason(ctx, t, reason)
	})
}

func (s *saying) step(ctx context.Context, step incident.Step) (reason string, err error) {
	if step.Reminder() {
		still, reason := s.incident.Upcoming(s.at)
		if !still {
			return reason, nil
		}
		return reason, s.tx.Announcements.Add(ctx, reach.Announcement{
			ID: id.New[id.Announcement](s.at), Kind: reach.OnUpcoming, Incident: s.incident.ID, Update: s.last.ID,
			Target: targetOf(s.incident, s.all, s.incident.Lead), Priority: reach.Ordinary, AsOf: s.at,
		})
	}
	next, reason := s.incident.Next(step, s.at)
	if next == "" {
		return reason, nil
	}
	key := "maintenance.started"
	if next == incident.Completed {
		key = "maintenance.completed"
	}
	s.auto = true
	return reason, s.say(ctx, Word{Status: next, Body: s.inAllLanguages(key)})
}
