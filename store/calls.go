package store

import (
	"context"
	"time"

	"candor/audience"
	"candor/id"
	"candor/reach"
)

// Calls are what became of each call of ours.
type Calls struct{ tx *Tx }

// A CallRow is a call with who made it.
type CallRow struct {
	reach.Call
	ID       id.Call
	Incident id.Incident
	Customer id.Customer
	Person   id.Person
	Note     string
	Once     string // what makes a repeat the same call; empty for none
}

// Add appends one, unless it was noted before.
func (v Calls) Add(ctx context.Context, k CallRow) (added bool, err error) {
	defer wrap(&err, "note call %s", k.ID)
	n, err := execCount(ctx, v.tx, `INSERT INTO calls (id, incident, customer, contact, person, outcome, note, back_at, at, once)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT DO NOTHING`,
		k.ID, k.Incident, k.Customer, k.Contact, k.Person, k.Outcome, k.Note, instant(k.Back), instant(k.At), k.Once)
	return n == 1, err
}

// Of are the calls to a customer about an incident, oldest first.
func (v Calls) Of(ctx context.Context, i id.Incident, c id.Customer) (_ []CallRow, err error) {
	defer wrap(&err, "read the calls to %s about %s", c, i)
	return many(ctx, v.tx, func(scan scan) (k CallRow, err error) {
		err = scan(&k.ID, &k.Incident, &k.Customer, &k.Contact, &k.Person, &k.Outcome, &k.Note, (*instant)(&k.Back), (*instant)(&k.At), &k.Once)
		return k, err
	}, `SELECT id, incident, customer, contact, person, outcome, note, back_at, at, once FROM calls
		WHERE incident = $1 AND customer = $2
		ORDER BY at, id
		LIMIT 200`, i, c)
}

// CallRequests are people who asked to be called.
type CallRequests struct{ tx *Tx }

// A CallRequest is one of them. Customer is empty while nobody knows who left the number.
type CallRequest struct {
	ID       id.CallRequest
	Incident id.Incident
	Customer id.Customer
	Contact  id.Contact
	Name     string
	Number   audience.Address
	Language string
	Note     string
	At       time.Time
	CallAt   time.Time // from when on to call; zero: at once
	Tries    int       // calls nobody answered
	DoneAt   time.Time
	Call     id.Call // that answered it
}

const callRequestColumns = `id, incident, customer, contact, name, number, language, note, at, call_at, tries, done_at, call`

// Add appends one.
func (v CallRequests) Add(ctx context.Context, r CallRequest) (err error) {
	defer wrap(&err, "note call request %s", r.ID)
	callAt := r.CallAt
	if callAt.IsZero() {
		callAt = r.At
	}
	return exec(ctx, v.tx, `INSERT INTO call_requests (`+callRequestColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		r.ID, r.Incident, r.Customer, r.Contact, r.Name, r.Number, r.Language, r.Note, instant(r.At), instant(callAt), r.Tries, instant(r.DoneAt), r.Call)
}

// Waiting is a customer's open request, the zero Asked if there is none.
func (v CallRequests) Waiting(ctx context.Context, i id.Incident, c id.Customer) (a reach.Asked, err error) {
	defer wrap(&err, "read whether %s asked for a call", c)
	open, err := many(ctx, v.tx, func(scan scan) (a reach.Asked, err error) {
		err = scan((*instant)(&a.At), &a.Contact)
		return a, err
	}, `SELECT at, contact FROM call_requests WHERE incident = $1 AND customer = $2 AND done_at IS NULL ORDER BY at, id LIMIT 1`, i, c)
	if err != nil || len(open) == 0 {
		return a, err
	}
	return open[0], nil
}

// Open are the requests nobody has answered, the longest waiting first.
func (v CallRequests) Open(ctx context.Context, limit int) (_ []CallRequest, err error) {
	defer wrap(&err, "read who asked for a call")
	return many(ctx, v.tx, readCallRequest, `SELECT `+callRequestColumns+` FROM call_requests
		WHERE done_at IS NULL
		ORDER BY at, id
		LIMIT $1`, limit)
}

// ByID finds one.
func (v CallRequests) ByID(ctx context.Context, x id.CallRequest) (_ CallRequest, err error) {
	defer wrap(&err, "read call request %s", x)
	return one(ctx, v.tx, readCallRequest, `SELECT `+callRequestColumns+` FROM call_requests WHERE id = $1`, x)
}

// Done closes a customer's requests about an incident: a call answered them.
func (v CallRequests) Done(ctx context.Context, i id.Incident, c id.Customer, call id.Call, at time.Time) (err error) {
	defer wrap(&err, "close the call requests of %s", c)
	return exec(ctx, v.tx, `UPDATE call_requests SET done_at = $3, call = $4
		WHERE incident = $1 AND customer = $2 AND done_at IS NULL`, i, c, instant(at), call)
}

// Settle closes one request, says whose it is, or when it is called again.
func (v CallRequests) Settle(ctx context.Context, r CallRequest) (err error) {
	defer wrap(&err, "settle call request %s", r.ID)
	return execOne(ctx, v.tx, `UPDATE call_requests SET customer = $2, contact = $3, call_at = $4, tries = $5, done_at = $6, call = $7 WHERE id = $1`,
		r.ID, r.Customer, r.Contact, instant(r.CallAt), r.Tries, instant(r.DoneAt), r.Call)
}

func readCallRequest(scan scan) (r CallRequest, err error) {
	err = scan(&r.ID, &r.Incident, &r.Customer, &r.Contact, &r.Name, &r.Number, &r.Language, &r.Note, (*instant)(&r.At),
		(*instant)(&r.CallAt), &r.Tries, (*instant)(&r.DoneAt), &r.Call)
	return r, err
}
