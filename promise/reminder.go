package promise

import "time"

// A Step is one reminder on the way of a promise.
type Step string

const (
	Before Step = "before" // the promiser, shortly before
	AtDue  Step = "due"    // the promiser and the incident's lead, when it falls due
)

// A Timer is one Step at its time. The store keeps one row per promise and step; firing it is an update of that row, so that it happens
// once whatever restarts in between.
type Timer struct {
	Step Step
	At   time.Time
}

// lead is how long before the deadline the promiser is reminded.
const lead = 5 * time.Minute

// Fire decides, with a named reason, whether a due timer still has anything to say.
func Fire(p Promise, step Step, now time.Time) (fire bool, reason string) {
	_, late := step.rung()
	switch {
	case !p.Open():
		return false, "the promise is settled"
	case !late && !now.Before(p.DueAt):
		return false, "the deadline has passed, its own reminder speaks"
	}
	return true, "the promise is open and its time has come"
}
