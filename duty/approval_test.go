package duty_test

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/problem"
	"candor/promise"
	"candor/reach"
	"candor/settings"
	"candor/store"
	"candor/store/storetest"
)

// secondPerson has every later word about an outage read by somebody else, and the holding update leave by itself so long before it is late.
func (h house) secondPerson(hold time.Duration) {
	h.t.Helper()
	h.do(h.db.Write, func(ctx context.Context, tx *store.Tx) error {
		s, version, err := tx.Settings.Load(ctx)
		if err != nil {
			return err
		}
		s.Approval = settings.Approval{Kinds: []incident.Kind{incident.Outage}, Hold: hold}
		_, err = tx.Settings.Save(ctx, s, version)
		return err
	})
}

// story is what an incident's page says, oldest first: when, what, who signed it.
func (h house) story(i id.Incident, from time.Time) (lines []string) {
	h.t.Helper()
	h.do(h.db.Read, func(ctx context.Context, tx *store.Tx) error {
		lines = nil
		all, err := tx.Updates.Of(ctx, i)
		for _, u := range slices.Backward(all) {
			what := "words"
			switch {
			case u.Automatic:
				what = "sent automatically"
			case u.Holding:
				what = "still working on it"
			}
			who := map[id.Person]string{h.ann.ID: "Ann", h.ben.ID: "Ben"}[u.Author]
			lines = append(lines, minutesIn(u.At.Sub(from))+" "+what+", "+who)
		}
		return err
	})
	return lines
}

func minutesIn(d time.Duration) string {
	return strconv.Itoa(int(d.Round(time.Second)/time.Minute)) + "'"
}

// outcomes are what became of an incident's promised words.
func (h house) outcomes(i id.Incident) (all []promise.Outcome) {
	h.t.Helper()
	h.do(h.db.Read, func(ctx context.Context, tx *store.Tx) error {
		all = nil
		made, err := tx.Promises.Of(ctx, i)
		for _, p := range made {
			if p.Kind == promise.NextUpdate {
				all = append(all, p.Outcome(time.Now()))
			}
		}
		return err
	})
	return all
}

func TestWordsThatNobodyApprovesDoNotLeaveCustomersInSilence(t *testing.T) {
	storetest.Crowd(t)
	storetest.EachURL(t, func(t *testing.T, url string) {
		synctest.Test(t, func(t *testing.T) {
			h := build(t, url)
			h.secondPerson(3 * time.Minute)
			ctx, stop := context.WithCancel(t.Context())
			var wg sync.WaitGroup
			wg.Go(func() { h.run(ctx, h.node("a"), second) })

			at := time.Now()
			i := h.outage() // the first word waits for nobody; the next is promised in a quarter of an hour, and Ann leads
			time.Sleep(5 * time.Minute)
			u, waits, err := h.desk.PostOrWait(h.as(h.ben), i.ID, desk.Word{Body: lang.Text{lang.English: "We have found the cause."}, Status: incident.Identified})
			if err != nil || u.ID != "" || waits == "" {
				t.Fatalf("Ben's words went out as %q, wait as %q: %v", u.ID, waits, err)
			}
			if asked := h.said(i.ID, reach.OnApproval); len(asked) != 1 || asked[0].Target.Person != h.ann.ID {
				t.Errorf("%v were asked to read them", asked)
			}
			if _, err := h.desk.Approve(h.as(h.ben), waits); !problem.Is(err, problem.Forbidden) {
				t.Errorf("Ben approves his own words: %v", err)
			}

			time.Sleep(2 * time.Hour) // Ann sleeps
			want := []string{"0' words, Ben", "12' sent automatically, Ann", "24' sent automatically, Ann"}
			if diff := cmp.Diff(want, h.story(i.ID, at)); diff != "" {
				t.Errorf("the page says (-want +got):\n%s", diff)
			}
			// Two words were spoken by a machine, in time; the third promise is broken, in public.
			if diff := cmp.Diff([]promise.Outcome{promise.Automated, promise.Automated, promise.Overdue}, h.outcomes(i.ID)); diff != "" {
				t.Errorf("the promises (-want +got):\n%s", diff)
			}

			if u, err = h.desk.Approve(h.as(h.ann), waits); err != nil || u.Author != h.ben.ID || u.Automatic || u.Status != incident.Identified {
				t.Errorf("Ann approves at last: %+v %v", u, err)
			}
			again, err := h.desk.Approve(h.as(h.ann), waits)
			if err != nil || again.ID != u.ID {
				t.Errorf("approved twice, it was said as %q and %q: %v", u.ID, again.ID, err)
			}
			if err := h.desk.Decline(h.as(h.ann), waits, ""); !problem.Is(err, problem.Conflict) {
				t.Errorf("what was said is declined: %v", err)
			}
			stop()
			wg.Wait()
		})
	})
}

func TestWordsThatAreApprovedInTimeAreThePersonsOwn(t *testing.T) {
	storetest.Crowd(t)
	storetest.EachURL(t, func(t *testing.T, url string) {
		synctest.Test(t, func(t *testing.T) {
			h := build(t, url)
			h.secondPerson(3 * time.Minute)
			node, at, i := h.node("a"), time.Now(), h.outage()
			time.Sleep(5 * time.Minute)
			word := desk.Word{Key: "once", Body: lang.Text{lang.English: "We have found the cause."}}
			_, waits, err := h.desk.PostOrWait(h.as(h.ben), i.ID, word)
			_, same, again := h.desk.PostOrWait(h.as(h.ben), i.ID, word)
			if err := errors.Join(err, again); err != nil || waits != same {
				t.Fatalf("proposed twice by one key, it waits as %q and %q: %v", waits, same, err)
			}
			time.Sleep(4 * time.Minute)
			if _, err := h.desk.Approve(h.as(h.ann), waits); err != nil {
				t.Fatal(err)
			}
			for range 14 * 60 { // until a minute before the word after that
				if _, err := node.FireTimers(t.Context()); err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Second)
			}
			if diff := cmp.Diff([]string{"0' words, Ben", "9' words, Ben"}, h.story(i.ID, at)); diff != "" {
				t.Errorf("the page says (-want +got):\n%s", diff)
			}
			// A word somebody holds up by hand, and one that is taken back, need nothing from the clock either.
			if _, err := h.desk.Hold(h.as(h.ben), i.ID); err != nil {
				t.Fatal(err)
			}
			_, waits, err = h.desk.PostOrWait(h.as(h.ben), i.ID, desk.Word{Body: lang.Text{lang.English: "Nearly."}})
			if err != nil || waits == "" {
				t.Fatal(waits, err)
			}
			if err := h.desk.Decline(h.as(h.ben), waits, "Too early"); err != nil {
				t.Fatal(err)
			}
			for range 14 * 60 {
				if _, err := node.FireTimers(t.Context()); err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Second)
			}
			if got := h.story(i.ID, at); len(got) != 3 || got[2] != "23' still working on it, Ben" {
				t.Errorf("the page says %v", got)
			}
		})
	})
}
