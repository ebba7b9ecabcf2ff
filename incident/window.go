package incident

import (
	"strings"
	"time"
)

// A Step is what the clock does to a maintenance.
type Step string

const (
	StepStart Step = "start"
	StepEnd   Step = "end"

	remind = "remind " // and how long before
)

// A Timer is one Step at its time.
type Timer struct {
	Step Step
	At   time.Time
}

// Timers are what the clock owes a maintenance that is announced at now: reminders that still lie ahead, its start and its end, each if it
// happens by itself.
func (w Window) Timers(now time.Time) (timers []Timer) {
	if w.From.IsZero() {
		return nil
	}
	for _, before := range w.RemindBefore {
		if at := w.From.Add(-before); before > 0 && at.After(now) {
			timers = append(timers, Timer{Step(remind + before.String()), at})
		}
	}
	if w.AutoStart {
		timers = append(timers, Timer{StepStart, w.From})
	}
	if w.AutoEnd && !w.Until.IsZero() {
		timers = append(timers, Timer{StepEnd, w.Until})
	}
	return timers
}

// Reminder reports whether the step reminds subscribers of what comes near.
func (s Step) Reminder() bool { return strings.HasPrefix(string(s), remind) }

// Next decides, with a named reason, what status a step brings; none if it has nothing to say any more.
func (i Incident) Next(s Step, now time.Time) (next Status, reason string) {
	switch {
	case i.Kind != Maintenance || !i.Open() || !i.ResolvedAt.IsZero():
		return "", "it is over"
	case s == StepStart && i.Status != Scheduled:
		return "", "somebody began it before"
	case s == StepStart:
		return InProgress, "its window begins"
	case s == StepEnd && i.Status == Scheduled:
		return "", "nobody began it"
	case s == StepEnd:
		return Completed, "its window ends"
	}
	return "", "nothing to begin or end"
}

// Upcoming decides, with a named reason, whether subscribers are still to be reminded. Down while a reminder was due, it is only sent if
// what it announces still lies ahead.
func (i Incident) Upcoming(now time.Time) (bool, string) {
	switch {
	case i.Status != Scheduled || !i.ResolvedAt.IsZero():
		return false, "it has begun or is over"
	case !now.Before(i.Window.From):
		return false, "its time has come, the start speaks"
	}
	return true, "it comes near"
}
