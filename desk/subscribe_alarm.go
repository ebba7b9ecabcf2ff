package desk

import (
	"context"
	"time"

	"candor/reach"
	"candor/store"
)

// alarm tells every owner, once an hour at most, that the whole site's limit is reached: real subscribers are turned away too, and only a
// person can tell a rush during an outage from an attack (B3).
func (d *Desk) alarm(ctx context.Context, reached limit, at time.Time) error {
	if reached != perSite {
		return nil
	}
	first, err := d.take(ctx, perAlarm, "", at)
	if err != nil || !first {
		return err
	}
	err = d.db.Write(ctx, func(tx *store.Tx) error { return tellOwners(ctx, tx, reach.OnFlood, at) })
	d.wake()
	return err
}
