package desk_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"candor/component"
	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/problem"
	"candor/promise"
	"candor/reach"
	"candor/settings"
	"candor/staff"
	"candor/store"
	"candor/store/storetest"
)

func TestAFirstWordNeedsOnlyItsText(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		_, _, err := n.Declare(n.ctx, desk.Declaration{First: desk.Word{Affected: []incident.Affected{{Component: n.shop.ID}}}})
		if got := keys(err); !slices.Equal(got, []string{"body problem.text.empty"}) {
			t.Fatalf("without a text: %v", got)
		}
		i := n.declare(t, desk.Declaration{CannotWork: true, First: desk.Word{
			Body: english("Our shop is down."), Affected: []incident.Affected{{Component: n.shop.ID}},
		}})
		l := n.look(t, i.ID)
		u := l.updates[0]
		if i.Kind != incident.Outage || i.Status != incident.Investigating || i.Impact != incident.ImpactCritical || i.Lead != n.ann.ID ||
			u.Author != n.ann.ID || u.Fields.Data.State != incident.SafetyChecking || u.Fields.Data.AnswerBy.IsZero() {
			t.Errorf("the defaults are %+v, %+v", i, u)
		}
		if got := i.Title[lang.German]; got != "Shop: ausgefallen" {
			t.Errorf("the title is %q", got)
		}
		if l.status[n.shop.ID] != component.MajorOutage {
			t.Errorf("the shop is %s", l.status[n.shop.ID])
		}
		if got := u.NextBy.Sub(u.At); got != 15*time.Minute {
			t.Errorf("the next word is due in %v, want a quarter of an hour", got)
		}
		if len(l.open(promise.NextUpdate)) != 1 || len(l.open(promise.DataAnswer)) != 1 {
			t.Errorf("promised: %+v", l.promises)
		}
		if len(l.announcements) != 1 || l.announcements[0].Priority != reach.First || !l.announcements[0].Target.Everyone ||
			!slices.Equal(l.announcements[0].Target.Components, []id.Component{n.shop.ID, n.web.ID}) {
			t.Errorf("announced: %+v", l.announcements)
		}
	})
}

func TestWhatIsRefusedIsRefusedInOneGo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		hour := time.Hour
		_, _, err := n.Declare(n.ctx, desk.Declaration{
			Title: english("one\r\nBcc: all@example.com"), StartedAt: time.Now().Add(hour),
			First: desk.Word{
				NextBy: time.Now().Add(-hour), Author: "per_nobody", Status: incident.Scheduled,
				Affected: []incident.Affected{{Component: "cmp_nothing"}},
				Fields:   incident.Fields{Data: incident.Safety{State: incident.SafetyAffected}},
				Body:     english(strings.Repeat("あ", 25_001)),
			},
		})
		want := []string{
			"affected problem.component.unknown", "author problem.author",
			"body problem.text.runes", "data_steps problem.data.steps", "next_by problem.next.past",
			"started_at problem.future", "status problem.status", "title problem.line.break",
		}
		got := keys(err)
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if _, _, err := n.Declare(t.Context(), desk.Declaration{}); !problem.Is(err, problem.Unauthenticated) {
			t.Errorf("a stranger: %v", err)
		}
		viewer := n.ann
		viewer.Roles = []staff.Role{staff.Viewer}
		if _, err := n.Post(n.as(t, viewer), "inc_x", desk.Word{}); !problem.Is(err, problem.Forbidden) {
			t.Errorf("a viewer: %v", err)
		}
		if _, err := n.Post(n.ctx, "inc_x", desk.Word{}); !problem.Is(err, problem.NotFound) {
			t.Errorf("no such incident: %v", err)
		}
	})
}

func TestTheFirstWordDoesNotWaitForWhatIsBroken(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		for _, c := range []struct {
			cannotWork bool
			want       component.Status
		}{{false, component.Unknown}, {true, component.MajorOutage}} {
			i := n.declare(t, desk.Declaration{CannotWork: c.cannotWork, First: desk.Word{Body: english("Something is wrong.")}})
			if len(i.Affected) == 0 {
				t.Fatal("an outage names no component")
			}
			for _, a := range i.Affected {
				if a.Status != c.want || n.look(t, i.ID).status[a.Component] != c.want {
					t.Errorf("%s is %s, want %s", a.Component, a.Status, c.want)
				}
			}
			if _, err := n.Post(n.ctx, i.ID, desk.Word{Status: incident.Resolved, Body: english("Over.")}); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestAnIncidentFromTheFirstWordToTheEndAndBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		i := n.declare(t, desk.Declaration{First: desk.Word{Body: english("Down."), Affected: []incident.Affected{
			down(n.site, component.MajorOutage), down(n.mail, component.Degraded),
		}}})
		if i.Impact != incident.ImpactMajor {
			t.Errorf("impact %s, want major", i.Impact)
		}
		u, err := n.Post(n.ctx, i.ID, desk.Word{Status: incident.Identified, Body: english("A cable."), Affected: []incident.Affected{down(n.site, component.PartialOutage)}})
		if err != nil {
			t.Fatal(err)
		}
		want := []incident.Change{{Component: n.site.ID, Old: component.MajorOutage, New: component.PartialOutage}}
		if diff := cmp.Diff(want, u.Affected); diff != "" {
			t.Errorf("changed: %s", diff)
		}
		if got := u.NextBy.Sub(u.At); got != 30*time.Minute {
			t.Errorf("major and identified, customers can earn again: %v, want half an hour", got)
		}
		if _, err := n.Post(n.ctx, i.ID, desk.Word{Body: english("Later."), NextBy: time.Now().Add(5 * time.Hour)}); keys(err)[0] != "next_reason problem.next.reason" {
			t.Errorf("a long silence without a reason: %v", err)
		}
		held, err := n.Hold(n.ctx, i.ID)
		if err != nil || !held.Holding || held.Body[lang.Spanish] == "" || held.Status != incident.Identified {
			t.Errorf("held: %+v, %v", held, err)
		}
		due := time.Now().Add(72 * time.Hour).UTC().Truncate(time.Microsecond)
		end, err := n.Post(n.ctx, i.ID, desk.Word{Status: incident.Resolved, Body: english("Over."), ReportDueAt: due, NextBy: due})
		if err != nil {
			t.Fatal(err)
		}
		l := n.look(t, i.ID)
		if l.status[n.site.ID] != component.Operational || l.status[n.mail.ID] != component.Operational {
			t.Errorf("resolved, and still %v", l.status)
		}
		if l.incident.Impact != incident.ImpactMajor || l.incident.ResolvedAt.IsZero() || !end.NextBy.IsZero() {
			t.Errorf("resolved: %+v", l.incident)
		}
		if len(l.open(promise.NextUpdate)) != 0 || len(l.open(promise.Report)) != 1 || len(l.open(promise.DataAnswer)) != 1 {
			t.Errorf("still promised: %+v", l.promises)
		}
		holding := l.announcements[2].Target
		if !holding.EveryUpdate {
			t.Errorf("a holding update goes to %+v, want those who chose every update", holding)
		}
		if _, err := n.Hold(n.ctx, i.ID); !problem.Is(err, problem.Conflict) {
			t.Errorf("held after the end: %v", err)
		}
		if _, err := n.Post(n.ctx, i.ID, desk.Word{Status: incident.Investigating, Body: english("Again."), Silent: true}); err != nil {
			t.Fatal(err)
		}
		l = n.look(t, i.ID)
		if !l.incident.ResolvedAt.IsZero() || len(l.open(promise.NextUpdate)) != 1 || len(l.announcements) != 4 {
			t.Errorf("opened again: %+v with %d announcements", l.incident, len(l.announcements))
		}
	})
}

func TestACorrectionIsMailedOnlyToWhoGotTheWrongWords(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		i := n.declare(t, desk.Declaration{First: desk.Word{Body: english("Down.")}})
		for _, silent := range []bool{true, false} {
			u, err := n.Post(n.ctx, i.ID, desk.Word{Body: english("Eleven routers."), Silent: silent})
			if err != nil {
				t.Fatal(err)
			}
			before := len(n.look(t, i.ID).announcements)
			if err := n.Correct(n.ctx, u.ID, desk.Correction{Body: english("Ten routers."), Reason: "miscounted", Notify: true}); err != nil {
				t.Fatal(err)
			}
			if mailed := len(n.look(t, i.ID).announcements) > before; mailed == silent {
				t.Errorf("silent %v: the correction was mailed: %v", silent, mailed)
			}
		}
	})
}

func TestTwoClicksSayItOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		in := desk.Declaration{First: desk.Word{Key: "form 1", Body: english("Down."), Affected: []incident.Affected{down(n.shop, "")}}}
		var wg sync.WaitGroup
		ids := make([]id.Incident, 8)
		for k := range ids {
			wg.Go(func() {
				i, _, err := n.Declare(n.ctx, in)
				if err != nil {
					t.Error(err)
				}
				ids[k] = i.ID
			})
		}
		wg.Wait()
		if len(slices.Compact(ids)) != 1 {
			t.Fatalf("declared as %v", ids)
		}
		for range 2 {
			if _, err := n.Post(n.ctx, ids[0], desk.Word{Key: "form 2", Body: english("Still.")}); err != nil {
				t.Fatal(err)
			}
		}
		if l := n.look(t, ids[0]); len(l.updates) != 2 || len(l.announcements) != 2 {
			t.Errorf("%d updates, %d announcements, want 2 of each", len(l.updates), len(l.announcements))
		}
		if other, _, err := n.Declare(n.as(t, n.ben), in); err != nil || other.ID == ids[0] {
			t.Errorf("somebody else's key is not mine: %v", err)
		}
	})
}

func TestIncidentsDeclaredTogetherGetTheirOwnNumbers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		var wg sync.WaitGroup
		numbers := make([]int64, 12)
		for k := range numbers {
			wg.Go(func() {
				i, _, err := n.Declare(n.ctx, desk.Declaration{First: desk.Word{Body: english("Down."), Affected: []incident.Affected{down(n.shop, "")}}})
				if err != nil {
					t.Error(err)
				}
				numbers[k] = i.Number
			})
		}
		wg.Wait()
		slices.Sort(numbers)
		if want := []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}; !slices.Equal(numbers, want) {
			t.Errorf("numbered %v", numbers)
		}
	})
}

func TestARehearsalReachesOnlyWhoRehearses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		i := n.declare(t, desk.Declaration{Visibility: incident.Rehearsal, First: desk.Word{
			Body: english("Drill."), Author: n.ben.ID, Affected: []incident.Affected{down(n.shop, component.MajorOutage)},
		}})
		before := n.look(t, i.ID)
		if _, err := n.Post(n.ctx, i.ID, desk.Word{Status: incident.Resolved, Body: english("Over.")}); err != nil {
			t.Fatal(err)
		}
		l := n.look(t, i.ID)
		if l.status[n.shop.ID] != component.Operational || l.version != before.version {
			t.Errorf("the page changed: %v, version %d then %d", l.status, before.version, l.version)
		}
		for _, p := range l.promises {
			if p.Promiser != n.ann.ID {
				t.Errorf("somebody else is reminded: %+v", p)
			}
		}
		for _, a := range l.announcements {
			if a.Target.Everyone || a.Target.Person != n.ann.ID {
				t.Errorf("announced to %+v", a.Target)
			}
		}
		err := db.Read(t.Context(), func(tx *store.Tx) error {
			public, err := tx.Incidents.Page(t.Context(), store.Place{}, 10)
			counted, err2 := tx.Promises.Public(t.Context(), time.Unix(0, 0), time.Now().Add(time.Hour))
			if len(public)+len(counted) != 0 || err2 != nil {
				t.Errorf("on the page: %v, counted: %v, %v", public, counted, err2)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestTheOutageBeganWhenItBegan(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		synctest.Test(t, func(t *testing.T) {
			n := open(t, storetest.Open(t, url))
			time.Sleep(time.Hour)
			began := time.Now().Add(-36 * time.Minute).UTC()
			i := n.declare(t, desk.Declaration{StartedAt: began, First: desk.Word{Body: english("Down."), Affected: []incident.Affected{down(n.shop, component.MajorOutage)}}})
			if got := beginning(n.look(t, i.ID), i.ID); !got.Equal(began) {
				t.Errorf("counted from %v, want %v", got, began)
			}
			earlier := began.Add(-10 * time.Minute)
			if err := n.Amend(n.ctx, i.ID, desk.Facts{StartedAt: earlier, FirstReportAt: began, DetectedBy: incident.ByCustomer}); err != nil {
				t.Fatal(err)
			}
			l := n.look(t, i.ID)
			if got := beginning(l, i.ID); !got.Equal(earlier) {
				t.Errorf("amended, and counted from %v, want %v", got, earlier)
			}
			if late, known := l.incident.ToldFirst(); !known || late != -36*time.Minute {
				t.Errorf("who told whom first: %v, %v", late, known)
			}
		})
	})
}

func beginning(l look, i id.Incident) time.Time {
	for _, in := range l.intervals {
		if in.Incident == i {
			return in.From
		}
	}
	return time.Time{}
}

func TestMinutesOfSilenceAreCountedAsMissedWords(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		synctest.Test(t, func(t *testing.T) {
			n := open(t, storetest.Open(t, url))
			set := settings.Defaults()
			n.write(t, func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.Settings.Save(ctx, set, 0)
				return err
			})
			// GoDaddy, 10 September 2012: a word at 13:36, the next at 15:08.
			i := n.declare(t, desk.Declaration{CannotWork: true, First: desk.Word{Body: english("13:36"), Affected: []incident.Affected{down(n.site, "")}}})
			time.Sleep(92 * time.Minute)
			if _, err := n.Post(n.ctx, i.ID, desk.Word{Body: english("15:08")}); err != nil {
				t.Fatal(err)
			}
			all := n.look(t, i.ID).promises
			p := all[slices.IndexFunc(all, func(p promise.Promise) bool { return p.Kind == promise.NextUpdate })]
			if got := p.MissedWords(time.Now()); got != 6 {
				t.Errorf("%d words missed, want 6", got)
			}
		})
	})
}

func TestAPersonWhoIsNoneIsRefusedAndNotLookedUp(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		if _, _, err := n.Declare(n.ctx, desk.Declaration{First: desk.Word{Body: english("Down."), Author: "per_\x00"}}); !problem.Is(err, problem.Invalid) {
			t.Errorf("an author that is no identifier: %v", err)
		}
		_, err := n.Subscribe(t.Context(), desk.Subscription{Address: "a@example.com", Language: lang.English, IP: "192.0.2.1", Components: []id.Component{"cmp_\x00"}})
		if !problem.Is(err, problem.Invalid) {
			t.Errorf("a component that is no identifier: %v", err)
		}
	})
}
