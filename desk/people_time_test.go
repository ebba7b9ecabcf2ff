package desk_test

import (
	"testing"
	"testing/synctest"
	"time"

	"candor/problem"
	"candor/staff"
	"candor/store"
	"candor/store/storetest"
)

// inTime runs f in a bubble of fake time, with an owner.
func inTime(t *testing.T, f func(t *testing.T, h house)) {
	t.Helper()
	file := storetest.SQLite(t)
	synctest.Test(t, func(t *testing.T) {
		h := empty(t, storetest.Open(t, file))
		owner, err := h.SetUp(t.Context(), h.token, form("Ann", "ann@harbour.example"))
		if err != nil {
			t.Fatal(err)
		}
		h.owner = owner
		f(t, h)
	})
}

func TestB15ASessionThatIsUsedLivesSevenDaysAndAnIdleOneTwelveHours(t *testing.T) {
	inTime(t, func(t *testing.T, h house) {
		ctx := t.Context()
		sign := func() string {
			secret, _, err := h.SignIn(ctx, h.owner.Mail, pass, "192.0.2.1")
			if err != nil {
				t.Fatal(err)
			}
			return secret
		}
		used, idle := sign(), sign()
		for hours := 0; hours < 7*24-11; hours += 11 {
			time.Sleep(11 * time.Hour)
			if _, err := h.BySession(ctx, used); err != nil {
				t.Fatalf("used every eleven hours, after %d: %v", hours+11, err)
			}
		}
		_, err := h.BySession(ctx, idle)
		says(t, "the idle one", err, problem.Unauthenticated, "problem.unauthenticated")
		time.Sleep(11 * time.Hour)
		_, err = h.BySession(ctx, used)
		says(t, "the used one, after a week", err, problem.Unauthenticated, "problem.unauthenticated")

		edge := sign()
		time.Sleep(12*time.Hour - time.Second)
		if _, err := h.BySession(ctx, edge); err != nil {
			t.Errorf("idle for a second less than twelve hours: %v", err)
		}
		time.Sleep(12 * time.Hour)
		_, err = h.BySession(ctx, edge)
		says(t, "idle for twelve hours", err, problem.Unauthenticated, "problem.unauthenticated")
	})
}

func TestASessionIsNotedAsUsedAtMostOnceAMinute(t *testing.T) {
	inTime(t, func(t *testing.T, h house) {
		ctx := t.Context()
		secret, a, err := h.SignIn(ctx, h.owner.Mail, pass, "192.0.2.1")
		if err != nil {
			t.Fatal(err)
		}
		seen := func() (at time.Time) {
			err := h.db.Read(ctx, func(tx *store.Tx) error {
				open, err := tx.Sessions.Open(ctx, h.owner.ID)
				for _, s := range open {
					if s.ID == a.Session {
						at = s.SeenAt
					}
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return at
		}
		began := seen()
		for second := range 60 {
			if _, err := h.BySession(ctx, secret); err != nil || !seen().Equal(began) {
				t.Fatalf("after %d seconds it was written, %v", second, err)
			}
			time.Sleep(time.Second)
		}
		if _, err := h.BySession(ctx, secret); err != nil || seen().Sub(began) != time.Minute {
			t.Errorf("after a minute it was last used %s later, %v", seen().Sub(began), err)
		}
	})
}

func TestGuessingMayGoOnAfterAQuarterOfAnHour(t *testing.T) {
	inTime(t, func(t *testing.T, h house) {
		for range 10 {
			if _, _, err := h.SignIn(t.Context(), h.owner.Mail, other, "192.0.2.1"); !problem.Is(err, problem.Unauthenticated) {
				t.Fatal(err)
			}
		}
		_, _, err := h.SignIn(t.Context(), h.owner.Mail, pass, "192.0.2.1")
		says(t, "at once", err, problem.TooMany, "problem.signin.many")
		time.Sleep(15 * time.Minute)
		if _, _, err := h.SignIn(t.Context(), h.owner.Mail, pass, "192.0.2.1"); err != nil {
			t.Error(err)
		}
	})
}

func TestLinksWorkForADayAWeekAndHalfAnHour(t *testing.T) {
	file := storetest.SQLite(t)
	synctest.Test(t, func(t *testing.T) {
		db := storetest.Open(t, file)
		late := empty(t, db)
		time.Sleep(24 * time.Hour)
		_, err := late.SetUp(t.Context(), late.token, form("Ann", "ann@harbour.example"))
		says(t, "a set-up link after a day", err, problem.Gone, "problem.setup.link")

		h := empty(t, db)
		if h.owner, err = h.SetUp(t.Context(), h.token, form("Ann", "ann@harbour.example")); err != nil {
			t.Fatal(err)
		}
		in := form("New", "new@harbour.example", staff.Viewer)
		in.Password = ""
		p, err := h.AddPerson(h.as(t, h.owner), in)
		if err != nil {
			t.Fatal(err)
		}
		link := h.invitation(t, p.ID)
		time.Sleep(7*24*time.Hour - time.Minute)
		if _, err := h.Accept(t.Context(), link, pass); err != nil {
			t.Errorf("an invitation within the week: %v", err)
		}
		if _, err := h.ResetLink(h.as(t, h.owner), p.ID); err != nil {
			t.Fatal(err)
		}
		link = h.invitation(t, p.ID)
		time.Sleep(30 * time.Minute)
		_, err = h.Accept(t.Context(), link, pass)
		says(t, "a reset after half an hour", err, problem.Gone, "problem.invitation")
	})
}
