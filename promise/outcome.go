package promise

import "time"

// An Outcome is what became of a promise: every promise has exactly one at any time.
type Outcome string

const (
	Pending   Outcome = "pending"   // not yet due
	Overdue   Outcome = "overdue"   // due, and nothing has happened
	Kept      Outcome = "kept"      // in time
	KeptLate  Outcome = "kept_late" // done, too late
	Automated Outcome = "automatic" // a machine spoke in time; no person did
	Dropped   Outcome = "dropped"   // lost its object before it was due, such as by the end of the outage
)

// Outcome says what became of p. There is no grace: a second late is late. Who drops a promise that is overdue has missed it.
func (p Promise) Outcome(now time.Time) Outcome {
	late := p.Late(now) > 0
	switch {
	case !p.KeptAt.IsZero() && late, !p.WithdrawnAt.IsZero() && late:
		return KeptLate
	case !p.KeptAt.IsZero() && p.Automatic:
		return Automated
	case !p.KeptAt.IsZero():
		return Kept
	case !p.WithdrawnAt.IsZero():
		return Dropped
	case late:
		return Overdue
	}
	return Pending
}
