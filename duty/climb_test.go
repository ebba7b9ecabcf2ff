package duty_test

import (
	"context"
	"errors"
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"candor/audience"
	"candor/component"
	"candor/desk"
	"candor/duty"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/reach"
	"candor/reach/dry"
	"candor/settings"
	"candor/store"
	"candor/store/storetest"
)

// Two hours of an outage in which nobody can work, and what becomes of each customer.
func TestEveryCustomerIsReachedOrEndsWithAReason(t *testing.T) {
	storetest.Crowd(t)
	url := storetest.SQLite(t) // PostgreSQL's sockets cannot live in a bubble
	synctest.Test(t, func(t *testing.T) {
		h := pursuing(t, url)
		answers := h.customer("answers", "anna@harbour.example", "+4915112345001")
		silent := h.customer("silent", "silent@harbour.example", "+4915112345002")
		bounced := h.customer("bounced", "gone@harbour.example", "+4915112345003")
		mailOnly := h.customer("mail-only", "mailonly@harbour.example")
		nowhere := h.customer("nowhere")
		shared := h.customer("second account", "anna@harbour.example")
		elsewhere := h.customer("uses something else", "else@harbour.example")
		h.uses(elsewhere, h.other)
		h.mail.Script("gone@harbour.example", reach.Result{Outcome: reach.Permanent, Code: "5.1.1", Reason: reach.ReasonNoMailbox})

		i := h.outage()
		h.run(30 * time.Second)
		h.stands(i, answers, "told at once", reach.Standing{Told: true})
		h.stands(i, nowhere, "nothing to try", reach.Standing{End: reach.EndUnreachable})
		if n := len(h.text.Taken()); n != 1 {
			t.Errorf("%d text messages within half a minute, want one: to whom the mail bounced", n)
		}
		if n := len(h.mail.Taken()); n != 3 {
			t.Errorf("%d mails were taken, want one for each address: Anna has two accounts", n)
		}
		if _, err := h.affected(i, elsewhere); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("who uses nothing that is broken is affected: %v", err)
		}

		h.acknowledge(i, "anna@harbour.example")
		h.stands(i, answers, "acknowledged", reach.Standing{End: reach.EndAcknowledged})
		h.stands(i, shared, "one person is one person", reach.Standing{End: reach.EndAcknowledged})

		h.run(11 * time.Minute)
		if n := len(h.text.Taken()); n != 2 {
			t.Errorf("%d text messages after eleven minutes, want two: nobody who has answered gets one", n)
		}
		h.run(30 * time.Minute)
		h.stands(i, silent, "handed to people", reach.Standing{Channel: settings.Person, Calling: true})
		h.stands(i, bounced, "handed to people", reach.Standing{Channel: settings.Person, Calling: true})

		h.resolve(i)
		h.run(time.Minute)
		h.stands(i, silent, "the outage ended first", reach.Standing{End: reach.EndOvertaken})
		h.stands(i, mailOnly, "the outage ended first", reach.Standing{End: reach.EndOvertaken})
		h.adds(i, reach.Figures{Affected: 6, Told: 5, Reached: 2, Closed: 6})
	})
}

// A pursued house is one with customers, and ways out that reach nobody.
type pursued struct {
	house
	mail, text *dry.Channel
	other      component.Component
	working    *duty.Duty
}

func pursuing(t testing.TB, url_ string) *pursued {
	t.Helper()
	h := &pursued{house: build(t, url_), mail: dry.New(audience.Email), text: dry.New(audience.SMS)}
	var err error
	if h.other, err = h.desk.AddComponent(h.as(h.ann), desk.ComponentForm{Name: lang.Text{lang.English: "Mail"}}); err != nil {
		t.Fatal(err)
	}
	h.do(h.db.Write, func(ctx context.Context, tx *store.Tx) error {
		s, version, err := tx.Settings.Load(ctx)
		if err != nil {
			return err
		}
		s.SMS.Providers = []settings.SMSProvider{{Name: "dry"}}
		_, err = tx.Settings.Save(ctx, s, version)
		return err
	})
	h.start()
	t.Cleanup(func() {
		if err := h.working.Stop(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	return h
}

func (h *pursued) start() {
	h.t.Helper()
	h.working = duty.New(duty.Config{
		DB: h.db, Desk: h.desk, Node: "a", PublicURL: &url.URL{Scheme: "https", Host: "status.example.com"},
		Channels: func(settings.Settings) (map[string]reach.Channel, error) {
			return map[string]reach.Channel{audience.Email: h.mail, audience.SMS: h.text}, nil
		},
	})
	if err := h.working.Start(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

// restart cuts the node off in the middle of what it does, and starts it again.
func (h *pursued) restart() {
	h.t.Helper()
	cut, end := context.WithCancel(context.Background())
	end()
	_ = h.working.Stop(cut)
	h.start()
}

func (h *pursued) run(d time.Duration) {
	h.t.Helper()
	time.Sleep(d)
	synctest.Wait()
}

func (h *pursued) customer(name string, addresses ...audience.Address) (x id.Customer) {
	h.t.Helper()
	at := time.Now()
	h.do(h.db.Write, func(ctx context.Context, tx *store.Tx) error {
		c := audience.Customer{ID: id.New[id.Customer](at), Code: id.NewCode(), External: name, Name: name, Language: lang.English, Zone: "UTC", CreatedAt: at, UpdatedAt: at}
		c.Uses = []audience.Use{{Component: h.shop.ID}}
		for _, a := range addresses {
			channel := audience.Email
			if a[0] == '+' {
				channel = audience.SMS
			}
			contact, err := tx.Contacts.ByAddress(ctx, channel, a.Key())
			if errors.Is(err, store.ErrNotFound) {
				contact = audience.Contact{ID: id.New[id.Contact](at), Code: id.NewCode(), Channel: channel, Address: a, Language: lang.English, CreatedAt: at}
				err = tx.Contacts.Add(ctx, contact)
			}
			if err != nil {
				return err
			}
			c.Contacts = append(c.Contacts, contact)
		}
		x = c.ID
		return tx.Customers.Add(ctx, c)
	})
	return x
}

// uses makes a customer use one component and nothing else.
func (h *pursued) uses(x id.Customer, c component.Component) {
	h.t.Helper()
	h.do(h.db.Write, func(ctx context.Context, tx *store.Tx) error {
		customer, err := tx.Customers.ByID(ctx, x)
		if err != nil {
			return err
		}
		customer.Uses = []audience.Use{{Component: c.ID}}
		return tx.Customers.Save(ctx, customer)
	})
}

func (h *pursued) outage() id.Incident {
	h.t.Helper()
	i, _, err := h.desk.Declare(h.as(h.ann), desk.Declaration{
		Kind: incident.Outage, CannotWork: true,
		First: desk.Word{Body: lang.Text{lang.English: "The shop is down. We are on it."}, Affected: []incident.Affected{{Component: h.shop.ID, Status: component.MajorOutage}}},
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return i.ID
}

func (h *pursued) resolve(i id.Incident) {
	h.t.Helper()
	if _, err := h.desk.Post(h.as(h.ann), i, desk.Word{
		Status: incident.Resolved, Body: lang.Text{lang.English: "It works again. We are sorry."},
		Affected: []incident.Affected{{Component: h.shop.ID, Status: component.Operational}},
	}); err != nil {
		h.t.Fatal(err)
	}
}

// acknowledge presses the button behind the link that a contact's letters carry.
func (h *pursued) acknowledge(i id.Incident, address audience.Address) {
	h.t.Helper()
	h.press(i, audience.Email, address)
}

func (h *pursued) press(i id.Incident, channel string, address audience.Address) {
	h.t.Helper()
	var token string
	var code id.Code
	h.do(h.db.Write, func(ctx context.Context, tx *store.Tx) error {
		secret, err := tx.Instance.Secret(ctx, store.LinkSecret)
		if err != nil {
			return err
		}
		c, err := tx.Contacts.ByAddress(ctx, channel, address.Key())
		if err != nil {
			return err
		}
		x, err := tx.Incidents.ByID(ctx, i)
		token, code = audience.Sign(secret, audience.ToReach, c.Code), x.Code
		return err
	})
	if err := h.desk.Acknowledge(h.t.Context(), token, code); err != nil {
		h.t.Fatal(err)
	}
}

func (h *pursued) affected(i id.Incident, c id.Customer) (x reach.Affected, err error) {
	err = h.db.Read(h.t.Context(), func(tx *store.Tx) (err error) {
		x, err = tx.Affected.Of(h.t.Context(), i, c)
		return err
	})
	return x, err
}

// stands compares what is named in want.
func (h *pursued) stands(i id.Incident, c id.Customer, what string, want reach.Standing) {
	h.t.Helper()
	x, err := h.affected(i, c)
	if err != nil {
		h.t.Fatalf("%s: %v", what, err)
	}
	if x.Ended != want.End || want.Channel != "" && x.Channel != want.Channel || want.Told && x.ToldAt.IsZero() || want.Calling != !x.CallAt.IsZero() {
		h.t.Errorf("%s: %+v", what, x)
	}
	if x.Reason == "" || x.Ended == "" && x.NextAt.IsZero() {
		h.t.Errorf("%s: no reason, or nobody will ever look again: %+v", what, x)
	}
}

func (h *pursued) adds(i id.Incident, want reach.Figures) {
	h.t.Helper()
	var got reach.Figures
	h.do(h.db.Read, func(ctx context.Context, tx *store.Tx) error {
		all, err := tx.Affected.Count(ctx, i)
		c := reach.Cover(func(yield func(reach.Standing) bool) {
			for _, s := range all {
				if !yield(s) {
					return
				}
			}
		})
		got = c.All
		for _, fault := range c.Faults() {
			h.t.Error(fault)
		}
		return err
	})
	if got.Affected != want.Affected || got.Told != want.Told || got.Reached != want.Reached || got.Closed != want.Closed {
		h.t.Errorf("coverage %+v", got)
	}
}
