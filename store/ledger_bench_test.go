package store_test

import (
	"fmt"
	"testing"
	"time"

	"candor/audience"
	"candor/id"
	"candor/reach"
	"candor/store"
	"candor/store/storetest"
)

// BenchmarkLedger is what the ledger of one message costs the database: planned in chunks of a thousand, claimed and settled fifty at a
// time, as fifty connections do. Subscribers of a second announcement find the first one's rows beside theirs.
func BenchmarkLedger(b *testing.B) {
	const n, chunk, turn = 20_000, 1000, 50
	for _, kind := range []struct {
		name string
		url  func(testing.TB) string
	}{{"sqlite", storetest.SQLite}, {"postgres", storetest.Postgres}} {
		b.Run(kind.name, func(b *testing.B) {
			db := storetest.Open(b, kind.url(b))
			do := func(f func(*store.Tx) error) {
				b.Helper()
				if err := db.Batch(b.Context(), f); err != nil {
					b.Fatal(err)
				}
			}
			people := subscribed(n)
			do(func(tx *store.Tx) error {
				_, err := tx.Contacts.AddMany(b.Context(), people)
				return err
			})
			var plan, work time.Duration
			for b.Loop() {
				a := reach.Announcement{ID: id.New[id.Announcement](noon), Kind: reach.OnUpdate, Target: audience.Target{Everyone: true}, Priority: reach.First, AsOf: noon}
				do(func(tx *store.Tx) error { return tx.Announcements.Add(b.Context(), a) })
				all := deliveries(a, people)
				for i := range all {
					all[i].ID = id.New[id.Delivery](noon.Add(time.Duration(i/chunk) * time.Millisecond)) // as chunks come: not all in one moment
				}
				began := time.Now()
				for ; len(all) > 0; all = all[chunk:] {
					do(func(tx *store.Tx) error {
						_, err := tx.Deliveries.Plan(b.Context(), all[:chunk])
						return err
					})
				}
				plan += time.Since(began)
				began = time.Now()
				var steps []reach.Step
				for left := n; left > 0; left -= len(steps) {
					var claimed []reach.Delivery
					do(func(tx *store.Tx) (err error) {
						if _, err = tx.Deliveries.Settle(b.Context(), "bench", noon, steps); err != nil {
							return err
						}
						claimed, _, err = tx.Deliveries.Claim(b.Context(), store.Claim{
							Channel: "email", Holder: "bench", Now: noon, Until: noon.Add(30 * time.Second), Limit: turn, Below: reach.Quiet + 1,
						})
						return err
					})
					steps = steps[:0]
					for _, x := range claimed {
						steps = append(steps, reach.Step{Delivery: x.ID, Fence: x.Fence, State: reach.Accepted, Attempt: x.Attempt, NextAt: noon, Reason: reach.ReasonAccepted})
					}
					if len(steps) == 0 {
						b.Fatalf("%d were never claimed", left)
					}
				}
				do(func(tx *store.Tx) error {
					_, err := tx.Deliveries.Settle(b.Context(), "bench", noon, steps)
					return err
				})
				work += time.Since(began)
			}
			rows := float64(b.N) * n
			b.ReportMetric(float64(plan.Microseconds())/rows, "µs/planned")
			b.ReportMetric(float64(work.Microseconds())/rows, "µs/claimed+settled")
		})
	}
}

func subscribed(n int) []audience.Contact {
	all := make([]audience.Contact, n)
	for i := range all {
		all[i] = audience.Contact{
			ID: id.New[id.Contact](noon.Add(time.Duration(i) * time.Millisecond)), Code: id.NewCode(), Channel: "email", Language: "en",
			Address: audience.Address(fmt.Sprintf("reader%d@mail%d.example", i*7919%n, i%97)), CreatedAt: noon, ConfirmedAt: noon,
		}
	}
	return all
}
