package store

import (
	"context"
	"time"

	"candor/reach"
)

// Returned counts what came back since an instant of the letters about incidents. It counts the few first, and of the many no more than it
// takes to know whether that is alarming: Taken is exact only if it is.
func (d Deliveries) Returned(ctx context.Context, since time.Time) (r reach.Returns, err error) {
	defer wrap(&err, "count what came back")
	const said = ` FROM announcements a JOIN deliveries d ON d.announcement = a.id
		WHERE a.kind IN ('update', 'correction', 'upcoming', 'report') AND a.as_of > $1 AND d.channel = 'email' AND d.updated_at > $2 AND `
	const rest = `d.state NOT IN ('planned', 'claimed') AND d.state NOT IN ('retry_at', 'accepted') AND ` // leads to the few, whatever index knows states
	from, now := instant(since.Add(-reach.Patience)), instant(since)
	if r.Bounced, err = one(ctx, d.tx, value[int64], `SELECT count(*)`+said+rest+`d.state = 'bounced'`, from, now); err != nil {
		return r, err
	}
	if r.Complained, err = one(ctx, d.tx, value[int64], `SELECT count(*)`+said+rest+`d.state = 'complained'`, from, now); err != nil {
		return r, err
	}
	if r.Bounced+r.Complained == 0 {
		return r, nil
	}
	r.Taken, err = one(ctx, d.tx, value[int64], `SELECT count(*) FROM (SELECT d.id`+said+`(d.state IN ('accepted', 'delivered') OR d.state IN ('acknowledged', 'complained'))
		LIMIT $3) AS taken`, from, now, r.Telling())
	return r, err
}

// CanWait are the announcements since an instant with mail that nobody has tried yet and that a bad day may hold back, oldest first.
func (a Announcements) CanWait(ctx context.Context, since time.Time) (waiting []reach.Announcement, err error) {
	defer wrap(&err, "read what can wait")
	all, err := many(ctx, a.tx, readAnnouncement, `SELECT `+announcementColumns+` FROM announcements
		WHERE kind IN ('update', 'correction', 'upcoming', 'report') AND as_of >= $1 AND paused_at IS NULL
		ORDER BY as_of, id
		LIMIT 2000`, instant(since))
	for _, x := range all {
		if !x.CanWait() {
			continue
		}
		left := x.PlannedAt.IsZero()
		if !left {
			found, err := many(ctx, a.tx, value[int64], `SELECT 1 FROM deliveries
				WHERE channel = 'email' AND priority = $2 AND (state IN ('planned', 'claimed') OR state = 'retry_at') AND state = 'planned' AND announcement = $1
				LIMIT 1`, x.ID, x.Priority)
			if err != nil {
				return nil, err
			}
			left = len(found) > 0
		}
		if left {
			waiting = append(waiting, x)
		}
	}
	return waiting, err
}
