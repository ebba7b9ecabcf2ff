package desk

import (
	"context"
	"slices"
	"time"

	"candor/id"
	"candor/incident"
	"candor/problem"
	"candor/staff"
	"candor/store"
)

// ShowComment lets a comment stand on the page: one that waited, or one that was hidden by mistake and still has its words. Safe to repeat.
func (d *Desk) ShowComment(ctx context.Context, x id.Comment) (err error) {
	defer wrap(&err, "show comment %s", x)
	return d.decide(ctx, x, incident.CommentShown, func(tx *store.Tx, c *incident.Comment, at time.Time) error {
		return present(ctx, tx, c, at)
	})
}

// HideComment takes a comment's words off the page for one of the reasons there are. Its place says which, and who decided. Personal data and
// what the law forbids is erased at once; the rest after two weeks, in which a mistake can be put right. Safe to repeat.
func (d *Desk) HideComment(ctx context.Context, x id.Comment, reason incident.HideReason) (err error) {
	defer wrap(&err, "hide comment %s", x)
	if !slices.Contains(incident.HideReasons[:], reason) {
		return problem.Field("reason", "problem.comment.reason")
	}
	return d.decide(ctx, x, incident.CommentHidden, func(tx *store.Tx, c *incident.Comment, at time.Time) error {
		c.State, c.Reason = incident.CommentHidden, reason
		if c.LeavesMark() {
			if err := place(ctx, tx, c); err != nil {
				return err
			}
		}
		if !reason.ErasesAtOnce() {
			return nil
		}
		return eraseWords(ctx, tx, c, at)
	})
}

// eraseWords empties what is personal in a comment, and what readers wrote about it.
func eraseWords(ctx context.Context, tx *store.Tx, c *incident.Comment, at time.Time) error {
	contact := c.Contact
	c.Erase(at)
	if err := tx.Comments.EraseFlags(ctx, c.ID); err != nil || contact == "" {
		return err
	}
	if err := tx.Comments.Save(ctx, *c); err != nil { // before the address is looked at: it is this comment's no more
		return err
	}
	return tx.Comments.ForgetContact(ctx, contact, at)
}

// KeepComment leaves a comment that readers pointed out where it is, and lays their requests to rest. Safe to repeat.
func (d *Desk) KeepComment(ctx context.Context, x id.Comment) (err error) {
	defer wrap(&err, "keep comment %s", x)
	if err := need(ctx, staff.Say); err != nil {
		return err
	}
	return d.act(ctx, func(tx *store.Tx, at time.Time) error {
		c, err := found(tx.Comments.ByID(ctx, x))
		if err != nil || c.Flags == 0 {
			return err
		}
		c.Flags = 0
		if err := tx.Comments.Save(ctx, c); err != nil {
			return err
		}
		return d.audit(ctx, tx, at, "comment keep", string(x), nil, commentFacts(c))
	})
}

// decide moves a comment in the name of whoever acts, once.
func (d *Desk) decide(ctx context.Context, x id.Comment, to incident.CommentState, move func(*store.Tx, *incident.Comment, time.Time) error) error {
	if err := need(ctx, staff.Say); err != nil {
		return err
	}
	return d.act(ctx, func(tx *store.Tx, at time.Time) error {
		c, err := movable(ctx, tx, x, to)
		if err != nil || c.State == to {
			return err
		}
		c.DecidedAt, c.DecidedBy, c.Flags = at, staff.Acting(ctx).Person.ID, 0
		if err := move(tx, &c, at); err != nil {
			return err
		}
		return d.keepComment(ctx, tx, c, "comment "+string(to), at)
	})
}
