package store_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"candor/audience"
	"candor/id"
	"candor/reach"
	"candor/store"
	"candor/store/storetest"
)

func TestTheBudgetIsHandedOutToWhoPaysMostAndNotAgainUntilItIsAskedFor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, ctx := affectedWorld(t, db, 5), t.Context()
		at := time.Now().UTC().Truncate(time.Microsecond)
		do := func(write bool, f func(*store.Tx) error) {
			t.Helper()
			run := db.Read
			if write {
				run = db.Write
			}
			if err := run(ctx, f); err != nil {
				t.Fatal(err)
			}
		}
		who := func(beyond bool) (all []id.Customer) {
			t.Helper()
			do(false, func(tx *store.Tx) error {
				all = nil
				return tx.Affected.Climbers(ctx, w.i, beyond, func(c reach.Climber, _ audience.Address, _ bool) error {
					all = append(all, c.Customer)
					return nil
				})
			})
			return all
		}
		before := who(false)
		do(true, func(tx *store.Tx) error {
			if err := tx.Affected.AskRation(ctx, w.i, at); err != nil {
				return err
			}
			return tx.Affected.Beyond(ctx, w.i, before[1:], at)
		})
		do(false, func(tx *store.Tx) error { return asked(ctx, t, tx, w.i, false) })
		if got := who(true); !slices.Equal(got, before[1:]) || len(got) == 0 {
			t.Errorf("beyond the budget are %v, want %v", got, before[1:])
		}
		do(true, func(tx *store.Tx) error {
			if err := tx.Affected.Beyond(ctx, w.i, before[1:], time.Time{}); err != nil {
				return err
			}
			return tx.Affected.RationDone(ctx, w.i, at)
		})
		do(false, func(tx *store.Tx) error { return asked(ctx, t, tx, w.i, true) })
		if got := who(true); len(got) != 0 {
			t.Errorf("beyond the budget are still %v", got)
		}
	})
}

func asked(ctx context.Context, t *testing.T, tx *store.Tx, i id.Incident, done bool) error {
	t.Helper()
	next, _, err := tx.Affected.NextRation(ctx)
	if err != nil {
		return err
	}
	is, err := tx.Affected.Rationed(ctx, i)
	if is != done || (next == i) == done {
		t.Errorf("rationed %v, next %q", is, next)
	}
	return err
}
