package store

import (
	"context"

	"candor/audience"
	"candor/id"
)

// Addressees are the contacts at which customers are written to about something that is theirs alone: of each the mail address they prefer,
// else the mobile, in the customer's language. Who has no such contact is left out.
func (c Customers) Addressees(ctx context.Context, customers []id.Customer) (all []audience.Contact, err error) {
	defer wrap(&err, "read where to write to %d customers", len(customers))
	type way struct {
		customer id.Customer
		contact  audience.Contact
	}
	for part := range padded(c.tx, customers, 1) {
		list, args := in(part)
		ways, err := many(ctx, c.tx, func(scan scan) (w way, err error) {
			err = scan(&w.customer, &w.contact.ID, &w.contact.Channel, &w.contact.Address, &w.contact.Language)
			return w, err
		}, `SELECT l.customer, x.id, x.channel, x.address, c.language
			FROM customer_contacts l
			JOIN customers c ON c.id = l.customer
			JOIN contacts x ON x.id = l.contact
			WHERE l.customer IN `+list+` AND l.by_channel IN ('email', 'sms') AND x.ended_at IS NULL AND c.erased_at IS NULL
			ORDER BY l.customer, l.by_channel, l.rank, x.id
			LIMIT 100000`, args...)
		if err != nil {
			return nil, err
		}
		var last id.Customer
		for _, w := range ways {
			if w.customer != last {
				all, last = append(all, w.contact), w.customer
			}
		}
	}
	return all, nil
}
