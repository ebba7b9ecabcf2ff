package duty

import (
	"context"

	"candor/store"
)

// climbAtOnce bounds one transaction of deciding: acts and results get in between.
const climbAtOnce = 100

// Climb decides about every customer whose time has come: who has not answered is reached by the next rung, who has is left alone, and
// nobody stays without an end. What is due is read and decided in one transaction, so on however many nodes once.
func (d *Duty) Climb(ctx context.Context) (more bool, err error) {
	defer wrap(&err, "climb")
	if more, err := d.Desk.Ration(ctx, d.Node); more || err != nil {
		return more, err
	}
	waiting, planned := false, 0
	err = d.DB.Read(ctx, func(tx *store.Tx) error {
		next, err := tx.Affected.Next(ctx)
		waiting = next.IsZero() || next.After(now())
		return err
	})
	if err != nil || waiting {
		return false, err
	}
	err = d.DB.Batch(ctx, func(tx *store.Tx) error {
		at := now()
		due, err := tx.Affected.Due(ctx, at, climbAtOnce)
		if err != nil {
			return err
		}
		more = len(due) == climbAtOnce
		planned, err = d.Desk.Decide(ctx, tx, due, at)
		return err
	})
	if err == nil && planned > 0 {
		d.deliverer.wake()
	}
	return more, err
}
