package storetest

import (
	"context"
	"time"

	"candor/audience"
	"candor/id"
	"candor/lang"
	"candor/store"
)

// AddCustomer adds an account that reads English and is reached at these addresses, in this order. What x says already, stays.
func AddCustomer(ctx context.Context, tx *store.Tx, x audience.Customer, at time.Time, addresses ...audience.Address) (audience.Customer, error) {
	x.ID, x.Code, x.Language, x.CreatedAt, x.UpdatedAt = id.New[id.Customer](at), id.NewCode(), lang.English, at, at
	for _, a := range addresses {
		channel := audience.Email
		if a.IsPhone() {
			channel = audience.SMS
		}
		x.Contacts = append(x.Contacts, audience.Contact{Channel: channel, Address: a, Language: lang.English, CreatedAt: at})
	}
	var err error
	if x.Contacts, err = tx.Contacts.Ensure(ctx, x.Contacts); err != nil {
		return x, err
	}
	return x, tx.Customers.Add(ctx, x)
}

// OwnToken is what the link to an address's own page carries.
func OwnToken(ctx context.Context, tx *store.Tx, channel string, a audience.Address) (string, error) {
	c, err := tx.Contacts.ByAddress(ctx, channel, a.Key())
	if err != nil {
		return "", err
	}
	secret, err := tx.Instance.Secret(ctx, store.LinkSecret)
	return audience.Sign(secret, audience.ToReach, c.Code), err
}
