package store

import (
	"context"

	"candor/id"
	"candor/reach"
)

// Replies are what customers wrote back, and who answered.
type Replies struct{ tx *Tx }

const replyColumns = `p.receipt, p.delivery, p.contact, p.incident, p.standing, p.message_id, p.sender, p.subject, p.at,
	p.answered_at, p.answered_by, p.answer, p.announcement, r.kind, r.source, r.machine, r.reason, r.body`

const fromReplies = ` FROM replies p JOIN receipts r ON r.id = p.receipt `

// Add appends one; its receipt is there already.
func (v Replies) Add(ctx context.Context, x reach.Reply) (err error) {
	defer wrap(&err, "keep reply %s", x.ID)
	return exec(ctx, v.tx, `INSERT INTO replies (receipt, delivery, contact, incident, standing, message_id, sender, subject, at,
			answered_by, answer, announcement)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', '', '')`,
		x.ID, x.Delivery, x.Contact, x.Incident, x.Standing, x.MessageID, x.Sender, x.Subject, instant(x.At))
}

// ByID finds one.
func (v Replies) ByID(ctx context.Context, x id.Receipt) (_ reach.Reply, err error) {
	defer wrap(&err, "read reply %s", x)
	return one(ctx, v.tx, readReply, `SELECT `+replyColumns+fromReplies+`WHERE p.receipt = $1`, x)
}

// AnsweredWith is the reply that an announcement answers.
func (v Replies) AnsweredWith(ctx context.Context, a id.Announcement) (_ reach.Reply, err error) {
	defer wrap(&err, "read what %s answers", a)
	return one(ctx, v.tx, readReply, `SELECT `+replyColumns+fromReplies+`WHERE p.announcement = $1 AND p.announcement <> ''`, a)
}

// Answer notes who answered an open reply and how. False if somebody has answered it already.
func (v Replies) Answer(ctx context.Context, x reach.Reply) (first bool, err error) {
	defer wrap(&err, "note the answer to %s", x.ID)
	n, err := execCount(ctx, v.tx, `UPDATE replies
		SET standing = 'answered', answered_at = $2, answered_by = $3, answer = $4, announcement = $5
		WHERE receipt = $1 AND standing = 'open'`, x.ID, instant(x.AnsweredAt), x.AnsweredBy, x.Answer, x.Announcement)
	return n == 1, err
}

// Count is how many replies about an incident stand how; about any with an empty one.
func (v Replies) Count(ctx context.Context, i id.Incident) (_ map[reach.ReplyStanding]int64, err error) {
	defer wrap(&err, "count the replies about %s", i)
	type row struct {
		standing reach.ReplyStanding
		n        int64
	}
	query, args := `SELECT standing, count(*) FROM replies GROUP BY standing ORDER BY standing`, []any{}
	if i != "" {
		query, args = `SELECT standing, count(*) FROM replies WHERE incident = $1 GROUP BY standing ORDER BY standing`, []any{i}
	}
	rows, err := many(ctx, v.tx, func(scan scan) (r row, err error) {
		err = scan(&r.standing, &r.n)
		return r, err
	}, query, args...)
	all := map[reach.ReplyStanding]int64{}
	for _, r := range rows {
		all[r.standing] = r.n
	}
	return all, err
}

// A ReplyPage asks for some replies, the oldest first: who has waited longest is answered first.
type ReplyPage struct {
	Incident id.Incident // empty: about any
	Standing reach.ReplyStanding
	After    id.Receipt
	Limit    int
}

// A WrittenReply is a reply with who wrote it: the contact's address, and a customer behind it, empty where there is none. Carried is how far
// the answer has come, empty where none was sent.
type WrittenReply struct {
	reach.Reply
	Channel, Address string
	Customer         id.Customer
	Name             string
	Carried          reach.State
}

// Page are the replies that stand in one way.
func (v Replies) Page(ctx context.Context, p ReplyPage) (_ []WrittenReply, err error) {
	defer wrap(&err, "read the replies about %s", p.Incident)
	args, where := []any{p.Standing, p.Limit}, `WHERE p.standing = $1`
	if p.Incident != "" {
		args = append(args, p.Incident)
		where += ` AND p.incident = $3`
	}
	if p.After != "" {
		before, err := v.ByID(ctx, p.After)
		if err != nil {
			return nil, err
		}
		at := next(args)
		args = append(args, instant(before.At))
		last := next(args)
		args = append(args, before.ID)
		where += ` AND (p.at, p.receipt) > ($` + at + `, $` + last + `)`
	}
	return many(ctx, v.tx, readWritten, `SELECT `+writtenColumns+fromWritten+where+` ORDER BY p.at, p.receipt LIMIT $2`, args...)
}

// Lately are the newest replies about an incident that were answered, newest first.
func (v Replies) Lately(ctx context.Context, i id.Incident, limit int) (_ []WrittenReply, err error) {
	defer wrap(&err, "read who answered about %s", i)
	return many(ctx, v.tx, readWritten, `SELECT `+writtenColumns+fromWritten+`WHERE p.standing = 'answered' AND p.incident = $1
		ORDER BY p.at DESC, p.receipt DESC
		LIMIT $2`, i, limit)
}

// OfCustomer are what a customer's contacts wrote about an incident, oldest first.
func (v Replies) OfCustomer(ctx context.Context, i id.Incident, c id.Customer) (_ []reach.Reply, err error) {
	defer wrap(&err, "read what %s wrote about %s", c, i)
	return many(ctx, v.tx, readReply, `SELECT `+replyColumns+fromReplies+`
		WHERE p.contact IN (SELECT contact FROM customer_contacts WHERE customer = $1) AND p.incident = $2
		ORDER BY p.at, p.receipt
		LIMIT 500`, c, i)
}

const writtenColumns = replyColumns + `, c.channel, c.address, coalesce(k.id, ''), coalesce(k.name, ''),
	coalesce((SELECT d.state FROM deliveries d WHERE d.announcement = p.announcement AND p.announcement <> '' ORDER BY d.id DESC LIMIT 1), '')`

const fromWritten = fromReplies + `JOIN contacts c ON c.id = p.contact
	LEFT JOIN customers k ON k.id = (SELECT min(l.customer) FROM customer_contacts l WHERE l.contact = p.contact) `

func readReply(scan scan) (x reach.Reply, err error) {
	err = scan(replyFields(&x)...)
	return x, err
}

func readWritten(scan scan) (x WrittenReply, err error) {
	err = scan(append(replyFields(&x.Reply), &x.Channel, &x.Address, &x.Customer, &x.Name, &x.Carried)...)
	return x, err
}

func replyFields(x *reach.Reply) []any {
	return []any{
		&x.ID, &x.Delivery, &x.Contact, &x.Incident, &x.Standing, &x.MessageID, &x.Sender, &x.Subject, (*instant)(&x.At),
		(*instant)(&x.AnsweredAt), &x.AnsweredBy, &x.Answer, &x.Announcement, &x.Kind, &x.Source, &x.Machine, &x.Reason, &x.Body,
	}
}
