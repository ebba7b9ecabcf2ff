package store

import (
	"context"
	"time"

	"candor/id"
	"candor/playbook"
)

// Advice is what was said of words before they went out. It is appended with the word; only a blackout takes anything out of it.
type Advice struct{ tx *Tx }

const adviceColumns = `update_id, revision, incident, apologises, acts, confirmed, findings, at`

// Add appends what was said of one word or correction.
func (a Advice) Add(ctx context.Context, x playbook.Advice) (err error) {
	defer wrap(&err, "keep the advice on %s", x.Update)
	return exec(ctx, a.tx, `INSERT INTO advice (`+adviceColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		x.Update, x.Revision, x.Incident, x.Apologises, x.Acts, x.Confirmed, asJSON(&x.Findings), instant(x.At))
}

// Of is the advice on the words of an incident, oldest first.
func (a Advice) Of(ctx context.Context, i id.Incident) (_ []playbook.Advice, err error) {
	defer wrap(&err, "read the advice on %s", i)
	return many(ctx, a.tx, readAdvice, `SELECT `+adviceColumns+` FROM advice WHERE incident = $1 ORDER BY at, update_id, revision LIMIT 4000`, i)
}

// SaveFindings keeps what a blackout left of the excerpts.
func (a Advice) SaveFindings(ctx context.Context, x playbook.Advice) (err error) {
	defer wrap(&err, "black out the advice on %s", x.Update)
	return execOne(ctx, a.tx, `UPDATE advice SET findings = $3 WHERE update_id = $1 AND revision = $2`, x.Update, x.Revision, asJSON(&x.Findings))
}

// Apologies are how many other incidents were apologised for between two instants, and after the latest new corrective action of that time.
func (a Advice) Apologies(ctx context.Context, besides id.Incident, since, until time.Time) (_ int, err error) {
	defer wrap(&err, "count the apologies since %s", since.Format(time.DateOnly))
	return one(ctx, a.tx, value[int], `SELECT count(DISTINCT incident) FROM advice
		WHERE at >= $1 AND at < $3 AND (apologises OR acts) AND apologises AND incident <> $2
			AND at > (SELECT coalesce(max(at), 0) FROM advice WHERE at >= $1 AND at < $3 AND (apologises OR acts) AND acts)`,
		instant(since), besides, instant(until))
}

func readAdvice(scan scan) (x playbook.Advice, err error) {
	err = scan(&x.Update, &x.Revision, &x.Incident, &x.Apologises, &x.Acts, &x.Confirmed, asJSON(&x.Findings), (*instant)(&x.At))
	return x, err
}
