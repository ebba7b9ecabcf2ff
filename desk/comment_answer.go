package desk

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"candor/audience"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/markup"
	"candor/problem"
	"candor/reach"
	"candor/settings"
	"candor/staff"
	"candor/store"
)

// longestAnswer is in characters.
const longestAnswer = 10_000

// AnswerComment answers below a comment, under the name and face of whoever acts. Who left a mail address is written to: they asked us, and
// should not have to come back and look. The same answer sent twice is one.
func (d *Desk) AnswerComment(ctx context.Context, x id.Comment, words string, in lang.Tag) (c incident.Comment, err error) {
	defer wrap(&err, "answer comment %s", x)
	if err := need(ctx, staff.Say); err != nil {
		return c, err
	}
	by := staff.Acting(ctx).Person.ID
	if by == "" {
		return c, problem.New(problem.Forbidden, "problem.forbidden") // an answer is somebody's
	}
	words = strings.TrimSpace(strings.ReplaceAll(words, "\r\n", "\n"))
	err = d.act(ctx, func(tx *store.Tx, at time.Time) error {
		s, _, err := tx.Settings.Load(ctx)
		if err != nil {
			return err
		}
		if err := checkCommentAnswer(words, in, s); err != nil {
			return err
		}
		asked, err := found(tx.Comments.ByID(ctx, x))
		if err != nil {
			return err
		}
		if asked.State != incident.CommentShown || asked.Answers != "" {
			return problem.New(problem.Conflict, "problem.comment.unanswerable")
		}
		digest := digestOf(string(by) + "\n" + string(x) + "\n" + words)
		before, there, err := tx.Comments.ByDigest(ctx, asked.Object, digest, at.Add(-repeatWithin))
		if err != nil || there {
			c = before
			return err
		}
		c = incident.Comment{
			ID: id.New[id.Comment](at), Code: id.NewCode(), Thread: asked.Thread, Answers: x, Person: by, Language: in, Body: words,
			State: incident.CommentShown, At: at, ShownAt: at,
		}
		if err := d.mailAnswer(ctx, tx, &c, asked, at); err != nil {
			return err
		}
		if err := tx.Comments.Add(ctx, c, digest); err != nil {
			return err
		}
		if err := commented(ctx, tx, c, at); err != nil {
			return err
		}
		return d.audit(ctx, tx, at, "comment answer", string(c.ID), nil, map[string]any{"on": c.Object, "answers": x})
	})
	return c, err
}

func checkCommentAnswer(words string, in lang.Tag, s settings.Settings) error {
	var wrong problem.List
	if words == "" {
		wrong.Add(problem.Field("answer", "problem.text.empty"))
	}
	wrong.Add(settings.Lines("answer", words, longestAnswer))
	if markup.Check(words) != nil {
		wrong.Add(problem.Field("answer", "problem.text.nested"))
	}
	if !slices.Contains(s.Languages, in) {
		wrong.Add(problem.Field("language", "problem.choice"))
	}
	return wrong.Err()
}

// mailAnswer announces an answer to who asked, if they left an address.
func (d *Desk) mailAnswer(ctx context.Context, tx *store.Tx, c *incident.Comment, asked incident.Comment, at time.Time) error {
	if asked.Contact == "" {
		return nil
	}
	c.Announcement = id.New[id.Announcement](at)
	return tx.Announcements.Add(ctx, reach.Announcement{
		ID: c.Announcement, Kind: reach.OnAnswered, Target: audience.Target{Contact: asked.Contact, Language: asked.Language}, Priority: reach.Urgent, AsOf: at,
	})
}

// TakeAsReport notes that a comment is how a customer told us: who told whom first is reckoned from when it was written, if nobody told us
// earlier (S1). Safe to repeat.
func (d *Desk) TakeAsReport(ctx context.Context, x id.Comment) (err error) {
	defer wrap(&err, "take comment %s as a report", x)
	if err := need(ctx, staff.Say); err != nil {
		return err
	}
	return d.act(ctx, func(tx *store.Tx, at time.Time) error {
		c, on, err := answerable(ctx, tx, x)
		if err != nil || c.FirstReport {
			return err
		}
		c.FirstReport = true
		i := on.Incident
		was := i.FirstReportAt
		if i.FirstReportAt.IsZero() || c.At.Before(i.FirstReportAt) {
			i.FirstReportAt, i.UpdatedAt = c.At, at
			if err := tx.Incidents.Save(ctx, i); err != nil {
				return err
			}
			if err := tx.Changes.Add(ctx, "incident:"+string(i.ID), at); err != nil {
				return err
			}
		}
		if err := tx.Comments.Save(ctx, c); err != nil {
			return err
		}
		return d.audit(ctx, tx, at, "comment report", string(x), map[string]any{"first_report_at": was}, map[string]any{"first_report_at": i.FirstReportAt})
	})
}

// answerable is a comment of a visitor with its conversation.
func answerable(ctx context.Context, tx *store.Tx, x id.Comment) (c incident.Comment, on Conversation, err error) {
	if c, err = found(tx.Comments.ByID(ctx, x)); err != nil {
		return c, on, err
	}
	if c.Answers != "" || c.State != incident.CommentShown && c.State != incident.CommentHeld {
		return c, on, problem.New(problem.Conflict, "problem.comment.unanswerable")
	}
	s, _, err := tx.Settings.Load(ctx)
	if err != nil {
		return c, on, err
	}
	on, err = TalkOf(ctx, tx, s, c.Thread)
	return c, on, err
}

// CallCommenter puts who wrote a comment on the call list. The number is typed, or the one that Callable found. Safe to repeat.
func (d *Desk) CallCommenter(ctx context.Context, x id.Comment, typed string) (err error) {
	defer wrap(&err, "have the author of comment %s called", x)
	if err := need(ctx, staff.Say); err != nil {
		return err
	}
	return d.act(ctx, func(tx *store.Tx, at time.Time) error {
		c, on, err := answerable(ctx, tx, x)
		if err != nil || c.Call != "" {
			return err
		}
		s, _, err := tx.Settings.Load(ctx)
		if err != nil {
			return err
		}
		phone, err := callable(typed, s.SMS.Home)
		if err != nil {
			return err
		}
		r := store.CallRequest{
			ID: id.New[id.CallRequest](at), Incident: on.Incident.ID, Name: c.Name, Number: phone, Language: string(c.Language),
			Note: excerpt(c.Body, longestAbout), At: at,
		}
		concerned, contact, err := ofNumber(ctx, tx, on.Incident.ID, phone)
		if err != nil {
			return err
		}
		if len(concerned) > 0 {
			r.Customer, r.Contact = concerned[0].Customer, contact
		}
		if err := tx.CallRequests.Add(ctx, r); err != nil {
			return err
		}
		if len(concerned) > 0 {
			if _, err := d.Decide(ctx, tx, concerned[:1], at); err != nil {
				return err
			}
		}
		c.Call = r.ID
		if err := tx.Comments.Save(ctx, c); err != nil {
			return err
		}
		return d.audit(ctx, tx, at, "comment call", string(x), nil, map[string]any{"call": r.ID})
	})
}

// Callable is a number at which who wrote a comment can be called: their own as a customer, or one they wrote down. Empty where there is none.
func Callable(ctx context.Context, tx *store.Tx, c incident.Comment, region string) (audience.Address, error) {
	for _, field := range phoneLike.FindAllString(c.Body, 5) {
		if phone, err := callable(field, region); err == nil {
			return phone, nil
		}
	}
	if c.Contact == "" {
		return "", nil
	}
	customers, err := tx.Customers.Sharing(ctx, c.Contact)
	if err != nil {
		return "", err
	}
	for _, x := range customers {
		customer, err := tx.Customers.ByID(ctx, x)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return "", err
		}
		for _, contact := range customer.Contacts {
			if telephone(contact) {
				return contact.Address, nil
			}
		}
	}
	return "", nil
}

func excerpt(s string, most int) string {
	words := []rune(strings.Join(strings.Fields(s), " "))
	if len(words) > most {
		return string(words[:most-1]) + "…"
	}
	return string(words)
}
