package duty

import (
	"context"
	"slices"
	"time"

	"candor/audience"
	"candor/id"
	"candor/incident"
	"candor/promise"
	"candor/reach"
	"candor/staff"
	"candor/store"
)

// remind turns due steps of promises into announcements to those whom they call, and winds up the step after.
func (d *Duty) remind(ctx context.Context, at time.Time) (fired int, err error) {
	err = d.DB.Batch(ctx, func(tx *store.Tx) error {
		timers, err := tx.Timers.ClaimPromises(ctx, at, timersAtOnce)
		if err != nil || len(timers) == 0 {
			fired = 0
			return err
		}
		fired = len(timers)
		company, err := companyOf(ctx, tx)
		if err != nil {
			return err
		}
		for _, t := range timers {
			reason, err := company.press(ctx, tx, t, at)
			if err != nil {
				return err
			}
			if err := tx.Timers.Reason(ctx, t, reason); err != nil {
				return err
			}
		}
		d.Failpoint("remind")
		return nil
	})
	return fired, err
}

// press calls whom one step of a promise calls, and sets the next step after the deadline.
func (c company) press(ctx context.Context, tx *store.Tx, t store.Timer, at time.Time) (reason string, err error) {
	p, err := tx.Promises.ByID(ctx, id.Promise(t.Object))
	if err != nil {
		return "", err
	}
	i, err := tx.Incidents.ByID(ctx, p.Incident)
	if err != nil {
		return "", err
	}
	step, team := promise.Step(t.Step), c.team(i)
	summons, call := promise.Escalate(p, step, team, at)
	if step == promise.AtDue {
		if err := tx.Record.Missed(ctx, p, at); err != nil {
			return "", err
		}
	}
	if call {
		if err := announce(ctx, tx, p, step, summons, at); err != nil {
			return "", err
		}
	}
	if next, more := promise.PolicyOf(p.Kind).Following(p, step, at, team); more && p.Open() {
		err = tx.Timers.Set(ctx, store.Timer{Object: t.Object, Step: string(next.Step), At: next.At})
	}
	return summons.Reason, err
}

func announce(ctx context.Context, tx *store.Tx, p promise.Promise, step promise.Step, s promise.Summons, at time.Time) error {
	for _, person := range s.People {
		a := reach.Announcement{
			ID: id.New[id.Announcement](at), Kind: summonedBy(step), Incident: p.Incident, Update: p.Update, Promise: p.ID,
			Target: audience.Target{Person: person}, Priority: reach.Urgent, AsOf: at,
		}
		if s.By >= promise.ByText {
			a.Target.Also = []string{audience.SMS}
		}
		if err := tx.Announcements.Add(ctx, a); err != nil {
			return err
		}
	}
	return nil
}

// summonedBy is which letter a step sends.
func summonedBy(step promise.Step) reach.Kind {
	switch {
	case step == promise.AtDue:
		return reach.OnDue
	case step.Late():
		return reach.OnOverdue
	}
	return reach.OnDueSoon
}

// A company is who can be called, and how: read once for all steps that fire together.
type company struct {
	tree, communicators []id.Person
	loudest             promise.Loudness
}

func companyOf(ctx context.Context, tx *store.Tx) (c company, err error) {
	people, err := tx.People.All(ctx)
	if err != nil {
		return c, err
	}
	s, _, err := tx.Settings.Load(ctx)
	if err != nil {
		return c, err
	}
	// Where nobody chose who calls whom there is no next one: every communicator is called.
	if staff.Arranged(people) {
		c.tree = staff.TreeOf(people).InTurn()
	}
	for _, p := range people {
		if p.Active() && p.Has(staff.Owner, staff.Communicator) {
			c.communicators = append(c.communicators, p.ID)
		}
	}
	c.loudest = promise.ByMail
	if slices.Contains(s.Channels(), audience.SMS) {
		c.loudest = promise.ByText
	}
	return c, nil
}

// team is who can be called about one incident: in a rehearsal nobody but who rehearses.
func (c company) team(i incident.Incident) promise.Team {
	t := promise.Team{Lead: i.Lead, Tree: c.tree, Communicators: c.communicators, Loudest: c.loudest}
	if i.Visibility == incident.Rehearsal {
		t.Tree, t.Communicators = nil, []id.Person{i.Lead}
	}
	return t
}
