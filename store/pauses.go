package store

import (
	"context"
	"strings"
	"time"

	"candor/id"
)

// away is added to the next_at of deliveries that lie aside while their announcement is paused: a million of them at the head of the queue
// would be looked at by every claim. What they were due at is kept in the sum.
const away = 200 * 365 * 24 * time.Hour

// due takes away off again: nobody above the store need know of it.
func due(at time.Time) time.Time {
	if at.After(farthest) {
		return at.Add(-away)
	}
	return at
}

// farthest is later than anything is ever due that does not lie aside.
var farthest = time.Date(2150, 1, 1, 0, 0, 0, 0, time.UTC)

// Pause holds an announcement back: from its commit on nothing of it is planned or claimed. False if it was held back already.
func (a Announcements) Pause(ctx context.Context, x id.Announcement, at time.Time) (changed bool, err error) {
	defer wrap(&err, "pause announcement %s", x)
	n, err := execCount(ctx, a.tx, `UPDATE announcements SET paused_at = $2, aside = aside + 1 WHERE id = $1 AND paused_at IS NULL`, x, instant(at))
	return n == 1, err
}

// Resume lets it go on. False if it was not held back.
func (a Announcements) Resume(ctx context.Context, x id.Announcement) (changed bool, err error) {
	defer wrap(&err, "resume announcement %s", x)
	n, err := execCount(ctx, a.tx, `UPDATE announcements SET paused_at = NULL, aside = aside + 1 WHERE id = $1 AND paused_at IS NOT NULL`, x)
	return n == 1, err
}

// Paused are the announcements that are held back.
func (a Announcements) Paused(ctx context.Context) (_ []id.Announcement, err error) {
	defer wrap(&err, "read what is paused")
	return many(ctx, a.tx, value[id.Announcement], `SELECT id FROM announcements WHERE paused_at IS NOT NULL ORDER BY id`)
}

// A Pause is an announcement that is held back or was lately: deliveries of it are to be moved aside, or back.
type Pause struct {
	Announcement id.Announcement
	Incident     id.Incident
	PausedAt     time.Time // zero: it goes on
	Turn         int64     // counts pauses and resumptions: progress made in one says nothing about the next
}

// Aside are the announcements whose deliveries may have to be moved.
func (a Announcements) Aside(ctx context.Context) (_ []Pause, err error) {
	defer wrap(&err, "read what lies aside")
	return many(ctx, a.tx, readPause, `SELECT id, incident, paused_at, aside FROM announcements WHERE aside > 0 ORDER BY id`)
}

// TakeAside holds one of them, as it was read, until the transaction ends. ErrNotFound if another node moves it, or it is another turn.
func (a Announcements) TakeAside(ctx context.Context, p Pause) (err error) {
	defer wrap(&err, "take %s to move", p.Announcement)
	_, err = one(ctx, a.tx, readPause, `SELECT id, incident, paused_at, aside FROM announcements WHERE id = $1 AND aside = $2`+a.tx.skipLocked(),
		p.Announcement, p.Turn)
	return err
}

// NoneAside notes that everything is back where it was.
func (a Announcements) NoneAside(ctx context.Context, p Pause) (err error) {
	defer wrap(&err, "note that nothing of %s lies aside", p.Announcement)
	return execOne(ctx, a.tx, `UPDATE announcements SET aside = 0 WHERE id = $1 AND aside = $2 AND paused_at IS NULL`, p.Announcement, p.Turn)
}

// Move puts the next deliveries of a paused announcement aside, or those of one that goes on back; the answer is how many it found, and fewer
// than the limit when it found the last. One that is moved is not found again, so a move may be broken off and repeated at any point.
func (d Deliveries) Move(ctx context.Context, p Pause, limit int) (moved int, err error) {
	defer wrap(&err, "move deliveries of %s", p.Announcement)
	side, by := `next_at < $2`, away
	if p.PausedAt.IsZero() {
		side, by = `next_at >= $2`, -away
	}
	found, err := many(ctx, d.tx, value[id.Delivery], `SELECT id FROM deliveries
		WHERE `+openOf+` AND state <> 'claimed' AND `+side+`
		LIMIT $3 + 0`, p.Announcement, instant(farthest), limit)
	if err != nil {
		return 0, err
	}
	for part := range padded(d.tx, found, 1) {
		args := []any{by.Microseconds(), instant(farthest)}
		var list strings.Builder
		for i, x := range part {
			list.WriteString(placeholder(i == 0, len(args)+1))
			args = append(args, x)
		}
		if err := exec(ctx, d.tx, `UPDATE deliveries SET next_at = next_at + $1
			WHERE `+side+` AND state IN ('planned', 'retry_at') AND id IN (`+list.String()+`)`, args...); err != nil {
			return 0, err
		}
	}
	return len(found), nil
}

func readPause(scan scan) (p Pause, err error) {
	err = scan(&p.Announcement, &p.Incident, (*instant)(&p.PausedAt), &p.Turn)
	return p, err
}
