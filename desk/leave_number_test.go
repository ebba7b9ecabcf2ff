package desk_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"candor/desk"
	"candor/problem"
	"candor/reach"
	"candor/staff"
	"candor/store"
	"candor/store/storetest"
)

func leave(c calling, phone, ip string) desk.NumberLeft {
	return desk.NumberLeft{Incident: c.incident.Code, Name: "Anna", Phone: phone, Language: "en", About: "My shop takes no cards", IP: ip}
}

func TestWhoLeavesANumberIsCalledFirstAndTellsUs(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := callCentre(t, db, 3)
		x := c.account(t, "bakery", "anna@example.com", "+4915112345001")
		before := len(c.announcements(t))
		for _, phone := range []string{"+49 151 12345001", "+4930123456"} {
			if err := c.LeaveNumber(t.Context(), leave(c, phone, "192.0.2.1")); err != nil {
				t.Fatal(err)
			}
		}
		all := c.requests(t)
		if len(all) != 2 || all[0].Customer != x.ID || all[0].Note != "My shop takes no cards" || all[1].Customer != "" || all[1].Number != "+4930123456" {
			t.Fatalf("left: %+v", all)
		}
		agent := c.agent(t, "kim")
		if turn := c.next(t, agent); turn.Customer != x.ID {
			t.Errorf("the first to be called is %+v", turn)
		}
		c.outcome(t, agent, desk.Called{Customer: x.ID, Outcome: reach.LeftMessage})
		if turn := c.next(t, agent); turn.Number != "+4930123456" {
			t.Errorf("the second to be called is %+v", turn)
		}
		c.write(t, func(ctx context.Context, tx *store.Tx) error {
			acks, err := tx.Acknowledgements.Of(ctx, c.incident.ID, x.ID)
			if len(acks) != 1 || acks[0].By != reach.ByRegister {
				t.Errorf("they came by themselves: %+v", acks)
			}
			i, err2 := tx.Incidents.ByID(ctx, c.incident.ID)
			if !i.FirstReportAt.Equal(all[0].At) {
				t.Errorf("a customer told us at %v, noted %v", all[0].At, i.FirstReportAt)
			}
			return errors.Join(err, err2)
		})
		if after := len(c.announcements(t)); after != before { // B4
			t.Errorf("leaving a number sends %d messages", after-before)
		}
	})
}

func (c *calling) announcements(t *testing.T) (all []reach.Announcement) {
	t.Helper()
	c.write(t, func(ctx context.Context, tx *store.Tx) (err error) {
		all, err = tx.Announcements.OfIncident(ctx, c.incident.ID)
		return err
	})
	return all
}

func TestTheFormForNumbersIsBoundedByNetworkNumberAndSite(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := callCentre(t, db, 0)
		tries := func(n int, of func(i int) desk.NumberLeft) (taken int64) { // all at once: a limit is exact
			var crowd sync.WaitGroup
			for i := range n {
				crowd.Go(func() {
					err := c.LeaveNumber(t.Context(), of(i))
					if err == nil {
						atomic.AddInt64(&taken, 1)
					} else if !problem.Is(err, problem.TooMany) {
						t.Error(err)
					}
				})
			}
			crowd.Wait()
			return taken
		}
		if n := tries(9, func(i int) desk.NumberLeft {
			return leave(c, fmt.Sprintf("+4930123%03d", i), fmt.Sprint("192.0.2.", i))
		}); n != 5 {
			t.Errorf("one network left %d numbers in an hour, want 5", n)
		}
		if n := tries(9, func(i int) desk.NumberLeft { return leave(c, "+4930999999", fmt.Sprintf("198.51.%d.1", i)) }); n != 3 {
			t.Errorf("one number was left %d times in a day, want 3", n)
		}
		if n := len(c.requests(t)); n != 6 {
			t.Errorf("%d requests, want five of the network's and one for the number", n)
		}
		if n := tries(310, func(i int) desk.NumberLeft {
			return leave(c, fmt.Sprintf("+4930456%03d", i), fmt.Sprintf("203.%d.%d.1", i/200, i%200))
		}); n != 292 {
			t.Errorf("the site took %d more numbers in an hour, want 292", n)
		}
		trap := leave(c, "+4930777777", "203.0.113.99")
		trap.Honeypot = "https://spam.example"
		if err := c.LeaveNumber(t.Context(), trap); err != nil {
			t.Errorf("a machine is told that it was noticed: %v", err)
		}
		if n := len(c.requests(t)); n != 298 {
			t.Errorf("%d requests", n)
		}
	})
}

func TestNumbersAreTakenOnlyWhileSomebodyCallsAndItIsOpen(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := callCentre(t, db, 0)
		gone := func(what string) {
			t.Helper()
			if err := c.LeaveNumber(t.Context(), leave(c, "+4930123456", "192.0.2.1")); !problem.Is(err, problem.Gone) {
				t.Errorf("%s: %v", what, err)
			}
		}
		asking := func(to string) {
			t.Helper()
			c.write(t, func(ctx context.Context, tx *store.Tx) error {
				s, version, err := tx.Settings.Load(ctx)
				if err != nil {
					return err
				}
				switch to {
				case "off":
					s.CallRequests = "off"
				default:
					s.CallRequests = ""
				}
				_, err = tx.Settings.Save(ctx, s, version)
				return err
			})
		}
		asking("off")
		gone("switched off")
		asking("")
		wrong := leave(c, "12", "192.0.2.1")
		wrong.Name = ""
		if err := c.LeaveNumber(t.Context(), wrong); len(problem.All(err)) != 2 {
			t.Errorf("a form with two faults is answered %v", err)
		}
		if err := c.LeaveNumber(t.Context(), leave(c, "+4930123456", "192.0.2.1")); err != nil {
			t.Errorf("an owner may call: %v", err)
		}
		c.write(t, func(ctx context.Context, tx *store.Tx) error {
			people, err := tx.People.All(ctx)
			for _, p := range people {
				p.Roles = []staff.Role{staff.Viewer}
				if err := tx.People.Change(ctx, p, p.Mail); err != nil {
					return err
				}
			}
			return err
		})
		gone("nobody may call")
	})
}
