package promise

import (
	"slices"
	"time"
)

// A Policy is how a kind of promise is pressed for. The lengths of the house are a proposal; a company may choose its own.
type Policy struct {
	Before []time.Duration // the promiser is reminded so long before it is due, the longest first
	// After is how long each further person has before the next is called.
	After time.Duration
}

const (
	hour = time.Hour
	day  = 24 * time.Hour
)

// PolicyOf is the house's policy for a kind. What customers wait for in minutes escalates in minutes; what takes weeks, in days.
func PolicyOf(k Kind) Policy {
	switch k {
	case NextUpdate:
		return Policy{Before: []time.Duration{lead}, After: 5 * time.Minute}
	case DataAnswer:
		return Policy{Before: []time.Duration{30 * time.Minute}, After: 15 * time.Minute}
	case CallBack:
		return Policy{Before: []time.Duration{10 * time.Minute}, After: 10 * time.Minute}
	case LegalNotice:
		return Policy{Before: []time.Duration{day, 4 * hour, hour}, After: 15 * time.Minute}
	case Credit:
		return Policy{Before: []time.Duration{2 * day}, After: day}
	case CorrectiveAction:
		return Policy{Before: []time.Duration{7 * day, day}, After: 2 * day}
	}
	return Policy{Before: []time.Duration{2 * day, 4 * hour}, After: day}
}

// Schedule is what is known when a promise is made: its reminders and its deadline, in order. A reminder that would fire the moment the
// promise is made is left out. What comes after the deadline depends on who answers: see Following.
func (p Policy) Schedule(x Promise) (all []Timer) {
	for i, before := range p.Before {
		step := Before
		if i < len(p.Before)-1 {
			step = Step(string(Before) + " " + before.String())
		}
		if at := x.DueAt.Add(-before); before > 0 && at.After(x.MadeAt) {
			all = append(all, Timer{step, at})
		}
	}
	all = append(all, Timer{AtDue, x.DueAt})
	slices.SortStableFunc(all, func(a, b Timer) int { return a.At.Compare(b.At) })
	return all
}

// Following is the timer that firing one sets: after the deadline each person has their time before the next is called, and a night
// without power does not wake everybody at once. It ends when everybody has been called.
func (p Policy) Following(x Promise, fired Step, at time.Time, team Team) (Timer, bool) {
	n, late := fired.rung()
	if !late || p.After <= 0 || n > len(team.others(x)) {
		return Timer{}, false
	}
	from := x.DueAt.Add(time.Duration(n) * p.After)
	if at.After(from) {
		from = at
	}
	return Timer{after(n + 1), from.Add(p.After)}, true
}
