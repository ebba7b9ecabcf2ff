package site

import (
	"math/rand/v2"
	"testing"
	"time"

	"candor/component"
	"candor/id"
	"candor/incident"
)

// TestNoHeadlineIsGreenerThanTheWorst is T5 as a property: over 10⁵ random states of components and incidents, the headline is never
// better than any component, any incident under way, or what a blind page may say.
func TestNoHeadlineIsGreenerThanTheWorst(t *testing.T) {
	t.Parallel()
	draw := rand.New(rand.NewPCG(2012, 910))
	now := time.Date(2012, 9, 10, 17, 0, 0, 0, time.UTC)
	statuses := []incident.Status{incident.Investigating, incident.Identified, incident.Monitoring}
	for range 100_000 {
		w := &world{}
		least := component.Operational
		worse := func(s component.Status) {
			if s.Worse(least) {
				least = s
			}
		}
		for range draw.IntN(6) {
			s := component.Statuses[draw.IntN(len(component.Statuses))]
			w.leaves = append(w.leaves, component.Component{Status: s, Since: now.Add(-time.Hour)})
			worse(s)
		}
		if len(w.leaves) == 0 {
			worse(component.Unknown)
		}
		for range draw.IntN(4) {
			i := incident.Incident{ID: id.Incident("inc_x"), Kind: incident.Kinds[draw.IntN(len(incident.Kinds))], Impact: incident.Impacts[draw.IntN(len(incident.Impacts))]}
			i.Status = statuses[draw.IntN(len(statuses))]
			if i.Kind == incident.Maintenance {
				i.Status = []incident.Status{incident.Scheduled, incident.InProgress}[draw.IntN(2)]
			}
			w.open = append(w.open, story{Incident: i})
			switch {
			case i.Status == incident.Scheduled:
			case i.Kind == incident.Maintenance:
				worse(component.Maintenance)
			case i.Impact == incident.ImpactCritical:
				worse(component.MajorOutage)
			case i.Impact == incident.ImpactMajor:
				worse(component.PartialOutage)
			default:
				worse(component.Degraded)
			}
		}
		blind := draw.IntN(4) == 0
		if blind {
			worse(component.Unknown)
		}
		if got := w.headline(now, blind); least.Worse(got) {
			t.Fatalf("the headline is %s, although something is %s: %+v", got, least, w)
		}
	}
}
