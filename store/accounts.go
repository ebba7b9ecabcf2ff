package store

import (
	"context"
	"slices"

	"candor/audience"
	"candor/id"
	"candor/reach"
)

// countAccounts notes with each delivery how many customers that its incident affects are behind its contact: their letter has a page of
// their own, and names the accounts where there are several.
func (d Deliveries) countAccounts(ctx context.Context, claimed []reach.Delivery) error {
	byAnnouncement := map[id.Announcement][]int{}
	for i, x := range claimed {
		if x.Contact != "" {
			byAnnouncement[x.Announcement] = append(byAnnouncement[x.Announcement], i)
		}
	}
	for a, places := range byAnnouncement {
		incident, err := one(ctx, d.tx, value[id.Incident], `SELECT incident FROM announcements WHERE id = $1`, a)
		if err != nil {
			return err
		}
		if incident == "" {
			continue
		}
		contacts := make([]id.Contact, len(places))
		for i, place := range places {
			contacts[i] = claimed[place].Contact
		}
		accounts, err := d.tx.Affected.accounts(ctx, incident, contacts)
		if err != nil {
			return err
		}
		for _, place := range places {
			claimed[place].Accounts = accounts[claimed[place].Contact]
		}
	}
	return nil
}

// accounts is how many of an incident's customers each of these contacts belongs to.
func (v Affected) accounts(ctx context.Context, i id.Incident, contacts []id.Contact) (map[id.Contact]int, error) {
	found := map[id.Contact]int{}
	for part := range padded(v.tx, slices.Clone(contacts), 2) {
		list, args := in(part)
		all, err := many(ctx, v.tx, value[id.Contact], `SELECT l.contact
			FROM customer_contacts l JOIN affected a ON a.customer = l.customer AND a.incident = $`+next(args)+`
			WHERE l.contact IN `+list+`
			ORDER BY l.contact`, append(args, i)...)
		if err != nil {
			return nil, err
		}
		for _, c := range all {
			found[c]++
		}
	}
	return found, nil
}

// Behind are the customers that an incident affects and a contact belongs to, in the order of their names, without what they use and where
// else they can be reached.
func (v Affected) Behind(ctx context.Context, i id.Incident, contact id.Contact) (_ []audience.Customer, err error) {
	defer wrap(&err, "read whom %s concerns behind %s", i, contact)
	return many(ctx, v.tx, readCustomer, `SELECT `+customerColumns+` FROM customers
		WHERE id IN (SELECT l.customer FROM customer_contacts l JOIN affected a ON a.customer = l.customer AND a.incident = $1 WHERE l.contact = $2)
		ORDER BY name_key, id
		LIMIT 1000`, i, contact)
}
