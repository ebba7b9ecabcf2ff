package duty_test

import (
	"errors"
	"testing"
	"time"

	"candor/reach"
	"candor/reach/dry"
)

// T13: who defers for ever is given up after three days, each recipient with the reason, also those behind whom the domain never let anybody
// through to. The node is off for most of the time, so that the test sees the first minutes and the last.
func TestADomainThatDefersForEverIsGivenUpAfterThreeDays(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		const deferred = 40
		people := w.subscribers(deferred+20, func(i int) string {
			if i < deferred {
				return "busy.example"
			}
			return "example.com"
		})
		out := dry.New("email")
		for _, p := range people[:deferred] {
			out.Script(string(p.Address), reach.Result{Outcome: reach.Temporary, Code: "4.3.2", Reason: reach.ReasonBusy})
		}
		grey := string(people[deferred].Address) // no trouble with its domain
		out.Script(grey, reach.Result{Outcome: reach.Temporary, Code: "4.7.1", Reason: reach.ReasonGreylisted})
		a := w.announce(reach.First)
		start := time.Now()
		d := w.node("one", through(out))
		w.start(d)
		w.until(a, "the others", told(19))
		time.Sleep(10 * time.Minute)
		w.stop(d)
		time.Sleep(time.Until(start.Add(reach.Patience - 20*time.Minute)))
		w.start(w.node("one", through(out)))
		time.Sleep(time.Until(start.Add(reach.Patience - time.Second)))
		if c := w.counts(a); c[reach.Failed] > 0 {
			t.Errorf("%d were given up before three days were over", c[reach.Failed])
		}
		time.Sleep(30 * time.Minute)
		for _, x := range w.allOf(a) {
			if x.Address.Domain() == "example.com" && string(x.Address) != grey {
				continue
			}
			if x.State != reach.Failed || x.Reason != reach.ReasonGivenUp || x.UpdatedAt.Before(start.Add(reach.Patience)) {
				t.Errorf("half an hour after three days %s is %s (%s), after %d attempts", x.Address, x.State, x.Reason, x.Attempt)
			}
		}
		last := out.Attempts()[len(out.Attempts())-1].At
		time.Sleep(10 * time.Minute)
		if next := out.Attempts()[len(out.Attempts())-1].At; next.After(last) {
			t.Errorf("somebody who was given up was tried again after %s", next.Sub(start))
		}
	})
}

// A relay outage of days is not the domain's fault: who waited for the relay that long is still written to.
func TestADomainThatStumblesAfterALongOutageOfOursIsNotGivenUp(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		people := w.subscribers(10, example)
		out := dry.New("email")
		for _, p := range people {
			out.Script(string(p.Address), reach.Result{Outcome: reach.Temporary, Reason: reach.ReasonBusy}, reach.Result{Outcome: reach.Taken, Reason: reach.ReasonAccepted})
		}
		out.Close(errors.New("the relay is away"))
		a := w.announce(reach.First)
		d := w.node("one", through(out))
		w.start(d)
		w.until(a, "the plan", func(c reach.Counts) bool { return c.All() == 10 })
		w.stop(d) // what it would do is wait
		time.Sleep(reach.Patience + time.Hour)
		out.Close(nil)
		w.start(w.node("one", through(out)))
		time.Sleep(15 * time.Minute)
		if c := w.counts(a); c.Told() != 10 {
			t.Errorf("a quarter of an hour after the outage the ledger says %v", c)
		}
	})
}
