package store

import (
	"context"
	"time"

	"candor/id"
	"candor/reach"
)

// Decisions are what the ladder said about each customer, and why.
type Decisions struct{ tx *Tx }

// A Decision is one of them.
type Decision struct {
	reach.Act // without Attempt, and without when to look again
	DecidedAt time.Time
}

// Add appends one; the same at the same instant is one.
func (v Decisions) Add(ctx context.Context, i id.Incident, c id.Customer, act reach.Act, at time.Time) (err error) {
	defer wrap(&err, "note what was decided about %s in %s", c, i)
	return exec(ctx, v.tx, `INSERT INTO decisions (incident, customer, at, act, channel, contact, reason, ended)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT DO NOTHING`, i, c, instant(at), act.Do, act.Channel, act.Contact, act.Reason, act.End)
}

// Of are those about a customer in an incident, oldest first.
func (v Decisions) Of(ctx context.Context, i id.Incident, c id.Customer) (_ []Decision, err error) {
	defer wrap(&err, "read what was decided about %s in %s", c, i)
	return many(ctx, v.tx, func(scan scan) (d Decision, err error) {
		err = scan((*instant)(&d.DecidedAt), &d.Do, &d.Channel, &d.Contact, &d.Reason, &d.End)
		return d, err
	}, `SELECT at, act, channel, contact, reason, ended FROM decisions
		WHERE incident = $1 AND customer = $2
		ORDER BY at, act DESC, channel, contact
		LIMIT 500`, i, c)
}
