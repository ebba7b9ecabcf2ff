package desk

import (
	"context"
	"errors"
	"net/url"
	"time"

	"candor/audience"
	"candor/id"
	"candor/problem"
	"candor/reach"
	"candor/settings"
	"candor/store"
)

// receiptsPath is where providers of text messages reach us.
const receiptsPath = "/api/v1/receipts/sms/"

// ReceiptURLs makes the addresses that receipts for a delivery come to, and with no delivery the one for texts that come in. Each carries
// a seal: a provider that does not sign is believed for that delivery and no other.
func (d *Desk) ReceiptURLs(ctx context.Context) (_ func(provider string, x id.Delivery) string, err error) {
	defer wrap(&err, "make addresses for receipts")
	secret, err := d.linkSecret(ctx)
	if err != nil {
		return nil, err
	}
	return func(provider string, x id.Delivery) string {
		query := url.Values{"seal": {reach.SealReceipt(secret, provider, x)}}
		if x != "" {
			query.Set("delivery", string(x))
		}
		return d.publicURL.JoinPath(receiptsPath, provider).String() + "?" + query.Encode()
	}, nil
}

// A TextReceipt is what came to the address for receipts, unproven.
type TextReceipt struct {
	Provider  string
	Query     url.Values // of the address
	RawQuery  string
	Form      url.Values // of the body; empty for a GET
	Signature string
	Post      bool
}

// ReceiveTextReceipt proves who speaks and does what follows: Twilio by its signature over the whole, other gateways by the seal that only
// they were given. What cannot prove itself moves nothing and is told nothing (B18).
func (d *Desk) ReceiveTextReceipt(ctx context.Context, in TextReceipt) (err error) {
	defer wrap(&err, "receive a receipt from %.32s", in.Provider)
	var s settings.Settings
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		s, _, err = tx.Settings.Load(ctx)
		return err
	})
	if err != nil {
		return err
	}
	forged := problem.New(problem.NotFound, "problem.receipt") // as if there were nothing here
	p, ok := s.SMS.Provider(in.Provider)
	if !ok {
		return forged
	}
	x, err := parseDelivery(in.Query.Get("delivery"))
	if err != nil {
		return forged
	}
	secret, err := d.linkSecret(ctx)
	if err != nil {
		return err
	}
	sealed := reach.GenuineReceipt(secret, p.Name, x, in.Query.Get("seal"))
	var word reach.TextWord
	if p.Kind == settings.Twilio {
		address := d.publicURL.JoinPath(receiptsPath, p.Name).String()
		if in.RawQuery != "" {
			address += "?" + in.RawQuery
		}
		// A receipt for a delivery needs both: the signature says who speaks, the seal that we sent it through them.
		if !in.Post || !reach.TwilioSigned(p.Secret, address, in.Form, in.Signature) || x != "" && !sealed {
			return forged
		}
		word, ok = reach.ReadTwilio(in.Form, x)
	} else {
		if !sealed {
			return forged
		}
		form := in.Form
		if !in.Post {
			form = in.Query
		} else if form.Get("status") == "" && form.Get("from") == "" {
			form = in.Query
		}
		word, ok = reach.ReadGateway(form, x)
	}
	if !ok {
		return nil
	}
	if word.Inbound() {
		return d.ReceiveText(ctx, p.Name, word)
	}
	return d.heed(ctx, p.Name, word)
}

func parseDelivery(s string) (id.Delivery, error) {
	if s == "" {
		return "", nil
	}
	return id.Parse[id.Delivery](s)
}

// heed appends a receipt and lets the delivery follow it. The same receipt twice is appended once.
func (d *Desk) heed(ctx context.Context, provider string, w reach.TextWord) error {
	at := now()
	r := reach.Receipt{
		ID: id.New[id.Receipt](at), Delivery: w.Delivery, Kind: w.Kind, Source: "sms:" + provider, Machine: true, Code: w.Code, Reason: w.Reason, At: at,
	}
	err := d.db.Batch(ctx, func(tx *store.Tx) error {
		x, err := tx.Deliveries.ByID(ctx, w.Delivery)
		if err != nil {
			return err
		}
		before, err := tx.Receipts.Of(ctx, x.ID)
		if err != nil {
			return err
		}
		for _, b := range before {
			if b.Kind == r.Kind && b.Source == r.Source && b.Code == r.Code {
				return nil
			}
		}
		if err := tx.Receipts.Add(ctx, r); err != nil {
			return err
		}
		if next, moves := reach.Received(x, r.Kind); moves {
			_, err = tx.Deliveries.Heed(ctx, x, next, r)
		}
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil // its seal is ours, so it was: a database that was restored
	}
	if err == nil {
		d.wake()
	}
	return err
}

// perNumber is how often one number is answered in a day: two machines that answer each other must come to an end.
var perNumber = limit{"answer a text", 24 * time.Hour, 5}

// ReceiveText does what a customer's text asks: STOP suppresses the number before anything else is claimed for it and is confirmed once,
// START lifts that, HELP is answered; everything else is kept for people to read, beside what was last sent there.
func (d *Desk) ReceiveText(ctx context.Context, provider string, w reach.TextWord) (err error) {
	defer wrap(&err, "receive a text")
	var s settings.Settings
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		s, _, err = tx.Settings.Load(ctx)
		return err
	})
	if err != nil {
		return err
	}
	from, refused := audience.ParsePhone(w.From, s.SMS.Home)
	if refused != nil {
		return nil // a short code, a carrier: nobody to answer
	}
	at := now()
	answer, err := d.hear(ctx, provider, s, from, w, at)
	if err != nil || answer == "" {
		return err
	}
	if allowed, err := d.take(ctx, perNumber, from.Key(), at); err != nil || !allowed {
		return err
	}
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		language := s.Default()
		if c, err := tx.Contacts.ByAddress(ctx, audience.SMS, from.Key()); err == nil && c.Language.Known() {
			language = c.Language
		} else if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		return tx.Announcements.Add(ctx, reach.Announcement{
			ID: id.New[id.Announcement](at), Kind: answer, Target: audience.Target{Address: from, Language: language}, Priority: reach.Urgent, AsOf: at,
		})
	})
	if err == nil {
		d.wake()
	}
	return err
}

// hear keeps what was said and changes what it asks to change; the answer is what is said back, if anything.
func (d *Desk) hear(ctx context.Context, provider string, s settings.Settings, from audience.Address, w reach.TextWord, at time.Time) (answer reach.Kind, err error) {
	write := d.db.Batch
	if w.Kind == reach.SaysReply {
		write = d.db.Write // it may be an acknowledgement, which is an act
	}
	err = write(ctx, func(tx *store.Tx) error {
		r := reach.Receipt{ID: id.New[id.Receipt](at), Kind: w.Kind, Source: "sms:" + provider, Reason: from.Masked(), Body: w.Body, At: at}
		var was reach.Delivery // what they answer
		contact, err := tx.Contacts.ByAddress(ctx, audience.SMS, from.Key())
		if err == nil {
			last, err := tx.Deliveries.LastTo(ctx, contact.ID, audience.SMS, at.Add(-30*24*time.Hour))
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
			r.Delivery, was = last.ID, last
		} else if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if err := tx.Receipts.Add(ctx, r); err != nil {
			return err
		}
		if w.Kind == reach.SaysReply && was.ID != "" {
			if err := keepReply(ctx, tx, r, was, reach.ReturnMail{}); err != nil {
				return err
			}
			if err := d.followReply(ctx, tx, r, was); err != nil {
				return err
			}
		}
		answer, err = obey(ctx, tx, s, from, w.Kind, at)
		return err
	})
	return answer, err
}

// obey suppresses or lifts. A number that had stopped already is not told again: one confirmation is what the FCC allows.
func obey(ctx context.Context, tx *store.Tx, s settings.Settings, from audience.Address, k reach.ReceiptKind, at time.Time) (reach.Kind, error) {
	channels := []string{audience.SMS, audience.Voice}
	if s.SMS.Revoke == settings.RevokeTexts {
		channels = channels[:1]
	}
	kept, err := tx.Suppressions.Of(ctx, audience.SMS, from.Key())
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return "", err
	}
	switch k {
	case reach.SaysStop:
		for _, channel := range channels {
			if err := tx.Suppressions.Add(ctx, channel, from.Key(), audience.OptedOut, at); err != nil {
				return "", err
			}
		}
		if kept != "" {
			return "", nil
		}
		return reach.OnStopped, nil
	case reach.SaysStart:
		if kept != audience.OptedOut {
			return "", nil
		}
		for _, channel := range channels {
			if err := tx.Suppressions.Lift(ctx, channel, from.Key(), audience.OptedOut); err != nil {
				return "", err
			}
		}
		return reach.OnStarted, nil
	case reach.SaysHelp:
		return reach.OnHelp, nil
	}
	return "", nil
}
