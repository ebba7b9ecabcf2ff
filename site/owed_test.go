package site

import (
	"context"
	"strings"
	"testing"
	"time"

	"candor/id"
	"candor/incident"
	"candor/promise"
	"candor/store"
)

func TestAReportThatIsOwedStaysOnThePageHoweverLate(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle()
	began := w.now.Add(-98 * day)
	old := w.declare(incident.Incident{Title: said("Every name was lost"), StartedAt: began}, w.dns)
	old.say(began, incident.Investigating, said("We are looking."), 0, incident.DefaultFields(incident.Outage, time.Time{}))
	old.i.ReportDueAt = w.now.Add(-95 * day)
	over := old.say(began.Add(time.Hour), incident.Resolved, said("Over."), 0, incident.DefaultFields(incident.Outage, time.Time{}))
	w.write(func(ctx context.Context, tx *store.Tx) error {
		return tx.Promises.Add(ctx, promise.Promise{
			ID: id.New[id.Promise](over.At), Kind: promise.Report, Incident: old.i.ID, Update: over.ID, Promiser: w.dana.ID, MadeAt: over.At, DueAt: old.i.ReportDueAt,
		})
	})
	if page := w.get("/en/").Body.String(); !strings.Contains(page, "Every name was lost") {
		t.Error("a report that is three months late is not owed any more")
	}
}
