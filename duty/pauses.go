package duty

import (
	"context"
	"errors"

	"candor/id"
	"candor/store"
)

// moving is how far this node has come with moving one announcement's deliveries, in one turn of pausing or going on.
type moving struct {
	turn     int64
	stage    int
	customer id.Customer
}

// The stages of a move. Claims skip what is paused from the instant it is; moving it only keeps them from looking at it again and again.
const (
	moveDeliveries = iota
	moveCustomers  // those for whom the climb waited
	moved
)

// MoveAside moves one chunk of each paused announcement's deliveries out of the way of the claims, and of each that goes on back.
func (d *Duty) MoveAside(ctx context.Context) (more bool, err error) {
	defer wrap(&err, "move what is paused")
	var all []store.Pause
	err = d.DB.Read(ctx, func(tx *store.Tx) error {
		all, err = tx.Announcements.Aside(ctx)
		return err
	})
	if err != nil {
		return false, err
	}
	known := map[id.Announcement]moving{}
	for _, p := range all {
		at := d.moving[p.Announcement]
		if at.turn != p.Turn {
			at = moving{turn: p.Turn}
		}
		if at.stage != moved {
			if at, err = d.move(ctx, p, at); err != nil {
				return false, err
			}
			more = more || at.stage != moved
		}
		known[p.Announcement] = at
	}
	d.moving = known
	return more, nil
}

// move is one transaction. A node that cannot have the announcement leaves it to the one that has.
func (d *Duty) move(ctx context.Context, p store.Pause, from moving) (to moving, err error) {
	err = d.DB.Batch(ctx, func(tx *store.Tx) error {
		to = from
		err := tx.Announcements.TakeAside(ctx, p)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		next := false
		switch from.stage {
		case moveDeliveries:
			n := 0
			n, err = tx.Deliveries.Move(ctx, p, chunk)
			next = n < chunk
		case moveCustomers:
			if p.PausedAt.IsZero() {
				to.customer, err = tx.Affected.RousePaused(ctx, p.Incident, now(), from.customer, chunk)
			}
			next = to.customer == ""
		}
		if err != nil || !next {
			return err
		}
		if to.stage++; to.stage == moved && p.PausedAt.IsZero() {
			return tx.Announcements.NoneAside(ctx, p)
		}
		return nil
	})
	if err == nil && p.PausedAt.IsZero() {
		d.deliverer.wake()
	}
	return to, err
}

// heldBack takes out of the queue what was claimed before its announcement was paused. It asks four times a second while something is claimed.
func (d *deliverer) heldBack() (back []job) {
	at := now()
	if d.queue.idle() || at.Before(d.heeded.Add(heed)) {
		return nil
	}
	d.heeded = at
	var paused []id.Announcement
	err := d.DB.Read(d.hard, func(tx *store.Tx) (err error) {
		paused, err = tx.Announcements.Paused(d.hard)
		return err
	})
	if err != nil {
		d.Log.Error("cannot read what is paused", "error", err)
		return nil
	}
	return d.queue.pull(paused)
}
