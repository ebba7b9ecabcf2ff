package store

import (
	"context"
	"errors"
	"time"

	"candor/id"
	"candor/incident"
)

// Comments are what people wrote below incidents and reports.
type Comments struct{ tx *Tx }

const commentColumns = `id, code, topic, object, number, answers, person, contact, name, language, body, state, signs, origin, at, shown_at,
	reason, decided_at, decided_by, flags, first_report, call, announcement, erased_at`

// Add appends one. digest knows the same form sent twice.
func (v Comments) Add(ctx context.Context, c incident.Comment, digest string) (err error) {
	defer wrap(&err, "keep comment %s", c.ID)
	err = exec(ctx, v.tx, `INSERT INTO comments (`+commentColumns+`, score, digest)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)`,
		c.ID, c.Code, c.Topic, c.Object, c.Number, c.Answers, c.Person, c.Contact, c.Name, c.Language, c.Body, c.State, asJSON(&c.Signs),
		asJSON(&c.Origin), instant(c.At), instant(c.ShownAt), c.Reason, instant(c.DecidedAt), c.DecidedBy, c.Flags, c.FirstReport, c.Call,
		c.Announcement, instant(c.ErasedAt), incident.Points(c.Signs), digest)
	if err != nil {
		return err
	}
	return v.tx.Record.comment(ctx, c)
}

// Save keeps what may change about one: how far it has come, and what was taken out of it.
func (v Comments) Save(ctx context.Context, c incident.Comment) (err error) {
	defer wrap(&err, "save comment %s", c.ID)
	err = execOne(ctx, v.tx, `UPDATE comments
		SET number = $2, contact = $3, name = $4, body = $5, state = $6, signs = $7, origin = $8, shown_at = $9, reason = $10, decided_at = $11,
			decided_by = $12, flags = $13, first_report = $14, call = $15, erased_at = $16, score = $17,
			digest = CASE WHEN CAST($16 AS BIGINT) IS NULL THEN digest ELSE '' END
		WHERE id = $1`,
		c.ID, c.Number, c.Contact, c.Name, c.Body, c.State, asJSON(&c.Signs), asJSON(&c.Origin), instant(c.ShownAt), c.Reason,
		instant(c.DecidedAt), c.DecidedBy, c.Flags, c.FirstReport, c.Call, instant(c.ErasedAt), incident.Points(c.Signs))
	if err != nil {
		return err
	}
	return v.tx.Record.comment(ctx, c)
}

// ByID finds one.
func (v Comments) ByID(ctx context.Context, x id.Comment) (_ incident.Comment, err error) {
	defer wrap(&err, "read comment %s", x)
	return one(ctx, v.tx, readComment, `SELECT `+commentColumns+` FROM comments WHERE id = $1`, x)
}

// ByCode finds one by its public name.
func (v Comments) ByCode(ctx context.Context, x id.Code) (_ incident.Comment, err error) {
	defer wrap(&err, "read comment %s", x)
	return one(ctx, v.tx, readComment, `SELECT `+commentColumns+` FROM comments WHERE code = $1`, x)
}

// ByAnnouncement finds the one a letter is about.
func (v Comments) ByAnnouncement(ctx context.Context, a id.Announcement) (_ incident.Comment, err error) {
	defer wrap(&err, "read the comment that %s is about", a)
	return one(ctx, v.tx, readComment, `SELECT `+commentColumns+` FROM comments WHERE announcement = $1 AND announcement <> ''`, a)
}

// ByDigest finds what the same form brought since an instant.
func (v Comments) ByDigest(ctx context.Context, object, digest string, since time.Time) (_ incident.Comment, there bool, err error) {
	defer wrap(&err, "look for a comment that was sent before")
	c, err := one(ctx, v.tx, readComment, `SELECT `+commentColumns+` FROM comments
		WHERE object = $1 AND digest = $2 AND at > $3
		ORDER BY at DESC, id DESC
		LIMIT 1`, object, digest, instant(since))
	if errors.Is(err, ErrNotFound) {
		return c, false, nil
	}
	return c, err == nil, err
}

// Last is the highest number in a conversation: how many have a place there.
func (v Comments) Last(ctx context.Context, object string) (_ int, err error) {
	defer wrap(&err, "count the comments on %s", object)
	return one(ctx, v.tx, value[int], `SELECT coalesce(max(number), 0) FROM comments WHERE object = $1 AND number > 0`, object)
}

// Between are the comments with their places from one number to another, in order, and what we answered to them, oldest first.
func (v Comments) Between(ctx context.Context, object string, from, to int) (all, answers []incident.Comment, err error) {
	defer wrap(&err, "read the comments %d to %d on %s", from, to, object)
	all, err = many(ctx, v.tx, readComment, `SELECT `+commentColumns+` FROM comments
		WHERE object = $1 AND number > 0 AND number >= $2 AND number <= $3
		ORDER BY number
		LIMIT 1000`, object, from, to)
	if err != nil || len(all) == 0 {
		return nil, nil, err
	}
	answers, err = many(ctx, v.tx, readComment, `SELECT `+commentColumns+` FROM comments
		WHERE answers <> '' AND state IN ('shown', 'hidden')
			AND answers IN (SELECT id FROM comments WHERE object = $1 AND number > 0 AND number >= $2 AND number <= $3)
		ORDER BY at, id
		LIMIT 1000`, object, from, to)
	return all, answers, err
}

// Newest are the latest comments and answers that are shown, newest first, for a feed.
func (v Comments) Newest(ctx context.Context, object string, limit int) (_ []incident.Comment, err error) {
	defer wrap(&err, "read the newest comments on %s", object)
	return many(ctx, v.tx, readComment, `SELECT `+commentColumns+` FROM comments
		WHERE object = $1 AND state = 'shown'
		ORDER BY at DESC, id DESC
		LIMIT $2`, object, limit)
}

// Unmarked counts what was hidden and has no place on the page.
func (v Comments) Unmarked(ctx context.Context, object string) (_ int, err error) {
	defer wrap(&err, "count what was hidden on %s", object)
	return one(ctx, v.tx, value[int], `SELECT count(*) FROM comments
		WHERE object = $1 AND state = 'hidden' AND number = 0 AND answers = ''`, object)
}

// AnswersTo are ours to one comment, oldest first, what was hidden among them.
func (v Comments) AnswersTo(ctx context.Context, x id.Comment) (_ []incident.Comment, err error) {
	defer wrap(&err, "read the answers to %s", x)
	return many(ctx, v.tx, readComment, `SELECT `+commentColumns+` FROM comments
		WHERE answers = $1 AND answers <> ''
		ORDER BY at, id
		LIMIT 1000`, x)
}

// OfContact are what somebody wrote who left this address.
func (v Comments) OfContact(ctx context.Context, x id.Contact, after id.Comment) (_ []incident.Comment, err error) {
	defer wrap(&err, "read what %s commented", x)
	return many(ctx, v.tx, readComment, `SELECT `+commentColumns+` FROM comments
		WHERE contact = $1 AND contact <> '' AND id > $2
		ORDER BY id
		LIMIT 1000`, x, after)
}

func readComment(scan scan) (c incident.Comment, err error) {
	err = scan(&c.ID, &c.Code, &c.Topic, &c.Object, &c.Number, &c.Answers, &c.Person, &c.Contact, &c.Name, &c.Language, &c.Body, &c.State,
		asJSON(&c.Signs), asJSON(&c.Origin), (*instant)(&c.At), (*instant)(&c.ShownAt), &c.Reason, (*instant)(&c.DecidedAt), &c.DecidedBy,
		&c.Flags, &c.FirstReport, &c.Call, &c.Announcement, (*instant)(&c.ErasedAt))
	return c, err
}
