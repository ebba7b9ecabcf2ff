package duty

import (
	"context"
	"time"

	"candor/audience"
	"candor/reach"
	"candor/store"
)

// planRooms plans the company's own rooms, once for each announcement to everybody, with its first chunk. A room is nobody's contact: it
// counts in no coverage.
func planRooms(ctx context.Context, tx *store.Tx, a reach.Announcement, at time.Time) (rows []reach.Delivery, err error) {
	if a.Cursor != "" || !a.Kind.Bulk() || !a.Target.Everyone && a.Target.Heard == "" {
		return nil, nil
	}
	s, _, err := tx.Settings.Load(ctx)
	if err != nil || len(s.Chat.Rooms) == 0 {
		return nil, err
	}
	i, err := tx.Incidents.ByID(ctx, a.Incident)
	if err != nil {
		return nil, err
	}
	for _, r := range s.Chat.Rooms {
		if r.Hears(string(a.Kind), i) {
			rows = append(rows, planned(a, audience.Chat, r.Address(), at, func(x *reach.Delivery) { x.Language = r.Language }))
		}
	}
	return rows, nil
}
