package desk

import (
	"context"
	"slices"
	"time"

	"candor/audience"
	"candor/id"
	"candor/reach"
	"candor/staff"
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
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		people, err := tx.People.All(ctx)
		if err != nil {
			return err
		}
		people = slices.DeleteFunc(people, func(p staff.Person) bool { return !p.Active() || !p.Has(staff.Owner) })
		for _, p := range people {
			if err := tx.Announcements.Add(ctx, reach.Announcement{
				ID: id.New[id.Announcement](at), Kind: reach.OnFlood, Target: audience.Target{Person: p.ID}, Priority: reach.Urgent, AsOf: at,
			}); err != nil {
				return err
			}
		}
		return nil
	})
	d.wake()
	return err
}
