package store

import (
	"context"

	"candor/audience"
	"candor/id"
)

// insert appends customers; with skip, one whose external id somebody kept meanwhile is left out.
func (c Customers) insert(ctx context.Context, all []audience.Customer, skip bool) error {
	for part := range parts(all, 13) {
		query := `INSERT INTO customers (` + customerColumns + `, name_key)
			VALUES ` + rowsOf(len(part), 13)
		if skip {
			query += `
			ON CONFLICT DO NOTHING`
		}
		n, err := execCount(ctx, c.tx, query, customerArgs(part)...)
		if err != nil {
			return err
		}
		if n != len(part) {
			return ErrExists
		}
	}
	return nil
}

func customerArgs(part []audience.Customer) []any {
	args := make([]any, 0, len(part)*13)
	for _, x := range part {
		args = append(args, x.ID, x.Code, x.External, x.Name, x.Language, x.Zone, x.Plan, x.Fee.Minor, x.Fee.Currency,
			instant(x.CreatedAt), instant(x.UpdatedAt), instant(x.ErasedAt), nameKey(x.Name))
	}
	return args
}

// attach links customers with their contacts and with what they use.
func (c Customers) attach(ctx context.Context, all []audience.Customer) error {
	type link struct {
		customer id.Customer
		contact  id.Contact
		rank     int
	}
	type use struct {
		customer id.Customer
		audience.Use
	}
	var links []link
	var uses []use
	for _, x := range all {
		for rank, contact := range x.Contacts {
			links = append(links, link{x.ID, contact.ID, rank})
		}
		for _, u := range x.Uses {
			uses = append(uses, use{x.ID, u})
		}
	}
	for part := range parts(links, 3) {
		var args []any
		for _, l := range part {
			args = append(args, l.customer, l.contact, l.rank)
		}
		if err := exec(ctx, c.tx, `INSERT INTO customer_contacts (customer, contact, rank)
			VALUES `+rowsOf(len(part), 3)+`
			ON CONFLICT (customer, contact) DO UPDATE SET rank = excluded.rank`, args...); err != nil {
			return err
		}
	}
	for part := range parts(uses, 4) {
		var args []any
		for _, u := range part {
			args = append(args, u.customer, u.Component, instant(u.Since), instant(u.Until))
		}
		if err := exec(ctx, c.tx, `INSERT INTO customer_components (customer, component, since_at, until_at)
			VALUES `+rowsOf(len(part), 4)+`
			ON CONFLICT (customer, component) DO UPDATE SET since_at = excluded.since_at, until_at = excluded.until_at`, args...); err != nil {
			return err
		}
	}
	return nil
}

// saveMany writes changed customers, and their links anew.
func (c Customers) saveMany(ctx context.Context, all []audience.Customer) error {
	for part := range parts(all, 13) {
		if err := exec(ctx, c.tx, `INSERT INTO customers (`+customerColumns+`, name_key)
			VALUES `+rowsOf(len(part), 13)+`
			ON CONFLICT (id) DO UPDATE
			SET external = excluded.external, name = excluded.name, language = excluded.language, zone = excluded.zone, plan = excluded.plan,
				fee = excluded.fee, currency = excluded.currency, updated_at = excluded.updated_at, erased_at = excluded.erased_at,
				name_key = excluded.name_key`, customerArgs(part)...); err != nil {
			return err
		}
	}
	// What somebody uses and how they can be reached are wishes and terms, not facts that were said: the new ones replace the old.
	for part := range padded(idsOf(all), 2) {
		list, args := in(part)
		if err := exec(ctx, c.tx, `DELETE FROM customer_contacts WHERE customer IN `+list, args...); err != nil {
			return err
		}
		if err := exec(ctx, c.tx, `DELETE FROM customer_components WHERE customer IN `+list, args...); err != nil {
			return err
		}
	}
	return c.attach(ctx, all)
}

// Ensure answers the contacts with the ids under which they are kept: an address that somebody has already, subscriber or customer, is
// shared and keeps its owner's choices; a new one is appended. The contacts given may name an address twice.
func (c Contacts) Ensure(ctx context.Context, all []audience.Contact) (_ []audience.Contact, err error) {
	defer wrap(&err, "keep %d contacts", len(all))
	type key struct{ channel, address string }
	known, keys := map[key]id.Contact{}, map[string][]string{}
	for _, x := range all {
		k := key{x.Channel, x.Address.Key()}
		if _, asked := known[k]; !asked {
			known[k] = ""
			keys[k.channel] = append(keys[k.channel], k.address)
		}
	}
	find := func() error {
		for channel, wanted := range keys {
			found, err := c.among(ctx, channel, wanted)
			if err != nil {
				return err
			}
			for address, x := range found {
				known[key{channel, address}] = x
			}
		}
		return nil
	}
	if err := find(); err != nil {
		return nil, err
	}
	var fresh []audience.Contact
	for _, x := range all {
		if k := (key{x.Channel, x.Address.Key()}); known[k] == "" {
			known[k] = x.ID
			fresh = append(fresh, x)
		}
	}
	added, err := c.AddMany(ctx, fresh)
	if err != nil {
		return nil, err
	}
	if added < len(fresh) { // somebody kept one of them between our look and our word
		if err := find(); err != nil {
			return nil, err
		}
	}
	out := make([]audience.Contact, len(all))
	for i, x := range all {
		x.ID = known[key{x.Channel, x.Address.Key()}]
		out[i] = x
	}
	return out, nil
}

// among is which of these addresses are kept, by Address.Key.
func (c Contacts) among(ctx context.Context, channel string, keys []string) (map[string]id.Contact, error) {
	type row struct {
		key string
		id  id.Contact
	}
	found := make(map[string]id.Contact, len(keys))
	for part := range padded(keys, 1) {
		list, args := in(part)
		rows, err := many(ctx, c.tx, func(scan scan) (r row, err error) {
			err = scan(&r.key, &r.id)
			return r, err
		}, `SELECT address_key, id FROM contacts
			WHERE address_key IN `+list+` AND channel = $`+next(args)+`
			ORDER BY id`, append(args, channel)...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			found[r.key] = r.id
		}
	}
	return found, nil
}
