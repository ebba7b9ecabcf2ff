package app

import (
	"context"

	"candor/audience"
	"candor/desk"
	"candor/id"
	"candor/lang"
	"candor/store"
)

// links are what a subscriber's letters carry.
type links struct {
	contact                      id.Contact
	confirm, manage, unsubscribe string
}

// subscriber adds somebody who has consented.
func (h *house) subscriber(address string, components ...id.Component) links {
	h.t.Helper()
	c, err := h.desk.AddSubscriber(h.as("owner"), desk.Subscription{Address: address, Language: lang.English, Components: components}, true)
	if err != nil {
		h.t.Fatal(err)
	}
	var secret []byte
	h.write(func(ctx context.Context, tx *store.Tx) (err error) {
		secret, err = tx.Instance.Secret(ctx, store.LinkSecret)
		return err
	})
	return links{c.ID, audience.Sign(secret, audience.ToConfirm, c.Code), audience.Sign(secret, audience.ToManage, c.Code), audience.Sign(secret, audience.ToUnsubscribe, c.Code)}
}
