package store_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"candor/audience"
	"candor/id"
	"candor/reach"
	"candor/store"
	"candor/store/storetest"
)

var noon = time.Date(2012, 9, 10, 12, 0, 0, 0, time.UTC)

func batch(t *testing.T, db *store.DB, f func(*store.Tx) error) {
	t.Helper()
	if err := db.Batch(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

func announce(t *testing.T, db *store.DB, p reach.Priority) reach.Announcement {
	t.Helper()
	a := reach.Announcement{ID: id.New[id.Announcement](noon), Kind: reach.OnUpdate, Target: audience.Target{Everyone: true}, Priority: p, AsOf: noon}
	batch(t, db, func(tx *store.Tx) error { return tx.Announcements.Add(t.Context(), a) })
	return a
}

func contacts(t *testing.T, db *store.DB, n int) []audience.Contact {
	t.Helper()
	all := make([]audience.Contact, n)
	for i := range all {
		all[i] = audience.Contact{
			ID: id.New[id.Contact](noon), Code: id.NewCode(), Channel: "email", Language: "en",
			Address: audience.Address(fmt.Sprintf("reader%05d@example.com", i)), CreatedAt: noon, ConfirmedAt: noon,
		}
	}
	batch(t, db, func(tx *store.Tx) error {
		added, err := tx.Contacts.AddMany(t.Context(), all)
		if added != n {
			t.Errorf("%d of %d added", added, n)
		}
		return err
	})
	return all
}

func deliveries(a reach.Announcement, to []audience.Contact) []reach.Delivery {
	var all []reach.Delivery
	for _, c := range to {
		all = append(all, reach.Delivery{
			ID: id.New[id.Delivery](noon), Announcement: a.ID, Channel: "email", Address: c.Address, Contact: c.ID,
			Language: c.Language, Priority: a.Priority, PlannedAt: noon,
		})
	}
	return all
}

func planned(t *testing.T, db *store.DB, a reach.Announcement, to []audience.Contact) []reach.Delivery {
	t.Helper()
	all := deliveries(a, to)
	batch(t, db, func(tx *store.Tx) error {
		n, err := tx.Deliveries.Plan(t.Context(), all)
		if n != len(all) {
			t.Errorf("%d of %d planned", n, len(all))
		}
		return err
	})
	return all
}

func claim(t *testing.T, db *store.DB, holder string, at time.Time, limit int, without ...string) []reach.Delivery {
	t.Helper()
	var got []reach.Delivery
	batch(t, db, func(tx *store.Tx) (err error) {
		got, _, err = tx.Deliveries.Claim(t.Context(), store.Claim{
			Channel: "email", Holder: holder, Now: at, Until: at.Add(30 * time.Second),
			Limit: limit, Below: reach.Quiet + 1, Without: without,
		})
		return err
	})
	return got
}

func settle(t *testing.T, db *store.DB, holder string, at time.Time, steps ...reach.Step) (stood int) {
	t.Helper()
	batch(t, db, func(tx *store.Tx) (err error) {
		stood, err = tx.Deliveries.Settle(t.Context(), holder, at, steps)
		return err
	})
	return stood
}

func ledger(t *testing.T, db *store.DB, a reach.Announcement) (c reach.Counts) {
	t.Helper()
	if err := db.Read(t.Context(), func(tx *store.Tx) (err error) {
		c, err = tx.Announcements.Counts(t.Context(), a.ID)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestPlanningTwiceTellsNobodyTwice(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		a, people := announce(t, db, reach.First), contacts(t, db, 273)
		planned(t, db, a, people)
		batch(t, db, func(tx *store.Tx) error {
			n, err := tx.Deliveries.Plan(t.Context(), deliveries(a, people))
			if n != 0 {
				t.Errorf("planned %d a second time", n)
			}
			return err
		})
		if got := ledger(t, db, a); got[reach.Planned] != 273 || got.All() != 273 {
			t.Errorf("the ledger says %v", got)
		}
	})
}

func TestALateWorkerCannotWrite(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		a := announce(t, db, reach.First)
		planned(t, db, a, contacts(t, db, 1))
		first := claim(t, db, "frozen", noon, 10)
		if len(first) != 1 || first[0].Attempt != 1 || first[0].Fence != 1 || !first[0].FirstTriedAt.Equal(noon) {
			t.Fatalf("claimed %+v", first)
		}
		if early := claim(t, db, "other", noon.Add(29*time.Second), 10); len(early) != 0 {
			t.Fatalf("the lease was broken: %+v", early)
		}
		second := claim(t, db, "other", noon.Add(30*time.Second), 10)
		if len(second) != 1 || second[0].Fence != 2 || second[0].Attempt != 2 || !second[0].FirstTriedAt.Equal(noon) {
			t.Fatalf("after the lease: %+v", second)
		}
		bounced := reach.After(first[0], reach.Result{Outcome: reach.Permanent, Reason: reach.ReasonNoMailbox}, noon.Add(31*time.Second), 0)
		if stood := settle(t, db, "frozen", noon.Add(31*time.Second), bounced); stood != 0 {
			t.Error("the frozen worker's result stood")
		}
		taken := reach.After(second[0], reach.Result{Outcome: reach.Taken, ProviderID: "abc", Reason: reach.ReasonAccepted}, noon.Add(32*time.Second), 0)
		if stood := settle(t, db, "other", noon.Add(32*time.Second), taken); stood != 1 {
			t.Error("the holder's result did not stand")
		}
		if stood := settle(t, db, "other", noon.Add(33*time.Second), bounced); stood != 0 {
			t.Error("a row at its end was changed")
		}
		if got := ledger(t, db, a); got[reach.Accepted] != 1 || got.All() != 1 {
			t.Errorf("the ledger says %v", got)
		}
		if err := db.Read(t.Context(), func(tx *store.Tx) error {
			if why, err := tx.Suppressions.Of(t.Context(), "email", "reader00000@example.com"); err == nil {
				t.Errorf("the frozen worker suppressed the address: %s", why)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	})
}

func TestAFirstWordIsClaimedBeforeWhatWasPlannedEarlier(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		people := contacts(t, db, 20)
		planned(t, db, announce(t, db, reach.Ordinary), people)
		first := announce(t, db, reach.First)
		planned(t, db, first, people[:5])
		got := claim(t, db, "node", noon, 10)
		for i, d := range got {
			if want := i < 5; (d.Announcement == first.ID) != want {
				t.Errorf("place %d: of the first word is %v", i, !want)
			}
		}
		if len(got) != 10 {
			t.Errorf("claimed %d", len(got))
		}
	})
}

func TestADomainInTroubleIsLeftWhereItIs(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		people := contacts(t, db, 6)
		for i := range people[:3] {
			people[i].Address = audience.Address(fmt.Sprintf("x%d@tarpit.example", i))
			people[i].ID = ""
		}
		planned(t, db, announce(t, db, reach.First), people)
		if got := claim(t, db, "node", noon, 10, "tarpit.example"); len(got) != 3 {
			t.Errorf("claimed %d, want the three of the other domain", len(got))
		}
		if got := claim(t, db, "node", noon, 10, "a.example", "b.example", "c.example", "d.example", "e.example"); len(got) != 3 {
			t.Errorf("claimed %d, want the three of the tarpit", len(got))
		}
	})
}

func TestNothingIsClaimedForWhoStopped(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		people := contacts(t, db, 4)
		ended := people[0]
		ended.EndedAt = noon
		batch(t, db, func(tx *store.Tx) error {
			if err := tx.Contacts.Save(t.Context(), ended); err != nil {
				return err
			}
			if err := tx.Suppressions.Add(t.Context(), "email", people[1].Address.Key(), audience.HardBounce, noon); err != nil {
				return err
			}
			return tx.Suppressions.Add(t.Context(), "email", people[2].Address.Key(), audience.OptedOut, noon)
		})
		a := announce(t, db, reach.First)
		planned(t, db, a, people)
		got := claim(t, db, "node", noon, 10)
		if len(got) != 1 || got[0].Contact != people[3].ID {
			t.Errorf("claimed %+v", got)
		}
		var why []store.Trouble
		if err := db.Read(t.Context(), func(tx *store.Tx) (err error) {
			why, err = tx.Deliveries.Reasons(t.Context(), a.ID, reach.Suppressed)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]store.Trouble{{Reason: "unsubscribed", N: 2}, {Reason: "bounced", N: 1}}, why); diff != "" {
			t.Error(diff)
		}
	})
}

func TestAHardBounceSuppressesTheAddressAtOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		people := contacts(t, db, 1)
		planned(t, db, announce(t, db, reach.First), people)
		got := claim(t, db, "node", noon, 10)
		settle(t, db, "node", noon, reach.After(got[0], reach.Result{Outcome: reach.Permanent, Code: "5.1.1", Reason: reach.ReasonNoMailbox}, noon, 0))
		next := announce(t, db, reach.Ordinary)
		planned(t, db, next, people)
		if got := claim(t, db, "node", noon, 10); len(got) != 0 {
			t.Errorf("claimed %+v", got)
		}
		if got := ledger(t, db, next); got[reach.Suppressed] != 1 {
			t.Errorf("the ledger says %v", got)
		}
	})
}

// T19: an opt-out that was answered is before every later claim, whatever runs beside it.
func TestNoClaimComesAfterAnOptOut(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := storetest.Scaled(2000)
		people := contacts(t, db, n)
		a := announce(t, db, reach.First)
		planned(t, db, a, people)
		out := make([]atomic.Bool, n) // set once the opt-out is committed
		place := map[id.Contact]int{}
		for i, c := range people {
			place[c.ID] = i
		}
		var wg sync.WaitGroup
		for w := range 4 {
			wg.Go(func() {
				for i := w; i < n; i += 8 { // every second of them, from four sides
					c := people[i]
					c.EndedAt = noon
					if err := db.Write(t.Context(), func(tx *store.Tx) error { return tx.Contacts.Save(t.Context(), c) }); err != nil {
						t.Error(err)
						return
					}
					out[i].Store(true)
				}
			})
		}
		var wrong, claimed atomic.Int64
		for w := range 2 {
			wg.Go(func() {
				for {
					var gone []int // opted out before the claim began
					for i := range out {
						if out[i].Load() {
							gone = append(gone, i)
						}
					}
					was := map[int]bool{}
					for _, i := range gone {
						was[i] = true
					}
					got := claim(t, db, fmt.Sprintf("node %d", w), noon, 25)
					if len(got) == 0 && ledger(t, db, a)[reach.Planned] == 0 {
						return
					}
					for _, d := range got {
						claimed.Add(1)
						if was[place[d.Contact]] {
							wrong.Add(1)
						}
					}
				}
			})
		}
		wg.Wait()
		if wrong.Load() > 0 {
			t.Errorf("%d claimed after their opt-out", wrong.Load())
		}
		got := ledger(t, db, a)
		if got[reach.Claimed] != claimed.Load() || got.All() != int64(n) || got[reach.Suppressed] == 0 {
			t.Errorf("claimed %d, the ledger says %v", claimed.Load(), got)
		}
	})
}

func TestWhatADeadProcessHeldIsDueAtOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		planned(t, db, announce(t, db, reach.First), contacts(t, db, 7))
		claim(t, db, "dead", noon, 5)
		batch(t, db, func(tx *store.Tx) error {
			n, err := tx.Deliveries.TakeOver(t.Context(), "dead", noon.Add(time.Second))
			if n != 5 {
				t.Errorf("took %d over, want 5", n)
			}
			return err
		})
		if got := claim(t, db, "alive", noon.Add(time.Second), 10); len(got) != 7 {
			t.Errorf("claimed %d, want all seven", len(got))
		}
	})
}

func TestADeliveryGivenBackHasUsedUpNoAttempt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		planned(t, db, announce(t, db, reach.First), contacts(t, db, 1))
		got := claim(t, db, "node", noon, 1)[0]
		if settle(t, db, "node", noon, reach.Untouched(got, noon.Add(time.Minute))) != 1 {
			t.Fatal("it was not given back")
		}
		if early := claim(t, db, "node", noon.Add(59*time.Second), 1); len(early) != 0 {
			t.Errorf("claimed early: %+v", early)
		}
		again := claim(t, db, "node", noon.Add(time.Minute), 1)
		if len(again) != 1 || again[0].Attempt != 1 || !again[0].FirstTriedAt.Equal(noon.Add(time.Minute)) {
			t.Errorf("claimed again: %+v", again)
		}
	})
}

// A crowd that has opted out must not look like nobody being due: who stands behind it would wait for nothing.
func TestAClaimPassesACrowdThatOptedOut(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		a, people := announce(t, db, reach.First), contacts(t, db, 1300)
		all := planned(t, db, a, people)
		slices.SortFunc(all, func(a, b reach.Delivery) int { return strings.Compare(string(a.ID), string(b.ID)) }) // as they are claimed
		batch(t, db, func(tx *store.Tx) error {
			for _, x := range all[:1200] {
				if err := tx.Suppressions.Add(t.Context(), x.Channel, x.Address.Key(), audience.HardBounce, noon); err != nil {
					return err
				}
			}
			return nil
		})
		for turn, want := range []struct {
			claimed bool
			more    bool
		}{{more: true}, {claimed: true}} {
			batch(t, db, func(tx *store.Tx) error {
				claimed, more, err := tx.Deliveries.Claim(t.Context(), store.Claim{
					Channel: "email", Holder: "one", Now: noon, Until: noon.Add(30 * time.Second), Limit: 100, Below: reach.Quiet + 1,
				})
				if (len(claimed) > 0) != want.claimed || more != want.more {
					t.Errorf("turn %d: %d claimed, more %v", turn, len(claimed), more)
				}
				return err
			})
		}
		if c := ledger(t, db, a); c[reach.Suppressed] < 1100 {
			t.Errorf("the ledger says %v", c)
		}
	})
}
