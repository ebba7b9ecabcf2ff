package store

import (
	"context"
	"time"

	"candor/id"
	"candor/incident"
)

// A CommentPage asks for some comments, the oldest first: who has waited longest is decided first. Flagged asks for those that readers
// pointed out, whatever their state.
type CommentPage struct {
	State   incident.CommentState
	Flagged bool
	Newest  bool // the newest first instead
	After   id.Comment
	Limit   int
}

// Page are the comments of visitors in one state.
func (v Comments) Page(ctx context.Context, p CommentPage) (_ []incident.Comment, err error) {
	defer wrap(&err, "read the comments that are %s", p.State)
	args, where := []any{p.State, p.Limit}, `WHERE state = $1 AND answers = ''`
	if p.Flagged {
		where = `WHERE flags > 0 AND state = $1 AND answers = ''`
	}
	if p.After != "" {
		before, err := v.ByID(ctx, p.After)
		if err != nil {
			return nil, err
		}
		args = append(args, instant(before.At), before.ID)
		if p.Newest {
			where += ` AND (at, id) < ($3, $4)`
		} else {
			where += ` AND (at, id) > ($3, $4)`
		}
	}
	query := `SELECT ` + commentColumns + ` FROM comments ` + where + ` ORDER BY at, id LIMIT $2`
	if p.Newest {
		query = `SELECT ` + commentColumns + ` FROM comments ` + where + ` ORDER BY at DESC, id DESC LIMIT $2`
	}
	return many(ctx, v.tx, readComment, query, args...)
}

// Counts is how many comments of visitors are in each state, and how many of those that are shown readers pointed out.
func (v Comments) Counts(ctx context.Context) (_ map[incident.CommentState]int64, flagged int64, err error) {
	defer wrap(&err, "count the comments")
	type row struct {
		state incident.CommentState
		n     int64
	}
	rows, err := many(ctx, v.tx, func(scan scan) (r row, err error) {
		err = scan(&r.state, &r.n)
		return r, err
	}, `SELECT state, count(*) FROM comments WHERE answers = '' GROUP BY state ORDER BY state`)
	if err != nil {
		return nil, 0, err
	}
	all := map[incident.CommentState]int64{}
	for _, r := range rows {
		all[r.state] = r.n
	}
	flagged, err = one(ctx, v.tx, value[int64], `SELECT count(*) FROM comments WHERE flags > 0 AND state = 'shown'`)
	return all, flagged, err
}

// Waiting is how many wait for one of us.
func (v Comments) Waiting(ctx context.Context) (_ int64, err error) {
	defer wrap(&err, "count the comments that wait")
	return one(ctx, v.tx, value[int64], `SELECT (SELECT count(*) FROM comments WHERE state = 'held')
		+ (SELECT count(*) FROM comments WHERE flags > 0 AND state = 'shown')`)
}

// Due are those in a state since before an instant, whose words are still there, the oldest first: what the clock owes something.
func (v Comments) Due(ctx context.Context, state incident.CommentState, before time.Time, limit int) (_ []incident.Comment, err error) {
	defer wrap(&err, "read the comments that are %s since %s", state, before)
	return many(ctx, v.tx, readComment, `SELECT `+commentColumns+` FROM comments
		WHERE state = $1 AND at < $2 AND erased_at IS NULL AND coalesce(decided_at, at) < $2
		ORDER BY at, id
		LIMIT $3`, state, instant(before), limit)
}

// A Flag is a reader's request to look at a comment. Network is a keyed hash.
type Flag struct {
	Comment id.Comment
	Network string
	Reason  incident.HideReason
	Note    string
	At      time.Time
}

// Flag appends one; false if the same network has asked before.
func (v Comments) Flag(ctx context.Context, f Flag) (first bool, err error) {
	defer wrap(&err, "note that a reader pointed %s out", f.Comment)
	n, err := execCount(ctx, v.tx, `INSERT INTO comment_flags (comment, network, reason, note, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT DO NOTHING`, f.Comment, f.Network, f.Reason, f.Note, instant(f.At))
	return n == 1, err
}

// Flags are the newest requests about a comment.
func (v Comments) Flags(ctx context.Context, x id.Comment) (_ []Flag, err error) {
	defer wrap(&err, "read who pointed %s out", x)
	return many(ctx, v.tx, func(scan scan) (f Flag, err error) {
		err = scan(&f.Comment, &f.Network, &f.Reason, &f.Note, (*instant)(&f.At))
		return f, err
	}, `SELECT comment, network, reason, note, at FROM comment_flags WHERE comment = $1 ORDER BY at DESC, network LIMIT 20`, x)
}

// EraseFlags empties what readers wrote about a comment.
func (v Comments) EraseFlags(ctx context.Context, x id.Comment) (err error) {
	defer wrap(&err, "empty what readers wrote about %s", x)
	return exec(ctx, v.tx, `UPDATE comment_flags SET note = '' WHERE comment = $1 AND note <> ''`, x)
}

// ForgetContact empties an address that nobody ever confirmed and that is nobody's: no customer's, no subscriber's, no other comment's.
func (v Comments) ForgetContact(ctx context.Context, x id.Contact, at time.Time) (err error) {
	defer wrap(&err, "forget %s", x)
	return exec(ctx, v.tx, `UPDATE contacts SET address = '', address_key = id, domain = '', keys = '', ended_at = coalesce(ended_at, $2)
		WHERE id = $1 AND confirmed_at IS NULL AND last_asked_at IS NULL
			AND NOT EXISTS (SELECT 1 FROM customer_contacts WHERE contact = contacts.id)
			AND NOT EXISTS (SELECT 1 FROM comments WHERE contact = contacts.id AND contact <> '')`, x, instant(at))
}
