package desk_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"candor/audience"
	"candor/desk"
	"candor/id"
	"candor/lang"
	"candor/problem"
	"candor/reach"
	"candor/store"
	"candor/store/storetest"
)

// account adds a customer, whose addresses others may have already.
func (c *calling) account(t *testing.T, name string, addresses ...audience.Address) (x audience.Customer) {
	t.Helper()
	at := time.Now().UTC().Truncate(time.Microsecond).Add(-time.Second)
	c.write(t, func(ctx context.Context, tx *store.Tx) (err error) {
		x, err = storetest.AddCustomer(ctx, tx, audience.Customer{External: name, Name: name, Uses: []audience.Use{{Component: c.shop.ID}}}, at, addresses...)
		return err
	})
	c.assess(t)
	return x
}

// link is the token that letters to an address carry.
func (c *calling) link(t *testing.T, channel string, a audience.Address) (token string) {
	t.Helper()
	c.write(t, func(ctx context.Context, tx *store.Tx) error {
		x, err := tx.Contacts.ByAddress(ctx, channel, a.Key())
		if err != nil {
			return err
		}
		secret, err := tx.Instance.Secret(ctx, store.LinkSecret)
		token = audience.Sign(secret, audience.ToReach, x.Code)
		return err
	})
	return token
}

func (c *calling) channels(t *testing.T, token string) map[audience.Address]desk.OwnChannel {
	t.Helper()
	o, err := c.OwnerByToken(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	all := map[audience.Address]desk.OwnChannel{}
	c.write(t, func(ctx context.Context, tx *store.Tx) error {
		channels, err := desk.OwnChannels(ctx, tx, o)
		for _, x := range channels {
			all[x.Address] = x
		}
		return err
	})
	return all
}

func (c *calling) requests(t *testing.T) (all []store.CallRequest) {
	t.Helper()
	c.write(t, func(ctx context.Context, tx *store.Tx) (err error) {
		all, err = tx.CallRequests.Open(ctx, 1000)
		return err
	})
	return all
}

func TestWhoAsksForACallIsCalledOnceBeforeEverybodyElse(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := callCentre(t, db, 3)
		bakery := c.account(t, "bakery", "anna@example.com", "+4915112345001")
		catering := c.account(t, "catering", "anna@example.com")
		token, ctx := c.link(t, audience.Email, "anna@example.com"), t.Context()
		phone := c.channels(t, token)["+4915112345001"]
		for range 5 {
			if err := c.AskForCall(ctx, token, desk.CallWish{Incident: c.incident.Code, Contact: phone.Code}); err != nil {
				t.Fatal(err)
			}
		}
		all := c.requests(t)
		if len(all) != 1 || all[0].Customer != bakery.ID || all[0].Contact != phone.ID || all[0].Number != "+4915112345001" {
			t.Fatalf("asked five times with two accounts: %+v", all)
		}
		if a := c.affected(t, bakery.ID); a.Reason != reach.WhyAsked || a.CallAt.IsZero() {
			t.Errorf("the ladder says %+v", a)
		}
		if a := c.affected(t, catering.ID); !a.CallAt.IsZero() {
			t.Errorf("the second account is called too: %+v", a)
		}
		if turn := c.next(t, c.agent(t, "kim")); turn.Customer != bakery.ID || turn.Reason != reach.WhyAsked {
			t.Errorf("the first to be called is %+v", turn)
		}
	})
}

func TestANumberTypedOnOnesOwnPageIsCheckedKeptAndConsentedTo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := callCentre(t, db, 0)
		x := c.account(t, "bakery", "anna@example.com")
		token := c.link(t, audience.Email, "anna@example.com")
		for _, typed := range []string{"", "12", "+1900", "+881612345678", "call me", "+4915112345001;ext=7"} {
			err := c.AskForCall(t.Context(), token, desk.CallWish{Incident: c.incident.Code, Phone: typed})
			if all := problem.All(err); len(all) != 1 || all[0].Field != "phone" {
				t.Errorf("%q is answered %v", typed, err)
			}
		}
		if n := len(c.requests(t)); n != 0 {
			t.Fatalf("%d requests for numbers that are none", n)
		}
		if err := c.AskForCall(t.Context(), token, desk.CallWish{Incident: c.incident.Code, Phone: "+49 1511 2345-009"}); err != nil {
			t.Fatal(err)
		}
		c.write(t, func(ctx context.Context, tx *store.Tx) error {
			kept, err := tx.Customers.ByID(ctx, x.ID)
			if err != nil {
				return err
			}
			if n := len(kept.Contacts); n != 2 || kept.Contacts[1].Address != "+4915112345009" || kept.Contacts[1].Channel != audience.Voice {
				t.Errorf("kept as %+v", kept.Contacts)
			}
			consents, err := tx.Customers.Consents(ctx, x.ID)
			if len(consents) != 1 || consents[0].Text == "" || consents[0].How != "own page" {
				t.Errorf("agreed to %+v", consents)
			}
			return err
		})
		if turn := c.next(t, c.agent(t, "kim")); turn.Customer != x.ID {
			t.Errorf("called is %+v", turn)
		}
	})
}

func TestAChannelStopsAndResumesWhereItsReaderOrItsOwnerSaysSo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := callCentre(t, db, 0)
		x := c.account(t, "bakery", "anna@example.com", "+4915112345001", "shared@example.com")
		c.account(t, "stranger", "shared@example.com")
		token, ctx := c.link(t, audience.Email, "anna@example.com"), t.Context()
		at := func(a audience.Address) desk.OwnChannel { return c.channels(t, token)[a] }

		for range 5 {
			if err := c.StopChannel(ctx, token, at("+4915112345001").Code); err != nil {
				t.Fatal(err)
			}
		}
		if s := at("+4915112345001"); s.Stop != audience.OptedOut || !s.MayResume {
			t.Errorf("after the stop it stands as %+v", s)
		}
		if err := c.ResumeChannel(ctx, token, at("+4915112345001").Code); err != nil || at("+4915112345001").Stop != "" {
			t.Errorf("it does not resume: %v", err)
		}
		if err := c.StopChannel(ctx, token, at("shared@example.com").Code); !problem.Is(err, problem.NotFound) || at("shared@example.com").Stop != "" {
			t.Errorf("an address of somebody else's account is stopped: %v", err)
		}

		// Whoever carries the telephone answers STOP: that is theirs to take back.
		c.write(t, func(ctx context.Context, tx *store.Tx) error {
			return tx.Suppressions.Add(ctx, audience.SMS, "+4915112345001", audience.OptedOut, time.Now())
		})
		if err := c.ResumeChannel(ctx, token, at("+4915112345001").Code); !problem.Is(err, problem.Conflict) || at("+4915112345001").Stop == "" {
			t.Errorf("somebody else's STOP was lifted: %v", err)
		}

		if err := c.StopChannel(ctx, token, at("anna@example.com").Code); err != nil {
			t.Fatal(err)
		}
		c.decide(t)
		if a := c.affected(t, x.ID); a.Ended == "" && a.NextAt.IsZero() {
			t.Errorf("nobody decides about them any more: %+v", a)
		}
		if err := c.ResumeChannel(ctx, token, at("anna@example.com").Code); err != nil || at("anna@example.com").Stop != "" {
			t.Errorf("the reader's own address does not resume: %v", err)
		}
	})
}

// decide is the clock's part.
func (c *calling) decide(t *testing.T) {
	t.Helper()
	c.write(t, func(ctx context.Context, tx *store.Tx) error {
		at := time.Now().UTC()
		due, err := tx.Affected.Due(ctx, at, 1000)
		if err != nil {
			return err
		}
		_, err = c.Decide(ctx, tx, due, at)
		return err
	})
}

func TestAnEndedSubscriptionThatResumesIsOnlyWhatACustomerIsOwed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := callCentre(t, db, 0)
		c.account(t, "bakery", "anna@example.com")
		at := time.Now()
		c.write(t, func(ctx context.Context, tx *store.Tx) error {
			x, err := tx.Contacts.ByAddress(ctx, audience.Email, "anna@example.com")
			if err != nil {
				return err
			}
			x.ConfirmedAt, x.EndedAt = at.Add(-time.Hour), at
			if err := tx.Contacts.Save(ctx, x); err != nil {
				return err
			}
			return tx.Suppressions.Add(ctx, audience.Email, "anna@example.com", audience.OptedOut, at)
		})
		token := c.link(t, audience.Email, "anna@example.com")
		mine := c.channels(t, token)["anna@example.com"]
		if err := c.ResumeChannel(t.Context(), token, mine.Code); err != nil {
			t.Fatal(err)
		}
		if got := c.channels(t, token)["anna@example.com"]; got.Stop != "" || got.State() != "unconfirmed" || !got.LastAskedAt.IsZero() {
			t.Errorf("it resumed as %+v", got)
		}
	})
}

func TestALanguageIsTheOwnersAndNobodyElses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := callCentre(t, db, 0)
		c.speaks(t, "en", "de")
		x := c.account(t, "bakery", "anna@example.com", "+4915112345001", "shared@example.com")
		c.account(t, "stranger", "shared@example.com")
		token := c.link(t, audience.Email, "anna@example.com")
		if err := c.Speak(t.Context(), token, lang.German); err != nil {
			t.Fatal(err)
		}
		got := map[audience.Address]lang.Tag{}
		for a, x := range c.channels(t, token) {
			got[a] = x.Language
		}
		if diff := cmp.Diff(map[audience.Address]lang.Tag{"anna@example.com": "de", "+4915112345001": "de", "shared@example.com": "en"}, got); diff != "" {
			t.Error(diff)
		}
		c.write(t, func(ctx context.Context, tx *store.Tx) error {
			kept, err := tx.Customers.ByID(ctx, x.ID)
			if kept.Language != "de" {
				t.Errorf("we call them in %s", kept.Language)
			}
			return err
		})
		for _, tag := range []lang.Tag{"es", "tlh", ""} {
			if err := c.Speak(t.Context(), token, tag); len(problem.All(err)) != 1 || problem.All(err)[0].Field != "language" {
				t.Errorf("%q is answered %v", tag, err)
			}
		}
	})
}

func (c *calling) speaks(t *testing.T, tags ...lang.Tag) {
	t.Helper()
	c.write(t, func(ctx context.Context, tx *store.Tx) error {
		s, version, err := tx.Settings.Load(ctx)
		if err != nil {
			return err
		}
		s.Languages = tags
		_, err = tx.Settings.Save(ctx, s, version)
		return err
	})
}

func TestAnAcknowledgementMarksTheNewestMessageThatWasTaken(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := callCentre(t, db, 0)
		x := c.account(t, "bakery", "anna@example.com")
		at := time.Now().UTC()
		var older, newer id.Delivery
		c.write(t, func(ctx context.Context, tx *store.Tx) error {
			all, err := tx.Announcements.OfIncident(ctx, c.incident.ID)
			if err != nil {
				return err
			}
			for n, into := range []*id.Delivery{&older, &newer} {
				*into = id.New[id.Delivery](at)
				if _, err := tx.Deliveries.Plan(ctx, []reach.Delivery{{
					ID: *into, Announcement: all[0].ID, Channel: audience.Email, Address: "anna@example.com", Contact: x.Contacts[0].ID, Language: "en",
					Cycle: 10 + n, State: reach.Planned, PlannedAt: at.Add(time.Duration(n) * time.Second),
				}}); err != nil {
					return err
				}
				d, err := tx.Deliveries.ByID(ctx, *into)
				if err != nil {
					return err
				}
				if _, err := tx.Deliveries.Heed(ctx, d, reach.Accepted, reach.Receipt{At: at}); err != nil {
					return err
				}
			}
			return nil
		})
		token := c.link(t, audience.Email, "anna@example.com")
		for range 5 {
			if err := c.Acknowledge(t.Context(), token, c.incident.Code); err != nil {
				t.Fatal(err)
			}
		}
		c.write(t, func(ctx context.Context, tx *store.Tx) error {
			for x, want := range map[id.Delivery]reach.State{older: reach.Accepted, newer: reach.Acknowledged} {
				if d, err := tx.Deliveries.ByID(ctx, x); err != nil || d.State != want {
					t.Errorf("%s is %s, want %s: %v", x, d.State, want, err)
				}
			}
			acks, err := tx.Acknowledgements.Of(ctx, c.incident.ID, x.ID)
			if len(acks) != 1 || acks[0].By != reach.ByLink {
				t.Errorf("pressed five times: %+v", acks)
			}
			return err
		})
	})
}

// B9: with somebody's own token, everything that is somebody else's is as if it were not there.
func TestB9AnothersTokenOpensNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := callCentre(t, db, 0)
		victim := c.account(t, "victim", "victim@example.com", "+4915112345001")
		c.account(t, "other", "other@example.com")
		mine := c.link(t, audience.Email, "other@example.com")
		theirs := c.channels(t, c.link(t, audience.Email, "victim@example.com"))["+4915112345001"]
		forged := string(theirs.Code) + mine[12:]
		ctx := t.Context()
		for name, err := range map[string]error{
			"call their number":              c.AskForCall(ctx, mine, desk.CallWish{Incident: c.incident.Code, Contact: theirs.Code}),
			"stop their number":              c.StopChannel(ctx, mine, theirs.Code),
			"resume their number":            c.ResumeChannel(ctx, mine, theirs.Code),
			"acknowledge what is not there":  c.Acknowledge(ctx, mine, id.NewCode()),
			"acknowledge with a forged seal": c.Acknowledge(ctx, forged, c.incident.Code),
			"ask with a forged seal":         c.AskForCall(ctx, forged, desk.CallWish{Incident: c.incident.Code, Phone: "+4915112345009"}),
			"stop with a forged seal":        c.StopChannel(ctx, forged, theirs.Code),
			"speak with a forged seal":       c.Speak(ctx, forged, "en"),
		} {
			var p *problem.Problem
			if !errors.As(err, &p) || p.Kind != problem.NotFound || p.Key != "problem.link" {
				t.Errorf("%s: %v", name, err)
			}
		}
		if a := c.affected(t, victim.ID); a.Ended != "" || len(c.requests(t)) != 0 {
			t.Errorf("the victim stands as %+v", a)
		}
	})
}
