package report

import "slices"

// A State is how far along a report is.
type State string

const (
	Draft     State = "draft"
	InReview  State = "in_review"
	Published State = "published"
)

// States in their order.
var States = [...]State{Draft, InReview, Published}

// from lists what each state may become. What is published stays so.
var from = map[State][]State{
	Draft:    {InReview, Published},
	InReview: {Draft, Published},
}

// MayBecome reports whether a report in state s may be put into the next.
func (s State) MayBecome(next State) bool { return slices.Contains(from[s], next) }

// An ActionState is how far along an action is.
type ActionState string

const (
	Open     ActionState = "open"
	Done     ActionState = "done"     // somebody says so
	Verified ActionState = "verified" // somebody else has seen that it works
	Dropped  ActionState = "dropped"  // it will not be done, and customers read why
)

// ActionStates in their order.
var ActionStates = [...]ActionState{Open, Done, Verified, Dropped}

// A StepKind is what became of an action.
type StepKind string

const (
	Opened   StepKind = "opened"
	Changed  StepKind = "changed" // title, owner or date
	Finished StepKind = "done"
	Proved   StepKind = "verified"
	Refuted  StepKind = "refuted"  // somebody looked, and it does not hold
	Reopened StepKind = "reopened" // the same cause returned
	GivenUp  StepKind = "dropped"
)

// leads says what each step makes of an action, from which states.
var leads = map[StepKind]struct {
	from []ActionState
	to   ActionState
}{
	Changed:  {[]ActionState{Open, Done}, ""},
	Finished: {[]ActionState{Open}, Done},
	Proved:   {[]ActionState{Done}, Verified},
	Refuted:  {[]ActionState{Done}, Open},
	Reopened: {[]ActionState{Done, Verified, Dropped, Open}, Open},
	GivenUp:  {[]ActionState{Open}, Dropped},
}

// after is what a step makes of an action in state s; false if it may not be taken.
func (s ActionState) after(k StepKind) (ActionState, bool) {
	way, ok := leads[k]
	if !ok || !slices.Contains(way.from, s) {
		return s, false
	}
	if way.to == "" {
		return s, true
	}
	return way.to, true
}

// Settled reports whether nothing more is owed.
func (s ActionState) Settled() bool { return s == Verified || s == Dropped }
