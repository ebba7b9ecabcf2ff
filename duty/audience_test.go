package duty_test

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/problem"
	"candor/reach"
	"candor/store"
	"candor/store/storetest"
)

func TestWhoeverIsNamedLaterIsToldTheWordAndNobodyElseHearsItTwice(t *testing.T) {
	url := storetest.SQLite(t)
	storetest.Crowd(t)
	synctest.Test(t, func(t *testing.T) {
		h := pursuing(t, url)
		h.customer("uses it", "anna@harbour.example")
		named := h.customer("named", "named@harbour.example")
		shares := h.customer("shares an address", "anna@harbour.example")
		never := h.customer("never named", "never@harbour.example")
		for _, x := range []id.Customer{named, shares, never} {
			h.uses(x, h.other)
		}
		i := h.outage()
		h.run(5 * time.Second)
		if n := len(h.mail.Taken()); n != 1 {
			t.Fatalf("%d mails, want one", n)
		}
		choose := func(a desk.Audience) desk.Chosen {
			t.Helper()
			done, err := h.desk.SetAudience(h.as(h.ann), i, a)
			if err != nil {
				t.Fatal(err)
			}
			h.run(5 * time.Second)
			return done
		}
		done := choose(desk.Audience{Which: incident.Listed, Customers: []string{"named", " named ", "shares an address", "nobody knows", ""}})
		if done.Named != 2 || done.UnknownCount != 1 || len(done.Unknown) != 1 || done.Unknown[0] != "nobody knows" || !done.Told {
			t.Errorf("%+v", done)
		}
		h.stands(i, named, "named after the first word", reach.Standing{Told: true})
		taken := map[string]int{}
		for _, m := range h.mail.Taken() {
			taken[string(m.To)]++
		}
		// The address that two accounts share heard it for the first, and is written to once more for the second: it is named there.
		if taken["named@harbour.example"] != 1 || taken["never@harbour.example"] != 0 {
			t.Errorf("mails: %v", taken)
		}
		if _, err := h.affected(i, never); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("who was not named is affected: %v", err)
		}
		h.adds(i, reach.Figures{Affected: 3, Told: 3})

		if again := choose(desk.Audience{Which: incident.Listed, Customers: []string{"named"}}); again.Named != 2 {
			t.Errorf("a shorter list took somebody off: %+v", again)
		}
		before := len(h.mail.Taken())
		choose(desk.Audience{Which: incident.Everyone})
		h.stands(i, never, "everybody is affected now", reach.Standing{Told: true})
		if n := len(h.mail.Taken()) - before; n != 1 {
			t.Errorf("%d more mails for one more customer", n)
		}
		h.resolve(i)
		h.run(time.Minute)
		if done := choose(desk.Audience{Which: incident.ByUse}); done.Told {
			t.Error("after the end somebody is still warned")
		}
		h.adds(i, reach.Figures{Affected: 4, Told: 4, Closed: 4})
	})
}

func TestWhoHasHeardTheWordUnderAnotherAccountIsNotToldAgain(t *testing.T) {
	url := storetest.SQLite(t)
	storetest.Crowd(t)
	synctest.Test(t, func(t *testing.T) {
		h := pursuing(t, url)
		h.customer("uses it", "anna@harbour.example")
		shares := h.customer("shares an address", "anna@harbour.example")
		other := h.customer("another", "bert@harbour.example")
		h.uses(shares, h.other)
		h.uses(other, h.other)
		i := h.outage()
		h.run(5 * time.Second)
		if _, err := h.desk.SetAudience(h.as(h.ann), i, desk.Audience{Which: incident.Everyone}); err != nil {
			t.Fatal(err)
		}
		h.run(time.Minute)
		if got := h.mailed(); !slices.Equal(got, []string{"anna@harbour.example", "bert@harbour.example"}) {
			t.Errorf("mailed: %v", got)
		}
		h.stands(i, shares, "has the word", reach.Standing{Told: true})
		h.stands(i, other, "has the word", reach.Standing{Told: true})
		h.acknowledge(i, "anna@harbour.example")
		h.stands(i, shares, "one person is one person", reach.Standing{End: reach.EndAcknowledged})
	})
}

func TestAnAudienceOfNobodyIsRefused(t *testing.T) {
	url := storetest.SQLite(t)
	storetest.Crowd(t)
	synctest.Test(t, func(t *testing.T) {
		h := pursuing(t, url)
		i := h.outage()
		for what, bad := range map[string]desk.Audience{
			"ids nobody has":      {Which: incident.Listed, Customers: []string{"x", "y"}},
			"an empty list":       {Which: incident.Listed},
			"no such audience":    {Which: "friends"},
			"a list without end":  {Which: incident.Listed, Customers: make([]string, 100_001)},
			"no incident of ours": {Which: incident.Everyone},
		} {
			to := i
			if what == "no incident of ours" {
				to = "inc_00000000000000000000000000"
			}
			if _, err := h.desk.SetAudience(h.as(h.ann), to, bad); len(problem.All(err)) != 1 {
				t.Errorf("%s: %v", what, err)
			}
		}
	})
}
