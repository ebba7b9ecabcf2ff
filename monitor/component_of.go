package monitor

import (
	"slices"
	"strings"

	"candor/component"
	"candor/id"
)

// A Named is a component with everything an alert may call it.
type Named struct {
	Component id.Component
	Names     []string
}

// Names finds the component an alert names, or none: a wrong guess costs the person on call more than none.
func (a Alert) Names(all []Named) id.Component {
	said := strings.TrimSpace(a.Component)
	if said == "" {
		return ""
	}
	var found id.Component
	for _, n := range all {
		if slices.ContainsFunc(n.Names, func(name string) bool { return strings.EqualFold(name, said) }) {
			if found != "" {
				return "" // two have this name
			}
			found = n.Component
		}
	}
	return found
}

// Status is what an alert's severity suggests about the component, for a person to confirm.
func (a Alert) Status() component.Status {
	switch strings.ToLower(a.Severity) {
	case "critical", "page", "emergency", "fatal", "high":
		return component.MajorOutage
	case "warning", "info", "low", "minor":
		return component.Degraded
	}
	return component.PartialOutage
}

// SameEpisode reports whether a is an alert we know, still firing or sent again since: an episode opens one draft, however often it is
// repeated and whatever a person decided about the draft.
func SameEpisode(a Alert, known []Alert) bool {
	return slices.ContainsFunc(known, func(k Alert) bool {
		return k.Group == a.Group && k.Fingerprint == a.Fingerprint && k.StartsAt.Equal(a.StartsAt)
	})
}
