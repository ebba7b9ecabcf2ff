package desk

import (
	"context"
	"errors"

	"candor/audience"
	"candor/id"
	"candor/lang"
)

var errNotBuilt = errors.New("not built yet")

// A Subscription is what somebody on the page asks for.
type Subscription struct {
	Address     string
	Language    lang.Tag
	Components  []id.Component // none: everything
	EveryUpdate bool
	IP          string
	Honeypot    string // must be empty; people do not see the field
}

// Subscribe answers the same whatever is known of the address (B13), and mails at most what B3 allows.
func (d *Desk) Subscribe(ctx context.Context, in Subscription) (audience.Contact, error) {
	return audience.Contact{}, errNotBuilt
}

// ContactByToken finds whom a mailed link belongs to, for the page it opens; it changes nothing (B5).
func (d *Desk) ContactByToken(ctx context.Context, p audience.Purpose, token string) (audience.Contact, error) {
	return audience.Contact{}, errNotBuilt
}

// Confirm makes a subscription active.
func (d *Desk) Confirm(ctx context.Context, token string) (audience.Contact, error) {
	return audience.Contact{}, errNotBuilt
}

// ChangeSubscription by the holder of a manage link.
func (d *Desk) ChangeSubscription(ctx context.Context, token string, in Subscription) (audience.Contact, error) {
	return audience.Contact{}, errNotBuilt
}

// Unsubscribe by a mailed link or a one-click POST (RFC 8058); safe to repeat.
func (d *Desk) Unsubscribe(ctx context.Context, token string) (audience.Contact, error) {
	return audience.Contact{}, errNotBuilt
}

// AddSubscriber by staff or API; unconfirmed unless consent is stated.
func (d *Desk) AddSubscriber(ctx context.Context, in Subscription, confirmed bool) (audience.Contact, error) {
	return audience.Contact{}, errNotBuilt
}

// EndSubscription by staff or API.
func (d *Desk) EndSubscription(ctx context.Context, c id.Contact) error { return errNotBuilt }

// RetryDelivery tries a failed or waiting delivery again now, as a new cycle where it had ended.
func (d *Desk) RetryDelivery(ctx context.Context, x id.Delivery) error { return errNotBuilt }

// SendTest mails the acting person through the same road as everything else.
func (d *Desk) SendTest(ctx context.Context) (id.Announcement, error) { return "", errNotBuilt }
