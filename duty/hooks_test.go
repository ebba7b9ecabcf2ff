package duty_test

import (
	"testing"
	"time"

	"candor/outward"
	"candor/reach"
	"candor/reach/webhook"
	"candor/store"
	"candor/store/storetest"
)

// B1, the whole way: an inner address that got into the database, by whatever import, is never called. The delivery waits with a reason that
// the operator can read, and the other customers are told.
func TestB1AnInnerAddressInTheDatabaseIsNotCalled(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, inside := newWorld(t, db), startProgram(t, 0)
		w.programs(inside, 5)
		out := outward.New(outward.Config{Timeout: 2 * time.Second})
		defer out.Close()
		a := w.announce(reach.First)
		w.start(w.node("one", through(webhook.New(out))))
		w.until(a, "five to wait", func(c reach.Counts) bool { return c[reach.RetryAt] == 5 })
		if err := db.Read(t.Context(), func(tx *store.Tx) error {
			why, err := tx.Deliveries.Reasons(t.Context(), a.ID, reach.RetryAt)
			if err == nil && (len(why) != 1 || why[0].Reason != reach.ReasonNotPublic) {
				t.Errorf("the ledger says %+v", why)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		inside.mu.Lock()
		defer inside.mu.Unlock()
		if len(inside.calls) != 0 {
			t.Errorf("the inside was called %d times", len(inside.calls))
		}
	})
}
