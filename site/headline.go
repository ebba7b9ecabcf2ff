package site

import (
	"time"

	"candor/component"
	"candor/incident"
)

// skew is how far the clock may stand behind a fact it claims to follow before nobody should trust what it says now (T5).
const skew = 2 * time.Minute

// headline is the one status over the page (incident.Headline), unknown too where there is nothing to look at, where the facts are stale,
// and where they lie in this clock's future.
func (w *world) headline(now time.Time, stale bool) component.Status {
	open := make([]incident.Incident, len(w.open))
	for n, s := range w.open {
		open[n] = s.Incident
	}
	return incident.Headline(w.leaves, open, stale || len(w.leaves) == 0 || w.ahead(now))
}

// ahead reports whether the newest fact lies in this clock's future.
func (w *world) ahead(now time.Time) bool {
	limit := now.Add(skew)
	for _, s := range w.open {
		if s.latest().At.After(limit) {
			return true
		}
	}
	for _, c := range w.leaves {
		if c.Since.After(limit) {
			return true
		}
	}
	return false
}

// seen is a component's status as a page may show it: what was operational when the facts went stale is unknown now.
func seen(s component.Status, stale bool) component.Status {
	if stale {
		return component.WorstOf(s, component.Unknown)
	}
	return s
}
