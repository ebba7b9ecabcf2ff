package console

import (
	"strings"
	"testing"
	"time"

	"candor/id"
	"candor/promise"
	"candor/store"
)

// A promise that lost its object was not kept, and one that only a machine answered was not kept by anybody.
func TestAWithdrawnPromiseCountsNeitherAsKeptNorAsMissed(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v := h.setUp(t)
		i, _ := h.callCentre(t, 0)
		made := time.Now().Add(-2 * time.Hour).UTC().Truncate(time.Microsecond)
		add := func(change func(*promise.Promise)) {
			p := promise.Promise{ID: id.New[id.Promise](made), Kind: promise.DataAnswer, Incident: i.ID, Promiser: i.Lead, MadeAt: made, DueAt: made.Add(time.Hour)}
			change(&p)
			if err := h.db.Batch(t.Context(), func(tx *store.Tx) error { return tx.Promises.Add(t.Context(), p) }); err != nil {
				t.Fatal(err)
			}
		}
		add(func(p *promise.Promise) { p.KeptAt = p.DueAt.Add(-time.Minute) })
		add(func(p *promise.Promise) { p.WithdrawnAt = p.DueAt.Add(-time.Minute) })
		add(func(p *promise.Promise) { p.KeptAt, p.Automatic = p.DueAt.Add(-time.Minute), true })
		page := v.get(incidentPath(i.Code))
		wantSaid(t, page, "1 of 1 kept", "withdrawn before it was due", "sent automatically in time")
		if proved := v.get("/console/prove"); !strings.Contains(visible(proved.body), "1 of 1 promises kept") {
			t.Errorf("the record counts what was neither kept nor missed:\n%s", visible(proved.body))
		}
	})
}
