package desk

import (
	"context"
	"time"

	"candor/audience"
	"candor/id"
	"candor/incident"
	"candor/problem"
	"candor/staff"
	"candor/store"
)

// mostTidied is how many comments one transaction empties.
const mostTidied = 200

// CommentChecked places a comment that somebody outside was asked about: it is shown, or one of us looks first. Safe to repeat.
func (d *Desk) CommentChecked(ctx context.Context, x id.Comment, spam bool) (err error) {
	defer wrap(&err, "place the checked comment %s", x)
	if staff.Acting(ctx).System == "" {
		return problem.New(problem.Forbidden, "problem.forbidden")
	}
	return d.act(ctx, func(tx *store.Tx, at time.Time) error {
		c, err := tx.Comments.ByID(ctx, x)
		if err != nil || c.State != incident.CommentChecking {
			return err
		}
		c.Origin = incident.Origin{}
		if spam {
			c.State, c.Signs = incident.CommentHeld, append(c.Signs, incident.Sign{Kind: incident.SignChecked, Points: 2 * incident.Suspicious})
		} else if err := present(ctx, tx, &c, at); err != nil {
			return err
		}
		return d.keepComment(ctx, tx, c, "comment check", at)
	})
}

// TidyComments erases what nobody confirmed in time, and the words of what was hidden so long ago that nobody will undo it. The rows stay, with
// the reason and who decided.
func (d *Desk) TidyComments(ctx context.Context) (more bool, err error) {
	defer wrap(&err, "tidy the comments")
	at := now()
	err = d.db.Write(ctx, func(tx *store.Tx) error { // wakes nobody: it would wake the very chore that calls it
		more = false
		late, err := tx.Comments.Due(ctx, incident.CommentUnconfirmed, at.Add(-incident.ConfirmWithin), mostTidied)
		if err != nil {
			return err
		}
		old, err := tx.Comments.Due(ctx, incident.CommentHidden, at.Add(-incident.UndoWithin), mostTidied)
		if err != nil {
			return err
		}
		more = len(late) == mostTidied || len(old) == mostTidied
		for _, c := range append(late, old...) {
			if c.State == incident.CommentUnconfirmed {
				c.State = incident.CommentLapsed
			}
			if err := eraseWords(ctx, tx, &c, at); err != nil {
				return err
			}
			if err := tx.Comments.Save(ctx, c); err != nil {
				return err
			}
		}
		return nil
	})
	return more, err
}

// withdrawAll takes back, in their author's name, all comments that somebody left an address with who is forgotten (GDPR, Art. 17).
func (d *Desk) withdrawAll(ctx context.Context, tx *store.Tx, contacts []audience.Contact, at time.Time) error {
	for _, contact := range contacts {
		for {
			all, err := tx.Comments.OfContact(ctx, contact.ID, "")
			if err != nil {
				return err
			}
			if len(all) == 0 {
				break
			}
			for _, c := range all {
				if err := d.withdraw(ctx, tx, &c, at); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
