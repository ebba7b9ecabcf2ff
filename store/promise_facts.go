package store

import (
	"context"
	"time"

	"candor/id"
	"candor/promise"
)

// PromiseFacts are what staff recorded about the legal clocks of an incident. They are appended.
type PromiseFacts struct{ tx *Tx }

// A PromiseFact is one of them, with when it was written down: often later than it happened.
type PromiseFact struct {
	promise.Fact
	ID         id.PromiseFact
	Incident   id.Incident
	RecordedAt time.Time
}

const promiseFactColumns = `id, incident, event, regime, clock, takes, reason, person, at, due_at, recorded_at`

// Add appends one.
func (p PromiseFacts) Add(ctx context.Context, x PromiseFact) (err error) {
	defer wrap(&err, "record %s of %s", x.Event, x.Incident)
	return exec(ctx, p.tx, `INSERT INTO promise_facts (`+promiseFactColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		x.ID, x.Incident, x.Event, x.Regime, x.Clock, x.Takes, x.Reason, x.By, instant(x.At), instant(x.DueAt), instant(x.RecordedAt))
}

// Of are those of an incident in the order they were recorded.
func (p PromiseFacts) Of(ctx context.Context, i id.Incident) (_ []PromiseFact, err error) {
	defer wrap(&err, "read what was recorded about the clocks of %s", i)
	return many(ctx, p.tx, readPromiseFact, `SELECT `+promiseFactColumns+` FROM promise_facts
		WHERE incident = $1
		ORDER BY recorded_at, id
		LIMIT 2000`, i)
}

// Incidents are those with anything on record, the one recorded about last first.
func (p PromiseFacts) Incidents(ctx context.Context) (_ []id.Incident, err error) {
	defer wrap(&err, "find the incidents with legal clocks")
	return many(ctx, p.tx, value[id.Incident], `SELECT incident FROM promise_facts
		GROUP BY incident
		ORDER BY max(recorded_at) DESC, incident
		LIMIT 200`)
}

func readPromiseFact(scan scan) (x PromiseFact, err error) {
	err = scan(&x.ID, &x.Incident, &x.Event, &x.Regime, &x.Clock, &x.Takes, &x.Reason, &x.By, (*instant)(&x.At), (*instant)(&x.DueAt),
		(*instant)(&x.RecordedAt))
	return x, err
}
