package duty_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"candor/audience"
	"candor/id"
	"candor/settings"
	"candor/store"
	"candor/store/storetest"
)

func TestThePageLearnsThatMoreCustomersKnowAtMostEveryTenSeconds(t *testing.T) {
	url := storetest.SQLite(t)
	storetest.Crowd(t)
	synctest.Test(t, func(t *testing.T) {
		h := pursuing(t, url)
		var mails []audience.Address
		for n := range 20 {
			a := audience.Address("c" + string(rune('a'+n)) + "@harbour.example")
			mails = append(mails, a)
			h.customer(string(a), a)
		}
		i := h.outage()
		h.run(time.Minute)
		if n := len(h.moved(i)); n != 0 {
			t.Fatalf("%d changes of a figure that nobody shows", n)
		}
		h.do(h.db.Write, func(ctx context.Context, tx *store.Tx) error {
			s, version, err := tx.Settings.Load(ctx)
			if err != nil {
				return err
			}
			s.PublicCoverage = settings.CoverageCounts
			_, err = tx.Settings.Save(ctx, s, version)
			return err
		})
		h.run(15 * time.Second)
		began := time.Now()
		for _, a := range mails { // somebody answers every three seconds, for a minute
			h.acknowledge(i, a)
			h.run(3 * time.Second)
		}
		h.run(11 * time.Second)
		all := h.moved(i)
		if len(all) < 5 || len(all) > 9 {
			t.Errorf("%d changes in a minute and a quarter", len(all))
		}
		for n := range all[1:] {
			if gap := all[n+1].Sub(all[n]); gap < 9*time.Second {
				t.Errorf("two changes within %s", gap)
			}
		}
		if last := all[len(all)-1]; last.Before(began.Add(57 * time.Second)) {
			t.Errorf("the last answer came to the page at %s", last.Sub(began))
		}
		h.run(time.Minute)
		if n := len(h.moved(i)); n != len(all) {
			t.Errorf("%d changes while nothing moved", n-len(all))
		}
	})
}

// moved is when the page was told that an incident's figures moved.
func (h *pursued) moved(i id.Incident) (at []time.Time) {
	h.t.Helper()
	h.do(h.db.Read, func(ctx context.Context, tx *store.Tx) error {
		all, err := tx.Changes.Since(ctx, 0)
		for _, c := range all {
			if c.Topic == "coverage:"+string(i) {
				at = append(at, c.At)
			}
		}
		return err
	})
	return at
}
