package desk

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"candor/audience"
	"candor/id"
	"candor/lang"
	"candor/problem"
	"candor/reach"
	"candor/staff"
	"candor/store"
)

// longestTextAnswer is in characters: some three texts, which are paid one by one.
const longestTextAnswer = 400

// AnswerReply answers what a customer wrote, in the name of whoever acts: an announcement with an audience of one, in the customer's thread.
// A reply is answered once, so that two of us do not say two things; what the customer writes next is the next reply.
func (d *Desk) AnswerReply(ctx context.Context, x id.Receipt, words string) (err error) {
	defer wrap(&err, "answer reply %s", x)
	return d.settle(ctx, x, func(tx *store.Tx, r *reach.Reply, at time.Time) error {
		to, err := addressee(ctx, tx, *r)
		if err != nil {
			return err
		}
		r.Answer = strings.TrimSpace(words)
		if err := checkAnswer(to.Channel, r.Answer); err != nil {
			return err
		}
		r.Announcement = id.New[id.Announcement](at)
		return tx.Announcements.Add(ctx, reach.Announcement{
			ID: r.Announcement, Kind: reach.OnAnswer, Target: audience.Target{Contact: r.Contact}, Priority: reach.Urgent, AsOf: at,
		})
	})
}

// SettleReply notes that no mail is needed: the customer was called, or there is nothing to say.
func (d *Desk) SettleReply(ctx context.Context, x id.Receipt) (err error) {
	defer wrap(&err, "settle reply %s", x)
	return d.settle(ctx, x, func(*store.Tx, *reach.Reply, time.Time) error { return nil })
}

// settle marks a reply as answered by whoever acts. The audit has no word of either side: it is never erased.
func (d *Desk) settle(ctx context.Context, x id.Receipt, answer func(*store.Tx, *reach.Reply, time.Time) error) error {
	if err := need(ctx, staff.Reach); err != nil {
		return err
	}
	by := staff.Acting(ctx).Person.ID
	if by == "" {
		return problem.New(problem.Forbidden, "problem.forbidden") // an answer is somebody's
	}
	return d.act(ctx, func(tx *store.Tx, at time.Time) error {
		r, err := found(tx.Replies.ByID(ctx, x))
		if err != nil {
			return err
		}
		if r.Standing == reach.ReplyAutomatic {
			return problem.New(problem.Conflict, "problem.reply.automatic")
		}
		if r.Standing != reach.ReplyOpen {
			return problem.New(problem.Conflict, "problem.reply.answered")
		}
		r.AnsweredAt, r.AnsweredBy = at, by
		if err := answer(tx, &r, at); err != nil {
			return err
		}
		first, err := tx.Replies.Answer(ctx, r)
		if err != nil {
			return err
		}
		if !first {
			return problem.New(problem.Conflict, "problem.reply.answered")
		}
		return d.audit(ctx, tx, at, "reply answer", string(x), nil, map[string]any{"incident": r.Incident, "announcement": r.Announcement})
	})
}

// addressee is the contact an answer goes to: the one the letter went to, whatever sender the reply names (B18). One that wants nothing or
// takes nothing is refused here, where somebody can still pick up the telephone.
func addressee(ctx context.Context, tx *store.Tx, r reach.Reply) (c audience.Contact, err error) {
	if c, err = found(tx.Contacts.ByID(ctx, r.Contact)); err != nil {
		return c, err
	}
	kept, err := tx.Suppressions.Of(ctx, c.Channel, c.Address.Key())
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return c, err
	}
	if !c.EndedAt.IsZero() || kept != "" {
		return c, problem.New(problem.Conflict, "problem.reply.stopped")
	}
	return c, nil
}

func checkAnswer(channel, words string) error {
	var wrong problem.List
	switch {
	case words == "":
		wrong.Add(problem.Field("answer", "problem.text.empty"))
	case channel == audience.SMS && utf8.RuneCountInString(words) > longestTextAnswer:
		wrong.Add(problem.Field("answer", "problem.text.runes", "limit", longestTextAnswer))
	}
	checkBody(&wrong, "answer", lang.Text{lang.English: words})
	return wrong.Err()
}
