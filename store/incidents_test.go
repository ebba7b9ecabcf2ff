package store_test

import (
	"context"
	"testing"
	"time"

	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/store"
	"candor/store/storetest"
)

func TestAMonthHoldsWhatRanIntoIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		from := time.Date(2012, 9, 1, 0, 0, 0, 0, time.UTC)
		until := from.AddDate(0, 1, 0)
		at := func(day int) time.Time { return from.AddDate(0, 0, day-1) }
		want := map[string]bool{"in it": true, "into it": true, "through it": true, "still going on": true, "before it": false, "after it": false, "to its first instant": false}
		for n, x := range []struct {
			name       string
			began, end time.Time
		}{
			{"in it", at(10), at(11)},
			{"into it", at(-3), at(2)},
			{"through it", at(-3), at(40)},
			{"still going on", at(-3), time.Time{}},
			{"before it", at(-5), at(-3)},
			{"to its first instant", at(-5), from},
			{"after it", until, at(40)},
		} {
			i := incident.Incident{
				ID: id.New[id.Incident](x.began), Code: id.NewCode(), Number: int64(n + 1), Kind: incident.Outage, Visibility: incident.Public,
				Title: lang.Text{"en": x.name}, Status: incident.Resolved, Impact: incident.ImpactMinor, StartedAt: x.began, ResolvedAt: x.end,
				DetectedBy: incident.ByStaff, CreatedAt: x.began, UpdatedAt: x.began,
			}
			write(t, db, func(ctx context.Context, tx *store.Tx) error { return tx.Incidents.Add(ctx, i) })
		}
		err := db.Read(t.Context(), func(tx *store.Tx) error {
			all, err := tx.Incidents.Between(t.Context(), from, until)
			got := map[string]bool{}
			for _, i := range all {
				got[i.Title["en"]] = true
			}
			for name, in := range want {
				if got[name] != in {
					t.Errorf("%q is in the month: %v, want %v", name, got[name], in)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
