package store_test

import (
	"testing"
	"time"

	"candor/audience"
	"candor/id"
	"candor/reach"
	"candor/store"
	"candor/store/storetest"
)

// Who sends a text looks before repeating one, so a claim says where nobody knows how the last attempt ended.
func TestAClaimSaysWhatIsInDoubt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		at := time.Now().UTC().Truncate(time.Microsecond)
		a := reach.Announcement{ID: id.New[id.Announcement](at), Kind: reach.OnTest, AsOf: at}
		x := reach.Delivery{ID: id.New[id.Delivery](at), Announcement: a.ID, Channel: audience.SMS, Address: "+4915123456789", Language: "en", State: reach.Planned, PlannedAt: at}
		err := db.Batch(t.Context(), func(tx *store.Tx) error {
			if err := tx.Announcements.Add(t.Context(), a); err != nil {
				return err
			}
			_, err := tx.Deliveries.Plan(t.Context(), []reach.Delivery{x})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		claim := func(after time.Duration, want bool, what string) (d reach.Delivery) {
			t.Helper()
			err := db.Batch(t.Context(), func(tx *store.Tx) error {
				got, _, err := tx.Deliveries.Claim(t.Context(), store.Claim{
					Channel: audience.SMS, Holder: "n", Now: at.Add(after), Until: at.Add(after + 30*time.Second), Limit: 1, Below: reach.Quiet + 1,
				})
				if err == nil && len(got) == 1 {
					d = got[0]
				}
				return err
			})
			if err != nil || d.ID != x.ID || d.InDoubt != want {
				t.Fatalf("%s: %+v %v", what, d, err)
			}
			return d
		}
		settle := func(d reach.Delivery, s reach.Step) {
			t.Helper()
			s.Delivery, s.Fence, s.Attempt = d.ID, d.Fence, d.Attempt
			err := db.Batch(t.Context(), func(tx *store.Tx) error {
				_, err := tx.Deliveries.Settle(t.Context(), "n", s.NextAt, []reach.Step{s})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		claim(0, false, "the first attempt")
		d := claim(time.Minute, true, "after a kill nobody knows")
		settle(d, reach.Step{State: reach.RetryAt, NextAt: at.Add(2 * time.Minute), Reason: reach.ReasonBusy})
		d = claim(2*time.Minute, false, "after a refusal everybody does")
		settle(d, reach.Step{State: reach.RetryAt, NextAt: at.Add(3 * time.Minute), Reason: reach.ReasonCutAfterDot})
		claim(3*time.Minute, true, "after a cut nobody knows")
	})
}
