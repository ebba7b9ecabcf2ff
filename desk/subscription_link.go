package desk

import (
	"context"
	"errors"
	"time"

	"candor/audience"
	"candor/id"
	"candor/reach"
	"candor/store"
)

// perContact is how often anybody who knows a subscriber's public code can make us mail them a link.
var perContact = limit{"mail a link", 24 * time.Hour, 1}

// MailLink mails a subscriber the link that changes or ends the subscription, or asks again whether the address is theirs. The code that
// the Statuspage API names a subscriber by is not authority (V25): knowing it makes us write to its holder, within limits, and to nobody
// else. Unknown, ended and limited look alike: nothing is told.
func (d *Desk) MailLink(ctx context.Context, code id.Code, ip string) (err error) {
	defer wrap(&err, "mail a subscriber their link")
	at := now()
	if allowed, err := d.take(ctx, perNetwork, block(ip), at); err != nil || !allowed {
		return err
	}
	if allowed, err := d.take(ctx, perContact, string(code), at); err != nil || !allowed {
		return err
	}
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		c, err := tx.Contacts.ByCode(ctx, code)
		if err != nil {
			return err
		}
		switch c.State() {
		case "active":
			return d.send(ctx, tx, c, reach.OnManage, audience.ToManage, at)
		case "unconfirmed":
			return d.ask(ctx, tx, c, at)
		}
		return nil
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	d.wake()
	return err
}
