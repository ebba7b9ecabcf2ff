package desk

import (
	"context"
	"errors"

	"candor/audience"
	"candor/id"
	"candor/problem"
	"candor/reach"
	"candor/staff"
	"candor/store"
)

// RetryDelivery tries a failed or waiting delivery again now, as a new cycle where it had ended: what happened stays in the ledger. Somebody
// looked, so a bounce no longer silences the address; an opt-out or a complaint does.
func (d *Desk) RetryDelivery(ctx context.Context, x id.Delivery) (err error) {
	defer wrap(&err, "retry delivery %s", x)
	if err := need(ctx, staff.Reach); err != nil {
		return err
	}
	at := now()
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		was, err := tx.Deliveries.ByID(ctx, x)
		if errors.Is(err, store.ErrNotFound) {
			return problem.New(problem.NotFound, "problem.not_found")
		}
		if err != nil {
			return err
		}
		last, err := tx.Deliveries.LastCycle(ctx, was)
		if err != nil {
			return err
		}
		switch last.State {
		case reach.Planned, reach.RetryAt:
			err := tx.Deliveries.Hasten(ctx, last.ID, at)
			if errors.Is(err, store.ErrNotFound) { // a connection took it this instant
				err = problem.New(problem.Conflict, "problem.delivery.told")
			}
			if err != nil {
				return err
			}
		case reach.Failed, reach.Bounced, reach.Poisoned, reach.Suppressed:
			if err := tx.Suppressions.Lift(ctx, last.Channel, last.Address.Key(), audience.HardBounce); err != nil {
				return err
			}
			next := last
			next.ID, next.Cycle, next.PlannedAt = id.New[id.Delivery](at), last.Cycle+1, at
			if _, err := tx.Deliveries.Plan(ctx, []reach.Delivery{next}); err != nil {
				return err
			}
		default: // on its way or arrived
			return problem.New(problem.Conflict, "problem.delivery.told")
		}
		return d.audit(ctx, tx, at, "retry delivery", string(x), last.State, nil)
	})
	d.wake()
	return err
}

// SendTest mails the acting person through the same road as everything else.
func (d *Desk) SendTest(ctx context.Context) (x id.Announcement, err error) {
	defer wrap(&err, "send a test mail")
	if err := need(ctx, staff.Configure); err != nil {
		return "", err
	}
	at, person := now(), staff.Acting(ctx).Person
	if person.ID == "" {
		return "", problem.New(problem.Forbidden, "problem.forbidden")
	}
	x = id.New[id.Announcement](at)
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		if err := tx.Announcements.Add(ctx, reach.Announcement{ID: x, Kind: reach.OnTest, Target: audience.Target{Person: person.ID}, Priority: reach.Urgent, AsOf: at}); err != nil {
			return err
		}
		return d.audit(ctx, tx, at, "send test mail", string(x), nil, nil)
	})
	d.wake()
	return x, err
}
