package app

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/promise"
	"candor/store"
)

// A breach of data, carried through three laws to the last step of each: what staff write down starts each clock, each notice is promised and
// reminded of, and nobody outside reads a word of it.

func TestGDPRRunsThroughTheWeekendAndIsExcusedOnlyWithAReason(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := openStillHarbour(t)
		h.clock("13:00") // a Monday
		i := h.breach()
		h.record(i, promise.Fact{Event: promise.Aware, Regime: "gdpr"})
		h.owes(i, "gdpr-33", "Thu 13:00")

		h.let(48*time.Hour - time.Second)
		h.told(i, 0, "a day before, nobody is reminded early")
		h.let(2 * time.Second)
		h.told(i, 1, "a day before, the lead is reminded")
		h.let(20 * time.Hour)
		h.told(i, 2, "and again four hours before")

		h.record(i, promise.Fact{Event: promise.Submitted, Clock: "gdpr-33"})
		h.owes(i, "gdpr-33", "")
		h.record(i, promise.Fact{Event: promise.Incomplete, Regime: "gdpr"})
		h.owes(i, "gdpr-33-phases", "Thu 09:00") // at once: due the moment it begins
		h.let(time.Minute)
		h.record(i, promise.Fact{Event: promise.Submitted, Clock: "gdpr-33-phases"})

		h.record(i, promise.Fact{Event: promise.Harms, Regime: "gdpr"})
		h.owes(i, "gdpr-34", "Thu 09:01")
		if err := h.desk.RecordFact(h.dana(), i.ID, promise.Fact{Event: promise.NotRequired, Clock: "gdpr-34"}); err == nil {
			t.Error("a clock ended without a reason")
		}
		h.record(i, promise.Fact{Event: promise.NotRequired, Clock: "gdpr-34", Reason: "the stolen disk was encrypted, and the key is not on it"})
		h.settled(i)
		h.let(14 * 24 * time.Hour)
		h.told(i, 3, "what is settled reminds nobody: two reminders, and the duty that was due at once")
	})
}

func TestNIS2FromTheEarlyWarningToTheReportAfterHandling(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := openStillHarbour(t)
		h.clock("13:00")
		i := h.breach()
		h.record(i, promise.Fact{Event: promise.Aware, Regime: "nis2"})
		h.owes(i, "nis2-early", "Tue 13:00")
		h.owes(i, "nis2-notice", "Thu 13:00")
		h.let(20 * time.Hour)
		h.record(i, promise.Fact{Event: promise.Submitted, Clock: "nis2-early"})
		h.let(40 * time.Hour)
		h.record(i, promise.Fact{Event: promise.Submitted, Clock: "nis2-notice"}) // Thursday 13 September, 01:00
		h.owes(i, "nis2-final", "13 Oct 01:00")

		h.let(29 * 24 * time.Hour) // still running: a progress report takes its place
		h.record(i, promise.Fact{Event: promise.Submitted, Clock: "nis2-progress"})
		h.owes(i, "nis2-final", "")
		h.let(5 * 24 * time.Hour) // Wednesday 17 October
		h.record(i, promise.Fact{Event: promise.Handled, Regime: "nis2"})
		h.owes(i, "nis2-after-handling", "17 Nov 01:00")
		h.let(20 * 24 * time.Hour)
		h.record(i, promise.Fact{Event: promise.Submitted, Clock: "nis2-after-handling"})
		h.settled(i)
		h.inTime(i, 4)
	})
}

func TestDORAFromClassificationToAMonthAfterTheLastIntermediateReport(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := openStillHarbour(t)
		h.clock("13:00")
		i := h.breach()
		h.record(i, promise.Fact{Event: promise.Aware, Regime: "dora"})
		h.owes(i, "dora-initial-cap", "Tue 13:00")
		h.let(22 * time.Hour)
		h.record(i, promise.Fact{Event: promise.Classified, Regime: "dora"}) // Tuesday 11:00: four hours would be after the outer limit
		h.owes(i, "dora-initial-cap", "")
		h.owes(i, "dora-initial", "Tue 13:00")
		h.let(time.Hour)
		h.record(i, promise.Fact{Event: promise.Submitted, Clock: "dora-initial"})
		h.owes(i, "dora-intermediate", "Fri 12:00")
		h.let(70 * time.Hour)
		h.record(i, promise.Fact{Event: promise.Submitted, Clock: "dora-intermediate"}) // Friday 14 September, 10:00
		h.owes(i, "dora-final", "14 Oct 10:00")
		h.let(4 * 24 * time.Hour)
		h.record(i, promise.Fact{Event: promise.Submitted, Clock: "dora-intermediate"}) // it was updated: the month counts from the last
		h.owes(i, "dora-final", "18 Oct 10:00")

		h.record(i, promise.Fact{Event: promise.Retracted, Takes: promise.Submitted, Clock: "dora-intermediate", Reason: "the wrong button"})
		h.owes(i, "dora-final", "")
		h.owes(i, "dora-intermediate", "Fri 12:00") // late now, and says so
		h.record(i, promise.Fact{Event: promise.Submitted, Clock: "dora-intermediate", At: time.Now().Add(-96 * time.Hour)})
		h.owes(i, "dora-final", "14 Oct 10:00")
		h.record(i, promise.Fact{Event: promise.Moved, Clock: "dora-final", DueAt: time.Now().Add(24 * time.Hour), Reason: "the authority asked for it sooner"})
		h.owes(i, "dora-final", "19 Sep 10:00")
		h.let(20 * time.Hour)
		h.record(i, promise.Fact{Event: promise.Submitted, Clock: "dora-final"})
		h.settled(i)
		h.page("/en/incidents/"+string(i.Code), "Customers’ data may have been read")
		if strings.Contains(h.visit("/en/incidents/"+string(i.Code)), "DORA") {
			t.Error("the page speaks of what is between us and the authority")
		}
	})
}

func (h *harbour) breach() incident.Incident {
	h.t.Helper()
	i, _, err := h.desk.Declare(h.dana(), desk.Declaration{Kind: incident.Data, Title: lang.Text{"en": "Customers’ data may have been read"}, First: desk.Word{
		Body: lang.Text{"en": "We are looking into it."}, NextBy: time.Now().Add(90 * 24 * time.Hour), NextReason: "this test is about laws",
		Fields: incident.Fields{Data: incident.Safety{State: incident.SafetyChecking, AnswerBy: time.Now().Add(90 * 24 * time.Hour)}},
	}})
	if err != nil {
		h.t.Fatal(err)
	}
	return i
}

func (h *harbour) record(i incident.Incident, f promise.Fact) {
	h.t.Helper()
	if err := h.desk.RecordFact(h.dana(), i.ID, f); err != nil {
		h.t.Fatal(err)
	}
}

// owes checks by when, in the company's zone, the notice of a clock is promised; empty: it is not, or not any more.
func (h *harbour) owes(i incident.Incident, clock promise.ClockID, by string) {
	h.t.Helper()
	got := ""
	for _, p := range h.promises(i) {
		if p.Clock != clock || !p.Open() {
			continue
		}
		if p.Public() || p.Promiser == "" {
			h.t.Errorf("%s is promised to %q by %q", clock, p.MadeTo(), p.Promiser)
		}
		if got = p.DueAt.In(h.zone).Format("Mon 15:04"); len(by) > len(got) {
			got = p.DueAt.In(h.zone).Format("2 Jan 15:04")
		}
	}
	if got != by {
		h.t.Errorf("%s is owed by %q, want %q", clock, got, by)
	}
}

// settled checks that no legal notice is owed any more.
func (h *harbour) settled(i incident.Incident) {
	h.t.Helper()
	for _, p := range h.promises(i) {
		if p.Kind == promise.LegalNotice && p.Open() {
			h.t.Errorf("%s is still owed", p.Text)
		}
	}
}

func (h *harbour) inTime(i incident.Incident, want int) {
	h.t.Helper()
	kept := 0
	for _, p := range h.promises(i) {
		if p.Kind == promise.LegalNotice && p.Outcome(time.Now()) == promise.Kept {
			kept++
		}
	}
	if kept != want {
		h.t.Errorf("%d notices were sent in time, want %d", kept, want)
	}
}

// let lets time pass, from one timer to the next.
func (h *harbour) let(d time.Duration) {
	h.t.Helper()
	for until := time.Now().Add(d); ; {
		var next time.Time
		h.read(func(ctx context.Context, tx *store.Tx) (err error) {
			next, err = tx.Timers.Next(ctx)
			return err
		})
		if next.IsZero() || next.After(until) {
			time.Sleep(time.Until(until))
			return
		}
		time.Sleep(time.Until(next))
		if _, err := h.duty.FireTimers(h.t.Context()); err != nil {
			h.t.Fatal(err)
		}
	}
}

// told counts what Dana was told about notices that the law wants.
func (h *harbour) told(i incident.Incident, want int, claim string) {
	h.t.Helper()
	legal := map[id.Promise]bool{}
	for _, p := range h.promises(i) {
		legal[p.ID] = p.Kind == promise.LegalNotice
	}
	got := 0
	h.read(func(ctx context.Context, tx *store.Tx) error {
		all, err := tx.Announcements.OfIncident(ctx, i.ID)
		for _, a := range all {
			if legal[a.Promise] && a.Target.Person == i.Lead {
				got++
			}
		}
		return err
	})
	if got != want {
		h.t.Errorf("%d reminders, want %d: %s", got, want, claim)
	}
}
