package store_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"candor/store"
	"candor/store/storetest"
)

var tenPast = time.Date(2012, 9, 10, 12, 10, 0, 0, time.UTC)

func take(ctx context.Context, t *testing.T, db *store.DB, name string, most int64, now time.Time) (allowed bool) {
	t.Helper()
	err := db.Batch(ctx, func(tx *store.Tx) (err error) {
		allowed, err = tx.Limits.Take(ctx, name, time.Hour, most, now)
		return err
	})
	if err != nil {
		t.Error(err)
	}
	return allowed
}

// T21: never one more than the limit.
func TestOfAThousandWhoAskAtOnceExactlyFiveAreAllowed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var allowed atomic.Int64
		var all sync.WaitGroup
		begin := make(chan struct{})
		for range 1000 {
			all.Go(func() {
				<-begin
				if take(t.Context(), t, db, "guess", 5, tenPast) {
					allowed.Add(1)
				}
			})
		}
		close(begin)
		all.Wait()
		if got := allowed.Load(); got != 5 {
			t.Errorf("%d allowed, want 5", got)
		}
	})
}

func TestALimitBeginsAnewWhenItsWindowIsOver(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		for i, c := range []struct {
			after time.Duration
			name  string
			want  bool
		}{
			{0, "a", true},
			{0, "a", true},
			{0, "a", false},
			{0, "b", true},
			{time.Hour - time.Microsecond, "a", false},
			{time.Hour, "a", true},
			{time.Hour, "a", true},
			{time.Hour, "a", false},
		} {
			if got := take(ctx, t, db, c.name, 2, tenPast.Add(c.after)); got != c.want {
				t.Errorf("taking %d: %v", i, got)
			}
		}
		if take(ctx, t, db, "none", 0, tenPast) {
			t.Error("a limit of nothing allowed one")
		}
	})
}

func TestWhatIsGivenBackCanBeTakenAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		give := func() {
			if err := db.Batch(ctx, func(tx *store.Tx) error { return tx.Limits.GiveBack(ctx, "a") }); err != nil {
				t.Error(err)
			}
		}
		give() // of nothing, nothing
		take(ctx, t, db, "a", 1, tenPast)
		give()
		give()
		if !take(ctx, t, db, "a", 1, tenPast) || take(ctx, t, db, "a", 1, tenPast) {
			t.Error("what was given back twice counts twice, or not at all")
		}
	})
}

func TestSweptLimitsAreForgotten(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		take(ctx, t, db, "old", 1, tenPast)
		take(ctx, t, db, "new", 1, tenPast.Add(30*time.Minute))
		if err := db.Write(ctx, func(tx *store.Tx) error { return tx.Limits.Sweep(ctx, tenPast.Add(time.Minute)) }); err != nil {
			t.Fatal(err)
		}
		if !take(ctx, t, db, "old", 1, tenPast.Add(30*time.Minute)) || take(ctx, t, db, "new", 1, tenPast.Add(30*time.Minute)) {
			t.Error("the wrong one was forgotten")
		}
	})
}

func TestChangesAreNumberedWithoutAGapHoweverManyActAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		var all sync.WaitGroup
		for i := range 40 {
			all.Go(func() {
				// Acts are serializable, duty reads what others committed meanwhile.
				do := db.Write
				if i%2 == 0 {
					do = db.Batch
				}
				if err := do(ctx, func(tx *store.Tx) error { return tx.Changes.Add(ctx, fmt.Sprint(i), tenPast) }); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		err := db.Read(ctx, func(tx *store.Tx) error {
			newest, err := tx.Changes.Newest(ctx)
			if err != nil || newest != 40 {
				t.Errorf("newest %d, %v", newest, err)
			}
			changes, err := tx.Changes.Since(ctx, 10)
			for i, c := range changes {
				if c.Version != int64(11+i) || !c.At.Equal(tenPast) {
					t.Errorf("change %+v at %d", c, i)
				}
			}
			if len(changes) != 30 {
				t.Errorf("%d changes since 10", len(changes))
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestALeaseIsHeldByOne(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		minute := func(n int) time.Time { return tenPast.Add(time.Duration(n) * time.Minute) }
		do := func(f func(*store.Tx) error) {
			t.Helper()
			if err := db.Batch(ctx, f); err != nil {
				t.Fatal(err)
			}
		}
		var first, second int64
		var ok bool
		takeAt := func(holder string, now int) (fence int64) {
			do(func(tx *store.Tx) (err error) {
				fence, ok, err = tx.Leases.Take(ctx, "mail", holder, minute(now), minute(now+1))
				return err
			})
			return fence
		}
		if first = takeAt("a", 0); !ok {
			t.Fatal("a free lease was not taken")
		}
		if takeAt("b", 0); ok {
			t.Error("a held lease was taken")
		}
		if second = takeAt("b", 1); !ok || second <= first {
			t.Errorf("a lease that ran out was not taken under a higher fence: %d after %d", second, first)
		}
		do(func(tx *store.Tx) error { return tx.Leases.Release(ctx, "mail", first) })
		if takeAt("a", 1); ok {
			t.Error("who lost the lease released it")
		}
		do(func(tx *store.Tx) error { return tx.Leases.Release(ctx, "mail", second) })
		if third := takeAt("a", 1); !ok || third <= second {
			t.Errorf("a released lease was not taken under a higher fence: %d after %d", third, second)
		}
	})
}

func TestNodesThatAskTogetherDrawOneSecret(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		secrets := make([]string, 20)
		var all sync.WaitGroup
		for i := range secrets {
			all.Go(func() {
				err := db.Write(ctx, func(tx *store.Tx) error {
					secret, err := tx.Instance.Secret(ctx, "link_secret")
					secrets[i] = string(secret)
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		for _, s := range secrets {
			if len(s) != 32 || s != secrets[0] {
				t.Fatalf("%d bytes, or not the same", len(s))
			}
		}
	})
}

func TestARequestIsAnsweredOnceAndItsRepeatTheSame(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		begin := func(actor, key, digest string) (before store.Request, begun bool) {
			t.Helper()
			err := db.Write(ctx, func(tx *store.Tx) (err error) {
				before, begun, err = tx.Requests.Begin(ctx, store.Request{Actor: actor, Key: key, Digest: digest, CreatedAt: tenPast})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return before, begun
		}
		if _, begun := begin("ann", "k", "d1"); !begun {
			t.Error("the first was not begun")
		}
		if before, begun := begin("ann", "k", "d1"); begun || before.Status != 0 {
			t.Errorf("while the first is worked on: %+v, %v", before, begun)
		}
		if _, begun := begin("bob", "k", "d2"); !begun {
			t.Error("somebody else's key stands in the way")
		}
		if err := db.Write(ctx, func(tx *store.Tx) error { return tx.Requests.Finish(ctx, "ann", "k", 201, `{"id":1}`) }); err != nil {
			t.Fatal(err)
		}
		if before, begun := begin("ann", "k", "d2"); begun || before.Status != 201 || before.Body != `{"id":1}` || before.Digest != "d1" {
			t.Errorf("the repeat: %+v, %v", before, begun)
		}
		if err := db.Write(ctx, func(tx *store.Tx) error { return tx.Requests.Drop(ctx, "bob", "k") }); err != nil {
			t.Fatal(err)
		}
		if _, begun := begin("bob", "k", "d3"); !begun {
			t.Error("a dropped request cannot be made again")
		}
		if err := db.Write(ctx, func(tx *store.Tx) error { return tx.Requests.Sweep(ctx, tenPast.Add(time.Second)) }); err != nil {
			t.Fatal(err)
		}
		if _, begun := begin("ann", "k", "d2"); !begun {
			t.Error("a swept request is remembered")
		}
	})
}
