package store

import (
	"context"

	"candor/audience"
	"candor/id"
)

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
