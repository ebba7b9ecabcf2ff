package component

import (
	"slices"
	"time"
)

// History is one component's intervals out of many, in order of time, without what lies before its StartDate: before that it was not
// offered to customers, whatever we noted.
func History(c Component, all []Interval) []Interval {
	var own []Interval
	for _, i := range all {
		if i.Component != c.ID || (!i.To.IsZero() && !i.To.After(c.StartDate)) {
			continue
		}
		i.From = later(i.From, c.StartDate)
		own = append(own, i)
	}
	slices.SortFunc(own, func(a, b Interval) int { return a.From.Compare(b.From) })
	return own
}

// Merge is the history of a group: at each instant the worst of the components that existed. One that was added later does not make the
// group's past unknown.
func Merge(histories ...[]Interval) []Interval {
	if len(histories) == 1 {
		return histories[0]
	}
	cuts, endless := boundaries(histories)
	var merged []Interval
	at := make([]int, len(histories))
	for n, from := range cuts {
		to := time.Time{}
		if n+1 < len(cuts) {
			to = cuts[n+1]
		} else if !endless {
			break
		}
		if worst, any := worstAt(histories, at, from); any {
			merged = appendJoined(merged, Interval{Status: worst.Status, From: from, To: to, Incident: worst.Incident})
		}
	}
	return merged
}

// boundaries are all instants at which anything changes, in order.
func boundaries(histories [][]Interval) (cuts []time.Time, endless bool) {
	for _, h := range histories {
		for _, i := range h {
			cuts = append(cuts, i.From)
			if i.To.IsZero() {
				endless = true
			} else {
				cuts = append(cuts, i.To)
			}
		}
	}
	slices.SortFunc(cuts, time.Time.Compare)
	return slices.CompactFunc(cuts, time.Time.Equal), endless
}

// worstAt is the worst interval that covers an instant; at remembers how far each history has been read, since instants only grow.
func worstAt(histories [][]Interval, at []int, t time.Time) (worst Interval, any bool) {
	for n, h := range histories {
		for at[n] < len(h) && !h[at[n]].To.IsZero() && !h[at[n]].To.After(t) {
			at[n]++
		}
		if at[n] == len(h) || h[at[n]].From.After(t) {
			continue
		}
		if i := h[at[n]]; !any || i.Status.Worse(worst.Status) {
			worst, any = i, true
		}
	}
	return worst, any
}

// appendJoined lengthens the last interval where nothing changed.
func appendJoined(all []Interval, next Interval) []Interval {
	if n := len(all) - 1; n >= 0 && all[n].Status == next.Status && all[n].Incident == next.Incident && all[n].To.Equal(next.From) {
		all[n].To = next.To
		return all
	}
	return append(all, next)
}
