package store

import (
	"context"
	"encoding/json"

	"candor/amends"
	"candor/id"
)

// CreditRuns are what incidents' and months' customers are owed, each reckoned once.
type CreditRuns struct{ tx *Tx }

const creditRunColumns = `id, incident, month, supplements, state, rule, basis, inputs, cursor, digest, totals, expected,
	made_by, made_at, reckoned_at, approved_by, approved_at, second_by, second_at, offered_at`

// ByID finds one.
func (c CreditRuns) ByID(ctx context.Context, x id.CreditRun) (_ amends.Run, err error) {
	defer wrap(&err, "read credit run %s", x)
	return one(ctx, c.tx, readCreditRun, `SELECT `+creditRunColumns+` FROM credit_runs WHERE id = $1`, x)
}

// Of are the runs of an incident, or of a month where incident is empty, the oldest first.
func (c CreditRuns) Of(ctx context.Context, i id.Incident, month string) (_ []amends.Run, err error) {
	defer wrap(&err, "read the credit runs of %s", i)
	return many(ctx, c.tx, readCreditRun, `SELECT `+creditRunColumns+` FROM credit_runs
		WHERE incident = $1 AND month = $2
		ORDER BY made_at, id
		LIMIT 200`, i, month)
}

// OfIncident are the runs of an incident, whatever month, the newest first.
func (c CreditRuns) OfIncident(ctx context.Context, i id.Incident) (_ []amends.Run, err error) {
	defer wrap(&err, "read the credit runs of %s", i)
	return many(ctx, c.tx, readCreditRun, `SELECT `+creditRunColumns+` FROM credit_runs
		WHERE incident = $1
		ORDER BY made_at DESC, id DESC
		LIMIT 200`, i)
}

// Approved are the runs of some months that stand, in the order they were made.
func (c CreditRuns) Approved(ctx context.Context, from, to string) (_ []amends.Run, err error) {
	defer wrap(&err, "read the credit runs of %s to %s", from, to)
	return many(ctx, c.tx, readCreditRun, `SELECT `+creditRunColumns+` FROM credit_runs
		WHERE month >= $1 AND month <= $2 AND state IN ('approved', 'offered')
		ORDER BY approved_at, id
		LIMIT 1000`, from, to)
}

// In are the runs in a state, the oldest first.
func (c CreditRuns) In(ctx context.Context, s amends.State) (_ []amends.Run, err error) {
	defer wrap(&err, "read the credit runs that are %s", s)
	return many(ctx, c.tx, readCreditRun, `SELECT `+creditRunColumns+` FROM credit_runs WHERE state = $1 ORDER BY made_at, id LIMIT 100`, s)
}

// Latest are the newest runs, those that were dropped left out.
func (c CreditRuns) Latest(ctx context.Context, limit int) (_ []amends.Run, err error) {
	defer wrap(&err, "read the latest credit runs")
	return many(ctx, c.tx, readCreditRun, `SELECT `+creditRunColumns+` FROM credit_runs
		WHERE state <> 'dropped'
		ORDER BY made_at DESC, id DESC
		LIMIT $1`, limit)
}

// Add appends one. Where a draft of the same incident and month is open it is ErrExists.
func (c CreditRuns) Add(ctx context.Context, r amends.Run) (err error) {
	defer wrap(&err, "add credit run %s", r.ID)
	basis, cursor, totals, err := runTexts(r)
	if err != nil {
		return err
	}
	return exec(ctx, c.tx, `INSERT INTO credit_runs (`+creditRunColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`,
		r.ID, r.Basis.Incident, r.Basis.Month, r.Supplements, r.State, r.Rule, basis, r.Inputs, cursor, r.Digest, totals, r.Expected,
		r.MadeBy, instant(r.MadeAt), instant(r.ReckonedAt), r.ApprovedBy, instant(r.ApprovedAt), r.SecondBy, instant(r.SecondAt), instant(r.OfferedAt))
}

// Advance keeps how far a run was reckoned, and reports whether nobody else had come as far: was is the cursor this began from.
func (c CreditRuns) Advance(ctx context.Context, r amends.Run, was amends.Cursor) (mine bool, err error) {
	defer wrap(&err, "advance credit run %s", r.ID)
	_, cursor, totals, err := runTexts(r)
	if err != nil {
		return false, err
	}
	from, err := was.Text()
	if err != nil {
		return false, err
	}
	n, err := execCount(ctx, c.tx, `UPDATE credit_runs SET state = $2, cursor = $3, digest = $4, totals = $5, reckoned_at = $6
		WHERE id = $1 AND state = 'reckoning' AND cursor = $7`, r.ID, r.State, cursor, r.Digest, totals, instant(r.ReckonedAt), from)
	return n == 1, err
}

// Decide keeps a draft's new state and who approved it, and reports whether it was in the state from, reckoned to this digest.
func (c CreditRuns) Decide(ctx context.Context, r amends.Run, from amends.State) (mine bool, err error) {
	defer wrap(&err, "decide about credit run %s", r.ID)
	n, err := execCount(ctx, c.tx, `UPDATE credit_runs
		SET state = $2, approved_by = $3, approved_at = $4, second_by = $5, second_at = $6, offered_at = $7
		WHERE id = $1 AND state = $8 AND digest = $9`,
		r.ID, r.State, r.ApprovedBy, instant(r.ApprovedAt), r.SecondBy, instant(r.SecondAt), instant(r.OfferedAt), from, r.Digest)
	return n == 1, err
}

// runTexts are the parts of a run that are kept as JSON. The outliers of a run on its way are in its totals like the rest.
func runTexts(r amends.Run) (basis, cursor, totals string, err error) {
	b, err := json.Marshal(r.Basis)
	if err != nil {
		return "", "", "", err
	}
	t, err := json.Marshal(r.Totals)
	if err != nil {
		return "", "", "", err
	}
	cursor, err = r.Cursor.Text()
	return string(b), cursor, string(t), err
}

func readCreditRun(scan scan) (r amends.Run, err error) {
	var basis, cursor, totals string
	var i id.Incident
	var month string
	err = scan(&r.ID, &i, &month, &r.Supplements, &r.State, &r.Rule, &basis, &r.Inputs, &cursor, &r.Digest, &totals, &r.Expected,
		&r.MadeBy, (*instant)(&r.MadeAt), (*instant)(&r.ReckonedAt), &r.ApprovedBy, (*instant)(&r.ApprovedAt), &r.SecondBy,
		(*instant)(&r.SecondAt), (*instant)(&r.OfferedAt))
	if err != nil {
		return r, err
	}
	for text, to := range map[string]any{basis: &r.Basis, cursor: &r.Cursor, totals: &r.Totals} {
		if err := json.Unmarshal([]byte(text), to); err != nil {
			return r, err
		}
	}
	return r, nil
}
