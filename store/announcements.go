package store

import (
	"context"
	"slices"
	"time"

	"candor/id"
	"candor/reach"
)

// Announcements are everything said to anybody: an act appends one, duty expands it into deliveries.
type Announcements struct{ tx *Tx }

const announcementColumns = `id, kind, incident, update_id, promise, target, priority, link, as_of, cursor, planned_at, paused_at`

// Add appends one, in the transaction of the act that says it. Its audience is who exists at AsOf.
func (a Announcements) Add(ctx context.Context, x reach.Announcement) (err error) {
	defer wrap(&err, "announce %s %s", x.Kind, x.ID)
	return exec(ctx, a.tx, `INSERT INTO announcements (`+announcementColumns+`, aside)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0)`,
		x.ID, x.Kind, x.Incident, x.Update, x.Promise, asJSON(&x.Target), x.Priority, x.Link, instant(x.AsOf), x.Cursor, instant(x.PlannedAt), instant(x.PausedAt))
}

// ByID finds one.
func (a Announcements) ByID(ctx context.Context, x id.Announcement) (_ reach.Announcement, err error) {
	defer wrap(&err, "read announcement %s", x)
	return one(ctx, a.tx, readAnnouncement, `SELECT `+announcementColumns+` FROM announcements WHERE id = $1`, x)
}

// OfIncident are the announcements of one incident, oldest first.
func (a Announcements) OfIncident(ctx context.Context, x id.Incident) (_ []reach.Announcement, err error) {
	defer wrap(&err, "read the announcements of %s", x)
	return many(ctx, a.tx, readAnnouncement, `SELECT `+announcementColumns+` FROM announcements
		WHERE incident = $1
		ORDER BY as_of, id
		LIMIT 2000`, x)
}

// Latest are the newest announcements to subscribers, newest first.
func (a Announcements) Latest(ctx context.Context, limit int) (_ []reach.Announcement, err error) {
	defer wrap(&err, "read the latest announcements")
	return many(ctx, a.tx, readAnnouncement, `SELECT `+announcementColumns+` FROM announcements
		WHERE kind IN ('update', 'correction', 'upcoming', 'report')
		ORDER BY as_of DESC, id DESC
		LIMIT $1`, limit)
}

// ToCustomers are the announcements since an instant that went to affected customers, oldest first.
func (a Announcements) ToCustomers(ctx context.Context, since time.Time) (_ []reach.Announcement, err error) {
	defer wrap(&err, "read what customers were told")
	all, err := many(ctx, a.tx, readAnnouncement, `SELECT `+announcementColumns+` FROM announcements
		WHERE kind IN ('update', 'correction', 'upcoming', 'report') AND as_of >= $1
		ORDER BY as_of, id
		LIMIT 2000`, instant(since))
	return slices.DeleteFunc(all, func(x reach.Announcement) bool {
		return x.Kind == reach.OnReport || !x.Target.Customers && x.Target.Heard == ""
	}), err
}

// Tests are the newest test letters staff asked for, newest first.
func (a Announcements) Tests(ctx context.Context) (_ []reach.Announcement, err error) {
	defer wrap(&err, "read the test letters")
	return many(ctx, a.tx, readAnnouncement, `SELECT `+announcementColumns+` FROM announcements
		WHERE kind = 'test'
		ORDER BY as_of DESC, id DESC
		LIMIT 20`)
}

// TakeUnplanned takes the most urgent announcement that is not fully planned nor paused, and holds it until the transaction ends: another node takes
// the next one meanwhile, and two never plan the same people. ErrNotFound when nothing is left.
func (a Announcements) TakeUnplanned(ctx context.Context) (_ reach.Announcement, err error) {
	defer wrap(&err, "take an announcement to plan")
	return one(ctx, a.tx, readAnnouncement, `SELECT `+announcementColumns+` FROM announcements
		WHERE planned_at IS NULL AND paused_at IS NULL
		ORDER BY priority, as_of, id
		LIMIT 1`+a.tx.skipLocked())
}

// Advance notes how far planning has come; with a time, that everybody is planned. It is refused (ErrNotFound) if the cursor
// is not where the planner read it.
func (a Announcements) Advance(ctx context.Context, x reach.Announcement, to string, done time.Time) (err error) {
	defer wrap(&err, "advance announcement %s", x.ID)
	return execOne(ctx, a.tx, `UPDATE announcements
		SET cursor = $2, planned_at = $3
		WHERE id = $1 AND cursor = $4 AND planned_at IS NULL`, x.ID, to, instant(done), x.Cursor)
}

// Counts is the ledger of one announcement in figures.
func (a Announcements) Counts(ctx context.Context, x id.Announcement) (_ reach.Counts, err error) {
	defer wrap(&err, "count the deliveries of %s", x)
	return a.count(ctx, `= $1`, x)
}

// CountsOfIncident is the ledger of everything said about one incident, in figures.
func (a Announcements) CountsOfIncident(ctx context.Context, x id.Incident) (_ reach.Counts, err error) {
	defer wrap(&err, "count the deliveries of %s", x)
	return a.count(ctx, `IN (SELECT id FROM announcements WHERE incident = $1)`, x)
}

// count goes through indexes alone: what was told, what is open, and what ended in another way.
func (a Announcements) count(ctx context.Context, of string, x any) (reach.Counts, error) {
	return counts(ctx, a.tx, `SELECT state, count(*) FROM deliveries
		WHERE announcement `+of+` AND (state IN ('accepted', 'delivered') OR state IN ('acknowledged', 'complained'))
		GROUP BY state
		UNION ALL
		SELECT state, count(*) FROM deliveries
		WHERE announcement || '' `+of+` AND (state IN ('planned', 'claimed') OR state = 'retry_at')
		GROUP BY state
		UNION ALL
		SELECT state, count(*) FROM deliveries
		WHERE announcement `+of+` AND state NOT IN ('planned', 'claimed') AND state NOT IN ('retry_at', 'accepted')
			AND state NOT IN ('delivered', 'acknowledged', 'complained')
		GROUP BY state
		ORDER BY 1`, x)
}

func counts(ctx context.Context, tx *Tx, query string, args ...any) (reach.Counts, error) {
	type row struct {
		state reach.State
		n     int64
	}
	rows, err := many(ctx, tx, func(scan scan) (r row, err error) {
		err = scan(&r.state, &r.n)
		return r, err
	}, query, args...)
	all := reach.Counts{}
	for _, r := range rows {
		all[r.state] = r.n
	}
	return all, err
}

func readAnnouncement(scan scan) (x reach.Announcement, err error) {
	err = scan(&x.ID, &x.Kind, &x.Incident, &x.Update, &x.Promise, asJSON(&x.Target), &x.Priority, &x.Link,
		(*instant)(&x.AsOf), &x.Cursor, (*instant)(&x.PlannedAt), (*instant)(&x.PausedAt))
	return x, err
}
