package store

import (
	"context"
	"time"

	"candor/id"
	"candor/report"
)

// Actions are what is done so that an outage never happens twice, and everything that became of each.
type Actions struct{ tx *Tx }

const (
	actionColumns = `id, code, incident, kind, internal, title, owner, ticket, state, due_at, promise, done_at, done_by, verify_from, verified_at,
	verified_by, evidence, created_at, published_at`
	stepColumns = `action, number, act, person, note, due_at, incident, at`
)

// Of are the actions against what caused an incident, oldest first.
func (v Actions) Of(ctx context.Context, i id.Incident) (_ []report.Action, err error) {
	defer wrap(&err, "read the actions of %s", i)
	return many(ctx, v.tx, readAction, `SELECT `+actionColumns+` FROM actions WHERE incident = $1 ORDER BY created_at, id LIMIT 500`, i)
}

// ByCode finds one by its public name.
func (v Actions) ByCode(ctx context.Context, code id.Code) (_ report.Action, err error) {
	defer wrap(&err, "read action %s", code)
	return one(ctx, v.tx, readAction, `SELECT `+actionColumns+` FROM actions WHERE code = $1`, code)
}

// ByID finds one.
func (v Actions) ByID(ctx context.Context, x id.Action) (_ report.Action, err error) {
	defer wrap(&err, "read action %s", x)
	return one(ctx, v.tx, readAction, `SELECT `+actionColumns+` FROM actions WHERE id = $1`, x)
}

// ByPromise finds the one that a promise is about, or ErrNotFound.
func (v Actions) ByPromise(ctx context.Context, p id.Promise) (_ report.Action, err error) {
	defer wrap(&err, "find the action of %s", p)
	return one(ctx, v.tx, readAction, `SELECT `+actionColumns+` FROM actions WHERE promise = $1 AND promise <> ''`, p)
}

// Unsettled are those that somebody still owes work or a look, the soonest due first: for staff.
func (v Actions) Unsettled(ctx context.Context) (_ []report.Action, err error) {
	defer wrap(&err, "read the actions that are not settled")
	return many(ctx, v.tx, readAction, `SELECT `+actionColumns+` FROM actions
		WHERE state IN ('open', 'done')
		ORDER BY due_at, id
		LIMIT 500`)
}

// Public are those customers may read of, the newest first.
func (v Actions) Public(ctx context.Context, limit int) (_ []report.Action, err error) {
	defer wrap(&err, "read the public actions")
	return many(ctx, v.tx, readAction, `SELECT `+actionColumns+` FROM actions
		WHERE published_at IS NOT NULL AND EXISTS (SELECT 1 FROM incidents i WHERE i.id = actions.incident AND i.visibility = 'public')
		ORDER BY published_at DESC, id DESC
		LIMIT $1`, min(max(limit, 1), 2000))
}

// Add appends one.
func (v Actions) Add(ctx context.Context, x report.Action) (err error) {
	defer wrap(&err, "add action %s", x.ID)
	return exec(ctx, v.tx, `INSERT INTO actions (`+actionColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`, actionArgs(x)...)
}

// Save keeps what became of one.
func (v Actions) Save(ctx context.Context, x report.Action) (err error) {
	defer wrap(&err, "save action %s", x.ID)
	err = execOne(ctx, v.tx, `UPDATE actions
		SET code = $2, incident = $3, kind = $4, internal = $5, title = $6, owner = $7, ticket = $8, state = $9, due_at = $10, promise = $11,
			done_at = $12, done_by = $13, verify_from = $14, verified_at = $15, verified_by = $16, evidence = $17, created_at = $18,
			published_at = $19
		WHERE id = $1`, actionArgs(x)...)
	if err != nil || !x.Public() {
		return err
	}
	return v.tx.Record.action(ctx, x, report.Step{At: x.PublishedAt})
}

func actionArgs(x report.Action) []any {
	return []any{
		x.ID, x.Code, x.Incident, x.Kind, x.Internal, asJSON(&x.Title), x.Owner, x.Ticket, x.State, instant(x.DueAt), x.Promise, instant(x.DoneAt),
		x.DoneBy, instant(x.VerifyFrom), instant(x.VerifiedAt), x.VerifiedBy, asJSON(&x.Evidence), instant(x.CreatedAt), instant(x.PublishedAt),
	}
}

// Note appends a step with the next number.
func (v Actions) Note(ctx context.Context, x report.Step) (err error) {
	defer wrap(&err, "note what became of %s", x.Action)
	numbers, err := many(ctx, v.tx, value[int], `INSERT INTO action_steps (`+stepColumns+`)
		SELECT CAST($1 AS TEXT), coalesce(max(number), 0) + 1, CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS TEXT), CAST($5 AS BIGINT),
			CAST($6 AS TEXT), CAST($7 AS BIGINT)
		FROM action_steps
		WHERE action = $1
		RETURNING number`, x.Action, x.Kind, x.By, asJSON(&x.Note), instant(x.DueAt), x.Incident, instant(x.At))
	if err != nil {
		return err
	}
	a, err := v.ByID(ctx, x.Action)
	if err != nil || !a.Public() || len(numbers) != 1 {
		return err
	}
	x.Number = numbers[0]
	return v.tx.Record.action(ctx, a, x)
}

// Steps are everything that became of the actions of an incident, by action, in order.
func (v Actions) Steps(ctx context.Context, i id.Incident) (_ []report.Step, err error) {
	defer wrap(&err, "read what became of the actions of %s", i)
	return many(ctx, v.tx, readStep, `SELECT `+stepColumns+` FROM action_steps
		WHERE action IN (SELECT id FROM actions WHERE incident = $1)
		ORDER BY action, number
		LIMIT 5000`, i)
}

// SameCause notes that an incident has the cause of an earlier one; false if that was noted before.
func (v Actions) SameCause(ctx context.Context, i, earlier id.Incident, by id.Person, at time.Time) (added bool, err error) {
	defer wrap(&err, "note that %s has the cause of %s", i, earlier)
	n, err := execCount(ctx, v.tx, `INSERT INTO same_causes (incident, earlier, person, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
		i, earlier, by, instant(at))
	return n == 1, err
}

// Earlier are the incidents whose cause an incident has, oldest first.
func (v Actions) Earlier(ctx context.Context, i id.Incident) (_ []id.Incident, err error) {
	defer wrap(&err, "read whose cause %s has", i)
	return many(ctx, v.tx, value[id.Incident], `SELECT earlier FROM same_causes WHERE incident = $1 ORDER BY earlier LIMIT 50`, i)
}

// Later are the incidents that the cause of one brought after it, oldest first.
func (v Actions) Later(ctx context.Context, i id.Incident) (_ []id.Incident, err error) {
	defer wrap(&err, "read what the cause of %s brought", i)
	return many(ctx, v.tx, value[id.Incident], `SELECT incident FROM same_causes WHERE earlier = $1 ORDER BY incident LIMIT 50`, i)
}

func readAction(scan scan) (x report.Action, err error) {
	err = scan(&x.ID, &x.Code, &x.Incident, &x.Kind, &x.Internal, asJSON(&x.Title), &x.Owner, &x.Ticket, &x.State, (*instant)(&x.DueAt), &x.Promise,
		(*instant)(&x.DoneAt), &x.DoneBy, (*instant)(&x.VerifyFrom), (*instant)(&x.VerifiedAt), &x.VerifiedBy, asJSON(&x.Evidence),
		(*instant)(&x.CreatedAt), (*instant)(&x.PublishedAt))
	return x, err
}

func readStep(scan scan) (x report.Step, err error) {
	err = scan(&x.Action, &x.Number, &x.Kind, &x.By, asJSON(&x.Note), (*instant)(&x.DueAt), &x.Incident, (*instant)(&x.At))
	return x, err
}
