package duty

import (
	"context"
	"time"

	"candor/id"
	"candor/reach"
	"candor/store"
)

const (
	// tallied is how long an announcement's messages are still looked at: as long as they are tried.
	tallied = reach.Patience
	// overlap is how much of the time already looked at is looked at again: a result carries the instant its turn began, and commits later.
	overlap = 5 * time.Second
)

// Tally notes which customers were told, once a second and for all of them in one statement: a row per message would cost the delivery of
// a bulk announcement a third of its speed. Looking again changes nothing, so two nodes may, and one that begins looks at everything.
func (d *Duty) Tally(ctx context.Context) (more bool, err error) {
	defer wrap(&err, "note who was told")
	at := now()
	var news []reach.Announcement
	seen := map[id.Announcement]time.Time{}
	err = d.DB.Read(ctx, func(tx *store.Tx) error {
		news = nil
		open, err := tx.Announcements.ToCustomers(ctx, at.Add(-tallied))
		if err != nil {
			return err
		}
		for _, a := range open {
			since, looked := d.tallied[a.ID]
			if !looked {
				since = a.AsOf
			}
			told, err := tx.Deliveries.AnyTold(ctx, a.ID, since)
			if err != nil {
				return err
			}
			seen[a.ID] = since
			if told {
				news = append(news, a)
			}
		}
		return nil
	})
	if err != nil {
		return false, err
	}
	for _, a := range news {
		err := d.DB.Batch(ctx, func(tx *store.Tx) error {
			_, err := tx.Affected.Tell(ctx, a.ID, a.Incident, seen[a.ID], at)
			return err
		})
		if err != nil {
			return false, err
		}
		seen[a.ID] = at.Add(-overlap)
	}
	d.tallied = seen
	return false, nil
}
