package desk

import (
	"context"
	"errors"

	"candor/id"
	"candor/problem"
	"candor/staff"
	"candor/store"
)

// PauseAnnouncement holds an announcement back: within a second nothing more of it leaves, nothing is planned, and the climb waits. What is
// on the wire arrives. Pausing twice is pausing once.
func (d *Desk) PauseAnnouncement(ctx context.Context, x id.Announcement) (err error) {
	defer wrap(&err, "pause announcement %s", x)
	return d.holdBack(ctx, x, "pause announcement", func(tx *store.Tx) (bool, error) { return tx.Announcements.Pause(ctx, x, now()) })
}

// ResumeAnnouncement lets it go on where it was: whoever was told is not told again.
func (d *Desk) ResumeAnnouncement(ctx context.Context, x id.Announcement) (err error) {
	defer wrap(&err, "resume announcement %s", x)
	return d.holdBack(ctx, x, "resume announcement", func(tx *store.Tx) (bool, error) { return tx.Announcements.Resume(ctx, x) })
}

func (d *Desk) holdBack(ctx context.Context, x id.Announcement, act string, change func(*store.Tx) (bool, error)) error {
	if err := need(ctx, staff.Say); err != nil {
		return err
	}
	at := now()
	err := d.db.Write(ctx, func(tx *store.Tx) error {
		a, err := tx.Announcements.ByID(ctx, x)
		if errors.Is(err, store.ErrNotFound) {
			return problem.New(problem.NotFound, "problem.not_found")
		}
		if err != nil {
			return err
		}
		if !a.Kind.Bulk() {
			return problem.New(problem.Conflict, "problem.announcement.private") // a confirmation, a reminder: somebody waits for it
		}
		changed, err := change(tx)
		if err != nil || !changed {
			return err
		}
		return d.audit(ctx, tx, at, act, string(x), nil, nil)
	})
	d.wake()
	return err
}
