package desk

import (
	"context"
	"time"

	"candor/audience"
	"candor/id"
	"candor/reach"
	"candor/staff"
	"candor/store"
)

// tellOwners sends every owner a letter of one kind: what it says, only a person can judge.
func tellOwners(ctx context.Context, tx *store.Tx, k reach.Kind, at time.Time) error {
	people, err := tx.People.All(ctx)
	if err != nil {
		return err
	}
	for _, p := range people {
		if !p.Active() || !p.Has(staff.Owner) {
			continue
		}
		if err := tx.Announcements.Add(ctx, reach.Announcement{
			ID: id.New[id.Announcement](at), Kind: k, Target: audience.Target{Person: p.ID}, Priority: reach.Urgent, AsOf: at,
		}); err != nil {
			return err
		}
	}
	return nil
}
