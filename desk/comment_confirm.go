package desk

import (
	"context"
	"errors"
	"time"

	"candor/audience"
	"candor/id"
	"candor/incident"
	"candor/problem"
	"candor/settings"
	"candor/store"
)

// CommentByToken is the comment that a mailed link is about, with the conversation it is part of.
func (d *Desk) CommentByToken(ctx context.Context, token string) (c incident.Comment, on Conversation, err error) {
	defer wrap(&err, "open a commenter's link")
	secret, err := d.linkSecret(ctx)
	if err != nil {
		return c, on, err
	}
	code, ok := audience.Open(secret, audience.ToComment, token)
	if !ok {
		return c, on, wrongLink
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		c, on, _, err = mailedComment(ctx, tx, code)
		return err
	})
	return c, on, err
}

func mailedComment(ctx context.Context, tx *store.Tx, code id.Code) (c incident.Comment, on Conversation, s settings.Settings, err error) {
	c, err = tx.Comments.ByCode(ctx, code)
	if errors.Is(err, store.ErrNotFound) {
		return c, on, s, wrongLink
	}
	if err != nil {
		return c, on, s, err
	}
	if s, _, err = tx.Settings.Load(ctx); err != nil {
		return c, on, s, err
	}
	on, err = TalkOf(ctx, tx, s, c.Thread)
	if err == nil && on.Incident.Visibility != incident.Public {
		err = wrongLink
	}
	return c, on, s, err
}

// ConfirmComment says that the address is theirs: now the comment is shown, or one of us looks first and the signs say why. Safe to repeat.
func (d *Desk) ConfirmComment(ctx context.Context, token string) (c incident.Comment, err error) {
	defer wrap(&err, "confirm a comment")
	return d.byCommenter(ctx, token, func(tx *store.Tx, c *incident.Comment, s settings.Settings, at time.Time) error {
		switch c.State {
		case incident.CommentUnconfirmed:
		case incident.CommentLapsed:
			return problem.New(problem.Gone, "problem.comment.lapsed")
		default:
			return nil
		}
		c.State, c.Signs = s.Comments.Place(c.Signs, true)
		if c.State == incident.CommentShown {
			if err := present(ctx, tx, c, at); err != nil {
				return err
			}
		}
		return d.keepComment(ctx, tx, *c, "comment confirm", at)
	})
}

// WithdrawComment takes a comment back at its author's wish: its words are erased at once, and its place says so. Safe to repeat.
func (d *Desk) WithdrawComment(ctx context.Context, token string) (err error) {
	defer wrap(&err, "withdraw a comment")
	_, err = d.byCommenter(ctx, token, func(tx *store.Tx, c *incident.Comment, _ settings.Settings, at time.Time) error {
		if !c.ErasedAt.IsZero() {
			return nil
		}
		return d.withdraw(ctx, tx, c, at)
	})
	return err
}

// withdraw empties a comment in its author's name. What was never shown leaves no mark either: there was nothing to see.
func (d *Desk) withdraw(ctx context.Context, tx *store.Tx, c *incident.Comment, at time.Time) error {
	was := c.Contact
	c.DecidedAt, c.DecidedBy, c.Flags = at, "", 0
	if c.State != incident.CommentHidden {
		c.Reason = incident.HideWithdrawn
	}
	if c.State = incident.CommentHidden; c.Number == 0 && c.Answers == "" {
		c.State = incident.CommentLapsed
	}
	c.Erase(at)
	if err := tx.Comments.EraseFlags(ctx, c.ID); err != nil {
		return err
	}
	if err := d.keepComment(ctx, tx, *c, "comment withdraw", at); err != nil || was == "" {
		return err
	}
	return tx.Comments.ForgetContact(ctx, was, at)
}

// keepComment saves, tells the page and the audit.
func (d *Desk) keepComment(ctx context.Context, tx *store.Tx, c incident.Comment, act string, at time.Time) error {
	if err := tx.Comments.Save(ctx, c); err != nil {
		return err
	}
	if c.Number > 0 || c.Answers != "" || c.State == incident.CommentHidden {
		if err := commented(ctx, tx, c, at); err != nil {
			return err
		}
	}
	return d.audit(ctx, tx, at, act, string(c.ID), nil, commentFacts(c))
}

// byCommenter acts on the comment of a mailed link.
func (d *Desk) byCommenter(ctx context.Context, token string, act func(*store.Tx, *incident.Comment, settings.Settings, time.Time) error) (c incident.Comment, err error) {
	secret, err := d.linkSecret(ctx)
	if err != nil {
		return c, err
	}
	code, ok := audience.Open(secret, audience.ToComment, token)
	if !ok {
		return c, wrongLink
	}
	err = d.act(ctx, func(tx *store.Tx, at time.Time) error {
		var s settings.Settings
		if c, _, s, err = mailedComment(ctx, tx, code); err != nil {
			return err
		}
		return act(tx, &c, s, at)
	})
	return c, err
}
