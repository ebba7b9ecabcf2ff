package duty

import (
	"context"
	"errors"
	"time"

	"candor/staff"
	"candor/store"
)

const day = 24 * time.Hour

// keepHouse ends what has lost its purpose: addresses nobody confirmed, answers nobody will repeat a request for, counters long over.
func (d *Duty) keepHouse(ctx context.Context) (more bool, err error) {
	defer wrap(&err, "keep house")
	at := now()
	for _, chore := range []func(*store.Tx) error{
		func(tx *store.Tx) error {
			n, err := tx.Contacts.EndUnconfirmed(ctx, at.Add(-7*day), at)
			if n > 0 {
				d.Log.Info("ended contacts that nobody confirmed within a week", "contacts", n)
			}
			return err
		},
		func(tx *store.Tx) error { return tx.Requests.Sweep(ctx, at.Add(-7*day)) },
		func(tx *store.Tx) error { return tx.Limits.Sweep(ctx, at.Add(-31*day)) },
		func(tx *store.Tx) error { return tx.Changes.Sweep(ctx, at.Add(-day)) },
	} {
		err = errors.Join(err, d.DB.Batch(ctx, chore)) // one chore's trouble does not stop the others
	}
	if d.Desk != nil {
		var fault error
		more, fault = d.Desk.TidyComments(staff.As(ctx, staff.Actor{System: "duty"}))
		err = errors.Join(err, fault)
	}
	return more, err
}
