package desk_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"candor/audience"
	"candor/id"
	"candor/problem"
	"candor/reach"
	"candor/staff"
	"candor/store"
	"candor/store/storetest"
)

// A mailing is letters of announcements with what became of them.
type mailing struct {
	newsroom
	t    *testing.T
	duty context.Context
	n    int
}

func openMailing(t *testing.T, db *store.DB) *mailing {
	t.Helper()
	return &mailing{newsroom: open(t, db), t: t, duty: staff.As(t.Context(), staff.Actor{System: "duty"})}
}

func (m *mailing) announce(k reach.Kind, p reach.Priority, target audience.Target) id.Announcement {
	m.t.Helper()
	x := id.New[id.Announcement](time.Now())
	m.write(m.t, func(ctx context.Context, tx *store.Tx) error {
		at := time.Now()
		return tx.Announcements.Add(ctx, reach.Announcement{ID: x, Kind: k, Target: target, Priority: p, AsOf: at.Add(-time.Hour), PlannedAt: at})
	})
	return x
}

// letters of an announcement, n of them, are in a state since an instant.
func (m *mailing) letters(x id.Announcement, n int, state reach.State, since time.Time) {
	m.t.Helper()
	m.write(m.t, func(ctx context.Context, tx *store.Tx) error {
		var all []reach.Delivery
		for range n {
			m.n++
			all = append(all, reach.Delivery{
				ID: id.New[id.Delivery](time.Now()), Announcement: x, Channel: "email", Address: audience.Address(fmt.Sprintf("r%d@reader.example", m.n)),
				Priority: reach.Ordinary, Language: "en", PlannedAt: since,
			})
		}
		if _, err := tx.Deliveries.Plan(ctx, all); err != nil || state == reach.Planned {
			return err
		}
		for _, d := range all {
			d.State = reach.Planned
			if _, err := tx.Deliveries.Heed(ctx, d, state, reach.Receipt{At: since}); err != nil {
				return err
			}
		}
		return nil
	})
}

// minded is whom the owners were told of, and what is held back, after somebody looked.
func (m *mailing) minded() (told []reach.Kind, held []id.Announcement) {
	m.t.Helper()
	if err := m.MindReturns(m.duty); err != nil {
		m.t.Fatal(err)
	}
	for _, a := range (door{Desk: m.Desk, db: m.db}).letters(m.t) {
		if a.Target.Person != m.ann.ID {
			m.t.Errorf("%s is for %+v", a.Kind, a.Target)
		}
		told = append(told, a.Kind)
	}
	err := m.db.Read(m.duty, func(tx *store.Tx) (err error) {
		held, err = tx.Announcements.Paused(m.duty)
		return err
	})
	if err != nil {
		m.t.Fatal(err)
	}
	return told, held
}

func (m *mailing) wants(what string, told []reach.Kind, held ...id.Announcement) {
	m.t.Helper()
	gotTold, gotHeld := m.minded()
	if diff := cmp.Diff(told, gotTold); diff != "" {
		m.t.Errorf("%s: the owners are told (-want +got):\n%s", what, diff)
	}
	if diff := cmp.Diff(held, gotHeld); diff != "" {
		m.t.Errorf("%s: held back are (-want +got):\n%s", what, diff)
	}
}

// Two letters of a hundred that come back alarm the owners once a day; five hold back what can wait, once; a first word, a correction and
// new steps go on, and a person's word to go on stands.
func TestWhatComesBackAlarmsTheOwnersAndHoldsBackWhatCanWait(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		m, at := openMailing(t, db), time.Now().Add(-time.Minute)
		everyone := audience.Target{Everyone: true}
		sent := m.announce(reach.OnUpdate, reach.Ordinary, everyone)
		m.letters(sent, 490, reach.Accepted, at)
		m.letters(sent, 9, reach.Bounced, at)
		m.letters(sent, 400, reach.Bounced, at.Add(-25*time.Hour)) // the day before
		m.wants("9 of 499", nil)

		m.letters(sent, 1, reach.Bounced, at)
		m.wants("10 of 500", []reach.Kind{reach.OnReturns})
		m.letters(sent, 14, reach.Bounced, at)
		m.wants("24 of 514, the same day", nil)

		update, first := m.announce(reach.OnUpdate, reach.Ordinary, everyone), m.announce(reach.OnUpdate, reach.First, everyone)
		steps := m.announce(reach.OnUpdate, reach.Ordinary, audience.Target{Everyone: true, Customers: true, Reopens: true})
		correction := m.announce(reach.OnCorrection, reach.Ordinary, audience.Target{Heard: "upd_1", Reopens: true})
		test := m.announce(reach.OnTest, reach.Urgent, audience.Target{Person: m.ben.ID})
		for _, x := range []id.Announcement{update, first, steps, correction, test} {
			m.letters(x, 1, reach.Planned, at)
		}
		m.letters(sent, 2, reach.Bounced, at)
		m.wants("26 of 516", []reach.Kind{reach.OnHeldBack}, update)
		m.wants("again", nil, update)

		if err := m.ResumeAnnouncement(m.ctx, update); err != nil {
			t.Fatal(err)
		}
		m.letters(sent, 50, reach.Bounced, at)
		m.wants("a person let it go on", nil)
		next := m.announce(reach.OnUpdate, reach.Ordinary, everyone)
		m.letters(next, 1, reach.Planned, at)
		m.wants("the next word", nil, next) // within the hour nobody is told twice
	})
}

func TestOnlyWhoMaySpeakForTheCompanyMindsWhatComesBack(t *testing.T) {
	t.Parallel()
	m := openMailing(t, storetest.Open(t, storetest.SQLite(t)))
	if err := m.MindReturns(t.Context()); !problem.Is(err, problem.Unauthenticated) {
		t.Errorf("a stranger: %v", err)
	}
}
