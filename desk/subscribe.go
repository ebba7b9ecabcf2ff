package desk

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"net/netip"
	"time"

	"candor/audience"
	"candor/id"
	"candor/lang"
	"candor/problem"
	"candor/reach"
	"candor/store"
)

// A Subscription is what somebody on the page asks for.
type Subscription struct {
	Address     string
	Language    lang.Tag
	Components  []id.Component // none: everything
	EveryUpdate bool
	IP          string
	Honeypot    string // must be empty; people do not see the field
}

// Our form must not become a weapon (B3): what strangers can make us send is bounded per victim (Contact.MayAsk), per network and per hour.
var (
	perNetwork = limit{"subscribe", time.Hour, 10}
	perSite    = limit{"subscribe site", time.Hour, 300}
	perAlarm   = limit{"subscribe alarm", time.Hour, 1}
)

// Subscribe answers the same whatever is known of the address (B13), and mails at most what B3 allows. What it answers describes the wish,
// not what is stored: a known and an unknown address look alike.
func (d *Desk) Subscribe(ctx context.Context, in Subscription) (_ audience.Contact, err error) {
	defer wrap(&err, "subscribe")
	at := now()
	wish, err := in.wish(at)
	if err != nil {
		return audience.Contact{}, err
	}
	if in.Honeypot != "" {
		return d.described(ctx, wish) // a machine filled it in; it need not know
	}
	for _, l := range []struct {
		limit
		whom string
	}{{perNetwork, block(in.IP)}, {perSite, ""}} {
		allowed, err := d.take(ctx, l.limit, l.whom, at)
		if err != nil {
			return audience.Contact{}, err
		}
		if !allowed {
			return audience.Contact{}, errors.Join(d.alarm(ctx, l.limit, at), problem.New(problem.TooMany, "problem.subscribe.many"))
		}
	}
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		if err := in.known(ctx, tx); err != nil {
			return err
		}
		return d.ask(ctx, tx, wish, at)
	})
	if err != nil {
		return audience.Contact{}, err
	}
	d.wake()
	answer, err := d.described(ctx, wish)
	evenly(at, 50*time.Millisecond) // a new address is written down and mailed, a known one is not
	return answer, err
}

// wish is the contact that would be, or what is wrong with the form.
func (in Subscription) wish(at time.Time) (audience.Contact, error) {
	address, fault := audience.ParseAddress(in.Address)
	if fault != nil {
		return audience.Contact{}, fault
	}
	if !in.Language.Known() {
		return audience.Contact{}, problem.Field("language", "problem.choice")
	}
	return audience.Contact{Channel: "email", Address: address, Language: in.Language, Components: in.Components, EveryUpdate: in.EveryUpdate, CreatedAt: at}, nil
}

// known refuses components that nobody can choose, private ones as if they were not there (V23).
func (in Subscription) known(ctx context.Context, tx *store.Tx) error {
	for _, x := range in.Components {
		if _, err := id.Parse[id.Component](string(x)); err != nil {
			return problem.Field("components", "problem.component.unknown") // not looked up: PostgreSQL takes no NUL (V1)
		}
		c, err := tx.Components.ByID(ctx, x)
		if errors.Is(err, store.ErrNotFound) || err == nil && (c.Private || !c.ArchivedAt.IsZero()) {
			return problem.Field("components", "problem.component.unknown")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// ask keeps the wish and sends a confirmation if one may be sent. An active contact is saved as it is: the same work, and a stranger
// changes nothing.
func (d *Desk) ask(ctx context.Context, tx *store.Tx, wish audience.Contact, at time.Time) error {
	c, err := tx.Contacts.ByAddress(ctx, wish.Channel, wish.Address.Key())
	switch {
	case errors.Is(err, store.ErrNotFound):
		c = wish
		c.ID, c.Code = id.New[id.Contact](at), id.NewCode()
		if err := tx.Contacts.Add(ctx, c); err != nil {
			return err
		}
	case err != nil:
		return err
	}
	if may, _ := c.MayAsk(at); !may {
		return tx.Contacts.Save(ctx, c)
	}
	c.Language, c.Components, c.EveryUpdate = wish.Language, wish.Components, wish.EveryUpdate
	c.ConfirmedAt, c.EndedAt = time.Time{}, time.Time{} // who comes back confirms again
	c.Asked, c.LastAskedAt = c.Asked+1, at
	if err := tx.Contacts.Save(ctx, c); err != nil {
		return err
	}
	return d.send(ctx, tx, c, reach.OnConfirm, audience.ToConfirm, at)
}

// send announces a letter with a link to one contact.
func (d *Desk) send(ctx context.Context, tx *store.Tx, c audience.Contact, k reach.Kind, p audience.Purpose, at time.Time) error {
	secret, err := tx.Instance.Secret(ctx, store.LinkSecret)
	if err != nil {
		return err
	}
	return tx.Announcements.Add(ctx, reach.Announcement{
		ID: id.New[id.Announcement](at), Kind: k, Target: audience.Target{Contact: c.ID}, Priority: reach.Urgent,
		Link: "/" + string(p) + "/" + audience.Sign(secret, p, c.Code), AsOf: at,
	})
}

// described is what a stranger is shown of their wish. Its code is drawn from the address, so that asking twice tells nothing either.
func (d *Desk) described(ctx context.Context, wish audience.Contact) (audience.Contact, error) {
	secret, err := d.linkSecret(ctx)
	if err != nil {
		return audience.Contact{}, err
	}
	const letters = "abcdefghijklmnopqrstuvwxyz0123456789"
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("described " + wish.Address.Key()))
	code := mac.Sum(nil)[:12]
	for i, b := range code {
		code[i] = letters[int(b)%len(letters)]
	}
	wish.Code = id.Code(code)
	return wish, nil
}

// linkSecret reads the secret; only the first time ever it is drawn, which is a write.
func (d *Desk) linkSecret(ctx context.Context) (secret []byte, err error) {
	read := func(tx *store.Tx) (err error) {
		secret, err = tx.Instance.Secret(ctx, store.LinkSecret)
		return err
	}
	if d.db.Read(ctx, read) == nil {
		return secret, nil
	}
	return secret, d.db.Write(ctx, read)
}

// block is the network whose askings count together: a /24, or a /48, which one provider's customer can have whole.
func block(ip string) string {
	addr, err := netip.ParseAddr(ip)
	if err != nil {
		return "unknown"
	}
	addr = addr.Unmap().WithZone("")
	bits := 48
	if addr.Is4() {
		bits = 24
	}
	prefix, err := addr.Prefix(bits)
	if err != nil {
		return addr.String()
	}
	return prefix.String()
}
