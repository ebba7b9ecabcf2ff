package desk

import (
	"context"
	"time"

	"candor/audience"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/problem"
	"candor/reach"
	"candor/settings"
	"candor/staff"
	"candor/store"
)

// A CallWish is an owner asking to be called.
type CallWish struct {
	Incident id.Code
	Contact  id.Code // one of their own numbers; empty if they typed one
	Phone    string
}

// Somebody who types numbers makes us ring strangers: what one page and one number may ask for is bounded.
var (
	perAsking   = limit{"ask for a call", 24 * time.Hour, 10}
	perNumberIn = limit{"leave a number", 24 * time.Hour, 3}
)

// mostNumbers is how many addresses an account may come to have by typing.
const mostNumbers = 10

// AskForCall puts an owner on the call list, before everybody who did not ask; asking again while they wait changes nothing. They are one
// person and are called once, whatever the number of their accounts.
func (d *Desk) AskForCall(ctx context.Context, token string, in CallWish) (err error) {
	defer wrap(&err, "ask for a call about %.12q", string(in.Incident))
	o, s, err := d.askable(ctx, token, in)
	if err != nil {
		return err
	}
	var typed audience.Address
	if in.Contact == "" {
		if typed, err = callable(in.Phone, s.SMS.Home); err != nil {
			return err
		}
		if err := d.counted(ctx, problem.Field("phone", "problem.number.often"), counting{perNumberIn, typed.Key()}); err != nil {
			return err
		}
	}
	if err := d.counted(ctx, problem.New(problem.TooMany, "problem.busy"), counting{perAsking, string(o.Contact.Code)}); err != nil {
		return err
	}
	return d.byOwner(ctx, token, func(tx *store.Tx, o Owner, at time.Time) error {
		i, err := d.takesCalls(ctx, tx, in.Incident)
		if err != nil {
			return err
		}
		concerned, err := o.concerned(ctx, tx, i.ID)
		if err != nil {
			return err
		}
		waits, err := waiting(ctx, tx, concerned)
		if err != nil || waits {
			return err
		}
		return d.askForCall(ctx, tx, o, concerned[0], in, typed, at)
	})
}

// askable refuses, before anything is counted, what could not be asked for anyway.
func (d *Desk) askable(ctx context.Context, token string, in CallWish) (o Owner, s settings.Settings, err error) {
	if o, err = d.OwnerByToken(ctx, token); err != nil {
		return o, s, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		if s, _, err = tx.Settings.Load(ctx); err != nil {
			return err
		}
		i, err := d.takesCalls(ctx, tx, in.Incident)
		if err != nil {
			return err
		}
		if _, err := o.concerned(ctx, tx, i.ID); err != nil || in.Contact == "" {
			return err
		}
		c, err := o.ownChannel(ctx, tx, in.Contact)
		if err == nil && !telephone(c.Contact) {
			err = wrongLink
		}
		return err
	})
	return o, s, err
}

func (d *Desk) askForCall(ctx context.Context, tx *store.Tx, o Owner, x reach.Affected, in CallWish, typed audience.Address, at time.Time) error {
	customer, err := tx.Customers.ByID(ctx, x.Customer)
	if err != nil {
		return err
	}
	r := store.CallRequest{
		ID: id.New[id.CallRequest](at), Incident: x.Incident, Customer: x.Customer, Name: customer.Name, Language: string(o.Contact.Language), At: at,
	}
	if in.Contact != "" {
		c, err := o.ownChannel(ctx, tx, in.Contact)
		if err != nil {
			return err
		}
		r.Contact, r.Number = c.ID, c.Address
	} else if r.Contact, err = d.ownNumber(ctx, tx, customer, typed, at); err != nil {
		return err
	} else {
		r.Number = typed
	}
	if err := tx.CallRequests.Add(ctx, r); err != nil {
		return err
	}
	if _, err := d.Decide(ctx, tx, []reach.Affected{x}, at); err != nil {
		return err
	}
	return d.audit(ctx, tx, at, "call ask", string(r.ID), nil, by{o.Contact.ID})
}

// ownNumber is the contact of a number that a customer gave us, kept as theirs: the ladder calls nobody but contacts. What they agreed to
// is kept with it.
func (d *Desk) ownNumber(ctx context.Context, tx *store.Tx, customer audience.Customer, typed audience.Address, at time.Time) (id.Contact, error) {
	for _, c := range customer.Contacts {
		if telephone(c) && c.Address.Key() == typed.Key() {
			return c.ID, nil
		}
	}
	if len(customer.Contacts) >= mostNumbers {
		return "", problem.Field("phone", "problem.number.full", "most", mostNumbers)
	}
	kept, err := tx.Contacts.Ensure(ctx, []audience.Contact{{Channel: audience.Voice, Address: typed, Language: customer.Language, CreatedAt: at}})
	if err != nil {
		return "", err
	}
	customer.Contacts, customer.UpdatedAt = append(customer.Contacts, kept[0]), at
	if err := tx.Customers.Save(ctx, customer); err != nil {
		return "", err
	}
	return kept[0].ID, tx.Customers.Consent(ctx, []audience.Consent{{
		Customer: customer.ID, Contact: kept[0].ID, Text: lang.For(customer.Language).T("site.me.call.consent"), How: "own page", At: at,
	}})
}

// waiting reports whether one of an owner's accounts is on the list already because they asked.
func waiting(ctx context.Context, tx *store.Tx, concerned []reach.Affected) (bool, error) {
	for _, x := range concerned {
		asked, err := tx.CallRequests.Waiting(ctx, x.Incident, x.Customer)
		if err != nil || asked.Open() {
			return asked.Open(), err
		}
	}
	return false, nil
}

// takesCalls is the public incident about which people may ask to be called now.
func (d *Desk) takesCalls(ctx context.Context, tx *store.Tx, code id.Code) (i incident.Incident, err error) {
	if i, err = publicIncident(ctx, tx, code); err != nil {
		return i, err
	}
	open, err := TakesCalls(ctx, tx)
	if err != nil {
		return i, err
	}
	if !open || !i.Open() || i.Status == incident.Scheduled {
		return i, problem.New(problem.Gone, "problem.number.over")
	}
	return i, nil
}

// TakesCalls reports whether people may ask us to call them.
func TakesCalls(ctx context.Context, tx *store.Tx) (bool, error) {
	s, _, err := tx.Settings.Load(ctx)
	if err != nil {
		return false, err
	}
	people, err := tx.People.All(ctx)
	return s.CallRequests.Open(staff.Staffed(people, staff.Telephone)), err
}

// callable is a typed number that a person of ours can call for the price of a call.
func callable(typed, region string) (audience.Address, error) {
	phone, refused := audience.ParsePhone(typed, region)
	if refused != nil {
		return "", refused
	}
	if _, why := reach.Texting(phone); why == reach.ReasonDear {
		return "", problem.Field("phone", "problem.number.dear")
	}
	return phone, nil
}

// A counting is one limit and whom it is taken for.
type counting struct {
	limit
	whom string
}

// counted takes from every limit or from none, in the order given, which is the same for everybody.
func (d *Desk) counted(ctx context.Context, refused *problem.Problem, all ...counting) error {
	at := now()
	return d.db.Batch(ctx, func(tx *store.Tx) error {
		for _, l := range all {
			allowed, err := tx.Limits.Take(ctx, l.row(l.whom), l.window, l.most, at)
			if err != nil {
				return err
			}
			if !allowed {
				return refused
			}
		}
		return nil
	})
}
