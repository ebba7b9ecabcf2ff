// Package playbook keeps a company careful while it burns: how soon the next word is due, what a first word looks like, what is missing.
//
// It advises and never blocks the first word; customers are better served by an imperfect word now than by a perfect one in an hour.
package playbook

import (
	"time"

	"candor/component"
	"candor/incident"
	"candor/settings"
)

// earning is the interval while customers who earn with a component cannot (S1's rule 3: every 15 minutes).
const earning = 15 * time.Minute

// EarningReason is Interval's reason while customers who earn with a component cannot.
const EarningReason = "cadence.earning"

// Interval is how long customers wait for the next word at most, with the reason that is shown beside the field. earns says that a
// component customers earn with is in major outage.
func Interval(c settings.Cadence, impact incident.Impact, phase incident.Status, earns bool) (time.Duration, string) {
	if earns && phase != incident.Resolved {
		return earning, EarningReason
	}
	phases, ok := c[impact]
	if !ok {
		phases = settings.Defaults().Cadence[incident.ImpactMinor]
	}
	switch phase {
	case incident.Identified:
		return phases.Identified, "cadence.identified"
	case incident.Monitoring, incident.Verifying:
		return phases.Monitoring, "cadence.monitoring"
	case incident.InProgress, incident.Scheduled:
		return phases.Monitoring, "cadence.maintenance"
	}
	return phases.Investigating, "cadence.investigating"
}

// Earning reports whether one of the affected components is both in major outage and one customers earn with.
func Earning(affected []incident.Affected, earns func(incident.Affected) bool) bool {
	for _, a := range affected {
		if a.Status == component.MajorOutage && earns(a) {
			return true
		}
	}
	return false
}
