package settings

import (
	"slices"
	"time"

	"candor/incident"
	"candor/problem"
)

// Approval is which words a second person of the company reads before they go out. A first word never waits for anybody, and neither does a
// holding update: both are approved before the night they are needed.
type Approval struct {
	Kinds   []incident.Kind   `json:"kinds,omitempty"`   // later words about these need a second person
	Impacts []incident.Impact `json:"impacts,omitempty"` // and about outages this hard
	// Hold is how long before the promised time the holding update goes out by itself if nobody has answered; zero: never.
	Hold time.Duration `json:"hold,omitempty"`
}

// Needs reports whether a later word about an incident needs a second person.
func (a Approval) Needs(kind incident.Kind, impact incident.Impact) bool {
	return slices.Contains(a.Kinds, kind) || slices.Contains(a.Impacts, impact)
}

// longestHold is as long as the longest cadence.
const longestHold = 24 * time.Hour

func (a Approval) check() (wrong problem.List) {
	for n, kind := range a.Kinds {
		if !slices.Contains(incident.Kinds[:], kind) || slices.Contains(a.Kinds[:n], kind) {
			wrong.Add(problem.Field("approval.kinds", "problem.choice"))
		}
	}
	for n, impact := range a.Impacts {
		if !impact.Valid() || slices.Contains(a.Impacts[:n], impact) {
			wrong.Add(problem.Field("approval.impacts", "problem.choice"))
		}
	}
	if a.Hold < 0 || a.Hold > longestHold || a.Hold%time.Minute != 0 {
		wrong.Add(problem.Field("approval.hold", "problem.approval.hold"))
	}
	return wrong
}

// HoldAt is when the holding update goes out instead of words that wait since at, if the next word is promised by due. Who proposes words
// shortly before they are due still leaves somebody time to read them, and the holding update time to leave.
func (a Approval) HoldAt(at, due time.Time) time.Time {
	const leaving = 30 * time.Second
	latest := due.Add(-leaving)
	hold := due.Add(-a.Hold)
	if !hold.After(at) {
		hold = at.Add(a.Hold)
	}
	if hold.After(latest) {
		hold = latest
	}
	if hold.Before(at) {
		return at
	}
	return hold
}

// MostHeld is how many updates in a row may go out by themselves: after two of them customers know that nobody is there, and a machine that
// says otherwise would lie.
const MostHeld = 2
