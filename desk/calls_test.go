package desk_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"candor/audience"
	"candor/component"
	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/money"
	"candor/problem"
	"candor/reach"
	"candor/staff"
	"candor/store"
	"candor/store/storetest"
)

// calling is a newsroom in an outage, and customers whom only the telephone reaches.
type calling struct {
	newsroom
	incident  incident.Incident
	customers []audience.Customer // the dearest first
}

func callCentre(t *testing.T, db *store.DB, customers int) calling {
	t.Helper()
	c := calling{newsroom: open(t, db)}
	at := time.Now().UTC().Truncate(time.Microsecond).Add(-time.Second)
	c.write(t, func(ctx context.Context, tx *store.Tx) error {
		for n := range customers {
			x := audience.Customer{
				ID: id.New[id.Customer](at), Code: id.NewCode(), External: fmt.Sprint("K-", n), Name: fmt.Sprint("Customer ", n), Language: lang.German,
				Zone: "Pacific/Kiritimati", Fee: money.Amount{Minor: int64(1000 - n), Currency: "EUR"}, CreatedAt: at, UpdatedAt: at,
				Uses: []audience.Use{{Component: c.shop.ID}},
			}
			for line := range 2 {
				number := audience.Address(fmt.Sprintf("+4930901%03d%d", n, line))
				x.Contacts = append(x.Contacts, audience.Contact{ID: id.New[id.Contact](at), Code: id.NewCode(), Channel: audience.Voice, Address: number, Language: lang.German, CreatedAt: at})
			}
			contacts, err := tx.Contacts.Ensure(ctx, x.Contacts)
			if err != nil {
				return err
			}
			x.Contacts = contacts
			if err := tx.Customers.Add(ctx, x); err != nil {
				return err
			}
			c.customers = append(c.customers, x)
		}
		return nil
	})
	var err error
	c.incident, _, err = c.Declare(c.ctx, desk.Declaration{
		Kind: incident.Outage, CannotWork: true,
		First: desk.Word{Body: english("The shop is down."), Affected: []incident.Affected{{Component: c.shop.ID, Status: component.MajorOutage}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	c.assess(t)
	return c
}

// assess is what duty does with the first word: notes who is affected, and decides about each.
func (c calling) assess(t *testing.T) {
	t.Helper()
	c.write(t, func(ctx context.Context, tx *store.Tx) error {
		at := time.Now().UTC()
		if _, _, err := tx.Affected.Assess(ctx, store.Assessment{
			Incident: c.incident.ID, Audience: incident.ByUse, Components: []id.Component{c.shop.ID}, From: at, AsOf: at, NextAt: at,
		}, "", 1000); err != nil {
			return err
		}
		due, err := tx.Affected.Due(ctx, at, 1000)
		if err != nil {
			return err
		}
		_, err = c.Decide(ctx, tx, due, at)
		return err
	})
}

func (c calling) agent(t *testing.T, name string) context.Context {
	t.Helper()
	p := staff.Person{ID: id.New[id.Person](time.Now()), Name: name, Roles: []staff.Role{staff.Agent}, Language: lang.English, Mail: name + "@example.com", CreatedAt: time.Now()}
	c.write(t, func(ctx context.Context, tx *store.Tx) error { return tx.People.Add(ctx, p, p.Mail) })
	return c.as(t, p)
}

func (c calling) next(t *testing.T, ctx context.Context) store.Turn {
	t.Helper()
	turn, found, err := c.NextCall(ctx)
	if err != nil || !found {
		t.Fatalf("no next call: %v %v", found, err)
	}
	return turn
}

func (c calling) affected(t *testing.T, x id.Customer) (a reach.Affected) {
	t.Helper()
	c.write(t, func(ctx context.Context, tx *store.Tx) (err error) {
		a, err = tx.Affected.Of(ctx, c.incident.ID, x)
		return err
	})
	return a
}

func (c calling) outcome(t *testing.T, ctx context.Context, in desk.Called) {
	t.Helper()
	if err := c.CallOutcome(ctx, in); err != nil {
		t.Fatal(err)
	}
}

func TestTwoAgentsNeverCallTheSameCustomerAndWorkTheListToZero(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := callCentre(t, db, 12)
		var mu sync.Mutex
		talking, spoken := map[id.Customer]string{}, map[id.Customer]int{}
		var agents sync.WaitGroup
		for _, name := range []string{"kim", "lou", "max"} {
			ctx := c.agent(t, name)
			agents.Go(func() {
				for {
					turn, found, err := c.NextCall(ctx)
					if err != nil {
						t.Errorf("%s: %v", name, err)
						return
					}
					if !found {
						return
					}
					mu.Lock()
					if other := talking[turn.Customer]; other != "" {
						t.Errorf("%s and %s have the same customer", name, other)
					}
					talking[turn.Customer] = name
					mu.Unlock()
					again, _, err := c.NextCall(ctx) // a reload hands out the same
					if err != nil || again.Customer != turn.Customer {
						t.Errorf("%s has %s and is handed %s: %v", name, turn.Customer, again.Customer, err)
					}
					mu.Lock()
					delete(talking, turn.Customer)
					spoken[turn.Customer]++
					mu.Unlock()
					if err := c.CallOutcome(ctx, desk.Called{Customer: turn.Customer, Outcome: reach.SpokenWith}); err != nil {
						t.Errorf("%s: %v", name, err)
						return
					}
				}
			})
		}
		agents.Wait()
		for _, x := range c.customers {
			if a := c.affected(t, x.ID); spoken[x.ID] != 1 || a.Ended != reach.EndSpokenWith {
				t.Errorf("%s was spoken with %d times and stands as %+v", x.Name, spoken[x.ID], a)
			}
		}
	})
}

func TestTheCallListIsInTheOrderOfUrgency(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := callCentre(t, db, 4)
		at := time.Now().UTC().Truncate(time.Microsecond)
		c.write(t, func(ctx context.Context, tx *store.Tx) error {
			for n, r := range []store.CallRequest{
				{Customer: c.customers[3].ID, Contact: c.customers[3].Contacts[0].ID},
				{Name: "Unknown", Number: "+4930901999", Language: "de"},
			} {
				r.ID, r.Incident, r.At = id.New[id.CallRequest](at), c.incident.ID, at.Add(-time.Duration(n)*time.Minute)
				if err := tx.CallRequests.Add(ctx, r); err != nil {
					return err
				}
			}
			list, err := tx.Affected.CallList(ctx, at.Add(time.Second), 100)
			if err != nil {
				return err
			}
			var got []string
			for _, turn := range list {
				got = append(got, turn.Name)
			}
			if want := "[Unknown Customer 3 Customer 0 Customer 1 Customer 2]"; fmt.Sprint(got) != want {
				t.Errorf("the list is %v, want who asked first, then who lost most: %s", got, want)
			}
			shallow, err := tx.Affected.CallList(ctx, at.Add(time.Second), 1)
			if len(shallow) != 2 || shallow[1].Name != "Customer 3" {
				t.Errorf("looked at one deep, the list is %+v", shallow)
			}
			if n, err2 := tx.Affected.Calling(ctx, at.Add(time.Second)); n != 5 || err2 != nil {
				t.Errorf("%d are on the list, want 5: %v", n, err2)
			}
			return err
		})
	})
}

func TestWhatCameOfACallDecidesWhatFollows(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := callCentre(t, db, 6)
		kim := c.agent(t, "kim")
		before := time.Now()
		back := before.Add(3 * time.Hour).UTC().Truncate(time.Microsecond)
		for _, o := range []struct {
			outcome reach.CallOutcome
			holds   func(a reach.Affected) bool
			means   string
		}{
			{reach.SpokenWith, func(a reach.Affected) bool { return a.Ended == reach.EndSpokenWith && a.CallAt.IsZero() }, "reached, and off the list"},
			{reach.LeftMessage, func(a reach.Affected) bool { return !a.ToldAt.IsZero() && a.CallAt.After(before.Add(time.Minute)) }, "told, and called again after the cool-down"},
			{reach.NoAnswer, func(a reach.Affected) bool { return a.Ended == "" && a.CallAt.After(before.Add(time.Minute)) }, "called again after the cool-down"},
			{reach.WrongNumber, func(a reach.Affected) bool { return a.Ended == "" && !a.CallAt.After(time.Now()) }, "their other number at once"},
			{reach.CallBack, func(a reach.Affected) bool { return a.CallAt.Equal(back) && a.Reason == reach.WhyCallAgreed }, "called when they said"},
			{reach.RefusedCall, func(a reach.Affected) bool { return a.Ended == reach.EndOptedOut && a.Reason == reach.WhyCallRefused }, "left alone"},
		} {
			turn := c.next(t, kim)
			c.outcome(t, kim, desk.Called{Customer: turn.Customer, Outcome: o.outcome, Back: back, Note: "said by a test"})
			if a := c.affected(t, turn.Customer); !o.holds(a) {
				t.Errorf("%s: want %s, got %+v", o.outcome, o.means, a)
			}
			if o.outcome == reach.WrongNumber {
				again := c.next(t, kim)
				if again.Customer != turn.Customer {
					t.Errorf("after a wrong number %s is next, want their other number", again.Name)
				}
				c.outcome(t, kim, desk.Called{Customer: turn.Customer, Outcome: reach.WrongNumber})
				if a := c.affected(t, turn.Customer); a.Ended != reach.EndUnreachable {
					t.Errorf("two wrong numbers: %+v", a)
				}
			}
		}
		if _, found, err := c.NextCall(kim); found || err != nil {
			t.Errorf("somebody is left: %v", err)
		}
	})
}

func TestACallIsNotedOnceHoweverOftenItsFormIsSent(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := callCentre(t, db, 1)
		kim := c.agent(t, "kim")
		turn := c.next(t, kim)
		for range 3 {
			c.outcome(t, kim, desk.Called{Customer: turn.Customer, Incidents: []id.Incident{c.incident.ID}, Outcome: reach.NoAnswer, Key: "k"})
		}
		c.write(t, func(ctx context.Context, tx *store.Tx) error {
			all, err := tx.Calls.Of(ctx, c.incident.ID, turn.Customer)
			if len(all) != 1 || all[0].Contact != c.customers[0].Contacts[0].ID {
				t.Errorf("%d calls are noted, want one to the first number: %+v", len(all), all)
			}
			return err
		})
	})
}

func TestWhoIsGivenBackIsHandedToSomebodyElse(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := callCentre(t, db, 2)
		kim, lou := c.agent(t, "kim"), c.agent(t, "lou")
		first := c.next(t, kim)
		if err := c.LeaveCall(lou, first.Who(), "mine"); !problem.Is(err, problem.Conflict) {
			t.Errorf("giving back whom somebody else has: %v", err)
		}
		if err := c.LeaveCall(kim, first.Who(), "Speaks French, I do not."); err != nil {
			t.Fatal(err)
		}
		if second := c.next(t, kim); second.Customer == first.Customer {
			t.Error("an agent is handed again whom they gave back")
		}
		if other := c.next(t, lou); other.Customer != first.Customer {
			t.Error("nobody else is handed who was given back")
		}
		c.write(t, func(ctx context.Context, tx *store.Tx) error {
			notes, err := tx.Calls.Notes(ctx, first.Who())
			if len(notes) != 1 || notes[0].Note != "Speaks French, I do not." {
				t.Errorf("the notes are %+v", notes)
			}
			return err
		})
	})
}

func TestALeaseThatRanOutIsAnotherAgents(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := callCentre(t, db, 1)
		kim, lou := c.agent(t, "kim"), c.agent(t, "lou")
		turn := c.next(t, kim)
		if _, found, err := c.NextCall(lou); found || err != nil {
			t.Errorf("Lou is handed whom Kim has: %v", err)
		}
		c.write(t, func(ctx context.Context, tx *store.Tx) error { // eleven minutes later
			mine, err := tx.Leases.ClaimCall(ctx, turn.Who(), staff.Acting(lou).Person.ID, time.Now().Add(11*time.Minute), time.Now().Add(21*time.Minute))
			if !mine {
				t.Error("a lease that ran out is still Kim's")
			}
			return err
		})
		c.outcome(t, kim, desk.Called{Customer: turn.Customer, Outcome: reach.SpokenWith}) // a call that took longer still counts
		if a := c.affected(t, turn.Customer); a.Ended != reach.EndSpokenWith {
			t.Errorf("a late outcome was lost: %+v", a)
		}
	})
}

func TestANumberThatIsNobodysIsCalledFirstAndMayTurnOutToBeACustomers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := callCentre(t, db, 1)
		kim := c.agent(t, "kim")
		at := time.Now().UTC().Truncate(time.Microsecond)
		r := store.CallRequest{ID: id.New[id.CallRequest](at), Incident: c.incident.ID, Name: "Jo", Number: "+4930901999", Language: "de", At: at.Add(-time.Minute)}
		c.write(t, func(ctx context.Context, tx *store.Tx) error { return tx.CallRequests.Add(ctx, r) })
		if turn := c.next(t, kim); turn.Request != r.ID {
			t.Fatalf("next is %+v, want who asked", turn)
		}
		if err := c.CallOutcome(kim, desk.Called{Request: r.ID, Outcome: reach.SpokenWith, External: "nobody's"}); !problem.Is(err, problem.Invalid) {
			t.Errorf("a customer nobody knows: %v", err)
		}
		c.outcome(t, kim, desk.Called{Request: r.ID, Outcome: reach.NoAnswer})
		if turn := c.next(t, kim); turn.Request != "" {
			t.Error("a number nobody answered is called again at once")
		}
		c.outcome(t, kim, desk.Called{Request: r.ID, Outcome: reach.SpokenWith, External: "K-0"})
		if a := c.affected(t, c.customers[0].ID); a.Ended != reach.EndSpokenWith {
			t.Errorf("the customer whose number it was stands as %+v", a)
		}
		if _, found, err := c.NextCall(kim); found || err != nil {
			t.Errorf("somebody is left: %v", err)
		}
	})
}

func TestOnlyWhoMayWorksTheCallList(t *testing.T) {
	db := storetest.Open(t, storetest.SQLite(t))
	c := callCentre(t, db, 1)
	viewer := c.ann
	viewer.Roles = []staff.Role{staff.Viewer}
	ctx := c.as(t, viewer)
	_, _, err := c.NextCall(ctx)
	for what, err := range map[string]error{
		"next": err, "outcome": c.CallOutcome(ctx, desk.Called{Customer: c.customers[0].ID, Outcome: reach.SpokenWith}),
		"keep": c.KeepCall(ctx), "give back": c.LeaveCall(ctx, string(c.customers[0].ID), ""),
	} {
		if !problem.Is(err, problem.Forbidden) {
			t.Errorf("%s: a viewer is answered %v", what, err)
		}
	}
	for what, in := range map[string]desk.Called{
		"no outcome":      {},
		"no time":         {Outcome: reach.CallBack},
		"in the future":   {Outcome: reach.NoAnswer, At: time.Now().Add(time.Hour)},
		"another's phone": {Outcome: reach.NoAnswer, Contact: "con_other"},
	} {
		in.Customer = c.customers[0].ID
		if err := c.CallOutcome(c.ctx, in); !problem.Is(err, problem.Invalid) {
			t.Errorf("%s: %v", what, err)
		}
	}
}
