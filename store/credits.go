package store

import (
	"context"
	"encoding/json"

	"candor/amends"
	"candor/audience"
	"candor/id"
)

// Credits are what a run says of each customer, appended while it is reckoned.
type Credits struct{ tx *Tx }

const creditColumns = `run, customer, currency, minor, contract, period, terms, why, fault, facts`

// Add appends the part of some customers to a run.
func (c Credits) Add(ctx context.Context, run id.CreditRun, all []amends.Kept) (err error) {
	defer wrap(&err, "keep %d credits of %s", len(all), run)
	for part := range wide(all, 10) {
		args := make([]any, 0, len(part)*10)
		for _, k := range part {
			args = append(args, run, k.Customer, k.Amount.Currency, k.Amount.Minor, k.Contract.Minor, k.Period, k.Terms, k.Why, k.Fault, k.Text)
		}
		if err := exec(ctx, c.tx, `INSERT INTO credits (`+creditColumns+`) VALUES `+rowsOf(len(part), 10), args...); err != nil {
			return err
		}
	}
	return nil
}

// Of is what a run says of one customer.
func (c Credits) Of(ctx context.Context, run id.CreditRun, x id.Customer) (_ amends.Kept, err error) {
	defer wrap(&err, "read the credit of %s in %s", x, run)
	return one(ctx, c.tx, readCredit, `SELECT `+creditColumns+` FROM credits WHERE run = $1 AND customer = $2`, run, x)
}

// OfCustomer are a customer's parts of all runs, the newest first.
func (c Credits) OfCustomer(ctx context.Context, x id.Customer) (runs []id.CreditRun, all []amends.Kept, err error) {
	defer wrap(&err, "read the credits of %s", x)
	all, err = many(ctx, c.tx, func(scan scan) (k amends.Kept, err error) {
		var run id.CreditRun
		k, err = readCreditOf(scan, &run)
		runs = append(runs, run)
		return k, err
	}, `SELECT `+creditColumns+` FROM credits WHERE customer = $1 ORDER BY run DESC LIMIT 200`, x)
	return runs, all, err
}

// Page are the parts of a run after a customer, in the order of their ids; of one reason only, unless why is empty.
func (c Credits) Page(ctx context.Context, run id.CreditRun, why amends.Why, after id.Customer, limit int) (_ []amends.Kept, err error) {
	defer wrap(&err, "read the credits of %s after %s", run, after)
	if why == "" {
		return many(ctx, c.tx, readCredit, `SELECT `+creditColumns+` FROM credits
			WHERE run = $1 AND customer > $2
			ORDER BY customer
			LIMIT $3`, run, after, limit)
	}
	return many(ctx, c.tx, readCredit, `SELECT `+creditColumns+` FROM credits
		WHERE run = $1 AND why = $2 AND customer > $3
		ORDER BY customer
		LIMIT $4`, run, why, after, limit)
}

// Between are the parts of a run of customers after one, up to another, who were credited something.
func (c Credits) Between(ctx context.Context, run id.CreditRun, after, upTo id.Customer) (_ []amends.Kept, err error) {
	defer wrap(&err, "read the credits of %s from %s to %s", run, after, upTo)
	return many(ctx, c.tx, readCredit, `SELECT `+creditColumns+` FROM credits
		WHERE run = $1 AND customer > $2 AND customer <= $3 AND (minor > 0 OR contract > 0)
		ORDER BY customer
		LIMIT 100000`, run, after, upTo)
}

func readCredit(scan scan) (amends.Kept, error) {
	var run id.CreditRun
	return readCreditOf(scan, &run)
}

func readCreditOf(scan scan, run *id.CreditRun) (k amends.Kept, err error) {
	var currency, facts string
	err = scan(run, &k.Customer, &currency, &k.Amount.Minor, &k.Contract.Minor, &k.Period, &k.Terms, &k.Why, &k.Fault, &facts)
	if err != nil {
		return k, err
	}
	k.Amount.Currency, k.Contract.Currency = currency, currency
	return k, json.Unmarshal([]byte(facts), &k.Facts)
}

// AffectedChunk are the next customers of an incident after a cursor, in the order of their ids, with what they use and without their
// addresses: what is owed does not depend on those. Who was erased is left out. Fewer than limit means that there are no more.
func (c Customers) AffectedChunk(ctx context.Context, i id.Incident, after id.Customer, limit int) (all []audience.Customer, err error) {
	defer wrap(&err, "read customers of %s after %s", i, after)
	all, err = many(ctx, c.tx, readCustomer, `SELECT `+customerColumns+` FROM customers
		WHERE id > $2 AND erased_at IS NULL AND EXISTS (SELECT 1 FROM affected a WHERE a.incident = $1 AND a.customer = customers.id)
		ORDER BY id
		LIMIT $3`, i, after, limit)
	if err != nil {
		return nil, err
	}
	return all, c.fillUses(ctx, all)
}

// PayingChunk are the next customers after a cursor, like AffectedChunk, whatever broke.
func (c Customers) PayingChunk(ctx context.Context, after id.Customer, limit int) (all []audience.Customer, err error) {
	defer wrap(&err, "read customers after %s", after)
	all, err = many(ctx, c.tx, readCustomer, `SELECT `+customerColumns+` FROM customers
		WHERE id > $1 AND erased_at IS NULL
		ORDER BY id
		LIMIT $2`, after, limit)
	if err != nil {
		return nil, err
	}
	return all, c.fillUses(ctx, all)
}

// InRun are the customers of a run after one, in the order of their ids, without what they use and their addresses.
func (c Customers) InRun(ctx context.Context, run id.CreditRun, after id.Customer, limit int) (_ []audience.Customer, err error) {
	defer wrap(&err, "read the customers of %s after %s", run, after)
	return many(ctx, c.tx, readCustomer, `SELECT `+customerColumns+` FROM customers
		WHERE id IN (SELECT customer FROM credits WHERE run = $1 AND customer > $2 ORDER BY customer LIMIT $3)
		ORDER BY id`, run, after, limit)
}
