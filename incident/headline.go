package incident

import "candor/component"

// Headline is the page in one status: the worst of its components and its open incidents, and unknown when nobody can tell. missing says
// that components or incidents could not be read, or are too old to be believed: then the page may still show trouble, but never a tick.
func Headline(leaves []component.Component, open []Incident, missing bool) component.Status {
	var all []component.Status
	for _, c := range leaves {
		all = append(all, c.Status)
	}
	for _, i := range open {
		if i.Open() {
			all = append(all, i.HeadlineStatus())
		}
	}
	if missing {
		all = append(all, component.Unknown)
	}
	return component.WorstOf(all...)
}

// HeadlineStatus is the least a headline may say while an incident is open: a billing or data incident shows although every component is
// up, and an outage shows until it is resolved, not until a component looks well. A maintenance that has not begun weighs nothing.
func (i Incident) HeadlineStatus() component.Status {
	if i.Status == Scheduled {
		return component.Operational
	}
	worst := leastOf(i)
	for _, a := range i.Affected {
		if a.Status.Worse(worst) {
			worst = a.Status
		}
	}
	return worst
}

func leastOf(i Incident) component.Status {
	switch {
	case i.Kind == Maintenance:
		return component.Maintenance
	case i.Impact == ImpactCritical:
		return component.MajorOutage
	case i.Impact == ImpactMajor:
		return component.PartialOutage
	}
	return component.Degraded
}
