package incident

import (
	"slices"
	"time"
)

// A Response is how a number of incidents was answered. Maintenances are no part of it: they were announced.
type Response struct {
	Incidents int
	// Who told whom first, of those where it is known: S1's first rule is measured by it. Of the others nobody noted a customer's report.
	WeFirst, TheyFirst int
	Ended              int
	FirstWord          time.Duration // median, from the beginning to the first word; zero without incidents
	Lasted             time.Duration // median, from the beginning to the end, of those that ended
}

// Unreported is of how many incidents nobody noted whether a customer told us.
func (r Response) Unreported() int { return r.Incidents - r.WeFirst - r.TheyFirst }

// Respond says how incidents were answered.
func Respond(all []Incident) (r Response) {
	var words, lasted []time.Duration
	for _, i := range all {
		if i.Kind == Maintenance || i.DeclaredAt.IsZero() {
			continue
		}
		r.Incidents++
		switch lead, known := i.ToldFirst(); {
		case known && lead >= 0:
			r.WeFirst++
		case known:
			r.TheyFirst++
		}
		words = append(words, max(0, i.DeclaredAt.Sub(i.StartedAt)))
		if !i.ResolvedAt.IsZero() {
			r.Ended++
			lasted = append(lasted, i.ResolvedAt.Sub(i.StartedAt))
		}
	}
	r.FirstWord, r.Lasted = median(words), median(lasted)
	return r
}

// median is the middle of durations, the earlier of the two in the middle of an even number: a time that was really waited.
func median(all []time.Duration) time.Duration {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[(len(all)-1)/2]
}
