package desk

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"candor/audience"
	"candor/id"
	"candor/lang"
	"candor/problem"
	"candor/reach"
	"candor/settings"
	"candor/store"
)

// A NumberLeft is what somebody wrote on the page: call me, this is what it is about.
type NumberLeft struct {
	Incident id.Code
	Name     string
	Phone    string
	Language lang.Tag
	About    string
	IP       string
	Honeypot string // must be empty; people do not see the field
}

const (
	longestCaller = 100
	longestAbout  = 300
)

// The limits of B3, for a form that makes us call: by network, by number, and for the whole site.
var (
	perCallNetwork = limit{"leave a number network", time.Hour, 5}
	perCallSite    = limit{"leave a number site", time.Hour, 300}
)

// LeaveNumber puts whoever left a number at the top of the call list. It sends nothing (B4), and answers the same whether we know the
// number or not (B13). Where it is a customer's, they came by themselves and are reached; whoever it is, a customer has told us.
func (d *Desk) LeaveNumber(ctx context.Context, in NumberLeft) (err error) {
	defer wrap(&err, "leave a number")
	at := now()
	var s settings.Settings
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		if s, _, err = tx.Settings.Load(ctx); err != nil {
			return err
		}
		_, err = d.takesCalls(ctx, tx, in.Incident)
		return err
	})
	if err != nil {
		return err
	}
	phone, err := in.check(s)
	if err != nil {
		return err
	}
	if in.Honeypot != "" {
		evenly(at, 50*time.Millisecond)
		return nil // a machine filled it in; it need not know
	}
	if err := d.counted(ctx, problem.New(problem.TooMany, "problem.number.many"), counting{perCallNetwork, block(in.IP)}, counting{perNumberIn, phone.Key()},
		counting{perCallSite, ""}); err != nil {
		return err
	}
	if err := d.insist(ctx, func(tx *store.Tx) error { return d.leaveNumber(ctx, tx, in, phone, at) }); err != nil {
		return err
	}
	d.wake()
	evenly(at, 50*time.Millisecond) // a customer's number is decided about, a stranger's is not
	return nil
}

// check says everything that is wrong with the form.
func (in *NumberLeft) check(s settings.Settings) (audience.Address, error) {
	var wrong problem.List
	in.Name, in.About = strings.TrimSpace(in.Name), strings.Join(strings.Fields(in.About), " ")
	phone, err := callable(in.Phone, s.SMS.Home)
	if err != nil {
		wrong = append(wrong, problem.All(err)...)
	}
	if in.Name == "" {
		wrong.Add(problem.Field("name", "problem.number.name"))
	}
	wrong.Add(settings.Line("name", in.Name, longestCaller))
	wrong.Add(settings.Line("about", in.About, longestAbout))
	if !in.Language.Known() || !slices.Contains(s.Languages, in.Language) {
		wrong.Add(problem.Field("language", "problem.choice"))
	}
	return phone, wrong.Err()
}

func (d *Desk) leaveNumber(ctx context.Context, tx *store.Tx, in NumberLeft, phone audience.Address, at time.Time) error {
	i, err := d.takesCalls(ctx, tx, in.Incident)
	if err != nil {
		return err
	}
	r := store.CallRequest{
		ID: id.New[id.CallRequest](at), Incident: i.ID, Name: in.Name, Number: phone, Language: string(in.Language), Note: in.About, At: at,
	}
	concerned, contact, err := ofNumber(ctx, tx, i.ID, phone)
	if err != nil {
		return err
	}
	if len(concerned) > 0 {
		if waits, err := waiting(ctx, tx, concerned); err != nil || waits {
			return err // on the list already: once is enough
		}
		r.Customer, r.Contact = concerned[0].Customer, contact
	}
	if waits, err := tx.CallRequests.Waits(ctx, i.ID, phone); err != nil || waits {
		return err
	}
	if err := tx.CallRequests.Add(ctx, r); err != nil {
		return err
	}
	for _, x := range concerned {
		if err := tx.Acknowledgements.Add(ctx, i.ID, x.Customer, contact, reach.Ack{At: at, By: reach.ByRegister}); err != nil {
			return err
		}
		if _, err := d.Decide(ctx, tx, []reach.Affected{x}, at); err != nil {
			return err
		}
	}
	if err := toldUs(ctx, tx, i, at); err != nil {
		return err
	}
	return d.audit(ctx, tx, at, "number leave", string(r.ID), nil, nil)
}

// ofNumber are the customers whose number it is and whom the incident affects.
func ofNumber(ctx context.Context, tx *store.Tx, i id.Incident, phone audience.Address) ([]reach.Affected, id.Contact, error) {
	for _, channel := range []string{audience.Voice, audience.SMS} {
		c, err := tx.Contacts.ByAddress(ctx, channel, phone.Key())
		if there, err := known(err); err != nil {
			return nil, "", err
		} else if !there {
			continue
		}
		o := Owner{Contact: c}
		if o.Accounts, err = tx.Customers.Sharing(ctx, c.ID); err != nil {
			return nil, "", err
		}
		concerned, err := o.concerned(ctx, tx, i)
		if err != nil && !errors.Is(err, wrongLink) {
			return nil, "", err
		}
		if len(concerned) > 0 {
			return concerned, c.ID, nil
		}
	}
	return nil, "", nil
}
