package duty_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"candor/audience"
	"candor/id"
	"candor/money"
	"candor/reach"
	"candor/settings"
	"candor/store"
	"candor/store/storetest"
)

// An outage for which the company pays three texts of the most two parts each, and who gets them.
func TestABudgetGoesToWhoLosesMostAndTheRestAreToldNotReached(t *testing.T) {
	storetest.Crowd(t)
	url := storetest.SQLite(t)
	synctest.Test(t, func(t *testing.T) {
		h := pursuing(t, url)
		h.budget(settings.Budget{Money: map[string]int64{"EUR": 3 * 2 * 8}})
		large := h.customer("large", "large@harbour.example", "+4915112345001")
		middle := h.customer("middle", "middle@harbour.example", "+4915112345002")
		small := h.customer("small", "small@harbour.example", "+4915112345003")
		smaller := h.customer("smaller", "smaller@harbour.example", "+4915112345004")
		asks := h.customer("asks for a call", "asks@harbour.example", "+4915112345005")
		free := h.customer("mail only", "free@harbour.example")
		for x, fee := range map[id.Customer]int64{large: 90_000, middle: 50_000, small: 900, smaller: 800, asks: 100} {
			h.pays(x, fee)
		}
		i := h.outage()
		h.run(11 * time.Minute)
		if got := h.texted(); len(got) != 3 || got["+4915112345001"]+got["+4915112345002"]+got["+4915112345003"] != 3 {
			t.Errorf("texts to %v, want one each to the three who pay most", got)
		}
		h.ask(i, asks)
		h.run(15 * time.Second)
		h.stands(i, asks, "whoever asks is called, whatever it costs", reach.Standing{Channel: settings.Person, Calling: true})
		h.run(2 * time.Hour)
		h.stands(i, smaller, "beyond the budget", reach.Standing{End: reach.EndToldUnconfirmed})
		h.stands(i, free, "who costs nothing goes on", reach.Standing{Told: true})
		h.stands(i, large, "within the budget", reach.Standing{Channel: settings.Person, Calling: true})
		h.adds(i, reach.Figures{Affected: 6, Told: 6, Closed: 0})
		x, err := h.affected(i, smaller)
		if err != nil || x.Reason != reach.WhyBudget || !x.ReachedAt.IsZero() {
			t.Errorf("%+v, %v", x, err)
		}

		// The limit is lifted while it goes on: who has not come to an end climbs from now on.
		h.budget(settings.Budget{})
		late := h.customer("comes late", "late@harbour.example", "+4915112345009")
		h.run(time.Minute)
		if x, err := h.affected(i, late); err == nil && !x.BeyondAt.IsZero() {
			t.Errorf("beyond a budget that is not there: %+v", x)
		}
	})
}

func TestWithoutABudgetOrWithEnoughEverybodyClimbs(t *testing.T) {
	storetest.Crowd(t)
	for name, b := range map[string]settings.Budget{
		"nothing set":                         {},
		"enough for the worst case":           {Money: map[string]int64{"EUR": 1000}, Hours: 10},
		"only hours are limited":              {Hours: 1},
		"money enough, hours without a limit": {Money: map[string]int64{"EUR": 32}},
	} {
		t.Run(name, func(t *testing.T) {
			url := storetest.SQLite(t)
			synctest.Test(t, func(t *testing.T) {
				h := pursuing(t, url)
				h.budget(b)
				h.customer("one", "one@harbour.example", "+4915112345001")
				h.customer("two", "two@harbour.example", "+4915112345002")
				h.outage()
				h.run(11 * time.Minute)
				if got := h.texted(); len(got) != 2 {
					t.Errorf("texts to %v", got)
				}
			})
		})
	}
}

func (h *pursued) budget(b settings.Budget) {
	h.t.Helper()
	h.do(h.db.Write, func(ctx context.Context, tx *store.Tx) error {
		s, version, err := tx.Settings.Load(ctx)
		if err != nil {
			return err
		}
		s.SMS.Home, s.SMS.Currency, s.SMS.Prices, s.Budget = "DE", "EUR", map[string]int64{"": 8}, b
		_, err = tx.Settings.Save(ctx, s, version)
		return err
	})
}

func (h *pursued) pays(x id.Customer, fee int64) {
	h.t.Helper()
	h.do(h.db.Write, func(ctx context.Context, tx *store.Tx) error {
		c, err := tx.Customers.ByID(ctx, x)
		if err != nil {
			return err
		}
		c.Fee = money.Amount{Minor: fee, Currency: "EUR"}
		return tx.Customers.Save(ctx, c)
	})
}

func (h *pursued) ask(i id.Incident, c id.Customer) {
	h.t.Helper()
	at := time.Now()
	h.do(h.db.Write, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.CallRequests.Add(ctx, store.CallRequest{ID: id.New[id.CallRequest](at), Incident: i, Customer: c, At: at}); err != nil {
			return err
		}
		x, err := tx.Affected.Of(ctx, i, c)
		if err != nil {
			return err
		}
		x.NextAt = at
		return tx.Affected.Save(ctx, x)
	})
}

func (h *pursued) texted() map[audience.Address]int {
	got := map[audience.Address]int{}
	for _, m := range h.text.Taken() {
		got[audience.Address(m.To)]++
	}
	return got
}
