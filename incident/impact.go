package incident

import "candor/component"

// An Impact is how hard customers are hit.
type Impact string

const (
	ImpactNone        Impact = "none"
	ImpactMinor       Impact = "minor"
	ImpactMajor       Impact = "major"
	ImpactCritical    Impact = "critical"
	ImpactMaintenance Impact = "maintenance"
)

// Impacts a person may choose, from least to worst.
var Impacts = [...]Impact{ImpactNone, ImpactMinor, ImpactMajor, ImpactCritical}

func (i Impact) rank() int {
	for rank, known := range Impacts {
		if i == known {
			return rank
		}
	}
	return -1
}

// Valid reports whether a person may choose i.
func (i Impact) Valid() bool { return i.rank() >= 0 }

// Worse reports whether i hits harder than j.
func (i Impact) Worse(j Impact) bool { return i.rank() > j.rank() }

// ImpactOf derives the impact from the component statuses given so far, as Statuspage does: degraded or partial is minor, a major outage
// is major, every leaf of the page in major outage is critical. before is the impact until now, because impact does not fall when
// components recover. leaves is how many components the page has that are no groups.
func ImpactOf(kind Kind, before Impact, affected []Affected, leaves int, cannotWork bool) Impact {
	if kind == Maintenance {
		return ImpactMaintenance
	}
	worst, down := ImpactNone, 0
	if kind != Outage {
		worst = ImpactMinor // money or data went wrong: somebody is harmed although every component may be up
	}
	for _, a := range affected {
		switch a.Status {
		case component.MajorOutage:
			worst = ImpactMajor
			down++
		case component.Degraded, component.PartialOutage, component.Unknown:
			if !worst.Worse(ImpactMinor) {
				worst = ImpactMinor
			}
		}
	}
	if cannotWork || (leaves > 0 && down == leaves) {
		worst = ImpactCritical
	}
	if before.Worse(worst) {
		return before
	}
	return worst
}
