package desk_test

import (
	"context"
	"testing"

	"candor/audience"
	"candor/desk"
	"candor/id"
	"candor/lang"
	"candor/problem"
	"candor/reach"
	"candor/settings"
	"candor/store"
	"candor/store/storetest"
)

func (c *calling) customer(t *testing.T, x id.Customer) (got audience.Customer, consents []audience.Consent) {
	t.Helper()
	c.write(t, func(ctx context.Context, tx *store.Tx) (err error) {
		if got, err = tx.Customers.ByID(ctx, x); err != nil {
			return err
		}
		consents, err = tx.Customers.Consents(ctx, x)
		return err
	})
	return got, consents
}

func TestAnyHourIsTheCustomersWordAndNobodyElseTakesItAway(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := callCentre(t, db, 0)
		bakery := c.account(t, "bakery", "anna@example.com", "+4915112345001")
		catering := c.account(t, "catering", "anna@example.com")
		stranger := c.account(t, "stranger", "bert@example.com")
		token := c.link(t, audience.Email, "anna@example.com")
		for range 2 {
			if err := c.AnyHour(t.Context(), token, lang.German); err != nil {
				t.Fatal(err)
			}
		}
		for _, x := range []audience.Customer{bakery, catering} {
			got, consents := c.customer(t, x.ID)
			if got.AnyHour.IsZero() || len(consents) != 1 || consents[0].Text != lang.For(lang.German).T("site.me.hours.consent") || !consents[0].At.Equal(got.AnyHour) {
				t.Errorf("%s: since %s, by %+v", x.Name, got.AnyHour, consents)
			}
		}
		if got, _ := c.customer(t, stranger.ID); !got.AnyHour.IsZero() {
			t.Error("a stranger is woken too")
		}

		if _, _, err := c.PutCustomer(c.ctx, "bakery", desk.CustomerForm{Name: "Bakery", Contacts: []desk.RecordContact{{Channel: audience.Email, Address: "anna@example.com"}}}); err != nil {
			t.Fatal(err)
		}
		if got, _ := c.customer(t, bakery.ID); got.AnyHour.IsZero() || got.Name != "Bakery" {
			t.Errorf("after the company described them anew: %+v", got)
		}
		if err := c.QuietNights(t.Context(), token); err != nil {
			t.Fatal(err)
		}
		if got, _ := c.customer(t, bakery.ID); !got.AnyHour.IsZero() {
			t.Error("who wants to sleep is woken")
		}
		if err := c.AnyHour(t.Context(), "forged", lang.English); !problem.Is(err, problem.NotFound) {
			t.Errorf("a forged link is answered %v", err)
		}
	})
}

func TestAMobileIsTextedOnlyACodeUntilItsReaderTypesThat(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := callCentre(t, db, 0)
		c.write(t, func(ctx context.Context, tx *store.Tx) error {
			s, version, err := tx.Settings.Load(ctx)
			if err != nil {
				return err
			}
			s.SMS.Home, s.SMS.Prices = "DE", map[string]int64{"": 1}
			s.SMS.Providers = []settings.SMSProvider{{Name: "a", Kind: settings.Twilio, User: "AC1", Secret: "s", From: "+4915112345999"}}
			_, err = tx.Settings.Save(ctx, s, version)
			return err
		})
		bakery := c.account(t, "bakery", "anna@example.com", "+4915112345001")
		catering := c.account(t, "catering", "anna@example.com")
		token := c.link(t, audience.Email, "anna@example.com")
		ask := func(phone string) (id.Announcement, error) {
			return c.AskMobile(t.Context(), token, desk.CodeRequest{Phone: phone, IP: "203.0.113.1"})
		}
		for typed, kind := range map[string]problem.Kind{"call me": problem.Invalid, "+881612345678": problem.Invalid, "0151 12345002": ""} {
			if _, err := ask(typed); kind != "" && !problem.Is(err, kind) || kind == "" && err != nil {
				t.Errorf("%q is answered %v", typed, err)
			}
		}
		sent, err := ask("0151 12345077")
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := c.customer(t, bakery.ID); len(got.Contacts) != 2 {
			t.Fatalf("kept before anybody said whose it is: %+v", got.Contacts)
		}
		if err := c.AddMobile(t.Context(), token, sent, "12345x", lang.English); !problem.Is(err, problem.Invalid) {
			t.Errorf("a wrong code is answered %v", err)
		}
		var code string
		c.write(t, func(ctx context.Context, tx *store.Tx) error {
			secret, err := tx.Instance.Secret(ctx, store.LinkSecret)
			code = reach.TextCode(secret, sent)
			return err
		})
		if err := c.AddMobile(t.Context(), "forged", sent, code, lang.English); !problem.Is(err, problem.NotFound) {
			t.Errorf("a forged link is answered %v", err)
		}
		if err := c.AddMobile(t.Context(), token, sent, code, lang.English); err != nil {
			t.Fatal(err)
		}
		for _, x := range []audience.Customer{bakery, catering} {
			got, consents := c.customer(t, x.ID)
			last := got.Contacts[len(got.Contacts)-1]
			if last.Address != "+4915112345077" || last.Channel != audience.SMS || len(consents) != 1 || consents[0].Contact != last.ID {
				t.Errorf("%s: %+v, agreed to %+v", x.Name, got.Contacts, consents)
			}
		}
		if err := c.AddMobile(t.Context(), token, sent, code, lang.English); !problem.Is(err, problem.Invalid) {
			t.Errorf("the same code again: %v", err)
		}
		if _, err := ask("+49 151 12345077"); !problem.Is(err, problem.Invalid) {
			t.Errorf("a number that is theirs already: %v", err)
		}
		if err := c.StopChannel(t.Context(), token, c.channels(t, token)["+4915112345077"].Code); err != nil {
			t.Fatal(err)
		}
		if _, err := ask("+49 151 12345077"); !problem.Is(err, problem.Conflict) {
			t.Errorf("a number whose reader wants no texts: %v", err)
		}
	})
}
