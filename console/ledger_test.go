package console

import (
	"fmt"
	"testing"
	"time"

	"candor/audience"
	"candor/id"
	"candor/reach"
	"candor/store"
)

func TestTheLedgerAddsUpWhyLettersWait(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v := h.setUp(t)
		i, _ := h.callCentre(t, 0)
		at := time.Now().UTC().Truncate(time.Microsecond)
		a := reach.Announcement{ID: id.New[id.Announcement](at), Kind: reach.OnUpdate, Incident: i.ID, Target: audience.Target{Everyone: true}, AsOf: at}
		if err := h.db.Batch(t.Context(), func(tx *store.Tx) error {
			if err := tx.Announcements.Add(t.Context(), a); err != nil {
				return err
			}
			var all []reach.Delivery
			for n := range 3 {
				all = append(all, reach.Delivery{
					ID: id.New[id.Delivery](at), Announcement: a.ID, Channel: audience.Email, Address: audience.Address(fmt.Sprintf("reader%d@slow.example", n)), Language: "en", PlannedAt: at, NextAt: at,
				})
			}
			if _, err := tx.Deliveries.Plan(t.Context(), all); err != nil {
				return err
			}
			claimed, _, err := tx.Deliveries.Claim(t.Context(), store.Claim{Channel: audience.Email, Holder: "node", Now: at, Until: at.Add(30 * time.Second), Limit: 3, Below: reach.Quiet + 1})
			if err != nil {
				return err
			}
			var steps []reach.Step
			for _, d := range claimed {
				steps = append(steps, reach.Step{Delivery: d.ID, Fence: d.Fence, State: reach.RetryAt, Attempt: 1, NextAt: at.Add(time.Minute), Code: "4.7.1", Reason: reach.ReasonGreylisted})
			}
			_, err = tx.Deliveries.Settle(t.Context(), "node", at, steps)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		ledger := incidentPath(i.Code) + "/ledger?of=" + string(a.ID)
		wantSaid(t, v.get(ledger+"&state=retry_at"), "<b>3</b> "+reach.ReasonGreylisted, "reader1@slow.example")
	})
}
