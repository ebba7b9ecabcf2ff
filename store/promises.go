package store

import (
	"context"
	"time"

	"candor/id"
	"candor/promise"
)

// Promises are what we said we would do by when.
type Promises struct{ tx *Tx }

const (
	promiseColumns       = `id, kind, recipient, incident, made_by, promiser, said, clock, made_at, due_at, kept_at, kept_by, automatic, withdrawn_at`
	joinedPromiseColumns = `p.id, p.kind, p.recipient, p.incident, p.made_by, p.promiser, p.said, p.clock, p.made_at, p.due_at, p.kept_at, p.kept_by,
		p.automatic, p.withdrawn_at`
)

// Of are the promises of an incident, oldest first, those among us included: for staff.
func (p Promises) Of(ctx context.Context, i id.Incident) (_ []promise.Promise, err error) {
	defer wrap(&err, "read the promises of %s", i)
	return many(ctx, p.tx, readPromise, `SELECT `+promiseColumns+` FROM promises WHERE incident = $1 ORDER BY made_at, id LIMIT 5000`, i)
}

// ToCustomers are the promises made to customers on an incident, oldest first: what everybody may see.
func (p Promises) ToCustomers(ctx context.Context, i id.Incident) (_ []promise.Promise, err error) {
	defer wrap(&err, "read what %s promises customers", i)
	return many(ctx, p.tx, readPromise, `SELECT `+promiseColumns+` FROM promises
		WHERE incident = $1 AND recipient = 'customers'
		ORDER BY made_at, id
		LIMIT 5000`, i)
}

// OfOpen are the promises to customers of every public incident that is open, oldest first: one query for the page.
func (p Promises) OfOpen(ctx context.Context) (_ []promise.Promise, err error) {
	defer wrap(&err, "read the promises of the open incidents")
	return many(ctx, p.tx, readPromise, `SELECT `+joinedPromiseColumns+`
		FROM incidents i JOIN promises p ON p.incident = i.id
		WHERE i.resolved_at IS NULL AND i.visibility = 'public' AND p.recipient = 'customers'
		ORDER BY p.made_at, p.id
		LIMIT 10000`)
}

// Open are all promises that bind somebody, rehearsals included, soonest first: late ones lead. For staff.
func (p Promises) Open(ctx context.Context) (_ []promise.Promise, err error) {
	defer wrap(&err, "read the open promises")
	return many(ctx, p.tx, readPromise, `SELECT `+promiseColumns+` FROM promises
		WHERE kept_at IS NULL AND withdrawn_at IS NULL
		ORDER BY due_at, id
		LIMIT 1000`)
}

// Public are the promises to customers of public incidents that fell or fall due in [from, until), by deadline: kept and missed, for the record.
func (p Promises) Public(ctx context.Context, from, until time.Time) (_ []promise.Promise, err error) {
	defer wrap(&err, "read the public promises")
	return many(ctx, p.tx, readPromise, `SELECT `+joinedPromiseColumns+`
		FROM promises p JOIN incidents i ON i.id = p.incident
		WHERE p.due_at >= $1 AND p.due_at < $2 AND p.recipient = 'customers' AND i.visibility = 'public'
		ORDER BY p.due_at, p.id
		LIMIT 20000`, instant(from), instant(until))
}

// Owed are the open promises of one kind on public incidents that are over, soonest first, however long they have been due.
func (p Promises) Owed(ctx context.Context, k promise.Kind) (_ []promise.Promise, err error) {
	defer wrap(&err, "read the %s promises still owed", k)
	return many(ctx, p.tx, readPromise, `SELECT `+joinedPromiseColumns+`
		FROM promises p JOIN incidents i ON i.id = p.incident
		WHERE p.kept_at IS NULL AND p.withdrawn_at IS NULL AND p.kind = $1 AND p.recipient = 'customers'
			AND i.resolved_at IS NOT NULL AND i.visibility = 'public'
		ORDER BY p.due_at, p.id
		LIMIT 500`, k)
}

// ByID finds one.
func (p Promises) ByID(ctx context.Context, x id.Promise) (_ promise.Promise, err error) {
	defer wrap(&err, "read promise %s", x)
	return one(ctx, p.tx, readPromise, `SELECT `+promiseColumns+` FROM promises WHERE id = $1`, x)
}

// Add appends one with its reminders.
func (p Promises) Add(ctx context.Context, x promise.Promise) (err error) {
	defer wrap(&err, "make promise %s", x.ID)
	err = exec(ctx, p.tx, `INSERT INTO promises (`+promiseColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		x.ID, x.Kind, x.MadeTo(), x.Incident, x.Update, x.Promiser, x.Text, x.Clock, instant(x.MadeAt), instant(x.DueAt), instant(x.KeptAt), x.KeptBy,
		x.Automatic, instant(x.WithdrawnAt))
	for _, t := range promise.PolicyOf(x.Kind).Schedule(x) {
		if err == nil {
			err = p.tx.Timers.Set(ctx, Timer{Object: string(x.ID), Step: string(t.Step), At: t.At})
		}
	}
	if err != nil {
		return err
	}
	return p.tx.Record.promises(ctx, []promise.Promise{x}, x.MadeAt)
}

// ended writes down what became of promises.
func (p Promises) ended(ctx context.Context, at time.Time, query string, args ...any) error {
	all, err := many(ctx, p.tx, readPromise, query, args...)
	if err != nil {
		return err
	}
	return p.tx.Record.promises(ctx, all, at)
}

// Keep ends the open promises of one kind on an incident: by is the update that kept them.
func (p Promises) Keep(ctx context.Context, i id.Incident, k promise.Kind, by id.Update, at time.Time) (err error) {
	defer wrap(&err, "keep the %s promise of %s", k, i)
	return p.ended(ctx, at, `UPDATE promises SET kept_at = $3, kept_by = $4
		WHERE incident = $1 AND kind = $2 AND kept_at IS NULL AND withdrawn_at IS NULL
		RETURNING `+promiseColumns, i, k, instant(at), by)
}

// KeptItself notes that what kept a promise was an update nobody wrote.
func (p Promises) KeptItself(ctx context.Context, i id.Incident, by id.Update) (err error) {
	defer wrap(&err, "note that %s went out by itself", by)
	changed, err := many(ctx, p.tx, readPromise, `UPDATE promises SET automatic = TRUE WHERE incident = $1 AND kept_by = $2
		RETURNING `+promiseColumns, i, by)
	if err != nil || len(changed) == 0 {
		return err
	}
	return p.tx.Record.promises(ctx, changed, changed[0].KeptAt)
}

// KeepOne ends one open promise, at the instant of what kept it.
func (p Promises) KeepOne(ctx context.Context, x id.Promise, at time.Time) (err error) {
	defer wrap(&err, "keep promise %s", x)
	return p.ended(ctx, at, `UPDATE promises SET kept_at = $2 WHERE id = $1 AND kept_at IS NULL AND withdrawn_at IS NULL
		RETURNING `+promiseColumns, x, instant(at))
}

// WithdrawOne ends one open promise that lost its object.
func (p Promises) WithdrawOne(ctx context.Context, x id.Promise, at time.Time) (err error) {
	defer wrap(&err, "withdraw promise %s", x)
	return p.ended(ctx, at, `UPDATE promises SET withdrawn_at = $2 WHERE id = $1 AND kept_at IS NULL AND withdrawn_at IS NULL
		RETURNING `+promiseColumns, x, instant(at))
}

// Withdraw ends the open promises of one kind on an incident that lost their object.
func (p Promises) Withdraw(ctx context.Context, i id.Incident, k promise.Kind, at time.Time) (err error) {
	defer wrap(&err, "withdraw the %s promise of %s", k, i)
	return p.ended(ctx, at, `UPDATE promises SET withdrawn_at = $3
		WHERE incident = $1 AND kind = $2 AND kept_at IS NULL AND withdrawn_at IS NULL
		RETURNING `+promiseColumns, i, k, instant(at))
}

func readPromise(scan scan) (x promise.Promise, err error) {
	err = scan(&x.ID, &x.Kind, &x.To, &x.Incident, &x.Update, &x.Promiser, &x.Text, &x.Clock, (*instant)(&x.MadeAt), (*instant)(&x.DueAt),
		(*instant)(&x.KeptAt), &x.KeptBy, &x.Automatic, (*instant)(&x.WithdrawnAt))
	return x, err
}

// Record are the promises to customers on public incidents that were made since, oldest first.
func (p Promises) Record(ctx context.Context, since time.Time) (_ []promise.Promise, err error) {
	defer wrap(&err, "read the record of promises")
	return many(ctx, p.tx, readPromise, `SELECT `+joinedPromiseColumns+`
		FROM promises p JOIN incidents i ON i.id = p.incident
		WHERE p.recipient = 'customers' AND p.made_at >= $1 AND i.visibility = 'public'
		ORDER BY p.made_at, p.id
		LIMIT 100000`, instant(since))
}

// First is when the first promise was made to customers; zero before there is one.
func (p Promises) First(ctx context.Context) (at time.Time, err error) {
	defer wrap(&err, "find the first promise")
	first, err := many(ctx, p.tx, value[instant], `SELECT p.made_at
		FROM promises p JOIN incidents i ON i.id = p.incident
		WHERE p.recipient = 'customers' AND i.visibility = 'public'
		ORDER BY p.made_at, p.id
		LIMIT 1`)
	if len(first) == 1 {
		at = time.Time(first[0])
	}
	return at, err
}
