package store

import (
	"context"

	"candor/amends"
	"candor/id"
)

// Objections are what customers say is not right with their offers.
type Objections struct{ tx *Tx }

const objectionColumns = `id, offer, run, customer, incident, kind, words, language, promise, at, due_at, answered_at, answered_by, verdict, answer, minor`

// Add appends one.
func (v Objections) Add(ctx context.Context, o amends.Objection) (err error) {
	defer wrap(&err, "note objection %s", o.ID)
	return exec(ctx, v.tx, `INSERT INTO objections (`+objectionColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		o.ID, o.Offer, o.Run, o.Customer, o.Incident, o.Kind, o.Words, o.Language, o.Promise, instant(o.At), instant(o.DueAt), instant(o.AnsweredAt),
		o.AnsweredBy, o.Verdict, o.Answer, o.More.Minor)
}

// ByID finds one.
func (v Objections) ByID(ctx context.Context, x id.Objection) (_ amends.Objection, err error) {
	defer wrap(&err, "read objection %s", x)
	return one(ctx, v.tx, readObjection, `SELECT `+objectionColumns+` FROM objections WHERE id = $1`, x)
}

// OfOffer are what was said about one offer, oldest first.
func (v Objections) OfOffer(ctx context.Context, x id.Offer) (_ []amends.Objection, err error) {
	defer wrap(&err, "read the objections to %s", x)
	return many(ctx, v.tx, readObjection, `SELECT `+objectionColumns+` FROM objections WHERE offer = $1 ORDER BY at, id LIMIT 100`, x)
}

// OfCustomer are a customer's, newest first.
func (v Objections) OfCustomer(ctx context.Context, c id.Customer) (_ []amends.Objection, err error) {
	defer wrap(&err, "read the objections of %s", c)
	return many(ctx, v.tx, readObjection, `SELECT `+objectionColumns+` FROM objections WHERE customer = $1 ORDER BY at DESC, id DESC LIMIT 100`, c)
}

// Open are those that nobody has answered, the most urgent first.
func (v Objections) Open(ctx context.Context, limit int) (_ []amends.Objection, err error) {
	defer wrap(&err, "read the open objections")
	return many(ctx, v.tx, readObjection, `SELECT `+objectionColumns+` FROM objections WHERE answered_at IS NULL ORDER BY due_at, id LIMIT $1`, limit)
}

// Answer notes how one ended, once.
func (v Objections) Answer(ctx context.Context, o amends.Objection) (now bool, err error) {
	defer wrap(&err, "answer objection %s", o.ID)
	n, err := execCount(ctx, v.tx, `UPDATE objections SET answered_at = $2, answered_by = $3, verdict = $4, answer = $5, minor = $6
		WHERE id = $1 AND answered_at IS NULL`, o.ID, instant(o.AnsweredAt), o.AnsweredBy, o.Verdict, o.Answer, o.More.Minor)
	return n == 1, err
}

func readObjection(scan scan) (o amends.Objection, err error) {
	err = scan(&o.ID, &o.Offer, &o.Run, &o.Customer, &o.Incident, &o.Kind, &o.Words, &o.Language, &o.Promise, (*instant)(&o.At), (*instant)(&o.DueAt),
		(*instant)(&o.AnsweredAt), &o.AnsweredBy, &o.Verdict, &o.Answer, &o.More.Minor)
	return o, err
}
