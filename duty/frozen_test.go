package duty_test

import (
	"sync"
	"testing"
	"time"

	"candor/reach"
	"candor/reach/dry"
)

// F8: a node stands still right after it claimed, as a machine does while its memory is moved, and goes on minutes later. Its people wait no
// longer than its lease lasted, and what it still believes to be its own it neither sends nor writes.
func TestANodeThatStoodStillTellsNobodyASecondTime(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		const people = 60
		w.subscribers(people, example)
		out := dry.New("email")
		a := w.announce(reach.First)
		goOn, first := make(chan struct{}), sync.Once{}
		goesOn := sync.OnceFunc(func() { close(goOn) })
		defer goesOn() // however this ends
		still := w.node("still", through(out))
		still.Failpoint = func(point string) {
			if point == "claim" {
				first.Do(func() { <-goOn })
			}
		}
		w.start(still)
		held := w.until(a, "a claim", func(c reach.Counts) bool { return c[reach.Claimed] > 0 && c.All() == people })[reach.Claimed]

		at := time.Now()
		w.start(w.node("other", through(out)))
		w.until(a, "the other node to tell everybody", told(people))
		if took := time.Since(at); took > 35*time.Second {
			t.Errorf("the %d people of the node that stood still waited %s, want a lease and moments", held, took)
		}
		time.Sleep(5 * time.Minute)
		goesOn()
		time.Sleep(5 * time.Minute)
		if c := w.counts(a); c[reach.Accepted] != people || c.All() != people {
			t.Errorf("when it went on the ledger became %v", c)
		}
		if n := len(out.Attempts()); n != people {
			t.Errorf("%d letters to %d people, of whom the node that stood still held %d", n, people, held)
		}
	})
}
