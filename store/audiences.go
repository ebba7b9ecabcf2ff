package store

import (
	"context"

	"candor/id"
)

// ByExternals finds customers by what the company's own systems call them.
func (c Customers) ByExternals(ctx context.Context, externals []string) (found map[string]id.Customer, err error) {
	defer wrap(&err, "find %d customers", len(externals))
	type pair struct {
		external string
		customer id.Customer
	}
	found = map[string]id.Customer{}
	for part := range padded(c.tx, externals, 1) {
		list, args := in(part)
		pairs, err := many(ctx, c.tx, func(scan scan) (p pair, err error) {
			err = scan(&p.external, &p.customer)
			return p, err
		}, `SELECT external, id FROM customers
			WHERE external IN `+list+` AND external <> '' AND erased_at IS NULL
			ORDER BY id`, args...)
		if err != nil {
			return nil, err
		}
		for _, p := range pairs {
			found[p.external] = p.customer
		}
	}
	return found, nil
}

// Name notes customers as those an incident is about. Who was named stays so.
func (v Affected) Name(ctx context.Context, i id.Incident, customers []id.Customer) (added int, err error) {
	defer wrap(&err, "name %d customers of %s", len(customers), i)
	for part := range parts(v.tx, customers, 2) {
		var args []any
		for _, c := range part {
			args = append(args, i, c)
		}
		n, err := execCount(ctx, v.tx, `INSERT INTO incident_customers (incident, customer)
			VALUES `+rowsOf(len(part), 2)+`
			ON CONFLICT DO NOTHING`, args...)
		if err != nil {
			return added, err
		}
		added += n
	}
	return added, nil
}

// Named is how many customers were named for an incident.
func (v Affected) Named(ctx context.Context, i id.Incident) (_ int64, err error) {
	defer wrap(&err, "count the customers named for %s", i)
	return one(ctx, v.tx, value[int64], `SELECT count(*) FROM incident_customers WHERE incident = $1`, i)
}
