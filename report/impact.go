package report

import (
	"slices"
	"time"

	"candor/component"
	"candor/id"
	"candor/incident"
	"candor/promise"
)

// An Impact is how hard it hit, in figures taken from the ledger at one instant and from nowhere else. Nobody types them.
type Impact struct {
	AsOf      time.Time `json:"as_of,omitzero"`
	Customers int64     `json:"customers"`
	Told      int64     `json:"told"`
	Reached   int64     `json:"reached"`
	Messages  int64     `json:"messages"` // that a channel took
	Updates   int       `json:"updates"`
	Kept      int       `json:"kept"` // promises of a next word, in time
	Decided   int       `json:"decided"`
	// Lasted is how long each severity lasted: at each instant the worst of all components counts, and none counts twice.
	Lasted map[component.Status]time.Duration `json:"lasted,omitempty"`
	From   time.Time                          `json:"from,omitzero"`
	Until  time.Time                          `json:"until,omitzero"`
	// Course is how many customers were hit, each from its instant to the next.
	Course []Point `json:"course,omitempty"`
}

// A Point is a number of customers from an instant on.
type Point struct {
	At        time.Time `json:"at"`
	Customers int64     `json:"customers"`
}

// mostPoints bounds a course: more steps than this no picture shows.
const mostPoints = 200

// Impact counts.
func (l Ledger) Impact(at time.Time) Impact {
	x := Impact{
		AsOf: at, Customers: l.Affected(), Told: l.Told, Reached: l.Reached, Messages: l.Messages, Updates: len(l.Updates),
		From: l.Incident.StartedAt, Until: l.Incident.ResolvedAt,
	}
	for _, p := range l.Promises {
		if p.Kind != promise.NextUpdate {
			continue
		}
		switch p.Outcome(at) {
		case promise.Kept:
			x.Kept++
			x.Decided++
		case promise.KeptLate, promise.Overdue:
			x.Decided++
		}
	}
	for _, in := range component.Merge(l.histories()...) {
		if in.Status == component.Operational {
			continue
		}
		if x.Lasted == nil {
			x.Lasted = map[component.Status]time.Duration{}
		}
		if until := sooner(in.To, x.Until); until.After(in.From) {
			x.Lasted[in.Status] += until.Sub(in.From)
		}
	}
	x.Course = l.course()
	return x
}

// sooner is the earlier of two instants, of which the first may be none.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || b.Before(a) {
		return b
	}
	return a
}

// histories are what the incident did to each component, one after the other.
func (l Ledger) histories() (all [][]component.Interval) {
	place := map[id.Component]int{}
	for _, in := range l.Intervals {
		if in.Incident != l.Incident.ID {
			continue
		}
		n, ok := place[in.Component]
		if !ok {
			n = len(all)
			place[in.Component], all = n, append(all, nil)
		}
		all[n] = append(all[n], in)
	}
	for _, h := range all {
		slices.SortFunc(h, func(a, b component.Interval) int { return a.From.Compare(b.From) })
	}
	return all
}

// course counts at each change the customers whose component was broken, or depends on one that was. Whoever uses none in particular was hit
// from the beginning to the end.
func (l Ledger) course() (points []Point) {
	from, until := l.Incident.StartedAt, l.Incident.ResolvedAt
	if l.Affected() == 0 || !until.After(from) {
		return nil
	}
	cuts := []time.Time{from}
	for _, in := range l.Intervals {
		for _, at := range []time.Time{in.From, in.To} {
			if in.Incident == l.Incident.ID && at.After(from) && at.Before(until) {
				cuts = append(cuts, at)
			}
		}
	}
	slices.SortFunc(cuts, time.Time.Compare)
	for _, at := range slices.CompactFunc(cuts, time.Time.Equal) {
		n := l.hitAt(at)
		if last := len(points) - 1; last < 0 || points[last].Customers != n {
			points = append(points, Point{at, n})
		}
	}
	return append(points[:min(len(points), mostPoints)], Point{until, 0})
}

func (l Ledger) hitAt(at time.Time) (n int64) {
	var broken []id.Component
	for _, in := range l.Intervals {
		if in.Incident == l.Incident.ID && in.Status != component.Operational && !in.From.After(at) && (in.To.IsZero() || in.To.After(at)) {
			broken = append(broken, in.Component)
		}
	}
	touched := component.Touched(l.Components, broken)
	for c, customers := range l.Customers {
		if c == "" || slices.Contains(touched, c) || l.Incident.Audience != incident.ByUse {
			n += customers
		}
	}
	return n
}

// Total is how long it lasted at any severity.
func (x Impact) Total() time.Duration {
	if x.Until.Before(x.From) {
		return 0
	}
	return x.Until.Sub(x.From)
}
