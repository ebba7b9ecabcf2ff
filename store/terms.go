package store

import (
	"context"
	"encoding/json"
	"time"

	"candor/amends"
	"candor/id"
)

// Terms are what the company's contracts say about credits, every revision of them.
type Terms struct{ tx *Tx }

const termsColumns = `id, name, revision, plan, component, customers, body, note, retired, made_by, made_at, replaced_at`

// Holding are those that nothing has replaced, those not used any more included, in the order of their names.
func (t Terms) Holding(ctx context.Context) (_ []amends.Revision, err error) {
	defer wrap(&err, "read the terms")
	return many(ctx, t.tx, readTerms, `SELECT `+termsColumns+` FROM terms WHERE replaced_at IS NULL ORDER BY name LIMIT 1000`)
}

// Named are the revisions of one contract's terms, the newest first.
func (t Terms) Named(ctx context.Context, name string) (_ []amends.Revision, err error) {
	defer wrap(&err, "read the terms %q", name)
	return many(ctx, t.tx, readTerms, `SELECT `+termsColumns+` FROM terms WHERE name = $1 ORDER BY revision DESC LIMIT 200`, name)
}

// ByID finds one revision.
func (t Terms) ByID(ctx context.Context, x id.Terms) (_ amends.Revision, err error) {
	defer wrap(&err, "read terms %s", x)
	return one(ctx, t.tx, readTerms, `SELECT `+termsColumns+` FROM terms WHERE id = $1`, x)
}

// Add appends a revision, and says of the one before it that it was replaced. Two at the same moment are ErrExists for the second.
func (t Terms) Add(ctx context.Context, r amends.Revision) (err error) {
	defer wrap(&err, "keep revision %d of the terms %q", r.Number, r.Name)
	body, err := json.Marshal(r.Contract.Terms)
	if err != nil {
		return err
	}
	customers, err := json.Marshal(r.Contract.Customers)
	if err != nil {
		return err
	}
	if err := exec(ctx, t.tx, `UPDATE terms SET replaced_at = $2 WHERE name = $1 AND replaced_at IS NULL`, r.Name, instant(r.At)); err != nil {
		return err
	}
	return exec(ctx, t.tx, `INSERT INTO terms (`+termsColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		r.ID, r.Name, r.Number, r.Contract.Plan, r.Contract.Component, string(customers), string(body), r.Note, r.Retired, r.By, instant(r.At),
		instant(time.Time{}))
}

func readTerms(scan scan) (r amends.Revision, err error) {
	var customers, body string
	err = scan(&r.ID, &r.Name, &r.Number, &r.Contract.Plan, &r.Contract.Component, &customers, &body, &r.Note, &r.Retired, &r.By,
		(*instant)(&r.At), (*instant)(&r.Replaced))
	if err != nil {
		return r, err
	}
	if err := json.Unmarshal([]byte(customers), &r.Contract.Customers); err != nil {
		return r, err
	}
	return r, json.Unmarshal([]byte(body), &r.Contract.Terms)
}
