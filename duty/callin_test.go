package duty_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"candor/id"
	"candor/lang"
	"candor/problem"
	"candor/reach"
	"candor/staff"
	"candor/store"
	"candor/store/storetest"
)

// Ann calls everybody in. Ben answers, Cem does not: who stands under Cem is asked all the same, five minutes later and not when Cem wakes up.
func TestABranchIsCalledInAlthoughItsHeadDoesNotAnswer(t *testing.T) {
	url := storetest.SQLite(t) // PostgreSQL's sockets cannot live in a bubble
	storetest.Crowd(t)
	synctest.Test(t, func(t *testing.T) {
		h := pursuing(t, url)
		cem := h.hire("Cem", h.ann, "+4915112345009")
		h.places(h.ben, h.ann, staff.Person{})
		dee, eve := h.hire("Dee", h.ben, ""), h.hire("Eve", cem, "")
		i := h.outage()
		h.run(time.Second)
		sent := len(h.mail.Taken())

		x, err := h.desk.CallIn(h.as(h.ann), i, "Room 4")
		if err != nil {
			t.Fatal(err)
		}
		if again, err := h.desk.CallIn(h.as(h.ann), i, "Room 4"); again != x || err != nil {
			t.Errorf("calling in twice makes %s beside %s: %v", again, x, err)
		}
		h.run(2 * time.Second)
		h.askedIn(x, "the level below Ann, who is on", "Ben", "Cem")
		got := h.mailed()[sent:]
		slices.Sort(got)
		if !slices.Equal(got, []string{"ben@example.com", "cem@example.com"}) {
			t.Errorf("mailed: %v", got)
		}
		if got := h.text.Taken(); len(got) != 1 || got[0].To != "+4915112345009" || !strings.Contains(got[0].Text, "/console/call-in/") {
			t.Errorf("who gave a mobile is sent a text as well: %+v", got)
		}

		h.answers(x, h.ben, staff.Coming)
		h.run(time.Second)
		h.askedIn(x, "who stands under Ben is asked in turn", "Ben", "Cem", "Dee")
		h.answers(x, dee, staff.Unable)
		h.run(4 * time.Minute)
		h.askedIn(x, "Cem still has time", "Ben", "Cem", "Dee")
		h.run(time.Minute + time.Second)
		h.askedIn(x, "Cem’s branch is somebody else’s", "Ben", "Cem", "Cem", "Dee", "Eve")
		_, asks := h.callIn(x)
		for _, a := range asks {
			if a.Person == eve.ID && (a.Why != staff.Reassigned || a.By != h.ann.ID) {
				t.Errorf("Eve is asked %q by %s, want reassigned to Ann", a.Why, a.By)
			}
		}
		h.answers(x, eve, staff.Coming)
		h.run(11 * time.Minute)
		c, _ := h.callIn(x)
		r := c.Roster(time.Now())
		if !slices.Equal(r.Silent, []id.Person{cem.ID}) || !slices.Equal(r.Unable, []id.Person{dee.ID}) || len(r.On) != 3 || c.ClosedAt.IsZero() {
			t.Errorf("on %v, cannot %v, silent %v, closed %s", r.On, r.Unable, r.Silent, c.ClosedAt)
		}
		h.answers(x, cem, staff.Coming) // late, and welcome
		if c, _ = h.callIn(x); !slices.Contains(c.Roster(time.Now()).On, cem.ID) {
			t.Error("who answers late is not on")
		}
		if err := h.desk.AnswerCallIn(t.Context(), strings.Repeat("a", 34), staff.Coming); !problem.Is(err, problem.NotFound) {
			t.Errorf("a link nobody made is answered %v", err)
		}
	})
}

func TestCallingInAHundredAndFiftyPeopleAsksEachOfThem(t *testing.T) {
	url := storetest.SQLite(t)
	storetest.Crowd(t)
	synctest.Test(t, func(t *testing.T) {
		h := pursuing(t, url)
		for n := range 150 {
			h.hire(fmt.Sprintf("Person%d", n), staff.Person{}, "")
		}
		i := h.outage()
		x, err := h.desk.CallIn(h.as(h.ann), i, "")
		if err != nil {
			t.Fatal(err)
		}
		h.run(time.Minute)
		if _, asks := h.callIn(x); len(asks) != 152 {
			t.Errorf("%d were asked, want everybody: 152", len(asks))
		}
	})
}

// hire adds somebody under another.
func (h *pursued) hire(name string, under staff.Person, mobile string) staff.Person {
	h.t.Helper()
	p := staff.Person{
		ID: id.New[id.Person](time.Now()), Name: name, Roles: []staff.Role{staff.Agent}, Mail: strings.ToLower(name) + "@example.com", Mobile: mobile,
		Language: lang.English, Under: under.ID, CreatedAt: time.Now(),
	}
	h.do(h.db.Write, func(ctx context.Context, tx *store.Tx) error { return tx.People.Add(ctx, p, p.Mail) })
	return p
}

func (h *pursued) places(p, under, deputy staff.Person) {
	h.t.Helper()
	p.Under, p.Deputy = under.ID, deputy.ID
	h.do(h.db.Write, func(ctx context.Context, tx *store.Tx) error { return tx.People.Change(ctx, p, p.Mail) })
}

func (h *pursued) callIn(x id.CallIn) (c store.CallIn, asks []store.CallInAsk) {
	h.t.Helper()
	h.do(h.db.Read, func(ctx context.Context, tx *store.Tx) (err error) {
		c, asks, err = tx.CallIns.ByID(ctx, x)
		return err
	})
	return c, asks
}

// askedIn are the names of those who were asked, as often as they were, but Ann, who called.
func (h *pursued) askedIn(x id.CallIn, what string, want ...string) {
	h.t.Helper()
	var got []string
	h.do(h.db.Read, func(ctx context.Context, tx *store.Tx) error {
		_, asks, err := tx.CallIns.ByID(ctx, x)
		for _, a := range asks {
			p, err := tx.People.ByID(ctx, a.Person)
			if err != nil {
				return err
			}
			if p.ID != h.ann.ID {
				got = append(got, p.Name)
			}
		}
		return err
	})
	slices.Sort(got)
	if !slices.Equal(got, want) {
		h.t.Errorf("%s: asked %v, want %v", what, got, want)
	}
}

// answers presses the button behind the link that somebody was sent last.
func (h *pursued) answers(x id.CallIn, p staff.Person, a staff.Answer) {
	h.t.Helper()
	link := ""
	h.do(h.db.Read, func(ctx context.Context, tx *store.Tx) error {
		c, _, err := tx.CallIns.ByID(ctx, x)
		if err != nil {
			return err
		}
		all, err := tx.Announcements.OfIncident(ctx, c.Incident)
		for _, one := range all {
			if one.Kind == reach.OnCallIn && one.Target.Person == p.ID {
				link = one.Link
			}
		}
		return err
	})
	if err := h.desk.AnswerCallIn(h.t.Context(), link[strings.LastIndexByte(link, '/')+1:], a); err != nil {
		h.t.Fatal(err)
	}
}

func (h *pursued) mailed() (all []string) {
	for _, m := range h.mail.Taken() {
		all = append(all, m.To)
	}
	return all
}

// Cem's mail comes back and he has no telephone: nobody waits five minutes for an answer to a message that never arrived.
func TestABranchWhoseHeadGetsNoMessageIsNotWaitedFor(t *testing.T) {
	url := storetest.SQLite(t)
	storetest.Crowd(t)
	synctest.Test(t, func(t *testing.T) {
		h := pursuing(t, url)
		cem := h.hire("Cem", h.ann, "")
		h.places(h.ben, h.ann, staff.Person{})
		h.hire("Eve", cem, "")
		h.mail.Script("cem@example.com", reach.Result{Outcome: reach.Permanent, Code: "5.1.1", Reason: reach.ReasonNoMailbox})
		x, err := h.desk.CallIn(h.as(h.ann), h.outage(), "")
		if err != nil {
			t.Fatal(err)
		}
		h.run(70 * time.Second)
		h.askedIn(x, "Eve is asked as soon as Cem cannot be", "Ben", "Cem", "Cem", "Eve")
		c, asks := h.callIn(x)
		for _, a := range asks {
			if a.Failed != (a.Person == cem.ID) {
				t.Errorf("whether the message to %s failed: %v", a.Person, a.Failed)
			}
		}
		if r := c.Roster(time.Now()); !slices.Contains(r.Silent, cem.ID) || !slices.Contains(r.Waiting, h.ben.ID) {
			t.Errorf("silent %v, waiting %v", r.Silent, r.Waiting)
		}
	})
}
