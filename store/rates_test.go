package store_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"candor/store"
	"candor/store/storetest"
)

func TestARateLetsNoMoreThroughThanItSays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		rate := store.Rate{Every: 100 * time.Millisecond, Burst: 3}
		spend := func(after time.Duration, want, use int64) {
			t.Helper()
			now := tenPast.Add(after)
			err := db.Batch(t.Context(), func(tx *store.Tx) error {
				room, err := tx.Limits.Room(t.Context(), "rate:x", rate, now)
				if err != nil {
					return err
				}
				if room != want {
					t.Errorf("after %v there is room for %d, want %d", after, room, want)
				}
				return tx.Limits.Spend(t.Context(), "rate:x", rate, use, now)
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		spend(0, 3, 3)
		spend(0, 0, 0)
		spend(99*time.Millisecond, 0, 0)
		spend(100*time.Millisecond, 1, 1)
		spend(250*time.Millisecond, 1, 0) // room that is not used is not lost
		spend(300*time.Millisecond, 2, 1)
		spend(time.Hour, 3, 3) // but never more than the burst is saved up
		spend(time.Hour-time.Second, 0, 0)
	})
}

// However many nodes ask at once, and however often a transaction runs again, no more is spent than there is.
func TestNodesShareARate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		rate := store.Rate{Every: time.Second, Burst: 50}
		var used atomic.Int64
		var nodes sync.WaitGroup
		for range 8 {
			nodes.Go(func() {
				for range 20 {
					var n int64
					err := db.Batch(t.Context(), func(tx *store.Tx) error {
						room, err := tx.Limits.Room(t.Context(), "rate:x", rate, tenPast)
						if err != nil {
							return err
						}
						n = min(room, 3)
						return tx.Limits.Spend(t.Context(), "rate:x", rate, n, tenPast)
					})
					if err != nil {
						t.Error(err)
					}
					used.Add(n)
				}
			})
		}
		nodes.Wait()
		if got := used.Load(); got != 50 {
			t.Errorf("%d were used of 50", got)
		}
	})
}

func TestWhoAskedUsToWaitIsLeftAlone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		err := db.Batch(ctx, func(tx *store.Tx) error {
			for name, wait := range map[string]time.Duration{"rest:push:a.example": time.Minute, "rest:push:b.example": time.Hour, "rest:webhook:c.example": time.Hour} {
				if err := tx.Limits.Rest(ctx, name, tenPast.Add(wait)); err != nil {
					return err
				}
			}
			return tx.Limits.Rest(ctx, "rest:push:b.example", tenPast.Add(time.Second)) // a shorter wait takes nothing back
		})
		if err != nil {
			t.Fatal(err)
		}
		resting := func(ctx context.Context, at time.Time) (names []string) {
			if err := db.Read(ctx, func(tx *store.Tx) (err error) {
				names, err = tx.Limits.Resting(ctx, "rest:push:", at, 40)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return names
		}
		if diff := cmp.Diff([]string{"b.example", "a.example"}, resting(ctx, tenPast)); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"b.example"}, resting(ctx, tenPast.Add(2*time.Minute))); diff != "" {
			t.Error(diff)
		}
		if left := resting(ctx, tenPast.Add(2*time.Hour)); len(left) != 0 {
			t.Errorf("%q rest for ever", left)
		}
	})
}
