package desk

import (
	"context"
	"strings"

	"candor/audience"
	"candor/id"
	"candor/staff"
	"candor/store"
)

// Customers are a page of all customers, newest first, or those that a search finds, by name. What was typed may be an id, the beginning of
// a name, a mail address or a phone number.
func (d *Desk) Customers(ctx context.Context, tx *store.Tx, search string, before id.Customer, limit int) (_ []audience.Customer, err error) {
	defer wrap(&err, "list customers")
	if err := need(ctx, staff.Know); err != nil {
		return nil, err
	}
	if search = strings.TrimSpace(search); search == "" {
		return tx.Customers.Page(ctx, before, limit)
	}
	key := ""
	for _, channel := range [...]string{audience.Email, audience.SMS, audience.Webhook} {
		if a, fault := audience.ParseFor(channel, search, ""); fault == nil {
			key = a.Key()
		}
	}
	return tx.Customers.Search(ctx, search, key, limit)
}
